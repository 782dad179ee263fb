"""Parse the lines of a table to rows that fit, and report the lines that do not.

Rows are never merged, as far as the lines show: when a record does not fit, its first line is reported, and reading
continues at the next line that looks like a row. The time is linear, since only a limited share of the lines is read
again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dedup.corpus.delimited.header import matches_kinds
from dedup.corpus.delimited.quoting import Decision, Shape, decide_quoting
from dedup.corpus.delimited.records import (
    OPEN_QUOTE,
    Parsed,
    Quoting,
    Rules,
    opens_quote,
    simple_rows,
    split_line,
    strict_records,
)

# Bytes of lines by which the quoting is decided: at first, and if these do not decide it.
_WINDOW_BYTES, _LONG_WINDOW_BYTES = 1 << 20, 8 << 20
# Bytes after which a quote that is not closed is doubted.
_RUNAWAY_BYTES = 8 << 20
# Number of lines that look like rows that is too large for the text of a field.
_MANY_ROWS, _SOME_ROWS, _FEW_ROWS = 20, 3, 2
# Maximum number of lines of a record that are checked; they are spread evenly.
_MOST_JUDGED = 400
# Maximum number of lines that are read again: a multiple of all lines read, and a constant.
_REREAD_FACTOR, _REREAD_LINES = 4, 10_000
# Calls in which the fast path is left out when it failed.
_COMPLEX_CHUNKS = 20
_NEARLY_ALL = 0.9

_DOUBLED = re.compile(r'"[^"]*+(?:""[^"]*+)++"')
_MAY_BE_ROWS = "the quoted field of this row may contain the rows after it, since its lines look like rows"
_IS_DOUBTFUL = "the row after it does not fit, so the end of its quoted field is uncertain"
_MAY_BE_THE_REST = "a quote ends a field that does not start with one, so this may be the rest of the row before"
_IS_QUOTED = "a field is quoted, but quotes are ordinary characters in this file"


class RecordParser:
    """Parses the lines of a table."""

    def __init__(self, shape: Shape, quoting: Quoting | None, decision: Decision | None, *, is_named: bool) -> None:
        """Start at the first record.

        Args:
            shape: Delimiter and width of the table.
            quoting: Quoting of the fields; None to decide it by the first quoted fields.
            decision: How the quoting was decided.
            is_named: Whether the user named the quoting, so that it is not doubted.
        """
        self.quoting = quoting
        self._shape = shape
        self._decision = decision
        self._is_named = is_named
        self._rows = 0  # records read
        self._multiline = False  # whether a row of several lines was read
        self._read = self._reread = 0  # lines
        self._complex_chunks = 0  # how often the fast path is left out
        self._follows_problem = False  # whether the last record could not be read

    def remarks(self) -> list[str]:
        """Return remarks on what was detected, where it differs from a plain file."""
        if self._is_named or self._decision is None or self.quoting is None:
            return []
        guess = "" if self._decision.certain else " (a guess)"
        if self.quoting == "none":
            return [f"quotes are ordinary characters{guess}"]
        if self.quoting == "backslash":
            return [f"quotes in fields follow a backslash{guess}"]
        return [f"quotes around fields are not part of the text{guess}"] if guess else []

    def parse(self, lines: Sequence[str], *, at_end: bool, size: int) -> tuple[list[Parsed], int, int]:
        """Parse as many records as can be decided.

        Args:
            lines: The next lines.
            at_end: Whether no more lines follow.
            size: Bytes of the lines.

        Returns:
            Records; blank lines are left out. The number of lines that are done. How many bytes of lines are wanted
            next, or 0.
        """
        stop = self._first_undecided(lines)
        parsed, done, wanted = self._parse_until(lines, stop, at_end, size)
        if not done and stop < len(lines):
            wanted = self._decide(lines, at_end, size)
            return ([], 0, wanted) if wanted else self.parse(lines, at_end=at_end, size=size)
        if not done and not wanted and lines:  # a quote that is not closed in these lines
            if size < _RUNAWAY_BYTES or not self._are_rows(lines[1:]):
                return [], 0, 2 * size
            parsed, done = [Parsed(0, 1, [], OPEN_QUOTE)], 1
        if not (at_end or self._is_named):
            kept = _last_doubtful(parsed)
            if kept < len(parsed) and (parsed[kept].start or size < _RUNAWAY_BYTES):
                done = parsed[kept].start
                wanted = wanted if done else 2 * size
                del parsed[kept:]
        self._doubt(parsed, lines)
        self._read += done
        self._rows += len(parsed)
        return parsed, done, wanted

    def _first_undecided(self, lines: Sequence[str]) -> int:
        """Return the index of the first line that rules in question read differently, or the number of lines."""
        if self.quoting is None:
            for number, line in enumerate(lines):
                if '"' in line and (opens_quote(line, self._shape.delimiter) or '\\"' in line):
                    return number
        elif self.quoting == "quotes" and self._decision is not None and self._decision.is_neutral:
            for number, line in enumerate(lines):
                if "\\" in line and ('\\"' in line or "\\\\" in line):
                    return number
        return len(lines)

    def _decide(self, lines: Sequence[str], at_end: bool, size: int) -> int:
        """Decide the quoting by some lines; return how many bytes of lines are wanted instead, or 0."""
        if not at_end and size < _WINDOW_BYTES:
            return _WINDOW_BYTES
        decision = decide_quoting(lines, self._shape, at_end=at_end, unquoted_rows=self._rows)
        if not at_end and not decision.certain and size < _LONG_WINDOW_BYTES:
            return _LONG_WINDOW_BYTES
        if self.quoting is None:
            self._decision, self.quoting = decision, decision.quoting
        elif decision.quoting == "backslash":
            self._decision, self.quoting = decision, "backslash"
        else:
            assert self._decision is not None  # noqa: S101 - "quotes" was decided before
            self._decision = replace(self._decision, is_neutral=False)
        return 0

    def _rules(self) -> Rules:
        escapes = self._is_named or (self._decision is not None and self._decision.unquoted_escapes)
        return Rules(self._shape.delimiter, self.quoting or "none", escapes)

    def _parse_until(self, lines: Sequence[str], stop: int, at_end: bool, size: int) -> tuple[list[Parsed], int, int]:
        """Parse records that end at or before a line; return them, the lines done, and bytes of lines wanted."""
        parsed: list[Parsed] = []
        rules, width, at = self._rules(), self._shape.width, 0
        rows = self._simple_rows(lines[:stop], rules)
        if rows:
            return [Parsed(number, 1, row, None) for number, row in enumerate(rows)], stop, 0
        checks_quotes = rules.quoting == "none" and self.quoting == "none" and not self._is_named
        before = -1
        while before < at < stop:
            before = at
            for record in strict_records(lines, at, rules, at_end=at_end):
                start, length, fields, problem = record
                if start + length > stop:
                    return parsed, at, 0
                if length == 1 and len(fields) == width and problem is None and not checks_quotes:
                    parsed.append(record)
                    at += 1
                    continue
                judged = self._judge(record, lines, wait=not at_end and size < _RUNAWAY_BYTES)
                if judged is None:
                    return parsed, at, 0 if at else 2 * size
                at = judged.start + judged.length
                if judged.fields or judged.problem is not None:
                    parsed.append(judged)
                if judged.length != record.length or record.problem is not None:
                    break
        return parsed, at, 0

    def _simple_rows(self, lines: Sequence[str], rules: Rules) -> list[list[str]]:
        """Return the rows of lines each of which is a row that fits; an empty list for other lines.

        It is the fast path of `strict_records`. After other lines it is left out for some time.
        """
        if self._complex_chunks:
            self._complex_chunks -= 1
            return []
        rows = simple_rows(lines, rules)
        if {*map(len, rows)} == {self._shape.width}:
            return rows
        self._complex_chunks = _COMPLEX_CHUNKS
        return []

    def _judge(self, record: Parsed, lines: Sequence[str], *, wait: bool) -> Parsed | None:
        """Return a record as it is read, with the lines that belong to it; None if more lines are needed.

        Args:
            record: A record.
            lines: All lines.
            wait: Whether more lines can be had.
        """
        shape = self._shape
        if record.problem is None and (not record.fields or shape.fits(record.fields)):
            if shape.has_extra_field(record.fields):
                record = record._replace(fields=record.fields[:-1])
            if self._is_named:
                return record
            if record.length > 1:
                return self._judge_lines(record, lines)
            if self.quoting == "none" and '"' in lines[record.start] and _has_quoted_field(record.fields):
                return record._replace(fields=[], problem=_IS_QUOTED)
            return record
        problem = record.problem or f"{len(record.fields)} fields, but the header has {shape.width}"
        record = record._replace(fields=[], problem=problem)
        if self.quoting in (None, "none"):
            return record
        return self._resume(record, lines, wait)

    def _judge_lines(self, record: Parsed, lines: Sequence[str]) -> Parsed:
        """Name a record of several lines that fits if its lines look like rows too."""
        self._multiline = True
        shape, count = self._shape, record.length - 1
        starts_as_row = shape.fits_unquoted(lines[record.start])
        if shape.width == 1 or not (starts_as_row or (shape.kinds and count >= _FEW_ROWS)):
            return record
        step = count // _MOST_JUDGED + 1
        rest = lines[record.start + 1 : record.start + record.length : step]
        filled = len(rest) - rest.count("\n") - rest.count("\r\n")
        if shape.count_fitting(rest) < min(filled, max(_FEW_ROWS, filled / 2)):
            return record  # the kinds of their fields need not be looked at
        rest = [line for line in rest if line not in ("\n", "\r\n")]
        are_rows = [*map(self._is_row, rest)]
        rows = are_rows.count(True)
        is_many = len(rest) - are_rows.count(False) >= max(_MANY_ROWS, _NEARLY_ALL * len(rest))
        is_certain = self._decision is not None and self._decision.certain and shape.delimiter not in "\t|"
        is_doubtful = (
            starts_as_row and len(rest) > 0 and False not in are_rows and (rows > 0 or is_many or not is_certain)
        )
        is_doubtful = is_doubtful or rows >= max(_FEW_ROWS, len(rest) / 2)
        return Parsed(record.start, 1 if is_many else record.length, [], _MAY_BE_ROWS) if is_doubtful else record

    def _resume(self, record: Parsed, lines: Sequence[str], wait: bool) -> Parsed | None:
        """Return how many lines to name for a record that does not fit; None if more lines are needed."""
        first, after = record.start, record.start + 1
        if self._reread > _REREAD_FACTOR * (self._read + first) + _REREAD_LINES:
            return record
        delimiter = self._shape.delimiter
        if _ends_open(lines[first], delimiter):
            end, is_closed = _end_of_field(lines, after, delimiter)
            if end == len(lines) and not is_closed and wait:
                return None
            self._reread += end - after
            after = self._next_row(lines, after, end, is_closed)
        self._reread += max(record.length - (after - first), 0)
        return record._replace(length=after - first)

    def _next_row(self, lines: Sequence[str], start: int, end: int, is_closed: bool) -> int:
        """Return the first line from which nearly all lines up to `end` look like rows; `end` if there is none.

        Args:
            lines: All lines.
            start: First line that may be a row.
            end: Line after the last one that may be a row.
            is_closed: Whether a quote before `end` may close a field that was opened before `start`.
        """
        if self._shape.width == 1:
            return end if self._multiline or is_closed else start
        least = 1 if self._shape.kinds and not is_closed else _SOME_ROWS
        found, rows, filled = end, 0, 0
        for number in range(end - 1, start - 1, -1):
            if lines[number].strip("\r\n"):
                filled += 1
                if self._may_be_row(lines[number]):
                    rows += 1
                    if rows >= max(least, _NEARLY_ALL * filled):
                        found = number
        return found

    def _is_row(self, line: str) -> bool | None:
        """Return whether a line looks like a row; None if it fits, but columns without text are empty or unknown."""
        if not self._shape.fits_unquoted(line):
            return False
        return matches_kinds(split_line(line, self._shape.delimiter), self._shape.kinds)

    def _may_be_row(self, line: str) -> bool:
        """Return whether a line looks like a row as far as the kinds of its columns are known."""
        found = self._is_row(line)
        return found or (found is None and not self._shape.kinds)

    def _are_rows(self, lines: Sequence[str]) -> bool:
        """Return whether nearly all lines look like rows of several fields."""
        filled = [line for line in lines if line.strip("\r\n")]
        return self._shape.width > 1 and sum(map(self._may_be_row, filled)) >= _NEARLY_ALL * max(len(filled), 1)

    def _doubt(self, parsed: list[Parsed], lines: Sequence[str]) -> None:
        """Name the rows beside a row that does not fit if their quotes may belong to it."""
        if not self._follows_problem and all(record.problem is None for record in parsed):
            return
        delimiter, has_quote = self._shape.delimiter, False
        for number in range(len(parsed) - 1, -1, -1):
            record = parsed[number]
            if record.problem is not None:
                has_quote = has_quote or any('"' in line for line in lines[record.start : record.start + record.length])
                continue
            line = lines[record.start]
            is_open = record.length > 1 or (self.quoting == "none" and '"' in line and _ends_open(line, delimiter))
            if has_quote and is_open and not self._is_named:
                parsed[number] = record._replace(fields=[], problem=_IS_DOUBTFUL)
            has_quote = False
        for number, record in enumerate(parsed):
            if record.problem is None and self._follows_problem and self.quoting != "none":
                line = lines[record.start]
                if '"' in line and _has_stray_end(line, delimiter):
                    parsed[number] = record._replace(fields=[], problem=_MAY_BE_THE_REST)
            self._follows_problem = parsed[number].problem is not None


def _last_doubtful(parsed: Sequence[Parsed]) -> int:
    """Return the index of a record of several lines after which no record fits; the number of records otherwise."""
    for number in range(len(parsed) - 1, -1, -1):
        if parsed[number].problem is None:
            return number if parsed[number].length > 1 else len(parsed)
    return len(parsed)


def _has_quoted_field(fields: Sequence[str]) -> bool:
    """Return whether a field is in quotes and contains doubled quotes."""
    return any(field.startswith('"') and _DOUBLED.fullmatch(field) for field in fields)


def _quote_events(line: str, delimiter: str, *, is_open: bool) -> Iterator[tuple[bool, bool]]:
    """Yield the quotes of a line that open or close a field if stray quotes are allowed.

    Yields:
        Whether the field is open after the quote, and whether the quote may as well open as close a field.
    """
    at, last = line.find('"'), len(line)
    while at >= 0:
        starts = at == 0 or line[at - 1] == delimiter
        following = line[at + 1] if at + 1 < last else "\n"
        if not is_open:
            if starts:
                is_open = True
                yield True, False
        elif following == '"' and not (starts and line[at + 2 : at + 3] in ("", delimiter, "\r", "\n")):
            at += 1
        elif starts and (at == 0 or following not in "\r\n") and (at or following not in (delimiter, "\r", "\n")):
            yield True, True
        elif (following == delimiter or following in "\r\n") and line[at - 1 : at] != "\\":
            is_open = False
            yield False, False
        at = line.find('"', at + 1)


def _ends_open(line: str, delimiter: str) -> bool:
    r"""Return whether a quoted field is open at the end of a line, if stray quotes are allowed.

    >>> _ends_open('1,"a "b" c"\n', ","), _ends_open('1,"a "b" c\n', ",")
    (False, True)
    """
    events = [is_open for is_open, _ in _quote_events(line, delimiter, is_open=False)]
    return bool(events) and events[-1]


def _has_stray_end(line: str, delimiter: str) -> bool:
    r"""Return whether a quote ends a field that does not start with one.

    >>> _has_stray_end('rest",1\n', ","), _has_stray_end('"rest",1\n', ",")
    (True, False)
    """
    fields = split_line(line, delimiter)
    return any(field.endswith('"') and not field.startswith('"') for field in fields[:1]) or (
        not _ends_open(line, delimiter)
        and '"' not in "".join(fields[:-1])
        and fields[-1].endswith('"')
        and not fields[-1].startswith('"')
    )


def _end_of_field(lines: Sequence[str], start: int, delimiter: str) -> tuple[int, bool]:
    """Find the end of a quoted field that is open at the start of a line, if stray quotes are allowed.

    Returns:
        The line after the end, and True; or the line in which another field opens, and False; or the number of lines,
        and False.
    """
    for number in range(start, len(lines)):
        if '"' not in lines[number]:
            continue
        events = list(_quote_events(lines[number], delimiter, is_open=True))
        if any(opens for _, opens in events):
            return number, False
        if events and not events[-1][0]:
            return number + 1, True
    return len(lines), False
