"""Compare linked documents, in any process."""

from collections.abc import Iterable
from pathlib import Path

from dedup.alignment.align import make_alignment
from dedup.stories.comparison import compare_documents
from dedup.stories.documents.linking import LinkedPair
from dedup.stories.documents.store import open_documents
from dedup.stories.evidence.measure import EvidenceScale
from dedup.stories.passages import Comparison


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
    return found
