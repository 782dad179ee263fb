"""What the commands as functions give: what happened, and tables in memory or in the folder that was written."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from dedup.held import temporary_folder
from dedup.model import Run, Stories

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")


class _Written:
    """A result whose tables are in memory, or in the folder that was written."""

    out: Path | None
    _tables: dict[str, "pa.Table"]

    def _table(self, name: str) -> "pa.Table":
        import pyarrow.parquet as pq

        if self.out is not None and name not in self._tables:
            self._tables[name] = pq.read_table(self.out / f"{name}.parquet")
        return self._tables[name]


@dataclass(frozen=True)
class Cleaned(_Written):
    """What `clean` made; tables that were written to a folder are read from there when asked for."""

    run: Run
    """What happened."""
    out: Path | None
    """The folder that was written, if one was named."""
    _tables: dict[str, "pa.Table"] = field(default_factory=dict, repr=False)

    @property
    def clean(self) -> "pa.Table":
        """The documents that stay."""
        return self._table("clean")

    @property
    def removed(self) -> "pa.Table":
        """The units taken out, with the evidence."""
        return self._table("removed")

    @property
    def pairs(self) -> "pa.Table":
        """The verified pairs."""
        return self._table("pairs")


@dataclass(frozen=True)
class Aligned(_Written):
    """What `align` found; tables that were written to a folder are read from there when asked for."""

    found: Stories
    """The stories, and the run."""
    out: Path | None
    """The folder that was written, if one was named."""
    _tables: dict[str, "pa.Table"] = field(default_factory=dict, repr=False)

    @property
    def stories(self) -> "pa.Table":
        """The documents of each story."""
        return self._table("stories")

    @property
    def links(self) -> "pa.Table":
        """The links between sentences."""
        return self._table("links")


def written(
    out: str | os.PathLike[str] | None, names: Sequence[str], run: Callable[[Path], T]
) -> tuple[T, Path | None, dict[str, "pa.Table"]]:
    """Run what writes a folder; without one, write to a temporary folder and hold its tables.

    Args:
        out: The folder to write, if one is named.
        names: The tables that it gets.
        run: Writes a folder.

    Returns:
        What that gives, the folder if one was named, and the tables if none was.
    """
    import pyarrow.parquet as pq

    if out is not None:
        return run(Path(out)), Path(out), {}
    with temporary_folder() as temp:
        folder = temp / "out"
        made = run(folder)
        return made, None, {name: pq.read_table(folder / f"{name}.parquet") for name in names}
