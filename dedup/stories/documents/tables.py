"""The tables of documents: their rows, grouped by document."""

from collections.abc import Mapping

import numpy as np

from dedup.runtime.row_groups import RowGroups
from dedup.text.spans import FactKind

SENTENCE = np.dtype(
    [
        ("start", np.int32),  # span in the text
        ("end", np.int32),
        ("size", np.int32),  # letters of its folded words
        ("wording", np.int64),  # hash of its words
        ("length", np.int32),  # words; 0 for boilerplate
        ("frame", np.int64),  # hash of its frame, or -1
        ("frame_facts", np.int64),  # hash of the facts in its frame
        ("places", np.int32),  # words and places of its frame
    ]
)
TERM = np.dtype([("id", np.uint32), ("start", np.int32)])  # ascending by id; first entry, from that of the document
ENTRY = np.dtype([("row", np.int32), ("count", np.int32)])  # a sentence that has a term, and how often
WORD = np.dtype([("id", np.int64), ("frequency", np.float64), ("share", np.float64), ("is_name", np.bool_)])
OCCURRENCE = np.dtype([("row", np.int32), ("column", np.int32)])
FACT = np.dtype(
    [
        ("kind", np.int8),  # index in FACT_KINDS
        ("sentence", np.int32),
        ("start", np.int32),  # span in the text
        ("end", np.int32),
        ("group", np.int32),  # rank of the first fact of the document with this kind and value
        ("signature", np.int64),  # equal for facts that are compared alike
        ("weight", np.float64),  # as evidence; see `dedup.alignment.shared_facts.specificity`
        ("year", np.int32),  # of a date; -1 for a date without a year, -2 for another fact
        ("value", np.int32),  # bytes of its value, noun, qualifier and unit in the table `fact_text`
        ("noun", np.int32),
        ("qualifier", np.int32),
        ("unit", np.int32),
    ]
)
FACT_KINDS: tuple[FactKind, ...] = ("number", "date", "name", "quotation")
LOOKUP_KEY = np.dtype([("fact", np.int32), ("key", np.uint32)])  # terms of the corpus that a fact is counted by
# A key that the same facts have in common, ascending; whether it is an own key, see `dedup.alignment.fact_pairs`.
MATCH_KEY = np.dtype([("fact", np.int32), ("key", np.uint32), ("is_own", np.bool_)])
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
