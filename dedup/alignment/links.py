"""Link the sentences of two texts that correspond."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.document_frequency import CorpusStatistics
from dedup.kernels.alignment.rules import LinkRules
from dedup.text.features import SentenceTerms, Terms, common_terms

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

# The values below were chosen on half of the documents of DEplain and on pairs of unrelated articles.
# Stems match words that are kept. Character 4-grams also match inflected, derived and compound words, so they have more
# weight.
STEM_WEIGHT, GRAM_WEIGHT = 0.3, 0.7
# Exponent of the smaller norm in the cosine; the exponents sum to 2. Above 1, a part is similar to the whole.
LESSER_NORM_EXPONENT = 1.7
# Each shared content word is evidence: 1 if it occurs in two sentences only, otherwise less. Evidence above the minimum
# increases the similarity, up to a limit, because long sentences of the same report share many words but have a low
# cosine.
MIN_BOOSTING_EVIDENCE, EVIDENCE_BOOST, MAX_BOOSTING_EVIDENCE = 2.0, 0.08, 4.0
# Increase of the similarity by a shared fact, and maximum total weight of the facts of a sentence pair: rare numbers
# and names identify a report better than its words.
FACT_BOOST, MAX_FACT_WEIGHT = 0.2, 2.0
# Weight of the similarity of adjacent sentences; weight of nearby links, and the distance up to which they count.
NEIGHBOUR_WEIGHT, CONTEXT_WEIGHT, CONTEXT_REACH = 0.6, 0.3, 3
# Minimum similarity and evidence of a sentence pair that counts as a nearby link.
MIN_CONTEXT_SIMILARITY, MIN_CONTEXT_EVIDENCE = 0.40, 0.5
# A sentence with fewer letters ("Reuter") does not count as context, and needs evidence of its own.
MIN_CONTEXT_LETTERS = 12
# Minimum score and evidence of a link; minimum context of a link with less evidence, and its minimum evidence.
MIN_LINK_SCORE, MIN_EVIDENCE = 0.54, 1.7
MIN_CLOSE_CONTEXT, MIN_CLOSE_EVIDENCE = 0.5, 1.0
# If the texts have at least MIN_MANY_LINKS links, which cover at least MIN_LINKED_SHARE of the sentences, weaker links
# are accepted. They need a minimum score, and a minimum similarity, because a position between two links alone is not
# enough.
MIN_MANY_LINKS, MIN_LINKED_SHARE = 2, 0.05
MIN_WEAK_SCORE, MIN_WEAK_SIMILARITY = 0.48, 0.15
# Minimum score of sentences on the same topic.
MIN_RELATED_SCORE = 0.40
# Score of sentences with the same words, and maximum similarity.
IDENTICAL_SCORE = 1.0
# Scores of sentence pairs, and the share of the links with such a score that are right: on one half of DEplain and of
# SemEval 2022 Task 8 (training pairs), on planted passages and on the story cases, the mean of the four.
CALIBRATION = (
    (0.0, 0.40, 0.50, 0.57, 0.65, 0.75, 0.85, 0.95, 1.07, 1.22, 1.50, 2.00),
    (0.0, 0.20, 0.30, 0.40, 0.50, 0.60, 0.75, 0.83, 0.88, 0.94, 0.97, 0.99),
)
# Minimum score of a link as it is displayed.
DISPLAYED_THRESHOLD = float(np.interp(MIN_LINK_SCORE, *CALIBRATION))
LINK_RULES = LinkRules(
    stem_weight=STEM_WEIGHT,
    gram_weight=GRAM_WEIGHT,
    lesser_exponent=LESSER_NORM_EXPONENT,
    min_boosting=MIN_BOOSTING_EVIDENCE,
    max_boosting=MAX_BOOSTING_EVIDENCE,
    evidence_boost=EVIDENCE_BOOST,
    fact_boost=FACT_BOOST,
    max_fact_weight=MAX_FACT_WEIGHT,
    neighbour_weight=NEIGHBOUR_WEIGHT,
    context_weight=CONTEXT_WEIGHT,
    context_reach=CONTEXT_REACH,
    min_context_similarity=MIN_CONTEXT_SIMILARITY,
    min_context_evidence=MIN_CONTEXT_EVIDENCE,
    min_context_letters=MIN_CONTEXT_LETTERS,
    min_link_score=MIN_LINK_SCORE,
    min_evidence=MIN_EVIDENCE,
    min_close_context=MIN_CLOSE_CONTEXT,
    min_close_evidence=MIN_CLOSE_EVIDENCE,
    min_many_links=MIN_MANY_LINKS,
    min_linked_share=MIN_LINKED_SHARE,
    min_weak_score=MIN_WEAK_SCORE,
    min_weak_similarity=MIN_WEAK_SIMILARITY,
    min_related_score=MIN_RELATED_SCORE,
    identical_score=IDENTICAL_SCORE,
)
"""These values for the kernels."""
# Maximum number of cells of a dense matrix of sentences by terms; a larger matrix is sparse.
MAX_DENSE_CELLS = 1 << 22


class FactWeights(NamedTuple):
    """Facts that pairs of sentences share: the entries of a sparse matrix, repeated entries to be summed."""

    rows: NDArray[np.int64]
    """Left sentence of each fact, shape (facts,)."""
    columns: NDArray[np.int64]
    """Right sentence of each fact, shape (facts,)."""
    weights: NDArray[np.float64]
    """Weight of each fact, shape (facts,)."""


class WordingMarks(NamedTuple):
    """Numbers that are equal for the sentences of two texts that `match_wordings` matches."""

    left: NDArray[np.int64]
    """Mark of each left sentence, shape (left sentences,); -1 for a sentence without a match."""
    right: NDArray[np.int64]
    """Mark of each right sentence, shape (right sentences,); -1 for a sentence without a match."""


@dataclass(frozen=True)
class SentenceLinks:
    """Pairs of linked sentences."""

    pairs: NDArray[np.int64]
    """Left and right sentence of each link, shape (links, 2), ascending."""
    scores: NDArray[np.float64]
    """Score of each link in (0, 1], shape (links,)."""
    related: NDArray[np.bool_]
    """Whether the sentences share only a topic, shape (links,)."""
    nearest: float
    """Best score of any pair of sentences with enough evidence to be linked; 0 if there is none."""


def match_wordings(left: NDArray[np.int64], right: NDArray[np.int64]) -> WordingMarks:
    """Match sentences with the same words in order; surplus sentences of a side match the last of the other side.

    Args:
        left: Hash of the words of each left sentence, shape (left sentences,), int64; a negative one matches none.
        right: Hash of the words of each right sentence, shape (right sentences,), int64; a negative one matches none.

    >>> marks = match_wordings(np.array([7, 7, 7, 8]), np.array([9, 7, 7]))
    >>> marks.left, marks.right
    (array([ 0,  1,  1, -1]), array([-1,  0,  1]))
    """
    wordings, inverse = np.unique(np.concatenate((left, right)), return_inverse=True)
    sides = inverse[: left.size], inverse[left.size :]
    fewer = np.minimum(*(np.bincount(side, minlength=wordings.size) for side in sides)) * (wordings >= 0)
    first = np.cumsum(fewer) - fewer
    marks = []
    for side in sides:
        order = np.argsort(side, kind="stable")
        occurrence = np.empty_like(side)
        occurrence[order] = np.arange(side.size) - np.searchsorted(side[order], side[order])
        marks.append(np.where(fewer[side] > 0, first[side] + np.minimum(occurrence, fewer[side] - 1), -1))
    return WordingMarks(marks[0], marks[1])


def link_sentences(
    left: SentenceTerms,
    right: SentenceTerms,
    facts: FactWeights,
    statistics: CorpusStatistics,
    marks: WordingMarks | None = None,
) -> SentenceLinks:
    """Link the sentences of two texts that correspond, in any order; a sentence may have several links.

    The shorter of two sentences selects its most similar partner. Similarity is that of weighted stems and character
    4-grams, after Sanchez-Perez et al., "A Winning Approach to Text Alignment for Text Reuse Detection at PAN 2014",
    section 2, with weights that stay above zero, and with the neighbours of both sentences.

    Args:
        left: Terms of the left text.
        right: Terms of the right text.
        facts: Facts that their sentences share.
        statistics: Document frequencies and boilerplate of the corpus.
        marks: Sentences with the same words, if `left` and `right` are parts of texts, since a match may be in another
            part; None to match the sentences of `left` and `right`.

    Returns:
        The links; those of (right, left) are the same with the sides exchanged.
    """
    if not left.sizes.size or not right.sizes.size:
        return no_links()
    left, right = left.without(statistics.boilerplate), right.without(statistics.boilerplate)
    fact_weights = np.zeros((left.sizes.size, right.sizes.size))
    np.add.at(fact_weights, (facts.rows, facts.columns), facts.weights)
    fact_weights = np.minimum(fact_weights, MAX_FACT_WEIGHT)
    evidence = _word_evidence(left.content, right.content, statistics) + fact_weights
    left_marks, right_marks = marks or match_wordings(left.wordings, right.wordings)
    identical = (left_marks[:, None] == right_marks[None, :]) & (left_marks[:, None] >= 0)
    matched = np.logical_or.outer(left_marks >= 0, right_marks >= 0)
    boost = EVIDENCE_BOOST * np.clip(evidence - MIN_BOOSTING_EVIDENCE, 0, MAX_BOOSTING_EVIDENCE)
    cosine = STEM_WEIGHT * cosines(left.stems, right.stems) + GRAM_WEIGHT * cosines(left.grams, right.grams)
    similarity = np.minimum(cosine + boost + FACT_BOOST * fact_weights, IDENTICAL_SCORE)
    similarity = np.where(identical, IDENTICAL_SCORE, similarity)
    long = np.minimum.outer(left.sizes, right.sizes) >= MIN_CONTEXT_LETTERS
    smoothed = similarity + NEIGHBOUR_WEIGHT * _mean_around(similarity * long, 1)
    best = _select_best(smoothed, identical, matched, left.sizes, right.sizes)
    nearby = best & long & (smoothed > MIN_CONTEXT_SIMILARITY) & (evidence >= MIN_CONTEXT_EVIDENCE)
    context = _mean_around(nearby.astype(np.float64), CONTEXT_REACH)
    scores = smoothed + CONTEXT_WEIGHT * context
    best = _select_best(scores, identical, matched, left.sizes, right.sizes)
    close = (evidence >= MIN_CLOSE_EVIDENCE) & (context >= MIN_CLOSE_CONTEXT)
    strong = best & (scores > MIN_LINK_SCORE) & ((evidence >= MIN_EVIDENCE) | close)
    weak = (scores > MIN_WEAK_SCORE) & (similarity >= MIN_WEAK_SIMILARITY) & (long | (evidence >= MIN_CLOSE_EVIDENCE))
    chosen = strong | (best & weak & _are_many(strong))
    chosen |= _runs_of_identical(identical, chosen)
    related = best & ~chosen & (scores > MIN_RELATED_SCORE) & (evidence >= MIN_EVIDENCE)
    pairs = np.argwhere(chosen | related)
    rows, columns = pairs.T
    calibrated = np.where(identical, IDENTICAL_SCORE, calibrate(scores))
    nearest = float(np.where(evidence >= MIN_EVIDENCE, calibrated, 0).max())
    return SentenceLinks(pairs, calibrated[rows, columns], related[rows, columns], nearest)


def calibrate(scores: Matrix) -> Matrix:
    """Return the share of links with these scores that are right.

    Args:
        scores: Scores of sentence pairs, any shape, float64.

    Returns:
        From 0 to 0.99, of the same shape.

    >>> calibrate(np.array([MIN_LINK_SCORE, 0.9, 3.0])).round(2).tolist()
    [0.36, 0.79, 0.99]
    """
    return np.asarray(np.interp(scores, *CALIBRATION))


def link_equal_sentences(left: SentenceTerms, right: SentenceTerms, statistics: CorpusStatistics) -> SentenceLinks:
    """Link only the sentences with the same words, for texts of different languages.

    Sentences that are too short for context ("OK.") are linked only if all sentences of both texts are the same.

    Args:
        left: Terms of the left text.
        right: Terms of the right text.
        statistics: Document frequencies and boilerplate of the corpus.
    """
    if not left.sizes.size or not right.sizes.size:
        return no_links()
    are_equal = np.array_equal(left.wordings, right.wordings)
    left, right = left.without(statistics.boilerplate), right.without(statistics.boilerplate)
    marks = match_wordings(left.wordings, right.wordings)
    linked = (marks.left[:, None] == marks.right[None, :]) & (marks.left[:, None] >= 0)
    if not are_equal:
        linked &= np.minimum.outer(left.sizes, right.sizes) >= MIN_CONTEXT_LETTERS
    pairs = np.argwhere(linked)
    scores = np.full(len(pairs), IDENTICAL_SCORE)
    return SentenceLinks(pairs, scores, np.zeros(len(pairs), np.bool_), IDENTICAL_SCORE if len(pairs) else 0.0)


def no_links() -> SentenceLinks:
    """Return the result for texts without links.

    >>> no_links().nearest
    0.0
    """
    return SentenceLinks(np.empty((0, 2), np.int64), np.empty(0), np.empty(0, np.bool_), 0.0)


def cosines(left: Terms, right: Terms) -> Matrix:
    """Return the cosine similarity of each left sentence and each right sentence; rarer terms have more weight.

    Args:
        left: Terms of the left text.
        right: Terms of the right text.

    Returns:
        Shape (left sentences, right sentences), float64.
    """
    common = common_terms(left, right)
    sentences = left.sentences + right.sentences
    values = [
        np.sqrt(terms.counts) * np.log(1 + sentences / np.maximum(frequency, 1))[terms.columns]
        for terms, frequency in zip((left, right), _sentence_frequencies(left, right, common), strict=True)
    ]
    norms = [
        np.sqrt(np.bincount(terms.rows, value * value, terms.sentences))
        for terms, value in zip((left, right), values, strict=True)
    ]
    lesser, greater = np.minimum.outer(*norms), np.maximum.outer(*norms)
    norm = lesser**LESSER_NORM_EXPONENT * greater ** (2 - LESSER_NORM_EXPONENT)
    return _product((left, right), values, common) / np.maximum(norm, 1e-12)


def _word_evidence(left: Terms, right: Terms, statistics: CorpusStatistics) -> Matrix:
    """Return the number of shared content words, weighted by rarity in both texts and in the corpus.

    Returns:
        Shape (left sentences, right sentences), float64.
    """
    common = common_terms(left, right)
    sentences = left.sentences + right.sentences
    frequency = _sentence_frequencies(left, right, common)[0]
    rarity = np.minimum(np.log(1 + sentences / np.maximum(frequency, 1)) / log(1 + sentences / 2), 1)
    rarity *= statistics.rarity(left.ids)
    return _product((left, right), [rarity[left.columns], np.ones(right.columns.size)], common)


def _sentence_frequencies(
    left: Terms, right: Terms, common: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> tuple[Matrix, Matrix]:
    """Count the sentences of both texts that contain each term.

    Args:
        left: Terms of the left text.
        right: Terms of the right text.
        common: Indices of the shared terms in both texts; see `common_terms`.

    Returns:
        Counts of the left terms, shape (left terms,), and of the right terms, shape (right terms,); float64.
    """
    left_counts = np.bincount(left.columns, minlength=left.ids.size)
    right_counts = np.bincount(right.columns, minlength=right.ids.size)
    left_total, right_total = left_counts.astype(np.float64), right_counts.astype(np.float64)
    left_total[common[0]] += right_counts[common[1]]
    right_total[common[1]] += left_counts[common[0]]
    return left_total, right_total


def _product(
    sides: tuple[Terms, Terms], values: Sequence[Matrix], common: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> Matrix:
    """Multiply two matrices of sentences by terms, over their common terms."""
    size = common[0].size
    entries = []
    for terms, value, ranks in zip(sides, values, common, strict=True):
        common_column = np.full(terms.ids.size, -1)
        common_column[ranks] = np.arange(size)
        chosen = common_column[terms.columns] >= 0
        entries.append((value[chosen], terms.rows[chosen], common_column[terms.columns[chosen]]))
    shapes = [(terms.sentences, size) for terms in sides]
    if sum(rows for rows, _ in shapes) * size > MAX_DENSE_CELLS:
        from scipy import sparse

        left, right = (
            sparse.csr_matrix((value, (rows, columns)), shape=shape)
            for (value, rows, columns), shape in zip(entries, shapes, strict=True)
        )
        return np.asarray((left @ right.T).toarray())
    matrices = [np.zeros(shape) for shape in shapes]
    for matrix, (value, rows, columns) in zip(matrices, entries, strict=True):
        matrix[rows, columns] = value
    return np.asarray(matrices[0] @ matrices[1].T)


def _mean_around(values: Matrix, reach: int) -> Matrix:
    """Average the cells before and after each cell, weighted by proximity.

    For each distance d and direction, the value is the maximum of the cells that are d away in one text and d-1 to d+1
    away in the other text.
    """
    rows, columns = values.shape
    edge = reach + 1
    padded = np.pad(values, edge)
    total = np.zeros_like(values)
    for distance in range(1, reach + 1):
        for sign in (-1, 1):
            steps = [(distance, other) for other in range(distance - 1, distance + 2)]
            steps += [(other, distance) for other in (distance - 1, distance + 1)]
            shifted = [
                padded[top : top + rows, first : first + columns]
                for top, first in ((edge + sign * down, edge + sign * along) for down, along in steps)
            ]
            total += np.maximum.reduce(shifted) / distance
    return total / (2 * sum(1 / distance for distance in range(1, reach + 1)))


def _select_best(
    values: Matrix, identical: Mask, matched: Mask, left_sizes: NDArray[np.int64], right_sizes: NDArray[np.int64]
) -> Mask:
    """Select the pairs in which the longer sentence is the best partner of the shorter sentence.

    Sentences that are matched by wording are paired only with sentences of the same wording.
    """
    free = np.where(matched & ~identical, -1.0, values)
    best_of_left = free >= free.max(axis=1, keepdims=True) - 1e-9
    best_of_right = free >= free.max(axis=0, keepdims=True) - 1e-9
    shorter = left_sizes[:, None] < right_sizes[None, :]
    longer = left_sizes[:, None] > right_sizes[None, :]
    best = np.where(shorter, best_of_left, np.where(longer, best_of_right, best_of_left | best_of_right))
    result: Mask = (best & (free > 0)) | identical
    return result


def _are_many(strong: Mask) -> bool:
    """Return whether there are enough links to accept weaker ones."""
    linked = int(strong.any(axis=0).sum() + strong.any(axis=1).sum())
    return bool(strong.sum() >= MIN_MANY_LINKS and linked >= MIN_LINKED_SHARE * sum(strong.shape))


def _runs_of_identical(identical: Mask, chosen: Mask) -> Mask:
    """Return the identical sentences without evidence ("Yes.") in runs between links or the ends of both texts."""
    result: Mask = identical & ~chosen
    if result.any() and not _are_many(chosen):
        ends = np.zeros((identical.shape[0] + 2, identical.shape[1] + 2), np.bool_)
        ends[0, 0] = ends[-1, -1] = True
        ends[1:-1, 1:-1] = chosen
        changed = True
        while changed:  # a sentence pair is kept while the diagonal cells before and after it are linked
            linked = ends.copy()
            linked[1:-1, 1:-1] |= result
            kept: Mask = result & linked[:-2, :-2] & linked[2:, 2:]
            changed = bool(np.any(kept != result))
            result = kept
    return result
