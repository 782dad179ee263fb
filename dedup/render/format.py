"""Format text, numbers and names for output: escaped, shortened, with separators and plural forms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from math import floor

from dedup.results import UnitLocation

# Characters that a terminal may interpret instead of showing: controls (C0, C1), line and paragraph separators,
# bidirectional controls. And lone surrogates, which no encoding can write.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# Code points shown of each end of a long text.
MAX_END_LENGTH = 160


def plain(text: str) -> str:
    r"""Escape all characters of a text that a terminal may interpret, including line breaks.

    >>> plain("red \x1b[31m, back \u202e, byte \udcff")
    'red ␛[31m, back \\u202e, byte \\xff'
    """
    return _UNPRINTABLE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)  # the Unicode symbol for the control
    if code == 0x7F:
        return "␡"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"  # a byte of a path that is not UTF-8, see PEP 383
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def plain_json(text: str) -> str:
    r"""Escape the characters of a JSON text that a terminal may interpret; its value does not change.

    Outside strings, JSON has no such characters but line breaks.

    >>> plain_json('{"id": "a\x9b"}')
    '{"id": "a\\u009b"}'
    """
    return "\n".join(_UNPRINTABLE.sub(lambda match: json.dumps(match[0])[1:-1], line) for line in text.split("\n"))


def json_lines(content: object) -> Iterator[str]:
    r"""Yield the lines of a JSON document.

    Each entry of an object, and each item of a list that contains lists or objects, has its own line.

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
        brackets = "{}"
    elif isinstance(content, (list, tuple)) and any(isinstance(item, (Mapping, list, tuple)) for item in content):
        entries, brackets = [[_dumps(item)] for item in content], "[]"
    else:
        yield _dumps(content)
        return
    yield brackets[0]
    for number, lines in enumerate(entries, 1):
        *first, last = lines
        yield from (f" {line}" for line in first)
        yield f" {last}{',' * (number < len(entries))}"
    yield brackets[1]


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def flowing(text: str) -> str:
    """Escape a text as `plain` does, and replace each run of white space by one space.

    >>> flowing("one\\n  two")
    'one two'
    """
    return plain(re.sub(r"\s+", " ", text))


def excerpt(text: str, length: int) -> str:
    """Return the beginning of a text on one line, cut at a space where possible.

    Args:
        text: Any text.
        length: Maximum length in code points, the ellipsis included.

    >>> excerpt("one two three four", 12)
    'one two…'
    """
    line = flowing(text.strip())
    if len(line) <= length:
        return line
    head = line[: length - 1]
    whole_words = head.rpartition(" ")[0]
    return (whole_words if len(whole_words) > length // 2 else head).rstrip() + "…"


def count(number: int, singular: str, plural: str = "") -> str:
    """Format a number and its noun; the plural defaults to the singular with an "s".

    >>> count(1, "paragraph"), count(1234, "paragraph"), count(2, "copy", "copies")
    ('1 paragraph', '1,234 paragraphs', '2 copies')
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def share(part: int, whole: int) -> str:
    """Format a part of a whole as a percentage with one decimal; 0% and 100% are exact.

    >>> share(1336, 28473), share(1, 10**6), share(999_999, 10**6), share(0, 0)
    ('4.7%', '<0.1%', '>99.9%', '0%')
    """
    if part in (0, whole):
        return "100%" if part else "0%"
    percent = round(100 * part / whole, 1)
    if percent in (0.0, 100.0):
        return ">99.9%" if percent else "<0.1%"
    return f"{percent}%"


def lower_bound(rate: float) -> str:
    """Format a rate in [0, 1] as a percentage with two decimals, rounded down.

    >>> lower_bound(0.99294)
    '99.29%'
    """
    return f"{floor(rate * 10_000) / 100:g}%"


def document_name(identity: str | None, path: str, row: int | None) -> str:
    """Format the name of a document: its id, or its path and row if it has none.

    >>> document_name(None, "news.jsonl", 3), document_name("a", "a.txt", None)
    ('news.jsonl#3', 'a')
    """
    if identity is not None:
        return plain(identity)
    return plain(path if row is None else f"{path}#{row}")


def document_argument(identity: str | None, doc: int, *, is_unique: bool) -> str:
    """Return the argument of a command that names a document: its id, or its rank if the id cannot be used.

    Args:
        identity: Its id.
        doc: Its rank.
        is_unique: Whether no other document has this id.

    >>> document_argument("a b", 7, is_unique=True), document_argument("-a", 7, is_unique=True)
    ('a b', '#7')
    """
    is_usable = identity and is_unique and identity == plain(identity) and not identity.startswith("-")
    return identity if identity and is_usable else f"#{doc}"


def similarity_label(reason: str, similarity: float | None, kept: str = "it") -> str:
    """Format the similarity of a removed unit to the kept unit; it is rounded down.

    Args:
        reason: "exact", "near" or "contained".
        similarity: Jaccard of both units; for "contained" the share of the runs of the kept unit that was found.
        kept: Name of the kept unit.

    >>> similarity_label("exact", 1.0), similarity_label("near", 1.0), similarity_label("near", 0.9999)
    ('same characters', 'Jaccard 1', 'Jaccard 0.999')
    >>> similarity_label("contained", 0.9999)
    'contains 99.9% of it'
    """
    thousandths = floor((similarity or 0) * 1000 + 1e-9)
    if reason == "contained":
        return f"contains {thousandths / 10:g}% of {kept}"
    return "same characters" if reason == "exact" else f"Jaccard {thousandths / 1000:g}"


def join_words(parts: list[str]) -> str:
    """Join parts with commas, and "and" before the last.

    >>> join_words(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def shortened(text: str, ends: int = MAX_END_LENGTH) -> str:
    """Replace the middle of a text by its length if the text is longer than three times its ends.

    Args:
        text: Any text.
        ends: Maximum number of code points to keep at each end.

    >>> shortened("one two three four five six seven", 8)
    'one two [… 21 characters …] seven'
    """
    if len(text) <= 3 * ends:
        return text
    head = text[:ends].rpartition(" ")[0] or text[:ends]
    tail = text[-ends:].partition(" ")[2] or text[-ends:]
    return f"{head} [… {count(len(text) - len(head) - len(tail), 'character')} …] {tail}"


def byte_size(size: int) -> str:
    """Format a number of bytes with a decimal unit.

    >>> byte_size(640), byte_size(1_250_000)
    ('640 bytes', '1.2 MB')
    """
    value = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000:
            return f"{size} bytes" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def location_label(where: UnitLocation, unit: str) -> str:
    """Format the location of a unit: the document, and the half-open span of a paragraph in code points.

    >>> location_label(UnitLocation("a.txt", 0, 5, 9), "paragraph")
    'a.txt [5:9]'
    >>> location_label(UnitLocation(None, 3, 0, 9), "document")
    '#3'
    """
    number = "document without id" if where.doc is None else f"#{where.doc}"
    name = number if where.id is None else plain(where.id)
    return f"{name} [{where.start}:{where.end}]" if unit == "paragraph" else name


# Months as they are displayed.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d))?(?::(\d\d))?(Z)?)?)?")
# Code points of a title or of the first words of a text.
MAX_TITLE_LENGTH = 80


def date_label(time: str | None, written: str | None = None) -> str:
    """Format a date: as it is understood, or as it is written.

    Args:
        time: The date in ISO 8601; see `dedup.StoryDocument.time`.
        written: The date as in the input.

    >>> date_label("2024-10-08T14:03"), date_label("2024-10-08T12:03:20Z"), date_label("2024-10")
    ('8 Oct 2024 14:03', '8 Oct 2024 12:03:20 UTC', 'Oct 2024')
    >>> date_label(None, "soon"), date_label("2024")
    ('soon', '2024')
    """
    match = _ISO.fullmatch(time or "")
    if not match or not 1 <= int(match[2]) <= 12:
        return flowing(time or written or "")
    day = f"{int(match[3])} " if match[3] else ""
    clock = f" {match[4]}:{match[5] or '00'}" if match[4] else ""
    if match[6] and match[6] != "00":
        clock += f":{match[6]}"
    return f"{day}{_MONTHS[int(match[2]) - 1]} {match[1]}{clock}{' UTC' if match[7] else ''}"


def period_label(first: str, last: str) -> str:
    """Format the time from one date to another, each in ISO 8601; what both have in common is written once.

    >>> period_label("2024-10-08T14:03", "2024-10-08T17:30"), period_label("2024-10-08T14:03", "2024-10-09")
    ('8 Oct 2024, 14:03 to 17:30', '8 to 9 Oct 2024')
    >>> period_label("2024-09-30", "2024-10-02"), period_label("2023", "2024-10"), period_label("2024", "2024")
    ('30 Sep to 2 Oct 2024', '2023 to Oct 2024', '2024')
    """
    days = first[:10], last[:10]
    if days[0] == days[1]:
        clocks = [
            match[4] and f"{match[4]}:{match[5] or '00'}" for match in map(_ISO.fullmatch, (first, last)) if match
        ]
        if len({*clocks} - {None}) < 2:
            return date_label(first)
        return f"{date_label(days[0])}, {' to '.join(clocks)}{' UTC' if last.endswith('Z') else ''}"
    begin, end = map(date_label, days)
    if all(map(re.compile(r"\d{4}-\d\d-\d\d").fullmatch, days)):
        for shared in (4, 7):  # the year, the month
            if first[:shared] == last[:shared]:
                begin = begin.rpartition(" ")[0]
    return f"{begin} to {end}"


def document_letter(rank: int) -> str:
    """Return the letter of a document in a story: A to Z, then AA, AB and so on.

    Args:
        rank: Rank of the document in the story, from 0.

    >>> document_letter(0), document_letter(25), document_letter(26), document_letter(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    letters = ""
    while rank >= 0:
        rank, letter = divmod(rank, 26)
        letters = chr(ord("A") + letter) + letters
        rank -= 1
    return letters


def document_title(title: str | None, opening: str) -> str:
    """Return the title of a document as it is displayed, or the first words of its text if it has none.

    >>> document_title(None, "First words")
    'First words'
    """
    return excerpt(title or "", MAX_TITLE_LENGTH) or excerpt(opening, MAX_TITLE_LENGTH)


def document_label(
    outlet: str | None, time: str | None, date: str | None, title: str | None, opening: str, name: str
) -> tuple[str, str]:
    """Return the heading of a document as it is displayed: its outlet and date, and its title.

    Args:
        outlet: Its outlet.
        time: Its date in ISO 8601.
        date: Its date as written.
        title: Its title.
        opening: The first words of its text, which are shown if it has no title.
        name: Its id, or its path and row, which is shown if nothing else is known.

    >>> document_label("Le Monde", "2024-10-08T14:03", None, "A title", "First words", "a")
    ('Le Monde, 8 Oct 2024 14:03', 'A title')
    >>> document_label(None, None, None, None, "", "a.csv#7")
    ('', 'a.csv#7')
    """
    known = [part for part in (outlet and flowing(outlet), date_label(time, date)) if part]
    heading = document_title(title, opening)
    return ", ".join(known), heading or ("" if known else plain(name))


def duration(seconds: float) -> str:
    """Format a number of seconds in its largest unit, rounded to one decimal.

    >>> duration(40), duration(90 * 60), duration(86400), duration(200_000)
    ('40 s', '1.5 h', '1 day', '2.3 days')
    """
    for size, unit in ((86_400, "day"), (3600, "h"), (60, "min")):
        if seconds >= size:
            number = round(seconds / size, 1)
            return f"{number:g} {unit}{'s' if unit == 'day' and number != 1 else ''}"
    return f"{seconds:g} s"
