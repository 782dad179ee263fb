"""Copy a folder in an object store to a temporary folder."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from dedup.errors import DedupError, OutputError
from dedup.runtime.storage.errors import StorageError
from dedup.runtime.storage.paths import AnyPath, RemotePath
from dedup.runtime.storage.stores import Store, open_store
from dedup.runtime.workspace import temporary_folder

_COPY_THREADS = 8


@contextmanager
def local_copy(folder: AnyPath, names: Collection[str]) -> Iterator[Path]:
    """Copy the files of a folder to a temporary folder, if it is in an object store.

    Args:
        folder: The folder.
        names: Names of the files, and of subfolders with files, to copy; those that do not exist are left out.

    Yields:
        A local folder with the files: the folder itself if it is local. Errors of dedup that name it are changed to
        name the address instead.

    Raises:
        OutputError: A file cannot be read.

    >>> with local_copy(Path("out"), []) as local:
    ...     local
    PosixPath('out')
    """
    if not isinstance(folder, RemotePath):
        yield folder
        return
    with temporary_folder() as temp:
        copy = temp / "copy"
        copy.mkdir()
        try:
            store = open_store(folder)
            entries = store.entries(folder)
            if not entries:
                _refuse_missing_bucket(store, folder)
            for name in sorted(names):
                if name in entries:
                    store.download(folder.child(name), copy / name)
                elif f"{name}/" in entries:
                    _copy_folder(store, folder.child(name), copy / name)
        except StorageError as error:
            raise OutputError(f"{folder} cannot be read: {error.reason}. {error.advice}") from None
        try:
            yield copy
        except DedupError as error:
            error.args = tuple(str(value).replace(str(copy), str(folder)) for value in error.args)
            raise


def _copy_folder(store: Store, folder: RemotePath, copy: Path) -> None:
    """Copy the files of a folder, without its subfolders; raises StorageError.

    Several are copied at the same time: a store takes as long to answer as to send 5 MB.
    """
    copy.mkdir()
    files = sorted(name for name in store.entries(folder) if not name.endswith("/"))
    with ThreadPoolExecutor(_COPY_THREADS, "copy") as pool:
        for _ in pool.map(lambda name: store.download(folder.child(name), copy / name), files):
            pass


def _refuse_missing_bucket(store: Store, folder: RemotePath) -> None:
    """Raise StorageError if the bucket of a folder does not exist."""
    try:
        store.find(folder)
    except StorageError as error:
        if error.fatal:
            raise
