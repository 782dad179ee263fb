"""Split aligned sentences into spans to mark, by how their words correspond, without formatting."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from dedup.text.function_words import function_words
from dedup.text.tokens import tokens

if TYPE_CHECKING:
    from dedup.alignment.diff import Pair
    from dedup.alignment.words.align import WordLink

# How words are marked in a pair of each kind: "differences" where most words are the same, "agreement" where most
# differ. A verbatim pair needs no marks.
Scheme = Literal["differences", "agreement"]
SCHEMES: dict[str, Scheme] = {"light": "differences", "heavy": "agreement", "related": "agreement"}

# Symbols that are spoken as words, and are marked like words.
_SPOKEN_SYMBOLS = "%‰&§@#"


class MarkedSpan(NamedTuple):
    """Words of one side of a pair that correspond to the other side in one way."""

    kind: str
    """Kind of the word link, or "unique"; "small" for a shared function word in a pair marked by agreement."""
    start: int
    """Offset of the first code point in the text."""
    end: int
    """Offset after the last code point."""
    link: int | None
    """Index of the word link in the pair; None for unique words."""


def marked_spans(text: str, pair: Pair, side: int, language: str) -> Iterator[MarkedSpan]:
    """Split the sentences of one side of a pair into linked words and the words between them.

    Where agreement is marked, function words that are the same are "small", since any two texts share them.

    Args:
        text: The whole text of the side.
        pair: The aligned sentences.
        side: 0 for left, 1 for right.
        language: ISO 639-1 code.

    Yields:
        Spans in order, without the punctuation and white space around them; they do not overlap.
    """
    small_words = function_words(language) if SCHEMES.get(pair.kind) == "agreement" else frozenset[str]()
    previous_end, end = (pair.left, pair.right)[side]
    for index, link in sorted(enumerate(pair.words), key=lambda item: _extent(item[1], side)):
        link_start, link_end = _extent(link, side)
        yield from _trim("unique", text, previous_end, link_start, None)
        forms = [token.form for token in tokens(text[link_start:link_end])] if small_words else []
        is_small = bool(forms) and small_words.issuperset(forms)
        yield from _trim("small" if is_small else link.kind, text, link_start, link_end, index)
        previous_end = link_end
    yield from _trim("unique", text, previous_end, end, None)


def _extent(link: WordLink, side: int) -> tuple[int, int]:
    return (link.left_start, link.left_end) if side == 0 else (link.right_start, link.right_end)


def _trim(kind: str, text: str, start: int, end: int, link: int | None) -> Iterator[MarkedSpan]:
    """Yield a span without the punctuation and white space around it, if anything is left."""
    while start < end and not _is_word_char(text[start]):
        start += 1
    while start < end and not _is_word_char(text[end - 1]):
        end -= 1
    if start < end:
        yield MarkedSpan(kind, start, end, link)


def _is_word_char(char: str) -> bool:
    """Return whether a character belongs to a word rather than to punctuation or white space."""
    return char in _SPOKEN_SYMBOLS or not (char.isspace() or unicodedata.category(char)[0] == "P")
