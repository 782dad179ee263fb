"""Consoles, sections and lists for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Column, Table
from rich.text import Text

from dedup.render.format import plain

# The next useful commands, each with what it does.
Hints = Sequence[tuple[str, str]]
# Longer lines are hard to read, however wide the terminal: of tables and texts side by side, and of a single text.
MAX_WIDTH, MAX_TEXT_WIDTH = 140, 100
# Minimum width for two texts side by side, and for a table of many columns.
MIN_WIDTH_FOR_COLUMNS, MIN_TABLE_WIDTH = 100, 72

# Indent of the content below a title, and gap between two texts, in columns.
TITLE_INDENT, COLUMN_GAP = 3, 3


class _WithoutTrailingSpaces(RenderHook):
    """Removes the spaces at the ends of lines, with which tables fill their last column."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """Return what is printed, without spaces at the ends of lines."""
        return [_Trimmed(renderable) for renderable in renderables]


class _Trimmed:
    """A content without spaces at the ends of its lines."""

    def __init__(self, content: ConsoleRenderable) -> None:
        self._content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for line in Segment.split_lines(console.render(self._content, options)):
            while line:
                text, style, _ = line.pop()
                if text := text.rstrip(" "):
                    line.append(Segment(text, style))
                    break
            yield from line
            yield Segment.line()


class _Console(Console):
    """A console that raises `BrokenPipeError` when the pipe is closed, as files do."""

    def on_broken_pipe(self) -> None:
        """Raise the error instead of exiting."""
        raise BrokenPipeError


def make_console(file: IO[str] | None = None, width: int | None = None) -> Console:
    """Return a console that prints texts unchanged: no markup, highlighting, emoji codes or spaces at ends of lines.

    Args:
        file: Where to print; None prints to standard output.
        width: Columns; None takes those of the terminal, at most `MAX_WIDTH`.
    """
    console = _Console(file=file, width=width, markup=False, highlight=False, emoji=False)
    if width is None:
        console.width = min(console.width, MAX_WIDTH)
    console.push_render_hook(_WithoutTrailingSpaces())
    return console


def has_colour(console: Console) -> bool:
    """Return whether a console prints colours; if not, words are marked with signs."""
    return console.color_system is not None and not console.no_color


def print_section(console: Console, title: str, *contents: Text | Table) -> None:
    """Print a section: a title and indented contents."""
    console.print(Text(title, style="bold"))
    for content in contents:
        print_indented(console, content, 2)
    console.print()


def numbered_title(number: int, title: Text) -> Table:
    """Return a title after its number; a long title continues below its beginning."""
    table = Table.grid(
        Column(min_width=TITLE_INDENT - 1), Column(overflow="fold"), padding=(0, 1, 0, 0), pad_edge=False
    )
    table.add_row(Text(str(number), style="bold"), title)
    return table


def print_indented(console: Console, content: Text | Table, indent: int) -> None:
    """Print a content with an indent of some columns; a text is at most `MAX_TEXT_WIDTH` columns wide."""
    width = min(console.width, indent + MAX_TEXT_WIDTH) if isinstance(content, Text) else None
    console.print(Padding(content, (0, 0, 0, indent), expand=False), width=width)


def list_table(entries: Iterable[tuple[str, str | Text]]) -> Table:
    """Return a table of labels and values."""
    table = Table.grid(
        Column(style="dim", no_wrap=True), Column(overflow="fold", max_width=MAX_TEXT_WIDTH), padding=(0, 2, 0, 0)
    )
    for label, value in entries:
        table.add_row(Text(label), value if isinstance(value, Text) else Text(value))
    return table


def two_texts(
    left: Text, right: Text, width: int, names: tuple[str, str] = ("A", "B"), *, indent: int = 0, headed: bool = False
) -> Table:
    """Return a table of two texts: side by side if the terminal is wide enough, else one below the other.

    Args:
        left: The left or upper text.
        right: The right or lower text.
        width: Columns of the terminal.
        names: Name of each text, shown if one is below the other.
        indent: Columns that are taken in addition to the indent below a title.
        headed: Show the names above texts side by side, too.
    """
    if width >= MIN_WIDTH_FOR_COLUMNS:
        column = (width - indent - TITLE_INDENT - COLUMN_GAP) // 2
        columns = (Column(width=column, overflow="fold"), Column(width=column, overflow="fold"))
        table = Table.grid(*columns, padding=(0, COLUMN_GAP, 0, 0))
        if headed:
            table.add_row(*(Text(name, style="dim") for name in names))
        table.add_row(left, right)
        return table
    table = Table.grid(Column(style="dim", no_wrap=True), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for name, text in zip(names, (left, right), strict=True):
        table.add_row(Text(name), text)
    return table


def print_hints(console: Console, hints: Hints) -> None:
    """Print the next useful commands, each on one line, so that it can be copied, however long it is."""
    if not hints:
        return
    console.print(Text("Next", style="bold"))
    widest = max(cell_len(plain(command)) for command, _ in hints)
    if widest + max(len(purpose) for _, purpose in hints) + 5 <= console.width:
        print_indented(console, _hint_table(hints), 2)
    else:
        for command, purpose in hints:
            console.print(Text(f"  {purpose}:", style="dim"))
            console.print(Text(f"    {plain(command)}"), soft_wrap=True)


def _hint_table(hints: Hints) -> Table:
    table = Table.grid(Column(no_wrap=True), Column(style="dim", no_wrap=True), padding=(0, 3, 0, 0))
    for command, purpose in hints:
        table.add_row(Text(plain(command)), Text(purpose))
    return table
