"""Measures of alignments and clusterings, with bootstrap confidence intervals.

Each measure takes an array with one row per document or pair, so that `interval` can resample the rows.
"""

from collections.abc import Callable, Hashable, Sequence, Set
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import rankdata

Rows = NDArray[np.float64]
Span = tuple[int, int]


class Estimate(NamedTuple):
    """A measure with its 95% bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Format as ".53 [.49, .57]"."""
        return f"{short(self.value)} [{short(self.low)}, {short(self.high)}]"


def interval(rows: Rows, measure: Callable[[Rows], float], draws: int = 1000, seed: int = 1) -> Estimate:
    """Compute a measure and its 95% interval by the percentile bootstrap.

    Args:
        rows: One row per document or pair.
        measure: Function of such rows.
        draws: Number of bootstrap samples.
        seed: Seed of the samples.

    Source: Efron (1979), "Bootstrap methods: another look at the jackknife".
    """
    random = np.random.default_rng(seed)
    values = [measure(rows[random.integers(len(rows), size=len(rows))]) for _ in range(draws)]
    low, high = np.percentile(values, [2.5, 97.5])
    return Estimate(measure(rows), float(low), float(high))


def short(value: float) -> str:
    """Format a number with two decimals and no zero before the point.

    >>> short(0.534), short(-0.25), short(1.0)
    ('.53', '-.25', '1.00')
    """
    text = f"{value:.2f}"
    return text.replace("0.", ".", 1) if abs(float(text)) < 1 else text


def percent(estimate: Estimate) -> str:
    """Format an estimate in percent.

    >>> percent(Estimate(0.012, 0.005, 0.02))
    '1.2% [0.5, 2.0]'
    """
    value, low, high = (100 * number for number in estimate)
    return f"{value:.1f}% [{low:.1f}, {high:.1f}]"


def mean(rows: Rows) -> float:
    """Return the mean of the first column."""
    return float(rows[:, 0].mean())


def rate(rows: Rows) -> float:
    """Divide the sum of the first column by the sum of the second."""
    count, total = rows.sum(axis=0)
    return float(count / total)


def precision(rows: Rows) -> float:
    """Return precision; columns: true positives, false positives, false negatives."""
    right, wrong, _ = rows.sum(axis=0)
    return float(right / (right + wrong)) if right else 0.0


def recall(rows: Rows) -> float:
    """Return recall; columns: true positives, false positives, false negatives."""
    right, _, missed = rows.sum(axis=0)
    return float(right / (right + missed)) if right else 0.0


def f1(rows: Rows) -> float:
    """Return the harmonic mean of precision and recall; columns: true positives, false positives, false negatives."""
    right, wrong, missed = rows.sum(axis=0)
    return float(2 * right / (2 * right + wrong + missed)) if right else 0.0


def counts(gold: set[tuple[int, int]], found: set[tuple[int, int]]) -> tuple[int, int, int]:
    """Count true positives, false positives and false negatives.

    >>> counts({(0, 0), (0, 1)}, {(0, 1), (1, 1), (2, 2)})
    (1, 2, 1)
    """
    return len(gold & found), len(found - gold), len(gold - found)


def pearson(rows: Rows) -> float:
    """Return Pearson's correlation of two columns, or 0 if a column is constant."""
    first, second = (rows - rows.mean(axis=0)).T
    spread = np.sqrt((first @ first) * (second @ second))
    return float(first @ second / spread) if spread > 0 else 0.0


def spearman(rows: Rows) -> float:
    """Return Spearman's rank correlation of two columns; equal values share their mean rank."""
    return pearson(rankdata(rows, axis=0))


def bcubed(gold: Sequence[Hashable], found: Sequence[Hashable]) -> Rows:
    """Compute the BCubed precision and recall of each document of a clustering.

    Args:
        gold: True cluster of each document.
        found: Predicted cluster of each document.

    Returns:
        Precision and recall of each document, shape (documents, 2).

    Source: Bagga and Baldwin (1998), "Entity-based cross-document coreferencing using the vector space model".
    """
    own_gold, own_found = (_numbers(side) for side in (gold, found))
    together = _numbers(list(zip(own_gold.tolist(), own_found.tolist(), strict=True)))
    both, of_found, of_gold = (np.bincount(numbers)[numbers] for numbers in (together, own_found, own_gold))
    return np.column_stack([both / of_found, both / of_gold])


def bcubed_overlapping(gold: Sequence[Set[Hashable]], found: Sequence[Set[Hashable]]) -> Rows:
    """Compute the extended BCubed precision and recall of each document, for clusters that overlap.

    For two documents, precision is min(shared found, shared true clusters) / shared found clusters, averaged over the
    documents with a shared found cluster, the document itself included; recall is the same with the roles exchanged.
    Equals `bcubed` if each document is in a single cluster.

    Args:
        gold: True clusters of each document, at least one each.
        found: Predicted clusters of each document, at least one each.

    Returns:
        Precision and recall of each document, shape (documents, 2).

    Source: Amigó, Gonzalo, Artiles and Verdejo (2009), "A comparison of extrinsic clustering evaluation metrics based
    on formal constraints", section 5.
    """
    shared_gold, shared_found = _shared_clusters(gold), _shared_clusters(found)
    both = shared_gold.minimum(shared_found)
    means = []
    for shared in (shared_found, shared_gold):
        share = shared.astype(np.float64)
        share.data = 1 / share.data
        means.append(np.asarray(both.multiply(share).sum(axis=1)).ravel() / np.diff(shared.indptr))
    return np.column_stack(means)


def _shared_clusters(clusters: Sequence[Set[Hashable]]) -> csr_array:
    """Count the clusters that two documents share, shape (documents, documents)."""
    columns = _numbers([cluster for own in clusters for cluster in own])
    rows = np.repeat(np.arange(len(clusters)), [len(own) for own in clusters])
    member = csr_array((np.ones(len(rows), np.int64), (rows, columns)))
    return csr_array(member @ member.T)


def _numbers(labels: Sequence[Hashable]) -> NDArray[np.int64]:
    """Number distinct labels from 0, shape (labels,)."""
    numbers = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    return np.array([numbers[label] for label in labels], np.int64)


def bcubed_f1(rows: Rows) -> float:
    """Return the harmonic mean of mean precision and mean recall; columns: precision, recall."""
    mean_precision, mean_recall = rows.mean(axis=0)
    return float(2 * mean_precision * mean_recall / (mean_precision + mean_recall))


def best_f1_threshold(scores: Rows, gold: NDArray[np.bool_], missed: int = 0) -> tuple[float, float]:
    """Find the threshold with the highest F1, the lowest of equally good ones.

    Args:
        scores: Score of each candidate, shape (candidates,).
        gold: Whether each candidate is correct, shape (candidates,).
        missed: Number of correct items that are not among the candidates.

    Returns:
        The threshold, halfway to the next lower score, and F1 at it.
    """
    thresholds, right, accepted = _thresholds(scores, gold)
    values = 2 * right / (accepted + gold.sum() + missed)
    best = int(np.flatnonzero(values == values.max())[-1])
    return float(thresholds[best]), float(values[best])


def best_accuracy_threshold(scores: Rows, gold: NDArray[np.bool_]) -> float:
    """Find the threshold with the highest accuracy, the middle one of equally good ones.

    Args:
        scores: Score of each case, shape (cases,).
        gold: Whether each case is positive, shape (cases,).
    """
    thresholds, right, accepted = _thresholds(scores, gold)
    values = 2 * right - accepted  # true positives less false positives
    best = np.flatnonzero(values == values.max())
    return float(thresholds[best[len(best) // 2]])


def leave_one_out(scores: Rows, gold: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the cases that are classified correctly by the best threshold of all other cases."""
    rest = ~np.eye(len(scores), dtype=bool)
    thresholds = np.array([best_accuracy_threshold(scores[others], gold[others]) for others in rest])
    return (scores >= thresholds) == gold


def _thresholds(scores: Rows, gold: NDArray[np.bool_]) -> tuple[Rows, NDArray[np.int64], NDArray[np.int64]]:
    """List the thresholds between distinct scores in descending order.

    Returns:
        The thresholds, the number of true positives and the number of positives at each.
    """
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    last = np.flatnonzero(np.append(ranked[1:] < ranked[:-1], True))
    below = np.append(ranked[1:], ranked[-1])[last]
    return (ranked[last] + below) / 2, np.cumsum(gold[order])[last], last + 1


def covered_spans(extent: Span, spans: Sequence[Span]) -> list[int]:
    """Find the spans that an extent covers by more than half or lies within.

    Args:
        extent: Start and end offset in a text.
        spans: Start and end offsets in the same text.

    Returns:
        Indices of the spans.

    >>> covered_spans((3, 18), [(0, 10), (11, 15), (16, 30)]), covered_spans((2, 5), [(0, 10)])
    ([0, 1], [0])
    """
    start, end = extent
    return [
        index
        for index, (first, last) in enumerate(spans)
        if 2 * (min(end, last) - max(start, first)) > last - first or first <= start < end <= last
    ]


def joined_spans(parts: Sequence[str], separator: str) -> list[Span]:
    """Return the span of each part in the joined text.

    >>> joined_spans(["ab", "", "c"], " ")
    [(0, 2), (3, 3), (4, 5)]
    """
    ends = np.cumsum([len(part) + len(separator) for part in parts]) - len(separator)
    return [(int(end) - len(part), int(end)) for part, end in zip(parts, ends, strict=True)]
