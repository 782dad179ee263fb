"""Index the runs of tokens of test items, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.references.base import NAMES
from dedup.duplicates.sketches.masking import mask
from dedup.kernels import containment as kernel
from dedup.kernels.containment import LEAST_TOKENS, ItemIndex, Postings
from dedup.kernels.key_filter import add_keys, make_filter
from dedup.kernels.text.folding import token_tables
from dedup.kernels.text.paragraphs import SPAN
from dedup.runtime.arrow import buffers
from dedup.runtime.ordered import first_of_runs
from dedup.settings import Settings

MOST_ITEMS = 10
"""A run that more items have is a template: it is no evidence that any of them is contained."""
MOST_FILTER_BYTES = 1 << 30
"""Maximum number of bytes of a filter."""
BUCKET_HASHES = 4
"""Hashes of a bucket, on average."""
ROUNDING = 1e-9
"""What is added to or taken from a product of floating-point numbers before it is rounded to a whole number."""


ItemBatch = tuple[NDArray[np.int64], pa.RecordBatch]
"""Numbers of documents of the references, ascending, and a batch with the columns `NAMES` and ``text`` of each."""


@dataclass(frozen=True)
class Items:
    """The items that are searched for: all kept documents of the references."""

    index: ItemIndex
    """Their runs."""
    docs: NDArray[np.int64]
    """Number of the document of each item in the references, ascending, shape (items,)."""
    documents: int
    """Number of all documents of the references."""
    starts: NDArray[np.int64]
    """First code point of the trimmed text of each item, shape (items,)."""
    ends: NDArray[np.int64]
    """End of the trimmed text of each item, shape (items,)."""
    runs: NDArray[np.int64]
    """Number of different runs of each item that are no templates, shape (items,)."""
    templates: int
    """Number of different runs that more than `MOST_ITEMS` items have."""
    names: pa.Table
    """Id, path and row of each item."""

    @property
    def too_short(self) -> NDArray[np.bool_]:
        """Whether each item has too few tokens to be searched for, shape (items,)."""
        return np.asarray(self.index.tokens < LEAST_TOKENS)

    @property
    def only_templates(self) -> NDArray[np.bool_]:
        """Whether each other item has only templates, so that it is not searched for, shape (items,)."""
        return np.asarray((self.runs == 0) & ~self.too_short)

    @property
    def bytes(self) -> int:
        """Number of bytes of the index."""
        arrays = [*self.index, *self.index.postings]
        return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))

    def shares(self, items: NDArray[np.int64], found: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the share of the runs of items that were found, shape (n,)."""
        return np.asarray(found / self.runs[items])


@dataclass(frozen=True)
class _Hashed:
    """The hashes of a batch of items."""

    docs: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    sizes: NDArray[np.int64]
    openings: NDArray[np.uint64]
    runs: NDArray[np.uint64]
    names: pa.RecordBatch


def index_items(batches: Iterable[ItemBatch], documents: int, settings: Settings) -> Items:
    """Index items.

    Args:
        batches: The items.
        documents: Number of all documents of the references.
        settings: The settings of the run.
    """
    n, share = settings.contained or 0, settings.contained_share
    parts = list(_hash(batches, settings, n))
    docs, starts, ends, sizes, openings, hashes = (
        np.concatenate([np.empty(0, kind), *(getattr(part, name) for part in parts)])
        for name, kind in (
            *((name, np.int64) for name in ("docs", "starts", "ends", "sizes")),
            ("openings", np.uint64),
            ("runs", np.uint64),
        )
    )
    of_items = np.where(sizes < LEAST_TOKENS, 0, sizes - np.minimum(n, sizes) + 1)
    posted_by = np.repeat(np.arange(docs.size, dtype=np.int32), of_items)
    distinct, first, posted, templates = _post(hashes, posted_by)
    runs = np.bincount(posted, minlength=docs.size)
    short = (sizes < n) & (runs > 0)
    index = ItemIndex(
        n=n,
        postings=_postings(distinct, first, posted, docs.size),
        short_filter=_filter(openings[short]),
        short_sizes=np.unique(sizes[short]),
        tokens=sizes,
        needed=np.ceil(share * runs - ROUNDING).astype(np.int64),
        window=np.floor(sizes / share + ROUNDING).astype(np.int64),
    )
    names = pa.Table.from_batches([part.names for part in parts], NAMES)
    return Items(index, docs, documents, starts, ends, runs, templates, names)


def _hash(batches: Iterable[ItemBatch], settings: Settings, n: int) -> Iterator[_Hashed]:
    """Yield the hashes of batches of items."""
    tables = token_tables(settings.by_signs)
    for docs, batch in batches:
        texts = batch.column("text")
        _, offsets = buffers(texts)
        data = mask(texts, settings.ignore)
        spans = np.recarray(docs.size, SPAN)
        sizes, openings = np.empty(docs.size, np.int64), np.empty(docs.size, np.uint64)
        runs = np.empty(int(offsets[-1] - offsets[0]) + 1, np.uint64)
        tokens = np.empty(int(np.diff(offsets).max(initial=0)) + 1, np.uint64)
        written = kernel.hash_items(data, offsets, tables, n, tokens, spans, sizes, openings, runs)
        names = batch.select(NAMES.names).cast(NAMES)
        starts, ends = (np.ascontiguousarray(spans[name]) for name in ("start", "end"))
        yield _Hashed(docs, starts, ends, sizes, openings, runs[:written].copy(), names)


def _post(
    hashes: NDArray[np.uint64], items: NDArray[np.int32]
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int32], int]:
    """Return the items of each run, without templates.

    Args:
        hashes: Hashes of runs by item, shape (n,).
        items: The item of each, shape (n,).

    Returns:
        The distinct hashes ascending, the first posting of each and the number of postings, the item of each posting,
        ascending for a hash, and the number of templates.
    """
    order = np.argsort(hashes, kind="stable")
    hashes, items = hashes[order], items[order]
    is_first = first_of_runs(hashes, items)
    hashes, items = hashes[is_first], items[is_first]
    starts = np.flatnonzero(first_of_runs(hashes))
    counts = np.diff(np.append(starts, hashes.size))
    few = counts <= MOST_ITEMS
    taken = np.repeat(few, counts)
    return hashes[starts[few]], np.append(0, np.cumsum(counts[few])), items[taken], int((~few).sum())


def _postings(hashes: NDArray[np.uint64], first: NDArray[np.int64], posted: NDArray[np.int32], items: int) -> Postings:
    """Return the postings of runs in the form in which they are looked up."""
    by_item = np.argsort(posted, kind="stable")
    starts = np.cumsum(np.bincount(posted, minlength=items)) - np.bincount(posted, minlength=items)
    ranks = np.empty(posted.size, np.int32)
    ranks[by_item] = np.arange(posted.size) - starts[posted[by_item]]
    bits = max(1, (hashes.size // BUCKET_HASHES).bit_length())
    leading = np.arange((1 << bits) + 1, dtype=np.uint64)[:-1] << np.uint64(64 - bits)
    buckets = np.append(np.searchsorted(hashes, leading), hashes.size)
    return Postings(_filter(hashes), buckets, 64 - bits, hashes, first, posted, ranks)


def _filter(hashes: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Return a filter of hashes; see `dedup.kernels.key_filter`."""
    filled = make_filter(hashes.size, MOST_FILTER_BYTES)
    add_keys(hashes, filled)
    return filled
