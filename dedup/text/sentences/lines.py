"""Split a text into segments at deliberate line breaks: paragraphs, list items and table rows."""
# ruff: noqa: RUF001 - dashes and quote marks that look alike are intended

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from dedup.text.tokens import UNSPACED

# Range of widths of the longest line of a hard-wrapped block: longer lines are not wrapped, and a block of shorter
# lines is a list of names, for example.
MIN_WRAP_WIDTH, MAX_WRAP_WIDTH = 30, 120
# A wrapped line is full if it and the first word of the next line pass this share of the longest line.
FULL_LINE_SHARE = 0.9
# A table row has at least one bar for this many code points; other text may contain a few bars.
MAX_CELL_WIDTH = 100
# Lines of verse and subtitles are not wider.
MAX_VERSE_WIDTH = 72
# A text is wrapped if this share of the lines that continue in lower case is full, and there are at least this many;
# the width is that of its lines without the longest tenth. `dedup.kernels.text.blocks` uses the same rule.
WRAPPED_SHARE, MIN_EVIDENCE = 0.7, 4
# First word of a line, as `dedup.kernels` counts it to find wrapped paragraphs.
_FIRST_WORD = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
_ITEM = re.compile(r"([-–—*+·•‣⁃◦▪▫●○■□])\s|(\(?\d{1,3}[.)])\s|(\(?[^\W\d_]\))\s")
_BULLETS = frozenset("•‣⁃◦▪▫●○■□")
_COLUMN_GAP = re.compile(r"(?:\t| {3})\s*")
# Last characters of a block of sentences, and of a line after which a list may begin.
_SENTENCE_ENDS = frozenset('.!?…»”")。！？؟۔।')
_TERMINATORS = frozenset(".!?…")
_LIST_LEADS = _SENTENCE_ENDS | {":", ";"}


class Segment(NamedTuple):
    """A span of text between deliberate line breaks, without the white space around it."""

    start: int
    """Offset of the first code point."""
    end: int
    """Offset after the last code point."""
    is_row: bool = False
    """Whether the segment is a table row."""


class _Line(NamedTuple):
    """A line that is not blank."""

    start: int
    """Offset of the first code point that is not white space."""
    end: int
    """Offset after the last code point that is not white space."""
    indent: int
    """Code points of white space before `start`."""
    kind: str
    """"row" for a table row; for a list item its bullet, "1" for any number, "a" for any letter; else empty."""


def segments(text: str) -> Iterator[Segment]:
    """Split a text at deliberate line breaks.

    Each line is a segment, except that hard-wrapped lines between blank lines are joined. A block counts as wrapped if
    for most of its lines, adding the first word of the next line would pass the longest line. The lines of a block
    without any end of a sentence are joined only if the text as a whole may be wrapped: otherwise they are
    verse or subtitles. Within a wrapped block, a new segment begins at a line with a deeper indent than the line
    before, at list items and at table rows.

    Args:
        text: Any text.

    Yields:
        Segments in order, which cover everything but white space.

    >>> text = "A headline\\n\\nThis sentence goes on and was wrapped\\nby hand where a line was full.\\n- An item"
    >>> [text[segment.start:segment.end] for segment in segments(text)]
    ['A headline', 'This sentence goes on and was wrapped\\nby hand where a line was full.', '- An item']
    """
    blocks = list(_blocks(text))
    may_be_wrapped = _may_be_wrapped(text, blocks)
    for block in blocks:
        start = block[0].start
        is_verse = not may_be_wrapped and _is_verse(text, block)
        breaks = [True] * (len(block) - 1) if is_verse else _breaks(text, block)
        for (line, following), is_break in zip(pairwise(block), breaks, strict=True):
            if is_break:
                yield Segment(start, line.end, line.kind == "row")
                start = following.start
        yield Segment(start, block[-1].end, block[-1].kind == "row")


def _blocks(text: str) -> Iterator[list[_Line]]:
    """Yield the blocks of lines between blank lines."""
    block: list[_Line] = []
    offset = 0
    for raw in text.splitlines(keepends=True):
        line = raw.strip()
        if line:
            indent = len(raw) - len(raw.lstrip())
            block.append(_Line(offset + indent, offset + indent + len(line), indent, _kind(line)))
        elif block:
            yield block
            block = []
        offset += len(raw)
    if block:
        yield block


def _kind(line: str) -> str:
    """Return the kind of a line, as in `_Line.kind`."""
    bars = line.count("|")
    if bars and bars * MAX_CELL_WIDTH >= len(line) and (bars > 1 or "|" in (line[0], line[-1])):
        return "row"
    if len(line) <= MAX_WRAP_WIDTH and ("\t" in line or "   " in line) and len(_COLUMN_GAP.split(line)) > 2:
        return "row"
    item = _ITEM.match(line)
    return (item[1] or ("1" if item[2] else "a")) if item else ""


def _may_be_wrapped(text: str, blocks: list[list[_Line]]) -> bool:
    """Return whether the lines of a text that continue in lower case are full, or too few to decide."""
    widths, needed = [], []
    for block in blocks:
        for (line, following), may_continue in zip(pairwise(block), _may_continue(text, block), strict=True):
            if may_continue and text[line.end - 1] not in _SENTENCE_ENDS:
                widths.append(line.indent + line.end - line.start)
                needed.append(_width(text, line, following))
    if len(widths) < MIN_EVIDENCE:
        return True
    full_width = sorted(widths)[-1 - len(widths) // 10]
    return sum(width > full_width for width in needed) >= WRAPPED_SHARE * len(needed)


def _is_verse(text: str, block: list[_Line]) -> bool:
    """Return whether a block has narrow lines and no end of a sentence."""
    is_narrow = max(line.indent + line.end - line.start for line in block) <= MAX_VERSE_WIDTH
    return is_narrow and _SENTENCE_ENDS.isdisjoint(text[block[0].start : block[-1].end])


def _breaks(text: str, block: list[_Line]) -> list[bool]:
    """Return for each line of a block except the last whether a segment ends after it."""
    if len(block) == 1:
        return []
    return [
        is_break and not continues
        for is_break, continues in zip(_layout_breaks(text, block), _continues(text, block), strict=True)
    ]


def _continues(text: str, block: list[_Line]) -> list[bool]:
    """Return for each line of a block except the last whether its sentence continues in the next line, at any width.

    The first line of such a sentence begins with a capital, and each other line with a lower-case letter, without
    a deeper indent. Only the last one ends with a mark, a full stop for example. Names and items end without.
    """
    continues = [False] * (len(block) - 1)
    first = 0
    for rank, line in enumerate(block):
        letter, end = text[line.start], text[line.end - 1]
        follows = rank > first and letter.islower() and line.indent <= block[rank - 1].indent + 1
        if line.kind or not (follows or (rank >= first and letter.isupper())):
            first = rank + 1
            continue
        first = first if follows else rank
        if end in _TERMINATORS:
            continues[first:rank] = [True] * (rank - first)
        if not end.isalnum():
            first = rank + 1
    return continues


def _layout_breaks(text: str, block: list[_Line]) -> list[bool]:
    """Return for each line of a block except the last whether a segment ends after it by the widths of the lines."""
    lengths = sorted(line.indent + line.end - line.start for line in block)
    if not MIN_WRAP_WIDTH <= lengths[-1] <= MAX_WRAP_WIDTH:
        return [True] * (len(block) - 1)
    # The longest tenth of the lines is ignored: a word inserted later makes a line longer than the others.
    full_width = lengths[-1 - len(block) // 10] * FULL_LINE_SHARE
    widths = [_width(text, line, following) for line, following in pairwise(block)]
    continues = _may_continue(text, block)
    is_indented = _is_indented(block, continues)
    is_full = [width > full_width for width, indented in zip(widths, is_indented, strict=True) if not indented]
    is_wrapped = 2 * sum(is_full) > len(is_full)
    # Headlines or names on lines of their own may have similar lengths by chance, so prose must meet two of three
    # criteria.
    is_prose = any(continues) + (len(block) > 2) + (text[block[-1].end - 1] in _SENTENCE_ENDS) > 1
    kinds = Counter(line.kind for line in block)
    breaks = []
    for (line, following), width, may_continue, indented in zip(
        pairwise(block), widths, continues, is_indented, strict=True
    ):
        may_lead_list = text[line.end - 1] in _LIST_LEADS
        # A dash or a number such as "5." may also begin a wrapped line by chance.
        is_item = following.kind in _BULLETS or (following.kind != "" and (may_lead_list or kinds[following.kind] > 1))
        # In newswire without its dateline, the first line is short and ends in the middle of a sentence.
        is_truncated = line is block[0] and may_continue and text[line.start].isupper()
        sentence_continues = is_truncated or (width > full_width and (may_continue or following.indent < line.indent))
        breaks.append(
            "row" in (line.kind, following.kind)
            or indented
            or is_item
            or (not may_continue and 2 * width < full_width)
            or not (is_prose and (is_wrapped or (sentence_continues and not may_lead_list)))
        )
    return breaks


def _width(text: str, line: _Line, following: _Line) -> int:
    """Return the width of a line with its indent and the first word of the next line appended."""
    word = _FIRST_WORD.match(text, following.start, following.end)
    return line.indent + line.end - line.start + 1 + (word.end() - word.start() if word else 0)


def _may_continue(text: str, block: list[_Line]) -> list[bool]:
    """Return for each line after the first whether it may continue a sentence: it begins with a lower-case letter.

    In a block of capitals, any letter counts.
    """
    if text[block[0].start : block[-1].end].isupper():
        return [text[line.start].isalpha() for line in block[1:]]
    return [text[line.start].isalpha() and not text[line.start].isupper() for line in block[1:]]


def _is_indented(block: list[_Line], continues: list[bool]) -> list[bool]:
    """Return for each line after the first whether its indent begins a paragraph.

    The continuation lines of a list item do not count.
    """
    margin = min(line.indent for line in block)
    # In newswire only the first line of a paragraph is indented; the next line starts at the margin.
    single = several = 0
    for (line, following), may_continue in zip(pairwise(block), continues, strict=True):
        if line.indent > margin:
            single += following.indent == margin and not following.kind
            several += following.indent > margin and may_continue
    return [
        not line.kind and (following.indent > line.indent or (single > several and following.indent > margin))
        for line, following in pairwise(block)
    ]
