"""Convert Arrow tables to batches with the columns of the corpus, and check that their texts are valid UTF-8."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from dedup.corpus.batches import as_large_string, split_batch
from dedup.corpus.columns import (
    SAMPLE_ROWS,
    ChosenColumns,
    Content,
    TextColumns,
    choose_columns,
    content_of,
    document_schema,
)
from dedup.corpus.encodings.detect import is_utf8
from dedup.corpus.records import RowSource, text_of
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.corpus.types import JSON_STRINGS, conform, is_binary, is_string, plain_type, unify
from dedup.outputs.origins import ABSENT_COLUMNS, TEXT_PARTS, Origin, OriginField, decode_origins
from dedup.outputs.schema import CLEAN, METADATA

Head: TypeAlias = "Callable[[str], pa.Array | None]"
"""Returns the first values of a column of a table; None if there are none."""
EARLIER_COLUMNS = frozenset((*CLEAN.names, "copies", TEXT_PARTS, ABSENT_COLUMNS))
"""Columns that `clean` added to an earlier output, which are not carried along."""


@dataclass(frozen=True)
class TableLayout:
    """The mapping of the columns of a table to columns of the corpus."""

    path: str
    """Path in the corpus."""
    constants: Mapping[str, str | None]
    """Columns with the same value in all documents."""
    schema: pa.Schema
    """Columns of the corpus."""
    chosen: ChosenColumns
    """Columns of the texts and ids."""
    others: dict[str, str]
    """Other columns: name in the table by name in the corpus."""
    origin: Origin
    """How the columns of the table are restored."""

    @classmethod
    def of(cls, source: pa.Schema, table: RowSource, head: Head) -> TableLayout:
        """Choose columns and names for a table.

        Args:
            source: Schema of the table.
            table: The table.
            head: Returns the first values of a column, by which the text column is found.

        Returns:
            The mapping.

        Raises:
            ColumnNotFound: There is no text column.
            Unreadable: Two columns have the same name.
        """
        reading = table.reading
        earlier = _columns_of_output(source)
        names = [name for name in source.names if earlier is None or name not in EARLIER_COLUMNS]
        contents = schema_contents(source)
        if earlier is not None:
            chosen = ChosenColumns(TextColumns(("text",)), "id")
        else:
            chosen = choose_columns(contents, reading, lambda name: _sample(head(name)))
        # The columns of an earlier output had their names already.
        others = {name: name for name in names} if earlier is not None else chosen.others(names, reading)
        fields = [
            pa.field(new, plain_type(source.field(old).type), metadata=JSON_STRINGS if old in (earlier or ()) else None)
            for old, new in others.items()
        ]
        taken = {*document_schema(reading).names, *others.values()}
        constants = {name: value for name, value in table.constants.items() if name == "outlet" or name not in taken}
        fields += [pa.field(name, pa.string()) for name in constants if name not in taken]
        if chosen.text.separator is not None:
            fields.append(pa.field(TEXT_PARTS, pa.list_(pa.int32())))
        given = _fields_of_output(names) if earlier is not None else chosen.fields(dict.fromkeys(names, False), reading)
        origin = Origin("rows", fields=given, separator=chosen.text.separator)
        schema = pa.schema([*document_schema(reading), *fields])
        return cls(table.path, constants, schema, chosen, {new: old for old, new in others.items()}, origin)

    def source_columns(self, names: Sequence[str]) -> list[str]:
        """Return the columns of the table from which the named columns of the corpus are computed."""
        needed = {"text": self.chosen.text.names[0], "id": self.chosen.id, **self.others}
        return list(dict.fromkeys(old for name in names if (old := needed.get(name)) is not None))

    def apply(self, batch: pa.RecordBatch, first_row: int, names: Sequence[str], texts: Texts | None) -> pa.RecordBatch:
        """Convert rows of the table.

        Args:
            batch: Rows with at least the columns from `source_columns`.
            first_row: Index of the first row in the table.
            names: Columns of the corpus to return; those that the table lacks are left out.
            texts: The texts of the rows; None if no texts are requested.

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
                arrays[name] = None if texts is None else texts.values
            elif name == TEXT_PARTS:
                arrays[name] = pa.nulls(count, pa.list_(pa.int32())) if texts is None else texts.parts
            else:
                arrays[name] = pa.array([self.constants.get(name)] * count, pa.string())
        if not arrays:
            arrays["row"] = rows
        fields = [
            pa.field(name, array.type, metadata=self.schema.field(name).metadata) for name, array in arrays.items()
        ]
        return pa.RecordBatch.from_arrays(list(arrays.values()), schema=pa.schema(fields))

    def _ids(self, batch: pa.RecordBatch, rows: pa.Array) -> pa.Array:
        """Return the ids of the id column as strings, and `path#row` where it is null or absent."""
        import pyarrow.compute as pc

        given = None if self.chosen.id is None else id_strings(batch.column(self.chosen.id))
        if given is not None and not given.null_count:
            return given
        generated = pc.binary_join_element_wise(self.path, rows.cast(pa.string()), "#")
        return generated if given is None else pc.coalesce(given, generated)


@dataclass(frozen=True)
class Texts:
    """The texts of some rows."""

    values: pa.Array
    """Texts (large_string), shape (rows,)."""
    parts: pa.Array | None = None
    """Lengths of the parts that each text was joined from (list of int32), shape (rows,)."""


def make_texts(batch: pa.RecordBatch, columns: TextColumns) -> tuple[Texts, dict[int, str]]:
    """Return the texts of some rows of a table.

    Args:
        batch: The rows.
        columns: The columns of the text.

    Returns:
        The texts, valid where there is no problem, and the rows that have no text with the reason.
    """
    if columns.kind == "column":
        texts = as_large_string(batch.column(columns.names[0]))
        return Texts(texts), dict.fromkeys(find_invalid(texts), f"`{columns.names[0]}` is not UTF-8")
    roots = dict.fromkeys(name if name in batch.schema.names else name.split(".")[0] for name in columns.names)
    problems: dict[int, str] = {}
    texts, parts = [], []
    for index, values in enumerate(batch.select(list(roots)).to_pylist()):
        try:
            text, lengths = text_of(values, columns)
        except Unreadable as error:
            problems[index], text, lengths = str(error), None, None
        texts.append(text)
        parts.append(lengths)
    array = pa.array(texts, pa.large_string())
    return Texts(array, None if columns.separator is None else pa.array(parts, pa.list_(pa.int32()))), problems


def _columns_of_output(schema: pa.Schema) -> frozenset[str] | None:
    """Return the columns with JSON of an output of `clean`; None if the table is another one."""
    metadata = schema.metadata or {}
    if not METADATA.items() <= metadata.items() or not set(CLEAN.names) <= set(schema.names):
        return None
    origins = decode_origins(metadata)
    return frozenset() if origins is None else origins[1]


def _fields_of_output(others: Sequence[str]) -> tuple[OriginField, ...]:
    """Describe how the rows of an earlier output are restored: without the columns that `clean` added."""
    return tuple(OriginField(name, name) for name in ("id", "text", *others))


def _sample(values: pa.Array | None) -> list[str | None]:
    """Return the first values of a column of text."""
    if values is None:
        return []
    if content_of(values.type) not in ("text", "mixed"):
        return [None if value is None else str(value) for value in values.slice(0, SAMPLE_ROWS).to_pylist()]
    result: list[str | None] = repair(as_large_string(values.slice(0, SAMPLE_ROWS)))[0].to_pylist()
    return result


def schema_contents(schema: pa.Schema) -> dict[str, Content]:
    """Return the content of each column of a schema; raises Unreadable if two columns have the same name."""
    repeated = [name for name, count in Counter(schema.names).items() if count > 1]
    if repeated:
        raise Unreadable(f"two columns are named {min(repeated)!r}")
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
    is_text = chosen.text.kind in ("column", "joined")
    for source_batch in batches:
        for batch in split_batch(conform(source_batch, plain_schema), chosen.text.names[0] if is_text else ""):
            texts, problems = make_texts(batch, chosen.text)
            for index, reason in problems.items():
                report.skip(layout.path, reason, row=first_row + index)
            result = layout.apply(batch, first_row, layout.schema.names, texts)
            ids = batch.column(chosen.id) if chosen.id is not None else None
            if problems:
                valid = pa.array(np.delete(np.arange(batch.num_rows), list(problems)))
                result, ids = result.take(valid), None if ids is None else ids.take(valid)
            report.null_texts += result.column("text").null_count
            report.null_ids += 0 if ids is None else ids.null_count
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
