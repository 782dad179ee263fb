"""The commands: parse arguments, call the API, print the result. Slow imports are deferred until a command runs."""

from pathlib import Path
from typing import Any

import click

from dedup import api
from dedup.cli.errors import print_message, report_errors
from dedup.cli.index import index
from dedup.cli.options import LOCAL, OUTPUT, GroupedCommand, corpus_options, duplicate_options, option
from dedup.cli.output import exit_for, print_json, print_lines, print_written, require_output, split_options
from dedup.cli.pager import pager_option, result_console
from dedup.outputs.files import OUTPUT_NAMES
from dedup.runtime.storage.copies import local_copy
from dedup.runtime.storage.paths import AnyPath


class Commands(click.Group):
    """The group of commands; prints errors as messages and exits with their codes."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Parse the arguments of a command."""
        with report_errors():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        with report_errors():
            return super().invoke(ctx)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="dedup-text", prog_name="dedup", message="%(prog)s %(version)s")
def cli() -> None:
    """Find near-duplicate and rewritten text in folders, JSONL, JSON, CSV and Parquet, with evidence for each removal.

    \b
      dedup scan articles/           report duplicates
      dedup clean articles/ -o out   write the cleaned corpus and the evidence
      dedup explain out 004          show why a document was kept or removed
      dedup restore out              rebuild the original documents
      dedup index add idx today/     remove what an index has seen before, and remember the rest
      dedup align articles/          find which documents report the same story
      dedup diff one.txt other.txt   compare two texts sentence by sentence
      dedup analyze one.txt          show the sentences, facts and sources of a text
      dedup report out stories       write one HTML page of results

    Results are written to standard output, progress and warnings to standard error. Exit codes: 0 success; 1 success,
    but --check found duplicates or --strict found input that could not be read; 2 an error in the options, the input
    or the output; 130 interrupted.
    """


@cli.command(cls=GroupedCommand, short_help="Report duplicates.")
@click.argument("paths", nargs=-1, is_eager=True, metavar="PATH…")
@option("-o", "out", type=OUTPUT, metavar="OUT", help="Folder to write pairs.parquet and run.json to.")
@option(
    "--groups",
    type=click.IntRange(min=0),
    default=10,
    metavar="N",
    help="Number of groups of duplicates to show, largest first.  [default: 10]",
)
@duplicate_options
@pager_option
def scan(paths: tuple[str, ...], out: AnyPath | None, groups: int, **options: Any) -> None:
    """Report duplicate documents and paragraphs. The corpus is not changed.

    PATH is a folder, a file (text, Markdown, HTML, JSONL, JSON, CSV, TSV or Parquet; also compressed as .gz or .zst),
    - for standard input, or @FILE for the paths in a file. It may be in an object store: s3://BUCKET/FOLDER, gs://,
    abfs:// or hf://.

    \b
    Example:
      dedup scan articles/
      dedup scan s3://bucket/articles
      dedup scan news.jsonl.gz --text-column body --paragraphs within
    """
    from dedup.cli.hints import after_scan
    from dedup.render.terminal.duplicates import show_scan

    require_output("--overwrite", options["overwrite"], "-o", out)
    quiet = options["quiet"]
    check, strict, as_json, arguments = split_options(options)
    result = api.scan(paths, out, groups=groups, **arguments)
    if as_json:
        print_json(result.to_dict())
    else:
        with result_console() as console:
            show_scan(result, console, () if quiet else after_scan(result, paths, out))
    exit_for(result.run, check, strict)


@cli.command(cls=GroupedCommand, short_help="Write the cleaned corpus and the evidence.")
@click.argument("paths", nargs=-1, is_eager=True, metavar="PATH…")
@option("-o", "out", type=OUTPUT, required=True, metavar="OUT", help="Folder to write; local, or in an object store.")
@duplicate_options
def clean(paths: tuple[str, ...], out: AnyPath, **options: Any) -> None:
    """Remove duplicates and write the cleaned corpus and the evidence.

    Files in OUT: clean.parquet (kept documents), removed.parquet (removed documents and paragraphs with the
    evidence), pairs.parquet (verified pairs of duplicates) and run.json. If the command fails, OUT is not created.
    PATH is as for scan.

    \b
    Example:
      dedup clean articles/ -o out
      dedup clean news.parquet -o out --paragraphs all --keep date
    """
    from dedup.cli.hints import after_clean
    from dedup.render.terminal.duplicates import show_clean
    from dedup.render.terminal.layout import make_console

    quiet = options["quiet"]
    check, strict, as_json, arguments = split_options(options)
    run = api.clean(paths, out, **arguments).run
    if as_json:
        print_json(run.to_dict())
    else:
        show_clean(run, out, make_console(), () if quiet else after_clean(run, out))
    exit_for(run, check, strict)


@cli.command(short_help="Rebuild the original documents.")
@click.argument("out", type=OUTPUT, metavar="OUT")
@click.option(
    "-o", "folder", type=LOCAL, metavar="DIR", help="Folder to write files to, instead of printing JSON lines."
)
@click.option("--overwrite", is_flag=True, help="Replace existing files in DIR.")
@click.option("-q", "--quiet", is_flag=True, help="Do not list what was written.")
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


@cli.command(short_help="Show why a document was kept or removed.")
@click.argument("out", type=OUTPUT, metavar="OUT")
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document with unshortened texts.")
@pager_option
def explain(out: AnyPath, name: str, as_json: bool) -> None:
    """Show why a document was kept or removed, with removed and kept text side by side.

    OUT is a folder written by clean. ID is the id of the document; or its rank, such as #4; or its path, or the
    beginning or end of its path. Words only in the removed text are red, words only in the kept text green; without
    colour they are marked [-…-] and {+…+}.

    \b
    Example:
      dedup explain out 004
    """
    from dedup.render.terminal.explanation import show_explanations

    explanations = api.explain(out, name)
    if as_json:
        print_json([explanation.to_dict() for explanation in explanations])
    else:
        with result_console() as console:
            show_explanations(explanations, console)


@cli.command(cls=GroupedCommand, short_help="Find which documents report the same story.")
@click.argument("paths", nargs=-1, is_eager=True, metavar="PATH…")
@option(
    "-o",
    "out",
    type=OUTPUT,
    metavar="OUT",
    help="Folder to write stories.parquet, links.parquet, outlets.parquet, texts.parquet and run.json to.",
)
@option(
    "--stories",
    type=click.IntRange(min=0),
    default=10,
    metavar="N",
    help="Number of stories to list, those with most evidence first.  [default: 10]",
)
@option(
    "--csv",
    is_flag=True,
    help="Write the tables as CSV too (UTF-8 with BOM). Text that begins with = + - @ gets an apostrophe before it, so "
    "that no spreadsheet runs it as a formula.",
)
@option("--language", metavar="CODE", help="Language of all documents, such as fr.  [default: detected]")
@option(
    "--details",
    type=click.IntRange(min=0),
    default=3,
    metavar="N",
    help="Number of these stories to show with their documents and sentences.  [default: 3]",
)
@option("--offsets", is_flag=True, help="Show where passages and sentences are in their documents: [start:end].")
@corpus_options
@pager_option
def align(
    paths: tuple[str, ...],
    out: AnyPath | None,
    stories: int,
    csv: bool,
    language: str | None,
    details: int,
    offsets: bool,
    **options: Any,
) -> None:
    """Find which documents report the same story in different words, and which outlets take over from which.

    Sentences are aligned by shared words, numbers and names; documents with aligned passages form a story. A table
    lists the stories; for the first of them are shown who was first, the sources credited and by whom, which facts are
    shared, changed or only in one document, and the sentences with their shared words; for each pair of outlets how
    much the one takes over from the other, with credit and without. Titles, outlets, dates, URLs and authors come from
    columns of these names, pages and front matter. PATH is as for scan.

    \b
    Example:
      dedup align articles/ --outlet-level 1
      dedup align news.jsonl.gz -o stories --date-column published --csv
    """
    from dedup.cli.hints import after_align
    from dedup.render.terminal.stories import show_stories

    require_output("--overwrite", options["overwrite"], "-o", out)
    require_output("--csv", csv, "-o", out)
    quiet = options["quiet"]
    _, strict, as_json, arguments = split_options(options)
    result = api.align(paths, out, stories=stories, language=language, csv=csv, **arguments).result
    if as_json:
        print_json(result.to_dict())
    else:
        with result_console() as console:
            hints = () if quiet else after_align(result, paths, out)
            show_stories(result, console, details=details, offsets=offsets, hints=hints)
    exit_for(result.run, False, strict)


@cli.command(short_help="Compare two texts sentence by sentence.")
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@click.option(
    "--in",
    "folder",
    type=OUTPUT,
    metavar="PATH",
    help="Folder or file that contains the documents with the ids A and B.",
)
@click.option("--language", metavar="CODE", help="Language of both texts, such as fr.  [default: detected]")
@click.option("--html", "page", type=LOCAL, metavar="FILE", help="Write an HTML page instead of printing.")
@click.option(
    "--overwrite", is_flag=True, help="Let --html replace any existing file, not only pages written by dedup."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pager_option
def diff(
    left: str,
    right: str,
    folder: AnyPath | None,
    language: str | None,
    page: Path | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Compare two texts sentence by sentence and word by word.

    A and B are files; or, with --in, the ids of two documents in a folder, in a table, or in an output of clean or
    align. Terminals with at least 100 columns show both texts side by side.

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
    from dedup.render.html.page import check_target, write_page
    from dedup.render.terminal.diff import show_diff

    require_output("--overwrite", overwrite, "--html", page)
    if page is not None:
        check_target(page, overwrite=overwrite)
    texts, names = read_two_texts(left, right, folder)
    result = api.diff(*texts, language)
    if page is not None:
        write_page(api.page(result, names), page, overwrite=overwrite)
    if as_json:
        print_json(result.to_dict())
    elif page:
        print_written(page)
    else:
        with result_console() as console:
            show_diff(result, names, console)


@cli.command(short_help="Show what is read in a text: sentences, facts, credited sources.")
@click.argument("file", metavar="FILE")
@click.option("--language", metavar="CODE", help="Language of the text, such as fr.  [default: detected]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pager_option
def analyze(file: str, language: str | None, as_json: bool) -> None:
    """Show the sentences, facts and credited sources of a text, as align and diff read them.

    FILE is a file with one text, or - for standard input.

    \b
    Example:
      dedup analyze article.txt
    """
    from dedup.text.language import load_in_background

    if language is None:
        load_in_background()
    from dedup.cli.texts import read_text
    from dedup.render.terminal.analysis import show_analysis

    text = read_text(file)
    result = api.analyze(text, language)
    if as_json:
        print_json(result.to_dict())
    else:
        with result_console() as console:
            show_analysis(text, result, console)


@cli.command(short_help="Write one HTML page of results.")
@click.argument("outs", nargs=-1, required=True, type=OUTPUT, metavar="OUT…")
@click.option(
    "-o", "to", type=LOCAL, metavar="FILE", default="report.html", help="File to write.  [default: report.html]"
)
@click.option("--open", "opens", is_flag=True, help="Open the page in a browser.")
@click.option(
    "--passages",
    type=click.IntRange(min=0),
    default=20_000,
    metavar="N",
    help="Number of removed passages to show, those of the largest groups first.  [default: 20000]",
)
@click.option(
    "--stories",
    type=click.IntRange(min=0),
    default=1_000,
    metavar="N",
    help="Number of stories to show, those with most evidence first.  [default: 1000]",
)
@click.option(
    "--diffs",
    type=click.IntRange(min=0),
    default=250,
    metavar="N",
    help="Number of document pairs to compare, the best of each story first.  [default: 250]",
)
@click.option("--overwrite", is_flag=True, help="Replace any existing file, not only pages written by dedup.")
@click.option("-q", "--quiet", is_flag=True, help="Do not show progress, nor what was written.")
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


cli.add_command(index)
