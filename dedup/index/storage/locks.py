"""Lock an index: one writer at a time, and no removal of segments that a reader has open.

The system releases a lock when its process ends, however it ends.
"""

import fcntl
import json
import os
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from dedup.errors import IndexDamaged, IndexFolderError, IndexLocked, NotAnIndex
from dedup.index.storage.layout import LOCK_FILE, MANIFEST_FILE, MANIFEST_PART, READERS_FILE, SEGMENTS
from dedup.index.storage.manifest import Manifest, check_local, read_manifest

_SEGMENT = re.compile(r"\d{6,}(\.part)?")
_INDEX_FILES = {LOCK_FILE, READERS_FILE, SEGMENTS, MANIFEST_PART}


@dataclass(frozen=True)
class Holder:
    """The process that writes to an index."""

    pid: int
    """Its number."""
    host: str
    """Name of its computer."""
    since: str
    """When it locked the index, in ISO 8601, UTC."""
    command: str
    """What it does, such as "index add"."""


@contextmanager
def writer_lock(folder: Path, command: str) -> Iterator[Manifest | None]:
    """Lock an index for writing; create the folder if it does not exist, and remove it if nothing was committed.

    Segments that the manifest does not name are removed at the beginning and at the end, see `remove_unused`: those of
    killed writers, of this one if it fails, and those that were merged.

    Args:
        folder: The index.
        command: What the writer does, for the message that another writer gets.

    Yields:
        The manifest; None if nothing was committed yet.

    Raises:
        IndexLocked: Another process writes to the index.
        NotAnIndex: The folder contains something else.
        IndexMismatch: Another version of dedup wrote the index.
        IndexDamaged: The manifest is damaged or was lost.
        IndexFolderError: The folder cannot be created, written to or locked.
    """
    check_local(folder)
    _check_free(folder)
    handle = _lock(folder)
    try:
        holder = Holder(os.getpid(), platform.node(), datetime.now(UTC).isoformat(timespec="seconds"), command)
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(asdict(holder)).encode(), 0)
        (folder / READERS_FILE).touch()
        (folder / SEGMENTS).mkdir(exist_ok=True)
        manifest = read_manifest(folder) if (folder / MANIFEST_FILE).exists() else None
        remove_unused(folder, manifest)
        yield manifest
    finally:
        with suppress(OSError):
            _leave(folder)
            os.ftruncate(handle, 0)
        os.close(handle)


def _leave(folder: Path) -> None:
    """Remove segments that are not used, or the folder if nothing was committed."""
    if (folder / MANIFEST_FILE).exists():
        with suppress(IndexFolderError):  # the error was raised when the lock was taken
            remove_unused(folder, read_manifest(folder))
    else:
        shutil.rmtree(folder / SEGMENTS, ignore_errors=True)
        for name in _INDEX_FILES - {SEGMENTS}:
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


def _check_free(folder: Path) -> None:
    """Check that a folder is an index, is empty, or has only files of a writer killed before its first commit.

    Raises:
        NotAnIndex: It contains something else.
        IndexDamaged: The manifest is damaged or was lost.
    """
    if folder.exists() and not folder.is_dir():
        raise NotAnIndex(f"{folder} is a file, not an index. Name a folder.")
    if (folder / MANIFEST_FILE).exists():
        read_manifest(folder)
    elif folder.exists():
        others = sorted({path.name for path in folder.iterdir()} - _INDEX_FILES)
        if others:
            raise NotAnIndex(
                f"{folder} is not an index: it has no {MANIFEST_FILE}, and contains {others[0]}. "
                "Name a new folder, an empty one, or an index."
            )
        segments = sorted(path for path in (folder / SEGMENTS).glob("*") if path.suffix != ".part")
        # In this order: a writer may be committing, which turns the one into the other.
        if segments and not (folder / MANIFEST_PART).exists() and not (folder / MANIFEST_FILE).exists():
            raise IndexDamaged(
                f"{folder} has no {MANIFEST_FILE}, but segments such as {segments[0].name}. Restore {MANIFEST_FILE} "
                "from a copy, or name another folder."
            )


def _lock(folder: Path) -> int:
    """Return the locked file of the writer."""
    path = folder / LOCK_FILE
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise IndexFolderError(
                f"{folder} cannot be written: {error.strerror}. Name a folder that you may write to."
            ) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(FileNotFoundError):  # a writer that committed nothing removed it in the meantime
                if os.path.samestat(os.fstat(handle), path.stat()):
                    return handle
        except BlockingIOError:
            message = _describe(folder, handle)
            os.close(handle)
            raise IndexLocked(message) from None
        except OSError as error:
            os.close(handle)
            raise _cannot_lock(folder, error) from None
        os.close(handle)


def _cannot_lock(folder: Path, error: OSError) -> IndexFolderError:
    return IndexFolderError(
        f"{folder} cannot be locked: {error.strerror}. Put the index on a disk that supports locks."
    )


def _describe(folder: Path, handle: int) -> str:
    """Return a message that says which process writes to an index."""
    try:
        holder = Holder(**json.loads(os.pread(handle, 1 << 16, 0)))
        who = f"dedup {holder.command} (process {holder.pid} on {holder.host}, since {holder.since})"
    except (ValueError, TypeError):
        who = "another process"  # it has not written its name yet
    return f"{folder} is in use: {who} is writing to it. Try again when it has finished."


@contextmanager
def reader_lock(folder: Path) -> Iterator[None]:
    """Keep the segments of the present manifest, and of later ones, until the context ends.

    Args:
        folder: The index.

    Raises:
        NotAnIndex: There is no index.
        IndexDamaged: The file for the lock is missing.
    """
    if not (folder / MANIFEST_FILE).exists():
        read_manifest(folder)  # raises the error that says what is missing
    path = folder / READERS_FILE
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError as error:
        message = f"{path} cannot be opened: {error.strerror}. Create it as an empty file, or make it readable."
        raise IndexDamaged(message) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
        except OSError as error:
            raise _cannot_lock(folder, error) from None
        yield
    finally:
        os.close(handle)


def remove_unused(folder: Path, manifest: Manifest | None) -> None:
    """Remove the segments that a manifest does not name, unless a reader of an older one may need them.

    Args:
        folder: The index, locked by this process for writing.
        manifest: Its manifest; None if nothing was committed yet.
    """
    used = {segment.name for segment in manifest.segments} if manifest else set[str]()
    # Other files, such as those that a file manager writes, are left alone.
    ours = [path for path in (folder / SEGMENTS).iterdir() if _SEGMENT.fullmatch(path.name) and path.is_dir()]
    unused = [path for path in ours if path.name not in used]
    latest = manifest.version if manifest else 0
    handle = os.open(folder / READERS_FILE, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # No manifest ever named the others: their writer was killed.
            unused = [path for path in unused if not path.name.isdigit() or int(path.name) > latest]
        for path in unused:
            shutil.rmtree(path)
    finally:
        os.close(handle)
