"""Arrow tables: their columns under the corpus's names, text that is valid UTF-8."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dedup.corpus.columns import Asked, Content, Taken, content
from dedup.corpus.report import Tally
from dedup.corpus.types import conform, is_binary, is_string, plain, unify

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Ranks = np.ndarray[tuple[int], np.dtype[np.int64]]

CHUNK_BYTES = 8 << 20
CHUNK_ROWS = 65_536


@dataclass(frozen=True)
class Shape:
    """How batches of one input become batches of the corpus: under which path and with which columns."""

    path: str
    outlet: str | None
    asked: Asked
    taken: Taken
    others: dict[str, str]  # name in the corpus -> name in the input

    @classmethod
    def of(cls, schema: pa.Schema, taken: Taken, path: str, outlet: str | None, asked: Asked) -> Shape:
        """Choose names for an input with this schema."""
        return cls(path, outlet, asked, taken, {new: old for old, new in taken.others(schema.names, asked).items()})

    def schema(self, source: pa.Schema) -> pa.Schema:
        """The schema of the batches that come out."""
        import pyarrow as pa

        fields = [pa.field("id", pa.string()), pa.field("path", pa.string()), pa.field("row", pa.int64())]
        fields.append(pa.field("text", pa.large_string()))
        if self.asked.outlet_level is not None:
            fields.append(pa.field("outlet", pa.string()))
        fields += [pa.field(new, plain(source.field(old).type)) for new, old in self.others.items()]
        return pa.schema(fields)

    def sources(self, names: Sequence[str]) -> list[str]:
        """Return the input's columns that the corpus's columns `names` are made of."""
        needed = {"text": self.taken.text, "id": self.taken.id, **self.others}
        return list(dict.fromkeys(old for name in names if (old := needed.get(name)) is not None))

    def apply(
        self, batch: pa.RecordBatch, first_row: int, names: Sequence[str], texts: pa.Array | None
    ) -> pa.RecordBatch:
        """Return the batch with those columns of `names` that it has; `texts` are its texts, made valid."""
        import numpy as np
        import pyarrow as pa

        count = batch.num_rows
        rows = pa.array(np.arange(first_row, first_row + count))
        arrays: dict[str, Any] = {}
        for name in names:
            if name == "id":
                arrays[name] = self.ids(batch, rows)
            elif name == "path":
                arrays[name] = pa.repeat(self.path, count)
            elif name == "row":
                arrays[name] = rows
            elif name == "text":
                arrays[name] = texts
            elif name == "outlet" and self.asked.outlet_level is not None:
                arrays[name] = pa.repeat(self.outlet, count) if self.outlet else pa.nulls(count, pa.string())
            elif name in self.others:
                arrays[name] = batch.column(self.others[name])
        if not arrays:  # a batch without columns would not know its length
            arrays["row"] = rows
        return pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))

    def ids(self, batch: pa.RecordBatch, rows: pa.Array) -> pa.Array:
        """Return the user's ids as strings, `path#row` where there is none."""
        import pyarrow as pa
        import pyarrow.compute as pc

        users = None if self.taken.id is None else strings(batch.column(self.taken.id))
        if users is not None and not users.null_count:
            return users
        own = pc.binary_join_element_wise(self.path, rows.cast(pa.string()), "#")
        return own if users is None else pc.coalesce(users, own)


def strings(values: pa.Array) -> pa.Array:
    """Return ids of any simple type as valid strings."""
    import pyarrow as pa

    values = values.cast(plain(values.type))
    if is_binary(values.type):
        return pa.array([None if value is None else _readable(value) for value in values.to_pylist()], pa.string())
    if is_string(values.type):
        return repaired(values.cast(pa.large_string()))[0].cast(pa.string())
    return values.cast(pa.string())


def _readable(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()


def invalid(texts: pa.Array) -> list[int]:
    """Return the places of the texts (large_string) that are not UTF-8.

    >>> import pyarrow as pa
    >>> invalid(pa.array([b"a", b"\\xff"], pa.large_binary()).view(pa.large_string()))
    [1]
    """
    import pyarrow as pa

    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return [place for place, value in enumerate(texts.view(pa.large_binary()).to_pylist()) if _broken(value)]
    return []


def _broken(value: bytes | None) -> bool:
    try:
        return value is not None and value.decode() is None
    except UnicodeDecodeError:
        return True


def repaired(texts: pa.Array) -> tuple[pa.Array, dict[int, int]]:
    """Return the texts with what is not UTF-8 as U+FFFD, and by place how many of these a text got."""
    import pyarrow as pa

    places = invalid(texts)
    if not places:
        return texts, {}
    values = texts.view(pa.large_binary()).to_pylist()
    counts = {}
    for place in places:
        fixed = values[place].decode("utf-8", "replace")
        counts[place] = fixed.count("\ufffd") - values[place].count("\ufffd".encode())
        values[place] = fixed.encode()
    return pa.array(values, pa.large_binary()).view(pa.large_string()), counts


def large(values: pa.Array) -> pa.Array:
    """Return a column of text or bytes as large_string, not yet checked."""
    import pyarrow as pa

    values = values.cast(plain(values.type))
    if is_binary(values.type):
        return values.cast(pa.large_binary()).view(pa.large_string())
    return values.cast(pa.large_string())


def table_batches(
    found: Iterator[pa.RecordBatch], shape: Shape, schema: pa.Schema, tally: Tally
) -> Iterator[pa.RecordBatch]:
    """Yield an Arrow stream's rows in pieces; those whose text is not UTF-8 are named in `tally`."""
    import numpy as np
    import pyarrow as pa

    first, names, simple = 0, shape.schema(schema).names, unify([schema])
    for whole in found:
        for batch in pieces(conform(whole, simple), shape.taken.text, CHUNK_BYTES):
            texts = large(batch.column(shape.taken.text))
            bad = invalid(texts)
            for place in bad:
                tally.skip(shape.path, f"`{shape.taken.text}` is not UTF-8", row=first + place)
            result = shape.apply(batch, first, names, texts)
            if bad:
                result = result.take(pa.array(np.delete(np.arange(batch.num_rows), bad)))
            tally.null_texts += result.column("text").null_count
            if shape.taken.id is not None:
                good = batch.column(shape.taken.id).take(pa.array(np.delete(np.arange(batch.num_rows), bad)))
                tally.null_ids += good.null_count
            yield conform(result, unify([result.schema]))
            first += batch.num_rows


def pieces(batch: pa.RecordBatch, text: str, size: int) -> Iterator[pa.RecordBatch]:
    """Yield a batch in slices of at most `size` bytes of the column `text` and at most 65,536 rows."""
    for start in range(0, batch.num_rows, CHUNK_ROWS):
        part = batch.slice(start, CHUNK_ROWS)
        at = part.schema.get_field_index(text)
        texts = None if at < 0 else large(part.column(at))
        for low, high in cuts(texts, part.num_rows, size):
            yield part.slice(low, high - low)


def cuts(texts: pa.Array | None, count: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of runs of texts (large_string) of at most `size` bytes; a larger text stands alone.

    >>> import pyarrow as pa
    >>> list(cuts(pa.array(["aa", "b", "ccccc", "d"], pa.large_string()), 4, 3))
    [(0, 2), (2, 3), (3, 4)]
    """
    if texts is None or texts.nbytes <= size or not count:
        if count:
            yield 0, count
        return
    import numpy as np

    ends = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + count + 1]
    low = 0
    while low < count:
        high = max(low + 1, int(np.searchsorted(ends, ends[low] + size, "right")) - 1)
        yield low, high
        low = high


def hits(wanted: Ranks, first: int, count: int) -> bool:
    """Tell whether any of the sorted ranks lies in [first, first + count).

    >>> import numpy as np
    >>> hits(np.array([3, 9]), 4, 5), hits(np.array([3, 9]), 4, 6)
    (False, True)
    """
    import numpy as np

    return bool(np.searchsorted(wanted, first) < np.searchsorted(wanted, first + count))


class Unusable(Exception):  # noqa: N818 - never shown as an error: its text becomes the reason of a Skipped
    """A table that cannot be read; the message is the reason."""


def contents(schema: pa.Schema) -> dict[str, Content]:
    """Tell what each column of a schema holds; raises Unusable if two have the same name."""
    twice = sorted({name for name in schema.names if schema.names.count(name) > 1})
    if twice:
        raise Unusable(f"it has two columns named {twice[0]!r}")
    return {field.name: content(field.type) for field in schema}
