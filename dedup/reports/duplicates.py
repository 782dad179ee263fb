"""What `clean` took out, gathered for reading: each kept unit with all that went for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.duplicates.explain import KeptTexts, Passage, passage_of
from dedup.outputs.reader import PAIRS, REMOVED, groups
from dedup.results import Place

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

# Bars from the threshold to 1; texts of exactly 1 have one more.
BARS = 20
_KEYS = ["doc", "unit", "cut_start", "cut_end", "kept_doc", "kept_start", "jaccard"]


@dataclass(frozen=True)
class Gone:
    """A unit that went, and the evidence."""

    place: Place
    passage: Passage


@dataclass(frozen=True)
class DuplicateGroup:
    """A kept unit and the units that went for it."""

    unit: str
    """"document" or "paragraph"."""
    kept: Place
    kept_text: str
    members: tuple[Gone, ...]
    """By document and place; the first of them, where there are too many."""
    size: int
    """How many there are."""
    characters: int
    """Code points that went with them all."""
    jaccard: float
    """The least similar of all."""


@dataclass(frozen=True)
class Duplicates:
    """The groups of a corpus."""

    groups: tuple[DuplicateGroup, ...]
    """Largest first; equals by rank."""
    count: int
    """How many there are."""
    passages: int
    """Units that went for another, in all groups."""
    bars: tuple[int, ...]
    """How many of these by Jaccard: steps from the threshold to 1, and last those of exactly 1."""


def find_duplicates(out: Path, threshold: float, passages: int) -> Duplicates:
    """Read the groups that `clean` left.

    Args:
        out: A folder that it wrote.
        threshold: Least Jaccard of what went.
        passages: How many removed units to give, those of the largest groups.

    Raises:
        DedupError: A table cannot be read.
    """
    keys = _keys(out)
    kinds = np.column_stack((keys["unit"], keys["kept_doc"], keys["kept_start"]))
    if not len(kinds):
        return Duplicates((), 0, 0, (0,) * (BARS + 1))
    found, which, sizes = np.unique(kinds, axis=0, return_inverse=True, return_counts=True)
    which = which.ravel()
    order = np.lexsort((found[:, 2], found[:, 1], found[:, 0], -sizes))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    listed = np.sort(np.argsort(place[which], kind="stable")[:passages])
    rows = _rows(out, keys["row"][listed])
    kept = KeptTexts.of(out, rows)
    members: dict[tuple[int, ...], list[dict[str, Any]]] = {}
    for row in rows:
        members.setdefault((int(row["unit"] == "paragraph"), row["kept_doc"], row["kept_start"]), []).append(row)
    lengths = np.bincount(which, keys["cut_end"] - keys["cut_start"], len(found)).astype(np.int64)
    least = np.ones(len(found))
    np.minimum.at(least, which, keys["jaccard"])
    return Duplicates(
        groups=tuple(
            _group(members[tuple(found[at].tolist())], kept, int(sizes[at]), int(lengths[at]), float(least[at]))
            for at in order[: len(members)].tolist()
        ),
        count=len(found),
        passages=len(kinds),
        bars=similarity_bars(keys["jaccard"], threshold),
    )


def similarity_bars(jaccard: NDArray[np.float64], threshold: float) -> tuple[int, ...]:
    """Count similarities by steps from the threshold to 1, and last those of exactly 1.

    >>> similarity_bars(np.array([0.8, 0.8, 0.999, 1.0]), 0.8)[::BARS // 2]
    (2, 0, 1)
    """
    below = jaccard[jaccard < 1]
    steps, _ = np.histogram(np.clip(below, threshold, 1), BARS, (min(threshold, 1 - 1e-9), 1))
    return (*steps.tolist(), int((jaccard == 1).sum()))


def pair_bars(out: Path, threshold: float) -> tuple[int, ...]:
    """Count the pairs that `scan` found by similarity; see `similarity_bars`.

    Args:
        out: A folder that it wrote.
        threshold: Least Jaccard of a pair.
    """
    bars = np.zeros(BARS + 1, np.int64)
    for table in groups(out / PAIRS, ["jaccard"]):
        bars += similarity_bars(table["jaccard"].to_numpy(), threshold)
    return tuple(bars.tolist())


def _keys(out: Path) -> dict[str, NDArray[Any]]:
    """Read what tells the groups apart, without texts: of the units that went for another, and their rows."""
    columns: dict[str, list[NDArray[Any]]] = {name: [] for name in (*_KEYS, "row")}
    first = 0
    for table in groups(out / REMOVED, _KEYS):
        real = table["kept_doc"].is_valid().to_numpy()
        for name in _KEYS:
            columns[name].append(_numbers(table[name])[real])
        columns["row"].append(np.flatnonzero(real) + first)
        first += table.num_rows
    return {name: np.concatenate(parts) for name, parts in columns.items()}


def _numbers(column: pa.ChunkedArray) -> NDArray[Any]:
    """Give a column as numbers: units by whether they are paragraphs, and nothing as 0."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_string(column.type):
        column = pc.cast(pc.equal(column, "paragraph"), pa.int64())
    return np.asarray(pc.fill_null(column, 0).to_numpy())


def _rows(out: Path, wanted: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Read some rows of the removed units, given by place, ascending."""
    found: list[dict[str, Any]] = []
    first = 0
    for table in groups(out / REMOVED):
        mine = wanted[(wanted >= first) & (wanted < first + table.num_rows)] - first
        found += table.take(mine).to_pylist()
        first += table.num_rows
    return found


def _group(
    rows: Sequence[dict[str, Any]], kept: KeptTexts, size: int, characters: int, jaccard: float
) -> DuplicateGroup:
    members = tuple(Gone(Place(row["id"], row["doc"], row["start"], row["end"]), passage_of(row, kept)) for row in rows)
    return DuplicateGroup(
        unit=str(rows[0]["unit"]),
        kept=Place(*(rows[0][f"kept_{name}"] for name in ("id", "doc", "start", "end"))),
        kept_text=members[0].passage.kept_text or "",
        members=members,
        size=size,
        characters=characters,
        jaccard=jaccard,
    )
