"""Collect the links and documents of each story in one pass over comparisons and analyses."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from dedup.alignment.align import Link
from dedup.runtime.disk_list import DiskList
from dedup.runtime.processes import ProcessPool
from dedup.stories.description.members import StoryMember, WantedSentences, read_members

# Number of documents that a process reads at a time.
MEMBER_BATCH = 64


class PairLink(NamedTuple):
    """A link and the documents that it joins."""

    left: int
    """Rank of the left document."""
    right: int
    """Rank of the right document."""
    link: Link


class StoryParts:
    """The links and documents of stories, on disk.

    A comparison or an analysis of long documents takes long to read, and may belong to hundreds of stories: each is
    read once, and what a story needs of it is written again. So the time is in proportion to the links of the stories.
    """

    def __init__(self, links: DiskList[PairLink], members: DiskList[StoryMember]) -> None:
        """Start without stories.

        Args:
            links: Receives the links.
            members: Receives the documents.
        """
        self._links, self._members = links, members
        self._links_of: dict[int, list[int]] = defaultdict(list)
        self._members_of: dict[int, list[int]] = defaultdict(list)
        self._docs_of: dict[int, list[int]] = defaultdict(list)
        self._sentences: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))

    def add_links(self, links: Iterable[tuple[int, PairLink]]) -> None:
        """Add links.

        Args:
            links: Number of the story of each link, and the link.
        """
        for story, pair_link in links:
            self._links_of[story].append(len(self._links))
            self._links.append(pair_link)
            for doc, sentences in (
                (pair_link.left, pair_link.link.left_sentences),
                (pair_link.right, pair_link.link.right_sentences),
            ):
                self._sentences[doc][story].update(sentences)

    def read_members(self, folder: Path, pool: ProcessPool) -> None:
        """Read what the stories need of their documents, after all links are added.

        Args:
            folder: Folder of the stored documents.
            pool: Reads them.
        """
        wanted = [WantedSentences(doc, dict(self._sentences[doc])) for doc in sorted(self._sentences)]
        batches = (wanted[first : first + MEMBER_BATCH] for first in range(0, len(wanted), MEMBER_BATCH))
        for members in pool.map_in_order(partial(read_members, folder), batches):
            for story, member in members:
                self._members_of[story].append(len(self._members))
                self._docs_of[story].append(member.doc)
                self._members.append(member)
        self._sentences.clear()

    def links(self, story: int) -> list[PairLink]:
        """Return the links of a story, in the order in which they were added."""
        return [self._links[index] for index in self._links_of[story]]

    def members(self, story: int) -> list[StoryMember]:
        """Return the documents of a story, by rank."""
        return [self._members[index] for index in self._members_of[story]]

    def docs(self, story: int) -> list[int]:
        """Return the ranks of the documents of a story, ascending."""
        return self._docs_of[story]

    @property
    def stories(self) -> Sequence[int]:
        """The numbers of the stories, ascending."""
        return sorted(self._links_of)


def documents_of(links: Iterable[PairLink]) -> Iterator[tuple[int, int]]:
    """Yield the distinct pairs of documents that share text: those with a link that is not "related"."""
    yield from dict.fromkeys((left, right) for left, right, link in links if link.kind != "related")
