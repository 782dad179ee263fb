"""Report on reading: columns used, inputs and rows skipped, encodings guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

# Maximum number of files with invalid bytes that get a note each.
_MAX_DAMAGE_NOTES = 20


class Unreadable(Exception):  # noqa: N818 - internal: its message becomes the reason of a Skipped
    """An input or a row that cannot be read; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, a folder or a row that was not read.

    >>> str(Skipped("news.jsonl", None, 7, "not JSON"))
    'news.jsonl, line 7: not JSON'
    """

    path: str
    """Path in the corpus."""
    row: int | None
    """Data row of the file, from 0; None if unknown or not a row."""
    line: int | None
    """Line of the file, from 1; None if unknown."""
    reason: str
    """Why it was not read."""

    def __str__(self) -> str:
        """Return location and reason on one line."""
        row = "" if self.row is None else f", row {self.row}"
        line = "" if self.line is None else f", line {self.line}"
        return f"{self.path}{row}{line}: {self.reason}"


@dataclass(frozen=True)
class Columns:
    """The columns that texts, ids and metadata of the documents were read from."""

    text: str | None = None
    """Name in the first input that has such a column."""
    id: str | None = None
    """Name in the first input that has such a column."""
    date: str | None = None
    """Name in the schema of the corpus."""
    outlet: str | None = None
    """Name in the schema of the corpus."""
    title: str | None = None
    """Name in the schema of the corpus."""
    url: str | None = None
    """Name in the schema of the corpus."""
    author: str | None = None
    """Name in the schema of the corpus."""
    found: tuple[str, ...] = ()
    """Fields of this class whose column was found by its name, not named by the user."""


@dataclass(frozen=True)
class ReadReport:
    """Counts and remarks from reading a corpus."""

    files: int = 0
    """Inputs read; tables and standard input count too."""
    hidden: int = 0
    """Files and folders left out because their names start with a dot."""
    skipped: tuple[Skipped, ...] = ()
    """Everything else that was not read."""
    encodings: dict[str, int] = field(default_factory=dict)
    """Number of files by guessed encoding."""
    guessed: tuple[tuple[str, str], ...] = ()
    """Path and encoding of each file whose encoding was guessed."""
    replaced: int = 0
    """Characters replaced by U+FFFD: lone surrogates, and bytes of Parquet strings that are not UTF-8."""
    null_ids: int = 0
    """Rows without an id in the id column."""
    repeated_ids: int = 0
    """Documents with the id of an earlier document."""
    null_texts: int = 0
    """Rows without a text."""
    notes: tuple[str, ...] = ()
    """Remarks for the user."""


class Decoding(Protocol):
    """How a file was decoded."""

    @property
    def guessed(self) -> str | None:
        """Encoding, if it was guessed."""

    @property
    def replaced(self) -> int:
        """Number of characters U+FFFD for invalid bytes and lone surrogates."""

    @property
    def replaced_line(self) -> int | None:
        """Line of the first of them, from 1."""

    @property
    def mixed(self) -> bool:
        """Whether some lines were in UTF-8 and the others in the encoding that was guessed."""


@dataclass
class ReportBuilder:
    """A report that is filled while inputs are read; see `ReadReport` for the fields of the same name."""

    files: int = 0
    hidden: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    guessed: list[tuple[str, str]] = field(default_factory=list)
    replaced: int = 0
    null_ids: int = 0
    repeated_ids: int = 0
    null_texts: int = 0
    notes: list[str] = field(default_factory=list)
    used_columns: dict[str, Counter[str]] = field(default_factory=lambda: {"text": Counter(), "id": Counter()})
    """Number of inputs by column name, for the text and the id."""
    lacks_text_column: bool = False
    """Whether an input was skipped because it has no text column."""
    remarks: dict[str, tuple[str, int]] = field(default_factory=dict)
    """First input and number of inputs by remark."""
    inputs_without_id: int = 0
    """Number of inputs with columns but without an id column."""
    damaged: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    """Number of invalid characters, and the line of the first, by path of the file."""

    def skip(self, path: str, reason: str, *, row: int | None = None, line: int | None = None) -> None:
        """Add an input or a row that is not read."""
        self.skipped.append(Skipped(path, row, line, reason))

    def remark(self, path: str, text: str) -> None:
        """Add a remark on an input; equal remarks on several inputs become one note."""
        first, count = self.remarks.get(text, (path, 0))
        self.remarks[text] = first, count + 1

    def add_columns(self, text: str, identity: str | None) -> None:
        """Count the columns that the texts and ids of an input are read from."""
        self.used_columns["text"][text] += 1
        if identity is None:
            self.inputs_without_id += 1
        else:
            self.used_columns["id"][identity] += 1

    def add_decoding(self, path: str, guessed: str | None, replaced: int = 0, line: int | None = None) -> None:
        """Add how a file was decoded; what was replaced in several calls for a file is added up.

        Args:
            path: Path in the corpus.
            guessed: Encoding, if it was guessed.
            replaced: Number of invalid characters (bytes or lone surrogates) replaced by U+FFFD.
            line: Line of the first of them, from 1.
        """
        self.replaced += replaced
        if guessed is not None:
            self.guessed.append((path, guessed))
        if replaced:
            count, first = self.damaged.get(path, (0, line))
            self.damaged[path] = count + replaced, first

    def add_decoded(self, path: str, how: Decoding) -> None:
        """Add how all of a file was decoded."""
        self.add_decoding(path, how.guessed, how.replaced, how.replaced_line)
        if how.mixed and how.guessed is not None:
            self.remark(path, f"lines in UTF-8 and in {how.guessed} are mixed")

    def merge(self, other: ReportBuilder) -> None:
        """Add the report on other inputs, which follow these."""
        for name in ("files", "hidden", "replaced", "null_ids", "repeated_ids", "null_texts", "inputs_without_id"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.skipped += other.skipped
        self.guessed += other.guessed
        self.notes += other.notes
        self.lacks_text_column |= other.lacks_text_column
        for role, names in other.used_columns.items():
            self.used_columns[role].update(names)
        for text, (path, count) in other.remarks.items():
            first, known = self.remarks.get(text, (path, 0))
            self.remarks[text] = first, known + count
        for path, (count, line) in other.damaged.items():
            known, where = self.damaged.get(path, (0, line))
            self.damaged[path] = known + count, where

    def build(self) -> ReadReport:
        """Return the report."""
        return ReadReport(
            files=self.files,
            hidden=self.hidden,
            skipped=tuple(self.skipped),
            encodings=dict(sorted(Counter(encoding for _, encoding in self.guessed).items())),
            guessed=tuple(self.guessed),
            replaced=self.replaced,
            null_ids=self.null_ids,
            repeated_ids=self.repeated_ids,
            null_texts=self.null_texts,
            notes=(
                *self.notes,
                *(_note(text, *inputs) for text, inputs in self.remarks.items()),
                *_damage_notes(self.damaged),
            ),
        )


def _note(text: str, path: str, count: int) -> str:
    """Return a remark with the inputs that it is on.

    >>> _note("no header", "a.csv", 3)
    'a.csv and 2 others: no header'
    """
    others = "" if count == 1 else f" and {count - 1:,} {'other' if count == 2 else 'others'}"
    return f"{path}{others}: {text}"


def _damage_notes(damaged: dict[str, tuple[int, int | None]]) -> Iterator[str]:
    """Yield a note on each of the first files in which bytes were replaced, and one on the others.

    >>> list(_damage_notes({"a.txt": (3, 12)}))
    ['a.txt: 3 invalid characters, the first in line 12, were replaced by U+FFFD']
    """
    for path, (count, line) in islice(damaged.items(), _MAX_DAMAGE_NOTES):
        what = "1 invalid character" if count == 1 else f"{count:,} invalid characters"
        where = "" if line is None else f" in line {line:,}" if count == 1 else f", the first in line {line:,},"
        yield f"{path}: {what}{where} {'was' if count == 1 else 'were'} replaced by U+FFFD"
    others = list(damaged.values())[_MAX_DAMAGE_NOTES:]
    if others:
        total = sum(count for count, _ in others)
        yield f"{len(others):,} more files: {total:,} invalid characters were replaced by U+FFFD"
