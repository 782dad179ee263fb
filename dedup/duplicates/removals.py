"""Verdicts to removals: what is taken out of which document, where, and for what."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates.select import Verdicts
from dedup.duplicates.signatures import Sketches
from dedup.duplicates.units import (
    BYTE_CUT_END,
    BYTE_CUT_START,
    CONTENT,
    CUT_END,
    CUT_START,
    DOC,
    END,
    START,
    TOKENS,
    Units,
)

PLACE = [START, END, CUT_START, CUT_END, BYTE_CUT_START, BYTE_CUT_END]
REASONS = ("exact", "near", "emptied")
EXACT, NEAR, EMPTIED = range(3)


@dataclass(frozen=True)
class Removals:
    """Everything that is taken out of a corpus, as arrays; documents first, then paragraphs."""

    is_document: NDArray[np.bool_]
    """Shape (removals,), as all that follow."""
    doc: NDArray[np.int64]
    span: NDArray[np.int64]
    """Code points start, end, cut start, cut end; bytes cut start, cut end; shape (removals, 6)."""
    reason: NDArray[np.int8]
    """Places in `REASONS`."""
    kept_doc: NDArray[np.int64]
    """-1 for an emptied document, as the next two."""
    kept_start: NDArray[np.int64]
    kept_end: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    """NaN for an emptied document, as the next one."""
    containment: NDArray[np.float64]

    def part(self, low: int, high: int) -> "Removals":
        """Take some of them."""
        return Removals(*(getattr(self, item.name)[low:high] for item in fields(self)))


def removals_of(units: Units, verdicts: Verdicts, document: bool) -> Removals:
    """Look up where removed units and their keepers stand."""
    gone = units.look_up(verdicts.removed, [*PLACE, DOC, CONTENT])
    keeper = units.look_up(verdicts.keeper, [START, END, DOC, CONTENT])
    same = (gone[:, -1] == keeper[:, -1]) & (gone[:, 1] - gone[:, 0] == keeper[:, 1] - keeper[:, 0])
    return Removals(
        is_document=np.full(len(gone), document),
        doc=gone[:, -2],
        span=gone[:, : len(PLACE)],
        reason=np.where(same, EXACT, NEAR).astype(np.int8),
        kept_doc=keeper[:, -2],
        kept_start=keeper[:, 0],
        kept_end=keeper[:, 1],
        jaccard=verdicts.jaccard,
        containment=verdicts.containment,
    )


def find_emptied(documents: Units, paragraphs: Units, verdicts: Verdicts) -> NDArray[np.int64]:
    """List the documents that lose all their tokens with their paragraphs, by ascending rank."""
    lost = paragraphs.look_up(verdicts.removed, [DOC, TOKENS])
    docs, which = np.unique(lost[:, 0], return_inverse=True)
    bare = np.bincount(which, lost[:, 1], docs.size) == documents.look_up(docs, [TOKENS])[:, 0]
    return np.asarray(docs[bare], np.int64)


def spare(paragraphs: Units, verdicts: Verdicts, docs: NDArray[np.int64]) -> Verdicts:
    """Leave the paragraphs of some documents where they are."""
    gone = ~np.isin(paragraphs.look_up(verdicts.removed, [DOC])[:, 0], docs)
    return Verdicts(
        kept=verdicts.kept | np.isin(paragraphs.column(DOC), docs),
        removed=verdicts.removed[gone],
        keeper=verdicts.keeper[gone],
        jaccard=verdicts.jaccard[gone],
        containment=verdicts.containment[gone],
    )


def emptied(documents: Units, docs: NDArray[np.int64]) -> Removals:
    """Give the removals of documents that are left without tokens: no one document stays in their place."""
    nobody = np.full(docs.size, -1, np.int64)
    nothing = np.full(docs.size, np.nan)
    return Removals(
        is_document=np.ones(docs.size, np.bool_),
        doc=docs,
        span=documents.look_up(docs, PLACE),
        reason=np.full(docs.size, EMPTIED, np.int8),
        kept_doc=nobody,
        kept_start=nobody,
        kept_end=nobody,
        jaccard=nothing,
        containment=nothing,
    )


def find_removals(sketches: Sketches, documents: Verdicts, paragraphs: Verdicts) -> Removals:
    """Gather everything that is taken out, by document, the document itself before its paragraphs.

    A document that another one went for must stay: where it would lose all its tokens, its paragraphs stay too.
    """
    bare = find_emptied(sketches.documents, sketches.paragraphs, paragraphs)
    keepers = np.intersect1d(bare, documents.keeper)
    if keepers.size:
        paragraphs = spare(sketches.paragraphs, paragraphs, keepers)
        bare = np.setdiff1d(bare, keepers)
    parts = [
        removals_of(sketches.documents, documents, document=True),
        removals_of(sketches.paragraphs, paragraphs, document=False),
        emptied(sketches.documents, bare),
    ]
    parts = [part for part in parts if part.doc.size] or parts[:1]
    if len(parts) == 1:  # in order already
        return parts[0]
    doc, paragraph, start = (
        np.concatenate(columns)
        for columns in zip(*((part.doc, ~part.is_document, part.span[:, 0]) for part in parts), strict=True)
    )
    order = np.lexsort((start, paragraph, doc))
    return Removals(*(np.concatenate([getattr(part, item.name) for part in parts])[order] for item in fields(Removals)))
