"""Temporary directories that a run locks, and removes when it ends; those of killed runs are removed by the next."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from dedup.errors import OutputError

# A directory is removed only if it contains this file, so that a name alone is not enough.
MARKER = ".dedup-run"
_TEMPORARY = re.compile(r"dedup-[a-z0-9_]{8}")


@dataclass(frozen=True)
class Workspace:
    """Temporary directory, memory, threads and progress of a step."""

    folder: Path
    """Directory for temporary files."""
    memory: int
    """Bytes that may be used."""
    workers: int
    """Threads."""
    step: Callable[..., AbstractContextManager[None]]
    """Reports a step by its name and, if known, the amount of work and the unit; see `Progress.step`."""


@contextmanager
def temporary_folder(parent: Path | None = None) -> Iterator[Path]:
    """Create a locked temporary directory, and remove it afterwards.

    Args:
        parent: Where to create it; None for the system's directory.

    >>> with temporary_folder() as folder:
    ...     folder.is_dir()
    True
    >>> folder.exists()
    False
    """
    place = Path(parent or tempfile.gettempdir())
    _remove_abandoned(place, _TEMPORARY, lambda path: (path / MARKER).is_file())

    def make() -> Path:
        folder = Path(tempfile.mkdtemp(prefix="dedup-", dir=place))
        (folder / MARKER).touch()
        return folder

    with _locked(make) as folder:
        yield folder


@contextmanager
def task_folder(temp_dir: Path) -> Iterator[Path]:
    """Create a locked temporary directory for a task of Spark: where Spark has its own.

    Args:
        temp_dir: Where to create it if Spark does not say, and if it exists on this machine.
    """
    of_spark = os.environ.get("SPARK_LOCAL_DIRS") or os.environ.get("LOCAL_DIRS")
    parent = Path(of_spark.partition(",")[0]) if of_spark else temp_dir
    with temporary_folder(parent if parent.is_dir() else None) as folder:
        yield folder


@contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """Create a locked directory beside a target, to be renamed to it when complete; remove it if it is still there.

    Args:
        target: The folder to be written; its parents are created.
    """
    name = re.compile(rf"\.{re.escape(target.name)}\.\d+\.(part|old)")
    _remove_abandoned(target.parent, name)

    def make() -> Path:
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        part.mkdir(parents=True)
        return part

    with _locked(make) as part:
        yield part


@contextmanager
def _locked(make: Callable[[], Path]) -> Iterator[Path]:
    """Create a directory and lock it; the system releases the lock when the process ends, however it ends."""
    while True:
        folder = make()
        handle = _lock(folder, fcntl.LOCK_EX)
        if folder.is_dir():  # else another run removed it before it was locked
            break
        if handle is not None:
            os.close(handle)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if handle is not None:
            os.close(handle)


@contextmanager
def locked_folder(folder: Path, message: str) -> Iterator[None]:
    """Create a folder if it does not exist, and lock it while its content is used.

    Args:
        folder: The folder; its parents are created. It is removed at the end if it is empty.
        message: The message of the error if another process has locked it.

    Raises:
        OutputError: Another process has locked it, or it cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        message = f"{folder} cannot be created: {error.strerror}. Name a folder that you may write to."
        raise OutputError(message) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(message) from None
        except OSError:  # the file system has no locks
            pass
        yield
    finally:
        os.close(handle)
        with suppress(OSError):
            folder.rmdir()


def _lock(folder: Path, how: int) -> int | None:
    """Lock a directory; return None if the system cannot lock it or another process has the lock."""
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


def _remove_abandoned(
    parent: Path, name: re.Pattern[str], is_temporary: Callable[[Path], bool] = lambda _: True
) -> None:
    """Remove the temporary directories of runs that have ended.

    Args:
        parent: Where they are.
        name: What their names look like.
        is_temporary: Returns whether a directory with such a name is one.
    """
    with suppress(OSError):
        for path in [parent / found for found in os.listdir(parent) if name.fullmatch(found)]:  # noqa: PTH208 - faster
            if is_temporary(path) and path.is_dir() and not path.is_symlink():
                handle = _lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if handle is not None:
                    shutil.rmtree(path, ignore_errors=True)
                    os.close(handle)
