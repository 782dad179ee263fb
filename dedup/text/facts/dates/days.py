"""Parse single dates in a text, and ranges of days within a month."""
# ruff: noqa: RUF001 - look-alike dashes are intended

import re
from calendar import monthrange
from collections.abc import Callable, Container
from typing import NamedTuple

from dedup.text.facts.dates.calendars import Calendar, calendar, day_key, roman_month
from dedup.text.facts.dates.times import time_after, time_before
from dedup.text.facts.numbers.context import counted_noun, qualifier, words_after, words_before
from dedup.text.facts.numbers.figures import NUMBER_SPACES, fold_phrase
from dedup.text.facts.numbers.numerals import number_rules
from dedup.text.facts.numbers.units import currency_before, unit_after

_NAME_AFTER = re.compile(rf"[{NUMBER_SPACES}][A-Z][a-z]")
_MONTH_AFTER = re.compile(rf"(?:[-–/]|[{NUMBER_SPACES}]\w{{1,3}}[{NUMBER_SPACES}])(\w{{3,12}})")
_PREFIX = re.compile(r"(?<!\w)(\w{2,12})[-–/]\Z")
# Maximum number of code points that `_PREFIX` matches.
_MAX_PREFIX = 14
# Maximum number of code points of a word for a day, or of a weekday, before a date.
_MAX_DAY_WORD = 40
_PUNCTUATION_AFTER = re.compile(r"[.,;:!?)]|\s*\Z")
_YEAR_AFTER = re.compile(r"[ ]((?:19|20)\d\d)(?!\w|[.,:]\d)")
# Length of a time of day without seconds.
_MINUTE_END = len("00:00")
# A year of two digits from this number on is in the 20th century.
_PIVOT = 70


class PartialDate(NamedTuple):
    """A day, a month or a year; parts that are unknown are 0."""

    year: int = 0
    month: int = 0
    day: int = 0
    time: str = ""
    """Time of day as in ISO 8601, "06:11"; empty if unknown."""


class DateMention(NamedTuple):
    """A date with its position in a text."""

    start: int
    """Offset of the first code point."""
    end: int
    """Offset after the last code point."""
    first: PartialDate = PartialDate()
    """The date, or the first end of a range."""
    last: PartialDate = PartialDate()
    """The last end of a range; all zeros if the date is not a range."""
    period: str = ""
    """The value of a quarter, a half of a year or a decade; empty for other dates."""


class _DateMatch(NamedTuple):
    """A match of the date pattern, with its text and calendar."""

    text: str
    match: re.Match[str]
    calendar: Calendar


def date_mentions(text: str, language: str) -> list[DateMention]:
    """Find the single dates of a text; see `dedup.text.facts.dates.find.dates`.

    Args:
        text: Any text whose decimal digits are ASCII.
        language: ISO 639-1 code.

    Returns:
        Dates by start; ranges are not joined, except those of days within a month.

    >>> [(found.first.year, found.first.month) for found in date_mentions("fin mai 2024, puis en juin", "fr")]
    [(2024, 5), (0, 6)]
    """
    rules = calendar(language)
    parsed = (_PARSERS[str(match.lastgroup)](_DateMatch(text, match, rules)) for match in rules.date.finditer(text))
    found: list[DateMention] = []
    for mention in filter(None, parsed):
        begin = found[-1].end if found else 0
        if mention.start >= begin:  # otherwise it is the year after a time, which belongs to the date before it
            found.append(_add_time(text, begin, mention, language))
    return found


def _add_time(text: str, begin: int, mention: DateMention, language: str) -> DateMention:
    """Return a date with the time of day that belongs to it, if there is one.

    Args:
        text: The text.
        begin: Offset after the previous date.
        mention: The date.
        language: ISO 639-1 code.
    """
    if not mention.first.day or any(mention.last):
        return mention
    date = mention.first
    if time := time_after(text, mention.end, language):
        # "Aug 5 12:00:00 2015"
        if not date.year and time.first[_MINUTE_END:] and (year := _YEAR_AFTER.match(text, time.end)):
            return DateMention(mention.start, year.end(), date._replace(year=int(year[1]), time=time.first))
        last = date._replace(time=time.last) if time.last else PartialDate()
        return DateMention(mention.start, time.end, date._replace(time=time.first), last)
    if time := time_before(text, begin, mention.start, language):
        return DateMention(time.start, mention.end, date._replace(time=time.first))
    return mention


def _parse_day(found: _DateMatch) -> DateMention | None:
    """Parse "13 octobre 2024", "8 et 13 octobre", "26-Feb-87"."""
    match, rules = found.match, found.calendar
    name = fold_phrase(match["month_1"].rstrip("."))
    month, year = rules.months[name], int(match["year_1"] or 0)
    if short := match["short_year"]:
        year = _full_year(short)
    is_small = rules.month_capitals and match["month_1"].islower()
    if is_small and name in rules.ambiguous and not (year or match["of_1"] or _has_day_cue(found)):
        return None  # "the 5th may", "15 march"
    last = PartialDate(year, month, int(match["day_1"]))
    first = last._replace(day=int(match["from_1"] or 0))
    if not _exists(last):
        return DateMention(match.start("month_1"), match.end(), PartialDate(year, month)) if not is_small else None
    if 0 < first.day < last.day:
        return DateMention(*match.span(), first, last)
    return DateMention(match.start("day_1"), match.end(), last)


def _parse_month(found: _DateMatch) -> DateMention | None:
    """Parse "October 8 to 13, 2024", "March first", "premier mars", "juin 2024", "juin" if it is not another word."""
    match, rules = found.match, found.calendar
    name, year = fold_phrase(match["month_2"].rstrip(".")), int(match["year_2"] or 0)
    month = rules.months[name]
    if short := match["short_year_2"]:
        year = _full_year(short)
    first, end = PartialDate(year, month, int(match["day_2"] or 0)), match.end()
    if match["day_word"] and (year or _is_day_word(found)):
        first = first._replace(day=rules.days[day_key(match["day_word"])])
    if first.day and not (rules.month_first or year or _has_day_cue(found)):
        first, end = first._replace(day=0), match.end("month_2")
    if first.day and _exists(first):
        last = first._replace(day=int(match["until_2"] or 0))
        if first.day < last.day and _exists(last):
            return DateMention(match.start(), end, first, last)
        if last.day:
            return DateMention(match.start(), match.end("day_2"), first._replace(year=0))
        return DateMention(match.start(), end, first)
    if match["day_word"] and not year:
        end = match.end("month_2")
    if named := _day_before(found, PartialDate(year, month), end):
        return named
    if not year and not _is_month(found, name):
        return None
    return DateMention(match.start(), end, PartialDate(year, month))


def _day_before(found: _DateMatch, date: PartialDate, end: int) -> DateMention | None:
    """Parse the word for a day before a month: "premier mars", "the third of May".

    Args:
        found: The match of the month.
        date: The month, and its year.
        end: Offset after them.
    """
    text, match, rules = found
    before = rules.day_before.search(text[max(0, match.start() - _MAX_DAY_WORD) : match.start()])
    name = fold_phrase(match["month_2"].rstrip("."))
    # "dix sept", "uno de Julio", "das erste Februar-Drittel"
    is_name = name in rules.ambiguous and match["month_2"][0].isupper() and not rules.month_capitals
    if before is None or is_name or name in rules.abbreviations or text.startswith("-", end):
        return None
    named = date._replace(day=rules.days[day_key(before["word"])])
    return DateMention(match.start() - len(before[0]), end, named) if _exists(named) else None


def _is_day_word(found: _DateMatch) -> bool:
    """Return whether an ordinal after a month is its day: "on March first", not "in May first reports"."""
    return bool(_PUNCTUATION_AFTER.match(found.text, found.match.end())) or _has_day_cue(found)


def _has_day_cue(found: _DateMatch) -> bool:
    """Return whether a weekday or a word such as "on" precedes a date."""
    text, start, rules = found.text, found.match.start(), found.calendar
    if rules.weekday_before.search(text[max(0, start - _MAX_DAY_WORD) : start]):
        return True
    return _has_cue(text, start, rules.words["day_cues"])


def _full_year(two_digits: str) -> int:
    return int(two_digits) + (2000 if int(two_digits) < _PIVOT else 1900)


def _exists(date: PartialDate) -> bool:
    """Return whether a month has a day; February 29 exists in an unknown year."""
    if not 1 <= date.month <= 12:
        return False
    return 1 <= date.day <= monthrange(date.year or 2000, date.month)[1]


def _is_month(found: _DateMatch, name: str) -> bool:
    """Return whether a name without a day and a year is a month, from the words around it."""
    text, match, rules = found
    other_month = _MONTH_AFTER.match(text, match.end())  # "May-June": the second month confirms the first
    cued = other_month is not None and fold_phrase(other_month[1]) in rules.months
    cued = cued or _has_cue(text, match.start(), rules.words["month_cues"] | rules.months.keys())
    # In English a capitalised word after "June" can be the rest of a person's name.
    named = rules.month_first and _NAME_AFTER.match(text, match.end())
    doubtful = name in rules.ambiguous and (not cued or (match["month_2"][0].isupper() and not rules.month_capitals))
    return not (name in rules.abbreviations or doubtful or (named and not cued))


def _has_cue(text: str, start: int, cues: Container[str]) -> bool:
    """Return whether a cue ends right before a position, or is joined to it by a dash: "mid-May"."""
    if prefix := _PREFIX.search(text, max(0, start - _MAX_PREFIX), start):
        return fold_phrase(prefix[1]) in cues
    words = words_before(text, start)
    return any(" ".join(words[first:]) in cues for first in range(len(words)))


def _parse_iso(found: _DateMatch) -> DateMention | None:
    """Parse "2024-10-13", "2024-1-3", "2024-10", "20241013T0945"; "2008-09" is a season, or two years."""
    match = found.match
    if compact := match["compact"]:
        date = PartialDate(int(compact[:4]), int(compact[4:6]), int(compact[6:]))
        return DateMention(*match.span(), date) if _exists(date) else None
    month_digits, day_digits = match["iso_month"], match["iso_day"] or ""
    year, month, day = int(match["iso_year"]), int(month_digits), int(day_digits or 0)
    is_season = not day and len(month_digits) == 2 and month == (year + 1) % 100
    if not 1500 <= year <= 2100 or (match["sign"] == "/" and not day and not is_season):
        return None
    if match["sign"] == "." and len(month_digits + day_digits) < 4:
        return None
    if is_season:
        return DateMention(*match.span(), PartialDate(year), PartialDate(year + 1))
    date = PartialDate(year, month, day)
    return DateMention(*match.span(), date) if (_exists(date) if day else len(month_digits) == 2) else None


def _parse_numeric(found: _DateMatch) -> DateMention | None:
    """Parse "13/10/2024", "13.10.24", "3/3/15"; "3.3.15" after a cue or before a time of day."""
    text, match, rules = found
    first, second, year = int(match["first"]), int(match["second"]), int(match["third"])
    if len(match["third"]) == 2:
        is_short = len(match["first"] + match["second"]) < 4
        is_sure = _has_day_cue(found) or time_after(text, match.end(), rules.language)
        if match["mark"] == "-" and not (is_sure and max(first, second) > 12):
            return None
        if match["mark"] == "." and is_short and not is_sure:
            return None
        year = _full_year(match["third"])
    day, month = (second, first) if rules.month_first and match["mark"] != "." else (first, second)
    if month > 12:
        day, month = month, day
    date = PartialDate(year, month, day)
    return DateMention(*match.span(), date) if 1500 <= year <= 2100 and _exists(date) else None


def _parse_roman(found: _DateMatch) -> DateMention | None:
    """Parse "8.X.2024"."""
    match = found.match
    date = PartialDate(int(match["roman_year"]), roman_month(match["numeral"]), int(match["roman_day"]))
    return DateMention(*match.span(), date) if _exists(date) else None


def _parse_short(found: _DateMatch) -> DateMention | None:
    """Parse "am 15.2.", "le 15/02", "Mon, 18/2": after a cue, and if it is not a fraction."""
    text, match, rules = found
    first, second = int(match["short_first"]), int(match["short_second"])
    is_whole = len(match["short_first"] + match["short_second"]) == 4 or first > second or rules.month_first
    is_dotted = match["short_mark"] == "."
    if not (text.startswith(".", match.end()) if is_dotted else is_whole):
        return None
    if not (_has_day_cue(found) or (is_dotted and time_after(text, match.end() + 1, rules.language))):
        return None
    day, month = (second, first) if rules.month_first and first <= 12 < second else (first, second)
    if rules.month_first and max(first, second) <= 12:
        return None  # American and British dates differ
    date = PartialDate(0, month, day)
    return DateMention(match.start(), match.end() + is_dotted, date) if _exists(date) else None


def _parse_year_first(found: _DateMatch) -> DateMention | None:
    """Parse "2015-Apr-12"."""
    match, rules = found.match, found.calendar
    month = rules.months[fold_phrase(match["month_8"].rstrip("."))]
    date = PartialDate(int(match["year_8"]), month, int(match["day_8"]))
    return DateMention(*match.span(), date) if _exists(date) else None


def _parse_quarter(found: _DateMatch) -> DateMention | None:
    """Parse "deuxième trimestre 2025", "Q2 2025", and "second quarter", but not "second half" without a year."""
    match, rules = found.match, found.calendar
    if match["number"]:
        return DateMention(*match.span(), period=f"{match['year_4']}-Q{match['number']}")
    kind, number = (rules.parts[fold_phrase(match[group])] for group in ("part", "ordinal"))
    year = match["year_3"]
    if kind == "H" and (not year or number > "2"):
        return None
    return DateMention(*match.span(), period=f"{year or '-'}-{kind}{number}")


def _parse_decade(found: _DateMatch) -> DateMention | None:
    """Parse "années 90", "the 1990s"."""
    text, match, rules = found
    decade, ending = match["decade_1"] or match["decade_2"], match["decade_end"] or ""
    if len(decade) == 2:
        named = match["decade_1"] or len(ending.split()) > 1 or "-J" in ending  # "90er Jahre", "90er-Jahre"
        if int(decade) < 30 or not (named or _has_cue(text, match.start(), rules.words["decade_cues"])):
            return None
        decade = f"19{decade}"
    return DateMention(*match.span(), period=f"{decade}s")


def _parse_han(found: _DateMatch) -> DateMention | None:
    """Parse "2024年10月13日"."""
    match = found.match
    year, month, day = (int(match[name] or 0) for name in ("han_year", "han_month", "han_day"))
    date = PartialDate(year, month, day)
    return DateMention(*match.span(), date) if (_exists(date) if day else month <= 12) else None


def _parse_year(found: _DateMatch) -> DateMention | None:
    """Parse "2024", "2019-20", "2024 года"."""
    text, match, _ = found
    year = int(match["year_5"] or match["year_6"])
    until = match["until_5"] or ""
    last = int(str(year)[:-2] + until if len(until) == 2 else until or 0)
    prefix = _PREFIX.search(text, max(0, match.start() - _MAX_PREFIX), match.start())
    if (last and not year < last <= 2100) or (prefix and not prefix[1].islower()):
        return None
    if last or match["year_6"] or match["year_end"] or _is_year(found, year):
        return DateMention(*match.span(), PartialDate(year), PartialDate(last))
    return None


def _is_year(found: _DateMatch, year: int) -> bool:
    """Return whether four digits are a year: a cue precedes them, or no noun that they can count follows."""
    text, match, rules = found
    start, end = match.span()
    numbers = number_rules(rules.language)
    words = words_after(text, end)
    if unit_after(text, end, words, rules.language) or currency_before(text, start) or numbers.clock.match(text, end):
        return False
    if _has_cue(text, start, rules.words["year_cues"]):
        return True
    if any(word.rstrip(".") in numbers.words["labels"] for word in words_before(text, start, 1)):
        return False
    counted = counted_noun(text, end, words, rules.language)
    if qualifier(text, start, rules.language):
        return not counted and year % 100 != 0
    return not counted or (rules.year_nouns and 1900 <= year <= 2100 and year % 100 != 0)


_PARSERS: dict[str, Callable[[_DateMatch], DateMention | None]] = {
    "day": _parse_day,
    "month": _parse_month,
    "iso": _parse_iso,
    "figures": _parse_numeric,
    "roman": _parse_roman,
    "short": _parse_short,
    "year_first": _parse_year_first,
    "quarter": _parse_quarter,
    "decade": _parse_decade,
    "han": _parse_han,
    "year": _parse_year,
}
