"""Keep the items that tasks search for, and what they find, in files."""

from __future__ import annotations

import pickle
import uuid
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pyarrow as pa

from dedup.duplicates.containment.found import FOUND, Contained, join_contained
from dedup.duplicates.containment.items import Items
from dedup.duplicates.distributed.storage.removals import load_removals, store_removals
from dedup.runtime.shared_folder import SharedFolder
from dedup.runtime.table_files import read_table, write_table

_EMPTIED = pa.schema([("doc", pa.int64())])
_COLUMNS = pa.schema([(name, pa.int64()) for name in FOUND.names or ()])


def store_items(folder: SharedFolder, items: Items) -> str:
    """Write items to a file, and return its name, which no other file has."""
    name = f"items/{uuid.uuid4().hex}.pickle"
    with folder.writing(name) as path:
        path.write_bytes(pickle.dumps(items, protocol=5))
    return name


@lru_cache(maxsize=1)  # the tasks of a process search for the same items
def load_items(folder: SharedFolder, name: str) -> Items:
    """Read items from a file that `store_items` wrote."""
    with folder.reading(name) as path:
        items: Items = pickle.loads(path.read_bytes())  # noqa: S301 - our own
    return items


def store_contained(folder: SharedFolder, number: int, contained: Contained) -> None:
    """Write what was found in a piece of the corpus."""
    columns = [pa.array(np.ascontiguousarray(contained.found[name])) for name in _COLUMNS.names]
    rows = pa.RecordBatch.from_arrays(columns, schema=_COLUMNS)
    write_table(folder, f"found/{number:05}.arrow", [rows], _COLUMNS)
    store_removals(folder, f"contained/{number:05}.arrow", contained.removals)
    emptied = pa.RecordBatch.from_arrays([pa.array(contained.emptied)], schema=_EMPTIED)
    write_table(folder, f"emptied/{number:05}.arrow", [emptied], _EMPTIED)


def load_contained(folder: SharedFolder, numbers: Iterable[int]) -> Contained:
    """Read what was found in pieces of the corpus."""
    parts = []
    for number in numbers:
        table = pa.Table.from_batches(list(read_table(folder, f"found/{number:05}.arrow")), _COLUMNS)
        found = np.empty(table.num_rows, FOUND)
        for name in _COLUMNS.names:
            found[name] = table[name].to_numpy()
        emptied = pa.Table.from_batches(list(read_table(folder, f"emptied/{number:05}.arrow")), _EMPTIED)
        removals = load_removals(folder, f"contained/{number:05}.arrow")
        parts.append(Contained(found, removals, emptied["doc"].to_numpy()))
    return join_contained(parts)
