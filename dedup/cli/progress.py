"""Progress on standard error: bars in a terminal, otherwise one line for each step."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from dedup.render.format import count, flowing
from dedup.runtime.progress import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress


def make_progress(quiet: bool) -> Progress:
    """Return a progress display for standard error, or one that shows nothing if quiet is True."""
    if quiet:
        return Progress()
    return ProgressBars() if sys.stderr.isatty() else ProgressLines()


class ProgressLines(Progress):
    """Prints one line for each step, for logs."""

    def __init__(self) -> None:
        """Initialize without a current step."""
        self._step_started: float | None = None

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Start the line of a step."""
        self.close()
        is_countable = total is not None and unit not in ("", "bytes")
        self._write(f"{name} {count(total or 0, unit.removesuffix('s')) + ' ' if is_countable else ''}… ")
        self._step_started = time.perf_counter()

    def note(self, text: str) -> None:
        """Print a note on a line of its own."""
        self._write(("\n" if self._step_started is not None else "") + f"note: {flowing(text)}\n")

    def close(self) -> None:
        """Finish the line of the current step with its duration."""
        if self._step_started is not None:
            self._write(f"done in {time.perf_counter() - self._step_started:.1f} s\n")
        self._step_started = None

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


class ProgressBars(Progress):
    """Shows a bar for the current step with its rate and remaining time; erased at the end of the step."""

    def __init__(self) -> None:
        """Initialize without a current step."""
        self._bar: RichProgress | None = None

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Show the bar of a step."""
        self.close()
        self._bar = _make_bar(unit)
        self._bar.start()
        self._bar.add_task(name, total=total)

    def advance(self, amount: int) -> None:
        """Advance the bar."""
        if self._bar is not None:
            self._bar.advance(self._bar.task_ids[0], amount)

    def note(self, text: str) -> None:
        """Print a note above the bar."""
        from rich.text import Text

        if self._bar is not None:
            self._bar.console.print(Text(f"note: {flowing(text)}", style="dim"))
        else:
            sys.stderr.write(f"note: {flowing(text)}\n")

    def close(self) -> None:
        """Erase the bar."""
        if self._bar is not None:
            self._bar.stop()
        self._bar = None


def _make_bar(unit: str) -> RichProgress:
    """Return a bar for a step that counts bytes, another unit, or nothing ("")."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.text import Text

    class AmountColumn(ProgressColumn):
        """Number of completed items, total number, and items per second."""

        def render(self, task: Task) -> Text:
            total = "" if task.total is None else f" of {task.total:,.0f}"
            rate = f", {task.speed:,.0f}/s" if task.speed else ""
            return Text(f"{task.completed:,.0f}{total} {unit}{rate}")

    amounts = {"bytes": (DownloadColumn(), TransferSpeedColumn()), "": (TimeElapsedColumn(),)}
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        *amounts.get(unit, (AmountColumn(),)),
        *((TimeRemainingColumn(),) if unit else ()),
        console=Console(stderr=True),
        transient=True,
    )
