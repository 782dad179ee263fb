"""What a run left behind, checked and read again by row groups."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup.errors import DedupError, NotAnOutput, OutputError
from dedup.results import RemovalCounts, Run
from dedup.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

CLEAN, REMOVED, PAIRS = "clean.parquet", "removed.parquet", "pairs.parquet"
STORIES, LINKS, TEXTS = "stories.parquet", "links.parquet", "texts.parquet"
FILES = {"scan": (PAIRS,), "clean": (CLEAN, REMOVED), "align": (STORIES, LINKS, TEXTS)}


def command_of(folder: Path) -> str | None:
    """Tell which command of `dedup` wrote a folder; None if none did."""
    try:
        run = json.loads((folder / "run.json").read_bytes())
        return str(run["command"]) if "dedup" in run else None
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def check_output(out: Path) -> None:
    """Make sure that a folder is one that this version of `clean` wrote.

    Raises:
        NotAnOutput: It is not.
    """
    command = read_run(out, "clean")["command"]
    if command != "clean":
        raise NotAnOutput(f"{out} was written by dedup {command}; only what dedup clean wrote can be used here.")


def read_run(out: Path, wanted: str = "scan, clean or align") -> dict[str, Any]:
    """Read what a run wrote of itself, and make sure that its tables are there.

    Args:
        out: A folder.
        wanted: Which commands may have written it, for messages.

    Raises:
        NotAnOutput: None did, or a table is missing.
    """
    not_one = f"{out} is not a folder that dedup {wanted} wrote"
    try:
        run = json.loads((out / "run.json").read_bytes())
        missing = [name for name in FILES[run["command"]] if not (out / name).is_file()]
    except OSError as error:
        raise NotAnOutput(f"{not_one}: its run.json cannot be read ({error.strerror}).") from None
    except (ValueError, LookupError, TypeError, RecursionError):
        raise NotAnOutput(f"{not_one}: its run.json is another thing.") from None
    if missing:
        raise NotAnOutput(f"{out} is not complete: {missing[0]} is missing. Run dedup {run['command']} again.")
    return dict(run)


def load_run(out: Path) -> Run:
    """Read what a run wrote of itself; see `read_run`.

    Raises:
        NotAnOutput: No run of this version did.
    """
    told = read_run(out)
    try:
        return _checked(told)
    except (LookupError, TypeError, ValueError, AttributeError, DedupError):
        lacking = f"{out / 'run.json'} lacks what this version of dedup writes"
        raise NotAnOutput(f"{lacking}. Run the command again.") from None


def _checked(told: dict[str, Any]) -> Run:
    """Make a run of what is told of it, if all that is shown of it is what it should be."""
    made = {
        "removed": {str(kind): RemovalCounts(**tally) for kind, tally in told["removed"].items()},
        "notes": tuple(told["notes"]),
        "skipped": tuple({key: item[key] for key in ("path", "row", "line", "reason")} for item in told["skipped"]),
    }
    run = Run(**{item.name: told[item.name] for item in fields(Run)} | made)
    tallies = [number for tally in run.removed.values() for number in astuple(tally)]
    places = [item[key] for item in run.skipped for key in ("row", "line")]
    names = [item[key] for item in run.skipped for key in ("path", "reason")]
    numbers = (*run.counts.values(), *run.encodings.values(), *tallies, *filter(None, places))
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

    from dedup.outputs.schema import METADATA, TABLES

    with _naming(path):
        file = pq.ParquetFile(path)
    with file:
        known = {item.name: item.type for item in file.schema_arrow}
        is_ours = METADATA.items() <= (file.schema_arrow.metadata or {}).items()
        if not is_ours or any(known.get(item.name) != item.type for item in TABLES[path.stem]):
            raise NotAnOutput(f"{path} was not written by this version of dedup. Run the command again.")
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
            f"{path} cannot be read, it may be cut short or damaged: {told}. Run the command again."
        ) from None


def _holds(group: Any, docs: Sequence[int]) -> bool:
    """Tell by its statistics whether a row group may hold a wanted document; ``doc`` is the first column."""
    facts = group.column(0).statistics
    return facts is None or not facts.has_min_max or any(facts.min <= doc <= facts.max for doc in docs)
