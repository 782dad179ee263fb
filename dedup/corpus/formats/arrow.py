"""Convert Arrow tables to batches with the columns of the corpus, and check that their texts are valid UTF-8."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from dedup.corpus.batches import as_large_string, split_batch
from dedup.corpus.columns import ChosenColumns, Content, choose_columns, content_of, document_schema
from dedup.corpus.formats.encoding import is_utf8
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.corpus.types import conform, is_binary, is_string, plain_type, unify
from dedup.settings import Reading


@dataclass(frozen=True)
class TableLayout:
    """The mapping of the columns of a table to columns of the corpus."""

    path: str
    """Path in the corpus."""
    outlet: str | None
    """Outlet of all documents, if it is the name of a folder."""
    schema: pa.Schema
    """Columns of the corpus."""
    chosen: ChosenColumns
    """Columns of the texts and ids."""
    others: dict[str, str]
    """Other columns: name in the table by name in the corpus."""

    @classmethod
    def of(cls, source: pa.Schema, path: str, outlet: str | None, reading: Reading) -> TableLayout:
        """Choose columns and names for a table.

        Args:
            source: Schema of the table.
            path: Path in the corpus.
            outlet: Outlet of all documents, if it is the name of a folder.
            reading: How the table is read.

        Returns:
            The mapping.

        Raises:
            ColumnNotFound: There is no text column.
            Unreadable: Two columns have the same name.
        """
        chosen = choose_columns(schema_contents(source), reading)
        others = {new: old for old, new in chosen.others(source.names, reading).items()}
        fields = [pa.field(new, plain_type(source.field(old).type)) for new, old in others.items()]
        return cls(path, outlet, pa.schema([*document_schema(reading), *fields]), chosen, others)

    def source_columns(self, names: Sequence[str]) -> list[str]:
        """Return the columns of the table from which the named columns of the corpus are computed."""
        needed = {"text": self.chosen.text, "id": self.chosen.id, **self.others}
        return list(dict.fromkeys(old for name in names if (old := needed.get(name)) is not None))

    def apply(
        self, batch: pa.RecordBatch, first_row: int, names: Sequence[str], texts: pa.Array | None
    ) -> pa.RecordBatch:
        """Convert rows of the table.

        Args:
            batch: Rows with at least the columns from `source_columns`.
            first_row: Index of the first row in the table.
            names: Columns of the corpus to return; those that the table lacks are left out.
            texts: Valid texts (large_string), shape (rows,); None if no texts are requested.

        Returns:
            The columns; only `row` if the table has none of them, since a batch without columns has no length.
        """
        count = batch.num_rows
        rows = pa.array(np.arange(first_row, first_row + count))
        arrays: dict[str, Any] = {}
        for name in names:
            if name in self.others:
                arrays[name] = batch.column(self.others[name])
            elif name not in self.schema.names:
                continue
            elif name == "id":
                arrays[name] = self._ids(batch, rows)
            elif name == "path":
                arrays[name] = pa.repeat(self.path, count)
            elif name == "row":
                arrays[name] = rows
            elif name == "text":
                arrays[name] = texts
            else:
                arrays[name] = pa.nulls(count, pa.string()) if self.outlet is None else pa.repeat(self.outlet, count)
        if not arrays:
            arrays["row"] = rows
        return pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))

    def _ids(self, batch: pa.RecordBatch, rows: pa.Array) -> pa.Array:
        """Return the ids of the id column as strings, and `path#row` where it is null or absent."""
        import pyarrow.compute as pc

        given = None if self.chosen.id is None else id_strings(batch.column(self.chosen.id))
        if given is not None and not given.null_count:
            return given
        generated = pc.binary_join_element_wise(self.path, rows.cast(pa.string()), "#")
        return generated if given is None else pc.coalesce(given, generated)


def schema_contents(schema: pa.Schema) -> dict[str, Content]:
    """Return the content of each column of a schema; raises Unreadable if two columns have the same name."""
    repeated = sorted({name for name in schema.names if schema.names.count(name) > 1})
    if repeated:
        raise Unreadable(f"two columns are named {repeated[0]!r}")
    return {field.name: content_of(field.type) for field in schema}


def table_batches(
    batches: Iterator[pa.RecordBatch], source: pa.Schema, layout: TableLayout, report: ReportBuilder
) -> Iterator[pa.RecordBatch]:
    """Convert all rows of a table to batches of limited size; rows whose text is not UTF-8 are skipped.

    Args:
        batches: Rows of the table, in order.
        source: Schema of the table.
        layout: How its columns become columns of the corpus.
        report: Receives the skipped rows and the counts of nulls.
    """
    first_row, plain_schema, chosen = 0, unify([source]), layout.chosen
    for source_batch in batches:
        for batch in split_batch(conform(source_batch, plain_schema), chosen.text):
            texts = as_large_string(batch.column(chosen.text))
            invalid = find_invalid(texts)
            for index in invalid:
                report.skip(layout.path, f"`{chosen.text}` is not UTF-8", row=first_row + index)
            result = layout.apply(batch, first_row, layout.schema.names, texts)
            ids = batch.column(chosen.id or chosen.text)
            if invalid:
                valid = pa.array(np.delete(np.arange(batch.num_rows), invalid))
                result, ids = result.take(valid), ids.take(valid)
            report.null_texts += result.column("text").null_count
            report.null_ids += 0 if chosen.id is None else ids.null_count
            yield conform(result, unify([result.schema]))
            first_row += batch.num_rows


def id_strings(values: pa.Array) -> pa.Array:
    """Convert ids of any simple type to valid strings; bytes that are not UTF-8 are written in hexadecimal."""
    values = values.cast(plain_type(values.type))
    if is_binary(values.type):
        return pa.array([None if value is None else _decode_or_hex(value) for value in values.to_pylist()], pa.string())
    if is_string(values.type):
        return repair(values.cast(pa.large_string()))[0].cast(pa.string())
    return values.cast(pa.string())


def _decode_or_hex(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()


def find_invalid(texts: pa.Array) -> list[int]:
    """Return the indices of the texts (large_string) that are not valid UTF-8.

    >>> find_invalid(pa.array([b"a", b"\\xff"], pa.large_binary()).view(pa.large_string()))
    [1]
    """
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        values = texts.view(pa.large_binary()).to_pylist()
        return [index for index, value in enumerate(values) if value is not None and not is_utf8(value)]
    return []


def repair(texts: pa.Array) -> tuple[pa.Array, dict[int, int]]:
    """Replace bytes that are not UTF-8 by U+FFFD.

    Args:
        texts: Texts (large_string), shape (rows,).

    Returns:
        Valid texts, shape (rows,), and the number of U+FFFD inserted by index of the text.
    """
    invalid = find_invalid(texts)
    if not invalid:
        return texts, {}
    values = texts.view(pa.large_binary()).to_pylist()
    counts = {}
    for index in invalid:
        fixed = values[index].decode("utf-8", "replace")
        counts[index] = fixed.count("\ufffd") - values[index].count("\ufffd".encode())
        values[index] = fixed.encode()
    return pa.array(values, pa.large_binary()).view(pa.large_string()), counts
