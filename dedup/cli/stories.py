"""The commands about stories and single texts: align, diff, analyze. Slow imports are deferred until one runs."""

from typing import TYPE_CHECKING, Any

import click

from dedup import api
from dedup.cli.options import (
    HTML,
    INPUT_GROUP,
    JSON,
    LANGUAGE,
    OUTPUT,
    OVERWRITE_HTML,
    QUIET,
    GroupedCommand,
    corpus_options,
    option,
    output,
    paths_argument,
)
from dedup.cli.output import Reporting, require_output, split_options
from dedup.cli.pager import pager_option
from dedup.runtime.storage.paths import AnyPath

if TYPE_CHECKING:
    from rich.console import Console


@click.command(cls=GroupedCommand, short_help="Find which documents report the same story.")
@paths_argument
@output("OUT", "Folder to write stories.parquet, links.parquet, outlets.parquet, texts.parquet and run.json to.")
@HTML
@option(
    "--stories",
    type=click.IntRange(min=0),
    default=10,
    metavar="N",
    help="Number of stories to list, those with the most evidence first.  [default: 10]",
)
@option(
    "--details",
    type=click.IntRange(min=0),
    default=3,
    metavar="N",
    help="Number of these stories to show with their documents and sentences.  [default: 3]",
)
@option("--offsets", is_flag=True, help="Show where passages and sentences are in their documents: [start:end].")
@option(
    "--csv",
    is_flag=True,
    help="Write the tables as CSV too (UTF-8 with BOM). Text that begins with = + - @ gets an apostrophe before it, so "
    "that no spreadsheet runs it as a formula.",
)
@LANGUAGE
@corpus_options
@pager_option
def align(
    paths: tuple[str, ...],
    out: AnyPath | None,
    stories: int,
    details: int,
    offsets: bool,
    csv: bool,
    language: str | None,
    **options: Any,
) -> None:
    """Find which documents report the same story in different words, and which outlets take over from which.

    Sentences are aligned by shared words, numbers and names; documents with aligned passages form a story. A table
    lists the stories. The first of them follow in detail: the first document, the credited sources, the facts that are
    shared, changed or in one document only, and the sentences with their shared words. Another table says how much text
    each outlet takes over from each other outlet, with credit and without. Titles, outlets, dates, URLs and authors
    come from columns with usual names, the metadata of HTML pages, and front matter. PATH is a folder, a file, or
    anything else that scan reads.

    \b
    Example:
      dedup align articles/ --outlet-level 1
      dedup align news.jsonl.gz -o stories --date-column published --csv
      dedup align articles/ --html stories.html
    """
    from dedup.cli.hints import after_align
    from dedup.render.terminal.stories import show_stories

    require_output("--csv", csv, "-o", out)
    reporting, arguments = split_options(options, out)
    with reporting.folder(paths) as folder:
        result = api.align(paths, folder, stories=stories, language=language, csv=csv, **arguments).result

    def draw(console: "Console") -> None:
        hints = reporting.hints(after_align, result, paths, out)
        show_stories(result, console, details=details, offsets=offsets, hints=hints)

    reporting.show(result.to_dict, draw)
    reporting.exit_for(result.run)


@click.command(cls=GroupedCommand, short_help="Compare two texts sentence by sentence.")
@click.argument("left", metavar="A", type=click.Path())
@click.argument("right", metavar="B", type=click.Path())
@option(
    "--in",
    "folder",
    type=OUTPUT,
    metavar="PATH",
    group=INPUT_GROUP,
    help="Folder or file that contains the documents A and B: any input, or an output of clean or align.",
)
@LANGUAGE
@HTML
@OVERWRITE_HTML
@JSON
@QUIET
@pager_option
def diff(left: str, right: str, folder: AnyPath | None, language: str | None, **options: Any) -> None:
    """Compare two texts sentence by sentence and word by word.

    A and B are files; or, with --in, two documents of a folder, of a table, or of an output of clean or align, each
    named by its id, its rank, such as #4, its path, or the beginning or end of its path. Terminals with at least 100
    columns show both texts side by side.

    \b
    Example:
      dedup diff one.txt other.txt
      dedup diff --in articles/ 000 001
      dedup diff --in articles/ 000 001 --html diff.html
    """
    from dedup.text.language import load_in_background

    if language is None:
        load_in_background()
    from dedup.cli.texts import read_two_texts
    from dedup.render.html.page import write_page
    from dedup.render.terminal.diff import show_diff

    reporting = Reporting(**options)
    reporting.check_outputs("--html")
    texts, names = read_two_texts(left, right, folder)
    result = api.diff(*texts, language)
    if reporting.page is not None:
        write_page(api.page(result, names), reporting.page, overwrite=reporting.overwrite)
    reporting.show(result.to_dict, lambda console: show_diff(result, names, console))


@click.command(cls=GroupedCommand, short_help="Show the sentences, facts and credited sources of a text.")
@click.argument("file", metavar="FILE", type=click.Path(allow_dash=True))
@LANGUAGE
@JSON
@QUIET
@pager_option
def analyze(file: str, language: str | None, as_json: bool, quiet: bool) -> None:
    """Show the sentences, facts and credited sources of a text, as align and diff read them.

    FILE is a file with one text, or - for standard input.

    \b
    Example:
      dedup analyze article.txt
      dedup analyze article.txt --json
    """
    from dedup.text.language import load_in_background

    if language is None:
        load_in_background()
    from dedup.cli.texts import read_text
    from dedup.render.terminal.analysis import show_analysis

    text = read_text(file)
    result = api.analyze(text, language)
    Reporting(as_json=as_json, quiet=quiet).show(result.to_dict, lambda console: show_analysis(text, result, console))
