"""Words for people: foreign text made harmless, numbers with separators, plural forms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from math import floor

from dedup.results import UnitLocation

# What a terminal might obey rather than show: controls (C0, C1), line and paragraph separators, characters
# that reorder what follows; and halves of surrogate pairs, which no encoding can write.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# Code points shown at either end of a long stretch.
CONTEXT = 160


def plain(text: str) -> str:
    r"""Make text from outside harmless to show on one line: whatever a terminal would obey becomes visible.

    >>> plain("red \x1b[31m, back \u202e, byte \udcff")
    'red ␛[31m, back \\u202e, byte \\xff'
    """
    return _UNSAFE.sub(_visible, text)


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)  # the picture of the control
    if code == 0x7F:
        return "␡"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"  # how Python passes on a byte that is not UTF-8
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def plain_json(text: str) -> str:
    r"""Make JSON harmless to show without changing its meaning: such characters only occur in its strings.

    >>> plain_json('{"id": "a\x9b"}')
    '{"id": "a\\u009b"}'
    """
    return "\n".join(_UNSAFE.sub(lambda match: json.dumps(match[0])[1:-1], line) for line in text.split("\n"))


def json_lines(content: object) -> Iterator[str]:
    r"""Write plain values as JSON for people and for programs: an entry of an object, or an item of a list, to a line.

    >>> print(*json_lines({"coverage": {"left": 0.5}, "links": [{"left": [0, 9]}], "cites": []}), sep="\n")
    {
     "coverage": {
      "left": 0.5
     },
     "links": [
      {"left": [0, 9]}
     ],
     "cites": []
    }
    """
    if isinstance(content, Mapping) and content:
        entries = [[*json_lines(value)] for value in content.values()]
        for key, lines in zip(content, entries, strict=True):
            lines[0] = f"{_dumps(str(key))}: {lines[0]}"
        signs = "{}"
    elif isinstance(content, (list, tuple)) and any(isinstance(item, (Mapping, list, tuple)) for item in content):
        entries, signs = [[_dumps(item)] for item in content], "[]"
    else:
        yield _dumps(content)
        return
    yield signs[0]
    for at, lines in enumerate(entries, 1):
        *first, last = lines
        yield from (f" {line}" for line in first)
        yield f" {last}{',' * (at < len(entries))}"
    yield signs[1]


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def flowing(text: str) -> str:
    """Make text harmless, with every run of white space one space.

    >>> flowing("one\\n  two")
    'one two'
    """
    return plain(re.sub(r"\s+", " ", text))


def excerpt(text: str, length: int) -> str:
    """Take the beginning of a text, up to a space where one is near.

    >>> excerpt("one two three four", 12)
    'one two…'
    """
    line = flowing(text.strip())
    if len(line) <= length:
        return line
    head = line[: length - 1]
    word = head.rpartition(" ")[0]
    return (word if len(word) > length // 2 else head).rstrip() + "…"


def count(number: int, one: str, many: str = "") -> str:
    """Write a number and what is counted.

    >>> count(1, "paragraph"), count(1234, "paragraph"), count(2, "copy", "copies")
    ('1 paragraph', '1,234 paragraphs', '2 copies')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def share(part: int, whole: int) -> str:
    """Write a part as per cent, never rounded to none or to all.

    >>> share(1336, 28473), share(1, 10**6), share(999_999, 10**6), share(0, 0)
    ('4.7%', '<0.1%', '>99.9%', '0%')
    """
    if part in (0, whole):
        return "100%" if part else "0%"
    percent = round(100 * part / whole, 1)
    if percent in (0.0, 100.0):
        return ">99.9%" if percent else "<0.1%"
    return f"{percent}%"


def at_least(rate: float) -> str:
    """Write a rate as per cent, rounded down.

    >>> at_least(0.99294)
    '99.29%'
    """
    return f"{floor(rate * 10_000) / 100:g}%"


def document_name(identity: str | None, path: str, row: int | None) -> str:
    """Write what a document is called: its id, or where it stands.

    >>> document_name(None, "news.jsonl", 3), document_name("a", "a.txt", None)
    ('news.jsonl#3', 'a')
    """
    if identity is not None:
        return plain(identity)
    return plain(path if row is None else f"{path}#{row}")


def likeness(reason: str, jaccard: float | None) -> str:
    """Say how like a removed unit is to the kept one; a similarity is rounded down.

    >>> likeness("exact", 1.0), likeness("near", 1.0), likeness("near", 0.9999)
    ('same characters', 'same words', '0.999 alike')
    """
    if reason == "exact":
        return "same characters"
    return "same words" if jaccard == 1 else f"{floor((jaccard or 0) * 1000 + 1e-9) / 1000:g} alike"


def joined(parts: list[str]) -> str:
    """Join parts as a sentence does.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def shortened(text: str, ends: int = CONTEXT) -> str:
    """Leave out the middle of a long text.

    Args:
        text: Any text.
        ends: Code points left at either end, at most.

    >>> shortened("one two three four five six seven", 8)
    'one two [… 21 characters …] seven'
    """
    if len(text) <= 3 * ends:
        return text
    head = text[:ends].rpartition(" ")[0] or text[:ends]
    tail = text[-ends:].partition(" ")[2] or text[-ends:]
    return f"{head} [… {count(len(text) - len(head) - len(tail), 'character')} …] {tail}"


def place(where: UnitLocation, unit: str) -> str:
    """Write where a unit stands: the document, and of a paragraph its first and last code points, half-open.

    >>> place(UnitLocation("a.txt", 0, 5, 9), "paragraph"), place(UnitLocation(None, 3, 0, 9), "document")
    ('a.txt [5:9]', '#3')
    """
    name = f"#{where.doc}" if where.id is None else plain(where.id)
    return f"{name} [{where.start}:{where.end}]" if unit == "paragraph" else name
