"""Results of `tune` for a terminal: a table of the thresholds, and pairs that only just reach each of them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from dedup.render.terminal.duplicates import skipped_entries
from dedup.render.terminal.explanation import compare_versions
from dedup.render.terminal.layout import TITLE_INDENT, Hints, list_table, print_hints, print_indented, print_section
from dedup.render.tuning import (
    describe_numbers,
    describe_pair,
    describe_threshold,
    describe_tuned_input,
    with_following,
)

if TYPE_CHECKING:
    from dedup.duplicates.tuning.results import TunedThreshold, Tuning

# Headings of the cells of `describe_threshold`.
_HEADINGS = ("threshold", "documents", "share", "paragraphs", "characters", "share", "recall")


def show_tuning(tuning: Tuning, console: Console, hints: Hints = ()) -> None:
    """Print what each threshold removes, and examples."""
    print_section(console, "Input", list_table([*describe_tuned_input(tuning), *skipped_entries(tuning.run)]))
    remark = describe_numbers(tuning)
    print_section(console, "Removed at each threshold", _table(tuning), *([Text(remark)] if remark else []))
    if any(item.examples for item in tuning.thresholds):
        console.print(Text("Pairs that only just reach a threshold", style="bold"))
        console.print()
        for has_examples, ranges in groupby(with_following(tuning), key=lambda found: bool(found[0].examples)):
            found = list(ranges)
            if has_examples:
                for item, label, following in found:
                    _show_examples(item, f"{label} to {following}", console)
            else:
                console.print(Text(f"{found[0][1]} to {found[-1][2]}: no pair\n"))
    print_hints(console, hints)


def _table(tuning: Tuning) -> Table:
    table = Table(
        *(Column(name, justify="right") for name in _HEADINGS),
        box=None,
        pad_edge=False,
        padding=(0, 3, 0, 0),
        header_style="dim",
    )
    for item in tuning.thresholds:
        # The limits of an estimate are below it.
        table.add_row(*(cell.replace(" (", "\n(") for cell in describe_threshold(tuning, item).values()))
    return table


def _show_examples(item: TunedThreshold, title: str, console: Console) -> None:
    """Print the examples of a threshold below a title."""
    console.print(Text(title, style="bold"))
    for example in item.examples:
        print_indented(console, Text(describe_pair(example), style="dim"), 2)
        versions = compare_versions(example.text, example.kept_text, example.words, console, indent=1)
        print_indented(console, versions, TITLE_INDENT + 1)
        console.print()
