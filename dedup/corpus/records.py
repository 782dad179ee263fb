"""Convert rows of untyped values, as read from JSON and CSV, to record batches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa

from dedup.corpus.columns import ChosenColumns, Content, choose_columns, document_schema
from dedup.corpus.report import ReportBuilder
from dedup.corpus.types import FLOAT_SAFE_INTEGERS, JSON_STRINGS, FieldMetadata, to_json_strings
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
class RecordSource:
    """The input that records are read from."""

    path: str
    """Path in the corpus."""
    outlet: str | None
    """Outlet of all documents, if it is the name of a folder."""
    reading: Reading
    """How the input is read."""
    report: ReportBuilder
    """Receives what is skipped."""


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
    return {name: _content_of(found - {type(None)}) for name, found in types.items()}


def _content_of(types: set[type]) -> Content:
    if not types:
        return "null"
    if str in types:
        return "text" if len(types) == 1 else "mixed"
    return "other" if types & {dict, list} else "scalar"


def record_batches(records: Iterable[Record], source: RecordSource) -> Iterator[pa.RecordBatch]:
    """Convert the records of an input to batches with the columns of the corpus.

    The columns are chosen by the first chunk. Records whose text is not a string are skipped.

    Raises:
        ColumnNotFound: There is no text column.
    """
    chosen: ChosenColumns | None = None
    for chunk in split_records(records):
        if chosen is None:
            chosen = choose_columns(record_contents(chunk), source.reading)
            source.report.add_columns(chosen.text, chosen.id)
        batch = _make_batch(chunk, chosen, source)
        if batch.num_rows:
            yield batch


def _make_batch(chunk: list[Record], chosen: ChosenColumns, source: RecordSource) -> pa.RecordBatch:
    path, reading, report = source.path, source.reading, source.report
    rows, texts, ids, kept = [], [], [], []
    for row, line, _, values in chunk:
        text = values.get(chosen.text, _MISSING)
        if text is not None and not isinstance(text, str):
            problem = "is missing" if text is _MISSING else f"is {describe_json_type(text)}, not text"
            report.skip(path, f"`{chosen.text}` {problem}", row=row, line=line)
            continue
        identity = None if chosen.id is None else values.get(chosen.id)
        report.null_texts += text is None
        report.null_ids += chosen.id is not None and identity is None
        rows.append(row)
        texts.append(text)
        ids.append(f"{path}#{row}" if identity is None else _id_string(identity))
        kept.append(values)
    columns = [ids, pa.repeat(path, len(rows)), rows, texts]
    if reading.outlet_level is not None:
        columns.append([source.outlet] * len(rows))
    fields = list(document_schema(reading))
    arrays = [
        column if isinstance(column, pa.Array) else pa.array(column, field.type)
        for column, field in zip(columns, fields, strict=True)
    ]
    names = dict.fromkeys(name for values in kept for name in values)
    for name, new in chosen.others(names, reading).items():
        array, metadata = infer_type([values.get(name) for values in kept])
        arrays.append(array)
        fields.append(pa.field(new, array.type, metadata=metadata))
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


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
