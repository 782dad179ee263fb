"""Tables in a shared folder, as Arrow files: written by many tasks, read as a whole or by groups."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.ipc
from numpy.typing import NDArray

from dedup.runtime.ordered import first_of_runs
from dedup.runtime.shared_folder import SharedFolder

_GROUPS = b"groups"
_OPTIONS = pyarrow.ipc.IpcWriteOptions(compression="zstd")


def write_table(folder: SharedFolder, name: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> int:
    """Write a table to a file.

    Args:
        folder: The folder.
        name: Name of the file.
        batches: The rows.
        schema: Their columns.

    Returns:
        The number of rows.
    """
    rows = 0
    with folder.writing(name) as path, pyarrow.ipc.new_file(str(path), schema, options=_OPTIONS) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(schema))
            rows += batch.num_rows
    return rows


def read_table(folder: SharedFolder, name: str) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a file that `write_table` wrote, in the batches that were written."""
    with folder.reading(name) as path, pa.OSFile(str(path)) as source, pyarrow.ipc.open_file(source) as reader:
        for index in range(reader.num_record_batches):
            yield reader.get_batch(index)


@dataclass(frozen=True)
class GroupedTable:
    """A table whose groups of rows can each be read alone.

    The rows of a group are in one of several files: that of the number of the group modulo the number of files.

    >>> import tempfile
    >>> from pathlib import Path
    >>> table = GroupedTable(SharedFolder(Path(tempfile.mkdtemp())), "numbers", files=2)
    >>> rows = pa.record_batch({"group": pa.array([5, 3, 5]), "number": pa.array([1, 2, 3])})
    >>> table.write(1, [rows])
    >>> table.read(5)["number"].to_pylist(), table.read(4)
    ([1, 3], None)
    """

    folder: SharedFolder
    """Where the table is."""
    name: str
    """Folder of its files in this folder."""
    files: int
    """Number of files."""

    def write(self, file: int, batches: Sequence[pa.RecordBatch]) -> None:
        """Write the rows of a file.

        Args:
            file: Number of the file.
            batches: Its rows, in any order; the column ``group`` is the number of their group.
        """
        table = pa.Table.from_batches(batches).combine_chunks()
        groups = table["group"].to_numpy()
        order = np.argsort(groups, kind="stable")
        table, groups = table.take(pa.array(order)).drop_columns(["group"]), groups[order]
        first = np.flatnonzero(first_of_runs(groups))
        ends = np.append(first[1:], groups.size)
        known = json.dumps(groups[first].tolist()).encode()
        schema = table.schema.with_metadata({_GROUPS: known})
        parts = (
            _as_batch(table.slice(low, high - low)) for low, high in zip(first.tolist(), ends.tolist(), strict=True)
        )
        write_table(self.folder, self._file(file), parts, schema)

    def write_all(self, batches: Sequence[pa.RecordBatch]) -> None:
        """Write all rows, which are in memory."""
        table = pa.Table.from_batches(batches)
        if not table.num_rows:
            return
        files = table["group"].to_numpy() % self.files
        for file in np.unique(files).tolist():
            self.write(file, table.filter(pa.array(files == file)).to_batches())

    def write_partition(self, batches: Iterable[pa.RecordBatch]) -> int:
        """Write the rows of some files, whose numbers are in the column ``file``; return the number of rows."""
        table = pa.Table.from_batches(list(batches))
        files: NDArray[np.int64] = table["file"].to_numpy()
        rows = table.drop_columns(["file"])
        for file in np.unique(files).tolist():
            self.write(file, rows.filter(pa.array(files == file)).to_batches())
        return int(table.num_rows)

    def read(self, group: int) -> pa.Table | None:
        """Return the rows of a group, in the order in which they were written; None if it has none."""
        name = self._file(group % self.files)
        if not self.folder.exists(name):
            return None
        with self.folder.reading(name) as path, pa.OSFile(str(path)) as source:
            reader = pyarrow.ipc.open_file(source)
            groups = json.loads((reader.schema.metadata or {}).get(_GROUPS, b"[]"))
            if group not in groups:
                return None
            return pa.Table.from_batches([reader.get_batch(groups.index(group))]).replace_schema_metadata(None)

    def _file(self, number: int) -> str:
        return f"{self.name}/{number:05}.arrow"


def _as_batch(table: pa.Table) -> pa.RecordBatch:
    [batch] = table.combine_chunks().to_batches()
    return batch
