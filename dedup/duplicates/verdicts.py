"""The verdicts on a corpus: what is removed as a duplicate, and what is removed since it contains a test item."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dedup.duplicates.containment.found import Searched
from dedup.duplicates.pool import Pools
from dedup.duplicates.references.base import References
from dedup.duplicates.removals import Removals, combine_removals, join_removals, removals_of
from dedup.duplicates.select import Verdicts
from dedup.duplicates.sketches.signatures import Sketches


@dataclass(frozen=True)
class CorpusVerdicts:
    """The verdicts on a corpus."""

    references: References
    """What it was compared with, besides itself."""
    sketches: Sketches
    """The units of the corpus."""
    pools: Pools
    """The units that were compared."""
    documents: Verdicts
    """The verdicts on documents."""
    paragraphs: Verdicts
    """The verdicts on paragraphs."""
    pairs: int
    """Number of verified pairs."""
    searched: Searched | None = None
    """What was found of the documents of the references inside those of the corpus; None: they were not searched
    for."""

    @cached_property
    def removals(self) -> Removals:
        """What is removed."""
        documents = removals_of(self.pools.documents, self.documents, is_document=True)
        paragraphs = removals_of(self.pools.paragraphs, self.paragraphs, is_document=False)
        if self.searched is not None:
            documents, paragraphs = merge_contained(self.searched.contained.removals, documents, paragraphs)
        return combine_removals([documents, paragraphs], self.sketches.documents)


def merge_contained(contained: Removals, documents: Removals, paragraphs: Removals) -> tuple[Removals, Removals]:
    """Return the removals of documents and of paragraphs, by document and start.

    Args:
        contained: What is removed since a document of the references is contained in it.
        documents: The documents that are removed as duplicates.
        paragraphs: The paragraphs that are removed as duplicates.
    """
    stay = contained.is_document | ~np.isin(contained.doc, documents.doc)  # no paragraphs of removed documents
    merged = []
    for kind, removals in ((contained.is_document, documents), (~contained.is_document, paragraphs)):
        joined = join_removals([contained.take(kind & stay), removals])
        merged.append(joined.take(np.lexsort((joined.place["start"], joined.doc))))
    return merged[0], merged[1]
