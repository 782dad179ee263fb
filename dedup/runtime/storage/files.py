"""Read a file in an object store as a stream, in blocks."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from typing import Any

from dedup.errors import InputChanged, InputError
from dedup.runtime.storage.errors import StorageError, described
from dedup.runtime.storage.stores import Store

# Bytes of a request: a store takes as long to answer as to send about 5 MB.
_BLOCK_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file in an object store."""

    store: Store
    """Its store."""
    path: str
    """Bucket and path in it."""
    size: int | None
    """Size in bytes when it was listed; None if the store did not report it."""

    def __str__(self) -> str:
        """Return the address for messages."""
        return f"{self.store.scheme}://{self.path}"

    def open_seekable(self) -> Any:
        """Open the file for reading at any place, as pyarrow does; raises StorageError."""
        with described(self.store.scheme):
            return self.store.filesystem.open_input_file(self.path)

    def version(self) -> tuple[tuple[str, bytes], ...]:
        """Return the metadata from which a change is detected: the store gives ETag, time and size."""
        with described(self.store.scheme), self.store.filesystem.open_input_file(self.path) as opened:
            found: dict[str, bytes] = opened.metadata() or {}
            return tuple(sorted(found.items()))

    def open(self) -> RemoteReader:
        """Open the file; raises StorageError if it cannot be read, InputError if the store does not answer."""
        return RemoteReader(self)


class RemoteReader(io.RawIOBase):
    """An open file in an object store. It can be read from any thread, but not by several at the same time.

    Reading raises StorageError if the file cannot be read, InputError if the store does not answer, and InputChanged if
    the file was replaced after it was opened: blocks of both versions would be mixed.
    """

    def __init__(self, file: RemoteFile) -> None:
        """Open a file; see `RemoteFile.open`."""
        super().__init__()
        self._file = file
        self._blocks_read = 0
        self._block = memoryview(b"")
        self._source: Any = None
        self._source = self._request(file.store.filesystem.open_input_file, file.path)
        self._version = self._source_version(self._source)
        self._refuse_transcoded()
        self._size: int = self._request(self._source.size)
        self._position = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a position; see `io.IOBase.seek`."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError(f"negative seek position {start + offset}")
        self._position, self._block = start + offset, memoryview(b"")
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes into a buffer, and return their number; 0 at the end."""
        target = memoryview(buffer).cast("B")
        if not self._block:
            self._block = self._read_block(len(target))
        count = min(len(target), len(self._block))
        target[:count] = self._block[:count]
        self._block = self._block[count:]
        self._position += count
        return count

    def _read_block(self, wanted: int) -> memoryview:
        """Request the next block, of at least the wanted bytes; empty at the end."""
        count = min(max(wanted, _BLOCK_BYTES), self._size - self._position)
        if count <= 0:
            self._check_version()
            return memoryview(b"")
        block = memoryview(self._request(self._source.read_at, count, self._position))
        self._blocks_read += 1
        if len(block) < count:
            raise self._changed()
        return block

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            super().close()
            self._block = memoryview(b"")
            if self._source is not None:
                self._source.close()
            self._check_version()

    def _check_version(self) -> None:
        """Raise InputChanged if blocks of another version may have been read. One block has one version."""
        if self._blocks_read > 1:
            self._blocks_read = 0
            try:
                with self._request(self._file.store.filesystem.open_input_file, self._file.path) as now:
                    version = self._source_version(now)
            except StorageError:
                raise self._changed() from None
            if version != self._version:
                raise self._changed()

    def _source_version(self, source: Any) -> dict[str, bytes]:
        """Return the metadata from which a change is detected: the store gives ETag, time and size."""
        found: dict[str, bytes] = self._request(source.metadata) or {}
        return found

    def _changed(self) -> InputChanged:
        return InputChanged(
            f"{self._file} was changed or removed while it was being read, so the results would be inconsistent. Run "
            "again when nothing writes to the file, or run on a copy."
        )

    def _refuse_transcoded(self) -> None:
        """Raise StorageError if Google's store would decompress the file, so that its end would not be read."""
        encoding = self._version.get("Content-Encoding", b"").decode("utf-8", "backslashreplace")
        if encoding and self._file.store.scheme == "gs":
            raise StorageError(
                f"stored with the content encoding {encoding}, which the store would decode, so that the end of the "
                "file would be missing",
                "Remove its metadata Content-Encoding.",
                fatal=False,
            )

    def _request(self, operation: Any, *arguments: Any) -> Any:
        """Call an operation of the store."""
        try:
            with described(self._file.store.scheme):
                return operation(*arguments)
        except StorageError as error:
            if not error.fatal:
                raise
            raise InputError(f"{self._file} cannot be read: {error.reason}. {error.advice}") from None
