"""Rows of CSV and TSV files: each that does not fit the header is named, the rest goes on."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from typing import Any

from dedup.corpus.columns import distinct
from dedup.corpus.files import Buffered, check_length
from dedup.corpus.formats.encoding import NotText, lines
from dedup.corpus.report import Record, Tally

_END = "\ue000the end of the file\ue000"


def csv_file(stream: Buffered, path: str, tally: Tally, delimiter: str | None = None) -> Iterator[Record]:
    """Yield the rows of a CSV file with a header; those that do not fit it are named in `tally`.

    Without `delimiter` it is the comma, unless the header has none but has semicolons or tabs.
    """
    decoder, found = lines(stream)
    fed = _Fed(decoder, found)
    first = next(iter(fed), _END)
    if "\0" in first:  # so is UTF-16 without its mark
        raise NotText("binary (it holds NUL bytes)")
    if delimiter is None:
        delimiter = next((mark for mark in ",;\t" if mark in first), ",")
        if delimiter != ",":
            tally.notes.append(f"{path}: fields are taken to be separated by {delimiter!r}")
    limit = csv.field_size_limit(sys.maxsize)  # one for the whole process: put back below
    try:
        yield from _csv_rows(csv.reader(fed.again(first), delimiter=delimiter), fed, path, tally)
    finally:
        csv.field_size_limit(limit)
    tally.replaced += decoder.replaced
    if decoder.guessed:
        tally.guessed.append((path, decoder.guessed))


class _Fed:
    """Feeds a CSV parser lines, then a mark: it ends in a row of its own unless a quote was never closed."""

    def __init__(self, decoder: Any, found: Iterator[bytes]) -> None:
        self.size = 0
        self.problem: str | None = None
        self._lines = self._decoded(decoder, found)

    def __iter__(self) -> Iterator[str]:
        return self._lines

    def again(self, first: str) -> Iterator[str]:
        """Yield the first line once more, then the rest."""
        yield first
        yield from self._lines

    def _decoded(self, decoder: Any, found: Iterator[bytes]) -> Iterator[str]:
        for raw in found:
            self.size += len(raw)
            check_length(self.size)
            try:
                line = decoder(raw)
            except NotText as error:
                self.problem = str(error)
                line = raw.decode("utf-8", "replace")  # to keep the parser in step; its row is left out
            if self.size == len(raw) and not line.endswith("\n"):  # no line end in all of the file: the old Mac's
                yield from re.split(r"(?<=\r)", line)
            else:
                yield line
        yield _END


def _csv_rows(reader: Any, fed: _Fed, path: str, tally: Tally) -> Iterator[Record]:
    header: list[str] | None = None
    row = -1
    for start, fields, size, problem in _parsed(reader, fed):
        if header is None:
            if problem is not None:
                raise NotText(f"its header is {problem}")
            header = distinct(fields)
            continue
        row += 1
        if problem is None and len(fields) != len(header):
            problem = f"{len(fields)} fields where the header has {len(header)}"
        if problem is None:
            yield row, start, size, dict(zip(header, fields, strict=True))
        else:
            tally.skip(path, problem, row=row, line=start)


def _parsed(reader: Any, fed: _Fed) -> Iterator[tuple[int, list[str], int, str | None]]:
    """Yield (first line, fields, bytes, what is wrong with it) of each row that is not blank."""
    fields: list[str] = []
    while fields != [_END]:
        start, problem = reader.line_num + 1, None
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fields, problem = [], f"not CSV ({error})"
        if fields and fields != [_END] and fields[-1].endswith(_END):
            problem = "a quote opened in this row is never closed: neither it nor what follows is read"
        size, fed.size = fed.size, 0
        problem, fed.problem = fed.problem or problem, None
        if (fields or problem) and fields != [_END]:
            yield start, fields, size, problem
