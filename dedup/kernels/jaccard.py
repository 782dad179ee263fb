"""Compare shingle sets exactly."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.hash_sets import SetArrays, fill_table, make_table, shared


@kernel
def least_shared(left: int, right: int, threshold: float) -> int:
    """Return the minimum number of shingles that two sets must share to reach a Jaccard similarity.

    The condition is that of verification: ``shared / union >= threshold`` in double precision.

    Args:
        left: Size of the first set.
        right: Size of the second set.
        threshold: Minimum Jaccard.
    """
    least = int(threshold / (1 + threshold) * (left + right)) - 1
    least = max(least, 0)
    while least <= min(left, right) and least / (left + right - least) < threshold:
        least += 1
    return least


@kernel
def verify(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    sets: SetArrays,
    threshold: float,
) -> NDArray[np.int64]:
    """Count the shingles that the sets of each pair share; -1 for pairs under the threshold.

    Args:
        left: Slot of the first set of each pair, shape (n,).
        right: Slot of the second set, shape (n,); fastest if equal slots are adjacent.
        sets: The sets.
        threshold: Minimum Jaccard.
    """
    largest = 0
    for slot in right:
        largest = max(largest, sets.sizes[slot])
    table = make_table(largest)
    counts = np.empty(left.size, np.int64)
    bits, filled = 0, -1
    for index in range(left.size):
        a = sets.hashes[sets.starts[left[index]] : sets.starts[left[index]] + sets.sizes[left[index]]]
        b = sets.hashes[sets.starts[right[index]] : sets.starts[right[index]] + sets.sizes[right[index]]]
        least = least_shared(a.size, b.size, threshold)
        counts[index] = -1
        if least <= min(a.size, b.size):
            if filled != right[index]:
                bits, filled = fill_table(b, table), right[index]
            counts[index] = shared(a, table, bits, least)
    return counts
