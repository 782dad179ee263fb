"""The options that commands share, and how help lists them: by what they are for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from dedup.settings import Paragraphs, ParagraphsBy, Reading, Resources, Settings, Unit

Command = TypeVar("Command", bound=Callable[..., None])

FILE = FOLDER = click.Path(path_type=Path)
RESULT = "Result"
_DUPLICATE, _INPUT, _MACHINE = "What counts as a duplicate", "Input", "Machine"


class Option(click.Option):
    """An option with the section of help that it belongs to."""

    def __init__(self, *args: Any, section: str = RESULT, **kwargs: Any) -> None:
        """Keep the section."""
        super().__init__(*args, **kwargs)
        self.section = section


class Sectioned(click.Command):
    """A command whose help lists options by section."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, those of a section together."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for option in self.get_params(ctx):
            record = option.get_help_record(ctx) if isinstance(option, click.Option) else None
            if record is not None:
                sections.setdefault(getattr(option, "section", RESULT), []).append(record)
        for title in (_DUPLICATE, _INPUT, _MACHINE, RESULT):
            if title in sections:
                with formatter.section(title):
                    formatter.write_dl(sections[title])


def read_shingle(context: click.Context, parameter: click.Parameter, value: str | None) -> int | tuple[int, ...] | None:
    """Read one number, or two with a comma."""
    if value is None:
        return None
    try:
        numbers = tuple(int(part) for part in value.split(","))
    except ValueError:
        message = f"{value!r} is neither a number nor two numbers with a comma."
        raise click.BadParameter(message, context, parameter) from None
    return numbers[0] if len(numbers) == 1 else numbers


def option(*names: str, section: str = RESULT, **kwargs: Any) -> Callable[[Command], Command]:
    """Declare an option of a section; without a default, what is not given is left to the library."""
    return click.option(*names, cls=Option, section=section, **kwargs)


def _by_default(text: str, default: object) -> str:
    return f"{text}  [default: {default}]"


_DUPLICATES = [
    option(
        "--threshold",
        type=float,
        section=_DUPLICATE,
        metavar="J",
        help=_by_default(
            "Least Jaccard similarity of two duplicates, over 0 and at most 1. One changed word in a paragraph "
            "of n tokens costs up to 3 of its n-2 shingles, so .8 allows about one changed word in 30.",
            Settings.threshold,
        ),
    ),
    option(
        "--shingle",
        callback=read_shingle,
        section=_DUPLICATE,
        metavar="N[,M]",
        help=_by_default(
            "Tokens (words) in a shingle, the overlapping runs that are compared: N for both, or N for "
            "documents and M for paragraphs.",
            f"{Settings.shingle_documents},{Settings.shingle_paragraphs}",
        ),
    ),
    option(
        "--unit",
        type=click.Choice(get_args(Unit)),
        section=_DUPLICATE,
        help=_by_default("What is compared.", Settings.unit),
    ),
    option(
        "--paragraphs",
        type=click.Choice(get_args(Paragraphs)),
        section=_DUPLICATE,
        help=_by_default(
            "Which repeated paragraphs count: none, those repeated within a document, or all.",
            f"{Settings.paragraphs}; in scan, all",
        ),
    ),
    option(
        "--paragraphs-by",
        type=click.Choice(get_args(ParagraphsBy)),
        section=_DUPLICATE,
        help=_by_default(
            "What ends a paragraph; auto takes lines, unless a block of lines looks hard-wrapped.",
            Settings.paragraphs_by,
        ),
    ),
    option(
        "--min-tokens",
        type=int,
        section=_DUPLICATE,
        metavar="N",
        help=_by_default("Paragraphs of fewer tokens (words) are never removed.", Settings.min_tokens),
    ),
    option(
        "--keep",
        section=_DUPLICATE,
        metavar="WHICH",
        help=_by_default(
            "Which of two duplicates stays: the first, the longest, the one with the least COLUMN, or with the "
            "greatest (-COLUMN).",
            Settings.keep,
        ),
    ),
    option(
        "--seed",
        type=int,
        section=_DUPLICATE,
        metavar="N",
        help=_by_default("Seed of the permutations of MinHash.", Settings.seed),
    ),
]

_INPUTS = [
    option("--text-column", section=_INPUT, metavar="NAME", help="Column of the text, if its name does not tell."),
    option("--id-column", section=_INPUT, metavar="NAME", help="Column of the id, likewise."),
    option("--outlet-column", section=_INPUT, metavar="NAME", help="Column of the outlet, likewise."),
    option("--date-column", section=_INPUT, metavar="NAME", help="Column of the date, likewise."),
    option(
        "--outlet-level",
        type=int,
        section=_INPUT,
        metavar="N",
        help="Which folder under PATH names the outlet: 1 is the first.",
    ),
    option(
        "--html",
        type=click.Choice(["all", "main"]),
        section=_INPUT,
        help=_by_default("All the text of a page, or only its article (needs dedup-text[html]).", Reading.html),
    ),
    option("--workers", type=int, section=_MACHINE, metavar="N", help=_by_default("Threads.", "one a core")),
    option(
        "--memory",
        section=_MACHINE,
        metavar="SIZE",
        help=_by_default(
            "What tables and sorting may take, such as 512MB or 2GB; more goes to --temp-dir.",
            f"{Resources.memory / 2**30:g}GiB",
        ),
    ),
    option(
        "--temp-dir",
        type=FOLDER,
        section=_MACHINE,
        metavar="DIR",
        help=_by_default("Where the work in progress goes.", "the system's"),
    ),
]

_CHECK = option("--check", is_flag=True, help="Exit with 1 if there are duplicates.")

_REPORTING = [
    option("--overwrite", is_flag=True, help="Replace OUT if dedup wrote it."),
    _CHECK,
    option("--strict", is_flag=True, help="Exit with 1 if some input could not be read."),
    option("--json", "as_json", is_flag=True, help="Print one JSON document instead of tables."),
    option("-q", "--quiet", is_flag=True, help="Show no progress."),
]


def shared(command: Command) -> Command:
    """Give a command the options of `scan` and `clean`."""
    return _with(command, [*_DUPLICATES, *_INPUTS, *_REPORTING])


def reading(command: Command) -> Command:
    """Give a command the options of all that read a corpus."""
    return _with(command, [*_INPUTS, *(one for one in _REPORTING if one is not _CHECK)])


def _with(command: Command, options: list[Callable[[Command], Command]]) -> Command:
    for add in reversed(options):
        command = add(command)
    return command
