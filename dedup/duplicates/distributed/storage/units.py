"""Store the units of a piece: what is needed to compare and to remove them, without their signatures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.sketches.units import UNIT, Units
from dedup.runtime.shared_folder import SharedFolder
from dedup.runtime.table_files import read_table, write_table

_FIELDS = UNIT.names or ()
# Units in a batch of a file.
_ROWS = 1 << 15


def store_units(folder: SharedFolder, name: str, units: Units, rows: NDArray[np.int64] | None = None) -> None:
    """Write the records and band keys of units to a file.

    Args:
        folder: Where the file is written.
        name: Name of the file.
        units: The units.
        rows: The rows to write, ascending, shape (n,); None: all.
    """
    width = 8 * (units.keys.width or 0)
    schema = pa.schema([*((field, pa.from_numpy_dtype(UNIT[field])) for field in _FIELDS), ("keys", pa.binary(width))])

    def batches() -> Iterator[pa.RecordBatch]:
        chosen = np.arange(len(units)) if rows is None else rows
        keys = units.keys.map()
        for first in range(0, chosen.size, _ROWS):
            part = chosen[first : first + _ROWS]
            records = units.look_up(part, _FIELDS)
            columns = [pa.array(np.ascontiguousarray(records[field])) for field in _FIELDS]
            data = pa.py_buffer(np.ascontiguousarray(keys[part]).tobytes())
            columns.append(pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), part.size, [None, data]))
            yield pa.RecordBatch.from_arrays(columns, schema=schema)
            units.keys.release()

    write_table(folder, name, batches(), schema)


def load_records(folder: SharedFolder, name: str) -> NDArray[Any]:
    """Return the records of the units in a file, of dtype `UNIT`, shape (units,)."""
    parts = [_records(batch) for batch in read_table(folder, name)]
    return np.concatenate([np.empty(0, UNIT), *parts])


def read_keys(folder: SharedFolder, name: str) -> Iterator[tuple[NDArray[Any], NDArray[np.uint64]]]:
    """Yield the records of the units in a file, and their band keys, shape (units, bands)."""
    for batch in read_table(folder, name):
        column = batch.column("keys")
        width = column.type.byte_width // 8
        keys = np.frombuffer(column.buffers()[1], np.uint64).reshape(-1, width) if width else None
        low = column.offset
        yield (
            _records(batch),
            np.empty((batch.num_rows, 0), np.uint64) if keys is None else keys[low : low + batch.num_rows],
        )


def all_keys(
    records: NDArray[Any], bands: NDArray[np.uint64], rows: NDArray[np.int64], *, exact: bool
) -> NDArray[np.uint64]:
    """Return the keys of units: the hash of their tokens, and their band keys; shape (n, keys).

    Args:
        records: Records of dtype `UNIT`, shape (units,).
        bands: Band keys, shape (units, bands).
        rows: Rows of the units, shape (n,).
        exact: Whether there are no band keys.
    """
    sequences = np.ascontiguousarray(records["sequence"][rows]).reshape(-1, 1)
    return sequences if exact else np.column_stack((sequences, bands[rows]))


def unit_file(kind: str, piece: int) -> str:
    """Return the name of the file of the units of a piece.

    Args:
        kind: "documents" or "paragraphs".
        piece: Number of the piece among those of the references and the corpus.
    """
    return f"units/{kind}-{piece:05}.arrow"


def _records(batch: pa.RecordBatch) -> NDArray[Any]:
    records = np.empty(batch.num_rows, UNIT)
    for field in _FIELDS:
        records[field] = batch.column(field).to_numpy(zero_copy_only=False)
    return records
