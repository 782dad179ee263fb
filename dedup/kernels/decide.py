"""Who stays and who goes: the first maximal independent set of the graph of verified pairs, in keep order.

A unit is kept unless an earlier kept one reaches the threshold. Pairs from small buckets arrive verified.
In a crowded bucket a unit is compared, when its turn comes, with the kept ones only.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.compare import least_shared, matches, shared


class Crowd(NamedTuple):
    """Members of crowded buckets, a row each, sorted by unit; and what it takes to compare them."""

    units: NDArray[np.int64]
    """The distinct units, ascending, shape (units,)."""
    first: NDArray[np.int64]
    """Where each unit's memberships begin and the last end, shape (units + 1,)."""
    buckets: NDArray[np.int64]
    """Bucket of each membership, numbered from 0, shape (memberships,)."""
    rows: NDArray[np.int64]
    """Row of each unit in ``signatures``, likewise."""
    slots: NDArray[np.int64]
    """Slot of each unit's shingle set, likewise."""
    offsets: NDArray[np.int64]
    """Where each set begins and the last ends, shape (slots + 1,)."""
    hashes: NDArray[np.uint64]
    """The sets end to end, each sorted and distinct."""
    signatures: NDArray[np.uint8]
    """Low 8 bits of the signatures of all units."""
    threshold: float
    """Least Jaccard."""
    least: int
    """Least number of places in which signatures must agree."""


class Chains(NamedTuple):
    """The kept members of each crowded bucket, in the order they were kept."""

    head: NDArray[np.int64]
    """First membership of each bucket, -1 for none."""
    tail: NDArray[np.int64]
    """Last membership of each bucket."""
    next: NDArray[np.int64]
    """The membership after each one, -1 for none."""
    owner: NDArray[np.int64]
    """Which row of the crowd each membership belongs to."""
    seen: NDArray[np.int64]
    """For each row of the crowd, the last row that was compared with it."""


def make_chains(crowd: Crowd) -> Chains:
    """Make empty chains for a crowd."""
    buckets = int(crowd.buckets.max()) + 1 if crowd.buckets.size else 0
    return Chains(
        head=np.full(buckets, -1, np.int64),
        tail=np.full(buckets, -1, np.int64),
        next=np.full(crowd.buckets.size, -1, np.int64),
        owner=np.repeat(np.arange(crowd.units.size), np.diff(crowd.first)),
        seen=np.full(crowd.units.size, -1, np.int64),
    )


@njit(nogil=True, cache=True)
def common(crowd: Crowd, a: int, b: int) -> int:
    """Count the shingles that two rows of a crowd share, -1 under the threshold."""
    if matches(crowd.signatures, crowd.rows[a], crowd.rows[b]) < crowd.least:
        return -1
    left = crowd.hashes[crowd.offsets[crowd.slots[a]] : crowd.offsets[crowd.slots[a] + 1]]
    right = crowd.hashes[crowd.offsets[crowd.slots[b]] : crowd.offsets[crowd.slots[b] + 1]]
    least = least_shared(left.size, right.size, crowd.threshold)
    return -1 if least > min(left.size, right.size) else shared(left, right, least)


@njit(nogil=True, cache=True)
def resembles_kept(crowd: Crowd, chains: Chains, row: int) -> bool:
    """Say whether a row reaches the threshold with a kept member of one of its buckets."""
    for membership in range(crowd.first[row], crowd.first[row + 1]):
        other = chains.head[crowd.buckets[membership]]
        while other >= 0:
            owner = chains.owner[other]
            if chains.seen[owner] != row:
                chains.seen[owner] = row
                if common(crowd, owner, row) >= 0:
                    return True
            other = chains.next[other]
    return False


@njit(nogil=True, cache=True)
def settle(crowd: Crowd, chains: Chains, kept: NDArray[np.bool_], row: int) -> None:
    """Decide a row of the crowd whose verified pairs are all applied."""
    unit = crowd.units[row]
    if not kept[unit]:
        return
    if resembles_kept(crowd, chains, row):
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

    Returns:
        First row of the crowd that is still not settled.
    """
    for index in range(left.size):
        while row < crowd.units.size and crowd.units[row] < right[index]:
            settle(crowd, chains, kept, row)
            row += 1
        if kept[left[index]]:
            kept[right[index]] = False
    while row < crowd.units.size and crowd.units[row] < until:
        settle(crowd, chains, kept, row)
        row += 1
    return row


@njit(nogil=True, cache=True)
def attribute(
    crowd: Crowd, chains: Chains, kept: NDArray[np.bool_], first: int, last: int, seen: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Find all kept members that each removed row of a crowd reaches the threshold with.

    Args:
        crowd: Members of crowded buckets.
        chains: Their kept members, all settled.
        kept: What was decided, shape (units,).
        first: First row to look at.
        last: One past the last.
        seen: Work space, shape (rows of the crowd,), -1 to begin with.

    Returns:
        Shape (pairs, 3): row of the kept unit, row of the removed one, shingles shared.
    """
    found = np.empty((64, 3), np.int64)
    count = 0
    for row in range(first, last):
        if kept[crowd.units[row]]:
            continue
        for membership in range(crowd.first[row], crowd.first[row + 1]):
            other = chains.head[crowd.buckets[membership]]
            while other >= 0:
                owner = chains.owner[other]
                if seen[owner] != row:
                    seen[owner] = row
                    both = common(crowd, owner, row)
                    if both >= 0:
                        if count == found.shape[0]:
                            larger = np.empty((2 * count, 3), np.int64)
                            larger[:count] = found
                            found = larger
                        found[count, 0], found[count, 1], found[count, 2] = owner, row, both
                        count += 1
                other = chains.next[other]
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
