"""The columns of the tables that runs write."""

import pyarrow as pa

from dedup.outputs.files import (
    CLEAN_FILE,
    FOUND_FILE,
    ITEMS_FILE,
    LINKS_FILE,
    OUTLETS_FILE,
    PAIRS_FILE,
    REFERENCE_FILE,
    REMOVED_FILE,
    STORIES_FILE,
    TEXTS_FILE,
)
from dedup.outputs.origins import ORIGINS_KEY
from dedup.results import RUN_SCHEMAS

METADATA, _ALIGN_METADATA = ({b"dedup.schema": str(RUN_SCHEMAS[command]).encode()} for command in ("clean", "align"))
"""Metadata of the tables of `clean` and `scan`, and of those of `align`."""

_SIDES = [(f"{side}_{name}", pa.int64()) for side in ("left", "right") for name in ("doc", "start", "end")]
_LINK_SIDE = {"doc": pa.int64(), "id": pa.string(), "outlet": pa.string(), "start": pa.int64(), "end": pa.int64()}
_STRINGS = pa.list_(pa.field("element", pa.string()))  # the name that Parquet gives to list elements
_CONFLICT = pa.struct([("left", pa.string()), ("right", pa.string()), ("noun", pa.string())])
_DOCUMENT = [("doc", pa.int64()), ("id", pa.string()), ("path", pa.string()), ("row", pa.int64())]

CLEAN = pa.schema([*_DOCUMENT, ("text", pa.large_string()), ("removed", pa.int32()), ("copies", pa.int32())])
"""A kept document; the other columns of the input follow."""

REMOVED = pa.schema(
    [
        *_DOCUMENT,
        ("unit", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("cut_start", pa.int64()),
        ("cut_end", pa.int64()),
        ("text", pa.large_string()),
        ("reason", pa.string()),
        ("scope", pa.string()),
        ("kept_doc", pa.int64()),
        ("kept_id", pa.string()),
        ("kept_path", pa.string()),
        ("kept_start", pa.int64()),
        ("kept_end", pa.int64()),
        ("jaccard", pa.float64()),
        ("containment", pa.float64()),
    ]
)
"""A removed unit; the other columns of the input follow, filled for documents only."""

CONTAINED = pa.schema([("kept_containment", pa.float64()), ("found_start", pa.int64()), ("found_end", pa.int64())])
"""Columns of a removed unit after those of `REMOVED`, if documents of the reference were searched for inside longer
ones: the share of the runs of the kept unit that was found, and the span in which."""

FOUND = pa.schema(
    [
        *_DOCUMENT,
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("item", pa.int64()),
        ("item_id", pa.string()),
        ("item_path", pa.string()),
        ("item_row", pa.int64()),
        ("share", pa.float64()),
        ("runs", pa.int64()),
    ]
)
"""An item, a document of the reference, that was found in a document: where, and by which share and number of its
runs. The item is its row in `ITEMS`, from 0."""

ITEMS = pa.schema(
    [
        ("item", pa.int64()),
        ("against", pa.string()),
        ("id", pa.string()),
        ("path", pa.string()),
        ("row", pa.int64()),
        ("tokens", pa.int64()),
        ("runs", pa.int64()),
        ("not_searchable", pa.string()),
        ("documents", pa.int64()),
        ("places", pa.int64()),
        ("share", pa.float64()),
    ]
)
"""A document of the reference that was searched for: its tokens, its different runs that are no templates, the reason
why it could not be searched for, the number of documents and of places in which it was found, and the greatest share
of its runs in one place."""

PAIRS = pa.schema([("unit", pa.string()), *_SIDES, ("jaccard", pa.float64()), ("containment", pa.float64())])
"""A verified pair at the threshold; left comes first in keep order, and containment is that of right in left."""

REFERENCE = pa.schema(
    [
        ("unit", pa.string()),
        *_DOCUMENT,
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("text", pa.large_string()),
        (
            "removed",
            pa.list_(pa.field("element", pa.struct([(name, pa.int64()) for name in ("doc", "start", "end")]))),
        ),
    ]
)
"""A unit of a reference that rows of removed.parquet name as kept; ``removed`` has the places of these rows."""

STORIES = pa.schema(
    [
        ("story", pa.int64()),
        ("headline", pa.string()),
        *_DOCUMENT,
        ("title", pa.string()),
        ("outlet", pa.string()),
        ("author", pa.string()),
        ("url", pa.string()),
        ("date", pa.string()),
        ("time", pa.string()),
        ("first", pa.bool_()),
        ("role", pa.string()),
        ("stretches", pa.list_(pa.field("element", pa.struct([("start", pa.int64()), ("end", pa.int64())])))),
        ("sources", _STRINGS),
        ("facts", _STRINGS),
        ("changed", _STRINGS),
        ("only", _STRINGS),
    ],
    metadata=_ALIGN_METADATA,
)
"""A document in a story; ``headline`` is that of the story, and ``first`` is null if the dates do not decide."""

LINKS = pa.schema(
    [
        ("story", pa.int64()),
        *((f"left_{name}", kind) for name, kind in _LINK_SIDE.items()),
        *((f"right_{name}", kind) for name, kind in _LINK_SIDE.items()),
        ("score", pa.float64()),
        ("kind", pa.string()),
        ("shared", _STRINGS),
        ("conflicting", pa.list_(pa.field("element", _CONFLICT))),
        ("left_text", pa.large_string()),
        ("right_text", pa.large_string()),
    ],
    metadata=_ALIGN_METADATA,
)
"""A link; ``story`` is null if the link is in no story."""

OUTLETS = pa.schema(
    [
        ("outlet", pa.string()),
        ("source", pa.string()),
        ("stories", pa.int64()),
        ("source_first", pa.int64()),
        ("outlet_first", pa.int64()),
        ("median_delay", pa.float64()),
        ("verbatim", pa.int64()),
        ("light", pa.int64()),
        ("heavy", pa.int64()),
        ("credited", pa.int64()),
        ("common_source", pa.int64()),
        ("uncredited", pa.int64()),
        ("credit_unknown", pa.int64()),
        ("undecided", pa.int64()),
        ("undecided_credited", pa.int64()),
        ("outlet_doc", pa.int64()),
        ("source_doc", pa.int64()),
    ],
    metadata=_ALIGN_METADATA,
)
"""What an outlet takes over from another outlet; the columns are the fields of `dedup.OutletPair`."""

TEXTS = pa.schema([*_DOCUMENT, ("outlet", pa.string()), ("text", pa.large_string())], metadata=_ALIGN_METADATA)
"""The original of a document in a story."""

TABLES = {
    CLEAN_FILE: CLEAN,
    REMOVED_FILE: REMOVED,
    PAIRS_FILE: PAIRS,
    REFERENCE_FILE: REFERENCE,
    FOUND_FILE: FOUND,
    ITEMS_FILE: ITEMS,
    STORIES_FILE: STORIES,
    LINKS_FILE: LINKS,
    OUTLETS_FILE: OUTLETS,
    TEXTS_FILE: TEXTS,
}
"""The columns of each file, which may have others besides."""


def removed_columns(*, contained: bool) -> pa.Schema:
    """Return the columns of removed.parquet.

    Args:
        contained: Whether documents of the reference were searched for inside longer ones.
    """
    return pa.schema([*REMOVED, *CONTAINED]) if contained else REMOVED


def with_columns(schema: pa.Schema, others: pa.Schema, origins: bytes | None = None) -> pa.Schema:
    """Return a schema with the other columns of the input, and the version in its metadata.

    Args:
        schema: Columns that are written.
        others: Other columns of the input.
        origins: How the documents were read, as `OriginRuns.encode` returns it, for the metadata.

    >>> with_columns(CLEAN, pa.schema([("date", pa.string())])).names[-2:]
    ['copies', 'date']
    """
    metadata = METADATA if origins is None else {**METADATA, ORIGINS_KEY: origins}
    return pa.schema([*schema, *others], metadata=metadata)
