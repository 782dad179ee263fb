"""Read WARC files: web pages and texts that were recorded by a crawler, and texts that were extracted from them (WET).

Records that are not documents are left out and counted: requests, metadata, pictures, scripts, and responses with a
status other than 200. A damaged record is reported, and reading continues with the next.
Source of the format: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from dedup.corpus.encodings.declared import encoding_of_label
from dedup.corpus.encodings.decode import Decoded, decode_declared
from dedup.corpus.formats.http import charset_of, decode_body, media_type_of, parse_headers, parse_response
from dedup.corpus.markup.html import is_html, read_page
from dedup.corpus.records import Record
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.corpus.streams import MAX_TEXT_BYTES, Buffered, check_size, short_reason

# The first line of a record; at the end of the file it may be cut.
_VERSION = re.compile(rb"WARC/[0-9]+(?:\.[0-9]*)?[ \t]*\r?\n?\Z")
_NEXT_RECORD = re.compile(rb"\n\r?\n(?=WARC/[0-9]+\.[0-9]+[ \t]*\r?\n)")
_HTML_TYPES = frozenset(("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"))
_TEXT_TYPES = frozenset(("text/plain", "text/markdown"))
_NO_TYPES = frozenset(("", "application/octet-stream", "binary/octet-stream", "unknown/unknown", "unk"))
_DOCUMENT_RECORDS = frozenset(("response", "resource", "conversion"))
_LINE_BYTES = 1 << 20
_MAX_HEADER_BYTES = 1 << 20
# Longer records that are not documents are skipped without reading them into memory.
_SKIPPED_RECORD_BYTES = 64 << 20
_READ_BYTES = 1 << 20
# Maximum number of bytes that are searched for records again because lengths are wrong; this keeps the time linear.
_MAX_PUT_BACK_BYTES = 1 << 30
_BLANKS = b" \t\r\n\0"
# Media types that are named if they are left out.
_NAMED_TYPES = 12


@dataclass(frozen=True)
class _Block:
    """A record of the file."""

    headers: Mapping[str, str]
    """Values by name in lower case."""
    content: bytes
    """What follows the headers; empty if it is too long."""
    length: int
    """Bytes of the content."""
    problem: str | None = None
    """Why the record cannot be read."""

    @property
    def kind(self) -> str:
        """Type of the record."""
        return self.headers.get("warc-type", "").lower()


@dataclass(frozen=True)
class _Content:
    """What a record says about its URI."""

    media_type: str
    charset: str | None
    data: bytes
    problem: str | None
    """Why the end is missing."""


class _LeftOut(Exception):  # noqa: N818 - not an error: the record is counted
    """A record that is not a document; the message is its kind."""


def read_warc(
    stream: Buffered, path: str, report: ReportBuilder, html_text: Literal["all", "main"]
) -> Iterator[Record]:
    r"""Read the pages and texts of a WARC file.

    The columns are "url", "date" (of the crawl) and "text", for pages also those that the page states: "title",
    "outlet", "author" and "published"; and "language" if the record names it.

    Args:
        stream: The decompressed file.
        path: Path in the corpus.
        report: Receives the records that cannot be read, and how many are left out.
        html_text: "all" for all text of a page, "main" for the main text.

    Yields:
        The documents. Their rows count the documents that cannot be read too.

    Raises:
        OSError: The file cannot be read further.

    >>> block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Text"
    >>> file = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a/\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
    >>> stream = io.BufferedReader(io.BytesIO(file % (len(block), block)))
    >>> [record.values for record in read_warc(stream, "a.warc", ReportBuilder(), "all")]
    [{'url': 'http://a/', 'date': None, 'text': 'Text'}]
    """
    reader = _RecordReader(path, report, html_text)
    try:
        yield from reader.read(stream)
    finally:
        reader.report_counts()


class _RecordReader:
    """Reads the documents of a file, and counts what is left out."""

    def __init__(self, path: str, report: ReportBuilder, html_text: Literal["all", "main"]) -> None:
        self._path, self._report, self._html_text = path, report, html_text
        self._row = 0
        self._types: Counter[str] = Counter()
        self._statuses: Counter[int] = Counter()
        self._other_records: Counter[str] = Counter()
        self._cut_by_crawler = 0
        self._guessed: set[str] = set()

    def read(self, stream: Buffered) -> Iterator[Record]:
        """Yield the documents."""
        for block in _read_blocks(stream):
            if block.problem is None and block.kind not in _DOCUMENT_RECORDS:
                self._other_records[block.kind or "unnamed"] += 1
                continue
            try:
                values = self._read_block(block)
            except _LeftOut:
                continue
            except (Unreadable, OSError, MemoryError) as error:
                uri = _uri_of(block)
                self._report.skip(self._path, (f"{uri}: " if uri else "") + short_reason(error), row=self._row)
            else:
                yield Record(self._row, None, block.length, values)
            self._row += 1

    def _read_block(self, block: _Block) -> dict[str, str | None]:
        """Return the columns of a document; raises _LeftOut for other records."""
        if block.problem is not None:
            raise Unreadable(block.problem)
        if "warc-segment-number" in block.headers:
            raise Unreadable("a record that is stored in several segments, which is not supported")
        is_response = block.kind == "response" and not block.headers.get("content-type", "").startswith("text/")
        content = self._response(block) if is_response else _resource(block)
        identified = media_type_of(block.headers.get("warc-identified-payload-type", ""))
        form = _form_of(content, identified, is_converted=block.kind == "conversion")
        if form is None:
            self._types[content.media_type or identified or "an unknown type"] += 1
            raise _LeftOut
        if "warc-truncated" in block.headers:
            self._cut_by_crawler += 1
        elif content.problem is not None:
            raise Unreadable(content.problem)
        check_size(len(content.data))
        values: dict[str, str | None] = {"url": _uri_of(block), "date": block.headers.get("warc-date")}
        if language := block.headers.get("warc-identified-content-language"):
            values["language"] = language
        return values | (self._page(content) if form == "html" else self._text(content))

    def _response(self, block: _Block) -> _Content:
        if _uri_of(block).lower().startswith(("dns:", "whois:")):
            self._other_records["dns"] += 1
            raise _LeftOut
        response = parse_response(block.content)
        if response.status != 200:
            self._statuses[response.status] += 1
            raise _LeftOut
        if response.media_type not in _HTML_TYPES | _TEXT_TYPES | _NO_TYPES:  # decided without decoding the body
            return _Content(response.media_type, None, b"", None)
        data, problem = decode_body(response)
        return _Content(response.media_type, response.charset, data, problem)

    def _page(self, content: _Content) -> dict[str, str]:
        page = read_page(_recode(content), self._html_text)
        self._add_decoding(page.decoded)
        columns = {"published" if name == "date" else name: value for name, value in page.columns.items()}
        columns.pop("url", None)
        return {"text": page.text, **columns}

    def _text(self, content: _Content) -> dict[str, str]:
        decoded = decode_declared(content.data, encoding_of_label(content.charset or ""))
        self._add_decoding(decoded)
        return {"text": decoded.text}

    def _add_decoding(self, decoded: Decoded) -> None:
        """Report each encoding once for the file."""
        is_new = decoded.guessed is not None and decoded.guessed not in self._guessed
        if decoded.guessed is not None:
            self._guessed.add(decoded.guessed)
        self._report.add_decoding(self._path, decoded.guessed if is_new else None, decoded.replaced)

    def report_counts(self) -> None:
        """Report what was left out."""
        notes = []
        if self._types:
            named = self._types.most_common(_NAMED_TYPES)
            others = self._types.total() - sum(count for _, count in named)
            parts = [f"{count:,} of {name}" for name, count in named] + [f"{others:,} of other types"] * bool(others)
            notes.append(f"records that are not text were left out: {', '.join(parts)}")
        if self._statuses:
            parts = [f"{count:,} with {status}" for status, count in sorted(self._statuses.items())]
            notes.append(f"responses with a status other than 200 were left out: {', '.join(parts)}")
        if self._cut_by_crawler:
            notes.append(f"texts that the crawler cut off (WARC-Truncated): {self._cut_by_crawler:,}")
        if not self._row and self._other_records:
            parts = [f"{count:,} {kind}" for kind, count in self._other_records.most_common(_NAMED_TYPES)]
            notes.append(f"there are no pages or texts, only other records: {', '.join(parts)}")
        for note in notes:
            self._report.remark(self._path, note)


def _uri_of(block: _Block) -> str:
    return block.headers.get("warc-target-uri", "").strip().removeprefix("<").removesuffix(">")


def _resource(block: _Block) -> _Content:
    content_type = block.headers.get("content-type", "")
    return _Content(media_type_of(content_type), charset_of(content_type), block.content, None)


def _form_of(content: _Content, identified: str, *, is_converted: bool) -> Literal["html", "text"] | None:
    """Return whether content is a page or a text; None if it is neither.

    Args:
        content: The content.
        identified: Media type that the crawler recognised; empty if unknown.
        is_converted: Whether it is text that was extracted from something else.
    """
    media_type = content.media_type
    if media_type in _NO_TYPES:
        media_type = identified or ("text/html" if is_html(content.data[:4096]) else "")
    if media_type in _HTML_TYPES:
        return "html"
    return "text" if media_type in _TEXT_TYPES or (is_converted and media_type in _NO_TYPES) else None


def _recode(content: _Content) -> bytes:
    """Return a page in UTF-8 if HTTP declares another encoding: this declaration precedes that of the page."""
    name = encoding_of_label(content.charset or "")
    if name not in (None, "utf-8"):
        with suppress(Unreadable):
            decoded = decode_declared(content.data, name)
            if decoded.guessed is None:
                return decoded.text.encode("utf-8", "surrogatepass")
    return content.data


# Records.


class _Input:
    """The bytes of a file, of which some can be put back."""

    def __init__(self, stream: Buffered) -> None:
        self._stream = stream
        self._back = io.BytesIO()
        self.put_back_bytes = 0  # in total

    def readline(self) -> bytes:
        """Return the next line, or a part of a long line; nothing at the end."""
        line = self._back.readline(_LINE_BYTES)
        return line if line.endswith(b"\n") else line + self._stream.readline(_LINE_BYTES)

    def read(self, size: int) -> bytes:
        """Read `size` bytes; fewer at the end."""
        pieces = [self._back.read(size)]
        missing = size - len(pieces[0])
        while missing and (piece := self._stream.read(min(missing, _READ_BYTES))):
            pieces.append(piece)
            missing -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def skip(self, size: int) -> int:
        """Skip `size` bytes; return the number of bytes skipped, fewer at the end."""
        skipped = 0
        while skipped < size and (piece := self.read(min(size - skipped, _READ_BYTES))):
            skipped += len(piece)
        return skipped

    def put_back(self, data: bytes) -> None:
        """Put back bytes."""
        self.put_back_bytes += len(data)
        self._back = io.BytesIO(data + self._back.read())


def _read_blocks(stream: Buffered) -> Iterator[_Block]:
    """Yield the records; damaged ones with the problem."""
    source = _Input(stream)
    line = _next_line(source)
    if line and not _starts_record(line):
        raise Unreadable("not a WARC file: it does not begin with a record")
    while line:
        block = _read_block(source)
        line = _next_line(source)
        if block.problem is None and ((line and not _starts_record(line)) or len(block.content) < block.length):
            block, line = _check_length(block, line, source)
        yield block
        while line and not _starts_record(line):
            line = source.readline()


def _starts_record(line: bytes) -> bool:
    """Return whether a line is the first of a record; at the end of the file it may be cut."""
    return _VERSION.match(line) is not None or b"WARC/".startswith(line)


def _next_line(source: _Input) -> bytes:
    """Return the next line that is not blank; nothing at the end."""
    while line := source.readline():
        if line.strip(_BLANKS):
            return line
    return b""


def _read_block(source: _Input) -> _Block:
    """Read a record after its first line."""
    lines, size = list[bytes](), 0
    while (line := source.readline()).strip():
        lines.append(line)
        size += len(line)
        if size > _MAX_HEADER_BYTES:
            return _Block({}, b"", 0, "the header of a record is damaged; it was skipped to the next record")
    headers = parse_headers(b"".join(lines))
    length = headers.get("content-length", "")
    if not line.endswith(b"\n"):
        return _Block(headers, b"", 0, "the file ends within the header of a record")
    if not length.isdecimal() or len(length) > 18:
        return _Block(headers, b"", 0, "a record without a valid Content-Length; it was skipped to the next record")
    count = int(length)
    is_document = headers.get("warc-type", "").lower() in _DOCUMENT_RECORDS
    if count > (MAX_TEXT_BYTES if is_document else _SKIPPED_RECORD_BYTES):
        found = source.skip(count)
        if found < count:
            return _Block(headers, b"", 0, "the file ends within this record")
        limit = f"a record of more than {MAX_TEXT_BYTES >> 30} GiB, the limit for one text"
        return _Block(headers, b"", 0, limit if is_document else None)
    return _Block(headers, source.read(count), count)


def _check_length(block: _Block, line: bytes, source: _Input) -> tuple[_Block, bytes]:
    """Find the end of a record that is not followed by another.

    Args:
        block: The record.
        line: The line after it, already read.
        source: What follows.

    Returns:
        The record with its problem, and the line to continue with.
    """
    start = _NEXT_RECORD.search(block.content)
    if start is not None and source.put_back_bytes < _MAX_PUT_BACK_BYTES:  # its length includes other records
        source.put_back(block.content[start.end() :] + line)
        line = source.readline()
    is_cut = start is None and not line
    problem = "the file ends within this record" if is_cut else "a record whose Content-Length is wrong"
    return _Block(block.headers, b"", block.length, problem), line
