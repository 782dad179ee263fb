"""Render what each threshold removes as an HTML page."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

from dedup.render.format import share
from dedup.render.html.duplicates import pieces
from dedup.render.html.page import render
from dedup.render.run import describe_skipped
from dedup.render.tuning import (
    describe_numbers,
    describe_pair,
    describe_threshold,
    describe_tuned_input,
    with_following,
)
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.duplicates.tuning.results import TunedThreshold, Tuning, TuningExample

# Sizes of the plot in pixels.
_WIDTH, _HEIGHT = 560, 220
# Maximum number of horizontal lines of the plot above zero.
_MOST_LINES = 6


def draw_tuning(tuning: Tuning) -> str:
    """Render what each threshold removes as an HTML page.

    Args:
        tuning: The result of `dedup.tune`.

    Returns:
        The page as HTML.
    """
    run = tuning.run
    return render(
        "tune.html",
        (),
        ("page.css", "tune.css"),
        read=list(describe_tuned_input(tuning)),
        skipped=[describe_skipped(item) for item in run.skipped],
        remark=describe_numbers(tuning),
        rows=[describe_threshold(tuning, item) for item in tuning.thresholds],
        plot=_plot(tuning),
        steps=[
            {"threshold": label, "following": following, "pairs": list(map(_pair, item.examples))}
            for item, label, following in with_following(tuning)
        ],
        default=f"{Settings.threshold:.2f}",
    )


def _pair(example: TuningExample) -> dict[str, Any]:
    return {
        "label": describe_pair(example),
        "pieces": list(pieces(example.text, example.kept_text, example.words)),
    }


def _plot(tuning: Tuning) -> dict[str, Any]:
    """Lay out the plot: the shares of documents and of text that each threshold removes."""
    documents, characters = tuning.run.counts["documents"], tuning.run.counts["characters"]
    lines = [
        _line(tuning, "documents", documents, lambda item: (item.removed.documents, item.removed.documents_interval)),
        _line(tuning, "text", characters, lambda item: (item.removed.characters, item.removed.characters_interval)),
    ]
    top = max(value for line in lines for value in line["top"])
    step = _round_step(top)
    steps = max(1, ceil(top / step - 1e-9))
    highest: float = step * steps
    thresholds = [item.threshold for item in tuning.thresholds]
    xs = [round(_WIDTH * (value - thresholds[0]) / (thresholds[-1] - thresholds[0]), 1) for value in thresholds]

    def y(value: float) -> float:
        return round(_HEIGHT * (1 - value / highest), 1)

    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "grid": [(y(step * number), f"{100 * step * number:.6g}%") for number in range(steps + 1)],
        "ticks": list(zip(xs, [f"{value:.2f}" for value in thresholds], strict=True)),
        "lines": [
            {
                "name": line["name"],
                "points": [
                    (x, y(value), label) for x, value, label in zip(xs, line["values"], line["labels"], strict=True)
                ],
                "band": [
                    *zip(xs, map(y, line["top"]), strict=True),
                    *reversed([*zip(xs, map(y, line["bottom"]), strict=True)]),
                ]
                if tuning.sample
                else [],
            }
            for line in lines
        ],
    }


def _round_step(highest: float) -> float:
    """Return a round distance of at most `_MOST_LINES` lines that reach the highest share.

    >>> _round_step(0.609), _round_step(0.0031), _round_step(0)
    (0.2, 0.001, 0.2)
    """
    if not highest:
        return 0.2
    exponent = floor(log10(highest / _MOST_LINES))
    steps = [float(f"{digit}e{exponent}") for digit in (1, 2, 5, 10)]
    return next(step for step in steps if step * _MOST_LINES >= highest)


def _line(
    tuning: Tuning, name: str, whole: int, read: Callable[[TunedThreshold], tuple[int, tuple[int, int] | None]]
) -> dict[str, Any]:
    """Return the shares of a line of the plot, with their limits and labels."""
    values = [read(item) for item in tuning.thresholds]
    limits = [interval or (value, value) for value, interval in values]
    whole = whole or 1
    return {
        "name": name,
        "values": [value / whole for value, _ in values],
        "bottom": [low / whole for low, _ in limits],
        "top": [min(1.0, high / whole) for _, high in limits],
        "labels": [
            f"{share(value, whole)} of the {name} at {item.threshold:.2f}"
            for (value, _), item in zip(values, tuning.thresholds, strict=True)
        ],
    }
