"""Read files and streams, with a limit for the length of one text."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from typing import Any, TypeAlias

Buffered: TypeAlias = "io.BufferedReader[Any]"
ByteCounter: TypeAlias = Callable[[int], None]
"""Receives the number of bytes read since the last call."""

MAX_TEXT_BYTES = 1 << 30
"""Maximum bytes of one text, or of one row of a text file: a small file can decompress to more than fits in memory."""
_READ_BYTES = 8 << 20


class CountedReader(io.RawIOBase):
    """A raw stream that reports how many bytes are read from it; closing it closes the stream."""

    def __init__(self, raw: io.RawIOBase | io.BytesIO, count_bytes: ByteCounter) -> None:
        """Wrap a stream.

        Args:
            raw: The stream.
            count_bytes: Receives the number of bytes read since the last call.
        """
        super().__init__()
        self._raw, self._count_bytes = raw, count_bytes

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return whether the stream is seekable."""
        return self._raw.seekable()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a position."""
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        """Return the position."""
        return self._raw.tell()

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer, and report the number of bytes."""
        count: int = self._raw.readinto(buffer) or 0
        self._count_bytes(count)
        return count

    def close(self) -> None:
        """Close the stream."""
        if not self.closed:
            super().close()
            self._raw.close()


class FilledReader(io.RawIOBase):
    """A raw stream whose reads fill the buffer unless the stream ends; a pipe returns a few bytes at a time."""

    def __init__(self, stream: Any) -> None:
        """Wrap a stream that has `readinto`; closing the reader does not close it."""
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer."""
        view, size = memoryview(buffer).cast("B"), 0
        while size < len(view):
            count = self._stream.readinto(view[size:])
            if not count:
                break
            size += count
        return size


def short_reason(error: Exception) -> str:
    """Return the message of an error without the path.

    >>> short_reason(PermissionError(13, "Permission denied", "/a"))
    'permission denied'
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    if isinstance(error, MemoryError):
        return "too large for the memory of this machine"
    return str(error) or type(error).__name__


def check_size(size: int) -> None:
    """Raise OSError if a number of bytes is over the limit for one text."""
    if size > MAX_TEXT_BYTES:
        raise OSError(errno.EFBIG, f"longer than {MAX_TEXT_BYTES / (1 << 30):g} GiB, the limit for one text")


def read_stream(stream: Buffered) -> bytes:
    """Read the rest of a stream; raises OSError if it is too long for one text."""
    pieces, size = [], 0
    while piece := stream.read(_READ_BYTES):
        pieces.append(piece)
        size += len(piece)
        check_size(size)
    return b"".join(pieces)


def read_file(path: bytes, max_bytes: int | None = None) -> bytes | None:
    """Read a file without decompressing it; raises OSError.

    Args:
        path: Path to open.
        max_bytes: Largest file to read.

    Returns:
        The content, or None if the file is larger than `max_bytes`.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        size = os.fstat(handle).st_size
        if max_bytes is not None and size > max_bytes:
            return None
        check_size(size)
        pieces = [os.read(handle, size + 1)]
        while len(pieces[-1]) > (size if len(pieces) == 1 else 0):  # the reported size was too small, or 0
            pieces.append(os.read(handle, 1 << 20))
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)
    finally:
        os.close(handle)
