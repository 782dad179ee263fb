"""Links to passages: stretches of two texts that are linked closely enough to be one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.align import Link
from dedup.alignment.document_frequency import Background
from dedup.alignment.shared_facts import SPECIFIC, TELLING, fact_keys, specificity
from dedup.text.analysis import Analysis
from dedup.text.features import common_terms
from dedup.text.spans import Span

# Sentences without a link that a passage may hold in a row, and the least part of its sentences that are linked.
# The way of growing is that of Sanchez-Perez et al., PAN 2014, section 3: the gap shrinks until a passage holds.
GAP = 4
LEAST_LINKED = 0.4


def passages(pairs: NDArray[np.int64], gap: int = GAP) -> list[NDArray[np.int64]]:
    """Gather links into passages.

    Args:
        pairs: Left and right sentence of each link, shape (links, 2).
        gap: Most sentences without a link between two links of a passage, on either side.

    Returns:
        Rows of the links of each passage, ascending; passages by their first link.

    >>> [rows.tolist() for rows in passages(np.array([[0, 5], [1, 6], [3, 7], [3, 40]]))]
    [[0, 1, 2], [3]]
    """
    found: list[NDArray[np.int64]] = []
    waiting = [(np.arange(len(pairs)), gap)]
    while waiting:
        rows, widest = waiting.pop()
        for part in _near(pairs[rows], widest):
            group = rows[part]
            if widest == 0 or group.size == 1 or _dense(pairs[group]):
                found.append(group)
            else:
                waiting.append((group, widest - 1))
    return sorted(found, key=lambda rows: int(rows[0]))


def _near(pairs: NDArray[np.int64], gap: int) -> list[NDArray[np.int64]]:
    """Part links where the gap on one side is too wide, on alternating sides until nothing parts."""
    parts = [np.arange(len(pairs))] if len(pairs) else []
    before = 0
    while len(parts) != before:
        before = len(parts)
        for side in (0, 1):
            parts = [piece for part in parts for piece in _cut(pairs, part, side, gap)]
    return [np.sort(part) for part in parts]


def _cut(pairs: NDArray[np.int64], part: NDArray[np.int64], side: int, gap: int) -> Sequence[NDArray[np.int64]]:
    ordered = part[np.argsort(pairs[part, side], kind="stable")]
    return np.split(ordered, np.flatnonzero(np.diff(pairs[ordered, side]) > gap + 1) + 1)


def _dense(pairs: NDArray[np.int64]) -> bool:
    """Tell whether enough of the sentences of both stretches are linked."""
    for side in (0, 1):
        linked = np.unique(pairs[:, side])
        if linked.size < LEAST_LINKED * (linked[-1] - linked[0] + 1):
            return False
    return True


# Documents less alike tell no story together, whatever a sentence or two have in common: "In a filing with the
# Securities and Exchange Commission". Chosen on mixtures of news; see the benchmarks.
ALIKE = 0.2


# A sentence of fewer letters is a short line: one that more than FEW documents have is boilerplate ("Reuter").
SHORT = 40


@dataclass(frozen=True)
class Passage:
    """A passage of two documents, before it is known what is rare."""

    rows: tuple[int, ...]
    """Which of the links."""
    left: Span
    """Its sentences."""
    right: Span
    facts: tuple[int, ...]
    """Keys of the specific facts that both sides share, ascending."""
    names: tuple[int, ...]
    """Keys of the names and dates that both sides share, ascending."""
    words: tuple[int, ...]
    """Keys of the content words that both sides share, ascending."""
    covered: float
    """The greater part of a document that it covers, by letters."""
    copied: bool
    """Whether it has long sentences in mostly the same words."""

    @property
    def keys(self) -> tuple[int, ...]:
        """All of them."""
        return (*self.facts, *self.names, *self.words)


@dataclass(frozen=True)
class Comparison:
    """What two documents have in common."""

    left: int
    """Rank of the one."""
    right: int
    """Rank of the other."""
    alike: float
    """How like each other they are as wholes; see `alike`."""
    links: tuple[Link, ...]
    passages: tuple[Passage, ...]


def terms_of(analysis: Analysis) -> NDArray[np.int64]:
    """List what a document is found by, ascending: its content words, its facts, and below zero its short lines."""
    keys = [key for fact in analysis.facts for key in fact_keys(fact)]
    lines = -1 - analysis.terms.wordings[analysis.terms.sizes < SHORT]
    return np.unique(np.concatenate((analysis.terms.content.ids, np.array(keys, np.int64), lines[lines < 0])))


def alike(left: Analysis, right: Analysis, background: Background) -> float:
    """Tell how like each other two documents are as wholes: the cosine of their content words, rare ones first.

    Args:
        left: One document.
        right: The other.
        background: What many documents of their folder say.

    Returns:
        From 0, nothing in common, to 1.
    """
    sides = []
    for terms in (left.terms.content, right.terms.content):
        counts = np.bincount(terms.columns, terms.counts, terms.ids.size)
        weights = np.sqrt(counts) * background.rarity(terms.ids) ** 2
        sides.append(weights / max(float(np.sqrt((weights * weights).sum())), 1e-12))
    one, other = common_terms(left.terms.content, right.terms.content)
    return float((sides[0][one] * sides[1][other]).sum())


def find_passages(left: Analysis, right: Analysis, links: Sequence[Link]) -> tuple[Passage, ...]:
    """Gather the links of two documents, those of a common topic aside, into passages.

    Args:
        left: One document.
        right: The other.
        links: Between them.
    """
    rows = [row for row, link in enumerate(links) if link.kind != "related"]
    if not rows:
        return ()
    pairs = np.array([(links[row].left_sentences[0], links[row].right_sentences[0]) for row in rows])
    keys = [_key_sets(side) for side in (left, right)]
    return tuple(
        _passage(left, right, links, tuple(rows[at] for at in group.tolist()), keys) for group in passages(pairs)
    )


def _passage(
    left: Analysis,
    right: Analysis,
    links: Sequence[Link],
    rows: tuple[int, ...],
    keys: Sequence[Sequence[Sequence[set[int]]]],
) -> Passage:
    members = [links[row] for row in rows]
    sentences = [
        np.unique(np.concatenate([np.array(link.left_sentences) for link in members])),
        np.unique(np.concatenate([np.array(link.right_sentences) for link in members])),
    ]
    shared = [
        {
            key
            for link in members
            for key in _gathered(keys[0][kind], link.left_sentences) & _gathered(keys[1][kind], link.right_sentences)
        }
        for kind in (0, 1, 2)
    ]
    left_span, right_span = (Span(int(mine[0]), int(mine[-1]) + 1) for mine in sentences)
    return Passage(
        rows=rows,
        left=left_span,
        right=right_span,
        facts=tuple(sorted(shared[0])),
        names=tuple(sorted(shared[1])),
        words=tuple(sorted(shared[2])),
        covered=max(
            float(side.terms.sizes[mine].sum() / max(side.terms.sizes.sum(), 1))
            for side, mine in zip((left, right), sentences, strict=True)
        ),
        copied=any(
            link.kind in ("verbatim", "light") and left.terms.sizes[np.array(link.left_sentences)].sum() >= SHORT
            for link in members
        ),
    )


def _key_sets(side: Analysis) -> tuple[list[set[int]], list[set[int]], list[set[int]]]:
    """List the keys of each sentence: specific facts; names and dates; content words."""
    return _fact_sets(side, SPECIFIC, 2), _fact_sets(side, TELLING, SPECIFIC), _word_sets(side)


def _word_sets(side: Analysis) -> list[set[int]]:
    """List the content words of each sentence."""
    found: list[set[int]] = [set() for _ in side.sentences]
    content = side.terms.content
    for row, key in zip(content.rows.tolist(), content.ids[content.columns].tolist(), strict=True):
        found[row].add(key)
    return found


def _fact_sets(side: Analysis, least: float, below: float) -> list[set[int]]:
    """List the facts of each sentence that are specific enough, but not more."""
    found: list[set[int]] = [set() for _ in side.sentences]
    for fact, place in zip(side.facts, side.fact_sentences, strict=True):
        if least <= specificity(fact) < below:
            found[place].update(fact_keys(fact))
    return found


def _gathered(keys: Sequence[set[int]], sentences: range) -> set[int]:
    return set().union(*(keys[at] for at in sentences))
