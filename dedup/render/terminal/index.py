"""Results of `dedup index` for a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from dedup.index.matches import Matches
from dedup.index.results import Compaction, IndexInfo
from dedup.render.format import byte_size, count, date_label, location_label, plain, similarity_label
from dedup.render.run import describe_method
from dedup.render.terminal.duplicates import input_entries, removal_details, written_entry
from dedup.render.terminal.layout import Hints, list_table, print_hints, print_section
from dedup.results import Run, UnitLocation
from dedup.runtime.storage.paths import AnyPath

# Known documents and paragraphs that are listed.
MAX_LISTED_MATCHES = 20

# Segments of an index above which merging them is recommended: each adds some milliseconds to a lookup.
MANY_SEGMENTS = 10


def show_added(run: Run, out: AnyPath | None, console: Console, hints: Hints = ()) -> None:
    """Print what an addition removed, what was written, and the next useful commands."""
    print_section(console, "Input", list_table(input_entries(run)))
    print_section(console, "Removed", *removal_details(run, "nothing: all documents are new"))
    print_section(console, "Output", list_table(_written(run, out)))
    print_section(console, "Method", Text(" ".join(describe_method(run))))
    print_hints(console, hints)


def _written(run: Run, out: AnyPath | None) -> Iterator[tuple[str, str]]:
    documents = run.counts["documents"]
    new = documents - run.removed_documents
    yield "new", f"{new:,} of {count(documents, 'document')}"
    if run.index is not None:
        yield "index", plain(f"{run.index.path}, version {run.index.version}")
        if run.index.segments > MANY_SEGMENTS:
            merge = f"dedup index compact {shlex.quote(run.index.path)}"
            yield "", plain(f"{run.index.segments} segments; lookups are faster after {merge}")
    if out is not None:
        yield written_entry(run, out)


def show_matches(run: Run, matches: Matches, out: AnyPath | None, console: Console) -> None:
    """Print which documents are new, and which are known, and where."""
    print_section(console, "Input", list_table(input_entries(run)))
    known = [row for row in matches.known if row["unit"] == "document"]
    paragraphs = len(matches.known) - len(known)
    entries = [
        ("new", count(len(matches.new), "document")),
        ("known", count(len(known), "document") + (f", {count(paragraphs, 'paragraph')}" if paragraphs else "")),
    ]
    if out is not None:
        entries.append(written_entry(run, out))
    print_section(console, "Documents", list_table(entries))
    if matches.known:
        print_section(console, _title(len(matches.known)), _match_table(matches.known[:MAX_LISTED_MATCHES]))
    print_section(console, "Method", Text(" ".join(describe_method(run))))


def _title(known: int) -> str:
    more = f", the first {MAX_LISTED_MATCHES} shown; --json lists all" if known > MAX_LISTED_MATCHES else ""
    return f"Known{more}"


def _match_table(rows: tuple[dict[str, Any], ...]) -> Table:
    """Return a table of known units: the unit, the similarity, where it is known from."""
    table = Table.grid(Column(overflow="fold"), Column(style="dim"), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for row in rows:
        own = UnitLocation(row["id"], row["doc"], row["start"], row["end"])
        kept = UnitLocation(row["kept_id"], row["kept_doc"], row["kept_start"], row["kept_end"])
        where = location_label(kept, row["unit"])
        source = "" if row["kept_path"] in (row["kept_id"], None) else f" ({plain(row['kept_path'])})"
        similarity = similarity_label(row["reason"], row["jaccard"])
        table.add_row(Text(location_label(own, row["unit"])), Text(similarity), Text(f"{where}{source}"))
    return table


def show_info(folder: Path, info: IndexInfo, console: Console) -> None:
    """Print what an index contains."""
    print_section(console, plain(str(folder)), list_table(_describe(info)))
    print_section(console, "Settings", list_table(_settings(info)))


def _describe(info: IndexInfo) -> Iterator[tuple[str, str]]:
    yield "documents", f"{info.kept_documents:,} kept of {info.documents:,} added, from {count(info.inputs, 'file')}"
    if info.kept_paragraphs:
        yield "paragraphs", f"{info.kept_paragraphs:,} kept"
    parts = f"texts {byte_size(info.text_bytes)}, units {byte_size(info.unit_bytes)}, keys {byte_size(info.key_bytes)}"
    yield "size", f"{byte_size(info.bytes)}: {parts}"
    merge = "; dedup index compact merges them" if info.segments > 1 else ""
    yield "segments", f"{info.segments:,}{merge}"
    yield "version", f"{info.version:,}"
    yield "created", date_label(info.created.replace("+00:00", "Z"))
    yield "updated", date_label(info.updated.replace("+00:00", "Z"))


def _settings(info: IndexInfo) -> Iterator[tuple[str, str]]:
    """Yield the settings that can be given as options."""
    settings = info.settings
    yield "threshold", f"{settings.threshold:g}"
    yield "unit", settings.unit
    yield "paragraphs", settings.paragraphs
    yield "shingle", f"{settings.shingle_documents},{settings.shingle_paragraphs}"
    yield "min-tokens", f"{settings.min_tokens}"
    yield "tokens", settings.tokens
    for name, value in (("per", settings.per), ("ignore", ", ".join(settings.ignore)), ("exact", settings.exact)):
        if value:
            yield name, "yes" if value is True else plain(str(value))


def show_compaction(done: Compaction, console: Console) -> None:
    """Print what a compaction did."""
    if done.segments < 2:
        console.print(Text(f"Nothing to merge: the index has {count(done.segments, 'segment')}."))
        return
    sizes = f"{byte_size(done.bytes_before)} before, {byte_size(done.bytes_after)} now"
    console.print(Text(f"Merged {count(done.segments, 'segment')} into one: {sizes}. Version {done.version}."))
