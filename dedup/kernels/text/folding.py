"""Unicode tables that define tokens and their folding.

They are shipped as ``folding.npz``, so that the shingles of a text do not depend on the Unicode version of Python.
``python -m dedup.kernels.text.folding`` builds them again.

Both tables have two levels: ``index[cp >> 7]`` is the number of a page of 128 entries; equal pages are stored once.
"""

import functools
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.text.unspaced import UNSPACED

Number = TypeVar("Number", bound=np.generic)
PAGE_BITS = 7
PAGE = 1 << PAGE_BITS
CODE_POINTS = 0x110000

# The class of a code point for the tokeniser.
SPLIT = 0  # ends a token
LETTER = 1  # starts or continues a token
MARK = 2  # continues a token, but does not start one
IGNORED = 3  # is skipped: format characters
ALONE = 4  # is a token of its own: scripts written without spaces
SPACE = 5  # ends a token, and is white space

# A fold entry is 0 (the code point itself), `SINGLE << 24 | code point` (a code point of combining class 0), or
# `length << 24 | offset` into `folded`, whose values are `combining class << 24 | code point`.
# A length of NOTHING means that the code point is dropped.
SINGLE = 0x80
NOTHING = 0xFF


class FoldTable(NamedTuple):
    """The tables of the tokeniser, as arrays that a kernel takes as one argument."""

    kind_index: NDArray[np.uint16]
    """Page of ``kind`` for each 128 code points, shape (8704,)."""
    kind: NDArray[np.uint8]
    """SPLIT, LETTER, MARK, IGNORED, ALONE or SPACE; all pages one after the other."""
    fold_index: NDArray[np.uint16]
    """Page of ``fold`` for each 128 code points, shape (8704,)."""
    fold: NDArray[np.uint32]
    """Fold entries; all pages one after the other."""
    folded: NDArray[np.uint32]
    """Folded code points with their combining classes."""


@functools.cache
def fold_table() -> FoldTable:
    """Load the shipped tables.

    >>> table = fold_table()
    >>> int(table.kind[table.kind_index[ord("é") >> 7] * 128 + ord("é") % 128]) == LETTER
    True
    """
    with np.load(Path(__file__).with_name("folding.npz")) as arrays:
        return FoldTable(*(np.ascontiguousarray(arrays[name]) for name in FoldTable._fields))


def kind_of(char: str, unicodedata: ModuleType) -> int:
    """Return the class of a character for the tokeniser.

    Args:
        char: The character.
        unicodedata: The Unicode version, a module like ``unicodedata``.
    """
    category = unicodedata.category(char)
    if category[0] in "LN":
        decomposed = unicodedata.normalize("NFKD", char)
        if all(unicodedata.category(part)[0] == "M" for part in decomposed):
            return MARK  # the halfwidth voicing marks of Kana are letters by category only
        return ALONE if any(low <= ord(char) <= high for low, high in UNSPACED) else LETTER
    if category[0] == "M":
        return MARK
    if category == "Cf":
        return IGNORED
    return SPACE if char.isspace() else SPLIT


def fold_of(char: str, unicodedata: ModuleType) -> str:
    """Fold a character: NFKD, without accents, case-folded.

    Args:
        char: The character.
        unicodedata: The Unicode version, a module like ``unicodedata``.

    >>> import unicodedata
    >>> fold_of("É", unicodedata), fold_of("ﬁ", unicodedata), fold_of("が", unicodedata) == "か\\u3099"
    ('e', 'fi', True)
    """
    kept = [
        part
        for part in unicodedata.normalize("NFKD", char)
        if not (10 <= unicodedata.combining(part) <= 35 or unicodedata.combining(part) >= 200)
    ]
    return "".join(kept).casefold()


def build(unicodedata: ModuleType) -> FoldTable:
    """Build the tables.

    Args:
        unicodedata: The Unicode version, a module like ``unicodedata``.
    """
    kinds = np.zeros(CODE_POINTS, np.uint8)
    entries = np.zeros(CODE_POINTS, np.uint32)
    folded: list[int] = []
    seen: dict[str, int] = {}
    for code_point in range(CODE_POINTS):
        char = chr(code_point)
        kinds[code_point] = kind = kind_of(char, unicodedata)
        if kind in (SPLIT, SPACE, IGNORED):
            continue
        fold = fold_of(char, unicodedata)
        if fold == char and unicodedata.combining(char) == 0:
            continue
        if len(fold) == 1 and unicodedata.combining(fold) == 0:
            entries[code_point] = SINGLE << 24 | ord(fold)
            continue
        if fold not in seen:
            length = len(fold) or NOTHING
            seen[fold] = length << 24 | len(folded)
            folded += [unicodedata.combining(part) << 24 | ord(part) for part in fold]
        entries[code_point] = seen[fold]
    kind_index, kind_pages = _two_levels(kinds)
    fold_index, fold_pages = _two_levels(entries)
    return FoldTable(kind_index, kind_pages, fold_index, fold_pages, np.array(folded, np.uint32))


def _two_levels(flat: NDArray[Number]) -> tuple[NDArray[np.uint16], NDArray[Number]]:
    pages, index = np.unique(flat.reshape(-1, PAGE), axis=0, return_inverse=True)
    return index.astype(np.uint16).ravel(), pages.ravel()


def _main() -> None:
    import unicodedata2  # needed only to build the tables: a newer Unicode version than that of Python

    np.savez_compressed(Path(__file__).with_name("folding.npz"), **build(unicodedata2)._asdict())


if __name__ == "__main__":
    _main()
