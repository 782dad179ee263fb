"""Split the front matter from Markdown, and read the columns in it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date, time
from typing import TYPE_CHECKING, Any

from dedup.corpus.markup.page import choose_values

if TYPE_CHECKING:
    import yaml

MARKDOWN_ENDINGS = frozenset((b"md", b"markdown", b"mdown", b"mkd", b"mdx", b"qmd", b"rmd"))
"""Endings of the names of Markdown files, in lower case."""
FRONT_MATTER_MARKS = (b"---", b"+++", b"{")
"""First bytes of a file with front matter that has no byte order mark."""
MAX_FRONT_MATTER = 64 << 10
"""Maximum number of characters of front matter; a longer block is text."""

_LINE = re.compile(r"([^\r\n]*+)(?:\r\n|\r|\n|\Z)")
_BLANK_LINES = re.compile(r"(?:[ \t]*+(?:\r\n|\r|\n))*+(?:[ \t]*+\Z)?")
# A key of YAML or TOML: in quotes, or at most four words, as in Obsidian's "date created".
_KEY = r"""(?:"[^"\n]{1,80}"|'[^'\n]{1,80}'|[\w$@][\w.$@/+-]{0,79}(?: [\w.$@/+()-]{1,80}){0,3})"""
_YAML_ENTRY = re.compile(rf"(?P<key>{_KEY})[ \t]*+:(?:[ \t]+(?P<value>.*))?")
# The look-ahead matches in one way only, as a possessive group would, on some of which Python before 3.11.5 fails.
_DOTTED = rf"(?=(?P<dotted>(?:[ \t]*\.[ \t]*{_KEY})*))(?P=dotted)"
_TOML_ENTRY = re.compile(rf"(?P<key>{_KEY}{_DOTTED})[ \t]*+=[ \t]*+(?P<value>.*)")
_TOML_TABLE = re.compile(r"\[\[?[^\[\]]+\]\]?[ \t]*(?:#.*)?")
_TIGHT_ENTRY = re.compile(r"[\w-]{1,80}:\S.*")  # invalid, but common
_YAML_ITEM = re.compile(r"[ \t]*-(?:[ \t]+(.*))?")
# An entry that may be on the lines after its own.
_OPENING = {'"': '"', "'": "'", "[": "]", "{": "}"}
_COMMENT = re.compile(r"[ \t]#.*")
# ruff: noqa: SIM905
# lists of words are easier to read as strings
_YAML_NULLS = frozenset(("", "~", "null", "Null", "NULL"))

# Keys for each column in the order of preference, without "_", "-" and spaces and in lower case.
_COLUMN_KEYS = {
    "title": "title",
    "date": "date published pubdate publishdate publisheddate publishedat datepublished publicationdate created"
    " createdat datecreated",
    "outlet": "outlet source publisher publication site sitename journal newspaper",
    "url": "url permalink link sourceurl canonical canonicalurl originalurl source",
    "author": "author authors byline creator",
}
# Keys that only front matter has; they decide where the beginning may also be text between two thematic breaks.
_FRONT_MATTER_KEYS = frozenset(
    " ".join(_COLUMN_KEYS.values()).split()
    + "aliases categories category description draft format id keywords lang layout output slug subtitle summary tags"
    " type".split()
)


def may_have_front_matter(content: bytes) -> bool:
    """Return whether a file in any encoding may begin with front matter, by its first bytes.

    >>> [may_have_front_matter(content) for content in (b"# Title", b"---", b"\\xef\\xbb\\xbf---")]
    [False, True, True]
    """
    return content.startswith(FRONT_MATTER_MARKS) or not content[:4].isascii() or b"\0" in content[:4]


def split_front_matter(text: str) -> tuple[str, str]:
    r"""Split the front matter from a Markdown text.

    Front matter is a block at the very start: YAML between lines `---` (the last may be `...`), TOML between lines
    `+++`, or a JSON object on lines of its own with a title or a date. Its first line that is neither blank nor a
    comment is a key, and every line of YAML is one that YAML can have there, so that text between two thematic breaks
    stays text.

    Args:
        text: The file.

    Returns:
        The front matter with its delimiters and the blank lines after it, "" if there is none; and the rest. Joined,
        they are the text.

    >>> split_front_matter("---\ntitle: News\n---\n\nText")
    ('---\ntitle: News\n---\n\n', 'Text')
    >>> split_front_matter("---\n\nText\n\n---\n")
    ('', '---\n\nText\n\n---\n')
    """
    start = 1 if text.startswith("\ufeff") else 0
    head = text[start : start + MAX_FRONT_MATTER]
    if start + len(head) < len(text):
        head = head[: max(head.rfind("\n"), head.rfind("\r")) + 1]  # whole lines
    first = _LINE.match(head)
    delimiter = first[1].rstrip(" \t") if first else ""
    if delimiter in ("---", "+++"):
        block = _block(head, delimiter)
    elif delimiter == "{":
        block = _json_block(head)
    else:
        block = None
    if block is None:
        return "", text
    end = _BLANK_LINES.match(text, start + block).end()  # type: ignore[union-attr] # matches any text
    return text[:end], text[end:]


def front_matter_columns(raw: str) -> dict[str, str]:
    r"""Return title, date, outlet, URL and author of front matter, as they are written.

    Front matter that is not valid YAML or TOML is read line by line, as far as its lines have the form `key: value` or
    `key = value`. Only an absolute URL is a URL; a `source` that is a URL is not an outlet.

    Args:
        raw: Front matter as `split_front_matter` returns it.

    >>> front_matter_columns("---\ntitle: News\ndate: 2024-01-05\nauthors:\n- Ana\n- name: Bo\n---\n")
    {'title': 'News', 'date': '2024-01-05', 'author': 'Ana; Bo'}
    """
    lines = [match[1] for match in _LINE.finditer(raw.removeprefix("\ufeff").rstrip())]
    delimiter = lines[0].rstrip(" \t") if lines else ""
    inner = "\n".join(lines[1:-1])
    if delimiter == "{":
        entries = _json_entries(raw.removeprefix("\ufeff")) or {}
    elif delimiter == "+++":
        entries = _toml_entries(inner)
    elif delimiter == "---":
        entries = _yaml_entries(inner)
    else:
        entries = {}
    by_key: dict[str, list[str]] = {}
    for key, values in entries.items():
        by_key.setdefault(_plain_key(key), values)
    return choose_values(
        {column: by_key[key]} for column, keys in _COLUMN_KEYS.items() for key in keys.split() if key in by_key
    )


# Recognition.


def _block(head: str, delimiter: str) -> int | None:
    """Return the end of a block of YAML or TOML; None if it has none, or if it is not front matter."""
    ends = ("---", "...") if delimiter == "---" else ("+++",)
    lines: list[str] = []
    for match in _LINE.finditer(head):
        if match.start() and match[1].rstrip(" \t") in ends:
            accepts = _is_yaml if delimiter == "---" else _is_toml
            return match.end() if accepts(lines[1:]) else None
        lines.append(match[1])
    return None


def _is_toml(lines: list[str]) -> bool:
    for line in map(str.strip, lines):
        if line and not line.startswith("#"):
            return bool(_TOML_ENTRY.fullmatch(line) or _TOML_TABLE.fullmatch(line))
    return True


def _is_yaml(lines: list[str], *, may_span: bool = True) -> bool:
    """Return whether lines have the form of a YAML mapping.

    If the first line is blank or every key begins with a capital, a key that only front matter has is required: the
    lines may also be a dialogue with names of speakers.

    Args:
        lines: The lines between the delimiters.
        may_span: Whether a value that starts with a quote or bracket extends to the line on which that is closed.
    """
    keys = []
    closing = ""
    for line in lines:
        if closing:
            closing = "" if line.rstrip(" \t,").endswith(closing) else closing
            continue
        entry = _YAML_ENTRY.fullmatch(line)
        if entry:
            keys.append(_unquote(entry["key"]))
            closing = _missing_end(entry[2] or "") if may_span else ""
        elif line.strip() and not line.lstrip().startswith("#") and not (keys and _may_continue(line)):
            return False
    if closing:
        return _is_yaml(lines, may_span=False)  # a value begins with an apostrophe
    if not keys:
        return not any(line.strip() for line in lines)  # otherwise it is a heading between two thematic breaks
    if not _FRONT_MATTER_KEYS.isdisjoint(map(_plain_key, keys)):
        return True
    return bool(lines[0].strip()) and not all(key[:1].isupper() for key in keys)


def _may_continue(line: str) -> bool:
    """Return whether a line may continue the entry of a line before."""
    if line[0] in " \t" or line.rstrip(" \t,") in ("[", "]", "{", "}"):
        return True
    return (_YAML_ITEM.fullmatch(line) or _TIGHT_ENTRY.fullmatch(line)) is not None


def _missing_end(value: str) -> str:
    """Return the sign that ends a quoted or bracketed value on a later line; "" if it ends on its own line."""
    closing = _OPENING.get(value[:1], "")
    return "" if closing in value[1:] else closing


def _json_block(head: str) -> int | None:
    """Return the end of a JSON object with a title or a date that ends on a line of its own, with text after it."""
    try:
        value, end = json.JSONDecoder().raw_decode(head)
    except (ValueError, RecursionError):
        return None
    last = _LINE.match(head, end)
    is_alone = head[:end].rstrip("}").endswith(("\n", "\r")) and last is not None and not last[1].strip()
    if last is None or not is_alone or not value.keys() & {"title", "date"} or not head[last.end() :].strip():
        return None
    return last.end()


# Values.


def _plain_key(key: str) -> str:
    return re.sub(r"[\s_.-]", "", _unquote(key)).lower()


def _unquote(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _yaml_entries(inner: str) -> dict[str, list[str]]:
    """Read the texts of the entries of a YAML mapping; a value of null has none."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # written in C where libyaml is available
    try:
        return _read_events(yaml.parse(inner, Loader=loader))
    except (yaml.YAMLError, ValueError):
        return _line_entries(inner, _YAML_ENTRY)


def _read_events(events: Iterator[yaml.Event]) -> dict[str, list[str]]:
    """Read scalars, lists of scalars, and the names in objects; events need no recursion and expand no aliases."""
    import yaml

    entries: dict[str, list[str]] = {}
    # For each open collection: the number of its nodes so far if it is a mapping, and the latest key.
    stack: list[tuple[int | None, str]] = []
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        scalar = event.value if isinstance(event, yaml.ScalarEvent) else ""
        is_key = False
        if stack and stack[-1][0] is not None:
            is_key = stack[-1][0] % 2 == 0
            stack[-1] = (stack[-1][0] + 1, scalar if is_key else stack[-1][1])
        is_null = not isinstance(event, yaml.ScalarEvent) or (event.implicit[0] and scalar in _YAML_NULLS)
        if not is_key and not is_null and stack and stack[0][0] is not None and _counts(stack):
            entries.setdefault(stack[0][1], []).append(scalar)
        if isinstance(event, yaml.CollectionStartEvent):
            stack.append((0 if isinstance(event, yaml.MappingStartEvent) else None, ""))
    return entries


def _counts(stack: list[tuple[int | None, str]]) -> bool:
    """Return whether a scalar is a value of the front matter, an item of a list, or a name in an object in it."""
    inner = stack[1:]
    if inner and inner[-1][0] is not None:
        return len(inner) <= 2 and inner[-1][1].lower() == "name" and (len(inner) == 1 or inner[0][0] is None)
    return len(inner) <= 1


def _toml_entries(inner: str) -> dict[str, list[str]]:
    """Read the texts of the entries of TOML; dates as they are written."""
    by_line = _line_entries(inner, _TOML_ENTRY)
    try:
        values = tomllib.loads(inner)
    except (ValueError, RecursionError):
        return by_line
    written = {key: by_line[key] for key, value in values.items() if isinstance(value, date | time) and key in by_line}
    return {key: _texts(value) for key, value in values.items()} | written


def _json_entries(text: str) -> dict[str, list[str]] | None:
    try:
        values, _ = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return {key: _texts(value) for key, value in values.items()} if isinstance(values, dict) else None


def _texts(value: Any) -> list[str]:
    """Return the text of a scalar, those of a list, or the names in objects."""
    texts = []
    for item in value if isinstance(value, list) else [value]:
        scalar = item.get("name") if isinstance(item, dict) else item
        if isinstance(scalar, date | time):
            texts.append(scalar.isoformat())
        elif isinstance(scalar, str | int | float) and not isinstance(scalar, bool):
            texts.append(str(scalar))
    return texts


def _line_entries(inner: str, pattern: re.Pattern[str]) -> dict[str, list[str]]:
    """Read the entries that are on one line, and lists with an item on each line; the first of equal keys counts."""
    entries: dict[str, list[str]] = {}
    items: list[str] = []
    for line in inner.split("\n"):
        entry, item = pattern.fullmatch(line), _YAML_ITEM.fullmatch(line)
        if entry:
            items = _line_values(entry["value"] or "")
            entries.setdefault(_unquote(entry["key"]), items)
        elif item and item[1]:
            items.extend(_line_values(item[1]))
        elif line.lstrip().startswith("["):
            break  # a table of TOML, whose keys are its own
    return entries


def _line_values(written: str) -> list[str]:
    """Return the value on a line without quotes and comment; the items of a list in brackets."""
    value = written.strip()
    if value[:1] in ('"', "'") and (end := value.rfind(value[0])) > 0:
        return [value[1:end]]
    value = _COMMENT.sub("", f" {value}").strip()
    if value.startswith("[") and value.endswith("]"):
        value = value[1:-1]
        return [_unquote(item.strip()) for item in value.split(",") if item.strip()]
    return [value] if value not in _YAML_NULLS else []
