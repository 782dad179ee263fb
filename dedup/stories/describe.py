"""Describe stories: their documents, facts, sources, conflicts and best links."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from dedup.alignment.align import MAX_NAMED_WORDS, Link, is_content_word
from dedup.corpus import Corpus
from dedup.corpus.corpus import rows_of
from dedup.results import Story, StoryDocument, StoryLink
from dedup.runtime.disk_list import DiskList
from dedup.stories.dates import DateReading, Period, earliest, order_by_date
from dedup.stories.passages import Comparison
from dedup.text.analysis import Analysis, sentence_at
from dedup.text.facts.dates.find import same_date
from dedup.text.facts.extract import label, same_fact
from dedup.text.facts.names.spelling import distinct
from dedup.text.sources.continuation import continues_credit
from dedup.text.spans import Fact
from dedup.text.tokens import Token

# Maximum number of links that a story shows for each pair of documents.
MAX_LINKS_PER_PAIR = 3
# Maximum number of sentences before a sentence whose credits it continues.
MAX_CONTINUED = 3


@dataclass(frozen=True)
class AnalysedMember:
    """A document of a story, with its analysis."""

    doc: int
    """Rank of the document."""
    analysis: Analysis
    sentences: tuple[int, ...]
    """Ranks of the sentences that belong to the story, ascending."""

    def facts(self) -> list[Fact]:
        """Return the facts in these sentences."""
        located = zip(self.analysis.facts, self.analysis.fact_sentences, strict=True)
        return [fact for fact, sentence in located if sentence in self.sentences]

    def cites(self) -> list[str]:
        """Return the sources credited in these sentences and in those that they continue, without repetition.

        "It said …" continues the sentence before, so that a source credited there counts.
        """
        analysis = self.analysis
        cited = {*self.sentences, *self._continued()}
        located = ((credit, sentence_at(analysis.sentences, credit.start)) for credit in analysis.credits)
        return distinct(credit.source for credit, sentence in located if sentence in cited)

    def _continued(self) -> Iterator[int]:
        """Yield the sentences whose credits these sentences continue."""
        analysis = self.analysis
        for sentence in self.sentences:
            before = sentence
            while before > max(0, sentence - MAX_CONTINUED) and continues_credit(
                analysis.text, analysis.sentences[before], analysis.language
            ):
                before -= 1
                yield before

    def words(self) -> list[tuple[Token, str]]:
        """Return the content words in these sentences, with their stems."""
        return [
            (token, stem)
            for sentence in self.sentences
            for token, stem in zip(self.analysis.words[sentence], self.analysis.stems[sentence], strict=True)
            if is_content_word(token, self.analysis.language)
        ]

    def stretches(self) -> list[tuple[int, int]]:
        """Return these sentences as spans in code points, adjacent sentences joined."""
        found: list[tuple[int, int]] = []
        for previous, sentence in zip((-2, *self.sentences), self.sentences, strict=False):
            start, end = self.analysis.sentences[sentence]
            if sentence == previous + 1:
                start, _ = found.pop()
            found.append((start, end))
        return found


@dataclass(frozen=True)
class DocumentMetadata:
    """Metadata of a document, from the columns of its row."""

    id: str | None
    path: str
    row: int | None
    outlet: str | None
    date: str | None
    """The date as written in the input."""
    period: Period | None
    """The time that the date states; None if there is no date, or if it is not understood."""


def story_members(links: Iterable[tuple[Comparison, Link]], analyses: DiskList[Analysis]) -> list[AnalysedMember]:
    """Return the documents of a story, by rank.

    Args:
        links: The links of the story, each with the comparison of its documents.
        analyses: Analyses of all documents of the corpus, by rank.
    """
    sentences: dict[int, set[int]] = defaultdict(set)
    for comparison, link in links:
        sentences[comparison.left].update(link.left_sentences)
        sentences[comparison.right].update(link.right_sentences)
    return [AnalysedMember(doc, analyses[doc], tuple(sorted(sentences[doc]))) for doc in sorted(sentences)]


def common_facts(members: Sequence[AnalysedMember]) -> list[tuple[str, frozenset[int]]]:
    """Find the facts of at least two documents of a story.

    Args:
        members: The documents of the story.

    Returns:
        Each fact as displayed, with other spellings after "≈", and the ranks of the documents that state it; facts of
        more documents first.
    """
    stated = [(fact, member) for member in members for fact in member.facts()]
    class_of_date = _date_classes([fact for fact, _ in stated if fact.kind == "date"])
    classes: list[tuple[list[Fact], dict[int, None]]] = []  # facts that are the same, and their documents
    for fact, member in stated:
        language = member.analysis.language
        if fact.kind == "date":
            class_dates = class_of_date[fact.value]
            matching = next((item for item in classes if _is_date_in(item[0][0], class_dates)), None)
        else:
            matching = next((item for item in classes if any(same_fact(fact, old, language) for old in item[0])), None)
        if matching is None:
            matching = ([], {})
            classes.append(matching)
        if all(label(fact).casefold() != label(other).casefold() for other in matching[0]):
            matching[0].append(fact)
        matching[1][member.doc] = None
    named = [(" ≈ ".join(map(label, facts)), frozenset(docs)) for facts, docs in classes if len(docs) > 1]
    return sorted(named, key=lambda item: -len(item[1]))


def _is_date_in(fact: Fact, values: Set[str]) -> bool:
    return fact.kind == "date" and fact.value in values


def _date_classes(dates: Iterable[Fact]) -> dict[str, frozenset[str]]:
    """Group the dates of a story: all dates of a class are the same as each other.

    A date with few parts, such as "2 April", joins the dates that have more if these are the same as each other; if it
    fits several dates that differ, such as those of two years, it stays apart from them.

    Args:
        dates: Facts of the kind "date".

    Returns:
        For each value the values of its class.

    >>> values = ["1991-04-02", "--04-02", "1992-04-02", "2024-06", "--06"]
    >>> classes = _date_classes(Fact("date", 0, 1, value) for value in values)
    >>> sorted(map(sorted, {*classes.values()}))
    [['--04-02'], ['--06', '2024-06'], ['1991-04-02'], ['1992-04-02']]
    """
    distinct_dates = {fact.value: fact for fact in dates}
    classes: list[list[Fact]] = []
    # Figures of a value: the more it has, the more precise it is.
    for fact in sorted(distinct_dates.values(), key=lambda fact: (-sum(map(str.isdigit, fact.value)), fact.value)):
        fitting = [found for found in classes if all(same_date(fact, other) for other in found)]
        joined = [
            found
            for found in fitting
            if all(same_date(one, other) for rest in fitting for one in found for other in rest)
        ]
        if joined:
            joined[-1].append(fact)
        else:
            classes.append([fact])
    return {fact.value: frozenset(other.value for other in found) for found in classes for fact in found}


def common_words(members: Sequence[AnalysedMember], rare: Set[str]) -> list[str]:
    """Find the words outside facts that are shared by the greatest number of documents of a story.

    Args:
        members: The documents of the story.
        rare: Stems that can be named: those that are not in nearly all documents of the corpus.

    Returns:
        Words as written in the first document, at most MAX_NAMED_WORDS.
    """
    docs: dict[str, set[int]] = defaultdict(set)
    occurrences: Counter[str] = Counter()
    written: dict[str, str] = {}
    for member in members:
        in_facts = [(fact.start, fact.end) for fact in member.facts() if fact.kind != "quotation"]
        for token, stem in member.words():
            if not any(start <= token.start < end for start, end in in_facts):
                docs[stem].add(member.doc)
                occurrences[stem] += 1
                written.setdefault(stem, member.analysis.text[token.start : token.end].lower())
    shared = [stem for stem in docs if len(docs[stem]) > 1 and stem in rare]
    shared.sort(key=lambda stem: (-len(docs[stem]), -occurrences[stem]))
    most = max((len(docs[stem]) for stem in shared), default=0)
    return [written[stem] for stem in shared if len(docs[stem]) == most][:MAX_NAMED_WORDS]


def read_metadata(corpus: Corpus, docs: Sequence[int], dates: DateReading) -> dict[int, DocumentMetadata]:
    """Read the metadata of documents.

    Args:
        corpus: The corpus.
        docs: Ranks of the documents, ascending.
        dates: How the dates of the corpus are read.

    Returns:
        The metadata by rank, in ascending order.
    """
    outlet_column, date_column = corpus.columns.outlet, corpus.columns.date
    columns = ["id", "path", "row", *filter(None, (outlet_column, date_column))]
    return {
        doc: DocumentMetadata(
            row["id"],
            row["path"],
            row["row"],
            _string_value(row, outlet_column),
            written := _string_value(row, date_column),
            dates.period(written),
        )
        for ranks, rows in rows_of(corpus, columns, np.array(docs, np.int64))
        for doc, row in zip(ranks.tolist(), rows.to_pylist(), strict=True)
    }


def _string_value(row: dict[str, Any], column: str | None) -> str | None:
    value = row[column] if column else None
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


def describe_story(
    number: int,
    links: Sequence[tuple[Comparison, Link]],
    members: Sequence[AnalysedMember],
    metadata: Mapping[int, DocumentMetadata],
    rare: Set[str],
) -> Story:
    """Describe a story.

    Args:
        number: Number of the story.
        links: Its links, each with the comparison of its documents.
        members: Its documents.
        metadata: Metadata of these documents, by rank.
        rare: Stems that can be named as shared words.
    """
    facts = common_facts(members)
    conflicting = dict.fromkeys(conflict for _, link in links for conflict in link.conflicting)
    periods = {member.doc: metadata[member.doc].period for member in members}
    order = {doc: position for position, doc in enumerate(order_by_date(periods))}
    return Story(
        number=number,
        documents=tuple(
            _story_document(member, metadata[member.doc], facts)
            for member in sorted(members, key=lambda member: order.get(member.doc, member.doc))
        ),
        facts=(*(name for name, _ in facts), *common_words(members, rare)),
        conflicting=tuple(conflicting),
        links=tuple(_best_links(links, {member.doc: member.analysis.text for member in members})),
        link_count=len(links),
        first=earliest(periods),
    )


def _story_document(
    member: AnalysedMember, metadata: DocumentMetadata, facts: Sequence[tuple[str, frozenset[int]]]
) -> StoryDocument:
    return StoryDocument(
        doc=member.doc,
        id=metadata.id,
        path=metadata.path,
        row=metadata.row,
        outlet=metadata.outlet,
        date=metadata.date,
        stretches=tuple(member.stretches()),
        cites=tuple(member.cites()),
        facts=tuple(name for name, docs in facts if member.doc in docs),
    )


def _best_links(links: Sequence[tuple[Comparison, Link]], texts: Mapping[int, str]) -> Iterator[StoryLink]:
    """Select for each pair of documents the links with the most shared and conflicting facts.

    Args:
        links: The links of a story, each with the comparison of its documents.
        texts: Texts of its documents, by rank.

    Yields:
        The links in order of documents and spans.
    """
    by_pair: dict[tuple[int, int], list[Link]] = defaultdict(list)
    for comparison, link in links:
        by_pair[comparison.left, comparison.right].append(link)
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
