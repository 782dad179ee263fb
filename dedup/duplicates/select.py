"""Pairs to verdicts: who is kept, who is removed, and for whom.

The kept set is the lexicographically first maximal independent set of the graph of verified pairs in keep
order. It is unique, so the answer depends on no schedule.
"""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates.identical import add_crowded_copies, add_twins, find_known
from dedup.duplicates.shingle_sets import ShingleSets
from dedup.engine.duckdb import insert, stream
from dedup.kernels import attribute as attribution
from dedup.kernels import select as kernel
from dedup.kernels.estimate import most_mismatches
from dedup.kernels.hash_sets import make_table
from dedup.runtime.matrix_file import Spool
from dedup.runtime.threads import in_order

if TYPE_CHECKING:
    import duckdb

# Units of the crowd that one thread attributes at a time.
SHARE = 4096
# What part of the memory the sets that a thread looks at may hold before their pages are given back.
PART = 8


@dataclass(frozen=True)
class Verdicts:
    """What was decided of some units, by row of `dedup.duplicates.units.Units`."""

    kept: NDArray[np.bool_]
    """Whether each stays, shape (rows,)."""
    removed: NDArray[np.int64]
    """Rows that go, ascending, shape (removed,)."""
    keeper: NDArray[np.int64]
    """Row of the most similar kept unit of each, likewise."""
    jaccard: NDArray[np.float64]
    """Similarity to it, likewise."""
    containment: NDArray[np.float64]
    """Share of the removed unit's shingles that it has, likewise."""


def nothing_removed(rows: int) -> Verdicts:
    """Give the verdicts on units that are not judged.

    >>> nothing_removed(2).kept.tolist()
    [True, True]
    """
    nobody = np.empty(0, np.int64)
    return Verdicts(np.ones(rows, np.bool_), nobody, nobody, np.empty(0), np.empty(0))


def make_crowd(
    units: NDArray[np.int64],
    buckets: NDArray[np.int32],
    rows: NDArray[np.int64],
    sets: ShingleSets,
    signatures: Spool,
    permutations: int,
    threshold: float,
    standard_errors: float,
) -> kernel.OversizedBuckets:
    """Gather what it takes to compare the members of crowded buckets.

    Args:
        units: Unit of each membership, ascending.
        buckets: Bucket of each, numbered from 0.
        rows: Row of each unit number, shape (units,).
        sets: The shingle sets of all of them.
        signatures: Low 8 bits of the signatures, by row.
        permutations: Length of a signature.
        threshold: Least Jaccard.
        standard_errors: How far an estimate may fall short of it.
    """
    members, first = np.unique(units, return_index=True)
    return kernel.OversizedBuckets(
        units=members,
        first=np.append(first, units.size).astype(np.int64),
        buckets=buckets,
        rows=rows[members],
        slots=sets.slots(rows[members]),
        starts=sets.starts,
        sizes=sets.sizes,
        hashes=sets.hashes.map().reshape(-1),
        signatures=signatures.map(),
        permutations=permutations,
        threshold=threshold,
        standard_errors=standard_errors,
        most=most_mismatches(threshold, permutations, standard_errors),
    )


def decide(
    database: "duckdb.DuckDBPyConnection",
    rows: NDArray[np.int64],
    crowd: kernel.OversizedBuckets,
    sets: ShingleSets,
    signatures: Spool,
    memory: int,
    workers: int,
) -> NDArray[np.bool_]:
    """Decide who is kept, and add the pairs of crowded buckets to ``pairs``.

    Args:
        database: With ``pairs`` and ``copies``.
        rows: Row of each unit number, shape (units,).
        crowd: Members of crowded buckets.
        sets: The shingle sets.
        signatures: Low 8 bits of the signatures, by row.
        memory: Bytes that may be taken.
        workers: Threads.

    Returns:
        Whether each unit is kept, shape (units,).
    """
    kept = np.ones(rows.size, np.bool_)
    kept[find_known(database)] = False
    chains = kernel.make_chains(crowd)
    table = make_table(sets.largest)
    budget = memory // PART
    row = 0

    def apply(former: NDArray[np.int64], latter: NDArray[np.int64], until: int) -> None:
        """Apply pairs and settle the crowd up to a unit, giving pages back whenever the budget is spent."""
        nonlocal row
        while True:
            applied, row = kernel.decide(kept, former, latter, crowd, chains, row, until, table, budget)
            former, latter = former[applied:], latter[applied:]
            if chains.fresh[0] <= budget:
                return
            sets.hashes.release()
            signatures.release()
            chains.touched[:] = False
            chains.fresh[0] = 0

    for former, latter in stream(database, "SELECT former, latter FROM pairs ORDER BY latter, former"):
        apply(former, latter, 0)
    nothing = np.empty(0, np.int64)
    apply(nothing, nothing, rows.size)
    _add_crowded_pairs(database, crowd, chains, kept, sets, workers, budget)
    add_twins(database)
    add_crowded_copies(database, kept, rows, sets)
    return kept


def _add_crowded_pairs(
    database: "duckdb.DuckDBPyConnection",
    crowd: kernel.OversizedBuckets,
    chains: kernel.Chains,
    kept: NDArray[np.bool_],
    sets: ShingleSets,
    workers: int,
    budget: int,
) -> None:
    """Add for each removed unit of the crowd the pairs with its most similar kept ones there."""
    if not crowd.units.size:
        return
    sizes = sets.sizes[crowd.slots]
    stayed = attribution.find_stayed(crowd, chains, kept)
    job = partial(_attribute, crowd=crowd, stayed=stayed, sets=sets, budget=budget)
    gone = np.flatnonzero(~kept[crowd.units])
    # Those that share a bucket one after another, since they are compared with the same kept ones.
    gone = gone[np.argsort(crowd.buckets[crowd.first[gone]], kind="stable")]
    shares = (gone[first : first + SHARE] for first in range(0, gone.size, SHARE))
    database.execute("CREATE OR REPLACE TABLE crowded AS SELECT * FROM pairs LIMIT 0")
    for found in in_order(job, shares, workers):
        a, b, shared = found.T
        earlier = crowd.units[a] < crowd.units[b]
        a, b = np.where(earlier, a, b), np.where(earlier, b, a)
        insert(
            database,
            "crowded",
            former=crowd.units[a],
            latter=crowd.units[b],
            shared=np.ascontiguousarray(shared),
            former_size=sizes[a],
            latter_size=sizes[b],
        )
        sets.hashes.release()
    # A pair may have shared a small bucket too.
    database.execute(
        """
        INSERT INTO pairs SELECT crowded.* FROM crowded LEFT JOIN pairs
        ON crowded.former = pairs.former AND crowded.latter = pairs.latter WHERE pairs.former IS NULL
        """
    )


def _attribute(
    rows: NDArray[np.int64], crowd: kernel.OversizedBuckets, stayed: attribution.Stayed, sets: ShingleSets, budget: int
) -> NDArray[np.int64]:
    parts = []
    while rows.size:
        found, done = attribution.attribute(crowd, stayed, rows, sets.largest, budget)
        parts.append(found)
        rows = rows[done:]
        sets.hashes.release()
    return np.concatenate(parts)


def attribute(
    database: "duckdb.DuckDBPyConnection",
    kept: NDArray[np.bool_],
    rows: NDArray[np.int64],
    docs: NDArray[np.int64],
) -> Verdicts:
    """Name for each removed unit its most similar kept one (ties: same document, then lowest rank).

    Args:
        database: With ``pairs``.
        kept: Whether each unit stays, shape (units,).
        rows: Row of each unit number, likewise; rows are in rank order.
        docs: Document of each row, shape (rows,).
    """
    gone = np.flatnonzero(~kept)
    place = np.zeros(kept.size, np.int64)
    place[gone] = np.arange(gone.size)
    choice = attribution.Choice(np.full(gone.size, -1, np.int64), *(np.zeros(gone.size, np.int64) for _ in range(3)))
    for pairs in stream(database, "SELECT former, latter, shared, former_size, latter_size FROM pairs"):
        attribution.choose(kept, place, np.column_stack(pairs), rows, docs[rows], choice)
    order = np.argsort(rows[gone])
    stays = np.ones(docs.size, np.bool_)
    stays[rows[gone]] = False
    return Verdicts(
        kept=stays,
        removed=rows[gone][order],
        keeper=rows[choice.keeper][order],
        jaccard=(choice.shared / choice.union)[order],
        containment=(choice.shared / choice.size)[order],
    )
