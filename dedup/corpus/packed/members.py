"""Describe the members of archives.

Folders are ignored. Hidden members are left out and counted, among them those that macOS adds. No member is
written to disk, so absolute names and those with ".." are harmless.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dedup.corpus.packed.pieces import CutOff
from dedup.corpus.streams import Buffered

MAX_ARCHIVE_DEPTH = 2
"""Maximum depth: an archive in an archive is read, but not an archive in that."""
MEMBER_BUFFER_BYTES = 256 << 10
"""Bytes of a member that are read ahead."""

_READ_BYTES = 64 << 10
_CURRENT_FOLDER = re.compile(rb"^(?:\./+)+")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive."""

    name: bytes
    """Path in the archive."""
    stream: Buffered | None
    """Content, to be read before the next member is requested; None if it cannot be read."""
    reason: str = ""
    """Why it cannot be read."""


def clean_name(name: bytes) -> bytes:
    """Remove "./" at the start of the name of a member.

    >>> clean_name(b"././a/./b")
    b'a/./b'
    """
    return _CURRENT_FOLDER.sub(b"", name)


def is_hidden_name(name: bytes) -> bool:
    """Return whether a member is hidden, in a hidden folder, or added by macOS.

    >>> [is_hidden_name(name) for name in (b"a/.git/b", b"__MACOSX/a", b"../a", b"./a.b")]
    [True, True, False, False]
    """
    parts = name.split(b"/")
    return any(part == b"__MACOSX" or (part.startswith(b".") and part not in (b".", b"..")) for part in parts)


class Slice(io.RawIOBase):
    """A part of a seekable file; it can be read only as long as the file is open."""

    def __init__(self, file: Any, start: int, size: int) -> None:
        """Describe the part.

        Args:
            file: The file.
            start: Offset of the first byte.
            size: Number of bytes.
        """
        super().__init__()
        self._file, self._position, self._end = file, start, start + size

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer; returns 0 at the end of the part or of the file."""
        self._file.seek(self._position)
        data: bytes = self._file.read(min(len(buffer), self._end - self._position))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


def read_pieces(stream: Any, size: int) -> Iterator[bytes]:
    """Yield `size` bytes of a stream in pieces.

    Args:
        stream: An object with the method `read`.
        size: Number of bytes.

    Raises:
        CutOff: The stream has fewer bytes.

    >>> list(read_pieces(io.BytesIO(b"text"), 3))
    [b'tex']
    """
    while size:
        piece: bytes = stream.read(min(size, _READ_BYTES))
        if not piece:
            raise CutOff("the archive is cut off within this member")
        size -= len(piece)
        yield piece
