"""The command `dedup`, also as `python -m dedup`."""

import gc
import signal
import sys

from dedup.runtime import signals as interrupt


def main() -> None:
    """Run the command line."""
    try:
        interrupt.heed()
        for stream in (sys.stdout, sys.stderr):
            # What the terminal's encoding lacks is shown as its code rather than ending the run.
            getattr(stream, "reconfigure", dict)(errors="backslashreplace")
        # What a command makes lives until it ends: to look for cycles in it time and again takes a fifth of a diff.
        gc.set_threshold(100_000, 50, 50)
        from dedup.cli.commands import cli

        cli(prog_name="dedup")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    finally:
        interrupt.ignore()
        # If the interrupt came while a module ran a string of code, Python has marked it as unhandled, and would end by
        # the signal, not by our exit code; the next string of code takes the mark away.
        exec("")  # noqa: S102


if __name__ == "__main__":
    main()
