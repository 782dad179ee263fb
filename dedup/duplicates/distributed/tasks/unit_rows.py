"""Read the units that are compared, with all that is needed to compare them in another task."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.columns.differences import hash_values
from dedup.duplicates.columns.scope import value_texts
from dedup.duplicates.distributed.plan import Plan, UnitKind
from dedup.duplicates.distributed.storage.units import load_records, unit_file
from dedup.duplicates.removals import PLACE_NAMES
from dedup.duplicates.sketches.masking import mask
from dedup.engine.spark.grouping import ROW_BITS
from dedup.kernels.text.cuts import gather
from dedup.runtime.arrow import buffers, text_array
from dedup.runtime.table_files import GroupedTable

UNIT_ROW = pa.schema(
    [
        ("component", pa.int64()),
        ("unit", pa.int64()),
        ("doc", pa.int64()),
        *((name, pa.int64()) for name in PLACE_NAMES),
        ("content", pa.int64()),
        ("tokens", pa.int64()),
        ("block", pa.bool_()),
        ("text", pa.binary()),
        ("id", pa.string()),
        ("path", pa.string()),
        ("precedence", pa.int64()),
        ("scope", pa.string()),
        ("others", pa.binary()),
    ]
)
"""A unit: its component, number, document (negative for one of a reference), place, hash of its text and number of
tokens; the text that is compared, without what is masked; id and path of its document, its position in keep order, and
the values of its document: that of ``--per``, and a hash of each other column."""


@dataclass(frozen=True)
class _Chosen:
    """Units of a piece."""

    units: NDArray[np.int64]
    """Their numbers, ascending, shape (n,)."""
    components: NDArray[np.int64]
    """Their components, shape (n,)."""
    records: NDArray[Any]
    """Records of dtype `UNIT`, shape (n,)."""

    def of_documents(self, docs: NDArray[np.int64]) -> _Chosen | None:
        """Return the units of some documents, ascending, shape (documents,); None if there is none."""
        low, high = np.searchsorted(self.records["doc"], (docs[0], docs[-1] + 1))
        if low == high:
            return None
        return _Chosen(self.units[low:high], self.components[low:high], self.records[low:high])


def piece_rows(plan: Plan, kind: UnitKind, assigned: GroupedTable, piece: int) -> Iterator[pa.RecordBatch]:
    """Yield the units of a piece that have a component, with the columns of `UNIT_ROW`.

    Args:
        plan: The run.
        kind: Documents or paragraphs.
        assigned: The components of the units.
        piece: Number of the piece among those of the references and the corpus.
    """
    table = assigned.read(piece)
    if table is None:
        return
    numbers = table["unit"].to_numpy()
    order = np.argsort(numbers)
    units, components = numbers[order], table["component"].to_numpy()[order]
    rows = units & ((1 << ROW_BITS) - 1)
    if piece < plan.first_piece:
        yield from _reference_rows(plan, kind, units, components, rows, piece)
        return
    records = load_records(plan.work, unit_file(kind, piece))[rows]
    columns = ["id", "path", "text", *plan.deciding_columns]
    if kind == "documents":
        columns += plan.other_columns
    with plan.task(piece - plan.first_piece) as (contents, run):
        docs = np.unique(records["doc"])
        records["doc"] += contents.first
        chosen = _Chosen(units, components, records)
        for first, batch in run.corpus.batches(list(dict.fromkeys(columns)), docs):
            numbers = contents.first + first + np.arange(batch.num_rows)
            if (part := chosen.of_documents(numbers)) is not None:
                yield _rows(plan, part, numbers, batch, run.corpus.json_columns, with_others=kind == "documents")


def _reference_rows(
    plan: Plan,
    kind: UnitKind,
    units: NDArray[np.int64],
    components: NDArray[np.int64],
    rows: NDArray[np.int64],
    piece: int,
) -> Iterator[pa.RecordBatch]:
    """Yield units of a piece of a reference, with the columns of `UNIT_ROW`."""
    source, number, first_doc = plan.reference(piece)
    records = source.records(plan, kind, number, piece, rows)
    docs = np.unique(records["doc"])
    records["doc"] += first_doc
    chosen = _Chosen(units, components, records)
    columns = ["id", "path", "text", *([plan.settings.per] if plan.settings.per else [])]
    for found, batch in source.read(plan, columns, docs):
        if (part := chosen.of_documents(found + first_doc)) is not None:
            yield _rows(plan, part, found + first_doc, batch, (), with_others=False)


def _rows(
    plan: Plan,
    chosen: _Chosen,
    docs: NDArray[np.int64],
    batch: pa.RecordBatch,
    json_columns: Collection[str],
    *,
    with_others: bool,
) -> pa.RecordBatch:
    """Return units with the columns of `UNIT_ROW`.

    Args:
        plan: The run.
        chosen: The units.
        docs: Number of each document of the batch, ascending, shape (documents,).
        batch: Their documents, and possibly others.
        json_columns: Columns whose values are JSON.
        with_others: Whether hashes of the other columns are wanted.
    """
    records, per = chosen.records, plan.settings.per
    rows = np.searchsorted(docs, records["doc"])
    local = pa.array(rows)
    columns: dict[str, Any] = {
        "component": chosen.components,
        "unit": chosen.units,
        "doc": np.ascontiguousarray(records["doc"]),
        **{name: np.ascontiguousarray(records[name]) for name in PLACE_NAMES},
        "content": np.ascontiguousarray(records["content"]).view(np.int64),
        "tokens": np.ascontiguousarray(records["tokens"]),
        "block": np.ascontiguousarray(records["block"]),
        "text": unit_texts(batch.column("text"), records, rows, plan.settings.ignore),
        **{name: batch.column(name).take(local).cast(pa.string()) for name in ("id", "path")},
        "precedence": _precedence(plan, records, local, batch),
        "scope": pa.nulls(records.size, pa.string()),
        "others": pa.nulls(records.size, pa.binary()),
    }
    if per is not None:
        columns["scope"] = value_texts(batch.column(per), per in json_columns).take(local).cast(pa.string())
    if with_others and plan.other_columns:
        columns["others"] = _hashes([batch.column(name).take(local) for name in plan.other_columns])
    ordered = (columns[name] for name in UNIT_ROW.names)
    arrays = [pa.array(column) if isinstance(column, np.ndarray) else column for column in ordered]
    return pa.RecordBatch.from_arrays(arrays, schema=UNIT_ROW)


def unit_texts(
    texts: pa.LargeStringArray, records: NDArray[Any], local: NDArray[np.int64], ignore: Sequence[str]
) -> pa.Array:
    """Return the texts of units, with blanks for what is not compared.

    Args:
        texts: Texts of documents.
        records: Records of the units, of dtype `UNIT`, shape (n,).
        local: Index of the document of each unit among the texts, shape (n,).
        ignore: Patterns of what is not compared.
    """
    _, offsets = buffers(texts)
    data = mask(texts, ignore)
    taken, ends = gather(data, offsets[local] + records["byte_start"], offsets[local] + records["byte_end"])
    return text_array(taken, ends).cast(pa.large_binary()).cast(pa.binary())


def _precedence(plan: Plan, records: NDArray[Any], local: pa.Array, batch: pa.RecordBatch) -> pa.Array:
    """Return the sort key of the keep order of each unit; null: last. Paragraphs are sorted by their documents."""
    if plan.settings.keep == "longest":
        return pa.array(-records["cut_end"])
    if plan.keep is None or plan.keep.column not in batch.schema.names:
        return pa.array(np.zeros(records.size, np.int64))
    return plan.keep.keys(batch.column(plan.keep.column).take(local))


def _hashes(columns: Sequence[pa.Array]) -> pa.Array:
    """Return the hashes of the values of each row as bytes."""
    hashes = np.column_stack([hash_values(column) for column in columns])
    data = pa.py_buffer(np.ascontiguousarray(hashes).tobytes())
    width = 8 * len(columns)
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), len(hashes), [None, data]).cast(pa.binary())
