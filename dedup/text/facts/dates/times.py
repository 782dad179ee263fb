"""Parse the times of day that belong to a date, and names of time zones."""
# ruff: noqa: RUF001 - Cyrillic letters and dashes are intended

import re
from functools import cache
from typing import Any, NamedTuple

from dedup.text.facts.numbers.figures import DASH_RANGE, NUMBER_SPACES, any_of_pattern, fold_phrase
from dedup.text.language import language_data

ZONES = (
    dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0)
    | {"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420}
    | {"west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "мск": 180}
    | {"hkt": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780}
)
"""Minutes east of UTC by lower-case name: those of RFC 822, and names with a single meaning, unlike "IST" and "BST"."""

_SPACE = rf"[{NUMBER_SPACES}]?"
_GAP = rf"(?:[{NUMBER_SPACES}]{{1,2}}|[ ]?\r?\n)"
# Maximum number of code points before a date in which its time is searched.
_MAX_BEFORE = 60
_OFFSET = re.compile(r"(?:UTC|GMT)?([+\-\u2212])(\d{1,2}):?(\d\d)?")
_NIGHT_ENDS, _NOON = 6, 12
_MINUTES = ("minute", "dotted", "joined", "later", "iso_minute")


class TimeRules(NamedTuple):
    """The patterns and words of times of day in a language."""

    after: re.Pattern[str]
    """A time after a date, with what separates them."""
    until: re.Pattern[str]
    """The last end of a range of times, after the first."""
    before: re.Pattern[str]
    """A time before a date, with what separates them."""
    halves: dict[str, str]
    """Folded parts of the day, each with "am", "pm" or "night"."""
    noon: frozenset[str]
    """Folded words for 12:00; other words for a time are midnight."""


class TimeMention(NamedTuple):
    """A time of day with its position in a text."""

    start: int
    """Offset of the first code point."""
    end: int
    """Offset after the last code point."""
    first: str
    """The time as in ISO 8601, "06:11", "10:55:50", "09:30Z", or the first end of a range."""
    last: str = ""
    """The last end of a range; empty if the time is not a range."""


@cache
def time_rules(language: str) -> TimeRules:
    """Build the rules of times of day in a language; without a data file they cover times in figures only.

    Args:
        language: ISO 639-1 code.

    >>> time_rules("en").after.match(" at 6:11 a.m., he said")[0]
    ' at 6:11 a.m.'
    """
    dates: dict[str, Any] = language_data(language).get("dates", {})
    data: dict[str, list[str]] = dates.get("times", {})
    at = any_of_pattern(data.get("at", ()))
    weekday = any_of_pattern(dates.get("weekdays", ()))
    cue = any_of_pattern([*dates.get("day_cues", ()), *dates.get("of", ())])
    joins = any_of_pattern(dates.get("joins", ()))
    clock = _clock_pattern(data)
    halves = {name: data.get(name, []) for name in ("am", "pm", "night")}
    return TimeRules(
        after=re.compile(
            rf"(?:(?P<iso>T)(?=\d)|(?:,?{_GAP}\(?{weekday}\b\.?\)?)?(?:,{_GAP}?|{_GAP}|[ ][-–][ ])(?P<at>{at}{_GAP})?)"
            rf"{clock}"
        ),
        until=re.compile(rf"(?P<iso>(?!))?(?:{_SPACE}[{DASH_RANGE}]{_SPACE}|{_GAP}(?P<at>{joins}{_GAP})){clock}"),
        before=re.compile(
            rf"(?<![\w.,:/$€£+-])(?P<iso>(?!))?(?P<at>{at}{_GAP})?{clock}(?:,?{_GAP})"
            rf"(?P<between>(?:{cue}{_GAP})?(?:{weekday}\.?,?{_GAP})?(?:{cue}{_GAP})?)\Z"
        ),
        halves={fold_phrase(word): name for name, found in halves.items() for word in found},
        noon=frozenset(map(fold_phrase, data.get("noon", ()))),
    )


def time_after(text: str, end: int, language: str) -> TimeMention | None:
    """Return the time of day that follows a date.

    Args:
        text: Any text whose decimal digits are ASCII.
        end: Offset after the date.
        language: ISO 639-1 code.

    >>> time_after("9 April 2013 at 6:11 a.m.", 12, "en")
    TimeMention(start=12, end=25, first='06:11', last='')
    >>> time_after("18. Februar, 9.30-11.00 Uhr", 11, "de")
    TimeMention(start=11, end=27, first='09:30', last='11:00')
    """
    rules = time_rules(language)
    match = rules.after.match(text, end)
    if match is None:
        return None
    until = rules.until.match(text, match.end())
    if until:
        half = until["half"] if not match["half"] else None
        first, last = _format(match, rules, half), _format(until, rules)
        if first and last and first[:5] < last[:5]:
            return TimeMention(end, until.end(), first, last)
    time = _format(match, rules)
    return TimeMention(end, match.end(), time) if time and _is_certain(match) else None


def time_before(text: str, begin: int, start: int, language: str) -> TimeMention | None:
    """Return the time of day that precedes a date.

    Args:
        text: Any text whose decimal digits are ASCII.
        begin: Offset from which the text can belong to the date.
        start: Offset of the date.
        language: ISO 639-1 code.

    >>> time_before("at 8:25 a.m. Dec. 12, 2014", 0, 13, "en")
    TimeMention(start=3, end=13, first='08:25', last='')
    """
    piece = text[max(begin, start - _MAX_BEFORE) : start]
    if not any(map(str.isdigit, piece)):
        return None
    rules = time_rules(language)
    match = rules.before.search(piece)
    time = _format(match, rules) if match and not match["word"] and _is_certain(match) else ""
    if not match or not time:
        return None
    offset = start - len(piece)
    return TimeMention(match.start("clock") + offset, start, time)


def _clock_pattern(data: dict[str, list[str]]) -> str:
    """Build the pattern of a time of day with its zone; it refers to a group "at" before it."""
    hours, long_hours, minutes, words = (
        any_of_pattern(found)
        for found in (
            data.get("hours", ["h"]),
            data.get("long_hours", ()),
            data.get("minutes", ()),
            [*data.get("noon", ()), *data.get("midnight", ())],
        )
    )
    parts = [word for name in ("am", "pm", "night") for word in data.get(name, ())]
    # A point belongs to "a.m.", but not to "am" at the end of a sentence.
    half = rf"(?P<half>{any_of_pattern(parts)})(?!\w)(?:(?:(?<=\.[mM])|(?<=\. [mM]))\.)?"
    hour_word = rf"(?:(?P<hours>{hours})|(?P<long>{long_hours}))"
    zones = "|".join(sorted([*map(str.upper, ZONES), "мск"], key=len, reverse=True))
    offset = r"[+\-\u2212]\d{1,2}(?::?\d\d)?"
    # A hyphen after a time begins the end of a range, "9:30-11:00", except in ISO 8601 and in e-mail.
    zone = (
        rf"(?P<zone>(?:UTC|GMT){offset}|(?:{zones})|(?<=\d)\+\d\d:?\d\d|(?<=\s)[+-]\d{{4}}"
        r"|(?(iso)[-\u2212]\d\d(?::?\d\d)?|(?!)))"
    )
    any_half = half.replace("?P<half>", "?:")
    dotted = rf"(?={_SPACE}(?:{any_half}|{hours}(?!\w)|[{DASH_RANGE}]))"
    if data.get("dots"):
        dotted = rf"(?:{dotted}|(?(at)|(?!)))"
    return (
        rf"(?P<clock>(?P<hour>2[0-4]|[01]?\d)(?:"
        rf":(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d|60)(?:[.,]\d{{1,9}})?)?"
        rf"|\.(?P<dotted>[0-5]\d){dotted}"
        r"|(?(iso)(?P<iso_minute>[0-5]\d)(?P<iso_second>[0-5]\d)?|(?!))"
        rf"|(?P<joined>[0-5]\d)(?={_SPACE}(?:hours[ ])?(?:GMT|UTC))|(?={_SPACE}{any_half})"
        rf"|(?={_SPACE}(?:{hours}|{long_hours})(?![^\W\d])))"
        rf"(?:{_SPACE}{hour_word}(?![^\W\d])(?:\.?{_SPACE}(?P<later>[0-5]\d)(?!\d|[.,]\d)(?:{_SPACE}{minutes}(?!\w)\.?)?)?)?"
        rf"(?:{_SPACE}{half})?(?:[ ]hours(?=[ ](?:GMT|UTC)))?(?:{_SPACE}{zone}(?![\w:]))?"
        rf"|(?P<word>{words})(?!\w))(?!\w|[:/]\d|[{NUMBER_SPACES}]?[%€$£])"
    )


def _is_certain(match: re.Match[str]) -> bool:
    """Return whether a time can be nothing else, such as a duration or the result of a match."""
    named = match["at"] or match["half"] or match["zone"]
    if match["long"] and not named:
        return False
    # "21:15 on 8 October"
    return bool(not match.groupdict().get("between") or named or match["hours"])


def _format(match: re.Match[str], rules: TimeRules, half: str | None = None) -> str:
    """Return a time as in ISO 8601; empty if it does not exist."""
    if match["word"]:
        return "12:00" if fold_phrase(match["word"]) in rules.noon else "00:00"
    hour = int(match["hour"])
    part = rules.halves.get(fold_phrase(match["half"] or half or ""), "")
    minute = next(filter(None, map(match.group, _MINUTES)), "00")
    if part and hour <= _NOON:
        is_late = part == "pm" or (part == "night" and _NIGHT_ENDS <= hour < _NOON)
        hour = hour % _NOON + _NOON * is_late if hour else 0
    if hour == 24:
        return ""  # the end of a day, which is the start of another
    second = match["second"] or match["iso_second"]
    return f"{hour:02}:{minute}{f':{second}' if second else ''}{_format_zone(match['zone'])}"


def _format_zone(zone: str | None) -> str:
    """Return a time zone as in ISO 8601: "Z", "+02:00"."""
    if not zone:
        return ""
    minutes = ZONES.get(zone.lower())
    if minutes is None:
        match = _OFFSET.fullmatch(zone)
        if match is None:
            return ""
        minutes = (1 if match[1] == "+" else -1) * (60 * int(match[2]) + int(match[3] or 0))
    if not minutes:
        return "Z"
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
