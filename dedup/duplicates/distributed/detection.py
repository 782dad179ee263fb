"""Compare the units of a corpus on Spark: the stages between its sketches and the verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from dedup.duplicates.distributed.plan import Plan, UnitKind
from dedup.duplicates.distributed.storage.removals import COPIES, DECIDED, spark_schema
from dedup.duplicates.distributed.storage.stages import Stages
from dedup.duplicates.distributed.tasks.deciding import Decided, decide
from dedup.duplicates.distributed.tasks.keys import linked_blocks, piece_keys
from dedup.duplicates.distributed.tasks.sketching import PieceSketch
from dedup.duplicates.distributed.tasks.unit_rows import UNIT_ROW, piece_rows
from dedup.engine.spark.grouping import (
    KEYS,
    ROW_BITS,
    EdgeFiles,
    Target,
    assign_components,
    group_rows,
    link_edges,
    link_groups,
)
from dedup.engine.spark.jobs import Jobs
from dedup.runtime.table_files import GroupedTable, read_table

# Keys that are grouped, and bytes of text that are compared, in a partition.
_PARTITION_KEYS, _PARTITION_BYTES = 4_000_000, 32 << 20
MOST_BLOCKS = 50_000_000
"""Maximum number of blocks of a shuffle: the product of the numbers of tasks that write and that read it."""


@dataclass(frozen=True)
class Detector:
    """Finds the duplicates of a sketched corpus."""

    jobs: Jobs
    """Runs jobs."""
    stages: Stages
    """Receives the stages."""
    plan: Plan
    """The run."""
    sketches: Sequence[PieceSketch]
    """What is known of each piece."""

    def total(self, name: str, kind: UnitKind) -> int:
        """Return the sum of a number of the pieces by kind of units."""
        return sum(getattr(sketch, name).get(kind, 0) for sketch in self.sketches)

    def detect(self, kind: UnitKind) -> list[Decided]:
        """Compare the documents, or the paragraphs of kept documents, with those of other documents."""
        units = self.total("units", kind)
        bands = 1 if self.plan.settings.exact else 1 + self.plan.settings.bands
        edges = self.stages.run(f"find candidates, {kind}", lambda: self._edges(kind, units * bands))
        count = self.stages.run(f"find components, {kind}", lambda: self._assign(kind, edges))
        if not count:
            return []
        size = self.total("text_bytes", kind) * count // max(1, units)
        return self.stages.run(f"compare, {kind}", lambda: self._decide(kind, self._partitions(size, _PARTITION_BYTES)))

    def _partitions(self, size: int, most: int) -> int:
        """Return the number of partitions for an amount of rows or bytes.

        Spark stores a block for each piece and partition, so there are larger partitions where there are many pieces.
        """
        return partition_count(size, most, self.plan.all_pieces, self.jobs.parallelism)

    def _edges(self, kind: UnitKind, keys: int) -> EdgeFiles:
        plan = self.plan
        frame = self.jobs.read(plan.all_pieces, partial(piece_keys, plan, kind), KEYS)
        partitions = self._partitions(keys, _PARTITION_KEYS)
        target, first_new = Target(plan.work, f"{kind}-edges"), plan.first_piece << ROW_BITS
        return link_groups(self.jobs, f"find candidates, {kind}", frame, plan.all_pieces, partitions, first_new, target)

    def _assigned(self, kind: UnitKind) -> GroupedTable:
        return self.plan.grouped(f"{kind}-components")

    def _assign(self, kind: UnitKind, edges: EdgeFiles) -> int:
        plan, step = self.plan, f"find components, {kind}"
        has_blocks = kind == "paragraphs" and any(sketch.blocks for sketch in self.sketches)
        if not has_blocks:
            return assign_components(self.jobs, step, edges, self._assigned(kind))
        alone = plan.grouped(f"{kind}-components-alone")
        assign_components(self.jobs, step, edges, alone)
        inside = partial(linked_blocks, plan, alone)
        of_blocks = link_edges(
            self.jobs,
            "link blocks with their paragraphs",
            plan.pieces,
            inside,
            Target(plan.work, f"{kind}-block-edges"),
        )
        return assign_components(self.jobs, step, edges.joined(of_blocks), self._assigned(kind))

    def _decide(self, kind: UnitKind, partitions: int) -> list[Decided]:
        plan, step = self.plan, f"compare, {kind}"
        read = partial(piece_rows, plan, kind, self._assigned(kind))
        rows = self.jobs.read(plan.all_pieces, read, spark_schema(UNIT_ROW))
        # Sorted, so that tasks can read the rows as a stream; an engine that does not sort only costs memory.
        parts = rows.repartition(partitions, "component").sortWithinPartitions("unit")
        found: list[Decided] = self.jobs.write(step, parts, plan.all_pieces + partitions, partial(decide, plan, kind))
        self._group(kind, found, "decided", DECIDED, "unit", f"removed-{kind}")
        if kind == "documents":
            self._group(kind, found, "copies", COPIES, "unit", "copies")
        named = [item for item in found if item.in_references]
        if named:  # by the units of references that they name
            self._group(kind, named, "decided", DECIDED, "kept_unit", f"named-by-{kind}")
        return sorted(found, key=lambda item: item.first)

    def _group(
        self, kind: UnitKind, found: Sequence[Decided], name: str, columns: pa.Schema, by: str, table: str
    ) -> None:
        """Group rows that tasks wrote by the piece of a unit."""
        names = [f"{kind}-{name}/{item.name}.arrow" for item in found]
        frame = self.jobs.read(len(names), partial(_read_file, self.plan, names), spark_schema(columns))
        group_rows(self.jobs, f"group, {kind}", frame, len(names), by, self.plan.grouped(table))


def partition_count(size: int, most: int, pieces: int, tasks: int) -> int:
    """Return the number of partitions for an amount of rows or bytes.

    Args:
        size: The amount.
        most: Amount in a partition, unless there would be too many.
        pieces: Number of tasks that write to the partitions.
        tasks: Number of tasks that run at the same time.

    >>> partition_count(100, 10, pieces=5, tasks=4), partition_count(10**9, 10, pieces=20_000, tasks=4)
    (10, 2500)
    """
    return max(1, min(tasks, pieces), min(-(-size // most), MOST_BLOCKS // pieces))


def _read_file(plan: Plan, names: Sequence[str], number: int) -> Iterable[pa.RecordBatch]:
    return read_table(plan.work, names[number])
