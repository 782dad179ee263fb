"""HTML to text: all of it by the standard library's parser, or the main part by trafilatura."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from typing import Literal

from dedup.corpus.formats.encoding import Decoded, NotText, bom, decode
from dedup.errors import SettingsError

# ruff: noqa: SIM905
# lists of words read best as such
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu"
    " nav noscript ol optgroup option p pre search section select summary table tbody tfoot"
    " thead title tr ul".split()
)
_CELLS = frozenset(("td", "th"))
_DROPPED = frozenset(("script", "style", "title"))
_IN_HEAD = _DROPPED | {"base", "basefont", "bgsound", "head", "html", "link", "meta", "noscript", "template"}
_SPACE = re.compile("[ \t\n\r\f]+")
_REPEATED = re.compile("[ \t]{2,}")
_LONG_NUMBER = re.compile("&#([0-9]{9,});?")
# Each tag or comment that never ends is looked for up to the end of the page: only so many of a kind.
_UNENDED = 8
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
# what browsers read under these names: a superset, as pages use its characters
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "tis-620": "cp874",
}


# what Python calls encodings of text too, but no page is in
_NO_CHARSETS = frozenset(("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"))


def decode_html(data: bytes) -> Decoded:
    """Decode a page: by its mark, as UTF-8 if it is, as it declares, else by a guess; raises NotText.

    UTF-8 comes before the declaration, which is often wrong then, whereas other text is hardly ever UTF-8.

    >>> decode_html(b'<meta charset="iso-8859-1">caf\\xe9').text[-4:]
    'café'
    """
    declared = _declared(data)
    if declared and b"\0" not in data and not bom(data)[0] and not (_is_utf8(data) and "2022" not in declared):
        try:
            return Decoded(data.decode(declared))
        except UnicodeDecodeError:
            pass
    return decode(data)


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data, 0, 4096)
    if match is None:
        return None
    try:
        codec = codecs.lookup(match[1].decode("ascii", "replace"))
    except LookupError:
        return None
    name = _SUPERSETS.get(codec.name, codec.name)
    return None if name.startswith("utf") or name in _NO_CHARSETS or not codec._is_text_encoding else name


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def extract(page: str, mode: Literal["all", "main"]) -> str:
    """Return a page's text; raises SettingsError if "main" lacks its package, NotText if nothing was found.

    >>> extract("<p>One\\n two<p>Three &amp;<br>four<script>x()</script>", "all")
    'One two\\nThree &\\nfour'
    """
    return _main(page) if mode == "main" else _all(page)


def check_mode(mode: str) -> None:
    """Raise SettingsError unless pages can be read this way."""
    if mode not in ("all", "main"):
        raise SettingsError(f'html is "all" (all text) or "main" (the article), not {mode!r}.')
    if mode == "main":
        try:
            import trafilatura  # noqa: F401 - only to see that it is there
        except ImportError:
            raise SettingsError(
                "Taking the main text of HTML pages needs the package trafilatura, which is not installed. "
                "Install it with: pip install 'dedup-text[html]'"
            ) from None


def _main(page: str) -> str:
    import trafilatura

    text: str | None = trafilatura.extract(page)
    if not text:
        raise NotText("trafilatura found no main text in it")
    return text


def _all(page: str) -> str:
    parser = _Text()
    page = _LONG_NUMBER.sub(_shorter, page)
    last = page.rfind(">") + 1  # nothing after it is markup, and the parser would look for one again and again
    try:
        parser.feed(page[:last])
        parser.close()
        parser.handle_data(unescape(page[last:]))
    except AssertionError as error:  # how html.parser refuses some broken declarations
        raise NotText(f"not HTML that can be parsed ({error})") from None
    return parser.text()


def _shorter(number: re.Match[str]) -> str:
    """Write the number of a character without zeros before it; Python refuses to read very long ones."""
    digits = number[1].lstrip("0")
    return "\ufffd" if len(digits) > 7 else f"&#{digits or 0};"


class _Text(HTMLParser):
    """Gathers text as a browser lays it out: blocks on their own lines, white space collapsed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._dropping: str | None = None
        self._head = False
        self._pre = 0
        self._unended: Counter[str] = Counter()

    def _parse(self, kind: str, parse: Callable[[int], int], start: int) -> int:
        """Let the base parse something; -1 if it does not end."""
        if self._unended[kind] >= _UNENDED:
            return -1
        end = parse(start)
        self._unended[kind] += end < 0
        return end

    def parse_starttag(self, i: int) -> int:
        """Find the end of a start tag."""
        return self._parse("tag", super().parse_starttag, i)

    def parse_comment(self, i: int, report: bool = True) -> int:
        """Find the end of a comment."""
        return self._parse("comment", lambda start: super(_Text, self).parse_comment(start, report), i)

    def parse_html_declaration(self, i: int) -> int:
        """Find the end of a declaration or a marked section."""
        return self._parse(self.rawdata[i + 2 : i + 5].lower(), super().parse_html_declaration, i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's
        """Open an element."""
        if self._head and tag not in _IN_HEAD:
            self._head = False  # the end tag of head may be left out
        if tag == "head":
            self._head = True
        if tag in _DROPPED:
            self._dropping = tag
        if tag in _BLOCKS:
            self._end_line()
        elif tag in _CELLS:
            self._line.append("\t")
        self._pre += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if tag == self._dropping:
            self._dropping = None
        if tag == "head":
            self._head = False
        if tag in _BLOCKS:
            self._end_line()
        if tag == "pre" and self._pre:
            self._pre -= 1

    def handle_data(self, data: str) -> None:
        """Take text between tags."""
        if self._dropping is not None:
            return
        if self._head and data.strip():
            self._head = False  # text ends a head that was never closed
        if not self._head:
            self._line.append(data if self._pre else _SPACE.sub(" ", data))

    def _end_line(self) -> None:
        line = "".join(self._line)
        self._line.clear()
        line = line.strip("\n") if self._pre else _REPEATED.sub(_narrow, line).strip(" \t")
        if line:
            self._lines.append(line)

    def text(self) -> str:
        """Return what was gathered."""
        self._end_line()
        return "\n".join(self._lines)


def _narrow(spaces: re.Match[str]) -> str:
    return "\t" if "\t" in spaces[0] else " "  # a tab stands between two cells
