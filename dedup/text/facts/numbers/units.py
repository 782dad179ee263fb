"""Find the units of numbers: measures and percents after a number, currencies on either side."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dedup.text.facts.numbers.context import (
    HYPHENATED_WORD,
    SPACED_LETTER,
    FollowingWord,
    NumberGrammar,
    grammar,
    words_after,
    words_before,
)
from dedup.text.facts.numbers.figures import NUMBER_SPACES
from dedup.text.facts.numbers.symbols import (
    ABBREVIATIONS,
    CLEAR_CODES,
    CURRENCIES,
    CURRENCY_SIGNS,
    DOLLARS,
    MEASURES,
    PERCENTS,
    SPELLINGS,
    TEMPERATURES,
    WORD_SYMBOLS,
)
from dedup.text.tokens import fold


def _any_of(symbols: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, symbols), key=len, reverse=True))


_SYMBOLS = (
    dict(zip(MEASURES, MEASURES, strict=True))
    | SPELLINGS
    | ABBREVIATIONS
    | dict(zip(CLEAR_CODES, CLEAR_CODES, strict=True))
)
_SIGN_AFTER = re.compile(
    rf"[{NUMBER_SPACES}]?(?:([{''.join(PERCENTS)}])|°(?:[{NUMBER_SPACES}]?({SPACED_LETTER}{{1,12}})(?!\w))?"
    rf"|(?:({_any_of(DOLLARS)})(?=\$))?([{''.join(CURRENCY_SIGNS)}]))"
)
_SYMBOL_AFTER = re.compile(rf"[{NUMBER_SPACES}-]?([^\W\d_][\w/^·⋅*]*+)(?!['’])(?!-(?!\d))")  # noqa: RUF001
# A unit with an abbreviation before it: "sq. mi", "кв. км".
_ABBREVIATED = re.compile(rf"[{NUMBER_SPACES}]?(sq|cu|кв|куб)\.[{NUMBER_SPACES}]?({SPACED_LETTER}{{1,15}})(?!\w)")
_ATTACHED_WORD = re.compile(rf"({SPACED_LETTER}{{1,20}})(?![\w'’])")  # noqa: RUF001
_SIGN_BEFORE = re.compile(
    rf"(?:(?<![^\W\d_])({_any_of(DOLLARS)}) ?(?=\$))?([{''.join(CURRENCY_SIGNS)}])[{NUMBER_SPACES}]?\Z"
)
_CODE_BEFORE = re.compile(rf"(?<![^\W_])({_any_of([*CLEAR_CODES, *ABBREVIATIONS])})[{NUMBER_SPACES}]?\Z")
# Maximum number of code points before a number that the last two patterns match.
_MAX_BEFORE = 8
_AMERICAN = re.compile(rf"[{NUMBER_SPACES}]U\.S\.(?=[{NUMBER_SPACES}\n])")
_SENTENCE_END = re.compile(r"[.!?;\n]")
# Distance from a number, in code points, of the words that distinguish pounds of money from pounds of weight.
_MAX_CUE_DISTANCE = 60


class UnitAfter(NamedTuple):
    """A unit after a number."""

    name: str
    """The unit in its normal form."""
    end: int
    """Offset after the last code point."""


class CurrencyBefore(NamedTuple):
    """A currency before a number."""

    name: str
    """ISO 4217 code."""
    start: int
    """Offset of the first code point."""


def unit_after(text: str, end: int, words: Sequence[FollowingWord], language: str) -> UnitAfter | None:
    """Find the unit after a number.

    Args:
        text: Any text.
        end: Offset after the number.
        words: The words after the number.
        language: ISO 639-1 code.

    Returns:
        The unit; None if there is none.

    >>> text = "5 millions de dollars"
    >>> unit_after(text, 10, words_after(text, 10), "fr"), unit_after("170-mm", 3, [], "en")
    (UnitAfter(name='USD', end=21), UnitAfter(name='mm', end=6))
    """
    if sign := _SIGN_AFTER.match(text, end):
        return _read_sign(sign)
    rules = grammar(language)
    symbol = _SYMBOL_AFTER.match(text, end)
    if symbol and (name := _SYMBOLS.get(symbol[1])) and _is_symbol(text, end, symbol, rules):
        return UnitAfter(name, symbol.end())
    if found := _named_unit(text, end, words, rules):
        return found
    if short := _ABBREVIATED.match(text, end):
        name = rules.units.get(f"{short[1]} {fold(short[2])}")
        return UnitAfter(name, short.end()) if name else None
    if linked := HYPHENATED_WORD.match(text, end) or _ATTACHED_WORD.match(text, end):
        return UnitAfter(name, linked.end()) if (name := rules.units.get(fold(linked[1]))) else None
    return None


def _read_sign(sign: re.Match[str]) -> UnitAfter:
    """Return the unit of a sign: a percent or degree sign, with the scale of temperature, or a currency."""
    percent, scale, dollar, currency = sign.groups()
    if percent:
        return UnitAfter(PERCENTS[percent], sign.end())
    if currency:
        return UnitAfter(DOLLARS[dollar] if dollar else CURRENCY_SIGNS[currency], sign.end())
    if temperature := scale and TEMPERATURES.get(fold(scale)):
        return UnitAfter(temperature, sign.end())
    return UnitAfter("°", sign.start() + sign[0].index("°") + 1)


def _is_symbol(text: str, end: int, symbol: re.Match[str], rules: NumberGrammar) -> bool:
    """Return whether a symbol after a number is neither a word ("5 in all") nor an initial ("5 W Main Street")."""
    written = symbol[1]
    if symbol.start(1) == end:
        return True
    if len(written) == 1 and written.isupper() and not rules.noun_capitals:
        return not text[symbol.end() + 1 : symbol.end() + 2].isupper()
    return written not in WORD_SYMBOLS or written not in rules.stops


def _named_unit(text: str, end: int, words: Sequence[FollowingWord], rules: NumberGrammar) -> UnitAfter | None:
    """Find a unit in words: "kilomètres carrés", "of U.S. dollars"."""
    if text[end + 1 : end + 2] == "U" and (american := _AMERICAN.match(text, end)):
        words = words_after(text, american.end())
    first = 1 if words and words[0].form in rules.links else 0
    if len(words) <= first or words[first].form not in rules.unit_beginnings:
        return None
    for count in range(min(rules.unit_words, len(words) - first), 0, -1):
        phrase = words[first : first + count]
        name = rules.units.get(" ".join(word.form for word in phrase))
        if name and not (first and name == "%"):  # "due 2002 of PC Acquisition"
            return UnitAfter(name, phrase[-1].end)
    return None


def pounds_after(text: str, start: int, words: Sequence[FollowingWord], rules: NumberGrammar) -> UnitAfter | None:
    """Distinguish pounds of money from pounds of weight, by the counted noun or nearby words: "paid ten pounds".

    Args:
        text: Any text.
        start: Offset of the number.
        words: The words after the number.
        rules: The grammar of the language.

    Returns:
        The unit; None if the next word is not "pounds", or nothing decides.
    """
    if not words or words[0].form not in rules.pounds:
        return None
    end = words[0].end
    if len(words) > 1 and words[1].form in rules.links and rules.weighs_pounds:
        return UnitAfter("lb", end)
    before = _SENTENCE_END.split(text[max(0, start - _MAX_CUE_DISTANCE) : start])[-1]
    after = _SENTENCE_END.split(text[end : end + _MAX_CUE_DISTANCE])[0]
    nearby = [fold(word) for word in (*before.split(), *after.split())]
    is_money, is_weight = (
        any(word.startswith(cues) for word in nearby) for cues in (rules.money_cues, rules.weight_cues)
    )
    if is_money == is_weight or (is_weight and not rules.weighs_pounds):
        return None
    return UnitAfter("GBP" if is_money else "lb", end)


def named_currency_before(text: str, start: int, words: Sequence[FollowingWord], rules: NumberGrammar) -> str:
    """Return the currency whose name precedes figures, "paid ringgit 42"; empty if there is none.

    Args:
        text: Any text.
        start: Offset of the first code point of the figures.
        words: The words after the figures. What they count is not money, as in "the price in euros 20 years ago".
        rules: The grammar of the language.
    """
    before = words_before(text, start, 3)
    if not before or before[-1] not in rules.currency_ends or (words and words[0].form not in rules.stops):
        return ""
    for count in range(1, len(before) + 1):
        unit = rules.units.get(" ".join(before[-count:]), "")
        rest = before[:-count]
        # After a function word the name is part of another phrase: "against the dollar 150".
        if unit in CURRENCIES and not (rest and (rest[-1] in rules.stops or not rest[-1].isalpha())):
            return unit
    return ""


def currency_before(text: str, start: int) -> CurrencyBefore | None:
    """Find the currency before a number.

    Args:
        text: Any text.
        start: Offset of the first code point of the number.

    Returns:
        The currency; None if there is none.

    >>> currency_before("for US$5", 7), currency_before("EUR 5", 4)
    (CurrencyBefore(name='USD', start=4), CurrencyBefore(name='EUR', start=0))
    >>> currency_before("A$5", 2)
    CurrencyBefore(name='AUD', start=0)
    """
    near = text[max(0, start - 2) : start].strip()[-1:]
    if not near or near.isdigit() or (near.islower() and near not in "słč"):
        return None
    first = max(0, start - _MAX_BEFORE)
    if near in CURRENCY_SIGNS:
        if sign := _SIGN_BEFORE.search(text, first, start):
            return CurrencyBefore(DOLLARS[sign[1]] if sign[1] else CURRENCY_SIGNS[sign[2]], sign.start())
    elif code := _CODE_BEFORE.search(text, first, start):
        return CurrencyBefore(ABBREVIATIONS.get(code[1], code[1]), code.start())
    return None
