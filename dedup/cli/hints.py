"""The commands that are useful after a command, with the paths and options of the user."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from dedup.outputs.files import REMOVED_FILE
from dedup.outputs.reader import read_tables
from dedup.render.format import document_argument
from dedup.render.tuning import removes_anything
from dedup.results import Run, Scan, Stories, StoryDocument
from dedup.runtime.storage.paths import AnyPath

if TYPE_CHECKING:
    from dedup.duplicates.tuning.results import Tuning
    from dedup.render.terminal.layout import Hints

# The page that `report` writes by default.
_PAGE = "report.html"
# Options that are not repeated in another command: what to print and to write.
_NOT_REPEATED = (
    "out",
    "overwrite",
    "check",
    "strict",
    "as_json",
    "quiet",
    "groups",
    "stories",
    "details",
    "offsets",
    "page",
)


def after_scan(scan: Scan, paths: Sequence[str], out: AnyPath | None) -> Hints:
    """Return the commands that are useful after `scan`: to remove what it found, and to see it on a page."""
    if not scan.run.has_duplicates:
        return []
    hints = [_report(out, "write a page of the duplicates")] if out is not None else []
    if "-" not in paths:
        options = _given_options("clean")
        if not scan.default.units and "--paragraphs" not in options:
            options += ["--paragraphs", "all"]
        clean = _command("clean", *_paths(paths), *options, "-o", _unused("out"))
        hints.append((clean, "remove the duplicates, and keep the evidence"))
    return hints


def after_clean(run: Run, out: AnyPath) -> Hints:
    """Return the commands that are useful after `clean`, or an addition to an index: to see what was removed."""
    restore = (_command("restore", os.fspath(out), "-o", _unused("originals")), "rebuild the original documents")
    if not run.has_duplicates:
        return [restore]
    explain = _command("explain", os.fspath(out), _removed_document(run, out))
    return [
        _report(out, "write a page of what was removed"),
        (explain, "show what was removed, and why"),
        restore,
    ]


def after_align(result: Stories, paths: Sequence[str], out: AnyPath | None) -> Hints:
    """Return the commands that are useful after `align`: a page of all stories, and a comparison of two documents."""
    if not result.stories:
        return []
    options = _given_options("align")
    hints = []
    if out is not None:
        hints.append(_report(out, "write a page of all stories"))
    elif "-" not in paths:
        write = _command("align", *_paths(paths), *options, "-o", _unused("stories"))
        hints.append((write, "write all stories, for dedup report"))
    # `diff` reads one input, and has no options for columns.
    is_readable = len(paths) == 1 and not options and not paths[0].startswith(("-", "@"))
    folder = os.fspath(out) if out is not None else paths[0] if is_readable else None
    if folder is not None:
        names = [_name(document.doc, document.id, result.run) for document in _linked_documents(result)]
        hints.append((_command("diff", *names, "--in", folder), "compare two documents sentence by sentence"))
    return hints


def after_tune(result: Tuning, paths: Sequence[str]) -> Hints:
    """Return the command that is useful after `tune`: to remove the duplicates at the chosen threshold."""
    if "-" in paths or not removes_anything(result):
        return []
    clean = _command("clean", *_paths(paths), *_given_options("clean"), "--threshold", "0.8", "-o", _unused("out"))
    return [(clean, "remove the duplicates; replace 0.8 by the threshold that you choose")]


def _report(out: AnyPath, purpose: str) -> tuple[str, str]:
    page = _unused(_PAGE)
    return _command("report", os.fspath(out), *(("-o", page) if page != _PAGE else ())), purpose


def _command(name: str, *words: str) -> str:
    return shlex.join(["dedup", name, *words])


def _paths(paths: Sequence[str]) -> Iterator[str]:
    """Yield the paths, written so that none can be read as an option."""
    for path in paths:
        yield f"./{path}" if path.startswith("-") else path


def _unused(name: str) -> str:
    """Return a name in the current folder that does not exist: the given one, or with a number."""
    path, number = Path(name), 1
    while path.exists():
        number += 1
        path = Path(f"{Path(name).stem}-{number}{Path(name).suffix}")
    return str(path)


def _given_options(command: str) -> list[str]:
    """Return the options given to the running command that another command has too, as command-line arguments.

    Args:
        command: Name of the other command.
    """
    context = click.get_current_context()
    group = context.find_root().command
    assert isinstance(group, click.Group)  # noqa: S101 - the commands are in a group; for mypy
    accepted = {option.name for option in group.commands[command].params} - {*_NOT_REPEATED}
    words: list[str] = []
    for option in context.command.params:
        name = option.name or ""
        given = context.get_parameter_source(name) == ParameterSource.COMMANDLINE
        if isinstance(option, click.Option) and given and name in accepted & context.params.keys():
            words += _written(option, context.params[name])
    return words


def _written(option: click.Option, value: Any) -> Iterator[str]:
    """Yield the words of an option with its value."""
    for item in value if option.multiple else [value]:
        yield option.opts[-1]
        if isinstance(item, tuple):
            yield ",".join(map(str, item))
        elif isinstance(item, str) and len(item) == 1 and not item.isprintable():  # a delimiter
            yield f"\\x{ord(item):02x}"
        elif not option.is_flag:
            yield str(item)


def _removed_document(run: Run, out: AnyPath) -> str:
    """Return the name of the first document of which something was removed, or ID if that would take a download."""
    if not isinstance(out, Path):
        return "ID"
    first = next(table for table in read_tables(out / REMOVED_FILE, ["doc", "id"]) if table.num_rows)
    return _name(first["doc"][0].as_py(), first["id"][0].as_py(), run)


def _linked_documents(result: Stories) -> list[StoryDocument]:
    """Return two linked documents of the first story."""
    story = result.stories[0]
    docs = [story.links[0].left_doc, story.links[0].right_doc] if story.links else []
    return ([document for document in story.documents if document.doc in docs] or [*story.documents])[:2]


def _name(doc: int, identity: str | None, run: Run) -> str:
    """Return the argument that names a document."""
    return document_argument(identity, doc, is_unique=not run.counts["repeated_ids"])
