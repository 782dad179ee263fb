"""Join amounts that make up one: the ends of ranges, the parts of sums, and dollars and cents."""
# ruff: noqa: RUF001 - look-alike letters are intended

from functools import cache
from typing import NamedTuple

from dedup.text.facts.numbers.amounts import Amount
from dedup.text.facts.numbers.context import grammar, words_before
from dedup.text.facts.numbers.figures import MAX_RANGE_GAP, RANGE_DASH, fold_phrase
from dedup.text.facts.numbers.symbols import CURRENCIES, MINOR_UNITS
from dedup.text.language import language_data

# Between the parts of a sum of money: "20 dollars and 43 cents".
_BETWEEN_PARTS = frozenset(("", "and", "et", "y", "con", "und", "и", "і", "та"))


class _RangeWords(NamedTuple):
    """The words that mark ranges in a language, folded."""

    joins: frozenset[str]
    """Words between the ends, sufficient alone."""
    pairs: frozenset[tuple[str, str]]
    """Pairs of a word before the first end and a word between the ends."""
    alternatives: frozenset[str]
    """Words between two consecutive numbers: "two or three"."""


@cache
def _range_words(language: str) -> _RangeWords:
    """Read the range words of a language from its data file; a language without a data file has none."""
    data = language_data(language).get("numbers", {})
    pairs = frozenset((fold_phrase(before), fold_phrase(between)) for before, between in data.get("between", ()))
    joins, alternatives = (frozenset(map(fold_phrase, data.get(name, ()))) for name in ("joins", "either"))
    return _RangeWords(joins, pairs, alternatives)


def join_amounts(text: str, found: list[Amount], language: str) -> list[Amount]:
    """Return the numbers with the ends of ranges and the parts of sums joined: "8 à 13", "1 milliard 200 millions"."""
    joined: list[Amount] = []
    for amount in found:
        last = joined[-1] if joined else None
        if last and (
            whole := _join_range(text, last, amount, language)
            or _join_sum(text, last, amount, language)
            or _join_parts(text, last, amount)
        ):
            joined[-1] = whole
        else:
            joined.append(amount)
    return joined


def _join_range(text: str, left: Amount, right: Amount, language: str) -> Amount | None:
    """Join the two ends of a range: ascending, with one unit, and with a dash or range words between them."""
    gap = text[left.end : right.start]
    if gap.isspace() or len(gap) > MAX_RANGE_GAP or gap.count("\n") > 1:
        return None
    if left.qualifier or right.qualifier or left.label or left.upper is not None:
        return None
    lower, upper = left.value, right.value
    if left.scale == 1 < right.scale and lower < right.value / right.scale:
        lower *= right.scale  # "2 to 3 million"
    if not _is_range(text, left, right, right.value - lower <= right.scale, language):
        return None
    if right.unit[:1] == "°" and upper < 0 < lower and text[right.start].isdigit():  # "10 to 15 degrees below zero"
        lower = -lower
    if lower < 0 and upper < 0:
        lower, upper = sorted((lower, upper))
    units = {left.unit, right.unit} - {""}
    if units == {"°", right.unit} and right.unit in ("°C", "°F"):
        units = {right.unit}
    same_unit = len(units) <= 1 and (left.unit in ("", "°", right.unit) or left.unit in CURRENCIES)
    if lower >= upper or not same_unit:
        return None
    return right._replace(start=left.start, value=lower, upper=upper, unit="".join(units), small=False)


def _is_range(text: str, left: Amount, right: Amount, consecutive: bool, language: str) -> bool:
    """Return whether a dash or range words join two numbers; `consecutive` numbers can also be alternatives."""
    gap, words = text[left.end : right.start], _range_words(language)
    if RANGE_DASH.fullmatch(gap.replace("~", "")):
        return True
    pieces = fold_phrase(gap.removeprefix("-")).split()  # "8- to 16-metre"
    while len(pieces) > 1 and grammar(language).qualifiers.get(pieces[-1]) == "about":  # "between 5 and about 8"
        pieces.pop()
    between = " ".join(pieces)
    # "It rose 5 dollars to 20" is not a range, but "$5 to 20" is.
    has_unit = left.unit != "" and not right.unit and not text[left.end - 1].isdigit()
    if between in words.joins and not has_unit:
        return True
    if consecutive and between in words.alternatives:
        return True
    return any((word, between) in words.pairs for word in words_before(text, left.start, 1))


def _join_sum(text: str, left: Amount, right: Amount, language: str) -> Amount | None:
    """Join a number that ends with a large multiplier and the number right after it.

    A smaller number is added ("1 milliard 200 millions"); a larger multiplier applies to both ("2 mil 500 millones").
    """
    gap = text[left.end : right.start]
    # In English a comma can separate number words: "six thousand, nine hundred". Below 100 it is a list.
    in_words = gap == ", " and language == "en" and text[left.start].isalpha() and text[right.start].isalpha()
    if gap not in (" ", "\u00a0", "\u202f") and not (in_words and right.value >= 100):
        return None
    if left.unit or left.upper or right.upper or right.qualifier:
        return None
    is_mixed = "/" in text[right.start : right.end] and right.value < 1 <= left.value and right.unit != ""
    if is_mixed and left.value.denominator == left.scale == 1:  # "5 1/2 miles"
        return right._replace(start=left.start, value=left.value + right.value)
    if left.scale < 1000:
        return None
    value = left.value + right.value
    if right.value >= left.scale:
        if right.scale <= left.scale or right.value >= left.scale * right.scale:
            return None
        value = left.value * right.scale + right.value
    return right._replace(start=left.start, value=value, small=False)


def _join_parts(text: str, left: Amount, right: Amount) -> Amount | None:
    """Join a sum of money and its cents: "20 dollars and 43 cents"."""
    if left.unit not in CURRENCIES or right.unit not in MINOR_UNITS or left.upper or right.upper:
        return None
    if left.value.denominator > 1 or not 0 < right.value < MINOR_UNITS[right.unit]:
        return None
    if fold_phrase(text[left.end : right.start]) not in _BETWEEN_PARTS:
        return None
    return left._replace(end=right.end, value=left.value + right.value / MINOR_UNITS[right.unit])
