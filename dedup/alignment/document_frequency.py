"""Document frequencies of the terms of a corpus, and its boilerplate sentences."""

from collections.abc import Set
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import NDArray

# Terms with at most this document frequency are rare: their rarity is 1.
RARE = 3
# Terms with at most this document frequency are not in the statistics.
UNCOUNTED = 2


@dataclass(frozen=True)
class CorpusStatistics:
    """Document frequencies of terms in a corpus. The defaults describe an empty corpus, in which every term is rare.

    >>> statistics = CorpusStatistics(np.array([7, 9]), np.array([2, 100]), 100)
    >>> statistics.rarity(np.array([7, 8, 9])).round(2).tolist()
    [1.0, 1.0, 0.2]
    """

    terms: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Ids of the terms, shape (terms,), ascending."""
    frequencies: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Document frequency of each term, shape (terms,)."""
    documents: int = 0
    """Number of documents."""
    boilerplate: Set[int] = frozenset()
    """Wordings (see `dedup.text.features.SentenceTerms`) of boilerplate sentences, which get no links."""

    def rarity(self, terms: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the rarity of terms: 1 for rare terms, approaching 0 for terms of every document.

        Args:
            terms: Ids of terms, any shape, int64; terms that are not in the statistics count as rare.

        Returns:
            Inverse document frequency relative to that of a rare term, at most 1; float64 of the same shape.
        """
        if not self.terms.size:
            return np.ones(terms.shape)
        greatest = log(1 + self.documents / RARE)
        return np.minimum(np.log(1 + self.documents / self.frequencies_of(terms)) / greatest, 1)

    def frequencies_of(self, terms: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the document frequencies of terms; `UNCOUNTED` for terms that are not in the statistics.

        Args:
            terms: Ids of terms, any shape, int64.
        """
        if not self.terms.size:
            return np.full(terms.shape, UNCOUNTED, np.int64)
        at = np.minimum(np.searchsorted(self.terms, terms), self.terms.size - 1)
        return np.where(self.terms[at] == terms, self.frequencies[at], UNCOUNTED)

    def other_documents(self, terms: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of documents with each term besides two that are compared, shape (terms,).

        Args:
            terms: Ids of terms, shape (terms,), int64.
        """
        return np.maximum(self.frequencies_of(terms) - 2, 0)


EMPTY_CORPUS = CorpusStatistics()
"""Statistics in which every term is rare and no sentence is boilerplate."""
