"""Move the parts of tables that tasks wrote to the output, under consecutive numbers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial

import pyarrow as pa

from dedup.duplicates.distributed.plan import Plan
from dedup.duplicates.distributed.references import references_of
from dedup.duplicates.distributed.storage.removals import DECIDED, to_removals
from dedup.duplicates.distributed.storage.stages import Stages
from dedup.duplicates.distributed.tasks.deciding import Decided
from dedup.duplicates.distributed.tasks.writing import PieceCounts
from dedup.duplicates.references.named import write_reference_units
from dedup.engine.spark.jobs import Jobs
from dedup.outputs import schema
from dedup.outputs.files import PAIRS_FILE, REFERENCE_FILE
from dedup.outputs.parts import part_name
from dedup.outputs.writer import GroupWriter


def publish_pairs(
    jobs: Jobs,
    stages: Stages,
    plan: Plan,
    documents: Sequence[Decided],
    paragraphs: Sequence[Decided],
    pieces: Sequence[PieceCounts],
) -> int:
    """Move the parts of pairs.parquet to the output; at least one is written.

    Args:
        jobs: Runs the tasks.
        stages: Receives the stage.
        plan: The run.
        documents: What was found of documents.
        paragraphs: What was found of paragraphs of different documents.
        pieces: What was found of paragraphs within documents, by piece.

    Returns:
        The number of parts.
    """
    names = [
        *(f"documents-pairs/{item.name}.parquet" for item in documents if item.pairs),
        *(f"paragraphs-pairs/{item.name}.parquet" for item in paragraphs if item.pairs),
        *(f"within-pairs/{number:05}.parquet" for number, item in enumerate(pieces) if item.pairs),
    ]
    stages.run("write pairs", lambda: jobs.tasks("write pairs", len(names), partial(_publish, plan, names)))
    if names:
        return len(names)
    columns = schema.with_columns(schema.PAIRS, pa.schema([]))
    with plan.out.writing(f"{PAIRS_FILE}/{part_name(0)}") as path, closing(GroupWriter(path, columns)):
        pass
    return 1


def publish_references(jobs: Jobs, stages: Stages, plan: Plan) -> int:
    """Write the parts of reference.parquet: the units of references that removed units name.

    Args:
        jobs: Runs the tasks.
        stages: Receives the stage.
        plan: The run.

    Returns:
        The number of parts.
    """
    step = "write references"
    stages.run(step, lambda: jobs.tasks(step, plan.first_piece, partial(_write_named, plan)))
    return plan.first_piece


def _write_named(plan: Plan, piece: int) -> None:
    """Write the part of reference.parquet for a piece of a reference."""
    tables = [plan.grouped(f"named-by-{kind}").read(piece) for kind in ("documents", "paragraphs")]
    named = pa.concat_tables([DECIDED.empty_table(), *(table.cast(DECIDED) for table in tables if table is not None)])
    removals = to_removals(named.sort_by([("doc", "ascending"), ("is_document", "descending"), ("start", "ascending")]))
    with plan.out.writing(f"{REFERENCE_FILE}/{part_name(piece)}") as path:
        write_reference_units(references_of(plan), removals, path)


def _publish(plan: Plan, names: Sequence[str], number: int) -> None:
    with plan.work.reading(names[number]) as path:
        plan.out.put(path, f"{PAIRS_FILE}/{part_name(number)}")
