"""Open files and decompress streams, recognised by their first bytes."""

from __future__ import annotations

import contextlib
import gzip
import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from dedup.corpus.streams import Buffered, ByteCounter


@contextlib.contextmanager
def decompressed(stream: Buffered) -> Iterator[Buffered]:
    """Decompress gzip or zstd, recognised by the first bytes; yield other streams unchanged."""
    magic = stream.peek(4)[:4]
    if magic[:2] == b"\x1f\x8b":
        with gzip.GzipFile(fileobj=stream) as plain, io.BufferedReader(plain, 1 << 20) as reader:
            yield reader
    elif magic == b"\x28\xb5\x2f\xfd":
        with pa.CompressedInputStream(pa.PythonFile(stream, "r"), "zstd") as plain:
            # If the file is damaged, the read that reaches the damage is lost: a small buffer loses little.
            yield io.BufferedReader(plain, 16 << 10)
    else:
        yield stream


def is_compressed(head: bytes) -> bool:
    """Return whether the first bytes are those of gzip or zstd."""
    return head[:2] == b"\x1f\x8b" or head[:4] == b"\x28\xb5\x2f\xfd"


class _CountingFile(io.FileIO):
    """A file that reports how many bytes are read from it."""

    def __init__(self, file: bytes | int, count_bytes: ByteCounter) -> None:
        super().__init__(file, closefd=not isinstance(file, int))
        self._count_bytes = count_bytes

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer, and report the number of bytes."""
        count = super().readinto(buffer) or 0
        self._count_bytes(count)
        return count


@contextlib.contextmanager
def open_decompressed(file: bytes | int, count_bytes: ByteCounter) -> Iterator[Buffered]:
    """Open a file for buffered reading; decompress it if it is compressed."""
    with io.BufferedReader(_CountingFile(file, count_bytes), 1 << 20) as raw, decompressed(raw) as stream:
        yield stream
