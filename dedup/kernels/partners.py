"""Select for each document the documents that are near it in posting lists, those with the highest scores.

The posting list of a key has the documents with this key, ascending. Two documents share a key if their distance in its
list is at most a window. A unit is a document or a part of one: what selects partners.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel

NOT_SEEN = -1
# Low bits of a score that count the shared keys; the others are the sum of their weights.
COUNT_BITS = 20
COUNT_MASK = (1 << COUNT_BITS) - 1


class PostingLists(NamedTuple):
    """Posting lists, one after the other: a row for each key of a unit."""

    docs: NDArray[np.int32]
    """Document of each row; ascending in each list, shape (rows,)."""
    units: NDArray[np.int32]
    """Unit of each row; ascending in each list, shape (rows,)."""
    lists: NDArray[np.int32]
    """List of each row, ascending, shape (rows,)."""
    first: NDArray[np.int64]
    """First row of each list, and the number of rows, shape (lists + 1,)."""
    weights: NDArray[np.int64]
    """Weight of the key of each list, shape (lists,)."""
    first_unit: NDArray[np.int64]
    """First unit of each document, and the number of units, shape (documents + 1,)."""
    first_row: NDArray[np.int64]
    """Offset in ``rows`` of the first row of each unit, and the number of rows, shape (units + 1,)."""
    rows: NDArray[np.int32]
    """Rows by unit; ascending for each unit, shape (rows,)."""


class Limits(NamedTuple):
    """When units share enough, and how many partners they select."""

    window: int
    """Maximum distance of two documents in a list."""
    min_shared: int
    """Minimum number of keys that a unit shares with a document."""
    min_weight: int
    """Minimum sum of their weights."""
    partners: int
    """Maximum number of documents that a unit selects."""


class _Scores(NamedTuple):
    """Scores of documents or units, most of which are 0. A score has the number of shared keys in its low bits."""

    values: NDArray[np.int64]
    """The scores: ``weight << COUNT_BITS | count``."""
    touched: NDArray[np.int32]
    """The items whose score is not 0, and one element that is written and not read."""


class _Best(NamedTuple):
    """The best partners of a unit, in descending order."""

    docs: NDArray[np.int32]
    """The documents."""
    weights: NDArray[np.int64]
    """The sums of the weights of the shared keys."""


def make_postings(
    docs: NDArray[np.int32],
    parts: NDArray[np.int32],
    lists: NDArray[np.int32],
    weights: NDArray[np.int64],
    documents: int,
) -> PostingLists:
    """Return posting lists with their rows ordered by unit too.

    Args:
        docs: Document of each row, shape (rows,).
        parts: Part of the document of each row, from 0, shape (rows,).
        lists: List of each row, shape (rows,); the rows are in order of list, document and part.
        weights: Weight of the key of each list, shape (lists,).
        documents: Number of documents.

    >>> docs, parts, lists = (np.array(values, np.int32) for values in ([0, 2, 0], [0, 0, 1], [0, 0, 1]))
    >>> found = make_postings(docs, parts, lists, np.array([5, 7]), 3)
    >>> found.units.tolist(), found.first_unit.tolist(), found.rows.tolist()
    ([0, 2, 1], [0, 2, 2, 3], [0, 2, 1])
    """
    first_unit = np.zeros(documents + 1, np.int64)
    np.maximum.at(first_unit, docs + 1, parts + 1)
    first_unit = np.cumsum(first_unit)
    units = (first_unit[docs] + parts).astype(np.int32)
    first = np.searchsorted(lists, np.arange(len(weights) + 1))
    return PostingLists(docs, units, lists, first, weights, first_unit, *index_rows(units, int(first_unit[-1])))


@kernel
def index_rows(units: NDArray[np.int32], count: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the offset of the first row of each unit, and the rows by unit.

    Args:
        units: Unit of each row, shape (rows,).
        count: Number of units.
    """
    first = np.zeros(count + 1, np.int64)
    for unit in units:
        first[unit + 1] += 1
    for unit in range(count):
        first[unit + 1] += first[unit]
    free = first[:-1].copy()
    rows = np.empty(units.size, np.int32)
    for row in range(units.size):
        rows[free[units[row]]] = row
        free[units[row]] += 1
    return first, rows


@kernel
def select_partners(
    terms: PostingLists, term_limits: Limits, phrases: PostingLists, phrase_limits: Limits, first: int, last: int
) -> tuple[NDArray[np.int64], int]:
    """Select for each document of a range the best partners by terms, and for each of its parts those by phrases.

    Of equal scores the lower rank comes first.

    Args:
        terms: Posting lists of terms, in which the units are documents.
        term_limits: Limits for terms.
        phrases: Posting lists of phrases, in which the units are parts of documents.
        phrase_limits: Limits for phrases.
        first: First document.
        last: End of the range.

    Returns:
        Pairs of a document of the range and a selected one as ``lower rank * documents + higher rank``, unordered and
        with repetition, shape (pairs,), int64; and the number of pairs of a document of the range and a later document
        that share enough.
    """
    documents = terms.first_unit.size - 1
    scores, unit_scores = _new_scores(documents), _new_scores(phrases.first_row.size - 1)
    seen = np.full(documents, NOT_SEEN, np.int32)
    units = phrases.first_unit[last] - phrases.first_unit[first]
    pairs = np.empty((last - first) * term_limits.partners + units * phrase_limits.partners, np.int64)
    most = max(term_limits.partners, phrase_limits.partners)
    best = _Best(np.empty(most, np.int32), np.empty(most, np.int64))
    size = shared = 0
    for doc in range(first, last):
        for lists, limits in ((terms, term_limits), (phrases, phrase_limits)):
            for unit in range(lists.first_unit[doc], lists.first_unit[doc + 1]):
                touched = _score_documents(lists, doc, unit, limits.window, scores)
                found, marked = _take_best(doc, touched, scores, limits, seen, best)
                shared += marked
                for partner in best.docs[:found]:
                    pairs[size] = min(doc, partner) * documents + max(doc, partner)
                    size += 1
        shared += _mark_parts_of_later(phrases, phrase_limits, doc, unit_scores, seen)
    return pairs[:size].copy(), shared


@kernel
def _new_scores(count: int) -> _Scores:
    return _Scores(np.zeros(count, np.int64), np.empty(count + 1, np.int32))


@kernel
def _score_documents(lists: PostingLists, doc: int, unit: int, window: int, scores: _Scores) -> int:
    """Add up the weights of the keys that a unit shares with other documents; return the number of these."""
    touched = 0
    for row in lists.rows[lists.first_row[unit] : lists.first_row[unit + 1]]:
        key = lists.lists[row]
        score = lists.weights[key] << COUNT_BITS | 1
        for step, end in ((-1, lists.first[key] - 1), (1, lists.first[key + 1])):
            left, previous = window, doc
            for at in range(row + step, end, step):
                other = lists.docs[at]
                if other == previous:
                    continue
                if left == 0:
                    break
                left -= 1
                previous = other
                touched = _add(scores, other, score, touched)
    return touched


@kernel
def _add(scores: _Scores, item: int, score: int, touched: int) -> int:
    """Add to the score of an item; return the number of items whose score is not 0."""
    scores.touched[touched] = item
    touched += scores.values[item] == 0
    scores.values[item] += score
    return touched


@kernel
def _is_enough(score: int, limits: Limits) -> bool:
    return score & COUNT_MASK >= limits.min_shared and score >> COUNT_BITS >= limits.min_weight


@kernel
def _mark_parts_of_later(
    lists: PostingLists, limits: Limits, doc: int, scores: _Scores, seen: NDArray[np.int32]
) -> int:
    """Mark the later documents of which a part shares enough with a document; return the number of new ones.

    Args:
        lists: The posting lists.
        limits: The limits.
        doc: The document.
        scores: Scores of all units, which are 0.
        seen: The last document for which each document was marked.
    """
    touched = 0
    for row in lists.rows[lists.first_row[lists.first_unit[doc]] : lists.first_row[lists.first_unit[doc + 1]]]:
        key = lists.lists[row]
        if row > lists.first[key] and lists.docs[row - 1] == doc:
            continue  # an earlier part of the document has the key
        score = lists.weights[key] << COUNT_BITS | 1
        left, previous = limits.window, doc
        for at in range(row + 1, lists.first[key + 1]):
            other = lists.docs[at]
            if other != previous:
                if left == 0:
                    break
                left -= 1
                previous = other
            if other != doc and seen[other] != doc:
                touched = _add(scores, lists.units[at], score, touched)
    marked = 0
    for unit in scores.touched[:touched]:
        if _is_enough(scores.values[unit], limits):
            other = np.searchsorted(lists.first_unit, unit, "right") - 1
            marked += seen[other] != doc
            seen[other] = doc
        scores.values[unit] = 0
    return marked


@kernel
def _take_best(
    doc: int,
    touched: int,
    scores: _Scores,
    limits: Limits,
    seen: NDArray[np.int32],
    best: _Best,
) -> tuple[int, int]:
    """Write the partners with the highest scores in descending order, and set all scores to 0.

    Args:
        doc: The document.
        touched: Number of documents with a score.
        scores: The scores.
        limits: The limits.
        seen: The last document for which each document was marked; later documents that share enough are marked.
        best: Receives the partners.

    Returns:
        The number of partners; and that of later documents that share enough and were not marked before.
    """
    size = marked = 0
    for other in scores.touched[:touched]:
        score = scores.values[other]
        scores.values[other] = 0
        if not _is_enough(score, limits):
            continue
        if other > doc and seen[other] != doc:
            seen[other] = doc
            marked += 1
        weight = score >> COUNT_BITS
        at = size
        while at and (best.weights[at - 1] < weight or (best.weights[at - 1] == weight and best.docs[at - 1] > other)):
            if at < limits.partners:
                best.docs[at], best.weights[at] = best.docs[at - 1], best.weights[at - 1]
            at -= 1
        if at < limits.partners:
            best.docs[at], best.weights[at] = other, weight
            size = min(size + 1, limits.partners)
    return size, marked
