"""Consoles that write to memory, and golden files of their output."""

import io
import os
import re

from paths import GOLDEN
from rich.console import Console

from dedup.render.terminal.layout import make_console

HOSTILE = "\x1b[2J\x1b]0;title\x07 \u202eabc\u2066 [bold]x[/bold] :smile: \x9b31m \udc80\ud800 \r\n next"
# Characters that a terminal may interpret instead of showing.
UNPRINTABLE = {
    chr(code)
    for code in (*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def screen(width: int) -> tuple[Console, io.StringIO]:
    """Return a console that writes to memory, and its output."""
    output = io.StringIO()
    return make_console(output, width), output


def compare_golden(name: str, output: str) -> None:
    """Compare an output with its golden file; write the file instead if `DEDUP_GOLDEN` is set."""
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("DEDUP_GOLDEN"):
        golden.write_text(output, "utf-8")
    assert output == golden.read_text("utf-8")
    assert not re.search("[ \t]$", output, re.MULTILINE), "spaces at the end of a line"
