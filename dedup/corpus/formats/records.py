"""Rows of any file to batches: the text checked, the other columns given a type."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from dedup.corpus.columns import Asked, Content, Taken, take
from dedup.corpus.formats.json import json_kind
from dedup.corpus.report import Record, Tally
from dedup.corpus.types import JSON_TEXT, SMALL, json_text

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK_BYTES = 4 << 20  # of input; constants, so that what is inferred from a chunk never depends on a setting
CHUNK_ROWS = 16_384


_MISSING = object()


def chunks(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Yield records in lists of bounded size."""
    chunk: list[Record] = []
    size = 0
    for record in records:
        chunk.append(record)
        size += record[2]
        if size >= CHUNK_BYTES or len(chunk) >= CHUNK_ROWS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def contents(chunk: list[Record]) -> dict[str, Content]:
    """Tell what each column of some records holds.

    >>> contents([(0, 1, 9, {"a": "x", "b": None}), (1, 2, 9, {"a": 1, "c": [1]})])
    {'a': 'mixed', 'b': 'null', 'c': 'other'}
    """
    kinds: dict[str, set[type]] = {}
    for _, _, _, values in chunk:
        for name, value in values.items():
            kinds.setdefault(name, set()).add(type(value))
    return {name: _content(found - {type(None)}) for name, found in kinds.items()}


def _content(found: set[type]) -> Content:
    if not found:
        return "null"
    if str in found:
        return "text" if len(found) == 1 else "mixed"
    return "other" if found & {dict, list} else "scalar"


def batches(
    records: Iterable[Record], path: str, outlet: str | None, asked: Asked, tally: Tally
) -> Iterator[pa.RecordBatch]:
    """Turn records into batches of the corpus's columns; raises ColumnNotFound if none can be the text."""
    taken: Taken | None = None
    for chunk in chunks(records):
        if taken is None:
            taken = take(contents(chunk), asked)
            tally.took(taken.text, taken.id)
        batch = _batch(chunk, taken, path, outlet, asked, tally)
        if batch.num_rows:
            yield batch


def _batch(
    chunk: list[Record], taken: Taken, path: str, outlet: str | None, asked: Asked, tally: Tally
) -> pa.RecordBatch:
    import pyarrow as pa

    rows, texts, ids, kept = [], [], [], []
    for row, line, _, values in chunk:
        text = values.get(taken.text, _MISSING)
        if text is not None and not isinstance(text, str):
            held = "is missing" if text is _MISSING else f"holds {json_kind(text)}, not text"
            tally.skip(path, f"`{taken.text}` {held}", row=row, line=line)
            continue
        identity = None if taken.id is None else values.get(taken.id)
        tally.null_texts += text is None
        tally.null_ids += taken.id is not None and identity is None
        rows.append(row)
        texts.append(text)
        ids.append(f"{path}#{row}" if identity is None else _as_id(identity))
        kept.append(values)
    arrays: dict[str, tuple[pa.Array, dict[bytes, bytes] | None]] = {
        "id": (pa.array(ids, pa.string()), None),
        "path": (pa.repeat(path, len(rows)), None),
        "row": (pa.array(rows, pa.int64()), None),
        "text": (pa.array(texts, pa.large_string()), None),
    }
    if asked.outlet_level is not None:
        arrays["outlet"] = (pa.array([outlet] * len(rows), pa.string()), None)
    names = dict.fromkeys(name for values in kept for name in values)
    for name, new in taken.others(names, asked).items():
        arrays[new] = infer([values.get(name) for values in kept])
    schema = pa.schema([pa.field(name, array.type, metadata=mark) for name, (array, mark) in arrays.items()])
    return pa.RecordBatch.from_arrays([array for array, _ in arrays.values()], schema=schema)


def _as_id(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def infer(values: list[Any]) -> tuple[pa.Array, dict[bytes, bytes] | None]:
    """Return values as an Arrow array of the type they share, or as JSON text; with the mark of its field.

    >>> infer([1, 2.5])[0].type, infer([1, "a"])[0].to_pylist()
    (DataType(double), ['1', '"a"'])
    """
    import pyarrow as pa

    try:
        array = pa.array(values)
    except (pa.ArrowException, OverflowError, ValueError, TypeError):
        return json_text(values), JSON_TEXT
    if not _storable(array.type):
        return json_text(values), JSON_TEXT
    if not pa.types.is_int64(array.type):
        return array, None
    large = any(value is not None and not -(2**53) <= value <= 2**53 for value in values)
    return array, None if large else SMALL


def _storable(kind: pa.DataType, depth: int = 0) -> bool:
    """Tell whether Arrow files and Parquet take the type: no struct without fields, no deep nesting."""
    import pyarrow.types as t

    inner = [field.type for field in kind] if t.is_struct(kind) else []
    if t.is_list(kind):
        inner = [kind.value_type]
    if depth > 30 or (t.is_struct(kind) and not inner):
        return False
    return all(_storable(part, depth + 1) for part in inner)
