"""What `scan` and `clean` found, for a terminal: short sections, each a grid, nothing that counts zero."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from dedup.outputs.restore import Restored
from dedup.render.format import count, excerpt, likeness, place, plain, share
from dedup.render.run import KINDS, how_compared, judged, skipped, units, what_was_read
from dedup.render.terminal.layout import listing, section
from dedup.results import Run, Scan, ScanGroup

# Code points of an excerpt, and how many of the inputs that were not read are named.
EXCERPT = 150
NAMED = 5


def show_scan(scan: Scan, to: Console) -> None:
    """Show what repeats in a corpus."""
    run = scan.run
    section(to, "Read", listing(_read(run)))
    section(to, "Repeated", _tallies(run))
    section(to, "What clean would take out", listing(_would_go(scan)))
    section(to, _group_title(scan), *_groups(scan.groups))
    section(to, "How it was compared", Text(" ".join(how_compared(run))))


def show_clean(run: Run, out: Path, to: Console) -> None:
    """Show what was taken out of a corpus."""
    gone = sum(tally.characters for tally in run.removed.values())
    documents, characters = run.counts["documents"], run.counts["characters"]
    left = documents - units(run.removed["documents"])
    section(to, "Read", listing(_read(run)))
    section(to, "Removed", _tallies(run) if gone else Text("nothing: no duplicates were found"))
    folder = shlex.quote(str(out))
    stays = (
        f"{left:,} of {count(documents, 'document')}, "
        f"{characters - gone:,} of {count(characters, 'character')} ({share(characters - gone, characters)})"
    )
    facts = [
        ("stays", stays),
        ("written", plain(f"{out}: clean.parquet, removed.parquet, pairs.parquet, run.json")),
        ("next", plain(f"dedup explain {folder} ID    why a document was removed or kept")),
        ("", plain(f"dedup restore {folder}       the originals again")),
    ]
    section(to, "Done", listing(facts))
    to.print(Text(" ".join(how_compared(run)), style="dim"))


def _read(run: Run) -> Iterator[tuple[str, str]]:
    """Say what was read, and name the first of what was not."""
    yield from what_was_read(run)
    yield from what_was_skipped(run)


def what_was_skipped(run: Run) -> Iterator[tuple[str, str]]:
    """Name the first of what could not be read."""
    for item in run.skipped[:NAMED]:
        yield "", ": ".join(skipped(item))
    if len(run.skipped) > NAMED:
        yield "", f"and {len(run.skipped) - NAMED:,} more, all of them in --json and run.json"


def _tallies(run: Run) -> Table:
    """Lay out how many units of each kind go, and how much text with them."""
    table = Table(
        Column("", style="dim"),
        *(Column(name, justify="right") for name in ("exact", "near", "characters", "of the text")),
        box=None,
        pad_edge=False,
        padding=(0, 3, 0, 0),
        header_style="dim",
    )
    for kind in judged(run):
        tally = run.removed[kind]
        numbers = [f"{number:,}" if number else "-" for number in (tally.exact, tally.near, tally.characters)]
        part = share(tally.characters, run.counts["characters"]) if tally.characters else "-"
        table.add_row(KINDS[kind], *numbers, part, style="" if units(tally) else "dim")
    if run.removed["documents"].emptied:
        table.add_row(f"({count(run.removed['documents'].emptied, 'document')} emptied by that)")
    return table


def _would_go(scan: Scan) -> Iterator[tuple[str, str]]:
    """Say how much would go, by the default and all of it."""
    whole = scan.run.counts["characters"]
    amounts = [("by these options", scan.default)]
    if "paragraphs across" in judged(scan.run):
        amounts = [("by default", scan.default), ("with --paragraphs all", scan.everything)]
    for label, tally in amounts:
        yield label, f"{count(tally.characters, 'character')}, {share(tally.characters, whole)}"


def _group_title(scan: Scan) -> str:
    title, shown = f"{count(scan.group_count, 'group')} of duplicates", len(scan.groups)
    if shown == scan.group_count:
        return f"{title}; nothing else is one" if shown else "No duplicates"
    return f"{title}, the {shown:,} largest" if shown > 1 else f"{title}, the largest" if shown else title


def _groups(groups: Sequence[ScanGroup]) -> Iterator[Table | Text]:
    for number, group in enumerate(groups):
        if number:
            yield Text(" ")
        yield from _group(group)


def _group(group: ScanGroup) -> Iterator[Table | Text]:
    """Lay out a group: what stays, what goes for it, and how it begins."""
    grid = Table.grid(
        Column(style="dim", no_wrap=True), Column(overflow="fold"), Column(style="dim"), padding=(0, 2, 0, 0)
    )
    grid.add_row(Text("stays"), Text(place(group.kept, group.unit)), Text(f"{group.unit}, {group.size + 1:,} times"))
    for member in group.members:
        how = likeness(member.reason, member.jaccard)
        grid.add_row(Text("goes"), Text(place(member.place, group.unit)), Text(how))
    if group.size > len(group.members):
        grid.add_row(Text(""), Text(f"and {group.size - len(group.members):,} more"))
    yield grid
    yield Text(f"“{excerpt(group.excerpt, EXCERPT)}”", style="italic")


def show_restored(restored: Restored, to: Console) -> None:
    """Say what was restored, and where."""
    if restored.files:
        to.print(Text(f"{count(restored.files, 'document')} written to {plain(str(restored.folder))}."))
    for table in restored.tables:
        to.print(Text(f"Rows written to {plain(str(restored.folder / table))}."))
