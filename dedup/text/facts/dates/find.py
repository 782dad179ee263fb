"""Find the dates of a text, in forms based on ISO 8601, and compare them."""
# ruff: noqa: RUF002 - look-alike dashes are intended

import re

from dedup.text.facts.dates.calendars import Calendar, calendar
from dedup.text.facts.dates.days import DateMention, PartialDate, date_mentions
from dedup.text.facts.numbers.context import words_before
from dedup.text.facts.numbers.figures import DASH_RANGE, NUMBER_SPACES, fold_phrase
from dedup.text.spans import Fact

MONTH_OR_PART = re.compile(r"(\d{4}|-)-(\d\d|Q\d|H\d)(?:-(\d\d)(?:T(\d\d:.+))?)?")
"""The value of a date with a month, a quarter or a half. Groups: the year or "-"; the month or part; the day; the time
of day."""

_NON_ASCII_DIGIT = re.compile(r"(?![0-9])\d")
_DASH = re.compile(rf"[{NUMBER_SPACES}]?[{DASH_RANGE}][{NUMBER_SPACES}]?")
# Maximum number of code points between the two ends of a range.
_MAX_RANGE_GAP = 16


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
    ascii_digits = _NON_ASCII_DIGIT.sub(lambda match: str(int(match[0])), text)
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
    return len(left_ends) == len(right_ends) and all(map(_refines, left_ends, right_ends))


def _refines(left: str, right: str) -> bool:
    """Return whether both dates have the same month or part, and one of them has all the parts of the other."""
    left_match, right_match = MONTH_OR_PART.fullmatch(left), MONTH_OR_PART.fullmatch(right)
    if not left_match or not right_match or left_match[2] != right_match[2]:
        return False
    left_parts, right_parts = (
        {(at, part) for at, part in enumerate(match.groups()) if part not in (None, "-")}
        for match in (left_match, right_match)
    )
    return left_parts <= right_parts or right_parts <= left_parts


def _join_range(text: str, left: DateMention, right: DateMention, rules: Calendar) -> DateMention | None:
    """Join the two ends of a range, "de janvier à mars 2025", "2020–2024"; return None if there is no range."""
    gap = text[left.end : right.start]
    if left.period or right.period or any(left.last) or any(right.last):
        return None
    if len(gap) > _MAX_RANGE_GAP or gap.count("\n") > 1 or not _is_range(text, left, gap, rules):
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
    if _DASH.fullmatch(gap):
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
