"""Build the patterns and tables by which a language writes dates, from its data file."""
# ruff: noqa: RUF001 - apostrophes are intended

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from dedup.text.facts.numbers.figures import (
    DASH_RANGE,
    NUMBER_SPACES,
    any_of_pattern,
    fold_phrase,
    initials_pattern,
    spelling_variants,
)
from dedup.text.facts.search import WordSearch, before_words
from dedup.text.language import language_data
from dedup.text.tokens import UNSPACED

_GAP = rf"(?:[{NUMBER_SPACES}]{{1,2}}|[ ]?\r?\n)"
_BEGIN = r"(?<![\w.,:/$€£¥#+])(?<![\W\dA-Z]-)"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?!\d)"
# "1930 GMT" is a time.
_YEAR = r"(?:1[5-9]\d\d|20\d\d|2100)(?!\w|[.,]\d| (?:hours )?GMT| UTC)"
_ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_NO_WORD = re.compile(r"[^\w.º°]+")
_WORD_LISTS = ("month_cues", "year_cues", "decade_cues", "day_cues", "joins", "of")


class Calendar(NamedTuple):
    """The patterns and tables of dates in a language."""

    language: str
    """ISO 639-1 code."""
    date: WordSearch
    """A possible date; the outermost group is named after the kind of date."""
    months: dict[str, int]
    """Folded names of months, each with its number."""
    abbreviations: frozenset[str]
    """The names of months that are abbreviations."""
    ambiguous: frozenset[str]
    """The names of months that are also other words, as "may"."""
    days: dict[str, int]
    """Folded words for days of a month, with spaces for hyphens, each with its number."""
    day_before: re.Pattern[str]
    """A word for a day, before a month; group "word"."""
    weekday_before: re.Pattern[str]
    """A weekday before a date."""
    parts: dict[str, str]
    """Folded names of quarters and halves of years, as "Q" and "H", and folded ordinals, as numbers."""
    words: dict[str, frozenset[str]]
    """Folded words by role: before months, years, decades and days ("month_cues", "year_cues", "decade_cues",
    "day_cues"), between the ends of a range ("joins"), and between day and month ("of")."""
    range_pairs: frozenset[tuple[str, str]]
    """Pairs of folded words: before the first end of a range, and between the ends."""
    month_capitals: bool
    """Whether months have a capital inside a sentence."""
    month_first: bool
    """Whether a month precedes its day."""
    year_nouns: bool
    """Whether a year can precede a noun: "2019 sales"."""


@cache
def calendar(language: str) -> Calendar:
    """Build the calendar of a language; without a data file it covers dates in figures only.

    Args:
        language: ISO 639-1 code.

    >>> calendar("fr").months["juin"], calendar("en").month_first
    (6, True)
    """
    data: dict[str, Any] = language_data(language).get("dates", {})
    months, abbreviations = (
        {fold_phrase(word): number for number, found in enumerate(data.get(name, ()), 1) for word in found}
        for name in ("months", "short")
    )
    parts = {fold_phrase(word): kind for kind, found in data.get("parts", {}).items() for word in found}
    ordinals = {fold_phrase(word): number for number, found in data.get("ordinals", {}).items() for word in found}
    day_words = data.get("day_words", ())
    day = any_of_pattern(word for found in day_words for word in found)
    of = f"(?:{any_of_pattern(data.get('of', ()))}{_GAP}){'' if data.get('day_word_of') else '?'}"
    return Calendar(
        language=language,
        date=_date_search(data),
        months=months | abbreviations,
        abbreviations=frozenset(abbreviations),
        ambiguous=frozenset(map(fold_phrase, data.get("unsure", ()))),
        days={day_key(word): number for number, found in enumerate(day_words, 1) for word in found},
        day_before=re.compile(rf"(?<![\w-])(?P<word>{day}){_GAP}{of}\Z"),
        weekday_before=re.compile(
            rf"(?<!\w){any_of_pattern(data.get('weekdays', ()))}(?:(?<=\w{{4}})[.,]*|[.,]+){_GAP}\Z"
        ),
        parts=parts | ordinals,
        words={name: frozenset(map(fold_phrase, data.get(name, ()))) for name in _WORD_LISTS},
        range_pairs=frozenset(
            (fold_phrase(before), fold_phrase(between)) for before, between in data.get("between", ())
        ),
        month_capitals=any(found[0][0].isupper() for found in data.get("months", ())),
        month_first=data.get("month_first", False),
        year_nouns=data.get("year_nouns", not data),
    )


def day_key(word: str) -> str:
    """Return the key of a word for a day in `Calendar.days`.

    >>> day_key("Twenty-first")
    'twenty first'
    """
    return " ".join(_NO_WORD.sub(" ", fold_phrase(word)).split())


def roman_month(numeral: str) -> int:
    """Return the number of a month in Roman numerals.

    >>> roman_month("XI")
    11
    """
    return _ROMAN_MONTHS.index(numeral) + 1


def _date_search(data: dict[str, Any]) -> WordSearch:
    """Build the pattern of all kinds of dates, each in a group with the name of the kind."""

    def words_of(name: str) -> list[str]:
        found = data.get(name, ())
        return [word for words in (found.values() if isinstance(found, dict) else found) for word in words]

    def any_in(name: str) -> str:
        return any_of_pattern(words_of(name))

    of = rf"(?:{any_of_pattern(data.get('of', ()))}{_GAP})?"
    year_ends, decade_ends = (_endings_pattern(data.get(name, ())) for name in ("year_ends", "decade_ends"))
    year = rf"(?:{_YEAR}|(?:1[5-9]\d\d|20\d\d)(?={year_ends}(?!\w)))"
    year_end = rf"(?:{_GAP}?{year_ends}(?!\w))?"
    part = rf"(?P<ordinal>{any_in('ordinals')})(?:{_GAP}|-)(?P<part>{any_in('parts')})(?!\w)"
    decade_words = any_of_pattern(data.get("decades", ()))
    kinds = {
        **_day_patterns(data, of, year, year_end),
        "iso": rf"{_BEGIN}(?:(?P<compact>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?=T\d{{4}})"
        r"|(?P<iso_year>\d{4})(?P<sign>[-/.])(?P<iso_month>0?[1-9]|1[0-2])"
        r"(?:(?P=sign)(?P<iso_day>0?[1-9]|[12]\d|3[01]))?(?!\d|[-/.,]\d))",
        "figures": rf"{_BEGIN}(?P<first>\d{{1,2}})(?P<mark>[./-])(?P<second>\d{{1,2}})(?P=mark)(?P<third>\d{{4}}|\d\d)"
        rf"(?:(?!\w|[-/.,]\d)|(?={year_ends}(?!\w)))",
        "roman": rf"{_BEGIN}(?P<roman_day>{_DAY})(?:(?P<roman_mark>[/-])|\.[ ]?)"
        rf"(?P<numeral>{'|'.join(_ROMAN_MONTHS[::-1])})"
        rf"(?(roman_mark)(?P=roman_mark)|\.[ ]?)(?P<roman_year>{_YEAR})",
        "short": rf"{_BEGIN}(?P<short_first>\d{{1,2}})(?P<short_mark>[./])(?P<short_second>\d{{1,2}})"
        rf"(?!\w|[-/.,:]\d|{_GAP}?[%€$£])",
        "quarter": rf"(?<!\w)(?:{part}(?:{_GAP}{of}(?P<year_3>{year}){year_end})?"
        rf"|[QT](?P<number>[1-4])(?:{_GAP}|-)?(?P<year_4>{_YEAR}))",
        "decade": rf"(?<!\w)(?:{decade_words}{_GAP})(?P<decade_1>(?:1[5-9]\d|20\d|[1-9])0)(?!\w)"
        rf"|{_BEGIN}(?P<decade_2>(?:1[5-9]\d|20\d|[3-9])0)(?P<decade_end>{decade_ends})(?!\w)",
        "han": r"(?P<han_year>(?:1[5-9]|20)\d\d)\s?[年년]"
        r"(?:\s?(?P<han_month>\d{1,2})\s?[月월](?:\s?(?P<han_day>\d{1,2})\s?[日일])?)?",
        "year": rf"{_BEGIN}(?P<year_5>1[5-9]\d\d|20\d\d|2100)(?:[{DASH_RANGE}/](?P<until_5>\d{{4}}|\d\d))?"
        rf"(?!\w|[.,:/]\d|[{DASH_RANGE}]\d)(?P<year_end>{year_end})"
        rf"|{_BEGIN}(?P<year_6>1[5-9]\d\d|20\d\d)(?P<year_end_6>{year_ends})(?!\w)",
    }
    names = [word for name in ("months", "short", "ordinals") for word in words_of(name)]
    first = [*(f"{part}{number}" for part in "QT" for number in range(1, 5)), *names, *data.get("decades", ())]
    pattern = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items())
    return WordSearch(
        re.compile(rf"(?<![^\W{UNSPACED}])(?={initials_pattern(first)})(?:{pattern})"),
        before_words(spelling_variants(first)),
    )


def _day_patterns(data: dict[str, Any], of: str, year: str, year_end: str) -> dict[str, str]:
    """Build the patterns of days and months with the name of the month: day first, month first, year first.

    Args:
        data: The dates of a data file.
        of: Pattern of the optional words between day, month and year.
        year: Pattern of a year.
        year_end: Pattern of the optional words after a year.
    """
    months, short = ([word for found in data.get(name, ()) for word in found] for name in ("months", "short"))
    month = rf"(?:{any_of_pattern(months)}(?!\w)|{any_of_pattern(short)}(?!\w)\.?)"
    # After a day a month may have a small letter where it should have a capital.
    any_months, any_short = ([*found, *map(str.lower, found)] for found in (months, short))
    any_month = rf"(?:{any_of_pattern(any_months)}(?!\w)|{any_of_pattern(any_short)}(?!\w)\.?)"
    day_end = f"{_endings_pattern(data.get('days', ()))}?"
    between = any_of_pattern([*data.get("joins", ()), *data.get("ands", ())])
    weekday = any_of_pattern(data.get("weekdays", ()))
    to = rf"(?:{_GAP}?[{DASH_RANGE}/]{_GAP}?|{_GAP}{between}{_GAP}(?:{weekday},?{_GAP})?)"
    long_year = rf"(?:,?{_GAP}|[-/]){of}(?P<%s>{year}){year_end}"
    # "26-FEB-87", "8 October '24", "2 Dec 95 11:15"
    short_year = (
        rf"(?:(?(day_mark)[-/]|,?{_GAP}(?:['’]|(?=\d\d{_GAP}[012]?\d:\d\d)))(?P<short_year>\d\d)(?!\w|[-/.,]\d))"
    )
    day_word = any_of_pattern(word for found in data.get("day_words", ()) for word in found)
    no_number = rf"(?!\w|[.,:]\d|{_GAP}?[%€])"
    if data.get("month_first"):
        then_day = (
            rf"(?:{_GAP}(?:(?:the|The){_GAP})?(?:(?P<day_2>{_DAY}){day_end}{no_number}"
            rf"(?:{to}(?P<until_2>{_DAY}){day_end}(?!\w))?|(?P<day_word>{day_word})(?![\w-])))?"
        )
    else:  # a day after the month is only read before a year or a punctuation mark
        then_day = (
            rf"(?:{_GAP}(?P<day_2>{_DAY}){day_end}{no_number}(?=,?{_GAP}{of}{year}|[.,;:!?)]|\s*\Z)"
            r"(?P<until_2>(?!))?(?P<day_word>(?!))?)?"
        )
    return {
        "day": rf"{_BEGIN}(?:(?P<from_1>{_DAY}){day_end}{to})?(?P<day_1>{_DAY})(?P<day_end>{day_end})"
        rf"(?:{_GAP}|(?P<day_mark>[-/])|(?<=\.))(?P<of_1>{of})(?P<month_1>{any_month})"
        rf"(?:{long_year % 'year_1'}|{short_year})?",
        "month": rf"(?<!\w)(?<![\W\dA-Z]-)(?P<month_2>{month}){then_day}"
        rf"(?:{long_year % 'year_2'}|{_GAP}['’](?P<short_year_2>\d\d)(?!\w))?",
        "year_first": rf"{_BEGIN}(?P<year_8>1[5-9]\d\d|20\d\d)(?P<mark_8>[-/])(?P<month_8>{any_month})"
        rf"(?P=mark_8)(?P<day_8>{_DAY})(?!\w)",
    }


def _endings_pattern(endings: Iterable[str]) -> str:
    """Build a pattern for the endings of figures; it never matches if there are none."""
    return f"(?:{'|'.join(map(re.escape, sorted(endings, key=len, reverse=True))) or '(?!)'})"
