"""Spans, facts and credits found in a text; all offsets are code points of the original text, half-open."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

FactKind = Literal["number", "date", "name", "quotation"]
LinkKind = Literal["verbatim", "light", "heavy", "related"]


class Span(NamedTuple):
    """A range of code points of a text."""

    start: int
    """Offset of the first code point."""
    end: int
    """Offset after the last code point."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its noun, a date, a name or a quotation."""

    kind: FactKind
    start: int
    """Offset of the first code point of the mention."""
    end: int
    """Offset after the last code point of the mention."""
    value: str
    """Normal form: "25000", "2.5", "8–13"; "2024-06", "--10-13"; "RBC-Ukraine"; the words of a quotation."""  # noqa: RUF001 - ranges have an en dash
    noun: str = ""
    """Head noun of the things a number counts, as written ("travailleurs"), or its unit in normal form ("%", "mm")."""
    qualifier: str = ""
    """Qualifier of a number: "about", "up to", "over", "under", "ordinal"; empty for an exact number."""
    unit: str = ""
    """Unit of a number in normal form ("%", "mm", "EUR", "day"); empty if it has none. For durations the noun is the
    word that is written ("jours")."""


@dataclass(frozen=True, slots=True)
class Credit:
    """A source and the clause that credits it."""

    source: str
    """Name of the source ("NHK", "RBC-Ukraine"), or its description if it has no name ("autorités ukrainiennes")."""
    start: int
    """Offset of the first code point of the mention of the source."""
    end: int
    """Offset after the last code point of the mention of the source."""
    clause: Span
    """Clause whose content is credited to the source; at most a whole sentence."""
