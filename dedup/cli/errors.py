"""What went wrong, in a line on standard error, and the exit code for it. No traceback reaches a user."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import click

from dedup.errors import DedupError
from dedup.render.format import plain
from dedup.runtime import signals as interrupt

FAILED, BUG, INTERRUPTED, PIPE_CLOSED = 2, 70, 130, 141

_FULL = (errno.ENOSPC, errno.EDQUOT)
_ROOM = "Free some space, or name another folder with --temp-dir or -o."
_MEMORY = "Memory ran out. Give --memory less than what is free, or use fewer --workers."


@contextmanager
def told() -> Iterator[None]:
    """Turn what goes wrong inside into a message and an exit code."""
    try:
        yield
        sys.stdout.flush()
    except click.exceptions.Exit:
        raise
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.ClickException as error:
        _show_usage(error)
        raise click.exceptions.Exit(error.exit_code) from None
    except (Exception, KeyboardInterrupt) as error:
        code, *lines = explain(KeyboardInterrupt() if interrupt.came() else error)
        if os.environ.get("DEDUP_DEBUG"):
            traceback.print_exc()
        if code == PIPE_CLOSED:
            _forget_output()
        else:
            say(*lines)
        raise click.exceptions.Exit(code) from None


def say(*lines: str) -> None:
    """Say something on standard error."""
    sys.stderr.write("".join(f"dedup: {plain(line)}\n" for line in lines))


def explain(error: BaseException) -> tuple[int, *tuple[str, ...]]:
    """Find the exit code and the lines to say for an exception.

    >>> explain(DedupError("Nothing to read in a."))
    (2, 'Nothing to read in a.')
    """
    kind = type(error).__name__
    if isinstance(error, DedupError):
        return FAILED, str(error)
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, "interrupted; nothing is left behind."
    if isinstance(error, BrokenPipeError):
        return (PIPE_CLOSED,)
    # By name, since to import the engine only to tell its exceptions would take longer than most commands.
    engine = type(error).__module__.lstrip("_").startswith("duckdb")
    if engine and kind in ("OutOfMemoryException", "IOException"):
        return (
            FAILED,
            f"The work does not fit: {str(error).splitlines()[0]}",
            f"{_ROOM} Or raise --memory.",
        )
    if isinstance(error, MemoryError):
        return FAILED, _MEMORY
    if isinstance(error, OSError):
        name = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, (str, bytes)) else ""
        return FAILED, f"{name}{error.strerror or error}.{' ' + _ROOM if error.errno in _FULL else ''}"
    return (
        BUG,
        f"this is a mistake in dedup, not yours ({kind}: {error}).",
        "Please report it: run the command again with DEDUP_DEBUG=1 in the environment, and send what it "
        "prints with the command and what `dedup --version` says.",
    )


def _show_usage(error: click.ClickException) -> None:
    """Say what is wrong with the arguments; they may hold anything."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        sys.stderr.write(f"{context.get_usage()}\nTry '{context.command_path} --help' for help.\n\n")
    say(error.format_message())


def _forget_output() -> None:
    """Let nothing more be written to the pipe that was closed, at exit neither."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
