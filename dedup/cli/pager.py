"""Print results on a terminal through a pager if they are longer than the screen."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

_NO_PAGER = "dedup.no_pager"  # key of the context of a command


def _set_no_pager(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    context.meta[_NO_PAGER] = value


pager_option = click.option(
    "--no-pager",
    is_flag=True,
    expose_value=False,
    callback=_set_no_pager,
    help="Print long results directly. Otherwise, on a terminal, they are shown with the command in PAGER.  "
    "[default: less]",
)


@contextmanager
def result_console() -> Iterator[Console]:
    """Yield the console for the result of a command; what is printed goes through the pager if it is long.

    There is no pager if standard output is not a terminal, with `--no-pager`, if `NO_PAGER` is set, and if `PAGER` is
    empty or names no program.
    """
    from dedup.render.terminal.layout import make_console

    console = make_console()
    pager = _pager()
    if not pager:
        yield console
        return
    with console.capture() as capture:
        yield console
    text = capture.get()
    if text.count("\n") < console.size.height or not _show(pager, text):
        sys.stdout.write(text)


def _pager() -> list[str]:
    """Return the words of the command that shows long results; none if they are to be printed."""
    context = click.get_current_context()
    if context.meta.get(_NO_PAGER) or os.environ.get("NO_PAGER") or not sys.stdout.isatty():
        return []
    if os.environ.get("TERM", "dumb") == "dumb":
        return []
    try:
        return shlex.split(os.environ.get("PAGER", shutil.which("less") or ""))
    except ValueError:  # a quotation mark without its counterpart
        return []


def _show(pager: list[str], text: str) -> bool:
    """Show a text with a pager, and wait for its end; return whether the pager could be started.

    Args:
        pager: Words of the command.
        text: What to show, with colours.
    """
    import subprocess

    # less: show colours (R); and, unless the user has other settings, leave the text on the screen (X), and exit at
    # once if it fits (F). lv: show colours (-c).
    less = os.environ.get("LESS")
    environment = {"LV": "-c", **os.environ, "LESS": "FRX" if less is None else f"{less} -R"}
    try:
        process = subprocess.Popen(pager, stdin=subprocess.PIPE, env=environment)  # noqa: S603 - chosen by the user
    except OSError:
        return False
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the pager
    try:
        process.communicate(text.encode(sys.stdout.encoding, "backslashreplace"))
    finally:
        signal.signal(signal.SIGINT, before)
    return True
