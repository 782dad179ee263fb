"""A folder that several machines read and write: on a shared file system, or in an object store."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from dedup.errors import OutputError
from dedup.runtime.storage.errors import StorageError
from dedup.runtime.storage.paths import AnyPath, RemotePath
from dedup.runtime.storage.stores import Store, open_store


@dataclass(frozen=True)
class SharedFolder:
    """A folder whose files are written completely or not at all. It can be sent to other processes.

    >>> folder = SharedFolder(Path(tempfile.mkdtemp()))
    >>> with folder.writing("a/numbers") as path:
    ...     _ = path.write_text("1 2 3")
    >>> with folder.reading("a/numbers") as path:
    ...     path.read_text(), folder.names("a"), folder.names("b")
    ('1 2 3', ['numbers'], [])
    """

    path: AnyPath
    """The folder: an absolute path, or an address."""

    def child(self, name: str) -> SharedFolder:
        """Return a folder in this folder."""
        return SharedFolder(self.path.child(name) if isinstance(self.path, RemotePath) else self.path / name)

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Yield a local file to write, which becomes the named file at the end; an existing one is replaced.

        Args:
            name: Path of the file in the folder; other folders in it are created.

        Raises:
            OutputError: The file cannot be written.
        """
        if isinstance(self.path, RemotePath):
            with _temporary_file() as local:
                yield local
                with self._explained(name):
                    self._store.upload(local, self.path.child(name))
            return
        target = self.path / name
        part = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
        with self._explained(name):
            target.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield part
            with self._explained(name):
                part.rename(target)
        finally:
            part.unlink(missing_ok=True)

    def put(self, file: Path, name: str) -> None:
        """Copy a local file to a file in the folder; see `writing`."""
        with self.writing(name) as path:
            shutil.copyfile(file, path)

    @contextmanager
    def reading(self, name: str) -> Iterator[Path]:
        """Yield a local file with the content of a file.

        Raises:
            OutputError: The file cannot be read.
        """
        if not isinstance(self.path, RemotePath):
            yield self.path / name
            return
        with _temporary_file() as local:
            with self._explained(name):
                self._store.download(self.path.child(name), local)
            yield local

    def names(self, folder: str) -> list[str]:
        """Return the names of the files in a folder in this one, sorted; empty if it does not exist."""
        with self._explained(folder):
            if isinstance(self.path, RemotePath):
                found = self._store.entries(self.path.child(folder))
            else:
                with suppress(FileNotFoundError):
                    return sorted(path.name for path in (self.path / folder).iterdir() if path.name[0] != ".")
                found = set()
        return sorted(found)

    def exists(self, name: str) -> bool:
        """Return whether a file exists."""
        if isinstance(self.path, RemotePath):
            with self._explained(name):
                return self._store.is_file(self.path.child(name))
        return (self.path / name).is_file()

    def remove_unfinished(self) -> None:
        """Remove files that killed processes left while they wrote to a local folder."""
        if isinstance(self.path, Path):
            for path in self.path.rglob(".*.part"):
                path.unlink(missing_ok=True)

    def remove(self, name: str = "") -> None:
        """Remove a folder in this one with its files; without a name, this folder."""
        if not isinstance(self.path, RemotePath):
            shutil.rmtree(self.path / name, ignore_errors=True)
            return
        folder = self.path.child(name) if name else self.path
        with self._explained(name):
            if self._store.entries(folder):
                self._store.delete_folder(folder)

    @property
    def _store(self) -> Store:
        assert isinstance(self.path, RemotePath)  # noqa: S101 - for the type; the callers check it
        return open_store(self.path)

    @contextmanager
    def _explained(self, name: str) -> Iterator[None]:
        """Raise OutputError if a file of the folder cannot be read or written."""
        where = f"{self.path}/{name}" if name else str(self.path)
        try:
            yield
        except StorageError as error:
            raise OutputError(f"{where} cannot be read or written: {error.reason}. {error.advice}") from None
        except OSError as error:
            raise OutputError(
                f"{where} cannot be read or written: {error.strerror or error}. Free some space, or name another "
                "folder."
            ) from None


@contextmanager
def _temporary_file() -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix="dedup-")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
