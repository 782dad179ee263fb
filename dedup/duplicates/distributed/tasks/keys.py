"""Read the keys of units: units that share one may be similar."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.columns.scope import value_texts
from dedup.duplicates.columns.values import hash_strings
from dedup.duplicates.distributed.plan import ROW_BITS, Plan, UnitKind
from dedup.duplicates.distributed.storage.removals import to_removals
from dedup.duplicates.distributed.storage.units import load_records, read_keys
from dedup.duplicates.distributed.tasks.sketching import unit_file
from dedup.duplicates.removals import inside_blocks
from dedup.kernels.counting_filter import salt
from dedup.runtime.table_files import GroupedTable

_KEYS = pa.schema([("key", pa.int64()), ("unit", pa.int64())])
# Stands for null among the hashes of values.
_NULL = 1


def piece_keys(plan: Plan, kind: UnitKind, number: int) -> Iterator[pa.RecordBatch]:
    """Yield the keys of the units of a piece that are compared: the hash of their tokens, and their band keys.

    Args:
        plan: The run.
        kind: Documents, or paragraphs of the documents that are kept.
        number: Number of the piece.
    """
    scope, kept = scope_hashes(plan, number), kept_documents(plan, number) if kind == "paragraphs" else None
    row = 0
    for records, bands in read_keys(plan.work, unit_file(kind, number)):
        wanted = records["tokens"] > 0
        if kept is not None:
            wanted &= kept[records["doc"]]
        rows = np.flatnonzero(wanted)
        sequences = records["sequence"][rows].reshape(-1, 1)
        keys = sequences if plan.settings.exact else np.column_stack((sequences, bands[rows]))
        if scope is not None:
            salt(keys, scope[records["doc"][rows]])
        units = np.repeat((number << ROW_BITS) + row + rows, keys.shape[1])
        yield pa.RecordBatch.from_arrays([pa.array(keys.ravel().view(np.int64)), pa.array(units)], schema=_KEYS)
        row += records.size


def id_hashes(plan: Plan, number: int) -> Iterator[pa.RecordBatch]:
    """Yield the hashes of the ids of a piece."""
    with plan.task(number) as (_, run):
        for _, batch in run.corpus.batches(["id"]):
            yield pa.record_batch({"id": hash_strings(batch.column(0)).view(np.int64)})


def scope_hashes(plan: Plan, number: int) -> NDArray[np.int64] | None:
    """Return a hash of the value of ``--per`` for each document of a piece, shape (documents,); None without it."""
    per = plan.settings.per
    if per is None:
        return None
    with plan.task(number) as (_, run):
        is_json = per in run.corpus.json_columns
        return np.concatenate(
            [np.empty(0, np.int64)]
            + [value_hashes(value_texts(batch.column(0), is_json)) for _, batch in run.corpus.batches([per])]
        )


def value_hashes(values: pa.Array) -> NDArray[np.int64]:
    """Return a hash of each value as text; null has one too."""
    hashes = hash_strings(values)
    hashes[np.asarray(values.is_null())] = _NULL
    return hashes.view(np.int64)


def kept_documents(plan: Plan, number: int) -> NDArray[np.bool_]:
    """Return whether each document of a piece is kept, shape (documents,)."""
    piece = plan.corpus.read(number)
    kept = np.ones(piece.rows, np.bool_)
    table = plan.grouped("removed-documents").read(number)
    if table is not None:
        kept[to_removals(table).doc - piece.first] = False
    return kept


def linked_blocks(plan: Plan, assigned: GroupedTable, number: int) -> Iterator[pa.RecordBatch]:
    """Yield the units of blocks of a piece with those of their paragraphs, if both have a component.

    Whether a block is removed decides whether its paragraphs are compared, so they must be in one component.

    Args:
        plan: The run.
        assigned: The components of the units.
        number: Number of the piece.
    """
    table = assigned.read(number)
    if table is None:
        return
    units = np.sort(table["unit"].to_numpy())
    rows = units & ((1 << ROW_BITS) - 1)
    records = load_records(plan.work, unit_file("paragraphs", number))[rows]
    is_block = records["block"]
    inside = inside_blocks(records["doc"], records["end"], is_block, is_block)
    last = np.maximum.accumulate(np.where(is_block, np.arange(rows.size), -1))  # the last block up to each row
    yield pa.record_batch({"former": units[last[inside]], "latter": units[inside]})
