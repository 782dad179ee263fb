"""Hash the folded code points of a token as bytes, eight at a time.

An ASCII character is one byte, any other is four (0xFF, then the code point, lowest byte first).
"""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import inlined
from dedup.kernels.text.bits import load

SEED = np.uint64(0x9E3779B97F4A7C15)
MULTIPLIER = np.uint64(0xD6E8FEB86659FD93)
MIX_1 = np.uint64(0xFF51AFD7ED558CCD)
MIX_2 = np.uint64(0xC4CEB9FE1A85EC53)
U0, U1, U3, U7, U8 = np.uint64(0), np.uint64(1), np.uint64(3), np.uint64(7), np.uint64(8)
U16, U63, U64 = np.uint64(16), np.uint64(63), np.uint64(64)
ALL = ~U0
S29, S33, S56, S63 = np.uint64(29), np.uint64(33), np.uint64(56), np.uint64(63)
# One value in each byte of a word, to test eight bytes at once.
ONES = np.uint64(0x0101010101010101)
HIGH = ONES * np.uint64(0x80)
LOW7 = ONES * np.uint64(0x7F)
CASE = ONES * np.uint64(0x20)
FROM_A, PAST_Z = ONES * np.uint64(0x80 - ord("a")), ONES * np.uint64(0x7F - ord("z"))
FROM_0, PAST_9 = ONES * np.uint64(0x80 - ord("0")), ONES * np.uint64(0x7F - ord("9"))


@inlined
def signed(value: np.uint64) -> int:
    """Convert to a signed number: numba adds signed and unsigned numbers as floats."""
    return int(np.int64(value))


@inlined
def mix(value: np.uint64) -> np.uint64:
    """Mix 64 bits by a bijection: the finalizer of MurmurHash3 (Appleby 2011)."""
    value ^= value >> S33
    value *= MIX_1
    value ^= value >> S33
    value *= MIX_2
    return value ^ (value >> S33)


@inlined
def absorb(state: np.uint64, word: np.uint64) -> np.uint64:
    """Add eight bytes to the hash of a token."""
    state = (state ^ word) * MULTIPLIER
    return state ^ (state >> S29)


@inlined
def push(
    state: np.uint64, word: np.uint64, fill: np.uint64, chunk: np.uint64, size: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64]:
    """Append ``size`` bytes to a token; return its hash, the bytes not yet absorbed, and their number."""
    shift = fill << U3
    word |= chunk << shift
    full = U0 - ((fill + size) >> U3)  # all bits set if there are eight bytes, else none: avoids a mispredicted branch
    rest = (chunk >> U1) >> (S63 - shift)
    return state ^ ((state ^ absorb(state, word)) & full), word ^ ((word ^ rest) & full), (fill + size) & U7


@inlined
def push_code(
    state: np.uint64, word: np.uint64, fill: np.uint64, code: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64]:
    """Append one folded code point to a token."""
    if code < np.uint64(0x80):
        return push(state, word, fill, code, U1)
    return push(state, word, fill, code << U8 | np.uint64(0xFF), np.uint64(4))


@inlined
def finish(state: np.uint64, word: np.uint64, fill: np.uint64) -> np.uint64:
    """Finish the hash of a token."""
    return mix(absorb(state, word) + fill)


@inlined
def alphanumeric(word: np.uint64, case: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Fold the ASCII letters and digits at the start of a word of eight bytes.

    Args:
        word: The bytes.
        case: CASE to lower-case the letters, 0 to leave them as they are.

    Returns:
        The folded bytes followed by zeros, and their number (0 to 8).
    """
    low = word & LOW7
    lower = low | CASE
    letter = (lower + FROM_A) & ~(lower + PAST_Z) & HIGH
    digit = (low + FROM_0) & ~(low + PAST_9) & HIGH
    other = (~(letter | digit) | word) & HIGH
    folded = low | ((letter >> np.uint64(2)) & case)
    if other == U0:
        return folded, U8
    first = other & (~other + U1)
    count = (((first - U1) & ONES) * ONES >> S56) - U1
    return folded & ((first >> U7) - U1), count


@inlined
def hash_word(data: NDArray[np.uint8], at: int, size: np.uint64, case: np.uint64) -> np.uint64:
    """Hash the ``size`` (at least 1) bytes of a token; ``case`` is added to each. Reads up to 8 bytes more."""
    state = SEED
    while size >= U16:
        state = absorb(state, load(data, at) | case)
        at += 8
        size -= U8
    # Without a branch for each size, which the processor could not predict.
    short = min(size, U8)
    low = (load(data, at) | case) & (ALL >> (U64 - (short << U3)))
    high = (load(data, at + 8) | case) & ((U1 << ((size - short) << U3)) - U1)
    full = U0 - (short >> U3)
    state ^= (state ^ absorb(state, low)) & full
    return finish(state, low ^ ((low ^ high) & full), size & U7)
