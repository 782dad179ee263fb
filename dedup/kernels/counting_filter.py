"""Find the keys that occur more than once with a counting filter, so that the many others need no sorting."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.text.token_hash import MULTIPLIER, mix

ONE, TWO = np.uint8(1), np.uint8(2)
U2, U3 = np.uint64(2), np.uint64(3)


@kernel
def salt(keys: NDArray[np.uint64], docs: NDArray[np.int64]) -> None:
    """Make the keys of different documents differ, in place.

    Args:
        keys: Shape (n, bands).
        docs: Document of each row, shape (n,).
    """
    for row in range(keys.shape[0]):
        grain = np.uint64(docs[row] + 1) * MULTIPLIER
        for band in range(keys.shape[1]):
            keys[row, band] = mix(keys[row, band] ^ grain)


@kernel
def count_keys(keys: NDArray[np.uint64], wanted: NDArray[np.bool_], table: NDArray[np.uint8]) -> None:
    """Count keys up to two, four slots per byte.

    Args:
        keys: Shape (n, bands).
        wanted: Rows that are counted, shape (n,).
        table: The counts, updated in place; its length is a power of two.
    """
    mask = np.uint64(4 * table.size - 1)
    for row in range(keys.shape[0]):
        if wanted[row]:
            for band in range(keys.shape[1]):
                slot = keys[row, band] & mask
                shift = np.uint8((slot & U3) << np.uint64(1))
                byte = table[slot >> U2]
                if (byte >> shift) & TWO == 0:
                    table[slot >> U2] = byte + (ONE << shift)


@kernel
def repeated(
    keys: NDArray[np.uint64], wanted: NDArray[np.bool_], table: NDArray[np.uint8]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the keys that were counted twice, and the few that share a slot with another key.

    Args:
        keys: Shape (n, bands).
        wanted: Rows that were counted, shape (n,).
        table: The counts.

    Returns:
        The keys, shape (m,), and the row of each, shape (m,).
    """
    mask = np.uint64(4 * table.size - 1)
    out = np.empty(keys.size, np.uint64)
    rows = np.empty(keys.size, np.int64)
    count = 0
    for row in range(keys.shape[0]):
        if wanted[row]:
            for band in range(keys.shape[1]):
                slot = keys[row, band] & mask
                shift = np.uint8((slot & U3) << np.uint64(1))
                if (table[slot >> U2] >> shift) & TWO:
                    out[count], rows[count] = keys[row, band], row
                    count += 1
    return out[:count], rows[:count]
