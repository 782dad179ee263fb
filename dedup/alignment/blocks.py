"""Link the sentences of two texts, block by block where comparing all pairs of sentences would take too long."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.document_frequency import CorpusStatistics
from dedup.alignment.links import (
    FactWeights,
    SentenceLinks,
    WordingMarks,
    cosines,
    link_sentences,
    match_wordings,
    no_links,
)
from dedup.text.features import SentenceTerms, Terms

# Maximum number of pairs of sentences up to which all pairs are compared.
MAX_SENTENCE_PAIRS = 4_000_000
# Sentences in a block, and number of most similar blocks of the other text that it is compared with.
BLOCK_SENTENCES, BLOCK_PARTNERS = 200, 3


@dataclass(frozen=True)
class _BlockwiseTexts:
    """Two texts that are linked block by block."""

    left: SentenceTerms
    right: SentenceTerms
    facts: FactWeights
    """Facts that their sentences share."""
    statistics: CorpusStatistics
    marks: WordingMarks
    """Sentences of the whole texts with the same words."""

    def link_blocks(self, row: int, column: int) -> SentenceLinks:
        """Link the sentences of two blocks.

        Args:
            row: First sentence of the left block.
            column: First sentence of the right block.

        Returns:
            The links, with sentences numbered as in the whole texts.
        """
        inside = self.facts.rows // BLOCK_SENTENCES == row // BLOCK_SENTENCES
        inside &= self.facts.columns // BLOCK_SENTENCES == column // BLOCK_SENTENCES
        facts = FactWeights(
            self.facts.rows[inside] - row, self.facts.columns[inside] - column, self.facts.weights[inside]
        )
        rows, columns = slice(row, row + BLOCK_SENTENCES), slice(column, column + BLOCK_SENTENCES)
        links = link_sentences(
            self.left.part(row, rows.stop),
            self.right.part(column, columns.stop),
            facts,
            self.statistics,
            WordingMarks(self.marks.left[rows], self.marks.right[columns]),
        )
        return SentenceLinks(links.pairs + np.array((row, column)), links.scores, links.related, links.nearest)


def link_texts(
    left: SentenceTerms, right: SentenceTerms, facts: FactWeights, statistics: CorpusStatistics
) -> SentenceLinks:
    """Link the sentences of two texts; in long texts only those of similar blocks.

    In texts with more than MAX_SENTENCE_PAIRS pairs of sentences, a link is missed if neither of its blocks is among
    the BLOCK_PARTNERS blocks that are most similar to the other, and context ends at the border of a block.

    Args:
        left: Terms of the left text.
        right: Terms of the right text.
        facts: Facts that their sentences share.
        statistics: Document frequencies and boilerplate of the corpus.

    Returns:
        The links, ascending.
    """
    if left.sizes.size * right.sizes.size <= MAX_SENTENCE_PAIRS:
        return link_sentences(left, right, facts, statistics)
    left, right = left.without(statistics.boilerplate), right.without(statistics.boilerplate)
    texts = _BlockwiseTexts(left, right, facts, statistics, match_wordings(left.wordings, right.wordings))
    parts = [
        texts.link_blocks(row * BLOCK_SENTENCES, column * BLOCK_SENTENCES)
        for row, column in _similar_blocks(left.stems, right.stems).tolist()
    ]
    if not parts:  # the texts have no word in common
        return no_links()
    pairs = np.concatenate([links.pairs for links in parts])
    _, first = np.unique(pairs, axis=0, return_index=True)
    return SentenceLinks(
        pairs=pairs[first],
        scores=np.concatenate([links.scores for links in parts])[first],
        related=np.concatenate([links.related for links in parts])[first],
        nearest=max(links.nearest for links in parts),
    )


def _similar_blocks(left: Terms, right: Terms) -> NDArray[np.int64]:
    """Return the left and right index of each pair of blocks to compare, shape (pairs, 2), int64, ascending."""
    similarity = cosines(left.merged(BLOCK_SENTENCES), right.merged(BLOCK_SENTENCES))
    chosen = np.zeros(similarity.shape, np.bool_)
    for axis in (0, 1):
        count = min(BLOCK_PARTNERS, similarity.shape[axis])
        best = np.argsort(-similarity, axis=axis, kind="stable").take(range(count), axis=axis)
        np.put_along_axis(chosen, best, True, axis=axis)
    return np.argwhere(chosen & (similarity > 0))
