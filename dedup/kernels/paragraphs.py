"""Documents to paragraphs: where each starts and ends, in code points and in bytes."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.folding import ALONE, PAGE, PAGE_BITS, SPACE, FoldTable
from dedup.kernels.tokens import decode

# How paragraphs are told apart.
LINE, BLANK_LINE, AUTO = 0, 1, 2
# A longer line was not wrapped by hand: it is a paragraph.
WRAP = 120
QUOTE = ord(">")
# The columns of a span.
START, END, CUT_START, CUT_END, BYTE_START, BYTE_END, BYTE_CUT_START, BYTE_CUT_END = range(8)
COLUMNS = 8


@njit(nogil=True, cache=True, inline="always")
def kind_of(code: int, table: FoldTable) -> int:
    """Look up what a code point is to the tokeniser."""
    return int(table.kind[(int(table.kind_index[code >> PAGE_BITS]) << PAGE_BITS) | (code & (PAGE - 1))])


@njit(nogil=True, cache=True, inline="always")
def breaks_line(code: int) -> bool:
    """Say whether a code point ends a line (Unicode UAX 14, classes BK, CR, LF and NL)."""
    return 0x0A <= code <= 0x0D or code == 0x85 or code == 0x2028 or code == 0x2029


@njit(nogil=True, cache=True)
def count_lines(data: NDArray[np.uint8], start: int, stop: int) -> int:
    """Bound from above how many lines there are in ``data[start:stop]``."""
    lines = 1
    for index in range(start, stop):
        byte = data[index]
        # 0x85, 0xA8 and 0xA9 are the last bytes of the breaks outside ASCII.
        if 0x0A <= byte <= 0x0D or byte == 0x85 or byte == 0xA8 or byte == 0xA9:
            lines += 1
    return lines


@njit(nogil=True, cache=True)
def count_points(data: NDArray[np.uint8], start: int, stop: int) -> int:
    """Count the code points of ``data[start:stop]``: the bytes that continue none."""
    count = 0
    for index in range(start, stop):
        count += (data[index] & 0xC0) != 0x80
    return count


@njit(nogil=True, cache=True)
def trim(data: NDArray[np.uint8], start: int, stop: int, table: FoldTable, out: NDArray[np.int64]) -> None:
    """Write the span of a whole document: its trimmed text, cut from end to end.

    Args:
        data: UTF-8 bytes.
        start: First byte of the document.
        stop: One past its last byte.
        table: From `fold_table`.
        out: The span, shape (COLUMNS,): code points, then bytes counted from ``start``.
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
    out[START], out[END] = leading, points - count_points(data, end, stop)
    out[CUT_START], out[CUT_END] = 0, points
    out[BYTE_START], out[BYTE_END] = first - start, end - start
    out[BYTE_CUT_START], out[BYTE_CUT_END] = 0, stop - start


@njit(nogil=True, cache=True)
def is_wrapped(widths: NDArray[np.int64], words: NDArray[np.int64], first: int, last: int) -> bool:
    """Say whether the lines of a block were wrapped by hand.

    They were if, for most lines that have a next one, adding the next line's first word would pass the
    longest line.

    Args:
        widths: Code points in each line.
        words: Code points in each line's first word.
        first: First line of the block.
        last: One past its last line.
    """
    longest = 0
    for line in range(first, last):
        longest = max(longest, widths[line])
    if longest > WRAP:
        return False
    passing = 0
    for line in range(first, last - 1):
        passing += widths[line] + 1 + words[line + 1] > longest
    return 2 * passing > last - first - 1


@njit(nogil=True, cache=True)
def close_block(
    spans: NDArray[np.int64],
    widths: NDArray[np.int64],
    words: NDArray[np.int64],
    first: int,
    count: int,
    by: int,
) -> int:
    """End a block of lines: leave each line a paragraph, or make the block one.

    Returns:
        How many spans there are now.
    """
    if count - first < 2 or by == LINE or (by == AUTO and not is_wrapped(widths, words, first, count)):
        return count
    spans[first, END] = spans[count - 1, END]
    spans[first, BYTE_END] = spans[count - 1, BYTE_END]
    return first + 1


@njit(nogil=True, cache=True, inline="always")
def skip_ascii(data: NDArray[np.uint8], at: int, stop: int) -> tuple[int, int]:
    """Pass over printable ASCII: where it ends, and where without the spaces at its end."""
    ahead = at
    while ahead < stop and 0x20 <= data[ahead] < 0x7F:
        ahead += 1
    inked = ahead
    while inked > at and data[inked - 1] == 0x20:
        inked -= 1
    return ahead, inked


@njit(nogil=True, cache=True)
def end_cuts(spans: NDArray[np.int64], count: int, points: int, size: int) -> None:
    """Let each cut go on to the next one, and the last to the end of the document."""
    for span in range(count):
        is_last = span + 1 == count
        spans[span, CUT_END] = points if is_last else spans[span + 1, CUT_START]
        spans[span, BYTE_CUT_END] = size if is_last else spans[span + 1, BYTE_CUT_START]


@njit(nogil=True, cache=True)
def paragraphs(  # noqa: C901 - one pass over the bytes is one state machine
    data: NDArray[np.uint8],
    start: int,
    stop: int,
    by: int,
    table: FoldTable,
    spans: NDArray[np.int64],
    widths: NDArray[np.int64],
    words: NDArray[np.int64],
) -> int:
    """Write the spans of a document's paragraphs.

    A paragraph's span is trimmed of white space and of the quote marks before it; its cut begins where its
    first line does, with quote marks and indent, and goes on to the next paragraph's.

    Args:
        data: UTF-8 bytes.
        start: First byte of the document.
        stop: One past its last byte.
        by: LINE, BLANK_LINE or AUTO.
        table: From `fold_table`.
        spans: The spans, shape (at least the number of lines, COLUMNS); bytes are counted from ``start``.
        widths: Work space, shape (at least the number of lines,).
        words: Work space, likewise.

    Returns:
        How many paragraphs there are.
    """
    count = first_of_block = 0
    points = line_point = 0
    line_byte = index = start
    has_content = in_word = False
    after_return = False
    while index <= stop:
        if has_content and not in_word:  # by far the commonest: within a line of ASCII
            ahead, inked = skip_ascii(data, index, stop)
            if inked > index:
                spans[count, END], spans[count, BYTE_END] = points + inked - index, inked - start
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
                    widths[count] = spans[count, END] - spans[count, START]
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
                    spans[count, START], spans[count, BYTE_START] = points, index - start
                    spans[count, CUT_START], spans[count, BYTE_CUT_START] = line_point, line_byte - start
                    has_content = in_word = True
                    words[count] = 0
                spans[count, END], spans[count, BYTE_END] = points + 1, index - start + length
                if in_word:
                    words[count] += 1
                    in_word = kind != ALONE
        points += 1
        index += length
    count = close_block(spans, widths, words, first_of_block, count, by)
    end_cuts(spans, count, points - 1, stop - start)
    return count
