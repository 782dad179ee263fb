"""Split a segment into the items of a list that is written within a line."""
# ruff: noqa: RUF001 - Cyrillic letters are intended

import re
from itertools import pairwise
from typing import NamedTuple

from dedup.text.spans import Span

_ROMAN_NAMES = [f"[ivxIVX]{{{length}}}" for length in (2, 3, 4)]
# A label: a bullet; a number, letter or Roman numeral; and "." or ")", as in "1.", "• 9.", "2.)", "(a)", "ii)".
_LABEL = re.compile(
    r"(?<!\S)([•⁃‣▪●]?)\s?(\(?)(\d{1,2}|[a-zA-Zа-яёіїєґА-ЯЁІЇЄҐ]|[ivx]{2,4}|[IVX]{2,4})(\.\)|[.)])(?=\s+\S)"
)
# The end of a label that is not at the start of a segment. Searching for the rarer ends first is faster.
_LABEL_END = re.compile(
    r"[.)](?=\)?\s)(?:" + "|".join(rf"(?<=[\s(•⁃‣▪●]{name}.)" for name in (r"\w", r"\d\d", *_ROMAN_NAMES)) + ")"
)
# Names of labels in their order. Russian lists leave out "ё" and "й", Ukrainian ones "ґ" and "й".
_ORDERS = (
    tuple("abcdefghijklmnopqrstuvwxyz"),
    tuple("абвгдежзиклмнопрстуфхцчшщ"),
    tuple("абвгдеєжзиіклмнопрстуфхцчш"),
    ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"),
)
_SUCCESSORS = frozenset(pair for order in _ORDERS for pair in pairwise(order))
_FIRST_NAMES = frozenset(["1", *(order[0] for order in _ORDERS)])
# Last characters of the text before a list that begins within a segment.
_LEADS = frozenset('.!?…:»”"')
# Words that join parts of a sentence, which are not items.
_CONJUNCTIONS = frozenset(
    ["and", "or", "und", "oder", "et", "ou", "y", "e", "o", "u", "и", "или", "либо", "і", "й", "та", "або", "чи"]
)
# An item labelled "a." has at least this many words: in "z. B. a. b. c." and in initials they are fewer.
_MIN_WORDS = 2


class _Label(NamedTuple):
    """A possible label of a list item."""

    start: int
    """Offset of the first code point."""
    end: int
    """Offset after the last code point."""
    style: tuple[str, str, str, str]
    """Bullet, opening parenthesis, closing characters, and "1", "a" or "A": the same for all items of a list."""
    name: str
    """Number, letter or Roman numeral, in lower case."""


def items(text: str, start: int, end: int, ordinals: bool) -> list[Span]:
    """Split a segment into the items of a list that is written within it.

    A list has at least two labels of one style that follow each other, such as "1) ... 2) ...". It begins with
    the segment, or after a full stop or a colon. Items that a comma or a conjunction joins are parts of a sentence.

    Args:
        text: Any text.
        start: Offset of the first code point of the segment.
        end: Offset after the last code point of the segment.
        ordinals: Whether the language writes ordinals with a full stop, so that "2." may belong to a sentence.

    Returns:
        Trimmed spans in order, which cover everything but white space; the whole segment if it has no list.

    >>> text = "1) Wash the rice 2) Boil the water"
    >>> [text[item.start:item.end] for item in items(text, 0, len(text), False)]
    ['1) Wash the rice', '2) Boil the water']
    """
    if not _LABEL_END.search(text, start, end):
        return [Span(start, end)]
    labels = _list_labels(text, start, end)
    if len(labels) < 2 or not _is_list(text, labels, Span(start, end), ordinals):
        return [Span(start, end)]
    starts = [label.start for label in labels]
    bounds = [*starts, end] if starts[0] == start else [start, *starts, end]
    return [Span(first, first + len(text[first:last].rstrip())) for first, last in pairwise(bounds)]


def _list_labels(text: str, start: int, end: int) -> list[_Label]:
    """Return the labels of the first possible list of a segment, in order."""
    found: list[_Label] = []
    for match in _LABEL.finditer(text, start, end):
        bullet, opening, name, closing = match.groups()
        case = "1" if name.isdecimal() else "a" if name.islower() else "A"
        label = _Label(match.start(), match.end(), (bullet, opening, closing, case), name.lower())
        if found and label.style == found[-1].style and _follows(found[-1].name, label.name):
            found.append(label)
        elif len(found) < 2 and (label.name in _FIRST_NAMES or (label.start == start and case == "1")):
            found = [label]
    return found


def _follows(name: str, following: str) -> bool:
    """Return whether a label follows another in a list."""
    if name.isdecimal():
        return following.isdecimal() and int(following) == int(name) + 1
    return (name, following) in _SUCCESSORS


def _is_list(text: str, labels: list[_Label], segment: Span, ordinals: bool) -> bool:
    """Return whether labels that follow each other are those of list items, not parts of a sentence."""
    _, opening, closing, case = labels[0].style
    if (closing == ")") < (opening != "") or (closing == "." and case == "1" and ordinals):
        return False
    ends = [*(label.start for label in labels[1:]), segment.end]
    contents = [text[label.end : end].strip() for label, end in zip(labels, ends, strict=True)]
    is_joined = any(content[-1:] == "," or content.rpartition(" ")[2] in _CONJUNCTIONS for content in contents[:-1])
    if is_joined or not all(any(map(str.isalpha, content)) for content in contents):
        return False
    if closing == "." and case != "1" and (case == "A" or any(len(item.split()) < _MIN_WORDS for item in contents)):
        return False  # initials, or an abbreviation of several letters
    if labels[0].start == segment.start:
        return True
    before = text[max(segment.start, labels[0].start - 2) : labels[0].start].rstrip()
    if before[-1:] not in _LEADS or any(content[-1] == ";" for content in contents):
        return False
    return (before[-1] == ":" and ")" in closing) or not any(content[0].islower() for content in contents)
