"""Two texts to the links between their sentences: which of one says what which of the other says."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.document_frequency import Background
from dedup.text.features import SentenceTerms, Terms, common_terms


def match_wordings(left: NDArray[np.int64], right: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Mark the sentences of the same words: the first with the first, and so on; those left over with the last.

    Args:
        left: Hash of the words of each sentence of the one text; negative for those that link nothing.
        right: Likewise of the other.

    Returns:
        A mark for each sentence, equal for those that belong together; -1 for a sentence that has no partner.

    >>> match_wordings(np.array([7, 7, 7, 8]), np.array([9, 7, 7]))
    (array([ 0,  1,  1, -1]), array([-1,  0,  1]))
    """
    wordings, which = np.unique(np.concatenate((left, right)), return_inverse=True)
    sides = which[: left.size], which[left.size :]
    fewer = np.minimum(*(np.bincount(side, minlength=wordings.size) for side in sides)) * (wordings >= 0)
    first = np.cumsum(fewer) - fewer
    marks = []
    for side in sides:
        order = np.argsort(side, kind="stable")
        turns = np.empty_like(side)
        turns[order] = np.arange(side.size) - np.searchsorted(side[order], side[order])
        marks.append(np.where(fewer[side] > 0, first[side] + np.minimum(turns, fewer[side] - 1), -1))
    return marks[0], marks[1]


Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

# The figures below were chosen on half of the documents of DEplain and on pairs of unrelated articles.
# Stems find what was kept, character 4-grams what was inflected, derived or compounded anew: these count more.
STEMS, GRAMS = 0.3, 0.7
# The norm of the sentence with less in it counts this much of two, so that a part is found in the whole.
PART = 1.7
# A shared content word is evidence, in full if it occurs in two sentences only. What exceeds ENOUGH lifts the
# similarity, up to a limit: long sentences of one report share many words and yet have a low cosine.
ENOUGH, LIFT, MOST = 2.0, 0.08, 4.0
# What a shared fact adds to the similarity, and how much facts count at most: rare numbers and names tell a report
# better than its words.
FACT, MOST_FACTS = 0.2, 2.0
# Neighbouring sentences that are alike speak for a link, and neighbouring links do.
NEIGHBOURS, CONTEXT, REACH = 0.6, 0.3, 3
# Least similarity and evidence of a sentence pair to count as context.
SEED, SEED_EVIDENCE = 0.40, 0.5
# A sentence with fewer letters says nothing of its neighbours ("Reuter"), and needs evidence of its own.
SHORT = 12
# Least score and evidence of a link; and least evidence of one that others stand close to.
LINK, EVIDENCE = 0.54, 1.7
CLOSE, EVIDENCE_CLOSE = 0.5, 1.0
# Where links cover such a part of the sentences, and are so many, weaker ones are trusted: least score and least
# similarity, since a place between two links alone makes none.
MANY, MANY_PART = 2, 0.05
AMONG_LINKS, SOME = 0.48, 0.15
# Least score of sentences on the same topic.
TOPIC = 0.40
# The score of sentences of the same words.
SAME = 1.0
# Cells of a matrix of terms that is held as it is; a greater one is held sparsely.
DENSE = 1 << 22


class Shared(NamedTuple):
    """Facts that sentences share."""

    rows: NDArray[np.int64]
    """Left sentence of each, shape (facts,)."""
    columns: NDArray[np.int64]
    """Right sentence of each, likewise."""
    weights: NDArray[np.float64]
    """How much it counts, likewise."""


NO_FACTS = Shared(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


@dataclass(frozen=True)
class Links:
    """Which sentences are linked."""

    pairs: NDArray[np.int64]
    """Sentences of the left and of the right text, shape (links, 2), in that order."""
    scores: NDArray[np.float64]
    """From 0 to 1, shape (links,)."""
    related: NDArray[np.bool_]
    """Whether a link shows a common topic only, shape (links,)."""
    nearest: float
    """The best score of any pair of sentences that share enough words to be linked."""


def link(
    left: SentenceTerms,
    right: SentenceTerms,
    shared: Shared,
    background: Background,
    marks: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None,
) -> Links:
    """Link the sentences of two texts that say the same, whatever their order; one may have several links.

    The shorter of two sentences picks the one that it is most like. Similarity is that of weighted stems and
    character 4-grams, after Sanchez-Perez et al., "A Winning Approach to Text Alignment for Text Reuse Detection
    at PAN 2014", section 2, with weights that stay above zero, and with the neighbours of both sentences.

    Args:
        left: Terms of the one text.
        right: Terms of the other.
        shared: The facts that their sentences share.
        background: What many documents of their folder say.
        marks: Which sentences have the same words (see `dedup.alignment.links`), if these are parts of texts: the
            partner of a sentence may be in another part.

    Returns:
        The links, by left sentence, then right; the links of (right, left) are the same, turned round.
    """
    if not left.sizes.size or not right.sizes.size:
        return no_links()
    left, right = left.without(background.boilerplate), right.without(background.boilerplate)
    facts = np.zeros((left.sizes.size, right.sizes.size))
    np.add.at(facts, (shared.rows, shared.columns), shared.weights)
    facts = np.minimum(facts, MOST_FACTS)
    evidence = _evidence(left.content, right.content, background) + facts
    one, other = marks or match_wordings(left.wordings, right.wordings)
    same = (one[:, None] == other[None, :]) & (one[:, None] >= 0)
    taken = np.logical_or.outer(one >= 0, other >= 0)
    alike = STEMS * cosines(left.stems, right.stems) + GRAMS * cosines(left.grams, right.grams)
    alike = np.where(same, SAME, np.minimum(alike + LIFT * np.clip(evidence - ENOUGH, 0, MOST) + FACT * facts, SAME))
    speaks = np.minimum.outer(left.sizes, right.sizes) >= SHORT
    near = alike + NEIGHBOURS * _around(alike * speaks, 1)
    picked = _pick(near, same, taken, left.sizes, right.sizes)
    context = _around((picked & speaks & (near > SEED) & (evidence >= SEED_EVIDENCE)).astype(np.float64), REACH)
    scores = near + CONTEXT * context
    picked = _pick(scores, same, taken, left.sizes, right.sizes)
    close = (evidence >= EVIDENCE_CLOSE) & (context >= CLOSE)
    strong = picked & (scores > LINK) & ((evidence >= EVIDENCE) | close)
    trusted = (scores > AMONG_LINKS) & (alike >= SOME) & (speaks | (evidence >= EVIDENCE_CLOSE))
    chosen = strong | (picked & trusted & _among(strong))
    chosen |= _run_of_same(same, chosen)
    topic = picked & ~chosen & (scores > TOPIC) & (evidence >= EVIDENCE)
    found = np.argwhere(chosen | topic)
    rows, columns = found.T
    capped = np.minimum(np.where(same, SAME, scores), SAME)
    nearest = float(np.where(evidence >= EVIDENCE, capped, 0).max())
    return Links(found, capped[rows, columns], topic[rows, columns], nearest)


def no_links() -> Links:
    """Give the links of texts that have nothing in common.

    >>> no_links().nearest
    0.0
    """
    return Links(np.empty((0, 2), np.int64), np.empty(0), np.empty(0, np.bool_), 0.0)


def cosines(left: Terms, right: Terms) -> Matrix:
    """Compare each left sentence with each right one by terms, the rarer the weightier.

    Args:
        left: Terms of the one text.
        right: Terms of the other.

    Returns:
        Shape (left sentences, right sentences).
    """
    places = common_terms(left, right)
    sentences = left.sentences + right.sentences
    values = [
        np.sqrt(terms.counts) * np.log(1 + sentences / np.maximum(frequency, 1))[terms.columns]
        for terms, frequency in zip((left, right), _frequencies(left, right, places), strict=True)
    ]
    norms = [
        np.sqrt(np.bincount(terms.rows, value * value, terms.sentences))
        for terms, value in zip((left, right), values, strict=True)
    ]
    less, more = np.minimum.outer(*norms), np.maximum.outer(*norms)
    return _product((left, right), values, places) / np.maximum(less**PART * more ** (2 - PART), 1e-12)


def _evidence(left: Terms, right: Terms, background: Background) -> Matrix:
    """Count the content words that sentences share, each by how rare it is in both texts and in their folder."""
    places = common_terms(left, right)
    sentences = left.sentences + right.sentences
    frequency = _frequencies(left, right, places)[0]
    rarity = np.minimum(np.log(1 + sentences / np.maximum(frequency, 1)) / log(1 + sentences / 2), 1)
    rarity *= background.rarity(left.ids)
    return _product((left, right), [rarity[left.columns], np.ones(right.columns.size)], places)


def _frequencies(left: Terms, right: Terms, places: tuple[NDArray[np.int64], NDArray[np.int64]]) -> list[Matrix]:
    """Count the sentences of both texts that have each term of the one, and each of the other."""
    own = [np.bincount(terms.columns, minlength=terms.ids.size) for terms in (left, right)]
    found = [frequency.astype(np.float64) for frequency in own]
    found[0][places[0]] += own[1][places[1]]
    found[1][places[1]] += own[0][places[0]]
    return found


def _product(
    sides: tuple[Terms, Terms], values: Sequence[Matrix], places: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> Matrix:
    """Multiply two matrices of sentences by terms, over the terms that both have."""
    shared = places[0].size
    cells = []
    for terms, value, mine in zip(sides, values, places, strict=True):
        column = np.full(terms.ids.size, -1)
        column[mine] = np.arange(shared)
        chosen = column[terms.columns] >= 0
        cells.append((value[chosen], terms.rows[chosen], column[terms.columns[chosen]]))
    shapes = [(terms.sentences, shared) for terms in sides]
    if sum(rows for rows, _ in shapes) * shared > DENSE:
        from scipy import sparse

        one, other = (
            sparse.csr_matrix((value, (rows, columns)), shape=shape)
            for (value, rows, columns), shape in zip(cells, shapes, strict=True)
        )
        return np.asarray((one @ other.T).toarray())
    matrices = [np.zeros(shape) for shape in shapes]
    for matrix, (value, rows, columns) in zip(matrices, cells, strict=True):
        matrix[rows, columns] = value
    return np.asarray(matrices[0] @ matrices[1].T)


def _around(values: Matrix, reach: int) -> Matrix:
    """Average what stands next to each pair of sentences before and after, the closer the weightier.

    At distance d the greatest value counts of those d further in one text and d-1 to d+1 in the other.
    """
    rows, columns = values.shape
    edge = reach + 1
    padded = np.pad(values, edge)
    total = np.zeros_like(values)
    for distance in range(1, reach + 1):
        for sign in (-1, 1):
            steps = [(distance, other) for other in range(distance - 1, distance + 2)]
            steps += [(other, distance) for other in (distance - 1, distance + 1)]
            moved = [
                padded[top : top + rows, first : first + columns]
                for top, first in ((edge + sign * down, edge + sign * along) for down, along in steps)
            ]
            total += np.maximum.reduce(moved) / distance
    return total / (2 * sum(1 / distance for distance in range(1, reach + 1)))


def _pick(values: Matrix, same: Mask, taken: Mask, left: NDArray[np.int64], right: NDArray[np.int64]) -> Mask:
    """Let the shorter sentence of each pair pick its best partner; equal wordings are partners anyway."""
    free = np.where(taken & ~same, -1.0, values)
    best_of_left = free >= free.max(axis=1, keepdims=True) - 1e-9
    best_of_right = free >= free.max(axis=0, keepdims=True) - 1e-9
    shorter, longer = left[:, None] < right[None, :], left[:, None] > right[None, :]
    picked = np.where(shorter, best_of_left, np.where(longer, best_of_right, best_of_left | best_of_right))
    result: Mask = (picked & (free > 0)) | same
    return result


def _among(strong: Mask) -> bool:
    """Tell whether there are so many links that weaker ones may be trusted."""
    linked = int(strong.any(axis=0).sum() + strong.any(axis=1).sum())
    return bool(strong.sum() >= MANY and linked >= MANY_PART * sum(strong.shape))


def _run_of_same(same: Mask, chosen: Mask) -> Mask:
    """Find equal wordings that lack evidence ("Yes.") in runs from a link, or an edge of both texts, to another."""
    result: Mask = same & ~chosen
    if result.any() and not _among(chosen):
        ends = np.zeros((same.shape[0] + 2, same.shape[1] + 2), np.bool_)
        ends[0, 0] = ends[-1, -1] = True
        ends[1:-1, 1:-1] = chosen
        dropped = True
        while dropped:  # a run ends on both sides at a link, or goes link by link
            linked = ends.copy()
            linked[1:-1, 1:-1] |= result
            kept: Mask = result & linked[:-2, :-2] & linked[2:, 2:]
            dropped = bool(np.any(kept != result))
            result = kept
    return result
