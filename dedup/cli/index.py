"""The commands of `dedup index`: add, query, info, compact."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup.cli.options import (
    JSON,
    LOCAL,
    QUIET,
    GroupedCommand,
    corpus_options,
    index_options,
    option,
    output,
    paths_argument,
    resource_options,
)
from dedup.cli.output import Reporting, split_options
from dedup.cli.pager import pager_option
from dedup.runtime.storage.paths import AnyPath

if TYPE_CHECKING:
    from rich.console import Console

_INDEX = click.argument("folder", metavar="INDEX", type=LOCAL, is_eager=True)
_OUT = output("OUT", "Folder to write as clean does.")


@click.group(short_help="Keep an index of documents across runs.")
def index() -> None:
    """Keep an index of documents across runs.

    Each day's documents are compared with the documents in the index and with each other, as if all had been cleaned in
    one run.

    \b
    Example:
      dedup index add seen monday/ -o out-monday
      dedup index add seen tuesday/ -o out-tuesday
      dedup index query seen draft.txt
      dedup clean crawl.parquet --against seen -o out
    """


@index.command(cls=GroupedCommand, short_help="Add documents, and write those that are new.")
@_INDEX
@paths_argument
@_OUT
@option("--again", is_flag=True, help="Add files again that are already in the index with the same path and content.")
@index_options
def add(folder: Path, paths: tuple[str, ...], out: AnyPath | None, again: bool, **options: Any) -> None:
    """Compare documents with those in INDEX and with each other, and add the new ones.

    INDEX is a local folder; the first addition creates it and fixes the duplicate settings for all later ones. With -o,
    OUT is written as clean writes it. Adding a corpus in parts keeps the same documents as one run of clean. PATH is a
    folder, a file, or anything else that scan reads.

    \b
    Example:
      dedup index add seen monday/ -o out-monday
      dedup index add seen tuesday.jsonl.gz -o out-tuesday
    """
    from dedup.cli.hints import after_clean
    from dedup.index import add as adding
    from dedup.index.index import index_request
    from dedup.render.terminal.index import show_added

    reporting, arguments = split_options(options, out, needed="-o")
    run = adding.add(folder, list(paths), out, index_request(folder, arguments), again=again)

    def draw(console: "Console") -> None:
        show_added(run, out, console, () if out is None else reporting.hints(after_clean, run, out))

    reporting.show(run.to_dict, draw)
    reporting.exit_for(run)


@index.command(cls=GroupedCommand, short_help="Show what is new and what is known, without adding it.")
@_INDEX
@paths_argument
@_OUT
@corpus_options
@pager_option
def query(folder: Path, paths: tuple[str, ...], out: AnyPath | None, **options: Any) -> None:
    """Compare documents with those in INDEX and with each other, and show which are known, and from where.

    INDEX is not changed. PATH is a folder, a file, or anything else that scan reads.

    \b
    Example:
      dedup index query seen draft.txt
      dedup index query seen tuesday/ --json
    """
    from dedup.index.add import compare
    from dedup.index.index import index_request
    from dedup.index.matches import read_matches
    from dedup.render.terminal.index import show_matches
    from dedup.results import destination

    reporting, arguments = split_options(options, out, needed="-o")
    request = index_request(folder, arguments, must_exist=True)
    with destination(out, request.resources.temp_dir) as target:
        run = compare(folder, list(paths), target, request)
        matches = read_matches(target)
    reporting.show(
        lambda: {"run": run.to_dict(), **matches.to_dict()}, lambda console: show_matches(run, matches, out, console)
    )
    reporting.exit_for(run)


@index.command(cls=GroupedCommand, short_help="Show what an index contains.")
@_INDEX
@JSON
@QUIET
def info(folder: Path, as_json: bool, quiet: bool) -> None:
    """Show the documents, segments, settings and size of INDEX.

    \b
    Example:
      dedup index info seen
    """
    from dedup.index.storage.info import describe
    from dedup.render.terminal.index import show_info

    found = describe(folder)
    Reporting(as_json=as_json, quiet=quiet).show(found.to_dict, lambda console: show_info(folder, found, console))


@index.command(cls=GroupedCommand, short_help="Merge the segments of an index.")
@_INDEX
@resource_options
def compact(folder: Path, **options: Any) -> None:
    """Merge the segments of INDEX into one, so that lookups read fewer files. Its contents do not change.

    Each addition makes a segment. Readers are not interrupted: those that have the old segments open keep them.

    \b
    Example:
      dedup index compact seen
    """
    from dedup.index.index import Index
    from dedup.render.terminal.index import show_compaction

    reporting, arguments = split_options(options)
    done = Index(folder).compact(**arguments)
    reporting.show(done.to_dict, lambda console: show_compaction(done, console))
