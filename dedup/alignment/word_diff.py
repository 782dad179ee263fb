"""Compare two versions of a text word by word, without formatting."""

import re
import unicodedata
from typing import Literal, NamedTuple

from dedup.text.tokens import PUNCTUATION, UNSPACED

Tag = Literal["same", "replaced", "left only", "right only"]


class DiffSpan(NamedTuple):
    """A run of words that is the same or differs, with its half-open spans in both texts in code points."""

    tag: Tag
    """"same", "replaced", "left only" or "right only"."""
    left_start: int
    """Offset of the first code point in the left text."""
    left_end: int
    """Offset after the last code point in the left text."""
    right_start: int
    """Offset of the first code point in the right text."""
    right_end: int
    """Offset after the last code point in the right text."""


_TAGS: dict[str, Tag] = {
    "equal": "same",
    "replace": "replaced",
    "delete": "left only",
    "insert": "right only",
}
# A number with separators is one word.
_WORD = re.compile(rf"[{UNSPACED}]|\d+(?:[.,]\d+)+|[^\s{PUNCTUATION}{UNSPACED}]+|\S")


def diff_words(left: str, right: str) -> list[DiffSpan]:
    """Compare two texts word by word, ignoring white space between words.

    A word with digits that both texts have is not "replaced": it is in the left text only and in the right text only.

    Args:
        left: A text.
        right: Another text.

    Returns:
        Spans in order, each from the beginning of a word to the end of a word, without the white space around them.

    >>> [tuple(span) for span in diff_words("a red cat", "a blue cat!")]
    [('same', 0, 1, 0, 1), ('replaced', 2, 5, 2, 6), ('same', 6, 9, 7, 10), ('right only', 9, 9, 10, 11)]
    >>> [tuple(span) for span in diff_words("58.8 tons", "58.7 tons")]
    [('replaced', 0, 4, 0, 4), ('same', 5, 9, 5, 9)]
    """
    from rapidfuzz.distance import Levenshtein

    lefts = _words(left)
    if left == right:
        return [DiffSpan("same", *_extent(lefts, 0, len(lefts)), *_extent(lefts, 0, len(lefts)))] if lefts else []
    rights = _words(right)
    forms = _normalize(left, lefts), _normalize(right, rights)
    figures = {form for form in forms[0] if any(map(str.isdigit, form))}.intersection(forms[1])
    spans = []
    # Levenshtein, not Indel: rapidfuzz divides long inputs (Hirschberg) instead of keeping a quadratic matrix.
    for op in Levenshtein.opcodes(*forms):
        left_span, right_span = _extent(lefts, op.src_start, op.src_end), _extent(rights, op.dest_start, op.dest_end)
        words = forms[0][op.src_start : op.src_end] + forms[1][op.dest_start : op.dest_end]
        if op.tag == "replace" and not figures.isdisjoint(words):
            spans.append(DiffSpan("left only", *left_span, *_extent(rights, op.dest_start, op.dest_start)))
            spans.append(DiffSpan("right only", *_extent(lefts, op.src_end, op.src_end), *right_span))
        else:
            spans.append(DiffSpan(_TAGS[op.tag], *left_span, *right_span))
    return spans


def _words(text: str) -> list[tuple[int, int]]:
    """Return the spans of the words and punctuation marks, each with the combining marks that follow it."""
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if found and found[-1][1] == start and unicodedata.category(text[start]).startswith("M"):
            start = found.pop()[0]
        found.append((start, end))
    return found


def _normalize(text: str, words: list[tuple[int, int]]) -> list[str]:
    """Return the words in NFC: composed and decomposed letters look the same and are equal."""
    return [unicodedata.normalize("NFC", text[start:end]) for start, end in words]


def _extent(words: list[tuple[int, int]], first: int, stop: int) -> tuple[int, int]:
    """Return the span of a run of words; an empty run is at the end of the word before it."""
    if first == stop:
        end = words[first - 1][1] if first else 0
        return end, end
    return words[first][0], words[stop - 1][1]
