"""Files: walking folders, opening and unpacking, document formats apart, noticing changes."""
# ruff: noqa: PTH116, PTH118
# bytes paths, as names need not be UTF-8, and the speed of 100,000 small files: pathlib has neither

from __future__ import annotations

import contextlib
import errno
import gzip
import io
import json
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, TypeAlias, TypeVar

from dedup.corpus.report import Tally
from dedup.errors import InputChanged

Buffered: TypeAlias = "io.BufferedReader[Any]"
Line = TypeVar("Line", bytes, str)
Meter = Callable[[int], None]  # is told how many more bytes were read

_ENDINGS = {
    b"parquet": "parquet",
    b"jsonl": "jsonl",
    b"ndjson": "jsonl",
    b"json": "json",
    b"csv": "csv",
    b"tsv": "tsv",
    b"html": "html",
    b"htm": "html",
    b"xhtml": "html",
}
# Bytes that one text, or one row of a text file, may have: so that what unpacks to more than memory is named, not read.
LONGEST = 1 << 30
_PIECE = 8 << 20
_OUTPUTS = (b"removed.parquet", b"pairs.parquet", b"links.parquet")


@dataclass(frozen=True, slots=True)
class Place:
    """One file: where it is and the name it is shown by.

    `root` + `relative` is the path to open; `shown` the prefix and `relative` make the path in the corpus.
    """

    root: bytes
    relative: bytes
    prefix: str = ""

    @property
    def path(self) -> bytes:
        """The path to open."""
        return self.root + self.relative

    @property
    def shown(self) -> str:
        """The path in the corpus: valid UTF-8, other bytes as \\xNN."""
        return self.prefix + self.relative.decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file's metadata was when it was first read: bytes, nanoseconds, inode."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, path: str | bytes) -> Stamp:
        """Take it now; raises OSError."""
        found = os.stat(path)
        return cls(found.st_size, found.st_mtime_ns, found.st_ino)

    def check(self, path: str | bytes, shown: str) -> None:
        """Raise InputChanged if the file is another now."""
        try:
            same = Stamp.of(path) == self
        except OSError:
            same = False
        if not same:
            raise InputChanged(
                f"{shown} changed or went away while it was being read, so results would not fit together. "
                "Run again once nothing writes to it, or run on a copy."
            )


def kind(name: bytes) -> str:
    """Return the format that a file's name tells, "text" by default.

    >>> kind(b"a/News.JSONL.gz"), kind(b"Makefile")
    ('jsonl', 'text')
    """
    ending = name.rpartition(b".")[2].lower()
    if ending in (b"gz", b"zst"):
        ending = name.rpartition(b".")[0].rpartition(b".")[2].lower()
    return _ENDINGS.get(ending, "text")


def reason(error: Exception) -> str:
    """Return what went wrong as a short reason, without the path that the caller names anyway.

    >>> reason(PermissionError(13, "Permission denied", "/a"))
    'permission denied'
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    if isinstance(error, MemoryError):
        return "too large for this machine's memory"
    return str(error) or type(error).__name__


def walk(root: bytes, prefix: str, exclude: frozenset[tuple[int, int]], tally: Tally) -> list[bytes]:
    """Return the relative paths of all files under a folder, sorted as bytes; the rest is named or counted.

    `root` ends with a slash; `exclude` holds (device, inode) of folders not to read. Linked files are read;
    linked folders are not followed (a loop would not end, a second way in would read files twice) but named.
    """
    found: list[bytes] = []
    _walk(root, b"", prefix, exclude, tally, found)
    found.sort()
    return found


def _walk(
    root: bytes,
    under: bytes,
    prefix: str,
    exclude: frozenset[tuple[int, int]],
    tally: Tally,
    found: list[bytes],
) -> None:
    shown = Place(b"", under or b".", prefix).shown
    try:
        with os.scandir(root + under) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        return tally.skip(shown, reason(error))
    if is_output(root + under, {entry.name for entry in entries}):
        tally.notes.append(f"{shown} is an earlier output of dedup and was not read (to do so, name its clean.parquet)")
        return None
    for entry in entries:
        name = under + entry.name
        if exclude and entry.is_dir(follow_symlinks=False) and _identity(entry.path) in exclude:
            continue  # where the result goes
        if entry.name.startswith(b"."):
            tally.hidden += 1
        elif entry.is_file(follow_symlinks=False):
            found.append(name)
        elif not entry.is_dir(follow_symlinks=False):
            _odd(entry, Place(b"", name, prefix).shown, name, tally, found)
        else:
            _walk(root, name + b"/", prefix, exclude, tally, found)
    return None


def _odd(entry: os.DirEntry[bytes], shown: str, name: bytes, tally: Tally, found: list[bytes]) -> None:
    """Deal with what is neither a plain file nor a plain folder."""
    try:
        mode = entry.stat().st_mode
    except OSError as error:
        return tally.skip(shown, f"broken link ({reason(error)})")
    if stat.S_ISREG(mode):
        found.append(name)
    elif stat.S_ISDIR(mode):
        tally.skip(shown, "a link to a folder is not followed (to read it, name it as a PATH)")
    else:
        tally.skip(shown, "not a file (a pipe, socket or device)")
    return None


def _identity(path: bytes) -> tuple[int, int] | None:
    with contextlib.suppress(OSError):
        found = os.stat(path)
        return found.st_dev, found.st_ino
    return None


def is_output(folder: bytes, names: set[bytes]) -> bool:
    """Tell whether a folder with these files is one that this program wrote."""
    if b"run.json" not in names or not any(name in names for name in _OUTPUTS):
        return False
    try:
        run = json.loads(read_whole(os.path.join(folder, b"run.json")) or b"")
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(run, dict) and "dedup" in run


def check_length(size: int) -> None:
    """Raise OSError if so many bytes are more than one text may have."""
    if size > LONGEST:
        raise OSError(errno.EFBIG, f"longer than {LONGEST / (1 << 30):g} GiB, the most that one text may have")


def read_all(stream: Buffered) -> bytes:
    """Read what is left of a stream; raises OSError if it is longer than one text may be."""
    pieces, size = [], 0
    while piece := stream.read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        check_length(size)
    return b"".join(pieces)


def read_lines(stream: IO[Line]) -> Iterator[Line]:
    """Yield the lines of a stream; raises OSError at one that is longer than one text may be."""
    while line := stream.readline(LONGEST + 1):
        check_length(len(line))
        yield line


def read_whole(path: bytes, most: int | None = None) -> bytes | None:
    """Return a file's bytes, None if they are more than `most`; raises OSError."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        size = os.fstat(handle).st_size
        if most is not None and size > most:
            return None
        check_length(size)
        pieces = [os.read(handle, size + 1)]
        while len(pieces[-1]) > (size if len(pieces) == 1 else 0):  # longer than it said, or it did not say
            pieces.append(os.read(handle, 1 << 20))
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)
    finally:
        os.close(handle)


class _Metered(io.FileIO):
    """A file that tells how far it was read."""

    def __init__(self, file: bytes | int, meter: Meter) -> None:
        super().__init__(file, closefd=not isinstance(file, int))
        self._meter = meter

    def readinto(self, buffer: Any) -> int:
        """Read and tell."""
        count = super().readinto(buffer) or 0
        self._meter(count)
        return count


@contextlib.contextmanager
def opened(file: bytes | int, meter: Meter) -> Iterator[Buffered]:
    """Open a file for buffered reading, unpacked if its first bytes say that it is packed."""
    with io.BufferedReader(_Metered(file, meter), 1 << 20) as packed, unpacked(packed) as stream:
        yield stream


@contextlib.contextmanager
def unpacked(stream: Buffered) -> Iterator[Buffered]:
    """Undo gzip or zstd, told by the first bytes and whatever the name says; else pass the stream on."""
    magic = stream.peek(4)[:4]
    if magic[:2] == b"\x1f\x8b":
        with gzip.GzipFile(fileobj=stream) as plain, io.BufferedReader(plain, 1 << 20) as reader:
            yield reader
    elif magic == b"\x28\xb5\x2f\xfd":
        import pyarrow as pa

        with pa.CompressedInputStream(pa.PythonFile(stream, "r"), "zstd") as plain:
            yield io.BufferedReader(plain, 16 << 10)  # small: what one read unpacks is lost if it ends in damage
    else:
        yield stream


def is_packed(head: bytes) -> bool:
    """Tell whether the first bytes are those of gzip or zstd."""
    return head[:2] == b"\x1f\x8b" or head[:4] == b"\x28\xb5\x2f\xfd"
