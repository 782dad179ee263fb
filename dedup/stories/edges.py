"""Select the passages that show that two documents report the same story, as edges between documents."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dedup.stories.evidence.measure import Evidence
from dedup.stories.passages import Comparison, LinkedPassage
from dedup.text.spans import Span

# Two documents report the same story if their beginnings do, with at least this probability, or passages elsewhere in
# them. A passage is the best of many, so it needs a higher one.
MIN_STORY_PROBABILITY, MIN_PASSAGE_PROBABILITY = 0.5, 0.85
# Minimum share of the information of a beginning that the other has too: long texts on one subject share much, but not
# most of what they say.
MIN_STORY_COVERAGE = 0.18
# A short passage of long documents shows it too if it has a specific number in common ("25,000 workers"), with this
# information in nats, besides this much in words and names, and this share of its information.
MIN_SPECIFIC_NUMBER, MIN_AROUND_NUMBER, MIN_NUMBER_COVERAGE = 5.9, 7.0, 0.2
# Weight of such an edge.
NUMBER_WEIGHT = 0.5
# Minimum probability of a further passage of two documents whose beginnings report the same.
MIN_FURTHER = 0.1


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
    """Ids of the rare words and facts that both sides share."""
    weight: float
    """Confidence, in (0, 1]."""


def is_tied(lead: Evidence, passages: Sequence[LinkedPassage]) -> bool:
    """Return whether two documents report the same.

    Args:
        lead: Evidence of their beginnings.
        passages: Their passages.
    """
    return _is_lead_tied(lead) or any(map(_weight, passages))


def _is_lead_tied(lead: Evidence) -> bool:
    return lead.probability >= MIN_STORY_PROBABILITY and lead.coverage >= MIN_STORY_COVERAGE


def _weight(passage: LinkedPassage) -> float:
    """Return the weight of a passage as an edge on its own; 0 if it shows nothing, or is part of the beginnings."""
    evidence = passage.evidence
    if passage.is_lead:
        return 0.0
    if evidence.probability >= MIN_PASSAGE_PROBABILITY:
        return evidence.probability
    linked = passage.linked
    is_specific = (
        linked.numbers >= MIN_SPECIFIC_NUMBER
        and evidence.words + evidence.names >= MIN_AROUND_NUMBER
        and linked.coverage >= MIN_NUMBER_COVERAGE
        and not linked.differing
    )
    return NUMBER_WEIGHT if is_specific else 0.0


def make_edges(comparison: Comparison) -> Iterator[tuple[Edge, tuple[int, ...]]]:
    """Yield the edges of two documents, each with the ranks of its links.

    Args:
        comparison: The comparison of the documents.
    """
    if _is_lead_tied(comparison.lead):
        passages = [item for item in comparison.passages if _weight(item) or item.evidence.probability >= MIN_FURTHER]
        weights = [comparison.lead.probability, *map(_weight, passages)]
        if passages:
            yield _edge(comparison, passages, max(weights))
        return
    for passage in comparison.passages:
        weight = _weight(passage)
        if weight:
            yield _edge(comparison, [passage], weight)


def _edge(comparison: Comparison, passages: Sequence[LinkedPassage], weight: float) -> tuple[Edge, tuple[int, ...]]:
    """Return the edge from the first to the last sentence of some passages, with the ranks of their links."""
    left = Span(min(item.left.start for item in passages), max(item.left.end for item in passages))
    right = Span(min(item.right.start for item in passages), max(item.right.end for item in passages))
    keys = frozenset().union(*(item.evidence.keys for item in passages))
    rows = tuple(sorted(row for item in passages for row in item.rows))
    return Edge(comparison.left, left, comparison.right, right, keys, weight), rows
