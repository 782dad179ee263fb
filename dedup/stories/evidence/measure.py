"""Measure the evidence that stretches of two documents report the same: what they share, and what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from dedup.stories.evidence.frames import SlotCounts
from dedup.stories.evidence.profile import Profile
from dedup.stories.evidence.shared import other_spellings, shared_numbers
from dedup.text.analysis import Analysis
from dedup.text.features import common_ids

# The corpus counts as if it were larger by this number of documents with words at their general frequencies, so that
# in a small folder, whose own frequencies say little, the frequencies of the language decide.
PRIOR_DOCUMENTS = 20
# Maximum general frequency of a word, and maximum information of a word in nats: rare words occur together, so that
# their information is limited.
MAX_FREQUENCY, MAX_INFORMATION = 0.5, 8.0
# A logistic model, chosen for the best BCubed F1 over the tables `story-cases`, `stories`, `headlines`, `rewrites` of
# benchmarks/quality.py together.
COVERAGE_WEIGHT, AMOUNT_WEIGHT, DIFFERING_WEIGHT, CONSTANT = 3.0, 3.0, -0.5, -6.6
# Factors of the information of names, and of numbers and days, relative to words.
NAME_WEIGHT, NUMBER_WEIGHT = 1.25, 1.6
MIN_COVERAGE, MAX_DIFFERING = 0.02, 6
# Minimum information of a shared word by which two passages of a document are of the same subject.
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
    others: NDArray[np.int64]
    """Number of documents of the corpus with each word of the profile, besides two that are compared, shape (words,).
    """
    templates: NDArray[np.bool_]
    """Mask of the sentences whose frames are templates of the corpus, shape (sentences,)."""

    def words_in(self, sentences: range, excluded: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
        """Return which words occur in some sentences, shape (words,).

        Args:
            sentences: Ranks of consecutive sentences.
            excluded: Mask of sentences that do not count, shape (sentences,).
        """
        profile = self.profile
        inside = slice(profile.occurrence_offsets[sentences.start], profile.occurrence_offsets[sentences.stop])
        columns = profile.columns[inside]
        found = np.zeros(profile.ids.size, np.bool_)
        found[columns if excluded is None else columns[~excluded[profile.rows[inside]]]] = True
        return found

    def length(self, sentences: range) -> int:
        """Return the number of words of some sentences."""
        return self.profile.words_before[sentences.stop] - self.profile.words_before[sentences.start]

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """Factor of the information of each word, shape (words,)."""
        return np.where(self.profile.names, NAME_WEIGHT, 1.0) * self.profile.shares

    @cached_property
    def log_absence(self) -> NDArray[np.float64]:
        """Logarithm of the probability that a random word of a text is another word, for each word, shape (words,)."""
        return np.log1p(-np.minimum(self.profile.frequencies, MAX_FREQUENCY))

    def possible(self, stretch: range, present: NDArray[np.bool_], information: NDArray[np.float64]) -> float:
        """Return the weighted information of all words and facts of a stretch.

        Args:
            stretch: Ranks of its sentences.
            present: Mask of the words that occur in it, shape (words,).
            information: Information of the words, shape (words,).
        """
        numbers = self._lead_numbers if stretch == self.profile.lead else self._numbers_in(stretch)
        return float((information * self.weights)[present].sum()) + NUMBER_WEIGHT * numbers

    @cached_property
    def _lead_numbers(self) -> float:
        return self._numbers_in(self.profile.lead)

    def _numbers_in(self, stretch: range) -> float:
        """Return the information of the distinct numbers and days of a stretch."""
        profile = self.profile
        inside = slice(profile.fact_offsets[stretch.start], profile.fact_offsets[stretch.stop])
        if inside.start == inside.stop:
            return 0.0
        _, distinct = np.unique(profile.fact_values[inside], return_index=True)
        return float(profile.fact_information[inside][distinct].sum())


class EvidenceScale:
    """Information of words: how unlikely it is that a document has them by chance."""

    def __init__(self, documents: int) -> None:
        """Measure by the frequencies of a corpus.

        Args:
            documents: Number of documents of the corpus.
        """
        self._others = max(documents - 2, 0)

    def information(self, side: EvidenceSide, length: int) -> NDArray[np.float64]:
        """Return the information of the words of a document in nats, shape (words,).

        Args:
            side: The document.
            length: Number of words of the stretch in which a word can occur by chance.
        """
        expected = -np.expm1(max(length, 1) * side.log_absence)
        chance = (side.others + PRIOR_DOCUMENTS * expected) / (self._others + PRIOR_DOCUMENTS)
        information: NDArray[np.float64] = np.minimum(-np.log(chance), MAX_INFORMATION)
        return information


class EvidenceMeasure:
    """Measures the evidence that stretches of two documents report the same."""

    def __init__(
        self,
        sides: tuple[EvidenceSide, EvidenceSide],
        shared_facts: Sequence[tuple[int, int]],
        scale: EvidenceScale,
    ) -> None:
        """Prepare to compare stretches of two documents.

        Args:
            sides: The documents.
            shared_facts: Ranks of the facts of both documents that are the same, left and right.
            scale: Information of the words.
        """
        self._sides = sides
        self._scale = scale
        left, right = (side.profile for side in sides)
        self._common = common_ids(left.ids, right.ids)
        self._numbers = shared_numbers(left, right, shared_facts)
        self._spellings = other_spellings([side.analysis for side in sides], [left, right], shared_facts)

    def measure(self, stretches: tuple[range, range], slots: SlotCounts) -> Evidence:
        """Return the evidence that a stretch of each document reports the same.

        Args:
            stretches: Ranks of the sentences of each.
            slots: Facts of the linked sentences of the stretches, place by place.
        """
        sides = list(zip(self._sides, stretches, strict=True))
        length = max(side.length(stretch) for side, stretch in sides)
        information = [self._scale.information(side, length) for side in self._sides]
        present = [side.words_in(stretch) for side, stretch in sides]
        live = [
            side.words_in(stretch, mask) if mask[stretch.start : stretch.stop].any() else words
            for (side, stretch), mask, words in zip(sides, slots.template_sentences, present, strict=True)
        ]
        left, right = (side.profile for side in self._sides)
        shared = present[0][self._common[0]] & present[1][self._common[1]]
        in_left, in_right = (columns[shared] for columns in self._common)
        least = np.minimum(information[0][in_left], information[1][in_right])
        keys = left.ids[in_left][least >= KEY_INFORMATION]
        least *= np.minimum(left.shares[in_left], right.shares[in_right])
        is_name = left.names[in_left] | right.names[in_right]
        is_live = live[0][in_left] & live[1][in_right]
        numbers = self._numbers.inside(stretches)
        return Evidence(
            words=float(least[~is_name & is_live].sum()),
            names=float(least[is_name].sum()) + self._spellings.information(stretches, information),
            numbers=sum(numbers.values()),
            possible=min(
                side.possible(stretch, words, values)
                for (side, stretch), words, values in zip(sides, present, information, strict=True)
            ),
            differing=slots.differing,
            keys=frozenset((*keys.tolist(), *numbers)),
        )
