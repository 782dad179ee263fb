"""Stories to plain values for a page: who tells them, which facts each gives, whom it credits, how much it tells."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dedup.render.comparison import percent, score, several
from dedup.render.format import document_name, flowing, plain

if TYPE_CHECKING:
    from dedup.reports.stories import Board, Telling

# Facts in the title of a story.
TITLE = 4
# Documents shown of a story.
TELLINGS = 40


def story_rows(
    boards: Sequence[Board], diffs: Container[tuple[int, int, int]], folder: str
) -> Iterator[dict[str, Any]]:
    """Give the stories.

    Args:
        boards: The stories.
        diffs: Pairs of documents whose alignment the page has: number of the story, places.
        folder: Where they were read, as a command takes it.
    """
    ids = Counter({telling.doc: telling.id for board in boards for telling in board.tellings}.values())
    for board in boards:
        tellings = board.tellings[:TELLINGS]
        named = [_argument(telling, ids) for telling in tellings]
        yield {
            "number": board.number,
            "title": several((name for name, _ in board.facts), TITLE),
            "links": board.links,
            "more": len(board.tellings) - len(tellings),
            "tellings": [_telling(telling, telling.doc == _first(board.tellings)) for telling in tellings],
            "facts": [[flowing(name), _cells(cells[:TELLINGS])] for name, cells in board.facts],
            "sources": [[flowing(name), _credits(name, tellings)] for name in board.sources],
            "pairs": [
                [
                    pair.left,
                    pair.right,
                    pair.links,
                    score(pair.score),
                    *map(percent, pair.coverage),
                    *(round(part, 3) for part in pair.coverage),
                    int((board.number, pair.left, pair.right) in diffs),
                    f"dedup diff {named[pair.left]} {named[pair.right]} --in {folder} --html diff.html",
                ]
                for pair in board.pairs
                if pair.right < len(tellings)
            ],
        }


def story_name(telling: Telling) -> str:
    """Write what a document is called: its id, or where it stands."""
    return document_name(telling.id, telling.path, telling.row)


def _argument(telling: Telling, ids: Counter[str | None]) -> str:
    """Name a document as a command takes it: by its id, if that is its own, else by its rank."""
    is_own = telling.id and ids[telling.id] == 1 and telling.id == plain(telling.id) and not telling.id.startswith("-")
    return shlex.quote(telling.id if is_own and telling.id else f"#{telling.doc}")


def _telling(telling: Telling, is_first: bool) -> dict[str, Any]:
    return {
        "name": story_name(telling),
        "outlet": telling.outlet and flowing(telling.outlet),
        "date": telling.date and flowing(telling.date),
        "day": telling.day,
        "first": int(is_first),
        "told": percent(telling.told / max(1, telling.length)),
        "cites": [flowing(name) for name in telling.cites],
    }


def _first(tellings: Sequence[Telling]) -> int | None:
    """Tell which document has the earliest date, if all have one and the next is later."""
    order = sorted(tellings, key=lambda telling: telling.day)
    if len(order) < 2 or not order[0].day or order[0].day == order[1].day:
        return None
    return order[0].doc


def _cells(cells: Iterable[tuple[bool, str]]) -> list[Any]:
    """Write who gives a fact: 1 who does, 0 who does not, and what those say who say another thing."""
    return [flowing(instead) if instead else int(gives) for gives, instead in cells]


def _credits(source: str, tellings: Sequence[Telling]) -> list[int]:
    """Write who credits a source; 2 for the outlet that is the source itself."""
    same = source.casefold()
    return [2 if (telling.outlet or "").casefold() == same else int(source in telling.cites) for telling in tellings]
