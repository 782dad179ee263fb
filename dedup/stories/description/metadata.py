"""Read the outlet, date, title, URL and author of the documents from the columns of the input."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from dedup.corpus import Corpus
from dedup.corpus.corpus import rows_of
from dedup.corpus.values import is_no_value
from dedup.settings import METADATA_ROLES, Reading, option_name
from dedup.stories.dates import DateReading, Period


@dataclass(frozen=True, slots=True)
class DocumentMetadata:
    """What the columns of its row say about a document."""

    id: str | None
    path: str
    row: int | None
    outlet: str | None = None
    date: str | None = None
    """The date as written in the input."""
    title: str | None = None
    url: str | None = None
    author: str | None = None
    """The authors, joined by "; "."""
    time: str | None = None
    """The date in ISO 8601; see `dedup.StoryDocument.time`."""
    period: Period | None = None
    """The time that the date states; None if there is no date, or if it is not understood."""

    @property
    def name(self) -> str:
        """The id; without one, the path and the row."""
        if self.id is not None:
            return self.id
        return self.path if self.row is None else f"{self.path}#{self.row}"


def read_metadata(corpus: Corpus, dates: DateReading, reading: Reading | None = None) -> list[DocumentMetadata]:
    """Read the metadata of all documents, and add notes on the named columns that have no value.

    Args:
        corpus: The corpus.
        dates: How the dates of the corpus are read.
        reading: How the corpus was read.

    Returns:
        The metadata by rank.
    """
    used = {role: name for role in METADATA_ROLES if (name := getattr(corpus.columns, role)) is not None}
    json_roles = {role for role, name in used.items() if name in corpus.json_columns}
    columns = list(dict.fromkeys(("id", "path", "row", *used.values())))
    found: list[DocumentMetadata] = []
    filled: set[str] = set()
    for _, rows in rows_of(corpus, columns, np.arange(corpus.rows)):
        for row in rows.to_pylist():
            values = {role: metadata_value(row[name], is_json=role in json_roles) for role, name in used.items()}
            filled.update(role for role, value in values.items() if value is not None)
            written = values.get("date")
            found.append(
                DocumentMetadata(
                    row["id"], row["path"], row["row"], **values, time=dates.iso(written), period=dates.period(written)
                )
            )
    for role in used.keys() - filled:
        note = reading and _missing_values(role, reading)
        if note:
            corpus.add_note(note)
    return found


def _missing_values(role: str, reading: Reading) -> str | None:
    """Return the note that an option for a column has no effect; None if the column was not named by the user."""
    if role == "outlet" and reading.outlet_level is not None:
        return f"--outlet-level {reading.outlet_level} has no effect: no document is that deep below its path"
    if getattr(reading, f"{role}_column") is None:
        return None
    return f"{option_name(f'{role}_column')} has no effect: the column has no value in any document"


def metadata_value(value: Any, *, is_json: bool = False) -> str | None:
    """Return a value as text on one line; None if it is missing.

    Args:
        value: The value of a column, of any type; the items of a list are joined by "; ".
        is_json: Whether the value is stored as JSON, since the types of the column differ.

    >>> metadata_value(" Le\\nMonde "), metadata_value("n/a"), metadata_value(["Ana", None, "Bo"])
    ('Le Monde', None, 'Ana; Bo')
    """
    if is_json and isinstance(value, str):
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, list):
        items = filter(None, map(metadata_value, value))
        return "; ".join(dict.fromkeys(items)) or None
    if isinstance(value, date):
        return value.isoformat()
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)
    text = " ".join(text.split())
    return None if is_no_value(text) else text
