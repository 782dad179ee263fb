"""Select the kept units from the verified pairs, and find the most similar kept unit of each removed one.

The kept set is the lexicographically first maximal independent set of the graph of verified pairs in keep order. It is
unique, so the result does not depend on the order in which threads run.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates import queries
from dedup.duplicates.identical import add_pairs_of_copies, add_pairs_of_oversized_copies, removed_copies
from dedup.duplicates.sketches.shingle_sets import ShingleSets
from dedup.engine.base import Database
from dedup.kernels import attribute as attribution
from dedup.kernels import select as kernel
from dedup.kernels.hash_sets import make_table
from dedup.kernels.select import OversizedBuckets
from dedup.runtime.matrix_file import MatrixFile
from dedup.runtime.threads import map_in_order
from dedup.runtime.workspace import Workspace

# Number of removed units of oversized buckets for which a thread finds the most similar kept units at a time.
BATCH_UNITS = 4096
# Mapped shingle sets are released when a thread has read 1 / BUDGET_SHARE of the memory.
BUDGET_SHARE = 8


@dataclass(frozen=True)
class Verdicts:
    """The verdicts on units, by row of `dedup.duplicates.sketches.units.Units`."""

    kept: NDArray[np.bool_]
    """Whether each unit is kept, shape (rows,)."""
    removed: NDArray[np.int64]
    """Rows of the removed units, ascending, shape (removed,)."""
    keeper: NDArray[np.int64]
    """Row of the most similar kept unit of each removed unit, shape (removed,)."""
    jaccard: NDArray[np.float64]
    """Jaccard similarity of each removed unit and its kept unit, shape (removed,)."""
    containment: NDArray[np.float64]
    """Share of the shingles of each removed unit that its kept unit has, shape (removed,)."""


def nothing_removed(rows: int) -> Verdicts:
    """Return the verdicts on units that are not compared: all are kept.

    >>> nothing_removed(2).kept.tolist()
    [True, True]
    """
    no_rows = np.empty(0, np.int64)
    return Verdicts(np.ones(rows, np.bool_), no_rows, no_rows, np.empty(0), np.empty(0))


def join_verdicts(left: Verdicts, right: Verdicts) -> Verdicts:
    """Return the verdicts on units of which each was compared at most once, in two comparisons."""
    removed = np.concatenate((left.removed, right.removed))
    order = np.argsort(removed)
    joined = {
        name: np.concatenate((getattr(left, name), getattr(right, name)))[order]
        for name in ("keeper", "jaccard", "containment")
    }
    return Verdicts(kept=left.kept & right.kept, removed=removed[order], **joined)


def select_kept(
    database: Database,
    order: NDArray[np.int64],
    oversized: OversizedBuckets,
    sets: ShingleSets,
    signatures: MatrixFile,
    workspace: Workspace,
) -> NDArray[np.bool_]:
    """Select the kept units, and add the pairs of copies and of oversized buckets to ``pairs``.

    Args:
        database: With ``pairs`` and ``copies``.
        order: Row of each unit number, shape (units,).
        oversized: The units of oversized buckets.
        sets: The shingle sets.
        signatures: Low 8 bits of the signatures, by row.
        workspace: Memory and threads.

    Returns:
        Whether each unit is kept, shape (units,).
    """
    kept = np.ones(order.size, np.bool_)
    kept[removed_copies(database)] = False
    chains = kernel.make_chains(oversized)
    table = make_table(sets.largest)
    budget = workspace.memory // BUDGET_SHARE
    row = 0

    def apply(former: NDArray[np.int64], latter: NDArray[np.int64], until: int) -> None:
        """Apply pairs and decide the units of oversized buckets before a unit; release pages within the budget."""
        nonlocal row
        while True:
            applied, row = kernel.select(kept, former, latter, oversized, chains, row, until, table, budget)
            former, latter = former[applied:], latter[applied:]
            if chains.fresh[0] <= budget:
                return
            sets.hashes.release()
            signatures.release()
            chains.touched[:] = False
            chains.fresh[0] = 0

    for former, latter in database.stream(queries.PAIRS_BY_LATTER):
        apply(former, latter, 0)
    no_units = np.empty(0, np.int64)
    apply(no_units, no_units, order.size)
    kept_members = attribution.find_kept_members(oversized, chains, kept)
    _add_oversized_pairs(database, oversized, kept_members, kept, sets, workspace)
    add_pairs_of_copies(database)
    add_pairs_of_oversized_copies(database, kept, order, sets)
    return kept


def _add_oversized_pairs(
    database: Database,
    oversized: OversizedBuckets,
    kept_members: attribution.KeptMembers,
    kept: NDArray[np.bool_],
    sets: ShingleSets,
    workspace: Workspace,
) -> None:
    """Add the pairs of each removed unit of an oversized bucket with its most similar kept members."""
    if not oversized.units.size:
        return
    sizes = sets.sizes[oversized.slots]
    budget = workspace.memory // BUDGET_SHARE
    job = partial(_attribute, oversized=oversized, kept_members=kept_members, sets=sets, budget=budget)
    removed = np.flatnonzero(~kept[oversized.units])
    # Units of the same bucket follow each other, since they are compared with the same kept units.
    removed = removed[np.argsort(oversized.buckets[oversized.first[removed]], kind="stable")]
    batches = (removed[first : first + BATCH_UNITS] for first in range(0, removed.size, BATCH_UNITS))
    database.execute(queries.CREATE_OVERSIZED_PAIRS)
    for found in map_in_order(job, batches, workspace.workers):
        left, right, shared = found.T
        earlier = oversized.units[left] < oversized.units[right]
        left, right = np.where(earlier, left, right), np.where(earlier, right, left)
        database.insert(
            "oversized_pairs",
            former=oversized.units[left],
            latter=oversized.units[right],
            shared=np.ascontiguousarray(shared),
            former_size=sizes[left],
            latter_size=sizes[right],
        )
        sets.hashes.release()
    database.execute(queries.ADD_OVERSIZED_PAIRS)


def _attribute(
    rows: NDArray[np.int64],
    oversized: OversizedBuckets,
    kept_members: attribution.KeptMembers,
    sets: ShingleSets,
    budget: int,
) -> NDArray[np.int64]:
    """Return the pairs of removed units with their most similar kept members; keep to the budget."""
    parts = []
    while rows.size:
        found, done = attribution.attribute(oversized, kept_members, rows, sets.largest, budget)
        parts.append(found)
        rows = rows[done:]
        sets.hashes.release()
    return np.concatenate(parts)


def attribute(
    database: Database, kept: NDArray[np.bool_], order: NDArray[np.int64], docs: NDArray[np.int64]
) -> Verdicts:
    """Find the most similar kept unit of each removed unit (ties: same document, then lowest rank).

    Args:
        database: With ``pairs``.
        kept: Whether each unit is kept, shape (units,).
        order: Row of each unit number, shape (units,); rows are in rank order.
        docs: Document of each row, shape (rows,).

    Returns:
        The verdicts, by row.
    """
    removed = np.flatnonzero(~kept)
    place = np.zeros(kept.size, np.int64)
    place[removed] = np.arange(removed.size)
    best = attribution.Best(np.full(removed.size, -1, np.int64), *(np.zeros(removed.size, np.int64) for _ in range(3)))
    for pairs in database.stream(queries.ALL_PAIRS):
        attribution.choose(kept, place, np.column_stack(pairs), order, docs[order], best)
    by_row = np.argsort(order[removed])
    kept_rows = np.ones(docs.size, np.bool_)
    kept_rows[order[removed]] = False
    return Verdicts(
        kept=kept_rows,
        removed=order[removed][by_row],
        keeper=order[best.keeper][by_row],
        jaccard=(best.shared / best.union)[by_row],
        containment=(best.shared / best.size)[by_row],
    )
