"""Two texts to the facts they share, and those that conflict: numbers that differ in the same role."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from dedup.alignment.analysis import Analysis
from dedup.alignment.background import Background
from dedup.alignment.facts.find import same_fact
from dedup.alignment.facts.spelling import matches, refers, skeletons
from dedup.alignment.language import stem
from dedup.alignment.links import Shared
from dedup.alignment.model import Fact
from dedup.alignment.terms import term_id
from dedup.alignment.tokens import fold

# What a shared fact counts, by how much it tells.
SPECIFIC, TELLING, PLAIN = 1.0, 0.5, 0.25
# Pairs of mentions of one fact at most, so that long texts take no longer than they must.
MENTIONS = 10_000
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
        return [pair for pair in self.pairs[first:last] if right.places[pair[1]] in columns]


def agree(left: Analysis, right: Analysis, background: Background) -> Agreement:
    """Find the facts that two texts share, and what they say of each pair of sentences.

    Args:
        left: One text.
        right: The other.
        background: What many documents of their folder say.
    """
    pairs = tuple(sorted(_same(left, right)))
    sentences = len(left.sentences) + len(right.sentences)
    partners: list[dict[int, set[int]]] = [defaultdict(set), defaultdict(set)]
    for one, other in pairs:
        partners[0][one].add(right.places[other])
        partners[1][other].add(left.places[one])
    weights = []
    for one, other in pairs:
        frequency = len(partners[0][one]) + len(partners[1][other])
        rarity = min(1.0, log(1 + sentences / frequency) / log(1 + sentences / 2))
        telling = min(specificity(left.facts[one]), specificity(right.facts[other]))
        weights.append(telling * rarity * _rarity(left.facts[one], background))
    rows, columns = ([side.places[pair[which]] for pair in pairs] for which, side in enumerate((left, right)))
    return Agreement(pairs, Shared(np.array(rows, np.int64), np.array(columns, np.int64), np.array(weights)))


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
    """Name a telling fact by 32 bits, so that it is met in another spelling too; others have no name."""
    if specificity(fact) < TELLING:
        return ()
    values = skeletons(fact.value) if fact.kind == "name" else (fact.value,)
    return tuple(term_id(f"{fact.kind} {value}") for value in values)


def _rarity(fact: Fact, background: Background) -> float:
    keys = fact_keys(fact)
    return float(background.rarity(np.array(keys)).min()) if keys else 1.0


def conflicts(
    left: Analysis, right: Analysis, rows: range, columns: range, agreement: Agreement
) -> Iterator[str]:
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


def _by_role(
    left: Analysis, right: Analysis, ones: Sequence[int], others: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Pair the numbers that count the same thing; where several of a side do, none can be told to be the other's."""
    roles: list[dict[str, list[int]]] = [defaultdict(list), defaultdict(list)]
    for side, analysis, ats in ((0, left, ones), (1, right, others)):
        for at in ats:
            roles[side][stem(analysis.facts[at].noun, left.language)].append(at)
    for role, mine in roles[0].items():
        theirs = roles[1].get(role, [])
        if len({left.facts[at].value for at in mine}) == len({right.facts[at].value for at in theirs}) == 1:
            yield mine[0], theirs[0]


def _same(left: Analysis, right: Analysis) -> Iterator[tuple[int, int]]:
    """Pair the facts that are the same; of what both texts have many times over no pair tells anything."""
    sides = [_mentions(side) for side in (left, right)]
    names = [[value for kind, value in side if kind == "name"] for side in sides]
    found = [(names[0][one], names[1][other]) for one, other in matches(*names)]
    alike = [(("name", one), ("name", other)) for one, other in (*found, *_referring(names[0], names[1], set(found)))]
    for kind in ("date", "quotation"):
        alike += [(one, other) for one in sides[0] for other in sides[1] if one[0] == other[0] == kind]
    alike += [(one, one) for one in sides[0] if one[0] == "number" and one in sides[1]]
    for one, other in alike:
        if len(sides[0][one]) * len(sides[1][other]) <= MENTIONS:
            for at in sides[0][one]:
                for there in sides[1][other]:
                    if one[0] == "name" or same_fact(left.facts[at], right.facts[there], left.language):
                        yield at, there


def _referring(
    left: Sequence[str], right: Sequence[str], taken: set[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Pair last names with the full names that end in them."""
    ends: list[dict[str, list[str]]] = [defaultdict(list), defaultdict(list)]
    for side, names in zip(ends, (left, right), strict=True):
        for name in names:
            side[fold(name.split()[-1])].append(name)
    for last, ones in ends[0].items():
        for one in ones:
            for other in ends[1].get(last, ()):
                if (one, other) not in taken and (refers(one, other) or refers(other, one)):
                    yield one, other


def _mentions(side: Analysis) -> dict[tuple[str, str], list[int]]:
    """List where each value is given."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, fact in enumerate(side.facts):
        found[fact.kind, fact.value].append(at)
    return found
