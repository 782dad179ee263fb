"""Bytes to text: byte order mark, then strict UTF-8, then a guess that is reported; binary is refused."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedup.corpus.files import Buffered, read_lines

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch


SAMPLE = 64 << 10  # bytes shown to charset-normalizer, whose time grows with what it sees

# ruff: noqa: SIM905
# a list of words reads best as such
_COMMON = frozenset(
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp866 cp855 koi8_r mac_cyrillic mac_roman iso8859_2"
    " iso8859_5 iso8859_7 iso8859_9 iso8859_15 gb18030 gb2312 gbk big5 big5hkscs cp932 shift_jis"
    " shift_jis_2004 euc_jp euc_jis_2004 euc_kr cp949 johab tis_620 cp874 iso2022_jp".split()
)
_CENTRAL = frozenset(("Croatian", "Czech", "Hungarian", "Polish", "Romanian", "Slovak", "Slovene"))
_ASCII = re.compile("[ -~\t\r\n]")
_SPACES = re.compile(r"\s")
_C1 = re.compile(rb"[\x80-\x9f]")


def wide(data: bytes) -> str | None:
    """Return UTF-16 or UTF-32 for bytes without a mark that are text in it beyond doubt: such text has NUL bytes.

    Not a character in its first 64 KiB may be a control or unassigned, and one in ten is ASCII.

    >>> wide("Ein Text.".encode("utf-16-le")), wide(b"\\0\\1\\0\\2")
    ('utf-16-le', None)
    """
    for encoding, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        if len(data) % width:
            continue
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data[:SAMPLE])
        except UnicodeDecodeError:
            continue
        if _SPACES.sub("", text).isprintable() and 10 * len(_ASCII.findall(text)) > len(text):
            return encoding
    return None


def guesses(data: bytes) -> list[str]:
    """Return the encodings, likeliest first, of 64 KiB of a file from the first line that is not ASCII.

    >>> guesses("Le garçon a mangé la crème brûlée près de l'hôtel où il était né.".encode("cp1252"))[0]
    'cp1252'
    """
    from charset_normalizer import from_bytes

    if len(data) > SAMPLE:
        start = 0
        try:
            data.decode("ascii")
        except UnicodeDecodeError as error:
            start = data.rfind(b"\n", 0, error.start) + 1
            start = start if error.start - start < SAMPLE // 2 else error.start
        data = data[start : start + SAMPLE]
        data = data[: data.rfind(b"\n") + 1] or data  # a cut character would rule its encoding out
    has_c1 = _C1.search(data) is not None
    found = sorted(from_bytes(data), key=lambda match: _unlikely(match, has_c1))
    return [match.encoding for match in found if match.encoding not in ("utf_8", "ascii")]


def _unlikely(match: CharsetMatch, has_c1: bool) -> float:
    """Weigh a guess: its mess and its coherence as charset-normalizer finds them, then how common it is.

    Left alone, it takes French in cp1252 for cp1250. The weights are small next to real differences.
    """
    score = match.chaos - match.coherence / 10 + (0 if match.encoding in _COMMON else 0.05)
    central = match.language in _CENTRAL
    if match.encoding == "cp1250" and not has_c1:
        score += 0.004  # its š, ž, ś are C1 bytes: text without any is rather in ISO 8859-2
    if match.encoding in (("cp1250", "iso8859_2") if central else ("cp1252",)):
        score -= 0.0001  # only where all else is equal
    return score


BLOCK = 1 << 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# C0 controls that no text needs: not tab, the line ends, backspace (overstrike) and escape (terminal logs)
_CONTROLS = bytes(b for b in range(32) if b not in b"\b\t\n\v\f\r\x1b")


class NotText(Exception):  # noqa: N818 - never shown as an error: its text becomes the reason of a Skipped
    """The bytes are not text; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding if it had to be guessed, and how many lone surrogates became U+FFFD."""

    text: str
    guessed: str | None = None
    replaced: int = 0


def decode(data: bytes) -> Decoded:
    r"""Decode a whole file.

    `data` is the file's bytes; line ends stay as they are. Raises NotText with the reason.

    >>> decode("\ufeffcafé\r\n".encode("utf-16"))
    Decoded(text='\ufeffcafé\r\n', guessed=None, replaced=0)
    >>> decode(b"\x00\x01")
    Traceback (most recent call last):
        ...
    dedup.corpus.formats.encoding.NotText: binary (it holds NUL bytes)
    """
    mark, encoding = bom(data)
    if encoding != "utf-8":
        return _marked(data, mark, encoding)
    if b"\0" in data:
        return _unmarked(data)
    try:
        text = data[mark:].decode()
    except UnicodeDecodeError:
        return guess(data)
    refuse_controls(data)
    if b"\x1b$" in data:  # ISO-2022 writes CJK in ASCII bytes: valid UTF-8, but not what it says
        for stateful in ("iso2022_jp", "iso2022_kr", "iso2022_jp_2"):
            try:
                return Decoded(data[mark:].decode(stateful), stateful)
            except UnicodeDecodeError:
                continue
    return Decoded(text)


def bom(data: bytes) -> tuple[int, str]:
    r"""Return the length of the byte order mark and the encoding it names, (0, "utf-8") without one.

    >>> bom(b"\xff\xfea\x00"), bom(b"abc")
    ((2, 'utf-16-le'), (0, 'utf-8'))
    """
    for mark, encoding in _MARKS:
        # b"\xff\xfe\0\0" is UTF-16 too, of a text that starts with NUL; then the length says which
        if data.startswith(mark) and not (encoding == "utf-32-le" and len(data) % 4):
            return len(mark), encoding
    return 0, "utf-8"


def _marked(data: bytes, mark: int, encoding: str) -> Decoded:
    try:
        return Decoded(*without_surrogates(data[mark:].decode(encoding, "surrogatepass")))
    except UnicodeDecodeError as error:
        name = encoding.rsplit("-", 1)[0].upper()
        raise NotText(f"starts with the mark of {name} but is not {name} ({error.reason})") from None


def _unmarked(data: bytes) -> Decoded:
    """Decode what holds NUL bytes: UTF-16 or UTF-32 that lacks its mark; raises NotText if it is neither."""
    encoding = wide(data)
    if encoding is not None:
        try:
            return Decoded(data.decode(encoding), encoding)
        except UnicodeDecodeError:
            pass
    raise NotText("binary (it holds NUL bytes)")


def without_surrogates(text: str) -> tuple[str, None, int]:
    r"""Replace lone surrogates by U+FFFD and count them, in the order of Decoded's fields.

    >>> without_surrogates("a\ud800b")
    ('a�b', None, 1)
    """
    clean, count = _SURROGATE.subn("\ufffd", text)
    return clean, None, count


def refuse_controls(data: bytes) -> None:
    """Raise NotText if more than one byte in ten is a control character that no text needs."""
    if (len(data) - len(data.translate(None, _CONTROLS))) * 10 > len(data):
        raise NotText("binary (mostly control characters)")


def guess(data: bytes, *, cut: bool = False) -> Decoded:
    """Decode bytes that are not UTF-8 in the likeliest encoding that decodes all of them; raises NotText.

    `cut` says that the last character may be incomplete.
    """
    if b"\0" in data:
        raise NotText("binary (it holds NUL bytes)")
    refuse_controls(data)
    for encoding in guesses(data):
        try:
            return Decoded(codecs.getincrementaldecoder(encoding)().decode(data, final=not cut), encoding)
        except UnicodeDecodeError:
            continue
    raise NotText("binary, or text in an encoding that could not be guessed")


class LineDecoder:
    """Decodes a file's lines one by one; the first that is not ASCII decides the encoding."""

    def __init__(self, upcoming: Callable[[], bytes]) -> None:
        """`upcoming` returns some of the bytes that follow the line, to guess from."""
        self.guessed: str | None = None
        self.replaced = 0  # lone surrogates
        self._encoding: str | None = None
        self._upcoming = upcoming

    def __call__(self, line: bytes) -> str:
        """Return the line as text; raises NotText."""
        try:
            if self.guessed is not None:
                return line.decode(self.guessed)
            text = line.decode()
        except UnicodeDecodeError as error:
            if self._encoding is not None or self.guessed is not None:
                raise NotText(f"not {self.guessed or 'UTF-8'} ({error.reason})") from None
            self._encoding = "utf-8"  # for good if nothing better is found: a guess takes long
            ahead = self._upcoming()
            if any(map(_is_wide_utf8, ahead.split(b"\n"))):
                raise NotText(f"not UTF-8 ({error.reason})") from None  # one bad line of a file that is
            self.guessed = guess(line + ahead[: ahead.rfind(b"\n") + 1]).guessed
            return self(line)
        if self._encoding is None and not line.isascii():
            self._encoding = "utf-8"
        return text


def _is_wide_utf8(line: bytes) -> bool:
    try:
        return not line.isascii() and bool(line.decode())
    except UnicodeDecodeError:
        return False


def lines(stream: Buffered) -> tuple[LineDecoder, Iterator[bytes]]:
    r"""Return a file's lines as bytes with the decoder for them; only "\n" ends a line.

    >>> decoder, found = lines(io.BufferedReader(io.BytesIO(b"a\nb")))
    >>> [decoder(line) for line in found]
    ['a\n', 'b']
    """
    size, encoding = bom(stream.peek(4)[:4])
    stream.read(size)

    def upcoming() -> bytes:
        return stream.peek(SAMPLE)[:SAMPLE]

    if encoding == "utf-8":
        return LineDecoder(upcoming), read_lines(stream)
    decoder = LineDecoder(bytes)

    def narrowed() -> Iterator[bytes]:  # as UTF-8, for one path from here on
        wide = io.TextIOWrapper(stream, encoding, "surrogatepass", newline="\n")
        try:
            for line in read_lines(wide):
                clean, _, count = without_surrogates(line)
                decoder.replaced += count
                yield clean.encode()
        finally:
            with suppress(ValueError):  # the stream may be closed by then
                wide.detach()  # or it would close the stream when it is collected

    return decoder, narrowed()


def blocks(stream: Buffered, guessed: Callable[[str], None]) -> Iterator[str]:
    """Yield a file's text in blocks; `guessed` is told the encoding if it had to be guessed; raises NotText.

    >>> list(blocks(io.BufferedReader(io.BytesIO(b"abc")), print))
    ['abc', '']
    """
    size, encoding = bom(stream.peek(4)[:4])
    stream.read(size)
    decoder = codecs.getincrementaldecoder(encoding)()
    plain = encoding == "utf-8"
    raw = b"-"
    while raw:
        raw = stream.read(BLOCK)
        try:
            text = decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            if not plain:
                raise NotText(f"not {encoding.upper()} ({error.reason})") from None
            encoding = guess(raw, cut=True).guessed or encoding
            guessed(encoding)
            decoder = codecs.getincrementaldecoder(encoding)()
            text = decoder.decode(raw)
        plain = plain and raw.isascii()
        yield text
