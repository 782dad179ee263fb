"""Find texts in nested values and in conversations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MAX_DEPTH = 4
"""Maximum number of names in the path of a nested text."""
ROLE_NAMES = ("role", "from", "author", "speaker")
"""Names of the role in a turn of a conversation."""
CONTENT_NAMES = ("content", "value", "text", "parts")
"""Names of the content of a turn."""
_MISSING = object()


def nested_text_paths(record: Mapping[str, Any]) -> list[str]:
    """Return the paths of strings in objects, and of lists of strings, in their order.

    Strings of the record itself are columns and are not returned. Lists of objects are not entered.

    Args:
        record: Value by column name.

    Returns:
        Names joined by dots, at most 4; `get_path` returns their values.

    >>> nested_text_paths({"id": "7", "data": {"body": "Prices rose.", "tags": ["a", "b"], "n": 1}, "lines": ["x"]})
    ['data.body', 'data.tags', 'lines']
    """
    found: dict[str, None] = {}
    for path, value in _text_leaves(record, (), MAX_DEPTH):
        # Two names with dots may give the same path.
        if get_path(record, path) is value:
            found[path] = None
    return [*found]


def _text_leaves(value: Mapping[str, Any], names: tuple[str, ...], depth: int) -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        if not isinstance(name, str):
            continue
        if isinstance(inner, Mapping):
            if depth > 1:
                yield from _text_leaves(inner, (*names, name), depth - 1)
        elif (names and isinstance(inner, str)) or _is_list_of_strings(inner):
            yield ".".join((*names, name)), inner


def _is_list_of_strings(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def get_path(record: Mapping[str, Any], path: str, default: Any = None) -> Any:
    """Return the value at a path of names joined by dots.

    A name that contains dots itself takes priority: the longest name that leads to a value is used.

    Args:
        record: Value by column name.
        path: Name of a column, or names of objects in each other.
        default: What is returned if there is no such value.

    Returns:
        The value, which may be null.

    >>> get_path({"data": {"body": "a"}}, "data.body"), get_path({"a.b": 1, "a": {"b": 2}}, "a.b")
    ('a', 1)
    """
    value = _find(record, path.split("."))
    return default if value is _MISSING else value


def _find(value: Any, names: Sequence[str]) -> Any:
    if not names:
        return value
    if not isinstance(value, Mapping):
        return _MISSING
    for end in range(len(names), 0, -1):
        name = ".".join(names[:end])
        if name in value:
            found = _find(value[name], names[end:])
            if found is not _MISSING:
                return found
    return _MISSING


def chat_text(value: object) -> str | None:
    """Return the text of a conversation: the contents of its turns, without the names of the speakers.

    The roles are the same in all conversations, so they are not part of the text. Contents are joined by blank lines,
    unchanged and in order. Parts without text (images, calls of tools, null) are left out.

    Args:
        value: A list of turns; a turn is an object with a role (`role`, `from`, `author`, `speaker`) and a content
            (`content`, `value`, `text`, `parts`): a string, null, or a list of parts with `text`.

    Returns:
        The text, or None if the value has another layout.

    >>> chat_text([{"role": "user", "content": "Hello?"}, {"role": "assistant", "content": [{"text": "Hi!"}]}])
    'Hello?\\n\\nHi!'
    """
    if not isinstance(value, Sequence) or isinstance(value, str | bytes) or not value:
        return None
    contents: list[str] = []
    for turn in value:
        if not isinstance(turn, Mapping) or all(turn.get(name) is None for name in ROLE_NAMES):
            return None
        names = [name for name in CONTENT_NAMES if name in turn]
        content = next((turn[name] for name in names if turn[name] is not None), None)
        texts = _content_texts(content) if names else None
        if texts is None:
            return None
        contents += texts
    return "\n\n".join(contents)


def _content_texts(content: object) -> list[str] | None:
    """Return the texts of the content of a turn, or None if it has an unknown layout."""
    if content is None or isinstance(content, str):
        return [content] if content else []
    if isinstance(content, Mapping):
        content = content["parts"] if isinstance(content.get("parts"), list) else [content]
    if not isinstance(content, Sequence):
        return None
    texts: list[str] = []
    for part in content:
        text = part.get("text") if isinstance(part, Mapping) else part
        if isinstance(text, str):
            texts.append(text)
        elif text is not None or not isinstance(part.get("type", part.get("content_type")), str):
            return None
    return texts
