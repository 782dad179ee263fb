"""Tables in DuckDB, which spills to disk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.engine.base import Database, ResultColumns
from dedup.runtime import signals

# An open instance without tables, by its memory and threads: opening one takes as long as a small step of a run.
_idle: dict[tuple[int, int], Any] = {}
# Each instance has the tables of one database at a time.
_NAME = "step"


class DuckDB:
    """A `dedup.engine.base.Database` in memory that spills to a directory.

    >>> import tempfile
    >>> database = DuckDB(Path(tempfile.mkdtemp()), memory=64 << 20, workers=1)
    >>> database.execute("CREATE TABLE pairs (former BIGINT, latter BIGINT)")
    >>> database.insert("pairs", former=np.array([0, 1]), latter=np.array([2, 3]))
    >>> database.fetch("SELECT latter FROM pairs ORDER BY latter")
    (array([2, 3]),)
    """

    def __init__(self, temp: Path, memory: int, workers: int) -> None:
        """Open an empty database that downloads no extensions.

        Args:
            temp: Directory to spill to.
            memory: Bytes that tables may take before they spill.
            workers: Threads.
        """
        self._settings = memory, workers
        self._instance = _open(str(temp / "spill"), memory, workers)
        self._instance.execute(f"ATTACH ':memory:' AS {_NAME}")
        self._connection = self._cursor()

    def execute(self, query: str) -> None:
        """Run a statement that returns no rows."""
        self._connection.execute(query)

    def insert(self, table: str, **columns: NDArray[np.int64]) -> None:
        """Append rows to a table; see `dedup.engine.base.Database.insert`."""
        rows = pa.table(columns)
        if rows.num_rows:
            self._connection.register("incoming", rows)
            self._connection.execute(f"INSERT INTO {table} SELECT * FROM incoming")  # noqa: S608 - a constant name
            self._connection.unregister("incoming")

    def stream(self, query: str) -> Iterator[ResultColumns]:
        """Run a query and yield its result in batches of some hundred thousand rows, one array per column."""
        cursor = self._cursor()
        for batch in pa.RecordBatchReader.from_stream(cursor.sql(query)):
            yield tuple(column.to_numpy(zero_copy_only=False) for column in batch.columns)

    def fetch(self, query: str, columns: int = 1) -> ResultColumns:
        """Run a query and return its whole result; see `dedup.engine.base.Database.fetch`."""
        batches = list(self.stream(query))
        if not batches:
            return tuple(np.empty(0, np.int64) for _ in range(columns))
        return tuple(np.concatenate(column) for column in zip(*batches, strict=True))

    def close(self) -> None:
        """Close the database and drop its tables."""
        self._connection.close()
        self._instance.execute(f"DETACH {_NAME}")
        if _idle.setdefault(self._settings, self._instance) is not self._instance:
            self._instance.close()

    def _cursor(self) -> Any:
        """Return a connection of its own: the next statement of a connection ends the result of the one before."""
        cursor = self._instance.cursor()
        cursor.execute(f"USE {_NAME}")
        return cursor


def _open(spill: str, memory: int, workers: int) -> Any:
    """Return an instance of DuckDB without tables."""
    with signals.delayed():  # an interrupt during this import aborts the process
        import duckdb

    instance = _idle.pop((memory, workers), None)
    if instance:
        try:
            instance.execute("SET temp_directory = ?", [spill])
        except duckdb.NotImplementedException:  # it has spilled to another one
            instance.close()
        else:
            return instance
    return duckdb.connect(
        ":memory:",
        config={
            "memory_limit": f"{memory // (1 << 20)}MiB",
            "temp_directory": spill,
            "threads": workers,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        },
    )


def open_database(temp: Path, memory: int, workers: int) -> Database:
    """Open an empty database for one step of a run.

    Args:
        temp: Directory to spill to.
        memory: Bytes that the run may use; the database takes half of them before it spills.
        workers: Threads.
    """
    return DuckDB(temp, memory // 2, workers)
