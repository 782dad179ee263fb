"""What reading found: the columns taken, what was left out and why, what had to be guessed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

Record = tuple[int, int | None, int, dict[str, Any]]  # row from 0, line from 1, size in bytes, values


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not read: a file, a folder, or one row of a file.

    `row` counts a file's data rows from 0, `line` its lines from 1; each is None where it is not known.

    >>> str(Skipped("news.jsonl", None, 7, "not JSON"))
    'news.jsonl, line 7: not JSON'
    """

    path: str
    row: int | None
    line: int | None
    reason: str

    def __str__(self) -> str:
        """Say where and why on one line."""
        row = "" if self.row is None else f", row {self.row}"
        line = "" if self.line is None else f", line {self.line}"
        return f"{self.path}{row}{line}: {self.reason}"


@dataclass(frozen=True)
class Columns:
    """Which columns hold what.

    `text` and `id` are names in the input (those of the first file that has them). `date` and `outlet` are
    names in the corpus's schema: those of the input, unless they had to get the prefix `input_`. `found`
    names the roles ("text", "id", "date", "outlet") whose column was found rather than named by the user.
    """

    text: str | None = None
    id: str | None = None
    date: str | None = None
    outlet: str | None = None
    found: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadReport:
    """What reading did, in counts and names.

    `files` counts the inputs read (tables and standard input too), `hidden` the files and folders left out
    for their leading dot. `guessed` names each file whose encoding was guessed, `encodings` counts files by
    that guess. `replaced` counts the characters that became U+FFFD (lone surrogates, bytes in a Parquet
    string that are not UTF-8). `repeated_ids` counts the documents whose id an earlier one has. `notes` are
    sentences for the user.
    """

    files: int = 0
    hidden: int = 0
    skipped: tuple[Skipped, ...] = ()
    encodings: dict[str, int] = field(default_factory=dict)
    guessed: tuple[tuple[str, str], ...] = ()
    replaced: int = 0
    null_ids: int = 0
    repeated_ids: int = 0
    null_texts: int = 0
    notes: tuple[str, ...] = ()


@dataclass
class Tally:
    """The report while it is being made."""

    files: int = 0
    hidden: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    guessed: list[tuple[str, str]] = field(default_factory=list)
    replaced: int = 0
    null_ids: int = 0
    repeated_ids: int = 0
    null_texts: int = 0
    notes: list[str] = field(default_factory=list)
    taken: dict[str, Counter[str]] = field(default_factory=lambda: {"text": Counter(), "id": Counter()})
    lacking_text: list[str] = field(default_factory=list)
    lacking_id: int = 0

    def skip(self, path: str, reason: str, *, row: int | None = None, line: int | None = None) -> None:
        """Name something that is not read."""
        self.skipped.append(Skipped(path, row, line, reason))

    def took(self, text: str, identity: str | None) -> None:
        """Note which columns an input's text and ids come from."""
        self.taken["text"][text] += 1
        if identity is None:
            self.lacking_id += 1
        else:
            self.taken["id"][identity] += 1

    def frozen(self) -> ReadReport:
        """Close the count."""
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
            notes=tuple(self.notes),
        )
