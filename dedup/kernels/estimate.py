"""Estimate the Jaccard similarity of two units from their signatures."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.tokens import HIGH, LOW7, ONES, S56, U0, U7

CHUNK = 31  # words whose counts of differing bytes add up within a byte


@njit(nogil=True, cache=True)
def mismatches(signatures: NDArray[np.uint64], left: int, right: int) -> int:
    """Count the permutations under which two units have different 8 bits, eight at a time.

    Args:
        signatures: Low 8 bits, eight permutations to a word, shape (units, words).
        left: One unit.
        right: The other.
    """
    total = 0
    for first in range(0, signatures.shape[1], CHUNK):
        counts = U0
        for word in range(first, min(first + CHUNK, signatures.shape[1])):
            differ = signatures[left, word] ^ signatures[right, word]
            counts += ((((differ & LOW7) + LOW7) | differ) & HIGH) >> U7  # 1 in each byte that differs
        total += int((counts * ONES) >> S56)
    return total


@njit(nogil=True, cache=True)
def most_mismatches(jaccard: float, permutations: int, standard_errors: float) -> int:
    """Say in how many places the signatures of a pair may differ that may have a Jaccard.

    (b-bit minwise hashing with b = 8: Li and König 2010, theorem 1.)

    Args:
        jaccard: Least similarity of interest.
        permutations: Length of a signature.
        standard_errors: How far an estimate may fall short of it.
    """
    differ = (1 - jaccard) * (255 / 256)
    deviation = np.sqrt(permutations * differ * (1 - differ))
    return int(np.ceil(permutations * differ + standard_errors * deviation))


@njit(nogil=True, cache=True)
def may_match(
    signatures: NDArray[np.uint64], left: NDArray[np.int64], right: NDArray[np.int64], most: int
) -> NDArray[np.bool_]:
    """Say of each candidate whether its signatures differ in at most so many places.

    (b-bit minwise hashing: Li and König 2010, section 2.)

    Args:
        signatures: Low 8 bits, eight permutations to a word, shape (units, words).
        left: One unit of each candidate, shape (n,).
        right: The other.
        most: Places that may differ.
    """
    keep = np.empty(left.size, np.bool_)
    for index in range(left.size):
        keep[index] = mismatches(signatures, left[index], right[index]) <= most
    return keep
