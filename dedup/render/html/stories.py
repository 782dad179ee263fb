"""Stories to plain values for a page: who tells them, which facts each gives, whom it credits, how much it tells."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dedup.render.comparison import percent, score, several
from dedup.render.format import document_name, flowing, plain

if TYPE_CHECKING:
    from dedup.reports.stories import ReportDocument, StoryReport

# Facts in the title of a story.
TITLE = 4
# Documents shown of a story.
TELLINGS = 40


def story_rows(
    reports: Sequence[StoryReport], diffs: Container[tuple[int, int, int]], folder: str
) -> Iterator[dict[str, Any]]:
    """Give the stories.

    Args:
        reports: The stories.
        diffs: Pairs of documents whose alignment the page has: number of the story, places.
        folder: Where they were read, as a command takes it.
    """
    ids = Counter({document.doc: document.id for report in reports for document in report.documents}.values())
    for report in reports:
        documents = report.documents[:TELLINGS]
        named = [_argument(document, ids) for document in documents]
        yield {
            "number": report.number,
            "title": several((name for name, _ in report.facts), TITLE),
            "links": report.links,
            "more": len(report.documents) - len(documents),
            "documents": [_document(document, document.doc == _first(report.documents)) for document in documents],
            "facts": [[flowing(name), _cells(cells[:TELLINGS])] for name, cells in report.facts],
            "sources": [[flowing(name), _credits(name, documents)] for name in report.sources],
            "pairs": [
                [
                    pair.left,
                    pair.right,
                    pair.links,
                    score(pair.score),
                    *map(percent, pair.coverage),
                    *(round(part, 3) for part in pair.coverage),
                    int((report.number, pair.left, pair.right) in diffs),
                    f"dedup diff {named[pair.left]} {named[pair.right]} --in {folder} --html diff.html",
                ]
                for pair in report.pairs
                if pair.right < len(documents)
            ],
        }


def story_name(document: ReportDocument) -> str:
    """Write what a document is called: its id, or where it stands."""
    return document_name(document.id, document.path, document.row)


def _argument(document: ReportDocument, ids: Counter[str | None]) -> str:
    """Name a document as a command takes it: by its id, if that is its own, else by its rank."""
    is_own = (
        document.id and ids[document.id] == 1 and document.id == plain(document.id) and not document.id.startswith("-")
    )
    return shlex.quote(document.id if is_own and document.id else f"#{document.doc}")


def _document(document: ReportDocument, is_first: bool) -> dict[str, Any]:
    return {
        "name": story_name(document),
        "outlet": document.outlet and flowing(document.outlet),
        "date": document.date and flowing(document.date),
        "day": document.day,
        "first": int(is_first),
        "told": percent(document.told / max(1, document.length)),
        "cites": [flowing(name) for name in document.cites],
    }


def _first(documents: Sequence[ReportDocument]) -> int | None:
    """Tell which document has the earliest date, if all have one and the next is later."""
    order = sorted(documents, key=lambda document: document.day)
    if len(order) < 2 or not order[0].day or order[0].day == order[1].day:
        return None
    return order[0].doc


def _cells(cells: Iterable[tuple[bool, str]]) -> list[Any]:
    """Write who gives a fact: 1 who does, 0 who does not, and what those say who say another thing."""
    return [flowing(instead) if instead else int(gives) for gives, instead in cells]


def _credits(source: str, documents: Sequence[ReportDocument]) -> list[int]:
    """Write who credits a source; 2 for the outlet that is the source itself."""
    same = source.casefold()
    return [
        2 if (document.outlet or "").casefold() == same else int(source in document.cites) for document in documents
    ]
