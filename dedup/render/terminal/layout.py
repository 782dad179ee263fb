"""Consoles, sections and lists for the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

# Longer lines are hard to read, however wide the terminal.
MAX_WIDTH = 120
# Minimum width for two texts side by side.
MIN_WIDTH_FOR_COLUMNS = 100


class _Console(Console):
    """A console that raises `BrokenPipeError` when the pipe is closed, as files do."""

    def on_broken_pipe(self) -> None:
        """Raise the error instead of exiting."""
        raise BrokenPipeError


def make_console() -> Console:
    """Return a console for standard output that prints texts unchanged: no markup, highlighting or emoji codes."""
    console = _Console(markup=False, highlight=False, emoji=False)
    console.width = min(console.width, MAX_WIDTH)
    return console


def print_section(console: Console, title: str, *contents: Text | Table) -> None:
    """Print a section: a title and indented contents."""
    console.print(Text(title, style="bold"))
    for content in contents:
        print_indented(console, content, 2)
    console.print()


def print_indented(console: Console, content: Text | Table, indent: int) -> None:
    """Print a content with an indent of some columns."""
    console.print(Padding(content, (0, 0, 0, indent), expand=False))


def list_table(entries: Iterable[tuple[str, str | Text]]) -> Table:
    """Return a table of labels and values."""
    table = Table.grid(Column(style="dim", no_wrap=True), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for label, value in entries:
        table.add_row(Text(label), value if isinstance(value, Text) else Text(value))
    return table
