"""Write stories.parquet, links.parquet, outlets.parquet and texts.parquet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.outputs import schema
from dedup.outputs.writer import GroupWriter
from dedup.results import OutletPair, Story
from dedup.stories.description.metadata import DocumentMetadata
from dedup.stories.links import LINK, LinkFile

T = TypeVar("T")

# Number of rows that are converted to a table at a time.
BATCH_ROWS = 1000
# Columns of long texts, whose sizes limit the row groups.
TEXT_COLUMNS = ("text", "left_text", "right_text")
# Columns of stories.parquet that are attributes of `dedup.StoryDocument`.
_DOCUMENT_COLUMNS = (
    *("doc", "id", "path", "row", "title", "outlet", "author", "url", "date", "time"),
    *("role", "stretches", "facts", "changed", "only"),
)


def write_links(path: Path, links: LinkFile, numbers: NDArray[np.int64], metadata: Sequence[DocumentMetadata]) -> None:
    """Write links.parquet.

    Args:
        path: The file.
        links: The links, in order.
        numbers: Number of the story of each link, 0 if it is in none, shape (links,).
        metadata: Metadata of all documents, by rank.
    """
    ids = pa.array([document.id for document in metadata], pa.string())
    outlets = pa.array([document.outlet for document in metadata], pa.string())
    with _TableWriter(path, schema.LINKS) as writer:
        first = 0
        for rows in links.tables(BATCH_ROWS, [name for name in LINK.names if name in schema.LINKS.names]):
            story = numbers[first : first + rows.num_rows]
            first += rows.num_rows
            columns = {name: rows[name] for name in rows.column_names}
            columns["story"] = pa.array(story, mask=story == 0)
            for side in ("left", "right"):
                columns[f"{side}_id"] = ids.take(rows[f"{side}_doc"])
                columns[f"{side}_outlet"] = outlets.take(rows[f"{side}_doc"])
            writer.write(columns)


def write_stories(path: Path, stories: Iterable[Story]) -> None:
    """Write stories.parquet: the documents of each story.

    Args:
        path: The file.
        stories: The stories, in order.
    """
    with _TableWriter(path, schema.STORIES) as writer:
        for batch in _batches((story, document) for story in stories for document in story.documents):
            documents = [document for _, document in batch]
            writer.write(
                {
                    "story": [story.number for story, _ in batch],
                    "headline": [story.headline for story, _ in batch],
                    **_attributes(documents, _DOCUMENT_COLUMNS),
                    "first": [
                        None if story.first is None else document.doc == story.first for story, document in batch
                    ],
                    "sources": [document.cites for document in documents],
                }
            )


def write_outlets(path: Path, pairs: Iterable[OutletPair]) -> None:
    """Write outlets.parquet.

    Args:
        path: The file.
        pairs: The pairs of outlets, in order.
    """
    with _TableWriter(path, schema.OUTLETS) as writer:
        for batch in _batches(pairs):
            writer.write(_attributes(batch, schema.OUTLETS.names))


def write_texts(path: Path, docs: Iterable[int], metadata: Sequence[DocumentMetadata], texts: Sequence[str]) -> None:
    """Write texts.parquet: the originals of the documents in stories.

    Args:
        path: The file.
        docs: Ranks of these documents, ascending.
        metadata: Metadata of all documents, by rank.
        texts: Texts of all documents, by rank.
    """
    with _TableWriter(path, schema.TEXTS) as writer:
        for batch in _batches(docs):
            known = _attributes([metadata[doc] for doc in batch], ("id", "path", "row", "outlet"))
            writer.write({"doc": batch, **known, "text": [texts[doc] for doc in batch]})


def _attributes(items: Sequence[object], names: Iterable[str]) -> dict[str, list[Any]]:
    """Return columns of the attributes of some objects."""
    return {name: [getattr(item, name) for item in items] for name in names}


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(items)
    while batch := list(islice(remaining, BATCH_ROWS)):
        yield batch


class _TableWriter:
    """Writes batches of columns; row groups are limited by the size of their texts."""

    def __init__(self, path: Path, target: pa.Schema) -> None:
        self._schema = target
        self._writer = GroupWriter(path, target)

    def __enter__(self) -> "_TableWriter":
        return self

    def write(self, columns: Mapping[str, Any]) -> None:
        """Append rows.

        Args:
            columns: The values of each column of the schema, in any order.
        """
        table = pa.table({name: columns[name] for name in self._schema.names}, self._schema)
        sizes = np.zeros(table.num_rows, np.int64)
        for name in TEXT_COLUMNS:
            if name in table.column_names:
                sizes += pc.binary_length(table[name]).to_numpy()
        self._writer.write(table, sizes)

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is None:
            self._writer.write(self._schema.empty_table(), np.zeros(0, np.int64))
        self._writer.close()
