"""Screens to show results on, and what was on them."""

import io
import os

from paths import GOLDEN
from rich.console import Console

HOSTILE = "\x1b[2J\x1b]0;title\x07 \u202eabc\u2066 [bold]x[/bold] :smile: \x9b31m \udc80\ud800 \r\n next"
# What a terminal obeys rather than shows.
OBEYED = set(map(chr, [*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]))


def screen(width: int) -> tuple[Console, io.StringIO]:
    """Make a console that writes to memory."""
    written = io.StringIO()
    return Console(file=written, width=width, markup=False, highlight=False, emoji=False), written


def compare(name: str, shown: str) -> None:
    """Compare what was shown with a golden file, or write that where `DEDUP_GOLDEN` is set."""
    golden = GOLDEN / f"{name}.txt"
    lines = "".join(f"{line.rstrip()}\n" for line in shown.splitlines())
    if os.environ.get("DEDUP_GOLDEN"):
        golden.write_text(lines, "utf-8")
    assert lines == golden.read_text("utf-8")
