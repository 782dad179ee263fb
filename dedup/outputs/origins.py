"""Describe how the documents of a corpus were read, so that the files and rows of the input can be restored."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby, pairwise
from typing import Any, Literal, NamedTuple

ORIGINS_KEY = b"dedup.origins"
"""Key of the metadata of clean.parquet under which the origins of its documents are stored."""
FRONT_MATTER = "front_matter"
"""Column with the front matter of Markdown files, as written."""
TEXT_PARTS = "text_parts"
"""Column with the lengths of the parts that a text was joined from, in code points; -1 for null."""

ABSENT_COLUMNS = "absent_columns"
"""Column with the names of the columns that a row lacks, where other rows have null in them."""


class OriginField(NamedTuple):
    """A column of the input."""

    name: str
    """Name in the input."""
    column: str
    """Column of the corpus with its values: `text`, `id`, or one of the other columns."""
    part: int | None = None
    """Index in `TEXT_PARTS`, if the text was joined from several columns."""
    omits_null: bool = False
    """Whether null means that the row lacks the column."""


@dataclass(frozen=True)
class Origin:
    """How documents were read: as the text of a file, by extracting the text of a page, or as rows of a table."""

    kind: Literal["text", "extracted", "rows"] = "text"
    """What the input was."""
    encoding: str = "utf-8"
    """Encoding of a text file (Python codec)."""
    mark: str = ""
    """Characters before the text in the file: a byte order mark."""
    suffix: str = ""
    """End of the path that is left out of the restored file, such as ".gz"."""
    fields: tuple[OriginField, ...] = ()
    """Columns of rows, in the order of the input."""
    separator: str | None = None
    """What the parts of a text are joined by: a line end for a list of strings, a blank line for several columns."""


PLAIN_TEXT = Origin()
"""Origin of a text file in UTF-8."""


@dataclass
class OriginRuns:
    """The origins of consecutive documents.

    >>> runs = OriginRuns()
    >>> runs.add(Origin("extracted"), 2); runs.add(PLAIN_TEXT, 1)
    >>> runs.of(1).kind, runs.of(2).kind
    ('extracted', 'text')
    """

    starts: list[int] = field(default_factory=list)
    """Rank of the first document of each run."""
    origins: list[Origin] = field(default_factory=list)
    """Origin of each run."""
    rows: int = 0
    """Number of documents."""

    def add(self, origin: Origin, count: int) -> None:
        """Append documents."""
        if count and (not self.origins or self.origins[-1] != origin):
            self.starts.append(self.rows)
            self.origins.append(origin)
        self.rows += count

    def of(self, doc: int) -> Origin:
        """Return the origin of a document."""
        return self.origins[bisect_right(self.starts, doc) - 1]

    def extend(self, others: OriginRuns) -> None:
        """Append the documents of others."""
        bounds = pairwise((*others.starts, others.rows))
        for (start, stop), origin in zip(bounds, others.origins, strict=True):
            self.add(origin, stop - start)

    def slice(self, first: int, stop: int) -> OriginRuns:
        """Return the origins of the documents from ``first`` to ``stop``.

        >>> runs = OriginRuns()
        >>> runs.add(Origin("extracted"), 2); runs.add(PLAIN_TEXT, 2)
        >>> runs.slice(1, 4).starts
        [0, 1]
        """
        part = OriginRuns()
        low = max(0, bisect_right(self.starts, first) - 1)
        for run in range(low, bisect_right(self.starts, stop - 1)):
            end = self.starts[run + 1] if run + 1 < len(self.starts) else self.rows
            part.add(self.origins[run], min(stop, end) - max(first, self.starts[run]))
        return part

    def encode(self, json_columns: Sequence[str], first_rank: int = 0) -> bytes:
        """Return JSON for the metadata of clean.parquet.

        Args:
            json_columns: Columns whose values are JSON.
            first_rank: Rank of the first document.
        """
        distinct = {origin: index for index, origin in enumerate(dict.fromkeys(self.origins))}
        runs = [[first_rank + start, distinct[origin]] for start, origin in zip(self.starts, self.origins, strict=True)]
        content = {"runs": runs, "origins": [_to_plain(origin) for origin in distinct], "json": list(json_columns)}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _to_plain(origin: Origin) -> dict[str, Any]:
    """Return the fields that differ from the defaults."""
    default = asdict(PLAIN_TEXT)
    return {name: value for name, value in asdict(origin).items() if value != default[name]}


def decode_origins(metadata: Mapping[bytes, bytes] | None) -> tuple[OriginRuns, frozenset[str]] | None:
    """Read the origins from the metadata of clean.parquet.

    Args:
        metadata: Metadata of its schema.

    Returns:
        The origins, and the columns whose values are JSON; None if the metadata have no origins.

    >>> runs = OriginRuns()
    >>> runs.add(Origin(fields=(OriginField("body", "text"),)), 3)
    >>> decode_origins({ORIGINS_KEY: runs.encode(["v"])})[0].of(2).fields
    (OriginField(name='body', column='text', part=None, omits_null=False),)
    """
    raw = (metadata or {}).get(ORIGINS_KEY)
    if raw is None:
        return None
    content = json.loads(raw)
    origins = [
        Origin(**{**plain, "fields": tuple(OriginField(*item) for item in plain.get("fields", ()))})
        for plain in content["origins"]
    ]
    runs = OriginRuns()
    for start, index in content["runs"]:
        runs.starts.append(start)
        runs.origins.append(origins[index])
    return runs, frozenset(content["json"])


def merge_origins(
    parts: Iterable[tuple[OriginRuns, frozenset[str]] | None],
) -> tuple[OriginRuns | None, frozenset[str]]:
    """Join the origins of the parts of clean.parquet, each of which has those of the documents of its range.

    Args:
        parts: What `decode_origins` returns for each part, in order.

    Returns:
        The origins, and the columns whose values are JSON; None and no column if a part has no origins.

    >>> first = decode_origins({ORIGINS_KEY: b'{"runs":[[0,0]],"origins":[{}],"json":["v"]}'})
    >>> second = decode_origins({ORIGINS_KEY: b'{"runs":[[5,0]],"origins":[{"kind":"extracted"}],"json":["v"]}'})
    >>> merged, _ = merge_origins([first, second])
    >>> merged.of(4).kind, merged.of(5).kind
    ('text', 'extracted')
    """
    merged, json_columns = OriginRuns(), frozenset[str]()
    for part in parts:
        if part is None:
            return None, frozenset()
        runs, columns = part
        merged.starts += runs.starts
        merged.origins += runs.origins
        json_columns |= columns
    return merged, json_columns


def count_runs(origins: Iterable[Origin]) -> list[tuple[Origin, int]]:
    """Return each origin with the number of consecutive documents that have it.

    >>> count_runs([PLAIN_TEXT, PLAIN_TEXT])[0][1]
    2
    """
    return [(origin, len(list(group))) for origin, group in groupby(origins)]


def split_parts(text: str, lengths: Sequence[int], separator: str) -> list[str | None]:
    """Return the parts that a text was joined from.

    Args:
        text: The text.
        lengths: Length of each part in code points; -1 for null, which is not joined.
        separator: What the parts are joined by.

    >>> split_parts("ab\\n\\nc", [2, -1, 1], "\\n\\n")
    ['ab', None, 'c']
    """
    parts: list[str | None] = []
    position = 0
    for length in lengths:
        parts.append(None if length < 0 else text[position : position + length])
        position += length + len(separator) if length >= 0 else 0
    return parts


def join_parts(parts: Sequence[str | None], separator: str) -> tuple[str, list[int]]:
    """Join the parts that are not null.

    Returns:
        The text, and the length of each part in code points; -1 for null.

    >>> join_parts(["ab", None, "c"], ", ")
    ('ab, c', [2, -1, 1])
    """
    present = [part for part in parts if part is not None]
    return separator.join(present), [-1 if part is None else len(part) for part in parts]
