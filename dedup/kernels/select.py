"""Select the kept units: the first maximal independent set of the graph of verified pairs, in keep order.

A unit is kept unless its similarity to an earlier kept unit reaches the threshold. Pairs from small buckets are
verified before. A unit of an oversized bucket is compared with the kept units of its buckets that precede it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import inlined, kernel
from dedup.kernels.estimate import mismatches
from dedup.kernels.hash_sets import SetArrays, fill_table, shared
from dedup.kernels.jaccard import least_shared

# Linux maps about this many bytes around an accessed page.
MAPPED_AROUND = 1 << 16


class OversizedBuckets(NamedTuple):
    """The units of oversized buckets, one row per unit, with their shingle sets and signatures."""

    units: NDArray[np.int64]
    """The distinct units, ascending, shape (units,)."""
    first: NDArray[np.int64]
    """First membership of each unit, and the end of the last, shape (units + 1,)."""
    buckets: NDArray[np.int32]
    """Bucket of each membership, numbered from 0, shape (memberships,)."""
    rows: NDArray[np.int64]
    """Row of each unit in ``signatures``, shape (units,)."""
    slots: NDArray[np.int64]
    """Slot of the shingle set of each unit, shape (units,)."""
    sets: SetArrays
    """The shingle sets."""
    signatures: NDArray[np.uint64]
    """Low 8 bits of the signatures of all units, eight permutations per word, shape (all units, words)."""
    threshold: float
    """Minimum Jaccard."""
    most_mismatches: int
    """Positions in which the signatures of a pair at the threshold may differ."""
    fixed: int
    """Number of units that are always kept; they come first in keep order."""
    apart: NDArray[np.int64]
    """Units of an equal value that is not negative are never near-duplicates of each other, shape (units,)."""
    short: NDArray[np.bool_]
    """Whether each unit is removed only for a unit with the same tokens, shape (units,)."""
    sequence: NDArray[np.uint64]
    """Hash of the token sequence of each unit, shape (units,)."""


class KeptChains(NamedTuple):
    """The kept members of each oversized bucket, as linked lists in keep order."""

    head: NDArray[np.int32]
    """First membership of each bucket, -1 if none, shape (buckets,)."""
    tail: NDArray[np.int32]
    """Last membership of each bucket, shape (buckets,)."""
    next: NDArray[np.int32]
    """The membership after each one, -1 if none, shape (memberships,)."""
    owner: NDArray[np.int32]
    """Row of each membership, shape (memberships,)."""
    seen: NDArray[np.int32]
    """The last row that was compared with each row, shape (units,)."""
    touched: NDArray[np.bool_]
    """Whether the set of each row was read since mapped pages were last released, shape (units,)."""
    fresh: NDArray[np.int64]
    """Bytes of memory that these sets may occupy, shape (1,)."""


def make_chains(oversized: OversizedBuckets) -> KeptChains:
    """Allocate empty chains."""
    buckets = int(oversized.buckets.max()) + 1 if oversized.buckets.size else 0
    return KeptChains(
        head=np.full(buckets, -1, np.int32),
        tail=np.full(buckets, -1, np.int32),
        next=np.full(oversized.buckets.size, -1, np.int32),
        owner=np.repeat(np.arange(oversized.units.size, dtype=np.int32), np.diff(oversized.first)),
        seen=np.full(oversized.units.size, -1, np.int32),
        touched=np.zeros(oversized.units.size, np.bool_),
        fresh=np.zeros(1, np.int64),
    )


@inlined
def may_pair(oversized: OversizedBuckets, former: int, latter: int) -> bool:
    """Return whether the latter of two rows may be removed for the former, if it is similar enough."""
    is_near_only = oversized.short[latter] or (
        oversized.apart[former] >= 0 and oversized.apart[former] == oversized.apart[latter]
    )
    return bool(not is_near_only or oversized.sequence[former] == oversized.sequence[latter])


@kernel
def shingles(oversized: OversizedBuckets, row: int) -> NDArray[np.uint64]:
    """Return the shingle set of a row, shape (hashes,)."""
    start = oversized.sets.starts[oversized.slots[row]]
    return oversized.sets.hashes[start : start + oversized.sets.sizes[oversized.slots[row]]]


@kernel
def touch(oversized: OversizedBuckets, row: int, touched: NDArray[np.bool_]) -> int:
    """Note that the set of a row is read; return how many bytes of memory that adds."""
    if touched[row]:
        return 0
    touched[row] = True
    return int(8 * oversized.sets.sizes[oversized.slots[row]] + MAPPED_AROUND)


@kernel
def resembles_kept(oversized: OversizedBuckets, chains: KeptChains, row: int, table: NDArray[np.uint64]) -> bool:
    """Return whether a row reaches the threshold with a kept member of one of its buckets."""
    bits = 0
    own_shingles = shingles(oversized, row)
    for membership in range(oversized.first[row], oversized.first[row + 1]):
        other = chains.head[oversized.buckets[membership]]
        while other >= 0:
            owner = chains.owner[other]
            other = chains.next[other]
            if chains.seen[owner] == row:
                continue
            chains.seen[owner] = row
            if not may_pair(oversized, owner, row):
                continue
            if mismatches(oversized.signatures, oversized.rows[owner], oversized.rows[row]) > oversized.most_mismatches:
                continue
            other_shingles = shingles(oversized, owner)
            chains.fresh[0] += touch(oversized, owner, chains.touched)
            if bits == 0:
                chains.fresh[0] += touch(oversized, row, chains.touched)
                bits = fill_table(own_shingles, table)
            least = least_shared(other_shingles.size, own_shingles.size, oversized.threshold)
            if least <= own_shingles.size and shared(other_shingles, table, bits, least) >= 0:
                return True
    return False


@kernel
def decide_row(
    oversized: OversizedBuckets, chains: KeptChains, kept: NDArray[np.bool_], row: int, table: NDArray[np.uint64]
) -> None:
    """Decide whether to keep a row whose verified pairs are all applied."""
    unit = oversized.units[row]
    if not kept[unit]:
        return
    if unit >= oversized.fixed and resembles_kept(oversized, chains, row, table):
        kept[unit] = False
        return
    for membership in range(oversized.first[row], oversized.first[row + 1]):
        bucket = oversized.buckets[membership]
        if chains.head[bucket] < 0:
            chains.head[bucket] = membership
        else:
            chains.next[chains.tail[bucket]] = membership
        chains.tail[bucket] = membership


@kernel
def select(
    kept: NDArray[np.bool_],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    oversized: OversizedBuckets,
    chains: KeptChains,
    row: int,
    until: int,
    table: NDArray[np.uint64],
    budget: int,
) -> tuple[int, int]:
    """Apply verified pairs, and decide the members of oversized buckets, all in keep order.

    Args:
        kept: Whether each unit is kept, as decided so far, shape (units,); updated in place.
        left: Earlier unit of each pair, shape (n,).
        right: Later unit, ascending over all calls, shape (n,).
        oversized: Members of oversized buckets.
        chains: Their kept members so far.
        row: First row that is not decided.
        until: Decide every row before this unit, even after the last pair.
        table: Table for the largest set, from `make_table`.
        budget: Bytes of sets to read before the call returns.

    Returns:
        The number of pairs applied, and the first row that is still not decided.
    """
    for index in range(left.size):
        while row < oversized.units.size and oversized.units[row] < right[index]:
            if chains.fresh[0] > budget:
                return index, row
            decide_row(oversized, chains, kept, row, table)
            row += 1
        if kept[left[index]]:
            kept[right[index]] = False
    while row < oversized.units.size and oversized.units[row] < until and chains.fresh[0] <= budget:
        decide_row(oversized, chains, kept, row, table)
        row += 1
    return left.size, row
