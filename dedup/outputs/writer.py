"""Verdicts to Parquet: the cleaned corpus, what was removed and why, and the pairs behind it."""

import json
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
from dedup.runtime.workspace import folder_beside

# A row group ends after the row that fills it.
GROUP_ROWS = 1 << 16
GROUP_BYTES = 32 << 20


@contextmanager
def whole_folder(out: Path, overwrite: bool) -> Iterator[Path]:
    """Give a folder to write to, which becomes OUT when all went well and else is gone.

    Args:
        out: The folder that is wanted.
        overwrite: Replace one that is there.

    Raises:
        OutputExists: It is there already.
        OutputError: It cannot be made there.
    """
    if out.exists() and not overwrite:
        raise OutputExists(f"{out} exists already. Name another folder, or replace it with --overwrite.")
    if out.exists() and not (out / "run.json").is_file() and any(out.iterdir() if out.is_dir() else [out]):
        raise OutputExists(f"{out} exists and was not written by dedup, so --overwrite leaves it alone. Name another.")
    with ExitStack() as stack:
        try:
            part = stack.enter_context(folder_beside(out))
        except OSError as error:
            raise OutputError(f"{out} cannot be made: {error.strerror}. Name a folder that you may write to.") from None
        yield part
        _swap(part, out)


def _swap(part: Path, out: Path) -> None:
    """Put a finished folder in OUT's place; the old one is moved aside first, since no rename replaces a folder."""
    old = part.with_suffix(".old")
    if out.exists():
        out.rename(old)
    part.rename(out)
    shutil.rmtree(old, ignore_errors=True)


class GroupWriter:
    """Parquet in row groups whose borders depend on the rows alone, whatever pieces they arrive in."""

    def __init__(self, path: Path, schema: pa.Schema, pool: Executor | None = None) -> None:
        """Begin a file; with a pool, row groups are packed there while the next one is made."""
        import pyarrow.parquet as pq

        # A dictionary of texts that hardly repeat would cost time and save nothing.
        plain = [field.name for field in schema if not pa.types.is_large_string(field.type)]
        self._file = path.open("wb")  # Arrow itself takes no path that is not UTF-8
        self._writer = pq.ParquetWriter(
            self._file, schema, compression="zstd", compression_level=1, use_dictionary=plain, write_statistics=plain
        )
        self._pool = pool
        self._packing: Future[None] | None = None
        self._waiting: list[pa.Table] = []
        self._rows = self._bytes = 0
        self.rows = 0

    def write(self, table: pa.Table, sizes: NDArray[np.int64]) -> None:
        """Add rows.

        Args:
            table: The rows.
            sizes: Bytes of text in each, shape (rows,).
        """
        self.rows += table.num_rows
        while table.num_rows:
            filled = np.cumsum(sizes) + self._bytes
            full = int(np.searchsorted(filled, GROUP_BYTES)) + 1
            count = min(full, GROUP_ROWS - self._rows, table.num_rows)
            self._waiting.append(table.slice(0, count))
            self._rows += count
            self._bytes = int(filled[count - 1])
            if self._rows >= GROUP_ROWS or self._bytes >= GROUP_BYTES:
                self._flush()
            table, sizes = table.slice(count), sizes[count:]

    def _flush(self) -> None:
        if self._rows:
            # In one piece, since the borders of Parquet's pages follow those of the pieces.
            table = pa.concat_tables(self._waiting).combine_chunks()
            self._packed()
            if self._pool is None:
                self._writer.write_table(table, row_group_size=self._rows)
            else:
                self._packing = self._pool.submit(self._writer.write_table, table, row_group_size=self._rows)
        self._waiting, self._rows, self._bytes = [], 0, 0

    def _packed(self) -> None:
        """Wait until the row group before is in the file: one at a time is held."""
        packing, self._packing = self._packing, None
        if packing is not None:
            packing.result()

    def close(self) -> None:
        """End the file."""
        with self._file:
            self._flush()
            self._packed()
            self._writer.close()


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a small JSON file."""
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
