"""Read the stories of a run: their documents, facts, sources and pairs of linked documents."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from dedup.alignment.conflicts import Conflict
from dedup.alignment.coverage import LetterCounts
from dedup.errors import OutputError
from dedup.outputs.files import LINKS_FILE, OUTLETS_FILE, RUN_FILE, STORIES_FILE, TEXTS_FILE
from dedup.outputs.reader import read_tables
from dedup.outputs.schema import LINKS
from dedup.results import OutletPair, TemplateFamily
from dedup.stories.dates import DateReading
from dedup.stories.description.members import OPENING_LENGTH
from dedup.text.facts.names.spelling import distinct
from dedup.text.language import certain_language

# Columns of links.parquet without the texts, which are read from texts.parquet where they are needed.
LINK_COLUMNS = [name for name in LINKS.names if not name.endswith(("_text", "_id", "_outlet"))]
_AGAIN = "Run dedup align again."


class StoryPair(NamedTuple):
    """Two documents of a story."""

    story: int
    """Number of the story."""
    left: int
    """Index of a document in the story."""
    right: int
    """Index of a later document in the story."""


class StoryFact(NamedTuple):
    """A fact or a credited source, and the documents of a story that state or credit it."""

    name: str
    """The fact or the source."""
    documents: tuple[int, ...]
    """Indexes of the documents, ascending."""


class DifferingNumber(NamedTuple):
    """A number for which the documents of a story have different values."""

    noun: str
    """What the number counts, or its unit."""
    values: tuple[StoryFact, ...]
    """The values, those of most documents first."""

    @property
    def difference(self) -> float:
        """Difference of the largest and the smallest value as a share of the largest magnitude; 0 if they are unknown.

        >>> DifferingNumber("USD", (StoryFact("25", (0,)), StoryFact("40", (1,)))).difference
        0.375
        """
        try:
            numbers = [float(value.name) for value in self.values]
        except ValueError:
            return 0.0
        largest = max(map(abs, numbers))
        share = (max(numbers) - min(numbers)) / largest if largest else 0.0
        return share if isfinite(share) else 0.0


@dataclass(frozen=True)
class ReportDocument:
    """A document of a story."""

    doc: int
    id: str | None
    path: str
    row: int | None
    outlet: str | None
    date: str | None
    """The date as written in the input."""
    time: str | None
    """The date in ISO 8601; see `dedup.StoryDocument.time`."""
    start: str
    """The start of the date in ISO form, in UTC; empty if it cannot be read."""
    seconds: int
    """Length of the time that the date states: 86,400 for a day, 0 for an instant."""
    last_day: str
    """The last day of this time in ISO form, in UTC; empty if the date cannot be read."""
    language: str | None
    """Language of the text as an ISO 639 code; None if it is not certain."""
    title: str | None
    """The title."""
    url: str | None
    """The address."""
    opening: str
    """The first words of the text."""
    role: str
    """"origin", "credits", "uncredited" or "unknown"; see `dedup.StoryDocument.role`."""
    only: tuple[str, ...]
    """Facts that no other document of the story states."""
    story_share: float
    """Share of its letters in its stretches in the story."""
    cites: tuple[str, ...] | None
    """Sources that it credits; None if credits are not read in its language."""


@dataclass(frozen=True)
class LinkedPair:
    """Two linked documents of a story."""

    left: int
    """Index of a document in the story."""
    right: int
    """Index of a later document in the story."""
    links: int
    """Number of links."""
    score: float
    """Score of the best link."""


@dataclass(frozen=True)
class StoryReport:
    """A story as the report page shows it."""

    number: int
    """Number of the story."""
    headline: str
    """Headline of the story; empty if there is none."""
    documents: tuple[ReportDocument, ...]
    """The documents in the order of stories.parquet: by date if all have one, else by rank."""
    differing: tuple[DifferingNumber, ...]
    """Numbers with differing values, those with the largest difference first."""
    facts: tuple[StoryFact, ...]
    """Other facts, by the number of documents that state them."""
    sources: tuple[StoryFact, ...]
    """Credited sources, by the number of documents that credit them."""
    pairs: tuple[LinkedPair, ...]
    """In the order of their first link in links.parquet."""
    links: int
    """Number of links."""
    first: int | None
    """Rank of the document whose date is before all others; None if the dates do not decide."""


def read_stories(out: Path, language: str | None = None) -> list[StoryReport]:
    """Read the stories from an output of `align`.

    Args:
        out: An output folder of `align`.
        language: Language of all texts; None detects it for each.

    Returns:
        The stories in the order of their numbers.

    Raises:
        DedupError: A table cannot be read.
    """
    stretches: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(dict)
    for row in _read_rows(out / STORIES_FILE):
        stretches[row["doc"]][row["story"]] = [(span["start"], span["end"]) for span in row["stretches"]]
    texts = {row["doc"]: row for row in _read_text_rows(out, stretches, language)}
    links: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in _read_rows(out / LINKS_FILE, LINK_COLUMNS):
        if row["story"] is not None:
            links[row["story"]].append(row)
    return [
        _story(number, list(rows), links[number], texts)
        for number, rows in groupby(_read_rows(out / STORIES_FILE), key=lambda row: row["story"])
    ]


def read_outlets(out: Path) -> list[OutletPair]:
    """Read what outlets take over from each other, from an output of `align`.

    Args:
        out: An output folder of `align`.
    """
    return [OutletPair(**row) for row in _read_rows(out / OUTLETS_FILE)]


def read_templates(out: Path) -> list[TemplateFamily]:
    """Read the families of documents that share a template, from an output of `align`.

    Args:
        out: An output folder of `align`.

    Raises:
        OutputError: ``run.json`` is damaged.
    """
    try:
        families = json.loads((out / RUN_FILE).read_bytes()).get("templates", [])
        return [
            TemplateFamily(int(item["documents"]), tuple(map(_id, item["ids"])), str(item["example"]))
            for item in families
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise OutputError(f"{out / RUN_FILE} cannot be read. {_AGAIN}") from None


def _id(value: Any) -> str | None:
    return None if value is None else str(value)


def read_texts(out: Path, docs: Sequence[int]) -> dict[int, str]:
    """Read texts of documents in stories.

    Args:
        out: An output folder of `align`.
        docs: Ranks of the documents, ascending.

    Returns:
        The texts by rank; empty texts for null.
    """
    return {
        doc: text or ""
        for table in read_tables(out / TEXTS_FILE, ["doc", "text"], docs)
        for doc, text in zip(table["doc"].to_pylist(), table["text"].to_pylist(), strict=True)
    }


def _read_rows(path: Path, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    for table in read_tables(path, columns):
        yield from table.to_pylist()


def _read_text_rows(
    out: Path, stretches: Mapping[int, Mapping[int, Sequence[tuple[int, int]]]], language: str | None
) -> Iterator[dict[str, Any]]:
    """Read the rows of texts.parquet: instead of the text its first words, its language, and the shares of stories.

    Args:
        out: An output folder of `align`.
        stretches: For each document the spans in each of its stories.
        language: Language of all texts; None detects it for each.
    """
    for table in read_tables(out / TEXTS_FILE, ["doc", "row", "outlet", "text"]):
        for row in table.to_pylist():
            text = row.pop("text") or ""
            letters = LetterCounts(text)
            shares = {story: letters.share(spans) for story, spans in stretches[row["doc"]].items()}
            found = language or certain_language(text)
            yield {**row, "opening": text[:OPENING_LENGTH], "language": found, "shares": shares}


def _story(
    number: int,
    rows: Sequence[dict[str, Any]],
    links: Sequence[dict[str, Any]],
    texts: Mapping[int, dict[str, Any]],
) -> StoryReport:
    """Build a story from its rows of stories.parquet and links.parquet, and the rows of texts.parquet by document."""
    docs = {row["doc"] for row in rows}
    for link in links:
        if not docs.issuperset((link["left_doc"], link["right_doc"])):
            raise OutputError(
                f"{STORIES_FILE} and {LINKS_FILE} do not belong together: story {number} lacks a document. {_AGAIN}"
            )
    if not docs <= texts.keys():
        raise OutputError(
            f"{STORIES_FILE} and {TEXTS_FILE} do not belong together: a text of story {number} is missing. {_AGAIN}"
        )
    documents = tuple(_document(row, texts[row["doc"]]) for row in rows)
    indexes = {document.doc: index for index, document in enumerate(documents)}
    differing, repeated = _differing([row["facts"] for row in rows], links, indexes)
    return StoryReport(
        number=number,
        headline=rows[0]["headline"] or "",
        documents=documents,
        differing=tuple(differing),
        facts=tuple(fact for fact in _common([row["facts"] for row in rows]) if fact.name not in repeated),
        sources=tuple(_sources(documents)),
        pairs=tuple(_pairs(links, indexes)),
        links=len(links),
        first=next((row["doc"] for row in rows if row["first"]), None),
    )


def _document(row: Mapping[str, Any], text: Mapping[str, Any]) -> ReportDocument:
    period = DateReading().period(row["time"])
    return ReportDocument(
        doc=row["doc"],
        id=row["id"],
        path=row["path"],
        row=row["row"],
        outlet=row["outlet"],
        date=row["date"],
        time=row["time"],
        start=period.iso() if period else "",
        seconds=period.seconds if period else 0,
        last_day=period.last_day() if period else "",
        language=text["language"],
        title=row["title"],
        url=row["url"],
        opening=text["opening"],
        role=row["role"] or "unknown",
        only=tuple(row["only"]),
        story_share=text["shares"][row["story"]],
        cites=None if row["sources"] is None else tuple(row["sources"]),
    )


def _common(stated: Sequence[Sequence[str]]) -> Iterator[StoryFact]:
    """Yield the facts of a story, those of most documents first.

    Args:
        stated: For each document the facts that it states.
    """
    counts = Counter(fact for facts in stated for fact in {*facts})
    first = dict.fromkeys(fact for facts in stated for fact in facts)
    for fact in sorted(first, key=lambda fact: -counts[fact]):
        yield StoryFact(fact, tuple(index for index, facts in enumerate(stated) if fact in facts))


def _sources(documents: Sequence[ReportDocument]) -> Iterator[StoryFact]:
    """Yield the credited sources of a story, those of most documents first; one spelling of each."""
    names = distinct(source for document in documents for source in document.cites or ())
    sources = (
        StoryFact(name, tuple(index for index, document in enumerate(documents) if name in (document.cites or ())))
        for name in names
    )
    yield from sorted(sources, key=lambda source: -len(source.documents))


def _differing(
    stated: Sequence[Sequence[str]], links: Sequence[dict[str, Any]], indexes: Mapping[int, int]
) -> tuple[list[DifferingNumber], set[str]]:
    """Return the numbers with differing values, and the facts that say no more than these.

    Args:
        stated: For each document the facts that it states.
        links: The links of the story.
        indexes: Index in the story of each document.
    """
    documents: dict[tuple[str, str], set[int]] = defaultdict(set)
    rivals: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for link in links:
        sides = indexes[link["left_doc"]], indexes[link["right_doc"]]
        for conflict in (Conflict(**values) for values in link["conflicting"]):
            left, right = (conflict.noun, conflict.left), (conflict.noun, conflict.right)
            documents[left].add(sides[0])
            documents[right].add(sides[1])
            rivals[left].add(right)
            rivals[right].add(left)
    found = [_with_stated(group, documents, stated) for group in _connected(rivals)]
    listed = {
        name: {*value.documents}
        for number in found
        for value in number.values
        for name in (value.name, f"{value.name} {number.noun}")
    }
    repeated = {
        fact.name for fact in _common(stated) if fact.name in listed and listed[fact.name].issuperset(fact.documents)
    }
    return sorted(found, key=lambda number: -number.difference), repeated


def _with_stated(
    group: Sequence[tuple[str, str]], documents: Mapping[tuple[str, str], set[int]], stated: Sequence[Sequence[str]]
) -> DifferingNumber:
    """Build a number from its nouns and values, the documents whose links conflict, and the facts of each document.

    A document without a conflict has the value that it states, unless it states several.
    """
    noun = group[0][0]
    found = {key[1]: {*documents[key]} for key in group}
    conflicting = set().union(*found.values())
    for index, facts in enumerate(stated):
        values = [value for value in found if {value, f"{value} {noun}"}.intersection(facts)]
        if index not in conflicting and len(values) == 1:
            found[values[0]].add(index)
    ordered = sorted(found, key=lambda value: (-len(found[value]), min(found[value])))
    return DifferingNumber(noun, tuple(StoryFact(value, tuple(sorted(found[value]))) for value in ordered))


def _connected(edges: Mapping[tuple[str, str], set[tuple[str, str]]]) -> Iterator[list[tuple[str, str]]]:
    """Yield the connected components of an undirected graph, in the order of their first nodes."""
    seen: set[tuple[str, str]] = set()
    for start in edges:
        if start in seen:
            continue
        component, waiting = [], [start]
        seen.add(start)
        while waiting:
            node = waiting.pop()
            component.append(node)
            waiting += sorted(edges[node] - seen)
            seen |= edges[node]
        yield component


def _pairs(links: Sequence[dict[str, Any]], indexes: Mapping[int, int]) -> Iterator[LinkedPair]:
    """Yield the pairs of linked documents, with their links."""
    links_of: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for link in links:
        links_of[link["left_doc"], link["right_doc"]].append(link)
    for (left_doc, right_doc), pair_links in links_of.items():
        left, right = sorted((indexes[left_doc], indexes[right_doc]))
        yield LinkedPair(left, right, len(pair_links), max(link["score"] for link in pair_links))
