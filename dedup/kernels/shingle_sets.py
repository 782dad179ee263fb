"""Make the exact shingle sets of units."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.folding import FoldTable
from dedup.kernels.hash_sets import distinct, make_table
from dedup.kernels.minhash import shingle
from dedup.kernels.tokens import tokenise


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
