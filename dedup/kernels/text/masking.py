"""Replace the characters of marked spans of text by blanks of the same number of bytes, so that offsets stay valid."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel

MARK_BYTES = 3


@kernel
def write_blank(data: NDArray[np.uint8], at: int, length: int, out: NDArray[np.uint8], to: int) -> None:
    """Write a blank for the character of ``length`` bytes at ``at``, or a line break if it is one.

    The blanks are a space, U+00A0, U+2003, and for four bytes the noncharacter U+1FFFE, which separates tokens too.
    """
    first = data[at]
    last = data[at + length - 1]
    is_break = (
        (length == 1 and 0x0A <= first <= 0x0D)
        or (length == 2 and first == 0xC2 and last == 0x85)
        or (length == 3 and first == 0xE2 and data[at + 1] == 0x80 and (last == 0xA8 or last == 0xA9))
    )
    if is_break:
        for index in range(length):
            out[to + index] = data[at + index]
    elif length == 1:
        out[to] = 0x20
    elif length == 2:
        out[to], out[to + 1] = 0xC2, 0xA0
    elif length == 3:
        out[to], out[to + 1], out[to + 2] = 0xE2, 0x80, 0x83
    else:
        out[to], out[to + 1], out[to + 2], out[to + 3] = 0xF0, 0x9F, 0xBF, 0xBE


@kernel
def blank_marked(
    data: NDArray[np.uint8], start: int, stop: int, opening: int, closing: int, out: NDArray[np.uint8]
) -> int:
    """Copy text without its marks; replace the text between an opening and a closing mark by blanks.

    Args:
        data: UTF-8 bytes. The marks are noncharacters of three bytes, 0xEF 0xB7 and a last byte.
        start: First byte.
        stop: One past the last byte.
        opening: Last byte of the opening mark.
        closing: Last byte of the closing mark.
        out: Where the text is written.

    Returns:
        The number of bytes written.
    """
    at, to, is_marked = start, 0, False
    while at < stop:
        first = data[at]
        if first == 0xEF and data[at + 1] == 0xB7 and (data[at + 2] == opening or data[at + 2] == closing):
            is_marked = data[at + 2] == opening
            at += MARK_BYTES
            continue
        length = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        if is_marked:
            write_blank(data, at, length, out, to)
        else:
            for index in range(length):
                out[to + index] = data[at + index]
        at += length
        to += length
    return to
