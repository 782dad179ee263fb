"""Hash texts."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.text.bits import load
from dedup.kernels.text.token_hash import S29, SEED, U0, absorb, mix


@kernel
def hash_bytes(data: NDArray[np.uint8], start: int, stop: int, seed: np.uint64 = SEED) -> np.uint64:
    """Hash bytes eight at a time."""
    state = seed + np.uint64(stop - start)
    index = start
    while index + 8 <= stop:
        state = absorb(state, load(data, index))
        index += 8
    word = U0
    while index < stop:
        word = word << np.uint64(8) | np.uint64(data[index])
        index += 1
    return mix(absorb(state, word) ^ (state >> S29))


@kernel
def hash_texts(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    seed: np.uint64,
    out: NDArray[np.uint64],
) -> None:
    """Hash spans of text.

    Args:
        data: UTF-8 bytes.
        starts: First byte of each span, shape (n,).
        stops: One past its last byte, shape (n,).
        seed: Different seeds give independent hashes.
        out: Where the hashes are written, shape (n,).
    """
    for index in range(starts.size):
        out[index] = hash_bytes(data, starts[index], stops[index], seed)
