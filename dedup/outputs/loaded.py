"""Results with tables, in memory or in the output folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from dedup.errors import SettingsError
from dedup.outputs.files import CLEAN_FILE
from dedup.outputs.origins import ORIGINS_KEY, decode_origins, merge_origins
from dedup.outputs.reader import read_schemas, read_tables
from dedup.results import Run, Stories, Story
from dedup.runtime.storage.copies import local_copy
from dedup.runtime.storage.paths import AnyPath
from dedup.runtime.views import frames
from dedup.runtime.views.display import Displayed

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

CleanedTable: TypeAlias = Literal["clean", "removed", "pairs", "reference", "contained", "items"]
AlignedTable: TypeAlias = Literal["stories", "links", "outlets"]


class _WithTables(Displayed):
    """A result with tables, in memory or in Parquet files that are read on first use."""

    out: AnyPath | None
    _tables: dict[str, pa.Table]

    def _choose(self, name: str, names: Any) -> pa.Table:
        """Return a table by its name.

        Raises:
            SettingsError: The result has no such table.
        """
        if name not in get_args(names):
            raise SettingsError(f"There is no table {name!r}; it must be one of {get_args(names)}.")
        return self._table(name)

    def _table(self, name: str) -> pa.Table:
        if self.out is not None and name not in self._tables:
            self._tables.update(load_tables(self.out, [name]))
        return self._tables[name]


@dataclass(frozen=True, repr=False)
class Cleaned(_WithTables):
    """Result of `clean`; tables in an output folder are read on first use."""

    run: Run
    """Settings, counts and notes of the run."""
    out: AnyPath | None
    """The output folder; None if no folder was named."""
    _tables: dict[str, pa.Table] = field(default_factory=dict, repr=False)

    @property
    def clean(self) -> pa.Table:
        """The kept documents."""
        return self._table("clean")

    @property
    def removed(self) -> pa.Table:
        """The removed units, with the evidence."""
        return self._table("removed")

    @property
    def pairs(self) -> pa.Table:
        """The verified pairs."""
        return self._table("pairs")

    @property
    def reference(self) -> pa.Table | None:
        """The units of references, or of an index, that removed units name; None if there was no reference."""
        return self._table("reference") if self.run.references else None

    def to_arrow(self, table: CleanedTable = "clean") -> pa.Table:
        """Return a table as an Arrow table.

        Args:
            table: "clean" for the kept documents, "removed" for the removed units, "pairs" for the verified pairs,
                "reference" for the units of references that removed units name; with ``contained``, "contained" for
                the places where a document of the reference was found, and "items" for what was found of each.

        Raises:
            DedupError: There is no such table, or it cannot be read.
        """
        return self._choose(table, CleanedTable)

    def to_pandas(self, table: CleanedTable = "clean") -> pd.DataFrame:
        """Return a table as a data frame of pandas; whole numbers have the type Int64.

        Args:
            table: As for `to_arrow`.

        Raises:
            DedupError: pandas is not installed, or there is no such table.
        """
        return frames.to_pandas(self.to_arrow(table))

    def to_polars(self, table: CleanedTable = "clean") -> pl.DataFrame:
        """Return a table as a data frame of Polars.

        Args:
            table: As for `to_arrow`.

        Raises:
            DedupError: Polars is not installed, or there is no such table.
        """
        return frames.to_polars(self.to_arrow(table))

    def _choose(self, name: str, names: Any) -> pa.Table:
        if name == "reference" and not self.run.references:
            raise SettingsError("There is no table 'reference': the documents were compared with no reference.")
        if name in ("contained", "items") and self.run.contained is None:
            raise SettingsError(f"There is no table {name!r}: clean was called without contained.")
        return super()._choose(name, names)

    def _summary(self) -> dict[str, object]:
        return {**self.run.sizes(), **({} if self.out is None else {"out": str(self.out)})}


@dataclass(frozen=True, repr=False)
class Aligned(_WithTables):
    """Result of `align`; tables in an output folder are read on first use."""

    result: Stories
    """The stories and the run."""
    out: AnyPath | None
    """The output folder; None if no folder was named."""
    _tables: dict[str, pa.Table] = field(default_factory=dict, repr=False)

    @property
    def run(self) -> Run:
        """Settings, counts and notes of the run."""
        return self.result.run

    @property
    def stories(self) -> tuple[Story, ...]:
        """The stories with the most evidence: all, or as many as `stories=` of `align` says; see `Stories.count`."""
        return self.result.stories

    @property
    def links(self) -> pa.Table:
        """The links between sentences."""
        return self._table("links")

    @property
    def outlets(self) -> pa.Table:
        """What each outlet took over from each other outlet."""
        return self._table("outlets")

    def to_arrow(self, table: AlignedTable = "stories") -> pa.Table:
        """Return a table as an Arrow table.

        Args:
            table: "stories" for the documents of each story, "links" for the links between sentences, or "outlets" for
                what each outlet took over from each other outlet. All tables have all stories.

        Raises:
            DedupError: There is no such table, or it cannot be read.
        """
        return self._choose(table, AlignedTable)

    def to_pandas(self, table: AlignedTable = "stories") -> pd.DataFrame:
        """Return a table as a data frame of pandas; whole numbers have the type Int64.

        Args:
            table: As for `to_arrow`.

        Raises:
            DedupError: pandas is not installed, or there is no such table.
        """
        return frames.to_pandas(self.to_arrow(table))

    def to_polars(self, table: AlignedTable = "stories") -> pl.DataFrame:
        """Return a table as a data frame of Polars.

        Args:
            table: As for `to_arrow`.

        Raises:
            DedupError: Polars is not installed, or there is no such table.
        """
        return frames.to_polars(self.to_arrow(table))

    def _summary(self) -> dict[str, object]:
        return {**self.result._summary(), **({} if self.out is None else {"out": str(self.out)})}


def load_cleaned(run: Run, folder: AnyPath, out: str | os.PathLike[str] | None) -> Cleaned:
    """Return the result of a run of `clean`.

    Args:
        run: The record of the run.
        folder: The folder that was written.
        out: The output folder; None loads the tables, since the folder is temporary.
    """
    contained = ("contained", "items") if run.contained is not None else ()
    names = ("clean", "removed", "pairs", *(("reference",) if run.references else ()), *contained)
    return Cleaned(run, folder) if out is not None else Cleaned(run, None, load_tables(folder, names))


def load_tables(folder: AnyPath, names: Sequence[str]) -> dict[str, pa.Table]:
    """Read tables of an output folder.

    Args:
        folder: The output folder.
        names: Names of the tables, without ".parquet".

    Returns:
        The tables by name.

    Raises:
        OutputError: A table cannot be read.
    """
    files = [f"{name}.parquet" for name in names]
    with local_copy(folder, files) as local:
        return {name: _load_table(local / file) for name, file in zip(names, files, strict=True)}


def _load_table(path: Path) -> pa.Table:
    """Read a table. The origins in the metadata of the parts of clean.parquet are joined."""
    import pyarrow as pa

    table = pa.concat_tables(read_tables(path))
    if path.name != CLEAN_FILE or not path.is_dir():
        return table
    origins, json_columns = merge_origins(decode_origins(schema.metadata) for schema in read_schemas(path))
    metadata = dict(table.schema.metadata)
    del metadata[ORIGINS_KEY]
    return table.replace_schema_metadata(
        metadata if origins is None else {**metadata, ORIGINS_KEY: origins.encode(sorted(json_columns))}
    )
