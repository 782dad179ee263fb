"""Estimate the Jaccard similarity of two units from their signatures."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.text.token_hash import HIGH, LOW7, ONES, S56, U0, U7

WORDS_PER_SUM = 31  # words whose counts of differing bytes add up within a byte


@kernel
def mismatches(signatures: NDArray[np.uint64], left: int, right: int) -> int:
    """Count the permutations under which two units have different 8 bits, eight at a time.

    Args:
        signatures: Low 8 bits, eight permutations per word, shape (units, words).
        left: Row of the first unit.
        right: Row of the second unit.
    """
    total = 0
    for first in range(0, signatures.shape[1], WORDS_PER_SUM):
        counts = U0
        for word in range(first, min(first + WORDS_PER_SUM, signatures.shape[1])):
            differ = signatures[left, word] ^ signatures[right, word]
            counts += ((((differ & LOW7) + LOW7) | differ) & HIGH) >> U7  # 1 in each byte that differs
        total += int((counts * ONES) >> S56)
    return total


@kernel
def most_mismatches(jaccard: float, permutations: int, standard_errors: float) -> int:
    """Return the most positions in which the signatures of a pair may differ, if it may reach a Jaccard similarity.

    b-bit minwise hashing with b = 8: Li and König, b-Bit Minwise Hashing, WWW 2010, theorem 1.

    Args:
        jaccard: Least Jaccard similarity of interest.
        permutations: Length of a signature.
        standard_errors: Standard errors by which the estimate may fall below it.
    """
    differ = (1 - jaccard) * (255 / 256)
    deviation = np.sqrt(permutations * differ * (1 - differ))
    return int(np.ceil(permutations * differ + standard_errors * deviation))


@kernel
def may_match(
    signatures: NDArray[np.uint64], left: NDArray[np.int64], right: NDArray[np.int64], most: int
) -> NDArray[np.bool_]:
    """Return for each candidate whether its signatures differ in at most ``most`` positions.

    b-bit minwise hashing: Li and König, b-Bit Minwise Hashing, WWW 2010, section 2.

    Args:
        signatures: Low 8 bits, eight permutations per word, shape (units, words).
        left: Row of the first unit of each candidate, shape (n,).
        right: Row of the second unit, shape (n,).
        most: Positions that may differ.
    """
    keep = np.empty(left.size, np.bool_)
    for index in range(left.size):
        keep[index] = mismatches(signatures, left[index], right[index]) <= most
    return keep
