"""Group the links of two documents into passages, and compare documents as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.align import Link
from dedup.alignment.document_frequency import CorpusStatistics
from dedup.alignment.shared_facts import IDENTIFYING, SPECIFIC, fact_keys, specificity
from dedup.text.analysis import Analysis
from dedup.text.features import common_terms
from dedup.text.spans import Span

# Maximum gap in a passage, in sentences without a link, and minimum share of its sentences that are linked. The method
# is that of Sanchez-Perez et al., PAN 2014, section 3: the gap is reduced until the passage is dense enough.
MAX_GAP = 4
MIN_PASSAGE_DENSITY = 0.4
# A sentence with fewer letters is a short line; a short line that occurs in many documents is boilerplate ("Reuter").
MIN_LONG_LINE_LETTERS = 40


@dataclass(frozen=True)
class LinkedPassage:
    """Linked stretches of two documents, and the keys that they share."""

    rows: tuple[int, ...]
    """Ranks of the links, ascending."""
    left: Span
    """Ranks of the left sentences, half-open."""
    right: Span
    """Ranks of the right sentences, half-open."""
    facts: tuple[int, ...]
    """Keys of the specific facts of both sides, ascending."""
    names: tuple[int, ...]
    """Keys of the names and dates of both sides, ascending."""
    words: tuple[int, ...]
    """Keys of the content words of both sides, ascending."""
    covered: float
    """Share of the letters of a document that are in linked sentences: the greater of the shares of both documents."""
    copied: bool
    """Whether a long sentence has mostly the same words on both sides."""

    @property
    def keys(self) -> tuple[int, ...]:
        """All shared keys."""
        return (*self.facts, *self.names, *self.words)


@dataclass(frozen=True)
class Comparison:
    """The links and passages of two documents."""

    left: int
    """Rank of the left document."""
    right: int
    """Rank of the right document."""
    similarity: float
    """Similarity of the whole documents; see `document_similarity`."""
    links: tuple[Link, ...]
    """In order of left span, then right span."""
    passages: tuple[LinkedPassage, ...]
    """In order of their first links."""


class _SentenceKeys(NamedTuple):
    """Keys of each sentence of a document, by kind."""

    facts: list[set[int]]
    names: list[set[int]]
    words: list[set[int]]


def group_links(pairs: NDArray[np.int64], max_gap: int = MAX_GAP) -> list[NDArray[np.int64]]:
    """Group links into passages.

    Args:
        pairs: Left and right sentence of each link, shape (links, 2), int64.
        max_gap: Maximum number of sentences without a link between two links of a passage, on either side.

    Returns:
        Rows of the links of each passage, ascending, int64; passages in order of their first links.

    >>> [rows.tolist() for rows in group_links(np.array([[0, 5], [1, 6], [3, 7], [3, 40]]))]
    [[0, 1, 2], [3]]
    """
    passages: list[NDArray[np.int64]] = []
    pending = [(np.arange(len(pairs)), max_gap)]
    while pending:
        rows, gap = pending.pop()
        for part in _split_at_gaps(pairs[rows], gap):
            group = rows[part]
            if gap == 0 or group.size == 1 or _is_dense(pairs[group]):
                passages.append(group)
            else:
                pending.append((group, gap - 1))
    return sorted(passages, key=lambda rows: int(rows[0]))


def _split_at_gaps(pairs: NDArray[np.int64], gap: int) -> list[NDArray[np.int64]]:
    """Split links where a side has a wider gap, on alternating sides until nothing is split."""
    parts = [np.arange(len(pairs))] if len(pairs) else []
    before = 0
    while len(parts) != before:
        before = len(parts)
        for side in (0, 1):
            parts = [piece for part in parts for piece in _split_side(pairs, part, side, gap)]
    return [np.sort(part) for part in parts]


def _split_side(pairs: NDArray[np.int64], part: NDArray[np.int64], side: int, gap: int) -> Sequence[NDArray[np.int64]]:
    ordered = part[np.argsort(pairs[part, side], kind="stable")]
    return np.split(ordered, np.flatnonzero(np.diff(pairs[ordered, side]) > gap + 1) + 1)


def _is_dense(pairs: NDArray[np.int64]) -> bool:
    """Return whether enough sentences on both sides are linked."""
    for side in (0, 1):
        linked = np.unique(pairs[:, side])
        if linked.size < MIN_PASSAGE_DENSITY * (linked[-1] - linked[0] + 1):
            return False
    return True


def search_terms(analysis: Analysis) -> NDArray[np.int64]:
    """Return the terms by which a document is found, shape (terms,), int64, ascending and distinct.

    These are its content words, its facts, and, as negative numbers, its short lines.
    """
    keys = [key for fact in analysis.facts for key in fact_keys(fact)]
    lines = -1 - analysis.terms.wordings[analysis.terms.sizes < MIN_LONG_LINE_LETTERS]
    return np.unique(np.concatenate((analysis.terms.content.ids, np.array(keys, np.int64), lines[lines < 0])))


def document_similarity(left: Analysis, right: Analysis, statistics: CorpusStatistics) -> float:
    """Return the similarity of two documents: the cosine of their content words, weighted by rarity.

    Args:
        left: Analysis of the left document.
        right: Analysis of the right document.
        statistics: Document frequencies of the corpus.

    Returns:
        From 0 (nothing in common) to 1.
    """
    sides = []
    for terms in (left.terms.content, right.terms.content):
        counts = np.bincount(terms.columns, terms.counts, terms.ids.size)
        weights = np.sqrt(counts) * statistics.rarity(terms.ids) ** 2
        sides.append(weights / max(float(np.sqrt((weights * weights).sum())), 1e-12))
    left_ranks, right_ranks = common_terms(left.terms.content, right.terms.content)
    return float((sides[0][left_ranks] * sides[1][right_ranks]).sum())


def find_passages(left: Analysis, right: Analysis, links: Sequence[Link]) -> tuple[LinkedPassage, ...]:
    """Group the links of two documents into passages, except "related" links.

    Args:
        left: Analysis of the left document.
        right: Analysis of the right document.
        links: Links between them.

    Returns:
        The passages, in order of their first links.
    """
    rows = [row for row, link in enumerate(links) if link.kind != "related"]
    if not rows:
        return ()
    pairs = np.array([(links[row].left_sentences[0], links[row].right_sentences[0]) for row in rows])
    keys = _sentence_keys(left), _sentence_keys(right)
    return tuple(
        _passage(left, right, links, tuple(rows[index] for index in group.tolist()), keys)
        for group in group_links(pairs)
    )


def _passage(
    left: Analysis,
    right: Analysis,
    links: Sequence[Link],
    rows: tuple[int, ...],
    keys: tuple[_SentenceKeys, _SentenceKeys],
) -> LinkedPassage:
    chosen = [links[row] for row in rows]
    sentences = [
        np.unique(np.concatenate([np.array(link.left_sentences) for link in chosen])),
        np.unique(np.concatenate([np.array(link.right_sentences) for link in chosen])),
    ]
    left_span, right_span = (Span(int(ranks[0]), int(ranks[-1]) + 1) for ranks in sentences)
    return LinkedPassage(
        rows=rows,
        left=left_span,
        right=right_span,
        facts=_shared_keys(chosen, keys[0].facts, keys[1].facts),
        names=_shared_keys(chosen, keys[0].names, keys[1].names),
        words=_shared_keys(chosen, keys[0].words, keys[1].words),
        covered=max(
            float(side.terms.sizes[ranks].sum() / max(side.terms.sizes.sum(), 1))
            for side, ranks in zip((left, right), sentences, strict=True)
        ),
        copied=any(
            link.kind in ("verbatim", "light")
            and left.terms.sizes[np.array(link.left_sentences)].sum() >= MIN_LONG_LINE_LETTERS
            for link in chosen
        ),
    )


def _shared_keys(links: Sequence[Link], left: Sequence[set[int]], right: Sequence[set[int]]) -> tuple[int, ...]:
    """Return the keys that both sides of a link have, of all links, ascending.

    Args:
        links: The links.
        left: Keys of each left sentence.
        right: Keys of each right sentence.
    """
    shared: set[int] = set()
    for link in links:
        shared |= _union(left, link.left_sentences) & _union(right, link.right_sentences)
    return tuple(sorted(shared))


def _union(keys: Sequence[set[int]], sentences: range) -> set[int]:
    """Return the keys of any of some sentences."""
    return set().union(*(keys[sentence] for sentence in sentences))


def _sentence_keys(side: Analysis) -> _SentenceKeys:
    return _SentenceKeys(_fact_keys(side, SPECIFIC, inf), _fact_keys(side, IDENTIFYING, SPECIFIC), _word_keys(side))


def _word_keys(side: Analysis) -> list[set[int]]:
    """Return the keys of the content words of each sentence."""
    found: list[set[int]] = [set() for _ in side.sentences]
    content = side.terms.content
    for row, key in zip(content.rows.tolist(), content.ids[content.columns].tolist(), strict=True):
        found[row].add(key)
    return found


def _fact_keys(side: Analysis, at_least: float, below: float) -> list[set[int]]:
    """Return the keys of the facts of each sentence with a specificity in a half-open range."""
    found: list[set[int]] = [set() for _ in side.sentences]
    for fact, sentence in zip(side.facts, side.fact_sentences, strict=True):
        if at_least <= specificity(fact) < below:
            found[sentence].update(fact_keys(fact))
    return found
