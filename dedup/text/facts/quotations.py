"""A text to what it quotes word for word."""
# ruff: noqa: RUF001, RUF002, RUF003 - quote marks that look alike are the point

import re
from collections.abc import Iterator

from dedup.text.spans import Fact
from dedup.text.tokens import tokens

LEAST, LONGEST = 3, 500
"""Words of a quotation at least, and its code points at most, marks included."""

# Marks that open, and what closes them in one language or another: "“English”", "„Deutsch“", "”svenska”", "»dansk«".
_CLOSERS = {
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
_SINGLE = frozenset("‘’‚'")
# These may be apostrophes, so beside the one that closes there is to be one of the signs below.
_APOSTROPHES = frozenset("’'")
_STOPS = frozenset([*".,;:!?…)", ""])
# Marks that open no less than they close: the words beside them tell.
_EITHER = frozenset("»”\"›’'＂")
_MARK = re.compile(r"[«»“„”\"‹›‘‚’'「」『』《》〝〞〟＂]|\n[^\S\n]*\n|\u2029")
# Marks that are looked at for the one that a mark may close; those further out stay open.
_DEPTH = 6


def quotations(text: str) -> list[Fact]:
    """Find what stands between quote marks, of three words or more.

    A mark that is not closed within 500 code points, or before a blank line, quotes nothing. Of quotations inside
    quotations the outer one counts.

    Args:
        text: Any text.

    Returns:
        Quotations by start, apart from each other; each with its marks.

    >>> found, = quotations("Il parle d’un « devoir très fraternel ».")
    >>> found.start, found.end, found.value
    (14, 39, 'devoir tres fraternel')
    """
    found: list[Fact] = []
    end = 0
    for first, last in sorted(_pairs(text)):
        if first >= end and last - first <= LONGEST:
            words = tokens(text[first + 1 : last - 1])
            if len(words) >= LEAST:
                found.append(Fact("quotation", first, last, " ".join(word.form for word in words)))
                end = last
    return found


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    """Pair the marks that open with those that close them, as brackets are paired."""
    opened: list[int] = []
    for match in _MARK.finditer(text):
        at, mark = match.start(), match[0]
        if len(mark) > 1 or mark == "\u2029":
            opened.clear()
            continue
        before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        while opened and at - opened[0] > LONGEST:
            del opened[0]
        closed = _closed(text, opened, mark, before, after)
        if closed is not None:
            yield opened[closed], at + 1
            del opened[closed:]
        elif _opens(mark, before, after):
            opened.append(at)


def _closed(text: str, opened: list[int], mark: str, before: str, after: str) -> int | None:
    """Give the place among the open marks of the one that a mark closes."""
    if mark in _SINGLE and (not before.strip() or after.isalnum() or (before in "sS" and after.isspace())):
        return None  # "workers’ rights"
    if mark in _EITHER and mark not in "»›" and (not before or before.isspace()) and after.isalnum():
        return None
    for place in range(len(opened) - 1, max(-1, len(opened) - 1 - _DEPTH), -1):
        opener = text[opened[place]]
        if mark in _CLOSERS[opener] and (opener not in _APOSTROPHES or before in _STOPS or after in _STOPS):
            return place
    return None


def _opens(mark: str, before: str, after: str) -> bool:
    """Tell whether a mark may open a quotation."""
    if mark not in _CLOSERS:
        return False
    return mark not in _EITHER | _SINGLE or (not before.isalnum() and bool(after) and not after.isspace())
