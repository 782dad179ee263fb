"""Convert stories to the JSON values that the script `stories.js` reads."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dedup.render.comparison import percent, score, short_list
from dedup.render.format import document_name, flowing, plain
from dedup.reports.stories import StoryPair

if TYPE_CHECKING:
    from dedup.reports.stories import FactCell, LinkedPair, ReportDocument, StoryReport

# Facts in the title of a story.
TITLE_FACTS = 4
# Documents shown of a story.
MAX_DOCUMENTS = 40


def story_rows(
    reports: Sequence[StoryReport],
    diffs: Container[StoryPair],
    coverages: Mapping[StoryPair, tuple[float, float]],
    options: str,
) -> Iterator[dict[str, Any]]:
    """Convert stories to the values of the page.

    Args:
        reports: The stories.
        diffs: Pairs of documents whose alignment is embedded in the page.
        coverages: Coverage of both documents of the pairs that were measured.
        options: Options of `dedup diff` that name the folder and the language of the run, quoted for a shell.

    Yields:
        For each story a dictionary with ``number``, ``title``, ``links`` (their number), ``more`` (documents not
        shown), ``documents``, ``facts`` and ``sources`` (each with ``name`` and a cell for each document) and ``pairs``
        (of linked documents). A cell of a fact is True if the document states it, False if not, or a string, another
        value that it states instead. A cell of a source is True if the document credits it, False if not, or "self" if
        the outlet of the document is the source.
    """
    ids = Counter({document.doc: document.id for report in reports for document in report.documents}.values())
    for report in reports:
        documents = report.documents[:MAX_DOCUMENTS]
        arguments = [_argument(document, ids) for document in documents]
        yield {
            "number": report.number,
            "title": short_list((fact.name for fact in report.facts), TITLE_FACTS),
            "links": report.links,
            "more": len(report.documents) - len(documents),
            "documents": [_document(document, document.doc == report.first) for document in documents],
            "facts": [
                {"name": flowing(fact.name), "cells": _fact_cells(fact.cells[:MAX_DOCUMENTS])} for fact in report.facts
            ],
            "sources": [{"name": flowing(name), "cells": _source_cells(name, documents)} for name in report.sources],
            "pairs": [
                {
                    **_pair(pair, coverages.get(StoryPair(report.number, pair.left, pair.right))),
                    "embedded": StoryPair(report.number, pair.left, pair.right) in diffs,
                    "command": f"dedup diff {arguments[pair.left]} {arguments[pair.right]} {options} --html diff.html",
                }
                for pair in report.pairs
                if pair.right < len(documents)
            ],
        }


def story_name(document: ReportDocument) -> str:
    """Return the id of a document, or its path and row if it has none."""
    return document_name(document.id, document.path, document.row)


def _pair(pair: LinkedPair, coverage: tuple[float, float] | None) -> dict[str, Any]:
    """Convert a pair of linked documents; without figures if its coverage was not measured."""
    return {
        "left": pair.left,
        "right": pair.right,
        "links": pair.links,
        "score": score(pair.score),
        "coverage": coverage and [round(share, 3) for share in coverage],
        "percent": coverage and list(map(percent, coverage)),
    }


def _argument(document: ReportDocument, ids: Counter[str | None]) -> str:
    """Return the argument that selects a document on the command line: its id if it is unique, else its rank."""
    is_usable = (
        document.id and ids[document.id] == 1 and document.id == plain(document.id) and not document.id.startswith("-")
    )
    return shlex.quote(document.id if is_usable and document.id else f"#{document.doc}")


def _document(document: ReportDocument, is_first: bool) -> dict[str, Any]:
    return {
        "name": story_name(document),
        "outlet": document.outlet and flowing(document.outlet),
        "date": document.date and flowing(document.date),
        "day": document.day,
        "first": is_first,
        "share": percent(document.story_share),
        "cites": [flowing(name) for name in document.cites],
    }


def _fact_cells(cells: Iterable[FactCell]) -> list[bool | str]:
    return [flowing(cell.instead) if cell.instead else cell.is_stated for cell in cells]


def _source_cells(source: str, documents: Sequence[ReportDocument]) -> list[bool | str]:
    folded = source.casefold()
    return [
        "self" if (document.outlet or "").casefold() == folded else source in document.cites for document in documents
    ]
