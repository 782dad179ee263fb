"""Write segments: kept units, their keys and texts, in files that depend on the content alone."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.sketches.units import UNIT, Units
from dedup.engine.duckdb import open_database
from dedup.index.storage import layout
from dedup.index.storage.layout import KEY_FILES, TEXTS_FILE, UNIT_FILES, UnitKind
from dedup.index.storage.manifest import Manifest, Segment
from dedup.index.storage.table_file import record_file
from dedup.outputs.writer import GroupWriter
from dedup.runtime.arrow import buffers
from dedup.runtime.workspace import Workspace

# Units read from the files of a run at a time.
READ_ROWS = 1 << 14

KeyRows = tuple[NDArray[np.uint64], NDArray[np.int64]]
"""Hashes, and the number of what has each of them, shape (n,) each."""

_SIGN = np.uint64(1 << 63)


@dataclass(frozen=True)
class KeptUnits:
    """The units of a run that are kept."""

    units: Units
    """All units of the run."""
    rows: NDArray[np.int64]
    """Rows of those that are kept, ascending, shape (n,)."""
    doc_shift: int = 0
    """Added to ``doc`` to make it the rank of the document in the index."""

    def parts(self) -> Iterator[slice]:
        """Yield slices of ``rows``."""
        for first in range(0, self.rows.size, READ_ROWS):
            yield slice(first, min(first + READ_ROWS, self.rows.size))


@dataclass(frozen=True)
class SegmentContent:
    """What an addition stores. Ranks of documents are those in the index."""

    documents: int
    """Number of documents of the addition, kept or not."""
    document_units: KeptUnits
    """Kept documents."""
    paragraph_units: KeptUnits | None
    """Kept paragraphs; None where paragraphs are not stored."""
    texts: Iterable[pa.RecordBatch]
    """Kept documents by ascending rank, with the columns of `dedup.index.storage.layout.TEXTS`."""
    ids: Iterable[KeyRows]
    """Hashes of the ids of all documents that have one, and their ranks; see `dedup.index.storage.hashes.hash_ids`."""
    inputs: NDArray[np.uint64]
    """A hash of the place and content of each input, shape (inputs,)."""


def write_segment(folder: Path, manifest: Manifest, content: SegmentContent, workspace: Workspace) -> Segment:
    """Write a segment under a temporary name, for `dedup.index.storage.commit.commit`.

    The bytes of the files depend on the content and the manifest alone, not on the workspace or on batches.

    Args:
        folder: The index, locked by this process for writing.
        manifest: Its present manifest, or that of `new_manifest`.
        content: What to store.
        workspace: Temporary directory, memory and threads.
    """
    name, settings = segment_name(manifest), manifest.settings
    part = part_folder(folder, name)
    part.mkdir()
    kept: dict[UnitKind, KeptUnits | None] = {
        "documents": content.document_units,
        "paragraphs": content.paragraph_units,
    }
    for kind, units in kept.items():
        if units is not None:
            first = manifest.units(kind)
            has_bands = not settings.exact and (kind == "paragraphs" or settings.compares_documents)
            _write_units(part / UNIT_FILES[kind], units)
            write_keys(part / KEY_FILES[kind], _keys_of(units, first, has_bands), workspace)
    write_texts(part / TEXTS_FILE, content.texts)
    write_keys(part / KEY_FILES["ids"], content.ids, workspace)
    numbers = manifest.inputs + np.arange(content.inputs.size)
    write_keys(part / KEY_FILES["inputs"], [(content.inputs, numbers)], workspace)
    return record_segment(part, name, content.documents)


def segment_name(manifest: Manifest) -> str:
    """Return the name of the segment that the next version adds."""
    return f"{manifest.version + 1:06d}"


def part_folder(folder: Path, name: str) -> Path:
    """Return the temporary name of a segment."""
    return folder / layout.SEGMENTS / f"{name}.part"


def record_segment(part: Path, name: str, documents: int) -> Segment:
    """Return what the manifest states of a segment that was just written.

    Args:
        part: Its folder.
        name: Its name.
        documents: Number of documents that were added.
    """
    return Segment(name, documents, {path.name: record_file(path) for path in sorted(part.iterdir())})


def unit_writer(path: Path, words: int) -> GroupWriter:
    """Create a file of units.

    Args:
        path: The file.
        words: Number of uint64 values of a signature.
    """
    return GroupWriter(path, layout.unit_schema(words), group_rows=layout.UNIT_GROUP_ROWS, **layout.UNIT_OPTIONS)


def _write_units(path: Path, kept: KeptUnits) -> None:
    """Write the fields and signatures of units."""
    words = kept.units.signature.width or 0
    with closing(unit_writer(path, words)) as writer:
        for part in kept.parts():
            rows = kept.rows[part]
            info = kept.units.look_up(rows, UNIT.names or ())
            info["doc"] += kept.doc_shift
            signature = np.ascontiguousarray(kept.units.signature.map()[rows])
            kept.units.signature.release()
            columns = [pa.array(np.ascontiguousarray(info[name])) for name in UNIT.names or ()]
            kind = pa.binary(8 * words)
            columns.append(pa.FixedSizeBinaryArray.from_buffers(kind, rows.size, [None, pa.py_buffer(signature)]))
            writer.write(pa.table(columns, schema=layout.unit_schema(words)), np.zeros(rows.size, np.int64))


def _keys_of(kept: KeptUnits, first: int, has_bands: bool) -> Iterator[KeyRows]:
    """Yield the band keys and hashes of token sequences; units without tokens have none.

    Args:
        kept: The units.
        first: Number of the first unit.
        has_bands: Whether the units have signatures, and so band keys.
    """
    for part in kept.parts():
        rows = kept.rows[part]
        numbers = np.arange(first + part.start, first + part.stop)
        info = kept.units.look_up(rows, ["tokens", "sequence"])
        keys = info["sequence"].reshape(-1, 1)
        if has_bands:
            keys = np.column_stack((kept.units.keys.map()[rows], keys))
            kept.units.keys.release()
        found = info["tokens"] > 0
        yield keys[found].ravel(), np.repeat(numbers[found], keys.shape[1])


def write_keys(path: Path, parts: Iterable[KeyRows], workspace: Workspace) -> None:
    """Sort keys and write them.

    Args:
        path: The file.
        parts: The keys.
        workspace: Temporary directory, memory and threads.
    """
    database = open_database(workspace.folder, workspace.memory, workspace.workers)
    try:
        database.execute("CREATE TABLE keys (key BIGINT, unit BIGINT)")
        for keys, units in parts:
            # With its highest bit flipped, an unsigned key has the same order as a signed one.
            database.insert("keys", key=(keys ^ _SIGN).view(np.int64), unit=units)
        options = layout.KEY_OPTIONS
        with closing(GroupWriter(path, layout.KEYS, group_rows=layout.KEY_GROUP_ROWS, **options)) as writer:
            for key, unit in database.stream("SELECT key, unit FROM keys ORDER BY key, unit"):
                table = pa.table([pa.array(key.view(np.uint64) ^ _SIGN), pa.array(unit)], schema=layout.KEYS)
                writer.write(table, np.zeros(table.num_rows, np.int64))
    finally:
        database.close()


def write_texts(path: Path, batches: Iterable[pa.RecordBatch]) -> None:
    """Write the texts of kept documents.

    Args:
        path: The file.
        batches: The rows, with the columns of `dedup.index.storage.layout.TEXTS`.
    """
    options = layout.TEXT_OPTIONS
    with closing(GroupWriter(path, layout.TEXTS, group_bytes=layout.TEXT_GROUP_BYTES, **options)) as writer:
        for batch in batches:
            table = pa.Table.from_batches([batch]).select(layout.TEXTS.names).cast(layout.TEXTS)
            writer.write(table, np.diff(buffers(batch.column("text").cast(pa.large_string()))[1]))
