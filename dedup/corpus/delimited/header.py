"""Recognise the header of a table: whether a first row names the columns or is data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from dedup.corpus.columns import CHAT_NAMES, DATE_NAMES, ID_NAMES, OUTLET_NAMES, TEXT_NAMES

DataKind = Literal["number", "date", "address", "code"]
"""Kind of a value that is not text: a number, a date or time, a web or e-mail address, a UUID or hash."""

# ruff: noqa: RUF001, SIM905
# punctuation of many scripts looks alike; lists of words are easier to read as strings
_USUAL_NAMES = frozenset(
    [
        *[*TEXT_NAMES, *CHAT_NAMES, *ID_NAMES, *DATE_NAMES, *OUTLET_NAMES],
        *"title headline summary description comment message abstract sentence review question answer".split(),
        *"source target author category label lang language name type score rating year time country city".split(),
        *"tags keywords section index row number user username file filename path sha hash key value".split(),
        *"count prompt response".split(),
    ]
)
"""Names that columns often have, in lower case."""

_KINDS: tuple[tuple[DataKind, re.Pattern[str]], ...] = (
    ("number", re.compile(r"[+-]?(?:(?:\d{1,3}(?:[,.' ]\d{3})+|\d+)(?:[.,]\d+)?|[.,]\d+)(?:[eE][+-]?\d+)?%?")),
    (
        "date",
        re.compile(
            r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})"
            r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|UTC|[AaPp][Mm]|[+-]\d{2}:?\d{2}))?)?"
        ),
    ),
    ("address", re.compile(r"(?:https?|ftp|file)://\S+|www\.\S+|[^\s@]+@[^\s@]+\.[a-zA-Z]{2,}")),
    (
        "code",
        re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|(?=.*\d)(?:[0-9a-f]{16,}|[0-9A-F]{16,})"),
    ),
)
_IDENTIFIER = re.compile(r"[^\W\d]\w*(?:[-. ]\w+){0,2}")
# Longer values are always text.
_MAX_DATA_CHARACTERS = 500
# Number of rows, and of columns, that are checked to recognise a header.
MAX_JUDGED_ROWS, _MAX_JUDGED_COLUMNS = 200, 1000
# Share of the values of a column that must be of the same kind.
_SAME_KIND = 0.9
# A value with this many words, or this many characters, is prose and not the name of a column.
_PROSE_WORDS, _PROSE_CHARACTERS = 8, 80
# A value with this many words that ends like a sentence is not a name either.
_SENTENCE_WORDS, _SENTENCE_ENDS = 3, (".", "!", "?", "…", "。", "！", "？", "।", "۔", "؟", '."', ".”", ".»", "!”", "?”")


def data_kind(value: str) -> DataKind | None:
    """Return the kind of a value that is not text; None for text and for an empty value.

    >>> [data_kind(value) for value in ("3.5", "2024-01-31", "https://a.org", "text", "")]
    ['number', 'date', 'address', None, None]
    """
    value = value.strip()
    if not value or len(value) > _MAX_DATA_CHARACTERS:
        return None
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(value)), None)


def data_columns(rows: Sequence[Sequence[str]], least: int = 1) -> dict[int, DataKind]:
    """Return the columns whose values are all of one kind other than text.

    Args:
        rows: Rows with the same number of values.
        least: Minimum number of values of a column that are not empty.

    >>> data_columns([["1", "a"], ["2", "b"]])
    {0: 'number'}
    """
    rows = rows[:MAX_JUDGED_ROWS]
    width = min((len(row) for row in rows), default=0)
    found = {}
    for column in range(min(width, _MAX_JUDGED_COLUMNS)):
        values = [row[column] for row in rows if row[column].strip()]
        kinds = [data_kind(value) for value in values]
        for kind, _ in _KINDS:
            if len(values) >= least and kinds.count(kind) >= _SAME_KIND * len(values):
                found[column] = kind
    return found


def matches_kinds(fields: Sequence[str], kinds: Mapping[int, DataKind]) -> bool | None:
    """Return whether the values of a row are of the kinds of their columns; None if they are empty.

    >>> matches_kinds(["7", "x"], {0: "number"}), matches_kinds(["lines", "x"], {0: "number"})
    (True, False)
    """
    values = [(fields[column].strip().strip('"'), kind) for column, kind in kinds.items()]
    found = [data_kind(value) == kind for value, kind in values if value]
    return all(found) if found else None


def plausibility(names: Sequence[str]) -> float:
    """Return how much values look like names of columns, from 0 to 1.

    >>> plausibility(["id", "Lieu, date", "text"]) > plausibility(["id;Lieu", " date;text"])
    True
    """
    names = names[:_MAX_JUDGED_COLUMNS]
    points = [
        1.0 if is_usual_name(name) else 0.8 if _IDENTIFIER.fullmatch(name) else 0.5 if not name else 0.0
        for name in names
    ]
    return sum(points) / len(points) if points else 0.0


def is_usual_name(value: str) -> bool:
    """Return whether a value is a name that columns often have.

    >>> is_usual_name("Text"), is_usual_name("Once upon a time")
    (True, False)
    """
    return value.strip().lower() in _USUAL_NAMES


@dataclass(frozen=True)
class HeaderDecision:
    """Whether the first row of a table is a header."""

    is_header: bool
    """Whether it names the columns."""
    is_certain: bool
    """Whether usual names, or the kinds of values, decide it."""


def judge_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> HeaderDecision:
    """Decide whether the first row of a table is a header. If nothing decides it, it is.

    Args:
        first: The first row.
        rows: Some of the rows below it, each with as many values.

    >>> judge_header(["id", "text"], [["1", "A man."]])
    HeaderDecision(is_header=True, is_certain=True)
    >>> judge_header(["0", "A man."], [["1", "He went."]])
    HeaderDecision(is_header=False, is_certain=True)
    >>> judge_header(["Go.", "Va !"], [["Run!", "Cours !"]])
    HeaderDecision(is_header=True, is_certain=False)
    """
    first, rows = first[:_MAX_JUDGED_COLUMNS], rows[:MAX_JUDGED_ROWS]
    if any(is_usual_name(name) for name in first):
        return HeaderDecision(True, True)
    kinds = data_columns(rows)
    same = [column for column, kind in kinds.items() if data_kind(first[column]) == kind]
    if not rows:
        same = [column for column, value in enumerate(first) if data_kind(value)]
    if same and not _is_sequence_of_years(first):
        return HeaderDecision(False, True)
    if any(first[column].strip() for column in kinds if column not in same):
        return HeaderDecision(True, True)
    prose = [column for column, value in enumerate(first) if _is_prose(value)]
    if any(sum(_is_prose(row[column]) for row in rows) * 2 >= len(rows) for column in prose):
        return HeaderDecision(False, True)
    recurring = any(
        value.strip() and sum(row[column] == value for row in rows) > 1 for column, value in enumerate(first)
    )
    return HeaderDecision(not recurring, recurring)


def _is_prose(value: str) -> bool:
    words = len(value.split())
    is_sentence = words >= _SENTENCE_WORDS and value.rstrip().endswith(_SENTENCE_ENDS)
    return is_sentence or words >= _PROSE_WORDS or len(value) >= _PROSE_CHARACTERS


def _is_sequence_of_years(values: Sequence[str]) -> bool:
    """Return whether several values are consecutive years, as the names of columns often are."""
    years = [int(value) for value in values if re.fullmatch(r"(?:1[89]|20)\d\d", value.strip())]
    return len(years) > 1 and all(right - left == 1 for left, right in pairwise(years))
