"""Write an output folder to an object store: ``run.json`` is written last, and marks a complete output."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dedup.errors import OutputError, OutputExists
from dedup.outputs.files import OUTPUT_NAMES, RUN_FILE, WORK_FOLDER
from dedup.runtime.progress import Progress, closing
from dedup.runtime.storage.errors import StorageError
from dedup.runtime.storage.paths import RemotePath
from dedup.runtime.storage.stores import Store, open_store
from dedup.runtime.workspace import temporary_folder

# Written and deleted before a run, which may take hours, to check that its output can be written.
_PROBE_FILE = ".dedup-write-check"


@contextmanager
def remote_output(out: RemotePath, overwrite: bool, temp_dir: Path, progress: Progress) -> Iterator[Path]:
    """Yield a temporary folder to write to; upload its files to OUT at the end, unless there was an error.

    Args:
        out: The folder to be written.
        overwrite: Replace a folder that dedup wrote.
        temp_dir: Where to create the temporary folder.
        progress: Receives the progress of the upload.

    Raises:
        OutputExists: The folder exists.
        OutputError: The folder cannot be written.
    """
    with explained(out):
        store = open_store(out)
        check_free(store, out, overwrite)
        _check_writable(store, out)
    with temporary_folder(temp_dir) as temp:
        folder = temp / "out"
        folder.mkdir()
        yield folder
        try:
            with closing(progress):
                _upload(store, folder, out, overwrite, progress)
        except (StorageError, OutputExists) as error:
            kept = Path(tempfile.mkdtemp(prefix="dedup-not-uploaded-", dir=temp_dir)) / "out"
            folder.rename(kept)
            reason = f"{out} cannot be written: {error.reason}." if isinstance(error, StorageError) else str(error)
            raise OutputError(f"{reason} The complete output was kept in {kept}: copy it, or remove it.") from None


@contextmanager
def explained(out: RemotePath) -> Iterator[None]:
    """Raise OutputError if an output in an object store cannot be written."""
    try:
        yield
    except StorageError as error:
        raise OutputError(f"{out} cannot be written: {error.reason}. {error.advice}") from None


def check_free(store: Store, out: RemotePath, overwrite: bool) -> set[str]:
    """Return the files of an old output in OUT, with a slash after the names of folders with parts.

    Raises:
        OutputExists: They must not be replaced.
    """
    entries = store.entries(out) - {_PROBE_FILE}
    names = {name.removesuffix("/") for name in entries}
    if store.is_file(out):
        raise OutputExists(f"{out} is a file. Name another folder.")
    if names and not overwrite:
        raise OutputExists(f"{out} already exists. Name another folder, or replace it with --overwrite.")
    # Without run.json these may be the rest of an upload that was killed; other files are not.
    known = OUTPUT_NAMES | {WORK_FOLDER}
    if names and RUN_FILE not in names and not names <= known:
        raise OutputExists(f"{out} was not written by dedup, so --overwrite does not replace it. Name another folder.")
    return {name for name in entries if name.removesuffix("/") in known}


def remove_output(store: Store, out: RemotePath, names: Collection[str]) -> None:
    """Delete the files of an output, run.json first: without it, the output is not complete.

    Args:
        store: The store.
        out: The output.
        names: Names of files, and of folders with a slash at the end, from `check_free`.
    """
    for name in sorted(names, key=lambda name: (name != RUN_FILE, name)):
        if name.endswith("/"):
            store.delete_folder(out.child(name.removesuffix("/")))
        else:
            store.delete(out.child(name))


def _check_writable(store: Store, out: RemotePath) -> None:
    """Raise StorageError if no file can be written to OUT."""
    with tempfile.NamedTemporaryFile() as empty:
        store.upload(Path(empty.name), out.child(_PROBE_FILE))
    with suppress(StorageError):  # some accounts may write, but not delete
        store.delete(out.child(_PROBE_FILE))


def _upload(store: Store, folder: Path, out: RemotePath, overwrite: bool, progress: Progress) -> None:
    """Upload the files of a folder, first deleting the run.json of an old output. Delete them if there is an error."""
    old = check_free(store, out, overwrite)
    files = sorted(filter(Path.is_file, folder.rglob("*")), key=lambda file: (file.name == RUN_FILE, file))
    progress.step("upload", sum(file.stat().st_size for file in files), "bytes")
    written: list[RemotePath] = []
    try:
        remove_output(store, out, old)
        for file in files:
            written.append(out.child(file.relative_to(folder).as_posix()))
            store.upload(file, written[-1], progress.advance)
    except BaseException:
        for path in reversed(written):
            with suppress(StorageError):
                store.delete(path)
        raise
