"""Tables of documents, one document after the other, that the kernels of alignment compare."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.rows import stable_order

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


class TermArrays(NamedTuple):
    """Terms of documents: the distinct terms of each document, and the sentences that have them."""

    first: NDArray[np.int64]
    """Index of the first term of each document, and the number of terms, shape (documents + 1,)."""
    terms: NDArray[Any]
    """Terms, ascending in each document; of dtype `TERM`, shape (terms,)."""
    first_entry: NDArray[np.int64]
    """Index of the first entry of each document, and the number of entries, shape (documents + 1,)."""
    entries: NDArray[Any]
    """Sentences that have the terms, of dtype `ENTRY`, shape (entries,)."""


class DocumentArrays(NamedTuple):
    """Sentences of documents."""

    first: NDArray[np.int64]
    """Index of the first sentence of each document, and the number of sentences, shape (documents + 1,)."""
    sentences: NDArray[Any]
    """Sentences, of dtype `SENTENCE`, shape (sentences,)."""
    excluded: NDArray[np.bool_]
    """Whether each sentence gets no links, shape (sentences,)."""
    stems: TermArrays
    """Stems."""
    grams: TermArrays
    """Character 4-grams."""
    content: TermArrays
    """Stems of content words."""
    rarity: NDArray[np.float64]
    """Rarity of each content word in the corpus, shape (content terms,)."""


class DocumentTerms(NamedTuple):
    """Terms of one document."""

    terms: NDArray[Any]
    """As in `TermArrays`."""
    entries: NDArray[Any]
    """As in `TermArrays`."""
    excluded: NDArray[np.bool_]
    """Whether each sentence has no terms, shape (sentences,)."""


@kernel
def terms_of(terms: TermArrays, doc: int, excluded: NDArray[np.bool_]) -> DocumentTerms:
    """Return the terms of a document, of which some sentences have none."""
    return DocumentTerms(
        terms.terms[terms.first[doc] : terms.first[doc + 1]],
        terms.entries[terms.first_entry[doc] : terms.first_entry[doc + 1]],
        excluded,
    )


@kernel
def entry_end(terms: DocumentTerms, index: int) -> int:
    """Return the index after the last entry of a term."""
    return terms.terms[index + 1].start if index + 1 < len(terms.terms) else len(terms.entries)


@kernel
def ordered_wordings(sentences: NDArray[Any], excluded: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the ranks of the sentences that are not excluded, by wording, then rank, shape (n,)."""
    wordings = np.empty(len(sentences), np.int64)
    for rank in range(len(sentences)):
        wordings[rank] = sentences[rank].wording
    order = stable_order(wordings)
    count = 0
    for rank in order:
        if not excluded[rank] and wordings[rank] >= 0:
            order[count] = rank
            count += 1
    return order[:count]
