"""The links of two documents to ties: passages, and what in them is rare enough to tell a story by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.agreement import SPECIFIC, TELLING, fact_keys, specificity
from dedup.alignment.analysis import Analysis
from dedup.alignment.background import FEW, Background
from dedup.alignment.compare import Link
from dedup.alignment.model import Span
from dedup.alignment.passages import passages
from dedup.alignment.stories import Tie
from dedup.alignment.terms import common

# A key is rare if so few documents have it as to count in full, or at most such a part of them; names are common
# sooner ("Ukraine").
PART, FEW_NAMES = 0.25, 2
# What makes a passage more than background: a rare fact among so many rare keys, so many links with as many rare
# keys, such a part of one of its documents, or copied words.
KEYS, LINKS, COVERED = 2, 3, 0.3
# Documents less alike tell no story together, whatever a sentence or two have in common: "In a filing with the
# Securities and Exchange Commission". Chosen on mixtures of news; see the benchmarks.
ALIKE = 0.2
# A sentence of fewer letters is a short line: one that more than FEW documents have is boilerplate ("Reuter").
SHORT = 40
# Weight of a tie that rests on one link.
ONE_LINK = 0.5


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
    one, other = common(left.terms.content, right.terms.content)
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


def make_tie(
    comparison: Comparison, passage: Passage, frequency: Mapping[int, int], documents: int
) -> Tie | None:
    """Weigh a passage by what is rare in it; background gives none.

    Args:
        comparison: Of its documents.
        passage: The passage.
        frequency: In how many documents each of its keys is.
        documents: How many there are.
    """
    facts, names, words = (
        frozenset(key for key in keys if frequency[key] <= max(few, PART * documents))
        for keys, few in ((passage.facts, FEW), (passage.names, FEW_NAMES), (passage.words, FEW))
    )
    rare = facts | names | words
    told = bool(facts or names) and len(rare) >= KEYS
    long = len(passage.rows) >= LINKS and len(rare) >= LINKS
    copied = passage.copied and len(rare) >= KEYS
    if comparison.alike < ALIKE or not (told or long or copied or passage.covered >= COVERED):
        return None
    weight = ONE_LINK if len(passage.rows) == 1 and not told else 1.0
    return Tie(comparison.left, passage.left, comparison.right, passage.right, rare, weight)


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
    for fact, place in zip(side.facts, side.places, strict=True):
        if least <= specificity(fact) < below:
            found[place].update(fact_keys(fact))
    return found


def _gathered(keys: Sequence[set[int]], sentences: range) -> set[int]:
    return set().union(*(keys[at] for at in sentences))
