"""Results of `tune` for a terminal: a table of the thresholds, and pairs that only just reach each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from dedup.render.format import lower_bound, share
from dedup.render.terminal.duplicates import input_entries
from dedup.render.terminal.explanation import compare_versions
from dedup.render.terminal.layout import Hints, list_table, print_hints, print_indented, print_section
from dedup.render.tuning import amount, describe_pair, describe_sample

if TYPE_CHECKING:
    from dedup.duplicates.tuning.results import TunedThreshold, Tuning

_HEADINGS = ("threshold", "documents", "share", "paragraphs", "characters", "share", "recall")


def show_tuning(tuning: Tuning, console: Console, hints: Hints = ()) -> None:
    """Print what each threshold removes, and examples."""
    print_section(console, "Input", list_table(input_entries(tuning.run)))
    notes = [Text(describe_sample(tuning))] if tuning.sample is not None else []
    print_section(console, "Removed at each threshold", _table(tuning), *notes)
    if any(item.examples for item in tuning.thresholds):
        console.print(Text("Pairs that only just reach a threshold", style="bold"))
        console.print()
        for item, below in zip(tuning.thresholds, (*tuning.thresholds[1:], None), strict=True):
            _show_examples(item, 1.0 if below is None else below.threshold, console)
    print_hints(console, hints)


def _table(tuning: Tuning) -> Table:
    table = Table(
        *(Column(name, justify="right") for name in _HEADINGS),
        box=None,
        pad_edge=False,
        padding=(0, 3, 0, 0) if tuning.sample is None else (0, 1, 0, 0),
        header_style="dim",
    )
    documents, characters = tuning.run.counts["documents"], tuning.run.counts["characters"]
    for item in tuning.thresholds:
        removed = item.removed
        table.add_row(
            f"{item.threshold:.2f}",
            amount(removed.documents, removed.documents_interval),
            share(removed.documents, documents),
            amount(removed.paragraphs, removed.paragraphs_interval),
            amount(removed.characters, removed.characters_interval),
            share(removed.characters, characters),
            lower_bound(item.expected_recall),
        )
    return table


def _show_examples(item: TunedThreshold, below: float, console: Console) -> None:
    """Print the examples of a threshold."""
    if not item.examples:
        console.print(Text(f"{item.threshold:.2f} to {below:.2f}: no pair\n"))
        return
    console.print(Text(f"{item.threshold:.2f} to {below:.2f}", style="bold"))
    for example in item.examples:
        print_indented(console, Text(describe_pair(example), style="dim"), 2)
        print_indented(console, compare_versions(example.text, example.kept_text, example.words, console), 4)
        console.print()
