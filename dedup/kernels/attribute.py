"""For whom each removed unit goes: the most similar kept one."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.estimate import mismatches, most_mismatches
from dedup.kernels.hash_sets import fill_table, make_table, shared
from dedup.kernels.jaccard import least_shared
from dedup.kernels.select import Chains, OversizedBuckets, shingles, touch


class Stayed(NamedTuple):
    """The kept members of each crowded bucket, once all are settled."""

    first: NDArray[np.int64]
    """Where each bucket's begin and the last end, shape (buckets + 1,)."""
    rows: NDArray[np.int32]
    """Their rows of the crowd."""


def find_stayed(crowd: OversizedBuckets, chains: Chains, kept: NDArray[np.bool_]) -> Stayed:
    """List the kept members of each crowded bucket."""
    mine = kept[crowd.units[chains.owner]]
    buckets = crowd.buckets[mine]
    sizes = np.bincount(buckets, minlength=chains.head.size)
    rows = chains.owner[mine][np.argsort(buckets, kind="stable")]
    return Stayed(np.concatenate(([0], np.cumsum(sizes))), rows)


@njit(nogil=True, cache=True)
def find_rivals(
    crowd: OversizedBuckets, stayed: Stayed, row: int, seen: NDArray[np.int32], rivals: NDArray[np.int64]
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
    crowd: OversizedBuckets, stayed: Stayed, rows: NDArray[np.int64], largest: int, budget: int
) -> tuple[NDArray[np.int64], int]:
    """Find the most similar kept members for removed rows of a crowd.

    The likeliest by estimate are compared first, and the others only as far as they may still be better.

    Args:
        crowd: Members of crowded buckets.
        stayed: Those of them that are kept.
        rows: Removed rows, shape (n,).
        largest: Size of the largest set.
        budget: Bytes of sets to look at before coming back.

    Returns:
        Shape (pairs, 3): row of the kept unit, row of the removed one, shingles shared; equals are all there.
        And how many rows are done: at least one.
    """
    touched = np.zeros(crowd.units.size, np.bool_)
    fresh = 0
    table = make_table(largest)
    seen = np.full(crowd.units.size, -1, np.int32)
    rivals = np.empty((crowd.units.size, 2), np.int64)
    found = np.empty((64, 3), np.int64)
    count = 0
    for done in range(rows.size):
        if fresh > budget:
            return found[:count], done
        row = rows[done]
        number = find_rivals(crowd, stayed, row, seen, rivals)
        if number == 0:
            continue
        order = np.argsort(rivals[:number, 0], kind="mergesort")
        mine = shingles(crowd, row)
        fresh += touch(crowd, row, touched)
        bits = fill_table(mine, table)
        best = crowd.threshold
        begun = count
        for rival in order:
            if rivals[rival, 0] > most_mismatches(best, crowd.permutations, crowd.standard_errors):
                break
            theirs = shingles(crowd, rivals[rival, 1])
            fresh += touch(crowd, rivals[rival, 1], touched)
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
    return found[:count], rows.size


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
