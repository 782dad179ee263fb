"""The result of `tune`: what each threshold removes, with examples."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.alignment.word_diff import DiffSpan
from dedup.results import Run, UnitLocation
from dedup.runtime.views.display import Displayed
from dedup.runtime.views.frames import Tabular

if TYPE_CHECKING:
    import pyarrow as pa


class Interval(NamedTuple):
    """A 95% confidence interval for a number of the whole corpus."""

    low: int
    """Lower limit."""
    high: int
    """Upper limit."""


@dataclass(frozen=True)
class TuningExample:
    """A pair of units of which a threshold removes one, and the next higher threshold does not."""

    unit: str
    """"document" or "paragraph"."""
    jaccard: float
    """Similarity of both."""
    removed: UnitLocation
    """The unit that is removed."""
    kept: UnitLocation
    """The unit that is kept."""
    text: str
    """Text of the removed unit."""
    kept_text: str
    """Text of the kept unit."""
    words: tuple[DiffSpan, ...]
    """The differences between the two texts."""


@dataclass(frozen=True)
class RemovedAmounts:
    """What `clean` removes; estimates with intervals, where only a sample was compared."""

    documents: int
    """Number of documents, including emptied ones."""
    paragraphs: int
    """Number of paragraphs removed from the other documents."""
    characters: int
    """Code points."""
    documents_interval: Interval | None = None
    """Confidence interval of the number of documents; None if all were compared."""
    paragraphs_interval: Interval | None = None
    """Confidence interval of the number of paragraphs; None if all were compared."""
    characters_interval: Interval | None = None
    """Confidence interval of the number of code points; None if all were compared."""


@dataclass(frozen=True)
class TunedThreshold:
    """What `clean` removes at one threshold."""

    threshold: float
    """Minimum Jaccard of a duplicate."""
    expected_recall: float
    """Probability that a pair exactly at the threshold is found."""
    removed: RemovedAmounts
    """What is removed."""
    examples: tuple[TuningExample, ...]
    """Pairs from this threshold up to the next, the least similar first."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, without intervals where there are none."""
        removed = self.removed
        intervals = {
            "documents_interval": removed.documents_interval,
            "paragraphs_interval": removed.paragraphs_interval,
            "characters_interval": removed.characters_interval,
        }
        return {
            "threshold": self.threshold,
            "documents_removed": removed.documents,
            "paragraphs_removed": removed.paragraphs,
            "characters_removed": removed.characters,
            **{name: interval._asdict() for name, interval in intervals.items() if interval is not None},
            "expected_recall": self.expected_recall,
            "examples": [asdict(example) for example in self.examples],
        }


@dataclass(frozen=True, repr=False)
class Tuning(Displayed, Tabular):
    """What `clean` removes at several thresholds."""

    run: Run
    """Settings, counts and notes of the run. If a sample was compared, the counts of texts are estimates from it."""
    thresholds: tuple[TunedThreshold, ...]
    """The thresholds, ascending."""
    sample: int | None = None
    """Number of documents that were compared, drawn at random; None for all."""

    def to_arrow(self) -> pa.Table:
        """Return the thresholds and what each removes as an Arrow table, without the examples."""
        import pyarrow as pa

        rows = [item.to_dict() for item in self.thresholds]
        return pa.Table.from_pylist([{name: row[name] for name in row if name != "examples"} for row in rows])

    def _summary(self) -> dict[str, object]:
        return {**self.run._summary(), "sample": self.sample, "thresholds": len(self.thresholds)}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON."""
        return {
            "thresholds": [item.to_dict() for item in self.thresholds],
            "sample": self.sample,
            "run": self.run.to_dict(),
        }
