"""Store sets of hashes in open-addressing tables."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel

EMPTY_SLOT = np.uint64(0)  # the hash of a shingle is never 0
ONE = np.uint64(1)


class SetArrays(NamedTuple):
    """Sets of distinct hashes, one after the other in one array."""

    starts: NDArray[np.int64]
    """Offset of the first hash of each set, shape (slots,)."""
    sizes: NDArray[np.int64]
    """Number of hashes of each set, shape (slots,)."""
    hashes: NDArray[np.uint64]
    """The hashes of all sets, shape (hashes,)."""


@kernel
def table_bits(count: int) -> int:
    """Return the size of a table for ``count`` hashes as a power of two; at most a quarter of it is full."""
    bits = 4
    while (1 << bits) < 4 * count:
        bits += 1
    return bits


@kernel
def make_table(largest: int) -> NDArray[np.uint64]:
    """Allocate a table for sets of at most ``largest`` hashes, shape (2 ** table_bits,)."""
    return np.empty(1 << table_bits(largest), np.uint64)


@kernel
def distinct(values: NDArray[np.uint64], count: int, out: NDArray[np.uint64], table: NDArray[np.uint64]) -> int:
    """Write each distinct hash once, in the order of first appearance.

    Args:
        values: The hashes, shape (n,), none of them 0.
        count: Number of hashes.
        out: Where the distinct hashes are written; needs ``count`` elements.
        table: From `make_table`; contains the set afterwards.

    Returns:
        The number of distinct hashes.
    """
    bits = table_bits(count)
    shift, mask = np.uint64(64 - bits), np.uint64((1 << bits) - 1)
    table[: 1 << bits] = EMPTY_SLOT
    kept = 0
    for index in range(count):
        value = values[index]
        slot = value >> shift
        while table[slot] != EMPTY_SLOT and table[slot] != value:
            slot = (slot + ONE) & mask
        if table[slot] == EMPTY_SLOT:
            table[slot] = value
            out[kept] = value
            kept += 1
    return kept


@kernel
def fill_table(values: NDArray[np.uint64], table: NDArray[np.uint64]) -> int:
    """Fill a table with a set of distinct hashes.

    Args:
        values: The hashes, shape (n,), none of them 0.
        table: From `make_table`.

    Returns:
        The size of the table, as a power of two.
    """
    bits = table_bits(values.size)
    shift, mask = np.uint64(64 - bits), np.uint64((1 << bits) - 1)
    table[: 1 << bits] = EMPTY_SLOT
    for value in values:
        slot = value >> shift
        while table[slot] != EMPTY_SLOT:
            slot = (slot + ONE) & mask
        table[slot] = value
    return bits


@kernel
def shared(values: NDArray[np.uint64], table: NDArray[np.uint64], bits: int, least: int) -> int:
    """Count the hashes that are in a table; return -1 as soon as there must be fewer than ``least``.

    Args:
        values: Distinct hashes, shape (n,).
        table: Filled by `fill_table`.
        bits: Its size, as a power of two.
        least: Minimum count of interest.
    """
    shift, mask = np.uint64(64 - bits), np.uint64((1 << bits) - 1)
    spare = values.size - least
    if spare < 0:
        return -1
    for value in values:
        slot = value >> shift
        while table[slot] != value:
            if table[slot] == EMPTY_SLOT:
                spare -= 1
                if spare < 0:
                    return -1
                break
            slot = (slot + ONE) & mask
    return least + spare
