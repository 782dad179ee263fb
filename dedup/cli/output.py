"""Print results, and exit with the code that options ask for."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from dedup.cli.errors import print_message
from dedup.render.format import count, json_lines, plain, plain_json
from dedup.render.run import removed_units
from dedup.results import Run
from dedup.runtime.storage.paths import AnyPath


def split_options(options: dict[str, Any]) -> tuple[bool, bool, bool, dict[str, Any]]:
    """Split options into --check, --strict, --json, and the arguments of the API."""
    from dedup.cli.progress import make_progress

    check, strict, as_json, quiet = (options.pop(name, False) for name in ("check", "strict", "as_json", "quiet"))
    arguments = {name: value for name, value in options.items() if value is not None}
    return check, strict, as_json, {**arguments, "progress": make_progress(quiet)}


def require_output(name: str, given: bool, needed: str, output: AnyPath | None) -> None:
    """Raise a usage error if an option is given without the output that it is about."""
    if given and output is None:
        raise click.UsageError(f"{name} needs {needed}: nothing is written without it. Add {needed}, or leave it out.")


def print_written(page: Path) -> None:
    """Print the name and the size of a page that was written."""
    click.echo(f"Wrote {plain(str(page))} ({page.stat().st_size / 1e6:.2f} MB). Open it in a browser.")


def print_json(content: object) -> None:
    """Print a value as one JSON document."""
    print_lines(json_lines(content))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines of JSON in UTF-8, whatever the encoding of the terminal."""
    for line in lines:
        sys.stdout.buffer.write(plain_json(line).encode() + b"\n")


def exit_for(run: Run, check: bool, strict: bool) -> None:
    """Exit with code 1 if --check or --strict requires it, and print why."""
    duplicates = sum(map(removed_units, run.removed.values())) if check else 0
    skipped = len(run.skipped) if strict else 0
    if duplicates:
        print_message(f"--check: {count(duplicates, 'duplicate')} found.")
    if skipped:
        print_message(f"--strict: {count(skipped, 'input or row', 'inputs or rows')} could not be read.")
    if duplicates or skipped:
        raise click.exceptions.Exit(1)
