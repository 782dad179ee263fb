"""docs/options.md says what the help of the commands says. With `DEDUP_GOLDEN=1` it is written anew."""

import re
from collections.abc import Iterator

import click
from pages import compare_page

from dedup.cli.commands import cli
from dedup.cli.manual import commands_below, help_paragraphs, option_groups

OPTION = re.compile(r"(?<![\w-])(--[a-z]+(?:-[a-z]+)*|-[a-z])(?![\w-])")
INTRODUCTION = """\
# Commands and options

The help of each command, as `dedup COMMAND --help` prints it. [The command line](command-line.md) says what all
commands have in common, and [From Python](python.md) how the options are given there.
"""


def escape(text: str) -> str:
    r"""Escape text for Markdown, and mark options as code.

    >>> escape("a|b *c* --keep-all")
    'a\\|b \\*c\\* `--keep-all`'
    """
    return OPTION.sub(r"`\1`", re.sub(r"([\\`*<|]|(?<!\w)_|\[(?=.*\]\())", r"\\\1", text))


def code(text: str) -> str:
    """Mark text as code in a cell of a table."""
    return f"`{text.replace('|', chr(92) + '|')}`"


def describe(command: click.Command) -> Iterator[str]:
    """Yield the paragraphs of the help; examples are blocks."""
    for lines, is_preformatted in help_paragraphs(command):
        if not is_preformatted:
            yield escape(" ".join(lines))
        elif lines[0] == "Example:":
            yield "\n".join(["```", *(line.removeprefix("  ") for line in lines[1:]), "```"])


def list_commands(context: click.Context) -> str:
    """Return a table of the commands of a group."""
    inner = [item for item in commands_below(context) if item.parent is context]
    links = [f"[`{item.command_path}`](#{item.command_path.replace(' ', '-')})" for item in inner]
    texts = [escape(item.command.get_short_help_str(200)) for item in inner]
    rows = (f"| {link} | {text} |" for link, text in zip(links, texts, strict=True))
    return "\n".join(["| command | purpose |", "|---|---|", *rows])


def list_options(context: click.Context) -> Iterator[str]:
    """Yield a table of the options of each group, after the name of the group."""
    for title, records in option_groups(context).items():
        rows = (f"| {code(names)} | {escape(text)} |" for names, text in records)
        yield "\n".join([f"| {title.lower() or 'option'} | meaning |", "|---|---|", *rows])


def document(context: click.Context) -> Iterator[str]:
    """Yield the paragraphs of the section of a command."""
    command = context.command
    yield f"## {context.command_path}"
    yield f"```\n{context.command_path} {' '.join(command.collect_usage_pieces(context))}\n```"
    yield from describe(command)
    if isinstance(command, click.Group):
        yield list_commands(context)
    yield from list_options(context)


def test_page_says_what_the_help_says() -> None:
    root = click.Context(cli, info_name="dedup", **cli.context_settings)
    sections = (part for context in (root, *commands_below(root)) for part in document(context))
    compare_page("options", "\n\n".join([INTRODUCTION.rstrip(), *sections]) + "\n")
