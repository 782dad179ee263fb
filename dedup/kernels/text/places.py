"""Find where the tokens of a document stand in its text."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.rows import stable_order
from dedup.kernels.text.folding import ALONE, HYPHEN, IGNORED, MARK, NUMBER, SPACE, SPLIT, FoldTable, TokenTables
from dedup.kernels.text.paragraphs import count_points
from dedup.kernels.text.tokens import QUOTE, decode, kind_of, last_code, tokenise

PLACE = np.dtype([(name, np.int64) for name in ("start", "end", "byte_start", "byte_end")])
"""A span in code points and in bytes; both from the start of the document."""
Places = NDArray[Any]  # records of dtype PLACE, as np.recarray


@kernel
def token_start(
    data: NDArray[np.uint8], start: int, stop: int, table: FoldTable, number: int, space: NDArray[np.uint64]
) -> int:
    """Return the first byte of a token of ``data[start:stop]``, where a token starts at ``start``."""
    if number == 0:
        return start
    low, high = start, stop  # more than ``number`` tokens start before ``high``, and not before ``low``
    while True:
        middle = (low + high) // 2
        while middle > low and middle < stop and data[middle] & 0xC0 == 0x80:
            middle -= 1
        if middle == low:  # no code point starts between them, unless it starts after the middle
            middle = low + 1
            while middle < high and data[middle] & 0xC0 == 0x80:
                middle += 1
            if middle >= high:
                return low
        if tokenise(data, start, middle, table, space, 0) > number:
            high = middle
        else:
            low = middle


@kernel
def token_starts(
    data: NDArray[np.uint8],
    start: int,
    stop: int,
    table: FoldTable,
    wanted: NDArray[np.int64],
    space: NDArray[np.uint64],
    out: NDArray[np.int64],
) -> None:
    """Write the first bytes of tokens of a document.

    The text is divided where a token starts whatever comes before: after a separator that is not the hyphen of a
    broken word. So the tokens of the pieces are those of the document.

    Args:
        data: UTF-8 bytes.
        start: First byte of the document.
        stop: One past its last byte.
        table: The table that its tokens were made with.
        wanted: Numbers of tokens, ascending, shape (n,).
        space: Workspace; as many elements as the document has bytes, and one more.
        out: Where the first byte of each is written, shape (n,); ``stop`` for a number past the last token.
    """
    piece, before, found = -1, 0, 0
    last, after_hyphen = SPACE, False
    at = start
    while at <= stop and found < wanted.size:
        code, length, kind = 0, 1, NUMBER
        if at < stop:
            code, length = decode(data, at, stop)
            kind = kind_of(code, table)
        is_start = kind >= NUMBER and last in (SPLIT, SPACE, HYPHEN, ALONE) and not after_hyphen
        if is_start or at == stop:
            if piece >= 0:
                count = tokenise(data, piece, at, table, space, 0)
                while found < wanted.size and wanted[found] < before + count:
                    out[found] = token_start(data, piece, at, table, wanted[found] - before, space)
                    found += 1
                before += count
            piece = at
        if kind == HYPHEN:
            after_hyphen = after_hyphen or last >= NUMBER
        elif kind not in (SPACE, IGNORED, MARK) and code != QUOTE:
            after_hyphen = False
        if kind not in (IGNORED, MARK):
            last = kind
        at += length
    out[found:] = stop


@kernel
def locate(
    data: NDArray[np.uint8],
    start: int,
    stop: int,
    tables: TokenTables,
    firsts: NDArray[np.int64],
    stops: NDArray[np.int64],
    space: NDArray[np.uint64],
    places: Places,
) -> None:
    """Write where runs of tokens of a document stand, as spans from their first to their last letter.

    Args:
        data: UTF-8 bytes.
        start: First byte of the document.
        stop: One past its last byte.
        tables: From `token_tables`.
        firsts: Number of the first token of each run, shape (n,).
        stops: One past the number of its last token, shape (n,).
        space: Workspace; as many elements as the document has bytes, and one more.
        places: Where the spans are written, shape (n,).
    """
    table = tables.tokens if tokenise(data, start, stop, tables.tokens, space, 0) else tables.signs
    wanted = np.concatenate((firsts, stops))
    order = stable_order(wanted)
    found = np.empty(wanted.size, np.int64)
    token_starts(data, start, stop, table, wanted[order], space, found)
    offsets = np.empty(wanted.size, np.int64)
    offsets[order] = found
    for run in range(firsts.size):
        end, first = offsets[firsts.size + run], offsets[run]
        while end > first:
            code, before = last_code(data, first, end)
            if kind_of(code, table) > IGNORED:
                break
            end = before
        offsets[firsts.size + run] = end
    byte, points = start, 0
    for index in stable_order(offsets):
        points += count_points(data, byte, offsets[index])
        byte = offsets[index]
        place = places[index % firsts.size]
        if index < firsts.size:
            place.start, place.byte_start = points, byte - start
        else:
            place.end, place.byte_end = points, byte - start
