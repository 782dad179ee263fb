"""Detect byte order marks, UTF-8 with and without damage, UTF-16 without a mark, and binary data."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from dedup.corpus.encodings.guess import UTF8, guess_encoding
from dedup.corpus.encodings.stray import choose_for_stray
from dedup.corpus.report import Unreadable

DETECTION_BYTES = 64 << 10
"""Bytes from which an encoding is detected, after the first byte that is not ASCII."""

CONTEXT_LINES, CONTEXT_BYTES = 32, 4 << 10
"""Lines and bytes before the first byte that is not ASCII that a guess takes into account."""
HIGH_BYTE = re.compile(rb"[\x80-\xff]")
"""A byte that is not ASCII."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, since it starts with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character of UTF-16."""
# C0 controls that do not occur in text. Tab, line ends, backspace (overstrike) and escape (terminal logs) do occur.
_NON_TEXT_CONTROLS = bytes(b for b in range(32) if b not in b"\b\t\n\v\f\r\x1b")
_ASCII_CHARACTER = re.compile("[ -~\t\r\n]")
_WHITE_SPACE = re.compile(r"\s")
_HIGH_BYTES = bytes(range(128, 256))
# Bytes that are not ASCII that are enough for a guess, and the maximum number of bytes of a whole file in which they
# are searched.
_ENOUGH_BYTES, _MAX_SAMPLE_BYTES = 400, 1 << 20
# Continuation bytes of valid UTF-8 for each invalid sequence, at which a text is UTF-8 with damage, or may be. In other
# encodings, valid sequences occur by chance: for about a quarter of the bytes in Chinese or Thai, fewer in others.
_CLEARLY_UTF8, _MAYBE_UTF8 = 10, 3
# Narrower encodings, in which other programs write some characters differently, such as the wave dash.
_NARROWER = {
    "gb18030": ("gb2312", "gbk"),
    "cp932": ("shift_jis",),
    "cp949": ("euc_kr",),
    "big5hkscs": ("big5",),
}
# Bytes above 127 for each that may be invalid in another encoding.
_LEAST_VALID = 10


def detect_bom(data: bytes) -> tuple[int, str]:
    r"""Return the length of the byte order mark and its encoding; (0, "utf-8") if there is none.

    >>> detect_bom(b"\xff\xfea\x00"), detect_bom(b"abc")
    ((2, 'utf-16-le'), (0, 'utf-8'))
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return len(mark), encoding
    return 0, "utf-8"


def detect_unicode(head: bytes) -> tuple[int, str, bool]:
    """Return the length of the byte order mark, the encoding, and whether that was guessed: UTF-16 without a mark.

    Args:
        head: Beginning of a file; it may end in a character.

    >>> detect_unicode("Ein Text.".encode("utf-16-le")), detect_unicode(b"abc")
    ((0, 'utf-16-le', True), (0, 'utf-8', False))
    """
    mark_size, encoding = detect_bom(head)
    if not mark_size and b"\0" in head:
        found = detect_utf_without_bom(head[: len(head) // 4 * 4] or head)
        if found is not None:
            return 0, found, True
    return mark_size, encoding, False


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


def replace_surrogates(text: str) -> tuple[str, int]:
    r"""Replace lone surrogates by U+FFFD, and count them.

    >>> replace_surrogates("a\ud800b")
    ('a�b', 1)
    """
    return SURROGATE.subn("\ufffd", text)


def refuse_controls(data: bytes) -> None:
    """Raise Unreadable if more than a tenth of the bytes are control characters that do not occur in text."""
    if (len(data) - len(data.translate(None, _NON_TEXT_CONTROLS))) * 10 > len(data):
        raise Unreadable("binary (mostly control characters)")


# UTF-8 with damage, or another encoding.


class Utf8Count(NamedTuple):
    """Counts of valid and invalid UTF-8 in a text."""

    continuation: int
    """Bytes after the first one of valid characters that are not ASCII."""
    invalid: int
    """Invalid sequences, apart from a last character that is cut."""

    @property
    def is_clearly_utf8(self) -> bool:
        """Whether the text can only be UTF-8 with damage."""
        return self.continuation > 0 and self.continuation >= _CLEARLY_UTF8 * self.invalid

    @property
    def may_be_utf8(self) -> bool:
        """Whether the text is more likely UTF-8 with damage than text in another encoding."""
        return self.continuation > 0 and self.continuation >= _MAYBE_UTF8 * self.invalid


def count_utf8(data: bytes) -> Utf8Count:
    """Count what is valid UTF-8 in data and what is not.

    >>> count_utf8("Über".encode() + bytes([255])), count_utf8("Über €".encode()[:-1])
    (Utf8Count(continuation=1, invalid=1), Utf8Count(continuation=1, invalid=0))
    """
    text = codecs.getincrementaldecoder(UTF8)("replace").decode(data)
    invalid = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    # U+FFFD has three bytes in UTF-8.
    return Utf8Count(len(text.encode()) - len(text) - 2 * invalid, invalid)


def window_of(data: bytes, start: int = 0) -> bytes:
    """Return the part of a text around its first byte that is not ASCII, from an offset on."""
    match = HIGH_BYTE.search(data, start)
    if match is None:
        return b""
    at = match.start()
    return context_of(data[max(0, at - CONTEXT_BYTES) : at]) + cut_window(data[at : at + DETECTION_BYTES])


def sample_of(data: bytes, start: int) -> bytes:
    """Return parts of a text that together have enough bytes that are not ASCII, or all of these if they are fewer."""
    parts, size, found = [], 0, 0
    while size < _MAX_SAMPLE_BYTES and found < _ENOUGH_BYTES and (match := HIGH_BYTE.search(data, start)):
        part = window_of(data, start)
        start = match.start() + DETECTION_BYTES
        parts.append(part)
        size += len(part)
        found += _count_high(part)
    return b"\n".join(parts)


def _count_high(data: bytes) -> int:
    """Return the number of bytes that are not ASCII."""
    return len(data) - len(data.translate(None, _HIGH_BYTES))


def context_of(before: bytes) -> bytes:
    """Return the last lines of the bytes before the first byte that is not ASCII."""
    return b"\n".join(before[-CONTEXT_BYTES:].rsplit(b"\n", CONTEXT_LINES)[-CONTEXT_LINES:])


def cut_window(data: bytes) -> bytes:
    """Cut data to whole lines, if possible, since an incomplete character would count against its encoding."""
    data = data[:DETECTION_BYTES]
    return (data[: data.rfind(b"\n") + 1] or data) if len(data) == DETECTION_BYTES else data


def choose_encoding(sample: bytes, declared: str | None = None) -> str:
    """Return the encoding of text that is not valid UTF-8; raises Unreadable if it is unknown.

    Args:
        sample: The text, or the part of it around its first byte that is not ASCII.
        declared: Python's name of the declared encoding.
    """
    if b"\0" in sample:
        raise Unreadable("binary (contains NUL bytes)")
    refuse_controls(sample)
    if count_utf8(sample).is_clearly_utf8:
        return UTF8
    encoding = choose_for_stray(sample) if declared is None else None
    encoding = encoding or guess_encoding(sample, declared)
    if encoding is None:
        raise Unreadable("binary, or text in an unknown encoding")
    return encoding


def are_few(invalid: int, data: bytes) -> bool:
    """Return whether a number of invalid sequences is small for data in an encoding other than UTF-8."""
    return invalid <= 1 or invalid * _LEAST_VALID <= _count_high(data)


def narrowest(encoding: str, data: bytes) -> str:
    """Return the narrowest encoding of a family that can decode all data; the data may be cut in a character.

    >>> narrowest("cp932", "日本語".encode("shift_jis")), narrowest("cp932", "①".encode("cp932"))
    ('shift_jis', 'cp932')
    """
    for name in _NARROWER.get(encoding, ()):
        try:
            codecs.getincrementaldecoder(name)().decode(data)
        except UnicodeDecodeError:
            continue
        return name
    return encoding
