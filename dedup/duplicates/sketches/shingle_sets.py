"""Read texts again and make the exact shingle sets of the units that have to be compared."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.sketches.masking import mask
from dedup.duplicates.sketches.units import Units
from dedup.kernels import shingle_sets as kernel
from dedup.kernels.hash_sets import SetArrays
from dedup.kernels.text.folding import token_tables
from dedup.kernels.text.hashing import hash_texts
from dedup.runtime.arrow import buffers
from dedup.runtime.matrix_file import MatrixFile
from dedup.runtime.threads import map_in_order

# Seed of the hash that verifies that two units have the same characters; `SEED` is that of the one that finds them.
VERIFYING_SEED = np.uint64(0xD1B54A32D192ED03)


@dataclass(frozen=True)
class ShingleSets:
    """The exact shingle sets of some units, each of distinct hashes, in a file."""

    rows: NDArray[np.int64]
    """Row of `Units` of each slot, ascending, shape (slots,)."""
    starts: NDArray[np.int64]
    """Offset of the first hash of each set, shape (slots,)."""
    sizes: NDArray[np.int64]
    """Number of hashes of each set, shape (slots,)."""
    hashes: MatrixFile
    """The hashes of all sets, uint64, one column."""

    def slots(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the slot of each row, shape (n,); each of the rows must have a set."""
        return np.searchsorted(self.rows, rows)

    def arrays(self) -> SetArrays:
        """Return the sets as arrays, with the hashes mapped from the file."""
        return SetArrays(self.starts, self.sizes, self.hashes.map().reshape(-1))

    @property
    def largest(self) -> int:
        """Size of the largest set."""
        return int(self.sizes.max(initial=0))


class ShingleSettings(NamedTuple):
    """How the shingle sets of units are made."""

    n: int
    """Tokens in a shingle."""
    by_signs: bool = False
    """Whether each sign is a token."""
    exact: bool = False
    """Make sets of one hash, of all characters, instead."""
    ignore: tuple[str, ...] = ()
    """Patterns of text that is not compared."""


def hash_shingles(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    settings: ShingleSettings,
    sizes: NDArray[np.int64],
    workspace: Callable[[int, int], kernel.ShingleWorkspace] = kernel.make_workspace,
) -> NDArray[np.uint64]:
    """Return the hashes of the shingle sets of units, one set after the other, shape (hashes,).

    Args:
        data: Texts in UTF-8, masked, shape (bytes,).
        starts: Offset of the first byte of each unit, shape (units,).
        stops: Offset after its last byte, shape (units,).
        settings: How the sets are made.
        sizes: Receives the number of hashes of each set, shape (units,).
        workspace: Returns a workspace for the longest unit and the sum of all, in bytes; its array may be returned.
    """
    if settings.exact:
        hashes = np.empty(starts.size, np.uint64)
        hash_texts(data, starts, stops, VERIFYING_SEED, hashes)
        sizes[:] = 1
        return hashes
    lengths = stops - starts
    space = workspace(int(lengths.max(initial=0)), int((lengths + 1).sum()))
    tables = token_tables(settings.by_signs)
    return space.out[: kernel.shingle_sets(data, starts, stops, settings.n, tables, space, sizes)]


class DocumentTexts(NamedTuple):
    """Texts of documents."""

    docs: NDArray[np.int64]
    """Rank of each document, ascending, shape (texts,)."""
    texts: pa.LargeStringArray
    """The texts."""


class _Batch(NamedTuple):
    first_slot: int
    documents: DocumentTexts
    places: NDArray[Any]
    """Records (doc, byte_start, byte_end) of the wanted units of the batch."""


class _Collector:
    """Makes shingle sets on several threads, which share a file and have a workspace each."""

    def __init__(self, units: Units, rows: NDArray[np.int64], settings: ShingleSettings, path: Path) -> None:
        self._places = units.look_up(rows, ["doc", "byte_start", "byte_end"])
        self._settings = settings
        self._lock = threading.Lock()
        self._local = threading.local()
        self.sets = ShingleSets(
            rows, np.zeros(rows.size, np.int64), np.zeros(rows.size, np.int64), MatrixFile(path, np.uint64, 1)
        )

    def batches(self, texts: Iterable[DocumentTexts]) -> Iterator[_Batch]:
        """Yield each batch of texts with the wanted units of its documents."""
        docs = np.ascontiguousarray(self._places["doc"])
        for batch in texts:
            low, high = np.searchsorted(docs, (batch.docs[0], batch.docs[-1] + 1))
            yield _Batch(int(low), batch, self._places[low:high])

    def collect(self, batch: _Batch) -> None:
        """Make the sets of one batch. Only their position in the file depends on the order in which threads run."""
        settings = self._settings
        ranks, texts = batch.documents
        _, offsets = buffers(texts)
        data = mask(texts, settings.ignore)
        documents = offsets[np.searchsorted(ranks, batch.places["doc"])]
        starts, stops = documents + batch.places["byte_start"], documents + batch.places["byte_end"]
        slots = slice(batch.first_slot, batch.first_slot + starts.size)
        sizes = self.sets.sizes[slots]
        hashes = hash_shingles(data, starts, stops, settings, sizes, self._workspace)
        with self._lock:
            begin = len(self.sets.hashes)
            self.sets.hashes.append(hashes)
        self.sets.starts[slots] = begin + np.cumsum(sizes) - sizes

    def _workspace(self, longest: int, total: int) -> kernel.ShingleWorkspace:
        """Return the workspace of this thread, enlarged if the batch needs more."""
        space: kernel.ShingleWorkspace | None = getattr(self._local, "space", None)
        if space is None or space.tokens.size < longest + 1 or space.out.size < total:
            space = self._local.space = kernel.make_workspace(longest, total)
        return space


def collect_shingles(
    texts: Iterable[DocumentTexts],
    units: Units,
    rows: NDArray[np.int64],
    settings: ShingleSettings,
    temp: Path,
    workers: int,
) -> ShingleSets:
    """Read texts again and make the shingle sets of some units.

    Args:
        texts: Batches of texts in rank order; all with a wanted unit.
        units: All units.
        rows: Row numbers of the wanted units, ascending, shape (slots,).
        settings: How the sets are made.
        temp: Directory for the sets.
        workers: Threads.

    Returns:
        The sets of the wanted units, in the order of their rows.
    """
    collector = _Collector(units, rows, settings, temp / "shingles")
    for _ in map_in_order(collector.collect, collector.batches(texts), workers):
        pass
    return collector.sets
