"""Find the largest groups of duplicates of a run on Spark, for `scan`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pyarrow as pa

from dedup.corpus import Corpus
from dedup.duplicates.distributed.plan import Plan
from dedup.duplicates.distributed.references import references_of
from dedup.duplicates.distributed.storage.removals import REMOVAL, spark_schema, to_removals
from dedup.duplicates.removals import EMPTIED
from dedup.duplicates.summary import LISTED_MEMBERS, describe_groups
from dedup.engine.spark.jobs import Jobs
from dedup.engine.spark.summaries import largest_groups
from dedup.results import ScanGroup
from dedup.runtime.table_files import read_table

_GROUP = ("is_document", "kept_doc", "kept_start", "kept_end")
_ORDER = "doc, not is_document, start"


def find_groups(jobs: Jobs, plan: Plan, corpus: Corpus, most: int) -> tuple[tuple[ScanGroup, ...], int]:
    """Find the largest groups of duplicates; see `dedup.duplicates.summary.find_groups`.

    Args:
        jobs: Runs the jobs.
        plan: The run.
        corpus: The documents.
        most: Number of groups to describe.
    """
    frame = jobs.read(plan.pieces, partial(_removals, plan), spark_schema(REMOVAL)).where(f"reason != {EMPTIED}")
    partitions = max(1, min(jobs.parallelism, plan.pieces))
    count, sizes, rows = largest_groups(
        jobs,
        "group",
        frame,
        _GROUP,
        _ORDER,
        most=most,
        members=LISTED_MEMBERS,
        tasks=plan.pieces,
        partitions=partitions,
    )
    numbers = np.array([row["number"] for row in rows], np.int64)
    members = [np.flatnonzero(numbers == number) for number in range(len(sizes))]
    removals = to_removals(pa.Table.from_pylist(rows, REMOVAL))
    return describe_groups(corpus, references_of(plan), removals, members, sizes), count


def _removals(plan: Plan, number: int) -> Iterator[pa.RecordBatch]:
    return read_table(plan.work, f"removals/{number:05}.arrow")
