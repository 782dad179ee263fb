"""Split documents into paragraphs, as spans in code points and in bytes."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.folding import ALONE, SPACE, FoldTable
from dedup.kernels.tokens import QUOTE, breaks_line, decode, kind_of

# How paragraphs are separated.
LINE, BLANK_LINE, AUTO = 0, 1, 2
# A block with a longer line was not hard-wrapped: each of its lines is a paragraph.
MAX_WRAPPED_WIDTH = 120
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


@njit(nogil=True, cache=True)
def count_lines(data: NDArray[np.uint8], start: int, stop: int) -> int:
    """Return an upper bound of the number of lines in ``data[start:stop]``."""
    lines = 1
    for index in range(start, stop):
        byte = data[index]
        # 0x85, 0xA8 and 0xA9 are the last bytes of the breaks outside ASCII.
        if 0x0A <= byte <= 0x0D or byte == 0x85 or byte == 0xA8 or byte == 0xA9:
            lines += 1
    return lines


@njit(nogil=True, cache=True)
def count_points(data: NDArray[np.uint8], start: int, stop: int) -> int:
    """Count the code points of ``data[start:stop]``: all bytes but continuation bytes."""
    count = 0
    for index in range(start, stop):
        count += (data[index] & 0xC0) != 0x80
    return count


@njit(nogil=True, cache=True)
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


@njit(nogil=True, cache=True)
def is_wrapped(widths: NDArray[np.int64], words: NDArray[np.int64], first: int, last: int) -> bool:
    """Return whether the lines of a block are hard-wrapped.

    They are if, for most lines that have a next one, the first word of the next line would not have fitted: it would
    have made the line longer than the longest line of the block.

    Args:
        widths: Code points in each line, shape (lines,).
        words: Code points in the first word of each line, shape (lines,).
        first: First line of the block.
        last: One past its last line.
    """
    longest = 0
    for line in range(first, last):
        longest = max(longest, widths[line])
    if longest > MAX_WRAPPED_WIDTH:
        return False
    passing = 0
    for line in range(first, last - 1):
        passing += widths[line] + 1 + words[line + 1] > longest
    return 2 * passing > last - first - 1


@njit(nogil=True, cache=True)
def close_block(
    spans: Spans,
    widths: NDArray[np.int64],
    words: NDArray[np.int64],
    first: int,
    count: int,
    by: int,
) -> int:
    """End a block of lines: make each line a paragraph, or the block one paragraph.

    Returns:
        The number of spans so far.
    """
    if count - first < 2 or by == LINE or (by == AUTO and not is_wrapped(widths, words, first, count)):
        return count
    spans[first].end = spans[count - 1].end
    spans[first].byte_end = spans[count - 1].byte_end
    return first + 1


@njit(nogil=True, cache=True, inline="always")
def skip_ascii(data: NDArray[np.uint8], at: int, stop: int) -> tuple[int, int]:
    """Skip printable ASCII; return where it ends, and where it ends without trailing spaces."""
    ahead = at
    while ahead < stop and 0x20 <= data[ahead] < 0x7F:
        ahead += 1
    inked = ahead
    while inked > at and data[inked - 1] == 0x20:
        inked -= 1
    return ahead, inked


@njit(nogil=True, cache=True)
def end_cuts(spans: Spans, count: int, points: int, size: int) -> None:
    """Extend each cut to the start of the next one, and the last cut to the end of the document."""
    for span in range(count):
        is_last = span + 1 == count
        spans[span].cut_end = points if is_last else spans[span + 1].cut_start
        spans[span].byte_cut_end = size if is_last else spans[span + 1].byte_cut_start


@njit(nogil=True, cache=True)
def paragraphs(  # noqa: C901 - one pass over the bytes is one state machine
    data: NDArray[np.uint8],
    start: int,
    stop: int,
    by: int,
    table: FoldTable,
    spans: Spans,
    widths: NDArray[np.int64],
    words: NDArray[np.int64],
) -> int:
    """Write the spans of a document's paragraphs.

    The text of a paragraph excludes white space around it and the quote marks before it. Its cut starts with its
    first line, including indent and quote marks, and extends to the cut of the next paragraph.

    Args:
        data: UTF-8 bytes.
        start: First byte of the document.
        stop: One past its last byte.
        by: LINE, BLANK_LINE or AUTO.
        table: From `fold_table`.
        spans: Where the spans are written, shape (n,), with n at least the number of lines.
        widths: Workspace, shape (n,).
        words: Workspace, shape (n,).

    Returns:
        The number of paragraphs.
    """
    count = first_of_block = 0
    points = line_point = 0
    line_byte = index = start
    has_content = in_word = False
    after_return = False
    while index <= stop:
        if has_content and not in_word:  # the most frequent case: within a line of ASCII
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
                    widths[count] = spans[count].end - spans[count].start
                    count += 1
                elif count > first_of_block:
                    count = first_of_block = close_block(spans, widths, words, first_of_block, count, by)
                line_byte, line_point = index + length, points + 1
            has_content = in_word = False
            after_return = code == 0x0D
        else:
            kind = kind_of(code, table)
            if kind == SPACE:
                in_word = False
            elif has_content or code != QUOTE:
                if not has_content:
                    spans[count].start, spans[count].byte_start = points, index - start
                    spans[count].cut_start, spans[count].byte_cut_start = line_point, line_byte - start
                    has_content = in_word = True
                    words[count] = 0
                spans[count].end, spans[count].byte_end = points + 1, index - start + length
                if in_word:
                    words[count] += 1
                    in_word = kind != ALONE
        points += 1
        index += length
    count = close_block(spans, widths, words, first_of_block, count, by)
    end_cuts(spans, count, points - 1, stop - start)
    return count
