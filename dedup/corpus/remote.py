"""List the files of a folder in an object store, by the rules for local folders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from dedup.corpus.companions import leave_out_companions
from dedup.corpus.files import UNREAD_OUTPUT, InputFile, files_of_output, may_be_output, parse_record
from dedup.corpus.report import ReportBuilder
from dedup.errors import InputError
from dedup.outputs.files import CLEAN_FILE
from dedup.runtime.storage.errors import StorageError
from dedup.runtime.storage.files import RemoteFile
from dedup.runtime.storage.paths import RemotePath
from dedup.runtime.storage.stores import Store, StoredFile, identity, open_store

# Simultaneous requests: a store takes about 50 ms to answer, regardless of how many others it answers.
_REQUEST_THREADS = 16
# Hadoop makes empty objects with this ending for folders.
_HADOOP_FOLDER = "_$folder$"


def find_remote(paths: Sequence[RemotePath]) -> list[StoredFile | None]:
    """Return for each address the file, or None if it is a folder.

    Raises:
        InputError: An address does not exist, or its store does not answer.
    """
    if len(paths) < 2:
        return list(map(_find, paths))
    with ThreadPoolExecutor(_REQUEST_THREADS, "find") as pool:
        return list(pool.map(_find, paths))


def _find(path: RemotePath) -> StoredFile | None:
    try:
        return open_store(path).find(path)
    except StorageError as error:
        raise unreadable(path, error) from None


def unreadable(path: RemotePath, error: StorageError) -> InputError:
    """Return the error for an input that cannot be read."""
    return InputError(f"{path} cannot be read: {error.reason}. {error.advice}")


def list_remote(
    path: RemotePath, found: StoredFile | None, several: bool, exclude: Collection[str], report: ReportBuilder
) -> list[InputFile]:
    """List the files of an address.

    Args:
        path: Address of a file or a folder.
        found: The file; None for a folder. See `find_remote`.
        several: Whether the paths in the corpus start with the address, since there are several inputs.
        exclude: Folders that are not read; see `identity`.
        report: Receives what is left out.

    Returns:
        The files, sorted by the bytes of their paths.

    Raises:
        InputError: The folder does not exist, or the store does not answer.
    """
    try:
        store = open_store(path)
        if found is not None:
            folder = str(path).removesuffix(path.name)
            file = RemoteFile(store, found.path, found.size)
            return [InputFile(folder.encode(), path.name.encode(), folder if several else "", file)]
        listed = store.list_files(path, must_exist=bool(path.key))
    except StorageError as error:
        raise unreadable(path, error) from None
    prefix = f"{path}/" if several else ""
    files = dict(listed)
    listing = _Listing(store, path, prefix, exclude, report, files)
    root = f"{path}/".encode()
    selected = ((name, files[name.decode("utf-8", "surrogateescape")]) for name in listing.select())
    return [InputFile(root, name, prefix, RemoteFile(store, file.path, file.size)) for name, file in selected]


@dataclass
class _Folder:
    """Names in a folder."""

    files: list[str] = field(default_factory=list)
    folders: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Listing:
    """The files of a folder in a store, from which those that are read are selected."""

    store: Store
    path: RemotePath
    """Address of the folder."""
    prefix: str
    """Prefix of relative paths in the corpus."""
    exclude: Collection[str]
    """Folders that are not read; see `identity`."""
    report: ReportBuilder
    """Receives what is left out."""
    files: dict[str, StoredFile]
    """Files by their path below the folder."""

    def select(self) -> list[bytes]:
        """Return the paths of the files that are read, sorted by their bytes."""
        tree = self._tree()
        found: list[str] = []
        waiting = [""]
        while waiting:
            at = waiting.pop()
            folder = tree[at]
            run = self._read_record(at, folder)
            if run is not None:
                shown = f"{self.prefix}{at}" or "."
                if at or CLEAN_FILE not in {*folder.files, *folder.folders}:
                    self.report.remark(shown, UNREAD_OUTPUT)
                else:
                    parts = None if CLEAN_FILE in folder.files else tree[f"{CLEAN_FILE}/"].files
                    found += files_of_output(run, parts, shown, self.report)
                continue
            visible = [name for name in (*folder.files, *folder.folders) if not name.startswith(".")]
            self.report.hidden += len(folder.files) + len(folder.folders) - len(visible)
            found += [at + name for name in folder.files if not name.startswith(".")]
            folders = (f"{at}{name}/" for name in folder.folders if not name.startswith("."))
            waiting += [name for name in folders if self._identity(name) not in self.exclude]
        names = sorted(name.encode("utf-8", "surrogateescape") for name in found)
        return leave_out_companions(names, self.prefix, self.report)

    def _tree(self) -> dict[str, _Folder]:
        """Return the folders by their path, "" or with a slash at the end."""
        tree: dict[str, _Folder] = defaultdict(_Folder)
        markers = 0
        for relative, file in self.files.items():
            *parents, name = relative.split("/")
            if not all((*parents, name)):
                reason = "its path has an empty folder name (//), which pyarrow cannot open; copy it to another name"
                self.report.skip(self.prefix + relative, reason)
                continue
            if file.size == 0 and name.endswith(_HADOOP_FOLDER):
                markers += 1
                continue
            at = ""
            for parent in parents:
                tree[at].folders.add(parent)
                at += f"{parent}/"
            tree[at].files.append(name)
        if markers:
            marks, were = ("file", "was") if markers == 1 else ("files", "were")
            self.report.notes.append(
                f"{markers} empty {marks} ending in {_HADOOP_FOLDER} {were} left out, since they mark folders"
            )
        return tree

    def _identity(self, folder: str) -> str:
        return f"{identity(self.path)}/{folder}".removesuffix("/")

    def _read_record(self, at: str, folder: _Folder) -> dict[str, Any] | None:
        """Return the ``run.json`` of a folder that `dedup` wrote; None for another folder."""
        if not may_be_output({name.encode("utf-8", "surrogateescape") for name in (*folder.files, *folder.folders)}):
            return None
        record = self.path.child(f"{at}run.json")
        try:
            return parse_record(self.store.read(record))
        except StorageError as error:
            if error.fatal:
                raise unreadable(record, error) from None
            return None
