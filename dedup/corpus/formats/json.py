"""Objects of JSONL and JSON files: each broken one is named, the rest goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from dedup.corpus.files import Buffered, check_length
from dedup.corpus.formats.encoding import NotText, blocks, lines, without_surrogates
from dedup.corpus.report import Record, Tally

MAX_DEPTH = 100  # of nested JSON; Arrow and Parquet could not hold more, and Python's stack ends not far beyond

_HEAD = 1 << 20  # bytes looked at to tell one object a line from other JSON
_DECODER = json.JSONDecoder()
_GAP = re.compile(r"[ \t\r\n]*")


def jsonl(stream: Buffered, path: str, tally: Tally) -> Iterator[Record]:
    """Yield the objects of a file that holds one a line; other lines are named in `tally`."""
    decoder, found = lines(stream)
    row = -1
    for number, raw in enumerate(found, 1):
        if raw.isspace():
            continue
        row += 1
        try:
            line = decoder(raw).rstrip()
            value = json.loads(line)
            yield row, number, len(raw), checked(value, line, tally)
        except NotText as error:
            tally.skip(path, str(error), line=number)
        except json.JSONDecodeError as error:
            tally.skip(path, f"not JSON ({error.msg}, column {error.colno})", line=number)
        except RecursionError:
            tally.skip(path, f"nested deeper than {MAX_DEPTH} levels", line=number)
        except ValueError as error:  # a number of too many digits
            tally.skip(path, f"not JSON that can be read ({error})", line=number)
    tally.replaced += decoder.replaced
    if decoder.guessed:
        tally.guessed.append((path, decoder.guessed))


def checked(value: Any, source: str, tally: Tally) -> dict[str, Any]:
    r"""Return a value if it is an object that can be held, lone surrogates replaced; else raise NotText.

    >>> checked({"a": "\ud800"}, r'{"a": "\ud800"}', Tally())
    {'a': '�'}
    """
    if not isinstance(value, dict):
        raise NotText(f"not an object but {json_kind(value)}")
    if source.count("[") + source.count("{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise NotText(f"nested deeper than {MAX_DEPTH} levels")
    if "\\ud" in source or "\\uD" in source:  # only an escape can bring a surrogate in
        return {_clean(key, tally): _clean(item, tally) for key, item in value.items()}
    return value


def _clean(value: Any, tally: Tally) -> Any:
    if isinstance(value, str):
        clean, _, count = without_surrogates(value)
        tally.replaced += count
        return clean
    if isinstance(value, list):
        return [_clean(item, tally) for item in value]
    if isinstance(value, dict):
        return {_clean(key, tally): _clean(item, tally) for key, item in value.items()}
    return value


def _depth(value: object) -> int:
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


def json_kind(value: object) -> str:
    """Name the kind of a JSON value for a message.

    >>> json_kind([])
    'a list'
    """
    names = {bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return "null" if value is None else names.get(type(value), "text")


class _Broken(Exception):  # noqa: N818 - never shown as an error: its text becomes the reason of a Skipped
    """What follows is not JSON; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def json_file(stream: Buffered, path: str, tally: Tally) -> Iterator[Record]:
    """Yield the objects of a JSON file: an array of objects, one object, or one a line."""
    if _is_lines(stream.peek(_HEAD)):
        yield from jsonl(stream, path, tally)
        return
    try:
        for row, (line, size, value, source) in enumerate(_values(stream, path, tally)):
            if row == 0 and not isinstance(value, dict):
                raise NotText("neither an object nor an array of objects")
            try:
                yield row, line, size, checked(value, source, tally)
            except NotText as error:
                tally.skip(path, str(error), row=row, line=line)
    except _Broken as error:
        tally.skip(path, f"not read from here on: {error}", line=error.line)


def starts_with_object(head: bytes) -> bool:
    """Tell whether the first line, as far as it is known, is a JSON object.

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
        return not end and _may_be_cut(error, text)  # the line goes on where the head ends
    except (ValueError, RecursionError):
        return False
    return True


def _is_lines(head: bytes) -> bool:
    """Tell whether a file that starts so holds one object a line."""
    first, _, rest = head.lstrip().partition(b"\n")
    if not first.startswith(b"{") or not rest.strip():
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _values(stream: Buffered, path: str, tally: Tally) -> Iterator[tuple[int, int, object, str]]:
    """Yield (line, size, value, its source) of the top-level values, or of the top-level array's elements.

    Only as much of the file is held as its longest value needs, twice. Raises _Broken.
    """
    pieces = blocks(stream, lambda encoding: tally.guessed.append((path, encoding)))
    text, place, line, array, first, more = "", 0, 1, False, True, True
    while True:
        gap = _gap(text, place, comma=array and not first)
        line += text.count("\n", place, gap)
        place = gap
        if place == len(text) and more:
            text, more = _longer("", pieces)
            place = 0
        elif place == len(text):
            if array or first:
                raise _Broken("the file ends too early", line)
            return
        elif first and not array and text[place] == "[":
            array, place = True, place + 1
        elif array and text[place] == "]":
            _nothing_after(text[place + 1 :], pieces, line)
            return
        elif (found := _scan(text, place, more, line)) is None:
            text, more = _longer(text[place:], pieces)
            place = 0
        else:
            value, end = found
            yield line, end - place, value, text[place:end]
            line += text.count("\n", place, end)
            place, first = end, False


def _gap(text: str, place: int, comma: bool) -> int:
    """Return where white space, and one comma in it, ends."""
    place = _GAP.match(text, place).end()  # type: ignore[union-attr] # it matches the empty string too
    if comma and text[place : place + 1] == ",":
        place = _GAP.match(text, place + 1).end()  # type: ignore[union-attr] # as above
    return place


def _scan(text: str, place: int, more: bool, line: int) -> tuple[object, int] | None:
    """Return the value at a place and where it ends, None if it may go on in what follows."""
    try:
        value, end = _DECODER.raw_decode(text, place)
    except json.JSONDecodeError as error:
        if more and _may_be_cut(error, text):
            return None
        raise _Broken(f"not JSON ({error.msg})", line + text.count("\n", place, error.pos)) from None
    except RecursionError:
        raise _Broken(f"nested deeper than {MAX_DEPTH} levels", line) from None
    except ValueError as error:  # a number of too many digits
        raise _Broken(str(error), line) from None
    return None if more and end == len(text) else (value, end)  # a number may go on


def _may_be_cut(error: json.JSONDecodeError, text: str) -> bool:
    return error.pos + 16 > len(text) or error.msg.startswith("Unterminated")


def _longer(text: str, pieces: Iterator[str]) -> tuple[str, bool]:
    """Return the text at least doubled, so that all tries cost about the last; and whether more may come."""
    parts, size = [text], 0
    for piece in pieces:
        if not piece:
            return "".join(parts), False
        parts.append(piece)
        size += len(piece)
        check_length(len(text) + size)
        if size >= len(text):
            break
    return "".join(parts), True


def _nothing_after(text: str, pieces: Iterator[str], line: int) -> None:
    while not text.strip():
        text = next(pieces, "")
        if not text:
            return
    raise _Broken("there is more after the array", line)
