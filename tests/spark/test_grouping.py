"""What SQL groups on Spark equals what plain loops group."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from dedup.engine.spark.grouping import (
    KEYS,
    ROW_BITS,
    EdgeFiles,
    Target,
    assign_components,
    connect,
    group_rows,
    link_edges,
    link_groups,
)
from dedup.engine.spark.jobs import Jobs
from dedup.runtime.progress import Progress
from dedup.runtime.shared_folder import SharedFolder
from dedup.runtime.table_files import GroupedTable

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PARTS, PIECES = 3, 5


@pytest.fixture
def jobs(spark: "SparkSession") -> Jobs:
    return Jobs(spark, Progress())


def numbered(value: int) -> int:
    """Return the number of a unit in one of some pieces."""
    return value % PIECES << ROW_BITS | value


def rows_of(names: Sequence[str], rows: Sequence[tuple[int, int]], number: int) -> Iterator[pa.RecordBatch]:
    """Yield a part of rows of two columns."""
    part = rows[number::PARTS]
    yield pa.record_batch({name: pa.array([row[at] for row in part], pa.int64()) for at, name in enumerate(names)})


def edges_of(found: EdgeFiles) -> list[tuple[int, int]]:
    batches = [batch for number in range(len(found.names)) for batch in found.read(number)]
    return sorted((row["former"], row["latter"]) for batch in batches for row in batch.to_pylist())


def test_components_by_joins_equal_those_of_the_driver(jobs: Jobs, tmp_path: Path) -> None:
    random_ = random.Random(3)  # noqa: S311 - no secret
    order = random_.sample(range(1000, 1060), 60)
    chains = [[numbered(at) for at in range(50)], [numbered(at) for at in order]]
    edges = [sorted(pair) for chain in chains for pair in pairwise(chain)]
    edges += [sorted(map(numbered, random_.sample(range(2000, 2100), 2))) for _ in range(70)]
    edges += [[numbered(5000), numbered(5000 + at)] for at in range(1, 30)]
    pairs = [(low, high) for low, high in edges]
    folder = SharedFolder(tmp_path)
    read = partial(rows_of, ("former", "latter"), pairs)
    stored = link_edges(jobs, "edges", PARTS, read, Target(folder, "edges"))
    assert edges_of(stored) == sorted(pairs)
    table = GroupedTable(folder, "components", 2)
    count = assign_components(jobs, "components", stored, table, driver_edges=0)
    units, components = connect(*np.array(pairs).T)
    found = [part for piece in range(PIECES) if (part := table.read(piece)) is not None]
    rows = {row["unit"]: row["component"] for part in found for row in part.to_pylist()}
    assert rows == dict(zip(units.tolist(), components.tolist(), strict=True))
    assert count == units.size == sum(part.num_rows for part in found)


def test_stars_and_groups_equal_those_of_loops(jobs: Jobs, tmp_path: Path) -> None:
    random_ = random.Random(4)  # noqa: S311 - no secret
    keys = [(random_.randrange(-20, 20), numbered(random_.randrange(60))) for _ in range(150)]
    keys += [(2**63 - 1, numbered(7)), (-(2**63), numbered(8)), (-(2**63), numbered(9))]
    first_new = 2 << ROW_BITS
    frame = jobs.read(PARTS, partial(rows_of, ("key", "unit"), keys), KEYS)
    folder = SharedFolder(tmp_path)
    found = link_groups(jobs, "link", frame, PARTS, 2, first_new, Target(folder, "edges"))
    groups = defaultdict(set)
    for key, unit in keys:
        groups[key].add(unit)
    expected = {(min(group), unit) for group in groups.values() if max(group) >= first_new for unit in group}
    expected = {(first, unit) for first, unit in expected if first != unit}
    assert edges_of(found) == sorted(expected)
    assert found.rows == len(expected)
    table = GroupedTable(folder, "grouped", 3)
    assert group_rows(jobs, "group", frame, PARTS, "unit", table) == len(keys)
    for piece in range(PIECES):
        rows = table.read(piece)
        assert rows is not None
        own = [(row["key"], row["unit"]) for row in rows.to_pylist()]
        assert sorted(own) == sorted(row for row in keys if row[1] >> ROW_BITS == piece)


def test_no_edge_makes_no_component(jobs: Jobs, tmp_path: Path) -> None:
    folder = SharedFolder(tmp_path)
    frame = jobs.read(PARTS, partial(rows_of, ("key", "unit"), [(1, 5), (2, 6), (3, 7)]), KEYS)
    edges = link_groups(jobs, "link", frame, PARTS, 2, 0, Target(folder, "edges"))
    assert edges.rows == 0
    assert assign_components(jobs, "components", edges, GroupedTable(folder, "components", 2)) == 0
