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
from dedup.results import ScanGroup
from dedup.runtime.table_files import read_table

_GROUP = ("is_document", "kept_doc", "kept_start", "kept_end")


def find_groups(jobs: Jobs, plan: Plan, corpus: Corpus, most: int) -> tuple[tuple[ScanGroup, ...], int]:
    """Find the largest groups of duplicates; see `dedup.duplicates.summary.find_groups`.

    Args:
        jobs: Runs the jobs.
        plan: The run.
        corpus: The documents.
        most: Number of groups to describe.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as sql

    step, partitions = "group", max(1, min(jobs.parallelism, plan.pieces))
    rows = jobs.read(plan.pieces, partial(_removals, plan), spark_schema(REMOVAL)).where(f"reason != {EMPTIED}")
    by_group = rows.repartition(partitions, *_GROUP)
    sizes = by_group.groupBy(*_GROUP).agg(sql.count("*").alias("size"))
    count = jobs.rows(step, sizes.agg(sql.count("*")), plan.pieces + partitions)[0][0]
    order = [sql.desc("size"), sql.desc("is_document"), *map(sql.col, _GROUP[1:])]
    largest = jobs.rows(step, sizes.orderBy(*order).limit(most), plan.pieces + partitions)
    if not largest:
        return (), count
    chosen = jobs.session.createDataFrame(
        [(*row[:4], number) for number, row in enumerate(largest)],
        ("is_document boolean, kept_doc bigint, kept_start bigint, kept_end bigint, number int"),
    )
    place = sql.row_number().over(Window.partitionBy("number").orderBy("doc", sql.desc("is_document"), "start"))
    members = by_group.join(sql.broadcast(chosen), list(_GROUP)).withColumn("place", place)
    listed = jobs.rows(step, members.where(f"place <= {LISTED_MEMBERS}").orderBy("number", "place"), partitions)
    table = pa.Table.from_pylist([row.asDict() for row in listed], REMOVAL)
    numbers = np.array([row["number"] for row in listed])
    groups = [np.flatnonzero(numbers == number) for number in range(len(largest))]
    found = describe_groups(corpus, references_of(plan), to_removals(table), groups, [row["size"] for row in largest])
    return found, count


def _removals(plan: Plan, number: int) -> Iterator[pa.RecordBatch]:
    return read_table(plan.work, f"removals/{number:05}.arrow")
