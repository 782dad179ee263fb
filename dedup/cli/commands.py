"""The commands: parse, call the library, show. What takes long to import is imported when a command runs."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from dedup import api
from dedup.cli.errors import say, told
from dedup.cli.options import FILE, FOLDER, Sectioned, option, reading, shared
from dedup.render.format import count, json_lines, plain, plain_json
from dedup.results import Run


class Commands(click.Group):
    """The commands, with whatever goes wrong in them told in a line."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Parse the arguments."""
        with told():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        with told():
            return super().invoke(ctx)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="dedup-text", prog_name="dedup", message="%(prog)s %(version)s")
def cli() -> None:
    """Find repeated text in folders, JSONL, JSON, CSV and Parquet, and take it out with the evidence kept.

    \b
      dedup scan articles/           what is repeated, where, how much
      dedup clean articles/ -o out   the cleaned corpus, and why each passage went
      dedup explain out 004          what became of one document
      dedup restore out              the originals again
      dedup align articles/          who reports the same story, crediting whom
      dedup diff one.txt other.txt   what two texts say alike
      dedup report out stories       a page of all that, to look at

    Results go to standard output, progress and warnings to standard error. Exit codes: 0 done; 1 done, but
    --check found duplicates or --strict met input that cannot be read; 2 the options, the input or the output
    cannot be used; 130 interrupted.
    """


@cli.command(cls=Sectioned, short_help="What is repeated, where, how much.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@option("-o", "out", type=FOLDER, metavar="OUT", help="Also write pairs.parquet and run.json to this folder.")
@option(
    "--groups",
    type=click.IntRange(min=0),
    default=10,
    metavar="N",
    help="How many groups of duplicates to show, largest first.  [default: 10]",
)
@shared
def scan(paths: tuple[str, ...], out: Path | None, groups: int, **options: Any) -> None:
    """Tell what is repeated, where and how much; texts stay as they are.

    PATH is a folder, a file (text, Markdown, HTML, JSONL, JSON, CSV, TSV, Parquet, each also .gz or .zst), or
    - for standard input.

    \b
    Example:
      dedup scan articles/
      dedup scan news.jsonl.gz --text-column body --paragraphs within
    """
    from dedup.render.terminal.duplicates import show_scan
    from dedup.render.terminal.layout import console

    check, strict, as_json, chosen = _sort_out(options)
    found = api.scan(paths, out, groups=groups, **chosen)
    if as_json:
        _print_json(found.to_dict())
    else:
        show_scan(found, console())
    _end(found.run, check, strict)


@cli.command(cls=Sectioned, short_help="The corpus without it, and the evidence.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@option("-o", "out", type=FOLDER, required=True, metavar="OUT", help="Folder to write.")
@shared
def clean(paths: tuple[str, ...], out: Path, **options: Any) -> None:
    """Write the corpus without what is repeated, and the evidence for each passage taken out.

    OUT gets clean.parquet (the documents that stay), removed.parquet (what was taken out, and for what),
    pairs.parquet (the duplicates found) and run.json; it is written whole or not at all. PATH is as for scan.

    \b
    Example:
      dedup clean articles/ -o out
      dedup clean news.parquet -o out --paragraphs all --keep date
    """
    from dedup.render.terminal.duplicates import show_clean
    from dedup.render.terminal.layout import console

    check, strict, as_json, chosen = _sort_out(options)
    run = api.clean(paths, out, **chosen).run
    if as_json:
        _print_json(run.to_dict())
    else:
        show_clean(run, out, console())
    _end(run, check, strict)


@cli.command(short_help="The originals again.")
@click.argument("out", type=FOLDER, metavar="OUT")
@click.option("-o", "folder", type=FOLDER, metavar="DIR", help="Write files to this folder, not JSON lines.")
@click.option("--overwrite", is_flag=True, help="Replace files that are in DIR.")
@click.option("--quiet", is_flag=True, help="Do not say what was written.")
def restore(out: Path, folder: Path | None, overwrite: bool, quiet: bool) -> None:
    """Give the originals again, character for character, from what clean left in OUT.

    Without -o, one JSON line a document goes to standard output. With it, each document that was a file goes
    to its path in DIR, as UTF-8, and the rows of each table to one .jsonl file.

    \b
    Example:
      dedup restore out > originals.jsonl
      dedup restore out -o originals/
    """
    from dedup.outputs.restore import lines

    if folder is None:
        for batch in api.restore(out):
            _print_lines(lines(batch))
        return
    restored = api.restore_to(out, folder, overwrite=overwrite)
    if not quiet:
        from dedup.render.terminal.duplicates import show_restored
        from dedup.render.terminal.layout import console

        show_restored(restored, console())


@cli.command(short_help="Why a document was removed or kept.")
@click.argument("out", type=FOLDER, metavar="OUT")
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, with all texts whole.")
def explain(out: Path, name: str, as_json: bool) -> None:
    """Show why a document was removed or kept, and what went beside what stays.

    OUT is what clean wrote. ID is the document's id; or its rank, as #4; or its path, or how that begins or
    ends. What is only in the removed text stands in [-…-], what is only in the kept one in {+…+}.

    \b
    Example:
      dedup explain out 004
    """
    from dedup.render.terminal.explanation import show_explanations
    from dedup.render.terminal.layout import console

    found = api.explain(out, name)
    if as_json:
        _print_json([explanation.to_dict() for explanation in found])
    else:
        show_explanations(found, console())


@cli.command(cls=Sectioned, short_help="Who reports the same story, passage by passage.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@option("-o", "out", type=FOLDER, metavar="OUT", help="Also write stories.parquet, links.parquet and run.json.")
@option(
    "--stories",
    type=click.IntRange(min=0),
    default=10,
    metavar="N",
    help="How many stories to show, those of most documents first.  [default: 10]",
)
@option("--language", metavar="CODE", help="Language of all documents, such as fr.  [default: as detected]")
@reading
def align(paths: tuple[str, ...], out: Path | None, stories: int, language: str | None, **options: Any) -> None:
    """Show which documents report the same story in their own words, whom they credit, which facts they share.

    PATH is as for scan. Sentences are aligned by the words, numbers and names they share; documents whose
    passages report the same make a story.

    \b
    Example:
      dedup align articles/
      dedup align news.jsonl.gz -o stories --date-column published
    """
    from dedup.render.terminal.layout import console
    from dedup.render.terminal.stories import show_stories

    _, strict, as_json, chosen = _sort_out(options)
    found = api.align(paths, out, stories=stories, language=language, **chosen).result
    if as_json:
        _print_json(found.to_dict())
    else:
        show_stories(found, console())
    _end(found.run, False, strict)


@cli.command(short_help="The alignment of two texts.")
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@click.option("--in", "folder", type=FOLDER, metavar="OUT_OR_FOLDER", help="Where A and B are ids of documents.")
@click.option("--language", metavar="CODE", help="Language of both, such as fr.  [default: as detected]")
@click.option("--html", "page", type=FILE, metavar="FILE", help="Write a page to look at, instead of printing.")
@click.option("--overwrite", is_flag=True, help="Let --html replace any file, not only a page of dedup.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def diff(
    left: str, right: str, folder: Path | None, language: str | None, page: Path | None, overwrite: bool, as_json: bool
) -> None:
    """Show what two texts say alike, sentence by sentence and word by word.

    A and B are files; or, with --in, the ids of two documents in a folder of articles, in a table, or in what
    clean wrote. Two columns where the terminal is 100 characters wide or more.

    \b
    Example:
      dedup diff one.txt other.txt
      dedup diff --in articles/ 000 001
      dedup diff --in articles/ 000 001 --html diff.html
    """
    from dedup.cli.texts import two_texts
    from dedup.render.html.page import check_target, write_page
    from dedup.render.terminal.diff import show_diff
    from dedup.render.terminal.layout import console

    if page is not None:
        check_target(page, overwrite=overwrite)
    (one, other), names = two_texts(left, right, folder)
    found = api.diff(one, other, language)
    if page is not None:
        write_page(api.page(found, names), page, overwrite=overwrite)
    if as_json:
        _print_json(found.to_dict())
    elif page:
        _say_written(page)
    else:
        show_diff(found, names, console())


@cli.command(short_help="One page of what clean and align left.")
@click.argument("outs", nargs=-1, required=True, type=FOLDER, metavar="OUT…")
@click.option(
    "-o", "to", type=FILE, metavar="FILE", default="report.html", help="Page to write.  [default: report.html]"
)
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@click.option(
    "--passages",
    type=click.IntRange(min=0),
    default=20_000,
    metavar="N",
    help="How many removed passages to show, those of the largest groups.  [default: 20000]",
)
@click.option(
    "--stories",
    type=click.IntRange(min=0),
    default=1_000,
    metavar="N",
    help="How many stories to show, those of most documents.  [default: 1000]",
)
@click.option(
    "--diffs",
    type=click.IntRange(min=0),
    default=250,
    metavar="N",
    help="How many pairs of documents to align, the best of each story first.  [default: 250]",
)
@click.option("--overwrite", is_flag=True, help="Replace any file, not only a page of dedup.")
@click.option("--quiet", "-q", is_flag=True, help="No progress, and do not say what was written.")
def report(outs: tuple[Path, ...], to: Path, opens: bool, quiet: bool, **options: Any) -> None:
    """Draw what clean, align and scan left as one page, to open in a browser.

    OUT is a folder that one of them wrote; name as many as you like. The page needs no network and no other
    file. It holds every group of duplicates with the differences marked, and every story with its facts,
    sources and documents side by side.

    \b
    Example:
      dedup report out
      dedup report out stories -o report.html --open
    """
    import webbrowser

    from dedup.cli.progress import make_progress

    written = api.report(outs, to, progress=make_progress(quiet), **options)
    if not quiet:
        _say_written(written)
    if opens and not webbrowser.open(written.resolve().as_uri()):
        say("No browser was found; open the page yourself.")


def _sort_out(given: dict[str, Any]) -> tuple[bool, bool, bool, dict[str, Any]]:
    """Part what is for the command line, --check, --strict and --json, from what the library takes."""
    from dedup.cli.progress import make_progress

    check, strict, as_json, quiet = (given.pop(name, False) for name in ("check", "strict", "as_json", "quiet"))
    chosen = {name: value for name, value in given.items() if value is not None}
    return check, strict, as_json, {**chosen, "progress": make_progress(quiet)}


def _say_written(page: Path) -> None:
    click.echo(f"{plain(str(page))}: {page.stat().st_size / 1e6:.2f} MB, open it in a browser.")


def _print_json(content: object) -> None:
    _print_lines(json_lines(content))


def _print_lines(lines: Iterable[str]) -> None:
    """Print JSON, which is UTF-8 whatever the terminal's encoding."""
    for line in lines:
        sys.stdout.buffer.write(plain_json(line).encode() + b"\n")


def _end(run: Run, check: bool, strict: bool) -> None:
    """End with the exit code that --check and --strict ask for, and say why."""
    found = sum(tally.exact + tally.near + tally.emptied for tally in run.removed.values())
    if check and found:
        say(f"--check: {count(found, 'duplicate')} found.")
    if strict and run.skipped:
        say(f"--strict: {count(len(run.skipped), 'input or row', 'inputs or rows')} could not be read.")
    if (check and found) or (strict and run.skipped):
        raise click.exceptions.Exit(1)
