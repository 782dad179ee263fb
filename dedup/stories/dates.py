"""Read the dates of documents, and find which document of a story is the earliest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from dedup.corpus import Corpus
from dedup.corpus.types import is_json, is_string
from dedup.corpus.values import Instant, is_no_value, parse_instant
from dedup.corpus.values.instants import DATE_ORDERS, DateOrder, Precision, date_orders, date_style, parse_epoch

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS: dict[Precision, int] = {"week": 604_800, "day": 86_400, "hour": 3600, "minute": 60, "second": 0}
_MONTHS: dict[Precision, int] = {"month": 1, "quarter": 3, "year": 12}
_ORDER_NAMES: dict[DateOrder, str] = {"DMY": "day/month/year", "MDY": "month/day/year", "YMD": "year/month/day"}


class Period(NamedTuple):
    """The time that the date of a document states: a day from its start to the next, or an instant."""

    start: tuple[int, Decimal]
    """Seconds since 1970-01-01T00:00:00Z, and the fraction of a second."""
    end: tuple[int, Decimal]
    """As `start`; exclusive for a period longer than an instant."""

    def iso(self) -> str:
        """Return the start as in ISO 8601, without the time if the period is a day or longer; empty before year 1.

        >>> DateReading().period("2024-06-19T14:20+02:00").iso(), DateReading().period("June 2024").iso()
        ('2024-06-19T12:20:00Z', '2024-06-01')
        """
        moment = _moment(self.start[0])
        if moment is None:
            return ""
        is_day = self.seconds >= _SECONDS["day"]
        return moment.date().isoformat() if is_day else f"{moment.replace(tzinfo=None).isoformat()}Z"

    @property
    def seconds(self) -> int:
        """Length in seconds; 0 for an instant.

        >>> DateReading().period("2024-06-19").seconds, DateReading().period("2024-06-19T14:20:05Z").seconds
        (86400, 0)
        """
        return self.end[0] - self.start[0]

    def last_day(self) -> str:
        """Return the last day in ISO form, in UTC; empty before year 1.

        >>> DateReading().period("June 2024").last_day()
        '2024-06-30'
        """
        moment = _moment(max(self.start[0], self.end[0] - 1))
        return "" if moment is None else moment.date().isoformat()


def _moment(seconds: int) -> datetime | None:
    """Return an instant in UTC; None before the year 1, as for the start of its first day in some time zones."""
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None


@dataclass(frozen=True)
class DateReading:
    """How the dates of a column are read."""

    orders: tuple[tuple[str, DateOrder], ...] = ()
    """The order of day, month and year in each style of dates of three numbers; see `date_style`."""
    notes: tuple[str, ...] = ()
    """Remarks for the user on dates that are not understood, or that have several meanings."""

    def period(self, written: str | None) -> Period | None:
        """Return the period of a date; None if there is none, or if it is not understood.

        Args:
            written: The value of the date column.

        >>> DateReading().period("2024-06-19").end[0] - DateReading().period("2024-06-19").start[0]
        86400
        >>> DateReading().period("01/02/2024")
        """
        instant = self._instant(written)
        return _period(instant) if instant else None

    def iso(self, written: str | None) -> str | None:
        """Return a date in ISO 8601, as precise as it is stated; None if there is none, or if it is not understood.

        A time with a zone is in UTC, with a "Z"; a fraction of a second is left out.

        Args:
            written: The value of the date column.

        >>> reading = DateReading()
        >>> [reading.iso(date) for date in ("Oct 2024", "8 October 2024", "2024-10-08T14:03+02:00", "soon", None)]
        ['2024-10', '2024-10-08', '2024-10-08T12:03Z', None, None]
        """
        instant = self._instant(written)
        return _iso(instant) if instant else None

    def _instant(self, written: str | None) -> Instant | None:
        text = _unquoted(written)
        instant = _parse(text) if text else None
        if instant is None and (order := dict(self.orders).get(date_style(text))):
            instant = parse_instant(text, order)
        return instant


def read_corpus_dates(corpus: Corpus) -> DateReading:
    """Decide how the dates of a corpus are read, from all values of its date column.

    Args:
        corpus: The corpus.
    """
    column = corpus.columns.date
    if not column:
        return DateReading()
    field = corpus.schema.field(column)
    if not (is_string(field.type) or is_json(field)):
        return DateReading()  # dates and times, or numbers, which are read one by one
    return read_dates(value for _, batch in corpus.batches([column]) for value in batch.column(0).to_pylist())


def read_dates(values: Iterable[Any]) -> DateReading:
    """Decide how the dates of a column are read.

    The order of day and month in dates such as "01/02/2024" is that of the dates of the same style that have only one,
    such as "31/01/2024". Otherwise these dates are not read.

    Args:
        values: The values of the column as text; None for a missing value.

    >>> read_dates(["01/02/2024", "31/01/2024", "soon"]).notes
    ("dates such as '01/02/2024' are read as day/month/year", "1 date of a document is not understood: 'soon'")
    """
    possible: dict[str, frozenset[DateOrder]] = {}
    ambiguous: dict[str, list[str]] = {}
    unread: Counter[str] = Counter()
    zones = {False: 0, True: 0}
    for value in values:
        text = _unquoted(value)
        if not text:
            continue
        if orders := date_orders(text):
            style = date_style(text)
            possible[style] = possible.get(style, frozenset(DATE_ORDERS)) & orders
        if instant := _parse(text):
            zones[instant.has_zone] += 1
        elif orders:
            ambiguous.setdefault(style, []).append(text)
        else:
            unread[text] += 1
    chosen = {style: next(iter(orders)) for style, orders in possible.items() if len(orders) == 1}
    return DateReading(tuple(chosen.items()), tuple(_notes(chosen, ambiguous, unread, zones)))


def order_by_date(periods: Mapping[int, Period | None]) -> list[int]:
    """Return the documents in order of date; an empty list unless all have a date.

    Args:
        periods: The period of each document by rank.
    """
    starts = {doc: period.start for doc, period in periods.items() if period}
    return sorted(starts, key=lambda doc: (starts[doc], doc)) if len(starts) == len(periods) else []


def earliest(periods: Mapping[int, Period | None]) -> int | None:
    """Return the document whose date is before all others; None if the dates do not decide.

    A day is not before a time on that day, nor a month before a day in it.

    Args:
        periods: The period of each document by rank.

    >>> reading = DateReading()
    >>> earliest({doc: reading.period(date) for doc, date in enumerate(["2024-06-19T14:20", "2024-06-20"])})
    0
    >>> earliest({doc: reading.period(date) for doc, date in enumerate(["2024-06-19T14:20", "2024-06-19"])})
    """
    order = order_by_date(periods)
    # The second in order has the earliest start of all others.
    return order[0] if len(order) > 1 and is_before(periods[order[0]], periods[order[1]]) else None


def is_before(left: Period | None, right: Period | None) -> bool:
    """Return whether one date is certainly before another: its period has ended when the other begins.

    Args:
        left: A period; None if there is no date.
        right: Another period.

    >>> days = [DateReading().period(date) for date in ("2024-06-19", "2024-06-19T14:20", "2024-06-20")]
    >>> is_before(days[0], days[1]), is_before(days[1], days[2]), is_before(None, days[2])
    (False, True, False)
    """
    return left is not None and right is not None and left.end <= right.start and left.start < right.start


def _notes(
    chosen: Mapping[str, DateOrder],
    ambiguous: Mapping[str, list[str]],
    unread: Mapping[str, int],
    zones: Mapping[bool, int],
) -> Iterator[str]:
    """Yield what users should know about the dates of a column."""
    for style, texts in ambiguous.items():
        if style in chosen:
            yield f"dates such as {texts[0]!r} are read as {_ORDER_NAMES[chosen[style]]}"
        else:
            yield (
                f"{_count(len(texts))} not understood, since the order of day and month is unknown: {texts[0]!r}; "
                "write YYYY-MM-DD"
            )
    if unread:
        total, example = sum(unread.values()), next(iter(unread))
        yield f"{_count(total)} not understood{', such as' if total > 1 else ':'} {example!r}"
    if zones[True] and zones[False]:
        yield "some dates of documents have no time zone and count as UTC"


def _count(number: int) -> str:
    return f"{number:,} dates of documents are" if number > 1 else "1 date of a document is"


def _unquoted(value: Any) -> str:
    """Return a value as text, without the quotes of JSON; an empty string for a missing value."""
    text = "" if value is None else str(value).strip()
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        try:
            text = str(json.loads(text)).strip()
        except ValueError:
            return text
    return "" if is_no_value(text) else text


@lru_cache(1 << 10)  # `iso` and `period` are asked for the same date, and many documents have the same day
def _parse(text: str) -> Instant | None:
    return parse_instant(text) or parse_epoch(text)


def _iso(instant: Instant) -> str | None:
    """Return an instant in ISO 8601 with the precision that it has; None before year 1 and after year 9999."""
    # A day with a zone begins at another time than midnight in UTC: it is the day that has most of it.
    is_time = instant.precision in ("hour", "minute", "second")
    try:
        moment = _EPOCH + timedelta(seconds=instant.seconds + (0 if is_time else 43_200))
    except OverflowError:
        return None
    if instant.precision == "week":
        year, week, _ = moment.isocalendar()
        return f"{year:04}-W{week:02}"
    if instant.precision == "quarter":
        return f"{moment.year:04}-Q{(moment.month + 2) // 3}"
    size = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}[instant.precision]
    return moment.replace(tzinfo=None).isoformat()[:size] + "Z" * (is_time and instant.has_zone)


def _period(instant: Instant) -> Period:
    """Return the period that a date states; a second counts as an instant."""
    months = _MONTHS.get(instant.precision)
    if not months:
        return Period(instant.key, (instant.seconds + _SECONDS[instant.precision], instant.fraction))
    first = (_EPOCH + timedelta(seconds=instant.seconds)).date()
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    days = date(year, month + 1, 1) - first if year <= date.max.year else date.max - first
    return Period(instant.key, (instant.seconds + days.days * _SECONDS["day"], instant.fraction))
