"""Parse figures and number words into exact values, and build the patterns that match them."""
# ruff: noqa: RUF001, RUF002 - look-alike punctuation and spaces are intended

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import takewhile
from operator import gt
from typing import NamedTuple

from dedup.text.tokens import fold

NUMBER_SPACES = " \u00a0\u2007\u2009\u202f"
"""Spaces that group digits, or separate a number from its unit or noun."""
DASH_RANGE = "-\u2010-\u2015"
"""Hyphens and dashes, as the content of a regular-expression character class."""
RANGE_DASH = re.compile(rf"[{NUMBER_SPACES}]?[{DASH_RANGE}][{NUMBER_SPACES}]?")
"""What joins the two ends of a range."""
MAX_RANGE_GAP = 16
"""Maximum number of code points between the two ends of a range."""
FIGURE_PATTERN = rf"(?:\d{{1,3}}(?:[{NUMBER_SPACES}]\d{{3}})+(?!\d)(?:[.,٫]\d+)?|\d+(?:[.,'’٫٬．，]\d+)*)"
"""Regular expression for digits with separators: grouped by spaces, or with other separators."""
VULGAR_FRACTIONS = "½¼¾⅓⅔⅛⅜⅝⅞"
"""Fractions that are a single character, as the content of a character class."""
MAX_DIGITS = 24
"""Maximum number of digits of a number; longer digit sequences are identifiers."""

# What a hyphen and a space in a word match.
_GAPS = {"-": rf"[{DASH_RANGE}{NUMBER_SPACES}]", " ": rf"[{NUMBER_SPACES}\n]"}
# With fewer forms the brackets would cost more than they save.
_MIN_FACTORED_FORMS = 6
_GROUPED = re.compile(rf"([1-9]\d{{0,2}}(?:([.,'{NUMBER_SPACES}])\d{{3}}(?:\2\d{{3}})*))(?:(?!\2)[.,](\d+))?")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.(\d+))?")
_DECIMAL = re.compile(r"(\d+)(?:[.,](\d+))?")
_ASCII_SEPARATORS = str.maketrans({"٫": ",", "٬": "'", "．": ".", "，": ",", "’": "'"})
_VULGAR_VALUES = dict(
    zip(VULGAR_FRACTIONS, ("1/2", "1/4", "3/4", "1/3", "2/3", "1/8", "3/8", "5/8", "7/8"), strict=True)
)


def parse_figure(written: str, decimal_mark: str = "", measured: bool = False) -> Fraction | None:
    """Parse digits with separators.

    A single separator followed by three digits, as in "1.500" or "1,500", groups thousands, unless the number begins
    with 0. There are two exceptions. In a language whose decimal mark is a point, a point is decimal unless "000"
    follows (English-language agencies write "6.125 pct"). Before a unit or a multiplier such as "million", the decimal
    mark of the language is decimal ("1,234 milliard").

    Args:
        written: Digits and separators.
        decimal_mark: The decimal mark of the language; empty if unknown.
        measured: Whether a unit or a multiplier follows.

    Returns:
        The value; None if the text is not a number, such as "1.2.3".

    >>> parse_figure("25 000"), parse_figure("1.234,5"), parse_figure("0,5")
    (Fraction(25000, 1), Fraction(2469, 2), Fraction(1, 2))
    >>> parse_figure("1.500"), parse_figure("6.125", "."), parse_figure("1.2.3")
    (Fraction(1500, 1), Fraction(49, 8), None)
    """
    if len(written) > 2 * MAX_DIGITS:
        return None
    if written.isdecimal():
        return None if _is_code(written) else _from_digits(written, None)
    ascii_form = written.translate(_ASCII_SEPARATORS)
    if not ascii_form.isascii():
        ascii_form = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in ascii_form)
    if grouped := _GROUPED.fullmatch(ascii_form):
        whole, separator, decimals = grouped.groups()
        single = separator in ".," and not decimals and whole.count(separator) == 1
        is_decimal = separator == decimal_mark and (measured or (decimal_mark == "." and not whole.endswith("000")))
        if not (single and is_decimal):
            return _from_digits("".join(filter(str.isdigit, whole)), decimals)
    if indian := _INDIAN.fullmatch(ascii_form):
        return _from_digits(ascii_form.partition(".")[0].replace(",", ""), indian[1])
    if (decimal := _DECIMAL.fullmatch(ascii_form)) and not _is_code(decimal[1]):
        return _from_digits(decimal[1], decimal[2])
    return None


def _is_code(whole: str) -> bool:
    """Return whether digits look like a code or a telephone number: "007", "0612345678"."""
    return whole.startswith("0") and len(whole) > 1


def _from_digits(whole: str, decimals: str | None) -> Fraction | None:
    decimals = decimals or ""
    if len(whole) + len(decimals) > MAX_DIGITS:
        return None
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def parse_mixed_fraction(figures: list[str]) -> Fraction | None:
    """Parse the figures of a fraction, "1/2", or of a mixed number, "17-1/2".

    Args:
        figures: Numerator and denominator, after the whole number if there is one.

    Returns:
        The value; None if the figures are not a proper fraction with a usual denominator.

    >>> parse_mixed_fraction(["17", "1", "2"]), parse_mixed_fraction(["9", "11"])
    (Fraction(35, 2), None)
    """
    if not all(len(part) <= 6 and part.isdecimal() for part in figures):
        return None
    whole, numerator, denominator = map(int, figures if len(figures) == 3 else ["0", *figures])
    if numerator >= denominator or denominator not in (2, 3, 4, 5, 8, 16, 32, 64):
        return None
    return whole + Fraction(numerator, denominator)


def parse_vulgar_fraction(char: str) -> Fraction:
    """Parse a single-character fraction; return 0 for any other text.

    >>> parse_vulgar_fraction("½"), parse_vulgar_fraction("")
    (Fraction(1, 2), Fraction(0, 1))
    """
    return Fraction(_VULGAR_VALUES.get(char, 0))


def format_number(value: Fraction) -> str:
    """Format a number in the normal form of facts.

    The decimal mark is a point. There are no thousands separators and no trailing zeros. A value without a finite
    decimal form is written as a mixed number: "7 1/3".

    >>> format_number(Fraction(25000)), format_number(Fraction(5, 2))
    ('25000', '2.5')
    >>> format_number(Fraction(-1, 8)), format_number(Fraction(22, 3))
    ('-0.125', '7 1/3')
    """
    if value < 0:
        return f"-{format_number(-value)}"
    if value.denominator == 1:
        return str(value.numerator)
    places, rest = 0, value.denominator
    while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
        places, rest = places + 1, rest // (10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2)
    if rest > 1:
        whole, numerator = divmod(value.numerator, value.denominator)
        return f"{whole} {numerator}/{value.denominator}" if whole else f"{numerator}/{value.denominator}"
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


class NumberWord(NamedTuple):
    """A number word, or figures, in a sequence that makes up a number."""

    value: Fraction
    multiplies: bool
    """Whether it multiplies the number before it, as "million" does."""
    end: int
    """Position after its last code point, or after its last word."""


class SpelledNumber(NamedTuple):
    """A number written in words."""

    value: Fraction
    scale: Fraction
    """The multiplier at its end, 1000 for "three thousand"; 1 if there is none."""
    end: int
    """The `end` of its last number word; 0 if there is no number."""


def combine_number_words(words: Iterable[NumberWord]) -> SpelledNumber:
    """Return the number that the first number words of a sequence form; a word that does not fit ends it.

    A multiplier applies to all smaller terms before it: "dos mil quinientos millones" is 2,500 million.

    >>> words = [NumberWord(Fraction(n), n in (100, 1000), end) for end, n in enumerate((2, 100, 25, 1000))]
    >>> combine_number_words(words)
    SpelledNumber(value=Fraction(225000, 1), scale=Fraction(1000, 1), end=3)
    """
    terms: list[Fraction] = []
    scale, end = Fraction(1), 0
    for word in words:
        value = word.value
        if word.multiplies:
            below = value if value >= 100 else Fraction(1000)  # "two dozen", "twenty dozen"
            smaller = list(takewhile(partial(gt, below), reversed(terms)))
            value *= sum(smaller) or 1
            if len(smaller) < len(terms) and not _can_follow(terms[-1 - len(smaller)], value):
                break
            del terms[len(terms) - len(smaller) :]
            scale = word.value if smaller else Fraction(1)
        else:
            if terms and not _can_follow(terms[-1], value):
                break
            scale = Fraction(1)
        terms.append(value)
        end = word.end
    return SpelledNumber(sum(terms, Fraction(0)), scale, end)


def _can_follow(term: Fraction, value: Fraction) -> bool:
    """Return whether a number can be added to the one before it: 5 to 20, but not 30 to 20."""
    return value < term and term % 10 ** len(str(int(value))) == 0


def spelling_variants(words: Iterable[str]) -> list[str]:
    """Return the spelling variants of words, longest first.

    The variants are: unchanged, with a capital, in capitals, with "е" for "ё", with the apostrophe U+02BC (which
    Unicode prefers in Ukrainian), and with decomposed accents.

    >>> spelling_variants(["deux"])
    ['DEUX', 'Deux', 'deux']
    """
    spelled = {form for word in words for form in (word, word.replace("ё", "е"))}
    spelled |= {re.sub("['’]", "ʼ", word) for word in spelled}
    forms = {form for word in spelled for form in (word, word[:1].upper() + word[1:], word.upper())}
    forms |= {unicodedata.normalize("NFD", form) for form in forms}
    return sorted(forms, key=lambda form: (-len(form), form))


def any_of_pattern(words: Iterable[str]) -> str:
    """Build a regular expression that matches any variant of any word; it never matches if there are no words.

    A hyphen in a word also matches other dashes and a space.

    >>> bool(re.fullmatch(any_of_pattern(["vingt-deux"]), "Vingt deux")), re.search(any_of_pattern([]), "")
    (True, None)
    """
    forms = spelling_variants(words)
    return _alternatives(forms, 0) if forms else "(?!)"


def _alternatives(forms: Sequence[str], start: int) -> str:
    """Build a regular expression that matches any of some forms from a position on, the longest first.

    A beginning of many forms is written once, since the time to compile a pattern grows with its length.

    Args:
        forms: Different words with the same beginning, longest first.
        start: Length of that beginning.
    """
    by_first: dict[str, list[str]] = {}
    for form in forms:
        by_first.setdefault(form[start : start + 1], []).append(form)
    # Two kinds of gaps can match the same space: only the list of all forms has the longest first.
    if len(forms) < _MIN_FACTORED_FORMS or sum(map(_GAPS.__contains__, by_first)) > 1:
        options = [_written(form[start:]) for form in forms]
    else:
        options = [_written(char) + _alternatives(group, start + 1) for char, group in by_first.items() if char]
        options += [""] if "" in by_first else []  # the shortest form
    return options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"


def _written(part: str) -> str:
    """Build a regular expression for a part of a word."""
    return re.sub(r"\\[- ]", lambda gap: _GAPS[gap[0][1]], re.escape(part))


def initials_pattern(words: Iterable[str]) -> str:
    """Build a character class of digits and of the characters that words can begin with.

    As a lookahead it rejects most positions before a long pattern is tried.

    >>> bool(re.match(initials_pattern(["deux"]), "Deux")), bool(re.match(initials_pattern(["deux"]), "trois"))
    (True, False)
    """
    return rf"[\d{re.escape(''.join(sorted({form[0] for form in spelling_variants(words)})))}]"


def key_by_form(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Invert a table of word lists: map the folded form of each word to its key.

    >>> key_by_form({"2": ["deux"], "%": ["pour cent"]})
    {'deux': '2', 'pour cent': '%'}
    """
    return {fold_phrase(word): key for key, words in table.items() for word in words}


def fold_phrase(phrase: str) -> str:
    """Fold the words of a phrase and join them by single spaces; apostrophes separate words.

    >>> fold_phrase("Jusqu’à  l'été"), fold_phrase("quatre-vingt")
    ('jusqu a l ete', 'quatre-vingt')
    """
    words = phrase.replace("’", " ").replace("'", " ").replace("ʼ", " ").split()
    return " ".join(map(fold, words))
