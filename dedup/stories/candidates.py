"""Select the pairs of documents to compare by the rare terms and phrases that they share, and count their terms."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.document_frequency import RARE, UNCOUNTED, CorpusStatistics
from dedup.engine.base import Database
from dedup.stories import queries
from dedup.stories.terms import DocumentTerms

# Up to this number of documents, all pairs are compared.
MAX_EXHAUSTIVE_DOCUMENTS = 40
# Each document is looked up by its rarest terms. In the list of the documents with a term, it is paired only with its
# neighbours in a window, so that the cost grows with the number of documents and not with its square (sorted
# neighborhood method: Hernandez and Stolfo, "The Merge/Purge Problem for Large Databases", 1995, section 2).
MAX_TERMS, WINDOW = 80, 16
# Minimum number of terms that a pair shares.
MIN_SHARED_TERMS = 2
# Maximum number of documents that a document selects for comparison, those with the highest scores.
MAX_PARTNERS = 16
# In the list of the documents with a phrase, the window; and the maximum number of documents that each part of a
# document selects by its phrases. A long document, whose parts repeat different texts, has so many partners a part.
PHRASE_WINDOW, MAX_PHRASE_PARTNERS = 48, 48
# Minimum sum of the weights of the phrases that a part of a document shares with another document.
MIN_PHRASE_WEIGHT = 3.0
# Number of different facts with which a frame must occur, in as many documents, to be a template.
MIN_FILLINGS = 3
# Number of documents whose terms are inserted at a time.
INSERT_BATCH = 1000


def find_candidates(
    database: Database, documents: Iterable[tuple[int, DocumentTerms]]
) -> tuple[NDArray[np.int64], int]:
    """Select the pairs of documents to compare.

    Args:
        database: Receives the tables ``terms``, ``phrases``, ``frames`` and those that are made of them.
        documents: Rank of each document and its terms; in order of rank.

    Returns:
        Pairs of ranks, shape (pairs, 2), int64, the lower rank first, ascending; and the number of pairs that share
        enough terms but are not selected.
    """
    docs = _insert_documents(database, documents)
    if docs.size <= MAX_EXHAUSTIVE_DOCUMENTS:
        first, second = np.triu_indices(docs.size, 1)
        return np.column_stack((docs[first], docs[second])), 0
    database.execute(queries.create_rare_terms(docs.size, MAX_TERMS))
    database.execute(queries.create_scored_pairs(WINDOW, MIN_SHARED_TERMS))
    database.execute(queries.create_rare_phrases(docs.size))
    database.execute(queries.create_phrase_pairs(PHRASE_WINDOW, MIN_PHRASE_WEIGHT))
    pairs = np.column_stack(database.fetch(queries.best_pairs(MAX_PARTNERS, MAX_PHRASE_PARTNERS), columns=2))
    (scored,) = database.fetch(queries.COUNT_SCORED_PAIRS)
    return pairs, int(scored[0]) - len(pairs)


def corpus_statistics(database: Database, documents: int) -> CorpusStatistics:
    """Count the terms and lines that recur in a corpus, after `find_candidates`.

    Args:
        database: The database that `find_candidates` filled.
        documents: Number of documents.

    Returns:
        Document frequencies above `UNCOUNTED`, and the wordings of the lines that more than `RARE` different documents
        have at their beginning or end.
    """
    terms, frequencies = database.fetch(queries.frequent_terms(UNCOUNTED), columns=2)
    (lines,) = database.fetch(queries.boilerplate_lines(RARE))
    return CorpusStatistics(terms, frequencies, documents, frozenset(lines.tolist()))


def template_frames(database: Database) -> frozenset[int]:
    """Return the hashes of the frames that documents of the corpus fill with different facts."""
    (frames,) = database.fetch(queries.template_frames(MIN_FILLINGS))
    return frozenset(frames.tolist())


def _insert_documents(database: Database, documents: Iterable[tuple[int, DocumentTerms]]) -> NDArray[np.int64]:
    """Fill the tables of terms, and return the ranks of the documents, shape (documents,)."""
    for create in (queries.CREATE_TERMS, queries.CREATE_LINES, queries.CREATE_PHRASES, queries.CREATE_FRAMES):
        database.execute(create)
    docs: list[int] = []
    batch: list[tuple[int, DocumentTerms]] = []
    for doc, terms in documents:
        docs.append(doc)
        batch.append((doc, terms))
        if len(batch) == INSERT_BATCH:
            _insert_batch(database, batch)
            batch = []
    _insert_batch(database, batch)
    return np.array(docs, np.int64)


def _insert_batch(database: Database, batch: list[tuple[int, DocumentTerms]]) -> None:
    if not batch:
        return
    docs = np.array([doc for doc, _ in batch], np.int64)

    def joined(name: str) -> NDArray[np.int64]:
        return np.concatenate([getattr(terms, name) for _, terms in batch])

    def ranks(name: str) -> NDArray[np.int64]:
        return np.repeat(docs, [getattr(terms, name).size for _, terms in batch])

    database.insert("terms", doc=ranks("terms"), term=joined("terms"))
    anchors = np.repeat([terms.anchor for _, terms in batch], [terms.lines.size for _, terms in batch])
    database.insert("lines", doc=ranks("lines"), line=joined("lines"), anchor=anchors.astype(np.int64))
    database.insert("phrases", doc=ranks("phrases"), part=joined("parts"), phrase=joined("phrases"))
    database.insert("frames", doc=ranks("frames"), frame=joined("frames"), facts=joined("facts"))
