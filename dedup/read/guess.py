"""Guessing encodings: charset-normalizer's list, put in order by what is likely in files of text."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

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
