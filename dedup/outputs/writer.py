"""Write an output folder completely or not at all, and Parquet in fixed row groups."""

import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.errors import OutputError, OutputExists
from dedup.outputs.files import RUN_FILE
from dedup.runtime import signals
from dedup.runtime.exchange import exchange
from dedup.runtime.workspace import folder_beside

# A row group ends after the row that reaches one of these limits.
GROUP_ROWS = 1 << 16
GROUP_BYTES = 32 << 20


@contextmanager
def output_folder(out: Path, overwrite: bool) -> Iterator[Path]:
    """Create a folder to write to; rename it to OUT at the end, or remove it if there was an error.

    Args:
        out: The folder to be written.
        overwrite: Replace a folder that dedup wrote.

    Raises:
        OutputExists: The folder exists.
        OutputError: The folder cannot be created.
    """
    check_free(out, overwrite)
    target = Path(os.path.realpath(out))  # a link stays, and the folder that it names is replaced
    with ExitStack() as stack:
        try:
            part = stack.enter_context(folder_beside(target))
        except OSError as error:
            message = f"{out} cannot be created: {error.strerror}. Name a folder that you may write to."
            raise OutputError(message) from None
        yield part
        put_in_place(part, target, out, overwrite)


def put_in_place(part: Path, target: Path, out: Path, overwrite: bool) -> None:
    """Rename a finished folder to OUT, in place of an old one.

    Args:
        part: The folder, beside the target.
        target: OUT without links.
        out: OUT as the user named it.
        overwrite: Replace a folder that dedup wrote.

    Raises:
        OutputExists: Another program has written to OUT during the run.
        OutputError: It cannot be renamed.
    """
    check_free(out, overwrite)
    with signals.delayed():  # an interrupt here would leave the old folder beside the new one
        try:
            _replace(part, target)
        except OSError as error:
            raise OutputError(f"{out} cannot be written: {error.strerror}. Name another folder.") from None


def check_free(out: Path, overwrite: bool) -> None:
    """Raise OutputExists if there is something at OUT that must not be replaced."""
    if out.exists() and not overwrite:
        raise OutputExists(f"{out} already exists. Name another folder, or replace it with --overwrite.")
    if out.exists() and not (out / RUN_FILE).is_file() and any(out.iterdir() if out.is_dir() else [out]):
        raise OutputExists(f"{out} was not written by dedup, so --overwrite does not replace it. Name another folder.")


def _replace(part: Path, out: Path) -> None:
    """Rename a finished folder to OUT, and remove an old OUT.

    If the system can exchange folders, OUT is the old or the new folder at any moment. The old folder then has the name
    of the part and is removed, by the next run if this one is killed. Otherwise OUT is missing for a moment, since a
    rename does not replace a folder with files.
    """
    if not out.exists():
        part.rename(out)
    elif exchange(part, out):
        shutil.rmtree(part, ignore_errors=True)
    else:
        old = part.with_suffix(".old")
        out.rename(old)
        try:
            part.rename(out)
        except OSError:
            old.rename(out)
            raise
        shutil.rmtree(old, ignore_errors=True)


class GroupWriter:
    """Writes Parquet in row groups that depend on the rows alone, not on the batches in which they arrive."""

    def __init__(
        self,
        path: Path,
        schema: pa.Schema,
        pool: Executor | None = None,
        *,
        group_rows: int | None = None,
        group_bytes: int | None = None,
        **options: Any,
    ) -> None:
        """Create the file.

        Args:
            path: The file.
            schema: Its schema.
            pool: Compresses row groups in the background; None: on the calling thread.
            group_rows: Rows at which a row group ends; None: `GROUP_ROWS`.
            group_bytes: Bytes of text at which a row group ends; None: `GROUP_BYTES`.
            options: Arguments of `pyarrow.parquet.ParquetWriter` that replace the usual ones.
        """
        import pyarrow.parquet as pq

        # A dictionary of texts, which rarely repeat, would take time and save nothing.
        plain = [field.name for field in schema if not pa.types.is_large_string(field.type)]
        usual = {"compression": "zstd", "compression_level": 1, "use_dictionary": plain, "write_statistics": plain}
        self._file = path.open("wb")  # Arrow does not accept paths that are not UTF-8
        self._writer = pq.ParquetWriter(self._file, schema, **(usual | options))
        self._group_rows = GROUP_ROWS if group_rows is None else group_rows
        self._group_bytes = GROUP_BYTES if group_bytes is None else group_bytes
        self._pool = pool
        self._pending: Future[None] | None = None
        self._tables: list[pa.Table] = []
        self._rows = self._bytes = 0
        self.rows = 0

    def write(self, table: pa.Table, sizes: NDArray[np.int64]) -> None:
        """Append rows.

        Args:
            table: The rows.
            sizes: Bytes of text of each row, shape (rows,).
        """
        self.rows += table.num_rows
        ends = np.cumsum(sizes)
        first = 0
        while first < table.num_rows:
            before = int(ends[first - 1]) if first else 0
            full = int(np.searchsorted(ends, before + self._group_bytes - self._bytes)) + 1
            stop = min(full, first + self._group_rows - self._rows, table.num_rows)
            self._tables.append(table.slice(first, stop - first))
            self._rows += stop - first
            self._bytes += int(ends[stop - 1]) - before
            if self._rows >= self._group_rows or self._bytes >= self._group_bytes:
                self._flush()
            first = stop

    def _flush(self) -> None:
        if self._rows:
            # As one chunk, since the pages of Parquet follow the chunks.
            table = pa.concat_tables(self._tables).combine_chunks()
            self._wait()
            if self._pool is None:
                self._writer.write_table(table, row_group_size=self._rows)
            else:
                self._pending = self._pool.submit(self._writer.write_table, table, row_group_size=self._rows)
        self._tables, self._rows, self._bytes = [], 0, 0

    def _wait(self) -> None:
        """Wait until the previous row group is written, so that only one is in memory."""
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.result()

    def close(self) -> None:
        """Write the remaining rows and close the file."""
        with self._file:
            self._flush()
            self._wait()
            self._writer.close()


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a small JSON file."""
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
