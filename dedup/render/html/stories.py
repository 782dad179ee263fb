"""Convert stories to the JSON values that the script `stories.js` reads."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dedup.render.comparison import percent, score, short_list
from dedup.render.format import (
    MAX_TITLE_LENGTH,
    date_label,
    document_label,
    document_name,
    duration,
    excerpt,
    flowing,
    plain,
)
from dedup.reports.stories import StoryPair

if TYPE_CHECKING:
    from dedup.reports.stories import FactCell, LinkedPair, ReportDocument, StoryReport
    from dedup.results import OutletPair

# Facts in the title of a story that has no headline, and code points of a headline and of the name of an outlet.
TITLE_FACTS, MAX_HEADLINE_LENGTH, MAX_OUTLET_LENGTH = 4, 160, 80
# Only such an address becomes a link: others could run a script.
WEB_ADDRESS = re.compile(r"https?://[^\s\x00-\x20\"<>]+", re.IGNORECASE)
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
            "title": excerpt(report.headline, MAX_HEADLINE_LENGTH)
            or short_list((fact.name for fact in report.facts), TITLE_FACTS),
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
    """Return what leads the display of a document: outlet, date and title; see `document_label`."""
    identity = document_name(document.id, document.path, document.row)
    label = document_label(document.outlet, document.time, document.date, document.title, document.opening, identity)
    return ", ".join(filter(None, label))


def outlet_rows(pairs: Sequence[OutletPair], reports: Sequence[StoryReport]) -> Iterator[dict[str, Any]]:
    """Convert what outlets take over from each other to the values of the page.

    Args:
        pairs: The pairs, in order.
        reports: The stories, whose documents name the pairs of documents.
    """
    documents = {document.doc: document for report in reports for document in report.documents}
    for pair in pairs:
        names = []
        for name, doc in ((pair.outlet, pair.outlet_doc), (pair.source, pair.source_doc)):
            document = documents.get(doc) if doc is not None else None
            names.append(excerpt(story_name(document) if document else name, MAX_OUTLET_LENGTH))
        yield {
            "outlet": names[0],
            "source": names[1],
            "stories": pair.stories,
            "later": pair.source_first,
            "decided": pair.source_first + pair.outlet_first,
            "delay": "" if pair.median_delay is None else duration(pair.median_delay),
            "letters": [
                *(pair.taken, pair.verbatim, pair.light, pair.heavy),
                *(pair.credited, pair.common_source, pair.uncredited, pair.undecided),
            ],
        }


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
    identity = document_name(document.id, document.path, document.row)
    title = excerpt(document.title or "", MAX_TITLE_LENGTH) or excerpt(document.opening, MAX_TITLE_LENGTH)
    return {
        "name": story_name(document),
        "title": title or identity,
        "id": identity,
        "url": document.url if document.url and WEB_ADDRESS.fullmatch(document.url) else None,
        "outlet": document.outlet and flowing(document.outlet),
        "date": date_label(document.time, document.date) or None,
        "day": document.day,
        "role": document.role,
        "only": [flowing(fact) for fact in document.only],
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
