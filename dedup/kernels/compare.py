"""How alike two units are: estimated from signatures, exact from sets of shingles."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.fold import FoldTable
from dedup.kernels.minhash import shingle
from dedup.kernels.tokens import tokenise

STRIDE = 64  # steps of a merge between two looks at whether it can still succeed


@njit(nogil=True, cache=True)
def matches(signatures: NDArray[np.uint8], left: int, right: int) -> int:
    """Count the permutations under which two units have the same 8 bits."""
    count = 0
    for k in range(signatures.shape[1]):
        count += signatures[left, k] == signatures[right, k]
    return count


@njit(nogil=True, cache=True)
def may_match(
    signatures: NDArray[np.uint8], left: NDArray[np.int64], right: NDArray[np.int64], least: int
) -> NDArray[np.bool_]:
    """Say of each candidate whether its signatures agree in at least so many places.

    (b-bit minwise hashing: Li and König 2010, section 2.)

    Args:
        signatures: Low 8 bits, shape (units, permutations).
        left: One unit of each candidate, shape (n,).
        right: The other.
        least: Places that must agree.
    """
    keep = np.empty(left.size, np.bool_)
    for index in range(left.size):
        keep[index] = matches(signatures, left[index], right[index]) >= least
    return keep


@njit(nogil=True, cache=True)
def distinct(values: NDArray[np.uint64], count: int, out: NDArray[np.uint64], heads: NDArray[np.int64]) -> int:
    """Sort hashes and leave each once.

    Hashes are spread evenly, so dealing them out by their top bits leaves almost nothing to sort.

    Args:
        values: The hashes.
        count: How many of them.
        out: Where they go, sorted; holds at least ``count``.
        heads: Work space, at least ``2 * count + 2`` and 4.

    Returns:
        How many distinct ones there are.
    """
    bits = 0
    while (2 << bits) <= count:
        bits += 1
    if bits == 0:
        if count:
            out[0] = values[0]
        return count
    shift = np.uint64(64 - bits)
    heads[: (1 << bits) + 1] = 0
    for index in range(count):
        heads[(values[index] >> shift) + np.uint64(1)] += 1
    for head in range(1 << bits):
        heads[head + 1] += heads[head]
    for index in range(count):
        head = values[index] >> shift
        at = heads[head]
        heads[head] += 1
        out[at] = values[index]
    kept = 0
    for index in range(count):  # insertion, dropping equals on the way
        value = out[index]
        at = kept
        while at > 0 and out[at - 1] > value:
            at -= 1
        if at > 0 and out[at - 1] == value:
            continue
        for move in range(kept, at, -1):
            out[move] = out[move - 1]
        out[at] = value
        kept += 1
    return kept


@njit(nogil=True, cache=True)
def shingle_sets(
    data: NDArray[np.uint8], starts: NDArray[np.int64], stops: NDArray[np.int64], n: int, table: FoldTable
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Make the shingle sets of some stretches of text.

    Args:
        data: UTF-8 bytes.
        starts: First byte of each stretch, shape (sets,).
        stops: One past its last.
        n: Tokens in a shingle.
        table: From `fold_table`.

    Returns:
        The sets end to end, each sorted and distinct; and their sizes, shape (sets,).
    """
    room = longest = 0
    for index in range(starts.size):
        tokens = (stops[index] - starts[index]) // 2 + 1
        room += tokens
        longest = max(longest, tokens)
    hashes = np.empty(longest, np.uint64)
    runs = np.empty(longest, np.uint64)
    heads = np.empty(2 * longest + 4, np.int64)
    out = np.empty(room, np.uint64)
    sizes = np.empty(starts.size, np.int64)
    at = 0
    for index in range(starts.size):
        count = tokenise(data, starts[index], stops[index], table, hashes, 0)
        count = shingle(hashes, 0, count, n, runs)
        sizes[index] = distinct(runs, count, out[at:], heads)
        at += sizes[index]
    return out[:at].copy(), sizes


@njit(nogil=True, cache=True)
def shared(left: NDArray[np.uint64], right: NDArray[np.uint64], least: int) -> int:
    """Count what two sorted sets share, or return -1 as soon as it must be under ``least``.

    Args:
        left: Sorted, distinct.
        right: Sorted, distinct.
        least: A smaller count is of no interest.
    """
    i = j = count = 0
    while i < left.size and j < right.size:
        if count + min(left.size - i, right.size - j) < least:
            return -1
        for _ in range(min(STRIDE, left.size - i, right.size - j)):
            x, y = left[i], right[j]
            count += x == y
            i += x <= y
            j += y <= x
    return count if count >= least else -1


@njit(nogil=True, cache=True)
def least_shared(left: int, right: int, threshold: float) -> int:
    """Say how many shingles two sets of given sizes must share to reach a Jaccard.

    The comparison is the one by which a pair is accepted: ``shared / union >= threshold`` in double precision.
    """
    least = int(threshold / (1 + threshold) * (left + right)) - 1
    least = max(least, 0)
    while least <= min(left, right) and least / (left + right - least) < threshold:
        least += 1
    return least


@njit(nogil=True, cache=True)
def verify(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    threshold: float,
) -> NDArray[np.int64]:
    """Count the shingles that each pair shares, -1 for a pair under the threshold.

    Args:
        left: Slot of one set of each pair, shape (n,).
        right: Slot of the other.
        offsets: Where each set begins and the last ends, shape (slots + 1,).
        hashes: The sets end to end, each sorted and distinct.
        threshold: Least Jaccard.
    """
    counts = np.empty(left.size, np.int64)
    for index in range(left.size):
        a = hashes[offsets[left[index]] : offsets[left[index] + 1]]
        b = hashes[offsets[right[index]] : offsets[right[index] + 1]]
        least = least_shared(a.size, b.size, threshold)
        counts[index] = -1 if least > min(a.size, b.size) else shared(a, b, least)
    return counts
