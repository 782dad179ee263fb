"""Read dates and times as instants: ISO 8601, e-mail and web formats, and dates with names of months."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal, TypeAlias

from dedup.text.facts.dates.find import dates
from dedup.text.facts.dates.times import ZONES
from dedup.text.facts.numbers.figures import fold_phrase
from dedup.text.language import SUPPORTED_LANGUAGES, language_data

Precision: TypeAlias = Literal["year", "quarter", "month", "week", "day", "hour", "minute", "second"]
"""The shortest period that a date or time states; fractions of a second count as "second"."""
DateOrder: TypeAlias = Literal["DMY", "MDY", "YMD"]
"""The order of day, month and year in a date of three numbers, such as "01/02/2024"."""

DATE_ORDERS: tuple[DateOrder, ...] = ("DMY", "MDY", "YMD")

_LONGEST = 80
_MOST_WORDS = 6
_FIGURE = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+")
_CACHED_WORDS = 1 << 10
_EPOCH = date(1970, 1, 1).toordinal()
_DAY_SECONDS = 86_400
# The year from which two digits mean the 20th century, as in POSIX and in e-mail.
_PIVOT = 69

# The first that a date or time states is its precision.
_PRECISIONS: tuple[tuple[tuple[str, ...], Precision], ...] = (
    (("second",), "second"),
    (("minute",), "minute"),
    (("hour",), "hour"),
    (("day", "year_day", "week_day"), "day"),
    (("week",), "week"),
    (("month", "name"), "month"),
    (("quarter",), "quarter"),
    (("year",), "year"),
)

_WORD = r"[^\W\d_]{2,12}"
_ZONE = rf"(?P<zone>(?:utc|gmt|ut)?[+\-\u2212]\d{{1,2}}(?::?\d\d)?(?:\s+{_WORD}\b)?|[a-z]{{1,4}}\b)"
_COMMENT = r"(?:\s*(?:\([^()]*\)|\[[^\[\]]*\]))?"
_SECOND = r"(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?"
_CLOCK = rf"(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?::{_SECOND})?(?:\s?(?P<half>[ap])\.?m\b\.?)?"
_ISO_CLOCK = rf"(?P<hour>\d\d)(?::?(?P<minute>\d\d)(?::?{_SECOND})?)?"
_LATER = rf"(?:(?:,?\s+(?:at\s+)?|t|:){_CLOCK}(?:\s*{_ZONE}{_COMMENT})?)?"
_ISO_LATER = rf"(?:t{_ISO_CLOCK}(?:\s?{_ZONE}{_COMMENT})?|(?P<zone>z|[+\-]\d\d:\d\d))"
_WEEKDAY = rf"(?:(?P<weekday>{_WORD})\.?,?\s+)?"
_DAY = r"(?P<day>\d{1,2})"
_MONTH = rf"(?P<name>{_WORD})\.?,?"
_YEAR = r"(?P<year>\d{4})"
# "year" after a year in Russian and Ukrainian, whole or abbreviated.
_YEAR_END = r"(?:\s*(?:\u0433|\u0433\u043e\u0434\u0430|\u0440|\u0440\u043e\u043a\u0443)\b\.?)?"
_YEAR_FIRST = rf"{_YEAR}(?P<sign>[\-/.:])(?P<month>\d{{1,2}})(?P=sign){_DAY}"

# The first pattern that matches lower-case text decides.
_IN_FIGURES = [
    re.compile(pattern)
    for pattern in (
        _YEAR_FIRST + _LATER,
        _YEAR_FIRST + _ISO_LATER.replace("(?P<zone>z|", "(?P<day_zone>z|"),
        rf"{_YEAR}(?:[\-/](?P<month>\d{{1,2}}))?",
        # 20240501, 20240501T100000Z, 20240501100000
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?:[t ]?(?P<hour>\d\d)(?P<minute>\d\d)(?:{_SECOND})?(?:\s?{_ZONE})?)?",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)t{_ISO_CLOCK}(?:\s?{_ZONE})?",
        rf"{_YEAR}-?w(?P<week>\d\d)(?:-?(?P<week_day>[1-7]))?",
        rf"{_YEAR}-(?P<year_day>\d{{3}})",
        rf"{_YEAR}[\s\-/]?q(?P<quarter>[1-4])",
        rf"(?P<month>\d{{1,2}})[\-/]{_YEAR}",
        rf"{_YEAR}\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월](?:\s*{_DAY}\s*[日일]{_LATER})?",
    )
]
_WITH_NAMES = [
    re.compile(pattern)
    for pattern in (
        # RFC 822 and 850, "5 January 2024", "5 de enero de 2024", "05-Jan-24", "02/Jan/2024:10:00:00 +0000"
        rf"{_WEEKDAY}{_DAY}(?:st|nd|rd|th|er|º|\.)?[\s/\-]*(?:(?:of|de)\s+)?{_MONTH}[\s/\-]*(?:(?:de|del)\s+)?"
        rf"(?P<year>\d{{4}}|\d\d){_YEAR_END}{_LATER}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}{_LATER}",
        # asctime, with a zone before or after the year
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+{_CLOCK}\s+(?:{_ZONE}\s+)?{_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+{_CLOCK}\s+{_YEAR}\s+{_ZONE}",
        rf"{_MONTH}[\s/\-]+(?:de\s+)?{_YEAR}{_YEAR_END}",
        rf"{_YEAR}[\s/\-]+{_MONTH}[\s/\-]+{_DAY}{_LATER}",
        rf"q(?P<quarter>[1-4])[\s\-/]?{_YEAR}",
    )
]
# A year of two digits is read only with slashes: "1.2.24" can be a version.
_THREE_NUMBERS = re.compile(
    rf"(?P<first>\d{{1,2}})(?:(?P<sign>[/.\-])(?P<middle>\d{{1,2}})(?P=sign)(?P<last>\d{{4}})|"
    rf"/(?P<short_middle>\d{{1,2}})/(?P<short_last>\d\d)){_LATER}"
)
_DATE_WORD = rf"(?:{_WORD}[.,]?|(?:d['\u2019])?{_WORD})"
_DATE_DAY = r"\d{1,2}(?:[^\W\d_]{1,2}|[.º°ª])?,?"
_DATE_YEAR = r"(?:1[5-9]|20)\d\d[.,]?"
_RESEMBLING = re.compile(
    rf"(?:{_DATE_WORD}\s+)?(?:{_DATE_DAY}\s+(?:{_DATE_WORD}\s+){{1,3}}{_DATE_YEAR}"
    rf"|{_DATE_WORD}\s+{_DATE_DAY}\s+{_DATE_YEAR}|{_DATE_YEAR}\s+{_DATE_WORD}\s+{_DATE_DAY})(?:\s.*)?"
    rf"|\d{{4}}\s*[年년].*|\d{{4}}[\-/.]\d{{1,2}}[\-/.]\d{{1,2}}(?:[t\s].*)?"
)


_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
# What may be before and after a date in words: an article, a weekday, punctuation.
_NEXT_TO_DATE = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[^\s,.]")
_EPOCH_NUMBER = re.compile(r"([1-9]\d{8,9})(?:(?<=\d{10})(\d{3}|\d{6})|\.(\d{1,9}))?")
# YYYYMMDDHH, which could also be seconds from 2030 to 2036.
_COMPACT_HOUR = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])")


@dataclass(frozen=True, slots=True)
class Instant:
    """The start of the period that a date or time states."""

    seconds: int
    """Whole seconds since 1970-01-01T00:00:00Z, rounded down."""
    fraction: Decimal
    """The fraction of a second, from 0 to 1, exactly."""
    precision: Precision
    """The period that is stated."""
    has_zone: bool
    """Whether a time zone is stated; without one the time counts as UTC."""

    @property
    def key(self) -> tuple[int, Decimal]:
        """Sort key: instants in order of time."""
        return self.seconds, self.fraction


def parse_instant(text: str, order: DateOrder | None = None) -> Instant | None:
    """Read a date or a time.

    The formats are: ISO 8601 of any precision, also with one digit for a month or day; RFC 822 and 850; asctime;
    compact dates ("20240501", "20240501T100000Z"); names of months in the languages with a data file ("January 5,
    2024", "5 janvier 2024", "8 octobre 2024 à 9h30", "8. Oktober 2024, 9.30 Uhr"); and dates of three numbers with the
    year last. A time without a zone counts as UTC.

    Args:
        text: The value.
        order: The order of day, month and year in the dates of three numbers of a column, for a year that is not the
            first number of four digits. None reads only dates that have a single meaning, such as "31/01/2024", and
            dates with points, "01.02.2024", whose day comes first in all countries that write them.

    Returns:
        The instant; None if the text is not a date, does not exist (February 30), or has several meanings.

    >>> parse_instant("2024-05-01T10:00+09:00")
    Instant(seconds=1714525200, fraction=Decimal('0'), precision='minute', has_zone=True)
    >>> [found and found.precision for found in map(parse_instant, ("2024", "May 2024", "31/01/2024", "01/02/2024"))]
    ['year', 'month', 'day', None]
    >>> parse_instant("01/02/2024", "MDY") == parse_instant("2 Jan 2024")
    True
    """
    text = text.strip()
    if not 4 <= len(text) <= _LONGEST:
        return None
    lower = text.lower()
    if match := _THREE_NUMBERS.fullmatch(lower):
        if not order and match["sign"] == "." and (instant := _read_three_numbers(match, "DMY")):
            return instant
        readings = {_read_three_numbers(match, chosen) for chosen in ([order] if order else DATE_ORDERS)} - {None}
        return readings.pop() if len(readings) == 1 else None
    for pattern in _IN_FIGURES if lower[:1].isdecimal() else ():
        if match := pattern.fullmatch(lower):
            return _build(match.groupdict())
    for pattern in _WITH_NAMES:
        if match := pattern.fullmatch(lower):
            groups = match.groupdict()
            if ("name" not in groups or _month_number(groups["name"])) and (instant := _build(groups)):
                return instant
    return _parse_phrase(text)


def parse_epoch(text: str) -> Instant | None:
    """Read seconds since 1970 from 1973 on, also with decimals, and milliseconds and microseconds from 2001 on.

    `parse_instant` does not read them: a number is an instant only in a column that is known to have dates.

    Args:
        text: The value.

    Returns:
        The instant; None if the text is not such a number, or can also be a compact date ("2031010112").

    >>> parse_epoch("1714525200") == parse_epoch("1714525200000") == parse_instant("2024-05-01T01:00:00Z")
    True
    >>> parse_epoch("0612345678")
    """
    match = _EPOCH_NUMBER.fullmatch(text.strip())
    if match is None or _COMPACT_HOUR.fullmatch(match[0]):
        return None
    digits = (match[2] or match[3] or "").rstrip("0")
    return Instant(int(match[1]), Decimal(f".{digits}") if digits else Decimal(0), "second", True)


def date_orders(text: str) -> frozenset[DateOrder]:
    """Return the orders in which a date of three numbers can be read; empty if the text is not such a date.

    >>> sorted(date_orders("01/02/2024")), sorted(date_orders("1/15/24")), sorted(date_orders("2024-01-02"))
    (['DMY', 'MDY'], ['MDY'], [])
    """
    text = text.strip()
    match = _THREE_NUMBERS.fullmatch(text.lower()) if len(text) <= _LONGEST else None
    if match is None:
        return frozenset()
    orders = frozenset(order for order in DATE_ORDERS if _read_three_numbers(match, order))
    # Countries that write dots write the day first.
    return frozenset({"DMY"}) if match["sign"] == "." and "DMY" in orders else orders


def date_style(text: str) -> str:
    """Return what the dates of three numbers that share an order have in common: separator and digits of the year.

    >>> date_style("01/02/2024 10:00"), date_style("1/2/24")
    ('/4', '/2')
    """
    match = _THREE_NUMBERS.fullmatch(text.strip().lower())
    if match is None:
        return ""
    return f"{match['sign']}4" if match["last"] else "/2"


def resembles_date(text: str) -> bool:
    """Return whether a text has the form of a date with a word for the month, or is short and has the name of a month.

    >>> [resembles_date(text) for text in ("5 leden 2024", "10:30, 1 May 2024", "2024-02-31", "Top 10", "1984 in film")]
    [True, True, True, False, False]
    """
    text = text.strip().lower()
    if len(text) > _LONGEST or not _FIGURE.search(text):
        return False
    if _RESEMBLING.fullmatch(text):
        return True
    words = _LETTERS.findall(text)
    return len(words) <= _MOST_WORDS and any(map(_month_number, words))


def _parse_phrase(text: str) -> Instant | None:
    """Read a date as it is written in texts, if the value has nothing else and all languages that read it agree.

    >>> _parse_phrase("mardi 8 octobre 2024 à 9h30") == parse_instant("2024-10-08T09:30")
    True
    """
    languages = frozenset(SUPPORTED_LANGUAGES) if _DOTTED.match(text) else _month_languages(text)
    readings: set[Instant] = set()
    for language in languages:
        found = dates(text, language)
        if len(found) != 1:
            continue
        around = f"{text[: found[0].start]} {text[found[0].end :]}"
        if all(fold_phrase(word) in _articles() or _is_weekday(word) for word in _NEXT_TO_DATE.findall(around)):
            value = found[0].value.lower()
            read = (pattern.fullmatch(value) for pattern in _IN_FIGURES)
            readings |= {instant for match in read if match and (instant := _build(match.groupdict()))}
    return readings.pop() if len(readings) == 1 else None


def _read_three_numbers(match: re.Match[str], order: DateOrder) -> Instant | None:
    last = match["last"] or match["short_last"]
    numbers = (match["first"], match["middle"] or match["short_middle"], last)
    if order == "YMD" and (len(last) == 4 or len(numbers[0]) != 2):
        return None
    parts = dict(zip(order, numbers, strict=True))
    return _build({**match.groupdict(), "year": parts["Y"], "month": parts["M"], "day": parts["D"]})


def _build(groups: dict[str, str | None]) -> Instant | None:
    """Return the instant of the groups of a match; None if there is no such day, time or zone."""
    weekday, zone = groups.get("weekday"), groups.get("zone") or groups.get("day_zone")
    if weekday and not _is_weekday(weekday):
        return None
    start, seconds, offset = _first_day(groups), _seconds_of_day(groups), _offset(zone)
    if start is None or seconds is None or offset is None:
        return None
    return Instant(
        (start.toordinal() - _EPOCH) * _DAY_SECONDS + seconds - 60 * offset,
        Decimal(f".{digits}") if (digits := (groups.get("fraction") or "").rstrip("0")) else Decimal(0),
        next(period for names, period in _PRECISIONS if any(groups.get(name) for name in names)),
        zone is not None,
    )


def _first_day(groups: dict[str, str | None]) -> date | None:
    """Return the first day of a period; None if it does not exist."""
    written = groups["year"] or ""
    year, month = int(written), groups.get("month")
    if len(written) == 2:
        year += 1900 if year >= _PIVOT else 2000
    number = _month_number(name) if (name := groups.get("name")) else int(month or 1)
    if quarter := groups.get("quarter"):
        number = 3 * int(quarter) - 2
    try:
        if week := groups.get("week"):
            return date.fromisocalendar(year, int(week), int(groups.get("week_day") or 1))
        if year_day := groups.get("year_day"):
            found = date.fromordinal(date(year, 1, 1).toordinal() + int(year_day) - 1)
            return found if found.year == year else None
        return date(year, number, int(groups.get("day") or 1))
    except (ValueError, OverflowError):
        return None


def _seconds_of_day(groups: dict[str, str | None]) -> int | None:
    """Return the seconds since midnight; None if there is no such time. A leap second counts as the next second."""
    hour, minute, second = (int(groups.get(name) or 0) for name in ("hour", "minute", "second"))
    if half := groups.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half == "p")
    seconds = hour * 3600 + minute * 60 + second
    is_end_of_day = hour == 24 and seconds == _DAY_SECONDS and not int(groups.get("fraction") or 0)
    return seconds if (hour < 24 or is_end_of_day) and minute < 60 and second <= 60 else None


def _offset(zone: str | None) -> int | None:
    """Return the minutes east of UTC; None if the zone is unknown."""
    if zone is None:
        return 0
    match = re.match(r"(?:utc|gmt|ut)?([+\-\u2212])(\d{1,2}):?(\d\d)?", zone)
    if match is None:
        return ZONES.get(zone)
    sign, hours, minutes = match.groups()
    if int(hours) > 23 or int(minutes or 0) > 59:
        return None
    return (1 if sign == "+" else -1) * (int(hours) * 60 + int(minutes or 0))


@lru_cache(_CACHED_WORDS)
def _month_number(word: str) -> int:
    """Return the number of a month; 0 if the word is not a month."""
    return _months().get(fold_phrase(word), 0)


@lru_cache(_CACHED_WORDS)
def _is_weekday(word: str) -> bool:
    """Return whether a word is a weekday or its beginning."""
    return len(word) > 1 and any(name.startswith(fold_phrase(word)) for name in _weekdays())


@cache
def _months() -> dict[str, int]:
    """Return the folded names and abbreviations of months, with their numbers; no name has two numbers."""
    return {
        fold_phrase(name): number
        for language in SUPPORTED_LANGUAGES
        for kind in ("months", "short")
        for number, names in enumerate(language_data(language)["dates"][kind], 1)
        for name in names
    }


def _month_languages(text: str) -> frozenset[str]:
    """Return the languages in which a word of the text is the name of a month; none if the text has no figures."""
    if not _FIGURE.search(text):
        return frozenset()
    return frozenset().union(*(_languages_of_month(word) for word in _LETTERS.findall(text) if _month_number(word)))


@lru_cache(_CACHED_WORDS)
def _languages_of_month(word: str) -> frozenset[str]:
    return frozenset(
        language
        for language in SUPPORTED_LANGUAGES
        for kind in ("months", "short")
        for names in language_data(language)["dates"][kind]
        if fold_phrase(word) in map(fold_phrase, names)
    )


@cache
def _articles() -> frozenset[str]:
    """Return the folded words that can precede a day."""
    words = (language_data(language)["dates"].get("day_cues", ()) for language in SUPPORTED_LANGUAGES)
    return frozenset({"the", "den", "der", *(fold_phrase(word) for found in words for word in found)})


@cache
def _weekdays() -> frozenset[str]:
    """Return the folded names of weekdays."""
    return frozenset(
        fold_phrase(name)
        for language in SUPPORTED_LANGUAGES
        for name in language_data(language)["dates"].get("weekdays", ())
    )
