"""Detect duplicates: find candidate pairs, verify them, and select the units to keep."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates import queries
from dedup.duplicates.candidates import (
    Compared,
    NearRule,
    find_buckets,
    find_candidates,
    nothing_shared,
    oversized_members,
)
from dedup.duplicates.identical import find_copies, mark_oversized
from dedup.duplicates.select import Verdicts, attribute, nothing_removed, select_kept
from dedup.duplicates.sketches.shingle_sets import DocumentTexts, ShingleSets, ShingleSettings, collect_shingles
from dedup.duplicates.sketches.units import Units
from dedup.duplicates.verify import units_to_read, verify_pairs
from dedup.engine.base import Database, ResultColumns
from dedup.engine.duckdb import open_database
from dedup.kernels.estimate import most_mismatches
from dedup.kernels.select import OversizedBuckets
from dedup.runtime.workspace import Workspace
from dedup.settings import STANDARD_ERRORS

TextReader = Callable[[NDArray[np.int64]], Iterable[DocumentTexts]]
"""Takes ascending ranks of documents; returns batches in their order that contain their texts, and possibly others."""


@dataclass(frozen=True)
class Matching:
    """When two units are duplicates."""

    shingle: int
    """Tokens in a shingle."""
    threshold: float
    """Minimum Jaccard similarity."""
    permutations: int
    """Length of a signature."""
    within: bool = False
    """Compare only units of the same document."""
    near_within: bool = True
    """Whether units of the same document may be near-duplicates, not only token for token the same."""
    min_tokens: int = 0
    """Units of fewer tokens are removed only for units with the same tokens."""
    exact: bool = False
    """Whether units are duplicates only if all their characters are the same."""
    by_signs: bool = False
    """Whether each sign is a token."""
    ignore: tuple[str, ...] = ()
    """Patterns of text that is not compared."""

    @property
    def most_mismatches(self) -> int:
        """Positions in which the signatures of a candidate pair may differ."""
        return int(most_mismatches(self.threshold, self.permutations, STANDARD_ERRORS))


@dataclass(frozen=True)
class Detection:
    """The verdicts on units, and the verified pairs."""

    verdicts: Verdicts
    order: NDArray[np.int64]
    """Rows in keep order, shape (rows,): row of each unit number."""
    _near: NearRule
    _database: Database | None
    """None if there are no pairs."""

    def pairs(self) -> Iterator[ResultColumns]:
        """Yield the verified pairs in keep order: two unit numbers, shingles shared, shingles of each."""
        if self._database is None:
            return
        for columns in self._database.stream(queries.PAIRS_IN_ORDER):
            # A pair of copies, in another order, may not be allowed although that of their originals is.
            allowed = self._near.allows(self.order[columns[0]], self.order[columns[1]])
            yield columns if allowed.all() else tuple(column[allowed] for column in columns)


@contextmanager
def detect(
    units: Units,
    texts: TextReader,
    matching: Matching,
    workspace: Workspace,
    *,
    precedence: NDArray[np.int64] | None = None,
    compared: NDArray[np.bool_] | None = None,
    scope: NDArray[np.int64] | None = None,
    fixed: NDArray[np.bool_] | None = None,
) -> Iterator[Detection]:
    """Detect duplicates among units: the documents or the paragraphs of a corpus, or of a part of it.

    A verdict depends only on the connected component of the unit in the graph of pairs. A part that contains whole
    components therefore gets the same verdicts as in the whole corpus.

    Args:
        units: The units, in rank order.
        texts: Reads the texts of documents again.
        matching: When two units are duplicates.
        workspace: Temporary directory, memory and threads.
        precedence: Sort key of the keep order, shape (rows,): smaller values come first, equal values by row. None: by
            row.
        compared: Whether to compare each row, shape (rows,); None: all rows. Rows that are not compared are kept, and
            so are rows without tokens.
        scope: Only rows of an equal value are compared, shape (rows,); None: all.
        fixed: Whether each row is always kept, shape (rows,); such rows come before all others in keep order and are
            not compared with each other. Of fixed rows with the same token sequence only the first has pairs. None: no
            row.

    Yields:
        The verdicts and pairs; the pairs can be read until the context ends.
    """
    order, fixed_count = _keep_order(len(units), precedence, fixed)
    numbers = np.empty(order.size, np.int64)
    numbers[order] = np.arange(order.size)
    tokens, docs = units.column("tokens"), units.column("doc")
    wanted = (tokens > 0) if compared is None else compared & (tokens > 0)
    near = NearRule(
        units,
        apart=None if matching.near_within else docs,
        short=tokens < matching.min_tokens if matching.min_tokens > 1 else None,
    )
    scope = docs if matching.within else scope
    pairing = Compared(units, wanted, order, numbers, scope, fixed_count, near, workspace.memory)
    if wanted.sum() < 2 or not wanted[order[fixed_count:]].any() or nothing_shared(pairing):
        yield Detection(nothing_removed(len(units)), order, near, None)
        return
    folder = workspace.folder / "detect"
    folder.mkdir()
    database = open_database(folder, workspace.memory, workspace.workers)
    try:
        with workspace.step("find candidates"):
            wanted[order[find_copies(database, pairing)]] = False
            if matching.exact or (matching.within and not matching.near_within):
                wanted[:] = False  # only copies are duplicates
            find_buckets(database, pairing)
            mark_oversized(database)
            find_candidates(database, pairing, matching.most_mismatches)
            members, buckets = oversized_members(database)
            rows = np.sort(order[units_to_read(database, members)])
        with workspace.step("read candidates again", None, "documents"):
            batches = texts(np.unique(docs[rows]))
            how = ShingleSettings(matching.shingle, matching.by_signs, matching.exact, matching.ignore)
            sets = collect_shingles(batches, units, rows, how, folder, workspace.workers)
        with workspace.step("verify"):
            verify_pairs(database, sets, order, matching.threshold, workspace.workers)
            database.execute("DROP TABLE candidates")
        with workspace.step("select"):
            oversized = _oversized_buckets(members, buckets, pairing, sets, matching)
            kept = select_kept(database, order, oversized, sets, units.signature, workspace)
            verdicts = attribute(database, kept, order, docs)
            units.signature.release()
        yield Detection(verdicts, order, near, database)
    finally:
        database.close()
        shutil.rmtree(folder, ignore_errors=True)


def _keep_order(
    rows: int, precedence: NDArray[np.int64] | None, fixed: NDArray[np.bool_] | None
) -> tuple[NDArray[np.int64], int]:
    """Return the rows in keep order, shape (rows,), and the number of fixed rows."""
    if precedence is None and fixed is None:
        return np.arange(rows), 0
    if precedence is None:
        precedence = np.zeros(rows, np.int64)
    if fixed is None:
        return np.argsort(precedence, kind="stable"), 0
    # All fixed rows are kept, so that their order only decides which of several equal ones is named: the first.
    return np.lexsort((np.where(fixed, 0, precedence), ~fixed)), int(fixed.sum())


def _oversized_buckets(
    members: NDArray[np.int64], buckets: NDArray[np.int32], pairing: Compared, sets: ShingleSets, matching: Matching
) -> OversizedBuckets:
    """Return the units of oversized buckets with their buckets, shingle sets and signatures.

    Args:
        members: Unit of each membership, ascending, shape (memberships,).
        buckets: Bucket of each membership, numbered from 0, shape (memberships,).
        pairing: The units.
        sets: The shingle sets of the members.
        matching: When two units are duplicates.
    """
    units, first = np.unique(members, return_index=True)
    rows = pairing.order[units]
    apart, short = pairing.near.apart, pairing.near.short
    return OversizedBuckets(
        units=units,
        first=np.append(first, members.size).astype(np.int64),
        buckets=buckets,
        rows=rows,
        slots=sets.slots(rows),
        sets=sets.arrays(),
        signatures=pairing.units.signature.map(),
        threshold=matching.threshold,
        most_mismatches=matching.most_mismatches,
        fixed=pairing.fixed,
        apart=np.full(rows.size, -1, np.int64) if apart is None else apart[rows],
        short=np.zeros(rows.size, np.bool_) if short is None else short[rows],
        sequence=np.ascontiguousarray(pairing.units.look_up(rows, ["sequence"])["sequence"]),
    )
