"""Split documents into paragraphs, as spans in code points and in bytes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import inlined, kernel
from dedup.kernels.text.blocks import join_lines
from dedup.kernels.text.folding import SPACE, FoldTable
from dedup.kernels.text.lines import Lines, describe
from dedup.kernels.text.tokens import QUOTE, breaks_line, decode, kind_of

# How paragraphs are separated.
LINE, BLANK_LINE, AUTO = 0, 1, 2
# Which blocks of several paragraphs are units too.
NO_BLOCKS, PARTIAL_BLOCKS, ALL_BLOCKS = 0, 1, 2
SPAN = np.dtype(
    [
        (name, np.int64)
        for name in (
            *("start", "end", "cut_start", "cut_end"),
            *("byte_start", "byte_end", "byte_cut_start", "byte_cut_end"),
        )
    ]
)
"""Half-open spans of a unit: its trimmed text, and the cut, which is deleted when the unit is removed. In code points,
then in bytes; both from the start of the document."""
Spans = NDArray[Any]  # records of dtype SPAN, as np.recarray, so that plain Python reads them as numba does


@kernel
def count_lines(data: NDArray[np.uint8], start: int, stop: int) -> int:
    """Return an upper bound of the number of lines in ``data[start:stop]``."""
    lines = 1
    for byte in data[start:stop]:  # iteration without an index: LLVM compares many bytes at a time
        # 0x85, 0xA8 and 0xA9 are the last bytes of the breaks outside ASCII.
        lines += (0x0A <= byte <= 0x0D) | (byte == 0x85) | (byte == 0xA8) | (byte == 0xA9)
    return lines


@kernel
def count_points(data: NDArray[np.uint8], start: int, stop: int) -> int:
    """Count the code points of ``data[start:stop]``: all bytes but continuation bytes."""
    count = 0
    for byte in data[start:stop]:
        count += (byte & 0xC0) != 0x80
    return count


@kernel
def trim(data: NDArray[np.uint8], start: int, stop: int, table: FoldTable, out: Any) -> None:
    """Write the span of a whole document: its trimmed text, and everything as the cut.

    Args:
        data: UTF-8 bytes.
        start: First byte of the document.
        stop: One past its last byte.
        table: From `fold_table`.
        out: The record to fill, of dtype `SPAN`.
    """
    first, end = start, stop
    while first < stop:
        code, length = decode(data, first, stop)
        if kind_of(code, table) != SPACE:
            break
        first += length
    while end > first:
        last = end - 1
        while last > first and data[last] & 0xC0 == 0x80:
            last -= 1
        code, _ = decode(data, last, end)
        if kind_of(code, table) != SPACE:
            break
        end = last
    leading = count_points(data, start, first)
    points = leading + count_points(data, first, stop)
    out.start, out.end = leading, points - count_points(data, end, stop)
    out.cut_start, out.cut_end = 0, points
    out.byte_start, out.byte_end = first - start, end - start
    out.byte_cut_start, out.byte_cut_end = 0, stop - start


@inlined
def skip_ascii(data: NDArray[np.uint8], at: int, stop: int) -> tuple[int, int]:
    """Skip printable ASCII; return where it ends, and where it ends without trailing spaces."""
    ahead = at
    while ahead < stop and 0x20 <= data[ahead] < 0x7F:
        ahead += 1
    inked = ahead
    while inked > at and data[inked - 1] == 0x20:
        inked -= 1
    return ahead, inked


@kernel
def read_lines(  # noqa: C901 - one pass over the bytes is one state machine
    data: NDArray[np.uint8], start: int, stop: int, table: FoldTable, spans: Spans, lines: Lines
) -> tuple[int, int]:
    """Write the spans and descriptions of the lines with content.

    Args:
        data: UTF-8 bytes.
        start: First byte of the document.
        stop: One past its last byte.
        table: From `fold_table`.
        spans: Where the spans are written, shape (n,), without the ends of the cuts.
        lines: Where the lines are described, shape (n,), but for `joins`.

    Returns:
        The number of lines, and of code points.
    """
    count = block = 0
    points = line_point = margin = depth = 0
    line_byte = index = start
    has_content = after_return = False
    while index <= stop:
        if has_content:  # the most frequent case: within a line of ASCII
            ahead, inked = skip_ascii(data, index, stop)
            if inked > index:
                spans[count].end, spans[count].byte_end = points + inked - index, inked - start
            points += ahead - index
            index = ahead
        code, length = 0x0A, 1  # the end of the text ends its last line
        if index < stop:
            code = int(data[index])
            if code >= 0x80:
                code, length = decode(data, index, stop)
        if index == stop or breaks_line(code):
            if after_return and code == 0x0A and index < stop and index == line_byte:
                line_byte, line_point = index + 1, points + 1  # the second half of \r\n
            else:
                if has_content:
                    span = spans[count]
                    lines[count].width = span.end - margin
                    lines[count].indent, lines[count].depth = span.start - margin, depth
                    lines[count].block = block
                    describe(data, start + span.byte_start, start + span.byte_end, table, lines[count])
                    count += 1
                else:
                    block += 1
                line_byte, line_point = index + length, points + 1
            margin, depth = line_point, 0
            has_content = False
            after_return = code == 0x0D
        elif kind_of(code, table) != SPACE:
            if has_content or code != QUOTE:
                if not has_content:
                    spans[count].start, spans[count].byte_start = points, index - start
                    spans[count].cut_start, spans[count].byte_cut_start = line_point, line_byte - start
                    has_content = True
                spans[count].end, spans[count].byte_end = points + 1, index - start + length
            else:
                margin, depth = points + 1, depth + 1
        points += 1
        index += length
    return count, points - 1


@kernel
def join_blocks(lines: Lines, count: int, joins: bool) -> None:
    """Join all lines of each block, or none."""
    for line in range(count):
        lines[line].joins = joins and line + 1 < count and lines[line].block == lines[line + 1].block


@kernel
def is_divided(lines: Lines, first: int, count: int) -> bool:
    """Return whether the block that starts with line ``first`` contains several paragraphs."""
    line = first
    while line + 1 < count and lines[line + 1].block == lines[line].block:
        if not lines[line].joins:
            return True
        line += 1
    return False


@kernel
def write_spans(spans: Spans, lines: Lines, count: int, nested: int, points: int, size: int) -> int:
    """Replace the spans of lines by those of paragraphs and of blocks of several paragraphs.

    Args:
        spans: Spans of the ``count`` lines; room for twice as many if blocks are written.
        lines: The lines.
        count: Number of lines.
        nested: NO_BLOCKS, PARTIAL_BLOCKS or ALL_BLOCKS.
        points: Number of code points of the document.
        size: Number of bytes of the document.

    Returns:
        The number of spans.
    """
    shift = count if nested else 0
    for line in range(count - 1, -1, -1):  # a block and its lines need more spans than its lines
        if shift:
            spans[shift + line] = spans[line]
    written, block = 0, -1
    is_whole = count > 0 and lines[0].block == lines[count - 1].block
    for line in range(count):
        opens_block = line == 0 or lines[line].block != lines[line - 1].block
        ends_block = line + 1 == count or lines[line].block != lines[line + 1].block
        if opens_block:
            block = -1
            if nested and is_divided(lines, line, count) and (nested == ALL_BLOCKS or not is_whole):
                block = written
                spans[written] = spans[shift + line]
                written += 1
        if opens_block or not lines[line - 1].joins:
            spans[written] = spans[shift + line]
            written += 1
        end, byte_end = spans[shift + line].end, spans[shift + line].byte_end
        is_last = line + 1 == count
        cut_end = points if is_last else spans[shift + line + 1].cut_start
        byte_cut_end = size if is_last else spans[shift + line + 1].byte_cut_start
        spans[written - 1].end, spans[written - 1].byte_end = end, byte_end
        spans[written - 1].cut_end, spans[written - 1].byte_cut_end = cut_end, byte_cut_end
        if ends_block and block >= 0:
            spans[block].end, spans[block].byte_end = end, byte_end
            spans[block].cut_end, spans[block].byte_cut_end = cut_end, byte_cut_end
    return written


@kernel
def paragraphs(
    data: NDArray[np.uint8],
    start: int,
    stop: int,
    by: int,
    table: FoldTable,
    spans: Spans,
    lines: Lines,
    nested: int,
) -> int:
    """Write the spans of a document's paragraphs, and of its blocks of several paragraphs.

    The text of a paragraph excludes white space around it and the quote marks before it. Its cut starts with its
    first line, including indent and quote marks, and extends to the cut of the next paragraph. A block comes directly
    before its paragraphs; its cut is that of all of them.

    Args:
        data: UTF-8 bytes.
        start: First byte of the document.
        stop: One past its last byte.
        by: LINE (blocks are not written), BLANK_LINE or AUTO.
        table: From `fold_table`.
        spans: Where the spans are written, shape (n,), with n at least the number of lines, or twice as many if
            blocks are written.
        lines: Workspace, records of dtype `dedup.kernels.text.lines.LINE`, at least as many as lines.
        nested: NO_BLOCKS, PARTIAL_BLOCKS (those that are not the whole document) or ALL_BLOCKS.

    Returns:
        The number of spans.
    """
    count, points = read_lines(data, start, stop, table, spans, lines)
    if by == AUTO:
        join_lines(data[start:stop], spans, lines, count)
    else:
        join_blocks(lines, count, by == BLANK_LINE)
    return write_spans(spans, lines, count, NO_BLOCKS if by == LINE else nested, points, stop - start)
