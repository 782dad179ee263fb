"""The commands of `dedup index`: add, query, info, compact."""

from pathlib import Path
from typing import Any

import click

from dedup.cli.options import LOCAL, OUTPUT, GroupedCommand, corpus_options, index_options, option, resource_options
from dedup.cli.output import exit_for, print_json, require_output, split_options
from dedup.cli.pager import pager_option, result_console
from dedup.runtime.storage.paths import AnyPath

_INDEX = click.argument("folder", metavar="INDEX", type=LOCAL, is_eager=True)
_PATHS = click.argument("paths", nargs=-1, is_eager=True, metavar="PATH…")
_OUT = option("-o", "out", type=OUTPUT, metavar="OUT", help="Folder to write as clean does.")


@click.group(short_help="Keep a lasting index of what has been seen.")
def index() -> None:
    """Keep a lasting index of the documents that have been seen.

    Each day's documents are compared with all that the index keeps, and with each other, as if all had come at once.

    \b
    Example:
      dedup index add seen monday/ -o out-monday
      dedup index add seen tuesday/ -o out-tuesday
      dedup index query seen draft.txt
      dedup clean crawl.parquet --against seen -o out
    """


@index.command(cls=GroupedCommand, short_help="Add documents, and write those that are new.")
@_INDEX
@_PATHS
@_OUT
@option("--again", is_flag=True, help="Add files that the index has already, with the same place and content.")
@index_options
def add(folder: Path, paths: tuple[str, ...], out: AnyPath | None, again: bool, **options: Any) -> None:
    """Compare documents with all that INDEX keeps and with each other, and add those that are new.

    INDEX is a local folder; the first addition makes it, and fixes the settings of duplicates for all others. With -o,
    OUT is written as clean writes it. Adding a corpus in parts keeps the same documents as one run of clean. PATH is as
    for scan.

    \b
    Example:
      dedup index add seen monday/ -o out-monday
      dedup index add seen tuesday.jsonl.gz -o out-tuesday
    """
    from dedup.cli.hints import after_clean
    from dedup.index import add as adding
    from dedup.index.index import index_request
    from dedup.render.terminal.index import show_added
    from dedup.render.terminal.layout import make_console

    require_output("--overwrite", options["overwrite"], "-o", out)
    quiet = options["quiet"]
    check, strict, as_json, arguments = split_options(options)
    run = adding.add(folder, list(paths), out, index_request(folder, arguments), again=again)
    if as_json:
        print_json(run.to_dict())
    else:
        show_added(run, out, make_console(), after_clean(run, out) if out is not None and not quiet else ())
    exit_for(run, check, strict)


@index.command(cls=GroupedCommand, short_help="Show what is new and what is known, without adding it.")
@_INDEX
@_PATHS
@_OUT
@corpus_options
@pager_option
def query(folder: Path, paths: tuple[str, ...], out: AnyPath | None, **options: Any) -> None:
    """Compare documents with all that INDEX keeps and with each other, and show what is known, and where.

    INDEX is not changed. PATH is as for scan.

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

    require_output("--overwrite", options["overwrite"], "-o", out)
    _, strict, as_json, arguments = split_options(options)
    request = index_request(folder, arguments, must_exist=True)
    with destination(out, request.resources.temp_dir) as target:
        run = compare(folder, list(paths), target, request)
        matches = read_matches(target)
    if as_json:
        print_json({"run": run.to_dict(), **matches.to_dict()})
    else:
        with result_console() as console:
            show_matches(run, matches, out, console)
    exit_for(run, False, strict)


@index.command(short_help="Show what an index contains.")
@_INDEX
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def info(folder: Path, as_json: bool) -> None:
    """Show the documents, segments, settings and size of INDEX.

    \b
    Example:
      dedup index info seen
    """
    from dedup.index.storage.info import describe
    from dedup.render.terminal.index import show_info
    from dedup.render.terminal.layout import make_console

    found = describe(folder)
    if as_json:
        print_json(found.to_dict())
    else:
        show_info(folder, found, make_console())


@index.command(cls=GroupedCommand, short_help="Merge the segments of an index.")
@_INDEX
@resource_options
def compact(folder: Path, **options: Any) -> None:
    """Merge the segments of INDEX into one, so that lookups read fewer files. What it keeps does not change.

    Each addition makes a segment. Readers are not disturbed: those that have the old segments open go on with them.

    \b
    Example:
      dedup index compact seen
    """
    from dedup.index.index import Index
    from dedup.render.terminal.index import show_compaction
    from dedup.render.terminal.layout import make_console

    _, _, as_json, arguments = split_options(options)
    done = Index(folder).compact(**arguments)
    if as_json:
        print_json(done.to_dict())
    else:
        show_compaction(done, make_console())
