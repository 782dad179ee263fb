"""Make the exact shingle sets of units."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.hash_sets import distinct, make_table
from dedup.kernels.minhash import shingle
from dedup.kernels.text.folding import TokenTables
from dedup.kernels.text.tokens import tokenise_document


class ShingleWorkspace(NamedTuple):
    """Workspace for making shingle sets."""

    tokens: NDArray[np.uint64]
    """Token hashes of one text."""
    shingles: NDArray[np.uint64]
    """Shingle hashes of one text, including repeats."""
    table: NDArray[np.uint64]
    """Hash table of one set."""
    out: NDArray[np.uint64]
    """Output: the sets, one after the other."""


def make_workspace(longest: int, total: int) -> ShingleWorkspace:
    """Allocate the workspace for texts of at most ``longest`` bytes each and ``total`` hashes in all."""
    tokens = longest + 1
    return ShingleWorkspace(
        np.empty(tokens, np.uint64),
        np.empty(tokens, np.uint64),
        make_table(tokens),
        np.empty(total, np.uint64),
    )


@kernel
def shingle_sets(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    n: int,
    tables: TokenTables,
    space: ShingleWorkspace,
    sizes: NDArray[np.int64],
) -> int:
    """Make the shingle sets of some spans of text, one after the other in ``space.out``.

    A span without letters and digits is a document, whose tokens are its signs; paragraphs without them are not
    compared.

    Args:
        data: UTF-8 bytes, shape (bytes,).
        starts: First byte of each span, shape (sets,).
        stops: One past its last byte, shape (sets,).
        n: Tokens in a shingle.
        tables: From `token_tables`.
        space: Workspace; ``out`` needs ``stop - start + 1`` elements for each span.
        sizes: Where the size of each set is written, shape (sets,).

    Returns:
        Number of hashes of all sets.
    """
    at = 0
    for index in range(starts.size):
        count = tokenise_document(data, starts[index], stops[index], tables, space.tokens)
        count = shingle(space.tokens, 0, count, n, space.shingles)
        sizes[index] = distinct(space.shingles, count, space.out[at:], space.table)
        at += sizes[index]
    return at
