"""Compute shingles from token hashes, signatures from shingles, and band keys from signatures."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.text.token_hash import SEED, mix

WIDTH = 8  # shingles processed at a time, so that each permutation is loaded once for all of them
EMPTY = np.uint32(0xFFFFFFFF)
BASE = np.uint64(0xA0761D6478BD642F)
FMIX_1, FMIX_2 = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
S13, S16 = np.uint32(13), np.uint32(16)
LOW = np.uint64(0xFFFFFFFF)
ONE = np.uint64(1)


@kernel
def count_shingles(tokens: int, n: int) -> int:
    """Return the number of shingles, including repeats, of a number of tokens: at least 1 if there is a token."""
    return min(tokens, max(1, tokens - n + 1))


@kernel
def shingle(tokens: NDArray[np.uint64], start: int, stop: int, n: int, out: NDArray[np.uint64]) -> int:
    """Hash each run of n tokens of ``tokens[start:stop]``; fewer than n tokens make one shingle.

    Args:
        tokens: Token hashes.
        start: First token.
        stop: One past the last token.
        n: Tokens in a shingle.
        out: Where the hashes are written, including repeats, none of them 0; needs ``stop - start`` elements.

    Returns:
        The number of shingles written.
    """
    count = count_shingles(stop - start, n)
    if count == 0:
        return 0
    value, weight = SEED, ONE
    for index in range(start, stop - count + 1):
        value = value * BASE + tokens[index]
        weight *= BASE
    out[0] = max(mix(value), ONE)
    # The hash is a polynomial in BASE: the next value follows from the last (Karp and Rabin 1987).
    seed = SEED * weight * (ONE - BASE)
    for index in range(1, count):
        value = value * BASE + (seed - tokens[start + index - 1] * weight + tokens[stop - count + index])
        out[index] = max(mix(value), ONE)
    return count


@kernel
def sequence_hash(tokens: NDArray[np.uint64], start: int, stop: int) -> np.uint64:
    """Hash a sequence of tokens; equal sequences have equal hashes."""
    value = SEED + np.uint64(stop - start)
    for index in range(start, stop):
        value = value * BASE + tokens[index]
    return mix(value)


@kernel
def premix(hashes: NDArray[np.uint64], count: int, out: NDArray[np.uint32]) -> int:
    """Apply the 32-bit finalizer of MurmurHash3 to the low 32 bits of shingle hashes, as datasketch does.

    The last value is repeated up to a multiple of WIDTH, which does not change any minimum.

    Returns:
        The number of values written.
    """
    for index in range(count):
        value = np.uint32(hashes[index] & LOW)
        value ^= value >> S16
        value = np.uint32(value * FMIX_1)
        value ^= value >> S13
        value = np.uint32(value * FMIX_2)
        out[index] = value ^ (value >> S16)
    padded = (count + WIDTH - 1) // WIDTH * WIDTH
    for index in range(count, padded):
        out[index] = out[count - 1]
    return padded


@kernel
def sign(
    values: NDArray[np.uint32],
    count: int,
    a: NDArray[np.uint32],
    b: NDArray[np.uint32],
    out: NDArray[np.uint32],
) -> None:
    """Write the MinHash signature of premixed shingles: the least ``a * value + b`` mod 2^32 for each a, b.

    Source: Broder, On the resemblance and containment of documents, 1997; the permutations are those of datasketch's
    scheme "affine32".

    Args:
        values: Premixed shingles.
        count: Number of values, a multiple of WIDTH.
        a: Odd multipliers, shape (permutations,).
        b: Increments, shape (permutations,).
        out: Where the signature is written, shape (permutations,).
    """
    out[:] = EMPTY
    for start in range(0, count, WIDTH):
        v0, v1, v2, v3 = values[start], values[start + 1], values[start + 2], values[start + 3]
        v4, v5, v6, v7 = values[start + 4], values[start + 5], values[start + 6], values[start + 7]
        for k in range(a.size):
            # Each product is cast back: numba widens uint32 * uint32 to 64 bits.
            p0, p1 = np.uint32(np.uint32(a[k] * v0) + b[k]), np.uint32(np.uint32(a[k] * v1) + b[k])
            p2, p3 = np.uint32(np.uint32(a[k] * v2) + b[k]), np.uint32(np.uint32(a[k] * v3) + b[k])
            p4, p5 = np.uint32(np.uint32(a[k] * v4) + b[k]), np.uint32(np.uint32(a[k] * v5) + b[k])
            p6, p7 = np.uint32(np.uint32(a[k] * v6) + b[k]), np.uint32(np.uint32(a[k] * v7) + b[k])
            low = min(min(min(p0, p1), min(p2, p3)), min(min(p4, p5), min(p6, p7)))
            out[k] = min(out[k], low)


@kernel
def band_keys(signature: NDArray[np.uint32], rows: int, out: NDArray[np.uint64]) -> None:
    """Hash each band of a signature, together with its number, to a key.

    Args:
        signature: Shape (permutations,).
        rows: Rows of a band.
        out: Where the keys are written, shape (bands,); ``bands * rows <= permutations``.
    """
    for band in range(out.size):
        value = SEED + np.uint64(band)
        for row in range(rows):
            value = mix(value * BASE + np.uint64(signature[band * rows + row]))
        out[band] = value


@kernel
def band_keys_of(signatures: NDArray[np.uint32], rows: int, out: NDArray[np.uint64]) -> None:
    """Write the band keys of several signatures; see `band_keys`.

    Args:
        signatures: Shape (n, permutations).
        rows: Rows of a band.
        out: Where the keys are written, shape (n, bands).
    """
    for unit in range(len(signatures)):
        band_keys(signatures[unit], rows, out[unit])
