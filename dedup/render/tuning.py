"""Labels of what each threshold removes, for the terminal and for pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.render.format import count, location_label, similarity_label

if TYPE_CHECKING:
    from dedup.duplicates.tuning.results import Interval, Tuning, TuningExample


def amount(number: int, interval: Interval | None) -> str:
    """Return a number with its limits.

    >>> amount(1234, None), amount(1234, (900, 2000))
    ('1,234', '1,234 (900 to 2,000)')
    """
    return f"{number:,}" if interval is None else f"{number:,} ({interval[0]:,} to {interval[1]:,})"


def describe_sample(tuning: Tuning) -> str:
    """Return what the numbers mean if a sample was compared; empty otherwise."""
    if tuning.sample is None:
        return ""
    documents = count(tuning.run.counts["documents"], "document")
    return (
        f"The numbers are estimates from {tuning.sample:,} of {documents}, drawn at random, with limits at a "
        "confidence of 95%. A sample does not show the duplicates outside it, so that the limits are wide. Without "
        "--sample the numbers are exact."
    )


def describe_pair(example: TuningExample) -> str:
    """Return which unit of an example is removed, which is kept, and how similar they are."""
    removed, kept = (location_label(place, example.unit) for place in (example.removed, example.kept))
    return f"{example.unit} {removed} removed, {kept} kept: {similarity_label('near', example.jaccard)}"
