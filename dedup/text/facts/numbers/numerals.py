"""Build the patterns and tables by which a language writes numbers, from its data file."""
# ruff: noqa: RUF001 - look-alike punctuation is intended

import re
from fractions import Fraction
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from dedup.text.facts.numbers.figures import (
    DASH_RANGE,
    FIGURE_PATTERN,
    NUMBER_SPACES,
    VULGAR_FRACTIONS,
    any_of_pattern,
    fold_phrase,
    initials_pattern,
    spelling_variants,
)
from dedup.text.facts.search import WordSearch, before_words
from dedup.text.language import language_data
from dedup.text.tokens import UNSPACED

MAX_MORE_WORDS = 24
"""Maximum number of number words after the first word of a number."""
NUMERAL_HYPHENS = "-‐‑"
"""Hyphens inside number words, also usable as the content of a character class."""
# The end of a currency's code or abbreviation right before figures: "EUR5", "Rs20".
_AFTER_CODE = r"(?:(?<=(?<![^\W_])[A-Z]{3})|(?<=(?<![^\W_])R[Ms]))"
# Figures after a word and a sign are part of an identifier, except in "Rs.5".
_NOT_INSIDE = rf"(?:(?<![^\W_][{NUMERAL_HYPHENS}./#])|(?<=Rs\.)|(?<=Fr\.))"
_ROLES = ("rough", "labels", "ordinal_point", "minus", "minus_terms", "minus_degrees", "zero")
_GAP = rf"(?:[{NUMERAL_HYPHENS}{NUMBER_SPACES}]|[ ]?\r?\n)"
# Multipliers of some languages that have no data file.
_OTHER_MULTIPLIERS = {
    "1000": ["tys", "tysiące", "tysięcy", "bin", "mila", "duizend", "mil", "tisíc", "ezer"],
    "1000000": ["mln", "milion", "miliony", "milionów", "milyon", "milione", "milioni", "miljoen", "milhão", "milhões"],
    "1000000000": ["mld", "miliard", "miliardy", "miliardów", "milyar", "miliardo", "miliardi", "miljard", "mrd"],
}


class NumberRules(NamedTuple):
    """The patterns and tables of numbers in a language."""

    amount: WordSearch
    """The beginning of a number. Groups: "figures" with "and" (a fraction after them), "vulgar", "ordinal", "words"."""
    item: re.Pattern[str]
    """One number word."""
    stem: re.Pattern[str]
    """A component of a compound number word, as in German."""
    values: dict[str, tuple[Fraction, bool]]
    """Folded number words, each with its value and whether it multiplies."""
    ordinals: dict[str, Fraction]
    """Folded ordinals, each with its value."""
    half: re.Pattern[str]
    """The phrase after a number that adds one half: "et demi"."""
    decimals: re.Pattern[str]
    """A decimal mark in words and the digits after it: "point five"."""
    below_zero: re.Pattern[str]
    """The phrase after degrees that makes them negative: "below zero"."""
    clock: re.Pattern[str]
    """The text after figures that makes them a time of day."""
    ending: re.Pattern[str]
    """The endings that make figures an ordinal: "3rd"."""
    words: dict[str, frozenset[str]]
    """Folded words by role: "rough", multipliers that mean "about"; "labels", words before a number that identifies
    something ("page 12"); "ordinal_point", words before figures that a point makes an ordinal ("zum 80. Jahrestag");
    "minus", with "minus_terms", which subtract after a noun, and "minus_degrees" before degrees only; "zero"; "people",
    words before which "m" is million."""
    signs: tuple[str, ...]
    """The words that can be a minus sign, in lower case."""
    decimal_mark: str
    """The decimal mark; empty if unknown."""
    noun_capitals: bool
    """Whether all nouns begin with a capital, so that a capital does not indicate a name."""


@cache
def number_rules(language: str) -> NumberRules:
    """Build the number rules of a language; without a data file they cover figures and a few multipliers.

    Args:
        language: ISO 639-1 code.

    >>> number_rules("fr").values["vingt"], number_rules("fr").decimal_mark
    ((Fraction(20, 1), False), ',')
    """
    data: dict[str, Any] = language_data(language).get("numbers", {"multipliers": _OTHER_MULTIPLIERS})
    words, scales, leads, ordinals = (data.get(name, {}) for name in ("words", "multipliers", "leads", "ordinal_words"))
    above_one = [word for key, found in words.items() if key != "1" for word in found] + data.get("alone", [])
    lead = rf"{_any_in(leads)}(?={_GAP}{_any_in(scales)}(?!\w))"
    joint = any_of_pattern([data["compound"]] if "compound" in data else [])
    ones = any_of_pattern(words.get("1", ()))
    stem = rf"(?:{any_of_pattern([*above_one, *words.get('1', ())])}|{joint})"
    compound = rf"(?!{joint}|{ones}(?!\w)){stem}+(?!\w)" if "compound" in data else "(?!)"
    item = rf"(?:{_any_in(words)}(?!\w)|{_any_in(scales)}(?!\w)|{compound})"
    point, digit = any_of_pattern(data.get("spoken_point", ())), [*data.get("zero", ()), *chain(*words.values())]
    unit_with_decimals = rf"{ones}(?={_GAP}{point}{_GAP}{any_of_pattern(digit)}(?!\w))"
    begin = rf"(?:{lead}|{unit_with_decimals}|{any_of_pattern(above_one)}(?!\w)|{compound})"
    connectors = any_of_pattern(data.get("connectors", ()))
    more = rf"(?:{_GAP}(?:{connectors}{_GAP})?{item}){{0,{MAX_MORE_WORDS}}}"
    endings = "|".join(map(re.escape, sorted(data.get("ordinals", ()), key=len, reverse=True)))
    tables = [(leads, False), (words, False), (scales, True)]
    spelled = [word for table in (words, scales, leads, ordinals) for found in table.values() for word in found]
    first = initials_pattern([*VULGAR_FRACTIONS, *spelled])
    return NumberRules(
        amount=WordSearch(
            re.compile(
                rf"(?:(?<![^\W{UNSPACED}])(?={first})|(?=\d){_AFTER_CODE}){_NOT_INSIDE}(?<!#)(?:"
                rf"(?P<figures>{FIGURE_PATTERN}(?:[{DASH_RANGE}:/]{FIGURE_PATTERN})*)(?P<and>[{VULGAR_FRACTIONS}]?)"
                rf"|(?P<vulgar>[{VULGAR_FRACTIONS}])"
                rf"|(?P<ordinal>{_any_in(ordinals)})(?!\w)|(?P<words>{begin}{more}))"
            ),
            before_words(spelling_variants(spelled), rf"\d{VULGAR_FRACTIONS}", "A-Zs"),
        ),
        item=re.compile(f"{lead}|{item}|{unit_with_decimals}"),
        stem=re.compile(stem),
        values={
            numeral_key(word): (Fraction(value), multiplies)
            for table, multiplies in tables
            for value, found in table.items()
            for word in found
        },
        ordinals={numeral_key(word): Fraction(value) for value, found in ordinals.items() for word in found},
        half=re.compile(rf"{_GAP}?{any_of_pattern(data.get('and_a_half', ()))}(?!\w)"),
        decimals=re.compile(rf"{_GAP}{point}((?:{_GAP}{any_of_pattern(digit)}(?!\w)){{1,6}})"),
        below_zero=re.compile(rf"{_GAP}{any_of_pattern(data.get('below_zero', ()))}(?!\w)"),
        clock=re.compile(
            rf"[{NUMBER_SPACES}]?(?:h[{NUMBER_SPACES}]?\d\d|{any_of_pattern(data.get('clock', ()))})(?!\w)"
        ),
        ending=re.compile(rf"(?:{endings or '(?!)'})(?!\w)"),
        words={name: frozenset(map(numeral_key, data.get(name, ()))) for name in _ROLES}
        | {"people": frozenset(map(numeral_key, data.get("people", {}).get("words", ())))},
        signs=tuple(word for name in _ROLES if name.startswith("minus") for word in data.get(name, ())),
        decimal_mark=data.get("point", ""),
        noun_capitals=data.get("nouns", {}).get("capital", False),
    )


def _any_in(table: dict[str, list[str]]) -> str:
    """Build a regular expression that matches any variant of any word in a table."""
    return any_of_pattern(word for found in table.values() for word in found)


def numeral_key(word: str) -> str:
    """Fold a number word, with a space for each hyphen.

    >>> numeral_key("Quatre-Vingts")
    'quatre vingts'
    """
    return fold_phrase(re.sub(rf"[{DASH_RANGE}]", " ", word))
