"""Read from an output which documents an index has already, and which are new."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from dedup.outputs.files import CLEAN_FILE, REMOVED_FILE
from dedup.outputs.reader import read_tables
from dedup.runtime.storage.copies import local_copy
from dedup.runtime.storage.paths import AnyPath

_PLACE = ["doc", "id", "path", "row"]
_MATCH = [*_PLACE, "unit", "start", "end", "reason", "scope", "kept_doc", "kept_id", "kept_path", "kept_start"]
_MATCH += ["kept_end", "jaccard", "containment"]


@dataclass(frozen=True)
class Matches:
    """The new and the known ones of some documents."""

    new: tuple[dict[str, Any], ...]
    """Documents that are new: ``doc``, ``id``, ``path`` and ``row`` of each."""
    known: tuple[dict[str, Any], ...]
    """Documents and paragraphs that the index has already, or an earlier document of the input: the columns of
    ``removed.parquet`` without the texts."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def read_matches(out: AnyPath) -> Matches:
    """Read the matches from an output.

    Args:
        out: The folder.
    """
    with local_copy(out, [CLEAN_FILE, REMOVED_FILE]) as folder:
        new = [row for table in read_tables(folder / CLEAN_FILE, _PLACE) for row in table.to_pylist()]
        known = [row for table in read_tables(folder / REMOVED_FILE, _MATCH) for row in table.to_pylist()]
    # A paragraph that its own document repeats is not known from elsewhere.
    return Matches(tuple(new), tuple(row for row in known if row["reason"] != "emptied" and row["scope"] != "within"))
