"""The dates of a text, in forms after ISO 8601."""
# ruff: noqa: RUF002 - signs that look alike are the point

import re

from dedup.text.facts.dates.calendars import Calendar, calendar
from dedup.text.facts.dates.days import Date, Day, days
from dedup.text.facts.numbers.counted import behind
from dedup.text.facts.numbers.figures import DASHES, SPACES, folded
from dedup.text.spans import Fact

_DIGIT = re.compile(r"(?![0-9])\d")
# A date that tells the month, or a part of the year: the year or "-", the month, the day.
MONTH = re.compile(r"(\d{4}|-)-(\d\d|Q\d|H\d)(?:-(\d\d))?")
_DASH = re.compile(rf"[{SPACES}]?[{DASHES}][{SPACES}]?")
# Between the two ends of a range at most so many characters.
_FAR = 16


def dates(text: str, language: str) -> list[Fact]:
    """Find the dates of a text.

    Days are "2024-10-13" or "--10-13", months "2024-06" or "--06", years "2024", quarters "2025-Q2" or "--Q2", halves
    "2025-H1", decades "1990s", and ranges of two "2025-01/2025-02". In "5/6/2024" the day goes first, but in English
    the month, if it can. Four digits are a year after a word such as "since"; else if they lie between 1500 and 2100
    and count nothing: where a noun follows, "2000 people", they are none, except in English and German, which group
    the digits of most other numbers: there 1900 to 2100 are, unless they are round. Weekdays are none.

    Args:
        text: Any text.
        language: ISO 639-1 code.

    Returns:
        Facts of the kind "date", by start; none overlap.

    >>> [fact.value for fact in dates("entre le 8 et le 13 octobre, et dès le mois de juin", "fr")]
    ['--10-08/--10-13', '--06']
    >>> [fact.value for fact in dates("between January and February 2025; since 1991", "en")]
    ['2025-01/2025-02', '1991']
    """
    shown = _DIGIT.sub(lambda match: str(int(match[0])), text)
    rules = calendar(language)
    found: list[Date] = []
    for date in days(shown, language):
        whole = _join(shown, found[-1], date, rules) if found else None
        if whole:
            found[-1] = whole
        else:
            found.append(date)
    return [Fact("date", date.start, date.end, _value(date)) for date in found]


def same_date(left: Fact, right: Fact) -> bool:
    """Tell whether two dates may be the same: equal, or one refines the other and both tell the month.

    So "--06" is the same as "2024-06", and "2024-06" as "2024-06-19", but "2024" is not the same as "2024-06": too much
    happens in a year. Nor is "--10-13" the same as "2024-10": neither refines the other. Of ranges both ends must be.

    Args:
        left: A date.
        right: Another.

    >>> june, month, day, year = (dates(text, "en")[0] for text in ("in June", "June 2024", "June 19, 2024", "in 2024"))
    >>> same_date(june, month), same_date(june, day), same_date(month, year), same_date(year, year)
    (True, True, False, True)
    """
    if left.value == right.value:
        return True
    ends = left.value.split("/"), right.value.split("/")
    return len(ends[0]) == len(ends[1]) and all(map(_refines, *ends))


def _refines(left: str, right: str) -> bool:
    """Tell whether one of two dates says all that the other says, and both tell the month."""
    found = (MONTH.fullmatch(value) for value in (left, right))
    parts = [match for match in found if match]
    if len(parts) < 2 or parts[0][2] != parts[1][2]:
        return False
    one, other = ({(at, part) for at, part in enumerate(match.groups()) if part not in (None, "-")} for match in parts)
    return one <= other or other <= one


def _join(text: str, left: Date, right: Date, rules: Calendar) -> Date | None:
    """Make one of the two ends of a range: "de janvier à mars 2025", "2020–2024"."""
    gap = text[left.end : right.start]
    single = not (left.other or right.other or any(left.last) or any(right.last))
    if not single or len(gap) > _FAR or gap.count("\n") > 1 or not _is_join(text, left, gap, rules):
        return None
    first, last = left.first, right.first
    if (first.month > 0, first.day > 0) != (last.month > 0, last.day > 0):
        return None
    if first.month and last.year and not first.year:
        first = first._replace(year=last.year - (first[1:] > last[1:]))
    elif first.year and not last.year:
        last = last._replace(year=first.year + (first[1:] > last[1:]))
    return Date(left.start, right.end, first, last) if first < last else None


def _is_join(text: str, left: Date, gap: str, rules: Calendar) -> bool:
    if _DASH.fullmatch(gap):
        return True
    between, before = folded(gap), behind(text, left.start)
    opened = (" ".join(before[at:]) for at in range(len(before)))
    return between in rules.words["joins"] or any((word, between) in rules.around for word in opened)


def _value(date: Date) -> str:
    return date.other or "/".join(_form(day) for day in (date.first, date.last) if any(day))


def _form(day: Day) -> str:
    """Write a day, a month or a year.

    >>> _form(Day(2024, 6)), _form(Day(0, 10, 13)), _form(Day(1991))
    ('2024-06', '--10-13', '1991')
    """
    told = [f"{day.year:04}" if day.year else "-", *(f"{part:02}" for part in day[1:] if part)]
    return "-".join(told)
