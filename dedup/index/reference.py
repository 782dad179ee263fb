"""Compare a corpus with the kept units of an index."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.references.base import NAMES, NewCorpus, NewUnits, SharedUnits
from dedup.duplicates.sketches.shingle_sets import DocumentTexts
from dedup.duplicates.sketches.units import Units
from dedup.engine.duckdb import open_database
from dedup.errors import IndexMismatch
from dedup.index.storage.layout import UnitKind
from dedup.index.storage.manifest import Manifest, differing_settings
from dedup.index.storage.segments import KeyRows
from dedup.index.storage.snapshot import IndexSnapshot
from dedup.kernels.key_filter import fill_unique
from dedup.runtime.ordered import first_of_runs
from dedup.runtime.workspace import Workspace
from dedup.settings import Settings

# Shared keys whose units are read at a time, and that are sorted in memory.
READ_KEYS = 1 << 18

# Settings that an index and a run must have in common.
_COMMON = ("threshold", "tokens", "exact", "ignore", "per", "permutations", "seed")
_OF_PARAGRAPHS = ("shingle_paragraphs", "paragraphs_by", "min_tokens")


@dataclass(frozen=True)
class IndexReference:
    """The kept documents and paragraphs of an index as a reference."""

    name: str
    """The index as the user named it."""
    snapshot: IndexSnapshot
    """A version of the index."""

    @property
    def documents(self) -> int:
        """Number of documents that were added, kept or not."""
        return self.snapshot.manifest.documents

    @property
    def kept_documents(self) -> int:
        """Number of documents that are kept."""
        return self.snapshot.manifest.kept_documents

    def share(self, corpus: NewCorpus) -> SharedUnits:
        """Return the kept units that share a key with the corpus. Their other keys are replaced by unique ones."""
        folder = Path(tempfile.mkdtemp(prefix="index-", dir=corpus.workspace.folder))
        kinds: tuple[tuple[UnitKind, NewUnits | None], ...] = (
            ("documents", corpus.documents),
            ("paragraphs", corpus.paragraphs),
        )
        found: list[Units | None] = []
        for kind, new in kinds:
            if new is None:
                found.append(None)
                continue
            units = Units.create(folder, kind, corpus.settings.permutations, corpus.settings.bands)
            with corpus.workspace.step(f"look up {kind}"):
                _read_shared(self.snapshot, kind, new, units, corpus.workspace)
            found.append(units)
        return SharedUnits(*found)

    def contents(self) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
        """Raise an error: `check_settings` refuses an index whose documents are searched for."""
        raise NotImplementedError

    def texts(self, docs: NDArray[np.int64]) -> Iterator[DocumentTexts]:
        """Read texts; see `Reference.texts`."""
        for batch in self.snapshot.read_documents(docs, ["doc", "text"]):
            yield DocumentTexts(batch.column(0).to_numpy(), batch.column(1))

    def names(self, docs: NDArray[np.int64]) -> pa.Table:
        """Return the ids, paths and rows of documents; see `Reference.names`."""
        return pa.Table.from_batches(self.snapshot.read_documents(docs, NAMES.names), NAMES)

    def values(self, column: str, docs: NDArray[np.int64]) -> pa.ChunkedArray:
        """Return the values of the column that the index was made with; see `Reference.values`."""
        if column != self.snapshot.manifest.settings.per:
            raise ValueError(f"the index has no values of {column!r}")
        chunks = [batch.column(0).cast(pa.large_string()) for batch in self.snapshot.read_documents(docs, ["per"])]
        return pa.chunked_array(chunks, pa.large_string())


def _read_shared(snapshot: IndexSnapshot, kind: UnitKind, new: NewUnits, units: Units, workspace: Workspace) -> None:
    """Append the units of an index that share a key with the corpus, in the order of their numbers.

    Args:
        snapshot: The index.
        kind: Documents or paragraphs.
        new: The units of the corpus.
        units: Receives the units.
        workspace: Temporary directory, memory and threads.
    """
    found = (part for wanted in new.distinct_keys() for part in snapshot.find_parts(kind, wanted))
    for numbers, keys in _by_unit(_sorted(found, workspace)):
        _append(snapshot, kind, numbers, keys.view(np.uint64), units)


def _sorted(found: Iterable[KeyRows], workspace: Workspace) -> Iterator[Sequence[NDArray[np.int64]]]:
    """Sort keys and units by unit and key, without repetition.

    Small numbers are sorted in memory, so that a lookup of one text does not load a database.

    Args:
        found: Keys, and the number of the unit that has each of them.
        workspace: Temporary directory, memory and threads.

    Yields:
        Numbers of units and keys, shape (n,) each.
    """
    parts = iter(found)
    few, count = [(np.empty(0, np.uint64), np.empty(0, np.int64))], 0
    for part in parts:
        few.append(part)
        count += part[0].size
        if count > READ_KEYS:
            break
    if count <= READ_KEYS:
        keys, units = (np.concatenate(column) for column in zip(*few, strict=True))
        order = np.lexsort((keys.view(np.int64), units))
        keys, units = keys[order].view(np.int64), units[order]
        is_new = first_of_runs(units, keys)
        yield units[is_new], keys[is_new]
        return
    database = open_database(workspace.folder, workspace.memory, workspace.workers)
    try:
        database.execute("CREATE TABLE shared (unit BIGINT, key BIGINT)")
        for keys, units in chain(few, parts):
            database.insert("shared", unit=units, key=keys.view(np.int64))
        yield from database.stream("SELECT DISTINCT unit, key FROM shared ORDER BY unit, key")
    finally:
        database.close()


def _by_unit(
    batches: Iterator[Sequence[NDArray[np.int64]]],
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield batches of rows (unit, key) that contain all rows of their units."""
    parts: list[Sequence[NDArray[np.int64]]] = []
    for batch in batches:
        parts.append(batch)
        if sum(part[0].size for part in parts) >= READ_KEYS:
            units, keys = (np.concatenate(column) for column in zip(*parts, strict=True))
            end = int(np.searchsorted(units, units[-1]))  # the rows of the last unit may continue
            if end:
                yield units[:end], keys[:end]
            parts = [(units[end:], keys[end:])]
    if parts:
        units, keys = (np.concatenate(column) for column in zip(*parts, strict=True))
        if units.size:
            yield units, keys


def _append(
    snapshot: IndexSnapshot, kind: UnitKind, numbers: NDArray[np.int64], keys: NDArray[np.uint64], units: Units
) -> None:
    """Append units with the band keys that they share with the corpus, and unique keys in place of the others.

    Args:
        snapshot: The index.
        kind: Documents or paragraphs.
        numbers: Number of the unit of each key, ascending, shape (n,).
        keys: Distinct band keys of each unit, and the hash of its token sequence, shape (n,).
        units: Receives the units.
    """
    is_first = first_of_runs(numbers)
    rows = np.cumsum(is_first) - 1
    info, signatures = snapshot.read_units(kind, numbers[is_first])
    is_band = keys != info["sequence"][rows]
    rows, band_keys = rows[is_band], keys[is_band]
    matrix = np.empty((info.size, units.keys.width or 0), np.uint64)
    fill_unique(len(units) * matrix.shape[1], matrix)
    matrix[rows, np.arange(rows.size) - np.searchsorted(rows, rows)] = band_keys
    units.append_records(info, signatures, matrix)


def check_settings(manifest: Manifest, settings: Settings, name: str) -> None:
    """Check that a run can use an index as a reference.

    Args:
        manifest: The index.
        settings: The settings of the run.
        name: The index as the user named it.

    Raises:
        IndexMismatch: The index was made with other settings, or lacks what is compared.
    """
    stored = manifest.settings
    if settings.contained is not None:
        raise IndexMismatch(
            f"--contained searches for texts, and {name} is an index. Name the texts that were added to it instead."
        )
    if settings.compares_across and not stored.compares_across:
        raise IndexMismatch(
            f"{name} has no paragraphs, since it was not made with --paragraphs all. Add --paragraphs within to "
            "compare documents only, or build another index with --paragraphs all."
        )
    if settings.compares_documents and not stored.compares_documents:
        raise IndexMismatch(f"{name} was made with --unit paragraphs and has no documents. Use --unit paragraphs too.")
    names = [*_COMMON, *(["shingle_documents"] if settings.compares_documents else [])]
    differences = differing_settings(stored, settings, [*names, *(_OF_PARAGRAPHS if settings.compares_across else ())])
    if differences:
        raise IndexMismatch(f"{name} was made with other settings: {differences}. Use those of the index.")
