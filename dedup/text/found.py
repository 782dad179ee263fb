"""Results of `dedup.analyze`: the sentences, facts and credits of a text."""

from dataclasses import asdict, dataclass
from typing import Any

from dedup.runtime.views.display import Displayed
from dedup.text.spans import FactKind, Span


@dataclass(frozen=True)
class FoundFact:
    """A number, a date, a name or a quotation in a text."""

    kind: FactKind
    """"number", "date", "name" or "quotation"."""
    value: str
    """A decimal number, or the lower end of a range, where weights in mg, g and kg have one form (0.5 kg is 500 g); a
    date as in ISO 8601 ("2024-10-08", "2024-10", "--10-08"), with its time of day and time zone ("2024-10-08T09:30",
    "2024-10-08T09:30+02:00"); the normal form of a name; the words of a quotation."""
    start: int
    """Offset of the first code point."""
    end: int
    """Offset after the last code point."""
    high: str | None = None
    """The upper end of a range of numbers; None for a single number."""
    unit: str = ""
    """Symbol of the unit ("km", "°C", "%"), name of the duration ("day", "hour"), or ISO 4217 code of the currency;
    empty if there is none."""
    noun: str = ""
    """The noun of what is counted, as written; empty if there is none."""
    qualifier: str = ""
    """"about", "up to", "over", "under", "ordinal"; empty for an exact number."""


@dataclass(frozen=True)
class FoundCredit:
    """A source that a clause credits."""

    source: str
    """Name of the source, or its description."""
    start: int
    """Offset of the first code point of the source."""
    end: int
    """Offset after the last code point of the source."""


@dataclass(frozen=True, repr=False)
class TextAnalysis(Displayed):
    """Language, sentences, facts and credits of a text; all offsets are code points."""

    language: str
    """ISO 639 code; "und" if undetermined."""
    sentences: tuple[Span, ...]
    """Start and end of each sentence."""
    facts: tuple[FoundFact, ...]
    """Facts, sorted by start."""
    credits: tuple[FoundCredit, ...]
    """Credits, sorted by start."""

    def to_dict(self) -> dict[str, Any]:
        """Return the analysis as plain values for JSON."""
        return asdict(self) | {"sentences": [[*span] for span in self.sentences]}

    def _summary(self) -> dict[str, object]:
        sizes = {"sentences": len(self.sentences), "facts": len(self.facts), "credits": len(self.credits)}
        return {"language": self.language, **sizes}
