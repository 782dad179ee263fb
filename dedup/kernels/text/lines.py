"""Describe lines: how they begin, how they end and how wide they are, to find which of them belong together."""
# ruff: noqa: RUF001 - characters that look alike are intended

import unicodedata
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.text.folding import NUMBER, SPACE, FoldTable
from dedup.kernels.text.tokens import decode, kind_of

LINE = np.dtype(
    [(name, np.int32) for name in ("width", "word", "indent", "depth", "block", "first", "last", "marker", "joins")]
)
"""A line with content. `width`: code points from the last quote mark, or the start, to the end of the content.
`word`: code points of the first word. `indent`: code points of white space before the content. `depth`: quote marks.
`block`: number of its block. `first`, `last`, `marker`: see below. `joins`: whether the line and the next one are in
one paragraph."""
Lines = NDArray[Any]  # records of dtype LINE, as np.recarray

# How a line begins. CAPITALS: with two capital letters, as all lines of a text in capitals do. CASELESS: a letter of a
# script without case, or a digit outside ASCII.
OTHER, DIGIT, UPPER, CAPITALS, CASELESS, LOWER = 0, 1, 2, 3, 4, 5
# How a line ends.
OPEN, HYPHENATED, COLON, SENTENCE = 0, 1, 2, 3
# Whether a line begins a list item: with a number or a dash, which also begin lines by chance, or with a bullet.
NO_ITEM, NUMBERED, BULLETED = 0, 1, 2

# Code points of scripts with capital letters that begin sentences: Latin, Greek, Cyrillic and Armenian. Georgian has
# capital letters, but its sentences do not begin with them.
CASED, CASED_MORE, CASED_END = 0x590, 0x1E00, 0x2000
IS_LOWER = np.array(
    [unicodedata.category(chr(code)) == "Ll" for code in (*range(CASED), *range(CASED_MORE, CASED_END))]
)
# Opening quote marks, brackets and marks of emphasis before the first letter of a sentence, and at most so many.
OPENERS = np.array([ord(char) for char in "\"'“‘„‚«‹([¿¡*_`「『（【《〈"])
MAX_OPENERS = 3
# Closing quote marks, brackets and marks of emphasis after the end of a sentence, and at most so many.
CLOSERS = np.array([ord(char) for char in "\"'”’“»›)]*_`」』）】》〉"])
MAX_CLOSERS = 4
# Ends of sentences in any script: Latin, CJK, Arabic, Urdu, Devanagari, Armenian, Ethiopic, Burmese and Khmer.
SENTENCE_ENDS = np.array([ord(char) for char in ".!?…。．！？؟۔।॥։።፧။។"])
COLONS = np.array([ord(char) for char in ":："])
HYPHENS = np.array([ord(char) for char in "-\u00ad\u2010"])
BULLETS = np.array([ord(char) for char in "•‣⁃◦▪▫●○■□·∙"])
DASHES = np.array([ord(char) for char in "–—―"])
MARKERS = np.array([ord(char) for char in "-*+"])
ROMAN = np.array([ord(char) for char in "ivxlcIVXLC"])
MAX_MARKER = 4  # digits of an item's number, or letters of its Roman number
# Signs that are frequent in code, tables and logs, but not in prose or verse: 1. Those that prose and verse have at the
# end of a line, but seldom within: 2.
SIGN, INNER_SIGN = 1, 2
SIGN_CLASS = np.array(
    [SIGN * (char in "|{}[]<>=+*/\\_#$%^&@~\t") + INNER_SIGN * (char in ":;(") for char in map(chr, range(256))]
)
# A colon after at most so many words counts as so many signs more.
MAX_KEY_WORDS = 2
KEY_SIGNS = 2


@njit(nogil=True, cache=True)
def is_any(code: int, codes: NDArray[np.int64]) -> bool:
    """Return whether a code point is one of a few."""
    for other in codes:  # noqa: SIM110 - numba does not compile any()
        if code == other:
            return True
    return False


@njit(nogil=True, cache=True)
def letter_class(code: int, table: FoldTable) -> int:
    """Return LOWER, UPPER, CASELESS, DIGIT or OTHER for a code point."""
    if code < 0x80:
        if ord("a") <= code <= ord("z"):
            return LOWER
        if ord("A") <= code <= ord("Z"):
            return UPPER
        return DIGIT if ord("0") <= code <= ord("9") else OTHER
    kind = kind_of(code, table)
    if kind < NUMBER:
        return OTHER
    if code < CASED:
        return LOWER if IS_LOWER[code] else UPPER
    if CASED_MORE <= code < CASED_END:
        return LOWER if IS_LOWER[CASED + code - CASED_MORE] else UPPER
    return CASELESS


@njit(nogil=True, cache=True)
def first_class(data: NDArray[np.uint8], first: int, end: int, table: FoldTable) -> int:
    """Return how the content ``data[first:end]`` of a line begins, after opening signs and white space."""
    at, skipped = first, 0
    code, length = decode(data, at, end)
    while skipped < MAX_OPENERS and at + length < end and (is_any(code, OPENERS) or kind_of(code, table) == SPACE):
        at += length
        skipped += 1
        code, length = decode(data, at, end)
    found = letter_class(code, table)
    if found == UPPER and at + length < end:
        code, _ = decode(data, at + length, end)
        if letter_class(code, table) == UPPER:
            return CAPITALS
    return found


@njit(nogil=True, cache=True)
def before(data: NDArray[np.uint8], first: int, end: int) -> int:
    """Return where the last code point of ``data[first:end]`` starts."""
    at = end - 1
    while at > first and data[at] & 0xC0 == 0x80:
        at -= 1
    return at


@njit(nogil=True, cache=True)
def last_class(data: NDArray[np.uint8], first: int, end: int, table: FoldTable) -> int:
    """Return how the content ``data[first:end]`` of a line ends, before closing signs and white space."""
    at, skipped = before(data, first, end), 0
    code, _ = decode(data, at, end)
    while skipped < MAX_CLOSERS and at > first and (is_any(code, CLOSERS) or kind_of(code, table) == SPACE):
        end = at
        at = before(data, first, end)
        skipped += 1
        code, _ = decode(data, at, end)
    if is_any(code, SENTENCE_ENDS):
        return SENTENCE
    if is_any(code, COLONS):
        return COLON
    if skipped == 0 and at > first and is_any(code, HYPHENS):
        code, _ = decode(data, before(data, first, at), at)
        if letter_class(code, table) >= UPPER:
            return HYPHENATED
    return OPEN


@njit(nogil=True, cache=True, inline="always")
def is_ascii_letter(code: int) -> bool:
    """Return whether a code point is a letter of ASCII."""
    return code < 0x80 and ord("a") <= code | 0x20 <= ord("z")


@njit(nogil=True, cache=True)
def item_class(data: NDArray[np.uint8], first: int, end: int) -> int:
    """Return whether the content ``data[first:end]`` of a line begins a list item."""
    code, _ = decode(data, first, end)
    if is_any(code, BULLETS):
        return BULLETED
    if is_any(code, DASHES):
        return NUMBERED
    if is_any(code, MARKERS):
        return NUMBERED if first + 1 < end and data[first + 1] == ord(" ") else NO_ITEM
    if end - first > 2 and data[first + 1] == ord(".") and data[first + 2] == ord(" ") and is_ascii_letter(code):
        return NUMBERED
    at = first + 1 if code == ord("(") else first
    digits = letters = 0
    begin = at
    while at < end and at - begin < MAX_MARKER:
        byte = data[at]
        if ord("0") <= byte <= ord("9"):
            digits += 1
        elif is_any(byte, ROMAN) or (at == begin and is_ascii_letter(byte)):
            letters += 1
        else:
            break
        at += 1
    if at == begin or (digits and letters) or at + 1 >= end or data[at + 1] != ord(" "):
        return NO_ITEM
    return NUMBERED if data[at] == ord(")") or (digits and data[at] == ord(".")) else NO_ITEM


@njit(nogil=True, cache=True)
def describe(data: NDArray[np.uint8], first: int, end: int, table: FoldTable, line: Any) -> None:
    """Write how the content ``data[first:end]`` of a line begins and ends."""
    line.first = first_class(data, first, end, table)
    line.last = last_class(data, first, end, table)
    line.marker = item_class(data, first, end)


@njit(nogil=True, cache=True)
def count_signs(data: NDArray[np.uint8], first: int, end: int) -> tuple[int, int, int]:
    """Count signs of code and tables in the content ``data[first:end]`` of a line, its digits, and its words.

    Each space of a run of three or more is a sign, but for two. A colon in the first words, as after the name of a
    speaker or a key, counts as several. The words are the runs of characters between spaces; in scripts written without
    spaces, half of the code points from U+0800.
    """
    signs = digits = words = spaces = wide = 0
    for at in range(first, end):
        byte = data[at]
        if byte == ord(" "):
            spaces += 1
            signs += spaces > 2
        else:
            words += spaces > 0 or at == first
            spaces = 0
            digits += ord("0") <= byte <= ord("9")
            found = SIGN_CLASS[byte]
            if found == SIGN:
                signs += 1
            elif found == INNER_SIGN and at + 1 < end:
                signs += 1 + KEY_SIGNS * (byte == ord(":") and words <= MAX_KEY_WORDS)
            wide += byte >= 0xE0
    return signs, digits, max(words, wide // 2)
