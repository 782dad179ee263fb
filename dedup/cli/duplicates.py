"""The commands about duplicates: scan, clean, tune, explain, restore. Slow imports are deferred until one runs."""

from pathlib import Path
from typing import Any

import click

from dedup import api
from dedup.cli.options import (
    HTML,
    INPUT_GROUP,
    JSON,
    LOCAL,
    OUTPUT,
    OVERWRITE_HTML,
    QUIET,
    GroupedCommand,
    clean_options,
    option,
    output,
    paths_argument,
    scan_options,
    tune_options,
)
from dedup.cli.output import Reporting, print_lines, require_output, split_options
from dedup.cli.pager import pager_option
from dedup.errors import DocumentNotFound
from dedup.outputs.files import OUTPUT_NAMES
from dedup.outputs.lookup import several_documents
from dedup.runtime.storage.copies import local_copy
from dedup.runtime.storage.paths import AnyPath


@click.command(cls=GroupedCommand, short_help="Report duplicates.")
@paths_argument
@output("OUT", "Folder to write pairs.parquet and run.json to.")
@HTML
@option(
    "--groups",
    type=click.IntRange(min=0),
    default=10,
    metavar="N",
    help="Number of groups of duplicates to show, largest first.  [default: 10]",
)
@scan_options
@pager_option
def scan(paths: tuple[str, ...], out: AnyPath | None, groups: int, **options: Any) -> None:
    """Report duplicate documents and paragraphs. The corpus is not changed.

    PATH is a folder, a file (text, Markdown, HTML, XML, JSON Lines, JSON, CSV, TSV, Parquet or WARC; also compressed or
    in an archive), - for standard input, or @FILE for the paths in a file. It may be in an object store:
    s3://BUCKET/FOLDER, gs://, abfs:// or hf://.

    \b
    Example:
      dedup scan articles/
      dedup scan s3://bucket/articles
      dedup scan news.jsonl.gz --text-column body --paragraphs within
    """
    from dedup.cli.hints import after_scan
    from dedup.render.terminal.duplicates import show_scan

    reporting, arguments = split_options(options, out)
    with reporting.folder(paths) as folder:
        result = api.scan(paths, folder, groups=groups, **arguments)
    reporting.show(
        result.to_dict,
        lambda console: show_scan(result, console, reporting.hints(after_scan, result, paths, out)),
    )
    reporting.exit_for(result.run)


@click.command(cls=GroupedCommand, short_help="Write the cleaned corpus and the evidence.")
@paths_argument
@output("OUT", "Folder to write; local, or in an object store.", required=True)
@HTML
@clean_options
@pager_option
def clean(paths: tuple[str, ...], out: AnyPath, **options: Any) -> None:
    """Remove duplicates and write the cleaned corpus and the evidence.

    Files in OUT: clean.parquet (kept documents), removed.parquet (removed documents and paragraphs with the
    evidence), pairs.parquet (verified pairs of duplicates) and run.json. If the command fails, OUT is not created.
    PATH is a folder, a file, or anything else that scan reads.

    \b
    Example:
      dedup clean articles/ -o out
      dedup clean news.parquet -o out --paragraphs all --keep date
      dedup clean articles/ -o out --html removed.html
    """
    from dedup.cli.hints import after_clean
    from dedup.render.terminal.duplicates import show_clean

    reporting, arguments = split_options(options, out)
    with reporting.folder(paths):
        run = api.clean(paths, out, **arguments).run
    reporting.show(run.to_dict, lambda console: show_clean(run, out, console, reporting.hints(after_clean, run, out)))
    reporting.exit_for(run)


@click.command(cls=GroupedCommand, short_help="Show what each threshold would remove, with examples.")
@paths_argument
@HTML
@OVERWRITE_HTML
@option(
    "--examples",
    type=click.IntRange(min=0),
    default=3,
    metavar="N",
    help="Number of pairs to show for each threshold.  [default: 3]",
)
@option(
    "--sample",
    type=click.IntRange(min=1),
    metavar="N",
    group=INPUT_GROUP,
    help="Compare only N documents, drawn at random. The numbers are then estimates with wide confidence intervals. "
    " [default: all]",
)
@tune_options
@pager_option
def tune(paths: tuple[str, ...], examples: int, sample: int | None, **options: Any) -> None:
    """Show what clean would remove at each threshold from 0.5 to 0.95, with pairs that only just reach it.

    The corpus is read and compared as clean does, with the same options, so the numbers are those of clean
    --threshold. Read the pairs from the lowest threshold up: choose the first at which the removed text says the same
    as the kept text. PATH is a folder, a file, or anything else that scan reads.

    \b
    Example:
      dedup tune articles/
      dedup tune news.jsonl.gz --paragraphs all --html thresholds.html
    """
    from dedup.cli.hints import after_tune
    from dedup.render.terminal.tuning import show_tuning

    reporting, arguments = split_options(options, needed="--html")
    arguments.pop("overwrite")
    result = api.tune(paths, sample=sample, examples=examples, **arguments)
    if reporting.page is not None:
        from dedup.render.html.page import write_page
        from dedup.render.html.tuning import draw_tuning

        write_page(draw_tuning(result), reporting.page, overwrite=reporting.overwrite)
    reporting.show(
        result.to_dict, lambda console: show_tuning(result, console, reporting.hints(after_tune, result, paths))
    )
    reporting.exit_for(result.run)


@click.command(cls=GroupedCommand, short_help="Rebuild the original documents.")
@click.argument("out", type=OUTPUT, metavar="OUT")
@option(
    "-o",
    "--output",
    "folder",
    type=LOCAL,
    metavar="DIR",
    help="Folder to write files to, instead of printing JSON lines.",
)
@option("--overwrite", is_flag=True, help="Replace existing files in DIR.")
@QUIET
def restore(out: AnyPath, folder: Path | None, overwrite: bool, quiet: bool) -> None:
    """Rebuild the original documents, character for character, from OUT, a folder written by clean.

    Without -o, each row of a table is printed as one JSON line with its columns, and each other document with its
    path and text. With -o, each document that was a text file is written to its path in DIR, in its encoding; the text
    of a page to NAME.txt; and the rows of each table to one .jsonl file.

    \b
    Example:
      dedup restore out > originals.jsonl
      dedup restore out -o originals/
    """
    from dedup.outputs.input_rows import input_rows

    require_output("--overwrite", overwrite, "-o", folder)
    if folder is None:
        with local_copy(out, OUTPUT_NAMES) as local:
            print_lines(row.to_json() for row in input_rows(local))
        return
    restored = api.restore_to(out, folder, overwrite=overwrite)
    if not quiet:
        from dedup.render.terminal.duplicates import show_restored
        from dedup.render.terminal.layout import make_console

        show_restored(restored, make_console())


@click.command(cls=GroupedCommand, short_help="Show why a document was kept or removed.")
@click.argument("out", type=OUTPUT, metavar="OUT")
@click.argument("name", metavar="ID")
@JSON
@QUIET
@pager_option
def explain(out: AnyPath, name: str, as_json: bool, quiet: bool) -> None:
    """Show why a document was kept or removed, with the removed and the kept text.

    OUT is a folder written by clean. ID is the id of the document; or its rank, such as #4; or its path, or the
    beginning or end of its path. Words only in the removed text are red, words only in the kept text green; without
    colour they are marked [-…-] and {+…+}. With --json no text is shortened.

    \b
    Example:
      dedup explain out 004
      dedup explain out '#4' --json
    """
    from dedup.render.terminal.explanation import show_explanations

    explanations = api.explain(out, name)
    if len(explanations) > 1:
        raise DocumentNotFound(several_documents(name, [(item.doc, item.path) for item in explanations]))
    Reporting(as_json=as_json, quiet=quiet).show(
        lambda: [explanation.to_dict() for explanation in explanations],
        lambda console: show_explanations(explanations, console),
    )
