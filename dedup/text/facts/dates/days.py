"""Parse single dates in a text, and ranges of days within a month."""
# ruff: noqa: RUF001 - look-alike dashes are intended

import re
from collections.abc import Callable, Container
from typing import NamedTuple

from dedup.text.facts.dates.calendars import Calendar, calendar
from dedup.text.facts.numbers.context import counted_noun, qualifier, words_after, words_before
from dedup.text.facts.numbers.figures import NUMBER_SPACES, fold_phrase
from dedup.text.facts.numbers.numerals import number_rules
from dedup.text.facts.numbers.units import currency_before, unit_after

_NAME_AFTER = re.compile(rf"[{NUMBER_SPACES}][A-Z][a-z]")
_MONTH_AFTER = re.compile(rf"(?:[-–/]|[{NUMBER_SPACES}]\w{{1,3}}[{NUMBER_SPACES}])(\w{{3,12}})")
_PREFIX = re.compile(r"(?<!\w)(\w{2,12})[-–/]\Z")
# Maximum number of code points that `_PREFIX` matches.
_MAX_PREFIX = 14


class PartialDate(NamedTuple):
    """A day, a month or a year; parts that are unknown are 0."""

    year: int = 0
    month: int = 0
    day: int = 0


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
    return [mention for mention in parsed if mention]


def _parse_day(found: _DateMatch) -> DateMention | None:
    """Parse "13 octobre 2024", "8 et 13 octobre"."""
    match, rules = found.match, found.calendar
    month = rules.months[fold_phrase(match["month_1"].rstrip("."))]
    last = PartialDate(int(match["year_1"] or 0), month, int(match["day_1"]))
    first = last._replace(day=int(match["from_1"] or 0))
    if 0 < first.day < last.day:
        return DateMention(*match.span(), first, last)
    return DateMention(match.start("day_1"), match.end(), last)


def _parse_month(found: _DateMatch) -> DateMention | None:
    """Parse "October 8 to 13, 2024", "juin 2024", and "juin" unless it can be another word."""
    match, rules = found.match, found.calendar
    name, year = fold_phrase(match["month_2"].rstrip(".")), int(match["year_2"] or 0)
    month = rules.months[name]
    if match["day_2"]:
        first = PartialDate(year, month, int(match["day_2"]))
        last = PartialDate(year, month, int(match["until_2"] or 0))
        if first.day < last.day:
            return DateMention(*match.span(), first, last)
        if last.day:
            return DateMention(match.start(), match.end("day_2"), first)
        return DateMention(*match.span(), first)
    if not year and not _is_month(found, name):
        return None
    return DateMention(*match.span(), PartialDate(year, month))


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
    """Parse "2024-10-13", "2024-10"; "2008-09" is a season, or two years."""
    match = found.match
    year, month, day = int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"] or 0)
    is_season = not day and month == (year + 1) % 100
    if not 1500 <= year <= 2100 or (match["sign"] == "/" and not day and not is_season):
        return None
    if is_season:
        return DateMention(*match.span(), PartialDate(year), PartialDate(year + 1))
    return DateMention(*match.span(), PartialDate(year, month, day))


def _parse_numeric(found: _DateMatch) -> DateMention | None:
    """Parse "13/10/2024", "13.10.24"."""
    match, rules = found.match, found.calendar
    first, second, year = int(match["first"]), int(match["second"]), int(match["third"])
    if len(match["third"]) == 2:
        if match["mark"] == "-" or len(match["first"] + match["second"]) < 4:
            return None
        year += 2000 if year < 70 else 1900
    day, month = (second, first) if rules.month_first and match["mark"] != "." else (first, second)
    if month > 12:
        day, month = month, day
    valid = 1 <= month <= 12 and 1 <= day <= 31 and 1500 <= year <= 2100
    return DateMention(*match.span(), PartialDate(year, month, day)) if valid else None


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
    return DateMention(*match.span(), PartialDate(year, month, day)) if month <= 12 and day <= 31 else None


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
    "quarter": _parse_quarter,
    "decade": _parse_decade,
    "han": _parse_han,
    "year": _parse_year,
}
