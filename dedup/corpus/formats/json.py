"""Read the objects of JSONL and JSON files; broken objects are skipped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from dedup.corpus.formats.encoding import decode_blocks, open_lines, replace_surrogates
from dedup.corpus.records import Record, describe_json_type
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.corpus.streams import Buffered, check_size

MAX_DEPTH = 100
"""Most levels of nested JSON; Arrow, Parquet and Python's recursion fail at not many more."""

_JSONL_DETECTION_BYTES = 1 << 20  # first bytes of a file, by which JSONL is recognised
_DECODER = json.JSONDecoder()
_JSON_WHITE_SPACE = re.compile(r"[ \t\r\n]*")


def read_jsonl(stream: Buffered, path: str, report: ReportBuilder) -> Iterator[Record]:
    """Read the objects of a file with one object per line.

    Args:
        stream: The file.
        path: Path in the corpus.
        report: Receives the lines that are not objects.
    """
    decoder, raw_lines = open_lines(stream)
    row = -1
    for number, raw in enumerate(raw_lines, 1):
        if raw.isspace():
            continue
        row += 1
        try:
            line = decoder(raw).rstrip()
            value = json.loads(line)
            yield Record(row, number, len(raw), check_object(value, line, report))
        except Unreadable as error:
            report.skip(path, str(error), line=number)
        except json.JSONDecodeError as error:
            report.skip(path, f"not JSON ({error.msg}, column {error.colno})", line=number)
        except RecursionError:
            report.skip(path, f"nested deeper than {MAX_DEPTH} levels", line=number)
        except ValueError as error:  # a number with too many digits
            report.skip(path, f"not supported JSON ({error})", line=number)
    report.add_decoding(path, decoder.guessed, decoder.replaced)


def check_object(value: Any, source: str, report: ReportBuilder) -> dict[str, Any]:
    r"""Return a value if it is an object of limited depth; replace lone surrogates by U+FFFD.

    Args:
        value: The parsed value.
        source: The JSON it was parsed from.
        report: Counts the replaced surrogates.

    Raises:
        Unreadable: The value is not an object, or is nested too deep.

    >>> check_object({"a": "\ud800"}, r'{"a": "\ud800"}', ReportBuilder())
    {'a': '�'}
    """
    if not isinstance(value, dict):
        raise Unreadable(f"{describe_json_type(value)}, not an object")
    if source.count("[") + source.count("{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise Unreadable(f"nested deeper than {MAX_DEPTH} levels")
    if "\\ud" in source or "\\uD" in source:  # decoded JSON can only contain a surrogate as an escape
        return {
            _replace_nested_surrogates(key, report): _replace_nested_surrogates(item, report)
            for key, item in value.items()
        }
    return value


def _replace_nested_surrogates(value: Any, report: ReportBuilder) -> Any:
    """Replace the lone surrogates in a JSON value by U+FFFD."""
    if isinstance(value, str):
        clean, count = replace_surrogates(value)
        report.replaced += count
        return clean
    if isinstance(value, list):
        return [_replace_nested_surrogates(item, report) for item in value]
    if isinstance(value, dict):
        return {
            _replace_nested_surrogates(key, report): _replace_nested_surrogates(item, report)
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


class _InvalidJson(Exception):  # noqa: N818 - internal: its message becomes the reason of a Skipped
    """The rest of the file is not JSON."""

    def __init__(self, message: str, line: int) -> None:
        """Describe an error in a line, counted from 1."""
        super().__init__(message)
        self.line = line


def read_json(stream: Buffered, path: str, report: ReportBuilder) -> Iterator[Record]:
    """Read the objects of a JSON file: an array of objects, a single object, or one object per line.

    Args:
        stream: The file.
        path: Path in the corpus.
        report: Receives the objects that cannot be read, and the guessed encoding.

    Raises:
        Unreadable: The file begins with another value.
    """
    if _is_jsonl(stream.peek(_JSONL_DETECTION_BYTES)):
        yield from read_jsonl(stream, path, report)
        return
    try:
        for row, (line, value, source) in enumerate(_parse_values(stream, path, report)):
            if row == 0 and not isinstance(value, dict):
                raise Unreadable("neither an object nor an array of objects")
            try:
                yield Record(row, line, len(source), check_object(value, source, report))
            except Unreadable as error:
                report.skip(path, str(error), row=row, line=line)
    except _InvalidJson as error:
        report.skip(path, f"not read from here on: {error}", line=error.line)


def starts_with_object(head: bytes) -> bool:
    """Return whether the first line is a JSON object, or may be one that continues after the head.

    Args:
        head: First bytes of a file.

    >>> starts_with_object(b'{"a": 1}\\nx'), starts_with_object(b'{"a": "cut he')
    (True, True)
    >>> starts_with_object(b"{a}\\n")
    False
    """
    first, end, _ = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    if not first.startswith(b"{"):
        return False
    text = first.decode("utf-8", "replace")
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return not end and _may_be_incomplete(error, text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_jsonl(head: bytes) -> bool:
    """Return whether a file with these first bytes has one object per line."""
    first, _, rest = head.lstrip().partition(b"\n")
    if not first.startswith(b"{") or not rest.strip():
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


class _Value(NamedTuple):
    """A value of a JSON file."""

    line: int
    """First line, from 1."""
    value: object
    source: str
    """The JSON it was parsed from."""


def _parse_values(stream: Buffered, path: str, report: ReportBuilder) -> Iterator[_Value]:
    """Yield the elements of the array at the top level, or the values at the top level if there is no array.

    The memory used is about twice the size of the longest value.

    Raises:
        _InvalidJson: The rest of the file cannot be read.
    """
    blocks = decode_blocks(stream, lambda encoding: report.add_decoding(path, encoding))
    text, at, line = "", 0, 1
    in_array, is_first, has_more = False, True, True
    while True:
        end = _skip_space(text, at, allow_comma=in_array and not is_first)
        line += text.count("\n", at, end)
        at = end
        if at == len(text) and has_more:
            text, has_more = _append_blocks("", blocks)
            at = 0
        elif at == len(text):
            if in_array or is_first:
                raise _InvalidJson("the file ends too early", line)
            return
        elif is_first and not in_array and text[at] == "[":
            in_array, at = True, at + 1
        elif in_array and text[at] == "]":
            _check_end(text[at + 1 :], blocks, line)
            return
        elif (parsed := _parse_value(text, at, has_more, line)) is None:
            text, has_more = _append_blocks(text[at:], blocks)
            at = 0
        else:
            value, end = parsed
            yield _Value(line, value, text[at:end])
            line += text.count("\n", at, end)
            at, is_first = end, False


def _skip_space(text: str, at: int, allow_comma: bool) -> int:
    """Return the offset after white space, and after a comma in it if that is allowed."""
    at = _JSON_WHITE_SPACE.match(text, at).end()  # type: ignore[union-attr]  # the pattern matches the empty string too
    if allow_comma and text[at : at + 1] == ",":
        at = _JSON_WHITE_SPACE.match(text, at + 1).end()  # type: ignore[union-attr]  # same pattern
    return at


def _parse_value(text: str, at: int, has_more: bool, line: int) -> tuple[object, int] | None:
    """Return the value at an offset and its end, or None if it may continue in the next block."""
    try:
        value, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        if has_more and _may_be_incomplete(error, text):
            return None
        raise _InvalidJson(f"not JSON ({error.msg})", line + text.count("\n", at, error.pos)) from None
    except RecursionError:
        raise _InvalidJson(f"nested deeper than {MAX_DEPTH} levels", line) from None
    except ValueError as error:  # a number with too many digits
        raise _InvalidJson(str(error), line) from None
    return None if has_more and end == len(text) else (value, end)  # a number may continue


def _may_be_incomplete(error: json.JSONDecodeError, text: str) -> bool:
    return error.pos + 16 > len(text) or error.msg.startswith("Unterminated")


def _append_blocks(text: str, blocks: Iterator[str]) -> tuple[str, bool]:
    """Append blocks until the text is at least twice as long, so that all attempts cost about as much as the last.

    Returns:
        The text, and whether there may be more.
    """
    parts, size = [text], 0
    for block in blocks:
        if not block:
            return "".join(parts), False
        parts.append(block)
        size += len(block)
        check_size(len(text) + size)
        if size >= len(text):
            break
    return "".join(parts), True


def _check_end(text: str, blocks: Iterator[str], line: int) -> None:
    """Raise _InvalidJson if anything but white space follows."""
    while not text.strip():
        text = next(blocks, "")
        if not text:
            return
    raise _InvalidJson("unexpected content after the array", line)
