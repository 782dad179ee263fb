"""Resolve the inputs named by the user: paths, standard input and tables."""
# ruff: noqa: PTH114, PTH116, PTH118, PTH119
# Paths are bytes: see files.py.

from __future__ import annotations

import codecs
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias, cast

from dedup.corpus.files import FileIdentity, InputFile, list_files
from dedup.corpus.remote import find_remote, list_remote, unreadable
from dedup.corpus.report import ReportBuilder
from dedup.corpus.streams import ByteCounter, read_file, short_reason
from dedup.errors import InputError
from dedup.runtime.storage.errors import StorageError
from dedup.runtime.storage.paths import AnyPath, RemotePath, parse_remote
from dedup.runtime.storage.stores import identity, open_store


class ArrowStreamExporter(Protocol):
    """A table of a library with Arrow's C stream interface, such as pyarrow, Polars, pandas 3 or DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the rows."""


Input: TypeAlias = "str | os.PathLike[str] | ArrowStreamExporter"
"""An input as the user names it: a path, "-" for standard input, "@" and the path of a list of paths, or a table."""
ResolvedInput: TypeAlias = "list[InputFile] | str | ArrowStreamExporter"
"""The files of adjacent paths in the order in which they are read, "-" for standard input, or a table."""


@dataclass(frozen=True)
class _Excluded:
    """Folders that are not read."""

    local: frozenset[FileIdentity]
    remote: frozenset[str]
    """See `identity`."""


class _NamedPath(NamedTuple):
    """A path that the user named."""

    path: str
    where: str = ""
    """Where it was found in a list, for messages: " (line 3 of paths.txt)"; "" if it is an input itself."""
    remote: RemotePath | None = None
    """Its address, if it is in an object store."""


def resolve_inputs(inputs: Sequence[Input], exclude: Sequence[AnyPath], report: ReportBuilder) -> list[ResolvedInput]:
    """List the files of each path; return standard input and tables as they are.

    The time is linear in the number of paths. The files of adjacent paths are one list, so that they are read together.

    Args:
        inputs: The inputs named by the user.
        exclude: Folders that are not read.
        report: Receives what is skipped.

    Returns:
        The resolved inputs in their order.

    Raises:
        InputError: An input does not exist, has an unknown type, or would be read twice.
    """
    if sum(isinstance(item, str) and item in ("-", "@-") for item in inputs) > 1:
        raise InputError('Standard input ("-") is named twice, but can only be read once. Name it once.')
    named = list(_expand_lists(inputs))
    paths = [item for item in named if isinstance(item, _NamedPath)]
    _refuse_overlaps(paths, exclude)
    addresses = [item.remote for item in paths if item.remote is not None]
    found = iter(find_remote(addresses))
    local = (entry for path in exclude if isinstance(path, Path) and (entry := _stat(path)) is not None)
    excluded = _Excluded(
        frozenset((entry.st_dev, entry.st_ino) for entry in local),
        frozenset(identity(path) for path in exclude if isinstance(path, RemotePath)),
    )
    result: list[ResolvedInput] = []
    for item in named:
        if not isinstance(item, _NamedPath):
            result.append(item)
            continue
        several = len(named) > 1 or item.where != ""
        if item.remote is not None:
            files = list_remote(item.remote, next(found), several, excluded.remote, report)
        else:
            files = _list_path(item, several, excluded.local, report)
        if result and isinstance(result[-1], list):
            result[-1].extend(files)
        else:
            result.append(files)
    return result


def check_disjoint(inputs: Sequence[Input], references: Sequence[Input], out: AnyPath | None) -> None:
    """Check that no input is in a reference or contains one: documents would be removed as duplicates of themselves.

    Args:
        inputs: The inputs named by the user.
        references: What they are compared with. Lists of paths are not read.
        out: The output folder.

    Raises:
        InputError: An input is in a reference, or contains one; or the output would replace one.
    """
    streams = [item for item in (*inputs, *references) if isinstance(item, str) and item in ("-", "@-")]
    if references and len(streams) > 1:
        raise InputError('Standard input ("-") is named twice, but can only be read once. Name it once.')
    if any(item is reference for item in inputs for reference in references if not isinstance(item, str)):
        raise InputError("The same table is an input and the reference. Name another reference.")
    for reference, place in _named_places(references):
        if out is not None and is_within(place, _named_places([out])[0][1]):
            raise InputError(
                f"The reference {reference} is in the output folder, which would be replaced. Name another folder with "
                "-o."
            )
    places = [_named_places(items) for items in (inputs, references)]
    for name, place in places[0]:
        for reference, other in places[1]:
            if is_within(place, other) or is_within(other, place):
                raise InputError(
                    f"{name} and the reference {reference} are the same, or one contains the other, so documents "
                    "would be removed as duplicates of themselves. Name other inputs, or another reference."
                )


def is_within(path: str, folder: str) -> bool:
    """Return whether a path is a folder or in it.

    Args:
        path: A real path, without a slash at its end.
        folder: Another one.

    >>> is_within("/a/b", "/a"), is_within("/a", "/a"), is_within("/ab", "/a")
    (True, True, False)
    """
    return path == folder or path.startswith(f"{folder}/")


def named_paths(inputs: Sequence[Input]) -> list[str]:
    """Return the inputs that are paths, as they are named: not tables, standard input and lists of paths.

    >>> named_paths(["a", Path("@b"), "@list", "-"])
    ['a', '@b']
    """
    return [
        os.fspath(item)
        for item in inputs
        if isinstance(item, os.PathLike) or (isinstance(item, str) and item != "-" and item[:1] not in ("", "@"))
    ]


def _named_places(inputs: Sequence[Input]) -> list[tuple[str, str]]:
    """Return each path as it is named, and with its links resolved."""
    remotes = [(path, parse_remote(path)) for path in named_paths(inputs)]
    return [(path, real_path(path, {}) if remote is None else identity(remote)) for path, remote in remotes]


def _expand_lists(inputs: Sequence[Input]) -> Iterator[_NamedPath | str | ArrowStreamExporter]:
    """Yield the paths, "-" for standard input and the tables; a list of paths is replaced by its paths."""
    for item in inputs:
        if hasattr(item, "__arrow_c_stream__"):
            yield cast("ArrowStreamExporter", item)
        elif not isinstance(item, str | os.PathLike):
            raise InputError(f'An input is a path or a table, not {item!r}. Name a file, a folder, or "-".')
        elif item == "":
            raise InputError("An input is an empty string. Name a file or a folder; the current folder is ./")
        elif item == "-":
            yield "-"
        elif isinstance(item, str) and item.startswith("@"):
            yield from _read_list(item[1:])
        else:
            yield _NamedPath(os.fspath(item), remote=parse_remote(item))


def _read_list(name: str) -> Iterator[_NamedPath]:
    """Yield the paths in a list.

    Args:
        name: Path of the list; "-" for standard input.

    Raises:
        InputError: The list cannot be read.
    """
    shown = "standard input" if name == "-" else name
    remote = parse_remote(name)
    try:
        if not name:
            raise InputError("@ names no file. Name a list of paths: @paths.txt.")
        if name == "-":
            content = sys.stdin.buffer.read()
        elif remote is not None:
            content = open_store(remote).read(remote)
        else:
            content = read_file(os.fsencode(name)) or b""
    except StorageError as error:
        raise unreadable(cast("RemotePath", remote), error) from None
    except (OSError, ValueError) as error:
        raise InputError(
            f"{shown} cannot be read as a list of paths: {short_reason(error)}. Name a text file with one path in each "
            f'line. A file whose name starts with @ is named "./@{name}".'
        ) from None
    for line, path in parse_list(content):
        if path == "-":
            raise InputError(
                f'Line {line} of {shown} is "-", which is not a path. Name standard input beside the list, or a file '
                'of this name as "./-".'
            )
        yield _NamedPath(path, f" (line {line} of {shown})", parse_remote(path))


def parse_list(content: bytes) -> Iterator[tuple[int, str]]:
    """Parse a list of paths.

    The paths end with line breaks; empty lines, and those that start with "#", are left out. If the list contains NUL,
    the paths end with NUL instead, as `find -print0` writes them, and all are paths. Paths are taken literally. The
    list may be UTF-16 with a byte order mark, as PowerShell writes it.

    Yields:
        Number of the line, from 1, and path.

    >>> list(parse_list(b"a.txt\\n\\n# more\\nb c.txt\\n"))
    [(1, 'a.txt'), (4, 'b c.txt')]
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content.decode("utf-16", "replace").encode("utf-8", "surrogatepass")
    content = content.removeprefix(codecs.BOM_UTF8)
    has_nul = b"\0" in content
    lines = content.split(b"\0" if has_nul else b"\n")
    if not has_nul and len(lines) > 1 and all(line.endswith(b"\r") for line in lines[:-1]):  # of Windows
        lines = [line.removesuffix(b"\r") for line in lines]
    for number, line in enumerate(lines, 1):
        is_path = bool(line) if has_nul else bool(line.strip()) and not line.startswith(b"#")
        if is_path:
            yield number, os.fsdecode(line)


def _stat(path: str | Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: the path contains NUL
        return None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None


def _refuse_overlaps(paths: Sequence[_NamedPath], exclude: Sequence[AnyPath] = ()) -> None:
    """Raise InputError if a file would be read twice, or is in the output folder.

    A file that is read twice would be reported as a duplicate of itself. A file in the output folder would be deleted
    with the old output, although the new output is made from it.
    """
    outs = [identity(path) if isinstance(path, RemotePath) else os.path.realpath(path) for path in exclude]
    folders: dict[str, str] = {}
    named: dict[str, _NamedPath] = {}
    for item in paths:
        real = real_path(item.path, folders) if item.remote is None else identity(item.remote)
        if real in named:
            raise _read_twice(item, named[real])
        if any(is_within(real, out) for out in outs):
            raise InputError(
                f"{item.path}{item.where} is in the output folder, which would be replaced. Name another folder "
                "with -o."
            )
        named[real] = item
    not_named: set[str] = set()
    for real, item in named.items():
        above = real
        while above and (above := above[: max(0, above.rfind("/"))]) not in not_named:
            if above in named:
                raise _read_twice(item, named[above])
            not_named.add(above)


def _read_twice(inner: _NamedPath, outer: _NamedPath) -> InputError:
    return InputError(
        f"{inner.path}{inner.where} is the same as {outer.path}{outer.where} or is contained in it, so it would be "
        "read twice. Name it once."
    )


def real_path(path: str, folders: dict[str, str]) -> str:
    """Return a path from the root of the file system, without links and without a slash at its end.

    Args:
        path: The path.
        folders: The real paths of folders that are known; that of the path is added. A list may have many paths in few
            folders, and resolving a path takes a system call for each of its parts.
    """
    try:
        folder, name = os.path.split(path)
        if name in ("", ".", ".."):
            return os.path.realpath(path).rstrip("/")
        if folder not in folders:
            folders[folder] = os.path.realpath(folder)
        joined = os.path.join(folders[folder], name)
        return os.path.realpath(joined).rstrip("/") if os.path.islink(joined) else joined
    except ValueError:  # the path contains NUL: it does not exist
        return path


def _list_path(
    named: _NamedPath, several: bool, exclude: frozenset[FileIdentity], report: ReportBuilder
) -> list[InputFile]:
    """List the files of a path; with several inputs, their paths in the corpus start with the path as typed."""
    path = named.path
    found = _stat(path)
    if found is None:
        raise InputError(f"{path}{named.where} does not exist. Check the spelling and the current folder.")
    file = os.fsencode(path)
    typed = file.decode("utf-8", "backslashreplace")
    if stat.S_ISDIR(found.st_mode):
        root = os.path.join(file, b"")
        prefix = os.path.join(typed, "") if several else ""
        return [InputFile(root, relative, prefix) for relative in list_files(root, prefix, exclude, report)]
    if not stat.S_ISREG(found.st_mode):
        raise InputError(
            f'{path}{named.where} is neither a file nor a folder. To read a stream, redirect it and name "-".'
        )
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
        sizes = [file.size() for resolved in inputs if isinstance(resolved, list) for file in resolved]
        known = [size for size in sizes if size is not None]
        total = sum(known) if len(known) == len(sizes) else None
    done = 0

    def count_bytes(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    return count_bytes
