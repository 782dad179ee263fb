"""What the documents of a folder have in common anyway, and so tells little."""

from collections.abc import Set
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import NDArray

# A term that so few documents have counts in full.
FEW = 3


@dataclass(frozen=True)
class Background:
    """How rare terms are in a folder; of none, by default, so that all count in full.

    >>> background = Background(np.array([7, 9]), np.array([2, 100]), 100)
    >>> background.rarity(np.array([7, 8, 9])).round(2).tolist()
    [1.0, 1.0, 0.2]
    """

    terms: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """By id, ascending."""
    frequencies: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """How many documents have each, likewise."""
    documents: int = 0
    """How many there are."""
    boilerplate: Set[int] = frozenset()
    """Wordings of sentences that link nothing, as `SentenceTerms` has them."""

    def rarity(self, terms: NDArray[np.int64]) -> NDArray[np.float64]:
        """Tell how much it says that two documents share terms, from nearly 0 to 1.

        Args:
            terms: Their ids, any shape.
        """
        if not self.terms.size:
            return np.ones(terms.shape)
        at = np.minimum(np.searchsorted(self.terms, terms), self.terms.size - 1)
        frequencies = np.where(self.terms[at] == terms, self.frequencies[at], 1)
        most = log(1 + self.documents / FEW)
        return np.minimum(np.log(1 + self.documents / np.maximum(frequencies, 1)) / most, 1)
