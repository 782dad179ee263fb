"""Groups of duplicates to plain values for a page: rows for the list, and texts that are read when one is opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from dedup.render.format import excerpt, flowing, likeness, place, shortened

if TYPE_CHECKING:
    from dedup.reports.duplicates import DuplicateGroup, Gone

# Groups whose texts are read at once.
CHUNK = 200
# Code points of a row's excerpt; at either end of a long text; and of a long stretch that both texts have.
EXCERPT, ENDS, CONTEXT = 140, 400, 100


def group_rows(groups: Iterable[DuplicateGroup]) -> Iterator[list[Any]]:
    """Give what a list of groups shows.

    Yields:
        Unit, what stays, how many go, characters that go, least similarity in words and as a number, excerpt.
    """
    for group in groups:
        exact = all(gone.passage.reason == "exact" for gone in group.members)
        yield [
            group.unit,
            place(group.kept, group.unit),
            group.size,
            group.characters,
            likeness("exact" if exact else "near", group.jaccard),
            group.jaccard,
            excerpt(group.kept_text, EXCERPT),
        ]


def group_texts(groups: Iterable[DuplicateGroup]) -> Iterator[list[Any]]:
    """Give what a group shows when it is opened.

    Yields:
        The kept text, and of each that went: its place, likeness, name for ``dedup explain``,
        scope, and the pieces of its text. A piece is a text that both have, or a list of what went and what stays;
        None where all characters are the same.
    """
    for group in groups:
        yield [
            shortened(flowing(group.kept_text), ENDS),
            [_gone(gone, group.unit) for gone in group.members],
        ]


def _gone(gone: Gone, unit: str) -> list[Any]:
    passage = gone.passage
    how = likeness(passage.reason, passage.jaccard)
    if passage.reason == "near" and passage.jaccard != 1:
        how += f", {round(100 * (passage.containment or 0))}% of its shingles in what stays"
    pieces = list(_pieces(gone)) if passage.reason == "near" else None
    return [place(gone.place, unit), how, f"#{gone.place.doc}", passage.scope, pieces]


def _pieces(gone: Gone) -> Iterator[Any]:
    """Cut both texts where they begin and end to differ."""
    passage, last = gone.passage, (0, 0)
    kept = passage.kept_text or ""
    for span in passage.words:
        ends = CONTEXT if span.tag == "same" else ENDS
        went = _said(passage.text, last[0], span.left_start, span.left_end, ends)
        stays = _said(kept, last[1], span.right_start, span.right_end, ends)
        yield went if span.tag == "same" else [went, stays]
        last = (span.left_end, span.right_end)


def _said(text: str, last: int, start: int, end: int, ends: int) -> str:
    """Give a stretch, with a space before it if something stands between it and the one before."""
    return f"{' ' * (0 < last < start < end)}{shortened(flowing(text[start:end]), ends)}"
