"""Progress on standard error: a bar for the current step in a terminal, otherwise one line for the whole run."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from dedup.render.format import flowing
from dedup.runtime.progress import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress


def make_progress(quiet: bool) -> Progress:
    """Return a progress display for standard error, or one that shows nothing if quiet is True."""
    if quiet:
        return Progress()
    return ProgressBars() if sys.stderr.isatty() else ProgressLine()


class ProgressLine(Progress):
    """Prints the names of the steps as they start, and how long the run took: one line, for logs."""

    def __init__(self) -> None:
        """Initialize before the first step."""
        self._started: float | None = None
        self._names: set[str] = set()
        self._is_at_start = True  # of a line

    def _reset(self) -> None:
        """Forget the steps: another run may follow."""
        self._started, self._is_at_start = None, True
        self._names.clear()

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:  # noqa: ARG002 - the amount varies
        """Print the name of a step, without what follows a comma, the first time that it starts."""
        if self._started is None:
            self._started = time.perf_counter()
        short = name.partition(",")[0]
        if short not in self._names:
            self._names.add(short)
            self._write(short if self._is_at_start else f", {short}")
            self._is_at_start = False

    def note(self, text: str) -> None:
        """Print a note on a line of its own."""
        self._write(("" if self._is_at_start else "\n") + f"note: {flowing(text)}\n")
        self._is_at_start = True

    def close(self) -> None:
        """Finish the line with the duration of the run."""
        if self._started is not None:
            gap = "" if self._is_at_start else " "
            self._write(f"{gap}… done in {time.perf_counter() - self._started:.1f} s\n")
        self._reset()

    def fail(self) -> None:
        """Finish the line; a message on the error follows."""
        if not self._is_at_start:
            self._write(" … failed\n")
        self._reset()

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
        TransferSpeedColumn,
    )
    from rich.text import Text

    class AmountColumn(ProgressColumn):
        """Number of completed items, total number, and items per second."""

        def render(self, task: Task) -> Text:
            total = "" if task.total is None else f" of {task.total:,.0f}"
            rate = f", {task.completed / task.elapsed:,.0f}/s" if task.completed and task.elapsed else ""
            return Text(f"{task.completed:,.0f}{total} {unit}{rate}")

    class TimeLeftColumn(ProgressColumn):
        """Time that the rest of the step takes at the mean rate since its start, known from the first item on."""

        def render(self, task: Task) -> Text:
            if not task.total or not task.completed or task.elapsed is None:
                return Text("")
            return Text(f"{_clock(task.elapsed * max(0, task.total - task.completed) / task.completed)} left")

    amounts = {"bytes": (DownloadColumn(), TransferSpeedColumn()), "": (TimeElapsedColumn(),)}
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        *amounts.get(unit, (AmountColumn(),)),
        *((TimeLeftColumn(),) if unit else ()),
        console=Console(stderr=True),
        transient=True,
    )


def _clock(seconds: float) -> str:
    """Return a duration as hours, minutes and seconds.

    >>> _clock(5.4), _clock(3725)
    ('0:05', '1:02:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
