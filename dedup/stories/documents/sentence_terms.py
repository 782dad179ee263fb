"""Count the terms of sentences."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.alignment.arrays import ENTRY, TERM
from dedup.runtime.row_groups import RowGroups, offsets_of

# A key of 64 bits holds a term of 32 bits and the rank of a sentence in this number of bits.
_ROW_BITS = np.uint64(32)
_ROW_MASK = np.uint64((1 << 32) - 1)


class CountedTerms(NamedTuple):
    """Terms of documents."""

    terms: RowGroups
    """Distinct terms of each document, ascending: rows of `TERM`."""
    entries: RowGroups
    """The sentences that have them, in the order of the terms, then of the sentences: rows of `ENTRY`."""


def count_terms(ids: NDArray[np.uint32], rows: NDArray[np.int64], sentences: NDArray[np.int64]) -> CountedTerms:
    """Count the terms of the sentences of documents.

    Args:
        ids: Term of each occurrence, shape (occurrences,).
        rows: Its sentence, numbered through all documents, shape (occurrences,).
        sentences: First sentence of each document, and the number of sentences, shape (documents + 1,).

    >>> found = count_terms(np.array([7, 5, 7, 7], np.uint32), np.array([0, 0, 0, 1]), np.array([0, 2]))
    >>> found.terms.rows.tolist(), found.entries.rows.tolist()
    ([(5, 0), (7, 1)], [(0, 1), (0, 2), (1, 1)])
    """
    documents = len(sentences) - 1
    keys = (ids.astype(np.uint64) << _ROW_BITS) | rows.astype(np.uint64)
    keys.sort()
    entries = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    counts = np.diff(entries, append=keys.size)
    row = (keys[entries] & _ROW_MASK).astype(np.int64)
    term = (keys[entries] >> _ROW_BITS).astype(np.uint32)
    document = np.repeat(np.arange(documents), np.diff(sentences))[row]
    order = np.argsort(document, kind="stable")
    document, term = document[order], term[order]
    is_first = (np.diff(document, prepend=-1) != 0) | (np.diff(term, prepend=~term[:1]) != 0)
    first = np.flatnonzero(is_first)
    terms = np.empty(first.size, TERM)
    entry_offsets = offsets_of(np.bincount(document, minlength=documents))
    terms["id"], terms["start"] = term[first], first - entry_offsets[document[first]]
    found = np.empty(term.size, ENTRY)
    found["row"], found["count"] = row[order] - sentences[document], counts[order]
    return CountedTerms(
        RowGroups(terms, offsets_of(np.bincount(document[first], minlength=documents))),
        RowGroups(found, entry_offsets),
    )
