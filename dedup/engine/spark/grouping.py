"""Group units by key, and find the connected components of units that share a key.

A *star* links the first unit of a group with each other unit. All units that share a key are thus in one component, in
which detection finds the same buckets as in the whole corpus.

Source of the algorithm in SQL: Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii, Connected Components in
MapReduce and Beyond, SoCC 2014, section 3 (alternating large-star and small-star).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.engine.spark.jobs import Jobs
from dedup.runtime.shared_folder import SharedFolder
from dedup.runtime.table_files import GroupedTable, read_table, write_table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

DRIVER_EDGES = 50_000_000
"""Maximum number of edges whose components the driver finds; each takes about 100 bytes of memory."""
KEYS = "key long, unit long"
"""Columns of the keys of units."""
_EDGES = "former long, latter long"
_EDGE = pa.schema([("former", pa.int64()), ("latter", pa.int64())])
ROW_BITS = 32
"""A unit is numbered by the piece of its corpus and its row in the piece, which takes these bits."""


class Target(NamedTuple):
    """Where tasks write files."""

    folder: SharedFolder
    """The folder that the tasks share."""
    name: str
    """Name of the folder of the files in it."""


@dataclass(frozen=True)
class EdgeFiles:
    """Edges between units, in files."""

    folder: SharedFolder
    """Where the files are."""
    names: Sequence[str]
    """Names of the files in it."""
    rows: int
    """Number of edges."""

    def joined(self, others: EdgeFiles) -> EdgeFiles:
        """Return these edges and others."""
        return EdgeFiles(self.folder, [*self.names, *others.names], self.rows + others.rows)

    def read(self, number: int) -> Iterable[pa.RecordBatch]:
        """Yield the edges of a file."""
        return read_table(self.folder, self.names[number])

    def frame(self, jobs: Jobs) -> DataFrame:
        """Return the edges as a table of Spark."""
        return jobs.read(len(self.names), self.read, _EDGES)


def link_groups(
    jobs: Jobs, step: str, keys: DataFrame, pieces: int, partitions: int, first_new: int, target: Target
) -> EdgeFiles:
    """Link the units that share a key, if at least one of them is of the corpus.

    Args:
        jobs: Runs the job.
        step: Name of the step.
        keys: The keys of units, `KEYS`.
        pieces: Number of tasks that read them.
        partitions: Number of partitions to group them in.
        first_new: Smallest number of a unit of the corpus; the numbers of reference units are smaller.
        target: Receives the edges.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as sql

    same_key = Window.partitionBy("key")
    first, last = sql.min("unit").over(same_key), sql.max("unit").over(same_key)
    stars = (
        keys.repartition(partitions, "key")
        .select(first.alias("former"), sql.col("unit").alias("latter"), last.alias("last"))
        .where((sql.col("former") != sql.col("latter")) & (sql.col("last") >= first_new))
        .select("former", "latter")
    )
    distinct = stars.repartition(partitions, "former", "latter").distinct()
    return _write_edges(jobs, step, distinct, pieces + 2 * partitions, target)


def _write_edges(jobs: Jobs, step: str, frame: DataFrame, tasks: int, target: Target) -> EdgeFiles:
    found = jobs.write(step, frame, tasks, partial(_write_part, target))
    return EdgeFiles(target.folder, sorted(name for name, _ in found), sum(rows for _, rows in found))


def _write_part(target: Target, batches: Iterable[pa.RecordBatch]) -> tuple[str, int]:
    name = f"{target.name}/{uuid.uuid4().hex}.arrow"  # a task that is repeated writes another file
    return name, write_table(target.folder, name, batches, _EDGE)


def assign_components(
    jobs: Jobs, step: str, edges: EdgeFiles, table: GroupedTable, *, driver_edges: int = DRIVER_EDGES
) -> int:
    """Find the connected components of units, named by their first unit.

    Args:
        jobs: Runs jobs.
        step: Name of the step.
        edges: The edges; units without an edge are in no component.
        table: Receives the columns ``unit`` and ``component``, grouped by the piece of the unit.
        driver_edges: Maximum number of edges that are collected to the driver; more are joined by Spark.

    Returns:
        The number of units.
    """
    if not edges.rows:
        return 0
    if edges.rows > driver_edges:
        return _assign_by_joins(jobs, step, edges, table)
    jobs.progress.step(step)
    parts = [batch for number in range(len(edges.names)) for batch in edges.read(number)]
    rows = pa.Table.from_batches(parts, _EDGE)
    units, components = connect(rows["former"].to_numpy(), rows["latter"].to_numpy())
    table.write_all([_assigned(units, components)])
    return units.size


def connect(former: NDArray[np.int64], latter: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the units of edges, ascending, and the first unit of the component of each.

    Args:
        former: A unit of each edge, shape (edges,).
        latter: The other unit, shape (edges,).

    >>> [column.tolist() for column in connect(np.array([7, 2, 4]), np.array([9, 7, 5]))]
    [[2, 4, 5, 7, 9], [2, 4, 4, 2, 2]]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    units = np.unique(np.concatenate((former, latter)))
    left, right = np.searchsorted(units, former), np.searchsorted(units, latter)
    graph = coo_array((np.ones(left.size, np.bool_), (left, right)), (units.size, units.size))
    _, labels = connected_components(graph, directed=False)
    _, first = np.unique(labels, return_index=True)
    return units, units[first][labels]


def _assigned(units: NDArray[np.int64], components: NDArray[np.int64]) -> pa.RecordBatch:
    return pa.record_batch({"group": units >> ROW_BITS, "unit": units, "component": components})


def _assign_by_joins(jobs: Jobs, step: str, edges: EdgeFiles, table: GroupedTable) -> int:
    """Find the components by alternating large-star and small-star; each round is kept in files."""
    from pyspark.sql import functions as sql

    partitions = len(edges.names)
    for number in count():
        before = edges
        for star in (_large_star, _small_star):
            frame = star(edges.frame(jobs), partitions)
            target = Target(edges.folder, f"{table.name}-round-{number}-{star.__name__.strip('_')}")
            edges = _write_edges(jobs, f"{step}, round {number + 1}", frame, 3 * partitions, target)
        if _is_same(jobs, before, edges):
            break
    pairs = edges.frame(jobs)
    roots = pairs.select(sql.col("former").alias("unit"), sql.col("former").alias("component")).distinct()
    others = pairs.select(sql.col("latter").alias("unit"), sql.col("former").alias("component"))
    return group_rows(jobs, step, others.union(roots), 2 * partitions, "unit", table)


def _large_star(edges: DataFrame, partitions: int) -> DataFrame:
    """Link each larger neighbour of a unit with the smallest of the unit and its neighbours."""
    from pyspark.sql import Window
    from pyspark.sql import functions as sql

    both = edges.union(edges.select(sql.col("latter").alias("former"), sql.col("former").alias("latter")))
    least = sql.least("former", sql.min("latter").over(Window.partitionBy("former")))
    stars = both.repartition(partitions, "former").withColumn("least", least).where("latter > former")
    return (
        stars.select(sql.col("least").alias("former"), "latter").repartition(partitions, "former", "latter").distinct()
    )


def _small_star(edges: DataFrame, partitions: int) -> DataFrame:
    """Link each unit and its smaller neighbours with the smallest of them."""
    from pyspark.sql import Window
    from pyspark.sql import functions as sql

    least = sql.min("former").over(Window.partitionBy("latter"))
    stars = edges.repartition(partitions, "latter").withColumn("least", least)
    neighbours = stars.where("former != least").select(
        sql.col("least").alias("former"), sql.col("former").alias("latter")
    )
    own = stars.select(sql.col("least").alias("former"), "latter")
    return neighbours.union(own).repartition(partitions, "former", "latter").distinct()


def _is_same(jobs: Jobs, left: EdgeFiles, right: EdgeFiles) -> bool:
    """Return whether two tables have the same edges, by their number and a hash of 64 bits."""
    from pyspark.sql import functions as sql

    if left.rows != right.rows:
        return False
    hashes = [
        edges.frame(jobs).select(sql.bit_xor(sql.xxhash64("former", "latter"))).collect()[0][0]
        for edges in (left, right)
    ]
    return bool(hashes[0] == hashes[1])


def group_rows(jobs: Jobs, step: str, frame: DataFrame, tasks: int, by: str, table: GroupedTable) -> int:
    """Write rows to a table that is grouped by pieces.

    Args:
        jobs: Runs the job.
        step: Name of the step.
        frame: The rows.
        tasks: Number of tasks that compute them.
        by: Column of the unit whose piece is the group.
        table: Receives the rows.

    Returns:
        The number of rows.
    """
    from pyspark.sql import functions as sql

    group = sql.shiftright(by, ROW_BITS)
    grouped = frame.withColumn("group", group).withColumn("file", sql.pmod(group, sql.lit(table.files)))
    return sum(jobs.write(step, grouped.repartition(table.files, "file"), tasks + table.files, table.write_partition))


def link_edges(
    jobs: Jobs, step: str, tasks: int, function: Callable[[int], Iterable[pa.RecordBatch]], target: Target
) -> EdgeFiles:
    """Write the edges that tasks find.

    Args:
        jobs: Runs the job.
        step: Name of the step.
        tasks: Number of tasks.
        function: Takes the number of a task; returns edges, with the columns ``former`` and ``latter``.
        target: Receives the edges.
    """
    return _write_edges(jobs, step, jobs.read(tasks, function, _EDGES), tasks, target)
