"""Columns: which one holds the text, which the ids, and what the others are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dedup.corpus.types import is_binary, is_string
from dedup.errors import ColumnNotFound

if TYPE_CHECKING:
    import pyarrow as pa

# the order is that of preference
# ruff: noqa: SIM905
# lists of words read best as such
TEXT_NAMES = "text content body article document raw_content maintext article_text full_text texte contenu".split()
ID_NAMES = "id doc_id docid document_id article_id uuid url link guid".split()
DATE_NAMES = "date published publish_date published_at pubdate created_at timestamp datetime".split()
OUTLET_NAMES = "outlet source publisher domain site newspaper journal".split()
# the columns of what the program writes: an input column of such a name gets a prefix
OUTPUT_NAMES = frozenset(
    "doc id path row text removed unit start end cut_start cut_end reason scope kept_doc kept_id kept_start"
    " kept_end jaccard containment".split()
)

# what a column holds: text, text among other things, nothing at all, numbers or times, something else
Content = Literal["text", "mixed", "null", "scalar", "other"]


@dataclass(frozen=True)
class Asked:
    """The columns that the user named; the folder level that names the outlet (1 is the first under PATH)."""

    text: str | None = None
    id: str | None = None
    date: str | None = None
    outlet: str | None = None
    outlet_level: int | None = None

    @property
    def reserved(self) -> frozenset[str]:
        """The names that no other column may have."""
        return OUTPUT_NAMES | {"outlet"} if self.outlet_level is not None else OUTPUT_NAMES


@dataclass(frozen=True)
class Taken:
    """What is taken from one input: the text column, the id column, whether that also stays another."""

    text: str
    id: str | None = None
    keeps_id: bool = False

    def others(self, columns: Iterable[str], asked: Asked) -> dict[str, str]:
        """Return the other columns with their names in the corpus.

        >>> Taken("body", "url", True).others(["url", "body", "row"], Asked())
        {'url': 'url', 'row': 'input_row'}
        """
        gone = {self.text} if self.keeps_id or self.id is None else {self.text, self.id}
        names = [name for name in columns if name not in gone]
        return dict(zip(names, renamed(names, asked.reserved), strict=True))


def take(columns: Mapping[str, Content], asked: Asked) -> Taken:
    """Choose the columns of one input.

    `columns` tells what each holds, in order. Raises ColumnNotFound if none can be the text, or if the
    named id can be none. A named id column that is not there is left to the caller, who sees all inputs.

    >>> take({"Title": "text", "Body": "text", "ID": "scalar"}, Asked())
    Taken(text='Body', id='ID', keeps_id=True)
    """
    text = _text_column(columns, asked)
    if asked.id is not None:
        identity = asked.id if asked.id in columns else None
        if identity is not None and columns[identity] == "other":
            raise ColumnNotFound(f"column {identity!r} holds neither text nor numbers, so it cannot be the id")
    else:
        rest = {name: held for name, held in columns.items() if name != text}
        identity = named(rest, ID_NAMES, ("text", "mixed", "scalar"))
    return Taken(text, identity, identity is not None and (identity != "id" or columns["id"] != "text"))


def _text_column(columns: Mapping[str, Content], asked: Asked) -> str:
    listed = ", ".join(map(repr, columns)) or "none"
    if asked.text is not None:
        if asked.text not in columns:
            raise ColumnNotFound(f"it has no column {asked.text!r} (its columns: {listed})")
        if columns[asked.text] in ("scalar", "other"):
            raise ColumnNotFound(f"column {asked.text!r} does not hold text (its columns: {listed})")
        return asked.text
    found = named(columns, TEXT_NAMES, ("text", "mixed", "null"))
    texts = [name for name, held in columns.items() if held == "text"]
    if found is None and len(texts) == 1:
        found = texts[0]
    if found is None:
        raise ColumnNotFound(f"no column of it can be told to be the text (its columns: {listed})")
    return found


def named(columns: Mapping[str, Content], names: Iterable[str], held: Sequence[Content]) -> str | None:
    """Return the first column that has one of the names, whatever its case, and holds the right thing.

    >>> named({"URL": "text", "uuid": "text"}, ID_NAMES, ["text"])
    'uuid'
    """
    by_name: dict[str, str] = {}
    for column, content in columns.items():
        if content in held:
            by_name.setdefault(column.lower(), column)
    return next((by_name[name] for name in names if name in by_name), None)


def renamed(names: Sequence[str], reserved: frozenset[str]) -> list[str]:
    """Return names that collide with nothing, by the prefix `input_`, as often as needed.

    >>> renamed(["row", "input_row", "title"], OUTPUT_NAMES)
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


def distinct(names: Sequence[str]) -> list[str]:
    """Return names of which none is empty and none occurs twice.

    >>> distinct(["", "a", "a"])
    ['column_1', 'a', 'a_2']
    """
    given, result = {*names}, dict[str, None]()
    counts: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        base = new = name or f"column_{place}"
        while new in result or (new != name and new in given):
            counts[base] = counts.get(base, 1) + 1
            new = f"{base}_{counts[base]}"
        result[new] = None
    return [*result]


def content(kind: pa.DataType) -> Content:
    """Tell what a column of an Arrow type holds.

    >>> import pyarrow as pa
    >>> content(pa.dictionary(pa.int32(), pa.string())), content(pa.int8()), content(pa.list_(pa.string()))
    ('text', 'scalar', 'other')
    """
    import pyarrow.types as t

    if t.is_dictionary(kind):
        return content(kind.value_type)
    if is_string(kind):
        return "text"
    if is_binary(kind):
        return "mixed"
    if t.is_null(kind):
        return "null"
    return "scalar" if t.is_primitive(kind) or t.is_decimal(kind) else "other"
