"""Describe stories: their documents, facts, sources, conflicts and best links; and rank them by evidence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dedup.alignment.align import Link
from dedup.alignment.document_frequency import CorpusStatistics
from dedup.results import Story, StoryDocument, StoryLink
from dedup.runtime.disk_list import DiskList
from dedup.stories.description.credits import order_documents, read_credits, start_of
from dedup.stories.description.facts import FactClass, changed_values, common_words, fact_classes
from dedup.stories.description.headline import choose_headline
from dedup.stories.description.links import PairLink, StoryParts, documents_of
from dedup.stories.description.members import StoryMember
from dedup.stories.description.metadata import DocumentMetadata
from dedup.stories.outlets import OutletCounter

# Maximum number of links that a story shows for each pair of documents.
MAX_LINKS_PER_PAIR = 3


def describe_stories(
    parts: StoryParts,
    metadata: Sequence[DocumentMetadata],
    statistics: CorpusStatistics,
    described: DiskList[Story],
    outlets: OutletCounter,
) -> list[int]:
    """Describe all stories but for their links, and count what outlets take over from each other.

    Args:
        parts: The links and documents of the stories.
        metadata: Metadata of all documents, by rank.
        statistics: Document frequencies of the corpus.
        described: Receives the stories, in the order of their numbers.
        outlets: Receives the counts.

    Returns:
        Indexes of the stories in `described`, those with most evidence first.
    """
    keys: list[tuple[float, int, list[int]]] = []
    for number in parts.stories:
        links, members = parts.links(number), parts.members(number)
        story = _describe_story(number, links, members, metadata, statistics, outlets)
        described.append(story)
        keys.append((-story.evidence, -len(members), [member.doc for member in members]))
    return sorted(range(len(keys)), key=keys.__getitem__)


def numbered(described: DiskList[Story], order: Iterable[int]) -> Iterator[Story]:
    """Yield stories in an order, and number them in it, from 1.

    Args:
        described: The stories.
        order: Their indexes.
    """
    for number, index in enumerate(order, 1):
        yield replace(described[index], number=number)


def first_stories(
    described: DiskList[Story], order: Sequence[int], most: int, parts: StoryParts, texts: Sequence[str]
) -> tuple[Story, ...]:
    """Return the first stories in an order, with their best links.

    Args:
        described: The stories.
        order: Their indexes.
        most: Maximum number of stories.
        parts: The links of the stories.
        texts: Texts of all documents, by rank.
    """
    stories = zip(order[:most], numbered(described, order[:most]), strict=True)
    return tuple(
        replace(story, links=tuple(_best_links(parts.links(described[index].number), texts)))
        for index, story in stories
    )


def _describe_story(
    number: int,
    links: Sequence[PairLink],
    members: Sequence[StoryMember],
    metadata: Sequence[DocumentMetadata],
    statistics: CorpusStatistics,
    outlets: OutletCounter,
) -> Story:
    """Describe a story, and count what its outlets take over from each other."""
    of_members = {member.doc: metadata[member.doc] for member in members}
    credits_ = read_credits(members, of_members, documents_of(links))
    outlets.add(links, members, credits_)
    order = order_documents(members, of_members)
    classes = fact_classes(members)
    shared = sorted((item for item in classes if len(item.docs) > 1), key=lambda item: -len(item.docs))
    documents = _documents(members, of_members, classes, links)
    roles = credits_.roles()
    started, undated = start_of(order, of_members)
    words = common_words(members, statistics)
    return Story(
        number=number,
        documents=tuple(
            replace(
                documents[doc],
                role=roles[doc],
                cites=(*documents[doc].cites, *credits_.credited_elsewhere(doc)),
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
            ),
        )
    return documents


def _best_links(links: Iterable[PairLink], texts: Sequence[str]) -> Iterator[StoryLink]:
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
