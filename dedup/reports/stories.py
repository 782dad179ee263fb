"""Read the stories of a run: their documents, facts, sources and pairs of linked documents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from dedup.alignment.conflicts import Conflict
from dedup.alignment.coverage import LetterCounts
from dedup.errors import OutputError
from dedup.outputs.files import LINKS_FILE, STORIES_FILE, TEXTS_FILE
from dedup.outputs.reader import read_tables
from dedup.stories.dates import DateReading, earliest, read_dates
from dedup.text.facts.names.spelling import distinct


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
    day: str
    """The date in ISO form, in UTC, for sorting; empty if it cannot be read."""
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
    for row in _read_rows(out / LINKS_FILE):
        if row["story"] is not None:
            links[row["story"]].append(row)
    dates = read_dates(row["date"] for row in _read_rows(out / STORIES_FILE))
    return [
        _story(number, list(rows), links[number], texts, dates)
        for number, rows in groupby(_read_rows(out / STORIES_FILE), key=lambda row: row["story"])
    ]


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


def _read_rows(path: Path) -> Iterator[dict[str, Any]]:
    for table in read_tables(path):
        yield from table.to_pylist()


def _read_text_rows(
    out: Path, stretches: Mapping[int, Mapping[int, Sequence[tuple[int, int]]]]
) -> Iterator[dict[str, Any]]:
    """Read the rows of texts.parquet, with the share of each story (``shares``) in the letters instead of the text.

    Args:
        out: An output folder of `align`.
        stretches: For each document the spans in each of its stories.
    """
    for table in read_tables(out / TEXTS_FILE, ["doc", "row", "outlet", "text"]):
        for row in table.to_pylist():
            letters = LetterCounts(row.pop("text") or "")
            yield {**row, "shares": {story: letters.share(spans) for story, spans in stretches[row["doc"]].items()}}


def _story(
    number: int,
    rows: Sequence[dict[str, Any]],
    links: Sequence[dict[str, Any]],
    texts: Mapping[int, dict[str, Any]],
    dates: DateReading,
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
    periods = {row["doc"]: dates.period(row["date"]) for row in rows}
    days = {doc: period.iso() if period else "" for doc, period in periods.items()}
    documents = tuple(_document(row, texts[row["doc"]], days[row["doc"]]) for row in rows)
    indexes = {document.doc: index for index, document in enumerate(documents)}
    credit_counts = Counter(source for document in documents for source in {*document.cites})
    sources = distinct(source for document in documents for source in document.cites)
    return StoryReport(
        number=number,
        documents=documents,
        facts=tuple(_facts([row["facts"] for row in rows], links, indexes)),
        sources=tuple(sorted(sources, key=lambda name: -credit_counts[name])),
        pairs=tuple(_pairs(links, indexes)),
        links=len(links),
        first=earliest(periods),
    )


def _document(row: Mapping[str, Any], text: Mapping[str, Any], day: str) -> ReportDocument:
    return ReportDocument(
        doc=row["doc"],
        id=row["id"],
        path=row["path"],
        row=text["row"],
        outlet=text["outlet"],
        date=row["date"],
        day=day,
        story_share=text["shares"][row["story"]],
        cites=tuple(row["cites"]),
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
