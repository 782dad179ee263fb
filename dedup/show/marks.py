"""Words of aligned sentences between signs that say how they correspond; the same with colour and without."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from rich.text import Text

from dedup.alignment.tokens import tokens
from dedup.alignment.words.vocabulary import function_words
from dedup.show.plain import flowing, shortened

if TYPE_CHECKING:
    from dedup.alignment.words.align import WordLink
    from dedup.difference import Pair

# How words are marked in a pair of a kind: "differences" where most are the same, "agreement" where most differ.
# A verbatim pair needs no marks.
Scheme = Literal["differences", "agreement"]
SCHEMES: dict[str, Scheme] = {"light": "differences", "heavy": "agreement", "related": "agreement"}

# The signs before and after words of a kind and their colour, on the left and on the right; other words are plain.
_OTHERS = {
    "equivalent": (("~", "~", "cyan"), ("~", "~", "cyan")),
    "replaced": (("[", "]", "yellow"), ("{", "}", "yellow")),
}
_BOTH = (
    ("equivalent", 0, "in another form"),
    ("", 0, "  "),
    ("replaced", 0, "in A"),
    ("", 0, " for "),
    ("replaced", 1, "in B"),
    ("", 0, "  "),
)
_SIGNS: dict[Scheme, dict[str, tuple[tuple[str, str, str], tuple[str, str, str]]]] = {
    "differences": {**_OTHERS, "unique": (("[-", "-]", "red"), ("{+", "+}", "green"))},
    "agreement": {**_OTHERS, "same": (("*", "*", "bold"), ("*", "*", "bold"))},
}
_LEGENDS: dict[Scheme, tuple[tuple[str, int, str], ...]] = {
    "differences": (
        *_BOTH,
        ("unique", 0, "only in A"),
        ("", 0, "  "),
        ("unique", 1, "only in B"),
        ("", 0, "  the rest is in both"),
    ),
    "agreement": (
        ("same", 0, "in both"),
        ("", 0, "  "),
        *_BOTH,
        ("", 0, "the rest differs, but for small words"),
    ),
}
# Punctuation that is read out, and so counts as a word.
_SPOKEN = "%‰&§@#"


class _Run(NamedTuple):
    kind: str
    """That of word links, or "unique", or "small" for small words that are not the same."""
    start: int
    end: int


def marked(text: str, pair: Pair, side: int, language: str) -> Text:
    """Mark the words of a sentence by how they correspond to those of its counterpart.

    Neighbours of a kind share their signs. Punctuation has none; neither have words like "of" and "the" where agreement
    is marked.

    Args:
        text: The whole text that the sentence is of.
        pair: The sentence and its counterpart; any kind but verbatim.
        side: 0 for the left one, 1 for the right one.
        language: ISO 639-1 code.
    """
    scheme = SCHEMES[pair.kind]
    small = function_words(language) if scheme == "agreement" else frozenset[str]()
    shown = Text(overflow="fold")
    last, end = (pair.left, pair.right)[side]
    for run in _joined(_runs(text, pair, side, small)):
        if run.kind in _SIGNS[scheme]:
            opening, closing, style = _SIGNS[scheme][run.kind][side]
            shown.append(shortened(flowing(text[last : run.start])))
            shown.append(f"{opening}{shortened(flowing(text[run.start : run.end]))}{closing}", style=style)
            last = run.end
    return shown.append(shortened(flowing(text[last:end])))


def legend(scheme: Scheme) -> Text:
    """Tell what the signs mean.

    >>> legend("agreement").plain
    '*in both*  ~in another form~  [in A] for {in B}  the rest differs, but for small words'
    """
    shown = Text()
    for kind, side, words in _LEGENDS[scheme]:
        opening, closing, style = _SIGNS[scheme][kind][side] if kind else ("", "", "")
        shown.append(f"{opening}{words}{closing}", style=style)
    return shown


def _runs(text: str, pair: Pair, side: int, small: frozenset[str]) -> Iterator[_Run]:
    """List the words that are linked and those between them; small words that are the same are left out."""
    last, end = (pair.left, pair.right)[side]
    for link in sorted(pair.words, key=lambda link: _ends(link, side)):
        first, after = _ends(link, side)
        yield from _trimmed("unique", text, last, first)
        forms = [token.form for token in tokens(text[first:after])] if small else []
        if not forms or not small.issuperset(forms):
            yield from _trimmed(link.kind, text, first, after)
        elif link.kind != "same":
            yield from _trimmed("small", text, first, after)
        last = after
    yield from _trimmed("unique", text, last, end)


def _ends(link: WordLink, side: int) -> tuple[int, int]:
    return (link.left_start, link.left_end) if side == 0 else (link.right_start, link.right_end)


def _trimmed(kind: str, text: str, start: int, end: int) -> Iterator[_Run]:
    """Give a run without the punctuation and the space around it, if anything is left."""
    while start < end and not _counts(text[start]):
        start += 1
    while start < end and not _counts(text[end - 1]):
        end -= 1
    if start < end:
        yield _Run(kind, start, end)


def _counts(sign: str) -> bool:
    """Tell whether a character is of a word rather than punctuation or white space."""
    return sign in _SPOKEN or not (sign.isspace() or unicodedata.category(sign)[0] == "P")


def _joined(runs: Iterable[_Run]) -> Iterator[_Run]:
    """Join neighbours of a kind."""
    current: _Run | None = None
    for run in runs:
        if current is not None and run.kind == current.kind:
            current = current._replace(end=run.end)
            continue
        if current is not None:
            yield current
        current = run
    if current is not None:
        yield current
