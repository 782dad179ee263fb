"""Split record batches by size, and find the batches that contain given ranks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus.types import is_binary, plain_type

Ranks = NDArray[np.int64]
"""Ranks of documents, ascending, shape (documents,)."""

MAX_BATCH_BYTES = 8 << 20
"""Bytes of text in a batch while inputs are read; a longer text is a batch of its own."""
MAX_BATCH_ROWS = 65_536
"""Rows in a batch."""


@dataclass(frozen=True)
class BatchRequest:
    """The rows and columns to read, and limits for their batches."""

    columns: Sequence[str]
    """Names of columns of the corpus; those that a part lacks are left out."""
    wanted: Ranks | None
    """Ascending rows to read, shape (rows,); batches without any of them are left out. None for all rows."""
    max_bytes: int
    """Bytes of text that a batch should not exceed."""
    threads: bool
    """Whether several threads may be used."""


class Block(NamedTuple):
    """Consecutive documents of a part of the corpus that are read together."""

    rows: int
    """Number of documents."""
    bytes: int
    """Size of their texts, or of all their columns."""


def contains_any(wanted: Ranks, first: int, count: int) -> bool:
    """Return whether any of the ascending ranks is in [first, first + count).

    >>> contains_any(np.array([3, 9]), 4, 5), contains_any(np.array([3, 9]), 4, 6)
    (False, True)
    """
    return bool(np.searchsorted(wanted, first) < np.searchsorted(wanted, first + count))


def split_batch(batch: pa.RecordBatch, text_column: str) -> Iterator[pa.RecordBatch]:
    """Split a batch into slices of at most `MAX_BATCH_BYTES` bytes of text and `MAX_BATCH_ROWS` rows."""
    index = batch.schema.get_field_index(text_column)
    for start in range(0, batch.num_rows, MAX_BATCH_ROWS):
        part = batch.slice(start, MAX_BATCH_ROWS)
        texts = None if index < 0 else as_large_string(part.column(index))
        for low, high in split_texts(texts, part.num_rows, MAX_BATCH_BYTES):
            yield part.slice(low, high - low)


def split_texts(texts: pa.Array | None, count: int, max_bytes: int) -> Iterator[tuple[int, int]]:
    """Split a column of texts into ranges of limited size.

    Args:
        texts: Texts (large_string), shape (count,); None for a single range.
        count: Number of rows.
        max_bytes: Bytes of text in a range; a longer text is a range of its own.

    Yields:
        Half-open ranges of rows.

    >>> list(split_texts(pa.array(["aa", "b", "ccccc", "d"], pa.large_string()), 4, 3))
    [(0, 2), (2, 3), (3, 4)]
    """
    if texts is None or texts.nbytes <= max_bytes or not count:
        if count:
            yield 0, count
        return
    offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + count + 1]
    low = 0
    while low < count:
        high = max(low + 1, int(np.searchsorted(offsets, offsets[low] + max_bytes, "right")) - 1)
        yield low, high
        low = high


def as_large_string(values: pa.Array) -> pa.Array:
    """Return a column of text or bytes as large_string, without checking that it is valid UTF-8."""
    values = values.cast(plain_type(values.type))
    if is_binary(values.type):
        return values.cast(pa.large_binary()).view(pa.large_string())
    return values.cast(pa.large_string())


def utf8_size(texts: pa.Array) -> int:
    """Return the total number of UTF-8 bytes in a column of large_string.

    >>> utf8_size(pa.array(["é", None, "a"], pa.large_string()))
    3
    """
    if not len(texts):
        return 0
    offsets = np.frombuffer(texts.buffers()[1], np.int64)
    return int(offsets[texts.offset + len(texts)] - offsets[texts.offset])


class TextCache:
    """The texts of the first documents of a corpus, up to a limit of memory.

    >>> cache = TextCache(limit=100)
    >>> cache.add(0, pa.array(["a", "b"], pa.large_string()))
    >>> cache.add(2, pa.array(["c", "d"], pa.large_string()))
    >>> [(first, texts.to_pylist()) for first, texts in cache.between(1, 9)]
    [(1, ['b']), (2, ['c', 'd'])]
    """

    def __init__(self, limit: int) -> None:
        """Create an empty cache.

        Args:
            limit: Maximum number of bytes of all texts.
        """
        self.rows = 0
        """Number of documents whose texts are in memory."""
        self._free = limit
        self._firsts: list[int] = []
        self._texts: list[pa.LargeStringArray] = []

    def add(self, first: int, texts: pa.LargeStringArray) -> None:
        """Keep the texts if they follow those in memory and the limit allows it.

        Args:
            first: Rank of the first document.
            texts: Texts of consecutive documents.
        """
        if first != self.rows:
            return
        if texts.nbytes > self._free:
            self._free = 0  # a smaller batch would not follow those in memory
            return
        self._firsts.append(first)
        self._texts.append(texts)
        self._free -= texts.nbytes
        self.rows += len(texts)

    def between(self, low: int, high: int) -> Iterator[tuple[int, pa.LargeStringArray]]:
        """Yield the texts in memory with ranks in [low, high): rank of the first document, and texts."""
        for index in range(max(0, bisect_right(self._firsts, low) - 1), len(self._firsts)):
            first, texts = self._firsts[index], self._texts[index]
            if first >= high:
                return
            start = max(0, low - first)
            if start >= len(texts):
                return
            yield first + start, texts.slice(start, min(len(texts), high - first) - start)
