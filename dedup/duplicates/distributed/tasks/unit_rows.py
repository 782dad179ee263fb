"""Read the units that are compared, with all that is needed to compare them in another task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.context import RunContext
from dedup.duplicates.columns.differences import hash_values
from dedup.duplicates.columns.scope import value_texts
from dedup.duplicates.distributed.plan import ROW_BITS, Plan, UnitKind
from dedup.duplicates.distributed.storage.units import load_records
from dedup.duplicates.distributed.tasks.sketching import unit_file
from dedup.duplicates.removals import PLACE_NAMES
from dedup.duplicates.sketches.masking import mask
from dedup.kernels.text.cuts import gather
from dedup.runtime.arrow import buffers
from dedup.runtime.table_files import GroupedTable

UNIT_ROW = pa.schema(
    [
        ("component", pa.int64()),
        ("unit", pa.int64()),
        ("doc", pa.int64()),
        *((name, pa.int64()) for name in PLACE_NAMES),
        ("content", pa.int64()),
        ("block", pa.bool_()),
        ("text", pa.binary()),
        ("id", pa.string()),
        ("path", pa.string()),
        ("precedence", pa.int64()),
        ("scope", pa.string()),
        ("others", pa.binary()),
    ]
)
"""A unit: its component, number, document (negative for one of a reference), place and hash of its text; the text that
is compared, without what is masked; id and path of its document, its position in keep order, and the values of its
document: that of ``--per``, and a hash of each other column."""


@dataclass(frozen=True)
class _Chosen:
    """Units of a piece."""

    units: NDArray[np.int64]
    """Their numbers, ascending, shape (n,)."""
    components: NDArray[np.int64]
    """Their components, shape (n,)."""
    records: NDArray[Any]
    """Records of dtype `UNIT`, shape (n,)."""

    def part(self, low: int, high: int) -> _Chosen:
        """Return the units from ``low`` to ``high``."""
        return _Chosen(self.units[low:high], self.components[low:high], self.records[low:high])


def piece_rows(plan: Plan, kind: UnitKind, assigned: GroupedTable, number: int) -> Iterator[pa.RecordBatch]:
    """Yield the units of a piece that have a component, with the columns of `UNIT_ROW`.

    Args:
        plan: The run.
        kind: Documents or paragraphs.
        assigned: The components of the units.
        number: Number of the piece.
    """
    table = assigned.read(number)
    if table is None:
        return
    numbers = table["unit"].to_numpy()
    order = np.argsort(numbers)
    units, components = numbers[order], table["component"].to_numpy()[order]
    records = load_records(plan.work, unit_file(kind, number))[units & ((1 << ROW_BITS) - 1)]
    chosen = _Chosen(units, components, records)
    columns = ["id", "path", "text", *plan.deciding_columns]
    if kind == "documents":
        columns += plan.other_columns
    with plan.task(number) as (piece, run):
        for first, batch in run.corpus.batches(list(dict.fromkeys(columns)), np.unique(records["doc"])):
            low, high = np.searchsorted(records["doc"], (first, first + batch.num_rows))
            if low < high:
                yield _rows(plan, kind, run, chosen.part(int(low), int(high)), first, batch, piece.first)


def _rows(
    plan: Plan, kind: UnitKind, run: RunContext, chosen: _Chosen, first: int, batch: pa.RecordBatch, first_doc: int
) -> pa.RecordBatch:
    records = chosen.records
    local = pa.array(records["doc"] - first)
    columns: dict[str, Any] = {
        "component": chosen.components,
        "unit": chosen.units,
        "doc": records["doc"] + first_doc,
        **{name: np.ascontiguousarray(records[name]) for name in PLACE_NAMES},
        "content": np.ascontiguousarray(records["content"]).view(np.int64),
        "block": np.ascontiguousarray(records["block"]),
        "text": unit_texts(batch.column("text"), records, records["doc"] - first, plan.settings.ignore),
        **{name: batch.column(name).take(local).cast(pa.string()) for name in ("id", "path")},
        "precedence": _precedence(plan, records, local, batch),
        "scope": pa.nulls(records.size, pa.string()),
        "others": pa.nulls(records.size, pa.binary()),
    }
    if plan.settings.per is not None:
        texts = value_texts(batch.column(plan.settings.per), plan.settings.per in run.corpus.json_columns)
        columns["scope"] = texts.take(local).cast(pa.string())
    if kind == "documents" and plan.other_columns:
        columns["others"] = _hashes([batch.column(name).take(local) for name in plan.other_columns])
    return pa.RecordBatch.from_arrays([pa.array(columns[name]) for name in UNIT_ROW.names], schema=UNIT_ROW)


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
    large = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), ends.size - 1, [None, pa.py_buffer(ends), pa.py_buffer(taken)]
    )
    return large.cast(pa.binary())


def _precedence(plan: Plan, records: NDArray[Any], local: pa.Array, batch: pa.RecordBatch) -> pa.Array:
    """Return the sort key of the keep order of each unit; null: last. Paragraphs are sorted by their documents."""
    if plan.settings.keep == "longest":
        return pa.array(-records["cut_end"])
    if plan.keep is None:
        return pa.array(np.zeros(records.size, np.int64))
    return plan.keep.keys(batch.column(plan.keep.column).take(local))


def _hashes(columns: Sequence[pa.Array]) -> pa.Array:
    """Return the hashes of the values of each row as bytes."""
    hashes = np.column_stack([hash_values(column) for column in columns])
    data = pa.py_buffer(np.ascontiguousarray(hashes).tobytes())
    width = 8 * len(columns)
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), len(hashes), [None, data]).cast(pa.binary())
