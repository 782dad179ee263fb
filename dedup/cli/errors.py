"""Error messages and exit codes of the command line. Users see a message of a few lines, never a traceback."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

from dedup.errors import DedupError
from dedup.render.format import plain
from dedup.runtime import signals

# Exit codes. 70 is EX_SOFTWARE of sysexits.h; 130 and 141 are 128 + SIGINT and 128 + SIGPIPE, as shells report them.
EXIT_ERROR, EXIT_BUG, EXIT_INTERRUPTED, EXIT_PIPE_CLOSED = 2, 70, 130, 141

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_FREE_DISK_SPACE = "Free some disk space, or choose another folder with --temp-dir or -o."
_OUT_OF_MEMORY = "Out of memory. Set --memory below the free memory, or use fewer --workers."


@contextmanager
def report_errors() -> Iterator[None]:
    """Print the message of an exception and exit with its code."""
    try:
        yield
        sys.stdout.flush()
    except (click.exceptions.Exit, click.exceptions.NoArgsIsHelpError):
        raise
    except click.ClickException as error:
        _print_usage_error(error)
        raise click.exceptions.Exit(error.exit_code) from None
    except (Exception, KeyboardInterrupt) as error:
        # A library may have replaced KeyboardInterrupt by an exception of its own.
        code, *lines = describe_error(KeyboardInterrupt() if signals.interrupted() else error)
        if os.environ.get("DEDUP_DEBUG"):
            traceback.print_exc()
        if code == EXIT_PIPE_CLOSED:
            _discard_stdout()
        else:
            print_message(*lines)
        raise click.exceptions.Exit(code) from None


def print_message(*lines: str) -> None:
    """Print lines to standard error, each prefixed with the name of the program."""
    with suppress(OSError):  # the terminal was closed or the disk is full: the exit code still reports the error
        sys.stderr.write("".join(f"dedup: {plain(line)}\n" for line in lines))
        sys.stderr.flush()


def describe_error(error: BaseException) -> tuple[int, *tuple[str, ...]]:
    """Return the exit code and the lines of the message for an exception.

    >>> describe_error(DedupError("Nothing to read in a."))
    (2, 'Nothing to read in a.')
    """
    kind = type(error).__name__
    if isinstance(error, DedupError):
        return EXIT_ERROR, str(error)
    if isinstance(error, KeyboardInterrupt):
        return EXIT_INTERRUPTED, "Interrupted."
    if isinstance(error, BrokenPipeError):
        return (EXIT_PIPE_CLOSED,)
    # Compared by name: importing duckdb only for its exception classes would slow down every command.
    is_duckdb = type(error).__module__.lstrip("_").startswith("duckdb")
    if is_duckdb and kind in ("OutOfMemoryException", "IOException"):
        is_file = kind == "IOException"
        problem = "Temporary files cannot be read or written" if is_file else "Not enough memory or disk space"
        return (
            EXIT_ERROR,
            f"{problem}: {str(error).splitlines()[0]}",
            f"{_FREE_DISK_SPACE} Or raise --memory.",
        )
    if isinstance(error, MemoryError):
        return EXIT_ERROR, _OUT_OF_MEMORY
    if isinstance(error, OSError):
        name = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, (str, bytes)) else ""
        advice = f" {_FREE_DISK_SPACE}" if error.errno in _DISK_FULL else ""
        return EXIT_ERROR, f"{name}{error.strerror or error}.{advice}"
    return (
        EXIT_BUG,
        f"This is probably a bug in dedup ({kind}: {error}).",
        "Please report it with the command, the output of `dedup --version`, and the output of the command with "
        "DEDUP_DEBUG=1 in the environment.",
    )


def _print_usage_error(error: click.ClickException) -> None:
    """Print an error in the arguments, after the usage of the command."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        sys.stderr.write(f"{context.get_usage()}\nTry '{context.command_path} --help' for help.\n\n")
    print_message(error.format_message())


def _discard_stdout() -> None:
    """Redirect standard output to the null device, so that the flush at exit does not fail on the closed pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
