"""The facts of two texts to pairs of the same, without comparing every one with every other."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from math import ceil

from dedup.text.facts.dates.find import MONTH_OR_PART
from dedup.text.facts.extract import MIN_SHARED_QUOTATION_WORDS, quotation_words, same_fact
from dedup.text.facts.names.spelling import matches, refers
from dedup.text.spans import Fact
from dedup.text.tokens import fold

# Pairs of mentions of one fact at most, so that long texts take no longer than they must.
MENTIONS = 10_000

Keys = Callable[[str], Iterable[str]]
# The ranks of the facts of each value, by kind.
Mentions = dict[str, dict[str, list[int]]]


def same_facts(left: Sequence[Fact], right: Sequence[Fact], language: str) -> list[tuple[int, int]]:
    """Pair the facts that are the same; of what both texts have many times over no pair tells anything.

    Args:
        left: The facts of one text.
        right: Those of the other.
        language: ISO 639-1 code, by which the nouns of numbers are compared.

    Returns:
        Ranks of the facts, left and right, ascending.

    >>> said = [Fact("date", 0, 4, "2024-06"), Fact("name", 9, 16, "Alabuga"), Fact("date", 20, 24, "2023-06")]
    >>> same_facts(said, [Fact("name", 0, 7, "Alabuga"), Fact("date", 8, 14, "--06")], "en")
    [(0, 1), (1, 0), (2, 1)]
    """
    sides = _mentions(left), _mentions(right)
    found = [
        (at, there)
        for kind, one, other in _alike(sides[0], sides[1])
        if len(sides[0][kind][one]) * len(sides[1][kind][other]) <= MENTIONS
        for at, there in _pairs(kind, (left, sides[0][kind][one]), (right, sides[1][kind][other]), language)
    ]
    return sorted(found)


def _mentions(facts: Sequence[Fact]) -> Mentions:
    """List where each value of each kind is given."""
    found: Mentions = {"name": {}, "date": {}, "quotation": {}, "number": {}}
    for at, fact in enumerate(facts):
        found[fact.kind].setdefault(fact.value, []).append(at)
    return found


def _alike(left: Mentions, right: Mentions) -> Iterable[tuple[str, str, str]]:
    """Pair the values that may be the same, by kind."""
    ones, others = list(left["name"]), list(right["name"])
    names = {(ones[at], others[there]) for at, there in matches(ones, others)}
    refer = [pair for pair in _meeting(ones, others, _last) if pair not in names and _refer(*pair)]
    yield from (("name", one, other) for one, other in (*names, *refer))
    yield from (("date", one, other) for one, other in _meeting(left["date"], right["date"], _months))
    said = left["quotation"], right["quotation"]
    yield from (("quotation", one, other) for one, other in _meeting(*said, _rare_words(chain(*said))))
    yield from (("number", one, one) for one in left["number"] if one in right["number"])


def _pairs(
    kind: str, left: tuple[Sequence[Fact], list[int]], right: tuple[Sequence[Fact], list[int]], language: str
) -> Iterable[tuple[int, int]]:
    """Pair the mentions of two values: all, if the values are the same, or those numbers that count the same."""
    facts, ats = left
    others, theres = right
    told: dict[tuple[str, ...], bool] = {}
    for at in ats:
        one = facts[at]
        for there in theres:
            other = others[there]
            counted = one.noun, one.qualifier, other.noun, other.qualifier
            if counted not in told:
                told[counted] = kind == "name" or same_fact(one, other, language)
            if told[counted]:
                yield at, there


def _meeting(left: Iterable[str], right: Iterable[str], keys: Keys) -> Iterable[tuple[str, str]]:
    """Pair the values that have a key in common, each pair once."""
    having: dict[str, list[str]] = defaultdict(list)
    for other in right:
        for key in keys(other):
            having[key].append(other)
    return dict.fromkeys((one, other) for one in left for key in keys(one) for other in having.get(key, ()))


def _refer(one: str, other: str) -> bool:
    return refers(one, other) or refers(other, one)


def _last(name: str) -> Iterable[str]:
    """A last name meets the full names that end in it."""
    return (fold(name.split()[-1]),)


def _months(date: str) -> Iterable[str]:
    """Dates that are the same are equal or name the same months."""
    months = [found and found[2] for found in map(MONTH_OR_PART.fullmatch, date.split("/"))]
    return (date, "/".join(map(str, months)) if all(months) else date)


def _rare_words(quotations: Iterable[str]) -> Keys:
    """Give a quotation's rarest words, so many that those who share enough words share one of them.

    The prefix filter of Chaudhuri, Ganti and Kaushik, "A Primitive Operator for Similarity Joins in Data Cleaning".
    """
    frequency = Counter(word for quotation in quotations for word in quotation_words(quotation))

    def keys(quotation: str) -> Iterable[str]:
        words = sorted(quotation_words(quotation), key=lambda word: (frequency[word], word))
        return words[: len(words) - ceil(MIN_SHARED_QUOTATION_WORDS * len(words)) + 1]

    return keys
