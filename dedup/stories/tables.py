"""Stories, links and the texts behind them to Parquet."""

from collections.abc import Iterable, Mapping
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
from dedup.stories.describe import Names
from dedup.stories.passages import Comparison
from dedup.text.analysis import Analysis

# Rows that are made into a table at a time.
ROWS = 200


def write_links(path: Path, links: Iterable[tuple[Comparison, Link, int | None]]) -> None:
    """Write links, in their order.

    Args:
        path: The file.
        links: Each with its comparison and its story.
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
            "conflicting": list(link.conflicting),
        }
        for comparison, link, story in links
    )
    _write(path, schema.LINKS, rows)


def write_stories(path: Path, stories: Iterable[Story]) -> None:
    """Write the documents of stories, in their order.

    Args:
        path: The file.
        stories: The stories.
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
    _write(path, schema.STORIES, rows)


def write_texts(path: Path, names: Mapping[int, Names], analyses: DiskList[Analysis]) -> None:
    """Write the originals of documents in stories, so that what was linked can be shown.

    Args:
        path: The file.
        names: What those documents are called, by rank.
        analyses: Of all documents.
    """
    rows = (
        {
            "doc": doc,
            "id": named.id,
            "path": named.path,
            "row": named.row,
            "outlet": named.outlet,
            "text": analyses[doc].text,
        }
        for doc, named in names.items()
    )
    _write(path, schema.TEXTS, rows)


def _write(path: Path, target: pa.Schema, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows, a few at a time; in row groups by the bytes of their texts, if they have some."""
    writer = GroupWriter(path, target)
    rest = iter(rows)
    while waiting := list(islice(rest, ROWS)):
        sizes = [len((row.get("text") or "").encode()) for row in waiting]
        writer.write(pa.Table.from_pylist(waiting, target), np.array(sizes, np.int64))
    writer.write(target.empty_table(), np.zeros(0, np.int64))
    writer.close()
