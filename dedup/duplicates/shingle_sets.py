"""Texts to exact shingle sets, of the units that someone has to compare."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.units import BYTE_CUT_END, BYTE_CUT_START, DOC, Units
from dedup.kernels import shingle_sets as kernel
from dedup.kernels.folding import fold_table
from dedup.runtime.arrow import buffers
from dedup.runtime.matrix_file import Spool
from dedup.runtime.threads import in_order

Job = tuple[int, pa.LargeStringArray, NDArray[np.int64]]


@dataclass(frozen=True)
class ShingleSets:
    """The exact shingle sets of some units, each of distinct hashes, in a file."""

    rows: NDArray[np.int64]
    """Whose sets they are: ascending row numbers of `Units`, shape (slots,)."""
    starts: NDArray[np.int64]
    """Where each set begins, likewise."""
    sizes: NDArray[np.int64]
    """How many hashes each has, likewise."""
    hashes: Spool
    """uint64, one column."""

    def slots(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Find the slots of the given rows."""
        return np.searchsorted(self.rows, rows)

    @property
    def largest(self) -> int:
        """Size of the largest set."""
        return int(self.sizes.max(initial=0))


class Collector:
    """Makes shingle sets on several threads, which share a file and keep work space each."""

    def __init__(self, units: Units, rows: NDArray[np.int64], n: int, path: Path) -> None:
        """Begin with no sets."""
        self._spans = units.look_up(rows, [DOC, BYTE_CUT_START, BYTE_CUT_END])
        self._n = n
        self._lock = threading.Lock()
        self._local = threading.local()
        nothing = np.zeros(rows.size, np.int64)
        self.sets = ShingleSets(rows, nothing, nothing.copy(), Spool(path, np.uint64, 1))

    def jobs(self, batches: Iterable[tuple[int, pa.LargeStringArray]]) -> Iterator[Job]:
        """Say for each batch which of its documents' units are wanted."""
        docs = np.ascontiguousarray(self._spans[:, 0])
        for first_doc, texts in batches:
            low, high = np.searchsorted(docs, (first_doc, first_doc + len(texts)))
            yield int(low), texts, self._spans[low:high] - np.array([first_doc, 0, 0])

    def collect(self, job: Job) -> None:
        """Make the sets of one batch; where in the file they come to stand depends on the schedule, no more."""
        low, texts, spans = job
        data, offsets = buffers(texts)
        starts, stops = offsets[spans[:, 0]] + spans[:, 1], offsets[spans[:, 0]] + spans[:, 2]
        lengths = stops - starts
        space = self._space(int(lengths.max(initial=0)), int((lengths // 2 + 1).sum()))
        sizes = self.sets.sizes[low : low + len(spans)]
        count = kernel.shingle_sets(data, starts, stops, self._n, fold_table(), space, sizes)
        with self._lock:
            begin = len(self.sets.hashes)
            self.sets.hashes.append(space.out[:count])
        self.sets.starts[low : low + len(spans)] = begin + np.cumsum(sizes) - sizes

    def _space(self, longest: int, total: int) -> kernel.Space:
        """Give this thread's work space, made anew where the batch needs more."""
        space: kernel.Space | None = getattr(self._local, "space", None)
        if space is None or space.tokens.size < longest // 2 + 1 or space.out.size < total:
            space = self._local.space = kernel.make_space(longest, total)
        return space


def collect_shingles(
    batches: Iterable[tuple[int, pa.LargeStringArray]],
    units: Units,
    rows: NDArray[np.int64],
    n: int,
    temp: Path,
    workers: int,
) -> ShingleSets:
    """Read texts again and collect the shingle sets of some units.

    Args:
        batches: Rank of the first text, and texts, in rank order; all that hold one of the units.
        units: The sketches.
        rows: Whose sets are wanted: ascending row numbers, shape (slots,).
        n: Tokens in a shingle.
        temp: Folder for the sets.
        workers: Threads.
    """
    collector = Collector(units, rows, n, temp / "shingles")
    for _ in in_order(collector.collect, collector.jobs(batches), workers):
        pass
    return collector.sets
