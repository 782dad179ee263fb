"""Find the records of a JSON file that is a single object around them, such as an answer of an API."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dedup.corpus.columns import TEXT_NAMES
from dedup.corpus.json.values import (
    SPACE,
    SPACE_AND_COMMA,
    InvalidJson,
    JsonDecoder,
    JsonText,
    Value,
    match_end,
)

# Maximum size of an object whose keys are all read before its records.
_WHOLE_OBJECT_CHARACTERS = 16 << 20
# Longest path to a list of records in an object, in keys.
_MAX_KEYS = 3
# Number of records that are checked to classify the content of a list.
_SAMPLED_RECORDS = 10
# Maximum length of strings in an object around records that have no usual text column: a longer string may be its text.
_LABEL_CHARACTERS = 100
# Maximum number of keys that a remark lists.
_LISTED_KEYS = 8


@dataclass(frozen=True)
class Wrapped:
    """Where the records of an object are."""

    path: tuple[str, ...]
    """Keys from the object to the list of records."""
    inner: str | None
    """Key of the elements whose object is the record; None if the elements are the records."""
    beside: tuple[str, ...] = ()
    """Keys beside the path, as far as they are known."""
    is_whole: bool = True
    """Whether all keys of the object are known."""

    @property
    def label(self) -> str:
        """The path, as a remark shows it."""
        return ".".join((*self.path, *([self.inner] if self.inner else [])))

    @property
    def note(self) -> str:
        """Note for the user."""
        if not self.beside:
            return f"the records are those under `{self.label}`"
        more = "" if len(self.beside) <= _LISTED_KEYS else f" and {len(self.beside) - _LISTED_KEYS:,} more"
        listed = ", ".join(f"`{key}`" for key in self.beside[:_LISTED_KEYS])
        return f"the records are those under `{self.label}`; what is beside them is not carried: {listed}{more}"


def find_wrapped(text: JsonText, text_column: str | None) -> Wrapped | None:
    """Find the records of a file that is a single object; move to their list.

    Args:
        text: The file, at its first value.
        text_column: Column of the texts named by the user.

    Returns:
        The place; None if the object is a record itself, or others follow; then the position is unchanged.
    """
    single = text.look_at_single_object(_WHOLE_OBJECT_CHARACTERS)
    if single is None:
        return None
    if single.value is not None:
        found = choose_wrapped(single.value, text_column)
    else:
        found = _find_long_list(single.text, single.at, text_column)
    if found is not None:
        text.move(_offset_of(single.text, single.at, found.path))
    return found


def read_wrapped(
    text: JsonText, wrapped: Wrapped, skip: Callable[[str, int], None], text_column: str | None
) -> Generator[Value, None, Wrapped]:
    """Yield the records of an object, and read the rest of it.

    Args:
        text: The file, at the list of records.
        wrapped: Where they are.
        skip: Receives the reason and the line of what is not read.
        text_column: Column of the texts named by the user.

    Returns:
        The same place, with all keys.

    Raises:
        InvalidJson: The rest of the file cannot be read.
    """
    for found in text.array(skip):
        yield found if wrapped.inner is None else found._replace(value=_unwrap(found.value, wrapped.inner))
    beside = list(wrapped.beside)
    for line, key, value in _rest_of_objects(text, len(wrapped.path)):
        if key not in beside and not wrapped.is_whole:
            beside.append(key)
            if has_text({key: value}, text_column) or (
                isinstance(value, list) and value and isinstance(value[0], dict)
            ):
                skip(f"`{key}` was not read, since the records are those under `{wrapped.label}`", line)
    if text.peek():
        skip("not read from here on: another value follows the object with the records", text.line)
    return replace(wrapped, beside=tuple(beside))


def _unwrap(value: Any, inner: str) -> Any:
    """Return the object in an element with its other values; those with the same name get the prefix `outer_`."""
    record = value.get(inner) if isinstance(value, dict) else value
    if not isinstance(record, dict):
        return record
    result = dict(record)
    for key, item in value.items():
        if key != inner:
            new = key
            while new in result:
                new = f"outer_{new}"
            result[new] = item
    return result


def _rest_of_objects(text: JsonText, depth: int) -> Iterator[tuple[int, str, Any]]:
    """Yield lines, keys and values of the rest of nested objects, and move behind them.

    Raises:
        InvalidJson: The rest cannot be read.
    """
    for _ in range(depth):
        while (char := text.peek(SPACE_AND_COMMA)) != "}":
            if not char:
                raise InvalidJson("the file ends too early", text.line)
            line, key, _ = text.parse()
            if text.peek() != ":" or not isinstance(key, str):
                raise InvalidJson("not JSON (a key is expected)", text.line)
            text.skip()
            text.peek()
            yield line, key, text.parse().value
        text.skip()


def choose_wrapped(value: Any, text_column: str | None) -> Wrapped | None:
    """Return where the records of an object are, or None if it is a record itself or that is ambiguous.

    Args:
        value: The only value of a file.
        text_column: Column of the texts named by the user.

    >>> choose_wrapped({"status": "ok", "response": {"docs": [{"text": "a"}]}}, None).path
    ('response', 'docs')
    """
    if not isinstance(value, dict) or has_text(value, text_column):
        return None
    lists = list(_lists_of_objects(value, ()))
    with_text = [(path, inner) for path, items in lists if (inner := _find_texts(items, text_column)) is not None]
    if len(with_text) == 1:
        path, inner = with_text[0]
    elif not with_text and len(lists) == 1 and _has_only_labels(value, lists[0][0]):
        path, inner = lists[0][0], ""
    else:
        return None
    beside: list[str] = []
    for key in path:
        beside.extend(name for name in value if name != key)
        value = value[key]
    return Wrapped(path, inner or None, tuple(beside))


def has_text(record: dict[str, Any], text_column: str | None) -> bool:
    """Return whether an object has a usual text column whose value is text, or the named column or path.

    >>> has_text({"Body": "x"}, None), has_text({"body": {"x": 1}}, None), has_text({"a": "x"}, "a")
    (True, False, True)
    """
    if text_column is not None:
        return text_column in record or _has_path(record, text_column.split("."))
    return any(isinstance(value, str) and name.lower() in TEXT_NAMES for name, value in record.items())


def _has_path(value: Any, path: Sequence[str]) -> bool:
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True


def _lists_of_objects(value: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Yield the lists of objects in an object, and the keys to them."""
    for key, item in value.items():
        here = (*path, key)
        if _is_list_of_objects(item):
            yield here, item
        elif isinstance(item, dict) and len(here) < _MAX_KEYS:
            yield from _lists_of_objects(item, here)


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _find_texts(items: Sequence[Any], text_column: str | None) -> str | None:
    """Return the key of the elements whose object has a text; "" if the elements have it; None if none has."""
    records = [item for item in items[:_SAMPLED_RECORDS] if isinstance(item, dict)]
    if any(has_text(record, text_column) for record in records):
        return ""
    inner = []
    for key in dict.fromkeys(key for record in records for key in record):
        nested = [item for record in records if isinstance(item := record.get(key), dict)]
        if 2 * len(nested) >= len(records) and any(has_text(item, text_column) for item in nested):
            inner.append(key)
    return inner[0] if len(inner) == 1 else None


def _has_only_labels(value: dict[str, Any], path: Sequence[str]) -> bool:
    """Return whether an object has no long string outside the list at a path."""
    for depth, key in enumerate(path):
        del depth
        if any(isinstance(item, str) and len(item) > _LABEL_CHARACTERS for item in value.values()):
            return False
        value = value[key]
    return True


def _members(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Yield the keys of an object at an offset, and the offsets of their values.

    Raises:
        json.JSONDecodeError: The text is incomplete or not JSON.
        ValueError: The same, or a number has too many digits.
    """
    decoder = JsonDecoder()
    at += 1
    while (at := match_end(SPACE_AND_COMMA, text, at)) < len(text) and text[at] != "}":
        key, at = decoder.parse(text, at)
        at = match_end(SPACE, text, at)
        if not isinstance(key, str) or text[at : at + 1] != ":":
            raise json.JSONDecodeError("Expecting a key", text, at)
        at = match_end(SPACE, text, at + 1)
        yield key, at
        _, at = decoder.parse(text, at)
    if at == len(text):
        raise json.JSONDecodeError("Expecting a key", text, at)


def _offset_of(text: str, at: int, path: Sequence[str]) -> int:
    """Return the offset of the value at a path below an object."""
    for key in path:
        at = next(offset for name, offset in _members(text, at) if name == key)
    return at


def _find_long_list(text: str, at: int, text_column: str | None) -> Wrapped | None:
    """Find the records of an object that may continue after the text; return None if no list can be the records."""
    passed: list[str] = []
    try:
        found = _search_members(text, at, (), passed, text_column)
    except (ValueError, RecursionError):
        return None
    return found and Wrapped(found.path, found.inner, tuple(passed), is_whole=False)


def _search_members(
    text: str, at: int, path: tuple[str, ...], passed: list[str], text_column: str | None
) -> Wrapped | None:
    """Return the first list of objects that have texts or that continues after the text.

    Args:
        text: Beginning of a file.
        at: Offset of an object.
        path: Keys to the object.
        passed: Receives the keys before the list.
        text_column: Column of the texts named by the user.

    Raises:
        ValueError: Another value continues after the text, or the object may be a record itself.
    """
    for key, offset in _members(text, at):
        here = (*path, key)
        if _character(text, offset) == "[" and _character(text, match_end(SPACE, text, offset + 1)) == "{":
            inner = _find_texts(list(_first_elements(text, offset)), text_column)
            if inner is not None or not _is_complete(text, offset):
                return Wrapped(here, inner or None)
        elif _character(text, offset) == "{" and len(here) < _MAX_KEYS:
            before = len(passed)
            found = _search_members(text, offset, here, passed, text_column)
            if found is not None:
                return found
            del passed[before:]
        elif _character(text, offset) == '"':
            value, _ = JsonDecoder().parse(text, offset)
            if has_text({key: value}, text_column):
                raise ValueError("the object may be a record")
        passed.append(key)
    return None


def _first_elements(text: str, at: int) -> Iterator[dict[str, Any]]:
    """Yield some objects at the start of a list; at least one, which may be empty."""
    decoder, at = JsonDecoder(), at + 1
    for number in range(_SAMPLED_RECORDS):
        try:
            value, at = decoder.parse(text, match_end(SPACE_AND_COMMA, text, at))
        except (ValueError, RecursionError):
            if number == 0:
                yield {}
            return
        if isinstance(value, dict):
            yield value


def _is_complete(text: str, at: int) -> bool:
    """Return whether the value at an offset does not continue after the text."""
    try:
        JsonDecoder().parse(text, at)
    except (ValueError, RecursionError):
        return False
    return True


def _character(text: str, at: int) -> str:
    return text[at : at + 1]
