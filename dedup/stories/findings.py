"""What a run of `align` found: its stories in order of evidence, what outlets take over, and the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dedup.alignment.align import Link
from dedup.alignment.document_frequency import CorpusStatistics
from dedup.alignment.links import DISPLAYED_THRESHOLD
from dedup.outputs.csv import write_csv_tables
from dedup.outputs.files import FILES, LINKS_FILE, OUTLETS_FILE, STORIES_FILE, TEXTS_FILE
from dedup.results import OutletPair, Run, Stories, Story
from dedup.runtime.disk_list import DiskList
from dedup.runtime.processes import ProcessPool
from dedup.stories import tables
from dedup.stories.description.describe import describe_stories, first_stories, numbered
from dedup.stories.description.links import PairLink, StoryParts
from dedup.stories.description.members import StoryMember
from dedup.stories.description.metadata import DocumentMetadata
from dedup.stories.documents.store import StoredDocuments
from dedup.stories.outlets import OutletCounter
from dedup.stories.passages import Comparison

# Links, documents and stories that are cached in memory.
CACHE_SIZE = 100
# Pairs of outlets in the result; all are written.
MAX_OUTLET_PAIRS = 1000


@dataclass(frozen=True)
class Findings:
    """The stories of a run, and what outlets take over from each other."""

    parts: StoryParts
    """Links and documents of the stories, by the indexes of the stories in the run."""
    described: DiskList[Story]
    """The stories without their links."""
    order: Sequence[int]
    """Indexes of the stories, those with most evidence first."""
    outlets: OutletCounter
    """What outlets take over from each other."""
    pairs: Sequence[OutletPair]
    """The pairs of outlets, in order."""
    metadata: Sequence[DocumentMetadata]
    """Metadata of all documents, by rank."""
    texts: Sequence[str]
    """Texts of all documents, by rank."""

    def first_stories(self, most: int) -> tuple[Story, ...]:
        """Return the stories with most evidence, with their links."""
        return first_stories(self.described, self.order, most, self.parts, self.texts)

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
            nearest=nearest,
            threshold=DISPLAYED_THRESHOLD,
            outlets=tuple(self.pairs[:MAX_OUTLET_PAIRS]),
            outlet_pair_count=len(self.pairs),
            by_outlet=self.outlets.by_outlet,
            without_outlet=self.outlets.without_outlet,
        )

    def write(self, folder: Path, links: Iterable[tuple[Comparison, Link, int | None]], *, csv: bool) -> None:
        """Write the tables of `align`.

        Args:
            folder: The folder to write to.
            links: All links with their comparisons; and the index of the story of each, None if it is in no story.
            csv: Write the tables as CSV too.
        """
        number_of: dict[int | None, int] = {index: number for number, index in enumerate(self.order, 1)}
        in_stories = {document for index in self.order for document in self.parts.docs(index)}
        tables.write_stories(folder / STORIES_FILE, numbered(self.described, self.order))
        tables.write_outlets(folder / OUTLETS_FILE, self.pairs)
        tables.write_texts(folder / TEXTS_FILE, sorted(in_stories), self.metadata, self.texts)
        rows = ((comparison, link, number_of.get(story)) for comparison, link, story in links)
        tables.write_links(folder / LINKS_FILE, rows, self.metadata, self.texts)
        if csv:
            write_csv_tables(folder, FILES["align"])


@contextmanager
def find_out(
    temp: Path,
    links: Iterable[tuple[int, PairLink]],
    documents: StoredDocuments,
    pool: ProcessPool,
    metadata: Sequence[DocumentMetadata],
    statistics: CorpusStatistics,
) -> Iterator[Findings]:
    """Describe and rank the stories of a run, and count what outlets take over from each other.

    Args:
        temp: Existing folder for temporary files.
        links: The links of stories, each with the index of its story; the stories have the indexes from 0.
        documents: All documents.
        pool: Reads the documents of stories.
        metadata: Metadata of all documents, by rank.
        statistics: Document frequencies of the corpus.

    Yields:
        The findings; their temporary files are closed afterwards.
    """
    with ExitStack() as stack:
        parts = StoryParts(
            stack.enter_context(DiskList[PairLink](temp / "story_links", CACHE_SIZE)),
            stack.enter_context(DiskList[StoryMember](temp / "story_members", CACHE_SIZE)),
        )
        parts.add_links(links)
        parts.read_members(documents.folder, pool)
        described = stack.enter_context(DiskList[Story](temp / "stories", CACHE_SIZE))
        outlets = OutletCounter(metadata)
        order = describe_stories(parts, metadata, statistics, described, outlets)
        yield Findings(parts, described, order, outlets, outlets.pairs(), metadata, documents.texts)
