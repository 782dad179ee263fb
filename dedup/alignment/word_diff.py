"""Two versions of a text to the words that changed between them; knows no colour and no page."""

import re
import unicodedata
from typing import Literal, NamedTuple

from dedup.text.tokens import PUNCTUATION, UNSPACED

Tag = Literal["same", "replaced", "left only", "right only"]


class Span(NamedTuple):
    """A stretch of words that two texts share or do not, by code points, half-open."""

    tag: Tag
    left_start: int
    left_end: int
    right_start: int
    right_end: int


_TAGS: dict[str, Tag] = {
    "equal": "same",
    "replace": "replaced",
    "delete": "left only",
    "insert": "right only",
}
_WORD = re.compile(rf"[{UNSPACED}]|[^\s{PUNCTUATION}{UNSPACED}]+|\S")


def words(left: str, right: str) -> list[Span]:
    """Align two texts word by word; white space between words counts for nothing.

    Args:
        left: One text.
        right: The other.

    Returns:
        Spans in order, from the first letter of a word to the last of one, so without the space around them.

    >>> [tuple(span) for span in words("a red cat", "a blue cat!")]
    [('same', 0, 1, 0, 1), ('replaced', 2, 5, 2, 6), ('same', 6, 9, 7, 10), ('right only', 9, 9, 10, 11)]
    """
    from rapidfuzz.distance import Levenshtein

    lefts = _tokens(left)
    if left == right:
        return [Span("same", *_extent(lefts, 0, len(lefts)), *_extent(lefts, 0, len(lefts)))] if lefts else []
    rights = _tokens(right)
    # Levenshtein, not Indel: on long lists it halves the problem instead of filling a square of memory.
    opcodes = Levenshtein.opcodes(_values(left, lefts), _values(right, rights))
    return [
        Span(
            _TAGS[op.tag],
            *_extent(lefts, op.src_start, op.src_end),
            *_extent(rights, op.dest_start, op.dest_end),
        )
        for op in opcodes
    ]


def _tokens(text: str) -> list[tuple[int, int]]:
    """Find where the words stand, each with the marks on it."""
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if found and found[-1][1] == start and unicodedata.category(text[start]).startswith("M"):
            start = found.pop()[0]
        found.append((start, end))
    return found


def _values(text: str, tokens: list[tuple[int, int]]) -> list[str]:
    """Give what is compared: composed and decomposed letters look the same, so they are."""
    return [unicodedata.normalize("NFC", text[start:end]) for start, end in tokens]


def _extent(tokens: list[tuple[int, int]], first: int, stop: int) -> tuple[int, int]:
    """Turn a run of words into code points; an empty run stands right after the word before it."""
    if first == stop:
        place = tokens[first - 1][1] if first else 0
        return place, place
    return tokens[first][0], tokens[stop - 1][1]
