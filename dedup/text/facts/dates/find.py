"""Find the dates of a text, in forms based on ISO 8601, and compare them."""
# ruff: noqa: RUF002 - look-alike dashes are intended

import re
from datetime import UTC, datetime

from dedup.text.facts.dates.calendars import Calendar, calendar
from dedup.text.facts.dates.days import DateMention, PartialDate, date_mentions
from dedup.text.facts.numbers.context import words_before
from dedup.text.facts.numbers.figures import MAX_RANGE_GAP, RANGE_DASH, fold_phrase
from dedup.text.spans import Fact

MONTH_OR_PART = re.compile(r"(\d{4}|-)-(\d\d|Q\d|H\d)(?:-(\d\d)(?:T(\d\d:.+))?)?")
"""The value of a date with a month, a quarter or a half. Groups: the year or "-"; the month or part; the day; the time
of day."""

_ZONED = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+(?:Z|[+-]\d\d:\d\d)")
_NON_ASCII_DIGIT = re.compile(r"(?![0-9])\d")
# Position of the colon before the seconds in "2024-10-08T09:30:15Z".
_SECONDS = 16


def dates(text: str, language: str) -> list[Fact]:
    """Find the dates of a text.

    The values are: days "2024-10-13" or "--10-13", also with a time of day, "2024-10-13T09:30", and its time zone if it
    is stated, "2024-10-13T09:30+02:00"; months "2024-06" or "--06", years "2024", quarters "2025-Q2" or
    "--Q2", halves "2025-H1", decades "1990s", and ranges "2025-01/2025-02". "5/6/2024" is day first, but month first
    in English where possible. Weekdays are not dates.

    Four digits are a year after a cue such as "since", or if they are between 1500 and 2100 and no noun follows that
    they can count, unlike in "2000 people". In English and German, which group the digits of most other numbers, they
    are also a year before a noun if they are between 1900 and 2100 and not a multiple of 100.

    Args:
        text: Any text.
        language: ISO 639-1 code.

    Returns:
        Facts of the kind "date" by start, without overlaps.

    >>> [fact.value for fact in dates("entre le 8 et le 13 octobre, et dès le mois de juin", "fr")]
    ['--10-08/--10-13', '--06']
    >>> [fact.value for fact in dates("between January and February 2025; since 1991", "en")]
    ['2025-01/2025-02', '1991']
    """
    ascii_digits = text if text.isascii() else _NON_ASCII_DIGIT.sub(lambda match: str(int(match[0])), text)
    rules = calendar(language)
    found: list[DateMention] = []
    for mention in date_mentions(ascii_digits, language):
        joined = _join_range(ascii_digits, found[-1], mention, rules) if found else None
        if joined:
            found[-1] = joined
        else:
            found.append(mention)
    return [Fact("date", mention.start, mention.end, _format_mention(mention)) for mention in found]


def same_date(left: Fact, right: Fact) -> bool:
    """Return whether two dates can be the same: equal, or one refines the other and both have a month.

    Days with a time of day and a time zone are compared in UTC. A day without a year and with a time is the same as
    this day of a year without a time.

    "--06" is the same as "2024-06", and "2024-06" the same as "2024-06-19". "2024" differs from "2024-06", because a
    year is too wide to identify an event. "--10-13" differs from "2024-10", because neither refines the other. Ranges
    are the same if both ends are.

    Args:
        left: A date.
        right: Another date.

    >>> june, month, day, year = (dates(text, "en")[0] for text in ("in June", "June 2024", "June 19, 2024", "in 2024"))
    >>> same_date(june, month), same_date(june, day), same_date(month, year), same_date(year, year)
    (True, True, False, True)
    """
    if left.value == right.value:
        return True
    left_ends, right_ends = left.value.split("/"), right.value.split("/")
    return len(left_ends) == len(right_ends) and all(map(_is_same, left_ends, right_ends))


def _is_same(left: str, right: str) -> bool:
    """Return whether two ends of dates can be the same: same month or part, and one has all the parts of the other."""
    left_utc, right_utc = in_utc(left), in_utc(right)
    if left_utc and right_utc:
        return left_utc == right_utc
    left_match, right_match = MONTH_OR_PART.fullmatch(left), MONTH_OR_PART.fullmatch(right)
    if not left_match or not right_match or left_match[2] != right_match[2]:
        return False
    left_year, right_year = (match[1].strip("-") for match in (left_match, right_match))
    if left_year and right_year and left_year != right_year:
        return False
    left_day, right_day = left_match[3], right_match[3]
    if left_day and right_day:  # one may have the year and the other the time
        return left_day == right_day and _is_same_time(left_match[4] or "", right_match[4] or "")
    return bool((left_year or not right_year) if left_day else (right_year or not left_year) if right_day else True)


def _is_same_time(left: str, right: str) -> bool:
    """Return whether two times of day can be the same: one of them may lack the seconds or the time zone.

    >>> _is_same_time("09:30", "09:30:15+02:00"), _is_same_time("09:30+02:00", "09:30Z"), _is_same_time("", "09:30")
    (True, False, True)
    """
    (left_clock, left_zone), (right_clock, right_zone) = (_split_zone(time) for time in (left, right))
    if left_zone and right_zone and left_zone != right_zone:
        return False
    return bool(left_clock.startswith(right_clock) or right_clock.startswith(left_clock))


def _split_zone(time: str) -> tuple[str, str]:
    clock = time.rstrip("Z").partition("+")[0].partition("-")[0]
    return clock, time[len(clock) :]


def in_utc(date: str) -> str:
    """Return a day with a time and a zone in UTC; an empty string for any other date.

    >>> in_utc("2024-10-08T01:30+02:00"), in_utc("--10-08T01:30+02:00")
    ('2024-10-07T23:30Z', '')
    """
    if not _ZONED.fullmatch(date):
        return ""
    try:
        moment = datetime.fromisoformat(date).astimezone(UTC)
    except ValueError:  # a leap second
        return ""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds" if date[_SECONDS] == ":" else "minutes") + "Z"


def _join_range(text: str, left: DateMention, right: DateMention, rules: Calendar) -> DateMention | None:
    """Join the two ends of a range, "de janvier à mars 2025", "2020–2024"; return None if there is no range."""
    gap = text[left.end : right.start]
    if left.period or right.period or any(left.last) or any(right.last):
        return None
    if len(gap) > MAX_RANGE_GAP or gap.count("\n") > 1 or not _is_range(text, left, gap, rules):
        return None
    first, last = left.first, right.first
    if (first.month > 0, first.day > 0) != (last.month > 0, last.day > 0):
        return None
    # A year at one end also applies to the other, or the adjacent year does: "de décembre à février 2025".
    if first.month and last.year and not first.year:
        first = first._replace(year=last.year - (first[1:] > last[1:]))
    elif first.year and not last.year:
        last = last._replace(year=first.year + (first[1:] > last[1:]))
    return DateMention(left.start, right.end, first, last) if first < last else None


def _is_range(text: str, left: DateMention, gap: str, rules: Calendar) -> bool:
    """Return whether the gap after a date is a dash or has the words of a range."""
    if RANGE_DASH.fullmatch(gap):
        return True
    between, before = fold_phrase(gap), words_before(text, left.start)
    if between in rules.words["joins"]:
        return True
    return any((" ".join(before[first:]), between) in rules.range_pairs for first in range(len(before)))


def _format_mention(mention: DateMention) -> str:
    return mention.period or "/".join(_format_date(date) for date in (mention.first, mention.last) if any(date))


def _format_date(date: PartialDate) -> str:
    """Format a day, a month or a year.

    >>> _format_date(PartialDate(2024, 6)), _format_date(PartialDate(0, 10, 13)), _format_date(PartialDate(1991))
    ('2024-06', '--10-13', '1991')
    """
    parts = [f"{date.year:04}" if date.year else "-", *(f"{part:02}" for part in (date.month, date.day) if part)]
    return "-".join(parts) + (f"T{date.time}" if date.time else "")
