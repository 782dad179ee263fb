"""The tables of documents: their rows, grouped by document."""

from collections.abc import Mapping

import numpy as np

from dedup.kernels.alignment.arrays import ENTRY, SENTENCE, TERM
from dedup.kernels.alignment.facts import FACT, MATCH_KEY
from dedup.runtime.row_groups import RowGroups
from dedup.text.spans import FactKind

WORD = np.dtype([("id", np.int64), ("frequency", np.float64), ("share", np.float64), ("is_name", np.bool_)])
OCCURRENCE = np.dtype([("row", np.int32), ("column", np.int32)])
FACT_KINDS: tuple[FactKind, ...] = ("number", "date", "name", "quotation")
LOOKUP_KEY = np.dtype([("fact", np.int32), ("key", np.uint32)])  # terms of the corpus that a fact is counted by
NUMBER = np.dtype([("rank", np.int32), ("row", np.int32), ("value", np.int64), ("information", np.float64)])
PLACE = np.dtype([("word", np.int64), ("fact", np.int64)])  # of a frame

TABLES: Mapping[str, np.dtype] = {
    "language": np.dtype(np.uint8),  # its code
    "text": np.dtype(np.uint8),  # in UTF-8
    "sentences": SENTENCE,
    "stems": TERM,
    "stem_entries": ENTRY,
    "grams": TERM,
    "gram_entries": ENTRY,
    "content": TERM,
    "content_entries": ENTRY,
    "words": WORD,
    "occurrences": OCCURRENCE,
    "facts": FACT,
    "fact_text": np.dtype(np.uint8),
    "lookup_keys": LOOKUP_KEY,
    "match_keys": MATCH_KEY,
    "numbers": NUMBER,
    "places": PLACE,
}
"""Type of the rows of each table."""

CORPUS_COLUMNS: Mapping[str, tuple[str, np.dtype]] = {
    "excluded": ("sentences", np.dtype(np.bool_)),  # whether a sentence is boilerplate of the corpus
    "template": ("sentences", np.dtype(np.bool_)),  # whether its frame is a template of the corpus
    "content_rarity": ("content", np.dtype(np.float64)),
    "fact_rarity": ("facts", np.dtype(np.float64)),
    "others": ("words", np.dtype(np.int64)),  # documents of the corpus with a word, besides two
}
"""Columns that are known when all documents are: the table that each belongs to, and the type of its values."""

Tables = dict[str, RowGroups]
"""The rows of documents, by table."""
