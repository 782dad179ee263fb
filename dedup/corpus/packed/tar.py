"""Read the members of tar archives: of POSIX, of GNU and of Unix V7.

Source of the formats: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html and
https://www.gnu.org/software/tar/manual/html_node/Standard.html
"""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Iterator
from typing import NamedTuple

from dedup.corpus.packed.members import MEMBER_BUFFER_BYTES, Member, Slice, clean_name, is_hidden_name, read_pieces
from dedup.corpus.packed.pieces import PieceReader
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.corpus.streams import Buffered

_BLOCK_BYTES = 512
_SKIP_BYTES = 1 << 20
_MAX_SIZE = 1 << 60
# Longer names and other extensions of headers are ignored.
_MAX_EXTENSION_BYTES = 1 << 20
_PAX_LENGTH = re.compile(rb"([0-9]{1,9}) ")
# Members with these types have no data, regardless of the stated size.
_EMPTY_TYPES = (
    tarfile.LNKTYPE,
    tarfile.SYMTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.DIRTYPE,
    tarfile.FIFOTYPE,
)
# Types that are not members: folders, lists of folders, labels of volumes.
_IGNORED_TYPES = (tarfile.DIRTYPE, b"D", b"N", b"V")
_SPARSE = "a sparse file, which is not supported"
_REASONS = {
    tarfile.SYMTYPE: "a link",
    tarfile.LNKTYPE: "a link to another member",
    tarfile.CHRTYPE: "not a file (a device)",
    tarfile.BLKTYPE: "not a file (a device)",
    tarfile.FIFOTYPE: "not a file (a pipe)",
    tarfile.GNUTYPE_SPARSE: _SPARSE,
    b"M": "the rest of a file of another volume",
}


class _Header(NamedTuple):
    """A header of 512 bytes."""

    kind: bytes
    """Type of the entry."""
    name: bytes
    size: int
    """Bytes of data that follow."""
    has_sparse_list: bool
    """Whether blocks that list the parts of a sparse file precede the data."""


class _Entry(NamedTuple):
    """A member that is not hidden."""

    name: bytes
    offset: int
    """Offset of the data, if the archive is seekable."""
    size: int
    reason: str
    """Why it cannot be read."""


def tar_members(stream: Buffered, path: str, report: ReportBuilder) -> Iterator[Member]:
    """Yield the members of a tar archive: sorted by name if the stream is seekable, otherwise as they are stored.

    Members with the same name are yielded in the order in which they are stored. If several archives are joined, all
    are read. After a damaged header, reading continues with the next header.

    Args:
        stream: The decompressed archive.
        path: Path of the archive in the corpus.
        report: Receives the number of hidden members, and what is damaged.

    Raises:
        Unreadable: It is not a tar archive.
        OSError: The stream cannot be read further.

    >>> file = io.BytesIO()
    >>> with tarfile.open(fileobj=file, mode="w") as archive:
    ...     archive.addfile(tarfile.TarInfo("a.txt"))
    >>> _ = file.seek(0)
    >>> [member.name for member in tar_members(io.BufferedReader(file), "a.tar", ReportBuilder())]
    [b'a.txt']
    """
    reader = _TarReader(stream, path, report)
    if stream.seekable():
        for entry in sorted(reader.entries(), key=lambda entry: entry.name):
            part = read_pieces(Slice(stream, entry.offset, entry.size), entry.size)
            yield _member(entry, part)
    else:
        for entry in reader.entries():
            yield _member(entry, reader.pieces())


def _member(entry: _Entry, pieces: Iterator[bytes]) -> Member:
    return Member(entry.name, None if entry.reason else PieceReader(pieces, MEMBER_BUFFER_BYTES), entry.reason)


class _TarReader:
    """Reads an archive from start to end."""

    def __init__(self, stream: Buffered, path: str, report: ReportBuilder) -> None:
        self._stream, self._path, self._report = stream, path, report
        self._seekable = stream.seekable()
        self._missing = 0  # bytes of the current entry that have not been read
        self._padding = 0  # bytes after it
        self._last = "its start"  # what precedes the current block, for messages

    def entries(self) -> Iterator[_Entry]:
        """Yield the members. Data that is not read before the next is requested is skipped."""
        for_all: dict[bytes, bytes] = {}
        extended: dict[bytes, bytes] = {}
        for header in self._headers():
            if header.kind in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE):
                extended |= parse_pax(self._payload())
            elif header.kind == tarfile.XGLTYPE:
                for_all |= parse_pax(self._payload())
            elif header.kind == tarfile.GNUTYPE_LONGNAME:
                extended[b"path"] = self._payload().partition(b"\0")[0]
            elif header.kind != tarfile.GNUTYPE_LONGLINK:
                entry = self._entry(header, for_all | extended)
                extended = {}
                if entry is not None:
                    yield entry

    def pieces(self) -> Iterator[bytes]:
        """Yield the data of the current entry."""
        for piece in read_pieces(self._stream, self._missing):
            self._missing -= len(piece)
            yield piece

    def _entry(self, header: _Header, extended: dict[bytes, bytes]) -> _Entry | None:
        """Return a member; None if it is a folder or hidden."""
        size = extended.get(b"size", b"")
        if size.isdigit() and header.kind not in _EMPTY_TYPES and len(size) < 19:
            self._expect(int(size))
        if header.has_sparse_list:
            self._skip_sparse_list()
        name = extended.get(b"GNU.sparse.name") or extended.get(b"path") or header.name
        self._last = f"the member {clean_name(name).decode('utf-8', 'backslashreplace')}"
        if header.kind in _IGNORED_TYPES or (header.kind == tarfile.AREGTYPE and name.endswith(b"/")):
            return None
        if is_hidden_name(name):
            self._report.hidden += 1
            return None
        is_sparse = any(key.startswith(b"GNU.sparse.") for key in extended)
        reason = _SPARSE if is_sparse else _REASONS.get(header.kind, "")
        offset = self._stream.tell() if self._seekable else 0
        return _Entry(clean_name(name), offset, self._missing, reason)

    def _headers(self) -> Iterator[_Header]:
        """Yield the headers. Damaged blocks are reported and skipped."""
        is_first, is_ended, damaged_bytes = True, False, 0
        while block := self._next_block():
            header = _parse_header(block)
            # In damaged data a checksum may match by chance.
            if header is not None and (not damaged_bytes or _has_magic(block)):
                self._report_damage(damaged_bytes)
                is_first, is_ended, damaged_bytes = False, False, 0
                self._expect(header.size)
                yield header
            elif block.strip(b"\0"):
                if is_first:
                    raise Unreadable("not a tar archive, or damaged at its start")
                damaged_bytes += len(block)
            else:
                is_ended, is_first = True, False
                damaged_bytes += len(block) if damaged_bytes else 0
                self._last = self._last if damaged_bytes else "the end of the archive"
        if is_first:
            raise Unreadable("not a tar archive: it is empty")
        self._report_damage(damaged_bytes)
        if not is_ended and not damaged_bytes:
            self._report.remark(self._path, "the archive has no end mark; it may be cut off")

    def _report_damage(self, count: int) -> None:
        if count:
            self._report.skip(self._path, f"damaged: {count:,} bytes after {self._last} were not read")

    def _next_block(self) -> bytes:
        """Return the next block, which is shorter only at the end."""
        size, self._missing, self._padding = self._missing + self._padding, 0, 0
        if self._seekable and size:
            self._stream.seek(size, io.SEEK_CUR)
        while not self._seekable and size and (piece := self._stream.read(min(size, _SKIP_BYTES))):
            size -= len(piece)
        return self._stream.read(_BLOCK_BYTES)

    def _expect(self, size: int) -> None:
        """Set the size of the current entry."""
        self._missing, self._padding = size, -size % _BLOCK_BYTES

    def _payload(self) -> bytes:
        """Read the data of an extension of a header."""
        if self._missing > _MAX_EXTENSION_BYTES:
            self._report.skip(self._path, f"a header of {self._missing:,} bytes was ignored")
            return b""
        return b"".join(self.pieces())

    def _skip_sparse_list(self) -> None:
        size, has_next = self._missing, True
        while has_next and (block := self._stream.read(_BLOCK_BYTES)):
            has_next = block[504:505] not in (b"", b"\0")
        self._expect(size)


def _parse_header(block: bytes) -> _Header | None:
    """Parse a header; None if it is damaged, or the end of the archive."""
    try:
        found = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return None
    if not 0 <= found.size < _MAX_SIZE:
        return None
    name = found.name.encode("utf-8", "surrogateescape")
    is_sparse = found.type == tarfile.GNUTYPE_SPARSE
    size = 0 if found.type in _EMPTY_TYPES else found.size
    return _Header(found.type, name, size, is_sparse and block[482:483] not in (b"", b"\0"))


def _has_magic(block: bytes) -> bool:
    return block[257:262] == b"ustar"


def parse_pax(data: bytes) -> dict[bytes, bytes]:
    r"""Parse the records of an extended header of POSIX; what follows a damaged one is ignored.

    >>> parse_pax(b"12 path=a/b\n9 size=7\n")
    {b'path': b'a/b', b'size': b'7'}
    """
    found: dict[bytes, bytes] = {}
    position = 0
    while match := _PAX_LENGTH.match(data, position):
        end = position + int(match[1])
        key, equals, value = data[match.end() : end - 1].partition(b"=")
        if not equals or end > len(data):
            break
        found[key] = value
        position = end
    return found
