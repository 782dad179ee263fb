"""Render manual pages in roff from the commands and their help, so that both say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from inspect import cleandoc

import click

from dedup.cli.options import GroupedCommand

_ENVIRONMENT = (
    ("NO_COLOR", "Print no colours."),
    (
        "PAGER, NO_PAGER",
        "The command that shows long results on a terminal; if NO_PAGER is set, they are printed directly.",
    ),
    ("DEDUP_DEBUG", "Print the traceback of an error."),
)


def render_manual(root: click.Command, names: Sequence[str] = ()) -> str:
    """Render a manual page in roff.

    Args:
        root: The group of all commands.
        names: Names of a command and its groups, such as ("index", "add"); none for a page of all commands.

    Raises:
        UsageError: There is no such command.
    """
    context = click.Context(root, info_name="dedup", **root.context_settings)
    for name in names:
        found = context.command.get_command(context, name) if isinstance(context.command, click.Group) else None
        if found is None:
            raise click.UsageError(f"There is no command {' '.join(names)!r}. dedup --help lists the commands.")
        context = click.Context(found, info_name=name, parent=context)
    return "\n".join(_page(context)) + "\n"


def _page(context: click.Context) -> Iterator[str]:
    title = context.command_path.replace(" ", "-")
    summary = context.command.get_short_help_str(200).removesuffix(".")
    if context.parent is None:
        summary = "find repeated and rewritten text"
    yield f'.TH "{title.upper()}" "1" "" "dedup {version("dedup-text")}" "dedup"'
    yield ".SH NAME"
    yield f"{_plain(title)} \\- {_plain(summary[:1].lower() + summary[1:])}"
    yield ".SH SYNOPSIS"
    yield from _synopsis(context)
    yield ".SH DESCRIPTION"
    yield from _description(context)
    yield from _options(context, ".SH OPTIONS")
    yield from _examples(context, ".SH EXAMPLES")
    for inner in commands_below(context):
        yield f'.SH "{_plain(inner.command_path.upper())}"'
        yield from _synopsis(inner)
        yield from _description(inner)
        yield from _options(inner, ".PP\n.B Options")
        yield from _examples(inner, ".PP\n.B Examples")
    yield ".SH ENVIRONMENT"
    for name, text in _ENVIRONMENT:
        yield from (".TP", f".B {_plain(name)}", _plain(text))


def commands_below(context: click.Context) -> Iterator[click.Context]:
    """Yield the contexts of the commands of a group, those of its groups included, in the order of the help."""
    command = context.command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None and not found.hidden:
                inner = click.Context(found, info_name=name, parent=context)
                yield inner
                yield from commands_below(inner)


def _synopsis(context: click.Context) -> Iterator[str]:
    pieces = " ".join(context.command.collect_usage_pieces(context))
    yield ".PP"
    yield f"\\fB{_plain(context.command_path)}\\fR {_plain(pieces)}"


def _description(context: click.Context) -> Iterator[str]:
    """Yield the paragraphs of the help without the examples."""
    for paragraph, is_preformatted in help_paragraphs(context.command):
        if is_preformatted and paragraph[0] == "Example:":
            continue
        yield ".PP"
        yield from _block(paragraph) if is_preformatted else [_plain(" ".join(paragraph))]


def _examples(context: click.Context, heading: str) -> Iterator[str]:
    for paragraph, is_preformatted in help_paragraphs(context.command):
        if is_preformatted and paragraph[0] == "Example:":
            yield heading
            yield ".PP"
            yield from _block(paragraph[1:])


def _options(context: click.Context, heading: str) -> Iterator[str]:
    """Yield the options by group."""
    yield heading
    for title, records in option_groups(context).items():
        if title:
            yield f".SS {title}" if heading.startswith(".SH") else f".PP\n.I {title}"
        for names, text in records:
            yield from (".TP", f".B {_plain(names)}", _plain(text))


def option_groups(context: click.Context) -> dict[str, list[tuple[str, str]]]:
    """Return the options of each group with their help, in order; a command without groups has the group ""."""
    command = context.command
    if isinstance(command, GroupedCommand):
        return command.grouped_options(context)
    found = (parameter.get_help_record(context) for parameter in command.get_params(context))
    return {"": [record for record in found if record is not None]}


def _block(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines that keep their breaks and their spaces."""
    yield ".nf"
    yield from (_plain(line) for line in lines)
    yield ".fi"


def help_paragraphs(command: click.Command) -> Iterator[tuple[list[str], bool]]:
    """Yield the lines of each paragraph of the help, and whether it is preformatted (after a line with ``\\b``)."""
    for paragraph in re.split(r"\n\s*\n", cleandoc(command.help or "")):
        lines = [line.rstrip() for line in paragraph.splitlines()]
        is_preformatted = lines[0].strip() == "\b"
        yield (lines[1:] if is_preformatted else [line.strip() for line in lines]), is_preformatted


def _plain(text: str) -> str:
    r"""Escape a line for roff.

    >>> _plain(".a -b 'c' \\t…")
    "\\&.a \\-b 'c' \\et\\[u2026]"
    """
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    escaped = re.sub(r"[^\x00-\x7f]", lambda match: f"\\[u{ord(match[0]):04X}]", escaped)
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
