"""The output folder of a run on Spark, and the folder of the files that tasks pass to other tasks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dedup.duplicates.distributed.storage.stages import Stages
from dedup.errors import InputError, OutputError, OutputExists, SettingsError
from dedup.outputs.files import WORK_FOLDER
from dedup.outputs.remote import check_free as check_free_remote
from dedup.outputs.remote import explained, remove_output
from dedup.outputs.writer import check_free, put_in_place
from dedup.runtime.progress import Progress
from dedup.runtime.shared_folder import SharedFolder
from dedup.runtime.storage.paths import AnyPath, RemotePath
from dedup.runtime.storage.stores import open_store
from dedup.runtime.workspace import locked_folder, temporary_folder


@dataclass(frozen=True)
class RunFolders:
    """The folders of a run."""

    out: SharedFolder
    """Receives the output. It is complete when it has ``run.json``, which is written last."""
    work: SharedFolder
    """Receives the files that stages pass to each other."""


@contextmanager
def run_folders(
    out: AnyPath | None, identity: dict[str, Any], *, overwrite: bool, resume: bool, temp_dir: Path, progress: Progress
) -> Iterator[RunFolders]:
    """Open the folders of a run; when it ends, its work is removed, or kept if there was an error.

    On a local or shared file system the output is written beside OUT, and renamed at the end. In an object store, which
    cannot rename, it is written to OUT itself, where ``run.json`` marks it as complete.

    Args:
        out: The output folder; None: there is none.
        identity: What a run must have in common with the one that it continues.
        overwrite: Replace a folder that dedup wrote.
        resume: Continue an unfinished run.
        temp_dir: Where the work is if there is no output.
        progress: Receives a note if the work is kept after an error.

    Raises:
        OutputExists: The output exists, or a run to it did not end.
        OutputError: There is no run to continue, or it had other options.
    """
    if out is None:
        with temporary_folder(temp_dir) as temp:
            yield RunFolders(SharedFolder(temp / "out"), SharedFolder(temp / "work"))
        return
    if isinstance(out, RemotePath):
        yield from _remote_folders(out, identity, overwrite, resume, progress)
        return
    check_free(out, overwrite)
    target = Path(os.path.realpath(out))
    base = target.with_name(f".{target.name}.spark")
    with locked_folder(base, f"Another run is writing to {out}. Wait for it, or name another folder."):
        folders = RunFolders(SharedFolder(base / "out"), SharedFolder(base / "work"))
        _check_identity(folders.work, identity, out, overwrite=overwrite, resume=resume, place=str(base))
        with _kept_after_errors(folders.work, lambda: shutil.rmtree(base, ignore_errors=True), progress):
            yield folders
        put_in_place(base / "out", target, out, overwrite)
    shutil.rmtree(base, ignore_errors=True)


def _remote_folders(
    out: RemotePath, identity: dict[str, Any], overwrite: bool, resume: bool, progress: Progress
) -> Iterator[RunFolders]:
    folders = RunFolders(SharedFolder(out), SharedFolder(out.child(WORK_FOLDER)))

    def remove(names: Collection[str]) -> None:
        with explained(out):
            remove_output(store, out, names)

    with explained(out):
        store = open_store(out)
        is_begun = f"{WORK_FOLDER}/" in store.entries(out)
        old = set() if is_begun and not overwrite else check_free_remote(store, out, overwrite)
    _check_identity(folders.work, identity, out, overwrite=overwrite, resume=resume, place=f"{out}/{WORK_FOLDER}")
    if not resume:
        remove(old - {f"{WORK_FOLDER}/"})
    with _kept_after_errors(folders.work, lambda: remove(store.entries(out)), progress):
        yield folders
    folders.work.remove()


@contextmanager
def _kept_after_errors(work: SharedFolder, remove: Callable[[], None], progress: Progress) -> Iterator[None]:
    """Keep the work of a run after an error, unless the same run would fail again, or no stage is finished."""
    try:
        yield
    except (InputError, SettingsError):
        remove()
        raise
    except BaseException:
        if work.names("stages"):
            progress.note(f"the finished stages were kept in {work.path}: continue with --resume")
        else:
            remove()
        raise


def _check_identity(
    work: SharedFolder, identity: dict[str, Any], out: AnyPath, *, overwrite: bool, resume: bool, place: str
) -> None:
    """Check whether there is an unfinished run to the same output, and whether this run may continue it."""
    stages = Stages(work)
    begun = stages.identity()
    if begun is None and resume:
        raise OutputError(f"There is no run to {out} that can be continued. Remove --resume.")
    if begun is not None and not resume and not overwrite:
        raise OutputExists(
            f"An earlier run to {out} did not finish. Continue it with --resume, or start again with --overwrite. "
            f"Its stages are in {place}."
        )
    if begun is not None and resume:
        different = sorted(name for name in identity.keys() | begun.keys() if identity.get(name) != begun.get(name))
        if different:
            raise OutputError(
                f"The unfinished run to {out} had other {' and '.join(different)}, so it cannot be continued. Use the "
                "same, or start again with --overwrite."
            )
        return
    work.remove()
    stages.identify(identity)
