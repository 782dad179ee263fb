"""Select the pairs of documents to compare by the rare terms and phrases that they share, and count their terms."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.document_frequency import RARE, UNCOUNTED, CorpusStatistics
from dedup.engine.base import Database
from dedup.runtime.ordered import distinct
from dedup.stories import queries
from dedup.stories.terms import Columns, TermTables

# The kernels are imported when all documents are read: a small corpus needs none, and for a large one it happens while
# other processes analyse it.
if TYPE_CHECKING:
    from dedup.kernels.partners import PostingLists

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
# document selects by its phrases. A long document, whose parts repeat different texts, has this many partners per part.
PHRASE_WINDOW, MAX_PHRASE_PARTNERS = 48, 48
# Minimum sum of the weights of the phrases that a part of a document shares with another document.
MIN_PHRASE_WEIGHT = 3.0
# Number of different facts with which a frame must occur, in as many documents, to be a template.
MIN_FILLINGS = 3
# Number of documents whose partners are selected at a time.
SELECTION_BATCH = 10_000
# Number of batches of documents whose terms are inserted at a time, since each insertion takes milliseconds.
INSERT_BATCHES = 20


def find_candidates(database: Database, batches: Iterable[TermTables]) -> tuple[NDArray[np.int64], int]:
    """Select the pairs of documents to compare.

    Args:
        database: Receives the tables ``terms``, ``lines``, ``phrases`` and ``frames``.
        batches: Terms of the documents, in order.

    Returns:
        Pairs of ranks, shape (pairs, 2), int64, the lower rank first, ascending; and the number of pairs that share
        enough terms but are not selected.

    The tables spill to disk. Outside the database, the memory is about 20 bytes for each of the rare terms and shared
    phrases of a document, and about 50 for each selected pair.
    """
    documents = _insert_terms(database, batches)
    if documents <= MAX_EXHAUSTIVE_DOCUMENTS:
        return np.column_stack(np.triu_indices(documents, 1)), 0
    terms = _read_postings(database, queries.rare_terms(documents, MAX_TERMS), documents)
    phrases = _read_postings(database, queries.shared_phrases(documents), documents)
    pairs, shared = _select_pairs(terms, phrases)
    return np.column_stack(np.divmod(pairs, documents)), shared - len(pairs)


def _select_pairs(terms: "PostingLists", phrases: "PostingLists") -> tuple[NDArray[np.int64], int]:
    """Select the pairs that are among the best pairs of a document, or of a part of one.

    Args:
        terms: Posting lists of the rarest terms of each document.
        phrases: Posting lists of phrases.

    Returns:
        The pairs as ``lower rank * documents + higher rank``, ascending, shape (pairs,); and the number of pairs that
        share enough terms.
    """
    from dedup.kernels.partners import Limits, select_partners

    documents = len(terms.first_unit) - 1
    term_limits = Limits(WINDOW, MIN_SHARED_TERMS, 0, MAX_PARTNERS)
    min_weight = round(MIN_PHRASE_WEIGHT * queries.WEIGHT_UNIT)
    phrase_limits = Limits(PHRASE_WINDOW, 1, min_weight, MAX_PHRASE_PARTNERS)
    selected = [np.empty(0, np.int64)]
    shared = 0
    for first in range(0, documents, SELECTION_BATCH):
        last = min(first + SELECTION_BATCH, documents)
        pairs, count = select_partners(terms, term_limits, phrases, phrase_limits, first, last)
        selected.append(distinct(pairs))
        shared += count
    return distinct(np.concatenate(selected)), shared


def _read_postings(database: Database, query: str, documents: int) -> "PostingLists":
    """Return the posting lists that a query selects.

    Args:
        database: The database.
        query: Selects rows (doc, part, key, weight), in order of key, document and part.
        documents: Number of documents.
    """
    from dedup.kernels.partners import make_postings

    docs, parts, lists = ([np.empty(0, np.int32)] for _ in range(3))
    weights = [np.empty(0, np.int64)]
    last_key, count = None, 0
    for doc, part, key, weight in database.stream(query):
        is_first = np.diff(key, prepend=key[:1]) != 0
        is_first[0] = key[0] != last_key
        docs.append(doc.astype(np.int32))
        parts.append(part.astype(np.int32))
        lists.append((count - 1 + np.cumsum(is_first)).astype(np.int32))
        weights.append(weight[is_first])
        last_key, count = key[-1], count + len(weights[-1])
    rows = np.concatenate(docs), np.concatenate(parts), np.concatenate(lists)
    return make_postings(*rows, np.concatenate(weights), documents)


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


def _insert_terms(database: Database, batches: Iterable[TermTables]) -> int:
    """Fill the tables of terms, and return the number of documents."""
    for create in (queries.CREATE_TERMS, queries.CREATE_LINES, queries.CREATE_PHRASES, queries.CREATE_FRAMES):
        database.execute(create)
    documents = 0
    pending: list[TermTables] = []
    for batch in batches:
        pending.append(batch.shifted(documents))
        documents += batch.documents
        if len(pending) == INSERT_BATCHES:
            _insert_batches(database, pending)
            pending = []
    if pending:
        _insert_batches(database, pending)
    return documents


def _insert_batches(database: Database, batches: Sequence[TermTables]) -> None:
    for table in ("terms", "lines", "phrases", "frames"):
        columns: list[Columns] = [getattr(batch, table) for batch in batches]
        database.insert(table, **{name: np.concatenate([found[name] for found in columns]) for name in columns[0]})
