"""A text to its facts: dates, numbers, names and quotations; and which facts of two texts are the same."""
# ruff: noqa: RUF001 - the dash of ranges

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import attrgetter

from dedup.text.facts.dates.find import dates, same_date
from dedup.text.facts.names.find import names
from dedup.text.facts.names.spelling import refers, same_name
from dedup.text.facts.numbers.find import numbers, same_value
from dedup.text.facts.quotations import quotations
from dedup.text.language import stem
from dedup.text.spans import Fact, Span

# A smaller number, and one that may be a year, tells nothing without what it counts.
SMALL, YEARS = 100, (1900, 2100)
# Quotations are the same if they share this part of their words.
SHARED = 0.8
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
# Words of a quotation that are shown, if it has more.
SHOWN = 8


def facts(text: str, sentences: Sequence[Span], language: str) -> list[Fact]:
    """Find the facts of a text.

    Where mentions overlap, a date wins over a name, and a name over a number ("Geran-2"). Quotations may hold others.

    Args:
        text: Any text.
        sentences: Its sentences, in order.
        language: ISO 639-1 code.

    Returns:
        Facts by start, then end.

    >>> said = "En juin 2024, NHK a compté 25 000 ouvriers et des drones Geran-2."
    >>> [(fact.kind, fact.value) for fact in facts(said, [Span(0, len(said))], "fr")]
    [('date', '2024-06'), ('name', 'NHK'), ('number', '25000'), ('name', 'Geran-2')]
    """
    found = _merge(dates(text, language), names(text, sentences, language))
    # What a number counts may be a name: only dates and names with digits are taken from it.
    taken = [fact for fact in found if fact.kind == "date" or any(map(str.isdigit, fact.value))]
    found = _merge(found, numbers(text, language, taken))
    return sorted([*found, *quotations(text)], key=attrgetter("start", "end", "kind"))


def _merge(winners: list[Fact], others: Iterable[Fact]) -> list[Fact]:
    """Add to facts, which are apart, those that overlap none of them."""
    starts = [fact.start for fact in winners]
    added = []
    for fact in others:
        at = bisect_left(starts, fact.end)
        if not at or winners[at - 1].end <= fact.start:
            added.append(fact)
    return sorted(winners + added, key=attrgetter("start"))


def same_fact(left: Fact, right: Fact, language: str = "und") -> bool:
    """Tell whether two facts are the same.

    Numbers must be equal; those under 100, and those that may be years, must besides count the same thing. Names may
    differ in spelling, and one may be the last name of the other. Quotations must share four words of five.

    Args:
        left: A fact.
        right: Another.
        language: ISO 639-1 code, by which the nouns of numbers are compared.

    >>> same_fact(Fact("number", 0, 6, "25000", "hommes"), Fact("number", 0, 6, "25000", "ouvriers"), "fr")
    True
    >>> same_fact(Fact("number", 0, 2, "12", "hommes"), Fact("number", 0, 2, "12", "ouvriers"), "fr")
    False
    """
    if left.kind != right.kind:
        return False
    if left.kind == "date":
        return same_date(left, right)
    if left.kind == "name":
        return same_name(left.value, right.value) or refers(left.value, right.value) or refers(right.value, left.value)
    if left.kind == "quotation":
        return _same_words(left.value, right.value)
    return same_value(left, right) and (not _is_vague(left.value) or same_noun(left.noun, right.noun, language))


def same_noun(left: str, right: str, language: str) -> bool:
    """Tell whether two numbers count the same thing: neither noun is empty, and their stems are equal.

    >>> same_noun("ouvriers", "ouvrier", "fr"), same_noun("", "", "fr")
    (True, False)
    """
    return bool(left and right) and (left == right or stem(left, language) == stem(right, language))


def label(fact: Fact) -> str:
    """Name a fact for people: a number by its value, a small one with what it counts; a quotation by its first words.

    Dates are in ISO form, those without a year by the name of the month.

    >>> label(Fact("number", 0, 6, "25000", "hommes")), label(Fact("number", 0, 4, "2", "pays"))
    ('25000', '2 pays')
    >>> label(Fact("quotation", 0, 20, "plus que jamais")), label(Fact("date", 0, 10, "--10-08/--10-13"))
    ('“plus que jamais”', '8 October/13 October')
    """
    if fact.kind == "date":
        return "/".join(map(_day, fact.value.split("/")))
    if fact.kind == "number" and fact.noun and (_is_vague(fact.value) or fact.noun == "%"):
        return f"{fact.value} {fact.noun}"
    if fact.kind != "quotation":
        return fact.value
    words = fact.value.split(" ")
    return f"“{' '.join(words[:SHOWN])}{' …' if len(words) > SHOWN else ''}”"


def same_label(left: Fact, right: Fact) -> str:
    """Name a fact that two texts share, in both spellings where they differ.

    >>> same_label(Fact("name", 0, 9, "Lelabouga"), Fact("name", 0, 7, "Alabuga"))
    'Lelabouga ≈ Alabuga'
    """
    one, other = label(left), label(right)
    return one if one.casefold() == other.casefold() else f"{one} ≈ {other}"


def _day(value: str) -> str:
    if not value.startswith("--") or not value[2:4].isdigit():
        return value
    return f"{value[5:].lstrip('0')} {MONTHS[int(value[2:4]) - 1]}".strip()


def _is_vague(value: str) -> bool:
    """Tell whether a number is small or like a year; both ends of a range must be."""
    ends = value.split("–")
    try:
        sizes = [abs(float(end)) for end in ends]
    except ValueError:  # a fraction
        return True
    return all(size < SMALL or YEARS[0] <= size <= YEARS[1] for size in sizes)


def _same_words(left: str, right: str) -> bool:
    one, other = words_of(left), words_of(right)
    most = max(len(one), len(other))
    return min(len(one), len(other)) >= SHARED * most and len(one & other) >= SHARED * most


@lru_cache(1 << 12)
def words_of(quotation: str) -> frozenset[str]:
    """List the words of the value of a quotation.

    >>> sorted(words_of("plus que jamais"))
    ['jamais', 'plus', 'que']
    """
    return frozenset(quotation.split(" "))
