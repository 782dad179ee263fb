"""Find the numbers of a text, in a normal form, with the nouns they count."""
# ruff: noqa: RUF001, RUF002 - look-alike punctuation is intended

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from dedup.text.facts.numbers.amounts import Amount, amounts
from dedup.text.facts.numbers.context import counted_noun, qualifier, words_before
from dedup.text.facts.numbers.figures import DASH_RANGE, NUMBER_SPACES, fold_phrase, format_number
from dedup.text.facts.numbers.units import CURRENCIES, NORMAL_UNITS
from dedup.text.language import language_data
from dedup.text.spans import Fact

# The digits of URLs, telephone numbers and citation marks are not numbers.
_ADDRESS = re.compile(
    r"https?://\S+|\bwww\.\S+|(?<=\w)\.[a-z]{2,6}/\S+|@\S+"
    r"|\+(?!\d{1,3}(?:[ .,]\d{3})*(?![ .,-]?\d))\d[\d ().-]{7,24}\d|(?<![\d.,])0\d(?:[ .]\d\d){3,4}(?!\d)"
    r"|(?<![\d.,])\d\d([ .-])\d\d(?:\1\d\d){2,}(?!\d)|(?:\b1[ .-])?\(?\b\d{3}\)?[ .-]\d{3}-\d{4}\b|\[\d{1,3}\]|\(\d\)"
)
_EMAIL_USER = re.compile(r"[\w.+-]{1,64}(?=@)")
# Maximum number of code points between the two ends of a range.
_MAX_RANGE_GAP = 16
_DASH = re.compile(rf"(?:[{DASH_RANGE}]|[{NUMBER_SPACES}][{DASH_RANGE}][{NUMBER_SPACES}])")


def numbers(text: str, language: str, taken: Sequence[Fact] = ()) -> list[Fact]:
    """Find the numbers of a text.

    A span covers the figures or words, a multiplier and a unit, but not the noun or the qualifier. Percent signs,
    currencies and measures become units in a normal form. The two ends of a range make one fact, "8–13".

    Identifiers, addresses, times of day and the numbers of list items are not facts. Number words up to twelve are not
    facts if they count nothing, and neither are number words with a capital inside a sentence. For the value of
    "1.500", see `dedup.text.facts.numbers.figures.parse_figure`.

    Args:
        text: Any text.
        language: ISO 639-1 code.
        taken: Facts by start that numbers must not overlap: the dates of the text.

    Returns:
        Facts of the kind "number" by start, without overlaps.

    >>> [fact] = numbers("jusqu’à 25 000 travailleurs nord-coréens", "fr")
    >>> fact.value, fact.noun, fact.qualifier
    ('25000', 'travailleurs', 'up to')
    >>> [(fact.value, fact.noun) for fact in numbers("from 8 to 13 pct, or $1.5 million", "en")]
    [('8–13', '%'), ('1500000', 'USD')]
    """
    masked = _mask(text, taken)
    facts = []
    for amount in _join_amounts(masked, amounts(masked, language), language):
        value = format_number(amount.value)
        if amount.upper is not None:
            value = f"{value}–{format_number(amount.upper)}"
        noun = amount.unit
        if not noun and not amount.label:
            plural = amount.qualifier != "ordinal" and (not 0 < amount.value < 2 or amount.upper is not None)
            noun = counted_noun(masked, amount.end, amount.words, language, plural)
        meaning = amount.qualifier or qualifier(masked, amount.start, language)
        if noun or not amount.small or meaning not in ("", "ordinal"):
            facts.append(Fact("number", amount.start, amount.end, value, noun, meaning))
    return facts


def same_value(left: Fact, right: Fact) -> bool:
    """Return whether two numbers are the same.

    Their values must be equal, both or neither must be ordinals, and their units must not differ. A noun that is not a
    unit is ignored: "25 000 ouvriers" is the same as "25 000 travailleurs".

    Args:
        left: A number.
        right: Another number.

    >>> [percent], [men] = numbers("50 %", "fr"), numbers("50 hommes", "fr")
    >>> same_value(percent, men), same_value(percent, percent)
    (False, True)
    """
    if left.value != right.value or (left.qualifier == "ordinal") != (right.qualifier == "ordinal"):
        return False
    measured = left.noun in NORMAL_UNITS or right.noun in NORMAL_UNITS
    return not measured or left.noun == right.noun or not (left.noun and right.noun)


def _mask(text: str, taken: Sequence[Fact]) -> str:
    """Replace facts that are taken, and addresses, by NUL characters, so that offsets stay the same."""
    pieces, end = [], 0
    for fact in taken:
        pieces += [text[end : fact.start], "\0" * (fact.end - max(end, fact.start))]
        end = max(end, fact.end)
    masked = "".join([*pieces, text[end:]])
    for pattern in (_EMAIL_USER, _ADDRESS) if "@" in masked else (_ADDRESS,):
        masked = pattern.sub(lambda match: "\0" * len(match[0]), masked)
    return masked


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


def _join_amounts(text: str, found: list[Amount], language: str) -> list[Amount]:
    """Return the numbers with the ends of ranges and the parts of sums joined: "8 à 13", "1 milliard 200 millions"."""
    joined: list[Amount] = []
    for amount in found:
        last = joined[-1] if joined else None
        whole = _join_range(text, last, amount, language) or _join_sum(text, last, amount) if last else None
        if whole:
            joined[-1] = whole
        else:
            joined.append(amount)
    return joined


def _join_range(text: str, left: Amount, right: Amount, language: str) -> Amount | None:
    """Join the two ends of a range: ascending, with one unit, and with a dash or range words between them."""
    gap = text[left.end : right.start]
    if gap.isspace() or len(gap) > _MAX_RANGE_GAP or gap.count("\n") > 1:
        return None
    if left.qualifier or right.qualifier or left.label or left.upper is not None:
        return None
    lower = left.value
    if left.scale == 1 < right.scale and lower < right.value / right.scale:
        lower *= right.scale  # "2 to 3 million"
    if not _is_range(text, left, right, right.value - lower <= right.scale, language):
        return None
    units = {left.unit, right.unit} - {""}
    same_unit = len(units) <= 1 and (left.unit in ("", right.unit) or left.unit in CURRENCIES)
    if lower >= right.value or not same_unit:
        return None
    return right._replace(start=left.start, value=lower, upper=right.value, unit="".join(units), small=False)


def _is_range(text: str, left: Amount, right: Amount, consecutive: bool, language: str) -> bool:
    """Return whether a dash or range words join two numbers; `consecutive` numbers can also be alternatives."""
    gap, words = text[left.end : right.start], _range_words(language)
    if _DASH.fullmatch(gap):
        return True
    between = fold_phrase(gap)
    if between in words.joins or (consecutive and between in words.alternatives):
        return True
    return any((word, between) in words.pairs for word in words_before(text, left.start, 1))


def _join_sum(text: str, left: Amount, right: Amount) -> Amount | None:
    """Join a number that ends with a large multiplier and a smaller number right after it."""
    if text[left.end : right.start] not in (" ", "\u00a0", "\u202f"):
        return None
    if left.unit or left.upper or left.scale < 1000 or right.qualifier or right.value >= left.scale:
        return None
    return right._replace(start=left.start, value=left.value + right.value, small=False)
