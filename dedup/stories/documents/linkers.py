"""Choose how the sentences of documents are linked."""

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.document_frequency import CorpusStatistics
from dedup.runtime.processes import ProcessPool
from dedup.stories.documents.linking import Linker, PairLinker
from dedup.stories.documents.store import StoredDocuments

# Up to this number of pairs of sentences, documents are linked pair by pair: loading the kernels takes longer, and
# compiling them much longer.
FEW_CELLS = 1 << 16


def make_linker(
    documents: StoredDocuments, pairs: NDArray[np.int64], statistics: CorpusStatistics, pool: ProcessPool
) -> Linker:
    """Return the linker that is fastest for the pairs of documents of a corpus.

    Args:
        documents: The documents, with their corpus columns.
        pairs: Left and right document, shape (pairs, 2).
        statistics: Document frequencies and boilerplate of the corpus.
        pool: Compares facts.
    """
    if documents.sentence_counts[pairs].prod(axis=1).sum() <= FEW_CELLS:
        return PairLinker(documents, statistics)
    from dedup.stories.documents.batch_linking import BatchLinker

    return BatchLinker(documents, statistics, pool)
