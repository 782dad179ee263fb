"""How a run goes, on standard error: bars on a terminal, else a line a step."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from dedup.render.format import count, flowing
from dedup.runtime.progress import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress


def make_progress(quiet: bool) -> Progress:
    """Choose how to show progress."""
    if quiet:
        return Progress()
    return Bars() if sys.stderr.isatty() else Lines()


class Lines(Progress):
    """A line for each step, for logs."""

    def __init__(self) -> None:
        """Begin before the first step."""
        self._begun: float | None = None

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Begin a line."""
        self.close()
        known = total is not None and unit not in ("", "bytes")
        self._write(f"{name} {count(total or 0, unit.removesuffix('s')) + ' ' if known else ''}… ")
        self._begun = time.perf_counter()

    def note(self, text: str) -> None:
        """Put a note on a line of its own."""
        self._write(("\n" if self._begun is not None else "") + f"note: {flowing(text)}\n")

    def close(self) -> None:
        """End the line."""
        if self._begun is not None:
            self._write(f"done in {time.perf_counter() - self._begun:.1f} s\n")
        self._begun = None

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


class Bars(Progress):
    """A bar for the step at hand, with rate and time left; gone when the run is over."""

    def __init__(self) -> None:
        """Begin before the first step."""
        self._progress: RichProgress | None = None

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Begin a bar."""
        self.close()
        self._progress = _bar(unit)
        self._progress.start()
        self._progress.add_task(name, total=total)

    def advance(self, amount: int) -> None:
        """Move the bar."""
        if self._progress is not None:
            self._progress.advance(self._progress.task_ids[0], amount)

    def note(self, text: str) -> None:
        """Put a note above the bar."""
        from rich.text import Text

        if self._progress is not None:
            self._progress.console.print(Text(f"note: {flowing(text)}", style="dim"))
        else:
            sys.stderr.write(f"note: {flowing(text)}\n")

    def close(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
        self._progress = None


def _bar(unit: str) -> RichProgress:
    """Make a bar for steps that count bytes, something else, or nothing."""
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
        """How many are done, of how many, and how many a second."""

        def render(self, task: Task) -> Text:
            whole = "" if task.total is None else f" of {task.total:,.0f}"
            rate = f", {task.speed:,.0f}/s" if task.speed else ""
            return Text(f"{task.completed:,.0f}{whole} {unit}{rate}")

    amounts = {"bytes": (DownloadColumn(), TransferSpeedColumn()), "": (TimeElapsedColumn(),)}
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        *amounts.get(unit, (AmountColumn(),)),
        *((TimeRemainingColumn(),) if unit else ()),
        console=Console(stderr=True),
        transient=True,
    )
