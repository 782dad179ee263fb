"""Measures of alignments and groupings, and how far chance may move them.

A measure takes an array with a row for each document or pair, so that `interval` can draw rows anew.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Rows = NDArray[np.float64]
Span = tuple[int, int]


class Figure(NamedTuple):
    """A measure, and the middle 95% of what it is on rows drawn anew."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Write it as ".53 [.49, .57]"."""
        return f"{short(self.value)} [{short(self.low)}, {short(self.high)}]"


def interval(rows: Rows, measure: Callable[[Rows], float], draws: int = 1000, seed: int = 1) -> Figure:
    """Measure, and measure again on as many rows drawn with replacement, many times (the bootstrap of percentiles).

    Args:
        rows: One for each document or pair.
        measure: What to measure of such rows.
        draws: How many times.
        seed: Of the draws.

    Source: Efron (1979), "Bootstrap methods: another look at the jackknife".
    """
    random = np.random.default_rng(seed)
    values = [measure(rows[random.integers(len(rows), size=len(rows))]) for _ in range(draws)]
    low, high = np.percentile(values, [2.5, 97.5])
    return Figure(measure(rows), float(low), float(high))


def short(value: float) -> str:
    """Write a figure without the zero before its point.

    >>> short(0.534), short(-0.25), short(1.0)
    ('.53', '-.25', '1.00')
    """
    return f"{value:.2f}".replace("0.", ".", 1) if abs(value) < 0.995 else f"{value:.2f}"


def percent(figure: Figure) -> str:
    """Write a figure as "1.2% [0.5, 2.0]".

    >>> percent(Figure(0.012, 0.005, 0.02))
    '1.2% [0.5, 2.0]'
    """
    value, low, high = (100 * number for number in figure)
    return f"{value:.1f}% [{low:.1f}, {high:.1f}]"


def mean(rows: Rows) -> float:
    """Average the first column."""
    return float(rows[:, 0].mean())


def median(rows: Rows) -> float:
    """Take the middle of the first column."""
    return float(np.median(rows[:, 0]))


def rate(rows: Rows) -> float:
    """Divide the sum of the first column by that of the second."""
    count, whole = rows.sum(axis=0)
    return float(count / whole)


def precision(rows: Rows) -> float:
    """Give the part of what was found that is right; columns: right, wrong, missed."""
    right, wrong, _ = rows.sum(axis=0)
    return float(right / (right + wrong)) if right else 0.0


def recall(rows: Rows) -> float:
    """Give the part of what is there that was found; columns: right, wrong, missed."""
    right, _, missed = rows.sum(axis=0)
    return float(right / (right + missed)) if right else 0.0


def f1(rows: Rows) -> float:
    """Give the harmonic mean of precision and recall; columns: right, wrong, missed."""
    right, wrong, missed = rows.sum(axis=0)
    return float(2 * right / (2 * right + wrong + missed)) if right else 0.0


def counts(gold: set[tuple[int, int]], found: set[tuple[int, int]]) -> tuple[int, int, int]:
    """Count what is right, wrong and missed.

    >>> counts({(0, 0), (0, 1)}, {(0, 1), (1, 1), (2, 2)})
    (1, 2, 1)
    """
    return len(gold & found), len(found - gold), len(gold - found)


def pearson(rows: Rows) -> float:
    """Correlate two columns; 0 where one does not vary."""
    one, other = (rows - rows.mean(axis=0)).T
    spread = np.sqrt((one @ one) * (other @ other))
    return float(one @ other / spread) if spread > 0 else 0.0


def spearman(rows: Rows) -> float:
    """Correlate the ranks of two columns; equal values share their mean rank."""
    return pearson(rankdata(rows, axis=0))


def bcubed(gold: Sequence[Hashable], found: Sequence[Hashable]) -> Rows:
    """Score a grouping of documents: a row of precision and recall for each.

    Args:
        gold: The group of each document.
        found: The group it was put into.

    Source: Bagga and Baldwin (1998), "Entity-based cross-document coreferencing using the vector space model".
    """
    true, made = _together(gold), _together(found)
    both = (true & made).sum(axis=1)
    return np.column_stack([both / made.sum(axis=1), both / true.sum(axis=1)])


def _together(groups: Sequence[Hashable]) -> NDArray[np.bool_]:
    number = {group: at for at, group in enumerate(dict.fromkeys(groups))}
    ranks = np.array([number[group] for group in groups])
    return ranks[:, None] == ranks[None, :]


def bcubed_f1(rows: Rows) -> float:
    """Give the harmonic mean of mean precision and mean recall; columns: precision, recall."""
    one, other = rows.mean(axis=0)
    return float(2 * one * other / (one + other))


def best_f1_cut(scores: Rows, gold: NDArray[np.bool_], missed: int = 0) -> tuple[float, float]:
    """Find the score from which on to accept, so that F1 is highest; of equal ones the lowest.

    Args:
        scores: Of each candidate.
        gold: Whether it is right.
        missed: Right ones that are no candidates.

    Returns:
        The cut, halfway to the next lower score, and F1 at it.
    """
    cuts, right, accepted = _cuts(scores, gold)
    values = 2 * right / (accepted + gold.sum() + missed)
    best = int(np.flatnonzero(values == values.max())[-1])
    return float(cuts[best]), float(values[best])


def best_split(scores: Rows, gold: NDArray[np.bool_]) -> float:
    """Find the score from which on to say yes, so that most answers are right; of equal ones the middle one.

    Args:
        scores: Of each case.
        gold: Whether yes is right.
    """
    cuts, right, accepted = _cuts(scores, gold)
    values = 2 * right - accepted  # yes and right, less yes and wrong
    best = np.flatnonzero(values == values.max())
    return float(cuts[best[len(best) // 2]])


def leave_one_out(scores: Rows, gold: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell of each case whether the best split of all others answers it rightly."""
    rest = ~np.eye(len(scores), dtype=bool)
    cuts = np.array([best_split(scores[others], gold[others]) for others in rest])
    return (scores >= cuts) == gold


def _cuts(scores: Rows, gold: NDArray[np.bool_]) -> tuple[Rows, NDArray[np.int64], NDArray[np.int64]]:
    """List the cuts between different scores from high to low, with how many are accepted, and how many rightly."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    last = np.flatnonzero(np.append(ranked[1:] < ranked[:-1], True))
    below = np.append(ranked[1:], ranked[-1])[last]
    return (ranked[last] + below) / 2, np.cumsum(gold[order])[last], last + 1


def touched(stretch: Span, spans: Sequence[Span]) -> list[int]:
    """Find the spans a stretch covers by more than half, or lies in.

    Args:
        stretch: Of a text.
        spans: Of the same text.

    >>> touched((3, 18), [(0, 10), (11, 15), (16, 30)]), touched((2, 5), [(0, 10)])
    ([0, 1], [0])
    """
    start, end = stretch
    return [
        at
        for at, (first, last) in enumerate(spans)
        if 2 * (min(end, last) - max(start, first)) > last - first or first <= start < end <= last
    ]


def spans_of(parts: Sequence[str], separator: str) -> list[Span]:
    """Give where each part stands in all of them joined.

    >>> spans_of(["ab", "", "c"], " ")
    [(0, 2), (3, 3), (4, 5)]
    """
    ends = np.cumsum([len(part) + len(separator) for part in parts]) - len(separator)
    return [(int(end) - len(part), int(end)) for part, end in zip(parts, ends, strict=True)]
