"""Write reference.parquet: the units of references that removed units name, as evidence in the output."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.duplicates.references.base import References
from dedup.duplicates.removals import Removals
from dedup.outputs import schema
from dedup.outputs.writer import GroupWriter
from dedup.runtime.ordered import first_of_runs

# Units that are written at a time.
WRITTEN_UNITS = 1 << 13


def write_reference_units(references: References, removals: Removals, path: Path) -> None:
    """Write ``reference.parquet``: each unit of a reference that is named, its text, and what names it.

    Args:
        references: The references.
        removals: The removals.
        path: The file.
    """
    target = schema.with_columns(schema.REFERENCE, pa.schema([]))
    rows = np.flatnonzero(removals.in_reference)
    columns = (removals.kept_doc, ~removals.is_document, removals.kept_start, removals.kept_end)
    rows = rows[np.lexsort(tuple(column[rows] for column in reversed(columns)))]
    first = np.flatnonzero(first_of_runs(*(column[rows] for column in columns)))
    with closing(GroupWriter(path, target)) as writer:
        for begin in range(0, first.size, WRITTEN_UNITS):
            units = first[begin : begin + WRITTEN_UNITS]
            end = first[begin + WRITTEN_UNITS] if begin + WRITTEN_UNITS < first.size else rows.size
            table = _reference_rows(references, removals, rows[units[0] : end], units - units[0], target)
            writer.write(table, pc.binary_length(table["text"]).to_numpy())


def _reference_rows(
    references: References, removals: Removals, rows: NDArray[np.int64], first: NDArray[np.int64], target: pa.Schema
) -> pa.Table:
    """Return rows of ``reference.parquet``.

    Args:
        references: The references.
        removals: The removals.
        rows: Removals by the unit of a reference that they name.
        first: First of each unit in ``rows``, shape (units,).
        target: Schema of the table.
    """
    named = rows[first]
    docs = removals.kept_doc[named]
    distinct = docs[first_of_runs(docs)]
    names = references.names(distinct + references.documents).take(np.searchsorted(distinct, docs))
    removed = {name: removals.place[name][rows] for name in ("start", "end")}
    columns = {
        "unit": np.where(removals.is_document[named], "document", "paragraph"),
        "doc": references.numbers(docs),
        **{name: names[name] for name in names.schema.names},
        "start": removals.kept_start[named],
        "end": removals.kept_end[named],
        "text": _span_texts(references, docs, removals.kept_start[named], removals.kept_end[named]),
        "removed": pa.ListArray.from_arrays(
            pa.array(np.append(first, rows.size), pa.int32()),
            pa.StructArray.from_arrays(
                [references.numbers(removals.doc[rows]), *map(pa.array, removed.values())], ["doc", *removed]
            ),
        ),
    }
    return pa.table([columns[name] for name in target.names], target.names).cast(target)


def _span_texts(
    references: References, docs: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> list[str]:
    """Return the texts of units of the references, by document."""
    texts: list[str] = []
    for numbers, batch in references.texts(docs[first_of_runs(docs)] + references.documents):
        found = numbers - references.documents
        low, high = np.searchsorted(docs, (found[0], found[-1] + 1))
        rows = np.searchsorted(found, docs[low:high])
        for row, start, end in zip(rows.tolist(), starts[low:high], ends[low:high], strict=True):
            texts.append(batch[row].as_py()[start:end])
    return texts
