"""Decode bytes: by a byte order mark, as UTF-8, or by a guess that is reported; refuse binary data."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedup.corpus.report import Unreadable
from dedup.corpus.streams import Buffered, read_lines

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

DETECTION_BYTES = 64 << 10
"""Bytes from which an encoding is detected; the time of charset-normalizer grows with their number."""
DECODED_BLOCK_BYTES = 1 << 20
"""Most bytes of a file that `decode_blocks` reads for one block of text."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, since it starts with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# C0 controls that do not occur in text. Tab, line ends, backspace (overstrike) and escape (terminal logs) do occur.
_NON_TEXT_CONTROLS = bytes(b for b in range(32) if b not in b"\b\t\n\v\f\r\x1b")
_ASCII_CHARACTER = re.compile("[ -~\t\r\n]")
_WHITE_SPACE = re.compile(r"\s")
_C1_BYTE = re.compile(rb"[\x80-\x9f]")

# First bytes of a file in which its encoding may be declared; pages may have long comments and scripts before it.
_DECLARATION_BYTES = 16 << 10
# Patterns of declarations: XML; HTML; a header of Project Gutenberg, of an e-mail or of a PO file; LaTeX; CSS; and a
# comment for Emacs or Python in the first two lines.
_DECLARATIONS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rb"""\A\s*<\?xml[^<>]*?\sencoding\s*=\s*["']([^"'<>\n]+)""",
        rb"""<meta\s[^<>]*?charset\s*=\s*["']?\s*([\w:.-]+)""",
        rb"""^[ \t]*character set encoding:[ \t]*([^\r\n]+)""",
        rb"""^"?content-type:[ \t]*text/[^\r\n]*?charset=["']?([\w:.-]+)""",
        rb"""^[ \t]*\\usepackage\[([\w-]+)\]\{inputenc\}""",
        rb"""\A@charset "([\w:.-]+)";""",
        rb"""\A(?:[^\n]*\n)?[^\n]*?coding[:=][ \t]*([\w.-]+)""",
    )
)
# Names of encodings that Python does not know, without "x-", and how they are to be read.
_LABELS = {
    "ansi": "cp1252",
    "ansinew": "cp1252",
    "applemac": "mac_roman",
    "dos-874": "cp874",
    "gb_2312-80": "gb2312",
    "iso-8859-8-e": "iso8859_8",
    "iso-8859-8-i": "iso8859_8",
    "logical": "iso8859_8",
    "sjis": "cp932",
    "unicode": "utf-8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "windows-949": "cp949",
}
# Browsers read these encodings as a superset, whose characters files use.
# Source: https://encoding.spec.whatwg.org/#names-and-labels
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
# Text codecs of Python that are not encodings of files.
_CODECS_NOT_FOR_FILES = frozenset(("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"))

# ruff: noqa: SIM905
# a list of words is easier to read as a string
_COMMON_ENCODINGS = frozenset(
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp866 cp855 koi8_r mac_cyrillic mac_roman iso8859_2"
    " iso8859_5 iso8859_7 iso8859_9 iso8859_15 gb18030 gb2312 gbk big5 big5hkscs cp932 shift_jis"
    " shift_jis_2004 euc_jp euc_jis_2004 euc_kr cp949 johab tis_620 cp874 iso2022_jp".split()
)
_CENTRAL_EUROPEAN_LANGUAGES = frozenset(("Croatian", "Czech", "Hungarian", "Polish", "Romanian", "Slovak", "Slovene"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded text."""

    text: str
    guessed: str | None = None
    """Encoding, if it was guessed."""
    replaced: int = 0
    """Number of lone surrogates replaced by U+FFFD."""


# Detection.


def detect_bom(data: bytes) -> tuple[int, str]:
    r"""Return the length of the byte order mark and its encoding; (0, "utf-8") if there is none.

    >>> detect_bom(b"\xff\xfea\x00"), detect_bom(b"abc")
    ((2, 'utf-16-le'), (0, 'utf-8'))
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        # b"\xff\xfe\0\0" is also UTF-16 of a text that starts with NUL; the length decides.
        if data.startswith(mark) and not (encoding == "utf-32-le" and len(data) % 4):
            return len(mark), encoding
    return 0, "utf-8"


def is_utf8(data: bytes) -> bool:
    """Return whether bytes are valid UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def detect_utf_without_bom(data: bytes) -> str | None:
    """Detect UTF-16 or UTF-32 without a byte order mark.

    It is detected only if, in the first 64 KiB, no character is a control or unassigned, and over a tenth are ASCII.

    >>> detect_utf_without_bom("Ein Text.".encode("utf-16-le")), detect_utf_without_bom(b"\\0\\1\\0\\2")
    ('utf-16-le', None)
    """
    for encoding, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        if len(data) % width:
            continue
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data[:DETECTION_BYTES])
        except UnicodeDecodeError:
            continue
        if _WHITE_SPACE.sub("", text).isprintable() and 10 * len(_ASCII_CHARACTER.findall(text)) > len(text):
            return encoding
    return None


def guess_encodings(data: bytes) -> list[str]:
    """Return the encodings that text which is not UTF-8 may have, most likely first.

    The guess is based on 64 KiB from the first line that is not ASCII.

    >>> guess_encodings("Le garçon a mangé la crème brûlée près de l'hôtel où il était né.".encode("cp1252"))[0]
    'cp1252'
    """
    from charset_normalizer import from_bytes

    if len(data) > DETECTION_BYTES:
        start = 0
        try:
            data.decode("ascii")
        except UnicodeDecodeError as error:
            start = data.rfind(b"\n", 0, error.start) + 1
            start = start if error.start - start < DETECTION_BYTES // 2 else error.start
        data = data[start : start + DETECTION_BYTES]
        data = data[: data.rfind(b"\n") + 1] or data  # an incomplete character would exclude its encoding
    has_c1 = _C1_BYTE.search(data) is not None
    matches = sorted(from_bytes(data), key=lambda match: _penalty(match, has_c1))
    return [match.encoding for match in matches if match.encoding not in ("utf_8", "ascii")]


def _penalty(match: CharsetMatch, has_c1: bool) -> float:
    """Score a match of charset-normalizer by its chaos and coherence and by how common the encoding is; less is better.

    By chaos and coherence alone, French in cp1252 is taken for cp1250. The other terms are small compared to real
    differences.
    """
    score = match.chaos - match.coherence / 10 + (0 if match.encoding in _COMMON_ENCODINGS else 0.05)
    is_central_european = match.language in _CENTRAL_EUROPEAN_LANGUAGES
    if match.encoding == "cp1250" and not has_c1:
        score += 0.004  # in cp1250, š, ž and ś are C1 bytes: text without them is more likely ISO 8859-2
    if match.encoding in (("cp1250", "iso8859_2") if is_central_european else ("cp1252",)):
        score -= 0.0001  # decides between equal scores
    return score


# Declared encodings.


def declared_encoding(data: bytes) -> str | None:
    r"""Return Python's name of the encoding that a file declares.

    A declaration is that of XML or HTML, a header of Project Gutenberg, of an e-mail or of a PO file, a package option
    of LaTeX, or a comment for Emacs or Python.

    Args:
        data: The file, or its beginning.

    Returns:
        The name; "utf-8" for any form of Unicode; None if nothing or an unknown encoding is declared.

    >>> declared_encoding(b'<?xml version="1.0" encoding="windows-1251"?><a/>')
    'cp1251'
    >>> declared_encoding(b"Title: Candide\n\nCharacter set encoding: ISO Latin-1\n")
    'cp1252'
    """
    head = data[:_DECLARATION_BYTES]
    for pattern in _DECLARATIONS:
        match = pattern.search(head)
        name = match and encoding_of_label(match[1].decode("ascii", "replace"))
        if name:
            return name
    return None


def encoding_of_label(label: str) -> str | None:
    """Return Python's name of an encoding by its name in a declaration; None if it is unknown.

    >>> encoding_of_label("ISO-8859-1"), encoding_of_label("Unicode UTF-8"), encoding_of_label("klingon")
    ('cp1252', 'utf-8', None)
    """
    label = label.strip().lower().removeprefix("x-")
    if "utf" in label or label == "unicode":
        return None if "utf-7" in label or "utf7" in label else "utf-8"
    label = re.sub(r"^iso[ _-]?(?:646.*|latin)", lambda match: "ascii" if "646" in match[0] else "latin", label)
    label = re.sub(r"^(?:win(?:dows)?|code ?page|windows code ?page|cp|ibm)[ _-]?(?=\d+$)", "cp", label)
    label = re.sub(r"^latin[ _-]?(?=\d+$)", "latin", label)
    for name in (_LABELS.get(label), label, label.replace("-", "_"), f"x-{label}"):
        try:
            codec = codecs.lookup(name or "")
        except (LookupError, ValueError):
            continue
        known = _SUPERSETS.get(codec.name, codec.name)
        return None if known in _CODECS_NOT_FOR_FILES or not codec._is_text_encoding else known
    return None


def decode_declared(data: bytes, declared: str | None) -> Decoded:
    r"""Decode a whole file by its byte order mark, as UTF-8, by a declaration, or by a guess, in this order.

    UTF-8 precedes the declaration: text that is valid UTF-8 is almost always UTF-8, whatever is declared. Declared
    ISO-2022 precedes UTF-8, since its bytes are ASCII and so also valid UTF-8.

    Args:
        data: Content of the file.
        declared: Python's name of the declared encoding; None if nothing is declared.

    Raises:
        Unreadable: The file is binary, or its encoding is unknown.

    >>> decode_declared("café".encode("cp1252"), "cp1252").text, decode_declared("café".encode(), "cp1252").text
    ('café', 'café')
    """
    may_use = declared is not None and declared != "utf-8" and b"\0" not in data and not detect_bom(data)[0]
    if declared is not None and may_use and not (is_utf8(data) and "2022" not in declared):
        with suppress(UnicodeDecodeError):
            return Decoded(data.decode(declared))
    return decode(data)


# Whole files.


def decode(data: bytes) -> Decoded:
    r"""Decode a whole file; line ends are kept.

    Args:
        data: Content of the file.

    Raises:
        Unreadable: The file is binary, or its encoding is unknown.

    >>> decode("\ufeffcafé\r\n".encode("utf-16"))
    Decoded(text='\ufeffcafé\r\n', guessed=None, replaced=0)
    >>> decode(b"\x00\x01")
    Traceback (most recent call last):
        ...
    dedup.corpus.report.Unreadable: binary (contains NUL bytes)
    """
    mark_size, encoding = detect_bom(data)
    if encoding != "utf-8":
        return _decode_marked(data, mark_size, encoding)
    if b"\0" in data:
        return _decode_unmarked(data)
    try:
        text = data[mark_size:].decode()
    except UnicodeDecodeError:
        return decode_by_guess(data)
    refuse_controls(data)
    if b"\x1b$" in data:  # ISO-2022 writes CJK characters in ASCII bytes, which are valid UTF-8
        for encoding in ("iso2022_jp", "iso2022_kr", "iso2022_jp_2"):
            try:
                return Decoded(data[mark_size:].decode(encoding), encoding)
            except UnicodeDecodeError:
                continue
    return Decoded(text)


def _decode_marked(data: bytes, mark_size: int, encoding: str) -> Decoded:
    """Decode UTF-16 or UTF-32 after a byte order mark of `mark_size` bytes; lone surrogates become U+FFFD."""
    try:
        text, replaced = replace_surrogates(data[mark_size:].decode(encoding, "surrogatepass"))
    except UnicodeDecodeError as error:
        name = encoding.rsplit("-", 1)[0].upper()
        raise Unreadable(f"starts with the byte order mark of {name} but is not {name} ({error.reason})") from None
    return Decoded(text, replaced=replaced)


def _decode_unmarked(data: bytes) -> Decoded:
    """Decode UTF-16 or UTF-32 without a byte order mark; raises Unreadable if the data are neither."""
    encoding = detect_utf_without_bom(data)
    if encoding is not None:
        with suppress(UnicodeDecodeError):
            return Decoded(data.decode(encoding), encoding)
    raise Unreadable("binary (contains NUL bytes)")


def replace_surrogates(text: str) -> tuple[str, int]:
    r"""Replace lone surrogates by U+FFFD, and count them.

    >>> replace_surrogates("a\ud800b")
    ('a�b', 1)
    """
    return _SURROGATE.subn("\ufffd", text)


def refuse_controls(data: bytes) -> None:
    """Raise Unreadable if more than a tenth of the bytes are control characters that do not occur in text."""
    if (len(data) - len(data.translate(None, _NON_TEXT_CONTROLS))) * 10 > len(data):
        raise Unreadable("binary (mostly control characters)")


def decode_by_guess(data: bytes, *, is_cut: bool = False) -> Decoded:
    """Decode bytes that are not UTF-8 in the most likely encoding that can decode all of them.

    Args:
        data: Bytes to decode.
        is_cut: Whether the last character may be incomplete.

    Raises:
        Unreadable: The data are binary, or the encoding is unknown.
    """
    if b"\0" in data:
        raise Unreadable("binary (contains NUL bytes)")
    refuse_controls(data)
    for encoding in guess_encodings(data):
        try:
            return Decoded(codecs.getincrementaldecoder(encoding)().decode(data, final=not is_cut), encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("binary, or text in an unknown encoding")


# Streams.


class LineDecoder:
    """Decodes the lines of a file; the first line that is not ASCII determines the encoding."""

    def __init__(self, peek: Callable[[], bytes]) -> None:
        """Start with an unknown encoding.

        Args:
            peek: Returns some of the bytes after the current line, for a guess.
        """
        self.guessed: str | None = None  # encoding, if it was guessed
        self.replaced = 0  # number of lone surrogates replaced by U+FFFD
        self._is_settled = False  # whether the encoding was determined, or a guess has failed
        self._peek = peek

    def __call__(self, line: bytes) -> str:
        """Decode a line; raises Unreadable."""
        try:
            if self.guessed is not None:
                return line.decode(self.guessed)
            text = line.decode()
        except UnicodeDecodeError as error:
            if self._is_settled:
                raise Unreadable(f"not {self.guessed or 'UTF-8'} ({error.reason})") from None
            self._is_settled = True  # before the guess: a failed guess takes long and is not repeated
            ahead = self._peek()
            if any(not line.isascii() and is_utf8(line) for line in ahead.split(b"\n")):
                raise Unreadable(f"not UTF-8 ({error.reason})") from None  # a damaged line of a UTF-8 file
            self.guessed = decode_by_guess(line + ahead[: ahead.rfind(b"\n") + 1]).guessed
            return self(line)
        if not self._is_settled and not line.isascii():
            self._is_settled = True
        return text


def open_lines(stream: Buffered) -> tuple[LineDecoder, Iterator[bytes]]:
    r"""Return a decoder for the lines of a file, and the lines as bytes; only "\n" ends a line.

    >>> decoder, raw_lines = open_lines(io.BufferedReader(io.BytesIO(b"a\nb")))
    >>> [decoder(line) for line in raw_lines]
    ['a\n', 'b']
    """
    mark_size, encoding = detect_bom(stream.peek(4)[:4])
    stream.read(mark_size)
    if encoding == "utf-8":
        return LineDecoder(lambda: stream.peek(DETECTION_BYTES)[:DETECTION_BYTES]), read_lines(stream)
    decoder = LineDecoder(bytes)
    return decoder, _recode_lines(stream, encoding, decoder)


def _recode_lines(stream: Buffered, encoding: str, decoder: LineDecoder) -> Iterator[bytes]:
    """Yield the lines of a UTF-16 or UTF-32 file in UTF-8; count replaced surrogates in the decoder."""
    wrapper = io.TextIOWrapper(stream, encoding, "surrogatepass", newline="\n")
    try:
        for line in read_lines(wrapper):
            clean, count = replace_surrogates(line)
            decoder.replaced += count
            yield clean.encode()
    finally:
        with suppress(ValueError):  # the stream may be closed already
            wrapper.detach()  # else the wrapper would close the stream


def decode_blocks(stream: Buffered, report_guess: Callable[[str], None]) -> Iterator[str]:
    """Decode a file block by block; raises Unreadable.

    Args:
        stream: The file.
        report_guess: Receives the encoding if it is guessed.

    >>> list(decode_blocks(io.BufferedReader(io.BytesIO(b"abc")), print))
    ['abc', '']
    """
    mark_size, encoding = detect_bom(stream.peek(4)[:4])
    stream.read(mark_size)
    decoder = codecs.getincrementaldecoder(encoding)()
    may_guess = encoding == "utf-8"
    is_at_end = False
    while not is_at_end:
        raw = stream.read(DECODED_BLOCK_BYTES)
        is_at_end = not raw
        try:
            text = decoder.decode(raw, final=is_at_end)
        except UnicodeDecodeError as error:
            if not may_guess:
                raise Unreadable(f"not {encoding.upper()} ({error.reason})") from None
            encoding = decode_by_guess(raw, is_cut=True).guessed or encoding
            report_guess(encoding)
            decoder = codecs.getincrementaldecoder(encoding)()
            text = decoder.decode(raw)
        may_guess = may_guess and raw.isascii()
        yield text
