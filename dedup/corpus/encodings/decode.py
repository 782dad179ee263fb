"""Decode whole files: by a byte order mark, as UTF-8, by a declaration, or by a guess that is reported.

UTF-8 with a few invalid bytes is read as UTF-8 with U+FFFD in their place. Binary data are refused.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from dedup.corpus.encodings.declared import declared_encoding
from dedup.corpus.encodings.detect import (
    DETECTION_BYTES,
    are_few,
    choose_encoding,
    count_utf8,
    detect_bom,
    detect_utf_without_bom,
    narrowest,
    refuse_controls,
    replace_surrogates,
    sample_of,
)
from dedup.corpus.encodings.guess import UTF8, compare_utf8
from dedup.corpus.encodings.mixed import MixedDecoder, count_kinds, decode_mixed, guess_in_mixed, may_be_mixed
from dedup.corpus.report import Unreadable

# Number of multi-byte sequences, in lines that are valid UTF-8, from which a text is not wholly in another encoding.
_CLEAR_SEQUENCES = 4


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded text."""

    text: str
    guessed: str | None = None
    """Encoding, if it was guessed."""
    replaced: int = 0
    """Number of characters U+FFFD that replace invalid bytes or lone surrogates."""
    replaced_line: int | None = None
    """Line of the first of them, from 1."""
    encoding: str = UTF8
    """Python's name of the encoding: `("\\ufeff" if has_bom else "") + text`, encoded in it, is the file.

    This does not hold if characters were replaced, or for some files in encodings with several forms of a character.
    """
    has_bom: bool = False
    """Whether the file starts with a byte order mark, which is not part of the text."""
    mixed: bool = False
    """Whether some lines were in UTF-8 and the others in the encoding that was guessed."""


def decode_declared(data: bytes, declared: str | None) -> Decoded:
    r"""Decode a whole file by its byte order mark, as UTF-8, by a declaration, or by a guess, in this order.

    UTF-8 precedes the declaration: text that is valid UTF-8 is almost always UTF-8, regardless of the declaration.
    Declared ISO-2022 precedes UTF-8, since its bytes are ASCII and so also valid UTF-8. A declaration by which the text
    becomes unreadable is not used.

    Args:
        data: Content of the file.
        declared: Python's name of the declared encoding; None if nothing is declared.

    Raises:
        Unreadable: The file is binary, or its encoding is unknown.

    >>> decode_declared("café".encode("cp1252"), "cp1252").text, decode_declared("café".encode(), "cp1252").text
    ('café', 'café')
    """
    mark_size, encoding = detect_bom(data)
    if encoding != UTF8:
        return _decode_marked(data, mark_size, encoding)
    if b"\0" in data:
        return _decode_unmarked(data)
    body, has_bom = data[mark_size:], mark_size > 0
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        return _decode_damaged(body, error.start, UTF8 if has_bom else declared, has_bom)
    refuse_controls(data)
    return _decode_escaped(body, declared) or Decoded(text, has_bom=has_bom)


def decode(data: bytes) -> Decoded:
    r"""Decode a whole file; line ends are kept.

    Args:
        data: Content of the file.

    Raises:
        Unreadable: The file is binary, or its encoding is unknown.

    >>> decoded = decode("\ufeffcafé\r\n".encode("utf-16-le"))
    >>> decoded.text, decoded.encoding, decoded.has_bom
    ('café\r\n', 'utf-16-le', True)
    >>> decoded = decode("Les élèves ont planté des chênes.".encode()[:-1] + b"\xff")
    >>> decoded.text, decoded.replaced, decoded.replaced_line
    ('Les élèves ont planté des chênes�', 1, 1)
    >>> decode(b"\x00\x01")
    Traceback (most recent call last):
        ...
    dedup.corpus.report.Unreadable: binary (contains NUL bytes)
    """
    return decode_declared(data, None)


def _decode_marked(data: bytes, mark_size: int, encoding: str) -> Decoded:
    """Decode UTF-16 or UTF-32 after a byte order mark; lone surrogates and a last half character become U+FFFD."""
    body, width = data[mark_size:], int(encoding[4:6]) // 8
    rest = len(body) % width
    try:
        text, replaced = replace_surrogates(body[: len(body) - rest].decode(encoding, "surrogatepass"))
    except UnicodeDecodeError as error:
        name = encoding.rsplit("-", 1)[0].upper()
        raise Unreadable(f"starts with the byte order mark of {name} but is not {name} ({error.reason})") from None
    if rest:
        text, replaced = f"{text}\ufffd", replaced + 1
    line = text.count("\n", 0, text.index("\ufffd")) + 1 if replaced else None
    return Decoded(text, None, replaced, line, encoding, has_bom=True)


def _decode_unmarked(data: bytes) -> Decoded:
    """Decode UTF-16 or UTF-32 without a byte order mark; raises Unreadable if the data are neither."""
    encoding = detect_utf_without_bom(data)
    if encoding is not None:
        with suppress(UnicodeDecodeError):
            return Decoded(data.decode(encoding), encoding, encoding=encoding)
    raise Unreadable("binary (contains NUL bytes)")


def _decode_escaped(data: bytes, declared: str | None) -> Decoded | None:
    """Decode ISO-2022 or declared HZ, which write CJK characters in ASCII bytes; None if the data are neither."""
    names = ["iso2022_jp", "iso2022_kr", "iso2022_jp_2"] if b"\x1b$" in data else []
    if declared is not None and ("2022" in declared or declared == "hz"):
        names.insert(0, declared)
    for name in names:
        with suppress(UnicodeDecodeError):
            return Decoded(data.decode(name), None if name == declared else name, encoding=name)
    return None


def _decode_damaged(data: bytes, error_at: int, declared: str | None, has_bom: bool) -> Decoded:
    """Decode data that are not valid UTF-8 from an offset on: as UTF-8 with U+FFFD, or in another encoding."""
    refuse_controls(data)
    count = count_utf8(data)
    known = declared or declared_encoding(data)
    kinds = count_kinds(data)
    other = guess_in_mixed(kinds, None if known == UTF8 else known)
    if other is not None:
        return _decode_mixed(data, MixedDecoder(other, kinds.sample), has_bom)
    encoding = UTF8
    if not count.is_clearly_utf8:
        is_mixed = len(data) > DETECTION_BYTES and not count.may_be_utf8
        encoding = choose_encoding(sample_of(data, error_at if is_mixed else 0), known)
    if encoding == UTF8:
        return _decode_replacing(data, UTF8, None, data.count(b"\n", 0, error_at) + 1, has_bom)
    is_clear = known is None and kinds.utf8 >= _CLEAR_SEQUENCES and may_be_mixed(kinds)
    if is_clear and compare_utf8(kinds.valid_sample, encoding) > 0:
        raise Unreadable("mixes UTF-8 with another encoding; convert it to UTF-8 first")
    # Pages and XML are read as browsers do, in the superset. In other texts, a declaration is reported as a guess.
    codec = encoding if declared is not None else narrowest(encoding, data)
    guessed = None if encoding == declared else codec
    try:
        return Decoded(data.decode(codec), guessed, encoding=codec)
    except UnicodeDecodeError as error:
        return _decode_replacing(data, codec, guessed, data.count(b"\n", 0, error.start) + 1, has_bom=False)


def _decode_mixed(data: bytes, decoder: MixedDecoder, has_bom: bool) -> Decoded:
    """Decode data of which some lines are in UTF-8 and the others in another encoding."""
    decoder.mixed = True
    texts, replaced, first = [], 0, None
    for number, (text, count) in enumerate(decode_mixed(data, decoder), 1):
        texts.append(text)
        replaced += count
        first = number if count and first is None else first
    return Decoded("".join(texts), decoder.encoding, replaced, first, decoder.encoding, has_bom, mixed=True)


def _decode_replacing(data: bytes, encoding: str, guessed: str | None, line: int, has_bom: bool) -> Decoded:
    """Decode data of which a few bytes are invalid, the first in `line`; raises Unreadable if there are many."""
    text = data.decode(encoding, "replace")
    replaced = text.count("\ufffd") - (data.count(b"\xef\xbf\xbd") if encoding == UTF8 else 0)
    if encoding != UTF8 and not are_few(replaced, data):
        raise Unreadable("binary, or text in an unknown encoding")
    return Decoded(text, guessed, replaced, line, encoding, has_bom)
