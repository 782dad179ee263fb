"""Measure the evidence that stretches of two documents report the same: what they share, and what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.document_frequency import CorpusStatistics
from dedup.stories.evidence.frames import SlotCounts
from dedup.stories.evidence.profile import Profile
from dedup.text.analysis import Analysis
from dedup.text.features import term_id

# The corpus counts as if it were larger by this number of documents with words at their general frequencies, so that
# a small folder, whose own frequencies say little, is judged by those of the language.
PRIOR_DOCUMENTS = 20
# Greatest general frequency that is taken as it is, and greatest information of a word in nats: rare words come
# together, and count no more than this each.
MAX_FREQUENCY, MAX_INFORMATION = 0.5, 8.0
# Logistic regression on the story cases and on the news articles of SemEval 2022 Task 8: see benchmarks/evidence.py.
COVERAGE_WEIGHT, AMOUNT_WEIGHT, DIFFERING_WEIGHT, CONSTANT = 3.0, 3.0, -0.5, -6.6
# Nats count more in names, and more in numbers and days, than in words.
NAME_WEIGHT, NUMBER_WEIGHT = 1.25, 1.6
MIN_COVERAGE, MAX_DIFFERING = 0.02, 6
# Least information of a shared word by which two passages of a document are of the same subject.
KEY_INFORMATION = 4.0


@dataclass(frozen=True)
class Evidence:
    """What stretches of two documents share, in nats of information, and in how many places their facts differ."""

    words: float
    """Information of the shared content words outside names."""
    names: float
    """Information of the shared names."""
    numbers: float
    """Information of the shared numbers and days."""
    possible: float
    """Information of all words and facts of the stretch that has less, weighted as in `amount`."""
    differing: int
    """Places of the same role with another fact."""
    keys: frozenset[int]
    """Ids of the shared words with at least `KEY_INFORMATION`, and of the shared numbers and days."""

    @property
    def amount(self) -> float:
        """Weighted information of all that is shared."""
        return self.words + NAME_WEIGHT * self.names + NUMBER_WEIGHT * self.numbers

    @property
    def coverage(self) -> float:
        """Share of the information of one stretch that the other has too."""
        return self.amount / max(self.possible, 1.0)

    @property
    def probability(self) -> float:
        """Probability that the stretches report the same event or statement, in (0, 1)."""
        score = (
            COVERAGE_WEIGHT * log(self.coverage + MIN_COVERAGE)
            + AMOUNT_WEIGHT * log(1 + self.amount)
            + DIFFERING_WEIGHT * min(self.differing, MAX_DIFFERING)
            + CONSTANT
        )
        return 1 / (1 + exp(-score))


@dataclass(frozen=True)
class EvidenceSide:
    """A document whose stretches are compared."""

    analysis: Analysis
    profile: Profile

    def words_in(self, sentences: range, excluded: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
        """Return which words occur in some sentences, shape (words,).

        Args:
            sentences: Ranks of consecutive sentences.
            excluded: Mask of sentences that do not count, shape (sentences,).
        """
        profile = self.profile
        first, last = np.searchsorted(profile.rows, (sentences.start, sentences.stop))
        rows, columns = profile.rows[first:last], profile.columns[first:last]
        found = np.zeros(profile.ids.size, np.bool_)
        found[columns if excluded is None else columns[~excluded[rows]]] = True
        return found

    def length(self, sentences: range) -> int:
        """Return the number of words of some sentences."""
        return int(self.profile.lengths[sentences.start : sentences.stop].sum())


class EvidenceScale:
    """Information of words: how unlikely it is that a document has them by chance."""

    def __init__(self, statistics: CorpusStatistics) -> None:
        """Measure by the frequencies of a corpus.

        Args:
            statistics: Document frequencies of the corpus.
        """
        self._statistics = statistics

    def information(self, profile: Profile, length: int) -> NDArray[np.float64]:
        """Return the information of the words of a document in nats, shape (words,).

        Two documents with the word are left out of the count, as those that are compared.

        Args:
            profile: The document.
            length: Number of words of the stretch in which a word can occur by chance.
        """
        expected = 1 - (1 - np.minimum(profile.frequencies, MAX_FREQUENCY)) ** max(length, 1)
        others = max(self._statistics.documents - 2, 0)
        found = np.maximum(self._statistics.frequencies_of(profile.ids) - 2, 0)
        chance = (found + PRIOR_DOCUMENTS * expected) / (others + PRIOR_DOCUMENTS)
        information: NDArray[np.float64] = np.minimum(-np.log(chance), MAX_INFORMATION)
        return information


def measure_evidence(
    sides: tuple[EvidenceSide, EvidenceSide],
    stretches: tuple[range, range],
    shared_facts: Sequence[tuple[int, int]],
    slots: SlotCounts,
    scale: EvidenceScale,
) -> Evidence:
    """Measure the evidence that a stretch of each document reports the same.

    Args:
        sides: The documents.
        stretches: Ranks of the sentences of each.
        shared_facts: Ranks of the facts of both documents that are the same, left and right, ascending.
        slots: Facts of the linked sentences of the stretches, place by place.
        scale: Information of the words.
    """
    length = max(side.length(stretch) for side, stretch in zip(sides, stretches, strict=True))
    information = [scale.information(side.profile, length) for side in sides]
    present = [side.words_in(stretch) for side, stretch in zip(sides, stretches, strict=True)]
    live = [
        side.words_in(stretch, excluded)
        for side, stretch, excluded in zip(sides, stretches, slots.template_sentences, strict=True)
    ]
    left, right = (side.profile for side in sides)
    _, in_left, in_right = np.intersect1d(left.ids, right.ids, assume_unique=True, return_indices=True)
    shared = present[0][in_left] & present[1][in_right]
    in_left, in_right = in_left[shared], in_right[shared]
    least = np.minimum(information[0][in_left], information[1][in_right])
    keys = left.ids[in_left][least >= KEY_INFORMATION]
    least *= np.minimum(left.shares[in_left], right.shares[in_right])
    is_name = left.names[in_left] | right.names[in_right]
    is_live = live[0][in_left] & live[1][in_right]
    spelled = _other_spellings(sides, stretches, shared_facts, information)
    numbers = _shared_numbers(sides, stretches, shared_facts)
    return Evidence(
        words=float(least[~is_name & is_live].sum()),
        names=float(least[is_name].sum()) + spelled,
        numbers=sum(numbers.values()),
        possible=min(
            _possible(side.profile, stretch, words, values)
            for side, stretch, words, values in zip(sides, stretches, present, information, strict=True)
        ),
        differing=slots.differing,
        keys=frozenset((*keys.tolist(), *numbers)),
    )


def _possible(profile: Profile, stretch: range, present: NDArray[np.bool_], information: NDArray[np.float64]) -> float:
    """Return the weighted information of all words and facts of a stretch."""
    weights = np.where(profile.names, NAME_WEIGHT, 1.0) * profile.shares
    first, last = np.searchsorted(profile.fact_rows, (stretch.start, stretch.stop))
    _, distinct = np.unique(profile.fact_values[first:last], return_index=True)
    numbers = float(profile.fact_information[first:last][distinct].sum())
    return float((information * weights)[present].sum()) + NUMBER_WEIGHT * numbers


def _shared_numbers(
    sides: tuple[EvidenceSide, EvidenceSide], stretches: tuple[range, range], shared_facts: Sequence[tuple[int, int]]
) -> dict[int, float]:
    """Return the information of each number and day of both stretches, by the id of its left value."""
    left, right = (
        dict(zip(side.profile.fact_ranks.tolist(), range(side.profile.fact_ranks.size), strict=True)) for side in sides
    )
    found: dict[int, float] = {}
    for left_rank, right_rank in shared_facts:
        if left_rank in left and right_rank in right:
            places = left[left_rank], right[right_rank]
            rows = [int(side.profile.fact_rows[place]) for side, place in zip(sides, places, strict=True)]
            if rows[0] in stretches[0] and rows[1] in stretches[1]:
                found[int(sides[0].profile.fact_values[places[0]])] = min(
                    float(side.profile.fact_information[place]) for side, place in zip(sides, places, strict=True)
                )
    return found


def _other_spellings(
    sides: tuple[EvidenceSide, EvidenceSide],
    stretches: tuple[range, range],
    shared_facts: Sequence[tuple[int, int]],
    information: Sequence[NDArray[np.float64]],
) -> float:
    """Return the information of the names that both stretches have without a common word: "IAEA", "Alabuga"."""
    found: dict[tuple[str, str], float] = {}
    for ranks in shared_facts:
        facts = [side.analysis.facts[rank] for side, rank in zip(sides, ranks, strict=True)]
        rows = [side.analysis.fact_sentences[rank] for side, rank in zip(sides, ranks, strict=True)]
        if facts[0].kind != "name" or rows[0] not in stretches[0] or rows[1] not in stretches[1]:
            continue
        key = facts[0].value.casefold(), facts[1].value.casefold()
        if key[0] == key[1] or key in found:
            continue
        words = [_name_words(side, fact_rank) for side, fact_rank in zip(sides, ranks, strict=True)]
        ids = [side.profile.ids[columns] for side, columns in zip(sides, words, strict=True)]
        if all(columns.size for columns in words) and not np.isin(ids[0], ids[1]).any():
            found[key] = min(float(values[columns].max()) for values, columns in zip(information, words, strict=True))
    return sum(found.values())


def _name_words(side: EvidenceSide, fact_rank: int) -> NDArray[np.int64]:
    """Return the indexes of the words of a name in the profile of its document."""
    fact, row = side.analysis.facts[fact_rank], side.analysis.fact_sentences[fact_rank]
    tokens = zip(side.analysis.words[row], side.analysis.stems[row], strict=True)
    ids = np.array([term_id(stem) for token, stem in tokens if fact.start <= token.start < fact.end], np.int64)
    return np.flatnonzero(np.isin(side.profile.ids, ids))
