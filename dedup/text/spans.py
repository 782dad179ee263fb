"""What the alignment finds in texts: frozen, by code points of the original, half-open."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

FactKind = Literal["number", "date", "name", "quotation"]
LinkKind = Literal["verbatim", "light", "heavy", "related"]


class Span(NamedTuple):
    """A stretch of a text."""

    start: int
    """First code point."""
    end: int
    """One past the last."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its noun, a date, a name or a quotation."""

    kind: FactKind
    start: int
    """First code point of the mention."""
    end: int
    """One past its last."""
    value: str
    """Normal form: "25000", "2.5", "8–13"; "2024-06", "--10-13"; "RBC-Ukraine"; the words of a quotation."""  # noqa: RUF001
    noun: str = ""
    """What a number counts, as its head noun is written ("travailleurs"), or its unit in a normal form ("%", "mm")."""
    qualifier: str = ""
    """How a number is meant: "about", "up to", "over", "under", "ordinal"; empty if plainly."""


@dataclass(frozen=True, slots=True)
class Credit:
    """A source that a clause credits."""

    source: str
    """Its name ("NHK", "RBC-Ukraine"), or what it is called where it has none ("autorités ukrainiennes")."""
    start: int
    """First code point of the mention of the source."""
    end: int
    """One past its last."""
    clause: Span
    """What is credited to it: a clause, at most its sentence."""
