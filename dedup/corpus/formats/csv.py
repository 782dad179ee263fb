"""Read the rows of CSV and TSV files; only rows that do not fit the header are skipped, and each is reported."""

from __future__ import annotations

from collections.abc import Iterator

from dedup.corpus.columns import make_unique
from dedup.corpus.delimited.lines import LineBuffer
from dedup.corpus.delimited.parser import RecordParser
from dedup.corpus.delimited.records import Parsed
from dedup.corpus.formats.csv_dialect import Dialect, detect_dialect
from dedup.corpus.records import Record
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.corpus.streams import Buffered, check_size
from dedup.settings import Reading

# Bytes of lines that are parsed at a time; more are slower, since they do not fit into the processor cache. Long
# records need more.
_CHUNK_BYTES, _LONG_CHUNK_BYTES = 64 << 10, 4 << 20
# Bytes of lines by which the dialect is detected: the minimum, and the maximum if that is less than this many lines.
_SAMPLE_BYTES, _LONG_SAMPLE_BYTES, _SAMPLE_LINES = 64 << 10, 1 << 20, 50

# Maximum number of names of columns that a remark lists.
_MOST_NAMES = 3
_IS_HEADER = "the header again"


def read_csv(
    stream: Buffered, path: str, report: ReportBuilder, reading: Reading | None = None, delimiter: str | None = None
) -> Iterator[Record]:
    """Read the rows of a CSV or TSV file.

    Args:
        stream: The file.
        path: Path in the corpus.
        report: Receives the rows that cannot be read, and what was detected.
        reading: Options that name parts of the dialect; the others are detected.
        delimiter: Field separator by the name of the file; None for a comma.

    Raises:
        Unreadable: The file is binary, or it has no dialect by which its rows can be read.

    >>> import io
    >>> report = ReportBuilder()
    >>> stream = io.BufferedReader(io.BytesIO(b"id|text\\n1|a, b\\n"))
    >>> [record.values for record in read_csv(stream, "a.csv", report)], [*report.build().notes]
    ([{'id': '1', 'text': 'a, b'}], ["a.csv: fields are separated by '|'"])
    """
    reading = reading or Reading()
    buffer = LineBuffer(stream)
    buffer.fill(_SAMPLE_BYTES)
    if buffer.lines and "\0" in buffer.lines[0]:  # also UTF-16 without a byte order mark
        raise Unreadable("binary (contains NUL bytes)")
    if buffer.failure is not None and len(buffer.lines) < 2:
        raise buffer.failure
    while len(buffer.lines) < _SAMPLE_LINES and not buffer.at_end and buffer.size < _LONG_SAMPLE_BYTES:
        buffer.fill(2 * buffer.size)
    sample = _sample(buffer)
    is_whole = buffer.at_end and len(sample) == len(buffer.lines)
    dialect = detect_dialect(sample, reading, delimiter, at_end=is_whole)
    table = _Table(buffer, dialect, path, report, reading)
    try:
        yield from table.records()
    finally:  # also if the caller stops reading
        table.add_remarks(delimiter or ",")
    report.add_decoded(path, buffer.decoder)
    if buffer.failure is not None:
        raise buffer.failure


def _sample(buffer: LineBuffer) -> list[str]:
    """Return the first lines of a buffer, by which the dialect is detected."""
    size = count = 0
    while count < len(buffer.lines) and (size < _SAMPLE_BYTES or count < _SAMPLE_LINES):
        size += buffer.sizes[count]
        count += 1
    return buffer.lines[:count]


class _Table:
    """Reads the records of one file."""

    def __init__(
        self, buffer: LineBuffer, dialect: Dialect, path: str, report: ReportBuilder, reading: Reading
    ) -> None:
        self._buffer = buffer
        self._dialect = dialect
        self._path = path
        self._report = report
        self._parser = RecordParser(
            dialect.shape, dialect.quoting, dialect.decision, is_named=reading.quoting != "auto"
        )
        self._first: list[str] = []  # the first record
        self._names: list[str] | None = None
        self._remarks: list[str] = []

    def records(self) -> Iterator[Record]:
        """Yield the rows that fit; report the others as skipped."""
        self._skip_preamble()
        buffer, parser = self._buffer, self._parser
        row = -1
        wanted = chunk = _CHUNK_BYTES
        while True:
            buffer.fill(wanted)
            if not buffer.lines:
                return
            parsed, count, wanted = parser.parse(buffer.lines, at_end=buffer.at_end, size=buffer.size)
            chunk = min(max(chunk, 2 * wanted), _LONG_CHUNK_BYTES)  # long records are then rarely parsed twice
            wanted = max(wanted, chunk)
            check_size(0 if count else buffer.size)
            if self._names is None and parsed:
                self._set_names(parsed[0])
                parsed = parsed[1:] if self._dialect.has_header else parsed
            names, sizes, first_line = self._names or [], buffer.sizes, buffer.first + 1
            header = self._first if self._dialect.has_header and self._dialect.header_is_certain else None
            for record in parsed:
                row += 1
                start, length, fields, problem = record
                if fields == header and problem is None:
                    problem = _IS_HEADER
                if problem is not None or buffer.problems:
                    record = Parsed(start, length, fields, problem)
                    problem = self._problem(record)
                    if problem is not None:
                        self._report.skip(self._path, problem, row=row, line=first_line + start)
                        continue
                size = sizes[start] if length == 1 else sum(sizes[start : start + length])
                if length > 1:  # a single line was checked when it was read
                    check_size(size)
                yield Record(row, first_line + start, size, dict(zip(names, fields, strict=True)))
            if buffer.at_end and not count:
                return
            buffer.drop(count)

    def _set_names(self, record: Parsed) -> None:
        """Take the names of the columns from the first record."""
        width = self._dialect.width
        self._first = record.fields
        if not self._dialect.has_header:
            self._names = make_unique([""] * width)
            return
        problem = self._problem(record)
        if problem is not None and len(record.fields) < width:
            raise Unreadable(f"the header cannot be read: {problem}")
        self._names = make_unique(record.fields[:width])
        renamed = [name for name, field in zip(self._names, record.fields, strict=False) if name != field]
        if renamed:
            names = ", ".join(map(repr, renamed[:_MOST_NAMES])) + (", …" if len(renamed) > _MOST_NAMES else "")
            self._remarks.append(f"columns whose name is empty or used before are named {names}")

    def _problem(self, record: Parsed) -> str | None:
        """Return why a record is skipped; None if it is not."""
        problem = record.problem
        if self._buffer.problems:
            first = self._buffer.first + record.start
            numbers = range(first, first + record.length)
            problem = next((self._buffer.problems[n] for n in numbers if n in self._buffer.problems), problem)
        if problem is not None and record.length > 1:
            line = self._buffer.first + record.start + 1
            problem = f"lines {line:,} to {line + record.length - 1:,}: {problem}"
        return problem

    def _skip_preamble(self) -> None:
        """Skip the lines before the first record, and report those that are not blank."""
        buffer, dialect = self._buffer, self._dialect
        has_directive = dialect.has_directive
        for number, line in enumerate(buffer.lines[: dialect.skipped_lines]):
            if not line.strip("\r\n"):
                continue
            if has_directive:
                has_directive = False
                continue
            self._report.skip(self._path, "before the header of the table", line=number + 1)
        buffer.drop(dialect.skipped_lines)

    def add_remarks(self, expected: str) -> None:
        """Report what was detected, where it differs from a plain file.

        Args:
            expected: The delimiter that needs no remark.
        """
        remarks = [*self._dialect.remarks(expected, self._first), *self._remarks, *self._parser.remarks()]
        if remarks:
            self._report.remark(self._path, "; ".join(remarks))
