"""Weights and limits of links. This module does not import Numba, so it loads fast."""

from typing import NamedTuple


class LinkRules(NamedTuple):
    """Weights and limits of links; see `dedup.alignment.links`, which names them."""

    stem_weight: float
    gram_weight: float
    lesser_exponent: float
    min_boosting: float
    max_boosting: float
    evidence_boost: float
    fact_boost: float
    max_fact_weight: float
    neighbour_weight: float
    context_weight: float
    context_reach: int
    min_context_similarity: float
    min_context_evidence: float
    min_context_letters: int
    min_link_score: float
    min_evidence: float
    min_close_context: float
    min_close_evidence: float
    min_many_links: int
    min_linked_share: float
    min_weak_score: float
    min_weak_similarity: float
    min_related_score: float
    identical_score: float
