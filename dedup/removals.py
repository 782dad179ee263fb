"""Verdicts to removals: what is taken out of which document, where, and for what."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from dedup.decide import Verdicts
from dedup.sketch import (
    BYTE_CUT_END,
    BYTE_CUT_START,
    CONTENT,
    CUT_END,
    CUT_START,
    DOC,
    END,
    START,
    TOKENS,
    Sketches,
    Units,
)

PLACE = [START, END, CUT_START, CUT_END, BYTE_CUT_START, BYTE_CUT_END]


@dataclass(frozen=True)
class Removals:
    """Everything that is taken out of a corpus, as arrays; documents first, then paragraphs."""

    is_document: NDArray[np.bool_]
    """Shape (removals,), as all that follow."""
    doc: NDArray[np.int64]
    span: NDArray[np.int64]
    """Code points start, end, cut start, cut end; bytes cut start, cut end; shape (removals, 6)."""
    reason: NDArray[np.str_]
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
    info = units.info.map()
    gone, keeper = info[verdicts.removed], info[verdicts.keeper]
    lengths = gone[:, END] - gone[:, START], keeper[:, END] - keeper[:, START]
    same = (gone[:, CONTENT] == keeper[:, CONTENT]) & (lengths[0] == lengths[1])
    units.info.release()
    return Removals(
        is_document=np.full(len(gone), document),
        doc=gone[:, DOC],
        span=gone[:, PLACE],
        reason=np.where(same, "exact", "near"),
        kept_doc=keeper[:, DOC],
        kept_start=keeper[:, START],
        kept_end=keeper[:, END],
        jaccard=verdicts.jaccard,
        containment=verdicts.containment,
    )


def emptied(documents: Units, paragraphs: Units, verdicts: Verdicts) -> Removals:
    """List the documents that lose all their tokens with their paragraphs."""
    lost = paragraphs.info.map()[verdicts.removed]
    docs, which = np.unique(lost[:, DOC], return_inverse=True)
    info = documents.info.map()[docs]
    info = info[np.bincount(which, lost[:, TOKENS], docs.size) == info[:, TOKENS]]
    nobody = np.full(len(info), -1, np.int64)
    return Removals(
        is_document=np.ones(len(info), np.bool_),
        doc=info[:, DOC],
        span=info[:, PLACE],
        reason=np.full(len(info), "emptied"),
        kept_doc=nobody,
        kept_start=nobody,
        kept_end=nobody,
        jaccard=np.full(len(info), np.nan),
        containment=np.full(len(info), np.nan),
    )


def find_removals(sketches: Sketches, documents: Verdicts, paragraphs: Verdicts) -> Removals:
    """Gather everything that is taken out, by document, the document itself before its paragraphs."""
    parts = [
        removals_of(sketches.documents, documents, document=True),
        removals_of(sketches.paragraphs, paragraphs, document=False),
        emptied(sketches.documents, sketches.paragraphs, paragraphs),
    ]
    columns = {item.name: np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(Removals)}
    order = np.lexsort((columns["span"][:, 0], ~columns["is_document"], columns["doc"]))
    return Removals(**{name: column[order] for name, column in columns.items()})
