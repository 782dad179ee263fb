"""Choose the columns of texts, ids, dates and outlets, and name the other columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.types as t

from dedup.corpus.types import is_binary, is_list, is_string
from dedup.corpus.values.nested import CONTENT_NAMES, ROLE_NAMES
from dedup.errors import ColumnNotFound
from dedup.outputs.origins import ABSENT_COLUMNS, TEXT_PARTS, OriginField
from dedup.outputs.schema import CLEAN, CONTAINED, REMOVED
from dedup.settings import Reading

# ruff: noqa: SIM905
# lists of words are easier to read as strings
TEXT_NAMES = "text content body article document raw_content maintext article_text full_text texte contenu".split()
"""Names of text columns in order of preference, in lower case."""
CHAT_NAMES = ("messages", "conversations")
"""Names of columns with conversations in order of preference, in lower case."""
ID_NAMES = "id doc_id docid document_id article_id uuid url link guid".split()
"""Names of id columns in order of preference, in lower case."""
DATE_NAMES = (
    "date published publish_date published_at pubdate created_at timestamp datetime published_date publication_date"
    " date_published date_publication datum fecha data дата"
).split()
"""Names of date columns in order of preference, in lower case."""
OUTLET_NAMES = (
    "outlet source publisher domain site newspaper journal site_name source_name media média medio zeitung quelle"
    " medium fuente издание источник видання джерело"
).split()
"""Names of outlet columns in order of preference, in lower case."""
TITLE_NAMES = (
    "title headline heading titre titel überschrift schlagzeile título titulo titular titolo tytuł заголовок"
    " название назва"
).split()
"""Names of title columns in order of preference, in lower case."""
URL_NAMES = "url link permalink canonical canonical_url source_url article_url web_url uri lien enlace".split()
"""Names of columns with addresses in order of preference, in lower case."""
AUTHOR_NAMES = "author authors byline creator auteur auteurs autor autorin autores autore автор автори".split()
"""Names of author columns in order of preference, in lower case."""
METADATA_NAMES = {
    "date": DATE_NAMES,
    "outlet": OUTLET_NAMES,
    "title": TITLE_NAMES,
    "url": URL_NAMES,
    "author": AUTHOR_NAMES,
}
"""Names of the columns with metadata of a document, by role."""

DOCUMENT_SCHEMA = pa.schema([CLEAN.field(name) for name in ("id", "path", "row", "text")])
"""The columns that every document has."""
OUTPUT_COLUMNS = frozenset((*CLEAN.names, *REMOVED.names, *CONTAINED.names, TEXT_PARTS, ABSENT_COLUMNS))
"""Columns that the program writes; an input column with such a name is renamed."""

Content = Literal["text", "mixed", "null", "scalar", "strings", "turns", "other"]
"""Content of a column: text, text and other values (or bytes), only null, numbers or times, lists of strings, the turns
of a conversation, other lists and objects."""

# Rows of an input in which the text column is looked for.
SAMPLE_ROWS = 1000
# A column counts as texts without further checks if one of this many first values has this many spaces.
_CHECKED_ROWS, _MIN_SPACES = 20, 4
# Contents of a column of a usual name that is not read if another column has prose.
_NO_TEXTS = frozenset(("empty", "constant", "label", "id", "url", "email", "path", "date", "number", "code"))
# Columns that an error lists.
_MAX_LISTED_COLUMNS = 30

Sample = Callable[[str], "Sequence[str | None]"]
"""Returns the first values of a column; None for null and for values that are not text."""


@dataclass(frozen=True)
class TextColumns:
    """The columns of an input that contain the text."""

    names: tuple[str, ...]
    """Names; a path for a nested value."""
    kind: Literal["column", "nested", "strings", "joined", "turns"] = "column"
    """A column, a value inside a column, a column with lists of strings, several columns, or the turns of a
    conversation."""

    @property
    def consumed(self) -> tuple[str, ...]:
        """The columns that are restored from the text, so that they are not carried beside it."""
        return self.names if self.kind in ("column", "strings", "joined") else ()

    @property
    def separator(self) -> str | None:
        """What the parts of the text are joined by; None if it is restored as it is."""
        return {"strings": "\n", "joined": "\n\n"}.get(self.kind)

    @property
    def label(self) -> str:
        """The names for messages."""
        return ",".join(self.names)

    @property
    def remark(self) -> str | None:
        """How the text is made of the columns; None if it is the value of a column."""
        listed = ", ".join(f"`{name}`" for name in self.names)
        return {
            "strings": f"each list in {listed} is joined by line ends to one text",
            "turns": f"the turns of each conversation in {listed} are joined by blank lines to one text",
            "joined": f"the columns {listed} are joined by blank lines to one text",
        }.get(self.kind)


@dataclass(frozen=True)
class ChosenColumns:
    """The text columns and the id column of one input."""

    text: TextColumns
    """Columns of the text."""
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

        >>> ChosenColumns(TextColumns(("body",)), "url", True).others(["url", "body", "row"], Reading())
        {'url': 'url', 'row': 'input_row'}
        """
        used = {*self.text.consumed}
        if self.id is not None and not self.keeps_id:
            used.add(self.id)
        names = [name for name in columns if name not in used]
        return dict(zip(names, rename_reserved(names, reserved_names(reading)), strict=True))

    def fields(self, columns: Mapping[str, bool], reading: Reading) -> tuple[OriginField, ...]:
        """Describe how the columns of the input are restored from those of the corpus.

        Args:
            columns: Columns of the input in their order; True if null means that a row lacks the column.
            reading: How the input is read.

        >>> ChosenColumns(TextColumns(("body",))).fields({"row": False, "body": False}, Reading())[0].column
        'input_row'
        """
        others = self.others(columns, reading)
        result = []
        for name, omits_null in columns.items():
            if name in self.text.consumed:
                part = self.text.names.index(name) if self.text.kind == "joined" else None
                result.append(OriginField(name, "text", part, omits_null))
            else:
                result.append(OriginField(name, others.get(name, "id"), None, omits_null))
        return tuple(result)


def document_schema(reading: Reading) -> pa.Schema:
    """Return the columns that every document has; the outlet is one of them if it is the name of a folder."""
    if reading.outlet_level is None:
        return DOCUMENT_SCHEMA
    return DOCUMENT_SCHEMA.append(pa.field("outlet", pa.string()))


def reserved_names(reading: Reading) -> frozenset[str]:
    """Return the names that no other column of the corpus may have."""
    return OUTPUT_COLUMNS | frozenset(document_schema(reading).names)


def choose_columns(columns: Mapping[str, Content], reading: Reading, sample: Sample | None = None) -> ChosenColumns:
    """Choose the text columns and the id column of one input.

    An id column named by the user may be missing: only the caller knows whether another input has it.

    Args:
        columns: Content by column name, in the order of the input.
        reading: Columns named by the user.
        sample: Returns the first values of a column; None if they are unknown, so that the names decide.

    Returns:
        The columns.

    Raises:
        ColumnNotFound: There is no text column, or a named column does not contain texts or ids.

    >>> choose_columns({"Title": "text", "Body": "text", "ID": "scalar"}, Reading())
    ChosenColumns(text=TextColumns(names=('Body',), kind='column'), id='ID', keeps_id=True)
    """
    text = _choose_text_columns(columns, reading.text_column, sample or (lambda _: ()))
    if reading.id_column is not None:
        identity = reading.id_column if reading.id_column in columns else None
        if identity is not None and columns[identity] not in ("text", "mixed", "null", "scalar"):
            raise ColumnNotFound(f"column {identity!r} contains neither text nor numbers, so it cannot be the id")
    else:
        rest = {name: content for name, content in columns.items() if name not in text.names}
        identity = find_column(rest, ID_NAMES, ("text", "mixed", "scalar"))
    # The corpus has the ids as strings; a string column "id" would be a copy of them.
    return ChosenColumns(text, identity, identity is not None and (identity != "id" or columns["id"] != "text"))


def _choose_text_columns(columns: Mapping[str, Content], requested: str | None, sample: Sample) -> TextColumns:
    from dedup.corpus.prose import is_prose  # its patterns take long to compile, and folders of texts need none

    if requested is not None:
        return _requested_columns(columns, requested)
    usual = [name for name in _by_name(columns, TEXT_NAMES) if columns[name] in ("text", "mixed", "strings", "null")]
    found = next(iter(usual), None)
    if found is not None and columns[found] != "strings" and not _has_texts(columns[found], sample(found)):
        # It is read only if no other column has prose.
        prose = [name for name, content in columns.items() if content == "text" and is_prose(sample(name))]
        better = [name for name in usual if name in prose or columns[name] == "strings"]
        if prose and not better:
            raise ColumnNotFound(
                f"column {found!r} has no texts (its values are empty, all the same, or ids, URLs or labels), but "
                f"{prose[0]!r} looks like texts ({listed_columns(columns)})"
            )
        filled = [name for name in usual if _is_filled(columns[name], sample(name))]
        found = next(iter((*better, *filled)), found)
    if found is not None:
        return TextColumns((found,), "strings" if columns[found] == "strings" else "column")
    prose = [name for name, content in columns.items() if content == "text" and is_prose(sample(name))]
    chats = [name for name in _by_name(columns, CHAT_NAMES) if columns[name] == "turns"]
    if chats:
        return TextColumns((chats[0],), "turns")
    without_title = [name for name in prose if name.lower() not in TITLE_NAMES]
    if len(prose) == 1 or len(without_title) == 1:
        return TextColumns(((without_title or prose)[0],))
    raise ColumnNotFound(f"no text column found ({listed_columns(columns)}){_suggestion(columns, prose, sample)}")


def _requested_columns(columns: Mapping[str, Content], requested: str) -> TextColumns:
    """Return the columns that the user named: one, several separated by commas, or a path into a nested column."""
    names = (requested,) if requested in columns else tuple(name.strip() for name in requested.split(","))
    for name in names:
        root = name if name in columns else name.split(".")[0]
        if root not in columns:
            raise ColumnNotFound(f"no column {name!r} ({listed_columns(columns)})")
        if root == name and columns[name] in (("scalar", "other") if len(names) == 1 else ("scalar", "other", "turns")):
            raise ColumnNotFound(f"column {name!r} does not contain text ({listed_columns(columns)})")
    if len(names) > 1:
        return TextColumns(names, "joined")
    [name] = names
    if name not in columns:
        return TextColumns(names, "nested")
    content = columns[name]
    return TextColumns(names, content if content in ("strings", "turns") else "column")


def _by_name(columns: Mapping[str, Content], names: Iterable[str]) -> list[str]:
    """Return the columns that have one of some names in lower case, in the order of the names."""
    by_name: dict[str, str] = {}
    for column in columns:
        if by_name.setdefault(column.lower(), column) != column and column == column.lower():
            by_name[column] = column  # the exact name precedes one that differs in case
    return [by_name[name] for name in names if name in by_name]


def _has_texts(content: Content, values: Sequence[str | None]) -> bool:
    """Return whether a column of a usual name has texts, by its first values: true if they are unknown."""
    if content == "null":
        return False
    if not values:
        return True
    first = [value for value in values[:_CHECKED_ROWS] if value is not None]
    if len(set(first)) > 1 and any(value.count(" ") >= _MIN_SPACES for value in first):
        return True  # most columns of texts; the others take longer
    from dedup.corpus.prose import describe_column

    return describe_column(values).kind not in _NO_TEXTS


def _is_filled(content: Content, values: Sequence[str | None]) -> bool:
    return content not in ("null", "strings") and any(value and not value.isspace() for value in values)


def listed_columns(columns: Mapping[str, Content]) -> str:
    """Return the names of columns for a message.

    >>> listed_columns({"id": "scalar", "body": "text"})
    "columns: 'id', 'body'"
    """
    names = [repr(name) for name in columns][:_MAX_LISTED_COLUMNS]
    more = f" and {len(columns) - len(names):,} more" if len(columns) > len(names) else ""
    return f"columns: {', '.join(names) or 'none'}{more}"


def _suggestion(columns: Mapping[str, Content], prose: Sequence[str], sample: Sample) -> str:
    """Return which column may be the text, as the end of an error message."""
    if prose:
        return f"; {' and '.join(map(repr, prose))} look like texts"
    from dedup.corpus.prose import prose_score

    scores = {name: prose_score(sample(name)) for name, content in columns.items() if content == "text"}
    best = max(scores, key=scores.__getitem__, default=None)
    turns = next((name for name, content in columns.items() if content == "turns"), None)
    if turns is not None:
        return f"; {turns!r} contains conversations"
    return f"; {best!r} looks most like text" if best is not None and scores[best] > 0 else ""


def find_column(columns: Mapping[str, Content], names: Iterable[str], accepted: Collection[Content]) -> str | None:
    """Return the first column that has one of some names and an accepted content, or None.

    Args:
        columns: Content by column name.
        names: Names in lower case, in order of preference; upper case in `columns` is ignored.
        accepted: Contents that the column may have.

    >>> find_column({"URL": "text", "uuid": "text"}, ID_NAMES, ["text"])
    'uuid'
    """
    return next(
        iter(_by_name({name: content for name, content in columns.items() if content in accepted}, names)), None
    )


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
    ('text', 'scalar', 'strings')
    """
    if t.is_dictionary(data_type):
        return content_of(data_type.value_type)
    if is_list(data_type):
        return "strings" if content_of(data_type.value_type) == "text" else _content_of_items(data_type.value_type)
    if is_string(data_type):
        return "text"
    if is_binary(data_type):
        return "mixed"
    if t.is_null(data_type):
        return "null"
    return "scalar" if t.is_primitive(data_type) or t.is_decimal(data_type) else "other"


def _content_of_items(item: pa.DataType) -> Content:
    """Return the content of lists of items of an Arrow type: turns of a conversation, or other."""
    names = {field.name for field in item} if t.is_struct(item) else set()
    return "turns" if names.intersection(ROLE_NAMES) and names.intersection(CONTENT_NAMES) else "other"
