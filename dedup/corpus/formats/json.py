"""Read the objects of JSONL and JSON files; broken objects are skipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dedup.corpus.encodings.blocks import decode_blocks
from dedup.corpus.encodings.detect import detect_unicode, replace_surrogates
from dedup.corpus.encodings.lines import open_lines
from dedup.corpus.json.values import (
    MAX_DEPTH,
    SPACE_AND_COMMA,
    InvalidJson,
    JsonDecoder,
    JsonText,
    Value,
    describe_skipped,
    may_be_incomplete,
    parse_all,
)
from dedup.corpus.json.wrapped import find_wrapped, read_wrapped
from dedup.corpus.records import Record, describe_json_type
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.corpus.streams import Buffered

# First bytes of a file by which its layout is recognised.
_HEAD_BYTES = 1 << 20
# Maximum number of characters of an object on several lines in a file with one object per line.
_JOINED_CHARACTERS = 16 << 20
_LINE_ENDS = ("\n", "\r\n", "")


def read_jsonl(stream: Buffered, path: str, report: ReportBuilder, text_column: str | None = None) -> Iterator[Record]:
    """Read the objects of a file named as JSON Lines: one per line, or as `read_json` reads them.

    Args:
        stream: The file.
        path: Path in the corpus.
        report: Receives the lines that are not objects, and remarks.
        text_column: Column of the texts named by the user.

    Raises:
        Unreadable: The file begins with an array of other values than objects.
    """
    if has_objects_on_lines(_decode_head(stream), is_named=True):
        return _LineReader(stream, path, report).read()
    return _ValueReader(stream, path, report).read(text_column)


def read_json(stream: Buffered, path: str, report: ReportBuilder, text_column: str | None = None) -> Iterator[Record]:
    """Read the objects of a JSON file: an array of objects, or objects one after another.

    The records of a single object around them, such as an answer of an API, are read instead of it; a note says so.

    Args:
        stream: The file.
        path: Path in the corpus.
        report: Receives the objects that cannot be read, the guessed encoding, and remarks.
        text_column: Column of the texts named by the user.

    Raises:
        Unreadable: The file begins with another value.
    """
    if has_objects_on_lines(_decode_head(stream), is_named=False):
        return _LineReader(stream, path, report).read()
    return _ValueReader(stream, path, report).read(text_column)


def _decode_head(stream: Buffered) -> str:
    """Return the beginning of a file without moving in it."""
    head = stream.peek(_HEAD_BYTES)
    size, encoding, _ = detect_unicode(head)
    return head[size:].decode(encoding, "replace")


def has_objects_on_lines(head: str, *, is_named: bool) -> bool:
    r"""Return whether a file is to be read line by line: it has an object on the first or second line.

    Args:
        head: Beginning of the file.
        is_named: Whether the name of the file says that it is JSON Lines.

    >>> has_objects_on_lines('{"a": 1}\n{"a": 2}\n', is_named=False), has_objects_on_lines("[1", is_named=True)
    (True, False)
    """
    first, second = _first_lines(head)
    objects, error = _parse_objects(first)
    if len(objects) == 1 and error is None:
        return bool(second)
    if objects or not first.strip():
        return not first.strip() and is_named
    if first.lstrip("\x1e\ufeff \t").startswith(("{", "[")) and not second:  # a long line
        return is_named and not first.lstrip().startswith("[")
    if first.rstrip().endswith(("{", "[", ",", ":")):  # its value continues on the next line
        return False
    objects, second_error = _parse_objects(second)
    if objects and second_error is None:
        return _indentation(second) <= _indentation(first)
    is_start = error is not None and may_be_incomplete(error, first.rstrip())
    return is_named and not is_start and not first.lstrip().startswith("[")


def _first_lines(head: str) -> tuple[str, str]:
    """Return the first two lines that are not empty; the last may be incomplete."""
    found: list[str] = []
    at = 0
    while at < len(head) and len(found) < 2:
        end = head.find("\n", at) + 1 or len(head)
        if not head[at:end].isspace():
            found.append(head[at:end])
        at = end
    return (*found, "", "")[0], (*found, "", "")[1]


def _parse_objects(line: str) -> tuple[list[Value], json.JSONDecodeError | None]:
    """Return the objects of a line; none if it has other values."""
    try:
        values, error = parse_all(JsonDecoder(), line)
    except (ValueError, RecursionError):
        return [], None
    return ([] if any(not isinstance(found.value, dict) for found in values) else values), error


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def check_object(value: Any, source: str, report: ReportBuilder, path: str, line: int) -> dict[str, Any]:
    r"""Return a value if it is an object of limited depth; replace lone surrogates by U+FFFD.

    Args:
        value: The parsed value.
        source: The JSON it was parsed from.
        report: Counts the replaced surrogates.
        path: Path in the corpus.
        line: Line of the value.

    Raises:
        Unreadable: The value is not an object, or is nested too deep.

    >>> check_object({"a": "\ud800"}, r'{"a": "\ud800"}', ReportBuilder(), "a.json", 1)
    {'a': '�'}
    """
    if not isinstance(value, dict):
        raise Unreadable(f"{describe_json_type(value)}, not an object")
    if source.count("[") + source.count("{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise Unreadable(f"nested deeper than {MAX_DEPTH} levels")
    if "\\ud" in source or "\\uD" in source:  # decoded JSON can only contain a surrogate as an escape
        counts: list[int] = []
        clean: dict[str, Any] = _replace_nested_surrogates(value, counts)
        report.add_decoding(path, None, sum(counts), line)
        return clean
    return value


def _replace_nested_surrogates(value: Any, counts: list[int]) -> Any:
    """Replace the lone surrogates in a JSON value by U+FFFD; append the number of them in each string to a list."""
    if isinstance(value, str):
        clean, count = replace_surrogates(value)
        counts.append(count)
        return clean
    if isinstance(value, list):
        return [_replace_nested_surrogates(item, counts) for item in value]
    if isinstance(value, dict):
        return {
            _replace_nested_surrogates(key, counts): _replace_nested_surrogates(item, counts)
            for key, item in value.items()
        }
    return value


def _depth(value: object) -> int:
    """Return the number of levels of lists and objects, including the innermost values."""
    depth, level = 0, [value]
    while level:
        depth += 1
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        level = inner
    return depth


class _LineReader:
    """Reads a file with one object per line. Some lines may have several objects, or a part of one."""

    def __init__(self, stream: Buffered, path: str, report: ReportBuilder) -> None:
        self._path, self._report = path, report
        self._decode, raw_lines = open_lines(stream)
        self._lines = enumerate(raw_lines, 1)
        # Number, content and text of a line that was read after an object that continues on several lines. Otherwise
        # no line is read ahead: if it is damaged, the rows before it are delivered first.
        self._ahead: tuple[int, bytes, str] | None = None
        self._decoder = JsonDecoder()
        self._row = -1

    def read(self) -> Iterator[Record]:
        """Yield the objects; report lines that are not."""
        try:
            yield from self._read_lines()
        finally:  # also if the stream breaks off
            self._report.add_decoded(self._path, self._decode)
            for remark in self._decoder.remarks():
                self._report.remark(self._path, remark)

    def _read_lines(self) -> Iterator[Record]:
        report, decode, parse = self._report, self._decode, self._decoder.parse
        while True:
            if self._ahead is not None:
                (number, raw, line), self._ahead = self._ahead, None
                self._row += 1
            else:
                number, raw = next(self._lines, (0, b""))
                if not raw:
                    break
                if raw.isspace():
                    continue
                self._row += 1
                try:
                    line = decode(raw)
                except Unreadable as error:
                    report.skip(self._path, str(error), line=number)
                    continue
            try:
                value, end = parse(line)
            except (ValueError, RecursionError):
                end = 0
            if line[end:] not in _LINE_ENDS:
                yield from self._read_odd(number, line)
                continue
            try:
                yield Record(self._row, number, len(raw), check_object(value, line, report, self._path, number))
            except Unreadable as error:
                report.skip(self._path, str(error), line=number)

    def _make_record(self, line: int, size: int, found: Value) -> Record | None:
        try:
            return Record(
                self._row, line, size, check_object(found.value, found.source, self._report, self._path, line)
            )
        except Unreadable as error:
            self._report.skip(self._path, str(error), line=line)
            return None

    def _read_odd(self, number: int, line: str) -> Iterator[Record]:
        """Read a line that is not exactly one object, and those after it that belong to the same object."""
        last = number
        try:
            values, error = parse_all(self._decoder, line.rstrip(" \t\r\n"))
            if error is not None and not values and _is_cut(error, line):
                line, last = self._append_lines(number, line)
                values, error = parse_all(self._decoder, line) if last > number else ([], error)
        except RecursionError:
            self._report.skip(self._path, f"nested deeper than {MAX_DEPTH} levels", line=number)
            return
        except ValueError as invalid:  # a number with too many digits
            self._report.skip(self._path, f"unsupported JSON ({invalid})", line=number)
            return
        if error is not None and last == number:
            values = []  # a damaged line is not read in part
        if error is not None:
            first = number + (values[-1].line - 1 + values[-1].source.count("\n") + 1 if values else 0)
            reason = f"not JSON ({error.msg}, column {error.colno})"
            self._report.skip(self._path, describe_skipped(reason, first, last), line=first)
        for position, found in enumerate(values):
            self._row += position > 0
            record = self._make_record(number + found.line - 1, len(found.source), found)
            if record is not None:
                yield record

    def _append_lines(self, number: int, line: str) -> tuple[str, int]:
        """Return a line with those after it up to the next object or array, and the number of the last line."""
        indentation = _indentation(line)
        parts, size, last = [line], len(line), number
        for following, raw in self._lines:
            try:
                text = self._decode(raw)
            except Unreadable as error:
                self._report.skip(self._path, str(error), line=following)
                break
            if text.lstrip(" \t\x1e\ufeff").startswith(("{", "[")) and _indentation(text) <= indentation:
                self._ahead = following, raw, text
                break
            size += len(text)
            if size <= _JOINED_CHARACTERS:
                parts.append(text)
            last = following
        return "".join(parts), last


def _is_cut(error: json.JSONDecodeError, line: str) -> bool:
    """Return whether an object begins on a line and may continue on the next one."""
    is_object = line.lstrip("\x1e\ufeff \t").startswith("{")
    return is_object and (error.pos >= len(line.rstrip()) or error.msg.startswith("Unterminated"))


class _ValueReader:
    """Reads objects one after another, the elements of arrays, or the records in a single object."""

    def __init__(self, stream: Buffered, path: str, report: ReportBuilder) -> None:
        self._path, self._report = path, report
        blocks = decode_blocks(
            stream,
            lambda encoding: report.add_decoding(path, encoding),
            lambda count, line: report.add_decoding(path, None, count, line),
        )
        self._text = JsonText(blocks)
        self._row = -1

    def read(self, text_column: str | None) -> Iterator[Record]:
        """Yield the objects; report what is not read.

        Raises:
            Unreadable: The first value is not an object.
        """
        try:
            for found in self._values(text_column):
                self._row += 1
                if self._row == 0 and not isinstance(found.value, dict):
                    raise Unreadable("neither an object nor an array of objects")
                try:
                    value = check_object(found.value, found.source, self._report, self._path, found.line)
                except Unreadable as error:
                    self._report.skip(self._path, str(error), row=self._row, line=found.line)
                else:
                    yield Record(self._row, found.line, len(found.source), value)
        except InvalidJson as error:
            self._report.skip(self._path, f"not read from here on: {error}", line=error.line)
        for remark in self._text.decoder.remarks():
            self._report.remark(self._path, remark)

    def _values(self, text_column: str | None) -> Iterator[Value]:
        """Yield all values, and the elements of arrays instead of them.

        Raises:
            InvalidJson: The rest of the file cannot be read.
        """
        text = self._text
        char = text.peek()
        if not char:
            raise InvalidJson("the file ends too early", text.line)
        wrapped = find_wrapped(text, text_column) if char == "{" else None
        if wrapped is not None:
            wrapped = yield from read_wrapped(text, wrapped, self._skip, text_column)
            self._report.remark(self._path, wrapped.note)
        while char := text.peek(SPACE_AND_COMMA):
            if char == "[":
                yield from text.array(self._skip)
            else:
                found = text.parse_or_resume(self._skip, in_array=False)
                if found is not None:
                    yield found

    def _skip(self, reason: str, line: int) -> None:
        self._report.skip(self._path, reason, line=line)
