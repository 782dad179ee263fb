"""Labels and summary lines of an alignment of two texts, for the terminal and for pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from math import floor
from typing import TYPE_CHECKING

from dedup.render.format import excerpt, join_words
from dedup.text.sources.cues import reads_credits

if TYPE_CHECKING:
    from dedup.alignment.diff import Diff, Pair

LINK_KIND_LABELS = {
    "verbatim": "same words",
    "light": "mostly the same words",
    "heavy": "reworded",
    "related": "same topic only",
}
# Items in a list of facts or sources, and code points of an item.
MAX_LISTED, MAX_ITEM_LENGTH = 12, 60
_LONG_NUMBER = re.compile(r"(?<![\d.])\d{5,}(?!\d)")


def summarize_diff(diff: Diff) -> Iterator[tuple[str, str]]:
    """Yield labels and values: languages, coverage, pairs, facts and sources of two texts."""
    guessed = " (guessed)" if diff.is_language_guessed else ""
    if diff.is_compared:
        yield "language", f"{diff.language}{guessed}"
    else:
        yield "languages", f"A {diff.language}, B {diff.right_language}{guessed}"
        yield "not compared", "texts of different languages; only sentences with the same words are linked"
    left, right = coverage_labels(diff)
    yield "coverage", f"{left}, {right}"
    kinds = Counter[str](pair.kind for pair in diff.pairs)
    if kinds:
        moved = sum(pair.moved for pair in diff.pairs)
        counts = [f"{kinds[kind]:,} {kind} ({label})" for kind, label in LINK_KIND_LABELS.items() if kinds[kind]]
        yield "pairs", join_words(counts) + (f"; {moved:,} moved ↕" if moved else "")
    shared = [fact.value for fact in diff.facts if fact.left and fact.right]
    if shared:
        yield "shared", short_list(shared)
    conflicting = [str(conflict) for pair in diff.pairs for conflict in pair.conflicting]
    if conflicting:
        yield "conflicting", short_list(conflicting)
    left, right = (
        credited(sources if reads_credits(language) else None)
        for sources, language in zip(diff.sources(), (diff.language, diff.right_language), strict=True)
    )
    yield "credits", f"A: {left}; B: {right}"


def coverage_labels(diff: Diff) -> tuple[str, str]:
    """Return the coverage of the left and of the right text in words: the share of its letters that the other has."""
    left, right = map(percent, diff.coverage)
    return f"{left} of A is also in B", f"{right} of B is also in A"


def is_exact(diff: Diff, pair: Pair) -> bool:
    """Return whether the sentences of a pair have the same characters, apart from white space and line ends."""
    left, right = (text[slice(*span)].split() for text, span in ((diff.left, pair.left), (diff.right, pair.right)))
    return left == right


def credited(sources: Iterable[str] | None) -> str:
    """Return a list of credited sources, or why there is none.

    Args:
        sources: The sources; None if credits are not read in the language of the text.

    >>> credited(["NHK"]), credited([]), credited(None)
    ('NHK', 'no source', 'unknown (not read in this language)')
    """
    return "unknown (not read in this language)" if sources is None else short_list(sources) or "no source"


def grouped_digits(text: str) -> str:
    """Write long integers of a text with separators.

    >>> grouped_digits("25000 workers in 2024"), grouped_digits("0.123456")
    ('25,000 workers in 2024', '0.123456')
    """
    return _LONG_NUMBER.sub(lambda match: match[0] if match[0].startswith("0") else f"{int(match[0]):,}", text)


def short_list(items: Iterable[str], most: int = MAX_LISTED) -> str:
    """Join the first distinct items with commas, with separators in long numbers, and add the number of the others.

    >>> short_list(["NHK", "AFP", "NHK", "TASS"], 2)
    'NHK, AFP, and 1 more'
    """
    distinct = list(dict.fromkeys(excerpt(grouped_digits(item), MAX_ITEM_LENGTH) for item in items))
    more = [f"and {len(distinct) - most:,} more"] if len(distinct) > most else []
    return ", ".join(distinct[:most] + more)


def score(value: float) -> str:
    """Format a score in [0, 1], rounded down.

    >>> score(0.999), score(0.3)
    ('0.99', '0.30')
    """
    return f"{floor(value * 100 + 1e-9) / 100:.2f}"


def percent(part: float) -> str:
    """Format a share in [0, 1] as a whole percentage, rounded down; 0% and 100% are exact.

    >>> percent(0.004), percent(0.999), percent(1.0)
    ('less than 1%', '99%', '100%')
    """
    return "less than 1%" if 0 < part < 0.01 else f"{floor(part * 100 + 1e-9)}%"
