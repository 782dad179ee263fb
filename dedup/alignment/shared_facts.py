"""Two texts to the facts they share, and those that conflict: numbers that differ in the same role."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.document_frequency import Background
from dedup.alignment.fact_pairs import same_facts
from dedup.alignment.links import Shared
from dedup.text.analysis import Analysis
from dedup.text.facts.names.spelling import skeletons
from dedup.text.features import term_id
from dedup.text.language import stem
from dedup.text.spans import Fact

# What a shared fact counts, by how much it tells.
SPECIFIC, TELLING, PLAIN = 1.0, 0.5, 0.25
# Digits of a number that tells by itself; a year does not.
DIGITS = 3
# Between two numbers that differ.
_DIFFERS = " ≠ "


@dataclass(frozen=True)
class Agreement:
    """Which facts of two texts are the same."""

    pairs: tuple[tuple[int, int], ...]
    """Ranks of the facts, left and right, ascending."""
    shared: Shared
    """The same by sentences, with how much each counts."""

    def between(self, left: Analysis, rows: range, right: Analysis, columns: range) -> list[tuple[int, int]]:
        """List the pairs of some sentences.

        Args:
            left: One text.
            rows: Its sentences.
            right: The other.
            columns: Its sentences.
        """
        ranks = left.facts_in(rows)
        first, last = bisect_left(self.pairs, (ranks.start,)), bisect_left(self.pairs, (ranks.stop,))
        return [pair for pair in self.pairs[first:last] if right.fact_sentences[pair[1]] in columns]


def agree(left: Analysis, right: Analysis, background: Background) -> Agreement:
    """Find the facts that two texts share, and what they say of each pair of sentences.

    Args:
        left: One text.
        right: The other.
        background: What many documents of their folder say.
    """
    pairs = same_facts(left.facts, right.facts, left.language)
    one, other = np.array(pairs, np.int64).reshape(-1, 2).T
    rows, columns = np.array(left.fact_sentences, np.int64)[one], np.array(right.fact_sentences, np.int64)[other]
    frequency = _partners(one, columns) + _partners(other, rows)
    sentences = len(left.sentences) + len(right.sentences)
    rarity = np.minimum(1.0, np.log(1 + sentences / frequency) / log(1 + sentences / 2))
    told = [np.array([specificity(fact) for fact in side.facts]) for side in (left, right)]
    known = np.ones(len(left.facts))
    for at in np.unique(one).tolist():
        known[at] = _rarity(left.facts[at], background)
    weights = np.minimum(told[0][one], told[1][other]) * rarity * known[one]
    return Agreement(tuple(pairs), Shared(rows, columns, weights))


def _partners(facts: NDArray[np.int64], sentences: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count for each pair the sentences of the other side that give its fact."""
    distinct = np.unique(np.column_stack((facts, sentences)), axis=0)[:, 0]
    return np.asarray(np.bincount(distinct, minlength=1)[facts] if facts.size else facts)


def specificity(fact: Fact) -> float:
    """Tell how much it says that two texts share a fact.

    >>> specificity(Fact("number", 0, 6, "25000", "ouvriers")), specificity(Fact("date", 0, 4, "2024"))
    (1.0, 0.0)
    """
    if fact.kind == "number":
        digits = sum(sign.isdigit() for sign in fact.value.rstrip("0")) + fact.value.endswith("00")
        return SPECIFIC if len(fact.value) >= DIGITS + 1 or digits >= DIGITS else PLAIN if fact.noun else 0.0
    if fact.kind == "date":
        return TELLING if "-" in fact.value else 0.0
    return SPECIFIC if fact.kind == "quotation" else TELLING


def fact_keys(fact: Fact) -> tuple[int, ...]:
    """Name a document fact by 32 bits, so that it is met in another spelling too; others have no name."""
    if specificity(fact) < TELLING:
        return ()
    values = skeletons(fact.value) if fact.kind == "name" else (fact.value,)
    return tuple(term_id(f"{fact.kind} {value}") for value in values)


def _rarity(fact: Fact, background: Background) -> float:
    keys = fact_keys(fact)
    return float(background.rarity(np.array(keys)).min()) if keys else 1.0


def conflicts(left: Analysis, right: Analysis, rows: range, columns: range, agreement: Agreement) -> Iterator[str]:
    """Name the numbers that differ in the same role: they count the same, and neither has an equal on the other side.

    Args:
        left: One text.
        right: The other.
        rows: Sentences of the one.
        columns: Sentences of the other that say the same.
        agreement: The facts that both texts share.
    """
    shared = agreement.between(left, rows, right, columns)
    taken = [{pair[side] for pair in shared} for side in (0, 1)]
    alone = [
        [at for at in side.facts_in(chosen) if at not in given and _counts(side.facts[at])]
        for side, chosen, given in ((left, rows, taken[0]), (right, columns, taken[1]))
    ]
    for one, other in _by_role(left, right, alone[0], alone[1]):
        yield f"{left.facts[one].value}{_DIFFERS}{right.facts[other].value} {left.facts[one].noun}"


def values_of(conflict: str) -> tuple[str, str, str]:
    """Take a conflict apart: the number on the left, that on the right, and what they count.

    >>> values_of("25000 ≠ 40000 travailleurs")
    ('25000', '40000', 'travailleurs')
    """
    left, _, right = conflict.partition(_DIFFERS)
    value, _, noun = right.partition(" ")
    return left, value, noun


def _counts(fact: Fact) -> bool:
    return fact.kind == "number" and bool(fact.noun)


def _by_role(left: Analysis, right: Analysis, ones: Sequence[int], others: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pair the numbers that count the same thing; where several of a side do, none can be told to be the other's."""
    roles: list[dict[str, list[int]]] = [defaultdict(list), defaultdict(list)]
    for side, analysis, ats in ((0, left, ones), (1, right, others)):
        for at in ats:
            roles[side][stem(analysis.facts[at].noun, left.language)].append(at)
    for role, mine in roles[0].items():
        theirs = roles[1].get(role, [])
        if len({left.facts[at].value for at in mine}) == len({right.facts[at].value for at in theirs}) == 1:
            yield mine[0], theirs[0]
