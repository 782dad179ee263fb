"""Read the keys of units: units that share one may be similar."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.columns.differences import hash_values
from dedup.duplicates.columns.scope import value_texts
from dedup.duplicates.columns.values import hash_strings
from dedup.duplicates.distributed.plan import Plan, UnitKind
from dedup.duplicates.distributed.storage.contained import load_contained
from dedup.duplicates.distributed.storage.pieces import Piece
from dedup.duplicates.distributed.storage.units import all_keys, load_records, read_keys, unit_file
from dedup.duplicates.removals import inside_blocks
from dedup.engine.spark.grouping import ROW_BITS
from dedup.kernels.counting_filter import salt
from dedup.runtime.ordered import distinct
from dedup.runtime.table_files import GroupedTable

_KEYS = pa.schema([("key", pa.int64()), ("unit", pa.int64())])


def piece_keys(plan: Plan, kind: UnitKind, piece: int) -> Iterator[pa.RecordBatch]:
    """Yield the keys of the units of a piece that are compared: the hash of their tokens, and their band keys.

    Args:
        plan: The run.
        kind: Documents, or paragraphs of the documents that are kept.
        piece: Number of the piece among those of the references and the corpus.
    """
    if piece < plan.first_piece:
        source, number, _ = plan.reference(piece)
        for found in source.keys(plan, kind, number, piece):
            yield _key_rows(found.units, found.keys, _source_scope(plan, piece, found.docs), piece - number)
        return
    number = piece - plan.first_piece
    scope = scope_hashes(plan, number)
    kept = kept_documents(plan, number) if kind == "paragraphs" else without_items(plan, number)
    row = 0
    for records, bands in read_keys(plan.work, unit_file(kind, piece)):
        wanted = records["tokens"] > 0
        if kept is not None:
            wanted &= kept[records["doc"]]
        rows = np.flatnonzero(wanted)
        keys = all_keys(records, bands, rows, exact=plan.settings.exact)
        yield from _shared_keys(plan, kind, keys)
        yield _key_rows(row + rows, keys, None if scope is None else scope[records["doc"][rows]], piece)
        row += records.size


def _shared_keys(plan: Plan, kind: UnitKind, keys: NDArray[np.uint64]) -> Iterator[pa.RecordBatch]:
    """Yield the keys that units of the corpus share with those of references that are looked up."""
    piece = 0
    for source in plan.references:
        for found in source.shared_keys(kind, distinct(keys.ravel())):
            yield _key_rows(found.units, found.keys, _source_scope(plan, piece, found.docs), piece)
        piece += source.pieces


def _key_rows(
    units: NDArray[np.int64], keys: NDArray[np.uint64], scope: NDArray[np.int64] | None, piece: int
) -> pa.RecordBatch:
    """Return rows of keys.

    Args:
        units: Number of each unit, counted from the first row of a piece, shape (n,).
        keys: Its keys, shape (n, keys).
        scope: A hash for each unit: those of different hashes are not compared, shape (n,). None: all are.
        piece: Number of the piece.
    """
    if scope is not None:
        salt(keys, scope)
    numbers = np.repeat((piece << ROW_BITS) + units, keys.shape[1])
    return pa.RecordBatch.from_arrays([pa.array(keys.ravel().view(np.int64)), pa.array(numbers)], schema=_KEYS)


def _source_scope(plan: Plan, piece: int, docs: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Return a hash of the value of ``--per`` for each of some documents of a reference; None without that option.

    Args:
        plan: The run.
        piece: Number of a piece of the reference.
        docs: Numbers of documents in the reference, shape (n,).
    """
    if plan.settings.per is None:
        return None
    source, _, _ = plan.reference(piece)
    wanted = distinct(docs)
    hashes = np.empty(wanted.size, np.int64)
    for found, batch in source.read(plan, [plan.settings.per], wanted):
        low, high = np.searchsorted(wanted, (found[0], found[-1] + 1))
        hashes[low:high] = hash_values(batch.column(0)).view(np.int64)[np.searchsorted(found, wanted[low:high])]
    return hashes[np.searchsorted(wanted, docs)]


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
            + [
                hash_values(value_texts(batch.column(0), is_json)).view(np.int64)
                for _, batch in run.corpus.batches([per])
            ]
        )


def kept_documents(plan: Plan, number: int) -> NDArray[np.bool_]:
    """Return whether each document of a piece is kept, shape (documents,)."""
    piece, kept = plan.corpus.read(number), without_items(plan, number)
    table = plan.grouped("removed-documents").read(plan.first_piece + number)
    return kept & not_removed(piece, np.empty(0, np.int64) if table is None else table["doc"].to_numpy())


def without_items(plan: Plan, number: int) -> NDArray[np.bool_]:
    """Return whether each document of a piece is not removed for an item that it contains, shape (documents,)."""
    piece = plan.corpus.read(number)
    if plan.items is None:
        return np.ones(piece.rows, np.bool_)
    return ~load_contained(plan.work, [number]).shifted(-piece.first).documents(piece.rows)


def not_removed(piece: Piece, removed: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether each document of a piece is kept, shape (documents,).

    Args:
        piece: The piece.
        removed: Ranks of the documents that are removed.
    """
    kept = np.ones(piece.rows, np.bool_)
    kept[removed - piece.first] = False
    return kept


def linked_blocks(plan: Plan, assigned: GroupedTable, number: int) -> Iterator[pa.RecordBatch]:
    """Yield the units of blocks of a piece with those of their paragraphs, if both have a component.

    Whether a block is removed decides whether its paragraphs are compared, so they must be in one component.

    Args:
        plan: The run.
        assigned: The components of the units.
        number: Number of the piece in the corpus.
    """
    piece = plan.first_piece + number
    table = assigned.read(piece)
    if table is None:
        return
    units = np.sort(table["unit"].to_numpy())
    rows = units & ((1 << ROW_BITS) - 1)
    records = load_records(plan.work, unit_file("paragraphs", piece))[rows]
    is_block = records["block"]
    inside = inside_blocks(records["doc"], records["end"], is_block, is_block)
    last = np.maximum.accumulate(np.where(is_block, np.arange(rows.size), -1))  # the last block up to each row
    yield pa.record_batch({"former": units[last[inside]], "latter": units[inside]})
