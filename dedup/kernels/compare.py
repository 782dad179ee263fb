"""How alike two units are: estimated from signatures, exact from sets of shingles."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.fold import FoldTable
from dedup.kernels.minhash import shingle
from dedup.kernels.tokens import HIGH, LOW7, ONES, S56, U0, U7, tokenise

NONE = np.uint64(0)  # an empty place of a table; no shingle's hash is 0
ONE = np.uint64(1)
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


@njit(nogil=True, cache=True)
def table_bits(count: int) -> int:
    """Choose the size of a table of hashes, as a power of two: at most a quarter of it will be full."""
    bits = 4
    while (1 << bits) < 4 * count:
        bits += 1
    return bits


@njit(nogil=True, cache=True)
def make_table(largest: int) -> NDArray[np.uint64]:
    """Make room for the table of a set of at most so many hashes."""
    return np.empty(1 << table_bits(largest), np.uint64)


@njit(nogil=True, cache=True)
def distinct(
    values: NDArray[np.uint64], count: int, out: NDArray[np.uint64], table: NDArray[np.uint64]
) -> int:
    """Leave each hash once, in the order of first appearance.

    Args:
        values: The hashes, none of them 0.
        count: How many of them.
        out: Where they go; holds at least ``count``.
        table: From `make_table`; it is left holding the set.

    Returns:
        How many distinct ones there are.
    """
    bits = table_bits(count)
    shift, mask = np.uint64(64 - bits), np.uint64((1 << bits) - 1)
    table[: 1 << bits] = NONE
    kept = 0
    for index in range(count):
        value = values[index]
        slot = value >> shift
        while table[slot] != NONE and table[slot] != value:
            slot = (slot + ONE) & mask
        if table[slot] == NONE:
            table[slot] = value
            out[kept] = value
            kept += 1
    return kept


@njit(nogil=True, cache=True)
def fill_table(values: NDArray[np.uint64], table: NDArray[np.uint64]) -> int:
    """Put a set of distinct hashes into a table.

    Args:
        values: The hashes, none of them 0.
        table: From `make_table`.

    Returns:
        The size of the table, as a power of two.
    """
    bits = table_bits(values.size)
    shift, mask = np.uint64(64 - bits), np.uint64((1 << bits) - 1)
    table[: 1 << bits] = NONE
    for value in values:
        slot = value >> shift
        while table[slot] != NONE:
            slot = (slot + ONE) & mask
        table[slot] = value
    return bits


@njit(nogil=True, cache=True)
def shared(values: NDArray[np.uint64], table: NDArray[np.uint64], bits: int, least: int) -> int:
    """Count the hashes that a table has too, or return -1 as soon as they must be fewer than ``least``.

    Args:
        values: Distinct hashes.
        table: Filled by `fill_table`.
        bits: Its size, as a power of two.
        least: A smaller count is of no interest.
    """
    shift, mask = np.uint64(64 - bits), np.uint64((1 << bits) - 1)
    spare = values.size - least
    if spare < 0:
        return -1
    for value in values:
        slot = value >> shift
        while table[slot] != value:
            if table[slot] == NONE:
                spare -= 1
                if spare < 0:
                    return -1
                break
            slot = (slot + ONE) & mask
    return least + spare


class Space(NamedTuple):
    """Work space for making shingle sets."""

    tokens: NDArray[np.uint64]
    shingles: NDArray[np.uint64]
    table: NDArray[np.uint64]
    out: NDArray[np.uint64]


def make_space(longest: int, total: int) -> Space:
    """Make work space for stretches of so many bytes at most, and so many hashes in all."""
    tokens = longest // 2 + 1
    return Space(
        np.empty(tokens, np.uint64),
        np.empty(tokens, np.uint64),
        make_table(tokens),
        np.empty(total, np.uint64),
    )


@njit(nogil=True, cache=True)
def shingle_sets(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    n: int,
    table: FoldTable,
    space: Space,
    sizes: NDArray[np.int64],
) -> int:
    """Make the shingle sets of some stretches of text, end to end in ``space.out``.

    Args:
        data: UTF-8 bytes.
        starts: First byte of each stretch, shape (sets,).
        stops: One past its last.
        n: Tokens in a shingle.
        table: From `fold_table`.
        space: Work space; its ``out`` holds at least ``(stop - start) // 2 + 1`` for each.
        sizes: Size of each set, shape (sets,).

    Returns:
        Hashes in all sets.
    """
    at = 0
    for index in range(starts.size):
        count = tokenise(data, starts[index], stops[index], table, space.tokens, 0)
        count = shingle(space.tokens, 0, count, n, space.shingles)
        sizes[index] = distinct(space.shingles, count, space.out[at:], space.table)
        at += sizes[index]
    return at


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
