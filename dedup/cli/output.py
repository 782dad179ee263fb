"""Print or write the result of a command, and exit with the code that options ask for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup.cli.errors import print_message
from dedup.cli.pager import result_console
from dedup.render.format import count, json_lines, plain, plain_json
from dedup.results import Run, destination
from dedup.runtime.storage.paths import AnyPath

if TYPE_CHECKING:
    from rich.console import Console

    from dedup.render.terminal.layout import Hints
    from dedup.runtime.progress import Progress


@dataclass(frozen=True)
class Reporting:
    """How the user wants to see the result of a command."""

    out: AnyPath | None = None
    """Folder that the result is written to."""
    page: Path | None = None
    """Page that is written instead of printing the result."""
    overwrite: bool = False
    """Whether existing files may be replaced."""
    as_json: bool = False
    """Whether to print one JSON document."""
    quiet: bool = False
    """Whether to show no progress and no hints, and nothing but errors if the result is written."""
    check: bool = False
    """Whether duplicates are an error."""
    strict: bool = False
    """Whether input that could not be read is an error."""

    @property
    def is_silent(self) -> bool:
        """Whether nothing is printed but errors."""
        return self.quiet and (self.out is not None or self.page is not None)

    def progress(self) -> Progress:
        """Return the progress display."""
        from dedup.cli.progress import make_progress

        return make_progress(self.quiet)

    def check_outputs(self, needed: str = "-o or --html") -> None:
        """Raise an error if the page cannot be written, or if --overwrite is given and nothing is written.

        Args:
            needed: The options that name what is written.
        """
        require_output("--overwrite", self.overwrite, needed, self.out or self.page)
        if self.page is not None:
            from dedup.render.html.page import check_target

            check_target(self.page, overwrite=self.overwrite)

    @contextmanager
    def folder(self, paths: Sequence[str]) -> Iterator[AnyPath | None]:
        """Yield the folder to write, and write the page of what is in it.

        Args:
            paths: The inputs of the command, which the page names if the folder is a temporary one.
        """
        if self.page is None:
            yield self.out
            return
        from dedup.render.html.writing import write_report

        # Without -o the page names the input, from which its commands can read the texts too.
        named = Path(paths[0]) if len(paths) == 1 and paths[0][:1] not in ("-", "@") else Path("OUT")
        with destination(self.out) as folder:
            yield folder
            progress = self.progress()
            write_report([folder], [self.out or named], self.page, overwrite=self.overwrite, progress=progress)

    def hints(self, find: Callable[..., Hints], *args: Any) -> Hints:
        """Return the next useful commands; none if the user wants no hints.

        Args:
            find: Returns the commands.
            args: Its arguments.
        """
        return () if self.quiet else find(*args)

    def show(self, to_dict: Callable[[], object], draw: Callable[[Console], None]) -> None:
        """Print the result, unless it was written and the user wants to see nothing.

        Args:
            to_dict: Returns the result as plain values.
            draw: Prints the result for people.
        """
        if self.as_json:
            print_json(to_dict())
        elif self.is_silent:
            return
        elif self.page is not None:
            print_written(self.page)
        else:
            with result_console() as console:
                draw(console)

    def exit_for(self, run: Run) -> None:
        """Exit with code 1 if --check or --strict requires it, and print why."""
        duplicates = sum(counts.units for counts in run.removed.values()) if self.check else 0
        skipped = len(run.skipped) if self.strict else 0
        if duplicates and not self.is_silent:
            print_message(f"--check: {count(duplicates, 'duplicate')} found.")
        if skipped:
            print_message(f"--strict: {count(skipped, 'input or row', 'inputs or rows')} could not be read.")
        if duplicates or skipped:
            raise click.exceptions.Exit(1)


def split_options(
    options: dict[str, Any], out: AnyPath | None = None, needed: str = "-o or --html"
) -> tuple[Reporting, dict[str, Any]]:
    """Split options into those of `Reporting`, which are checked, and the arguments of the API.

    Args:
        options: Values by name; None if they are not given.
        out: Folder that the result is written to.
        needed: The options that name what is written.
    """
    names = ("page", "as_json", "quiet", "check", "strict")
    given = {name: options.pop(name) for name in names if name in options}
    reporting = Reporting(out, overwrite=options.get("overwrite", False), **given)
    reporting.check_outputs(needed)
    arguments = {name: value for name, value in options.items() if value is not None}
    return reporting, {**arguments, "progress": reporting.progress()}


def require_output(name: str, given: bool, needed: str, output: AnyPath | None) -> None:
    """Raise a usage error if an option is given without the output that it applies to."""
    if given and output is None:
        raise click.UsageError(f"{name} needs {needed}: nothing is written without it. Add {needed}, or remove {name}.")


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
