"""The results of `align`: its stories in order of evidence, what outlets take over, and the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.links import DISPLAYED_THRESHOLD
from dedup.outputs.csv import write_csv_tables
from dedup.outputs.files import FILES, LINKS_FILE, OUTLETS_FILE, STORIES_FILE, TEXTS_FILE
from dedup.results import OutletPair, Run, Stories, Story
from dedup.runtime.disk_list import DiskList
from dedup.runtime.processes import ProcessPool
from dedup.runtime.row_groups import RowGroups
from dedup.stories import tables
from dedup.stories.description.describe import StoryBatch, best_links, describe_stories
from dedup.stories.description.metadata import DocumentMetadata
from dedup.stories.documents.store import StoredDocuments
from dedup.stories.links import LinkFile
from dedup.stories.outlets import OutletCounter

# Stories that are cached in memory.
CACHE_SIZE = 100
# Number of links of stories, and of stories, that a process describes at a time.
BATCH_LINKS, BATCH_STORIES = 1000, 64
# Number of such batches for which processes are started, if they have not been.
MIN_BATCHES = 4
# Pairs of outlets in the result; all are written.
MAX_OUTLET_PAIRS = 1000


@dataclass(frozen=True)
class StoryLinks:
    """The links of all documents, and which of them are those of each story."""

    file: LinkFile
    """The links."""
    stories: RowGroups
    """Rows of the links of each story in the file, ascending."""

    def __len__(self) -> int:
        """Return the number of stories."""
        return len(self.stories.offsets) - 1

    def rows(self, story: int) -> NDArray[np.int64]:
        """Return the rows of the links of a story, shape (links,)."""
        return self.stories.rows[slice(*self.stories.offsets[story : story + 2])]


@dataclass(frozen=True)
class Findings:
    """The stories of a run, and what outlets take over from each other."""

    links: StoryLinks
    """The links, by the indexes of the stories in the run."""
    described: DiskList[Story]
    """The stories without their links."""
    order: Sequence[int]
    """Indexes of the stories, those with the most evidence first."""
    docs: Sequence[int]
    """Ranks of the documents in stories, ascending."""
    outlets: OutletCounter
    """What outlets take over from each other."""
    pairs: Sequence[OutletPair]
    """The pairs of outlets, in order."""
    metadata: Sequence[DocumentMetadata]
    """Metadata of all documents, by rank."""
    texts: Sequence[str]
    """Texts of all documents, by rank."""

    def first_stories(self, most: int) -> tuple[Story, ...]:
        """Return the stories with the most evidence, with their links."""
        return tuple(
            replace(story, links=tuple(best_links(self.links.file.read(self.links.rows(index)), self.texts)))
            for index, story in zip(self.order[:most], self._numbered(), strict=False)
        )

    def _numbered(self) -> Iterator[Story]:
        """Yield the stories in order, numbered in it from 1."""
        for number, index in enumerate(self.order, 1):
            yield replace(self.described[index], number=number)

    def result(self, run: Run, shown: tuple[Story, ...], nearest: float | None) -> Stories:
        """Return the result of the run.

        Args:
            run: The record of the run.
            shown: The stories in it.
            nearest: Score of the best sentence pair.
        """
        return Stories(
            run=run,
            stories=shown,
            count=len(self.order),
            nearest=None if nearest is None else round(nearest, 4),
            threshold=DISPLAYED_THRESHOLD,
            outlets=tuple(self.pairs[:MAX_OUTLET_PAIRS]),
            outlet_pair_count=len(self.pairs),
            by_outlet=self.outlets.by_outlet,
            without_outlet=self.outlets.without_outlet,
        )

    def write(self, folder: Path, *, csv: bool) -> None:
        """Write the tables of `align`.

        Args:
            folder: The folder to write to.
            csv: Write the tables as CSV too.
        """
        tables.write_stories(folder / STORIES_FILE, self._numbered())
        tables.write_outlets(folder / OUTLETS_FILE, self.pairs)
        tables.write_texts(folder / TEXTS_FILE, self.docs, self.metadata, self.texts)
        tables.write_links(folder / LINKS_FILE, self.links.file, self._numbers(), self.metadata)
        if csv:
            write_csv_tables(folder, FILES["align"])

    def _numbers(self) -> NDArray[np.int64]:
        """Return the number of the story of each link, 0 if it is in none."""
        number_of = np.empty(len(self.links), np.int64)
        number_of[self.order] = np.arange(1, len(self.links) + 1)
        numbers = np.zeros(len(self.links.file), np.int64)
        numbers[self.links.stories.rows] = np.repeat(number_of, np.diff(self.links.stories.offsets))
        return numbers


@contextmanager
def find_out(
    temp: Path,
    links: StoryLinks,
    documents: StoredDocuments,
    pool: ProcessPool,
    metadata: Sequence[DocumentMetadata],
) -> Iterator[Findings]:
    """Describe and rank the stories of a run, and count what outlets take over from each other.

    Args:
        temp: Existing folder for temporary files.
        links: The links of the stories.
        documents: All documents.
        pool: Describes stories.
        metadata: Metadata of all documents, by rank.

    Yields:
        The findings; their temporary files are closed afterwards.
    """
    with DiskList[Story](temp / "stories", CACHE_SIZE) as described:
        outlets = OutletCounter(metadata)
        keys: list[tuple[float, int, list[int]]] = []
        describe = partial(describe_stories, documents.folder, links.file.path, outlets.by_outlet)
        for batch in pool.map_in_order(describe, _batches(links, metadata), MIN_BATCHES):
            for story, counts in batch:
                described.append(story)
                outlets.add(counts)
                docs = sorted(document.doc for document in story.documents)
                keys.append((-story.evidence, -len(docs), docs))
        order = sorted(range(len(keys)), key=keys.__getitem__)
        in_stories = sorted({doc for *_, docs in keys for doc in docs})
        yield Findings(links, described, order, in_stories, outlets, outlets.pairs(), metadata, documents.texts)


def _batches(links: StoryLinks, metadata: Sequence[DocumentMetadata]) -> Iterator[StoryBatch]:
    """Yield the stories in batches that a process describes."""
    pairs = links.file.documents()
    bounds = links.stories.offsets.tolist()
    first = 0
    for story in range(1, len(links) + 1):
        is_full = story - first == BATCH_STORIES or bounds[story] - bounds[first] >= BATCH_LINKS
        if is_full or story == len(links):
            docs = np.unique(pairs[links.stories.rows[bounds[first] : bounds[story]]]).tolist()
            numbers = list(range(first, story))
            yield StoryBatch(numbers, list(map(links.rows, numbers)), {doc: metadata[doc] for doc in docs})
            first = story
