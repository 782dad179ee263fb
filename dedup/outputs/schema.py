"""The columns of what `dedup` leaves on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = "1"
METADATA = {b"dedup.schema": VERSION.encode()}

_SIDES = [(f"{side}_{what}", pa.int64()) for side in ("left", "right") for what in ("doc", "start", "end")]
_STRINGS = pa.list_(pa.field("element", pa.string()))  # as Parquet names it
_DOCUMENT = [("doc", pa.int64()), ("id", pa.string()), ("path", pa.string()), ("row", pa.int64())]

CLEAN = pa.schema([*_DOCUMENT, ("text", pa.large_string()), ("removed", pa.int32())])
"""A document that stays; every other input column follows."""

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
        ("kept_start", pa.int64()),
        ("kept_end", pa.int64()),
        ("jaccard", pa.float64()),
        ("containment", pa.float64()),
    ]
)
"""A unit taken out; for a document every other input column follows."""

PAIRS = pa.schema(
    [
        ("unit", pa.string()),
        *_SIDES,
        ("jaccard", pa.float64()),
        ("containment", pa.float64()),
    ]
)
"""A verified pair at or above the threshold; left is the earlier in keep order, and containment that of right."""


def with_columns(schema: pa.Schema, others: pa.Schema) -> pa.Schema:
    """Add the other input columns to a schema, and its version.

    >>> with_columns(CLEAN, pa.schema([("date", pa.string())])).names[-2:]
    ['removed', 'date']
    """
    return pa.schema([*schema, *others], metadata=METADATA)


STORIES = pa.schema(
    [
        ("story", pa.int64()),
        *_DOCUMENT[:3],
        ("stretches", pa.list_(pa.field("element", pa.struct([("start", pa.int64()), ("end", pa.int64())])))),
        ("cites", _STRINGS),
        ("facts", _STRINGS),
        ("date", pa.string()),
    ],
    metadata=METADATA,
)
"""A document in a story."""

LINKS = pa.schema(
    [
        ("story", pa.int64()),
        *_SIDES,
        ("score", pa.float64()),
        ("kind", pa.string()),
        ("shared", _STRINGS),
        ("conflicting", _STRINGS),
    ],
    metadata=METADATA,
)
"""A link; its story is null if it is in none."""

TEXTS = pa.schema([*_DOCUMENT, ("outlet", pa.string()), ("text", pa.large_string())], metadata=METADATA)
"""The original of a document in a story."""

TABLES = {"clean": CLEAN, "removed": REMOVED, "pairs": PAIRS, "stories": STORIES, "links": LINKS, "texts": TEXTS}
"""The columns of each file, by its name; some have others, too."""


# In the first bytes of each page: by this it is known, to be replaced by a new one and not read as an article.
PAGE_MARK, PAGE_HEAD = '<meta name="generator" content="dedup">', 2000
