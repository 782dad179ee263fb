"""Find which lines of a block between blank lines are one paragraph: hard-wrapped prose, verse or single lines."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import inlined, kernel
from dedup.kernels.text.lines import (
    BULLETED,
    CAPITALS,
    COLON,
    DIGIT,
    HYPHENATED,
    LOWER,
    SENTENCE,
    UPPER,
    Lines,
    count_signs,
)

# Wider lines are counted with this width: no text is wrapped at it.
MAX_WIDTH = 1023
# A narrower block is a list of words: lines of similar widths by chance.
MIN_WRAP_WIDTH = 16
# Share of the widest lines that do not count for the width at which a text was wrapped: a line may be too long.
TOO_LONG = 10
# Minimum number of lines whose sentence continues from which the width of a document is known.
MIN_EVIDENCE = 4
# A block with a line wider than this share of the width was not wrapped there.
OVERLONG = 1.25
# A line of at least this share of the width may be full: text that was changed after it was wrapped is ragged.
NEARLY_FULL = 0.85
# A line narrower than this share of the width, and of at most this many words, is a title, if the next does not begin
# in lower case.
SHORT = 0.75
MAX_TITLE_WORDS = 9
# Most lines of verse are narrower.
MAX_VERSE_WIDTH = 72
# Longer stanzas are cut at the ends of sentences: a book of verse is not one paragraph.
MAX_STANZA = 40
# Verse has more words in a line than a list of names, and fewer signs in this many code points than code or a table.
MIN_VERSE_WORDS = 3
MAX_SIGNS = 25
# Verse that begins its lines in lower case, as code does, has even fewer.
MAX_LOWER_SIGNS = 60
# A line of fewer words is a title or a name, whose sentence the next line does not continue.
MIN_SENTENCE_WORDS = 4
# Prose in capitals or in a script without case has fewer signs in this many code points than a table or a log.
MAX_PROSE_SIGNS = 12
# Prose has more words in a line than a list of values, also in this many of its first lines.
MIN_PROSE_WORDS = 2
SAMPLE = 8
# Prose that begins its lines in lower case, as code does, has even fewer, not counting digits, where lines are narrow
# and the width of the document is not known: short lines of code are full by chance.
NARROW = 48
MAX_LOWER_PROSE_SIGNS = 20


class Layout(NamedTuple):
    """How a document or block is laid out."""

    width: int
    """Width at which it was wrapped, in code points."""
    is_wrapped: bool
    """Whether it was wrapped."""


@kernel
def widest_but(counts: NDArray[np.int64], most: int, excess: int) -> int:
    """Return the greatest width that more than ``excess`` lines reach.

    Args:
        counts: Lines of each width, shape (MAX_WIDTH + 1,).
        most: The greatest width of a line.
        excess: Number of lines that may be wider.
    """
    seen, width = 0, most
    while width > 0:
        seen += counts[width]
        if seen > excess:
            break
        width -= 1
    return width


@inlined
def may_continue(lines: Lines, line: int) -> bool:
    """Return whether the next line may continue the sentence of a line, if the line is full."""
    following = lines[line + 1]
    are_beside = lines[line].block == following.block and lines[line].depth == following.depth
    return bool(are_beside and lines[line].last < COLON and following.marker == 0)


@inlined
def needed(lines: Lines, line: int) -> int:
    """Return the width of a line with the first word of the next line appended."""
    return int(lines[line].width) + 1 + int(lines[line + 1].word)


@kernel
def measure_document(lines: Lines, count: int, counts: NDArray[np.int64]) -> Layout:
    """Find the width at which a document was wrapped, from the lines whose sentence the next line continues."""
    found = most = 0
    for line in range(count - 1):
        if lines[line + 1].first >= CAPITALS and may_continue(lines, line):
            width = min(int(lines[line].width), MAX_WIDTH)
            counts[width] += 1
            most = max(most, width)
            found += 1
    width = widest_but(counts, most, found // TOO_LONG)
    counts[: most + 1] = 0
    full = 0
    for line in range(count - 1):
        if lines[line + 1].first >= CAPITALS and may_continue(lines, line):
            full += needed(lines, line) > width
    return Layout(width, found >= MIN_EVIDENCE and width >= MIN_WRAP_WIDTH and 10 * full >= 7 * found)


@kernel
def measure_block(lines: Lines, first: int, last: int, document: Layout, counts: NDArray[np.int64]) -> int:
    """Return the width at which a block was wrapped, if it was: that of its lines without the widest tenth."""
    most = 0
    for line in range(first, last):
        width = min(int(lines[line].width), MAX_WIDTH)
        counts[width] += 1
        most = max(most, width)
    excess = max(1, (last - first) // TOO_LONG) if last - first > 2 else 0
    found = widest_but(counts, most, excess)
    for line in range(first, last):
        counts[min(int(lines[line].width), MAX_WIDTH)] = 0
    return min(found, document.width) if document.is_wrapped else found


@kernel
def measure_text(data: NDArray[np.uint8], spans: Any, lines: Lines, first: int, last: int) -> tuple[int, int, int, int]:
    """Count the signs of code and tables in lines, the digits, the words, and the code points."""
    signs = digits = words = points = 0
    for line in range(first, last):
        found = count_signs(data, spans[line].byte_start, spans[line].byte_end)
        signs += found[0]
        digits += found[1]
        words += found[2]
        points += lines[line].width - lines[line].indent
    return signs, digits, words, points


@kernel
def is_prose(  # noqa: C901 - the evidence is counted in one pass
    data: NDArray[np.uint8], spans: Any, lines: Lines, first: int, last: int, width: int, document: Layout
) -> bool:
    """Return whether a block is hard-wrapped prose.

    Only lines count whose sentence may continue in the next line. Most of them must be full, so that the first word of
    the next line would not have fitted; and most next lines must begin in lower case, without case, or where the
    document was wrapped: lines of verse and of lists begin with capitals or digits.
    """
    if width < MIN_WRAP_WIDTH:
        return False
    lower = good = bad = upper = odd = colons = 0
    for line in range(first, last - 1):
        start, room = lines[line + 1].first, needed(lines, line)
        at_margin = document.is_wrapped and room > document.width and lines[line].width <= OVERLONG * document.width
        is_amid = line > first and may_continue(lines, line - 1)
        colons += lines[line].last == COLON
        if not may_continue(lines, line):
            good += at_margin and lines[line].last >= COLON and lines[line + 1].marker == 0
        elif start == LOWER and is_amid and width < NARROW and lines[line].indent != lines[line + 1].indent:
            bad += 1  # the indent does not change within a sentence, but it does in code
        elif room <= width and not (lines[line].last == HYPHENATED and start == LOWER):
            bad += start != LOWER or room <= NEARLY_FULL * width
        elif start >= CAPITALS or at_margin or (start == UPPER and width > MAX_VERSE_WIDTH):
            good += 1
            lower += start == LOWER
        elif start == UPPER:
            upper += 1
        else:
            odd += 1
    if good == 0 or upper > 2 * good or odd > good or good < (bad if document.is_wrapped else 2 * bad):
        return False
    is_lower, sample = 2 * lower >= good, min(last, first + SAMPLE)
    _, _, words, _ = measure_text(data, spans, lines, first, sample)
    if words < MIN_PROSE_WORDS * (sample - first):
        return False
    if is_lower and (width >= NARROW or document.is_wrapped):
        return True
    signs, digits, _, points = measure_text(data, spans, lines, first, last)
    if is_lower:
        return 3 * colons <= last - first and signs * MAX_LOWER_PROSE_SIGNS <= points
    return (signs + digits) * MAX_PROSE_SIGNS <= points


@kernel
def is_verse(data: NDArray[np.uint8], spans: Any, lines: Lines, first: int, last: int, width: int) -> bool:
    """Return whether a block is a stanza: short lines of some words, few of which end a sentence."""
    if width > MAX_VERSE_WIDTH:
        return False
    count = last - first
    ends = letters = items = lower = 0
    for line in range(first, last):
        lower += lines[line].first == LOWER
        ends += lines[line].last == SENTENCE
        letters += lines[line].first > DIGIT
        items += lines[line].marker > 0
        if lines[line].depth != lines[first].depth:
            return False
    if 5 * ends > 3 * count or 7 * letters < 6 * count or 8 * items > count:
        return False
    signs, digits, words, points = measure_text(data, spans, lines, first, last)
    limit = MAX_LOWER_SIGNS if 2 * lower > count else MAX_SIGNS
    return words >= MIN_VERSE_WORDS * count and (signs + digits) * limit <= points


@kernel
def measure_indents(lines: Lines, first: int, last: int) -> tuple[int, bool, bool]:
    """Find the left margin of a block, and whether indents begin paragraphs or continue them.

    Returns:
        The margin, whether the first line of a paragraph is indented, and whether all its other lines are.
    """
    margin = int(lines[first].indent)
    for line in range(first, last):
        margin = min(margin, int(lines[line].indent))
    single = several = 0
    for line in range(first, last - 1):
        if lines[line].indent > margin:
            single += lines[line + 1].indent == margin and lines[line + 1].marker == 0
            several += lines[line + 1].indent > margin and lines[line + 1].first == LOWER
        elif lines[line + 1].indent > margin and lines[line + 1].first == LOWER:
            several += 1
    return margin, single > several, several > single


@kernel
def join_prose(data: NDArray[np.uint8], spans: Any, lines: Lines, first: int, last: int, width: int) -> None:
    """Join the lines of hard-wrapped prose, except where a line begins a paragraph."""
    margin, is_first_indented, is_hanging = measure_indents(lines, first, last)
    for line in range(first, last - 1):
        this, following = lines[line], lines[line + 1]
        room = needed(lines, line)
        is_full, has_ended = room > width, this.last >= COLON
        if following.marker == BULLETED:
            this.joins = False
        elif following.marker:
            this.joins = room > NEARLY_FULL * width and not has_ended
        elif following.first == LOWER:
            this.joins = this.depth == following.depth or not has_ended
        elif this.depth != following.depth:
            this.joins = False
        elif is_full and not has_ended:
            this.joins = True
        elif has_ended:
            is_indented = (is_first_indented and following.indent > margin) or (
                following.indent > this.indent and not is_hanging and this.marker == 0
            )
            is_outdented = is_hanging and following.indent < this.indent
            is_overlong = this.width > OVERLONG * width
            this.joins = is_full and not (is_indented or is_outdented or is_overlong)
        else:
            is_indented = is_first_indented and following.indent > margin
            _, _, words, _ = measure_text(data, spans, lines, line, line + 1)
            this.joins = (room > SHORT * width or words > MAX_TITLE_WORDS) and not is_indented


@kernel
def join_verse(lines: Lines, first: int, last: int) -> None:
    """Join the lines of a stanza; cut a long one at the ends of sentences."""
    for line in range(first, last - 1):
        lines[line].joins = last - first <= MAX_STANZA or lines[line].last != SENTENCE


@kernel
def join_sentences(
    data: NDArray[np.uint8], spans: Any, lines: Lines, first: int, last: int, width: int, document: Layout
) -> None:
    """Join neighbouring lines of a block that is neither prose nor verse if they are parts of a sentence."""
    for line in range(first, last - 1):
        this, start, room = lines[line], lines[line + 1].first, needed(lines, line)
        begins = this.first in (UPPER, CAPITALS, DIGIT) or this.marker > 0
        continues = start == LOWER and (begins or room > NEARLY_FULL * width or this.last == HYPHENATED)
        continues |= start >= CAPITALS and document.is_wrapped and room > document.width
        this.joins = False
        if continues and width >= MIN_WRAP_WIDTH and may_continue(lines, line):
            signs, _, words, _ = measure_text(data, spans, lines, line, line + 1)
            more_signs, _, _, _ = measure_text(data, spans, lines, line + 1, line + 2)
            points = this.width - this.indent + lines[line + 1].width - lines[line + 1].indent
            this.joins = words >= MIN_SENTENCE_WORDS and (signs + more_signs) * MAX_PROSE_SIGNS <= points


@kernel
def join_lines(data: NDArray[np.uint8], spans: Any, lines: Lines, count: int) -> None:
    """Decide for each line whether it and the next one are in one paragraph.

    Args:
        data: UTF-8 bytes of the document, shape (bytes,).
        spans: Spans of the lines, records of dtype `dedup.kernels.text.paragraphs.SPAN`.
        lines: The lines, whose `joins` is written.
        count: Number of lines.
    """
    counts = np.zeros(MAX_WIDTH + 1, np.int64)
    document = measure_document(lines, count, counts)
    first = 0
    while first < count:
        last = first + 1
        while last < count and lines[last].block == lines[first].block:
            last += 1
        if last - first > 1:
            width = measure_block(lines, first, last, document, counts)
            if is_prose(data, spans, lines, first, last, width, document):
                join_prose(data, spans, lines, first, last, width)
            elif is_verse(data, spans, lines, first, last, width):
                join_verse(lines, first, last)
            else:
                join_sentences(data, spans, lines, first, last, width, document)
        lines[last - 1].joins = False
        first = last
