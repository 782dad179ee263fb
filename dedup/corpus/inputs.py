"""Inputs as the user names them: paths, standard input, tables; each with its files in order."""
# ruff: noqa: PTH116, PTH118, PTH119
# bytes paths: see files.py

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias, cast

from dedup.corpus.files import Place, walk
from dedup.corpus.report import Tally
from dedup.errors import InputError


class ArrowStream(Protocol):
    """A table of any library that speaks Arrow's C stream interface: pyarrow, Polars, pandas 3, DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the rows."""


Input: TypeAlias = "str | os.PathLike[str] | ArrowStream"
Group: TypeAlias = "list[Place] | str | ArrowStream"  # an input's files in order, or "-", or the table


def places(inputs: Sequence[Input], exclude: Sequence[Path], tally: Tally) -> list[Group]:
    """Return for each input its files in order, or "-", or the table."""
    barred = frozenset((found.st_dev, found.st_ino) for path in exclude if (found := _facts(path)) is not None)
    result: list[Group] = []
    roots: dict[str, str] = {}
    for given in inputs:
        if hasattr(given, "__arrow_c_stream__"):
            result.append(cast("ArrowStream", given))
        elif not isinstance(given, str | os.PathLike):
            raise InputError(f'An input is a path or a table, not {given!r}: name a file, a folder, or "-".')
        elif given == "-":
            if any(isinstance(group, str) for group in result):
                raise InputError('Standard input ("-") is named twice; it can be read once.')
            result.append("-")
        else:
            path = os.fspath(given)
            _refuse_overlap(path, roots)
            result.append(_files(path, len(inputs) > 1, barred, tally))
    return result


def _facts(path: str | Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: no path at all, it holds NUL
        return None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None


def _refuse_overlap(path: str, roots: dict[str, str]) -> None:
    """Raise InputError if a file would be read twice: each would be called a copy of itself."""
    real = os.path.realpath(path)
    for other, typed in roots.items():
        inner, outer = (typed, path) if other.startswith(os.path.join(real, "")) else (path, typed)
        if real == other or os.path.join(real, "").startswith(os.path.join(other, "")) or inner == typed:
            raise InputError(f"{inner} is {outer} or lies in it, so it would be read twice. Name it once.")
    roots[real] = path


def _files(path: str, several: bool, barred: frozenset[tuple[int, int]], tally: Tally) -> list[Place]:
    found = _facts(path)
    if found is None:
        raise InputError(f"{path} does not exist. Check the spelling, and the folder that you are in.")
    file = os.fsencode(path)
    typed = file.decode("utf-8", "backslashreplace")
    if stat.S_ISDIR(found.st_mode):
        root = os.path.join(file, b"")
        prefix = os.path.join(typed, "") if several else ""
        return [Place(root, relative, prefix) for relative in walk(root, prefix, barred, tally)]
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{path} is neither a file nor a folder. To read a stream, redirect it and name -.")
    folder, name = os.path.split(file)
    prefix = os.path.join(typed[: len(typed) - len(os.path.basename(typed))], "") if several else ""
    return [Place(os.path.join(folder, b""), name, prefix)]


def measured(groups: Sequence[Group], progress: Callable[[int, int | None], None] | None) -> Callable[[int], None]:
    """Make a meter that counts bytes read and tells of all so far, and of all there are if that is known."""
    if progress is None:
        return lambda _: None
    known = all(isinstance(group, list) for group in groups)
    total = None
    if known:
        sizes = (_facts(os.fsdecode(place.path)) for group in groups if isinstance(group, list) for place in group)
        total = sum(found.st_size for found in sizes if found is not None)
    done = 0

    def meter(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    return meter
