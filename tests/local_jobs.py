"""Jobs of the engine spark without Spark: functions of tasks run in this process, on partitions that chance decides.

What SQL does on Spark is done here by plain loops, which are the reference for it: `local_engine` puts them in place.
"""

import pickle
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pyarrow as pa
import pytest

from dedup.duplicates.distributed import detection, runs, scan_groups
from dedup.duplicates.distributed.storage import pieces
from dedup.engine.spark.grouping import ROW_BITS, EdgeFiles, Target, link_edges
from dedup.engine.spark.tasks import call_for_each, call_on_partition, read_each, received_error
from dedup.runtime.progress import Progress
from dedup.runtime.table_files import GroupedTable

_TYPES = {"long": pa.int64(), "bigint": pa.int64(), "tinyint": pa.int8(), "boolean": pa.bool_(), "double": pa.float64()}
_TYPES |= {"string": pa.string(), "binary": pa.binary()}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class LocalTable:
    """A table in partitions, with the methods of a DataFrame that the engine uses apart from SQL."""

    random_: random.Random
    schema: pa.Schema
    partitions: list[Rows]

    @property
    def rows(self) -> Rows:
        return [row for rows in self.partitions for row in rows]

    def where(self, condition: str) -> "LocalTable":
        """Leave out the rows whose column is a number, as in "reason != 2"."""
        column, operator, number = condition.split()
        assert operator == "!="
        parts = [[row for row in rows if row[column] != int(number)] for rows in self.partitions]
        return LocalTable(self.random_, self.schema, parts)

    def repartition(self, count: int, column: str) -> "LocalTable":
        """Put the rows with the same value into the same partition, in any order."""
        parts: list[Rows] = [[] for _ in range(count)]
        chosen: dict[Any, int] = {}
        for row in self.rows:
            parts[chosen.setdefault(row[column], self.random_.randrange(count))].append(row)
        for rows in parts:
            self.random_.shuffle(rows)
        return LocalTable(self.random_, self.schema, parts)

    def sortWithinPartitions(self, column: str) -> "LocalTable":  # noqa: N802 - the name in Spark
        """Sort each partition, or leave it as it is: there are engines that do not sort."""
        if self.random_.random() < 0.5:
            return self
        return LocalTable(
            self.random_, self.schema, [sorted(rows, key=lambda row: row[column]) for rows in self.partitions]
        )

    def batches(self, rows: Rows) -> Iterator[pa.RecordBatch]:
        """Yield rows in batches of any size, also empty ones."""
        while rows:
            size = self.random_.choice([0, 1, 2, 10, 1000])
            yield pa.RecordBatch.from_pylist(rows[:size], self.schema)
            rows = rows[size:]


@dataclass(frozen=True)
class LocalJobs:
    """Stands for `dedup.engine.spark.jobs.Jobs`; some tasks run twice, as if the first attempt had been lost."""

    session: Any
    progress: Progress
    random_: random.Random = field(default_factory=random.Random)

    @property
    def parallelism(self) -> int:
        return self.random_.choice([1, 2, 3, 8])

    def check_workers(self) -> None:
        """Do nothing: tasks run in this process."""

    def tasks(self, name: str, count: int, function: Callable[[int], Any]) -> list[Any]:
        self.progress.step(name, count, "tasks")
        found = {
            number: self._attempt(partial(call_for_each, function), _number(number)) for number in self._mixed(count)
        }
        return [pickle.loads(found[number][0].column(0)[0].as_py()) for number in range(count)]  # noqa: S301

    def read(self, count: int, function: Callable[[int], Iterable[pa.RecordBatch]], schema: str) -> LocalTable:
        columns = pa.schema([(name, _TYPES[kind]) for name, kind in map(str.split, schema.split(","))])
        parts = [self._attempt(partial(read_each, function), _number(number)) for number in self._mixed(count)]
        for batch in (batch for part in parts for batch in part):
            assert batch.schema.equals(columns), (batch.schema, columns)
        return LocalTable(
            self.random_, columns, [[row for batch in part for row in batch.to_pylist()] for part in parts]
        )

    def write(
        self, name: str, frame: LocalTable, partitions: int, function: Callable[[Iterable[pa.RecordBatch]], Any]
    ) -> list[Any]:
        self.progress.step(name, partitions, "tasks")
        order = self.random_.sample(frame.partitions, len(frame.partitions))
        found = [self._attempt(partial(call_on_partition, function), list(frame.batches(rows))) for rows in order]
        return [pickle.loads(batch.column(0)[0].as_py()) for part in found for batch in part]  # noqa: S301 - our own

    def _mixed(self, count: int) -> list[int]:
        return self.random_.sample(range(count), count)

    def _attempt(self, function: Callable[..., Any], batches: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
        """Run a task as another process would: nothing is shared but what was sent."""
        sent: Callable[..., Any] = pickle.loads(pickle.dumps(function))  # noqa: S301 - our own
        try:
            if self.random_.random() < 0.2:
                list(sent(iter(batches)))
            return list(sent(iter(batches)))
        except RuntimeError as error:
            raise received_error(str(error)) or error from None


def _number(number: int) -> list[pa.RecordBatch]:
    return [pa.record_batch({"id": pa.array([number])})]


def link_groups(
    jobs: LocalJobs, step: str, keys: LocalTable, pieces: int, partitions: int, first_new: int, target: Target
) -> EdgeFiles:
    """Link the first unit of each key with the others, if the last is of the corpus."""
    assert pieces == len(keys.partitions)
    units = defaultdict(set)
    for row in keys.rows:
        units[row["key"]].add(row["unit"])
    groups = [sorted(group) for group in units.values() if max(group) >= first_new]
    edges = sorted({(group[0], unit) for group in groups for unit in group[1:]})
    return link_edges(jobs, step, partitions, partial(_part_of_edges, edges, partitions), target)  # type: ignore[arg-type]  # the stand-in


def _part_of_edges(edges: Sequence[tuple[int, int]], count: int, number: int) -> Iterator[pa.RecordBatch]:
    part = edges[number::count]
    if part:
        yield pa.record_batch({"former": pa.array([a for a, _ in part]), "latter": pa.array([b for _, b in part])})


def group_rows(jobs: LocalJobs, step: str, frame: LocalTable, tasks: int, by: str, table: GroupedTable) -> int:
    """Group rows by the piece of a unit."""
    rows = [row | {"group": row[by] >> ROW_BITS} for row in frame.rows]
    rows = [row | {"file": row["group"] % table.files} for row in rows]
    columns = pa.schema([*frame.schema, ("group", pa.int64()), ("file", pa.int64())])
    grouped = LocalTable(frame.random_, columns, [rows])
    return sum(jobs.write(step, grouped.repartition(jobs.parallelism, "file"), tasks, table.write_partition))


def count_repeated(_jobs: LocalJobs, _step: str, frame: LocalTable, column: str, _tasks: int) -> int:
    """Count the rows with a value that an earlier row has."""
    return len(frame.rows) - len({row[column] for row in frame.rows})


def largest_groups(
    _jobs: LocalJobs, _step: str, frame: LocalTable, by: Sequence[str], order: str, **limits: int
) -> tuple[int, list[int], Rows]:
    """Find the groups of most rows, documents before paragraphs, and their first rows."""
    assert order == "doc, not is_document, start"
    groups = defaultdict(list)
    for row in frame.rows:
        groups[tuple(row[name] for name in by)].append(row)
    largest = sorted(groups.items(), key=lambda item: (-len(item[1]), not item[0][0], item[0]))[: limits["most"]]
    listed = []
    for number, (_, rows) in enumerate(largest):
        rows.sort(key=lambda row: (row["doc"], not row["is_document"], row["start"]))
        listed += [row | {"number": number} for row in rows[: limits["members"]]]
    return len(groups), [len(rows) for _, rows in largest], listed


@contextmanager
def local_engine(seed: int, piece_bytes: int) -> Iterator[object]:
    """Let the engine spark run in this process; yield an object in place of its session.

    Args:
        seed: Decides partitions, their order and that of their rows, and which tasks run twice.
        piece_bytes: Size of the texts at which a piece ends; pieces of references are small too.
    """
    random_ = random.Random(seed)  # noqa: S311 - no secret
    distributed = "dedup.duplicates.distributed"
    small = {
        "dedup.corpus.batches.MAX_BATCH_ROWS": random_.choice([1, 2, 65536]),
        f"{distributed}.tasks.deciding._BATCH_BYTES": random_.choice([1, 100, 1 << 23]),
        f"{distributed}.storage.units._ROWS": random_.choice([1, 3, 1 << 15]),
        f"{distributed}.references._PIECE_BYTES": random_.choice([1, 1000, 1 << 25]),
        f"{distributed}.loading._CHUNK_FILES": random_.choice([1, 2, 2000]),
        f"{distributed}.detection._PARTITION_KEYS": random_.choice([100, 1 << 22]),
        f"{distributed}.detection._PARTITION_BYTES": random_.choice([200, 1 << 25]),
        "dedup.index.distributed._PIECE_UNITS": random_.choice([1, 3, 1 << 18]),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in small.items():
            patch.setattr(name, value)
        patch.setattr("dedup.corpus.spool.MAX_BATCH_ROWS", small["dedup.corpus.batches.MAX_BATCH_ROWS"])
        patch.setattr(pieces, "piece_size", lambda *_: piece_bytes)
        patch.setattr(runs, "Jobs", partial(LocalJobs, random_=random_))
        patch.setattr(runs, "count_repeated", count_repeated)
        patch.setattr(scan_groups, "largest_groups", largest_groups)
        patch.setattr(detection, "link_groups", link_groups)
        patch.setattr(detection, "group_rows", group_rows)
        yield object()
