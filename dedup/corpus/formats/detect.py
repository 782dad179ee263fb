"""Detect the format of a file by its first bytes and its name."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from dedup.corpus.compression import HEAD_BYTES as PACKED_HEAD_BYTES
from dedup.corpus.compression import is_compressed, strip_compression
from dedup.corpus.encodings.detect import detect_bom
from dedup.corpus.formats.signatures import SIGNATURES, describe_mail, describe_unread, is_pointer
from dedup.corpus.json.values import JsonDecoder, may_be_incomplete, parse_all
from dedup.corpus.markup.html import is_html
from dedup.corpus.markup.markdown import FRONT_MATTER_MARKS, MARKDOWN_ENDINGS
from dedup.corpus.markup.xml import is_xml
from dedup.corpus.packed.zip import is_zip

Kind: TypeAlias = Literal[
    "text", "markdown", "html", "xml", "jsonl", "json", "csv", "tsv", "parquet", "warc", "zip", "tar", "none"
]
"""How a file is read; "none" if it is not."""

HEAD_BYTES = 64 << 10
"""First bytes of a file by which its format is detected. Standard input, which has no name, needs most of them."""


@dataclass(frozen=True, slots=True)
class Format:
    """The format of a file."""

    kind: Kind
    """How it is read."""
    reason: str = ""
    """Why it is not read, if `kind` is "none"."""
    note: str = ""
    """Note for the user if the content overrules the name."""


# lists of words are easier to read as strings
_KINDS: dict[bytes, Kind] = {
    b"parquet": "parquet",
    b"pq": "parquet",
    b"parq": "parquet",
    b"jsonl": "jsonl",
    b"jsonlines": "jsonl",
    b"ndjson": "jsonl",
    b"ldjson": "jsonl",
    b"jl": "jsonl",
    b"json": "json",
    b"csv": "csv",
    b"tsv": "tsv",
    b"tab": "tsv",
    b"html": "html",
    b"htm": "html",
    b"xhtml": "html",
    b"xht": "html",
    b"shtml": "html",
    **dict.fromkeys(MARKDOWN_ENDINGS, "markdown"),
    b"xml": "xml",
    b"tei": "xml",
    b"rss": "xml",
    b"atom": "xml",
    b"nxml": "xml",
    b"svg": "xml",
    b"warc": "warc",
    b"zip": "zip",
    b"tar": "tar",
}
# Endings of source code, configuration and marked-up text: what looks like another format in it is quoted.
_QUOTING_ENDINGS = frozenset(
    b"adoc asciidoc asm bash bat bib c cc cfg cjs clj cmd conf cpp cs css cxx dart diff el env erl ex exs f f90 fish"
    b" fs go gradle graphql groovy h hh hpp hs ini j2 java jinja jinja2 jl js jsx kt kts less lisp lua m makefile"
    b" mjs ml mm mustache nim nix org patch pas pl pm po pot properties proto ps1 py pyi pyx r rb rs rst sass scala scm"
    b" scss sh sql sv svelte swift tcl tex textile toml ts tsx v vb vhd vim vue wiki yaml yml zig zsh".split()
) - {b"jl"}
_TEXT_ENDINGS = frozenset(b"txt text log asc".split())
_NOT_TEXT = frozenset(("parquet", "warc", "zip", "tar"))
_NAMES: dict[Kind, str] = {
    "html": "HTML",
    "xml": "XML",
    "jsonl": "JSON Lines",
    "json": "JSON",
    "csv": "CSV",
    "tsv": "TSV",
    "parquet": "Parquet",
    "warc": "WARC",
    "zip": "a ZIP archive",
    "tar": "a tar archive",
}

# A file that does not start with one of these, and has no NUL in these bytes, is text unless its name says otherwise.
_NUL_BYTES = 4096
_SUSPICIOUS = (
    *(b" ", b"\t", b"\n", b"\r", b"\v", b"\f", b"\x1e", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0"),
    *(
        b"{",
        b"[",
        b"<",
        b"PAR1",
        b"PK\3\4",
        b"PK\5\6",
        b"WARC/",
        b"From ",
        b"version https://",
        b"/annex/",
        b"\xd0\xcf\x11\xe0",
    ),
    *{signature.start for signature in SIGNATURES if signature.offset == 0},
)
_NOT_CERTAIN = (*_SUSPICIOUS, *FRONT_MATTER_MARKS)
_TAR_MAGIC, _TAR_OFFSET = b"ustar", 257
_SPACE = " \t\r\n\v\f\x1e\ufeff"
_START_BYTES = 256
_SPACE_BYTES = b" \t\r\n\v\f\x1e"
# A shorter head is the whole file, so an incomplete value in it is damaged.
_MIN_CUT_BYTES = 4096
_MAX_CHECKED_LINES = 100
_FIRST_LINES = 20
_KEY_AT_START = re.compile(r'\{\s*+"(?:[^"\\]|\\.)*+"\s*+:')
_MIN_KEYS = 2  # of the only object of a file whose name does not say that it is JSON

_TEXT = Format("text")
_MAIL_ENDINGS = frozenset((b"eml", b"emlx", b"mht", b"mhtml"))


def detect_format(name: bytes, head: bytes, *, is_stream: bool = False) -> Format:
    r"""Detect the format of a file.

    Args:
        name: Path or name without the endings of compression.
        head: First bytes after decompression: the whole file, or at least 4 KiB of it; `HEAD_BYTES` are enough.
        is_stream: Whether it is standard input, which has no name.

    Returns:
        The format: that of the content if it is certain, otherwise that of the name, otherwise text.

    >>> detect_format(b"a.txt", b'{"text": "a"}\n{"text": "b"}\n')
    Format(kind='jsonl', reason='', note='read as JSON Lines, as its content shows')
    >>> detect_format(b"a.md", b'{"text": "a"}\n{"text": "b"}\n').kind
    'markdown'
    """
    ending = b"" if is_stream else ending_of(name)
    named = _KINDS.get(ending, "text")
    may_be_other = head.startswith(_SUSPICIOUS) or head.find(b"\0", 0, _NUL_BYTES) >= 0
    if not may_be_other and not is_stream and ending not in _MAIL_ENDINGS:
        return _TEXT if named == "text" else Format(named)
    reason = is_pointer(head) or describe_unread(ending, head) or describe_mail(ending, head)
    if reason is not None:
        return Format("none", reason)
    found = _detect_container(head)
    if found is None and named not in _NOT_TEXT and named != "markdown" and ending not in _QUOTING_ENDINGS:
        found = _detect_text(head, named, is_stream)
    if found is None or found == named:
        return Format(named)
    if ending == b"ipynb" and found in ("json", "jsonl"):
        return Format("none", "a Jupyter notebook; convert it to Markdown first, with jupyter nbconvert")
    is_told = found in ("csv", "tsv", "html", "xml") if is_stream else _is_surprising(ending, found)
    return Format(found, note=f"read as {_NAMES[found]}, as its content shows" if is_told else "")


def may_be_text(name: bytes) -> bool:
    """Return whether a file is text or Markdown by its name, and not a table, a page, an archive or compressed.

    >>> may_be_text(b"a/b.md"), may_be_text(b"a.csv.1"), may_be_text(b"a.txt.gz"), may_be_text(b"README")
    (True, False, False, True)
    """
    return _may_be_text(_shortest_alike(name))


def _shortest_alike(name: bytes) -> bytes:
    """Return a short name with the same endings, by which results can be cached, since there are few of these."""
    base = name.rpartition(b"/")[2]
    ending = base.rpartition(b".")[2]
    return base if b"?" in base or ending.isdigit() or ending == base else b"x." + ending


@lru_cache(maxsize=4096)
def _may_be_text(name: bytes) -> bool:
    return _KINDS.get(ending_of(name), "text") in ("text", "markdown") and strip_compression(name) == name


@lru_cache(maxsize=4096)
def _may_be_mail(name: bytes) -> bool:
    return ending_of(name) in _MAIL_ENDINGS


def is_plain_text(name: bytes, content: bytes) -> bool:
    """Return whether a file is certainly plain text without front matter that is not compressed; a fast first test.

    Args:
        name: Name for which `may_be_text` is true.
        content: The file.

    >>> is_plain_text(b"a.txt", b"A text."), is_plain_text(b"a.txt", b'{"text": "a"}')
    (True, False)
    """
    return not (
        content.startswith(_NOT_CERTAIN)
        or content.find(b"\0", 0, _NUL_BYTES) >= 0
        or is_compressed(content[:PACKED_HEAD_BYTES])
        or _may_be_mail(_shortest_alike(name))
    )


def ending_of(name: bytes) -> bytes:
    """Return the ending of a name in lower case; a number or the query of a URL after it is ignored.

    >>> ending_of(b"a.b/News.JSONL.1"), ending_of(b"index.html?id=3.4"), ending_of(b"a.b/Makefile")
    (b'jsonl', b'html', b'')
    """
    base = name.rpartition(b"/")[2].lower()
    stem, dot, ending = base.partition(b"?")[0].rpartition(b".")
    if not dot:
        return b""
    previous = stem.rpartition(b".")[2] if b"." in stem else b""
    return previous if ending.isdigit() and previous in _KINDS else ending


def _is_surprising(ending: bytes, found: Kind) -> bool:
    """Return whether the content overrules what the name of a file says."""
    return ending in _KINDS or ending in _TEXT_ENDINGS or found in ("json", "jsonl")


def _detect_container(head: bytes) -> Kind | None:
    """Return the format of a file that contains others or is binary."""
    if head.startswith(b"PAR1"):
        # The magic number precedes the first page, which is binary; an empty file has a footer.
        return "parquet" if b"\0" in head[:_NUL_BYTES] or head.endswith(b"PAR1") else None
    if is_zip(head):
        return "zip"
    if head.startswith((b"WARC/1.", b"WARC/0.")):
        return "warc"
    if head.startswith(_TAR_MAGIC, _TAR_OFFSET) and b"\0" in head[:_TAR_OFFSET]:
        return "tar"
    return None


def _detect_text(head: bytes, named: Kind, is_stream: bool) -> Kind | None:
    """Return the format of a text by its content; None if it shows none."""
    size, encoding = detect_bom(head)
    if not is_stream and encoding == "utf-8" and _is_plain(head[size : size + _START_BYTES], named):
        return None
    text = head[size:].decode(encoding, "replace").lstrip(_SPACE)
    first = text[:1]
    if first == "<":
        if is_html(head):
            return "html"
        return "xml" if named != "html" and is_xml(head) else None
    if first in ("{", "["):
        found = _detect_json(text, len(head) >= _MIN_CUT_BYTES, 0 if is_stream else _MIN_KEYS)
        if found is not None:
            return named if named in ("json", "jsonl") else found
    return _detect_table(text) if is_stream else None


def _is_plain(start: bytes, named: Kind) -> bool:
    """Return whether the first bytes suffice to know that the content does not overrule the name: a shortcut."""
    first = start.lstrip(_SPACE_BYTES)[:1]
    return first not in (b"", b"{", b"[", b"<") or (named in ("json", "jsonl") and first in (b"{", b"["))


def _detect_table(text: str) -> Literal["csv", "tsv"] | None:
    """Return the format of a text that is a table of separated values; None if it is not."""
    from dedup.corpus.formats.csv_dialect import looks_like_csv

    dialect = looks_like_csv(text)
    if dialect is None:
        return None
    return "tsv" if dialect.delimiter == "\t" else "csv"


def _detect_json(text: str, is_cut: bool, min_keys: int) -> Literal["json", "jsonl"] | None:
    """Return whether a text is JSON Lines, or JSON in another layout; None if it is neither.

    Args:
        text: Beginning of a file, from the first bracket.
        is_cut: Whether the file may continue.
        min_keys: Keys that the only object of a file must have.
    """
    if text.startswith("["):
        return "json" if _is_array_of_objects(text, is_cut) else None
    if _has_objects_on_lines(text, is_cut):
        return "jsonl"
    try:
        values, error = parse_all(JsonDecoder(), text)
    except (ValueError, RecursionError):
        return None
    if any(not isinstance(found.value, dict) for found in values):
        return None
    if error is not None:
        if is_cut and may_be_incomplete(error, text):
            return "json" if values or _KEY_AT_START.match(text) else None
        return "json" if len(values) > 1 and text[_last_start(text, error) :].startswith("{") else None
    return "json" if len(values) > 1 or (values and len(values[0].value) >= min_keys) else None


def _last_start(text: str, error: json.JSONDecodeError) -> int:
    """Return the offset of the line in which a value is broken, without its indentation."""
    start = text.rfind("\n", 0, error.pos) + 1
    return start + len(text[start:]) - len(text[start:].lstrip(_SPACE))


def _is_array_of_objects(text: str, is_cut: bool) -> bool:
    """Return whether a text that begins with a bracket is an array of objects."""
    start = len(text) - len(text[1:].lstrip(_SPACE))
    if text[start : start + 1] != "{":
        return False
    try:
        _, end = JsonDecoder().parse(text, start)
    except json.JSONDecodeError as error:
        return is_cut and may_be_incomplete(error, text) and _KEY_AT_START.match(text, start) is not None
    except (ValueError, RecursionError):
        return False
    following = text[end:].lstrip(_SPACE)
    if following.startswith("]"):
        return following[1:].lstrip(_SPACE)[:1] in ("", "[", "{")
    return following.startswith(",") or not following


def _has_objects_on_lines(text: str, is_cut: bool) -> bool:
    """Return whether each line is an object, apart from a few that are damaged."""
    lines = [line for line in text.split("\n", _MAX_CHECKED_LINES) if line.strip(_SPACE)]
    if is_cut or len(lines) > _MAX_CHECKED_LINES:
        lines = lines[:-1] or lines
    objects = broken = other = other_at_first = 0
    for number, line in enumerate(lines[:_MAX_CHECKED_LINES]):
        stripped = line.strip(_SPACE)
        if not stripped.startswith("{"):
            other += 1
            other_at_first += number < _FIRST_LINES
        elif _is_objects(stripped):
            objects += 1
        else:
            broken += 1
    return objects > 1 and broken < objects and not other_at_first and 10 * other <= objects


def _is_objects(line: str) -> bool:
    try:
        values, error = parse_all(JsonDecoder(), line)
    except (ValueError, RecursionError):
        return False
    return error is None and all(isinstance(found.value, dict) for found in values)
