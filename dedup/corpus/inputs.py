"""Resolve the inputs named by the user: paths, standard input and tables."""
# ruff: noqa: PTH116, PTH118, PTH119
# Paths are bytes: see files.py.

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias, cast

from dedup.corpus.files import FileIdentity, InputFile, list_files
from dedup.corpus.report import ReportBuilder
from dedup.corpus.streams import ByteCounter
from dedup.errors import InputError


class ArrowStreamExporter(Protocol):
    """A table of a library with Arrow's C stream interface, such as pyarrow, Polars, pandas 3 or DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the rows."""


Input: TypeAlias = "str | os.PathLike[str] | ArrowStreamExporter"
"""An input as the user names it: a path, "-" for standard input, or a table."""
ResolvedInput: TypeAlias = "list[InputFile] | str | ArrowStreamExporter"
"""The files of a path in the order in which they are read, "-" for standard input, or a table."""


def resolve_inputs(inputs: Sequence[Input], exclude: Sequence[Path], report: ReportBuilder) -> list[ResolvedInput]:
    """List the files of each path; return standard input and tables as they are.

    Args:
        inputs: The inputs named by the user.
        exclude: Folders that are not read.
        report: Receives what is skipped.

    Returns:
        The resolved inputs in their order.

    Raises:
        InputError: An input does not exist, has an unknown type, or would be read twice.
    """
    excluded = frozenset((found.st_dev, found.st_ino) for path in exclude if (found := _stat(path)) is not None)
    result: list[ResolvedInput] = []
    roots: dict[str, str] = {}
    for item in inputs:
        if hasattr(item, "__arrow_c_stream__"):
            result.append(cast("ArrowStreamExporter", item))
        elif not isinstance(item, str | os.PathLike):
            raise InputError(f'An input is a path or a table, not {item!r}. Name a file, a folder, or "-".')
        elif item == "-":
            if any(isinstance(resolved, str) for resolved in result):
                raise InputError('Standard input ("-") is named twice, but can only be read once. Name it once.')
            result.append("-")
        else:
            path = os.fspath(item)
            _refuse_overlap(path, roots)
            result.append(_list_path(path, len(inputs) > 1, excluded, report))
    return result


def _stat(path: str | Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: the path contains NUL
        return None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None


def _refuse_overlap(path: str, roots: dict[str, str]) -> None:
    """Raise InputError if a file would be read twice, since it would be reported as a duplicate of itself.

    Args:
        path: The path to add.
        roots: The earlier paths by their real path; the path is added.
    """
    real = os.path.realpath(path)
    for other, typed in roots.items():
        inner, outer = (typed, path) if other.startswith(os.path.join(real, "")) else (path, typed)
        if real == other or os.path.join(real, "").startswith(os.path.join(other, "")) or inner == typed:
            raise InputError(
                f"{inner} is the same as {outer} or is contained in it, so it would be read twice. Name it once."
            )
    roots[real] = path


def _list_path(path: str, several: bool, exclude: frozenset[FileIdentity], report: ReportBuilder) -> list[InputFile]:
    """List the files of a path; with several inputs, their paths in the corpus start with the path as typed."""
    found = _stat(path)
    if found is None:
        raise InputError(f"{path} does not exist. Check the spelling and the current folder.")
    file = os.fsencode(path)
    typed = file.decode("utf-8", "backslashreplace")
    if stat.S_ISDIR(found.st_mode):
        root = os.path.join(file, b"")
        prefix = os.path.join(typed, "") if several else ""
        return [InputFile(root, relative, prefix) for relative in list_files(root, prefix, exclude, report)]
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f'{path} is neither a file nor a folder. To read a stream, redirect it and name "-".')
    folder, name = os.path.split(file)
    prefix = os.path.join(typed[: len(typed) - len(os.path.basename(typed))], "") if several else ""
    return [InputFile(os.path.join(folder, b""), name, prefix)]


def make_byte_counter(
    inputs: Sequence[ResolvedInput], progress: Callable[[int, int | None], None] | None
) -> ByteCounter:
    """Return a function that adds up the bytes read and reports them.

    Args:
        inputs: The inputs that are read.
        progress: Receives the bytes read so far, and the total or None if that is unknown.

    Returns:
        The function; it takes the number of bytes read since the last call.
    """
    if progress is None:
        return lambda _: None
    total = None
    if all(isinstance(resolved, list) for resolved in inputs):
        files = (file for resolved in inputs if isinstance(resolved, list) for file in resolved)
        sizes = (_stat(os.fsdecode(file.os_path)) for file in files)
        total = sum(found.st_size for found in sizes if found is not None)
    done = 0

    def count_bytes(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    return count_bytes
