"""The terms by which documents are found: words, facts, phrases, and the lines and frames that recur."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.runtime.ordered import first_of_runs
from dedup.runtime.row_groups import RowGroups
from dedup.stories.documents.tables import Tables

# A line at the beginning or end of documents that have nothing else in common is boilerplate: "Reuter", a signature.
# Sentences at the beginning and at the end in which such lines are looked for, and the maximum number of their letters.
FIRST_LINES, LAST_LINES, MAX_LINE_LETTERS = 3, 5, 100
# Content words of a phrase, and of a part of a document, whose partners are counted on their own.
PHRASE_WORDS, PART_WORDS = 3, 60

Columns = dict[str, NDArray[np.int64]]
"""Columns of a table by name, shape (rows,) each."""


class TermTables(NamedTuple):
    """The terms of some documents, which are numbered from 0: the rows of the tables of `dedup.stories.queries`."""

    documents: int
    """Number of documents."""
    terms: Columns
    """Distinct content words and facts of each document."""
    lines: Columns
    """Wordings (see `dedup.text.features.SentenceTerms`) of the distinct lines at the beginning and end that may be
    boilerplate; the anchor is the wording of the longest sentence: documents that are copies have the same."""
    phrases: Columns
    """Distinct phrases of each part of each document."""
    frames: Columns
    """Frame of each sentence with facts, and a hash of these facts."""

    def shifted(self, first: int) -> "TermTables":
        """Return the terms with the documents numbered from `first`."""
        moved = ({**columns, "doc": columns["doc"] + first} for columns in self[1:])
        return TermTables(self.documents, *moved)


def find_terms(tables: Tables) -> TermTables:
    """Return the terms by which documents are found.

    Args:
        tables: Tables of the documents.
    """
    return TermTables(
        len(tables["sentences"].offsets) - 1, _terms(tables), _lines(tables), _phrases(tables), _frames(tables)
    )


def _documents(groups: RowGroups) -> NDArray[np.int64]:
    """Return the document of each row."""
    return np.repeat(np.arange(len(groups.offsets) - 1), np.diff(groups.offsets))


def _distinct(*columns: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Return the distinct rows of some columns, ordered by the first column, then the second, …"""
    order = np.lexsort(columns[::-1])
    ordered = [column[order] for column in columns]
    is_first = first_of_runs(*ordered)
    return tuple(column[is_first] for column in ordered)


def _terms(tables: Tables) -> Columns:
    content, keys = tables["content"], tables["lookup_keys"]
    docs = np.concatenate((_documents(content), _documents(keys)))
    terms = np.concatenate((content.rows["id"], keys.rows["key"])).astype(np.int64)
    doc, term = _distinct(docs, terms)
    return {"doc": doc, "term": term}


def _lines(tables: Tables) -> Columns:
    """Return the lines at the beginning and end of each document, unless they are most of the text: a title, a verse.

    The anchor is -1 for a document without sentences.
    """
    sentences = tables["sentences"]
    documents = len(sentences.offsets) - 1
    docs, rows = _documents(sentences), sentences.rows
    sizes = rows["size"].astype(np.int64)
    rank = np.arange(docs.size) - sentences.offsets[docs]
    from_end = sentences.offsets[docs + 1] - np.arange(docs.size)
    chosen = (sizes <= MAX_LINE_LETTERS) & ((rank < FIRST_LINES) | (from_end <= LAST_LINES))
    all_letters, chosen_letters = (np.bincount(docs, weights, documents) for weights in (sizes, sizes * chosen))
    chosen &= (2 * chosen_letters <= all_letters)[docs]
    doc, line = _distinct(docs[chosen], rows["wording"][chosen])
    longest = np.lexsort((rank, -sizes, docs))[sentences.offsets[:-1][np.diff(sentences.offsets) > 0]]
    anchors = np.full(documents, -1)
    anchors[docs[longest]] = rows["wording"][longest]
    return {"doc": doc, "line": line, "anchor": anchors[doc]}


def _phrases(tables: Tables) -> Columns:
    """Return the parts and hashes of all runs of PHRASE_WORDS content words outside numbers."""
    occurrences, words = tables["occurrences"], tables["words"]
    docs = _documents(occurrences)
    ids = words.rows["id"][words.offsets[docs] + occurrences.rows["column"]].astype(np.uint64)
    count = max(0, ids.size - PHRASE_WORDS + 1)
    hashed = np.zeros(count, np.uint64)
    for offset in range(PHRASE_WORDS):  # a polynomial hash, modulo 2**64
        hashed = hashed * np.uint64(0x9E3779B97F4A7C15) + ids[offset : offset + count] + np.uint64(1)
    hashed ^= hashed >> np.uint64(29)
    within = docs[:count] == docs[ids.size - count :]
    part = (np.arange(count) - occurrences.offsets[docs[:count]]) // PART_WORDS
    doc, part, phrase = _distinct(docs[:count][within], part[within], (hashed[within] >> np.uint64(1)).astype(np.int64))
    return {"doc": doc, "part": part, "phrase": phrase}


def _frames(tables: Tables) -> Columns:
    sentences = tables["sentences"]
    chosen = sentences.rows["frame"] >= 0
    rows = sentences.rows[chosen]
    return {"doc": _documents(sentences)[chosen], "frame": rows["frame"], "facts": rows["frame_facts"]}
