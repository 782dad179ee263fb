"""Read pieces of bytes as a stream, and a stream as pieces; errors of damaged data."""

from __future__ import annotations

import io
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from dedup.corpus.streams import Buffered

BUFFER_BYTES = 1 << 20
"""Bytes that a stream reads ahead."""
HELD_BYTES = 1 << 20
"""Decoded bytes that are buffered until the end of a member shows that they are valid."""
# Compressed bytes that are decoded at a time.
_CHUNK_BYTES = 64 << 10


class DamagedData(OSError):  # noqa: N818 - its message is a reason, not an error of the program
    """Compressed data that is damaged or cut; the message is the reason."""


class CutOff(DamagedData):
    """Compressed data whose end is missing; the data before it are valid."""


class TrailingGarbage(OSError):  # noqa: N818 - a remark: everything that was compressed has been read
    """Bytes after the end of complete compressed data; the message says how many."""


def cut_off(codec: str) -> CutOff:
    """Return the error of data whose end is missing.

    >>> cut_off("gzip")
    CutOff('the gzip data is cut off: its end is missing')
    """
    return CutOff(f"the {codec} data is cut off: its end is missing")


def damaged(codec: str, detail: object) -> DamagedData:
    """Return the error of damaged data.

    >>> damaged("gzip", "incorrect data check")
    DamagedData('the gzip data is damaged (incorrect data check)')
    """
    return DamagedData(f"the {codec} data is damaged ({detail})")


def hold_back(
    pieces: Iterator[bytes], held_bytes: int = HELD_BYTES, is_sound: Callable[[], bool] = lambda: False
) -> Iterator[bytes]:
    """Yield pieces with a delay, so that those just before damage, which may be wrong, can be left out.

    Most formats have a checksum only at the end of a member, and DEFLATE decodes to other text for long before damage
    is noticed. Up to `held_bytes` are buffered, so that a shorter member is yielded only if its checksum is right.
    If the end of the data is missing, nothing is left out.

    Args:
        pieces: The data of a member.
        held_bytes: Maximum number of bytes that are buffered.
        is_sound: Returns whether a checksum has shown that all pieces so far are right.

    Raises:
        DamagedData: The data is damaged; the message says how much is left out.
    """
    held, size, is_first = deque[bytes](), 0, True
    while True:
        try:
            piece = next(pieces, None)
        except DamagedData as error:
            if not isinstance(error, CutOff):
                raise _left_out(error, size, is_first) from None
            yield from held
            raise
        except OSError:
            yield from held
            raise
        if piece is None:
            yield from held
            return
        held.append(piece)
        size += len(piece)
        if is_sound():
            yield from held
            held.clear()
            size, is_first = 0, False
            continue
        while size - len(held[0]) >= held_bytes:
            size -= len(held[0])
            is_first = False
            yield held.popleft()


def _left_out(error: DamagedData, size: int, is_first: bool) -> DamagedData:
    if not size:
        return error
    if is_first:
        return DamagedData(f"{error}; {size:,} bytes decoded from it were left out, since they may be wrong")
    return DamagedData(
        f"{error}; the last {size:,} bytes before were left out, and some of what was read before may be wrong"
    )


# Faster than super(); a file may have many lines.
_readline = io.BufferedReader.readline


class PieceReader(io.BufferedReader):
    """A stream of pieces of bytes. An error while a piece is made is raised when all pieces before it are read.

    A method that reads until the end, such as `read()`, raises the error at once.
    """

    def __init__(self, pieces: Iterator[bytes], buffer_bytes: int = BUFFER_BYTES) -> None:
        """Describe the stream.

        Args:
            pieces: The pieces.
            buffer_bytes: Bytes that are read ahead.
        """
        self._raw_pieces = RawPieces(pieces)
        super().__init__(self._raw_pieces, buffer_bytes)

    def read(self, size: int | None = -1, /) -> bytes:
        """Read `size` bytes, or fewer at the end."""
        found = super().read(size)
        if size is None or size < 0 or (size and not found):
            self._raise_error()
        return found

    def read1(self, size: int = -1, /) -> bytes:
        """Read up to `size` bytes."""
        found = super().read1(size)
        if size and not found:
            self._raise_error()
        return found

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read a line."""
        found = _readline(self, size)
        if not found and size:
            self._raise_error()
        return found

    def readinto(self, buffer: Any, /) -> int:
        """Read into a buffer."""
        count = super().readinto(buffer)
        if not count and len(buffer):
            self._raise_error()
        return count

    def readinto1(self, buffer: Any, /) -> int:
        """Read into a buffer."""
        count = super().readinto1(buffer)
        if not count and len(buffer):
            self._raise_error()
        return count

    def _raise_error(self) -> None:
        if self._raw_pieces.error is not None:
            raise self._raw_pieces.error


class RawPieces(io.RawIOBase):
    """Pieces of bytes as a stream that ends at an error, and keeps it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.error: Exception | None = None
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; return fewer bytes than it has only at the end."""
        target, filled = memoryview(buffer), 0
        while filled < len(target) and (self._rest or self._next_piece()):
            count = min(len(self._rest), len(target) - filled)
            target[filled : filled + count] = self._rest[:count]
            self._rest = self._rest[count:]
            filled += count
        return filled

    def _next_piece(self) -> bool:
        try:
            for piece in self._pieces:
                if piece:
                    self._rest = memoryview(piece)
                    return True
        except (OSError, EOFError, zlib.error, MemoryError) as error:
            self.error = error
        return False


class Source:
    """The compressed bytes, of which some can be put back."""

    def __init__(self, stream: Buffered) -> None:
        self._stream = stream
        self._rest = b""
        self._position = 0  # of the next byte in the rest

    def chunk(self) -> bytes:
        """Return the next bytes; none at the end."""
        rest, position, self._rest, self._position = self._rest, self._position, b"", 0
        return (rest[position:] if position else rest) or self._stream.read(_CHUNK_BYTES)

    def put_back(self, data: bytes) -> None:
        """Put back the end of the last chunk."""
        self._rest, self._position = data, 0

    def peek(self, size: int) -> bytes:
        """Return the next bytes without reading them; fewer at the end."""
        while len(self._rest) - self._position < size:
            more = self._stream.read(max(_CHUNK_BYTES, size))
            if not more:
                break
            self._rest, self._position = self._rest[self._position :] + more, 0
        return self._rest[self._position : self._position + size]

    def exactly(self, size: int, codec: str) -> bytes:
        """Read `size` bytes; raise DamagedData if there are fewer."""
        found = self.peek(size)
        if len(found) < size:
            raise cut_off(codec)
        self._position += size
        return found

    def skip(self, size: int, codec: str) -> None:
        """Skip `size` bytes; raise DamagedData if there are fewer."""
        while size:
            count = min(size, _CHUNK_BYTES)
            self.exactly(count, codec)
            size -= count

    def skip_zeros(self) -> None:
        """Skip zero bytes, with which compressed data may be padded."""
        while chunk := self.chunk():
            rest = chunk.lstrip(b"\0")
            if rest:
                return self.put_back(rest)
        return None

    def count_rest(self) -> int:
        """Read the remaining bytes, and return their number."""
        count = 0
        while chunk := self.chunk():
            count += len(chunk)
        return count
