"""Choose the columns of texts, ids, dates and outlets, and name the other columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.types as t

from dedup.corpus.types import is_binary, is_string
from dedup.errors import ColumnNotFound
from dedup.outputs.schema import CLEAN, REMOVED
from dedup.settings import Reading

# ruff: noqa: SIM905
# lists of words are easier to read as strings
TEXT_NAMES = "text content body article document raw_content maintext article_text full_text texte contenu".split()
"""Names of text columns in order of preference, in lower case."""
ID_NAMES = "id doc_id docid document_id article_id uuid url link guid".split()
"""Names of id columns in order of preference, in lower case."""
DATE_NAMES = "date published publish_date published_at pubdate created_at timestamp datetime".split()
"""Names of date columns in order of preference, in lower case."""
OUTLET_NAMES = "outlet source publisher domain site newspaper journal".split()
"""Names of outlet columns in order of preference, in lower case."""

DOCUMENT_SCHEMA = pa.schema([CLEAN.field(name) for name in ("id", "path", "row", "text")])
"""The columns that every document has."""
OUTPUT_COLUMNS = frozenset(CLEAN.names) | frozenset(REMOVED.names)
"""Columns that the program writes; an input column with such a name is renamed."""

Content = Literal["text", "mixed", "null", "scalar", "other"]
"""Content of a column: text, text and other values (or bytes), only null, numbers or times, lists or objects."""


@dataclass(frozen=True)
class ChosenColumns:
    """The text column and the id column of one input."""

    text: str
    """Column of the text."""
    id: str | None = None
    """Column of the id; None if there is none."""
    keeps_id: bool = False
    """Whether the id column is also kept among the other columns."""

    def others(self, columns: Iterable[str], reading: Reading) -> dict[str, str]:
        """Return the names in the corpus of the other columns.

        Args:
            columns: Columns of the input.
            reading: How the input is read.

        Returns:
            Name in the corpus by name in the input.

        >>> ChosenColumns("body", "url", True).others(["url", "body", "row"], Reading())
        {'url': 'url', 'row': 'input_row'}
        """
        used = {self.text} if self.keeps_id or self.id is None else {self.text, self.id}
        names = [name for name in columns if name not in used]
        return dict(zip(names, rename_reserved(names, reserved_names(reading)), strict=True))


def document_schema(reading: Reading) -> pa.Schema:
    """Return the columns that every document has; the outlet is one of them if it is the name of a folder."""
    if reading.outlet_level is None:
        return DOCUMENT_SCHEMA
    return DOCUMENT_SCHEMA.append(pa.field("outlet", pa.string()))


def reserved_names(reading: Reading) -> frozenset[str]:
    """Return the names that no other column of the corpus may have."""
    return OUTPUT_COLUMNS | frozenset(document_schema(reading).names)


def choose_columns(columns: Mapping[str, Content], reading: Reading) -> ChosenColumns:
    """Choose the text column and the id column of one input.

    An id column named by the user may be missing: only the caller knows whether another input has it.

    Args:
        columns: Content by column name, in the order of the input.
        reading: Columns named by the user.

    Returns:
        Both columns.

    Raises:
        ColumnNotFound: There is no text column, or the named column does not contain texts or ids.

    >>> choose_columns({"Title": "text", "Body": "text", "ID": "scalar"}, Reading())
    ChosenColumns(text='Body', id='ID', keeps_id=True)
    """
    text = _choose_text_column(columns, reading.text_column)
    if reading.id_column is not None:
        identity = reading.id_column if reading.id_column in columns else None
        if identity is not None and columns[identity] == "other":
            raise ColumnNotFound(f"column {identity!r} contains neither text nor numbers, so it cannot be the id")
    else:
        rest = {name: content for name, content in columns.items() if name != text}
        identity = find_column(rest, ID_NAMES, ("text", "mixed", "scalar"))
    # The corpus has the ids as strings; a string column "id" would be a copy of them.
    return ChosenColumns(text, identity, identity is not None and (identity != "id" or columns["id"] != "text"))


def _choose_text_column(columns: Mapping[str, Content], requested: str | None) -> str:
    listed = f"columns: {', '.join(map(repr, columns)) or 'none'}"
    if requested is not None:
        if requested not in columns:
            raise ColumnNotFound(f"no column {requested!r} ({listed})")
        if columns[requested] in ("scalar", "other"):
            raise ColumnNotFound(f"column {requested!r} does not contain text ({listed})")
        return requested
    found = find_column(columns, TEXT_NAMES, ("text", "mixed", "null"))
    texts = [name for name, content in columns.items() if content == "text"]
    if found is None and len(texts) == 1:
        found = texts[0]
    if found is None:
        raise ColumnNotFound(f"no text column found ({listed})")
    return found


def find_column(columns: Mapping[str, Content], names: Iterable[str], accepted: Collection[Content]) -> str | None:
    """Return the first column that has one of some names and an accepted content, or None.

    Args:
        columns: Content by column name.
        names: Names in lower case, in order of preference; upper case in `columns` is ignored.
        accepted: Contents that the column may have.

    >>> find_column({"URL": "text", "uuid": "text"}, ID_NAMES, ["text"])
    'uuid'
    """
    by_name: dict[str, str] = {}
    for column, content in columns.items():
        if content in accepted:
            by_name.setdefault(column.lower(), column)
    return next((by_name[name] for name in names if name in by_name), None)


def rename_reserved(names: Sequence[str], reserved: frozenset[str]) -> list[str]:
    """Prefix reserved names with `input_`, repeatedly if the result is in use.

    >>> rename_reserved(["row", "input_row", "title"], OUTPUT_COLUMNS)
    ['input_input_row', 'input_row', 'title']
    """
    used = set(reserved) | set(names)
    result = []
    for name in names:
        new = name
        while new in reserved or (new != name and new in used):
            new = f"input_{new}"
        used.add(new)
        result.append(new)
    return result


def make_unique(names: Sequence[str]) -> list[str]:
    """Rename empty and repeated names, so that each name is unique.

    >>> make_unique(["", "a", "a"])
    ['column_1', 'a', 'a_2']
    """
    original, result = {*names}, dict[str, None]()
    counts: dict[str, int] = {}
    for position, name in enumerate(names, 1):
        base = new = name or f"column_{position}"
        while new in result or (new != name and new in original):
            counts[base] = counts.get(base, 1) + 1
            new = f"{base}_{counts[base]}"
        result[new] = None
    return [*result]


def content_of(data_type: pa.DataType) -> Content:
    """Return the content of a column of an Arrow type.

    >>> content_of(pa.dictionary(pa.int32(), pa.string())), content_of(pa.int8()), content_of(pa.list_(pa.string()))
    ('text', 'scalar', 'other')
    """
    if t.is_dictionary(data_type):
        return content_of(data_type.value_type)
    if is_string(data_type):
        return "text"
    if is_binary(data_type):
        return "mixed"
    if t.is_null(data_type):
        return "null"
    return "scalar" if t.is_primitive(data_type) or t.is_decimal(data_type) else "other"
