"""The command `dedup`, also as `python -m dedup`."""

import signal
import sys


def main() -> None:
    """Run the command line."""
    # Stopped from outside, leave just as on an interrupt.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        # What the terminal's encoding lacks is shown as its code rather than ending the run.
        getattr(stream, "reconfigure", dict)(errors="backslashreplace")
    try:
        from dedup.cli import cli

        cli(prog_name="dedup")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    finally:
        # If the interrupt came while a module ran a string of code, Python has marked it as unhandled, and would end by
        # the signal, not by our exit code; the next string of code takes the mark away.
        exec("")  # noqa: S102


if __name__ == "__main__":
    main()
