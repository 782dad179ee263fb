"""Store sets of hashes in open-addressing tables."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

NONE = np.uint64(0)  # an empty place of a table; no shingle's hash is 0


ONE = np.uint64(1)


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
def distinct(values: NDArray[np.uint64], count: int, out: NDArray[np.uint64], table: NDArray[np.uint64]) -> int:
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
