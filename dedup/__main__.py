"""Entry point of the command `dedup` and of `python -m dedup`."""

import gc
import signal
import sys

from dedup.runtime import signals


def main() -> None:
    """Run the command line."""
    try:
        signals.install()
        for stream in (sys.stdout, sys.stderr):
            # Characters that the encoding of the terminal lacks are escaped instead of raising an error.
            getattr(stream, "reconfigure", dict)(errors="backslashreplace")
        # Most objects of a command live until it exits; frequent cycle collection takes a fifth of the time of a diff.
        gc.set_threshold(100_000, 50, 50)
        from dedup.cli.commands import cli

        cli(prog_name="dedup")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    finally:
        signals.ignore()
        # If KeyboardInterrupt was raised while code from a string was running, CPython remembers it as unhandled and
        # would exit by the signal instead of the exit code. Running another string resets that.
        exec("")  # noqa: S102


if __name__ == "__main__":
    main()
