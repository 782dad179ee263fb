"""Removals as rows of a table, to be sent between tasks, and in files."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.removals import PLACE, PLACE_NAMES, Removals
from dedup.runtime.shared_folder import SharedFolder
from dedup.runtime.table_files import read_table, write_table

_SHARES = ("jaccard", "containment", "kept_containment")
_TYPES = {"is_document": pa.bool_(), "reason": pa.int8(), **dict.fromkeys(_SHARES, pa.float64())}
_COLUMNS = [name for item in fields(Removals) for name in (PLACE_NAMES if item.name == "place" else (item.name,))]
REMOVAL = pa.schema([(name, _TYPES.get(name, pa.int64())) for name in _COLUMNS])
"""A removal: the attributes of `Removals`, with those of the place one by one."""

DECIDED = pa.schema(
    [
        *REMOVAL,
        ("unit", pa.int64()),
        ("kept_unit", pa.int64()),
        ("kept_id", pa.string()),
        ("kept_path", pa.string()),
    ]
)
"""A removal, the numbers of the removed and of the kept unit, and id and path of the document of the kept unit."""
COPIES = pa.schema([("unit", pa.int64()), ("doc", pa.int64()), ("copies", pa.int64())])
"""A document, and the number of documents that are removed in its favour."""


def spark_schema(schema: pa.Schema) -> str:
    """Return the columns of a table in the language of Spark.

    >>> spark_schema(COPIES)
    'unit bigint, doc bigint, copies bigint'
    """
    names = {pa.int64(): "bigint", pa.int8(): "tinyint", pa.bool_(): "boolean", pa.float64(): "double"}
    names |= {pa.string(): "string", pa.binary(): "binary"}
    return ", ".join(f"{field.name} {names[field.type]}" for field in schema)


def removal_rows(removals: Removals) -> pa.RecordBatch:
    """Return removals as rows with the columns of `REMOVAL`."""
    columns: dict[str, NDArray[Any]] = {item.name: getattr(removals, item.name) for item in fields(Removals)}
    place = columns.pop("place")
    columns |= {name: place[name] for name in PLACE_NAMES}
    arrays = [pa.array(np.ascontiguousarray(columns[name])) for name in REMOVAL.names]
    return pa.RecordBatch.from_arrays(arrays, schema=REMOVAL)


def to_removals(table: pa.Table) -> Removals:
    """Return the removals in rows with the columns of `REMOVAL`, and possibly others."""
    columns = {name: table[name].to_numpy() for name in REMOVAL.names}
    place = np.empty(table.num_rows, PLACE)
    for name in PLACE_NAMES:
        place[name] = columns.pop(name)
    columns["place"] = place
    return Removals(**columns)


def store_removals(folder: SharedFolder, name: str, removals: Removals) -> None:
    """Write removals to a file."""
    write_table(folder, name, [removal_rows(removals)], REMOVAL)


def load_removals(folder: SharedFolder, name: str) -> Removals:
    """Read removals from a file."""
    return to_removals(pa.Table.from_batches(list(read_table(folder, name)), REMOVAL))
