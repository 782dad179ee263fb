"""Count and list what large tables contain, for results that people read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dedup.engine.spark.jobs import Jobs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def count_repeated(jobs: Jobs, step: str, frame: DataFrame, column: str, tasks: int) -> int:
    """Return the number of rows with a value that an earlier row has.

    Args:
        jobs: Runs the job.
        step: Name of the step.
        frame: The rows.
        column: The column.
        tasks: Number of tasks that compute the rows.
    """
    from pyspark.sql import functions as sql

    [(rows, values)] = jobs.rows(step, frame.agg(sql.count(column), sql.count_distinct(column)), tasks)
    return int(rows - values)


def largest_groups(
    jobs: Jobs,
    step: str,
    frame: DataFrame,
    by: Sequence[str],
    order: str,
    *,
    most: int,
    members: int,
    tasks: int,
    partitions: int,
) -> tuple[int, list[int], list[dict[str, Any]]]:
    """Find the groups with the most rows, and their first rows.

    Args:
        jobs: Runs the jobs.
        step: Name of the step.
        frame: The rows.
        by: Columns that are the same in a group. Of equally large groups those of smaller values come first, where true
            is smaller than false.
        order: Order of the rows of a group, as in SQL.
        most: Number of groups to find.
        members: Number of rows to list for each.
        tasks: Number of tasks that compute the rows.
        partitions: Number of partitions to group them in.

    Returns:
        The number of groups, the sizes of those found, and their listed rows with the number of the group in
        ``number``, by group and order.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as sql

    by_group = frame.repartition(partitions, *by)
    sizes = by_group.groupBy(*by).agg(sql.count("*").alias("size"))
    [(count,)] = jobs.rows(step, sizes.agg(sql.count("*")), tasks + partitions)
    kinds = {name: kind for name, kind in frame.dtypes if name in by}
    directions = [sql.desc(name) if kinds[name] == "boolean" else sql.asc(name) for name in by]
    largest = jobs.rows(step, sizes.orderBy(sql.desc("size"), *directions).limit(most), tasks + partitions)
    if not largest:
        return count, [], []
    schema = ", ".join([*(f"{name} {kinds[name]}" for name in by), "number int"])
    rows = [(*(row[name] for name in by), number) for number, row in enumerate(largest)]
    chosen = jobs.session.createDataFrame(rows, schema)
    place = sql.row_number().over(Window.partitionBy("number").orderBy(*(sql.expr(part) for part in order.split(", "))))
    listed = by_group.join(sql.broadcast(chosen), list(by)).withColumn("place", place).where(f"place <= {members}")
    found = jobs.rows(step, listed.orderBy("number", "place"), tasks + partitions)
    return count, [row["size"] for row in largest], [row.asDict() for row in found]
