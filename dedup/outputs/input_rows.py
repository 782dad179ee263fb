"""Convert restored documents back to the files and rows of the input: their names, values and order of columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup.outputs.origins import (
    ABSENT_COLUMNS,
    FRONT_MATTER,
    PLAIN_TEXT,
    TEXT_PARTS,
    Origin,
    OriginField,
    OriginRuns,
    split_parts,
)
from dedup.outputs.restore import read_origins, restore

if TYPE_CHECKING:
    import pyarrow as pa

_ADDED_COLUMNS = frozenset(("doc", "id", "row", TEXT_PARTS, ABSENT_COLUMNS))


@dataclass(frozen=True)
class InputRow:
    """A document as the input had it."""

    path: str
    """Path of the file."""
    is_row: bool
    """Whether it was a row of the file, not all of it."""
    text: str | None
    """Text of the file, with its front matter."""
    values: dict[str, Any]
    """Value by column of the input; for a file, the path, the text and what was found in it."""
    origin: Origin
    """How it was read."""

    def to_json(self) -> str:
        """Return the values as JSON on one line.

        >>> InputRow("a", True, "x", {"text": "é", "score": float("nan")}, PLAIN_TEXT).to_json()
        '{"text": "é", "score": NaN}'
        """
        return json.dumps(self.values, ensure_ascii=False, default=_to_text)


def input_rows(out: Path) -> Iterator[InputRow]:
    """Rebuild the documents of an output as the input had them.

    Args:
        out: A folder that `clean` wrote.

    Yields:
        The documents, by rank.

    Raises:
        NotAnOutput: `clean` did not write the folder.
        OutputError: A file cannot be read, or the files do not belong together.
    """
    origins = read_origins(out)
    for batch in restore(out):
        yield from convert_batch(batch, *origins)


def convert_batch(
    batch: pa.RecordBatch, origins: OriginRuns | None, json_columns: frozenset[str]
) -> Iterator[InputRow]:
    """Convert a batch of restored documents.

    Args:
        batch: Columns doc, path, row, text and others.
        origins: How the documents were read; None if that is unknown, so that the columns keep their names.
        json_columns: Columns whose values are JSON.
    """
    import pyarrow as pa

    columns = {}
    for name in batch.schema.names:
        column = batch.column(name)
        # Python has no nanoseconds: convert times to text before.
        columns[name] = (column.cast(pa.string()) if pa.types.is_temporal(column.type) else column).to_pylist()
    for index in range(batch.num_rows):
        row = {name: values[index] for name, values in columns.items()}
        for name in json_columns & row.keys():
            row[name] = None if row[name] is None else json.loads(row[name])
        yield _convert(row, PLAIN_TEXT if origins is None else origins.of(row["doc"]))


def _convert(row: Mapping[str, Any], origin: Origin) -> InputRow:
    path, text = row["path"], row["text"]
    if row["row"] is None:
        if row.get(FRONT_MATTER) is not None:
            text = row[FRONT_MATTER] + (text or "")
        others = {name: row[name] for name in row if name not in _ADDED_COLUMNS and row[name] is not None}
        return InputRow(path, False, text, {**others, "text": text}, origin)
    if not origin.fields:
        return InputRow(path, True, text, {name: row[name] for name in row if name != "doc"}, origin)
    values = {}
    absent = row.get(ABSENT_COLUMNS) or ()
    for item in origin.fields:
        value = _value_of(item, row, origin)
        if value is not None or not (item.omits_null or item.name in absent):
            values[item.name] = value
    return InputRow(path, True, text, values, origin)


def _value_of(item: OriginField, row: Mapping[str, Any], origin: Origin) -> Any:
    """Return the value of a column of the input."""
    value = row[item.column]
    if item.column == "id" and value == f"{row['path']}#{row['row']}":
        return None  # generated where the id is null
    lengths = row.get(TEXT_PARTS) if origin.separator is not None else None
    if item.column != "text" or lengths is None:
        return value
    parts = split_parts(value or "", lengths, origin.separator or "")
    return parts if item.part is None else parts[item.part]


def _to_text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
