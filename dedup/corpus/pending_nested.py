"""Stand-ins of functions that are being written; removed when they exist."""

from collections.abc import Mapping, Sequence
from typing import Any


def nested_text_paths(record: Mapping[str, Any]) -> list[str]:
    """Return the paths of nested texts."""
    del record
    return []


def get_path(record: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path."""
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def chat_text(value: Any) -> str | None:
    """Return the joined turns of a conversation."""
    del value
    return None


def prose_score(values: Sequence[str | None]) -> float:
    """Return how much values look like prose."""
    words = sorted(len(value.split()) for value in values if value)
    return 0.0 if not words else min(1.0, words[len(words) // 2] / 8)


def is_prose(values: Sequence[str | None]) -> bool:
    """Return whether values are prose."""
    return prose_score(values) >= 0.6
