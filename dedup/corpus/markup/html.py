"""Read HTML pages: all text with the parser of the standard library, or the main text with trafilatura."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from typing import Literal

from dedup.corpus.encodings.declared import declared_encoding
from dedup.corpus.encodings.decode import Decoded, decode_declared
from dedup.corpus.encodings.detect import detect_bom
from dedup.corpus.markup.page import Page, choose_values, read_linked_data
from dedup.corpus.report import Unreadable
from dedup.errors import SettingsError
from dedup.outputs.files import PAGE_HEAD, PAGE_MARK

# ruff: noqa: SIM905
# lists of words are easier to read as strings
_BLOCK_TAGS = frozenset(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu"
    " nav noscript ol optgroup option p pre search section select summary table tbody tfoot"
    " thead tr ul".split()
)
_CELL_TAGS = frozenset(("td", "th"))
_DROPPED_TAGS = frozenset(("script", "style", "title"))
_HEAD_TAGS = _DROPPED_TAGS | {"base", "basefont", "bgsound", "head", "html", "link", "meta", "noscript", "template"}
# Elements of SVG that a browser does not display as text.
_HIDDEN_SVG_TAGS = frozenset(("title", "desc", "metadata"))
_SPECIAL_TAGS = _DROPPED_TAGS | _HIDDEN_SVG_TAGS | {"head", "link", "meta", "pre", "svg", "text"}
# The content of a title extends to its end tag, as in browsers, unless one of the other tags precedes it: then its end
# tag is missing.
_TITLE_END = re.compile(
    r"</title|<(?:/head|article|body|div|h[1-6]|header|link|main|meta|p|script|section|style|svg|table|title)(?=[\s/>])",
    re.IGNORECASE,
)
_SCRIPT_ENDS = {tag: re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE) for tag in ("script", "style")}
_END_TAG = re.compile(r"</([A-Za-z][^\s/>]*+)[^>]*+>")
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
# Beginnings of pages: comments, declarations of XML and processing instructions, then a tag.
_PAGE_START = re.compile(
    r"\s*+(?:(?:<!--(?:(?!-->).)*-->|<\?[^>]*+>)\s*+)*<(?:!doctype\s+html|html|head|body)(?=[\s/>])",
    re.DOTALL | re.IGNORECASE,
)
# Names of <meta> for each column, in the order of preference. Sources: https://ogp.me/,
# https://www.dublincore.org/specifications/dublin-core/dcmi-terms/,
# https://scholar.google.com/intl/en/scholar/inclusion.html#indexing
_META_NAMES = {
    "title": "og:title twitter:title dcterms.title dc.title citation_title parsely-title title",
    "date": "article:published_time og:article:published_time og:published_time dcterms.issued dc.date.issued"
    " dcterms.date dc.date dcterms.created dc.date.created date date.issued pubdate publishdate publish-date"
    " publish_date publication_date publication-date published datepublished parsely-pub-date sailthru.date"
    " citation_publication_date citation_date",
    "outlet": "og:site_name dcterms.publisher dc.publisher citation_journal_title publisher application-name",
    "url": "og:url twitter:url dcterms.identifier dc.identifier parsely-link",
    "author": "article:author og:article:author author dcterms.creator dc.creator citation_author parsely-author"
    " sailthru.author byl byline",
}
_META_SOURCES = tuple((name, column) for column, names in _META_NAMES.items() for name in names.split())
_KNOWN_META_NAMES = frozenset(name for name, _ in _META_SOURCES)
# Maximum number of values of one name of <meta> that are read.
_MAX_META_VALUES = 100
_WHITE_SPACE_RUN = re.compile("[ \t\n\r\f]+")
_BLANK_RUN = re.compile("[ \t]{2,}")
_LONG_REFERENCE = re.compile("&#([0-9]{9,});?")
# Maximum number of failed searches for the end of a tag or comment, for each kind. Each reads the rest of the page;
# without a limit, pages with many unclosed tags would take quadratic time.
_MAX_FAILED_SEARCHES = 8


def read_page(content: bytes, html_text: Literal["all", "main"]) -> Page:
    """Read the text of an HTML page, and its title, date, outlet, URL and author.

    The columns are those that its JSON-LD states; else its `<meta>`, first those of the Open Graph; else its `<title>`
    and canonical URL. Dates are returned as written.

    Args:
        content: The decompressed file.
        html_text: "all" for all text, "main" for the main text.

    Raises:
        Unreadable: The file is not text, has no main text, or is a page written by `dedup`.

    >>> read_page(b"<title>News | Outlet</title><meta property='og:title' content='News'><p>Text", "all").columns
    {'title': 'News'}
    """
    if PAGE_MARK.encode() in content[:PAGE_HEAD]:
        raise Unreadable("a page written by dedup")
    decoded = decode_html(content)
    parser = _parse(decoded.text)
    text = parser.text() if html_text == "all" else _main_text(decoded.text)
    return Page(text, parser.columns(), decoded)


def is_html(head: bytes) -> bool:
    r"""Return whether a file begins as an HTML page: with its document type, or with `<html>`, `<head>` or `<body>`.

    Args:
        head: The beginning of the file; comments before the first tag must be complete.

    >>> is_html(b"\n<!-- saved -->\n<!DOCTYPE html><p>"), is_html(b'<div align="center">')
    (True, False)
    """
    mark_size, encoding = detect_bom(head)
    return _PAGE_START.match(head[mark_size:].decode(encoding, "replace")) is not None


def decode_html(data: bytes) -> Decoded:
    """Decode a page by its byte order mark, as UTF-8, by its declaration, or by a guess, in this order.

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
        Unreadable: There is no main text.

    >>> extract_text("<p>One\\n two<p>Three &amp;<br>four<script>x()</script>", "all")
    'One two\\nThree &\\nfour'
    """
    return _main_text(page) if mode == "main" else _parse(page).text()


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


def _parse(page: str) -> _PageParser:
    parser = _PageParser()
    page = _LONG_REFERENCE.sub(_shorten_reference, page)
    last = page.rfind(">") + 1  # nothing after it is markup, but the parser would search it repeatedly
    parser.feed(page[:last])
    parser.close()
    parser.handle_data(unescape(page[last:]))
    return parser


def _shorten_reference(number: re.Match[str]) -> str:
    """Remove leading zeros from a character reference; Python does not parse very long numbers."""
    digits = number[1].lstrip("0")
    return "\ufffd" if len(digits) > 7 else f"&#{digits or 0};"


class _PageParser(HTMLParser):
    """Extracts text as a browser displays it: blocks on their own lines, white space collapsed; and the metadata."""

    # Elements whose content is not parsed. Versions of Python differ in them, in ends of comments, declarations and end
    # tags, and in what follows an element without an end: therefore the methods below replace those of the base class.
    CDATA_CONTENT_ELEMENTS = ("script", "style")  # type: ignore[misc]
    RCDATA_CONTENT_ELEMENTS = ()  # type: ignore[misc]

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._dropped_tag: str | None = None
        self._svg_depth = 0
        self._hidden_svg_tag: str | None = None
        self._in_head = False
        self._pre_depth = 0
        self._failed_searches: Counter[str] = Counter()
        self._titles: list[list[str]] = []
        self._metas: dict[str, list[str]] = {}
        self._canonical: list[str] = []
        self._linked_data: list[list[str]] = []
        self._is_linked_data = False

    def _parse(self, kind: str, parse: Callable[[int], int], start: int) -> int:
        """Call a function that returns the end of an element; if there is no end, `<` is text."""
        end = -1 if self._failed_searches[kind] >= _MAX_FAILED_SEARCHES else parse(start)
        if end < 0:
            self._failed_searches[kind] += 1
            self.handle_data("<")
            return start + 1
        return end

    def _find_end(self, start: int, mark: str) -> int:
        position = self.rawdata.find(mark, start)
        return position + len(mark) if position >= 0 else -1

    def set_cdata_mode(self, elem: str, **options: bool) -> None:
        """Read the content of an element as text up to its end tag."""
        if elem in _SCRIPT_ENDS:  # later versions of Python also pass "plaintext"
            super().set_cdata_mode(elem, **options)
            self.interesting = _SCRIPT_ENDS[elem]

    def parse_starttag(self, i: int) -> int:
        """Return the end of a start tag; for a title, the end of its content."""
        was_title = self._dropped_tag == "title"
        end = self._parse("tag", super().parse_starttag, i)
        if self._dropped_tag == "title" and not was_title:
            stop = _TITLE_END.search(self.rawdata, end)
            if stop and stop[0].startswith("</t"):
                self.handle_data(unescape(self.rawdata[end : stop.start()]))
                return stop.start()
        return end

    def parse_endtag(self, i: int) -> int:
        """Return the end of an end tag."""
        tag = _END_TAG.match(self.rawdata, i)
        if tag is None:
            return self._parse("end tag", lambda start: self._find_end(start, ">"), i)
        self.handle_endtag(tag[1].lower())
        self.clear_cdata_mode()
        return tag.end()

    def parse_comment(self, i: int, report: bool = True) -> int:  # noqa: ARG002 - signature of the base class
        """Return the end of a comment."""
        return self._parse("comment", lambda start: _end(_COMMENT.match(self.rawdata, start)), i)

    def parse_html_declaration(self, i: int) -> int:
        """Return the end of a declaration or a marked section."""
        mark = "]]>" if self.rawdata.startswith("<![CDATA[", i) else ">"
        return self._parse(mark, lambda start: self._find_end(start, mark), i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Handle the start of an element."""
        if self._dropped_tag == "title":
            self._dropped_tag = None  # its end tag is missing
        if self._in_head and tag not in _HEAD_TAGS:
            self._in_head = False  # the end tag of head is optional
        if tag in _BLOCK_TAGS:
            self._hidden_svg_tag = None  # its end tag is missing, or it would hide the rest of the page
            self._end_line()
        elif tag in _CELL_TAGS:
            self._line.append("\t")
        if tag in _SPECIAL_TAGS:
            self._start_special(tag, dict(reversed(attrs)))

    def _start_special(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "meta":
            self._add_meta(attributes)
        elif tag == "link":
            if "canonical" in (attributes.get("rel") or "").lower().split():
                self._canonical.append(attributes.get("href") or "")
        elif tag == "svg":
            self._svg_depth += 1
        elif self._svg_depth and tag in _HIDDEN_SVG_TAGS:
            self._hidden_svg_tag = self._hidden_svg_tag or tag
        elif tag in _DROPPED_TAGS:
            self._dropped_tag = tag
            kind = (attributes.get("type") or "").partition(";")[0].strip().lower()
            self._is_linked_data = tag == "script" and kind == "application/ld+json"
            if self._is_linked_data:
                self._linked_data.append([])
            elif tag == "title":
                self._titles.append([])
        elif tag == "text" and self._svg_depth:
            self._end_line()
        self._in_head = self._in_head or tag == "head"
        self._pre_depth += tag == "pre"

    def _add_meta(self, attributes: dict[str, str | None]) -> None:
        content = attributes.get("content")
        for name in {(attributes.get(key) or "").strip().lower() for key in ("name", "property")}:
            if content and name in _KNOWN_META_NAMES:
                values = self._metas.setdefault(name, [])
                if len(values) < _MAX_META_VALUES:
                    values.append(content)

    def handle_endtag(self, tag: str) -> None:
        """Handle the end of an element."""
        if self._dropped_tag == "title" or tag == self._dropped_tag:
            self._dropped_tag = None
        if tag == self._hidden_svg_tag:
            self._hidden_svg_tag = None
        elif tag == "svg" and self._svg_depth:
            self._svg_depth -= 1
            self._hidden_svg_tag = None
        if tag == "head":
            self._in_head = False
        if tag in _BLOCK_TAGS or (tag == "title" and not self._svg_depth):
            self._end_line()
        if tag == "pre" and self._pre_depth:
            self._pre_depth -= 1

    def handle_data(self, data: str) -> None:
        """Handle text between tags."""
        if self._dropped_tag is not None:
            self._read_dropped(data)
            return
        if self._hidden_svg_tag is not None:
            return
        if self._in_head and data.strip():
            self._in_head = False  # text ends a head without an end tag
        if not self._in_head:
            self._line.append(data if self._pre_depth else _WHITE_SPACE_RUN.sub(" ", data))

    def _read_dropped(self, data: str) -> None:
        if self._dropped_tag == "title":
            self._titles[-1].append(data)
        elif self._is_linked_data and self._dropped_tag == "script":
            self._linked_data[-1].append(data)

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

    def columns(self) -> dict[str, str]:
        """Return what the page says about itself, by column."""
        urls = [*self._metas.get("og:url", ()), *self._canonical]
        sources = [read_linked_data(map("".join, self._linked_data), urls)]
        sources.extend({column: self._metas[name]} for name, column in _META_SOURCES if name in self._metas)
        sources.append({"title": [*map("".join, self._titles)], "url": self._canonical})
        return choose_values(sources)


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else -1


def _collapse_blanks(spaces: re.Match[str]) -> str:
    return "\t" if "\t" in spaces[0] else " "  # a tab separates two cells
