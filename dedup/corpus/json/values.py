"""Parse JSON values one after another from a text that is decoded block by block."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from dedup.corpus.streams import check_size

MAX_DEPTH = 100
"""Maximum number of levels of nested JSON; Arrow, Parquet and Python's recursion fail at somewhat more."""

SPACE = re.compile("[ \t\r\n\x1e\ufeff]*")
"""White space, the record separator of JSON text sequences (RFC 7464), and byte order marks of joined files."""
SPACE_AND_COMMA = re.compile("[ \t\r\n\x1e\ufeff]*(?:,[ \t\r\n\x1e\ufeff]*)?")
"""The same, with a comma."""
_INDENTATION = re.compile(r"[ \t]*")
# Characters after the start of a line that are read to compare its indentation.
_LINE_START_CHARACTERS = 1024


class InvalidJson(Exception):  # noqa: N818 - internal: its message becomes the reason of a Skipped
    """A value that cannot be parsed."""

    def __init__(self, message: str, line: int) -> None:
        """Describe an error in a line, counted from 1."""
        super().__init__(message)
        self.line = line


class Value(NamedTuple):
    """A value of a JSON file."""

    line: int
    """First line, from 1."""
    value: Any
    source: str
    """The JSON it was parsed from."""


class SingleObject(NamedTuple):
    """The object that a file consists of, or its beginning."""

    text: str
    at: int
    """Offset of the object in the text."""
    value: Any
    """The object; None if it continues after the text."""


class JsonDecoder:
    """Parses JSON, even with unescaped control characters, and counts these and repeated keys."""

    def __init__(self) -> None:
        """Start with counts of 0."""
        self.with_controls = 0  # values with unescaped control characters, such as tabs
        self.with_repeated_keys = 0  # objects in which a key occurs twice
        self.repeated_key = ""  # the first such key
        self._scan_strict = _scanner(json.JSONDecoder(object_pairs_hook=self._make_object))
        self._scan = _scanner(json.JSONDecoder(object_pairs_hook=self._make_object, strict=False))

    def parse(self, text: str, at: int = 0) -> tuple[Any, int]:
        r"""Return the value at an offset and its end.

        Raises:
            json.JSONDecodeError: There is no value, or it is incomplete.
            RecursionError: It is nested too deep for Python.
            ValueError: A number has too many digits.

        >>> JsonDecoder().parse('{"a": "x\ty", "a": 2} ')
        ({'a': 2}, 20)
        """
        before = self.with_repeated_keys
        try:
            try:
                return self._scan_strict(text, at)
            except json.JSONDecodeError as error:
                if not error.msg.startswith("Invalid control character"):
                    raise
                self.with_repeated_keys = before
            found = self._scan(text, at)
        except StopIteration as error:
            self.with_repeated_keys = before
            raise json.JSONDecodeError("Expecting value", text, error.value) from None
        except (ValueError, RecursionError):
            self.with_repeated_keys = before
            raise
        self.with_controls += 1
        return found

    def _make_object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Return an object; of equal keys, the last counts."""
        result = dict(pairs)
        if len(result) < len(pairs):
            if not self.repeated_key:
                keys = [key for key, _ in pairs]
                self.repeated_key = next(key for key in keys if keys.count(key) > 1)
            self.with_repeated_keys += 1
        return result

    def remarks(self) -> Iterator[str]:
        """Describe what was counted."""
        if self.with_controls:
            yield (
                f"in {_count(self.with_controls, 'value')}, strings contain control characters (such as tabs) "
                "that JSON requires to be escaped; they were read as they are"
            )
        if self.with_repeated_keys:
            yield (
                f"in {_count(self.with_repeated_keys, 'object')}, a key occurs twice "
                f"(such as `{self.repeated_key}`); the last value was read"
            )


def _scanner(decoder: json.JSONDecoder) -> Callable[[str, int], tuple[Any, int]]:
    """Return the function that parses a value at an offset; it raises StopIteration if there is none."""
    scan: Callable[[str, int], tuple[Any, int]] = decoder.scan_once  # type: ignore[attr-defined]  # lacks a type
    return scan


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def describe_skipped(reason: str, first: int, last: int) -> str:
    """Return a reason with the lines that are not read because of it.

    >>> describe_skipped("not JSON", 3, 3), describe_skipped("not JSON", 3, 5)
    ('not JSON', 'not JSON; lines 3 to 5 were not read')
    """
    return reason if first >= last else f"{reason}; lines {first} to {last} were not read"


def may_be_incomplete(error: json.JSONDecodeError, text: str) -> bool:
    """Return whether a value may be complete when more text follows."""
    return error.pos + 16 > len(text) or error.msg.startswith("Unterminated")


def parse_all(decoder: JsonDecoder, text: str) -> tuple[list[Value], json.JSONDecodeError | None]:
    r"""Parse the values of a text, which may be separated by white space and commas.

    Args:
        decoder: Parses them.
        text: All of the text.

    Returns:
        The values before the first error, with lines counted from 1 in this text; and the error.

    Raises:
        RecursionError: A value is nested too deep for Python.
        ValueError: A number has too many digits.

    >>> [value.value for value in parse_all(JsonDecoder(), '{"a": 1}{"b": 2},\n')[0]]
    [{'a': 1}, {'b': 2}]
    """
    found: list[Value] = []
    at, line = match_end(SPACE, text, 0), 1
    counted = 0
    while at < len(text):
        line += text.count("\n", counted, at)
        counted = at
        try:
            value, end = decoder.parse(text, at)
        except json.JSONDecodeError as error:
            return found, error
        found.append(Value(line, value, text[at:end]))
        at = match_end(SPACE_AND_COMMA, text, end)
    return found, None


def match_end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return the end of a match at an offset.

    Args:
        pattern: A pattern that matches the empty string too.
        text: The text.
        at: The offset.
    """
    return pattern.match(text, at).end()  # type: ignore[union-attr]  # it always matches


class JsonText:
    """The text of a file and a position in it. The memory used is about twice the size of the longest value."""

    def __init__(self, blocks: Iterator[str]) -> None:
        """Start at the beginning.

        Args:
            blocks: Parts of the text; an empty one is the last.
        """
        self.line = 1  # line of the position, from 1
        self.decoder = JsonDecoder()
        self._blocks = blocks
        self._text, self._at = "", 0
        self._has_more = True
        self._indentation = ""  # white space at the start of the line
        self._is_indenting = True  # whether only white space precedes on the line

    def peek(self, space: re.Pattern[str] = SPACE) -> str:
        """Skip white space, and return the next character; "" at the end.

        Args:
            space: What is skipped; it matches the empty string too.
        """
        while True:
            start, end = self._at, match_end(space, self._text, self._at)
            if end > start:
                self._at = end
                newline = self._text.rfind("\n", start, end)
                if newline >= 0:
                    self.line += self._text.count("\n", start, end)
                    self._indentation, self._is_indenting = self._text[newline + 1 : end], True
                elif self._is_indenting:
                    self._indentation += self._text[start:end]
            if end < len(self._text):
                return self._text[end]
            if not self._has_more:
                return ""
            if "," in self._text[start:end]:
                space = SPACE  # at most one comma
            self._read_more()

    def skip(self) -> None:
        """Skip a character that `peek` returned."""
        self._at += 1
        self._is_indenting = False

    def parse(self) -> Value:
        """Parse the value at the position, which is not white space, and move behind it.

        Raises:
            InvalidJson: There is no valid value; the position stays before it.
        """
        while True:
            try:
                value, end = self.decoder.parse(self._text, self._at)
            except json.JSONDecodeError as error:
                if not (self._has_more and may_be_incomplete(error, self._text)):
                    line = self.line + self._text.count("\n", self._at, error.pos)
                    raise InvalidJson(f"not JSON ({error.msg})", line) from None
            except RecursionError:
                raise InvalidJson(f"nested deeper than {MAX_DEPTH} levels", self.line) from None
            except ValueError as error:  # a number with too many digits
                raise InvalidJson(f"unsupported JSON ({error})", self.line) from None
            else:
                if not (self._has_more and end == len(self._text)):  # a number may continue
                    break
            self._read_more()
        found = Value(self.line, value, self._text[self._at : end])
        self.move(end)
        return found

    def resume(self, *, in_array: bool) -> bool:
        """Move from a broken value to the next line that begins with an object, if that is certainly the next value.

        It is if its indentation is that of the broken value, and the lines between are empty, indented deeper, or
        begin with a closing bracket. Between values that are not in an array, lines may also be other text.

        Args:
            in_array: Whether the broken value is in an array.

        Returns:
            Whether there is such a line.
        """
        indentation = self._indentation
        while self._next_line():
            start = match_end(_INDENTATION, self._text, self._at)
            own, first = self._text[self._at : start], self._text[start : start + 1]
            if first in "\r\n" or (len(own) > len(indentation) and own.startswith(indentation)):
                continue
            if first == "{" and own == indentation:
                return True
            if not (own == indentation and first in "}]") and (in_array or first == '"'):
                return False
        return False

    def parse_or_resume(self, skip: Callable[[str, int], None], *, in_array: bool) -> Value | None:
        """Parse the value at the position, or move to the next one if it is broken.

        Args:
            skip: Receives the reason and the line of a broken value.
            in_array: Whether the value is in an array.

        Returns:
            The value, or None if it is broken.

        Raises:
            InvalidJson: The value is broken, and the next one is not certain.
        """
        first = self.line
        try:
            return self.parse()
        except InvalidJson as error:
            if not self.resume(in_array=in_array):
                raise
            skip(describe_skipped(str(error), first, self.line - 1), first)
            return None

    def array(self, skip: Callable[[str, int], None]) -> Iterator[Value]:
        """Yield the elements of the array at the position, and move behind it.

        Args:
            skip: Receives the reason and the line of a broken element.

        Raises:
            InvalidJson: The rest of the array cannot be read.
        """
        self.skip()
        while (char := self.peek(SPACE_AND_COMMA)) != "]":
            if not char:
                raise InvalidJson("the file ends too early", self.line)
            value = self.parse_or_resume(skip, in_array=True)
            if value is not None:
                yield value
        self.skip()

    def _next_line(self) -> bool:
        """Move to the start of the next line; return whether there is one."""
        while (end := self._text.find("\n", self._at)) < 0:
            if not self._has_more:
                return False
            self._text, self._at = "", 0
            self._read_more()
        self._at, self.line = end + 1, self.line + 1
        self._indentation, self._is_indenting = "", True
        if self._has_more and len(self._text) - self._at < _LINE_START_CHARACTERS:
            self._read_more()
        return True

    def move(self, end: int) -> None:
        """Move to an offset."""
        count = self._text.count("\n", self._at, end)
        if count:
            self.line += count
            start = self._text.rfind("\n", self._at, end) + 1
            self._indentation = self._text[start : match_end(_INDENTATION, self._text, start)]
        self._at, self._is_indenting = end, False

    def _read_more(self) -> None:
        """Append blocks until the text is at least twice as long, so that all attempts cost about as much as the last.

        Raises:
            OSError: The text is too long.
        """
        rest = self._text[self._at :]
        parts, size = [rest], 0
        for block in self._blocks:
            if not block:
                self._has_more = False
                break
            parts.append(block)
            size += len(block)
            check_size(len(rest) + size)
            if size >= len(rest):
                break
        else:
            self._has_more = False
        self._text, self._at = "".join(parts), 0

    def look_at_single_object(self, max_size: int) -> SingleObject | None:
        """Return the object at the position if nothing follows it; the position does not change.

        Args:
            max_size: Characters after which it is enough that the object continues.
        """
        while True:
            try:
                value, end = self.decoder.parse(self._text, self._at)
            except json.JSONDecodeError as error:
                if not (self._has_more and may_be_incomplete(error, self._text)):
                    return None
                if len(self._text) - self._at > max_size:
                    return SingleObject(self._text, self._at, None)
            except (ValueError, RecursionError):
                return None
            else:
                self.decoder.with_controls = self.decoder.with_repeated_keys = 0  # it is parsed again
                if match_end(SPACE, self._text, end) < len(self._text):
                    return None
                if not self._has_more:
                    return SingleObject(self._text, self._at, value)
            self._read_more()
