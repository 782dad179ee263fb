"""Find the facts that two texts share."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.document_frequency import CorpusStatistics
from dedup.alignment.fact_pairs import same_facts
from dedup.alignment.links import FactWeights
from dedup.text.analysis import Analysis
from dedup.text.facts.names.spelling import lookup_keys
from dedup.text.features import term_id
from dedup.text.spans import Fact

# Weights of shared facts by how specific they are; a fact below IDENTIFYING does not identify a document.
SPECIFIC, IDENTIFYING, COMMONPLACE = 1.0, 0.5, 0.25
# A number is specific if its value has more than this many characters, or at least this many digits, where trailing
# zeros count as one digit if there are several and not at all otherwise. (A year is a date, not a number.)
MIN_SPECIFIC_DIGITS = 3
_TIME_OF_DAY = re.compile("T[^/]+")


@dataclass(frozen=True)
class SharedFacts:
    """Facts of two texts that are the same."""

    pairs: tuple[tuple[int, int], ...]
    """Ranks of the facts, left and right, ascending."""
    weights: FactWeights
    """Weight of each pair, by sentences."""


def facts_between(
    pairs: Sequence[tuple[int, int]], sides: tuple[Analysis, Analysis], sentences: tuple[range, range]
) -> list[tuple[int, int]]:
    """Return the pairs of facts in some sentences.

    Args:
        pairs: Ranks of facts that are the same, left and right, ascending.
        sides: The left and the right text.
        sentences: Ranks of sentences of each.
    """
    left, right = sides
    ranks = left.facts_in(sentences[0])
    first, last = bisect_left(pairs, (ranks.start,)), bisect_left(pairs, (ranks.stop,))
    return [pair for pair in pairs[first:last] if right.fact_sentences[pair[1]] in sentences[1]]


def find_shared_facts(left: Analysis, right: Analysis, statistics: CorpusStatistics) -> SharedFacts:
    """Find the facts that two texts share, with their weights as evidence for links between sentences.

    Args:
        left: Analysis of the left text.
        right: Analysis of the right text.
        statistics: Document frequencies of the corpus.
    """
    pairs = _without_joined_years(same_facts(left.facts, right.facts, left.language), left.facts, right.facts)
    lefts, rights = np.array(pairs, np.int64).reshape(-1, 2).T
    rows, columns = np.array(left.fact_sentences, np.int64)[lefts], np.array(right.fact_sentences, np.int64)[rights]
    frequency = _count_sentences(lefts, columns) + _count_sentences(rights, rows)
    sentences = len(left.sentences) + len(right.sentences)
    rarity = np.minimum(1.0, np.log(1 + sentences / frequency) / log(1 + sentences / 2))
    left_specificity, right_specificity = (
        np.array([specificity(fact) for fact in side.facts]) for side in (left, right)
    )
    corpus_rarity = np.ones(len(left.facts))
    for rank in np.unique(lefts).tolist():
        corpus_rarity[rank] = _rarity(left.facts[rank], statistics)
    weights = np.minimum(left_specificity[lefts], right_specificity[rights]) * rarity * corpus_rarity[lefts]
    return SharedFacts(tuple(pairs), FactWeights(rows, columns, weights))


def _without_joined_years(
    pairs: Sequence[tuple[int, int]], left: Sequence[Fact], right: Sequence[Fact]
) -> list[tuple[int, int]]:
    """Return pairs of facts without those of a date that has no year and is paired with dates of several years.

    Args:
        pairs: Ranks of facts that are the same, left and right.
        left: The left facts.
        right: The right facts.

    >>> texts = ["1991-04-02", "1992-04-02", "1991-05-03"], ["--04-02", "--05-03"]
    >>> left, right = ([Fact("date", 0, 1, value) for value in values] for values in texts)
    >>> _without_joined_years([(0, 0), (1, 0), (2, 1)], left, right)
    [(2, 1)]
    """
    sides = (left, right)
    years: dict[tuple[int, int], set[str]] = defaultdict(set)
    for pair in pairs:
        for side in (0, 1):
            if sides[side][pair[side]].value.startswith("--") and left[pair[0]].kind == "date":
                years[side, pair[side]].add(sides[1 - side][pair[1 - side]].value[:4])
    # A date without a year begins with "--".
    joined = {place for place, found in years.items() if sum(year[:2] != "--" for year in found) > 1}
    return [pair for pair in pairs if not joined.intersection(enumerate(pair))]


def _count_sentences(facts: NDArray[np.int64], sentences: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count for each pair the sentences of the other text that share its fact, shape (pairs,)."""
    distinct = np.unique(np.column_stack((facts, sentences)), axis=0)[:, 0]
    return np.asarray(np.bincount(distinct, minlength=1)[facts] if facts.size else facts)


def specificity(fact: Fact) -> float:
    """Return the weight of a shared fact as evidence, from 0 to 1.

    >>> specificity(Fact("number", 0, 6, "25000", "ouvriers")), specificity(Fact("date", 0, 4, "2024"))
    (1.0, 0.0)
    """
    if fact.kind == "number":
        digits = sum(char.isdigit() for char in fact.value.rstrip("0")) + fact.value.endswith("00")
        if len(fact.value) >= MIN_SPECIFIC_DIGITS + 1 or digits >= MIN_SPECIFIC_DIGITS:
            return SPECIFIC
        return COMMONPLACE if fact.noun else 0.0
    if fact.kind == "date":
        return IDENTIFYING if "-" in fact.value else 0.0
    return SPECIFIC if fact.kind == "quotation" else IDENTIFYING


def fact_keys(fact: Fact) -> tuple[int, ...]:
    """Return the lookup keys of a fact, which its other spellings share.

    Returns:
        32-bit hashes; empty if the fact is too common to identify a document.
    """
    if specificity(fact) < IDENTIFYING:
        return ()
    if fact.kind == "name":
        values = lookup_keys(fact.value)
    else:  # a day is found with and without a time of day
        values = (_TIME_OF_DAY.sub("", fact.value) if fact.kind == "date" else fact.value,)
    return tuple(term_id(f"{fact.kind} {value}") for value in values)


def _rarity(fact: Fact, statistics: CorpusStatistics) -> float:
    keys = fact_keys(fact)
    return float(statistics.rarity(np.array(keys)).min()) if keys else 1.0
