"""Candidates to verified pairs: exact Jaccard over shingle sets."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates.shingle_sets import ShingleSets
from dedup.engine.duckdb import fetch, insert, stream
from dedup.kernels import jaccard as compare
from dedup.runtime.threads import in_order

if TYPE_CHECKING:
    import duckdb

# Pairs that one thread takes at a time.
SHARE = 1 << 12


def units_to_read(database: "duckdb.DuckDBPyConnection", crowd: NDArray[np.int64]) -> NDArray[np.int64]:
    """List the units whose shingle sets are needed, ascending.

    Args:
        database: With ``candidates (former, latter)`` and ``copies (unit, original)``.
        crowd: Units in crowded buckets.
    """
    (units,) = fetch(
        database,
        "SELECT former FROM candidates UNION SELECT latter FROM candidates UNION SELECT original FROM copies",
    )
    return np.union1d(units, crowd)


def verify_pairs(
    database: "duckdb.DuckDBPyConnection",
    sets: ShingleSets,
    rows: NDArray[np.int64],
    threshold: float,
    workers: int,
) -> None:
    """Compare the candidates exactly.

    Leaves a table ``pairs (former, latter, shared, former_size, latter_size)`` of those at the threshold.

    Args:
        database: With ``candidates (former, latter)``.
        sets: The shingle sets of all that are in a candidate.
        rows: Row of each unit number, shape (units,).
        threshold: Least Jaccard.
        workers: Threads.
    """
    database.execute(
        """
        CREATE OR REPLACE TABLE pairs
        (former BIGINT, latter BIGINT, shared BIGINT, former_size BIGINT, latter_size BIGINT)
        """
    )
    hashes = sets.hashes.map().reshape(-1)
    sizes = sets.sizes

    def shares() -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        for former, latter in stream(database, "SELECT former, latter FROM candidates ORDER BY latter, former"):
            for first in range(0, former.size, SHARE):
                yield former[first : first + SHARE], latter[first : first + SHARE]

    job = partial(_verify, sets=sets, hashes=hashes, rows=rows, threshold=threshold)
    for former, latter, left, right, counts in in_order(job, shares(), workers):
        good = counts >= 0
        insert(
            database,
            "pairs",
            former=former[good],
            latter=latter[good],
            shared=counts[good],
            former_size=sizes[left[good]],
            latter_size=sizes[right[good]],
        )
        sets.hashes.release()


def _verify(
    share: tuple[NDArray[np.int64], NDArray[np.int64]],
    sets: ShingleSets,
    hashes: NDArray[np.uint64],
    rows: NDArray[np.int64],
    threshold: float,
) -> tuple[NDArray[np.int64], ...]:
    former, latter = share
    left, right = sets.slots(rows[former]), sets.slots(rows[latter])
    return former, latter, left, right, compare.verify(left, right, sets.starts, sets.sizes, hashes, threshold)
