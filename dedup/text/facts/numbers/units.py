"""Find the units of numbers: measures and percents after a number, currencies on either side."""
# ruff: noqa: RUF001 - look-alike punctuation is intended

import re
from collections.abc import Sequence
from typing import NamedTuple

from dedup.text.facts.numbers.context import HYPHENATED_WORD, FollowingWord, grammar, words_after
from dedup.text.facts.numbers.figures import NUMBER_SPACES
from dedup.text.tokens import fold

UNIT_SYMBOLS = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "₽": "RUB",
    "₴": "UAH",
    "₹": "INR",
    "₩": "KRW",
    "₺": "TRY",
    "%": "%",
    "٪": "%",
    "％": "%",
    "‰": "‰",
    "°": "°",
    "km2": "km²",
    "m2": "m²",
    "m3": "m³",
    "kmh": "km/h",
}
"""Symbols and their normal forms; a symbol that is not listed is its own normal form."""
CURRENCIES = frozenset({"EUR", "USD", "GBP", "JPY", "RUB", "UAH", "INR", "KRW", "TRY", "CHF", "CNY"})
"""ISO 4217 codes of the currencies that are recognised."""

_LETTER_SYMBOLS = (
    *("km/h", "kmh", "km²", "km2", "m²", "m2", "m³", "m3", "mm", "cm", "km", "m", "kg", "mg", "g", "t", "l", "ha"),
    *("kWh", "MWh", "GWh", "TWh", "kW", "MW", "GW", "Hz", "kHz", "MHz", "GHz", "mph"),
    *("EUR", "USD", "GBP", "JPY", "RUB", "UAH", "CHF", "CNY"),
)
NORMAL_UNITS = frozenset(UNIT_SYMBOLS.values()) | frozenset(_LETTER_SYMBOLS) | {"°C", "°F"}
"""The units in their normal form."""
_SYMBOL_AFTER = re.compile(
    rf"[{NUMBER_SPACES}]?(?:([%٪％‰]|°[{NUMBER_SPACES}]?[CF]\b|°|[€$£¥₽₴₹₩₺])"
    rf"|-?({'|'.join(sorted(map(re.escape, _LETTER_SYMBOLS), key=len, reverse=True))})(?![\w'’-]))"
)
_SYMBOL_BEFORE = re.compile(rf"(?:(?<![^\W\d_])(A|AU|C|CA|HK|NZ|S|R|US|U\.S\.) ?)?([€$£¥₽₴₹₩₺])[{NUMBER_SPACES}]?\Z")
_CODE_BEFORE = re.compile(rf"(?<![^\W_])({'|'.join(sorted(CURRENCIES))})[{NUMBER_SPACES}]\Z")
_AMERICAN = re.compile(rf"[{NUMBER_SPACES}]U\.S\.(?=[{NUMBER_SPACES}\n])")


class UnitAfter(NamedTuple):
    """A unit after a number."""

    name: str
    """The unit in its normal form."""
    end: int
    """Offset after the last code point."""


class CurrencyBefore(NamedTuple):
    """A currency before a number."""

    name: str
    """ISO 4217 code, or the country letters with the symbol ("A$")."""
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
    if symbol := _SYMBOL_AFTER.match(text, end):
        written = symbol[1] or symbol[2]
        return UnitAfter(UNIT_SYMBOLS.get(written, written.replace(" ", "")), symbol.end())
    if american := text[end + 1 : end + 2] == "U" and _AMERICAN.match(text, end):
        end = american.end()
        words = words_after(text, end)
    rules = grammar(language)
    first = 1 if words and words[0].form in rules.links else 0
    for count in (3, 2, 1):
        phrase = words[first : first + count]
        if len(phrase) == count and (name := rules.units.get(" ".join(word.form for word in phrase))):
            return UnitAfter(name, phrase[-1].end)
    if linked := HYPHENATED_WORD.match(text, end):
        return UnitAfter(name, linked.end()) if (name := rules.units.get(fold(linked[1]))) else None
    return None


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
    CurrencyBefore(name='A$', start=0)
    """
    near = text[max(0, start - 2) : start].strip()[-1:]
    if not near or near.isdigit() or near.islower():
        return None
    if symbol := _SYMBOL_BEFORE.search(text, max(0, start - 8), start):
        country = symbol[1]
        name = UNIT_SYMBOLS[symbol[2]] if not country or country[0] == "U" else country + symbol[2]
        return CurrencyBefore(name, symbol.start())
    if code := _CODE_BEFORE.search(text, max(0, start - 5), start):
        return CurrencyBefore(code[1], code.start())
    return None
