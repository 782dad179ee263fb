"""Single dates as they stand in a text, and ranges that share their month."""
# ruff: noqa: RUF001 - dashes that look alike are the point

import re
from collections.abc import Callable, Container
from typing import NamedTuple

from dedup.text.facts.dates.calendars import Calendar, calendar
from dedup.text.facts.numbers.counted import behind, following, noun, qualifier
from dedup.text.facts.numbers.figures import SPACES, folded
from dedup.text.facts.numbers.numerals import rules_of
from dedup.text.facts.numbers.units import money, unit

_NAME = re.compile(rf"[{SPACES}][A-Z][a-z]")
_OTHER = re.compile(rf"(?:[-–/]|[{SPACES}]\w{{1,3}}[{SPACES}])(\w{{3,12}})")
_PREFIX = re.compile(r"(?<!\w)(\w{2,12})[-–/]\Z")


class Day(NamedTuple):
    """A day, a month or a year; what is not told is 0."""

    year: int = 0
    month: int = 0
    day: int = 0


class Date(NamedTuple):
    """A date as it stands in a text."""

    start: int
    """First code point."""
    end: int
    """One past the last."""
    first: Day = Day()
    last: Day = Day()
    """The end of a range; nothing if it is none."""
    other: str = ""
    """The value of a quarter, a half or a decade."""


class _Found(NamedTuple):
    """Where a date may stand."""

    text: str
    match: re.Match[str]
    rules: Calendar


def days(text: str, language: str) -> list[Date]:
    """Find the dates of a text one by one; see `dedup.text.facts.dates.find.dates`.

    Args:
        text: Any text whose digits are those of ASCII.
        language: ISO 639-1 code.

    >>> [(found.first.year, found.first.month) for found in days("fin mai 2024, puis en juin", "fr")]
    [(2024, 5), (0, 6)]
    """
    rules = calendar(language)
    read = (_READERS[str(match.lastgroup)](_Found(text, match, rules)) for match in rules.date.finditer(text))
    return [date for date in read if date]


def _day(found: _Found) -> Date | None:
    """Read "13 octobre 2024", "8 et 13 octobre"."""
    match, rules = found.match, found.rules
    last = Day(int(match["year_1"] or 0), rules.months[folded(match["month_1"].rstrip("."))], int(match["day_1"]))
    first = last._replace(day=int(match["from_1"] or 0))
    if 0 < first.day < last.day:
        return Date(*match.span(), first, last)
    return Date(match.start("day_1"), match.end(), last)


def _month(found: _Found) -> Date | None:
    """Read "October 8 to 13, 2024", "juin 2024", and "juin" unless it may be another word."""
    text, match, rules = found
    name, year = folded(match["month_2"].rstrip(".")), int(match["year_2"] or 0)
    month = rules.months[name]
    if match["day_2"]:
        first, last = Day(year, month, int(match["day_2"])), Day(year, month, int(match["until_2"] or 0))
        if first.day < last.day:
            return Date(*match.span(), first, last)
        return Date(*match.span(), first) if not last.day else Date(match.start(), match.end("day_2"), first)
    if not year:
        other = _OTHER.match(text, match.end())  # "May-June": one month tells the other
        cued = other is not None and folded(other[1]) in rules.months
        cued = cued or _cued(text, match.start(), rules.words["month_cues"] | rules.months.keys())
        named = rules.month_first and _NAME.match(text, match.end())
        unsure = name in rules.unsure and (not cued or (match["month_2"][0].isupper() and not rules.capital))
        if name in rules.short or unsure or (named and not cued):
            return None
    return Date(*match.span(), Day(year, month))


def _cued(text: str, start: int, cues: Container[str]) -> bool:
    """Tell whether such a word stands right before a place, or is tied to it: "mid-May"."""
    if tied := _PREFIX.search(text, max(0, start - 14), start):
        return folded(tied[1]) in cues
    pieces = behind(text, start)
    return any(" ".join(pieces[at:]) in cues for at in range(len(pieces)))


def _iso(found: _Found) -> Date | None:
    """Read "2024-10-13", "2024-10"; but "2008-09" is a season, or two years."""
    match = found.match
    year, month, day = int(match["y"]), int(match["m"]), int(match["d"] or 0)
    if not 1500 <= year <= 2100 or (match["sign"] == "/" and not day and month != (year + 1) % 100):
        return None
    if not day and month == (year + 1) % 100:
        return Date(*match.span(), Day(year), Day(year + 1))
    return Date(*match.span(), Day(year, month, day))


def _numeric(found: _Found) -> Date | None:
    """Read "13/10/2024", "13.10.24"."""
    match, rules = found.match, found.rules
    one, two, year = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["c"]) == 2:
        if match["mark"] == "-" or len(match["a"] + match["b"]) < 4:
            return None
        year += 2000 if year < 70 else 1900
    day, month = (two, one) if rules.month_first and match["mark"] != "." else (one, two)
    if month > 12:
        day, month = month, day
    sensible = 1 <= month <= 12 and 1 <= day <= 31 and 1500 <= year <= 2100
    return Date(*match.span(), Day(year, month, day)) if sensible else None


def _quarter(found: _Found) -> Date | None:
    """Read "deuxième trimestre 2025", "Q2 2025", and "second quarter", but not "second half" alone."""
    match, rules = found.match, found.rules
    if match["number"]:
        return Date(*match.span(), other=f"{match['year_4']}-Q{match['number']}")
    kind, number, year = rules.parts[folded(match["part"])], rules.parts[folded(match["ordinal"])], match["year_3"]
    if kind == "H" and (not year or number > "2"):
        return None
    return Date(*match.span(), other=f"{year or '-'}-{kind}{number}")


def _tens(found: _Found) -> Date | None:
    """Read "années 90", "the 1990s"."""
    text, match, rules = found
    tens = match["tens_1"] or match["tens_2"]
    if len(tens) == 2:
        ended = len((match["tens_end"] or "").split()) > 1 or "-J" in (match["tens_end"] or "")
        if int(tens) < 30 or not (match["tens_1"] or ended or _cued(text, match.start(), rules.words["decade_cues"])):
            return None
        tens = f"19{tens}"
    return Date(*match.span(), other=f"{tens}s")


def _han(found: _Found) -> Date | None:
    """Read "2024年10月13日"."""
    match = found.match
    year, month, day = (int(match[name] or 0) for name in ("y_h", "m_h", "d_h"))
    return Date(*match.span(), Day(year, month, day)) if month <= 12 and day <= 31 else None


def _year(found: _Found) -> Date | None:
    """Read "2024", "2019-20", "2024 года"."""
    text, match, _ = found
    year = int(match["year_5"] or match["year_6"])
    until = match["until_5"] or ""
    last = int(str(year)[:-2] + until if len(until) == 2 else until or 0)
    tied = _PREFIX.search(text, max(0, match.start() - 14), match.start())
    if (last and not year < last <= 2100) or (tied and not tied[1].islower()):
        return None
    if last or match["year_6"] or match["year_end"] or _is_year(found, year):
        return Date(*match.span(), Day(year), Day(last))
    return None


def _is_year(found: _Found, year: int) -> bool:
    """Tell a year from another number: by a word before it, or for want of what it could count."""
    text, match, rules = found
    start, end = match.span()
    numbers = rules_of(rules.language)
    words = following(text, end)
    if unit(text, end, words, rules.language) or money(text, start) or numbers.clock.match(text, end):
        return False
    if _cued(text, start, rules.words["year_cues"]):
        return True
    if any(word.rstrip(".") in numbers.words["labels"] for word in behind(text, start, 1)):
        return False
    counted = noun(text, end, words, rules.language)
    if qualifier(text, start, rules.language):
        return not counted and year % 100 != 0
    return not counted or (rules.year_nouns and 1900 <= year <= 2100 and year % 100 != 0)


_READERS: dict[str, Callable[[_Found], Date | None]] = {
    "day": _day,
    "month": _month,
    "iso": _iso,
    "figures": _numeric,
    "quarter": _quarter,
    "tens": _tens,
    "han": _han,
    "year": _year,
}
