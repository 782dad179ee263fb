"""Describe stories: their documents, facts, sources, conflicts and best links; in any process."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.align import Link
from dedup.alignment.document_frequency import CorpusStatistics
from dedup.results import Story, StoryDocument, StoryLink
from dedup.runtime.row_groups import offsets_of
from dedup.stories.description.credits import order_documents, read_credits, start_of
from dedup.stories.description.facts import FactClass, StatedWords, changed_values, common_words, fact_classes
from dedup.stories.description.headline import choose_headline
from dedup.stories.description.members import StoryMember, read_member
from dedup.stories.description.metadata import DocumentMetadata
from dedup.stories.documents.store import StoredDocuments, open_documents
from dedup.stories.links import LinkFile, PairLink
from dedup.stories.outlets import StoryCounts, count_story

# Maximum number of links that a story shows for each pair of documents.
MAX_LINKS_PER_PAIR = 3


class StoryBatch(NamedTuple):
    """Some stories."""

    numbers: list[int]
    """Their numbers."""
    rows: list[NDArray[np.int64]]
    """The rows of the links of each, ascending, shape (links,)."""
    metadata: dict[int, DocumentMetadata]
    """Metadata of their documents, by rank."""


def describe_stories(
    folder: Path, links: Path, by_outlet: bool, stories: StoryBatch
) -> list[tuple[Story, StoryCounts]]:
    """Describe stories without their links, and count what outlets take over from each other.

    Args:
        folder: Folder of the stored documents.
        links: File of the links of all documents.
        by_outlet: Count outlets; otherwise documents.
        stories: The stories.
    """
    documents = open_documents(folder)
    found = LinkFile(links).read(np.concatenate(stories.rows))
    bounds = pairwise(offsets_of(np.array(list(map(len, stories.rows)))).tolist())
    links_of = [found[first:last] for first, last in bounds]
    members = _read_members(documents, links_of)
    described = [
        _describe_story(number, found, of_story, stories.metadata, documents.statistics, by_outlet=by_outlet)
        for number, found, of_story in zip(stories.numbers, links_of, members, strict=True)
    ]
    documents.release()
    return described


def _read_members(documents: StoredDocuments, links: Sequence[Sequence[PairLink]]) -> list[list[StoryMember]]:
    """Return the documents of stories by rank; each document is read once, since reading a long one is slow.

    Args:
        documents: All documents.
        links: The links of each story.
    """
    sentences: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for story, found in enumerate(links):
        for left, right, link in found:
            sentences[left][story].update(link.left_sentences)
            sentences[right][story].update(link.right_sentences)
    members: list[list[StoryMember]] = [[] for _ in links]
    for doc in sorted(sentences):
        analysis, credits_ = documents.analysis(doc), documents.credits(doc)
        for story, wanted in sentences[doc].items():
            members[story].append(read_member(doc, analysis, credits_, wanted))
    return members


def _describe_story(
    number: int,
    links: Sequence[PairLink],
    members: Sequence[StoryMember],
    metadata: Mapping[int, DocumentMetadata],
    statistics: CorpusStatistics,
    *,
    by_outlet: bool,
) -> tuple[Story, StoryCounts]:
    """Describe a story, and count what its outlets take over from each other."""
    of_members = {member.doc: metadata[member.doc] for member in members}
    credits_ = read_credits(members, of_members, documents_of(links))
    order = order_documents(members, of_members)
    classes = fact_classes(members)
    shared = sorted((item for item in classes if len(item.docs) > 1), key=lambda item: -len(item.docs))
    documents = _documents(members, of_members, classes, links)
    roles = credits_.roles()
    started, undated = start_of(order, of_members)
    words = common_words(members, statistics)
    story = Story(
        number=number,
        documents=tuple(
            replace(
                documents[doc],
                role=roles[doc],
                cites=credits_.sources_of(doc, documents[doc].cites or ()),
            )
            for doc in order
        ),
        facts=(*(item.name for item in shared), *words),
        conflicting=tuple(dict.fromkeys(conflict for *_, link in links for conflict in link.conflicting)),
        links=(),
        link_count=len(links),
        first=credits_.first,
        headline=choose_headline(members, {doc: item.title for doc, item in of_members.items()}, statistics),
        started=started,
        undated=undated,
        sources=credits_.sources(order),
        evidence=round(sum(item.weight * len(item.docs) for item in shared), 2),
    )
    return story, count_story(links, members, credits_, by_outlet=by_outlet)


def _documents(
    members: Sequence[StoryMember],
    metadata: Mapping[int, DocumentMetadata],
    classes: Sequence[FactClass],
    links: Iterable[PairLink],
) -> dict[int, StoryDocument]:
    """Describe the documents of a story, by rank."""
    facts: dict[int, list[FactClass]] = defaultdict(list)
    for item in sorted(classes, key=lambda item: -len(item.docs)):
        for doc in item.docs:
            facts[doc].append(item)
    changed = changed_values(links)
    stated = StatedWords(members)
    documents = {}
    for member in members:
        known = metadata[member.doc]
        other_values = changed.get(member.doc, {})
        values = {value for value, _ in other_values}
        documents[member.doc] = StoryDocument(
            doc=member.doc,
            id=known.id,
            path=known.path,
            row=known.row,
            outlet=known.outlet,
            date=known.date,
            stretches=tuple(member.stretches()),
            cites=member.cites,
            facts=tuple(item.name for item in facts[member.doc] if len(item.docs) > 1),
            title=known.title,
            url=known.url,
            author=known.author,
            opening=member.opening,
            time=known.time,
            changed=tuple(f"{value} {noun}".strip() for value, noun in other_values),
            only=tuple(
                item.name
                for item in facts[member.doc]
                if len(item.docs) == 1 and item.weight > 0 and item.facts[0].value not in values
                if not any(stated.are_elsewhere(member.doc, fact) for fact in item.facts)
            ),
        )
    return documents


def best_links(links: Iterable[PairLink], texts: Sequence[str]) -> Iterator[StoryLink]:
    """Select for each pair of documents the links with the most shared and conflicting facts.

    Args:
        links: The links of a story.
        texts: Texts of all documents, by rank.

    Yields:
        The links in order of documents and spans.
    """
    by_pair: dict[tuple[int, int], list[Link]] = defaultdict(list)
    for left, right, link in links:
        by_pair[left, right].append(link)
    for (left, right), pair_links in sorted(by_pair.items()):
        ranked = sorted(
            pair_links, key=lambda link: (-len(link.shared) - len(link.conflicting), -link.score, link.left)
        )
        for link in sorted(ranked[:MAX_LINKS_PER_PAIR], key=lambda link: (link.left, link.right)):
            yield StoryLink(
                left_doc=left,
                left_start=link.left.start,
                left_end=link.left.end,
                left_text=texts[left][slice(*link.left)],
                right_doc=right,
                right_start=link.right.start,
                right_end=link.right.end,
                right_text=texts[right][slice(*link.right)],
                score=round(link.score, 4),
                kind=link.kind,
                shared=link.shared,
                conflicting=link.conflicting,
            )


def documents_of(links: Iterable[PairLink]) -> Iterator[tuple[int, int]]:
    """Yield the distinct pairs of documents that share text: those with a link that is not "related"."""
    yield from dict.fromkeys((left, right) for left, right, link in links if link.kind != "related")
