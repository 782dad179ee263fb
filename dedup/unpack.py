"""Originals to files again, and to lines of JSON."""

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
from dedup.held import folder_beside
from dedup.originals import restore

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Restored:
    """What `restore_to` wrote."""

    folder: Path
    files: int
    """Documents that were files, each at its path."""
    rows: int
    """Documents that were rows."""
    tables: tuple[str, ...]
    """The files they are in, one for each input; all end in ".jsonl"."""


def restore_to(out: Path, folder: Path, *, overwrite: bool = False) -> Restored:
    """Write the originals to a folder; see `dedup.restore_to`.

    They are first written beside it and moved when all of them are there.

    Args:
        out: A folder that `clean` wrote.
        folder: Where; it may exist.
        overwrite: Replace files that are there.

    Raises:
        NotAnOutput: OUT is no such folder.
        OutputExists: A file is there already.
        OutputError: A path would leave the folder, or something cannot be read or written.
    """
    try:
        with folder_beside(folder) as part:
            with _Unpacking(part, folder, overwrite) as unpacking:
                for batch in restore(out):
                    unpacking.take(batch)
            _move(part, folder)
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be written: {error.strerror}. Name a folder that you may write to."
        ) from None
    return Restored(folder, unpacking.files, unpacking.rows, tuple(unpacking.tables))


class _Unpacking:
    """Files in the making; rows of one input follow each other, so one table is open at a time."""

    def __init__(self, part: Path, folder: Path, overwrite: bool) -> None:
        """Write to `part` what is meant for `folder`."""
        self._part, self._folder, self._overwrite = part, folder, overwrite
        self._stack = ExitStack()
        self._table: IO[str] | None = None
        self._path: str | None = None
        self.files = self.rows = 0
        self.tables: list[str] = []

    def __enter__(self) -> _Unpacking:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what is open."""
        self._stack.close()

    def take(self, batch: pa.RecordBatch) -> None:
        """Write some documents."""
        columns = (batch.column(name).to_pylist() for name in ("path", "row", "text"))
        for path, row, text, line in zip(*columns, lines(batch), strict=True):
            if row is None:
                with self._open(path, path) as file:
                    file.write(text or "")
                self.files += 1
            else:
                self._rows_of(path).write(line + "\n")
                self.rows += 1

    def _rows_of(self, path: str) -> IO[str]:
        """Open the table of an input, unless it is."""
        if self._table is None or self._path != path:
            self._stack.close()
            name = path if path.endswith(".jsonl") else f"{path}.jsonl"
            self._table, self._path = self._stack.enter_context(self._open(name, path)), path
            self.tables.append(name)
        return self._table

    def _open(self, name: str, path: str) -> IO[str]:
        """Begin a file, if it may be there."""
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\0" in name:
            raise OutputError(
                f"The path {path} leads out of {self._folder}, so nothing was written. "
                "Without -o, dedup restore writes JSON lines to standard output."
            )
        target = self._folder / name
        if not target.parent.resolve().is_relative_to(self._folder.resolve()):
            raise OutputError(f"{target.parent} is a link that leads out of {self._folder}, so nothing was written.")
        if not self._overwrite and os.path.lexists(target):
            raise OutputExists(f"{target} exists already. Name another folder, or replace it with --overwrite.")
        file = self._part / name
        file.parent.mkdir(parents=True, exist_ok=True)
        return file.open("x", encoding="utf-8", newline="")


def _move(part: Path, folder: Path) -> None:
    """Put finished files in their place."""
    if not folder.exists():
        part.rename(folder)
        return
    for parent, _, names in os.walk(part):
        target = folder / Path(parent).relative_to(part)
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            Path(parent, name).replace(target / name)


def lines(batch: pa.RecordBatch) -> Iterator[str]:
    """Write documents as JSON, a line each, without their rank.

    >>> import pyarrow as pa
    >>> list(lines(pa.RecordBatch.from_pydict({"doc": [0], "text": ["é"], "score": [float("nan")]})))
    ['{"text": "é", "score": null}']
    """
    import pyarrow as pa

    names = [name for name in batch.schema.names if name != "doc"]
    columns = []
    for name in names:
        column = batch.column(name)
        # Python has no nanoseconds: a time becomes text before it gets there.
        columns.append((column.cast(pa.string()) if pa.types.is_temporal(column.type) else column).to_pylist())
    for values in zip(*columns, strict=True):
        row = dict(zip(names, values, strict=True))
        try:
            yield json.dumps(row, ensure_ascii=False, allow_nan=False, default=_text)
        except ValueError:
            yield json.dumps(_finite(row), ensure_ascii=False, default=_text)


def _text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _finite(value: Any) -> Any:
    """Replace the numbers that JSON cannot write."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value
