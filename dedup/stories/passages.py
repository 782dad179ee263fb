"""Group the links of two documents into passages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.align import Link
from dedup.stories.evidence.measure import Evidence
from dedup.text.spans import Span

# Maximum gap in a passage, in sentences without a link, and minimum share of its sentences that are linked. The method
# is that of Sanchez-Perez et al., PAN 2014, section 3: the gap is reduced until the passage is dense enough.
MAX_GAP = 4
MIN_PASSAGE_DENSITY = 0.4
# Number of sentences before and after a passage that count too.
CONTEXT_SENTENCES = 1


@dataclass(frozen=True)
class LinkedPassage:
    """Linked stretches of two documents."""

    rows: tuple[int, ...]
    """Ranks of the links, ascending."""
    left: Span
    """Ranks of the left sentences, half-open."""
    right: Span
    """Ranks of the right sentences, half-open."""
    is_lead: bool
    """Whether both stretches are in the beginnings, of which the evidence is measured as a whole."""
    measure: Callable[[int], Evidence]
    """Measures the evidence that the stretches report the same, with some sentences before and after them."""

    @cached_property
    def linked(self) -> Evidence:
        """Evidence that the stretches report the same; measured on first use, since most passages never need it."""
        return self.measure(0)

    @cached_property
    def evidence(self) -> Evidence:
        """Evidence that they do, with the sentences around them; less than `linked` if these share nothing."""
        return self.measure(CONTEXT_SENTENCES)


@dataclass(frozen=True)
class Comparison:
    """The links and passages of two documents."""

    left: int
    """Rank of the left document."""
    right: int
    """Rank of the right document."""
    links: tuple[Link, ...]
    """In order of left span, then right span."""
    passages: tuple[LinkedPassage, ...]
    """In order of their first links."""
    lead: Evidence
    """Evidence that the beginnings of the documents report the same."""
    is_template: bool
    """Whether the documents are fillings of one template that report different things."""


def group_links(pairs: NDArray[np.int64], max_gap: int = MAX_GAP) -> list[NDArray[np.int64]]:
    """Group links into passages.

    Args:
        pairs: Left and right sentence of each link, shape (links, 2), int64.
        max_gap: Maximum number of sentences without a link between two links of a passage, on either side.

    Returns:
        Rows of the links of each passage, ascending, int64; passages in order of their first links.

    >>> [rows.tolist() for rows in group_links(np.array([[0, 5], [1, 6], [3, 7], [3, 40]]))]
    [[0, 1, 2], [3]]
    """
    passages: list[NDArray[np.int64]] = []
    pending = [(np.arange(len(pairs)), max_gap)]
    while pending:
        rows, gap = pending.pop()
        for part in _split_at_gaps(pairs[rows], gap):
            group = rows[part]
            if gap == 0 or group.size == 1 or _is_dense(pairs[group]):
                passages.append(group)
            else:
                pending.append((group, gap - 1))
    return sorted(passages, key=lambda rows: int(rows[0]))


def _split_at_gaps(pairs: NDArray[np.int64], gap: int) -> list[NDArray[np.int64]]:
    """Split links where a side has a wider gap, on alternating sides until nothing is split."""
    parts = [np.arange(len(pairs))] if len(pairs) else []
    before = 0
    while len(parts) != before:
        before = len(parts)
        for side in (0, 1):
            parts = [piece for part in parts for piece in _split_side(pairs, part, side, gap)]
    return [np.sort(part) for part in parts]


def _split_side(pairs: NDArray[np.int64], part: NDArray[np.int64], side: int, gap: int) -> Sequence[NDArray[np.int64]]:
    ordered = part[np.argsort(pairs[part, side], kind="stable")]
    return np.split(ordered, np.flatnonzero(np.diff(pairs[ordered, side]) > gap + 1) + 1)


def _is_dense(pairs: NDArray[np.int64]) -> bool:
    """Return whether enough sentences on both sides are linked."""
    for side in (0, 1):
        linked = np.unique(pairs[:, side])
        if linked.size < MIN_PASSAGE_DENSITY * (linked[-1] - linked[0] + 1):
            return False
    return True


def linked_stretches(links: Sequence[Link], rows: Sequence[int]) -> list[tuple[tuple[int, ...], Span, Span]]:
    """Group links into stretches of both documents.

    Args:
        links: Links between two documents.
        rows: Ranks of the links to group, ascending.

    Returns:
        Ranks of the links of each stretch, and the ranks of its left and right sentences, half-open; in order of their
        first links.
    """
    if len(rows) <= 1:
        return [_stretch(links, (row,)) for row in rows]
    pairs = np.array([(links[row].left_sentences[0], links[row].right_sentences[0]) for row in rows])
    return [_stretch(links, tuple(rows[index] for index in group.tolist())) for group in group_links(pairs)]


def _stretch(links: Sequence[Link], rows: tuple[int, ...]) -> tuple[tuple[int, ...], Span, Span]:
    chosen = [links[row] for row in rows]
    left = Span(min(link.left_sentences.start for link in chosen), max(link.left_sentences.stop for link in chosen))
    right = Span(min(link.right_sentences.start for link in chosen), max(link.right_sentences.stop for link in chosen))
    return rows, left, right
