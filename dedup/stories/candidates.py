"""Select the pairs of documents to compare by the rare terms that they share, and count document frequencies."""

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.document_frequency import RARE, CorpusStatistics
from dedup.engine.base import Database
from dedup.stories import queries

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
# Number of documents whose terms are inserted at a time.
INSERT_BATCH = 1000


def find_candidates(
    database: Database, terms: Iterable[tuple[int, NDArray[np.int64]]]
) -> tuple[NDArray[np.int64], int]:
    """Select the pairs of documents to compare.

    Args:
        database: Receives the tables ``terms``, ``rare_terms`` and ``scored_pairs``.
        terms: Rank of each document and its distinct terms, shape (terms,); in order of rank.

    Returns:
        Pairs of ranks, shape (pairs, 2), int64, the lower rank first, ascending; and the number of pairs that share
        enough terms but are not selected.
    """
    docs = _insert_terms(database, terms)
    if docs.size <= MAX_EXHAUSTIVE_DOCUMENTS:
        first, second = np.triu_indices(docs.size, 1)
        return np.column_stack((docs[first], docs[second])), 0
    database.execute(queries.create_rare_terms(docs.size, MAX_TERMS))
    database.execute(queries.create_scored_pairs(WINDOW, MIN_SHARED_TERMS))
    pairs = np.column_stack(database.fetch(queries.best_pairs(MAX_PARTNERS), columns=2))
    (scored,) = database.fetch(queries.COUNT_SCORED_PAIRS)
    return pairs, int(scored[0]) - len(pairs)


def document_frequencies(database: Database, terms: Collection[int]) -> dict[int, int]:
    """Count the documents that have each of some terms, after `find_candidates`.

    Args:
        database: The database that `find_candidates` filled.
        terms: The terms.

    Returns:
        Number of documents by term; terms that no document has are missing.
    """
    database.execute(queries.CREATE_REQUESTED_TERMS)
    database.insert("requested_terms", term=np.array(sorted(terms), np.int64))
    found, documents = database.fetch(queries.REQUESTED_FREQUENCIES, columns=2)
    return dict(zip(found.tolist(), documents.tolist(), strict=True))


def corpus_statistics(database: Database, documents: int) -> CorpusStatistics:
    """Count the terms and short lines that recur in a corpus, after `find_candidates`.

    Args:
        database: The database that `find_candidates` filled; negative terms are those of short lines.
        documents: Number of documents.

    Returns:
        Document frequencies above `RARE`, and the wordings of the short lines in more documents than that.
    """
    terms, frequencies = database.fetch(queries.frequent_terms(RARE), columns=2)
    (lines,) = database.fetch(queries.frequent_lines(RARE))
    return CorpusStatistics(terms, frequencies, documents, frozenset((-1 - lines).tolist()))


def _insert_terms(database: Database, terms: Iterable[tuple[int, NDArray[np.int64]]]) -> NDArray[np.int64]:
    """Fill the table ``terms``, and return the ranks of the documents, shape (documents,)."""
    database.execute(queries.CREATE_TERMS)
    docs: list[int] = []
    batch: list[tuple[int, NDArray[np.int64]]] = []
    for doc, doc_terms in terms:
        docs.append(doc)
        batch.append((doc, doc_terms))
        if len(batch) == INSERT_BATCH:
            _insert_batch(database, batch)
            batch = []
    _insert_batch(database, batch)
    return np.array(docs, np.int64)


def _insert_batch(database: Database, batch: list[tuple[int, NDArray[np.int64]]]) -> None:
    if batch:
        docs = np.repeat([doc for doc, _ in batch], [doc_terms.size for _, doc_terms in batch])
        database.insert("terms", doc=docs, term=np.concatenate([doc_terms for _, doc_terms in batch]))
