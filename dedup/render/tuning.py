"""Labels of what each threshold removes, for the terminal and for pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedup.render.format import count, location_label, lower_bound, share, similarity_label
from dedup.render.run import describe_input

if TYPE_CHECKING:
    from dedup.duplicates.tuning.results import Interval, TunedThreshold, Tuning, TuningExample


def amount(number: int, interval: Interval | None) -> str:
    """Return a number with its confidence interval.

    >>> amount(1234, None), amount(1234, (900, 2000))
    ('1,234', '1,234 (900 to 2,000)')
    """
    return f"{number:,}" if interval is None else f"{number:,} ({interval[0]:,} to {interval[1]:,})"


def describe_threshold(tuning: Tuning, item: TunedThreshold) -> dict[str, str]:
    """Return the cells of a threshold in a table, by name: what it removes, and the expected recall."""
    documents, characters = tuning.run.counts["documents"], tuning.run.counts["characters"]
    removed = item.removed
    return {
        "threshold": f"{item.threshold:.2f}",
        "documents": amount(removed.documents, removed.documents_interval),
        "documents_share": share(removed.documents, documents),
        "paragraphs": amount(removed.paragraphs, removed.paragraphs_interval),
        "characters": amount(removed.characters, removed.characters_interval),
        "characters_share": share(removed.characters, characters),
        "recall": lower_bound(item.expected_recall),
    }


def with_following(tuning: Tuning) -> Iterator[tuple[TunedThreshold, str, str]]:
    """Yield each threshold with its label and that of the next one, below which its examples are."""
    labels = [*(f"{item.threshold:.2f}" for item in tuning.thresholds), "1.00"]
    yield from zip(tuning.thresholds, labels, labels[1:], strict=False)


def describe_numbers(tuning: Tuning) -> str:
    """Return a remark on the numbers (estimates, or the same for all thresholds); an empty string if there is none."""
    if tuning.sample is not None:
        documents = count(tuning.run.counts["documents"], "document")
        return (
            f"The numbers are estimates from {tuning.sample:,} of {documents}, drawn at random, with 95% confidence "
            "intervals. A sample does not show the duplicates outside it, so the intervals are wide. Without --sample "
            "the numbers are exact."
        )
    removed = {item.removed for item in tuning.thresholds}
    if not removes_anything(tuning):
        return "No threshold from 0.50 to 0.95 removes anything."
    if len(removed) > 1:
        return ""
    highest = tuning.thresholds[-1].threshold
    return f"All thresholds remove the same: texts with a Jaccard of at least {highest:.2f} to a kept text."


def removes_anything(tuning: Tuning) -> bool:
    """Return whether any threshold removes a document or a paragraph."""
    return any(item.removed.documents or item.removed.paragraphs for item in tuning.thresholds)


def describe_tuned_input(tuning: Tuning) -> Iterator[tuple[str, str]]:
    """Yield labels and values of the input; of a sample, how many documents of it were compared."""
    for label, value in describe_input(tuning.run):
        if label == "size" and tuning.sample is not None:
            counts = tuning.run.counts
            inputs = count(counts["files"], "input")
            yield (
                label,
                f"{count(counts['documents'], 'document')} in {inputs}, of which {tuning.sample:,} are compared",
            )
        else:
            yield label, value


def describe_pair(example: TuningExample) -> str:
    """Return which unit of an example is removed, which is kept, and how similar they are."""
    removed, kept = (location_label(place, example.unit) for place in (example.removed, example.kept))
    return f"{example.unit} {removed} removed, {kept} kept: {similarity_label('near', example.jaccard)}"
