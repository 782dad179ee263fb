"""Stories to what a person and a table want of them: who tells what, crediting whom, beside what."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from dedup.alignment.align import WORDS, Link, worth_naming
from dedup.corpus import Corpus
from dedup.corpus.corpus import rows_of
from dedup.results import Story, StoryDocument, StoryLink
from dedup.runtime.disk_list import DiskList
from dedup.stories.passages import Comparison
from dedup.text.analysis import Analysis, sentence_at
from dedup.text.facts.dates.find import dates
from dedup.text.facts.extract import label, same_fact
from dedup.text.facts.names.spelling import distinct
from dedup.text.spans import Fact
from dedup.text.tokens import Token

# Parallels given of two documents.
PARALLELS = 3


@dataclass(frozen=True)
class Member:
    """A document in a story."""

    doc: int
    analysis: Analysis
    sentences: tuple[int, ...]
    """Those that carry the story, ascending."""

    def facts(self) -> list[Fact]:
        """List the facts of those sentences."""
        places = zip(self.analysis.facts, self.analysis.fact_sentences, strict=True)
        return [fact for fact, at in places if at in self.sentences]

    def cites(self) -> list[str]:
        """List the sources that those sentences credit, each once."""
        spans = self.analysis.sentences
        mine = (credit for credit in self.analysis.credits if sentence_at(spans, credit.start) in self.sentences)
        return distinct(credit.source for credit in mine)

    def words(self) -> list[tuple[Token, str]]:
        """List the words worth naming in those sentences, and their stems."""
        return [
            (token, stem)
            for at in self.sentences
            for token, stem in zip(self.analysis.words[at], self.analysis.stems[at], strict=True)
            if worth_naming(token, self.analysis.language)
        ]

    def stretches(self) -> list[tuple[int, int]]:
        """Join the sentences that follow each other, as code points."""
        found: list[tuple[int, int]] = []
        for before, at in zip((-2, *self.sentences), self.sentences, strict=False):
            start, end = self.analysis.sentences[at]
            if at == before + 1:
                start, _ = found.pop()
            found.append((start, end))
        return found


def members(links: Iterable[tuple[Comparison, Link]], analyses: DiskList[Analysis]) -> list[Member]:
    """Gather the documents of a story.

    Args:
        links: The links of the story, each with its comparison.
        analyses: Of all documents.
    """
    sentences: dict[int, set[int]] = defaultdict(set)
    for comparison, link in links:
        sentences[comparison.left].update(link.left_sentences)
        sentences[comparison.right].update(link.right_sentences)
    return [Member(doc, analyses[doc], tuple(sorted(sentences[doc]))) for doc in sorted(sentences)]


def common_facts(documents: Sequence[Member]) -> list[tuple[str, frozenset[int]]]:
    """Find the facts that several documents of a story give.

    Args:
        documents: The documents.

    Returns:
        Each fact as it is written, other spellings after "≈", and the ranks of the documents that give it; those of
        most documents first.
    """
    classes: list[tuple[list[Fact], dict[int, None]]] = []
    for document in documents:
        for fact in document.facts():
            language = document.analysis.language
            fitting = next((one for one in classes if any(same_fact(fact, other, language) for other in one[0])), None)
            if fitting is None:
                fitting = ([], {})
                classes.append(fitting)
            if all(label(fact).casefold() != label(other).casefold() for other in fitting[0]):
                fitting[0].append(fact)
            fitting[1][document.doc] = None
    named = [(" ≈ ".join(map(label, facts)), frozenset(docs)) for facts, docs in classes if len(docs) > 1]
    return sorted(named, key=lambda item: -len(item[1]))


def common_words(documents: Sequence[Member], rare: Set[str]) -> list[str]:
    """Find the words, beside those of facts, that the documents of a story share most.

    Args:
        documents: The documents.
        rare: Stems that not all documents of the corpus have.

    Returns:
        Words as the first document writes them.
    """
    docs: dict[str, set[int]] = defaultdict(set)
    times: Counter[str] = Counter()
    written: dict[str, str] = {}
    for document in documents:
        taken = [(fact.start, fact.end) for fact in document.facts() if fact.kind != "quotation"]
        for token, stem in document.words():
            if not any(start <= token.start < end for start, end in taken):
                docs[stem].add(document.doc)
                times[stem] += 1
                written.setdefault(stem, document.analysis.text[token.start : token.end].lower())
    shared = [stem for stem in docs if len(docs[stem]) > 1 and stem in rare]
    shared.sort(key=lambda stem: (-len(docs[stem]), -times[stem]))
    most = max((len(docs[stem]) for stem in shared), default=0)
    return [written[stem] for stem in shared if len(docs[stem]) == most][:WORDS]


@dataclass(frozen=True)
class Names:
    """What the columns of a document's row say of it."""

    id: str | None
    path: str
    row: int | None
    outlet: str | None
    date: str | None


def names_of(corpus: Corpus, docs: Sequence[int]) -> dict[int, Names]:
    """Look up what some documents are called, given by ascending rank."""
    outlet, when = corpus.columns.outlet, corpus.columns.date
    columns = ["id", "path", "row", *filter(None, (outlet, when))]
    return {
        doc: Names(row["id"], row["path"], row["row"], _said(row, outlet), _said(row, when))
        for mine, rows in rows_of(corpus, columns, np.array(docs, np.int64))
        for doc, row in zip(mine.tolist(), rows.to_pylist(), strict=True)
    }


def _said(row: dict[str, Any], column: str | None) -> str | None:
    value = row[column] if column else None
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


def tell(
    number: int,
    links: Sequence[tuple[Comparison, Link]],
    documents: Sequence[Member],
    names: Mapping[int, Names],
    rare: Set[str],
) -> Story:
    """Tell a story.

    Args:
        number: Which it is.
        links: Its links, each with its comparison.
        documents: Its documents.
        names: What these are called.
        rare: Stems that not all documents of the corpus have.
    """
    facts = common_facts(documents)
    conflicting = dict.fromkeys(said for _, link in links for said in link.conflicting)
    earliest = _earliest({document.doc: names[document.doc].date for document in documents})
    order = {doc: place for place, doc in enumerate(earliest)}
    return Story(
        number=number,
        documents=tuple(
            _document(document, names[document.doc], facts)
            for document in sorted(documents, key=lambda document: order.get(document.doc, document.doc))
        ),
        facts=(*(name for name, _ in facts), *common_words(documents, rare)),
        conflicting=tuple(conflicting),
        links=tuple(_story_links(links, {document.doc: document.analysis.text for document in documents})),
        link_count=len(links),
        first=earliest[0] if earliest else None,
    )


def _document(document: Member, names: Names, facts: Sequence[tuple[str, frozenset[int]]]) -> StoryDocument:
    return StoryDocument(
        doc=document.doc,
        id=names.id,
        path=names.path,
        row=names.row,
        outlet=names.outlet,
        date=names.date,
        stretches=tuple(document.stretches()),
        cites=tuple(document.cites()),
        facts=tuple(name for name, docs in facts if document.doc in docs),
    )


def _earliest(said: dict[int, str | None]) -> list[int]:
    """Order documents by date, if all have one and the first is earlier than the second."""
    days = {doc: day(when) for doc, when in said.items()}
    if len(days) < 2 or not all(days.values()):
        return []
    order = sorted(days, key=lambda doc: (days[doc], doc))
    return order if days[order[0]] != days[order[1]] else []


def day(when: str | None) -> str:
    """Write a date and its time, if it has one, so that they sort; nothing for what is none."""
    try:
        return datetime.fromisoformat((when or "").strip()).isoformat()
    except ValueError:
        return next((fact.value for fact in dates(when or "", "en") if fact.value[:4].isdigit()), "")


def _story_links(links: Sequence[tuple[Comparison, Link]], texts: Mapping[int, str]) -> Iterator[StoryLink]:
    """Choose the best links of each pair of documents, in their order."""
    by_pair: dict[tuple[int, int], list[Link]] = defaultdict(list)
    for comparison, link in links:
        by_pair[comparison.left, comparison.right].append(link)
    for (left, right), found in sorted(by_pair.items()):
        best = sorted(found, key=lambda link: (-len(link.shared) - len(link.conflicting), -link.score, link.left))
        for link in sorted(best[:PARALLELS], key=lambda link: (link.left, link.right)):
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
