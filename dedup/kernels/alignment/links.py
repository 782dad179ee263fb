"""Link the sentences of pairs of documents."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.alignment.arrays import DocumentArrays, ordered_wordings, terms_of
from dedup.kernels.alignment.cells import (
    Mask,
    Matrix,
    add_mean_around,
    add_runs,
    are_many,
    is_identical,
    select_best,
)
from dedup.kernels.alignment.facts import FactArrays, add_fact_weights, fits_one_year
from dedup.kernels.alignment.products import add_cosines, add_evidence
from dedup.kernels.alignment.rules import LinkRules
from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.rows import grown


class PairLinks(NamedTuple):
    """Links of pairs of documents, and the facts that these share."""

    links: NDArray[np.int64]
    """Index of the pair of documents, and left and right sentence, shape (links, 3), ascending."""
    scores: NDArray[np.float64]
    """Score of each link before calibration, shape (links,); infinite for the same words."""
    related: NDArray[np.bool_]
    """Whether the sentences share only a topic, shape (links,)."""
    nearest: NDArray[np.float64]
    """Best score of any sentences of each pair with enough evidence; -inf if there are none, shape (pairs,)."""
    shared: NDArray[np.bool_]
    """Whether each pair of facts is shared, shape (fact pairs,)."""


@kernel
def link_pairs(
    documents: DocumentArrays,
    facts: FactArrays,
    pairs: NDArray[np.int64],
    fact_pairs: NDArray[np.int64],
    same_language: NDArray[np.bool_],
    rules: LinkRules,
) -> PairLinks:
    """Link the sentences of pairs of documents.

    Args:
        documents: The documents.
        facts: Their facts.
        pairs: Indexes of the left and right document of each pair, shape (pairs, 2).
        fact_pairs: Index of the pair of documents, and ranks of the left and right fact of facts that are the same,
            shape (fact pairs, 3), ascending.
        same_language: Whether the documents of each pair are of the same language, shape (pairs,); of others only the
            sentences with the same words are linked.
        rules: Weights and limits.
    """
    links, scores = np.empty((256, 3), np.int64), np.empty(256)
    related = np.empty(256, np.bool_)
    nearest = np.full(len(pairs), -np.inf)
    shared = np.zeros(len(fact_pairs), np.bool_)
    count = fact_at = 0
    for index in range(len(pairs)):
        left, right = pairs[index, 0], pairs[index, 1]
        fact_end = fact_at
        while fact_end < len(fact_pairs) and fact_pairs[fact_end, 0] == index:
            fact_end += 1
        of_pair = fact_pairs[fact_at:fact_end, 1:]
        fitting = fits_one_year(facts, left, right, of_pair)
        for at in range(fitting.size):
            shared[fact_at + at] = fitting[at]
        fact_at = fact_end
        if same_language[index]:
            found, values, nearest[index] = _link_documents(documents, facts, left, right, of_pair[fitting], rules)
        else:
            found, nearest[index] = _link_equal(documents, left, right, rules)
            values = np.empty((0, 0))
        for row in range(found.shape[0]):
            for column in range(found.shape[1]):
                if found[row, column]:
                    if count == len(links):
                        links, scores, related = _grown(links, scores, related)
                    links[count, 0], links[count, 1], links[count, 2] = index, row, column
                    scores[count] = values[row, column] if same_language[index] else np.inf
                    related[count] = found[row, column] == 2
                    count += 1
    return PairLinks(links[:count], scores[:count], related[:count], nearest, shared)


@kernel
def _grown(
    links: NDArray[np.int64], scores: Matrix, related: Mask
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return arrays of twice the length with the same values at their beginning."""
    count = len(links)
    new_scores, new_related = np.empty(2 * count), np.empty(2 * count, np.bool_)
    for index in range(count):
        new_scores[index], new_related[index] = scores[index], related[index]
    return grown(links), new_scores, new_related


@kernel
def _marks(documents: DocumentArrays, left: int, right: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Match sentences with the same words in order; surplus sentences of a side match the last of the other side.

    Returns:
        Mark of each left and of each right sentence, equal for a match, -1 for a sentence without one.
    """
    start, end = documents.first[left], documents.first[left + 1]
    other_start, other_end = documents.first[right], documents.first[right + 1]
    sentences, others = documents.sentences[start:end], documents.sentences[other_start:other_end]
    order = ordered_wordings(sentences, documents.excluded[start:end])
    other_order = ordered_wordings(others, documents.excluded[other_start:other_end])
    marks, other_marks = np.full(len(sentences), -1), np.full(len(others), -1)
    at = other = mark = 0
    while at < order.size and other < other_order.size:
        wording, other_wording = sentences[order[at]].wording, others[other_order[other]].wording
        if wording < other_wording:
            at += 1
        elif wording > other_wording:
            other += 1
        else:
            stop, other_stop = at, other
            while stop < order.size and sentences[order[stop]].wording == wording:
                stop += 1
            while other_stop < other_order.size and others[other_order[other_stop]].wording == wording:
                other_stop += 1
            fewer = min(stop - at, other_stop - other)
            for step in range(stop - at):
                marks[order[at + step]] = mark + min(step, fewer - 1)
            for step in range(other_stop - other):
                other_marks[other_order[other + step]] = mark + min(step, fewer - 1)
            mark += fewer
            at, other = stop, other_stop
    return marks, other_marks


@kernel
def _sizes(documents: DocumentArrays, doc: int) -> NDArray[np.int64]:
    """Return the numbers of letters of the sentences of a document."""
    sizes = np.empty(documents.first[doc + 1] - documents.first[doc], np.int64)
    for rank in range(sizes.size):
        sizes[rank] = documents.sentences[documents.first[doc] + rank].size
    return sizes


@kernel
def _link_equal(documents: DocumentArrays, left: int, right: int, rules: LinkRules) -> tuple[NDArray[np.int8], float]:
    """Link the sentences with the same words; short ones only if all sentences of both documents are the same.

    Returns:
        1 for each linked pair, shape (left sentences, right sentences); and infinity if there are links.
    """
    start, end = documents.first[left], documents.first[left + 1]
    other_start, other_end = documents.first[right], documents.first[right + 1]
    sentences, others = documents.sentences[start:end], documents.sentences[other_start:other_end]
    are_equal = len(sentences) == len(others)
    for rank in range(len(sentences)):
        are_equal = are_equal and sentences[rank].wording == others[rank].wording
    marks = _marks(documents, left, right)
    found = np.zeros((len(sentences), len(others)), np.int8)
    nearest = -np.inf
    for row in range(len(sentences)):
        for column in range(len(others)):
            size = min(sentences[row].size, others[column].size)
            is_long = size >= rules.min_context_letters
            if is_identical(marks, row, column) and (are_equal or is_long):
                found[row, column] = 1
                nearest = np.inf
    return found, nearest


@kernel
def _link_documents(
    documents: DocumentArrays,
    facts: FactArrays,
    left: int,
    right: int,
    shared: NDArray[np.int64],
    rules: LinkRules,
) -> tuple[NDArray[np.int8], Matrix, float]:
    """Link the sentences of two documents of a language.

    Returns:
        1 for each linked pair, 2 for each pair that shares only a topic, shape (left sentences, right sentences); the
        scores, infinite for the same words; and the best score of any pair with enough evidence.
    """
    start, end = documents.first[left], documents.first[left + 1]
    other_start, other_end = documents.first[right], documents.first[right + 1]
    shape = (end - start, other_end - other_start)
    if not shape[0] or not shape[1]:
        return np.zeros((0, 0), np.int8), np.empty((0, 0)), -np.inf
    excluded = documents.excluded[start:end], documents.excluded[other_start:other_end]
    fact_weights = np.zeros(shape)
    add_fact_weights(facts, left, right, shared, fact_weights)
    fact_weights = np.minimum(fact_weights, rules.max_fact_weight)
    evidence = np.zeros(shape)
    first, last = documents.content.first[left], documents.content.first[left + 1]
    add_evidence(
        terms_of(documents.content, left, excluded[0]),
        terms_of(documents.content, right, excluded[1]),
        documents.rarity[first:last],
        evidence,
    )
    evidence += fact_weights
    marks = _marks(documents, left, right)
    if evidence.max() < rules.min_close_evidence and marks[0].max() < 0:
        # Every link needs evidence or the same words.
        return np.zeros((0, 0), np.int8), fact_weights, -np.inf
    similarity = np.zeros(shape)
    for terms, weight in ((documents.stems, rules.stem_weight), (documents.grams, rules.gram_weight)):
        sides = terms_of(terms, left, excluded[0]), terms_of(terms, right, excluded[1])
        add_cosines(sides[0], sides[1], weight, rules.lesser_exponent, similarity)
    sizes = _sizes(documents, left), _sizes(documents, right)
    return _score(similarity, evidence, fact_weights, marks, sizes, rules)


@kernel
def _score(
    similarity: Matrix,
    evidence: Matrix,
    fact_weights: Matrix,
    marks: tuple[NDArray[np.int64], NDArray[np.int64]],
    sizes: tuple[NDArray[np.int64], NDArray[np.int64]],
    rules: LinkRules,
) -> tuple[NDArray[np.int8], Matrix, float]:
    """Score and select pairs of sentences.

    Args:
        similarity: Cosines, shape (left sentences, right sentences), which is changed.
        evidence: Evidence of shared words and facts, of the same shape.
        fact_weights: Part of the evidence that is facts, of the same shape, which is changed.
        marks: Numbers of the left and right sentences that are equal for the same wording, -1 for no match.
        sizes: Letters of the left and right sentences.
        rules: Weights and limits.

    Returns:
        As `_link_documents`.
    """
    rows, columns = similarity.shape
    scores = np.empty((rows, columns))
    long_similarity = fact_weights  # reused
    for row in range(rows):
        for column in range(columns):
            value = similarity[row, column] + rules.fact_boost * fact_weights[row, column]
            boosting = min(max(evidence[row, column] - rules.min_boosting, 0.0), rules.max_boosting)
            value = min(value + rules.evidence_boost * boosting, rules.identical_score)
            if is_identical(marks, row, column):
                value = rules.identical_score
            similarity[row, column] = scores[row, column] = value
            is_long = min(sizes[0][row], sizes[1][column]) >= rules.min_context_letters
            long_similarity[row, column] = value if is_long else 0.0
    add_mean_around(long_similarity, 1, rules.neighbour_weight, scores)
    best = np.empty((rows, columns), np.bool_)
    select_best(scores, marks, sizes, best)
    nearby = long_similarity
    for row in range(rows):
        for column in range(columns):
            nearby[row, column] = (
                best[row, column]
                and min(sizes[0][row], sizes[1][column]) >= rules.min_context_letters
                and scores[row, column] > rules.min_context_similarity
                and evidence[row, column] >= rules.min_context_evidence
            )
    context = np.zeros((rows, columns))
    add_mean_around(nearby, rules.context_reach, 1.0, context)
    scores += rules.context_weight * context
    select_best(scores, marks, sizes, best)
    return _select(similarity, evidence, scores, context, best, marks, sizes, rules)


@kernel
def _select(
    similarity: Matrix,
    evidence: Matrix,
    scores: Matrix,
    context: Matrix,
    best: Mask,
    marks: tuple[NDArray[np.int64], NDArray[np.int64]],
    sizes: tuple[NDArray[np.int64], NDArray[np.int64]],
    rules: LinkRules,
) -> tuple[NDArray[np.int8], Matrix, float]:
    """Select the links among the best pairs; scores of the same words become infinite."""
    rows, columns = similarity.shape
    chosen = np.zeros((rows, columns), np.bool_)
    for row in range(rows):
        for column in range(columns):
            found = evidence[row, column]
            close = found >= rules.min_close_evidence and context[row, column] >= rules.min_close_context
            is_strong = scores[row, column] > rules.min_link_score and (found >= rules.min_evidence or close)
            chosen[row, column] = best[row, column] and is_strong
    if are_many(chosen, rules.min_many_links, rules.min_linked_share):
        for row in range(rows):
            for column in range(columns):
                is_long = min(sizes[0][row], sizes[1][column]) >= rules.min_context_letters
                chosen[row, column] |= (
                    best[row, column]
                    and scores[row, column] > rules.min_weak_score
                    and similarity[row, column] >= rules.min_weak_similarity
                    and (is_long or evidence[row, column] >= rules.min_close_evidence)
                )
    return _finish(evidence, scores, best, chosen, marks, rules)


@kernel
def _finish(
    evidence: Matrix,
    scores: Matrix,
    best: Mask,
    chosen: Mask,
    marks: tuple[NDArray[np.int64], NDArray[np.int64]],
    rules: LinkRules,
) -> tuple[NDArray[np.int8], Matrix, float]:
    """Add the identical sentences in runs of links, and the pairs that share only a topic."""
    rows, columns = scores.shape
    if are_many(chosen, rules.min_many_links, rules.min_linked_share):
        for row in range(rows):
            for column in range(columns):
                chosen[row, column] |= is_identical(marks, row, column)
    else:
        add_runs(chosen, marks)
    found = np.zeros((rows, columns), np.int8)
    nearest = -np.inf
    for row in range(rows):
        for column in range(columns):
            is_topic = scores[row, column] > rules.min_related_score
            if is_identical(marks, row, column):
                scores[row, column] = np.inf
            if chosen[row, column]:
                found[row, column] = 1
            elif best[row, column] and is_topic and evidence[row, column] >= rules.min_evidence:
                found[row, column] = 2
            if evidence[row, column] >= rules.min_evidence:
                nearest = max(nearest, scores[row, column])
    return found, scores, nearest
