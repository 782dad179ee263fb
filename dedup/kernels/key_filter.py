"""Test quickly whether a key may be in a set of keys, with a Bloom filter."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.text.token_hash import mix

# Bits for each key, and bits that are set for it: of the keys that are not in the set, about 1 in 2,000 passes.
BITS_PER_KEY, PROBES = 24, 4
U1, U3, U7 = np.uint64(1), np.uint64(3), np.uint64(7)
BIT = np.uint8(1)
FILLER = np.uint64(0xA5A5A5A5A5A5A5A5)  # bits that no count has


def make_filter(keys: int, most_bytes: int) -> NDArray[np.uint8]:
    """Return an empty filter; its length is a power of two.

    Args:
        keys: Number of keys that will be added.
        most_bytes: Bytes that it may take; a filter that is too small lets more keys pass.

    >>> make_filter(1000, 1 << 20).size
    4096
    """
    wanted = max(8, min(keys * BITS_PER_KEY // 8, most_bytes))
    size = 1 << (wanted - 1).bit_length()
    return np.zeros(size if size <= most_bytes else size // 2, np.uint8)


@kernel
def add_keys(keys: NDArray[np.uint64], filled: NDArray[np.uint8]) -> None:
    """Add keys to a filter, in place.

    The bits of a key are derived from two hashes: Kirsch and Mitzenmacher, Less Hashing, Same Performance: Building a
    Better Bloom Filter, ESA 2006, section 3.

    Args:
        keys: Well-mixed hashes, shape (n,).
        filled: The filter.
    """
    mask = np.uint64(8 * filled.size - 1)
    for key in keys:
        slot, step = key, mix(key) | U1
        for _ in range(PROBES):
            at = slot & mask
            filled[at >> U3] |= BIT << np.uint8(at & U7)
            slot += step


@kernel
def may_contain(key: np.uint64, filled: NDArray[np.uint8]) -> bool:
    """Return False if a key was not added to a filter; True if it was, and rarely if it was not."""
    mask = np.uint64(8 * filled.size - 1)
    slot, step = key, mix(key) | U1
    for _ in range(PROBES):
        at = slot & mask
        if (filled[at >> U3] >> np.uint8(at & U7)) & BIT == 0:
            return False
        slot += step
    return True


@kernel
def may_share(
    sequences: NDArray[np.uint64],
    keys: NDArray[np.uint64],
    tokens: NDArray[np.int64],
    by_keys: bool,
    filled: NDArray[np.uint8],
) -> NDArray[np.bool_]:
    """Return for each unit whether its sequence hash or one of its band keys may be in a filter.

    Args:
        sequences: Hash of the token sequence of each unit, shape (units,).
        keys: Band keys, shape (units, bands).
        tokens: Number of tokens, shape (units,); a unit without tokens is not compared.
        by_keys: Whether to test the band keys too.
        filled: The filter.
    """
    shared = np.zeros(sequences.size, np.bool_)
    for unit in range(sequences.size):
        if tokens[unit] == 0:
            continue
        found = may_contain(sequences[unit], filled)
        if by_keys:
            for band in range(keys.shape[1]):
                if found:
                    break
                found = may_contain(keys[unit, band], filled)
        shared[unit] = found
    return shared


@kernel
def fill_unique(first: int, keys: NDArray[np.uint64]) -> None:
    """Fill a matrix with keys that differ from each other, and from keys of other kinds but for chance.

    Args:
        first: Number of the first key: ranges of numbers that do not overlap give different keys.
        keys: Output, shape (n, bands).
    """
    for row in range(keys.shape[0]):
        for column in range(keys.shape[1]):
            keys[row, column] = mix(np.uint64(first + row * keys.shape[1] + column) ^ FILLER)
