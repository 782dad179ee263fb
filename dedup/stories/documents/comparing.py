"""Compare linked documents, in any process."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.align import make_alignment
from dedup.alignment.links import SentenceLinks
from dedup.stories.comparison import compare_documents
from dedup.stories.documents.store import open_documents
from dedup.stories.evidence.measure import EvidenceScale
from dedup.stories.passages import Comparison
from dedup.text.facts.extract import same_fact


class LinkedPair(NamedTuple):
    """Two documents with links."""

    left: int
    """Rank of the left document."""
    right: int
    """Rank of the right document."""
    found: SentenceLinks
    """The links."""
    facts: tuple[tuple[int, int], ...]
    """Ranks of the facts that are the same, left and right, ascending."""


def compare_facts(folder: Path, facts: NDArray[np.int64]) -> list[bool]:
    """Return whether pairs of facts are the same.

    Args:
        folder: Folder of the stored documents.
        facts: Left and right document, and ranks of the left and right fact in them, shape (pairs, 4).
    """
    documents = open_documents(folder)
    return [
        same_fact(documents.facts(left)[rank], documents.facts(right)[other], documents.language(left))
        for left, right, rank, other in facts.tolist()
    ]


def compare_linked(folder: Path, pairs: Iterable[LinkedPair]) -> list[Comparison]:
    """Compare pairs of documents with links.

    Args:
        folder: Folder of the stored documents.
        pairs: The pairs and their links.
    """
    documents = open_documents(folder)
    scale = EvidenceScale(len(documents))
    found = []
    for pair in pairs:
        sides = documents.side(pair.left), documents.side(pair.right)
        alignment = make_alignment(sides[0].analysis, sides[1].analysis, pair.found, pair.facts)
        found.append(compare_documents((pair.left, pair.right), sides, alignment, scale))
    documents.release()
    return found
