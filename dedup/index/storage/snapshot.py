"""Read an index: keys, units and texts of one version, while others may write."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.sketches.units import UNIT, signature_words
from dedup.index.storage.layout import KEY_FILES, SEGMENTS, TEXTS, TEXTS_FILE, UNIT_FILES, KeyKind, UnitKind
from dedup.index.storage.locks import reader_lock
from dedup.index.storage.manifest import Manifest, Segment, read_manifest
from dedup.index.storage.table_file import TableFile, read_parts
from dedup.runtime.arrow import number_array, numbers

# Row groups that a thread reads at a time: some MB each.
KEY_GROUPS, UNIT_GROUPS, TEXT_GROUPS = 64, 16, 4


@dataclass(frozen=True)
class SegmentFiles:
    """A segment and its files."""

    segment: Segment
    """What the manifest states."""
    files: dict[str, TableFile]
    """The files by name."""

    @classmethod
    def of(cls, folder: Path, segment: Segment) -> "SegmentFiles":
        """Name the files of a segment of an index, without opening them."""
        place = folder / SEGMENTS / segment.name
        return cls(segment, {name: TableFile(place / name, record) for name, record in segment.files.items()})


@contextmanager
def open_snapshot(folder: Path, workers: int = 1) -> "Iterator[IndexSnapshot]":
    """Open the present version of an index; its files stay until the context ends.

    Args:
        folder: The index.
        workers: Threads that read.

    Raises:
        NotAnIndex: There is no index.
        IndexMismatch: Another version of dedup wrote it.
        IndexDamaged: A file is missing or damaged; also raised while reading.
    """
    with reader_lock(folder):
        yield IndexSnapshot(folder, read_manifest(folder), workers)


class IndexSnapshot:
    """A version of an index; several threads may read it."""

    def __init__(self, folder: Path, manifest: Manifest, workers: int) -> None:
        """Name the files, without opening them; see `open_snapshot`."""
        self.folder = folder
        self.manifest = manifest
        self._workers = workers
        self._segments = [SegmentFiles.of(folder, segment) for segment in manifest.segments]

    def find(self, kind: KeyKind, keys: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Find the units, inputs or documents with given keys, reading only row groups that may contain them.

        Args:
            kind: Band keys and hashes of token sequences of documents or of paragraphs; hashes of ids or of inputs.
            keys: Ascending and distinct, shape (n,).

        Returns:
            Keys that were found, and the number of the unit or input, or the rank of the document, that has each of
            them, shape (found,) each; ascending by both.
        """
        found = list(self.find_parts(kind, keys))
        if not found:
            return np.empty(0, np.uint64), np.empty(0, np.int64)
        matched, units = (np.concatenate(column) for column in zip(*found, strict=True))
        if len(self._segments) > 1:
            order = np.lexsort((units, matched))
            matched, units = matched[order], units[order]
        return matched, units

    def find_parts(
        self, kind: KeyKind, keys: NDArray[np.uint64]
    ) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.int64]]]:
        """Yield what `find` returns in parts, some row groups at a time, segment by segment."""
        name = KEY_FILES[kind]
        for segment in self._segments:
            if name in segment.files:
                yield from _find(segment.files[name], keys, self._workers)

    def read_units(self, kind: UnitKind, units: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[np.uint64]]:
        """Read units by their numbers.

        Args:
            kind: Documents or paragraphs.
            units: Numbers in the index, ascending and distinct, shape (n,).

        Returns:
            Records of dtype `UNIT`, shape (n,), and signatures, shape (n, words).

        Raises:
            ValueError: The index has no unit with one of the numbers.
        """
        if units.size and not 0 <= units[0] <= units[-1] < self.manifest.units(kind):
            raise ValueError(f"the index has {self.manifest.units(kind)} {kind}, not {units[-1]}")
        records = np.empty(units.size, UNIT)
        signatures = np.empty((units.size, signature_words(self.manifest.settings.permutations)), np.uint64)
        for segment, part, first in self._by_segment(units, lambda segment: segment.units(kind)):
            file = segment.files[UNIT_FILES[kind]]
            _read_units(file, units[part] - first, records[part], signatures[part], self._workers)
        return records, signatures

    def read_documents(
        self, docs: NDArray[np.int64], columns: Sequence[str] = tuple(TEXTS.names)
    ) -> Iterator[pa.RecordBatch]:
        """Read the texts of kept documents; other documents have none.

        Args:
            docs: Ranks of documents, ascending and distinct, shape (n,).
            columns: Some of the columns of `dedup.index.storage.layout.TEXTS`.

        Yields:
            Rows by ascending rank, some MB at a time.
        """
        for segment, part, _ in self._by_segment(docs, lambda segment: segment.documents):
            yield from _read_documents(segment.files[TEXTS_FILE], docs[part], columns, self._workers)

    def _by_segment(
        self, numbers: NDArray[np.int64], count: Callable[[Segment], int]
    ) -> Iterator[tuple[SegmentFiles, slice, int]]:
        """Yield each segment that has some of the numbers, the slice of these, and the first number of the segment.

        Args:
            numbers: Ascending, shape (n,).
            count: Returns how many numbers a segment has.
        """
        first = 0
        for files in self._segments:
            last = first + count(files.segment)
            low, high = np.searchsorted(numbers, (first, last))
            if low < high:
                yield files, slice(low, high), first
            first = last


def _groups_with(file: TableFile, values: NDArray[Any]) -> NDArray[np.int64]:
    """Return the row groups in whose range, by the statistics of the first column, there is one of ascending values."""
    bounds = file.bounds
    first, last = np.searchsorted(values, bounds[:, 0], "left"), np.searchsorted(values, bounds[:, 1], "right")
    return np.flatnonzero(first < last)


def _find(
    file: TableFile, keys: NDArray[np.uint64], workers: int
) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.int64]]]:
    """Yield the rows of a file of keys that have one of some keys, in order."""

    def read(groups: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        table = file.read(groups.tolist())
        stored, units = (numbers(table[name]) for name in ("key", "unit"))
        low, high = np.searchsorted(keys, stored[0], "left"), np.searchsorted(keys, stored[-1], "right")
        wanted = keys[low:high]
        first = np.searchsorted(stored, wanted, "left")
        counts = np.searchsorted(stored, wanted, "right") - first
        before = np.cumsum(counts) - counts
        rows = np.repeat(first - before, counts) + np.arange(counts.sum())
        return stored[rows], units[rows]

    return read_parts(read, _groups_with(file, keys), KEY_GROUPS, workers)


def _read_units(
    file: TableFile, rows: NDArray[np.int64], records: NDArray[Any], signatures: NDArray[np.uint64], workers: int
) -> None:
    """Read rows of a file of units, in which each row group but the last has the same number of rows.

    Args:
        file: The file.
        rows: Row numbers, ascending and distinct, shape (n,).
        records: Receives the units, shape (n,).
        signatures: Receives the signatures, shape (n, words).
        workers: Threads.
    """
    size = file.group_rows
    group_of = rows // size

    def read(groups: NDArray[np.int64]) -> None:
        table = file.read(groups.tolist())
        low, high = np.searchsorted(group_of, groups[0], "left"), np.searchsorted(group_of, groups[-1], "right")
        # The row groups that are read follow each other in the table.
        taken = np.searchsorted(groups, group_of[low:high]) * size + rows[low:high] % size
        for name in UNIT.names or ():
            column = table[name].cast(pa.uint8()) if UNIT[name] == np.bool_ else table[name]
            records[name][low:high] = numbers(column)[taken]
        stored = table["signature"].combine_chunks()
        words = np.frombuffer(stored.buffers()[1], np.uint64).reshape(-1, signatures.shape[1])
        signatures[low:high] = words[stored.offset : stored.offset + len(stored)][taken]

    for _ in read_parts(read, np.unique(group_of), UNIT_GROUPS, workers):
        pass


def _read_documents(
    file: TableFile, docs: NDArray[np.int64], columns: Sequence[str], workers: int
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a file of texts that belong to some documents."""

    def read(groups: NDArray[np.int64]) -> list[pa.RecordBatch]:
        table = file.read(groups.tolist(), list(dict.fromkeys(("doc", *columns))))
        stored = numbers(table["doc"])
        low, high = np.searchsorted(docs, stored[0], "left"), np.searchsorted(docs, stored[-1], "right")
        rows = np.searchsorted(stored, docs[low:high])
        rows = rows[stored[rows] == docs[low:high]]
        return list(table.select(list(columns)).take(number_array(rows)).combine_chunks().to_batches())

    for batches in read_parts(read, _groups_with(file, docs), TEXT_GROUPS, workers):
        yield from batches
