"""Similarity of the sentences of two documents by the terms that they share."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.alignment.arrays import DocumentTerms, entry_end
from dedup.kernels.compiled.kernel import kernel

Matrix = NDArray[np.float64]


@kernel
def common_terms(left: DocumentTerms, right: DocumentTerms) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the indexes of the terms that two documents share, in each of them, ascending, shape (shared,) each."""
    most = min(len(left.terms), len(right.terms))
    found, matched = np.empty(most, np.int64), np.empty(most, np.int64)
    count = at = other = 0
    while at < len(left.terms) and other < len(right.terms):
        if left.terms[at].id < right.terms[other].id:
            at += 1
        elif left.terms[at].id > right.terms[other].id:
            other += 1
        else:
            found[count], matched[count] = at, other
            count += 1
            at += 1
            other += 1
    return found[:count], matched[:count]


@kernel
def sentence_frequency(terms: DocumentTerms, index: int) -> int:
    """Count the sentences of a document that have a term, without excluded ones."""
    count = 0
    for entry in range(terms.terms[index].start, entry_end(terms, index)):
        count += not terms.excluded[terms.entries[entry].row]
    return count


@kernel
def add_evidence(left: DocumentTerms, right: DocumentTerms, rarities: NDArray[np.float64], target: Matrix) -> None:
    """Add to each pair of sentences its shared content words, weighted by rarity in both texts and in the corpus.

    Args:
        left: Content words of the left document.
        right: Content words of the right document.
        rarities: Rarity of the left words in the corpus, shape (left terms,).
        target: Shape (left sentences, right sentences), which is changed.
    """
    found, matched = common_terms(left, right)
    sentences = target.shape[0] + target.shape[1]
    greatest = np.log(1 + sentences / 2)
    for at in range(found.size):
        index, other = found[at], matched[at]
        frequency = sentence_frequency(left, index) + sentence_frequency(right, other)
        rarity = min(np.log(1 + sentences / max(frequency, 1)) / greatest, 1.0) * rarities[index]
        for entry in range(left.terms[index].start, entry_end(left, index)):
            row = left.entries[entry].row
            if not left.excluded[row]:
                for match in range(right.terms[other].start, entry_end(right, other)):
                    column = right.entries[match].row
                    if not right.excluded[column]:
                        target[row, column] += rarity


@kernel
def add_cosines(
    left: DocumentTerms, right: DocumentTerms, weight: float, lesser_exponent: float, target: Matrix
) -> None:
    """Add to each pair of sentences the weighted cosine of their terms; rarer terms have more weight.

    Args:
        left: Terms of the left document.
        right: Terms of the right document.
        weight: Factor of the cosine.
        lesser_exponent: Exponent of the smaller norm; both exponents sum to 2.
        target: Shape (left sentences, right sentences), which is changed.
    """
    rows, columns = target.shape
    found, matched = common_terms(left, right)
    left_weights, right_weights = _frequencies(left), _frequencies(right)
    for at in range(found.size):
        frequency = left_weights[found[at]] + right_weights[matched[at]]
        left_weights[found[at]] = right_weights[matched[at]] = frequency
    _to_weights(left_weights, rows + columns)
    _to_weights(right_weights, rows + columns)
    left_norms, right_norms = _norms(left, left_weights), _norms(right, right_weights)
    product = np.zeros((rows, columns))
    for at in range(found.size):
        squared = left_weights[found[at]] * right_weights[matched[at]]
        _add_products(left, found[at], right, matched[at], squared, product)
    for row in range(rows):
        for column in range(columns):
            if product[row, column] > 0:
                lesser = min(left_norms[row], right_norms[column])
                greater = max(left_norms[row], right_norms[column])
                norm = lesser**lesser_exponent * greater ** (2 - lesser_exponent)
                target[row, column] += weight * (product[row, column] / max(norm, 1e-12))


@kernel
def _frequencies(terms: DocumentTerms) -> Matrix:
    """Count the sentences of a document that have each term, shape (terms,)."""
    counts = np.empty(len(terms.terms))
    for index in range(counts.size):
        counts[index] = sentence_frequency(terms, index)
    return counts


@kernel
def _add_products(
    left: DocumentTerms, index: int, right: DocumentTerms, other: int, squared: float, target: Matrix
) -> None:
    """Add the products of the values of a term in left and right sentences.

    Args:
        left: Terms of the left document.
        index: Index of the term in them.
        right: Terms of the right document.
        other: Index of the term in them.
        squared: Product of the weights of the term in both documents.
        target: Shape (left sentences, right sentences), which is changed.
    """
    for entry in range(left.terms[index].start, entry_end(left, index)):
        row = left.entries[entry].row
        if not left.excluded[row]:
            value = squared * np.sqrt(left.entries[entry].count)
            for match in range(right.terms[other].start, entry_end(right, other)):
                column = right.entries[match].row
                if not right.excluded[column]:
                    target[row, column] += value * np.sqrt(right.entries[match].count)


@kernel
def _to_weights(values: Matrix, sentences: int) -> None:
    """Replace frequencies by the logarithms of the inverse frequencies.

    Args:
        values: Number of sentences of both texts with each term, which is changed.
        sentences: Number of sentences of both texts.
    """
    known = np.zeros(16)  # most terms occur in few sentences
    for index in range(values.size):
        count = max(int(values[index]), 1)
        if count >= known.size:
            values[index] = np.log(1 + sentences / count)
            continue
        if known[count] == 0:
            known[count] = np.log(1 + sentences / count)
        values[index] = known[count]


@kernel
def _norms(terms: DocumentTerms, weights: Matrix) -> Matrix:
    """Return the length of the vector of each sentence of a document."""
    squares = np.zeros(terms.excluded.size)
    for index in range(weights.size):
        squared = weights[index] * weights[index]
        for entry in range(terms.terms[index].start, entry_end(terms, index)):
            row = terms.entries[entry].row
            if not terms.excluded[row]:
                squares[row] += squared * terms.entries[entry].count
    return np.sqrt(squares)
