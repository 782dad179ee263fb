"""Group and join rows in DuckDB, which spills to disk."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.runtime import signals as interrupt

if TYPE_CHECKING:
    import duckdb
if TYPE_CHECKING:
    import duckdb


def connect(temp: Path, memory: int, workers: int) -> "duckdb.DuckDBPyConnection":
    """Open a database in memory that spills to a folder and downloads nothing.

    Args:
        temp: Folder to spill to.
        memory: Bytes it may take before it spills.
        workers: Threads.
    """
    with interrupt.later():  # in the midst of its import, it would abort the program
        import duckdb

    return duckdb.connect(
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


def stream(database: "duckdb.DuckDBPyConnection", query: str) -> Iterator[tuple[NDArray[np.int64], ...]]:
    """Run a query beside others and read its result as arrays, some hundred thousand rows at a time."""
    cursor = database.cursor()
    for batch in pa.RecordBatchReader.from_stream(cursor.sql(query)):
        yield tuple(column.to_numpy(zero_copy_only=False) for column in batch.columns)


def fetch(database: "duckdb.DuckDBPyConnection", query: str, columns: int = 1) -> tuple[NDArray[np.int64], ...]:
    """Run a query and read its whole result as arrays, one a column."""
    parts = list(stream(database, query))
    if not parts:
        return tuple(np.empty(0, np.int64) for _ in range(columns))
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def insert(database: "duckdb.DuckDBPyConnection", table: str, **columns: NDArray[np.int64]) -> None:
    """Add rows to a table, by its columns' names and in their order."""
    rows = pa.table(columns)
    if rows.num_rows:
        database.register("incoming", rows)
        database.execute(f"INSERT INTO {table} SELECT * FROM incoming")  # noqa: S608 - a name of ours
        database.unregister("incoming")
