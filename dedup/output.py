"""What `clean` left behind, checked and read again by row groups."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup.errors import NotAnOutput, OutputError

if TYPE_CHECKING:
    import pyarrow as pa

CLEAN, REMOVED = "clean.parquet", "removed.parquet"


def command_of(folder: Path) -> str | None:
    """Tell which command of `dedup` wrote a folder; None if none did."""
    try:
        run = json.loads((folder / "run.json").read_bytes())
        return str(run["command"]) if "dedup" in run else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def check_output(out: Path) -> None:
    """Make sure that a folder is one that this version of `clean` wrote.

    Raises:
        NotAnOutput: It is not.
    """
    try:
        run = json.loads((out / "run.json").read_bytes())
        command = run["command"]
    except OSError as error:
        raise NotAnOutput(
            f"{out} is not a folder that dedup clean wrote: its run.json cannot be read ({error.strerror})."
        ) from None
    except (ValueError, LookupError, TypeError):
        raise NotAnOutput(f"{out} is not a folder that dedup clean wrote: its run.json is another thing.") from None
    if command != "clean":
        raise NotAnOutput(f"{out} was written by dedup {command}; only what dedup clean wrote can be used here.")
    for name in (CLEAN, REMOVED):
        if not (out / name).is_file():
            raise NotAnOutput(f"{out} is not complete: {name} is missing. Run dedup clean again.")


def groups(path: Path, columns: list[str] | None = None, docs: Sequence[int] | None = None) -> Iterator[pa.Table]:
    """Read a file of an output by row groups.

    Args:
        path: The file.
        columns: Which columns; None for all.
        docs: Ranks of the documents that are wanted, ascending; None for all.

    Yields:
        At least one table, if only to tell the schema.

    Raises:
        NotAnOutput: Another version wrote it.
        OutputError: It cannot be read.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from dedup.schema import METADATA

    with _naming(path):
        file = pq.ParquetFile(path)
    with file:
        if METADATA.items() - (file.schema_arrow.metadata or {}).items():
            raise NotAnOutput(f"{path} was not written by this version of dedup. Run dedup clean again.")
        names = columns or file.schema_arrow.names
        yield pa.schema([file.schema_arrow.field(name) for name in names]).empty_table()
        for group in range(file.num_row_groups):
            if docs is None or _holds(file.metadata.row_group(group), docs):
                with _naming(path):
                    table = file.read_row_group(group, names)
                if docs is not None:
                    table = table.filter(pc.is_in(table["doc"], pa.array(docs, pa.int64())))
                yield table


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Say which file cannot be read."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else str(error).rstrip(".")
        raise OutputError(
            f"{path} cannot be read, it may be cut short or damaged: {told}. Run dedup clean again."
        ) from None


def _holds(group: Any, docs: Sequence[int]) -> bool:
    """Tell by its statistics whether a row group may hold a wanted document; ``doc`` is the first column."""
    facts = group.column(0).statistics
    return facts is None or not facts.has_min_max or any(facts.min <= doc <= facts.max for doc in docs)
