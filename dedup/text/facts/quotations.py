"""Find the quotations of a text."""
# ruff: noqa: RUF001, RUF002, RUF003 - look-alike quotation marks are intended

import re
from collections.abc import Iterator

from dedup.text.spans import Fact
from dedup.text.tokens import token_forms

MIN_QUOTATION_WORDS, MAX_QUOTATION_LENGTH = 3, 500
"""Minimum number of words of a quotation; maximum number of its code points, including the marks."""

# Opening marks, each with its closing marks in any language: "“English”", "„Deutsch“", "”svenska”", "»dansk«".
_CLOSING_MARKS = {
    "«": "»",
    "»": "«»",
    "“": "”",
    "„": '“”"',
    "”": "”",
    '"': '"',
    "‹": "›",
    "›": "‹",
    "‘": "’",
    "‚": "‘’",
    "’": "’",
    "'": "'",
    "「": "」",
    "『": "』",
    "《": "》",
    "〝": "〞〟",
    "＂": "＂",
}
_SINGLE_MARKS = frozenset("‘’‚'")
# These marks can be apostrophes, so the closing mark must be beside one of the characters below.
_APOSTROPHES = frozenset("’'")
_CLOSING_CONTEXT = frozenset([*".,;:!?…)", ""])
# These marks both open and close quotations, depending on the characters beside them.
_EITHER_MARKS = frozenset("»”\"›’'＂")
_MARK = re.compile(r"[«»“„”\"‹›‘‚’'「」『』《》〝〞〟＂]|\n[^\S\n]*\n|\u2029")
# Innermost open marks that a closing mark is compared with; marks further out stay open.
_MAX_DEPTH = 6


def quotations(text: str) -> list[Fact]:
    """Find the quotations of three words or more.

    A mark that is not closed within 500 code points, or before a blank line, does not open a quotation. Of nested
    quotations only the outermost is returned.

    Args:
        text: Any text.

    Returns:
        Facts of the kind "quotation" by start, without overlaps; the spans include the marks.

    >>> found, = quotations("Il parle d’un « devoir très fraternel ».")
    >>> found.start, found.end, found.value
    (14, 39, 'devoir tres fraternel')
    """
    found: list[Fact] = []
    previous_end = 0
    for start, end in sorted(_mark_pairs(text)):
        if start >= previous_end and end - start <= MAX_QUOTATION_LENGTH:
            words = token_forms(text[start + 1 : end - 1])
            if len(words) >= MIN_QUOTATION_WORDS:
                found.append(Fact("quotation", start, end, " ".join(words)))
                previous_end = end
    return found


def _mark_pairs(text: str) -> Iterator[tuple[int, int]]:
    """Pair opening and closing marks, as brackets are paired.

    Yields:
        The offset of the first code point of each pair, and the offset after its last.
    """
    opened: list[int] = []
    for match in _MARK.finditer(text):
        at, mark = match.start(), match[0]
        if len(mark) > 1 or mark == "\u2029":
            opened.clear()
            continue
        before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        while opened and at - opened[0] > MAX_QUOTATION_LENGTH:
            del opened[0]
        closed = _find_opening(text, opened, mark, before, after)
        if closed is not None:
            yield opened[closed], at + 1
            del opened[closed:]
        elif _can_open(mark, before, after):
            opened.append(at)


def _find_opening(text: str, opened: list[int], mark: str, before: str, after: str) -> int | None:
    """Find the open mark that a mark closes.

    Args:
        text: The text.
        opened: The positions of the open marks.
        mark: The mark.
        before: The character before the mark; empty at the start of the text.
        after: The character after the mark; empty at the end of the text.

    Returns:
        The index of the open mark in `opened`; None if the mark closes none.
    """
    if mark in _SINGLE_MARKS and (not before.strip() or after.isalnum() or (before in "sS" and after.isspace())):
        return None  # "workers’ rights"
    if mark in _EITHER_MARKS and mark not in "»›" and (not before or before.isspace()) and after.isalnum():
        return None
    for index in range(len(opened) - 1, max(-1, len(opened) - 1 - _MAX_DEPTH), -1):
        opener = text[opened[index]]
        if mark in _CLOSING_MARKS[opener] and (
            opener not in _APOSTROPHES or before in _CLOSING_CONTEXT or after in _CLOSING_CONTEXT
        ):
            return index
    return None


def _can_open(mark: str, before: str, after: str) -> bool:
    """Return whether a mark can open a quotation, from the characters beside it."""
    if mark not in _CLOSING_MARKS:
        return False
    return mark not in _EITHER_MARKS | _SINGLE_MARKS or (not before.isalnum() and bool(after) and not after.isspace())
