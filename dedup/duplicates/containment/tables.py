"""Write contained.parquet and items.parquet, and describe how much of a reference was found."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.contained import FoundItem, ItemSet, SearchedItems
from dedup.corpus import Corpus
from dedup.corpus.corpus import rows_of
from dedup.duplicates.containment.found import Searched
from dedup.duplicates.containment.items import MOST_ITEMS, Items
from dedup.duplicates.references.base import NAMES, References
from dedup.kernels.containment import LEAST_TOKENS
from dedup.outputs import schema
from dedup.outputs.writer import GroupWriter

TOO_SHORT = f"fewer than {LEAST_TOKENS} tokens"
ONLY_TEMPLATES = f"each of its runs occurs in more than {MOST_ITEMS} items"
"""Why an item is not searched for."""
LISTED_ITEMS = 10
EXCERPT_LENGTH = 200  # code points
# Rows that are written at a time.
_ROWS = 1 << 15
_NO_SIZES = np.zeros(_ROWS, np.int64)


def write_found(items: Items, found: NDArray[Any], corpus: Corpus, path: Path, first_doc: int = 0) -> None:
    """Write ``contained.parquet``: each item that was found in a document, and where.

    Args:
        items: The items.
        found: Records of dtype `dedup.duplicates.containment.found.FOUND`, by document.
        corpus: The documents.
        path: The file.
        first_doc: Rank of the first document of the corpus.
    """
    target = schema.with_columns(schema.FOUND, pa.schema([]))
    shares = items.shares(found["item"], found["found"])
    with closing(GroupWriter(path, target)) as writer:
        for first in range(0, found.size, _ROWS):
            part = found[first : first + _ROWS]
            docs, local = np.unique(part["doc"] - first_doc, return_inverse=True)
            batches = [batch.cast(NAMES) for _, batch in rows_of(corpus, NAMES.names, docs)]
            names = pa.Table.from_batches(batches, NAMES).take(pa.array(local))
            of_items = items.names.take(pa.array(part["item"]))
            columns = {
                **{name: names[name] for name in NAMES.names},
                **{f"item_{name}": of_items[name] for name in NAMES.names},
                **{name: np.ascontiguousarray(part[name]) for name in ("doc", "item", "start", "end")},
                "share": shares[first : first + _ROWS],
                "runs": np.ascontiguousarray(part["found"]),
            }
            writer.write(pa.table([columns[name] for name in target.names], target.names).cast(target), _NO_SIZES)


def write_items(searched: Searched, references: References, path: Path) -> None:
    """Write ``items.parquet``: each item with what was found of it.

    Args:
        searched: The items, and what was found.
        references: The references.
        path: The file.
    """
    items, by_item = searched.items, searched.by_item
    target = schema.with_columns(schema.ITEMS, pa.schema([]))
    sets = np.array([part.name for part in references.parts], object)[_sets(items, references)]
    reasons = np.array([None, TOO_SHORT, ONLY_TEMPLATES])[items.too_short + 2 * items.only_templates]
    with closing(GroupWriter(path, target)) as writer:
        for first in range(0, items.docs.size, _ROWS):
            part = slice(first, first + _ROWS)
            names = items.names.slice(first, _ROWS)
            searchable = items.runs[part] > 0
            columns = {
                "item": np.arange(first, first + names.num_rows),
                "against": sets[part],
                **{name: names[name] for name in NAMES.names},
                "tokens": items.index.tokens[part],
                "runs": items.runs[part],
                "not_searchable": reasons[part],
                **{name: values[part] for name, values in by_item.items()},
            }
            columns |= {name: pa.array(columns[name], mask=~searchable) for name in by_item}
            rows = pa.table({name: columns[name] for name in target.names})
            writer.write(rows.cast(target), _NO_SIZES)


def _sets(items: Items, references: References) -> NDArray[np.int64]:
    """Return which of the references each item belongs to, shape (items,)."""
    ends = np.cumsum([part.documents for part in references.parts])
    return np.searchsorted(ends, items.docs, "right")


def describe_items(searched: Searched, references: References) -> SearchedItems:
    """Return how many items were searched for and found, by reference, with those found in most documents.

    Args:
        searched: The items, and what was found.
        references: The references.
    """
    items, by_item = searched.items, searched.by_item
    sets = _sets(items, references)
    of_found = sets[searched.found["item"]]
    order = np.lexsort((np.arange(items.docs.size), -by_item["share"], -by_item["places"], -by_item["documents"]))
    described = []
    for number, part in enumerate(references.parts):
        own = sets == number
        listed = order[own[order] & (by_item["places"][order] > 0)][:LISTED_ITEMS]
        shares = by_item["share"][own & (by_item["places"] > 0)]
        described.append(
            ItemSet(
                against=part.name,
                items=int(own.sum()),
                too_short=int((own & items.too_short).sum()),
                only_templates=int((own & items.only_templates).sum()),
                found=shares.size,
                documents=int(np.unique(searched.found["doc"][of_found == number]).size),
                places=int(by_item["places"][own].sum()),
                by_share=_by_share(shares),
                most_copied=_found_items(items, by_item, listed, references),
            )
        )
    return SearchedItems(items.index.postings.hashes.size, items.templates, items.bytes, tuple(described))


def _by_share(shares: NDArray[np.float64]) -> dict[str, int]:
    """Return the numbers of items by share, rounded down to tenths, the greatest first; 1.0 are those found whole."""
    tenths, counts = np.unique(np.floor(shares * 10 + 1e-9).astype(np.int64), return_counts=True)
    return {f"{tenth / 10:.1f}": int(count) for tenth, count in zip(tenths[::-1], counts[::-1], strict=True)}


def _found_items(
    items: Items, by_item: dict[str, NDArray[Any]], listed: NDArray[np.int64], references: References
) -> tuple[FoundItem, ...]:
    """Return some items that were found, with the beginning of their text."""
    texts = _texts(references, np.sort(items.docs[listed]))
    names = items.names.take(pa.array(listed)).to_pylist()
    return tuple(
        FoundItem(
            **name,
            **{key: by_item[key][item].item() for key in ("documents", "places", "share")},
            excerpt=texts[int(items.docs[item])][items.starts[item] : items.ends[item]][:EXCERPT_LENGTH],
        )
        for item, name in zip(listed.tolist(), names, strict=True)
    )


def _texts(references: References, docs: NDArray[np.int64]) -> dict[int, str]:
    """Return the texts of documents of references by their numbers."""
    found: dict[int, str] = {}
    for batch in references.texts(docs):
        wanted: Sequence[int] = np.flatnonzero(np.isin(batch.docs, docs)).tolist()
        found |= {int(batch.docs[row]): batch.texts[row].as_py() or "" for row in wanted}
    return found
