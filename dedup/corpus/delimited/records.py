r"""Parse the records of delimited text strictly: a record that breaks the rules of its quoting is a problem.

The rules, with the delimiter `,`:

* "quotes" (RFC 4180): a field that starts with a quote ends at the next single quote, which a delimiter or the end of
  the line must follow; a doubled quote inside is a quote; delimiters and line ends inside are text.
* "backslash": the same, but `\"` and `\\` inside are a quote and a backslash too. A backslash before any other
  character is text. In a field without quotes, a backslash also escapes a delimiter and a line end.
* "none": each line is a record, and a quote is an ordinary character.

In all of them a quote within a field that does not start with one is an ordinary character.
"""

from __future__ import annotations

import csv
import functools
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Quoting = Literal["quotes", "backslash", "none"]

OPEN_QUOTE = "a quote opened in this row is never closed"
TEXT_AFTER_QUOTE = "text follows a closing quote"
CARRIAGE_RETURN = "a carriage return in a field without quotes"
AMBIGUOUS_BACKSLASH = "a backslash in a field without quotes may escape the next character or not"

_QUOTED_ESCAPE = re.compile(r'\\(["\\])|""')
# Text up to a quote that is neither escaped nor doubled, or up to the end of the line.
_QUOTED_RUN = re.compile(r'[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*+', re.DOTALL)


@dataclass(frozen=True)
class Rules:
    """How records are parsed."""

    delimiter: str
    """Field separator, one character."""
    quoting: Quoting
    """Quoting of fields."""
    unquoted_escapes: bool = True
    """Whether, with "backslash", a backslash in a field without quotes escapes; else such a record is a problem."""


class Parsed(NamedTuple):
    """A record of some lines."""

    start: int
    """Index of the first line."""
    length: int
    """Number of lines."""
    fields: list[str]
    """Fields; none for a blank line."""
    problem: str | None
    """Why the record cannot be read; None if it can."""


def strict_records(lines: Sequence[str], start: int, rules: Rules, *, at_end: bool) -> Iterator[Parsed]:
    r"""Parse records until one is a problem, is incomplete, or the lines end.

    Args:
        lines: Lines with their line ends.
        start: Index of the line to begin with.
        rules: How records are parsed.
        at_end: Whether no more lines follow; else an incomplete record at the end is not returned.

    Yields:
        Records; the last one may have a problem, and then its lines are those up to where the problem was noticed.

    >>> [record.fields for record in strict_records(['1,"a\n', 'b"\n', "2,c\n"], 0, Rules(",", "quotes"), at_end=True)]
    [['1', 'a\nb'], ['2', 'c']]
    """
    if rules.quoting == "none":
        return _plain_records(lines, start, rules.delimiter)
    if rules.quoting == "quotes":
        return _quoted_records(lines, start, rules.delimiter, at_end)
    return _escaped_records(lines, start, rules, at_end)


def simple_rows(lines: Sequence[str], rules: Rules) -> list[list[str]]:
    r"""Return the fields of lines each of which is a record; an empty list if some may not be.

    >>> simple_rows(["1,a\n", '2,"b"\n'], Rules(",", "quotes")), simple_rows(['1,"a\n', 'b"\n'], Rules(",", "quotes"))
    ([['1', 'a'], ['2', 'b']], [])
    """
    if rules.quoting == "none":
        stripped = [line.rstrip("\r\n") for line in lines]
        if not all(stripped) or any("\r" in line or '"' in line for line in stripped):
            return []
        return [line.split(rules.delimiter) for line in stripped]
    if rules.quoting == "backslash":
        return []
    limit = csv.field_size_limit(sys.maxsize)
    try:
        rows = list(csv.reader(lines, delimiter=rules.delimiter, quotechar='"', strict=True))
    except csv.Error:
        return []
    finally:
        csv.field_size_limit(limit)
    return rows if len(rows) == len(lines) else []


def _plain_records(lines: Sequence[str], start: int, delimiter: str) -> Iterator[Parsed]:
    for number in range(start, len(lines)):
        line = lines[number].rstrip("\r\n")
        if "\r" in line:
            yield Parsed(number, 1, [], CARRIAGE_RETURN)
            return
        yield Parsed(number, 1, line.split(delimiter) if line else [], None)


def _quoted_records(lines: Sequence[str], start: int, delimiter: str, at_end: bool) -> Iterator[Parsed]:
    first = at = start
    limit = csv.field_size_limit(sys.maxsize)  # a setting of the whole process, restored below
    try:
        reader = csv.reader(
            map(lines.__getitem__, range(start, len(lines))), delimiter=delimiter, quotechar='"', strict=True
        )
        for fields in reader:
            end = first + reader.line_num
            yield Parsed(at, end - at, fields, None)
            at = end
    except csv.Error as error:
        end = first + reader.line_num
        if "unexpected end" in str(error):
            if at_end:
                yield Parsed(at, end - at, [], OPEN_QUOTE)
        else:
            yield Parsed(at, end - at, [], TEXT_AFTER_QUOTE if "expected after" in str(error) else CARRIAGE_RETURN)
    finally:
        csv.field_size_limit(limit)


def _escaped_records(lines: Sequence[str], start: int, rules: Rules, at_end: bool) -> Iterator[Parsed]:
    while start < len(lines):
        record = _escaped_record(lines, start, rules)
        if record.problem == OPEN_QUOTE and not at_end:
            return
        yield record
        if record.problem is not None:
            return
        start += record.length


@functools.lru_cache(maxsize=16)
def _unquoted_patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns of a field without quotes, and of an escape in it."""
    sign = re.escape(delimiter)
    return (
        re.compile(rf"[^{sign}\\\r\n]*+(?:\\(?:.|\Z)[^{sign}\\\r\n]*+)*+", re.DOTALL),
        re.compile(rf'\\([{sign}"\\\r\n])'),
    )


def _escaped_record(lines: Sequence[str], start: int, rules: Rules) -> Parsed:
    """Parse a record with the rules of "backslash"; its time is linear in its length."""
    _, escape = _unquoted_patterns(rules.delimiter)
    fields: list[str] = []
    number, at, problem = start, 0, None
    if not lines[start].strip("\r\n"):
        return Parsed(start, 1, [], None)
    while problem is None:
        if lines[number].startswith('"', at):
            closed = _quoted_field(lines, number, at + 1)
            if closed is None:
                return Parsed(start, len(lines) - start, [], OPEN_QUOTE)
            field, number, at = closed
            if lines[number][at : at + 1] not in ("", rules.delimiter, "\r", "\n"):
                problem = TEXT_AFTER_QUOTE
        else:
            field, number, at = _unquoted_field(lines, number, at, rules.delimiter)
            if "\\" in field:
                if not rules.unquoted_escapes and escape.search(field):
                    problem = AMBIGUOUS_BACKSLASH
                field = escape.sub(r"\1", field)
        fields.append(field)
        if not lines[number].startswith(rules.delimiter, at):
            break
        at += 1
    if problem is None and lines[number][at:].strip("\r\n"):
        problem = CARRIAGE_RETURN
    return Parsed(start, number + 1 - start, [] if problem else fields, problem)


def _unquoted_field(lines: Sequence[str], number: int, at: int, delimiter: str) -> tuple[str, int, int]:
    """Return a field without quotes, with its escapes, and line and position of its end."""
    unquoted, _ = _unquoted_patterns(delimiter)
    pieces = []
    while True:
        line = lines[number]
        match = unquoted.match(line, at)
        assert match is not None  # noqa: S101 - the pattern matches an empty text
        pieces.append(match[0])
        at = match.end()
        if at < len(line) or number + 1 == len(lines) or not match[0].endswith(("\\\n", "\\\r")):
            return "".join(pieces), number, at
        number, at = number + 1, 0


def _quoted_field(lines: Sequence[str], number: int, at: int) -> tuple[str, int, int] | None:
    """Return a quoted field from behind its opening quote, and line and position behind the closing one."""
    pieces = []
    while number < len(lines):
        line = lines[number]
        match = _QUOTED_RUN.match(line, at)
        assert match is not None  # noqa: S101 - the pattern matches an empty text
        end = match.end()
        if end < len(line) and line[end] == '"':
            pieces.append(line[at:end])
            text = "".join(pieces)
            return _QUOTED_ESCAPE.sub(lambda found: found[1] or '"', text), number, end + 1
        pieces.append(line[at:])
        number, at = number + 1, 0
    return None


def opens_quote(line: str, delimiter: str) -> bool:
    """Return whether a field of a line starts with a quote.

    >>> opens_quote('1,"a"', ","), opens_quote('1,a "b"', ",")
    (True, False)
    """
    return line.startswith('"') or f'{delimiter}"' in line


def split_line(line: str, delimiter: str) -> list[str]:
    r"""Split a line at all delimiters.

    >>> split_line('1,"a, b"\n', ",")
    ['1', '"a', ' b"']
    """
    return line.rstrip("\r\n").split(delimiter)
