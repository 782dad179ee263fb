"""Facts that pairs of documents share."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.rows import grown, sort_pairs

FACT = np.dtype(
    [
        ("kind", np.int8),  # a number for each kind
        ("sentence", np.int32),
        ("start", np.int32),  # span in the text
        ("end", np.int32),
        ("group", np.int32),  # rank of the first fact of the document with this kind and value
        ("signature", np.int64),  # equal for facts that are compared alike
        ("weight", np.float64),  # as evidence; see `dedup.alignment.shared_facts.specificity`
        ("year", np.int32),  # of a date; -1 for a date without a year, -2 for another fact
        ("value", np.int32),  # bytes of its value, noun, qualifier and unit in the table `fact_text`
        ("noun", np.int32),
        ("qualifier", np.int32),
        ("unit", np.int32),
    ]
)
# A key that the same facts have in common, ascending; whether it is an own key, see `dedup.alignment.fact_pairs`.
MATCH_KEY = np.dtype([("fact", np.int32), ("key", np.uint32), ("is_own", np.bool_)])


class FactArrays(NamedTuple):
    """Facts of documents, in order of their places, and the keys that the same facts have in common."""

    first: NDArray[np.int64]
    """Index of the first fact of each document, and the number of facts, shape (documents + 1,)."""
    facts: NDArray[Any]
    """Facts, of dtype `FACT`, shape (facts,)."""
    rarity: NDArray[np.float64]
    """Rarity of each fact in the corpus, shape (facts,)."""
    first_key: NDArray[np.int64]
    """Index of the first key of each document, and the number of keys, shape (documents + 1,)."""
    keys: NDArray[Any]
    """Keys, ascending in each document, of dtype `MATCH_KEY`, shape (keys,)."""


@kernel
def fact_candidates(facts: FactArrays, pairs: NDArray[np.int64], max_mentions: int) -> NDArray[np.int64]:
    """Return the pairs of facts that have a key in common, which is an own key of at least one of them.

    Args:
        facts: The facts of all documents.
        pairs: Indexes of the left and right document of each pair, shape (pairs, 2).
        max_mentions: Values with more pairs of mentions are left out.

    Returns:
        Index of the pair of documents, and ranks of the left and the right fact, shape (found, 3); in order.
    """
    found = np.empty((1024, 3), np.int64)
    count = 0
    for index in range(len(pairs)):
        left, right = pairs[index, 0], pairs[index, 1]
        values = _matching_values(facts, left, right)
        first, other_first = facts.first[left], facts.first[right]
        before = count
        for at in range(len(values)):
            if at and values[at, 0] == values[at - 1, 0] and values[at, 1] == values[at - 1, 1]:
                continue
            mentions = _mentions(facts, left, values[at, 0])
            others = _mentions(facts, right, values[at, 1])
            if mentions.size * others.size > max_mentions:
                continue
            while count + mentions.size * others.size > len(found):
                found = grown(found)
            for mention in mentions:
                for other in others:
                    found[count, 0], found[count, 1], found[count, 2] = index, mention - first, other - other_first
                    count += 1
        sort_pairs(found, before, count, 1)
    return found[:count]


@kernel
def _matching_values(facts: FactArrays, left: int, right: int) -> NDArray[np.int64]:
    """Return the ranks of the first facts of values with a common key, shape (values, 2), in order, repeated."""
    found = np.empty((16, 2), np.int64)
    count = 0
    at, end = facts.first_key[left], facts.first_key[left + 1]
    other, other_end = facts.first_key[right], facts.first_key[right + 1]
    while at < end and other < other_end:
        if facts.keys[at].key < facts.keys[other].key:
            at += 1
        elif facts.keys[at].key > facts.keys[other].key:
            other += 1
        else:
            match = other
            while match < other_end and facts.keys[match].key == facts.keys[at].key:
                if facts.keys[at].is_own or facts.keys[match].is_own:
                    if count == len(found):
                        found = grown(found)
                    found[count, 0], found[count, 1] = facts.keys[at].fact, facts.keys[match].fact
                    count += 1
                match += 1
            at += 1
    sort_pairs(found, 0, count, 0)
    return found[:count]


@kernel
def _mentions(facts: FactArrays, doc: int, group: int) -> NDArray[np.int64]:
    """Return the indexes of the facts of a document in a group."""
    start, end = facts.first[doc], facts.first[doc + 1]
    count = 0
    for index in range(start + group, end):
        count += facts.facts[index].group == group
    found = np.empty(count, np.int64)
    count = 0
    for index in range(start + group, end):
        if facts.facts[index].group == group:
            found[count] = index
            count += 1
    return found


@kernel
def fits_one_year(facts: FactArrays, left: int, right: int, shared: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which pairs of facts are not those of a date without a year that is paired with several years.

    Args:
        facts: The facts of all documents.
        left: Index of the left document.
        right: Index of the right document.
        shared: Ranks of the left and right fact of each pair, shape (pairs, 2).
    """
    sizes = facts.first[left + 1] - facts.first[left], facts.first[right + 1] - facts.first[right]
    firsts = facts.first[left], facts.first[right]
    years = np.full(sizes[0] + sizes[1], -1)  # the year that each fact is paired with; -2: several
    for row in range(len(shared)):
        for side in range(2):
            own = facts.facts[firsts[side] + shared[row, side]].year
            other = facts.facts[firsts[1 - side] + shared[row, 1 - side]].year
            place = side * sizes[0] + shared[row, side]
            if own == -1 and other >= 0 and years[place] != other:
                years[place] = other if years[place] == -1 else -2
    fitting = np.empty(len(shared), np.bool_)
    for row in range(len(shared)):
        fitting[row] = years[shared[row, 0]] != -2 and years[sizes[0] + shared[row, 1]] != -2
    return fitting


@kernel
def add_fact_weights(
    facts: FactArrays, left: int, right: int, shared: NDArray[np.int64], target: NDArray[np.float64]
) -> None:
    """Add to each pair of sentences the weights of the facts that it shares.

    Args:
        facts: The facts of all documents.
        left: Index of the left document.
        right: Index of the right document.
        shared: Ranks of the left and right fact of each pair, shape (pairs, 2), ascending.
        target: Shape (left sentences, right sentences), which is changed.
    """
    first, other_first = facts.first[left], facts.first[right]
    of_left, of_right = np.zeros(facts.first[left + 1] - first), np.zeros(facts.first[right + 1] - other_first)
    last, other_last = np.full(of_left.size, -1), np.full(of_right.size, -1)
    for row in range(len(shared)):  # sentences of the other text that share each fact
        rank, other = shared[row]
        sentence, other_sentence = facts.facts[first + rank].sentence, facts.facts[other_first + other].sentence
        of_left[rank] += last[rank] != other_sentence
        of_right[other] += other_last[other] != sentence
        last[rank], other_last[other] = other_sentence, sentence
    sentences = target.shape[0] + target.shape[1]
    greatest = np.log(1 + sentences / 2)
    for row in range(len(shared)):
        rank, other = shared[row]
        frequency = of_left[rank] + of_right[other]
        rarity = min(1.0, np.log(1 + sentences / frequency) / greatest)
        weight = min(facts.facts[first + rank].weight, facts.facts[other_first + other].weight)
        sentence, other_sentence = facts.facts[first + rank].sentence, facts.facts[other_first + other].sentence
        target[sentence, other_sentence] += weight * rarity * facts.rarity[first + rank]
