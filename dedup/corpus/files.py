"""List files, detect their formats by name, and detect changes."""
# ruff: noqa: PTH116, PTH118, PTH208
# Paths are bytes, since names need not be UTF-8; and pathlib is too slow for 100,000 small files.

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import stat
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote

from dedup.corpus.companions import leave_out_companions
from dedup.corpus.report import ReportBuilder
from dedup.corpus.streams import read_file, read_stream, short_reason
from dedup.errors import InputChanged
from dedup.outputs.files import CLEAN_FILE, LINKS_FILE, PAIRS_FILE, REMOVED_FILE
from dedup.outputs.parts import list_table, part_counts
from dedup.runtime.storage.files import RemoteFile

FileIdentity: TypeAlias = tuple[int, int]
"""Device and inode."""

READ_OUTPUT = "an earlier output of dedup; only its clean.parquet is read"
UNREAD_OUTPUT = "an earlier output of dedup, which is not read; to read it, name it as a PATH"
UNREADABLE_OUTPUT = "an earlier output of dedup that is not complete"
UNREAD_INDEX = "an index of dedup, which is not read; to compare with it, use --against or dedup index query"
"""Remarks on outputs and indexes of dedup among the inputs."""
_PARTITION = re.compile(r"([A-Za-z_][\w.-]*)=([^/]*)")
# Each output of `dedup` contains run.json and one of these.
_OUTPUT_FILES = frozenset(os.fsencode(name) for name in (REMOVED_FILE, PAIRS_FILE, LINKS_FILE))


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read."""

    root: bytes
    """Folder named by the user, with a slash at the end."""
    relative: bytes
    """Path below the root."""
    prefix: str = ""
    """Prefix of the relative path in the corpus."""
    remote: RemoteFile | None = None
    """The file in an object store; None if it is local."""

    @property
    def os_path(self) -> bytes:
        """Path to open, if the file is local."""
        return self.root + self.relative

    def open_raw(self) -> io.RawIOBase:
        """Open the file without decompressing it; raises OSError, or InputError if a store does not answer."""
        return io.FileIO(self.os_path) if self.remote is None else self.remote.open()

    def read(self, max_bytes: int | None = None) -> bytes | None:
        """Read the file without decompressing it; may be called from any thread. Raises errors as `open_raw`.

        Args:
            max_bytes: Largest file to read.

        Returns:
            The content, or None if the file is larger than `max_bytes`, or its size is not known.
        """
        if self.remote is None:
            return read_file(self.os_path, max_bytes)
        if max_bytes is not None and (self.remote.size is None or self.remote.size > max_bytes):
            return None
        with io.BufferedReader(self.remote.open()) as stream:
            return read_stream(stream)

    def size(self) -> int | None:
        """Return the size in bytes; None if it is not known."""
        if self.remote is not None:
            return self.remote.size
        with contextlib.suppress(OSError):
            return os.stat(self.os_path).st_size
        return None

    @property
    def path(self) -> str:
        """Path in the corpus; bytes that are not UTF-8 are written as \\xNN."""
        return self.prefix + self.relative.decode("utf-8", "backslashreplace")

    def partitions(self) -> dict[str, str | None]:
        """Return the columns that the folders below the root name, as in Hive: `year=2024/` is `year` with "2024".

        >>> InputFile(b"/corpus/", b"lang=fr/month=__HIVE_DEFAULT_PARTITION__/a.txt").partitions()
        {'lang': 'fr', 'month': None}
        """
        if b"=" not in self.relative:
            return {}
        found: dict[str, str | None] = {}
        for folder in self.relative.split(b"/")[:-1]:
            match = _PARTITION.fullmatch(folder.decode("utf-8", "backslashreplace"))
            if match is not None:
                value = unquote(match[2])
                found[match[1]] = None if value == "__HIVE_DEFAULT_PARTITION__" else value
        return found

    def folder_name(self, level: int | None) -> str | None:
        """Return the name of the folder at a level below the root, from 1; None if there is none.

        >>> InputFile(b"/corpus/", b"NHK/2024/a.txt").folder_name(1)
        'NHK'
        """
        inner = self.relative.removeprefix(os.fsencode(f"{CLEAN_FILE}/"))  # a table of an output is one file or several
        folders = inner.split(b"/")[:-1]
        if level is None or level > len(folders):
            return None
        return folders[level - 1].decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class FileVersion:
    """Metadata of a file from which a change is detected."""

    size: int
    """Bytes."""
    mtime_ns: int
    """Time of the last modification, in nanoseconds."""
    inode: int

    @classmethod
    def of(cls, path: str | bytes) -> FileVersion:
        """Return the current version of a file; raises OSError."""
        found = os.stat(path)
        return cls(found.st_size, found.st_mtime_ns, found.st_ino)

    def check(self, path: str | bytes, name: str) -> None:
        """Raise InputChanged if the file has another version now.

        Args:
            path: Path to open.
            name: Path for the message.
        """
        try:
            same = FileVersion.of(path) == self
        except OSError:
            same = False
        if not same:
            raise changed(name)


def changed(name: str) -> InputChanged:
    """Return the error for a file that was changed while it was being read."""
    return InputChanged(
        f"{name} was changed or removed while it was being read, so the results would be inconsistent. Run again when "
        "nothing writes to the file, or run on a copy."
    )


def list_files(root: bytes, prefix: str, exclude: frozenset[FileIdentity], report: ReportBuilder) -> list[bytes]:
    """List the files in a folder and its subfolders, without those that accompany tables and are not documents.

    Links to files are followed. Links to folders are skipped: they can form a loop, or lead to files that are read
    anyway.

    Args:
        root: Folder, with a slash at the end.
        prefix: Prefix of the relative paths in the corpus.
        exclude: Folders that are not read.
        report: Receives what is skipped.

    Returns:
        Relative paths, sorted as bytes.
    """
    found: list[bytes] = []
    _add_files(InputFile(root, b"", prefix), exclude, report, found)
    found.sort()
    return leave_out_companions(found, prefix, report)


def _add_files(folder: InputFile, exclude: frozenset[FileIdentity], report: ReportBuilder, found: list[bytes]) -> None:
    """Add the files of a folder, whose relative path is empty or ends with a slash, and of its subfolders."""
    root, prefix = folder.root, folder.prefix
    shown = folder.path if folder.relative else prefix or "."
    try:
        with os.scandir(folder.os_path) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        return report.skip(shown, short_reason(error))
    run = read_record(folder.os_path, {entry.name for entry in entries})
    if run is not None:
        clean = next((entry for entry in entries if entry.name == os.fsencode(CLEAN_FILE)), None)
        return _add_output(None if folder.relative else clean, run, shown, report, found)
    if is_index(folder.os_path):
        note = report.remark if folder.relative else report.skip  # an index that was named is an input that is skipped
        return note(shown, UNREAD_INDEX)
    for entry in entries:
        file = InputFile(root, folder.relative + entry.name, prefix)
        if exclude and entry.is_dir(follow_symlinks=False) and _identity(entry.path) in exclude:
            continue
        if entry.name.startswith(b"."):
            report.hidden += 1
        elif entry.is_file(follow_symlinks=False):
            found.append(file.relative)
        elif not entry.is_dir(follow_symlinks=False):
            _add_special(entry, file, report, found)
        else:
            _add_files(InputFile(root, file.relative + b"/", prefix), exclude, report, found)
    return None


def _add_output(
    clean: os.DirEntry[bytes] | None, run: dict[str, Any], shown: str, report: ReportBuilder, found: list[bytes]
) -> None:
    """Add the files of clean.parquet of an output, or report that it is not read if `clean` is None."""
    if clean is None:
        return report.remark(shown, UNREAD_OUTPUT)
    try:
        parts = [os.fsdecode(name) for name in os.listdir(clean.path)] if clean.is_dir() else None
    except OSError as error:
        return report.skip(shown, short_reason(error))
    found += map(os.fsencode, files_of_output(run, parts, shown, report))
    return None


def _add_special(entry: os.DirEntry[bytes], file: InputFile, report: ReportBuilder, found: list[bytes]) -> None:
    """Add or skip an entry that is neither a regular file nor a folder."""
    try:
        mode = entry.stat().st_mode
    except OSError as error:
        return report.skip(file.path, f"broken link ({short_reason(error)})")
    if stat.S_ISREG(mode):
        found.append(file.relative)
    elif stat.S_ISDIR(mode):
        report.skip(file.path, "a link to a folder, which is not followed (to read the folder, name it as a PATH)")
    else:
        report.skip(file.path, "not a file (a pipe, socket or device)")
    return None


def _identity(path: bytes) -> FileIdentity | None:
    with contextlib.suppress(OSError):
        found = os.stat(path)
        return found.st_dev, found.st_ino
    return None


def may_be_output(names: set[bytes]) -> bool:
    """Return whether a folder has files with the names of an output of `dedup`."""
    return b"run.json" in names and not names.isdisjoint(_OUTPUT_FILES)


def read_record(folder: bytes, names: set[bytes]) -> dict[str, Any] | None:
    """Return the ``run.json`` of a folder that `dedup` wrote; None for another folder.

    Args:
        folder: Path of the folder.
        names: Names of its files.
    """
    if not may_be_output(names):
        return None
    try:
        return parse_record(read_file(os.path.join(folder, b"run.json")) or b"")
    except OSError:
        return None


def files_of_output(run: dict[str, Any], parts: Collection[str] | None, shown: str, report: ReportBuilder) -> list[str]:
    """Return the files of an output that are read, by their path in it; none if one of them is missing.

    Args:
        run: Its ``run.json``.
        parts: Names of the files in the folder clean.parquet; None if that is a file.
        shown: The output for messages.
        report: Receives a remark.
    """
    try:
        files = list_table(CLEAN_FILE, parts, part_counts(run).get(CLEAN_FILE))
    except TypeError:
        report.skip(shown, f"{UNREADABLE_OUTPUT}: its run.json is damaged")
        return []
    if files.missing is not None:
        report.skip(shown, f"{UNREADABLE_OUTPUT}: {files.missing} is missing")
        return []
    report.remark(shown, READ_OUTPUT)
    return list(files.names)


def is_index(folder: bytes) -> bool:
    """Return whether a folder is an index of `dedup`; see `dedup.index`."""
    try:
        if not stat.S_ISDIR(os.stat(os.path.join(folder, b"segments")).st_mode):
            return False
        return parse_record(read_file(os.path.join(folder, b"manifest.json")) or b"") is not None
    except OSError:
        return False


def parse_record(content: bytes) -> dict[str, Any] | None:
    """Return the content of a run.json, or of the manifest of an index, if `dedup` wrote it; else None.

    >>> parse_record(b'{"dedup": "0.1"}'), parse_record(b'{"text": "a"}')
    ({'dedup': '0.1'}, None)
    """
    try:
        run = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return run if isinstance(run, dict) and "dedup" in run else None
