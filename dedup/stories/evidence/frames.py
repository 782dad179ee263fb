"""Compare the frames of linked sentences: a frame that both documents fill with other facts is a template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from dedup.alignment.align import Link
from dedup.stories.evidence.profile import Profile
from dedup.text.analysis import Analysis

# Minimum similarity of two frames that are the same form of words, as the share of words in common order.
MIN_FRAME_SIMILARITY = 0.5
# Minimum number of places with other facts that make two documents fillings of one template, if they are not fewer
# than the places with the same facts. Sentences without facts are then no evidence either.
MIN_TEMPLATE_SLOTS = 2


@dataclass(frozen=True)
class FramePair:
    """Two linked sentences with similar frames."""

    left: int
    """Rank of the left sentence."""
    right: int
    """Rank of the right sentence."""
    same: int
    """Places that both fill with the same fact."""
    differing: int
    """Places that both fill with another fact of the same kind, which the other document does not have anywhere."""

    @property
    def is_template(self) -> bool:
        """Whether the sentences share their form of words but not their facts."""
        return self.differing > 0 and self.differing >= self.same


@dataclass(frozen=True)
class SlotCounts:
    """The facts of linked sentences, place by place."""

    same: int
    """Places with the same fact."""
    differing: int
    """Places with another fact."""
    template_sentences: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    """Masks of the sentences of each document that are templates, shapes (left sentences,) and (right sentences,)."""

    @property
    def is_template(self) -> bool:
        """Whether the documents are fillings of one template."""
        return _is_template(self.same, self.differing)


class FrameComparison:
    """The frames of two documents, and the facts that they share."""

    def __init__(
        self, analyses: tuple[Analysis, Analysis], profiles: tuple[Profile, Profile], shared: Iterable[tuple[int, int]]
    ) -> None:
        """Prepare the comparison.

        Args:
            analyses: The documents.
            profiles: Their profiles.
            shared: Ranks of the facts of both documents that are the same, left and right.
        """
        self._analyses = analyses
        self._profiles = profiles
        self._same = frozenset(shared)
        self._shared = tuple(frozenset(pair[side] for pair in self._same) for side in (0, 1))

    def compare(self, left: int, right: int) -> FramePair | None:
        """Compare the frames of two sentences; None if they are not similar.

        Args:
            left: Rank of the left sentence.
            right: Rank of the right sentence.
        """
        frames = [
            profile.frames[row] for profile, row in zip(self._profiles, (left, right), strict=True) if profile.frames
        ]
        if len(frames) < 2 or not all(frame.words for frame in frames):
            return None
        words = [frame.words for frame in frames]
        if Indel.normalized_similarity(*words) < MIN_FRAME_SIMILARITY:
            return None
        places = [
            ranks
            for block in Indel.opcodes(*words)
            if block.tag == "equal"
            for ranks in zip(
                frames[0].facts[block.src_start : block.src_end],
                frames[1].facts[block.dest_start : block.dest_end],
                strict=True,
            )
            if ranks[0] != -1
        ]
        same = sum(self._are_same(*ranks) for ranks in places)
        differing = sum(not self._are_same(*ranks) and self._are_absent(*ranks) for ranks in places)
        return FramePair(left, right, same, differing)

    def _are_same(self, left: int, right: int) -> bool:
        if left < 0:  # weekdays
            return left == right
        facts = self._analyses[0].facts[left], self._analyses[1].facts[right]
        return (left, right) in self._same or facts[0].value == facts[1].value

    def _are_absent(self, left: int, right: int) -> bool:
        """Return whether neither document has the fact of the other."""
        if left < 0:
            return left not in self._profiles[1].weekdays and right not in self._profiles[0].weekdays
        return left not in self._shared[0] and right not in self._shared[1]


def compare_links(links: Sequence[Link], comparison: FrameComparison) -> list[list[FramePair]]:
    """Return the pairs of sentences with similar frames of each link."""
    return [
        [
            pair
            for left in link.left_sentences
            for right in link.right_sentences
            if (pair := comparison.compare(left, right)) is not None
        ]
        for link in links
    ]


def count_slots(pairs: Iterable[FramePair], stretches: tuple[range, range], sentences: tuple[int, int]) -> SlotCounts:
    """Count the places with the same facts and with other facts in a stretch of each document.

    Args:
        pairs: Linked sentences with similar frames.
        stretches: Ranks of the sentences of each document.
        sentences: Number of sentences of each document.
    """
    inside = [pair for pair in pairs if pair.left in stretches[0] and pair.right in stretches[1]]
    same, differing = sum(pair.same for pair in inside), sum(pair.differing for pair in inside)
    all_template = _is_template(same, differing)
    masks = np.zeros(sentences[0], np.bool_), np.zeros(sentences[1], np.bool_)
    for pair in inside:
        if all_template or pair.is_template:
            masks[0][pair.left] = masks[1][pair.right] = True
    return SlotCounts(same, differing, masks)


def _is_template(same: int, differing: int) -> bool:
    """Return whether documents are fillings of one template, by the numbers of places with the same and other facts."""
    return differing >= MIN_TEMPLATE_SLOTS and differing >= same
