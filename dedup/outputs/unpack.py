"""Write the original documents to files: documents to their paths, the rows of each table to a ".jsonl"."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from dedup.errors import OutputError, OutputExists
from dedup.outputs.restore import restore
from dedup.runtime.workspace import folder_beside

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Restored:
    """The files that `restore_to` wrote."""

    folder: Path
    """The folder with the files."""
    files: int
    """Number of documents written to a file each."""
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
                for batch in restore(out):
                    unpacker.write(batch)
            _move(part, folder)
    except OSError as error:
        message = f"{folder} cannot be written: {error.strerror}. Name a folder that you may write to."
        raise OutputError(message) from None
    return Restored(folder, unpacker.files, unpacker.rows, tuple(unpacker.tables))


class _Unpacker:
    """Writes files. The rows of an input are adjacent, so one table is open at a time."""

    def __init__(self, part: Path, folder: Path, overwrite: bool) -> None:
        """Write to `part`, which is moved to `folder` later."""
        self._part, self._folder, self._overwrite = part, folder, overwrite
        self._stack = ExitStack()
        self._table: IO[str] | None = None
        self._path: str | None = None
        self.files = self.rows = 0
        self.tables: list[str] = []

    def __enter__(self) -> _Unpacker:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def write(self, batch: pa.RecordBatch) -> None:
        """Write a batch of documents."""
        columns = (batch.column(name).to_pylist() for name in ("path", "row", "text"))
        for path, row, text, line in zip(*columns, json_rows(batch), strict=True):
            if row is None:
                with self._create(path, path) as file:
                    file.write(text or "")
                self.files += 1
            else:
                self._table_of(path).write(line + "\n")
                self.rows += 1

    def _table_of(self, path: str) -> IO[str]:
        """Return the open table of an input; create it for the first row."""
        if self._table is None or self._path != path:
            self._stack.close()
            name = path if path.endswith(".jsonl") else f"{path}.jsonl"
            self._table, self._path = self._stack.enter_context(self._create(name, path)), path
            self.tables.append(name)
        return self._table

    def _create(self, name: str, path: str) -> IO[str]:
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
            raise OutputExists(f"{target} exists already. Name another folder, or replace it with --overwrite.")
        file = self._part / name
        file.parent.mkdir(parents=True, exist_ok=True)
        return file.open("x", encoding="utf-8", newline="")


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


def json_rows(batch: pa.RecordBatch) -> Iterator[str]:
    """Convert documents to JSON, one line each, without their rank.

    >>> import pyarrow as pa
    >>> list(json_rows(pa.RecordBatch.from_pydict({"doc": [0], "text": ["é"], "score": [float("nan")]})))
    ['{"text": "é", "score": null}']
    """
    import pyarrow as pa

    names = [name for name in batch.schema.names if name != "doc"]
    columns = []
    for name in names:
        column = batch.column(name)
        # Python has no nanoseconds: convert times to text before.
        columns.append((column.cast(pa.string()) if pa.types.is_temporal(column.type) else column).to_pylist())
    for values in zip(*columns, strict=True):
        row = dict(zip(names, values, strict=True))
        try:
            yield json.dumps(row, ensure_ascii=False, allow_nan=False, default=_to_text)
        except ValueError:
            yield json.dumps(_without_nan(row), ensure_ascii=False, default=_to_text)


def _to_text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _without_nan(value: Any) -> Any:
    """Replace numbers that JSON cannot represent by null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    return [_without_nan(item) for item in value] if isinstance(value, list) else value
