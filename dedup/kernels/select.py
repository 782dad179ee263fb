"""Who stays and who goes: the first maximal independent set of the graph of verified pairs, in keep order.

A unit is kept unless an earlier kept one reaches the threshold. Pairs from small buckets arrive verified.
In a crowded bucket a unit is compared, when its turn comes, with the kept ones only.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.estimate import mismatches
from dedup.kernels.hash_sets import fill_table, shared
from dedup.kernels.jaccard import least_shared

# The system maps about so many bytes around a page that is looked at.
AROUND = 1 << 16


class OversizedBuckets(NamedTuple):
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
    touched: NDArray[np.bool_]
    """For each row of the crowd, whether its set was looked at since pages were last given back."""
    fresh: NDArray[np.int64]
    """How many bytes of memory those sets may hold, shape (1,)."""


def make_chains(crowd: OversizedBuckets) -> Chains:
    """Make empty chains for a crowd."""
    buckets = int(crowd.buckets.max()) + 1 if crowd.buckets.size else 0
    return Chains(
        head=np.full(buckets, -1, np.int32),
        tail=np.full(buckets, -1, np.int32),
        next=np.full(crowd.buckets.size, -1, np.int32),
        owner=np.repeat(np.arange(crowd.units.size, dtype=np.int32), np.diff(crowd.first)),
        seen=np.full(crowd.units.size, -1, np.int32),
        touched=np.zeros(crowd.units.size, np.bool_),
        fresh=np.zeros(1, np.int64),
    )


@njit(nogil=True, cache=True)
def shingles(crowd: OversizedBuckets, row: int) -> NDArray[np.uint64]:
    """Look at the shingle set of a row of the crowd."""
    start = crowd.starts[crowd.slots[row]]
    return crowd.hashes[start : start + crowd.sizes[crowd.slots[row]]]


@njit(nogil=True, cache=True)
def touch(crowd: OversizedBuckets, row: int, touched: NDArray[np.bool_]) -> int:
    """Note that the set of a row is looked at, and say how many bytes of memory that takes anew."""
    if touched[row]:
        return 0
    touched[row] = True
    return int(8 * crowd.sizes[crowd.slots[row]] + AROUND)


@njit(nogil=True, cache=True)
def resembles_kept(crowd: OversizedBuckets, chains: Chains, row: int, table: NDArray[np.uint64]) -> bool:
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
            chains.fresh[0] += touch(crowd, owner, chains.touched)
            if bits == 0:
                chains.fresh[0] += touch(crowd, row, chains.touched)
                bits = fill_table(mine, table)
            least = least_shared(theirs.size, mine.size, crowd.threshold)
            if least <= mine.size and shared(theirs, table, bits, least) >= 0:
                return True
    return False


@njit(nogil=True, cache=True)
def settle(
    crowd: OversizedBuckets, chains: Chains, kept: NDArray[np.bool_], row: int, table: NDArray[np.uint64]
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
    crowd: OversizedBuckets,
    chains: Chains,
    row: int,
    until: int,
    table: NDArray[np.uint64],
    budget: int,
) -> tuple[int, int]:
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
        budget: Bytes of sets to look at before coming back.

    Returns:
        How many pairs are applied, and the first row of the crowd that is still not settled.
    """
    for index in range(left.size):
        while row < crowd.units.size and crowd.units[row] < right[index]:
            if chains.fresh[0] > budget:
                return index, row
            settle(crowd, chains, kept, row, table)
            row += 1
        if kept[left[index]]:
            kept[right[index]] = False
    while row < crowd.units.size and crowd.units[row] < until and chains.fresh[0] <= budget:
        settle(crowd, chains, kept, row, table)
        row += 1
    return left.size, row
