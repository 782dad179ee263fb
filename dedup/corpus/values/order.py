"""Order the values of a column of strings: as numbers, as dates, as booleans, or as text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.corpus.values.instants import (
    DATE_ORDERS,
    DateOrder,
    date_orders,
    date_style,
    parse_instant,
    resembles_date,
)
from dedup.corpus.values.missing import is_no_value
from dedup.corpus.values.numbers import DECIMAL_MARKS, DecimalMark, has_separators, parse_number, resembles_number

# Digits of years and compact dates: their order as numbers and as dates differs if the lengths do.
COMPACT_DATE_LENGTHS = frozenset((4, 8, 12, 14))

_FIGURE = re.compile(r"\d")
_SLICE = 1 << 16
_WORDS_OF_ORDER = {"DMY": "day/month/year", "MDY": "month/day/year", "YMD": "year/month/day"}


class Kind(IntEnum):
    """The kind of a value of a column."""

    NOTHING = 0
    """Empty, or a mark of a missing value."""
    NUMBER = 1
    """A number without a decimal comma."""
    SEPARATED_NUMBER = 2
    """A number with commas, or with several points: its meaning depends on the column."""
    NUMBER_OR_DATE = 3
    """A year or a compact date, such as "2024" or "20240501"."""
    PERCENTAGE = 4
    DATE = 5
    """A date or time with a single meaning."""
    THREE_NUMBERS = 6
    """A date such as "01/02/2024": its meaning depends on the column."""
    BOOLEAN = 7
    """True or false of JSON."""
    BOOLEAN_WORD = 8
    """The text "true" or "false"."""
    TEXT = 9
    RESEMBLING = 10
    """Resembles a number or a date, but cannot be read."""
    NESTED = 11
    """A list or an object of JSON."""


_NUMBERS = (Kind.NUMBER, Kind.SEPARATED_NUMBER, Kind.NUMBER_OR_DATE)
_DATES = (Kind.DATE, Kind.THREE_NUMBERS, Kind.NUMBER_OR_DATE)
# The kinds that a message about values without a common order distinguishes.
_GROUPS = {
    "numbers": (Kind.NUMBER, Kind.SEPARATED_NUMBER),
    "years or compact dates": (Kind.NUMBER_OR_DATE,),
    "percentages": (Kind.PERCENTAGE,),
    "dates": (Kind.DATE, Kind.THREE_NUMBERS),
    "booleans": (Kind.BOOLEAN, Kind.BOOLEAN_WORD),
    "text": (Kind.TEXT,),
    "values like numbers or dates that cannot be read": (Kind.RESEMBLING,),
    "lists or objects": (Kind.NESTED,),
}


class NoOrder(Exception):  # noqa: N818 - internal: the caller adds the option and examples
    """The values of a column have no common order."""

    def __init__(self, problem: str, advice: str, groups: Sequence[tuple[str, NDArray[np.int64]]]) -> None:
        """Describe why.

        Args:
            problem: What is wrong.
            advice: What to do about it.
            groups: A noun for each group of values, and their indices.
        """
        super().__init__(problem)
        self.problem, self.advice, self.groups = problem, advice, groups


@dataclass(frozen=True)
class Ranking:
    """The order of values."""

    ranks: NDArray[np.int64]
    """Rank of each value from 0, shape (values,): equal values share it; -1 for a missing value."""
    notes: tuple[str, ...] = ()
    """How values were read that have several meanings."""


def rank_strings(values: pa.LargeStringArray, is_json: bool = False) -> Ranking:
    """Rank the values of a column of strings.

    - Numbers are compared exactly. Commas and points are read as the other values of the column require: "1.5" makes
      a comma a thousands separator. Percentages are compared with each other only.
    - Dates are compared as instants; see `parse_instant`. A period counts from its start, a time without a zone as UTC.
      The order of day and month is decided by the values of the column that have only one. Years and compact dates
      are dates if another value is a date.
    - False comes before true.
    - Text is compared by code points, if no value is a number or a date. Values that only resemble numbers or dates
      count as text if they are less than half of the values.

    Args:
        values: The distinct values; none is null.
        is_json: Whether the values are JSON.

    Returns:
        The ranks.

    Raises:
        NoOrder: The values are of several kinds, or have several meanings.

    >>> rank_strings(pa.array(["10", "n/a", "9", "9.0"], pa.large_string())).ranks.tolist()
    [1, -1, 0, 0]
    """
    column = _Column(values, is_json)
    present = frozenset(column.present)
    if not present:
        return Ranking(np.full(len(values), -1, np.int64))
    if present == {Kind.NUMBER_OR_DATE}:
        _refuse_mixed_compact_dates(column)
    if present <= {*_NUMBERS} or present == {Kind.PERCENTAGE}:
        return _rank_numbers(column)
    if present <= {*_DATES}:
        return _rank_dates(column)
    if present <= {Kind.BOOLEAN, Kind.BOOLEAN_WORD}:
        return Ranking(column.rank(lambda text: text.strip().lower() == "true"))
    if present <= {Kind.TEXT, Kind.BOOLEAN_WORD, Kind.RESEMBLING}:
        resembling = np.count_nonzero(column.kinds == Kind.RESEMBLING)
        if 2 * resembling < np.count_nonzero(column.kinds != Kind.NOTHING):
            return Ranking(column.rank_text())
    raise _no_common_order(column)


class _Column:
    """The values of a column with their kinds."""

    def __init__(self, values: pa.LargeStringArray, is_json: bool) -> None:
        self.values, self.is_json = values, is_json
        self.kinds = np.fromiter((_kind(value) for value in self._decoded()), np.uint8, len(values))
        self.present = [Kind(kind) for kind in np.unique(self.kinds) if kind != Kind.NOTHING]

    def _decoded(self) -> Iterator[Any]:
        for first in range(0, len(self.values), _SLICE):
            part = self.values.slice(first, _SLICE).to_pylist()
            yield from map(_decode_json, part) if self.is_json else part

    def texts(self) -> Iterator[tuple[int, str, int]]:
        """Yield index, text and kind of each value that is not missing."""
        for index, (value, kind) in enumerate(zip(self._decoded(), self.kinds.tolist(), strict=True)):
            if kind:  # not Kind.NOTHING
                yield index, value.text if isinstance(value, _Literal) else value, kind

    def at(self, *kinds: Kind) -> NDArray[np.int64]:
        """Return the indices of the values of some kinds, shape (n,)."""
        return np.flatnonzero(np.isin(self.kinds, kinds))

    def rank(self, key: Callable[[str], Any]) -> NDArray[np.int64]:
        """Return the ranks of the values by a sort key, shape (values,)."""
        return self.rank_keys([(key(text), index) for index, text, _ in self.texts()])

    def rank_keys(self, keys: list[tuple[Any, int]]) -> NDArray[np.int64]:
        """Return the ranks of the values by sort keys, shape (values,); -1 for a value without a key.

        Args:
            keys: Pairs of a sort key and the index of its value.
        """
        ranks = np.full(len(self.values), -1, np.int64)
        keys.sort(key=lambda pair: pair[0])
        rank, previous = -1, None
        for key, index in keys:
            if rank < 0 or key != previous:
                rank, previous = rank + 1, key
            ranks[index] = rank
        return ranks

    def rank_text(self) -> NDArray[np.int64]:
        """Return the ranks of the values by code points, in the order of UTF-8 bytes, shape (values,)."""
        texts = self.values
        if self.is_json:
            texts = pa.array([getattr(value, "text", value) for value in self._decoded()], pa.large_string())
        missing = self.kinds == Kind.NOTHING
        order = np.asarray(pc.sort_indices(texts))
        order = order[~missing[order]]
        ranks = np.full(len(texts), -1, np.int64)
        ranks[order] = np.arange(order.size)
        return ranks


@dataclass(frozen=True, slots=True)
class _Literal:
    """A JSON value other than a string, as it is written."""

    text: str


def _decode_json(text: str) -> str | _Literal:
    if text.startswith('"'):
        try:
            value = json.loads(text)
        except ValueError:
            return text
        return value if isinstance(value, str) else text
    return _Literal(text)


def _kind(value: str | _Literal) -> Kind:
    is_literal = isinstance(value, _Literal)
    text = value.text if isinstance(value, _Literal) else value
    if is_no_value(text):
        return Kind.NOTHING
    if is_literal and text[0] in "[{":
        return Kind.NESTED
    stripped = text.strip()
    if stripped[:6].lower() in ("true", "false"):
        return Kind.BOOLEAN if is_literal else Kind.BOOLEAN_WORD
    if not _FIGURE.search(stripped):
        return Kind.NUMBER if _is_number(stripped) else Kind.TEXT  # infinity
    if _is_number(stripped.removesuffix("%")):
        if stripped.endswith("%"):
            return Kind.PERCENTAGE
        if len(stripped) in COMPACT_DATE_LENGTHS and stripped[0] in "12" and parse_instant(stripped):
            return Kind.NUMBER_OR_DATE
        return Kind.SEPARATED_NUMBER if has_separators(stripped) else Kind.NUMBER
    if date_orders(stripped):
        return Kind.THREE_NUMBERS
    if parse_instant(stripped):
        return Kind.DATE
    return Kind.RESEMBLING if resembles_number(stripped) or resembles_date(stripped) else Kind.TEXT


def _is_number(text: str) -> bool:
    return any(parse_number(text, mark) is not None for mark in DECIMAL_MARKS)


def _rank_numbers(column: _Column) -> Ranking:
    numbers = [(text.strip().removesuffix("%"), index) for index, text, _ in column.texts()]
    mark: DecimalMark = "."
    notes: tuple[str, ...] = ()
    if separated := next((text for text, _ in numbers if has_separators(text)), None):
        mark = _decimal_mark(numbers)
        notes = (f"numbers such as {separated!r} are read with a decimal {'comma' if mark == ',' else 'point'}",)
    return Ranking(column.rank_keys([(parse_number(text, mark), index) for text, index in numbers]), notes)


def _decimal_mark(numbers: Sequence[tuple[str, int]]) -> DecimalMark:
    """Return the decimal mark of the numbers of a column.

    Raises:
        NoOrder: No mark fits all numbers, or both do.
    """
    unfit: dict[DecimalMark, list[int]] = {".": [], ",": []}
    ambiguous, groups_by_point = [], False
    for text, index in numbers:
        point, comma = parse_number(text, "."), parse_number(text, ",")
        if point is None:
            unfit["."].append(index)
            groups_by_point |= "." in text
        if comma is None:
            unfit[","].append(index)
        if point is not None and comma is not None and point != comma:
            ambiguous.append(index)
    if not unfit["."] and unfit[","]:
        return "."
    if unfit["."] and not unfit[","] and (groups_by_point or not ambiguous):
        return ","
    advice = "Write them with a decimal point and without thousands separators"
    if unfit["."] and unfit[","]:
        raise NoOrder(
            "the numbers have different decimal marks",
            advice,
            [("with a decimal comma", np.array(unfit["."])), ("with a decimal point", np.array(unfit[","]))],
        )
    raise NoOrder(
        "it is unclear whether a comma or point separates decimals or thousands",
        advice,
        [("unclear numbers", np.array(ambiguous))],
    )


def _rank_dates(column: _Column) -> Ranking:
    orders, notes = _date_orders_of(column)
    missing_zones = zones = 0
    keys = []
    for index, text, kind in column.texts():
        instant = parse_instant(text, orders[date_style(text)] if kind == Kind.THREE_NUMBERS else None)
        if instant is None:
            raise ValueError(f"{text!r} is not a date")  # cannot happen: its kind is a date
        keys.append((instant.key, index))
        zones += instant.has_zone
        missing_zones += not instant.has_zone
    if zones and missing_zones:
        notes.append("some dates have no time zone and count as UTC")
    return Ranking(column.rank_keys(keys), tuple(notes))


def _date_orders_of(column: _Column) -> tuple[dict[str, DateOrder], list[str]]:
    """Return the order of day, month and year in each style of dates of three numbers, and notes.

    Raises:
        NoOrder: Several orders are possible, or none.
    """
    possible: dict[str, dict[int, frozenset[DateOrder]]] = {}
    examples: dict[str, str] = {}
    ambiguous: dict[str, list[int]] = {}
    for index, text, kind in column.texts():
        if kind == Kind.THREE_NUMBERS:
            style = date_style(text)
            possible.setdefault(style, {})[index] = date_orders(text)
            examples.setdefault(style, text.strip())
            if parse_instant(text) is None:
                ambiguous.setdefault(style, []).append(index)
    chosen: dict[str, DateOrder] = {}
    for style, orders_of in possible.items():
        common = frozenset(DATE_ORDERS).intersection(*orders_of.values())
        if not common or (len(common) > 1 and style in ambiguous):
            raise _unclear_dates(orders_of, common, ambiguous.get(style, []))
        chosen[style] = next(order for order in DATE_ORDERS if order in common)
    return chosen, [
        f"dates such as {examples[style]!r} are read as {_WORDS_OF_ORDER[chosen[style]]}" for style in ambiguous
    ]


def _unclear_dates(
    orders_of: dict[int, frozenset[DateOrder]], common: frozenset[DateOrder], ambiguous: list[int]
) -> NoOrder:
    advice = "Write the dates as YYYY-MM-DD"
    if common:
        words = " or ".join(_WORDS_OF_ORDER[order] for order in DATE_ORDERS if order in common)
        return NoOrder(f"it is unclear whether dates are {words}", advice, [("unclear dates", np.array(ambiguous))])
    groups = [
        (_WORDS_OF_ORDER[order], np.array([index for index, orders in orders_of.items() if orders == {order}]))
        for order in DATE_ORDERS
    ]
    return NoOrder("the dates are written in different orders", advice, [group for group in groups if group[1].size])


def _refuse_mixed_compact_dates(column: _Column) -> None:
    """Raise NoOrder if all values are years or compact dates of several lengths, ordered otherwise as numbers."""
    by_length: dict[int, list[int]] = {}
    for index, text, _ in column.texts():
        by_length.setdefault(len(text.strip()), []).append(index)
    if len(by_length) > 1:
        raise NoOrder(
            "it is unclear whether the values are numbers or dates",
            "Write dates as YYYY-MM-DD",
            [(f"of {length} digits", np.array(found)) for length, found in sorted(by_length.items())],
        )


def _no_common_order(column: _Column) -> NoOrder:
    groups = [(name, column.at(*kinds)) for name, kinds in _GROUPS.items()]
    groups = [group for group in groups if group[1].size]
    if len(groups) == 1:
        return NoOrder("the values have no order", "Write them as plain numbers or as YYYY-MM-DD", groups)
    return NoOrder("the values have no common order", "Correct them or leave them empty", groups)
