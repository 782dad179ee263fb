"""Write stories.parquet, links.parquet, outlets.parquet and texts.parquet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dedup.alignment.align import Link
from dedup.outputs import schema
from dedup.outputs.writer import GroupWriter
from dedup.results import OutletPair, Story
from dedup.stories.description.metadata import DocumentMetadata
from dedup.stories.passages import Comparison

# Number of rows that are converted to a table at a time.
BATCH_ROWS = 1000
# Columns of long texts, whose sizes limit the row groups.
TEXT_COLUMNS = ("text", "left_text", "right_text")


def write_links(
    path: Path,
    links: Iterable[tuple[Comparison, Link, int | None]],
    metadata: Sequence[DocumentMetadata],
    texts: Sequence[str],
) -> None:
    """Write links.parquet.

    Args:
        path: The file.
        links: Each link with the comparison of its documents and the number of its story, in order.
        metadata: Metadata of all documents, by rank.
        texts: Texts of all documents, by rank.
    """
    rows = (
        {
            "story": story,
            **_side("left", comparison.left, link.left, metadata, texts),
            **_side("right", comparison.right, link.right, metadata, texts),
            "score": link.score,
            "kind": link.kind,
            "shared": list(link.shared),
            "conflicting": [asdict(conflict) for conflict in link.conflicting],
        }
        for comparison, link, story in links
    )
    _write_rows(path, schema.LINKS, rows)


def _side(
    side: str, doc: int, span: tuple[int, int], metadata: Sequence[DocumentMetadata], texts: Sequence[str]
) -> dict[str, Any]:
    """Return the columns of one side of a link."""
    return {
        f"{side}_doc": doc,
        f"{side}_id": metadata[doc].id,
        f"{side}_outlet": metadata[doc].outlet,
        f"{side}_start": span[0],
        f"{side}_end": span[1],
        f"{side}_text": texts[doc][slice(*span)],
    }


def write_stories(path: Path, stories: Iterable[Story]) -> None:
    """Write stories.parquet: the documents of each story.

    Args:
        path: The file.
        stories: The stories, in order.
    """
    rows = (
        {
            "story": story.number,
            "headline": story.headline,
            "doc": document.doc,
            "id": document.id,
            "path": document.path,
            "row": document.row,
            "title": document.title,
            "outlet": document.outlet,
            "author": document.author,
            "url": document.url,
            "date": document.date,
            "time": document.time,
            "first": None if story.first is None else document.doc == story.first,
            "role": document.role,
            "stretches": [{"start": start, "end": end} for start, end in document.stretches],
            "sources": list(document.cites),
            "facts": list(document.facts),
            "changed": list(document.changed),
            "only": list(document.only),
        }
        for story in stories
        for document in story.documents
    )
    _write_rows(path, schema.STORIES, rows)


def write_outlets(path: Path, pairs: Iterable[OutletPair]) -> None:
    """Write outlets.parquet.

    Args:
        path: The file.
        pairs: The pairs of outlets, in order.
    """
    _write_rows(path, schema.OUTLETS, map(asdict, pairs))


def write_texts(path: Path, docs: Iterable[int], metadata: Sequence[DocumentMetadata], texts: Sequence[str]) -> None:
    """Write texts.parquet: the originals of the documents in stories.

    Args:
        path: The file.
        docs: Ranks of these documents, ascending.
        metadata: Metadata of all documents, by rank.
        texts: Texts of all documents, by rank.
    """
    rows = (
        {
            "doc": doc,
            "id": metadata[doc].id,
            "path": metadata[doc].path,
            "row": metadata[doc].row,
            "outlet": metadata[doc].outlet,
            "text": texts[doc],
        }
        for doc in docs
    )
    _write_rows(path, schema.TEXTS, rows)


def _write_rows(path: Path, target: pa.Schema, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows in batches; row groups are limited by the size of their texts."""
    writer = GroupWriter(path, target)
    long_columns = [name for name in TEXT_COLUMNS if name in target.names]
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH_ROWS)):
        sizes = [sum(len((row[name] or "").encode("utf-8", "replace")) for name in long_columns) for row in batch]
        writer.write(pa.Table.from_pylist(batch, target), np.array(sizes, np.int64))
    writer.write(target.empty_table(), np.zeros(0, np.int64))
    writer.close()
