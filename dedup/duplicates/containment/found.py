"""What was found of test items in documents, and what is removed for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates.containment.items import Items
from dedup.duplicates.removals import PLACE, Removals, join_removals, nothing_contained

FOUND = np.dtype([(name, np.int64) for name in ("doc", "item", "start", "end", "found")])
"""An item in a document: rank of the document, item, span in code points, and number of its runs in that span."""


@dataclass(frozen=True)
class Contained:
    """Items in documents, and what is removed for them."""

    found: NDArray[Any]
    """Records of dtype `FOUND`, by document, item and start."""
    removals: Removals
    """The documents that contain an item; or the paragraphs with a part of one, where documents stay."""
    emptied: NDArray[np.int64]
    """Documents that have no letter or digit without these paragraphs, ascending."""

    def documents(self, count: int) -> NDArray[np.bool_]:
        """Return whether nothing is left of each document, shape (count,); such documents are not compared."""
        removed = np.zeros(count, np.bool_)
        removed[self.removals.doc[self.removals.is_document]] = True
        removed[self.emptied] = True
        return removed

    def shifted(self, docs: int) -> Contained:
        """Return the same with a number added to the ranks of documents."""
        found = self.found.copy()
        found["doc"] += docs
        return Contained(found, replace(self.removals, doc=self.removals.doc + docs), self.emptied + docs)


@dataclass(frozen=True)
class Searched:
    """The items that were searched for in a corpus, and what was found."""

    items: Items
    """The items."""
    contained: Contained
    """What was found."""

    @property
    def found(self) -> NDArray[Any]:
        """See `Contained.found`."""
        return self.contained.found

    @cached_property
    def by_item(self) -> dict[str, NDArray[Any]]:
        """What was found of each item: the columns documents, places and share of ``items.parquet``, shape (items,)."""
        items, found = self.items, self.found
        count = items.docs.size
        pairs = np.unique(np.column_stack((found["item"], found["doc"])), axis=0)
        share = np.zeros(count)
        np.maximum.at(share, found["item"], items.shares(found["item"], found["found"]))
        return {
            "documents": np.bincount(pairs[:, 0], minlength=count),
            "places": np.bincount(found["item"], minlength=count),
            "share": share,
        }

    @property
    def found_docs(self) -> NDArray[np.int64]:
        """Documents of the references that were found, ascending."""
        docs: NDArray[np.int64] = self.items.docs[np.unique(self.found["item"])]
        return docs


def join_contained(parts: Sequence[Contained]) -> Contained:
    """Return what was found in several parts of a corpus, in their order."""
    found = np.concatenate([np.empty(0, FOUND), *(part.found for part in parts)])
    emptied = np.concatenate([np.empty(0, np.int64), *(part.emptied for part in parts)])
    return Contained(found, join_removals([no_removals(), *(part.removals for part in parts)]), emptied)


def no_removals() -> Removals:
    """Return no removals."""
    none = np.empty(0, np.int64)
    return Removals(
        is_document=np.empty(0, np.bool_),
        doc=none,
        place=np.empty(0, PLACE),
        tokens=none,
        reason=np.empty(0, np.int8),
        kept_doc=none,
        kept_start=none,
        kept_end=none,
        jaccard=np.empty(0),
        containment=np.empty(0),
        **nothing_contained(0),
    )
