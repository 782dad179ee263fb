"""Arrays of documents, one after the other, that the kernels of alignment compare."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray


class TermArrays(NamedTuple):
    """Terms of documents: for each document its distinct terms, for each of these the sentences that have it."""

    first: NDArray[np.int64]
    """Index of the first term of each document, and the number of terms, shape (documents + 1,)."""
    ids: NDArray[np.uint32]
    """Ids of the terms, ascending in each document, shape (terms,)."""
    starts: NDArray[np.int64]
    """Index of the first entry of each term, and the number of entries, shape (terms + 1,)."""
    rows: NDArray[np.int32]
    """Rank of a sentence that has the term, in its document, ascending for each term, shape (entries,)."""
    counts: NDArray[np.int32]
    """Occurrences of the term in it, shape (entries,)."""
    rarity: NDArray[np.float64]
    """Rarity of each term in the corpus, shape (terms,); empty where it is not used."""


class DocumentArrays(NamedTuple):
    """Sentences of documents."""

    first: NDArray[np.int64]
    """Index of the first sentence of each document, and the number of sentences, shape (documents + 1,)."""
    sizes: NDArray[np.int64]
    """Number of letters of each sentence, shape (sentences,)."""
    wordings: NDArray[np.int64]
    """Hash of the words of each sentence, shape (sentences,)."""
    excluded: NDArray[np.bool_]
    """Whether each sentence gets no links, shape (sentences,)."""
    stems: TermArrays
    """Stems."""
    grams: TermArrays
    """Character 4-grams."""
    content: TermArrays
    """Stems of content words, with their rarity."""


@njit(nogil=True, cache=True)
def ordered_wordings(wordings: NDArray[np.int64], excluded: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the ranks of the sentences in the order of their wordings, equal ones in order; without excluded ones."""
    order = np.argsort(wordings, kind="mergesort")
    count = 0
    for rank in order:
        if not excluded[rank] and wordings[rank] >= 0:
            order[count] = rank
            count += 1
    return order[:count]
