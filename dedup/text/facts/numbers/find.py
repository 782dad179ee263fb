"""The numbers of a text, in a normal form, with what they count."""
# ruff: noqa: RUF001, RUF002 - signs that look alike are the point

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from dedup.text.facts.dates.find import same_date
from dedup.text.facts.numbers.amounts import Amount, amounts
from dedup.text.facts.numbers.counted import behind, noun, qualifier
from dedup.text.facts.numbers.figures import DASHES, SPACES, folded, plain
from dedup.text.facts.numbers.units import CURRENCIES, NORMAL
from dedup.text.language import language_data
from dedup.text.spans import Fact

# Addresses, telephone numbers, citations: their digits count nothing.
_ADDRESS = re.compile(
    r"https?://\S+|\bwww\.\S+|(?<=\w)\.[a-z]{2,6}/\S+|@\S+"
    r"|\+(?!\d{1,3}(?:[ .,]\d{3})*(?![ .,-]?\d))\d[\d ().-]{7,24}\d|(?<![\d.,])0\d(?:[ .]\d\d){3,4}(?!\d)"
    r"|(?<![\d.,])\d\d([ .-])\d\d(?:\1\d\d){2,}(?!\d)|(?:\b1[ .-])?\(?\b\d{3}\)?[ .-]\d{3}-\d{4}\b|\[\d{1,3}\]|\(\d\)"
)
_MAIL = re.compile(r"[\w.+-]{1,64}(?=@)")
# Between the two ends of a range at most so many characters.
_FAR = 16
_DASH = re.compile(rf"(?:[{DASHES}]|[{SPACES}][{DASHES}][{SPACES}])")


def numbers(text: str, language: str, taken: Sequence[Fact] = ()) -> list[Fact]:
    """Find the numbers of a text.

    The span holds the figures or words, a multiplier and a unit, neither the noun nor the qualifier. Percent signs,
    currencies and measures become units in a normal form. The ends of a range make one fact, "8–13". Identifiers,
    addresses, times of day and the numbers of list items are none; nor are number words up to twelve that count
    nothing, or with a capital inside a sentence. For what "1.500" means, see `dedup.text.facts.numbers.figures.figure`.

    Args:
        text: Any text.
        language: ISO 639-1 code.
        taken: Facts by start that numbers do not overlap: the dates of the text.

    Returns:
        Facts of the kind "number", by start; none overlap.

    >>> [fact] = numbers("jusqu’à 25 000 travailleurs nord-coréens", "fr")
    >>> fact.value, fact.noun, fact.qualifier
    ('25000', 'travailleurs', 'up to')
    >>> [(fact.value, fact.noun) for fact in numbers("from 8 to 13 pct, or $1.5 million", "en")]
    [('8–13', '%'), ('1500000', 'USD')]
    """
    shown = _hide(text, taken)
    facts = []
    for amount in _join(shown, amounts(shown, language), language):
        value = plain(amount.value) if amount.most is None else f"{plain(amount.value)}–{plain(amount.most)}"
        counts = amount.unit
        if not counts and not amount.label:
            many = amount.qualifier != "ordinal" and (not 0 < amount.value < 2 or amount.most is not None)
            counts = noun(shown, amount.end, amount.words, language, many)
        meant = amount.qualifier or qualifier(shown, amount.start, language)
        if counts or not amount.small or meant not in ("", "ordinal"):
            facts.append(Fact("number", amount.start, amount.end, value, counts, meant))
    return facts


def same_value(left: Fact, right: Fact) -> bool:
    """Tell whether two numbers, or two dates, are the same.

    Numbers are if their values are equal, both are ordinals or neither, and they have no two different units. What they
    count is left aside where it is no unit: "25 000 ouvriers" are as many as "25 000 travailleurs". For dates see
    `dedup.text.facts.dates.find.same_date`; other facts are the same if their values are.

    Args:
        left: A fact.
        right: Another.

    >>> [percent], [men] = numbers("50 %", "fr"), numbers("50 hommes", "fr")
    >>> same_value(percent, men), same_value(percent, percent)
    (False, True)
    """
    if left.kind != right.kind:
        return False
    if left.kind == "date":
        return same_date(left, right)
    if left.value != right.value or (left.qualifier == "ordinal") != (right.qualifier == "ordinal"):
        return False
    measured = left.noun in NORMAL or right.noun in NORMAL
    return not measured or left.noun == right.noun or not (left.noun and right.noun)


def _hide(text: str, taken: Sequence[Fact]) -> str:
    """Put signs that mean nothing in the place of what is taken, and of addresses."""
    pieces, at = [], 0
    for fact in taken:
        pieces += [text[at : fact.start], "\0" * (fact.end - max(at, fact.start))]
        at = max(at, fact.end)
    shown = "".join([*pieces, text[at:]])
    for pattern in (_MAIL, _ADDRESS) if "@" in shown else (_ADDRESS,):
        shown = pattern.sub(lambda match: "\0" * len(match[0]), shown)
    return shown


class _Joins(NamedTuple):
    """What a language puts between and before the ends of a range, folded."""

    alone: frozenset[str]
    """Between them, with nothing before."""
    around: frozenset[tuple[str, str]]
    """Before the first and between them."""
    either: frozenset[str]
    """Between two numbers of which one is meant."""


@cache
def _joins(language: str) -> _Joins:
    data = language_data(language).get("numbers", {})
    around = frozenset((folded(before), folded(between)) for before, between in data.get("between", ()))
    alone, either = (frozenset(map(folded, data.get(name, ()))) for name in ("joins", "either"))
    return _Joins(alone, around, either)


def _join(text: str, found: list[Amount], language: str) -> list[Amount]:
    """Join the ends of ranges, and the parts of sums: "8 à 13", "1 milliard 200 millions"."""
    joined: list[Amount] = []
    for amount in found:
        last = joined[-1] if joined else None
        whole = _range(text, last, amount, language) or _sum(text, last, amount) if last else None
        if whole:
            joined[-1] = whole
        else:
            joined.append(amount)
    return joined


def _range(text: str, left: Amount, right: Amount, language: str) -> Amount | None:
    """Make one of the two ends of a range: ascending, with one unit, and joined by a dash or by such words."""
    gap = text[left.end : right.start]
    if gap.isspace() or len(gap) > _FAR or gap.count("\n") > 1:
        return None
    if left.qualifier or right.qualifier or left.label or left.most is not None:
        return None
    least = left.value
    if left.scale == 1 < right.scale and least < right.value / right.scale:
        least *= right.scale  # "2 to 3 million"
    if not _is_join(text, left, right, right.value - least <= right.scale, language):
        return None
    units = {left.unit, right.unit} - {""}
    shared = len(units) <= 1 and (left.unit in ("", right.unit) or left.unit in CURRENCIES)
    if least >= right.value or not shared:
        return None
    return right._replace(start=left.start, value=least, most=right.value, unit="".join(units), small=False)


def _is_join(text: str, left: Amount, right: Amount, near: bool, language: str) -> bool:
    gap, joins = text[left.end : right.start], _joins(language)
    if _DASH.fullmatch(gap):
        return True
    between = folded(gap)
    if between in joins.alone or (near and between in joins.either):
        return True
    return any((word, between) in joins.around for word in behind(text, left.start, 1))


def _sum(text: str, left: Amount, right: Amount) -> Amount | None:
    """Make one of a number with a large multiplier and a smaller one right after it."""
    gap = text[left.end : right.start]
    apart = gap not in ("", " ", "\u00a0", "\u202f") or left.unit or left.most or left.scale < 1000 or right.qualifier
    if apart or right.value >= left.scale or right.start < left.end + 1:
        return None
    return right._replace(start=left.start, value=left.value + right.value, small=False)
