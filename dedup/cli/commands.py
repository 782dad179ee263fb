"""The group of commands, which reports errors as messages."""

from typing import Any

import click

from dedup.cli.duplicates import clean, explain, restore, scan, tune
from dedup.cli.errors import report_errors
from dedup.cli.index import index
from dedup.cli.report import report
from dedup.cli.setup import completion, man
from dedup.cli.stories import align, analyze, diff


class Commands(click.Group):
    """The group of commands; prints errors as messages and exits with their codes."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Parse the arguments of a command."""
        with report_errors():
            return super().make_context(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature of click
        """Return the names of the commands in the order in which they were added."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        with report_errors():
            return super().invoke(ctx)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(
    None, "-V", "--version", package_name="dedup-text", prog_name="dedup", message="%(prog)s %(version)s"
)
def cli() -> None:
    """Find repeated and rewritten text in folders, web pages, JSON Lines, CSV, Parquet and WARC.

    \b
      dedup scan articles/           report duplicates
      dedup clean articles/ -o out   write the cleaned corpus and the evidence
      dedup tune articles/           show what each threshold would remove
      dedup explain out 004          show why a document was kept or removed
      dedup restore out              rebuild the original documents
      dedup index add idx today/     compare with an index, and add what is new
      dedup align articles/          find which documents report the same story
      dedup diff one.txt other.txt   compare two texts sentence by sentence
      dedup analyze one.txt          show the sentences, facts and sources of a text
      dedup report out stories       write one HTML page of results

    Results are written to standard output, progress and warnings to standard error. Exit codes: 0 success; 1 success,
    but --check found duplicates or --strict found input that could not be read; 2 an error in the options, the input
    or the output; 130 interrupted. dedup completion prints a script with which a shell completes commands, and dedup
    man prints manual pages.
    """


for command in (scan, clean, tune, explain, restore, index, align, diff, analyze, report, completion, man):
    cli.add_command(command)
