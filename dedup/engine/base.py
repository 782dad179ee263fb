"""The interface of an engine: tables of integers that are filled, joined and grouped by SQL."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

ResultColumns = tuple[NDArray[np.int64], ...]
"""The columns of a result, shape (rows,) each."""


class Database(Protocol):
    """Tables of integers that may be larger than memory, and SQL to query them.

    The queries are in `dedup.duplicates.queries` and `dedup.stories.queries`; an engine decides where the rows are
    stored and when they spill to disk.
    """

    def execute(self, query: str) -> None:
        """Run a statement that returns no rows."""

    def insert(self, table: str, **columns: NDArray[np.int64]) -> None:
        """Append rows to a table.

        Args:
            table: Name of an existing table.
            columns: Its columns by name, in their order, shape (rows,) each.
        """

    def stream(self, query: str) -> Iterator[ResultColumns]:
        """Run a query and yield its result in batches, one array per column. Other queries may run meanwhile."""

    def fetch(self, query: str, columns: int = 1) -> ResultColumns:
        """Run a query and return its whole result, one array per column.

        Args:
            query: The query.
            columns: Number of columns, needed where the result is empty.
        """

    def close(self) -> None:
        """Drop all tables."""
