"""Convert rows of untyped values, as read from JSON and CSV, to record batches."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa

from dedup.corpus.columns import SAMPLE_ROWS, ChosenColumns, Content, TextColumns, choose_columns
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.corpus.types import FLOAT_SAFE_INTEGERS, JSON_STRINGS, FieldMetadata, to_json_strings
from dedup.corpus.values.nested import chat_text, get_path, nested_text_paths
from dedup.errors import ColumnNotFound
from dedup.outputs.origins import ABSENT_COLUMNS, TEXT_PARTS, Origin, join_parts
from dedup.settings import Reading

# Types are inferred for each chunk, so these are constants: a result must not depend on a setting.
CHUNK_INPUT_BYTES = 4 << 20
CHUNK_RECORDS = 16_384
MAX_TYPE_DEPTH = 30

_MISSING = object()


class Record(NamedTuple):
    """A row of an input with columns."""

    row: int
    """Data row of the input, from 0."""
    line: int | None
    """First line in the file, from 1; None if unknown."""
    size: int
    """Bytes in the file, or characters of JSON."""
    values: dict[str, Any]
    """Value by column name."""


@dataclass(frozen=True)
class RowSource:
    """An input with rows: records or a table."""

    path: str
    """Path in the corpus."""
    constants: Mapping[str, str | None]
    """Columns with the same value in all documents: the outlet and others from the names of folders."""
    reading: Reading
    """How the input is read."""
    report: ReportBuilder
    """Receives what is skipped."""

    def report_columns(self, chosen: ChosenColumns, others: Iterable[str]) -> None:
        """Report the columns that texts and ids are read from, and columns that hide the name of a folder.

        Args:
            chosen: The columns of the text and the id.
            others: Names in the corpus of the other columns.
        """
        self.report.add_columns(chosen.text.label, chosen.id)
        if chosen.text.remark:
            self.report.remark(self.path, chosen.text.remark)
        for name in self.constants.keys() & {*others}:
            self.report.remark(
                self.path, f"the column `{name}` has the values of the file, not the value in the name of its folder"
            )


def split_records(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Split records into chunks of limited size."""
    chunk: list[Record] = []
    size = 0
    for record in records:
        chunk.append(record)
        size += record.size
        if size >= CHUNK_INPUT_BYTES or len(chunk) >= CHUNK_RECORDS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def record_contents(chunk: list[Record]) -> dict[str, Content]:
    """Return the content of each column of some records.

    >>> record_contents([Record(0, 1, 9, {"a": "x", "b": None}), Record(1, 2, 9, {"a": 1, "c": [1]})])
    {'a': 'mixed', 'b': 'null', 'c': 'other'}
    """
    types: dict[str, set[type]] = {}
    for record in chunk:
        for name, value in record.values.items():
            types.setdefault(name, set()).add(type(value))
    return {name: _content_of(found - {type(None)}, name, chunk) for name, found in types.items()}


def _content_of(types: set[type], name: str, chunk: list[Record]) -> Content:
    if not types:
        return "null"
    if str in types:
        return "text" if len(types) == 1 else "mixed"
    if types == {list}:
        values = [value for record in chunk[:SAMPLE_ROWS] if (value := record.values.get(name)) is not None]
        if all(isinstance(item, str | None) for value in values for item in value):
            return "strings" if any(values) else "other"
        return "turns" if all(chat_text(value) is not None for value in values) else "other"
    return "other" if types & {dict, list} else "scalar"


def record_batches(records: Iterable[Record], source: RowSource) -> Iterator[tuple[pa.RecordBatch, Origin]]:
    """Convert the records of an input to batches with the columns of the corpus.

    The columns are chosen by the first chunk. Records whose text is not a string are skipped.

    Yields:
        Documents, and how they were read.

    Raises:
        ColumnNotFound: There is no text column.
    """
    chosen: ChosenColumns | None = None
    for chunk in split_records(records):
        if chosen is None:
            chosen = _choose(chunk, source)
            source.report_columns(chosen, chosen.others(chunk[0].values, source.reading).values())
        batch, origin = _make_batch(chunk, chosen, source)
        if batch.num_rows:
            yield batch, origin


def _choose(chunk: list[Record], source: RowSource) -> ChosenColumns:
    _refuse_columns_as_rows(chunk)

    def sample(name: str) -> list[str | None]:
        values = (record.values.get(name) for record in chunk[:SAMPLE_ROWS])
        return [value if isinstance(value, str) else None for value in values]

    try:
        return choose_columns(record_contents(chunk), source.reading, sample)
    except ColumnNotFound as error:
        paths = [] if source.reading.text_column else nested_text_paths(chunk[0].values)
        if not paths:
            raise
        raise ColumnNotFound(f"{error}; texts may be in {', '.join(map(repr, paths[:3]))}") from None


def _refuse_columns_as_rows(chunk: list[Record]) -> None:
    """Raise ColumnNotFound if a single object has the columns of a table as lists: it would become one document."""
    values = list(chunk[0].values.values())
    lengths = {len(value) if isinstance(value, list) else -1 for value in values}
    if len(chunk) == 1 and len(values) > 1 and len(lengths) == 1 and lengths.isdisjoint((-1, 0, 1)):
        raise ColumnNotFound(
            "an object with a list for each column, not a record for each row; write it with one object per row, for "
            'example with pandas: to_json(orient="records")'
        )


def _make_batch(chunk: list[Record], chosen: ChosenColumns, source: RowSource) -> tuple[pa.RecordBatch, Origin]:
    path, reading, report = source.path, source.reading, source.report
    rows, texts, ids, kept = [], list[str | None](), [], []
    parts = list[list[int] | None]()
    for row, line, _, values in chunk:
        try:
            text, lengths = text_of(values, chosen.text)
        except Unreadable as error:
            report.skip(path, str(error), row=row, line=line)
            continue
        identity = None if chosen.id is None else values.get(chosen.id)
        report.null_texts += text is None
        report.null_ids += chosen.id is not None and identity is None
        rows.append(row)
        texts.append(text)
        parts.append(lengths)
        ids.append(f"{path}#{row}" if identity is None else _id_string(identity))
        kept.append(values)
    columns: dict[str, pa.Array] = {
        "id": pa.array(ids, pa.string()),
        "path": pa.repeat(path, len(rows)),
        "row": pa.array(rows, pa.int64()),
        "text": pa.array(texts, pa.large_string()),
    }
    if reading.outlet_level is not None:
        columns["outlet"] = pa.array([source.constants.get("outlet")] * len(rows), pa.string())
    if any(lengths is not None for lengths in parts):
        columns[TEXT_PARTS] = pa.array(parts, pa.list_(pa.int32()))
    names, ambiguous = _column_presence(kept)
    if ambiguous:
        absent = [[name for name in ambiguous if name not in values] for values in kept]
        columns[ABSENT_COLUMNS] = pa.array(absent, pa.list_(pa.string()))
    fields = [pa.field(name, array.type) for name, array in columns.items()]
    arrays = list(columns.values())
    others = chosen.others(names, reading)
    for name, new in others.items():
        array, metadata = infer_type([values.get(name) for values in kept])
        arrays.append(array)
        fields.append(pa.field(new, array.type, metadata=metadata))
    for name, value in source.constants.items():
        if name not in columns and name not in others.values():
            arrays.append(pa.array([value] * len(rows), pa.string()))
            fields.append(pa.field(name, pa.string()))
    separator = chosen.text.separator if TEXT_PARTS in columns else None
    origin = Origin("rows", fields=chosen.fields(names, reading), separator=separator)
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields)), origin


def _column_presence(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, bool], list[str]]:
    """Return the columns of some rows, and whether null means that the row lacks the column.

    Returns:
        For each column whether some rows lack it and no row has null in it; and the columns that some rows lack and
        others have null in.
    """
    present: Counter[str] = Counter()
    null: set[str] = set()
    for values in rows:
        present.update(values.keys())
        null.update(name for name, value in values.items() if value is None)
    omits_null = {name: count < len(rows) and name not in null for name, count in present.items()}
    return omits_null, [name for name, count in present.items() if count < len(rows) and name in null]


def text_of(values: Mapping[str, Any], columns: TextColumns) -> tuple[str | None, list[int] | None]:
    """Return the text of a row, and the lengths of the parts that it was joined from.

    Raises:
        Unreadable: A value is not text.

    >>> text_of({"title": "a", "body": "b"}, TextColumns(("title", "body"), "joined"))
    ('a\\n\\nb', [1, 1])
    """
    if columns.kind == "joined":
        found = [_string_at(values, name) for name in columns.names]
        if all(part is None for part in found):
            return None, [-1] * len(found)
        return join_parts(found, columns.separator or "")
    [name] = columns.names
    value = values.get(name, _MISSING) if columns.kind != "nested" else get_path(values, name)
    if columns.kind == "turns" and value is not None:
        text = chat_text(value)
        if text is None:
            raise Unreadable(f"`{name}` is {_describe(value)}, not a conversation")
        return text, None
    if isinstance(value, list) and (columns.kind in ("strings", "nested")):
        if not all(isinstance(item, str | None) for item in value):
            raise Unreadable(f"`{name}` is a list of values other than text")
        text, lengths = join_parts(value, "\n")
        return text, None if columns.separator is None else lengths
    if value is not None and not isinstance(value, str):
        raise Unreadable(f"`{name}` {'is missing' if value is _MISSING else f'is {_describe(value)}, not text'}")
    return value, None


def _string_at(values: Mapping[str, Any], name: str) -> str | None:
    """Return a value that is joined with others: text, or null if the column is missing."""
    value = values[name] if name in values else get_path(values, name)
    if value is not None and not isinstance(value, str):
        raise Unreadable(f"`{name}` is {_describe(value)}, not text")
    return value


def _describe(value: object) -> str:
    return "missing" if value is _MISSING else describe_json_type(value)


def _id_string(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def describe_json_type(value: object) -> str:
    """Return the type of a JSON value for a message.

    >>> describe_json_type([])
    'a list'
    """
    names = {bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return "null" if value is None else names.get(type(value), "text")


def infer_type(values: list[Any]) -> tuple[pa.Array, FieldMetadata | None]:
    """Convert values to an array of their common type, or to strings of JSON if they have none.

    Args:
        values: Values of one column.

    Returns:
        The array, and the metadata of its field.

    >>> infer_type([1, 2.5])[0].type, infer_type([1, "a"])[0].to_pylist()
    (DataType(double), ['1', '"a"'])
    """
    try:
        array = pa.array(values)
    except (pa.ArrowException, OverflowError, ValueError, TypeError):
        return to_json_strings(values), JSON_STRINGS
    if not _can_be_stored(array.type):
        return to_json_strings(values), JSON_STRINGS
    if pa.types.is_nested(array.type) and array.to_pylist() != values:  # objects with different keys
        return to_json_strings(values), JSON_STRINGS
    if not pa.types.is_int64(array.type):
        return array, None
    float_safe = all(value is None or -(2**53) <= value <= 2**53 for value in values)
    return array, FLOAT_SAFE_INTEGERS if float_safe else None


def _can_be_stored(data_type: pa.DataType, depth: int = 0) -> bool:
    """Return whether Arrow files and Parquet support a type: no empty structs, no deep nesting."""
    inner = [field.type for field in data_type] if pa.types.is_struct(data_type) else []
    if pa.types.is_list(data_type):
        inner = [data_type.value_type]
    if depth > MAX_TYPE_DEPTH or (pa.types.is_struct(data_type) and not inner):
        return False
    return all(_can_be_stored(part, depth + 1) for part in inner)
