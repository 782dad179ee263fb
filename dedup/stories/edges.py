"""The links of two documents to ties: passages, and what in them is rare enough to tell a story by."""

from collections.abc import Mapping
from dataclasses import dataclass

from dedup.alignment.document_frequency import FEW
from dedup.stories.passages import ALIKE, Comparison, Passage
from dedup.text.spans import Span

# A key is rare if so few documents have it as to count in full, or at most such a part of them; names are common
# sooner ("Ukraine").
PART, FEW_NAMES = 0.25, 2
# What makes a passage more than background: a rare fact among so many rare keys, so many links with as many rare
# keys, such a part of one of its documents, or copied words.
KEYS, LINKS, COVERED = 2, 3, 0.3
# Weight of a tie that rests on one link.
ONE_LINK = 0.5


@dataclass(frozen=True)
class Tie:
    """A passage that two documents share."""

    left_doc: int
    left: Span
    """Its sentences in the left document."""
    right_doc: int
    right: Span
    keys: frozenset[int]
    """The rare facts and words that its links share."""
    weight: float
    """From 0 to 1: how sure it is."""


def make_tie(comparison: Comparison, passage: Passage, frequency: Mapping[int, int], documents: int) -> Tie | None:
    """Weigh a passage by what is rare in it; background gives none.

    Args:
        comparison: Of its documents.
        passage: The passage.
        frequency: In how many documents each of its keys is.
        documents: How many there are.
    """
    facts, names, words = (
        frozenset(key for key in keys if frequency[key] <= max(few, PART * documents))
        for keys, few in ((passage.facts, FEW), (passage.names, FEW_NAMES), (passage.words, FEW))
    )
    rare = facts | names | words
    told = bool(facts or names) and len(rare) >= KEYS
    long = len(passage.rows) >= LINKS and len(rare) >= LINKS
    copied = passage.copied and len(rare) >= KEYS
    if comparison.alike < ALIKE or not (told or long or copied or passage.covered >= COVERED):
        return None
    weight = ONE_LINK if len(passage.rows) == 1 and not told else 1.0
    return Tie(comparison.left, passage.left, comparison.right, passage.right, rare, weight)
