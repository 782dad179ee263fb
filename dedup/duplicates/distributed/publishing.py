"""Move the parts of tables that tasks wrote to the output, under consecutive numbers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.contained import SearchedItems
from dedup.corpus import Corpus
from dedup.duplicates.containment.found import Searched
from dedup.duplicates.containment.tables import describe_items, write_items
from dedup.duplicates.distributed.plan import Plan
from dedup.duplicates.distributed.references import references_of
from dedup.duplicates.distributed.storage.contained import load_contained, load_items
from dedup.duplicates.distributed.storage.removals import DECIDED, to_removals
from dedup.duplicates.distributed.storage.stages import Stages
from dedup.duplicates.distributed.tasks.deciding import Decided
from dedup.duplicates.distributed.tasks.writing import PieceCounts
from dedup.duplicates.references.named import write_reference_units
from dedup.duplicates.removals import Removals, join_removals
from dedup.engine.spark.jobs import Jobs
from dedup.outputs import schema
from dedup.outputs.files import CLEAN_FILE, ITEMS_FILE, PAIRS_FILE, REFERENCE_FILE
from dedup.outputs.origins import ORIGINS_KEY
from dedup.outputs.parts import part_name
from dedup.outputs.writer import GroupWriter
from dedup.runtime.shared_folder import SharedFolder


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
    return len(names) or _write_empty(plan, PAIRS_FILE, schema.PAIRS)


def _write_empty(plan: Plan, name: str, columns: pa.Schema) -> int:
    """Write a part without rows, since each table has one; return the number of parts."""
    target = schema.with_columns(columns, pa.schema([]))
    with plan.tables.writing(f"{name}/{part_name(0)}") as path, closing(GroupWriter(path, target)):
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
    return plan.first_piece or _write_empty(plan, REFERENCE_FILE, schema.REFERENCE)


def _write_named(plan: Plan, piece: int) -> None:
    """Write the part of reference.parquet for a piece of a reference."""
    tables = [plan.grouped(f"named-by-{kind}").read(piece) for kind in ("documents", "paragraphs")]
    named = pa.concat_tables([DECIDED.empty_table(), *(table.cast(DECIDED) for table in tables if table is not None)])
    removals = to_removals(named)
    if plan.items is not None:
        removals = join_removals([removals, _contained_in(plan, piece)])
    removals = removals.take(np.lexsort((removals.place["start"], ~removals.is_document, removals.doc)))
    with plan.tables.writing(f"{REFERENCE_FILE}/{part_name(piece)}") as path:
        write_reference_units(references_of(plan), removals, path)


def _contained_in(plan: Plan, piece: int) -> Removals:
    """Return the removals for documents of a piece of a reference that were found in others."""
    source, number, first_doc = plan.reference(piece)
    docs = source.documents_of(number)
    removals = load_contained(plan.work, range(plan.pieces)).removals
    own = removals.kept_doc - first_doc
    removed = [plan.grouped("removed-documents").read(plan.first_piece + number) for number in range(plan.pieces)]
    dropped = np.concatenate([np.empty(0, np.int64), *(table["doc"].to_numpy() for table in removed if table)])
    stays = removals.is_document | ~np.isin(removals.doc, dropped)
    return removals.take((own >= docs.start) & (own < docs.stop) & stays)


def publish_items(plan: Plan) -> SearchedItems:
    """Write items.parquet, as one part, and return what was found of the documents of the references.

    Args:
        plan: The run.
    """
    searched = Searched(load_items(plan.work, plan.items or ""), load_contained(plan.work, range(plan.pieces)))
    references = references_of(plan)
    if plan.command == "clean":
        with plan.tables.writing(f"{ITEMS_FILE}/{part_name(0)}") as path:
            write_items(searched, references, path)
    return describe_items(searched, references)


def join_parts(plan: Plan, out: SharedFolder, name: str, parts: int, corpus: Corpus) -> None:
    """Write a table as one file: the rows of its parts, in their order.

    Args:
        plan: The run.
        out: Receives the file.
        name: Name of the table.
        parts: Number of its parts.
        corpus: The documents.
    """
    import pyarrow.parquet as pq

    target: pa.Schema | None = None
    with ExitStack() as stack:
        path = stack.enter_context(out.writing(name))
        writer: GroupWriter | None = None
        for number in range(parts):
            with plan.tables.reading(f"{name}/{part_name(number)}") as part, pq.ParquetFile(part) as file:
                if writer is None:
                    target = _joined_schema(name, file.schema_arrow, corpus)
                    writer = stack.enter_context(closing(GroupWriter(path, target)))
                for group in range(file.num_row_groups):
                    rows = file.read_row_group(group).replace_schema_metadata(target.metadata if target else None)
                    writer.write(rows, _text_sizes(rows))


def _joined_schema(name: str, columns: pa.Schema, corpus: Corpus) -> pa.Schema:
    """Return the schema of a table: that of its parts, with the origins of all documents."""
    if name != CLEAN_FILE:
        return columns
    origins = corpus.origins.encode(corpus.json_columns)
    return columns.with_metadata({**columns.metadata, ORIGINS_KEY: origins})


def _text_sizes(rows: pa.Table) -> NDArray[np.int64]:
    """Return the bytes of text in each row, shape (rows,)."""
    if "text" not in rows.column_names:
        return np.zeros(rows.num_rows, np.int64)
    sizes: NDArray[np.int64] = pc.binary_length(rows["text"]).fill_null(0).to_numpy()
    return sizes


def _publish(plan: Plan, names: Sequence[str], number: int) -> None:
    with plan.work.reading(names[number]) as path:
        plan.tables.put(path, f"{PAIRS_FILE}/{part_name(number)}")
