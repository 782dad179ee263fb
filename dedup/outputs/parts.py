"""The files of a table of an output: one file, or the parts in a folder of its name, as a cluster writes them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dedup.errors import NotAnOutput, OutputError

_PART = re.compile(r"part-([0-9]{5,12})\.parquet")
PARTS = "parts"
"""Key of ``run.json`` with the number of parts of each table that is a folder."""


@dataclass(frozen=True)
class TableFiles:
    """The files of a table."""

    names: tuple[str, ...]
    """Paths below the output folder, in the order of their rows."""
    missing: str | None = None
    """The first file that is missing; None if the table is complete."""


def part_name(number: int) -> str:
    """Return the name of a part.

    Args:
        number: Its number, from 0.

    >>> part_name(7)
    'part-00007.parquet'
    """
    return f"part-{number:05}.parquet"


def list_table(table: str, entries: Collection[str] | None, count: int | None = None) -> TableFiles:
    """List the files of a table.

    Args:
        table: Its name, such as "clean.parquet".
        entries: Names of the files in the folder of this name; None if the table is a file.
        count: Number of parts, if it is known: otherwise parts that are missing at the end are not noticed.

    >>> list_table("clean.parquet", ["_SUCCESS", "part-00002.parquet", "part-00000.parquet"])
    TableFiles(names=('clean.parquet/part-00000.parquet', 'clean.parquet/part-00002.parquet'), \
missing='clean.parquet/part-00001.parquet')
    >>> list_table("clean.parquet", None)
    TableFiles(names=('clean.parquet',), missing=None)
    """
    if entries is None:
        return TableFiles((table,))
    numbers = sorted(number for name in entries if (number := _number_of(name)) is not None)
    needed = max(len(numbers), count or 0, 1)
    missing = next((number for number in range(needed) if number >= len(numbers) or numbers[number] != number), None)
    return TableFiles(
        tuple(f"{table}/{part_name(number)}" for number in numbers),
        None if missing is None else f"{table}/{part_name(missing)}",
    )


def _number_of(name: str) -> int | None:
    """Return the number of a part; None for other files."""
    found = _PART.fullmatch(name)
    return int(found[1]) if found and name == part_name(int(found[1])) else None


def find_table(path: Path, count: int | None = None) -> TableFiles:
    """List the files of a local table; see `list_table`.

    Args:
        path: The table: a file, or a folder of parts.
        count: Number of parts, if it is known.

    Raises:
        OutputError: The folder cannot be read.
    """
    if path.is_dir():
        try:
            return list_table(path.name, [entry.name for entry in path.iterdir()], count)
        except OSError as error:
            raise OutputError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from None
    return TableFiles((path.name,), None if path.is_file() else path.name)


def table_files(path: Path) -> list[Path]:
    """Return the files of a local table, in the order of their rows.

    Args:
        path: The table: a file, or a folder of parts.

    Raises:
        NotAnOutput: A file is missing.
        OutputError: The folder cannot be read.
    """
    found = find_table(path)
    if found.missing is not None:
        raise NotAnOutput(f"{path.parent} is not complete: {found.missing} is missing. Run the command again.")
    return [path.parent / name for name in found.names]


def part_counts(run: Mapping[str, Any]) -> dict[str, int]:
    """Return the number of parts of each table that is a folder, by name, as far as a run recorded them.

    Args:
        run: The content of ``run.json``.

    Raises:
        TypeError: A value is not a number.

    >>> part_counts({"dedup": "1.0"}), part_counts({"parts": {"clean.parquet": 3}})
    ({}, {'clean.parquet': 3})
    """
    counts = run.get(PARTS, {})
    if not isinstance(counts, dict) or not all(isinstance(count, int) for count in counts.values()):
        raise TypeError(PARTS)
    return dict(counts)
