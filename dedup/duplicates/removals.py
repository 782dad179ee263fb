"""Combine the verdicts on documents and paragraphs into removals, and group removals by their kept unit."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates.pool import Pool, Pools
from dedup.duplicates.references.base import References
from dedup.duplicates.select import Verdicts
from dedup.duplicates.sketches.signatures import Sketches
from dedup.duplicates.sketches.units import UNIT, Units

# The span of a removed unit and its cut in code points, and the cut in bytes.
PLACE_NAMES = ("start", "end", "cut_start", "cut_end", "byte_cut_start", "byte_cut_end")
PLACE = np.dtype([(name, UNIT[name]) for name in PLACE_NAMES])
REASONS = ("exact", "near", "emptied")
EXACT, NEAR, EMPTIED = range(3)
# The document of the kept unit, where there is none.
NO_DOCUMENT = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Removals:
    """All removed units of a corpus, by document; a document comes before its paragraphs.

    Each attribute is an array of shape (removals,).
    """

    is_document: NDArray[np.bool_]
    """Whether a whole document is removed, not a paragraph."""
    doc: NDArray[np.int64]
    """Rank of the document."""
    place: NDArray[Any]
    """The span, records of dtype `PLACE`."""
    tokens: NDArray[np.int64]
    """Number of tokens of the unit."""
    reason: NDArray[np.int8]
    """Index into `REASONS`."""
    kept_doc: NDArray[np.int64]
    """Rank of the document of the kept unit; for a document of a reference, its number there less the number of all
    documents of the references, which is negative; `NO_DOCUMENT` for an emptied document."""
    kept_start: NDArray[np.int64]
    """First code point of the kept unit; -1 for an emptied document."""
    kept_end: NDArray[np.int64]
    """End of the kept unit; -1 for an emptied document."""
    jaccard: NDArray[np.float64]
    """Similarity to the kept unit; NaN for an emptied document."""
    containment: NDArray[np.float64]
    """Share of the shingles that the kept unit has; NaN for an emptied document."""

    def __len__(self) -> int:
        """Return the number of removals."""
        return self.doc.size

    @property
    def has_keeper(self) -> NDArray[np.bool_]:
        """Whether there is a kept unit, shape (removals,); emptied documents have none."""
        return np.asarray(self.reason != EMPTIED)

    @property
    def in_reference(self) -> NDArray[np.bool_]:
        """Whether the kept unit belongs to a reference, shape (removals,)."""
        return self.has_keeper & (self.kept_doc < 0)

    @property
    def in_corpus(self) -> NDArray[np.bool_]:
        """Whether the kept unit belongs to the corpus, shape (removals,)."""
        return np.asarray(self.kept_doc >= 0)

    def take(self, rows: "slice | NDArray[Any]") -> "Removals":
        """Return some of the removals.

        Args:
            rows: A slice, row numbers, or a mask.
        """
        return Removals(*(getattr(self, item.name)[rows] for item in fields(self)))


def combine_removals(parts: Sequence[Removals], documents: Units, first_doc: int = 0) -> Removals:
    """Return the removals of documents and paragraphs in order, and those of the documents that they empty.

    Args:
        parts: Removals, each by document and start.
        documents: The documents that they belong to.
        first_doc: Rank of the first of these documents.

    Returns:
        The removals by document, each document before its paragraphs.
    """
    parts = [part for part in parts if len(part)] or list(parts[:1])
    emptied = [_emptied(documents, part, first_doc) for part in parts if not part.is_document.any()]
    parts += [part for part in emptied if len(part)]
    if len(parts) == 1:  # already in order
        return parts[0]
    joined = join_removals(parts)
    return joined.take(np.lexsort((joined.place["start"], ~joined.is_document, joined.doc)))


def join_removals(parts: Sequence[Removals]) -> Removals:
    """Return the removals of several parts, one after the other."""
    return Removals(*(np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(Removals)))


@dataclass(frozen=True)
class CorpusVerdicts:
    """The verdicts on a corpus."""

    references: References
    """What it was compared with, besides itself."""
    sketches: Sketches
    """The units of the corpus."""
    pools: Pools
    """The units that were compared."""
    documents: Verdicts
    """The verdicts on documents."""
    paragraphs: Verdicts
    """The verdicts on paragraphs."""
    pairs: int
    """Number of verified pairs."""

    @cached_property
    def removals(self) -> Removals:
        """What is removed."""
        documents = removals_of(self.pools.documents, self.documents, is_document=True)
        paragraphs = removals_of(self.pools.paragraphs, self.paragraphs, is_document=False)
        return combine_removals([documents, paragraphs], self.sketches.documents)


def inside_removed_blocks(units: Units, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether each unit is a paragraph of a removed block.

    Args:
        units: The paragraphs, each block directly before its own.
        kept: Whether each unit is kept, shape (rows,).
    """
    docs, ends, is_block = (units.column(name) for name in ("doc", "end", "block"))
    return inside_blocks(docs, ends, is_block, ~kept)


def inside_blocks(
    docs: NDArray[np.int64], ends: NDArray[np.int64], is_block: NDArray[np.bool_], chosen: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return whether each unit is a paragraph of a chosen block.

    Args:
        docs: Document of each unit, each block directly before its paragraphs, shape (rows,).
        ends: End of each unit, shape (rows,).
        is_block: Whether each unit is a block, shape (rows,).
        chosen: Whether each unit is chosen, shape (rows,).

    >>> docs, ends, is_block = np.array([0, 0, 0]), np.array([9, 4, 12]), np.array([True, False, False])
    >>> inside_blocks(docs, ends, is_block, is_block).tolist()
    [False, True, False]
    """
    rows = np.arange(docs.size)
    last = np.maximum.accumulate(np.where(is_block, rows, -1))  # the last block up to each row
    inside = (last >= 0) & (docs == docs[last]) & (ends <= ends[last]) & ~is_block
    return np.asarray(inside & chosen[last])


def removals_of(pool: Pool, verdicts: Verdicts, *, is_document: bool) -> Removals:
    """Return the removals of the removed units of one kind, by document and start."""
    removed = pool.look_up(verdicts.removed, [*PLACE_NAMES, "doc", "content", "tokens"])
    keeper = pool.look_up(verdicts.keeper, ["start", "end", "doc", "content"])
    same_length = removed["end"] - removed["start"] == keeper["end"] - keeper["start"]
    same = (removed["content"] == keeper["content"]) & same_length
    return Removals(
        is_document=np.full(removed.size, is_document),
        doc=removed["doc"],
        place=_places(removed),
        tokens=removed["tokens"],
        reason=np.where(same, EXACT, NEAR).astype(np.int8),
        kept_doc=keeper["doc"],
        kept_start=keeper["start"],
        kept_end=keeper["end"],
        jaccard=verdicts.jaccard,
        containment=verdicts.containment,
    )


def near_within_document(pool: Pool, verdicts: Verdicts) -> NDArray[np.bool_]:
    """Return whether each removed unit is removed for a unit of its document with other tokens, shape (removed,)."""
    removed, keeper = (pool.look_up(rows, ["doc", "sequence"]) for rows in (verdicts.removed, verdicts.keeper))
    return np.asarray((removed["doc"] == keeper["doc"]) & (removed["sequence"] != keeper["sequence"]))


def _places(records: NDArray[Any]) -> NDArray[Any]:
    places = np.empty(records.size, PLACE)
    for name in PLACE_NAMES:
        places[name] = records[name]
    return places


def _emptied(documents: Units, paragraphs: Removals, first_doc: int) -> Removals:
    """Return the removals of documents that lose all their letters and digits with their paragraphs.

    Such documents have no kept unit.

    Args:
        documents: Documents.
        paragraphs: The removals of their paragraphs, by document.
        first_doc: Rank of the first document.
    """
    docs, which = np.unique(paragraphs.doc, return_inverse=True)
    found = documents.look_up(docs - first_doc, [*PLACE_NAMES, "tokens", "paragraph_tokens"])
    is_empty = np.bincount(which, paragraphs.tokens, docs.size) == found["paragraph_tokens"]
    docs, found = docs[is_empty], found[is_empty]
    no_offset = np.full(docs.size, -1, np.int64)
    not_a_number = np.full(docs.size, np.nan)
    return Removals(
        is_document=np.ones(docs.size, np.bool_),
        doc=docs,
        place=_places(found),
        tokens=found["tokens"],
        reason=np.full(docs.size, EMPTIED, np.int8),
        kept_doc=np.full(docs.size, NO_DOCUMENT, np.int64),
        kept_start=no_offset,
        kept_end=no_offset,
        jaccard=not_a_number,
        containment=not_a_number,
    )


class Groups(NamedTuple):
    """Groups of duplicates, numbered from 0: the largest first, equal sizes by unit, document and start."""

    group_of: NDArray[np.int64]
    """Group of each removed unit, shape (removed,)."""
    sizes: NDArray[np.int64]
    """Number of removed units of each group, shape (groups,)."""


def group_by_kept(
    is_paragraph: NDArray[Any],
    kept_doc: NDArray[np.int64],
    kept_start: NDArray[np.int64],
    kept_end: NDArray[np.int64],
) -> Groups:
    """Group removed units by their kept unit.

    Args:
        is_paragraph: Whether each removed unit is a paragraph, shape (removed,).
        kept_doc: Document of its kept unit, shape (removed,).
        kept_start: First code point of its kept unit, shape (removed,).
        kept_end: End of its kept unit, shape (removed,); a block and its first paragraph have the same start.

    >>> group_by_kept(np.array([0, 1, 1]), np.array([4, 2, 2]), np.array([0, 7, 7]), np.array([5, 9, 9]))
    Groups(group_of=array([1, 0, 0]), sizes=array([2, 1]))
    """
    if not kept_doc.size:
        return Groups(np.empty(0, np.int64), np.empty(0, np.int64))
    keys = np.column_stack((is_paragraph, kept_doc, kept_start, kept_end))
    distinct, group_of, sizes = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    order = np.lexsort((distinct[:, 3], distinct[:, 2], distinct[:, 1], distinct[:, 0], -sizes))
    number = np.empty_like(order)
    number[order] = np.arange(order.size)
    return Groups(number[group_of.ravel()], sizes[order])
