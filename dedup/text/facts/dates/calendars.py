"""How a language writes dates: its data, made into patterns and tables."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from dedup.text.facts.numbers.figures import DASHES, SPACES, either, folded, initials
from dedup.text.language import language_data
from dedup.text.tokens import UNSPACED

_GAP = rf"(?:[{SPACES}]{{1,2}}|[ ]?\r?\n)"
_BEGIN = r"(?<![\w.,:/$€£¥#+])(?<![\W\dA-Z]-)"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?!\d)"
_YEAR = r"(?:1[5-9]\d\d|20\d\d|2100)(?!\w|[.,]\d)"
_WORDS = ("month_cues", "year_cues", "decade_cues", "joins")


class Calendar(NamedTuple):
    """How a language writes dates."""

    language: str
    date: re.Pattern[str]
    """Where one may stand; the outermost group names its kind."""
    months: dict[str, int]
    """Folded names of months to their number."""
    short: frozenset[str]
    """Those that are abbreviations."""
    unsure: frozenset[str]
    """Those that are other words too."""
    parts: dict[str, str]
    """Folded names of quarters and halves to "Q" and "H", and folded ordinals to the number of one."""
    words: dict[str, frozenset[str]]
    """Folded words before months, years and tens of years ("month_cues", "year_cues", "decade_cues"), or between the
    ends of a range ("joins")."""
    around: frozenset[tuple[str, str]]
    """Folded words before the first end of a range, and between the ends."""
    capital: bool
    """Whether months have a capital inside a sentence."""
    month_first: bool
    """Whether a month goes before its day."""
    year_nouns: bool
    """Whether a year may stand before a noun."""


@cache
def calendar(language: str) -> Calendar:
    """Read how a language writes dates; of one without a data file, only figures are known.

    Args:
        language: ISO 639-1 code.
    """
    data: dict[str, Any] = language_data(language).get("dates", {})
    months, short = (
        {folded(word): at for at, found in enumerate(data.get(name, ()), 1) for word in found}
        for name in ("months", "short")
    )
    parts = {folded(word): kind for kind, found in data.get("parts", {}).items() for word in found}
    ordinals = {folded(word): number for number, found in data.get("ordinals", {}).items() for word in found}
    return Calendar(
        language=language,
        date=re.compile(_pattern(data)),
        months=months | short,
        short=frozenset(short),
        unsure=frozenset(map(folded, data.get("unsure", ()))),
        parts=parts | ordinals,
        words={name: frozenset(map(folded, data.get(name, ()))) for name in _WORDS},
        around=frozenset((folded(before), folded(between)) for before, between in data.get("between", ())),
        capital=any(found[0][0].isupper() for found in data.get("months", ())),
        month_first=data.get("month_first", False),
        year_nouns=data.get("year_nouns", not data),
    )


def _pattern(data: dict[str, Any]) -> str:
    """Make the pattern of all kinds of dates, each a group that is named for its reader."""

    def words_of(name: str) -> list[str]:
        found = data.get(name, ())
        return [word for words in (found.values() if isinstance(found, dict) else found) for word in words]

    def all_of(name: str) -> str:
        return either(words_of(name))

    month = rf"(?:{all_of('months')}(?!\w)|{all_of('short')}(?!\w)\.?)"
    ends, year_ends, tens = (_suffix(data.get(name, ())) for name in ("days", "year_ends", "decade_ends"))
    of = rf"(?:{either(data.get('of', ()))}{_GAP})?"
    inner = either([*data.get("joins", ()), *data.get("ands", ())])
    to = rf"(?:{_GAP}?[{DASHES}/]{_GAP}?|{_GAP}{inner}{_GAP}(?:{either(data.get('weekdays', ()))},?{_GAP})?)"
    year_end = rf"(?:{_GAP}?{year_ends}(?!\w))?"
    then_year = rf"(?:(?:,?{_GAP}|-){of}(?P<%s>{_YEAR}){year_end})?"
    second = rf"(?:{_GAP}(?P<day_2>{_DAY}){ends}?(?!\w|[.,:]\d|{_GAP}?[%€])(?:{to}(?P<until_2>{_DAY}){ends}?(?!\w))?)?"
    part = rf"(?P<ordinal>{all_of('ordinals')})(?:{_GAP}|-)(?P<part>{all_of('parts')})(?!\w)"
    kinds = {
        "day": rf"{_BEGIN}(?:(?P<from_1>{_DAY}){ends}?{to})?(?P<day_1>{_DAY}){ends}?(?:{_GAP}|-|(?<=\.)){of}"
        rf"(?P<month_1>{month})" + then_year % "year_1",
        "month": rf"(?<!\w)(?<![\W\dA-Z]-)(?P<month_2>{month})"
        + (second if data.get("month_first") else "(?P<day_2>(?!))?(?P<until_2>(?!))?")
        + then_year % "year_2",
        "iso": rf"{_BEGIN}(?P<y>\d{{4}})(?P<sign>[-/])(?P<m>0[1-9]|1[0-2])"
        r"(?:(?P=sign)(?P<d>0[1-9]|[12]\d|3[01]))?(?!\d|[-/.,]\d)",
        "figures": rf"{_BEGIN}(?P<a>\d{{1,2}})(?P<mark>[./-])(?P<b>\d{{1,2}})(?P=mark)(?P<c>\d{{4}}|\d\d)"
        r"(?!\w|[-/.,]\d)",
        "quarter": rf"(?<!\w)(?:{part}(?:{_GAP}{of}(?P<year_3>{_YEAR}){year_end})?"
        rf"|[QT](?P<number>[1-4])(?:{_GAP}|-)?(?P<year_4>{_YEAR}))",
        "tens": rf"(?<!\w)(?:{either(data.get('decades', ()))}{_GAP})(?P<tens_1>(?:1[5-9]\d|20\d|[1-9])0)(?!\w)"
        rf"|{_BEGIN}(?P<tens_2>(?:1[5-9]\d|20\d|[3-9])0)(?P<tens_end>{tens})(?!\w)",
        "han": r"(?P<y_h>(?:1[5-9]|20)\d\d)\s?[年년](?:\s?(?P<m_h>\d{1,2})\s?[月월](?:\s?(?P<d_h>\d{1,2})\s?[日일])?)?",
        "year": rf"{_BEGIN}(?P<year_5>1[5-9]\d\d|20\d\d|2100)(?:[{DASHES}/](?P<until_5>\d{{4}}|\d\d))?"
        rf"(?!\w|[.,:/]\d|[{DASHES}]\d)(?P<year_end>{year_end})"
        rf"|{_BEGIN}(?P<year_6>1[5-9]\d\d|20\d\d)(?P<year_end_6>{year_ends})(?!\w)",
    }
    names = [word for name in ("months", "short", "ordinals") for word in words_of(name)]
    first = initials(["Q", "T", *names, *data.get("decades", ())])
    pattern = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items())
    return rf"(?<![^\W{UNSPACED}])(?={first})(?:{pattern})"


def _suffix(endings: Iterable[str]) -> str:
    """Make a pattern for endings of figures; one that never matches if there are none."""
    return f"(?:{'|'.join(map(re.escape, sorted(endings, key=len, reverse=True))) or '(?!)'})"
