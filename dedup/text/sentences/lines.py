"""A text to stretches that no deliberate line break divides: paragraphs, list items, rows of tables."""
# ruff: noqa: RUF001 - dashes and quote marks that look alike are the point

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from dedup.text.tokens import UNSPACED

# A longer line was not wrapped by hand; a block of shorter ones is a list of names, say.
LONGEST_WRAP, SHORTEST_WRAP = 120, 30
# How much of the longest line a line fills before it is broken.
FULL = 0.9
# A row of a table has a bar in every so many code points; other text may hold a few.
CELL = 100
# How the rule of wrapping counts words, as in the kernel for paragraphs.
_FIRST_WORD = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
_ITEM = re.compile(r"([-–—*+·•‣⁃◦▪▫●○■□])\s|(\(?\d{1,3}[.)])\s|(\(?[^\W\d_]\))\s")
_BULLETS = frozenset("•‣⁃◦▪▫●○■□")
_GAP = re.compile(r"(?:\t| {3})\s*")
# What a block of sentences ends with, and a line after which a list may begin.
_ENDED = frozenset('.!?…»”")。！？؟۔।')
_CLOSED = _ENDED | {":", ";"}


class Stretch(NamedTuple):
    """A part of a text, without the white space around it."""

    start: int
    """First code point."""
    end: int
    """One past the last."""
    is_row: bool = False
    """Whether it is a row of a table."""


class _Line(NamedTuple):
    start: int
    end: int
    indent: int
    kind: str
    """"row"; the sign of a list item, "1" and "a" for any number and letter; else empty."""


def stretches(text: str) -> Iterator[Stretch]:
    """Find what no deliberate line break divides.

    That is each line; but lines between blank ones that were wrapped by hand are one. They were if, for most that
    have a next one, adding the next line's first word would pass the longest of them. Among these too, a new stretch
    begins with a line that is indented more than the one before, with list items and with rows of tables.

    Args:
        text: Any text.

    Returns:
        Stretches in order; they hold all that is not white space.

    >>> text = "A headline\\n\\nThis sentence goes on and was wrapped\\nby hand where a line was full.\\n- An item"
    >>> [text[found.start:found.end] for found in stretches(text)]
    ['A headline', 'This sentence goes on and was wrapped\\nby hand where a line was full.', '- An item']
    """
    for block in _blocks(text):
        start = block[0].start
        for (line, following), breaks in zip(pairwise(block), _breaks(text, block), strict=True):
            if breaks:
                yield Stretch(start, line.end, line.kind == "row")
                start = following.start
        yield Stretch(start, block[-1].end, block[-1].kind == "row")


def _blocks(text: str) -> Iterator[list[_Line]]:
    """Gather the lines between blank ones."""
    block: list[_Line] = []
    at = 0
    for raw in text.splitlines(keepends=True):
        ink = raw.strip()
        if ink:
            indent = len(raw) - len(raw.lstrip())
            block.append(_Line(at + indent, at + indent + len(ink), indent, _kind(ink)))
        elif block:
            yield block
            block = []
        at += len(raw)
    if block:
        yield block


def _kind(line: str) -> str:
    """Tell list items and rows of tables from other lines."""
    bars = line.count("|")
    if bars and bars * CELL >= len(line) and (bars > 1 or "|" in (line[0], line[-1])):
        return "row"
    if len(line) <= LONGEST_WRAP and ("\t" in line or "   " in line) and len(_GAP.split(line)) > 2:
        return "row"
    item = _ITEM.match(line)
    return (item[1] or ("1" if item[2] else "a")) if item else ""


def _breaks(text: str, block: list[_Line]) -> list[bool]:
    """Say after which lines of a block, but the last, a stretch ends."""
    if len(block) == 1:
        return []
    lengths = sorted(line.indent + line.end - line.start for line in block)
    if not SHORTEST_WRAP <= lengths[-1] <= LONGEST_WRAP:
        return [True] * (len(block) - 1)
    # Here and there a line stands out, by a word that was put in later, say.
    longest = lengths[-1 - len(block) // 10] * FULL
    widths = [_width(text, line, following) for line, following in pairwise(block)]
    starts_inside = _starts_inside(text, block)
    is_deeper = _is_deeper(block, starts_inside)
    is_full = [width > longest for width, deeper in zip(widths, is_deeper, strict=True) if not deeper]
    is_wrapped = 2 * sum(is_full) > len(is_full)
    # Headlines, names and the like, one a line, can be as long as each other by chance.
    is_prose = any(starts_inside) + (len(block) > 2) + (text[block[-1].end - 1] in _ENDED) > 1
    kinds = Counter(line.kind for line in block)
    breaks = []
    for (line, following), width, inside, deeper in zip(pairwise(block), widths, starts_inside, is_deeper, strict=True):
        is_closed = text[line.end - 1] in _CLOSED
        # A dash or "5." that happens to begin a line is no list item.
        is_item = following.kind in _BULLETS or (following.kind != "" and (is_closed or kinds[following.kind] > 1))
        # Short, but cut off in the middle of a sentence: newswire whose first line has lost its place and date.
        is_begun = line is block[0] and inside and text[line.start].isupper()
        goes_on = is_begun or (width > longest and (inside or following.indent < line.indent))
        breaks.append(
            "row" in (line.kind, following.kind)
            or deeper
            or is_item
            or (not inside and 2 * width < longest)
            or not (is_prose and (is_wrapped or (goes_on and not is_closed)))
        )
    return breaks


def _width(text: str, line: _Line, following: _Line) -> int:
    """Measure a line, from the margin, with the first word of the next."""
    word = _FIRST_WORD.match(text, following.start, following.end)
    return line.indent + line.end - line.start + 1 + (word.end() - word.start() if word else 0)


def _starts_inside(text: str, block: list[_Line]) -> list[bool]:
    """Say which lines after the first start as the middle of a sentence may: with a letter that is no capital."""
    if text[block[0].start : block[-1].end].isupper():
        return [text[line.start].isalpha() for line in block[1:]]
    return [text[line.start].isalpha() and not text[line.start].isupper() for line in block[1:]]


def _is_deeper(block: list[_Line], starts_inside: list[bool]) -> list[bool]:
    """Say which lines after the first begin a paragraph by their indent, and do not stand under that of a list item."""
    margin = min(line.indent for line in block)
    # In newswire the first line of a paragraph is indented, and no other: lines go on at the margin.
    single = several = 0
    for (line, following), inside in zip(pairwise(block), starts_inside, strict=True):
        if line.indent > margin:
            single += following.indent == margin and not following.kind
            several += following.indent > margin and inside
    return [
        not line.kind and (following.indent > line.indent or (single > several and following.indent > margin))
        for line, following in pairwise(block)
    ]
