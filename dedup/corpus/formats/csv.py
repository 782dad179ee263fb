"""Read the rows of CSV and TSV files; rows that do not fit the header are skipped."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from dedup.corpus.columns import make_unique
from dedup.corpus.formats.encoding import LineDecoder, open_lines
from dedup.corpus.records import Record
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.corpus.streams import Buffered, check_size

# Marks the end of a file; text files do not contain its private-use characters.
_END = "\ue000the end of the file\ue000"


def read_csv(stream: Buffered, path: str, report: ReportBuilder, delimiter: str | None = None) -> Iterator[Record]:
    """Read the rows of a CSV file with a header.

    Args:
        stream: The file.
        path: Path in the corpus.
        report: Receives the rows that do not fit the header.
        delimiter: Field separator; None for the first of comma, semicolon and tab that the header contains.

    Raises:
        Unreadable: The file is binary, or its header cannot be read.
    """
    decoder, raw_lines = open_lines(stream)
    lines = _DecodedLines(decoder, raw_lines)
    first = next(iter(lines), _END)
    if "\0" in first:  # also UTF-16 without a byte order mark
        raise Unreadable("binary (contains NUL bytes)")
    if delimiter is None:
        delimiter = next((separator for separator in ",;\t" if separator in first), ",")
        if delimiter != ",":
            report.notes.append(f"{path}: {delimiter!r} is taken as the field separator")
    limit = csv.field_size_limit(sys.maxsize)  # a setting of the whole process, restored below
    try:
        yield from _records(csv.reader(lines.with_first(first), delimiter=delimiter), lines, path, report)
    finally:
        csv.field_size_limit(limit)
    report.add_decoding(path, decoder.guessed, decoder.replaced)


class _DecodedLines:
    """The decoded lines of a file, followed by `_END`.

    The parser returns `_END` as a row of its own, unless a quote is open at the end of the file.
    """

    def __init__(self, decoder: LineDecoder, raw_lines: Iterator[bytes]) -> None:
        self.size = 0  # bytes of the current row
        self.problem: str | None = None  # why the current row cannot be decoded
        self._lines = self._decode(decoder, raw_lines)

    def __iter__(self) -> Iterator[str]:
        return self._lines

    def with_first(self, first: str) -> Iterator[str]:
        """Yield a line that was already read, then the remaining lines."""
        yield first
        yield from self._lines

    def _decode(self, decoder: LineDecoder, raw_lines: Iterator[bytes]) -> Iterator[str]:
        for raw in raw_lines:
            self.size += len(raw)
            check_size(self.size)
            try:
                line = decoder(raw)
            except Unreadable as error:
                self.problem = str(error)
                line = raw.decode("utf-8", "replace")  # the parser needs its quotes and separators
            # A file without any "\n" has the line ends of classic Mac OS.
            if self.size == len(raw) and not line.endswith("\n"):
                yield from re.split(r"(?<=\r)", line)
            else:
                yield line
        yield _END


class _ParsedRow(NamedTuple):
    """A row that is not blank."""

    line: int
    """First line, from 1."""
    fields: list[str]
    size: int
    """Bytes in the file."""
    problem: str | None
    """Why the row is skipped; None if it is not."""


def _records(reader: Any, lines: _DecodedLines, path: str, report: ReportBuilder) -> Iterator[Record]:
    """Yield the rows that fit the header; report the others as skipped."""
    header: list[str] | None = None
    row = -1
    for line, fields, size, problem in _parse(reader, lines):
        if header is None:
            if problem is not None:
                raise Unreadable(f"the header cannot be read: {problem}")
            header = make_unique(fields)
            continue
        row += 1
        if problem is None and len(fields) != len(header):
            problem = f"{len(fields)} fields, but the header has {len(header)}"
        if problem is None:
            yield Record(row, line, size, dict(zip(header, fields, strict=True)))
        else:
            report.skip(path, problem, row=row, line=line)


def _parse(reader: Any, lines: _DecodedLines) -> Iterator[_ParsedRow]:
    """Yield the header and the rows that are not blank."""
    fields: list[str] = []
    while fields != [_END]:
        line, problem = reader.line_num + 1, None
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fields, problem = [], f"not CSV ({error})"
        if fields and fields != [_END] and fields[-1].endswith(_END):
            problem = "a quote opened in this row is never closed; this row and the rest of the file were not read"
        size, lines.size = lines.size, 0
        problem, lines.problem = lines.problem or problem, None
        if (fields or problem) and fields != [_END]:
            yield _ParsedRow(line, fields, size, problem)
