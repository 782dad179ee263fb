"""How alike two units are: estimated from signatures, exact from sets of shingles."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.hash_sets import fill_table, make_table, shared


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
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    threshold: float,
) -> NDArray[np.int64]:
    """Count the shingles that each pair shares, -1 for a pair under the threshold.

    Args:
        left: Slot of one set of each pair, shape (n,).
        right: Slot of the other; it is best if equal ones follow each other.
        starts: Where each set begins, shape (slots,).
        sizes: How many hashes each has, likewise.
        hashes: The sets, each of distinct hashes.
        threshold: Least Jaccard.
    """
    largest = 0
    for slot in right:
        largest = max(largest, sizes[slot])
    table = make_table(largest)
    counts = np.empty(left.size, np.int64)
    bits, filled = 0, -1
    for index in range(left.size):
        a = hashes[starts[left[index]] : starts[left[index]] + sizes[left[index]]]
        b = hashes[starts[right[index]] : starts[right[index]] + sizes[right[index]]]
        least = least_shared(a.size, b.size, threshold)
        counts[index] = -1
        if least <= min(a.size, b.size):
            if filled != right[index]:
                bits, filled = fill_table(b, table), right[index]
            counts[index] = shared(a, table, bits, least)
    return counts
