"""Options that several commands share, and the groups in which the help lists them."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, get_args

import click
from click.shell_completion import CompletionItem

from dedup.runtime.storage.paths import check_path, parse_remote
from dedup.settings import HtmlText, Paragraphs, ParagraphsBy, Quoting, Reading, Resources, Settings, Tokens, Unit

Command = TypeVar("Command", bound=Callable[..., None])

COMPARISON_GROUP, INPUT_GROUP, OUTPUT_GROUP = "Comparison", "Input", "Output"
_RESOURCE_GROUP, _ENGINE_GROUP = "Resources", "Engine"
GROUPS = (COMPARISON_GROUP, INPUT_GROUP, OUTPUT_GROUP, _RESOURCE_GROUP, _ENGINE_GROUP)
"""The groups of the help, in order: those that most users need come first."""


class PathType(click.Path):
    """A path, which is local unless `remote` is set; then an address in an object store is accepted too."""

    def __init__(self, *, remote: bool) -> None:
        """Create the type; see the class."""
        super().__init__(path_type=Path)
        self.remote = remote

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a local path or an address."""
        name = param.opts[0] if isinstance(param, click.Option) else "A path"
        check_path(value, name)
        address = parse_remote(value)
        if address is None:
            return super().convert(value, param, ctx)
        if not self.remote:
            self.fail(f"{address} is in an object store, but this path must be local.", param, ctx)
        return address


LOCAL, OUTPUT = PathType(remote=False), PathType(remote=True)


class GroupedOption(click.Option):
    """An option that belongs to a group of the help."""

    def __init__(self, *args: Any, group: str = OUTPUT_GROUP, **kwargs: Any) -> None:
        """Create the option; see `click.Option` for all arguments but the group."""
        super().__init__(*args, **kwargs)
        self.group = group


class GroupedCommand(click.Command):
    """A command whose help lists the options by group."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one section of the help for each group."""
        for title, records in self.grouped_options(ctx).items():
            with formatter.section(title):
                formatter.write_dl(records)

    def grouped_options(self, ctx: click.Context) -> dict[str, list[tuple[str, str]]]:
        """Return the options of each group with their help, in order."""
        groups: dict[str, list[tuple[str, str]]] = {title: [] for title in GROUPS}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                groups[getattr(parameter, "group", OUTPUT_GROUP)].append(record)
        return {title: records for title, records in groups.items() if records}


def parse_shingle(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> int | tuple[int, ...] | None:
    """Parse one number, or two numbers separated by a comma."""
    if value is None:
        return None
    try:
        numbers = tuple(int(part) for part in value.split(","))
    except ValueError:
        message = f"{value!r} is not a number, nor two numbers separated by a comma."
        raise click.BadParameter(message, context, parameter) from None
    return numbers[0] if len(numbers) == 1 else numbers


def parse_delimiter(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    r"""Accept ``\t`` and ``tab`` for a tab, and ``\x01`` for a control character."""
    if value is not None and re.fullmatch(r"\\x[0-9a-fA-F]{2}", value):
        return chr(int(value[2:], 16))
    return "\t" if value in ("\\t", "tab") else value


def add_lists(context: click.Context, _parameter: click.Parameter, value: tuple[str, ...]) -> None:
    """Add the lists of paths to the inputs of a command, after the paths."""
    paths = (*context.params.get("paths", ()), *(f"@{name}" for name in value))
    if not paths:
        raise click.UsageError("Missing argument 'PATH…'.", context)
    context.params["paths"] = paths


def option(*names: str, group: str = OUTPUT_GROUP, **kwargs: Any) -> Callable[[Command], Command]:
    """Declare an option of a group. Options have no default here, so that the defaults of the library apply."""
    return click.option(*names, cls=GroupedOption, group=group, **kwargs)


def _with_default(text: str, default: object) -> str:
    return f"{text}  [default: {default}]"


def _several(_context: click.Context, _parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the values of an option that can be given several times; None if it is not given."""
    return value or None


_compare = partial(option, group=COMPARISON_GROUP)
_read = partial(option, group=INPUT_GROUP)
_use = partial(option, group=_RESOURCE_GROUP)
_execute = partial(option, group=_ENGINE_GROUP)

_THRESHOLD = _compare(
    "--threshold",
    type=float,
    metavar="J",
    help=_with_default(
        "Minimum Jaccard similarity of two duplicates, above 0 and at most 1. A changed word changes up to 3 of the "
        "n-2 shingles of a paragraph of n tokens, so 0.8 allows about one changed word in 30. dedup tune shows what "
        "each threshold removes.",
        Settings.threshold,
    ),
)


def _paragraphs(default: str) -> Callable[[Command], Command]:
    """Declare the option ``--paragraphs`` with a default, which the help states."""
    return _compare(
        "--paragraphs",
        type=click.Choice(get_args(Paragraphs)),
        help=_with_default(
            "Duplicate paragraphs to remove: none; those that repeat a paragraph of the same document (within); or "
            "also those that repeat a paragraph of another document (all).",
            default,
        ),
    )


_PARAGRAPHS = _paragraphs(Settings.paragraphs)
_PARAGRAPHS_OF_SCAN = _paragraphs(f"all; {Settings.paragraphs} with --contained")
_KEEP = _compare(
    "--keep",
    metavar="WHICH",
    help=_with_default(
        "Which of two duplicate documents to keep: first, longest, or the one with the smallest value in COLUMN (or "
        "the largest: -COLUMN).",
        Settings.keep,
    ),
)
_EXACT = _compare(
    "--exact",
    is_flag=True,
    default=None,
    help="Treat only texts with the same characters as duplicates, apart from white space around them.",
)
_AGAINST = _compare(
    "--against",
    multiple=True,
    callback=_several,
    metavar="REF",
    help="Compare also with REF, whose documents are always kept and never written: an index, an output of clean (of "
    "which only the kept texts count), or any input. Can be given several times.",
)
_AGAINST_TEXT_COLUMN = _compare(
    "--against-text-column",
    metavar="NAME",
    help="Column of the text of REF, such as question, if it is an input whose text has another name.  [default: that "
    "of --text-column]",
)
_CONTAINED = _compare(
    "--contained",
    type=int,
    metavar="N",
    help="Search the documents for each document of REF, such as a test question, by the runs of N tokens (words) that "
    "both have; 13 is usual. A document that contains one is removed; with --paragraphs all, only the paragraphs that "
    "contain it.",
)
_CONTAINED_SHARE = _compare(
    "--contained-share",
    type=float,
    metavar="SHARE",
    help=_with_default(
        "Minimum share of the runs of a document of REF that must occur close together in a document, above 0 and at "
        "most 1.",
        Settings.contained_share,
    ),
)
_OF_REFERENCES = (_AGAINST, _AGAINST_TEXT_COLUMN, _CONTAINED, _CONTAINED_SHARE)
_DUPLICATE_OPTIONS = [
    _THRESHOLD,
    _PARAGRAPHS,
    _KEEP,
    _EXACT,
    *_OF_REFERENCES,
    _compare(
        "--per",
        metavar="COLUMN",
        help="Compare only documents with the same value in COLUMN, such as a language or a year.",
    ),
    _compare(
        "--ignore",
        multiple=True,
        callback=_several,
        metavar="PATTERN",
        help="Do not compare text that matches PATTERN (syntax of RE2), such as time stamps. It stays in the text. Can "
        "be given several times.",
    ),
    _compare(
        "--unit",
        type=click.Choice(get_args(Unit)),
        help=_with_default("Compare only whole documents, only paragraphs, or both.", Settings.unit),
    ),
    _compare(
        "--near-within",
        is_flag=True,
        default=None,
        help="Within a document, remove near-duplicate paragraphs too, not only those with the same words.",
    ),
    _compare(
        "--min-tokens",
        type=int,
        metavar="N",
        help=_with_default(
            "Paragraphs of fewer than N tokens (words) are never removed, and documents only if another has the same "
            "words.",
            Settings.min_tokens,
        ),
    ),
    _compare(
        "--tokens",
        type=click.Choice(get_args(Tokens)),
        help=_with_default(
            "What is compared: words, ignoring case, accents and punctuation; or, for source code and "
            "mathematics, words as they are written and each punctuation mark and symbol (signs).",
            Settings.tokens,
        ),
    ),
    _compare(
        "--paragraphs-by",
        type=click.Choice(get_args(ParagraphsBy)),
        help=_with_default(
            "What separates paragraphs: each line end (line), or blank lines (blank-line); auto takes line ends, "
            "except in blocks of hard-wrapped lines.",
            Settings.paragraphs_by,
        ),
    ),
    _compare(
        "--shingle",
        callback=parse_shingle,
        metavar="N[,M]",
        help=_with_default(
            "Number of consecutive tokens (words) that are compared as one: N for documents and paragraphs, or N for "
            "documents and M for paragraphs.",
            f"{Settings.shingle_documents},{Settings.shingle_paragraphs}",
        ),
    ),
    _compare(
        "--seed",
        type=int,
        metavar="N",
        help=_with_default(
            "Seed of the random hash functions; with another seed, a few other pairs at the threshold may be found.",
            Settings.seed,
        ),
    ),
]

_INPUT_OPTIONS = [
    _read(
        "--text-column",
        metavar="NAME",
        help=_with_default(
            "Column of the text; a path such as data.body; or several, separated by commas, which are joined.",
            "found by name, or the only column of prose",
        ),
    ),
    _read("--id-column", metavar="NAME", help="Column of the id of a document.  [default: found by name]"),
    _read("--date-column", metavar="NAME", help="Column of the date of publication.  [default: found by name]"),
    _read("--outlet-column", metavar="NAME", help="Column of the publisher of a document.  [default: found by name]"),
    _read(
        "--outlet-level",
        type=int,
        metavar="N",
        help="Use the name of the Nth folder below PATH as the outlet; 1 is the first.",
    ),
    _read(
        "--title-column",
        metavar="NAME",
        help="Column of the title, which is displayed and not compared.  [default: found by name]",
    ),
    _read("--url-column", metavar="NAME", help="Column of the URL.  [default: found by name]"),
    _read("--author-column", metavar="NAME", help="Column of the author.  [default: found by name]"),
    _read(
        "--html-text",
        type=click.Choice(get_args(HtmlText)),
        help=_with_default(
            "Text to extract from HTML pages: all, or only the main article (requires dedup-text[html]).",
            Reading.html_text,
        ),
    ),
    _read(
        "--files-from",
        multiple=True,
        metavar="FILE",
        callback=add_lists,
        expose_value=False,
        help="Also read the paths in FILE, one per line or separated by NUL; - for standard input. Same as @FILE.",
    ),
    _read(
        "--delimiter",
        metavar="CHAR",
        callback=parse_delimiter,
        help="Field separator of CSV and TSV files; \\t or tab for a tab.  [default: detected]",
    ),
    _read(
        "--quoting",
        type=click.Choice(get_args(Quoting)),
        help=_with_default(
            'Quoting of CSV and TSV files: "..." with doubled quotes inside, "..." with \\" inside, or none.',
            "auto, detected",
        ),
    ),
    _read(
        "--no-header",
        "header",
        flag_value=False,
        type=bool,
        default=None,
        help="The first row of CSV and TSV files is data, not the names of the columns.  [default: detected]",
    ),
]
LANGUAGE = _read("--language", metavar="CODE", help="Language of all texts, such as fr.  [default: detected]")

_RESOURCE_OPTIONS = [
    _use(
        "--workers",
        type=int,
        metavar="N",
        help=_with_default("Number of threads; for align, number of processes.", "number of cores"),
    ),
    _use(
        "--memory",
        metavar="SIZE",
        help=_with_default(
            "Memory for tables and sorting, such as 512MB or 2GB; larger data is spilled to --temp-dir.",
            f"{Resources.memory / 2**30:g}GiB",
        ),
    ),
    _use(
        "--temp-dir",
        type=LOCAL,
        metavar="DIR",
        help=_with_default("Folder for temporary files.", "that of the system"),
    ),
]

_ENGINE_OPTIONS = [
    _execute(
        "--engine",
        type=click.Choice(("local", "spark")),
        help=_with_default(
            "Where to run: on this machine, or on Apache Spark (requires dedup-text[spark] and Java 17).", "local"
        ),
    ),
    _execute(
        "--master",
        metavar="URL",
        help="Master of the Spark cluster: local[*], spark://HOST:7077, yarn or k8s://URL.  [default: that of the "
        "configuration of Spark, else local[*]]",
    ),
    _execute(
        "--spark-conf",
        multiple=True,
        callback=_several,
        metavar="KEY=VALUE",
        help="A setting of Spark, such as spark.executor.memory=4g. Can be given several times.",
    ),
    _execute(
        "--resume",
        is_flag=True,
        default=None,
        help="Continue an unfinished run on Spark to the same OUT; finished stages are not repeated.",
    ),
    _execute(
        "--single-file",
        is_flag=True,
        default=None,
        help="Write each table as one file. Without it, Spark writes folders of parts: "
        "clean.parquet/part-00000.parquet and so on.",
    ),
]

OVERWRITE = option("--overwrite", is_flag=True, help="Replace OUT if it was written by dedup.")
OVERWRITE_PAGE = option("--overwrite", is_flag=True, help="Replace any existing file, not only pages written by dedup.")
OVERWRITE_HTML = option(
    "--overwrite", is_flag=True, help="Let --html replace any existing file, not only pages written by dedup."
)
HTML = option(
    "--html",
    "page",
    type=LOCAL,
    metavar="FILE",
    help="Write the results as an HTML page to FILE instead of printing them.",
)
JSON = option("--json", "as_json", is_flag=True, help="Print one JSON document instead of tables and text.")
QUIET = option(
    "-q",
    "--quiet",
    is_flag=True,
    help="Show no progress and no hints. If the results are written to a file or folder, print nothing but errors.",
)
_CHECK = option("--check", is_flag=True, help="Exit with code 1 if duplicates are found.")
_STRICT = option("--strict", is_flag=True, help="Exit with code 1 if an input, or a part of it, could not be read.")
_REPORTING_OPTIONS = [OVERWRITE, _CHECK, _STRICT, JSON, QUIET]
_RUN_OPTIONS = [*_INPUT_OPTIONS, *_REPORTING_OPTIONS, *_RESOURCE_OPTIONS, *_ENGINE_OPTIONS]


def output(metavar: str, text: str, **kwargs: Any) -> Callable[[Command], Command]:
    """Declare the option ``-o``, which names what is written.

    Args:
        metavar: What it is: OUT, FILE or DIR.
        text: The help.
        kwargs: Other arguments of `click.option`.
    """
    return option("-o", "--output", "out", metavar=metavar, help=text, **{"type": OUTPUT, **kwargs})


def paths_argument(command: Command) -> Command:
    """Add the argument PATH…, for which shells complete names of files."""
    argument = click.argument("paths", nargs=-1, is_eager=True, metavar="PATH…", shell_complete=_complete_file)
    return argument(command)


def _complete_file(_context: click.Context, _parameter: click.Parameter, start: str) -> list[CompletionItem]:
    """Let the shell complete a name of a file."""
    return [CompletionItem(start, type="file")]


def scan_options(command: Command) -> Command:
    """Add the options of `scan` to a command: those of `clean`, with another default of ``--paragraphs``."""
    duplicate = [_PARAGRAPHS_OF_SCAN if declared is _PARAGRAPHS else declared for declared in _DUPLICATE_OPTIONS]
    return add_options(command, [*duplicate, *_RUN_OPTIONS])


def clean_options(command: Command) -> Command:
    """Add the options of `clean` to a command."""
    return add_options(command, [*_DUPLICATE_OPTIONS, *_RUN_OPTIONS])


def tune_options(command: Command) -> Command:
    """Add the options of `tune` to a command: those of `clean` that have a meaning at every threshold."""
    without = (_THRESHOLD, _EXACT, *_OF_REFERENCES)
    duplicate = [declared for declared in _DUPLICATE_OPTIONS if declared not in without]
    return add_options(command, [*duplicate, *_INPUT_OPTIONS, _STRICT, JSON, QUIET, *_RESOURCE_OPTIONS])


def index_options(command: Command) -> Command:
    """Add the options of `index add` to a command: those of `clean` that an index can have."""
    duplicate = [declared for declared in _DUPLICATE_OPTIONS if declared not in (*_OF_REFERENCES, _KEEP)]
    duplicate.append(option("--keep", hidden=True, help="Refused with the reason."))
    return add_options(command, [*duplicate, *_INPUT_OPTIONS, *_REPORTING_OPTIONS, *_RESOURCE_OPTIONS])


def resource_options(command: Command) -> Command:
    """Add the options of a command that reads no corpus to a command."""
    return add_options(command, [JSON, QUIET, *_RESOURCE_OPTIONS])


def corpus_options(command: Command) -> Command:
    """Add the options of every command that reads a corpus to a command."""
    return add_options(command, [*_INPUT_OPTIONS, OVERWRITE, _STRICT, JSON, QUIET, *_RESOURCE_OPTIONS])


def add_options(command: Command, options: Sequence[Callable[[Command], Command]]) -> Command:
    """Add options to a command, in their order."""
    for add in reversed(options):
        command = add(command)
    return command
