"""What `align` left, gathered for reading: of each story who gives which facts, credits whom, tells how much."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from dedup.alignment.shared_facts import values_of
from dedup.errors import OutputError
from dedup.outputs.reader import LINKS, STORIES, TEXTS, groups
from dedup.stories.describe import day
from dedup.text.facts.names.spelling import distinct

Cell = tuple[bool, str]
"""Whether a document gives a fact, and what it says in its stead, if anything."""


@dataclass(frozen=True)
class ReportDocument:
    """A document of a story."""

    doc: int
    id: str | None
    path: str
    row: int | None
    outlet: str | None
    date: str | None
    """As its column has it."""
    day: str
    """The same in ISO form, so that it sorts; empty if it is no date."""
    length: int
    """Code points of the document."""
    told: int
    """Code points of it that carry the story."""
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """Two documents of a story that are linked."""

    left: int
    """Place of a document in the story."""
    right: int
    links: int
    score: float
    """Of the best link."""
    coverage: tuple[float, float]
    """How much of each stands in sentences that are linked with the other, by code points."""


@dataclass(frozen=True)
class StoryReport:
    """A story."""

    number: int
    documents: tuple[ReportDocument, ...]
    """By date where all have one, else by rank; as in the table."""
    facts: tuple[tuple[str, tuple[Cell, ...]], ...]
    """Each fact, and of each document whether it gives it; what differs first."""
    sources: tuple[str, ...]
    """Whom the documents credit, those of most documents first."""
    pairs: tuple[Compared, ...]
    """By place."""
    links: int


def read_boards(out: Path) -> list[StoryReport]:
    """Read the stories that `align` left.

    Args:
        out: A folder that it wrote.

    Raises:
        DedupError: A table cannot be read.
    """
    texts = {row["doc"]: row for row in _texts(out)}
    links: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(out / LINKS):
        if row["story"] is not None:
            links[row["story"]].append(row)
    return [
        _board(number, list(rows), links[number], texts)
        for number, rows in groupby(_rows(out / STORIES), key=lambda row: row["story"])
    ]


def texts_of(out: Path, docs: Sequence[int]) -> dict[int, str]:
    """Read the texts of some documents of stories.

    Args:
        out: A folder that `align` wrote.
        docs: Their ranks, ascending.
    """
    return {
        doc: text or ""
        for table in groups(out / TEXTS, ["doc", "text"], docs)
        for doc, text in zip(table["doc"].to_pylist(), table["text"].to_pylist(), strict=True)
    }


def _rows(path: Path, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    for table in groups(path, columns):
        yield from table.to_pylist()


def _texts(out: Path) -> Iterator[dict[str, Any]]:
    """Read what is known of the texts, and their length in place of them."""
    import pyarrow.compute as pc

    for table in groups(out / TEXTS, ["doc", "row", "outlet", "text"]):
        length = pc.fill_null(pc.utf8_length(table["text"]), 0)
        yield from table.drop_columns("text").append_column("length", length).to_pylist()


def _board(
    number: int, rows: Sequence[dict[str, Any]], links: Sequence[dict[str, Any]], texts: Mapping[int, dict[str, Any]]
) -> StoryReport:
    docs = {row["doc"] for row in rows}
    for link in links:
        if not docs.issuperset((link["left_doc"], link["right_doc"])):
            raise OutputError(f"{STORIES} and {LINKS} do not belong together: story {number} lacks a document.")
    if not docs <= texts.keys():
        raise OutputError(f"{STORIES} and {TEXTS} do not belong together: a text of story {number} is missing.")
    documents = tuple(_document(row, texts[row["doc"]]) for row in rows)
    places = {document.doc: place for place, document in enumerate(documents)}
    credited = Counter(source for document in documents for source in {*document.cites})
    sources = distinct(source for document in documents for source in document.cites)
    return StoryReport(
        number=number,
        documents=documents,
        facts=tuple(_facts([row["facts"] for row in rows], links, places)),
        sources=tuple(sorted(sources, key=lambda name: -credited[name])),
        pairs=tuple(_pairs(links, places, documents)),
        links=len(links),
    )


def _document(row: Mapping[str, Any], text: Mapping[str, Any]) -> ReportDocument:
    return ReportDocument(
        doc=row["doc"],
        id=row["id"],
        path=row["path"],
        row=text["row"],
        outlet=text["outlet"],
        date=row["date"],
        day=day(row["date"]),
        length=text["length"],
        told=sum(stretch["end"] - stretch["start"] for stretch in row["stretches"]),
        cites=tuple(row["cites"]),
    )


def _facts(
    given: Sequence[Sequence[str]], links: Sequence[dict[str, Any]], places: Mapping[int, int]
) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """Lay out which document gives which fact; where numbers differ in the same role, what each says."""
    roles: dict[str, dict[int, str]] = defaultdict(dict)
    for link in links:
        for conflict in link["conflicting"]:
            left, right, noun = values_of(conflict)
            roles[noun][places[link["left_doc"]]] = left
            roles[noun][places[link["right_doc"]]] = right
    known = dict.fromkeys(fact for facts in given for fact in facts)
    for noun, said in roles.items():
        values = {*said.values(), *(f"{value} {noun}" for value in said.values())}
        agreed = next((fact for fact in known if fact in values), None)
        has = [agreed in facts for facts in given]
        yield agreed or noun, tuple((gives, "" if gives else said.get(place, "")) for place, gives in enumerate(has))
        known.pop(agreed or "", None)
    counts = Counter(fact for facts in given for fact in {*facts})
    for fact in sorted(known, key=lambda fact: -counts[fact]):
        yield fact, tuple((fact in facts, "") for facts in given)


def _pairs(
    links: Sequence[dict[str, Any]], places: Mapping[int, int], documents: Sequence[ReportDocument]
) -> Iterator[Compared]:
    """Say of two documents how much of each is told by the other."""
    found: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for link in links:
        found[link["left_doc"], link["right_doc"]].append(link)
    for docs, mine in found.items():
        left, right = (places[doc] for doc in docs)
        parts = [
            _covered((link[f"{side}_start"], link[f"{side}_end"]) for link in mine) / max(1, documents[place].length)
            for side, place in (("left", left), ("right", right))
        ]
        best = max(link["score"] for link in mine)
        one, other = (parts[0], parts[1]) if left < right else (parts[1], parts[0])
        yield Compared(min(left, right), max(left, right), len(mine), best, (one, other))


def _covered(extents: Iterator[tuple[int, int]]) -> int:
    """Count the code points in stretches that may lie over each other.

    >>> _covered(iter([(0, 5), (3, 8), (10, 11)]))
    9
    """
    whole = last = 0
    for start, end in sorted(extents):
        whole += max(0, end - max(start, last))
        last = max(last, end)
    return whole
