"""Similarity of the sentences of two documents by the terms that they share."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.alignment.arrays import TermArrays

Matrix = NDArray[np.float64]


@njit(nogil=True, cache=True)
def common_terms(terms: TermArrays, left: int, right: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the indexes of the terms that two documents share, in each of them, ascending."""
    at, end = terms.first[left], terms.first[left + 1]
    other, other_end = terms.first[right], terms.first[right + 1]
    most = min(end - at, other_end - other)
    found, matched = np.empty(most, np.int64), np.empty(most, np.int64)
    count = 0
    while at < end and other < other_end:
        if terms.ids[at] < terms.ids[other]:
            at += 1
        elif terms.ids[at] > terms.ids[other]:
            other += 1
        else:
            found[count], matched[count] = at, other
            count += 1
            at += 1
            other += 1
    return found[:count], matched[:count]


@njit(nogil=True, cache=True)
def sentence_frequencies(terms: TermArrays, doc: int, excluded: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count the sentences of a document that have each of its terms, without excluded ones, shape (terms,)."""
    first = terms.first[doc]
    counts = np.zeros(terms.first[doc + 1] - first, np.int64)
    for index in range(counts.size):
        for entry in range(terms.starts[first + index], terms.starts[first + index + 1]):
            counts[index] += not excluded[terms.rows[entry]]
    return counts


@njit(nogil=True, cache=True)
def add_evidence(
    terms: TermArrays, docs: tuple[int, int], excluded: tuple[NDArray[np.bool_], NDArray[np.bool_]], target: Matrix
) -> None:
    """Add to each pair of sentences its shared content words, weighted by rarity in both texts and in the corpus.

    Args:
        terms: The content words.
        docs: Indexes of the left and the right document.
        excluded: Masks of the sentences of each that have no terms.
        target: Shape (left sentences, right sentences), which is changed.
    """
    found, matched = common_terms(terms, docs[0], docs[1])
    sentences = target.shape[0] + target.shape[1]
    greatest = np.log(1 + sentences / 2)
    for index in range(found.size):
        left, right = found[index], matched[index]
        frequency = 0
        for entry in range(terms.starts[left], terms.starts[left + 1]):
            frequency += not excluded[0][terms.rows[entry]]
        for entry in range(terms.starts[right], terms.starts[right + 1]):
            frequency += not excluded[1][terms.rows[entry]]
        rarity = min(np.log(1 + sentences / max(frequency, 1)) / greatest, 1.0) * terms.rarity[left]
        for entry in range(terms.starts[left], terms.starts[left + 1]):
            row = terms.rows[entry]
            if not excluded[0][row]:
                for other in range(terms.starts[right], terms.starts[right + 1]):
                    column = terms.rows[other]
                    if not excluded[1][column]:
                        target[row, column] += rarity


@njit(nogil=True, cache=True)
def add_cosines(
    terms: TermArrays,
    docs: tuple[int, int],
    excluded: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    weight: float,
    lesser_exponent: float,
    target: Matrix,
) -> None:
    """Add to each pair of sentences the weighted cosine of their terms; rarer terms have more weight.

    Args:
        terms: The terms.
        docs: Indexes of the left and the right document.
        excluded: Masks of the sentences of each that have no terms.
        weight: Factor of the cosine.
        lesser_exponent: Exponent of the lesser norm; both exponents sum to 2.
        target: Shape (left sentences, right sentences), which is changed.
    """
    rows, columns = target.shape
    found, matched = common_terms(terms, docs[0], docs[1])
    left_counts = sentence_frequencies(terms, docs[0], excluded[0])
    right_counts = sentence_frequencies(terms, docs[1], excluded[1])
    first, other_first = terms.first[docs[0]], terms.first[docs[1]]
    for index in range(found.size):
        total = left_counts[found[index] - first] + right_counts[matched[index] - other_first]
        left_counts[found[index] - first] = right_counts[matched[index] - other_first] = total
    left_weights = _inverse_frequencies(left_counts, rows + columns)
    right_weights = _inverse_frequencies(right_counts, rows + columns)
    left_norms = _norms(terms, docs[0], left_weights, excluded[0])
    right_norms = _norms(terms, docs[1], right_weights, excluded[1])
    product = np.zeros((rows, columns))
    for index in range(found.size):
        left, right = found[index], matched[index]
        squared = left_weights[left - first] * right_weights[right - other_first]
        for entry in range(terms.starts[left], terms.starts[left + 1]):
            row = terms.rows[entry]
            if not excluded[0][row]:
                value = squared * np.sqrt(terms.counts[entry])
                for other in range(terms.starts[right], terms.starts[right + 1]):
                    column = terms.rows[other]
                    if not excluded[1][column]:
                        product[row, column] += value * np.sqrt(terms.counts[other])
    for row in range(rows):
        for column in range(columns):
            if product[row, column] > 0:
                lesser = min(left_norms[row], right_norms[column])
                greater = max(left_norms[row], right_norms[column])
                norm = lesser**lesser_exponent * greater ** (2 - lesser_exponent)
                target[row, column] += weight * (product[row, column] / max(norm, 1e-12))


@njit(nogil=True, cache=True)
def _inverse_frequencies(counts: NDArray[np.int64], sentences: int) -> Matrix:
    """Return the logarithm of the inverse frequency of terms.

    Args:
        counts: Number of sentences of both texts with each term.
        sentences: Number of sentences of both texts.
    """
    weights = np.empty(counts.size)
    known = np.zeros(16)  # most terms occur in few sentences
    for index in range(counts.size):
        count = max(counts[index], 1)
        if count >= known.size:
            weights[index] = np.log(1 + sentences / count)
            continue
        if known[count] == 0:
            known[count] = np.log(1 + sentences / count)
        weights[index] = known[count]
    return weights


@njit(nogil=True, cache=True)
def _norms(terms: TermArrays, doc: int, weights: Matrix, excluded: NDArray[np.bool_]) -> Matrix:
    """Return the length of the vector of each sentence of a document."""
    squares = np.zeros(excluded.size)
    first = terms.first[doc]
    for index in range(weights.size):
        squared = weights[index] * weights[index]
        for entry in range(terms.starts[first + index], terms.starts[first + index + 1]):
            row = terms.rows[entry]
            if not excluded[row]:
                squares[row] += squared * terms.counts[entry]
    return np.sqrt(squares)
