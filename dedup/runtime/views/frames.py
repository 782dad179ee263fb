"""Convert results to data frames of pandas and Polars, where these are installed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dedup.errors import DedupError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa


class Tabular(ABC):
    """A result that is also a table."""

    @abstractmethod
    def to_arrow(self) -> pa.Table:
        """Return the result as an Arrow table."""

    def to_pandas(self) -> pd.DataFrame:
        """Return the table of `to_arrow` as a data frame of pandas; whole numbers have the type Int64.

        Raises:
            DedupError: pandas is not installed.
        """
        return to_pandas(self.to_arrow())

    def to_polars(self) -> pl.DataFrame:
        """Return the table of `to_arrow` as a data frame of Polars.

        Raises:
            DedupError: Polars is not installed.
        """
        return to_polars(self.to_arrow())


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Convert an Arrow table to a data frame of pandas.

    Whole numbers have the type Int64, which has missing values: otherwise a column with one becomes one of floats.

    Args:
        table: Any table.

    Raises:
        DedupError: pandas is not installed.
    """
    import pyarrow as pa

    pandas = _require("pandas", "to_pandas")
    return table.to_pandas(types_mapper={pa.int64(): pandas.Int64Dtype()}.get)


def to_polars(table: pa.Table) -> pl.DataFrame:
    """Convert an Arrow table to a data frame of Polars.

    Args:
        table: Any table.

    Raises:
        DedupError: Polars is not installed.
    """
    frame: pl.DataFrame = _require("polars", "to_polars").from_arrow(table)
    return frame


def _require(package: str, function: str) -> Any:
    """Import a package that is not a dependency.

    Raises:
        DedupError: It is not installed.
    """
    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        raise DedupError(
            f"{function} needs the package {package}, which is not installed. Install it: pip install {package}; or "
            "use to_arrow."
        ) from None
