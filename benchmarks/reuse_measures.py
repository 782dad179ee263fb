"""Measure found passages of reused text against the true ones: letters, passages, and pairs of documents."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Pair = tuple[int, int]
Mask = NDArray[np.bool_]
Counts = tuple[int, int, int]
"""True positives, false positives and false negatives."""


class Match(NamedTuple):
    """A passage of a document and the same passage in another; offsets in code points, half-open."""

    left: int
    """Rank of a document, lower than `right`."""
    left_start: int
    left_end: int
    right: int
    right_start: int
    right_end: int

    @property
    def pair(self) -> Pair:
        """Return the ranks of the documents."""
        return self.left, self.right


def match(first: int, first_span: Pair, second: int, second_span: Pair) -> Match:
    """Make a match of two spans, the document of the lower rank first."""
    if first > second:
        first, first_span, second, second_span = second, second_span, first, first_span
    return Match(first, *first_span, second, *second_span)


def link_matches(links: pa.Table, related: bool) -> list[Match]:
    """Return the links of `align` as matches.

    Args:
        links: The table of links.
        related: Whether to include links of the kind `related`.
    """
    columns = ("left_doc", "left_start", "left_end", "right_doc", "right_start", "right_end", "kind")
    rows = zip(*(links[column].to_pylist() for column in columns), strict=True)
    return [
        match(left, (left_start, left_end), right, (right_start, right_end))
        for left, left_start, left_end, right, right_start, right_end, kind in rows
        if related or kind != "related"
    ]


def by_pair(matches: Iterable[Match]) -> dict[Pair, list[Match]]:
    """Group matches by their pair of documents."""
    groups: dict[Pair, list[Match]] = defaultdict(list)
    for found in matches:
        groups[found.pair].append(found)
    return groups


def letter_counts(texts: Sequence[str], gold: Iterable[Match], found: Iterable[Match]) -> dict[Pair, Counts]:
    """Count, for each pair of documents with a match, the letters and digits of both documents in the matches.

    Args:
        texts: All documents, by rank.
        gold: True matches.
        found: Matches to measure.

    Returns:
        Letters in true and found matches, only in found ones, and only in true ones.
    """
    letters = _Letters(texts)
    gold_of, found_of = by_pair(gold), by_pair(found)
    counts = {}
    for pair in sorted(gold_of.keys() | found_of.keys()):
        right = false = missed = 0
        for side in (0, 1):
            is_letter = letters[pair[side]]
            true, covered = (_covered(len(is_letter), spans.get(pair, []), side) for spans in (gold_of, found_of))
            right += int((is_letter & true & covered).sum())
            false += int((is_letter & covered & ~true).sum())
            missed += int((is_letter & true & ~covered).sum())
        counts[pair] = right, false, missed
    return counts


class PassageCounts(NamedTuple):
    """Numbers of passages of a pair of documents."""

    gold: int
    gold_found: int
    """True passages of whose letters at least half are found, in both documents."""
    found: int
    found_right: int
    """Found passages of whose letters at least half are in true passages, in both documents."""


def passage_counts(texts: Sequence[str], gold: Iterable[Match], found: Iterable[Match]) -> dict[Pair, PassageCounts]:
    """Count, for each pair of documents with a match, the true passages found and the found passages that are true.

    Args:
        texts: All documents, by rank.
        gold: True matches.
        found: Matches to measure.
    """
    letters = _Letters(texts)
    gold_of, found_of = by_pair(gold), by_pair(found)
    counts = {}
    for pair in sorted(gold_of.keys() | found_of.keys()):
        true, other = gold_of.get(pair, []), found_of.get(pair, [])
        sides = [letters[doc] for doc in pair]
        gold_found, found_right = _half_covered(sides, true, other), _half_covered(sides, other, true)
        counts[pair] = PassageCounts(len(true), gold_found, len(other), found_right)
    return counts


def passage_f1(counts: Iterable[PassageCounts]) -> float:
    """Return the harmonic mean of the share of true passages found and the share of found passages that are true."""
    rows = list(counts)
    gold, gold_found, found, found_right = np.sum(rows, axis=0) if rows else (0, 0, 0, 0)
    recall, precision = gold_found / max(1, gold), found_right / max(1, found)
    return float(2 * precision * recall / (precision + recall)) if precision + recall else 0.0


def pair_counts(gold: Iterable[Match], found: Iterable[Match]) -> Counts:
    """Count the pairs of documents with true and found, only found, and only true matches."""
    true, other = {one.pair for one in gold}, {one.pair for one in found}
    return len(true & other), len(other - true), len(true - other)


def total(counts: Iterable[Counts]) -> NDArray[np.float64]:
    """Sum counts; returns an array of shape (1, 3), as `measures.f1` takes it."""
    rows = list(counts)
    return np.array([np.sum(rows, axis=0) if rows else (0, 0, 0)], np.float64)


class _Letters(dict[int, Mask]):
    """Masks of the letters and digits of documents, made when they are first needed."""

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__()
        self.texts = texts

    def __missing__(self, doc: int) -> Mask:
        text = self.texts[doc]
        self[doc] = np.fromiter(map(str.isalnum, text), np.bool_, len(text))
        return self[doc]


def _span(found: Match, side: int) -> slice:
    """Return the span of a match in its left or right document."""
    return slice(*((found.left_start, found.left_end) if side == 0 else (found.right_start, found.right_end)))


def _covered(length: int, matches: Iterable[Match], side: int) -> Mask:
    """Mark the code points of a document in the matches, shape (length,)."""
    covered = np.zeros(length, np.bool_)
    for found in matches:
        covered[_span(found, side)] = True
    return covered


def _half_covered(sides: Sequence[Mask], matches: Sequence[Match], others: Sequence[Match]) -> int:
    """Count the matches of whose letters the others cover at least half in both documents.

    Args:
        sides: Masks of the letters of the left and of the right document.
        matches: Matches to count.
        others: Matches of the same documents.
    """
    enough = np.ones(len(matches), np.bool_)
    for side, is_letter in enumerate(sides):
        covered = _covered(len(is_letter), others, side) & is_letter
        for index, found in enumerate(matches):
            span = _span(found, side)
            enough[index] &= 2 * covered[span].sum() >= max(1, is_letter[span].sum())
    return int(enough.sum())
