"""Read the groups of duplicates of a run: each kept unit with the units removed in its favour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.duplicates.explain import KeptTexts, Passage, passage_of
from dedup.duplicates.removals import group_by_kept
from dedup.outputs.files import PAIRS_FILE, REMOVED_FILE
from dedup.outputs.reader import read_reference_units, read_schemas, read_tables
from dedup.results import UnitLocation

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

# Bars of the histogram from the threshold to 1; pairs of Jaccard 1 have an additional bar.
BARS = 20
_KEY_COLUMNS = ["doc", "unit", "start", "end", "cut_start", "cut_end", "kept_doc", "kept_start", "kept_end", "jaccard"]

# Value for null in a column of numbers.
_NO_NUMBER = -1


@dataclass(frozen=True)
class RemovedUnit:
    """A removed unit and the evidence for its removal."""

    place: UnitLocation
    """Location of the unit."""
    passage: Passage
    """The unit with its evidence."""


@dataclass(frozen=True)
class DuplicateGroup:
    """A kept unit and the units removed in its favour."""

    unit: str
    """"document" or "paragraph"."""
    kept: UnitLocation
    """Location of the kept unit."""
    kept_text: str
    """Text of the kept unit."""
    members: tuple[RemovedUnit, ...]
    """Removed units by document and start; only the first ones where the limit is reached."""
    size: int
    """Number of removed units."""
    characters: int
    """Code points removed, summed over all removed units."""
    reason: str
    """"exact", "near" or "contained": that of the removed units, if all have the same, else "near"."""
    similarity: float
    """Least Jaccard of a removed unit to the kept unit; for "contained" the least share that was found of it."""


@dataclass(frozen=True)
class Duplicates:
    """The groups of duplicates of a run."""

    groups: tuple[DuplicateGroup, ...]
    """Listed groups, largest first; equal sizes by unit, document and start of the kept unit."""
    count: int
    """Number of all groups."""
    passages: int
    """Number of removed units in all groups."""
    bars: tuple[int, ...]
    """Number of removed units by Jaccard; see `similarity_bars`."""


def find_duplicates(out: Path, threshold: float, passages: int) -> Duplicates:
    """Read the groups of duplicates from an output of `clean`.

    Args:
        out: An output folder of `clean`.
        threshold: Minimum Jaccard of a removed unit.
        passages: Number of removed units to read, from the largest groups.

    Returns:
        The groups of the removed units read, and the counts of all.

    Raises:
        DedupError: A table cannot be read.
    """
    keys = _read_keys(out)
    groups = group_by_kept(keys["unit"], keys["kept_doc"], keys["kept_start"], keys["kept_end"])
    count = groups.sizes.size
    listed = np.sort(np.argsort(groups.group_of, kind="stable")[:passages])
    rows = _read_rows(out, keys["row"][listed])
    kept_texts = KeptTexts.of(out, rows)
    members: dict[int, list[dict[str, Any]]] = {}
    for group, row in zip(groups.group_of[listed].tolist(), rows, strict=True):
        members.setdefault(group, []).append(row)
    lengths = keys["cut_end"] - keys["cut_start"]
    characters = np.bincount(groups.group_of, lengths, count).astype(np.int64)
    is_contained = keys["jaccard"] < 0
    all_contained = np.ones(count, np.bool_)
    all_contained[groups.group_of[~is_contained]] = False
    least, counted = np.ones(count), is_contained == all_contained[groups.group_of]
    similarity = np.where(is_contained, keys["kept_containment"], keys["jaccard"])
    np.minimum.at(least, groups.group_of[counted], similarity[counted])
    return Duplicates(
        groups=tuple(
            _group(
                members[group],
                kept_texts,
                size=int(groups.sizes[group]),
                characters=int(characters[group]),
                similarity=float(least[group]),
            )
            for group in sorted(members)
        ),
        count=count,
        passages=groups.group_of.size,
        bars=similarity_bars(keys["jaccard"][~is_contained], threshold),
    )


def similarity_bars(jaccard: NDArray[np.float64], threshold: float) -> tuple[int, ...]:
    """Count similarities for a histogram.

    Args:
        jaccard: Jaccard similarities, float64 of shape (n,).
        threshold: Lower edge of the first bar.

    Returns:
        Counts of `BARS` bars of equal width from the threshold to 1, then the count of exactly 1.

    >>> similarity_bars(np.array([0.8, 0.8, 0.999, 1.0]), 0.8)[::BARS // 2]
    (2, 0, 1)
    """
    below = jaccard[jaccard < 1]
    steps, _ = np.histogram(np.clip(below, threshold, 1), BARS, (min(threshold, 1 - 1e-9), 1))
    return (*steps.tolist(), int((jaccard == 1).sum()))


def pair_bars(out: Path, threshold: float) -> tuple[int, ...]:
    """Count the verified pairs in an output of `scan` by similarity; see `similarity_bars`.

    Args:
        out: An output folder of `scan`.
        threshold: Minimum Jaccard of a pair.

    Raises:
        DedupError: A table cannot be read.
    """
    bars = np.zeros(BARS + 1, np.int64)
    for table in read_tables(out / PAIRS_FILE, ["jaccard"]):
        bars += similarity_bars(table["jaccard"].to_numpy(), threshold)
    return tuple(bars.tolist())


def _read_keys(out: Path) -> dict[str, NDArray[Any]]:
    """Read the columns that define the groups, without texts, of all units removed in favour of a kept unit.

    Returns:
        The columns `_KEY_COLUMNS` as arrays of shape (removed units,), and ``row``, their rows in removed.parquet.
    """
    columns: dict[str, list[NDArray[Any]]] = {name: [] for name in (*_KEY_COLUMNS, "kept_containment", "row")}
    first = 0
    names = _KEY_COLUMNS
    if next(iter(read_schemas(out / REMOVED_FILE))).get_field_index("kept_containment") >= 0:
        names = [*names, "kept_containment"]
    for table in read_tables(out / REMOVED_FILE, names):
        has_kept = table["kept_start"].is_valid().to_numpy()
        for name in names:
            columns[name].append(_numbers(table[name])[has_kept])
        columns["row"].append(np.flatnonzero(has_kept) + first)
        first += table.num_rows
    keys = {name: np.concatenate(parts) for name, parts in columns.items() if parts}
    keys.setdefault("kept_containment", keys["jaccard"])
    _number_reference_units(out, keys)
    return keys


def _number_reference_units(out: Path, keys: dict[str, NDArray[Any]]) -> None:
    """Replace the missing document of a kept unit in a reference by a negative number that only this unit has."""
    named = sorted(  # by what they replace, since the rows of parts are in no order
        sorted((unit, place["doc"], place["start"], place["end"]) for place in places)
        for table in read_reference_units(out)
        for unit, places in zip(table["unit"].to_pylist(), table["removed"].to_pylist(), strict=True)
    )
    units = {place: _NO_NUMBER - len(named) + number for number, places in enumerate(named) for place in places}
    for row in np.flatnonzero(keys["kept_doc"] == _NO_NUMBER).tolist():
        unit = "paragraph" if keys["unit"][row] else "document"
        keys["kept_doc"][row] = units[unit, keys["doc"][row], keys["start"][row], keys["end"][row]]


def _numbers(column: pa.ChunkedArray) -> NDArray[Any]:
    """Convert a column to numbers: ``unit`` to 1 for paragraphs and 0 for documents, null to -1."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_string(column.type):
        column = pc.cast(pc.equal(column, "paragraph"), pa.int64())
    return np.asarray(pc.fill_null(column, _NO_NUMBER).to_numpy())


def _read_rows(out: Path, wanted: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Read rows of removed.parquet.

    Args:
        out: An output folder of `clean`.
        wanted: Row numbers, ascending.
    """
    rows: list[dict[str, Any]] = []
    first = 0
    for table in read_tables(out / REMOVED_FILE):
        in_table = wanted[(wanted >= first) & (wanted < first + table.num_rows)] - first
        rows += table.take(in_table).to_pylist()
        first += table.num_rows
    return rows


def _group(
    rows: Sequence[dict[str, Any]], kept_texts: KeptTexts, *, size: int, characters: int, similarity: float
) -> DuplicateGroup:
    members = tuple(
        RemovedUnit(UnitLocation(row["id"], row["doc"], row["start"], row["end"]), passage_of(row, kept_texts))
        for row in rows
    )
    reasons = {member.passage.reason for member in members}
    return DuplicateGroup(
        unit=str(rows[0]["unit"]),
        kept=UnitLocation(*(rows[0][f"kept_{name}"] for name in ("id", "doc", "start", "end"))),
        kept_text=members[0].passage.kept_text or "",
        members=members,
        size=size,
        characters=characters,
        reason=reasons.pop() if len(reasons) == 1 else "near",
        similarity=similarity,
    )
