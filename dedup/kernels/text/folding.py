"""Unicode tables that define tokens and their folding: one for words, one for words and signs.

They are shipped as ``folding.npz``, so that the shingles of a text do not depend on the Unicode version of Python.
``python -m dedup.kernels.text.folding`` builds them again.

All tables have two levels: ``index[cp >> 7]`` is the number of a page of 128 entries; equal pages are stored once.
"""

import functools
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.text.unspaced import UNSPACED

Number = TypeVar("Number", bound=np.generic)
# The version of the rules for tokens: of the tables here and of `dedup.kernels.text.tokens`. Tokens made by other rules
# must not be compared with these.
TOKEN_RULES = 2
PAGE_BITS = 7
PAGE = 1 << PAGE_BITS
CODE_POINTS = 0x110000

# The class of a code point for the tokeniser.
SPLIT = 0  # ends a token
SPACE = 1  # ends a token, and is white space
HYPHEN = 2  # ends a token, unless it breaks a word at a line end
IGNORED = 3  # is skipped: format characters
MARK = 4  # continues a token, but does not start one
NUMBER = 5  # this and all below start a token; this and letters continue one
LETTER = 6
SMALL_LETTER = 7
ALONE = 8  # is a token of its own: scripts written without spaces, and signs where they are tokens

HYPHENS = "-\u2010"
SOFT_HYPHEN = "\u00ad"
# Letters that only stretch a word: Arabic tatweel and its counterpart in N'Ko.
STRETCHES = "\u0640\u07fa"
# Letters that are typed for each other. Persian keyboards have their own yeh and kaf, which are written like the Arabic
# ones within a word (Unicode Standard, section 9.2; Lucene's PersianNormalizer maps them too). Alef maksura is not yeh:
# it parts words, as in "on" and "Ali". Dotless i is i, since the capital I of a text need not be Turkish.
SAME_LETTERS = {"\u06cc": "\u064a", "\u06a9": "\u0643", "\u0131": "i", **dict.fromkeys(STRETCHES, "")}
# Combining classes that Unicode leaves at 0: the ring of Thai and Lao SARA AM is sorted after the tone marks (of class
# 107 and 122), since it is typed before and after them.
RING_CLASSES = {"\u0e4d": 108, "\u0ecd": 123}
# SARA AM is its ring, which the tokeniser appends to the consonant before it, and SARA AA.
SARA_AM = {"\u0e33": "\u0e32", "\u0eb3": "\u0eb2"}
# Format characters that make another sign of the signs around them: the zero width joiner, and the tags in flags.
JOINERS = ("\u200d", *map(chr, range(0xE0020, 0xE0080)))

# A fold entry is 0 (the code point itself), `SINGLE << 24 | code point` (a code point of combining class 0), or
# `length << 24 | offset` into `folded`, whose values are `combining class << 24 | code point`.
# A length of NOTHING means that the code point is dropped.
SINGLE = 0x80
NOTHING = 0xFF

# The table of steps covers the scripts of Europe and the Near East, Vietnamese and general punctuation.
STEPS = 0x2100
STEP_SIZE = 32
ENDS, OTHER = 1 << 62, 1 << 63


class FoldTable(NamedTuple):
    """The tables of the tokeniser, as arrays that a kernel takes as one argument."""

    kind_index: NDArray[np.uint16]
    """Page of ``kind`` for each 128 code points, shape (8704,)."""
    kind: NDArray[np.uint8]
    """The class of each code point; all pages one after the other."""
    fold_index: NDArray[np.uint16]
    """Page of ``fold`` for each 128 code points, shape (8704,)."""
    fold: NDArray[np.uint32]
    """Fold entries; all pages one after the other."""
    folded: NDArray[np.uint32]
    """Folded code points with their combining classes."""
    steps: NDArray[np.uint64]
    """What the fast path of the tokeniser does at each code point below `STEPS`; see `make_steps`."""


class TokenTables(NamedTuple):
    """The tables for one definition of tokens, which a kernel takes as one argument."""

    tokens: FoldTable
    """What is a token: equal to ``words`` or to ``signs``."""
    words: FoldTable
    """Tokens are words: letters and digits, folded."""
    signs: FoldTable
    """Tokens are words and signs, neither of them folded; also for documents without letters and digits."""


@functools.cache
def token_tables(by_signs: bool = False) -> TokenTables:
    """Return the tables for a definition of tokens.

    Args:
        by_signs: Whether each sign is a token.
    """
    words, signs = fold_table(), fold_table(by_signs=True)
    return TokenTables(signs if by_signs else words, words, signs)


@functools.cache
def fold_table(by_signs: bool = False) -> FoldTable:
    """Load a shipped table.

    Args:
        by_signs: Whether each sign is a token.

    >>> table = fold_table()
    >>> int(table.kind[table.kind_index[ord("é") >> 7] * 128 + ord("é") % 128]) == SMALL_LETTER
    True
    """
    with np.load(Path(__file__).with_name("folding.npz")) as arrays:
        names = [f"{'signs' if by_signs else 'words'}_{name}" for name in FoldTable._fields if name != "steps"]
        stored = [np.ascontiguousarray(arrays[name]) for name in names]
    return FoldTable(*(*stored, make_steps(*stored)))


def make_steps(
    kind_index: NDArray[np.uint16],
    kind: NDArray[np.uint8],
    fold_index: NDArray[np.uint16],
    fold: NDArray[np.uint32],
    folded: NDArray[np.uint32],
) -> NDArray[np.uint64]:
    """Join the class and the fold of each code point below `STEPS` in one number.

    Returns:
        `ENDS` for a code point that ends a token, `OTHER` for one that needs more than the table, else the bytes that
        it appends to the hash of a token (at most 4), and from `STEP_SIZE` on their number. Shape (STEPS,).
    """
    pages = np.arange(STEPS >> PAGE_BITS)
    kinds = kind.reshape(-1, PAGE)[kind_index[pages]].ravel()
    entries = fold.reshape(-1, PAGE)[fold_index[pages]].ravel()
    steps = np.full(STEPS, OTHER, np.uint64)
    steps[kinds <= SPACE] = ENDS
    for code in np.flatnonzero((kinds >= IGNORED) & (kinds < ALONE)):
        length, value = int(entries[code]) >> 24, int(entries[code]) & 0xFFFFFF
        parts = [value or int(code)] if length in (0, SINGLE) else folded[value : value + length].tolist()
        if kinds[code] == IGNORED or length == NOTHING:
            parts = []
        data = b"".join(bytes([part]) if part < 0x80 else b"\xff" + part.to_bytes(4, "little")[:3] for part in parts)
        if (kinds[code] >= NUMBER) == bool(data) and len(data) <= 4 and max(parts, default=0) < CODE_POINTS:
            steps[code] = len(data) << STEP_SIZE | int.from_bytes(data, "little")
    return steps


def kind_of(char: str, unicodedata: ModuleType, by_signs: bool = False) -> int:
    """Return the class of a character for the tokeniser.

    Args:
        char: The character.
        unicodedata: The Unicode version, a module like ``unicodedata``.
        by_signs: Whether each sign is a token.
    """
    category = unicodedata.category(char)
    if char in STRETCHES:
        return IGNORED
    if category == "Nd":
        return NUMBER  # also in scripts written without spaces: a number is one token in all digits
    if category[0] in "LN":
        decomposed = unicodedata.normalize("NFKD", char)
        if all(part in STRETCHES or unicodedata.category(part)[0] == "M" for part in decomposed):
            return MARK  # the halfwidth voicing marks of Kana, and Arabic marks on a tatweel, are letters by category
        if any(low <= ord(char) <= high for low, high in UNSPACED):
            return ALONE
        return {"N": NUMBER, "L": SMALL_LETTER if category == "Ll" else LETTER}[category[0]]
    if category[0] == "M" or (by_signs and char in JOINERS):
        return MARK
    if category == "Cf":
        return HYPHEN if char == SOFT_HYPHEN else IGNORED
    if char.isspace():
        return SPACE
    if by_signs and category not in ("Cc", "Cs"):
        return ALONE
    return HYPHEN if char in HYPHENS else SPLIT


def fold_of(char: str, unicodedata: ModuleType, by_signs: bool = False) -> str:
    """Fold a character: NFKD, without accents, case-folded, with ASCII digits; for signs as tokens: only NFD.

    Args:
        char: The character.
        unicodedata: The Unicode version, a module like ``unicodedata``.
        by_signs: Whether each sign is a token. Then the text is source code or mathematics, where case, accents and
            forms of letters have a meaning.

    >>> import unicodedata
    >>> fold_of("É", unicodedata), fold_of("ﬁ", unicodedata), fold_of("が", unicodedata) == "か\\u3099"
    ('e', 'fi', True)
    """
    if char in SARA_AM:
        return SARA_AM[char]
    if by_signs:
        return str(unicodedata.normalize("NFD", char))
    kept = [
        str(unicodedata.decimal(part)) if unicodedata.category(part) == "Nd" else SAME_LETTERS.get(part, part)
        for part in unicodedata.normalize("NFKD", char)
        if not (10 <= unicodedata.combining(part) <= 35 or unicodedata.combining(part) >= 200)
    ]
    return "".join(kept).casefold()


def build(unicodedata: ModuleType, by_signs: bool = False) -> FoldTable:
    """Build a table.

    Args:
        unicodedata: The Unicode version, a module like ``unicodedata``.
        by_signs: Whether each sign is a token.
    """
    kinds = np.zeros(CODE_POINTS, np.uint8)
    entries = np.zeros(CODE_POINTS, np.uint32)
    folded: list[int] = []
    seen: dict[str, int] = {}
    for code_point in range(CODE_POINTS):
        char = chr(code_point)
        kinds[code_point] = kind = kind_of(char, unicodedata, by_signs)
        if kind < MARK:
            continue
        fold = fold_of(char, unicodedata, by_signs)
        classes = [RING_CLASSES.get(part, unicodedata.combining(part)) for part in fold]
        if fold == char and classes == [0]:
            continue
        if classes == [0]:
            entries[code_point] = SINGLE << 24 | ord(fold)
            continue
        if fold not in seen:
            length = len(fold) or NOTHING
            seen[fold] = length << 24 | len(folded)
            folded += [order << 24 | ord(part) for order, part in zip(classes, fold, strict=True)]
        entries[code_point] = seen[fold]
    stored = (*_two_levels(kinds), *_two_levels(entries), np.array(folded, np.uint32))
    return FoldTable(*(*stored, make_steps(*stored)))


def _two_levels(flat: NDArray[Number]) -> tuple[NDArray[np.uint16], NDArray[Number]]:
    pages, index = np.unique(flat.reshape(-1, PAGE), axis=0, return_inverse=True)
    return index.astype(np.uint16).ravel(), pages.ravel()


def _main() -> None:
    import unicodedata2  # needed only to build the tables: a newer Unicode version than that of Python

    arrays = {
        f"{name}_{field}": array
        for name, by_signs in (("words", False), ("signs", True))
        for field, array in build(unicodedata2, by_signs)._asdict().items()
        if field != "steps"
    }
    np.savez_compressed(Path(__file__).with_name("folding.npz"), **arrays)


if __name__ == "__main__":
    _main()
