"""Figures and number words: how they are written, and what they are worth, exactly."""
# ruff: noqa: RUF001, RUF002 - signs that look alike are the point

import re
import unicodedata
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from dedup.text.tokens import fold

SPACES = " \u00a0\u2007\u2009\u202f"
"""Those that group digits, or stand between a number and its noun."""
DASHES = "-\u2010-\u2015"
"""For a class of characters: hyphens and dashes."""
FIGURE = rf"(?:\d{{1,3}}(?:[{SPACES}]\d{{3}})+(?!\d)(?:[.,٫]\d+)?|\d+(?:[.,'’٫٬．，]\d+)*)"
"""A pattern for digits with separators, grouped by spaces or otherwise."""

# Longer ones are identifiers.
MOST_DIGITS = 24
_GROUPED = re.compile(rf"([1-9]\d{{0,2}}(?:([.,'{SPACES}])\d{{3}}(?:\2\d{{3}})*))(?:(?!\2)[.,](\d+))?")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.(\d+))?")
_DECIMAL = re.compile(r"(\d+)(?:[.,](\d+))?")
_SAME = str.maketrans({"٫": ",", "٬": "'", "．": ".", "，": ",", "’": "'"})
VULGAR = "½¼¾⅓⅔⅛⅜⅝⅞"
"""Fractions that are one character, for a class of characters."""
_FRACTIONS = dict(zip(VULGAR, ("1/2", "1/4", "3/4", "1/3", "2/3", "1/8", "3/8", "5/8", "7/8"), strict=True))


def figure(written: str, point: str = "", measured: bool = False) -> Fraction | None:
    """Read digits with separators.

    Where three digits follow the only separator, "1.500" or "1,500", that groups thousands, unless the number begins
    with 0. Two exceptions: a point in a language that writes decimals so, save before "000" (English banks lend at
    "6.125 pct"); and the decimal mark of any language where a unit or "million" follows ("1,234 milliard").

    Args:
        written: Digits and separators.
        point: The decimal mark of the language, if known.
        measured: Whether a unit or a multiplier follows.

    Returns:
        The value; None for what is no number, such as "1.2.3".

    >>> figure("25 000"), figure("1.234,5"), figure("0,5"), figure("1.500"), figure("6.125", "."), figure("1.2.3")
    (Fraction(25000, 1), Fraction(2469, 2), Fraction(1, 2), Fraction(1500, 1), Fraction(49, 8), None)
    """
    if len(written) > 2 * MOST_DIGITS:
        return None
    if written.isdecimal():
        return None if _coded(written) else _number(written, None)
    plain = written.translate(_SAME)
    if not plain.isascii():
        plain = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in plain)
    if grouped := _GROUPED.fullmatch(plain):
        whole, mark, rest = grouped.groups()
        alone = mark in ".," and not rest and whole.count(mark) == 1
        native = mark == point and (measured or (point == "." and not whole.endswith("000")))
        if not (alone and native):
            return _number("".join(filter(str.isdigit, whole)), rest)
    if indian := _INDIAN.fullmatch(plain):
        return _number(plain.partition(".")[0].replace(",", ""), indian[1])
    if (decimal := _DECIMAL.fullmatch(plain)) and not _coded(decimal[1]):
        return _number(decimal[1], decimal[2])
    return None


def _coded(whole: str) -> bool:
    """Tell what looks like a code or a telephone number: "007", "0612345678"."""
    return whole.startswith("0") and len(whole) > 1


def _number(whole: str, rest: str | None) -> Fraction | None:
    rest = rest or ""
    if len(whole) + len(rest) > MOST_DIGITS:
        return None
    return Fraction(int(whole + rest), 10 ** len(rest))


def mixed(figures: list[str]) -> Fraction | None:
    """Read a fraction, "1/2", or one with a whole before it, "17-1/2".

    >>> mixed(["17", "1", "2"]), mixed(["9", "11"])
    (Fraction(35, 2), None)
    """
    if not all(len(part) <= 6 and part.isdecimal() for part in figures):
        return None
    whole, over, under = [int(part) for part in figures][-3:] if len(figures) == 3 else (0, *map(int, figures))
    if over >= under or under not in (2, 3, 4, 5, 8, 16, 32, 64):
        return None
    return whole + Fraction(over, under)


def vulgar(sign: str) -> Fraction:
    """Read a fraction that is one character; nothing is worth 0.

    >>> vulgar("½"), vulgar("")
    (Fraction(1, 2), Fraction(0, 1))
    """
    return Fraction(_FRACTIONS.get(sign, 0))


def plain(value: Fraction) -> str:
    """Write a number with a decimal point, without groups and without zeros at the end; "7 1/3" where that is endless.

    >>> plain(Fraction(25000)), plain(Fraction(5, 2)), plain(Fraction(-1, 8)), plain(Fraction(22, 3))
    ('25000', '2.5', '-0.125', '7 1/3')
    """
    if value < 0:
        return f"-{plain(-value)}"
    if value.denominator == 1:
        return str(value.numerator)
    places, rest = 0, value.denominator
    while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
        places, rest = places + 1, rest // (10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2)
    if rest > 1:
        whole, over = divmod(value.numerator, value.denominator)
        return f"{whole} {over}/{value.denominator}" if whole else f"{over}/{value.denominator}"
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


class Part(NamedTuple):
    """A number word in its place."""

    value: Fraction
    multiplies: bool
    """Whether it multiplies what stands before it, as "million" does."""
    end: int
    """One past its last code point."""


class Spelled(NamedTuple):
    """A number in words."""

    value: Fraction
    scale: Fraction
    """The multiplier it ends with: 1000 for "three thousand"; 1 if with none."""
    end: int
    """One past its last code point."""


def spelled(parts: Iterable[Part]) -> Spelled:
    """Add and multiply number words, as far as they make one number.

    >>> spelled([Part(Fraction(n), n in (100, 1000), at) for at, n in enumerate((2, 100, 25, 1000))])
    Spelled(value=Fraction(225000, 1), scale=Fraction(1000, 1), end=3)
    """
    total, current, scale, end = Fraction(0), Fraction(0), Fraction(1), 0
    for part in parts:
        if not part.multiplies:
            if not _fits(current, part.value) or part.value > total > 0:
                break
            current, scale = current + part.value, Fraction(1)
        elif part.value == 100:
            if current >= 100:
                break
            current = 100 * (current or Fraction(1))
        elif total and not current:  # "mille milliards"
            if part.value <= scale:
                break
            total, scale = total * part.value, part.value
        else:
            scale = part.value if current else Fraction(1)
            total, current = total + (current or 1) * part.value, Fraction(0)
        end = part.end
    return Spelled(total + current, scale, end)


def _fits(current: Fraction, value: Fraction) -> bool:
    """Tell whether a word may follow: "twenty" takes "five", not "thirty"."""
    return not current or (value < current and current % 10 ** len(str(int(value))) == 0)


def variants(words: Iterable[str]) -> list[str]:
    """Give the ways words are written: in capitals, with a capital, with accents as marks of their own; longest first.

    A hyphen in a word may also be a space.
    """
    spelled = {form for word in words for form in (word, word.replace("ё", "е"))}
    forms = {form for word in spelled for form in (word, word[:1].upper() + word[1:], word.upper())}
    forms |= {unicodedata.normalize("NFD", form) for form in forms}
    return sorted(forms, key=lambda form: (-len(form), form))


def either(words: Iterable[str]) -> str:
    """Make a pattern for any of some words in their variants; one that never matches if there are none.

    >>> bool(re.fullmatch(either(["vingt-deux"]), "Vingt deux")), re.search(either([]), "")
    (True, None)
    """
    gaps = {r"\-": rf"[{DASHES}{SPACES}]", r"\ ": rf"[{SPACES}\n]"}
    options = [re.sub(r"\\[- ]", lambda gap: gaps[gap[0]], re.escape(form)) for form in variants(words)]
    return f"(?:{'|'.join(options)})" if options else "(?!)"


def initials(words: Iterable[str]) -> str:
    """Make a class of the characters that words may begin with, and of digits; a quick look before a long pattern.

    >>> bool(re.match(initials(["deux"]), "Deux")), bool(re.match(initials(["deux"]), "trois"))
    (True, False)
    """
    return rf"[\d{re.escape(''.join(sorted({form[0] for form in variants(words)})))}]"


def by_form(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Turn a table of lists of words around: from each word's folded form to its key.

    >>> by_form({"2": ["deux"], "%": ["pour cent"]})
    {'deux': '2', 'pour cent': '%'}
    """
    return {folded(word): key for key, words in table.items() for word in words}


def folded(phrase: str) -> str:
    """Fold a phrase, with single spaces for what stands between its words.

    >>> folded("Jusqu’à  l'été"), folded("quatre-vingt")
    ('jusqu a l ete', 'quatre-vingt')
    """
    return " ".join(fold(word) for word in phrase.replace("’", " ").replace("'", " ").split())
