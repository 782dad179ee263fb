"""Parse HTTP responses, and undo their transfer and content encodings."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dedup.corpus.compression import decompressed, is_compressed, read_sound
from dedup.corpus.encodings.detect import is_utf8
from dedup.corpus.packed.pieces import DamagedData, PieceReader, Source, TrailingGarbage, cut_off, damaged
from dedup.corpus.packed.streams import decode_deflate
from dedup.corpus.report import Unreadable

_STATUS = re.compile(rb"HTTP/[0-9.]+[ \t]+([0-9]{3})(?![0-9])")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';,]+)""", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\n]*)?\r?\n")
_CHUNK_END = re.compile(rb"\r?\n")
_BROTLI_PIECE_BYTES = 1 << 20
# Content encodings that cannot be undone. Others are names of character sets and similar, written there by mistake.
_UNKNOWN_ENCODINGS = frozenset(("compress", "x-compress", "sdch", "dcb", "dcz", "pack200-gzip", "aes128gcm"))


@dataclass(frozen=True)
class Response:
    """A response of HTTP."""

    status: int
    """Status code, such as 200."""
    headers: Mapping[str, str]
    """Values by name in lower case; repeated ones are joined by commas."""
    body: bytes
    """The content as transferred."""

    @property
    def media_type(self) -> str:
        """Media type in lower case, without parameters; empty if there is none."""
        return media_type_of(self.headers.get("content-type", ""))

    @property
    def charset(self) -> str | None:
        """Declared character set."""
        return charset_of(self.headers.get("content-type", ""))


def media_type_of(content_type: str) -> str:
    """Return the media type of a Content-Type header, in lower case; empty if there is none.

    >>> media_type_of("Text/HTML; charset=utf-8")
    'text/html'
    """
    return re.split("[;,]", content_type, maxsplit=1)[0].strip().lower()


def charset_of(content_type: str) -> str | None:
    """Return the character set of a Content-Type header.

    >>> charset_of('text/html; charset="ISO-8859-1"')
    'ISO-8859-1'
    """
    found = _CHARSET.search(content_type)
    return found and found[1]


def parse_headers(block: bytes) -> dict[str, str]:
    r"""Parse header lines; lines that begin with white space continue the line before.

    Returns:
        Values by name in lower case. Those of repeated names are joined by commas. Lines without a colon are ignored.

    >>> parse_headers(b"A: 1\r\nB: 2\r\n 3\r\na: 4\r\n")
    {'a': '1, 4', 'b': '2 3'}
    """
    headers: dict[str, str] = {}
    name = ""
    for line in block.decode("utf-8", "backslashreplace").replace("\r\n", "\n").split("\n"):
        if line[:1] in (" ", "\t"):
            if name:
                headers[name] = f"{headers[name]} {line.strip()}"
            continue
        name, colon, value = line.partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon:
            name = ""
        elif name in headers:
            headers[name] += f", {value}"
        else:
            headers[name] = value
    return headers


def parse_response(block: bytes) -> Response:
    r"""Parse a response with its headers.

    Raises:
        Unreadable: It does not begin with a status line.

    >>> parse_response(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\ntext")
    Response(status=200, headers={'content-type': 'text/plain'}, body=b'text')
    """
    status = _STATUS.match(block)
    if status is None:
        raise Unreadable("not an HTTP response: it has no status line")
    end = _HEADER_END.search(block)
    header, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    return Response(int(status[1]), parse_headers(header.partition(b"\n")[2]), body)


def decode_body(response: Response) -> tuple[bytes, str | None]:
    r"""Undo the transfer and content encodings of a response.

    Archives often contain bodies that are decoded already, under headers that still declare the encoding. Such a body
    is returned unchanged.

    Returns:
        The content; and why its end is missing, or None if it is complete.

    Raises:
        Unreadable: The encoding is unknown.
        OSError: The content is too long.

    >>> decode_body(Response(200, {"transfer-encoding": "chunked"}, b"4\r\ntext\r\n0\r\n\r\n"))
    (b'text', None)
    """
    content, problem = response.body, None
    if "chunked" in response.headers.get("transfer-encoding", "").lower():
        content, problem = join_chunks(content)
    encodings = re.split(r"[,\s]+", response.headers.get("content-encoding", "").lower())
    for encoding in reversed(encodings):
        content, damage = _undo(encoding, content)
        problem = problem or damage
    return content, problem


def join_chunks(body: bytes) -> tuple[bytes, str | None]:
    r"""Join the chunks of a body; return it as it is if it does not begin with a chunk.

    Returns:
        The content; and why its end is missing, or None if it is complete.

    >>> join_chunks(b"2\r\nab\r\n2\r\nc")
    (b'abc', 'a chunk is cut off')
    """
    pieces, position, end = list[bytes](), 0, len(body)
    while True:
        header = _CHUNK_SIZE.match(body, position)
        if header is None:
            if not pieces:
                return body, None
            return b"".join(pieces), "a chunk is missing" if position >= end else "a chunk is damaged"
        size, position = int(header[1], 16), header.end()
        if not size:
            return b"".join(pieces), None
        pieces.append(body[position : position + size])
        if position + size > end:
            return b"".join(pieces), "a chunk is cut off"
        line_end = _CHUNK_END.match(body, position + size)
        position = line_end.end() if line_end else position + size


def _undo(encoding: str, content: bytes) -> tuple[bytes, str | None]:
    if encoding in _UNKNOWN_ENCODINGS:
        raise Unreadable(f"its content is encoded as {encoding}, which is not supported")
    if encoding in ("gzip", "x-gzip", "zstd", "deflate") and is_compressed(content[:32]):
        with decompressed(io.BufferedReader(io.BytesIO(content))) as stream:
            found, damage = read_sound(stream)
        return found, str(damage) if isinstance(damage, DamagedData) else None
    decoders: dict[str, Callable[[bytes], Iterator[bytes]]] = {"deflate": _inflate, "br": _decode_brotli}
    if encoding not in decoders or not content:
        return content, None
    found, damage = read_sound(PieceReader(decoders[encoding](content)))
    if not isinstance(damage, DamagedData):
        return found, None
    return (content, None) if is_utf8(content) else (found, str(damage))  # text was decoded already


def _inflate(content: bytes) -> Iterator[bytes]:
    """Decode "deflate": the format of zlib by the standard, but raw DEFLATE from some servers."""
    is_zlib = content[0] & 15 == 8 and int.from_bytes(content[:2], "big") % 31 == 0
    source = Source(io.BufferedReader(io.BytesIO(content)))
    yield from decode_deflate(source, "deflate", zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
    if source.peek(1):
        raise TrailingGarbage("bytes after the end of the compressed data were not read")


def _decode_brotli(content: bytes) -> Iterator[bytes]:
    import brotli

    decoder = brotli.Decompressor()
    try:
        while piece := decoder.process(content, output_buffer_limit=_BROTLI_PIECE_BYTES):
            yield piece
            content = b""
    except brotli.error as error:
        raise damaged("brotli", error) from None
    if not decoder.is_finished():
        raise cut_off("brotli")
