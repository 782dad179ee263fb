"""Who stays and who goes: the first maximal independent set of the graph of verified pairs, in keep order.

A unit is kept unless an earlier kept one reaches the threshold. Pairs from small buckets arrive verified.
In a crowded bucket a unit is compared, when its turn comes, with the kept ones only.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.compare import fill_table, least_shared, make_table, mismatches, most_mismatches, shared


class Crowd(NamedTuple):
    """Members of crowded buckets, a row each, sorted by unit; and what it takes to compare them."""

    units: NDArray[np.int64]
    """The distinct units, ascending, shape (units,)."""
    first: NDArray[np.int64]
    """Where each unit's memberships begin and the last end, shape (units + 1,)."""
    buckets: NDArray[np.int32]
    """Bucket of each membership, numbered from 0, shape (memberships,)."""
    rows: NDArray[np.int64]
    """Row of each unit in ``signatures``, likewise."""
    slots: NDArray[np.int64]
    """Slot of each unit's shingle set, likewise."""
    starts: NDArray[np.int64]
    """Where each set begins, shape (slots,)."""
    sizes: NDArray[np.int64]
    """How many hashes each has, likewise."""
    hashes: NDArray[np.uint64]
    """The sets, each of distinct hashes."""
    signatures: NDArray[np.uint64]
    """Low 8 bits of the signatures of all units, eight permutations to a word."""
    permutations: int
    """Length of a signature."""
    threshold: float
    """Least Jaccard."""
    standard_errors: float
    """How far an estimate may fall short of it."""
    most: int
    """Places in which signatures may differ."""


class Chains(NamedTuple):
    """The kept members of each crowded bucket, in the order they were kept."""

    head: NDArray[np.int32]
    """First membership of each bucket, -1 for none."""
    tail: NDArray[np.int32]
    """Last membership of each bucket."""
    next: NDArray[np.int32]
    """The membership after each one, -1 for none."""
    owner: NDArray[np.int32]
    """Which row of the crowd each membership belongs to."""
    seen: NDArray[np.int32]
    """For each row of the crowd, the last row that was compared with it."""


class Stayed(NamedTuple):
    """The kept members of each crowded bucket, once all are settled."""

    first: NDArray[np.int64]
    """Where each bucket's begin and the last end, shape (buckets + 1,)."""
    rows: NDArray[np.int32]
    """Their rows of the crowd."""


def find_stayed(crowd: Crowd, chains: Chains, kept: NDArray[np.bool_]) -> Stayed:
    """List the kept members of each crowded bucket."""
    mine = kept[crowd.units[chains.owner]]
    buckets = crowd.buckets[mine]
    sizes = np.bincount(buckets, minlength=chains.head.size)
    rows = chains.owner[mine][np.argsort(buckets, kind="stable")]
    return Stayed(np.concatenate(([0], np.cumsum(sizes))), rows)


def make_chains(crowd: Crowd) -> Chains:
    """Make empty chains for a crowd."""
    buckets = int(crowd.buckets.max()) + 1 if crowd.buckets.size else 0
    return Chains(
        head=np.full(buckets, -1, np.int32),
        tail=np.full(buckets, -1, np.int32),
        next=np.full(crowd.buckets.size, -1, np.int32),
        owner=np.repeat(np.arange(crowd.units.size, dtype=np.int32), np.diff(crowd.first)),
        seen=np.full(crowd.units.size, -1, np.int32),
    )


@njit(nogil=True, cache=True)
def shingles(crowd: Crowd, row: int) -> NDArray[np.uint64]:
    """Look at the shingle set of a row of the crowd."""
    start = crowd.starts[crowd.slots[row]]
    return crowd.hashes[start : start + crowd.sizes[crowd.slots[row]]]


@njit(nogil=True, cache=True)
def resembles_kept(crowd: Crowd, chains: Chains, row: int, table: NDArray[np.uint64]) -> bool:
    """Say whether a row reaches the threshold with a kept member of one of its buckets."""
    bits = 0
    mine = shingles(crowd, row)
    for membership in range(crowd.first[row], crowd.first[row + 1]):
        other = chains.head[crowd.buckets[membership]]
        while other >= 0:
            owner = chains.owner[other]
            other = chains.next[other]
            if chains.seen[owner] == row:
                continue
            chains.seen[owner] = row
            if mismatches(crowd.signatures, crowd.rows[owner], crowd.rows[row]) > crowd.most:
                continue
            theirs = shingles(crowd, owner)
            bits = bits if bits else fill_table(mine, table)
            least = least_shared(theirs.size, mine.size, crowd.threshold)
            if least <= mine.size and shared(theirs, table, bits, least) >= 0:
                return True
    return False


@njit(nogil=True, cache=True)
def settle(
    crowd: Crowd, chains: Chains, kept: NDArray[np.bool_], row: int, table: NDArray[np.uint64]
) -> None:
    """Decide a row of the crowd whose verified pairs are all applied."""
    unit = crowd.units[row]
    if not kept[unit]:
        return
    if resembles_kept(crowd, chains, row, table):
        kept[unit] = False
        return
    for membership in range(crowd.first[row], crowd.first[row + 1]):
        bucket = crowd.buckets[membership]
        if chains.head[bucket] < 0:
            chains.head[bucket] = membership
        else:
            chains.next[chains.tail[bucket]] = membership
        chains.tail[bucket] = membership


@njit(nogil=True, cache=True)
def decide(
    kept: NDArray[np.bool_],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    crowd: Crowd,
    chains: Chains,
    row: int,
    until: int,
    table: NDArray[np.uint64],
) -> int:
    """Apply verified pairs, and settle the members of crowded buckets as their turn comes.

    Args:
        kept: What is decided so far, shape (units,); True to begin with.
        left: Earlier unit of each pair, shape (n,).
        right: Later unit, ascending, and not before that of an earlier call.
        crowd: Members of crowded buckets.
        chains: Their kept members so far.
        row: First row of the crowd that is not settled.
        until: Settle every row before this unit, even after the last pair.
        table: Work space for the largest set, from `make_table`.

    Returns:
        First row of the crowd that is still not settled.
    """
    for index in range(left.size):
        while row < crowd.units.size and crowd.units[row] < right[index]:
            settle(crowd, chains, kept, row, table)
            row += 1
        if kept[left[index]]:
            kept[right[index]] = False
    while row < crowd.units.size and crowd.units[row] < until:
        settle(crowd, chains, kept, row, table)
        row += 1
    return row


@njit(nogil=True, cache=True)
def find_rivals(
    crowd: Crowd, stayed: Stayed, row: int, seen: NDArray[np.int32], rivals: NDArray[np.int64]
) -> int:
    """List the kept members of a row's buckets whose estimate allows a duplicate.

    Args:
        crowd: Members of crowded buckets.
        stayed: Those of them that are kept.
        row: A row of the crowd.
        seen: For each row, the last one that was compared with it.
        rivals: Places in which signatures differ, and row; shape (rows, 2).

    Returns:
        How many there are.
    """
    count = 0
    for membership in range(crowd.first[row], crowd.first[row + 1]):
        bucket = crowd.buckets[membership]
        for index in range(stayed.first[bucket], stayed.first[bucket + 1]):
            owner = stayed.rows[index]
            if seen[owner] != row:
                seen[owner] = row
                differ = mismatches(crowd.signatures, crowd.rows[owner], crowd.rows[row])
                if differ <= crowd.most:
                    rivals[count, 0], rivals[count, 1] = differ, owner
                    count += 1
    return count


@njit(nogil=True, cache=True)
def attribute(
    crowd: Crowd, stayed: Stayed, kept: NDArray[np.bool_], first: int, last: int, largest: int
) -> NDArray[np.int64]:
    """Find the most similar kept members for each removed row of a crowd.

    The likeliest by estimate are compared first, and the others only as far as they may still be better.

    Args:
        crowd: Members of crowded buckets.
        stayed: Those of them that are kept.
        kept: What was decided, shape (units,).
        first: First row to look at.
        last: One past the last.
        largest: Size of the largest set.

    Returns:
        Shape (pairs, 3): row of the kept unit, row of the removed one, shingles shared; equals are all there.
    """
    table = make_table(largest)
    seen = np.full(crowd.units.size, -1, np.int32)
    rivals = np.empty((crowd.units.size, 2), np.int64)
    found = np.empty((64, 3), np.int64)
    count = 0
    for row in range(first, last):
        if kept[crowd.units[row]]:
            continue
        number = find_rivals(crowd, stayed, row, seen, rivals)
        if number == 0:
            continue
        order = np.argsort(rivals[:number, 0], kind="mergesort")
        mine = shingles(crowd, row)
        bits = fill_table(mine, table)
        best = crowd.threshold
        begun = count
        for rival in order:
            if rivals[rival, 0] > most_mismatches(best, crowd.permutations, crowd.standard_errors):
                break
            theirs = shingles(crowd, rivals[rival, 1])
            least = least_shared(theirs.size, mine.size, best)
            both = shared(theirs, table, bits, least) if least <= mine.size else -1
            if both < 0:
                continue
            jaccard = both / (theirs.size + mine.size - both)
            if jaccard > best:
                count, best = begun, jaccard
            if count == found.shape[0]:
                larger = np.empty((2 * count, 3), np.int64)
                larger[:count] = found
                found = larger
            found[count, 0], found[count, 1], found[count, 2] = rivals[rival, 1], row, both
            count += 1
    return found[:count]


class Choice(NamedTuple):
    """The most similar kept unit of each removed one, found so far; shape (removed,) each."""

    keeper: NDArray[np.int64]
    """The kept unit, -1 for none yet."""
    shared: NDArray[np.int64]
    """Shingles shared with it."""
    size: NDArray[np.int64]
    """Shingles of the removed unit."""
    union: NDArray[np.int64]
    """Shingles of either."""


@njit(nogil=True, cache=True)
def choose(
    kept: NDArray[np.bool_],
    place: NDArray[np.int64],
    pairs: NDArray[np.int64],
    rank: NDArray[np.int64],
    doc: NDArray[np.int64],
    choice: Choice,
) -> None:
    """Give each removed unit its most similar kept one; ties go to the same document, then the lowest rank.

    Args:
        kept: What was decided, shape (units,).
        place: Where a removed unit is in ``choice``, likewise.
        pairs: Verified pairs, shape (n, 5): two units, shingles shared, shingles of the one and of the other.
        rank: Rank of each unit, shape (units,).
        doc: Document of each unit, likewise.
        choice: Chosen so far.
    """
    for index in range(pairs.shape[0]):
        a, b, both, size_a, size_b = pairs[index]
        if kept[a] == kept[b]:
            continue
        keeper, gone, size = (a, b, size_b) if kept[a] else (b, a, size_a)
        at = place[gone]
        rival = choice.keeper[at]
        union = size_a + size_b - both
        if rival >= 0:
            old, new = choice.shared[at] / choice.union[at], both / union
            here, there = doc[keeper] == doc[gone], doc[rival] == doc[gone]
            if new < old or (new == old and (there, -rank[rival]) >= (here, -rank[keeper])):
                continue
        choice.keeper[at], choice.shared[at], choice.size[at], choice.union[at] = keeper, both, size, union
