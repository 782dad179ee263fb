"""Words of aligned sentences to runs by how they correspond; knows no colour and no page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from dedup.text.function_words import function_words
from dedup.text.tokens import tokens

if TYPE_CHECKING:
    from dedup.alignment.diff import Pair
    from dedup.alignment.words.align import WordLink

# How words are marked in a pair of a kind: "differences" where most are the same, "agreement" where most differ.
# A verbatim pair needs no marks.
Scheme = Literal["differences", "agreement"]
SCHEMES: dict[str, Scheme] = {"light": "differences", "heavy": "agreement", "related": "agreement"}

# Punctuation that is read out, and so counts as a word.
_SPOKEN = "%‰&§@#"


class Run(NamedTuple):
    """Words of one side that correspond to the other side in one way."""

    kind: str
    """That of word links, or "unique"; or "small": a word like "of" in a pair that is marked by agreement."""
    start: int
    """First code point of the text."""
    end: int
    """One past the last."""
    link: int | None
    """Rank of the word link in the pair; None for what is in none."""


def word_runs(text: str, pair: Pair, side: int, language: str) -> Iterator[Run]:
    """List the words of a pair that are linked, and those between them.

    Where agreement is marked, words like "of" and "the" that are the same are "small": by them any two texts agree.

    Args:
        text: The whole text that the sentences are of.
        pair: The sentences and their counterpart.
        side: 0 for the left ones, 1 for the right ones.
        language: ISO 639-1 code.

    Yields:
        Runs by place, without the punctuation and the space around them; no two overlap.
    """
    small = function_words(language) if SCHEMES.get(pair.kind) == "agreement" else frozenset[str]()
    last, end = (pair.left, pair.right)[side]
    for rank, link in sorted(enumerate(pair.words), key=lambda item: _ends(item[1], side)):
        first, after = _ends(link, side)
        yield from _trimmed("unique", text, last, first, None)
        forms = [token.form for token in tokens(text[first:after])] if small else []
        is_small = bool(forms) and small.issuperset(forms)
        yield from _trimmed("small" if is_small else link.kind, text, first, after, rank)
        last = after
    yield from _trimmed("unique", text, last, end, None)


def _ends(link: WordLink, side: int) -> tuple[int, int]:
    return (link.left_start, link.left_end) if side == 0 else (link.right_start, link.right_end)


def _trimmed(kind: str, text: str, start: int, end: int, link: int | None) -> Iterator[Run]:
    """Give a run without the punctuation and the space around it, if anything is left."""
    while start < end and not _counts(text[start]):
        start += 1
    while start < end and not _counts(text[end - 1]):
        end -= 1
    if start < end:
        yield Run(kind, start, end, link)


def _counts(sign: str) -> bool:
    """Tell whether a character is of a word rather than punctuation or white space."""
    return sign in _SPOKEN or not (sign.isspace() or unicodedata.category(sign)[0] == "P")
