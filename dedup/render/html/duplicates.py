"""Convert groups of duplicates to the JSON values that the script `groups.js` reads."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from dedup.render.format import excerpt, flowing, location_label, shortened, similarity_label
from dedup.text.language import certain_language

if TYPE_CHECKING:
    from dedup.alignment.word_diff import DiffSpan
    from dedup.reports.duplicates import DuplicateGroup, RemovedUnit

# Number of groups per embedded value of texts. The page parses a value when one of its groups is opened.
GROUPS_PER_VALUE = 200
# Lengths in code points: the excerpt of a row; both ends of a long text; both ends of a long common stretch.
ROW_EXCERPT, TEXT_ENDS, COMMON_ENDS = 140, 400, 100
# Code points that decide the language of a group.
LANGUAGE_SAMPLE = 300


def group_rows(groups: Iterable[DuplicateGroup]) -> Iterator[dict[str, Any]]:
    """Convert groups to the rows of the list.

    Args:
        groups: The groups, in the order of the list.

    Yields:
        For each group a dictionary with ``unit``, ``kept`` (the name of the kept unit), ``size`` (the number of removed
        units), ``characters`` (removed code points), ``similarity`` (a label, of the least similar unit), ``least``
        (its similarity), ``excerpt`` and ``lang`` (the language of the texts; None if it is not certain).
    """
    for group in groups:
        yield {
            "unit": group.unit,
            "kept": location_label(group.kept, group.unit) + (", in the reference" if _in_reference(group) else ""),
            "size": group.size,
            "characters": group.characters,
            "similarity": similarity_label(group.reason, group.similarity),
            "least": group.similarity,
            "excerpt": excerpt(group.kept_text, ROW_EXCERPT),
            "lang": certain_language(group.kept_text[:LANGUAGE_SAMPLE]),
        }


def _in_reference(group: DuplicateGroup) -> bool:
    """Return whether the kept unit belongs to a reference."""
    return group.members[0].passage.scope == "reference"


def group_texts(groups: Iterable[DuplicateGroup]) -> Iterator[dict[str, Any]]:
    """Convert groups to the content that is shown when a group is opened.

    Args:
        groups: The groups, in the order of the list.

    Yields:
        For each group a dictionary with ``text`` (of the kept unit) and ``members``: for each listed removed unit its
        ``name``, ``similarity`` (a label), ``argument`` (of ``dedup explain``, quoted for a shell), ``scope`` and
        ``pieces`` (see `pieces`), which is None for exact duplicates.
    """
    for group in groups:
        yield {
            "text": shortened(flowing(group.kept_text), TEXT_ENDS),
            "members": [_member(removed, group.unit) for removed in group.members],
        }


def _member(removed: RemovedUnit, unit: str) -> dict[str, Any]:
    passage = removed.passage
    similarity = similarity_label(passage.reason, passage.similarity)
    if passage.reason == "near" and passage.jaccard != 1:
        similarity += f", {round(100 * (passage.containment or 0))}% of its shingles in the kept text"
    return {
        "name": location_label(removed.place, unit),
        "similarity": similarity,
        "argument": shlex.quote(f"#{removed.place.doc}"),
        "scope": passage.scope,
        "pieces": list(pieces(passage.compared_text, passage.kept_text or "", passage.words))
        if passage.reason != "exact"
        else None,
    }


def pieces(text: str, kept_text: str, words: Iterable[DiffSpan]) -> Iterator[str | dict[str, str]]:
    """Split both texts of a pair where a difference begins or ends.

    Args:
        text: The removed text.
        kept_text: The kept text.
        words: Their differences.

    Yields:
        A string that both texts contain, or a dictionary with ``removed`` and ``kept``, the text on each side. Long
        ones are shortened.
    """
    previous_ends = (0, 0)
    for span in words:
        ends = COMMON_ENDS if span.tag == "same" else TEXT_ENDS
        removed_part = _part(text, previous_ends[0], span.left_start, span.left_end, ends)
        kept_part = _part(kept_text, previous_ends[1], span.right_start, span.right_end, ends)
        yield removed_part if span.tag == "same" else {"removed": removed_part, "kept": kept_part}
        previous_ends = (span.left_end, span.right_end)


def _part(text: str, previous_end: int, start: int, end: int, ends: int) -> str:
    """Return a shortened part of a text, after a space if the text has characters between it and the previous part."""
    return f"{' ' * (0 < previous_end < start < end)}{shortened(flowing(text[start:end]), ends)}"
