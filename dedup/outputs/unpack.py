"""Write the original documents to files: documents to their paths, the rows of each table to a ".jsonl"."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from dedup.errors import OutputError, OutputExists
from dedup.outputs.input_rows import InputRow, input_rows
from dedup.outputs.origins import Origin
from dedup.runtime.workspace import folder_beside


@dataclass(frozen=True)
class Restored:
    """The files that `restore_to` wrote."""

    folder: Path
    """The folder with the files."""
    files: int
    """Number of documents written to a file each."""
    extracted: int
    """Number of these that were extracted from pages: their text is in a file whose name ends in ".txt"."""
    rows: int
    """Number of documents written as rows of tables."""
    tables: tuple[str, ...]
    """Names of the files with these rows, one per input; all end in ".jsonl"."""


def restore_to(out: Path, folder: Path, *, overwrite: bool = False) -> Restored:
    """Write the original documents to a folder; see `dedup.restore_to`.

    They are written beside the folder and moved when all of them are complete.

    Args:
        out: A folder that `clean` wrote.
        folder: Where to write; it may exist.
        overwrite: Replace existing files.

    Returns:
        The number of documents and the names of the tables written.

    Raises:
        NotAnOutput: `clean` did not write OUT.
        OutputExists: A file exists.
        OutputError: A path would leave the folder, or something cannot be read or written.
    """
    try:
        with folder_beside(folder) as part:
            with _Unpacker(part, folder, overwrite) as unpacker:
                for row in input_rows(out):
                    unpacker.write(row)
            _move(part, folder)
    except OSError as error:
        message = f"{folder} cannot be written: {error.strerror}. Name a folder that you may write to."
        raise OutputError(message) from None
    return Restored(folder, unpacker.files, unpacker.extracted, unpacker.rows, tuple(unpacker.tables))


class _Unpacker:
    """Writes files. The rows of an input are adjacent, so one table is open at a time."""

    def __init__(self, part: Path, folder: Path, overwrite: bool) -> None:
        """Write to `part`, which is moved to `folder` later."""
        self._part, self._folder, self._overwrite = part, folder, overwrite
        self._stack = ExitStack()
        self._table: IO[bytes] | None = None
        self._path: str | None = None
        self.files = self.extracted = self.rows = 0
        self.tables: list[str] = []

    def __enter__(self) -> _Unpacker:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def write(self, document: InputRow) -> None:
        """Write a document."""
        if document.is_row:
            self._table_of(document.path).write(f"{document.to_json()}\n".encode())
            self.rows += 1
            return
        origin = document.origin
        with self._create(self._file_name(document.path, origin), document.path) as file:
            file.write((origin.mark + (document.text or "")).encode(origin.encoding))
        self.files += 1
        self.extracted += origin.kind == "extracted"

    def _file_name(self, path: str, origin: Origin) -> str:
        """Return the name of a file: text from a page ends in ".txt", and that of a compressed file has no ".gz"."""
        if origin.kind == "extracted":
            return f"{path}.txt"
        plain = path.removesuffix(origin.suffix)
        return plain if plain == path or not os.path.lexists(self._part / plain) else f"{path}.txt"

    def _table_of(self, path: str) -> IO[bytes]:
        """Return the open table of an input; create it for the first row."""
        if self._table is None or self._path != path:
            self._stack.close()
            name = path if path.endswith(".jsonl") else f"{path}.jsonl"
            self._table, self._path = self._stack.enter_context(self._create(name, path)), path
            self.tables.append(name)
        return self._table

    def _create(self, name: str, path: str) -> IO[bytes]:
        """Create a file, if its path stays in the folder and does not exist."""
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\0" in name:
            raise OutputError(
                f"The path {path} points outside {self._folder}, so nothing was written. "
                "Without -o, dedup restore writes JSON lines to standard output."
            )
        target = self._folder / name
        if not target.parent.resolve().is_relative_to(self._folder.resolve()):
            raise OutputError(f"{target.parent} is a link to a folder outside {self._folder}, so nothing was written.")
        if not self._overwrite and os.path.lexists(target):
            raise OutputExists(f"{target} already exists. Name another folder, or replace it with --overwrite.")
        file = self._part / name
        file.parent.mkdir(parents=True, exist_ok=True)
        return file.open("xb")


def _move(part: Path, folder: Path) -> None:
    """Move finished files to their folder."""
    if not folder.exists():
        part.rename(folder)
        return
    for parent, _, names in os.walk(part):
        target = folder / Path(parent).relative_to(part)
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            Path(parent, name).replace(target / name)
