"""Select the passages that show that two documents report the same, and weight them as edges between documents."""

from collections.abc import Mapping
from dataclasses import dataclass

from dedup.alignment.document_frequency import RARE
from dedup.stories.passages import Comparison, LinkedPassage
from dedup.text.spans import Span

# No edge joins documents with a lower similarity, even if some of their sentences match ("In a filing with the
# Securities and Exchange Commission"). Chosen on mixtures of news; see the benchmarks.
MIN_DOCUMENT_SIMILARITY = 0.2
# A key is rare if its document frequency is at most MAX_RARE_SHARE of all documents, or at most `RARE`; for names,
# which are common in many reports ("Ukraine"), at most RARE_NAME.
MAX_RARE_SHARE, RARE_NAME = 0.25, 2
# A passage becomes an edge in four cases: it has MIN_RARE_KEYS rare keys, one of them a fact or a name; it has
# MIN_RARE_KEYS rare keys and copied words; it has MIN_LINKS links and as many rare keys; it covers the share
# MIN_COVERED of a document.
MIN_RARE_KEYS, MIN_LINKS, MIN_COVERED = 2, 3, 0.3
# Weight of an edge of a single link without a rare fact or name.
SINGLE_LINK_WEIGHT = 0.5


@dataclass(frozen=True)
class Edge:
    """A passage of two documents as an edge of the graph in which stories are clusters."""

    left_doc: int
    """Rank of the left document."""
    left: Span
    """Ranks of the sentences in the left document, half-open."""
    right_doc: int
    """Rank of the right document."""
    right: Span
    """Ranks of the sentences in the right document, half-open."""
    keys: frozenset[int]
    """Keys of the rare facts and words that both sides share."""
    weight: float
    """Confidence, in (0, 1]."""


def make_edge(
    comparison: Comparison, passage: LinkedPassage, frequency: Mapping[int, int], documents: int
) -> Edge | None:
    """Return the edge of a passage; None if the passage is not specific enough.

    Args:
        comparison: The comparison that the passage is part of.
        passage: The passage.
        frequency: Document frequency of each of its keys.
        documents: Number of documents of the corpus.
    """
    facts, names, words = (
        frozenset(key for key in keys if frequency[key] <= max(rare, MAX_RARE_SHARE * documents))
        for keys, rare in ((passage.facts, RARE), (passage.names, RARE_NAME), (passage.words, RARE))
    )
    rare_keys = facts | names | words
    has_fact = bool(facts or names) and len(rare_keys) >= MIN_RARE_KEYS
    is_long = len(passage.rows) >= MIN_LINKS and len(rare_keys) >= MIN_LINKS
    is_copied = passage.copied and len(rare_keys) >= MIN_RARE_KEYS
    is_specific = has_fact or is_long or is_copied or passage.covered >= MIN_COVERED
    if comparison.similarity < MIN_DOCUMENT_SIMILARITY or not is_specific:
        return None
    weight = SINGLE_LINK_WEIGHT if len(passage.rows) == 1 and not has_fact else 1.0
    return Edge(comparison.left, passage.left, comparison.right, passage.right, rare_keys, weight)
