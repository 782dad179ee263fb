"""Read the members of ZIP archives.

Source of the format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from __future__ import annotations

import io
import itertools
import lzma
import stat
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import IO

from dedup.corpus.compression import decode_members
from dedup.corpus.encodings.detect import is_utf8
from dedup.corpus.packed.members import MEMBER_BUFFER_BYTES, Member, Slice, clean_name, is_hidden_name, read_pieces
from dedup.corpus.packed.pieces import DamagedData, PieceReader, Source, TrailingGarbage, hold_back
from dedup.corpus.packed.streams import decode_deflate, decode_stdlib
from dedup.corpus.report import ReportBuilder, Unreadable

_LOCAL, _CENTRAL, _END, _END_64, _LOCATOR_64 = b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7"
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_CENTRAL_HEADER = struct.Struct("<4sxBxxHHxxxxLLLHHHHxxLL")
_END_RECORD = struct.Struct("<4s2xH2xHLLH")
_END_RECORD_64 = struct.Struct("<4s16xL16xQQ")
_LOCATOR = struct.Struct("<4s4xQ4x")
_MAX_COMMENT_BYTES = 0xFFFF
_UNKNOWN = 0xFFFFFFFF  # the value is in the extra field of ZIP64
_ZIP64_FIELD, _NAME_FIELD = 0x0001, 0x7075
_UNIX, _WINDOWS_SYSTEMS = 3, (0, 10, 14)
_STORED, _DEFLATE, _LZMA = 0, 8, 14
_SELF_DESCRIBING = (12, 20, 93, 95)  # bzip2, zstd (two numbers) and xz
_METHODS = {1: "shrink", 2: "reduce", 6: "implode", 9: "Deflate64", 96: "JPEG", 97: "WavPack", 98: "PPMd", 99: "AES"}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A member as the directory of the archive describes it."""

    name: bytes
    flags: int
    method: int
    checksum: int
    packed_size: int
    size: int
    offset: int
    """Of its own header."""
    mode: int
    """Type and permissions of the file on Unix; 0 if unknown."""
    overlaps: bool = False
    """Whether its data is also that of an earlier member."""


def is_zip(head: bytes) -> bool:
    r"""Return whether a file is a ZIP archive; many documents of office programs are.

    >>> is_zip(b"PK\3\4"), is_zip(b"PK")
    (True, False)
    """
    return head.startswith((_LOCAL, _END))


def zip_members(file: IO[bytes], report: ReportBuilder) -> Iterator[Member]:
    r"""Yield the members of a ZIP archive, sorted by name.

    Members with the same name are yielded in the order of the directory. A name that is not declared as UTF-8 is
    returned as it is stored.

    Args:
        file: The archive, which must be seekable.
        report: Receives the number of hidden members.

    Raises:
        Unreadable: The directory at the end of the archive is missing or damaged.
        OSError: The file cannot be read.

    >>> file = io.BytesIO(b"PK\5\6" + bytes(18))
    >>> list(zip_members(file, ReportBuilder()))
    []
    """
    entries = _mark_overlaps(_read_directory(file))
    for entry in sorted(entries, key=lambda entry: entry.name):
        if entry.name.endswith(b"/") and not entry.size:
            continue
        if is_hidden_name(entry.name):
            report.hidden += 1
            continue
        reason = _reason(entry)
        stream = None if reason else PieceReader(hold_back(_decode(file, entry)), MEMBER_BUFFER_BYTES)
        yield Member(clean_name(entry.name), stream, reason)


def _reason(entry: _Entry) -> str:
    """Return why a member cannot be read; "" if it can."""
    kind = stat.S_IFMT(entry.mode)
    if stat.S_ISLNK(entry.mode):
        return "a link"
    if entry.name.endswith(b"/") or kind not in (0, stat.S_IFREG):
        return "not a file (a folder with content, a pipe, socket or device)"
    if entry.flags & 0x41:
        return "encrypted with a password; unpack the archive first"
    if entry.method not in (_STORED, _DEFLATE, _LZMA, *_SELF_DESCRIBING):
        name = _METHODS.get(entry.method, f"method {entry.method}")
        return f"compressed with {name}, which is not supported; unpack the archive first"
    return "damaged: its data overlaps that of another member" if entry.overlaps else ""


# The directory.


def _read_directory(file: IO[bytes]) -> list[_Entry]:
    """Read the directory at the end of an archive."""
    size = file.seek(0, io.SEEK_END)
    tail_start = max(0, size - _MAX_COMMENT_BYTES - _END_RECORD.size)
    file.seek(tail_start)
    tail = file.read(size - tail_start)
    at = _find_end(tail)
    if at is None:
        raise Unreadable("a damaged ZIP archive: its directory, at the end of the file, is missing")
    _, disk, _, length, offset, _ = _END_RECORD.unpack_from(tail, at)
    end = tail_start + at
    found = _read_end_64(file, end)
    if found is not None:
        end, disk, length, offset = found
    if disk not in (0, 0xFFFF):
        raise Unreadable("a part of a ZIP archive in several files, which is not supported; join them first")
    start = end - length  # other data may precede the archive, and then all offsets are too small
    shift = start - offset
    if start < 0 or shift < 0:
        raise Unreadable("a damaged ZIP archive: its directory is not where it should be")
    file.seek(start)
    return list(_parse_directory(file.read(length), shift))


def _find_end(tail: bytes) -> int | None:
    """Return the offset of the record that ends an archive; a comment may follow it."""
    at = tail.rfind(_END)
    while at >= 0:
        if at + _END_RECORD.size <= len(tail):
            *_, comment_bytes = _END_RECORD.unpack_from(tail, at)
            if at + _END_RECORD.size + comment_bytes <= len(tail):
                return at
        at = tail.rfind(_END, 0, at)
    return None


def _read_end_64(file: IO[bytes], end: int) -> tuple[int, int, int, int] | None:
    """Read the record of ZIP64 before the end of an archive.

    Returns:
        Its offset, and the disk, length and offset of the directory; None if there is no such record.
    """
    if end < _LOCATOR.size:
        return None
    file.seek(end - _LOCATOR.size)
    magic, offset = _LOCATOR.unpack(file.read(_LOCATOR.size))
    if magic != _LOCATOR_64:
        return None
    # If other data precedes the archive, the offset is too small.
    for start in (offset, end - _LOCATOR.size - _END_RECORD_64.size):
        if 0 <= start <= end:
            file.seek(start)
            record = file.read(_END_RECORD_64.size)
            if record.startswith(_END_64) and len(record) == _END_RECORD_64.size:
                _, disk, length, directory = _END_RECORD_64.unpack(record)
                return start, disk, length, directory
    return None


def _parse_directory(data: bytes, shift: int) -> Iterator[_Entry]:
    fixed, position = _CENTRAL_HEADER, 0
    while position < len(data):
        header = data[position : position + fixed.size]
        if len(header) < fixed.size or not header.startswith(_CENTRAL):
            raise Unreadable("a damaged ZIP archive: its directory cannot be read")
        _, system, flags, method, checksum, packed, size, *lengths, _, attributes, offset = fixed.unpack(header)
        name_bytes, extra_bytes, comment_bytes = lengths
        start = position + fixed.size
        name = data[start : start + name_bytes]
        extra = data[start + name_bytes : start + name_bytes + extra_bytes]
        fields = dict(_extra_fields(extra))
        size, packed, offset = _large_values(fields.get(_ZIP64_FIELD, b""), (size, packed, offset))
        mode = attributes >> 16 if system == _UNIX else 0
        name = _name(name, fields.get(_NAME_FIELD, b""), system)
        yield _Entry(name, flags, method, checksum, packed, size, offset + shift, mode)
        position = start + name_bytes + extra_bytes + comment_bytes


def _extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(extra):
        number, size = struct.unpack_from("<HH", extra, position)
        yield number, extra[position + 4 : position + 4 + size]
        position += 4 + size


def _large_values(field: bytes, values: tuple[int, ...]) -> tuple[int, ...]:
    """Replace unknown values by those of ZIP64, which are stored in the same order."""
    large = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
    return tuple(next(large, value) if value == _UNKNOWN else value for value in values)


def _name(name: bytes, unicode_field: bytes, system: int) -> bytes:
    """Return the name of a member with slashes between folders."""
    if unicode_field[:1] == b"\1" and unicode_field[1:5] == zlib.crc32(name).to_bytes(4, "little"):
        name = unicode_field[5:]
    name = name.partition(b"\0")[0]
    # Some programs for Windows write backslashes, which are not part of names there. In Japanese, Chinese and Korean
    # encodings they may be the second byte of a character.
    if system in _WINDOWS_SYSTEMS and b"/" not in name and is_utf8(name):
        name = name.replace(b"\\", b"/")
    return name


def _mark_overlaps(entries: list[_Entry]) -> list[_Entry]:
    """Mark members whose data is also that of others: otherwise a small archive could contain very much data."""
    order = sorted(range(len(entries)), key=lambda index: entries[index].offset)
    for before, after in itertools.pairwise(order):
        first, second = entries[before], entries[after]
        if second.offset < first.offset + _LOCAL_HEADER.size + first.packed_size:
            entries[after] = replace(second, overlaps=True)
    return entries


# The data.


def _decode(file: IO[bytes], entry: _Entry) -> Iterator[bytes]:
    """Yield the data of a member, and check its size and checksum."""
    checksum = size = 0
    try:
        for piece in _pieces(file, entry):
            size += len(piece)
            if size > entry.size:
                raise DamagedData("a damaged member: it is longer than the archive says")
            checksum = zlib.crc32(piece, checksum)
            yield piece
    except TrailingGarbage:
        pass
    if size < entry.size:
        raise DamagedData("a damaged member: it is shorter than the archive says")
    if checksum != entry.checksum:
        raise DamagedData("a damaged member: its checksum is wrong")


def _pieces(file: IO[bytes], entry: _Entry) -> Iterator[bytes]:
    file.seek(entry.offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or not header.startswith(_LOCAL):
        raise DamagedData("a damaged member: its header is missing")
    _, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(header)
    start = entry.offset + _LOCAL_HEADER.size + name_bytes + extra_bytes
    stream = io.BufferedReader(Slice(file, start, entry.packed_size), MEMBER_BUFFER_BYTES)
    source = Source(stream)
    decoders: dict[int, Callable[[], Iterator[bytes]]] = {
        _STORED: lambda: read_pieces(stream, entry.packed_size),
        _DEFLATE: lambda: decode_deflate(source, "deflate", -zlib.MAX_WBITS),
        _LZMA: lambda: _decode_lzma(source, entry.size),
    }
    return decoders.get(entry.method, lambda: decode_members(source))()


def _decode_lzma(source: Source, size: int) -> Iterator[bytes]:
    """Decode a member compressed with LZMA, as an .lzma file, whose header has the same properties."""
    start = source.exactly(9, "lzma")
    source.put_back(start[4:] + size.to_bytes(8, "little") + source.chunk())
    return decode_stdlib(source, "lzma", lzma.LZMADecompressor(lzma.FORMAT_ALONE))
