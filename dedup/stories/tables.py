"""Write stories.parquet, links.parquet and texts.parquet."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dedup.alignment.align import Link
from dedup.outputs import schema
from dedup.outputs.writer import GroupWriter
from dedup.results import Story
from dedup.runtime.disk_list import DiskList
from dedup.stories.describe import DocumentMetadata
from dedup.stories.passages import Comparison
from dedup.text.analysis import Analysis

# Number of rows that are converted to a table at a time.
BATCH_ROWS = 200


def write_links(path: Path, links: Iterable[tuple[Comparison, Link, int | None]]) -> None:
    """Write links.parquet.

    Args:
        path: The file.
        links: Each link with the comparison of its documents and the number of its story, in order.
    """
    rows = (
        {
            "story": story,
            "left_doc": comparison.left,
            "left_start": link.left.start,
            "left_end": link.left.end,
            "right_doc": comparison.right,
            "right_start": link.right.start,
            "right_end": link.right.end,
            "score": link.score,
            "kind": link.kind,
            "shared": list(link.shared),
            "conflicting": [asdict(conflict) for conflict in link.conflicting],
        }
        for comparison, link, story in links
    )
    _write_rows(path, schema.LINKS, rows)


def write_stories(path: Path, stories: Iterable[Story]) -> None:
    """Write stories.parquet: the documents of each story.

    Args:
        path: The file.
        stories: The stories, in order.
    """
    rows = (
        {
            "story": story.number,
            "doc": document.doc,
            "id": document.id,
            "path": document.path,
            "stretches": [{"start": start, "end": end} for start, end in document.stretches],
            "cites": list(document.cites),
            "facts": list(document.facts),
            "date": document.date,
        }
        for story in stories
        for document in story.documents
    )
    _write_rows(path, schema.STORIES, rows)


def write_texts(path: Path, metadata: Mapping[int, DocumentMetadata], analyses: DiskList[Analysis]) -> None:
    """Write texts.parquet: the originals of the documents in stories.

    Args:
        path: The file.
        metadata: Metadata of these documents, by rank, in order.
        analyses: Analyses of all documents of the corpus, by rank.
    """
    rows = (
        {
            "doc": doc,
            "id": document.id,
            "path": document.path,
            "row": document.row,
            "outlet": document.outlet,
            "text": analyses[doc].text,
        }
        for doc, document in metadata.items()
    )
    _write_rows(path, schema.TEXTS, rows)


def _write_rows(path: Path, target: pa.Schema, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows in batches; row groups are limited by the size of their texts."""
    writer = GroupWriter(path, target)
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH_ROWS)):
        sizes = [len((row.get("text") or "").encode()) for row in batch]
        writer.write(pa.Table.from_pylist(batch, target), np.array(sizes, np.int64))
    writer.write(target.empty_table(), np.zeros(0, np.int64))
    writer.close()
