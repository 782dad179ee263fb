"""Results of `scan`, `clean` and `restore` for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from dedup.outputs.unpack import Restored
from dedup.render.format import count, excerpt, location_label, plain, share, similarity_label
from dedup.render.run import (
    REMOVAL_KIND_LABELS,
    compared_kinds,
    describe_contained,
    describe_differences,
    describe_emptied,
    describe_input,
    describe_matches,
    describe_method,
    describe_skipped,
    removal_reasons,
    written_files,
)
from dedup.render.terminal.layout import Hints, list_table, print_hints, print_section
from dedup.results import RemovalCounts, Run, Scan, ScanGroup
from dedup.runtime.storage.paths import AnyPath

# Code points shown of the kept unit of a group.
GROUP_EXCERPT_LENGTH = 150
# Skipped inputs and rows listed.
MAX_LISTED_SKIPPED = 5


def show_scan(scan: Scan, console: Console, hints: Hints = ()) -> None:
    """Print the duplicates in a corpus, and the next useful commands."""
    run = scan.run
    print_section(console, "Input", list_table(input_entries(run)))
    print_section(console, "Duplicates", _counts_table(run), *_details(run))
    print_section(console, "Text that clean removes", list_table(_removable_text(scan)))
    print_section(console, _groups_title(scan), *_groups(scan.groups))
    print_section(console, "Method", Text(" ".join(describe_method(run))))
    print_hints(console, hints)


def show_clean(run: Run, out: AnyPath, console: Console, hints: Hints = ()) -> None:
    """Print what was removed from a corpus, what was written, and the next useful commands."""
    removed = sum(counts.characters for counts in run.removed.values())
    documents, characters = run.counts["documents"], run.counts["characters"]
    kept_documents, kept = documents - run.removed_documents, characters - removed
    print_section(console, "Input", list_table(input_entries(run)))
    print_section(console, "Removed", *removal_details(run, "no duplicates found"))
    entries = [
        (
            "kept",
            f"{kept_documents:,} of {count(documents, 'document')}, {kept:,} of {count(characters, 'character')} "
            f"({share(kept, characters)})",
        ),
        written_entry(run, out),
    ]
    print_section(console, "Output", list_table(entries))
    print_section(console, "Method", Text(" ".join(describe_method(run))))
    print_hints(console, hints)


def show_restored(restored: Restored, console: Console) -> None:
    """Print what was restored."""
    if restored.files:
        console.print(Text(f"Wrote {count(restored.files, 'document')} to {plain(str(restored.folder))}."))
    if restored.extracted:
        console.print(
            Text(f"Of these, {count(restored.extracted, 'document')} came from pages; their text is in NAME.txt.")
        )
    for table in restored.tables:
        console.print(Text(f"Wrote rows to {plain(str(restored.folder / table))}."))


def input_entries(run: Run) -> Iterator[tuple[str, str]]:
    """Yield labels and values for the input, with the first skipped inputs and rows."""
    yield from describe_input(run)
    yield from skipped_entries(run)


def skipped_entries(run: Run) -> Iterator[tuple[str, str]]:
    """Yield the first skipped inputs and rows, without a label."""
    for item in run.skipped[:MAX_LISTED_SKIPPED]:
        yield "", ": ".join(describe_skipped(item))
    if len(run.skipped) > MAX_LISTED_SKIPPED:
        yield "", f"and {len(run.skipped) - MAX_LISTED_SKIPPED:,} more; --json and run.json list all"


def _counts_table(run: Run) -> Table:
    """Return a table with the number of duplicates of each kind and the length of their text."""
    reasons = removal_reasons(run)
    table = Table(
        Column("", style="dim"),
        *(Column(name, justify="right") for name in (*reasons, "characters", "share of text")),
        box=None,
        pad_edge=False,
        padding=(0, 3, 0, 0),
        header_style="dim",
    )
    for kind in compared_kinds(run):
        counts = run.removed[kind]
        amounts = [*(getattr(counts, reason) for reason in reasons), counts.characters]
        numbers = [f"{number:,}" if number else "-" for number in amounts]
        part = share(counts.characters, run.counts["characters"]) if counts.characters else "-"
        table.add_row(REMOVAL_KIND_LABELS[kind], *numbers, part, style="" if counts.units else "dim")
    return table


def written_entry(run: Run, out: AnyPath) -> tuple[str, str]:
    """Return a label and the files that were written."""
    return "written", plain(f"{out}: {', '.join(written_files(run))}")


def removal_details(run: Run, nothing: str) -> Iterator[Table | Text]:
    """Yield a table of the removed units and one of details; or a text if nothing was removed."""
    yield _counts_table(run) if run.has_duplicates else Text(nothing)
    yield from _details(run)


def _details(run: Run) -> Iterator[Table]:
    """Yield a table of what is known of the removed units: emptied documents, matches in references, columns."""
    entries = [*describe_emptied(run), *describe_matches(run), *describe_differences(run), *describe_contained(run)]
    if entries:
        yield list_table(entries)


def _removable_text(scan: Scan) -> Iterator[tuple[str, str]]:
    """Yield labels and amounts of text that `clean` removes, by default and with all paragraphs."""
    amounts = [("with these options", scan.default)]
    if "paragraphs across" in compared_kinds(scan.run) and scan.run.contained is None:
        amounts = [("by default", scan.default), ("with --paragraphs all", scan.everything)]
    for label, counts in amounts:
        yield label, _amount(counts, scan.run)
    if scan.near_within:
        yield (
            "with --near-within",
            f"also {count(scan.near_within, 'paragraph')} similar to another in the same document",
        )


def _amount(counts: RemovalCounts, run: Run) -> str:
    return f"{count(counts.characters, 'character')} ({share(counts.characters, run.counts['characters'])})"


def _groups_title(scan: Scan) -> str:
    title, shown = f"{count(scan.group_count, 'group')} of duplicates", len(scan.groups)
    if not scan.group_count:
        return "No duplicates"
    if not shown or shown == scan.group_count:
        return title
    return f"{title}, the {shown:,} largest shown" if shown > 1 else f"{title}, the largest shown"


def _groups(groups: Sequence[ScanGroup]) -> Iterator[Table | Text]:
    for number, group in enumerate(groups):
        if number:
            yield Text(" ")
        yield from _group(group)


def _group(group: ScanGroup) -> Iterator[Table | Text]:
    """Yield a table of the kept unit and the removed units, and the beginning of their text."""
    table = Table.grid(
        Column(style="dim", no_wrap=True), Column(overflow="fold"), Column(style="dim"), padding=(0, 2, 0, 0)
    )
    kept = location_label(group.kept, group.unit) + (", in the reference" if group.kept.doc is None else "")
    table.add_row(Text("kept"), Text(kept), Text(f"{group.unit}, {group.size + 1:,} occurrences"))
    for member in group.members:
        label = similarity_label(member.reason, member.similarity)
        table.add_row(Text("removed"), Text(location_label(member.place, group.unit)), Text(label))
    if group.size > len(group.members):
        table.add_row(Text(""), Text(f"and {group.size - len(group.members):,} more"))
    yield table
    yield Text(f"“{excerpt(group.excerpt, GROUP_EXCERPT_LENGTH)}”", style="italic")
