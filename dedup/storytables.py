"""Stories and links to Parquet."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from dedup import schema
from dedup.alignment.compare import Link
from dedup.alignment.ties import Comparison
from dedup.model import Story
from dedup.write import GroupWriter

# Rows that are made into a table at a time.
ROWS = 10_000


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
            "doc": teller.doc,
            "id": teller.id,
            "path": teller.path,
            "stretches": [{"start": start, "end": end} for start, end in teller.stretches],
            "cites": list(teller.cites),
            "facts": list(teller.facts),
            "date": teller.date,
        }
        for story in stories
        for teller in story.tellers
    )
    _write(path, schema.STORIES, rows)


def _write(path: Path, target: pa.Schema, rows: Iterable[Mapping[str, object]]) -> None:
    writer = GroupWriter(path, target)
    waiting: list[Mapping[str, object]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == ROWS:
            writer.write(pa.Table.from_pylist(waiting, target), np.zeros(ROWS, np.int64))
            waiting = []
    writer.write(pa.Table.from_pylist(waiting, target), np.zeros(len(waiting), np.int64))
    writer.close()
