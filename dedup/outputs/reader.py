"""Check the output of a run, and read its tables by row groups."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup.contained import FoundItem, ItemSet, SearchedItems
from dedup.errors import DedupError, NotAnOutput, OutputError
from dedup.outputs.files import FILES, REFERENCE_FILE, RUN_FILE
from dedup.outputs.parts import find_table, part_counts, table_files
from dedup.results import RUN_SCHEMAS, IndexVersion, RemovalCounts, Run
from dedup.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

# Fields of a record that earlier versions did not write.
_ADDED = frozenset({"references", "index", "contained"})


def command_of(folder: Path) -> str | None:
    """Return the command of `dedup` that wrote a folder, or None."""
    try:
        run = json.loads((folder / RUN_FILE).read_bytes())
        return str(run["command"]) if "dedup" in run else None
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def check_output(out: Path) -> None:
    """Check that this version of `clean` wrote a folder.

    Raises:
        NotAnOutput: Another command or version wrote the folder, or it is incomplete.
    """
    command = read_run(out, "clean")["command"]
    if command != "clean":
        raise NotAnOutput(f"{out} was written by dedup {command}. Name a folder that dedup clean wrote.")


def read_run(out: Path, commands: str = "scan, clean or align") -> dict[str, Any]:
    """Read the ``run.json`` of a folder, and check that its tables exist.

    Args:
        out: A folder.
        commands: The commands that may have written it, for messages.

    Returns:
        The content of ``run.json``.

    Raises:
        NotAnOutput: None of them wrote it, or a table is missing.
    """
    problem, advice = f"{out} is not a folder that dedup {commands} wrote", "Name a folder that was."
    try:
        run = json.loads((out / RUN_FILE).read_bytes())
        names, counts = FILES[run["command"]], part_counts(run)
        missing = [
            file
            for name in dict.fromkeys((*names, *counts))
            if (file := find_table(out / name, counts.get(name)).missing)
        ]
        is_current = run.get("schema", RUN_SCHEMAS[run["command"]]) == RUN_SCHEMAS[run["command"]]
    except OSError as error:
        raise NotAnOutput(f"{problem}: its run.json cannot be read ({error.strerror}). {advice}") from None
    except (ValueError, LookupError, TypeError, RecursionError):
        raise NotAnOutput(f"{problem}: its run.json does not describe a run. {advice}") from None
    if not is_current:
        raise NotAnOutput(
            f"{out} was written by another version of dedup, whose tables have version {run.get('schema')}; this one "
            f"reads version {RUN_SCHEMAS[run['command']]}. Run dedup {run['command']} again."
        )
    if missing:
        raise NotAnOutput(f"{out} is not complete: {missing[0]} is missing. Run dedup {run['command']} again.")
    return dict(run)


def load_run(out: Path) -> Run:
    """Return the record of a run from its ``run.json``; see `read_run`.

    Raises:
        NotAnOutput: This version of dedup did not write it.
    """
    record = read_run(out)
    try:
        return _parse_run(record)
    except (LookupError, TypeError, ValueError, AttributeError, DedupError):
        raise NotAnOutput(
            f"{out / RUN_FILE} lacks fields that this version of dedup writes. Run the command again."
        ) from None


def _parse_run(record: dict[str, Any]) -> Run:
    """Return the record of a run; raise an error if a value that is shown has the wrong type."""
    converted: dict[str, Any] = {
        "removed": {str(kind): RemovalCounts(**counts) for kind, counts in record["removed"].items()},
        "notes": tuple(record["notes"]),
        "skipped": tuple({key: item[key] for key in ("path", "row", "line", "reason")} for item in record["skipped"]),
    }
    if record.get("index") is not None:
        converted["index"] = IndexVersion(**record["index"])
    if record.get("contained") is not None:
        converted["contained"] = _parse_searched(record["contained"])
    known = {item.name: record[item.name] for item in fields(Run) if item.name in record or item.name not in _ADDED}
    run = Run(**known | converted)
    removed = [number for counts in run.removed.values() for number in astuple(counts)]
    positions = [item[key] for item in run.skipped for key in ("row", "line")]
    names = [item[key] for item in run.skipped for key in ("path", "reason")]
    numbers = (*run.counts.values(), *run.encodings.values(), *removed, *filter(None, positions))
    texts = (*run.notes, *run.columns, *filter(None, run.columns.values()), *names)
    if not all(isinstance(number, int) for number in numbers) or not all(isinstance(text, str) for text in texts):
        raise TypeError
    needed, kinds = {"documents", "characters", "files", "hidden"}, set[str]()
    if run.command != "align":
        Settings(**run.settings)
        float(run.expected_recall or 0)
        needed.add("short_paragraphs")
        kinds = {"documents", "paragraphs within", "paragraphs across"}
    if not needed <= run.counts.keys() or not kinds <= run.removed.keys():
        raise LookupError
    return run


def _parse_searched(record: dict[str, Any]) -> SearchedItems:
    """Return what a record says of the items that were searched for."""
    sets = [
        ItemSet(**{**item, "most_copied": tuple(FoundItem(**found) for found in item["most_copied"])})
        for item in record["sets"]
    ]
    return SearchedItems(**{**record, "sets": tuple(sets)})


def read_tables(path: Path, columns: list[str] | None = None, docs: Sequence[int] | None = None) -> Iterator[pa.Table]:
    """Read a table of an output by row groups.

    Args:
        path: The table: a Parquet file, or a folder of parts.
        columns: Columns to read; None for all.
        docs: Ascending ranks of the documents to read; None for all.

    Yields:
        The rows as tables. The first table is empty: it gives the schema even if there are no rows.

    Raises:
        NotAnOutput: Another version wrote the table, or a part is missing.
        OutputError: A file cannot be read, or has other columns than the part before.
    """
    import pyarrow as pa

    schema: pa.Schema | None = None
    for part in table_files(path):
        with _open_checked(part, path.name) as (file, stored):
            found = pa.schema([stored.field(name) for name in columns or stored.names], metadata=stored.metadata)
            if schema is None:
                schema = found
                yield schema.empty_table()
            if not found.equals(schema):
                raise OutputError(f"{part} and the parts before it have different columns. Run the command again.")
            for table in _read_groups(file, part, schema.names, docs):
                yield table.replace_schema_metadata(schema.metadata)


def read_schemas(path: Path) -> Iterator[pa.Schema]:
    """Read the schema of each file of a table of an output, with its metadata; raises errors as `read_tables`.

    Args:
        path: The table: a Parquet file, or a folder of parts.
    """
    for part in table_files(path):
        with _open_checked(part, path.name) as (_, schema):
            yield schema


@contextmanager
def _open_checked(path: Path, table: str) -> Iterator[tuple[pq.ParquetFile, pa.Schema]]:
    """Open a file of a table, and return its schema too, since Arrow converts it again on each access.

    Raises NotAnOutput if another version wrote the file, OutputError if it cannot be read.
    """
    import pyarrow.parquet as pq

    from dedup.outputs.schema import METADATA, TABLES

    with _name_damaged(path):
        file = pq.ParquetFile(path)
    with file:
        schema = file.schema_arrow
        types = {item.name: item.type for item in schema}
        version = (TABLES[table].metadata or METADATA).items()
        same_version = version <= (schema.metadata or {}).items()
        if not same_version or any(types.get(item.name) != item.type for item in TABLES[table]):
            raise NotAnOutput(f"{path} was not written by this version of dedup. Run the command again.")
        yield file, schema


def _read_groups(file: pq.ParquetFile, path: Path, names: list[str], docs: Sequence[int] | None) -> Iterator[pa.Table]:
    """Read columns of a file by row groups, of all or of some documents; see `read_tables`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for group in range(file.num_row_groups):
        if docs is None or _may_contain(file.metadata.row_group(group), docs):
            with _name_damaged(path):
                table = file.read_row_group(group, names)
            if docs is not None:
                table = table.filter(pc.is_in(table["doc"], pa.array(docs, pa.int64())))
            yield table


def read_reference_units(out: Path) -> Iterator[pa.Table]:
    """Read the units of references that an output of `clean` names, by row groups; none if it has no reference.

    Args:
        out: The folder.
    """
    if (out / REFERENCE_FILE).exists():
        yield from read_tables(out / REFERENCE_FILE)


@contextmanager
def _name_damaged(path: Path) -> Iterator[None]:
    """Convert an error of Arrow or the system to an error that names the file."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).rstrip(".")
        message = f"{path} cannot be read; it may be truncated or damaged: {reason}. Run the command again."
        raise OutputError(message) from None


def _may_contain(group: Any, docs: Sequence[int]) -> bool:
    """Return whether a row group may contain one of the documents, by the statistics of its first column, ``doc``.

    Args:
        group: Metadata of the row group.
        docs: Ranks of documents, ascending.
    """
    statistics = group.column(0).statistics
    if statistics is None or not statistics.has_min_max:
        return True
    return bisect_left(docs, statistics.min) < bisect_right(docs, statistics.max)
