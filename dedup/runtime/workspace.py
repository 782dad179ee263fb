"""Folders that a run holds while it lives; those that a killed run left are swept by the next."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# A folder is swept only if it has this in it, so that none is taken for ours by its name alone.
MARKER = ".dedup-run"
_TEMPORARY = re.compile(r"dedup-[a-z0-9_]{8}")


@contextmanager
def temporary_folder(parent: Path | None = None) -> Iterator[Path]:
    """Give a folder that goes with the run.

    Args:
        parent: Where to make it; None for the system's place.

    >>> with temporary_folder() as folder:
    ...     folder.is_dir()
    True
    >>> folder.exists()
    False
    """
    place = Path(parent or tempfile.gettempdir())
    _sweep(place, lambda path: bool(_TEMPORARY.fullmatch(path.name)) and (path / MARKER).is_file())

    def make() -> Path:
        folder = Path(tempfile.mkdtemp(prefix="dedup-", dir=place))
        (folder / MARKER).touch()
        return folder

    with _held(make) as folder:
        yield folder


@contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """Give a folder to make something in that is moved to its target when it is whole, and else is gone.

    Args:
        target: The folder that is wanted; its parents are made.
    """
    name = re.compile(rf"\.{re.escape(target.name)}\.\d+\.(part|old)")
    _sweep(target.parent, lambda path: bool(name.fullmatch(path.name)))

    def make() -> Path:
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        part.mkdir(parents=True)
        return part

    with _held(make) as part:
        yield part


@contextmanager
def _held(make: Callable[[], Path]) -> Iterator[Path]:
    """Make a folder and hold its lock, which the system lets go of when the process ends, however it does."""
    while True:
        folder = make()
        handle = _lock(folder, fcntl.LOCK_EX)
        if folder.is_dir():  # else someone swept it before it was locked
            break
        if handle is not None:
            os.close(handle)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def _lock(folder: Path, how: int) -> int | None:
    """Lock a folder; None where that cannot be done, or where another holds it."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, how)
    except OSError:
        os.close(handle)
        return None
    return handle


def _sweep(parent: Path, is_ours: Callable[[Path], bool]) -> None:
    """Remove the folders of runs that are no more."""
    with suppress(OSError):
        for path in parent.iterdir():
            if is_ours(path) and path.is_dir() and not path.is_symlink():
                handle = _lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if handle is not None:
                    shutil.rmtree(path, ignore_errors=True)
                    os.close(handle)
