"""Find the facts of a text, compare facts, and label them for display."""
# ruff: noqa: RUF001 - the en dash of ranges

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import ceil
from operator import attrgetter

from dedup.text.facts.dates.find import dates, same_date
from dedup.text.facts.names.find import names
from dedup.text.facts.names.spelling import refers, same_name
from dedup.text.facts.numbers.find import numbers, same_value
from dedup.text.facts.quotations import quotations
from dedup.text.language import stem
from dedup.text.spans import Fact, Span

MIN_SPECIFIC_NUMBER, YEAR_RANGE = 100, (1900, 2100)
"""A smaller number, or a number that can be a year, is not specific without the noun it counts."""
MIN_SHARED_QUOTATION_WORDS = 0.8
"""Share of the words of the longer quotation that two quotations must have in common to be the same."""
MAX_LABEL_WORDS = 8
"""Words of a quotation in its label."""
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def facts(text: str, sentences: Sequence[Span], language: str) -> list[Fact]:
    """Find the facts of a text.

    Where mentions overlap, a date takes precedence over a name, a name over a number ("Geran-2"), and a number with its
    unit over a name inside it ("45 degrees Celsius", "EUR 5"). A quotation can contain other facts.

    Args:
        text: Any text.
        sentences: Its sentences, in order.
        language: ISO 639-1 code.

    Returns:
        Facts by start, then end.

    >>> text = "En juin 2024, NHK a compté 25 000 ouvriers et des drones Geran-2."
    >>> [(fact.kind, fact.value) for fact in facts(text, [Span(0, len(text))], "fr")]
    [('date', '2024-06'), ('name', 'NHK'), ('number', '25000'), ('name', 'Geran-2')]
    """
    dated, named = dates(text, language), names(text, sentences, language)
    # The noun of a number can be a name, so only dates and names with digits are hidden from the search for numbers.
    hidden = [fact for fact in named if any(map(str.isdigit, fact.value)) and not _is_amount(text, fact, language)]
    counted = numbers(text, language, _add_without_overlap(dated, hidden))
    measured = [fact for fact in counted if fact.unit]
    found = _add_without_overlap(dated, (fact for fact in named if not _is_unit(fact, measured)))
    found = _add_without_overlap(found, counted)
    quoted = [fact for fact in quotations(text) if any(map(str.isalpha, fact.value))]  # not "2 + 2 = 5"
    return sorted([*found, *quoted], key=attrgetter("start", "end", "kind"))


def _is_amount(text: str, name: Fact, language: str) -> bool:
    """Return whether a name with digits is a number with its unit: "EUR 5"."""
    found = numbers(text[name.start : name.end], language)
    return bool(found) and found[0].start == 0 and found[0].unit != ""


def _is_unit(name: Fact, measured: Sequence[Fact]) -> bool:
    """Return whether a name begins in one of some numbers with units, which do not overlap: "US$5", "12 GB of RAM"."""
    at = bisect_right(measured, name.start, key=attrgetter("start"))
    return at > 0 and name.start < measured[at - 1].end


def _add_without_overlap(found: list[Fact], others: Iterable[Fact]) -> list[Fact]:
    """Return facts by start, together with the other facts that do not overlap them.

    Args:
        found: Facts by start, without overlaps.
        others: The facts to add.
    """
    starts = [fact.start for fact in found]
    added = []
    for fact in others:
        at = bisect_left(starts, fact.end)
        if not at or found[at - 1].end <= fact.start:
            added.append(fact)
    return sorted(found + added, key=attrgetter("start"))


def same_fact(left: Fact, right: Fact, language: str = "und") -> bool:
    """Return whether two facts are the same.

    Numbers must be equal; numbers under 100, and numbers that can be years, must also count the same thing. Names can
    differ in spelling, and a last name or an acronym is the same as the full name. Quotations must share four words
    out of five.

    Args:
        left: A fact.
        right: Another fact.
        language: ISO 639-1 code, used to compare the nouns of numbers.

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
        return _same_quotation(left.value, right.value)
    return same_value(left, right) and (_is_specific(left.value) or same_noun(left.noun, right.noun, language))


def same_noun(left: str, right: str, language: str) -> bool:
    """Return whether the nouns of two numbers are the same: not empty, and with equal stems.

    >>> same_noun("ouvriers", "ouvrier", "fr"), same_noun("", "", "fr")
    (True, False)
    """
    return bool(left and right) and (left == right or stem(left, language) == stem(right, language))


def label(fact: Fact) -> str:
    """Return a fact as text for display.

    A number is shown by its value, with its noun if it is not specific without it; a quotation by its first words; a
    date in ISO form, or with the name of the month if it has no year.

    >>> label(Fact("number", 0, 6, "25000", "hommes")), label(Fact("number", 0, 4, "2", "pays"))
    ('25000', '2 pays')
    >>> label(Fact("quotation", 0, 20, "plus que jamais")), label(Fact("date", 0, 10, "--10-08/--10-13"))
    ('“plus que jamais”', '8 October/13 October')
    """
    if fact.kind == "date":
        return "/".join(map(_format_date, fact.value.split("/")))
    if fact.kind == "number" and fact.noun and (not _is_specific(fact.value) or fact.noun == "%"):
        return f"{fact.value} {fact.noun}"
    if fact.kind != "quotation":
        return fact.value
    words = fact.value.split(" ")
    return f"“{' '.join(words[:MAX_LABEL_WORDS])}{' …' if len(words) > MAX_LABEL_WORDS else ''}”"


def same_label(left: Fact, right: Fact) -> str:
    """Return a fact of two texts as text for display, in both spellings if they differ.

    >>> same_label(Fact("name", 0, 9, "Lelabouga"), Fact("name", 0, 7, "Alabuga"))
    'Lelabouga ≈ Alabuga'
    """
    left_label, right_label = label(left), label(right)
    return left_label if left_label.casefold() == right_label.casefold() else f"{left_label} ≈ {right_label}"


def _format_date(value: str) -> str:
    day, _, time = value.partition("T")
    if day.startswith("--") and day[2:4].isdigit():
        day = f"{day[5:].lstrip('0')} {_MONTH_NAMES[int(day[2:4]) - 1]}".strip()
    return f"{day} {time}".rstrip()


def _is_specific(value: str) -> bool:
    """Return whether a number, or an end of a range, is at least 100 and cannot be a year."""
    try:
        sizes = [abs(float(end)) for end in value.split("–")]
    except ValueError:  # a fraction
        return False
    return any(size >= MIN_SPECIFIC_NUMBER and not YEAR_RANGE[0] <= size <= YEAR_RANGE[1] for size in sizes)


def _same_quotation(left: str, right: str) -> bool:
    left_words, right_words = quotation_words(left), quotation_words(right)
    required = MIN_SHARED_QUOTATION_WORDS * max(len(left_words), len(right_words))
    return min(len(left_words), len(right_words)) >= required and len(left_words & right_words) >= required


def prefix_words(ordered: Sequence[str]) -> Sequence[str]:
    """Return the first words of a quotation; quotations that are the same have at least one of these in common.

    Source: the prefix filter of Chaudhuri, Ganti and Kaushik, "A Primitive Operator for Similarity Joins in Data
    Cleaning", 2006.

    Args:
        ordered: The distinct words, in an order that is the same for all quotations.

    >>> prefix_words(["alpha", "beta", "delta", "gamma", "zeta"])
    ['alpha', 'beta']
    """
    return ordered[: len(ordered) - ceil(MIN_SHARED_QUOTATION_WORDS * len(ordered)) + 1]


@lru_cache(1 << 12)
def quotation_words(value: str) -> frozenset[str]:
    """Return the distinct words of the value of a quotation.

    >>> sorted(quotation_words("plus que jamais"))
    ['jamais', 'plus', 'que']
    """
    return frozenset(value.split(" "))
