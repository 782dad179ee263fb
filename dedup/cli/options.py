"""Options that several commands share, and the groups in which the help lists them."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from dedup.runtime.storage.paths import check_path, parse_remote
from dedup.settings import HtmlText, Paragraphs, ParagraphsBy, Quoting, Reading, Resources, Settings, Tokens, Unit

Command = TypeVar("Command", bound=Callable[..., None])

OUTPUT_GROUP = "Output"
_DUPLICATE_GROUP, _INPUT_GROUP, _RESOURCE_GROUP, _ENGINE_GROUP = "Duplicates", "Input", "Resources", "Engine"


class PathType(click.Path):
    """A path, which is local unless `remote` is set; then an address in an object store is accepted too."""

    def __init__(self, *, remote: bool) -> None:
        """Create the type; see the class."""
        super().__init__(path_type=Path)
        self.remote = remote

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a local path or an address."""
        name = param.opts[-1] if isinstance(param, click.Option) else "A path"
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
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                groups.setdefault(getattr(parameter, "group", OUTPUT_GROUP), []).append(record)
        for title in (_DUPLICATE_GROUP, _INPUT_GROUP, _RESOURCE_GROUP, _ENGINE_GROUP, OUTPUT_GROUP):
            if title in groups:
                with formatter.section(title):
                    formatter.write_dl(groups[title])


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


_AGAINST = option(
    "--against",
    multiple=True,
    callback=lambda _context, _parameter, value: value or None,
    group=_DUPLICATE_GROUP,
    metavar="REF",
    help="Compare with REF too, which is always kept and not written: an index, an output of clean (of which only "
    "what it kept counts), or any input. Can be given several times.",
)
_KEEP = option(
    "--keep",
    group=_DUPLICATE_GROUP,
    metavar="WHICH",
    help=_with_default(
        "Which of two duplicate documents to keep: first, longest, or the one with the least value in COLUMN (or "
        "with the greatest: -COLUMN).",
        Settings.keep,
    ),
)
_DUPLICATE_OPTIONS = [
    option(
        "--threshold",
        type=float,
        group=_DUPLICATE_GROUP,
        metavar="J",
        help=_with_default(
            "Least Jaccard similarity of two duplicates, above 0 and at most 1. A changed word changes up to 3 of "
            "the n-2 shingles of a paragraph of n tokens, so 0.8 allows about one changed word in 30.",
            Settings.threshold,
        ),
    ),
    option(
        "--shingle",
        callback=parse_shingle,
        group=_DUPLICATE_GROUP,
        metavar="N[,M]",
        help=_with_default(
            "Tokens (words) in a shingle: N for both units, or N for documents and M for paragraphs.",
            f"{Settings.shingle_documents},{Settings.shingle_paragraphs}",
        ),
    ),
    option(
        "--unit",
        type=click.Choice(get_args(Unit)),
        group=_DUPLICATE_GROUP,
        help=_with_default("Units to compare.", Settings.unit),
    ),
    option(
        "--paragraphs",
        type=click.Choice(get_args(Paragraphs)),
        group=_DUPLICATE_GROUP,
        help=_with_default(
            "Which duplicate paragraphs count: none, only those within the same document, or all.",
            f"{Settings.paragraphs}; for scan: all",
        ),
    ),
    option(
        "--near-within",
        is_flag=True,
        default=None,
        group=_DUPLICATE_GROUP,
        help="Within a document, count near-duplicate paragraphs too, not only those with the same words.",
    ),
    option(
        "--paragraphs-by",
        type=click.Choice(get_args(ParagraphsBy)),
        group=_DUPLICATE_GROUP,
        help=_with_default(
            "Separator of paragraphs; auto splits at every line, except in hard-wrapped blocks of lines.",
            Settings.paragraphs_by,
        ),
    ),
    option(
        "--tokens",
        type=click.Choice(get_args(Tokens)),
        group=_DUPLICATE_GROUP,
        help=_with_default(
            "What is compared: words, without regard to case, accents and punctuation; or, for source code and "
            "mathematics, words as they are written and each punctuation mark and symbol.",
            Settings.tokens,
        ),
    ),
    option(
        "--min-tokens",
        type=int,
        group=_DUPLICATE_GROUP,
        metavar="N",
        help=_with_default(
            "Paragraphs with fewer tokens (words) are never removed, and documents only if another has the same words.",
            Settings.min_tokens,
        ),
    ),
    option(
        "--exact",
        is_flag=True,
        default=None,
        group=_DUPLICATE_GROUP,
        help="Count only texts with the same characters, apart from white space around them.",
    ),
    option(
        "--ignore",
        multiple=True,
        callback=lambda _context, _parameter, value: value or None,
        group=_DUPLICATE_GROUP,
        metavar="PATTERN",
        help="Do not compare text that matches PATTERN (syntax of RE2), such as time stamps. It stays in the text.",
    ),
    option(
        "--per",
        group=_DUPLICATE_GROUP,
        metavar="COLUMN",
        help="Compare only documents with the same value in COLUMN, such as a language or a year.",
    ),
    _AGAINST,
    _KEEP,
    option(
        "--seed",
        type=int,
        group=_DUPLICATE_GROUP,
        metavar="N",
        help=_with_default("Seed of the MinHash permutations.", Settings.seed),
    ),
]

_INPUT_OPTIONS = [
    option(
        "--files-from",
        multiple=True,
        group=_INPUT_GROUP,
        metavar="FILE",
        callback=add_lists,
        expose_value=False,
        help="Read the paths in FILE too, one in each line, or separated by NUL; - for standard input. Same as @FILE.",
    ),
    option(
        "--text-column",
        group=_INPUT_GROUP,
        metavar="NAME",
        help=_with_default(
            "Column of the text; a path such as data.body; or several, separated by commas, which are joined.",
            "found by name, or the only column of prose",
        ),
    ),
    option("--id-column", group=_INPUT_GROUP, metavar="NAME", help="Column of the id.  [default: found by name]"),
    option(
        "--outlet-column", group=_INPUT_GROUP, metavar="NAME", help="Column of the outlet.  [default: found by name]"
    ),
    option("--date-column", group=_INPUT_GROUP, metavar="NAME", help="Column of the date.  [default: found by name]"),
    option(
        "--title-column",
        group=_INPUT_GROUP,
        metavar="NAME",
        help="Column of the title: displayed, not compared.  [default: found by name]",
    ),
    option("--url-column", group=_INPUT_GROUP, metavar="NAME", help="Column of the URL.  [default: found by name]"),
    option(
        "--author-column", group=_INPUT_GROUP, metavar="NAME", help="Column of the author.  [default: found by name]"
    ),
    option(
        "--outlet-level",
        type=int,
        group=_INPUT_GROUP,
        metavar="N",
        help="Use the name of the Nth folder below PATH as outlet; 1 is the first.",
    ),
    option(
        "--html-text",
        type=click.Choice(get_args(HtmlText)),
        group=_INPUT_GROUP,
        help=_with_default(
            "Text to extract from HTML: all, or only the main article (requires dedup-text[html]).", Reading.html_text
        ),
    ),
    option(
        "--delimiter",
        group=_INPUT_GROUP,
        metavar="CHAR",
        callback=parse_delimiter,
        help="Field separator of CSV and TSV files; \\t or tab for a tab.  [default: detected]",
    ),
    option(
        "--quoting",
        type=click.Choice(get_args(Quoting)),
        group=_INPUT_GROUP,
        help=_with_default(
            'Quoting of CSV and TSV files: "..." with doubled quotes inside, "..." with \\" inside, or none.',
            "auto, detected",
        ),
    ),
    option(
        "--no-header",
        "header",
        flag_value=False,
        type=bool,
        default=None,
        group=_INPUT_GROUP,
        help="The first row of CSV and TSV files is a record, not the names of the columns.  [default: detected]",
    ),
]

_RESOURCE_OPTIONS = [
    option(
        "--workers",
        type=int,
        group=_RESOURCE_GROUP,
        metavar="N",
        help=_with_default("Number of threads; `align` uses so many processes.", "number of cores"),
    ),
    option(
        "--memory",
        group=_RESOURCE_GROUP,
        metavar="SIZE",
        help=_with_default(
            "Memory for tables and sorting, such as 512MB or 2GB; larger data is spilled to --temp-dir.",
            f"{Resources.memory / 2**30:g}GiB",
        ),
    ),
    option(
        "--temp-dir",
        type=LOCAL,
        group=_RESOURCE_GROUP,
        metavar="DIR",
        help=_with_default("Folder for temporary files.", "folder of the system"),
    ),
]

_ENGINE_OPTIONS = [
    option(
        "--engine",
        type=click.Choice(("local", "spark")),
        group=_ENGINE_GROUP,
        help=_with_default("This machine, or Apache Spark (requires dedup-text[spark] and Java 17).", "local"),
    ),
    option(
        "--master",
        group=_ENGINE_GROUP,
        metavar="URL",
        help="Master of the cluster: local[*], spark://HOST:7077, yarn or k8s://URL.  [default: that of the "
        "configuration of Spark, else local[*]]",
    ),
    option(
        "--spark-conf",
        multiple=True,
        callback=lambda _context, _parameter, value: value or None,
        group=_ENGINE_GROUP,
        metavar="KEY=VALUE",
        help="A setting of Spark, such as spark.executor.memory=4g. Can be given several times.",
    ),
    option(
        "--resume",
        is_flag=True,
        default=None,
        group=_ENGINE_GROUP,
        help="Continue a run to the same OUT that did not end; its stages that are done are not repeated.",
    ),
    option(
        "--single-file",
        is_flag=True,
        default=None,
        group=_ENGINE_GROUP,
        help="Write each table as one file. Without it, Spark writes folders of parts: "
        "clean.parquet/part-00000.parquet and so on.",
    ),
]

_OVERWRITE = option("--overwrite", is_flag=True, help="Replace OUT if it was written by dedup.")
_CHECK = option("--check", is_flag=True, help="Exit with code 1 if duplicates are found.")
_REPORTING_OPTIONS = [
    option("--strict", is_flag=True, help="Exit with code 1 if an input could not be read."),
    option("--json", "as_json", is_flag=True, help="Print one JSON document instead of tables."),
    option("-q", "--quiet", is_flag=True, help="Do not show progress."),
]


def duplicate_options(command: Command) -> Command:
    """Add the options of `scan` and `clean` to a command."""
    return _add_options(
        command,
        [
            *_DUPLICATE_OPTIONS,
            *_INPUT_OPTIONS,
            *_RESOURCE_OPTIONS,
            *_ENGINE_OPTIONS,
            _OVERWRITE,
            _CHECK,
            *_REPORTING_OPTIONS,
        ],
    )


def index_options(command: Command) -> Command:
    """Add the options of `index add` to a command: those of `clean` that an index can have."""
    duplicate = [declared for declared in _DUPLICATE_OPTIONS if declared not in (_AGAINST, _KEEP)]
    duplicate.append(option("--keep", hidden=True, help="Refused with the reason."))
    return _add_options(
        command, [*duplicate, *_INPUT_OPTIONS, *_RESOURCE_OPTIONS, _OVERWRITE, _CHECK, *_REPORTING_OPTIONS]
    )


def resource_options(command: Command) -> Command:
    """Add the options of a command that reads no corpus to a command."""
    return _add_options(command, [*_RESOURCE_OPTIONS, *_REPORTING_OPTIONS[1:]])


def corpus_options(command: Command) -> Command:
    """Add the options of every command that reads a corpus to a command."""
    return _add_options(command, [*_INPUT_OPTIONS, *_RESOURCE_OPTIONS, _OVERWRITE, *_REPORTING_OPTIONS])


def _add_options(command: Command, options: list[Callable[[Command], Command]]) -> Command:
    for add in reversed(options):
        command = add(command)
    return command
