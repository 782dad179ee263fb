"""The command that writes a page: report."""

from pathlib import Path
from typing import Any

import click

from dedup import api
from dedup.cli.errors import print_message
from dedup.cli.options import LOCAL, OUTPUT, OVERWRITE_PAGE, QUIET, GroupedCommand, option
from dedup.cli.output import print_written
from dedup.runtime.storage.paths import AnyPath


@click.command(cls=GroupedCommand, short_help="Write one HTML page of results.")
@click.argument("outs", nargs=-1, required=True, type=OUTPUT, metavar="OUT…")
@option(
    "-o",
    "--output",
    "--html",
    "to",
    type=LOCAL,
    metavar="FILE",
    default="report.html",
    help="File to write.  [default: report.html]",
)
@option("--open", "opens", is_flag=True, help="Open the page in a browser.")
@option(
    "--stories",
    type=click.IntRange(min=0),
    default=1_000,
    metavar="N",
    help="Number of stories to show, those with the most evidence first.  [default: 1000]",
)
@option(
    "--diffs",
    type=click.IntRange(min=0),
    default=250,
    metavar="N",
    help="Number of document pairs to compare sentence by sentence, the best of each story first.  [default: 250]",
)
@option(
    "--passages",
    type=click.IntRange(min=0),
    default=20_000,
    metavar="N",
    help="Number of removed passages to show, those of the largest groups first.  [default: 20000]",
)
@OVERWRITE_PAGE
@QUIET
def report(outs: tuple[AnyPath, ...], to: Path, opens: bool, quiet: bool, **options: Any) -> None:
    """Write one HTML page of results, to open in a browser.

    OUT is a folder written by clean, align or scan; several can be named. The page loads nothing from the network. It
    shows each group of duplicates with the differences marked, and each story with its facts, sources and documents
    side by side.

    \b
    Example:
      dedup report out
      dedup report out stories -o report.html --open
    """
    import webbrowser

    from dedup.cli.progress import make_progress

    written = api.report(outs, to, progress=make_progress(quiet), **options)
    if not quiet:
        print_written(written)
    if opens and not webbrowser.open(written.resolve().as_uri()):
        print_message("No browser was found. Open the page by hand.")
