"""Describe lines: how they begin, how they end and how wide they are, to find which of them belong together."""
# ruff: noqa: RUF001 - characters that look alike are intended

import unicodedata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import inlined, kernel
from dedup.kernels.text.folding import ALONE, NUMBER, SPACE, FoldTable
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
# Signs at the start or end of a line. OPENER and CLOSER: quote marks, brackets and marks of emphasis around a sentence.
# END: ends of sentences in any script: Latin, CJK, Arabic, Urdu, Devanagari, Armenian, Ethiopic, Burmese and Khmer.
OPENER, CLOSER, END, COLON_SIGN, HYPHEN, BULLET, DASH, MARKER = (1 << bit for bit in range(8))
SIGNS = {
    OPENER: "\"'“‘„‚«‹([¿¡*_`「『（【《〈",
    CLOSER: "\"'”’“»›)]*_`」』）】》〉",
    END: ".!?…。．！？؟۔।॥։።፧။។",
    COLON_SIGN: ":：",
    HYPHEN: "-\u00ad\u2010",
    BULLET: "•‣⁃◦▪▫●○■□·∙",
    DASH: "–—―",
    MARKER: "-*+",
}
# The signs are below U+3100, or in the block of full-width forms.
SIGNS_END, FULL_WIDTH, FULL_WIDTH_END = 0x3100, 0xFF00, 0xFF60
USES = np.zeros(SIGNS_END + FULL_WIDTH_END - FULL_WIDTH, np.uint8)
for use, signs in SIGNS.items():
    for code in map(ord, signs):
        USES[code if code < SIGNS_END else SIGNS_END + code - FULL_WIDTH] |= use
MIDDLE_DOT = 0xB7
MAX_OPENERS = 3  # opening signs and white space before the first letter of a sentence
MAX_CLOSERS = 4  # closing signs and white space after the end of a sentence
IS_ROMAN = np.array([chr(byte) in "ivxlcIVXLC" for byte in range(256)])
MAX_MARKER = 4  # digits of an item's number, or letters of its Roman number
# Signs that are frequent in code, tables and logs, but not in prose or verse: 1. Those that prose and verse have at the
# end of a line, but seldom within: 2.
SIGN, INNER_SIGN = 1, 2
SIGN_CLASS = np.array(
    [SIGN * (char in "|{}[]<>=+*/\\_#$%^&@~\t") + INNER_SIGN * (char in ":;(") for char in map(chr, range(256))]
)
# A colon after at most this many words counts as this many additional signs.
MAX_KEY_WORDS = 2
KEY_SIGNS = 2


@inlined
def uses_of(code: int) -> int:
    """Return the uses of a sign: the sum of OPENER, CLOSER and others."""
    if code < SIGNS_END:
        return int(USES[code])
    return int(USES[SIGNS_END + code - FULL_WIDTH]) if FULL_WIDTH <= code < FULL_WIDTH_END else 0


@kernel
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


@kernel
def first_class(data: NDArray[np.uint8], first: int, end: int, table: FoldTable) -> int:
    """Return how the content ``data[first:end]`` of a line begins, after opening signs and white space."""
    at, skipped = first, 0
    code, length = decode(data, at, end)
    while skipped < MAX_OPENERS and at + length < end and (uses_of(code) & OPENER or kind_of(code, table) == SPACE):
        at += length
        skipped += 1
        code, length = decode(data, at, end)
    found = letter_class(code, table)
    if found == UPPER and at + length < end:
        code, _ = decode(data, at + length, end)
        if letter_class(code, table) == UPPER:
            return CAPITALS
    return found


@inlined
def is_ascii_letter(code: int) -> bool:
    """Return whether a code point is a letter of ASCII."""
    return code < 0x80 and ord("a") <= code | 0x20 <= ord("z")


@kernel
def before(data: NDArray[np.uint8], first: int, end: int) -> int:
    """Return where the last code point of ``data[first:end]`` starts."""
    at = end - 1
    while at > first and data[at] & 0xC0 == 0x80:
        at -= 1
    return at


@kernel
def last_class(data: NDArray[np.uint8], first: int, end: int, table: FoldTable) -> int:
    """Return how the content ``data[first:end]`` of a line ends, before closing signs and white space."""
    at, skipped = before(data, first, end), 0
    code, _ = decode(data, at, end)
    while skipped < MAX_CLOSERS and at > first and (uses_of(code) & CLOSER or kind_of(code, table) == SPACE):
        end = at
        at = before(data, first, end)
        skipped += 1
        code, _ = decode(data, at, end)
    uses = uses_of(code)
    if uses & END:
        return SENTENCE
    if uses & COLON_SIGN:
        return COLON
    if skipped == 0 and at > first and uses & HYPHEN:
        code, _ = decode(data, before(data, first, at), at)
        if letter_class(code, table) >= UPPER:
            return HYPHENATED
    return OPEN


@kernel
def item_class(data: NDArray[np.uint8], first: int, end: int) -> int:  # noqa: C901 - one case after the other
    """Return how the content ``data[first:end]`` of a line begins a list item: `NO_ITEM`, `NUMBERED` or `BULLETED`."""
    if end - first < 3:  # no room for a marker and a space, and for no bullet or dash outside ASCII but one
        return BULLETED if decode(data, first, end)[0] == MIDDLE_DOT else NO_ITEM
    code, second = int(data[first]), int(data[first + 1])
    if code >= 0x80:
        code, _ = decode(data, first, end)
    uses = uses_of(code)
    if uses & BULLET:
        return BULLETED
    if uses & DASH:
        return NUMBERED
    if uses & MARKER:
        return NUMBERED if second == ord(" ") else NO_ITEM
    if second == ord(".") and data[first + 2] == ord(" ") and is_ascii_letter(code):
        return NUMBERED
    at = first + 1 if code == ord("(") else first
    digits = letters = 0
    begin = at
    while at < end and at - begin < MAX_MARKER:
        byte = data[at]
        if ord("0") <= byte <= ord("9"):
            digits += 1
        elif IS_ROMAN[byte] or (at == begin and is_ascii_letter(byte)):
            letters += 1
        else:
            break
        at += 1
    if at == begin or (digits and letters) or at + 1 >= end or data[at + 1] != ord(" "):
        return NO_ITEM
    return NUMBERED if data[at] == ord(")") or (digits and data[at] == ord(".")) else NO_ITEM


@kernel
def first_word(data: NDArray[np.uint8], first: int, end: int, table: FoldTable) -> int:
    """Count the code points of the first word of the content ``data[first:end]`` of a line.

    It ends at white space, or with the first character of a script written without spaces.
    """
    at, word = first, 0
    while at < end:
        code, length = decode(data, at, end)
        kind = kind_of(code, table)
        if kind == SPACE:
            break
        word += 1
        if kind == ALONE:
            break
        at += length
    return word


@inlined
def describe(data: NDArray[np.uint8], first: int, end: int, table: FoldTable, line: Any) -> None:
    """Write how the content ``data[first:end]`` of a line begins and ends, and the width of its first word."""
    byte, second, last = int(data[first]), int(data[min(first + 1, end - 1)]), int(data[end - 1])
    line.marker = NO_ITEM
    # The most frequent cases need no call.
    at = first
    while at < end and ord(" ") < data[at] < 0x7F:
        at += 1
    line.word = at - first if at == end or data[at] == ord(" ") else first_word(data, first, end, table)
    if is_ascii_letter(byte) and is_ascii_letter(second) and not IS_ROMAN[second]:
        line.first = LOWER if byte >= ord("a") else UPPER if second >= ord("a") else CAPITALS
    else:
        line.first = first_class(data, first, end, table)
        line.marker = item_class(data, first, end)
    if is_ascii_letter(last) or last == ord(","):
        line.last = OPEN
    elif last == ord("."):
        line.last = SENTENCE
    else:
        line.last = last_class(data, first, end, table)


@kernel
def count_signs(data: NDArray[np.uint8], first: int, end: int) -> tuple[int, int, int]:
    """Count signs of code and tables in the content ``data[first:end]`` of a line, its digits, and its words.

    In a run of three or more spaces, each space except two is a sign. A colon in the first words, as after the name of
    a speaker or a key, counts as several. The words are the runs of characters between spaces; in scripts written
    without spaces, half of the code points from U+0800.
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
