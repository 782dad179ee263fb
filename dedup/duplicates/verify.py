"""Verify candidate pairs by their exact Jaccard similarity."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates import queries
from dedup.duplicates.sketches.shingle_sets import ShingleSets
from dedup.engine.base import Database
from dedup.kernels import jaccard
from dedup.kernels.hash_sets import SetArrays
from dedup.runtime.threads import map_in_order

# Pairs that a thread verifies at a time.
BATCH_PAIRS = 1 << 12


class _Candidates(NamedTuple):
    former: NDArray[np.int64]
    latter: NDArray[np.int64]


class _Verified(NamedTuple):
    former: NDArray[np.int64]
    latter: NDArray[np.int64]
    shared: NDArray[np.int64]
    """Shingles shared; -1 for pairs under the threshold."""
    former_size: NDArray[np.int64]
    latter_size: NDArray[np.int64]


def units_to_read(database: Database, oversized: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the units whose shingle sets are needed, ascending, shape (units,).

    Args:
        database: With ``candidates`` and ``copies``.
        oversized: Units of oversized buckets, shape (n,).
    """
    return np.union1d(database.fetch(queries.UNITS_TO_READ)[0], oversized)


def verify_pairs(
    database: Database, sets: ShingleSets, order: NDArray[np.int64], threshold: float, workers: int
) -> None:
    """Compare the candidate pairs exactly; create ``pairs`` of those that reach the threshold.

    Args:
        database: With ``candidates``.
        sets: The shingle sets of all units of candidates.
        order: Row of each unit number, shape (units,).
        threshold: Minimum Jaccard.
        workers: Threads.
    """
    database.execute(queries.CREATE_PAIRS)
    job = partial(_verify, sets=sets, arrays=sets.arrays(), order=order, threshold=threshold)
    for found in map_in_order(job, _batches(database), workers):
        reached = found.shared >= 0
        database.insert("pairs", **{name: column[reached] for name, column in found._asdict().items()})
        sets.hashes.release()


def _batches(database: Database) -> Iterator[_Candidates]:
    for former, latter in database.stream(queries.CANDIDATES_BY_LATTER):
        for first in range(0, former.size, BATCH_PAIRS):
            part = slice(first, first + BATCH_PAIRS)
            yield _Candidates(former[part], latter[part])


def _verify(
    pairs: _Candidates, sets: ShingleSets, arrays: SetArrays, order: NDArray[np.int64], threshold: float
) -> _Verified:
    left, right = sets.slots(order[pairs.former]), sets.slots(order[pairs.latter])
    shared = jaccard.verify(left, right, arrays, threshold)
    return _Verified(pairs.former, pairs.latter, shared, sets.sizes[left], sets.sizes[right])
