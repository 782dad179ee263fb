"""Find texts that stand inside longer ones, by runs of n tokens that both have."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.key_filter import may_contain
from dedup.kernels.minhash import BASE
from dedup.kernels.rows import stable_order
from dedup.kernels.text.folding import TokenTables
from dedup.kernels.text.paragraphs import Spans, trim
from dedup.kernels.text.token_hash import SEED, mix
from dedup.kernels.text.tokens import tokenise_document

LEAST_TOKENS = 5
"""Items of fewer tokens are not searched for: such texts occur by chance."""
MATCH = np.dtype([(name, np.int64) for name in ("doc", "item", "first", "stop", "found")])
"""A stretch of a document that contains an item: document in the batch, item, first token, one past the last token, and
number of different runs of the item in it."""
Matches = NDArray[Any]  # records of dtype MATCH, as np.recarray, so that plain Python reads them as numba does
ONE = np.uint64(1)
# The item of a hit is above these bits, the position of its run in the document below.
ITEM_BITS = 32
POSITION = (1 << ITEM_BITS) - 1


class Postings(NamedTuple):
    """Items by the hashes of their runs."""

    filter: NDArray[np.uint8]
    """Filter of the hashes; see `dedup.kernels.key_filter`."""
    buckets: NDArray[np.int64]
    """First hash of each value of the leading bits, shape (2 ** bits + 1,)."""
    shift: int
    """Bits of a hash below the leading ones."""
    hashes: NDArray[np.uint64]
    """Hashes of runs, ascending and distinct, shape (runs,)."""
    first: NDArray[np.int64]
    """First posting of each run, and the number of postings, shape (runs + 1,)."""
    items: NDArray[np.int32]
    """Item of each posting, shape (postings,)."""
    ranks: NDArray[np.int32]
    """Number of the run among the different runs of its item, shape (postings,)."""


class ItemIndex(NamedTuple):
    """What is searched for."""

    n: int
    """Tokens in a run."""
    postings: Postings
    """Items by their runs. The only run of an item of fewer than n tokens is the item itself."""
    short_filter: NDArray[np.uint8]
    """Filter of the hashes of the first `LEAST_TOKENS` tokens of the items of fewer than n tokens."""
    short_sizes: NDArray[np.int64]
    """Numbers of tokens of such items, ascending and distinct."""
    tokens: NDArray[np.int64]
    """Number of tokens of each item, shape (items,)."""
    needed: NDArray[np.int64]
    """Number of different runs that must be found, shape (items,); 0 for items that are not searched for."""
    window: NDArray[np.int64]
    """Most tokens of the stretch in which they must be found, shape (items,)."""


class SearchWorkspace(NamedTuple):
    """Workspace of one thread."""

    tokens: NDArray[np.uint64]
    """Token hashes of one document."""
    hits: NDArray[np.int64]
    """Item and position of each hit of one document."""
    ranks: NDArray[np.int32]
    """Run of each hit."""
    counts: NDArray[np.int64]
    """Number of hits in a stretch by run; all 0 between calls."""


@kernel
def run_hash(tokens: NDArray[np.uint64], first: int, n: int) -> np.uint64:
    """Hash n tokens."""
    value = SEED
    for index in range(first, first + n):
        value = value * BASE + tokens[index]
    return mix(value)


@kernel
def power_of_base(exponent: int) -> np.uint64:
    """Return a power of the base of the hash of a run."""
    power = ONE
    for _ in range(exponent):
        power *= BASE
    return power


@kernel
def hash_items(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    tables: TokenTables,
    n: int,
    tokens: NDArray[np.uint64],
    spans: Spans,
    sizes: NDArray[np.int64],
    openings: NDArray[np.uint64],
    runs: NDArray[np.uint64],
) -> int:
    """Hash the runs of n tokens of items; an item of fewer tokens has one run, and none if it is not searched for.

    Args:
        data: UTF-8 bytes of all items.
        offsets: Start of each item, and the end of the last, shape (items + 1,).
        tables: From `token_tables`.
        n: Tokens in a run.
        tokens: Workspace; a token more than bytes of the longest item.
        spans: Where the trimmed text of each item is written, shape (items,).
        sizes: Where the number of tokens of each item is written, shape (items,).
        openings: Where the hash of the first `LEAST_TOKENS` tokens of each item is written, shape (items,).
        runs: Where the hashes are written, one item after the other; as many as bytes are enough.

    Returns:
        The number of hashes written.
    """
    written = 0
    for item in range(offsets.size - 1):
        trim(data, offsets[item], offsets[item + 1], tables.words, spans[item])
        count = tokenise_document(data, offsets[item], offsets[item + 1], tables, tokens)
        sizes[item] = count
        openings[item] = 0
        if count >= LEAST_TOKENS:
            openings[item] = run_hash(tokens, 0, LEAST_TOKENS)
            width = min(n, count)
            for first in range(count - width + 1):
                runs[written] = run_hash(tokens, first, width)
                written += 1
    return written


@kernel
def look_up(value: np.uint64, position: int, postings: Postings, space: SearchWorkspace, count: int) -> int:
    """Append the items that have a run to the hits, as far as there is room; return the number of hits."""
    bucket = np.int64(value >> np.uint64(postings.shift))
    at, stop = postings.buckets[bucket], postings.buckets[bucket + 1]
    while at < stop and postings.hashes[at] < value:
        at += 1
    if at == stop or postings.hashes[at] != value:
        return count
    for posting in range(postings.first[at], postings.first[at + 1]):
        if count < space.hits.size:
            space.hits[count] = np.int64(postings.items[posting]) << ITEM_BITS | position
            space.ranks[count] = postings.ranks[posting]
        count += 1
    return count


@kernel
def collect_hits(tokens: int, index: ItemIndex, space: SearchWorkspace) -> int:
    """Write the runs of a document that an item has to the hits, as far as there is room; return their number."""
    n, postings, count = index.n, index.postings, 0
    filled = postings.filter
    if tokens >= n:
        power = power_of_base(n - 1)
        seed = SEED * power * BASE
        value = np.uint64(0)
        for position in range(n - 1):
            value = value * BASE + space.tokens[position]
        for position in range(tokens - n + 1):
            value = value * BASE + space.tokens[position + n - 1]
            found = mix(value + seed)
            if may_contain(found, filled):
                count = look_up(found, position, postings, space, count)
            value -= space.tokens[position] * power
    if not index.short_sizes.size:
        return count
    for position in range(tokens - LEAST_TOKENS + 1):
        found = run_hash(space.tokens, position, LEAST_TOKENS)
        if may_contain(found, index.short_filter):
            for size in index.short_sizes:
                if position + size <= tokens:
                    count = look_up(run_hash(space.tokens, position, size), position, postings, space, count)
    return count


@kernel
def find_stretches(  # noqa: C901 - the window moves over the hits in one pass
    hits: NDArray[np.int64],
    ranks: NDArray[np.int32],
    counts: NDArray[np.int64],
    doc: int,
    index: ItemIndex,
    matches: Matches,
    written: int,
) -> int:
    """Write the stretches of a document that contain an item; they do not overlap.

    A stretch starts where enough different runs first stand close together. It goes on to the last run that is new in
    it, as long as it is no longer than the item allows.

    Args:
        hits: Item and position of the hits of the item, in order of position, shape (hits,).
        ranks: Run of each hit, shape (hits,).
        counts: Workspace, all 0, and again at the end.
        doc: Number of the document.
        index: The items.
        matches: Where the stretches are written, as far as there is room.
        written: Number of rows written before.

    Returns:
        The number of rows, also of those for which there was no room.
    """
    item = hits[0] >> ITEM_BITS
    size, window, needed = min(index.n, index.tokens[item]), index.window[item], index.needed[item]
    left = right = distinct = 0
    while right < hits.size:
        distinct += counts[ranks[right]] == 0
        counts[ranks[right]] += 1
        while hits[right] - hits[left] + size > window:
            counts[ranks[left]] -= 1
            distinct -= counts[ranks[left]] == 0
            left += 1
        right += 1
        if distinct < needed:
            continue
        last = right - 1
        while counts[ranks[left]] > 1:
            counts[ranks[left]] -= 1
            left += 1
        while right < hits.size and hits[right] - hits[left] + size <= window:
            is_new = counts[ranks[right]] == 0
            counts[ranks[right]] += 1
            if is_new:
                distinct += 1
                last = right
                while counts[ranks[left]] > 1:
                    counts[ranks[left]] -= 1
                    left += 1
            right += 1
        if written < matches.size:
            match = matches[written]
            match.doc, match.item, match.found = doc, item, distinct
            match.first, match.stop = hits[left] & POSITION, (hits[last] & POSITION) + size
        written += 1
        for hit in range(left, right):
            counts[ranks[hit]] = 0
        stop = hits[last] + size
        distinct, left = 0, last + 1
        while left < hits.size and hits[left] < stop:
            left += 1
        right = left
    for hit in range(left, right):
        counts[ranks[hit]] = 0
    return written


@kernel
def search(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    start: int,
    tables: TokenTables,
    index: ItemIndex,
    space: SearchWorkspace,
    matches: Matches,
) -> tuple[int, int, int]:
    """Find the items that documents contain.

    Args:
        data: UTF-8 bytes of all documents.
        offsets: Start of each document, and the end of the last, shape (documents + 1,).
        start: The first document to search.
        tables: From `token_tables`.
        index: The items.
        space: Workspace; ``tokens`` needs a token more than bytes of the longest document.
        matches: Where the stretches are written, by document, item and position.

    Returns:
        Number of the document at which the search stopped, since there was no room for its hits or matches; number of
        rows of ``matches`` written; and number of its hits. The search is done if it stopped at the last offset.
    """
    written = 0
    for doc in range(start, offsets.size - 1):
        tokens = tokenise_document(data, offsets[doc], offsets[doc + 1], tables, space.tokens)
        count = collect_hits(tokens, index, space)
        if count > space.hits.size:
            return doc, written, count
        if count == 0:
            continue
        order = stable_order(space.hits[:count])
        hits, ranks = space.hits[:count][order], space.ranks[:count][order]
        rows, begin = written, 0
        while begin < count:
            item, end = hits[begin] >> ITEM_BITS, begin + 1
            while end < count and hits[end] >> ITEM_BITS == item:
                end += 1
            if end - begin >= index.needed[item]:
                rows = find_stretches(hits[begin:end], ranks[begin:end], space.counts, doc, index, matches, rows)
            begin = end
        if rows > matches.size:
            return doc, written, count
        written = rows
    return offsets.size - 1, written, 0
