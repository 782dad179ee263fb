"""Read the stories of a run: their documents, facts, sources and pairs of linked documents."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
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
from dedup.text.facts.names.spelling import distinct

# Columns of links.parquet without the texts, which are read from texts.parquet where they are needed.
LINK_COLUMNS = [name for name in LINKS.names if not name.endswith(("_text", "_id", "_outlet"))]
# Code points of the beginning of a document that names it if it has no title.
OPENING_LENGTH = 120


class StoryPair(NamedTuple):
    """Two documents of a story."""

    story: int
    """Number of the story."""
    left: int
    """Index of a document in the story."""
    right: int
    """Index of a later document in the story."""


class FactCell(NamedTuple):
    """Whether a document states a fact."""

    is_stated: bool
    """Whether the document states the fact."""
    instead: str
    """Another value that the document states in the same role; empty if it states none."""


class StoryFact(NamedTuple):
    """A fact and the documents of a story that state it."""

    name: str
    """The fact, or the noun of conflicting numbers if no document states an agreed one."""
    cells: tuple[FactCell, ...]
    """A cell for each document of the story."""


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
    day: str
    """The start of the date in ISO form, in UTC, for sorting; empty if it cannot be read."""
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
    cites: tuple[str, ...]
    """Sources that it credits."""


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
    facts: tuple[StoryFact, ...]
    """Facts with differing values first, then by the number of documents that state them."""
    sources: tuple[str, ...]
    """Credited sources, by the number of documents that credit them."""
    pairs: tuple[LinkedPair, ...]
    """In the order of their first link in links.parquet."""
    links: int
    """Number of links."""
    first: int | None
    """Rank of the document whose date is before all others; None if the dates do not decide."""


def read_stories(out: Path) -> list[StoryReport]:
    """Read the stories from an output of `align`.

    Args:
        out: An output folder of `align`.

    Returns:
        The stories in the order of their numbers.

    Raises:
        DedupError: A table cannot be read.
    """
    stretches: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(dict)
    for row in _read_rows(out / STORIES_FILE):
        stretches[row["doc"]][row["story"]] = [(span["start"], span["end"]) for span in row["stretches"]]
    texts = {row["doc"]: row for row in _read_text_rows(out, stretches)}
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
        raise OutputError(f"{out / RUN_FILE} cannot be read. Run dedup align again.") from None


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
    out: Path, stretches: Mapping[int, Mapping[int, Sequence[tuple[int, int]]]]
) -> Iterator[dict[str, Any]]:
    """Read the rows of texts.parquet: instead of the text its first words, and the shares of stories in its letters.

    Args:
        out: An output folder of `align`.
        stretches: For each document the spans in each of its stories.
    """
    for table in read_tables(out / TEXTS_FILE, ["doc", "row", "outlet", "text"]):
        for row in table.to_pylist():
            text = row.pop("text") or ""
            letters = LetterCounts(text)
            shares = {story: letters.share(spans) for story, spans in stretches[row["doc"]].items()}
            yield {**row, "opening": text[:OPENING_LENGTH], "shares": shares}


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
                f"{STORIES_FILE} and {LINKS_FILE} do not belong together: story {number} lacks a document."
            )
    if not docs <= texts.keys():
        raise OutputError(
            f"{STORIES_FILE} and {TEXTS_FILE} do not belong together: a text of story {number} is missing."
        )
    documents = tuple(_document(row, texts[row["doc"]]) for row in rows)
    indexes = {document.doc: index for index, document in enumerate(documents)}
    credit_counts = Counter(source for document in documents for source in {*document.cites})
    sources = distinct(source for document in documents for source in document.cites)
    return StoryReport(
        number=number,
        headline=rows[0]["headline"] or "",
        documents=documents,
        facts=tuple(_facts([row["facts"] for row in rows], links, indexes)),
        sources=tuple(sorted(sources, key=lambda name: -credit_counts[name])),
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
        day=period.iso() if period else "",
        title=row["title"],
        url=row["url"],
        opening=text["opening"],
        role=row["role"] or "unknown",
        only=tuple(row["only"]),
        story_share=text["shares"][row["story"]],
        cites=tuple(row["sources"]),
    )


def _facts(
    stated: Sequence[Sequence[str]], links: Sequence[dict[str, Any]], indexes: Mapping[int, int]
) -> Iterator[StoryFact]:
    """Yield the facts of a story with a cell for each document, those with differing values first.

    Args:
        stated: For each document the facts that it states.
        links: The links of the story.
        indexes: Index in the story of each document.
    """
    roles: dict[str, dict[int, str]] = defaultdict(dict)
    for link in links:
        for conflict in (Conflict(**values) for values in link["conflicting"]):
            roles[conflict.noun][indexes[link["left_doc"]]] = conflict.left
            roles[conflict.noun][indexes[link["right_doc"]]] = conflict.right
    remaining = dict.fromkeys(fact for facts in stated for fact in facts)
    for noun, values in roles.items():
        names = {*values.values(), *(f"{value} {noun}" for value in values.values())}
        agreed = next((fact for fact in remaining if fact in names), None)
        states = [agreed in facts for facts in stated]
        yield StoryFact(
            agreed or noun,
            tuple(FactCell(state, "" if state else values.get(index, "")) for index, state in enumerate(states)),
        )
        remaining.pop(agreed or "", None)
    counts = Counter(fact for facts in stated for fact in {*facts})
    for fact in sorted(remaining, key=lambda fact: -counts[fact]):
        yield StoryFact(fact, tuple(FactCell(fact in facts, "") for facts in stated))


def _pairs(links: Sequence[dict[str, Any]], indexes: Mapping[int, int]) -> Iterator[LinkedPair]:
    """Yield the pairs of linked documents, with their links."""
    links_of: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for link in links:
        links_of[link["left_doc"], link["right_doc"]].append(link)
    for (left_doc, right_doc), pair_links in links_of.items():
        left, right = sorted((indexes[left_doc], indexes[right_doc]))
        yield LinkedPair(left, right, len(pair_links), max(link["score"] for link in pair_links))
