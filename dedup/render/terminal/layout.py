"""Lay out sections and lists for the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

# Lines longer than this are hard to read, whatever the width of the terminal.
WIDEST = 120


class _Console(Console):
    """A console that leaves a closed pipe to the caller, as files do."""

    def on_broken_pipe(self) -> None:
        """Pass it on."""
        raise BrokenPipeError


def console() -> Console:
    """Make a console that takes texts as they are: no markup, no highlights, no emoji codes."""
    made = _Console(markup=False, highlight=False, emoji=False)
    made.width = min(made.width, WIDEST)
    return made


def section(to: Console, title: str, *contents: Text | Table) -> None:
    """Show a section."""
    to.print(Text(title, style="bold"))
    for content in contents:
        to.print(Padding(content, (0, 0, 0, 2), expand=False))
    to.print()


def listing(facts: Iterable[tuple[str, str | Text]]) -> Table:
    """Lay out labels and what they stand for."""
    grid = Table.grid(Column(style="dim", no_wrap=True), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for label, value in facts:
        grid.add_row(Text(label), value if isinstance(value, Text) else Text(value))
    return grid
