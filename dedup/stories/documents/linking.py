"""Link the sentences of pairs of documents, and find the facts that they share."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.blocks import link_texts
from dedup.alignment.document_frequency import CorpusStatistics
from dedup.alignment.links import link_equal_sentences
from dedup.alignment.shared_facts import find_shared_facts
from dedup.stories.documents.comparing import LinkedPair
from dedup.stories.documents.store import StoredDocuments

# Number of pairs that are linked at a time, and of pairs of sentences in them, unless one pair has more.
CHUNK_PAIRS, CHUNK_CELLS = 1 << 10, 1 << 21


class Chunk(NamedTuple):
    """Pairs of documents that are linked at a time."""

    pairs: NDArray[np.int64]
    """Left and right document, shape (pairs, 2)."""
    same_language: NDArray[np.bool_]
    """Whether they are of the same language, shape (pairs,); of others, only sentences with the same words are linked.
    """


class LinkedChunk(NamedTuple):
    """What linking a chunk found."""

    size: int
    """Number of pairs of the chunk."""
    pairs: list[LinkedPair]
    """The pairs with links, in order."""
    nearest: NDArray[np.float64]
    """Best score of any sentences of each pair with enough evidence to be linked; 0 if there are none, shape (pairs,).
    """


class Linker(Protocol):
    """Links the sentences of pairs of documents."""

    def link(self, chunks: Iterable[Chunk]) -> Iterator[LinkedChunk]:
        """Link the sentences of pairs of documents, chunk by chunk, in order."""


class PairLinker:
    """A `Linker` that compares one pair at a time."""

    def __init__(self, documents: StoredDocuments, statistics: CorpusStatistics) -> None:
        """Prepare to link documents.

        Args:
            documents: The documents.
            statistics: Document frequencies and boilerplate of the corpus.
        """
        self._documents = documents
        self._statistics = statistics

    def link(self, chunks: Iterable[Chunk]) -> Iterator[LinkedChunk]:
        """Link the sentences of pairs of documents; see `Linker`."""
        return map(self.link_chunk, chunks)

    def link_chunk(self, chunk: Chunk) -> LinkedChunk:
        """Link the sentences of the pairs of a chunk."""
        linked = [
            self._link(left, right, same)
            for (left, right), same in zip(chunk.pairs.tolist(), chunk.same_language.tolist(), strict=True)
        ]
        nearest = np.array([pair.found.nearest for pair in linked], np.float64)
        return LinkedChunk(len(linked), [pair for pair in linked if len(pair.found.pairs)], nearest)

    def _link(self, left: int, right: int, same_language: bool) -> LinkedPair:
        sides = self._documents.side(left).analysis, self._documents.side(right).analysis
        facts = find_shared_facts(*sides, self._statistics)
        terms = sides[0].terms, sides[1].terms
        if same_language:
            found = link_texts(*terms, facts.weights, self._statistics)
        else:
            found = link_equal_sentences(*terms, self._statistics)
        return LinkedPair(left, right, found, facts.pairs)


def chunk_pairs(
    pairs: NDArray[np.int64], same_language: NDArray[np.bool_], sentences: NDArray[np.int64]
) -> Iterator[Chunk]:
    """Split pairs of documents into chunks.

    Args:
        pairs: Left and right document, shape (pairs, 2).
        same_language: Whether they are of the same language, shape (pairs,).
        sentences: Number of sentences of each document of the corpus, shape (documents,).
    """
    cells = np.cumsum(sentences[pairs[:, 0]] * sentences[pairs[:, 1]])
    first = 0
    while first < len(pairs):
        before = cells[first - 1] if first else 0
        last = int(np.searchsorted(cells, before + CHUNK_CELLS, side="right"))
        last = min(max(last, first + 1), first + CHUNK_PAIRS)
        yield Chunk(pairs[first:last], same_language[first:last])
        first = last
