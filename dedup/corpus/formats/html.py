"""Read HTML pages: all text with the parser of the standard library, or the main text with trafilatura."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from typing import Literal

import pyarrow as pa

from dedup.corpus.files import InputFile
from dedup.corpus.formats.encoding import Decoded, declared_encoding, decode_declared
from dedup.corpus.formats.text import file_batch
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.errors import SettingsError
from dedup.outputs.files import PAGE_HEAD, PAGE_MARK
from dedup.settings import Reading

# ruff: noqa: SIM905
# lists of words are easier to read as strings
_BLOCK_TAGS = frozenset(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu"
    " nav noscript ol optgroup option p pre search section select summary table tbody tfoot"
    " thead title tr ul".split()
)
_CELL_TAGS = frozenset(("td", "th"))
_DROPPED_TAGS = frozenset(("script", "style", "title"))
_HEAD_TAGS = _DROPPED_TAGS | {"base", "basefont", "bgsound", "head", "html", "link", "meta", "noscript", "template"}
_WHITE_SPACE_RUN = re.compile("[ \t\n\r\f]+")
_BLANK_RUN = re.compile("[ \t]{2,}")
_LONG_REFERENCE = re.compile("&#([0-9]{9,});?")
# Most failed searches for the end of a tag or comment, for each kind. Each reads the rest of the page; without a limit,
# pages with many unclosed tags would take quadratic time.
_MAX_FAILED_SEARCHES = 8


def read_html(content: bytes, file: InputFile, reading: Reading, report: ReportBuilder) -> pa.RecordBatch:
    """Return the text of an HTML page as a batch of one document.

    Args:
        content: The decompressed file.
        file: The file.
        reading: Which text of the page to read.
        report: Receives the guessed encoding.

    Raises:
        Unreadable: The file is not text, has no main text, or is a page written by `dedup`.
    """
    if PAGE_MARK.encode() in content[:PAGE_HEAD]:
        raise Unreadable("a page written by dedup")
    decoded = decode_html(content)
    text = extract_text(decoded.text, reading.html_text)
    report.add_decoding(file.path, decoded.guessed, decoded.replaced)
    return file_batch([file], pa.array([text], pa.large_string()), reading)


def decode_html(data: bytes) -> Decoded:
    """Decode a page by its byte order mark, as UTF-8, by its declaration, or by a guess, in this order.

    UTF-8 precedes the declaration: text that is valid UTF-8 is almost always UTF-8, whatever is declared. Declared
    ISO-2022 precedes UTF-8, since its bytes are ASCII and so also valid UTF-8.

    Raises:
        Unreadable: The page is binary, or its encoding is unknown.

    >>> decode_html(b'<meta charset="iso-8859-1">caf\\xe9').text[-4:]
    'café'
    """
    return decode_declared(data, declared_encoding(data))


def extract_text(page: str, mode: Literal["all", "main"]) -> str:
    """Return the text of a page.

    Args:
        page: HTML.
        mode: "all" for all text, "main" for the main text.

    Raises:
        Unreadable: There is no main text, or the page cannot be parsed.

    >>> extract_text("<p>One\\n two<p>Three &amp;<br>four<script>x()</script>", "all")
    'One two\\nThree &\\nfour'
    """
    return _main_text(page) if mode == "main" else _all_text(page)


def check_mode(mode: str) -> None:
    """Raise SettingsError if a mode is unknown, or if its package is not installed."""
    if mode not in ("all", "main"):
        raise SettingsError(f'--html-text is {mode!r}; it must be "all" (all text) or "main" (the main text).')
    if mode == "main":
        try:
            import trafilatura  # noqa: F401 - only to check that it is installed
        except ImportError:
            raise SettingsError(
                "Reading the main text of HTML pages requires the package trafilatura, which is not installed. "
                "Install it with: pip install 'dedup-text[html]'"
            ) from None


def _main_text(page: str) -> str:
    import trafilatura

    text: str | None = trafilatura.extract(page)
    if not text:
        raise Unreadable("trafilatura found no main text")
    return text


def _all_text(page: str) -> str:
    parser = _TextExtractor()
    page = _LONG_REFERENCE.sub(_shorten_reference, page)
    last = page.rfind(">") + 1  # nothing after it is markup, but the parser would search it repeatedly
    try:
        parser.feed(page[:last])
        parser.close()
        parser.handle_data(unescape(page[last:]))
    except AssertionError as error:  # raised by html.parser for some broken declarations
        raise Unreadable(f"HTML that cannot be parsed ({error})") from None
    return parser.text()


def _shorten_reference(number: re.Match[str]) -> str:
    """Remove leading zeros from a character reference; Python does not parse very long numbers."""
    digits = number[1].lstrip("0")
    return "\ufffd" if len(digits) > 7 else f"&#{digits or 0};"


class _TextExtractor(HTMLParser):
    """Extracts text as a browser displays it: blocks on their own lines, white space collapsed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._dropped_tag: str | None = None
        self._in_head = False
        self._pre_depth = 0
        self._failed_searches: Counter[str] = Counter()

    def _parse(self, kind: str, parse: Callable[[int], int], start: int) -> int:
        """Call a method of the base class that returns the end of an element; return -1 if there is no end."""
        if self._failed_searches[kind] >= _MAX_FAILED_SEARCHES:
            return -1
        end = parse(start)
        self._failed_searches[kind] += end < 0
        return end

    def parse_starttag(self, i: int) -> int:
        """Return the end of a start tag."""
        return self._parse("tag", super().parse_starttag, i)

    def parse_comment(self, i: int, report: bool = True) -> int:
        """Return the end of a comment."""
        return self._parse("comment", lambda start: super(_TextExtractor, self).parse_comment(start, report), i)

    def parse_html_declaration(self, i: int) -> int:
        """Return the end of a declaration or a marked section."""
        return self._parse(self.rawdata[i + 2 : i + 5].lower(), super().parse_html_declaration, i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - signature of the base class
        """Handle the start of an element."""
        if self._in_head and tag not in _HEAD_TAGS:
            self._in_head = False  # the end tag of head is optional
        if tag == "head":
            self._in_head = True
        if tag in _DROPPED_TAGS:
            self._dropped_tag = tag
        if tag in _BLOCK_TAGS:
            self._end_line()
        elif tag in _CELL_TAGS:
            self._line.append("\t")
        self._pre_depth += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        """Handle the end of an element."""
        if tag == self._dropped_tag:
            self._dropped_tag = None
        if tag == "head":
            self._in_head = False
        if tag in _BLOCK_TAGS:
            self._end_line()
        if tag == "pre" and self._pre_depth:
            self._pre_depth -= 1

    def handle_data(self, data: str) -> None:
        """Handle text between tags."""
        if self._dropped_tag is not None:
            return
        if self._in_head and data.strip():
            self._in_head = False  # text ends a head without an end tag
        if not self._in_head:
            self._line.append(data if self._pre_depth else _WHITE_SPACE_RUN.sub(" ", data))

    def _end_line(self) -> None:
        line = "".join(self._line)
        self._line.clear()
        line = line.strip("\n") if self._pre_depth else _BLANK_RUN.sub(_collapse_blanks, line).strip(" \t")
        if line:
            self._lines.append(line)

    def text(self) -> str:
        """Return the text."""
        self._end_line()
        return "\n".join(self._lines)


def _collapse_blanks(spaces: re.Match[str]) -> str:
    return "\t" if "\t" in spaces[0] else " "  # a tab separates two cells
