"""Tables in DuckDB, which spills to disk."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.engine.base import Database, ResultColumns
from dedup.runtime import signals


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
        with signals.delayed():  # an interrupt during this import aborts the process
            import duckdb

        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{memory // (1 << 20)}MiB",
                "temp_directory": str(temp / "spill"),
                "threads": workers,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "preserve_insertion_order": False,
            },
        )

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
        cursor = self._connection.cursor()
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


def open_database(temp: Path, memory: int, workers: int) -> Database:
    """Open an empty database for one step of a run.

    Args:
        temp: Directory to spill to.
        memory: Bytes that the run may use; the database takes half of them before it spills.
        workers: Threads.
    """
    return DuckDB(temp, memory // 2, workers)
