"""Find the most similar kept unit of each removed unit, among those that come before it in keep order."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.estimate import mismatches
from dedup.kernels.hash_sets import fill_table, make_table, shared
from dedup.kernels.jaccard import least_shared
from dedup.kernels.rows import grown, stable_order
from dedup.kernels.select import KeptChains, OversizedBuckets, may_pair, shingles, touch


class KeptMembers(NamedTuple):
    """The kept members of each oversized bucket, after all verdicts."""

    first: NDArray[np.int64]
    """First member of each bucket, and the end of the last, shape (buckets + 1,)."""
    rows: NDArray[np.int32]
    """Their rows of `OversizedBuckets`, ascending in each bucket, shape (members,)."""


def find_kept_members(oversized: OversizedBuckets, chains: KeptChains, kept: NDArray[np.bool_]) -> KeptMembers:
    """Return the kept members of each oversized bucket."""
    own = kept[oversized.units[chains.owner]]
    buckets = oversized.buckets[own]
    sizes = np.bincount(buckets, minlength=chains.head.size)
    rows = chains.owner[own][np.argsort(buckets, kind="stable")]
    return KeptMembers(np.concatenate(([0], np.cumsum(sizes))), rows)


@kernel
def find_rivals(
    oversized: OversizedBuckets, kept_members: KeptMembers, row: int, seen: NDArray[np.int32], rivals: NDArray[np.int64]
) -> int:
    """Find the earlier kept members of the buckets of a row whose estimate reaches the threshold.

    Args:
        oversized: Members of oversized buckets.
        kept_members: The kept ones.
        row: A row.
        seen: The last row that was compared with each row, shape (rows,).
        rivals: Output, shape (rows, 2): number of positions in which the signatures differ, and row of the kept member.

    Returns:
        The number of rows of ``rivals`` written.
    """
    count = 0
    for membership in range(oversized.first[row], oversized.first[row + 1]):
        bucket = oversized.buckets[membership]
        for index in range(kept_members.first[bucket], kept_members.first[bucket + 1]):
            owner = kept_members.rows[index]
            if owner >= row:  # a kept unit that comes later is not named
                break
            if seen[owner] != row and may_pair(oversized, owner, row):
                seen[owner] = row
                differ = mismatches(oversized.signatures, oversized.rows[owner], oversized.rows[row])
                if differ <= oversized.most_mismatches:
                    rivals[count, 0], rivals[count, 1] = differ, owner
                    count += 1
    return count


@kernel
def attribute(
    oversized: OversizedBuckets, kept_members: KeptMembers, rows: NDArray[np.int64], largest: int, budget: int
) -> tuple[NDArray[np.int64], int]:
    """Find the most similar earlier kept members of removed rows.

    The most similar by estimate are compared first, so that the others need not be counted to the end. All are
    compared: the result does not depend on which units share a bucket, and so not on whether all came at once.

    Args:
        oversized: Members of oversized buckets.
        kept_members: The kept ones.
        rows: Removed rows, shape (n,).
        largest: Size of the largest set.
        budget: Bytes of sets to read before the call returns.

    Returns:
        Row of the kept unit, row of the removed unit and shingles shared, shape (pairs, 3), including all ties; and
        the number of rows done, at least one.
    """
    touched = np.zeros(oversized.units.size, np.bool_)
    fresh = 0
    table = make_table(largest)
    seen = np.full(oversized.units.size, -1, np.int32)
    rivals = np.empty((oversized.units.size, 2), np.int64)
    found = np.empty((64, 3), np.int64)
    count = 0
    for done in range(rows.size):
        if fresh > budget:
            return found[:count], done
        row = rows[done]
        number = find_rivals(oversized, kept_members, row, seen, rivals)
        if number == 0:
            continue
        order = stable_order(rivals[:number, 0])
        own = shingles(oversized, row)
        fresh += touch(oversized, row, touched)
        bits = fill_table(own, table)
        best = oversized.threshold
        begun = count
        for rival in order:
            other = shingles(oversized, rivals[rival, 1])
            fresh += touch(oversized, rivals[rival, 1], touched)
            least = least_shared(other.size, own.size, best)
            both = shared(other, table, bits, least) if least <= own.size else -1
            if both < 0:
                continue
            jaccard = both / (other.size + own.size - both)
            if jaccard > best:
                count, best = begun, jaccard
            if count == found.shape[0]:
                found = grown(found)
            found[count, 0], found[count, 1], found[count, 2] = rivals[rival, 1], row, both
            count += 1
    return found[:count], rows.size


class Best(NamedTuple):
    """The most similar kept unit found so far for each removed unit; shape (removed,) each."""

    keeper: NDArray[np.int64]
    """Number of the kept unit, -1 if none is found yet."""
    shared: NDArray[np.int64]
    """Shingles shared with it."""
    size: NDArray[np.int64]
    """Shingles of the removed unit."""
    union: NDArray[np.int64]
    """Shingles in the union of both."""


@kernel
def choose(
    kept: NDArray[np.bool_],
    place: NDArray[np.int64],
    pairs: NDArray[np.int64],
    rank: NDArray[np.int64],
    doc: NDArray[np.int64],
    best: Best,
) -> None:
    """Find the most similar earlier kept unit of each removed unit; ties: same document, then lowest rank.

    Args:
        kept: Whether each unit is kept, shape (units,).
        place: Row of ``best`` for each removed unit, shape (units,).
        pairs: Verified pairs, shape (n, 5): the earlier unit, the later one, shingles shared, shingles of each.
        rank: Rank of each unit, shape (units,).
        doc: Document of each unit, shape (units,).
        best: The most similar kept units so far; updated in place.
    """
    for index in range(pairs.shape[0]):
        keeper, gone, both, keeper_size, size = pairs[index]
        if kept[gone] or not kept[keeper]:
            continue
        at = place[gone]
        rival = best.keeper[at]
        union = keeper_size + size - both
        if rival >= 0:
            old, new = best.shared[at] / best.union[at], both / union
            here, there = doc[keeper] == doc[gone], doc[rival] == doc[gone]
            if new < old or (new == old and (there, -rank[rival]) >= (here, -rank[keeper])):
                continue
        best.keeper[at], best.shared[at], best.size[at], best.union[at] = keeper, both, size, union
