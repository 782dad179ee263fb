"""Find candidate pairs: units that share a bucket, whose estimated similarity may reach the threshold.

A bucket of more than `LARGEST_BUCKET` units is oversized. Two units of oversized buckets are not a candidate pair: each
is compared later, only with the kept units of its buckets (`dedup.duplicates.select`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates import queries
from dedup.duplicates.sketches.units import Units
from dedup.engine.base import Database
from dedup.kernels.counting_filter import count_keys, repeated, salt
from dedup.kernels.estimate import may_match
from dedup.runtime.ordered import distinct

# Maximum number of units in a bucket that is not oversized.
LARGEST_BUCKET = 64
# The counting filter takes at most 1 / FILTER_SHARE of the memory.
FILTER_SHARE = 8
# Maximum number of keys that are compared in memory before any table is made.
FEW_KEYS = 1 << 16
# Candidates estimated before the mapped pages of their signatures are released.
ESTIMATE_ROWS = 1 << 11

KeyChunk = tuple[int, NDArray[np.uint64]]
"""Number of the first row, and keys, uint64 of shape (rows, keys per row)."""


@dataclass(frozen=True)
class Compared:
    """Which units are compared, and in which order."""

    units: Units
    """The units of a corpus, or of a part of it."""
    wanted: NDArray[np.bool_]
    """Whether each row is compared, shape (rows,)."""
    order: NDArray[np.int64]
    """Rows in keep order, shape (rows,): row of each unit number."""
    numbers: NDArray[np.int64]
    """Unit number of each row, shape (rows,): the inverse of ``order``."""
    scope: NDArray[np.int64] | None
    """Only units of an equal value are compared, shape (rows,); None: all."""
    fixed: int
    """Number of units that are always kept; they come first in keep order."""
    near: "NearRule"
    """Which of them may be near-duplicates."""
    memory: int
    """Bytes that may be used."""


@dataclass(frozen=True)
class NearRule:
    """Which pairs may be near-duplicates; two units with the same tokens are always duplicates."""

    units: Units
    """The units."""
    apart: NDArray[np.int64] | None = None
    """Units of an equal value are never near-duplicates of each other, shape (rows,); None: all may be."""
    short: NDArray[np.bool_] | None = None
    """Whether each row is removed only for a unit with the same tokens, shape (rows,); None: no row."""

    def allows(self, former: NDArray[np.int64], latter: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether the latter unit of each pair may be removed for the former, if it is similar enough.

        Args:
            former: Rows of the earlier units, shape (n,).
            latter: Rows of the later units, shape (n,).
        """
        allowed = np.ones(former.size, np.bool_)
        if self.apart is not None:
            allowed &= self.apart[former] != self.apart[latter]
        if self.short is not None:
            allowed &= ~self.short[latter]
        others = np.flatnonzero(~allowed)
        if others.size:
            left, right = (self.units.look_up(rows[others], ["sequence"])["sequence"] for rows in (former, latter))
            allowed[others] = left == right
        return allowed


def nothing_shared(compared: Compared) -> bool:
    """Return whether there are few units, and no two of them share a token sequence or a band key.

    Then nothing is removed and no tables are needed, which take longer to make than the rest of a small run.

    Args:
        compared: The units.
    """
    keys, sequences = compared.units.keys, compared.units.column("sequence").reshape(-1, 1)
    if int(compared.wanted.sum()) * (keys.width or 1) > FEW_KEYS:
        return False
    for chunks in ([(0, sequences)], keys.chunks()):
        wanted = [chunk[compared.wanted[first:][: len(chunk)]] for first, chunk in _salted(chunks, compared.scope)]
        values = np.concatenate([chunk.ravel() for chunk in wanted])
        if distinct(values).size < values.size:
            return False
    return True


def find_buckets(database: Database, compared: Compared) -> None:
    """Group units by band key into buckets of two or more.

    Reads ``copies``; creates ``members`` and ``oversized``.

    Args:
        database: The tables.
        compared: The units.
    """
    keys = compared.units.keys
    load_repeated(database, "keys", keys.chunks, compared, int(compared.wanted.sum()) * (keys.width or 1))
    database.execute(queries.CREATE_BUCKETS)
    if compared.near.apart is not None:
        _compare_copies_apart(database, compared.near.apart, compared.order)
    database.execute(queries.create_oversized(LARGEST_BUCKET))
    database.execute(queries.CREATE_MEMBERS)
    for table in ("keys", "buckets"):
        database.execute(f"DROP TABLE {table}")


def _compare_copies_apart(database: Database, apart: NDArray[np.int64], order: NDArray[np.int64]) -> None:
    """Compare copies on their own if their near-duplicates may differ from those of their original.

    That is the case if the bucket of the original contains other units that cannot be near-duplicates of it because of
    `NearRule.apart`. The copies join the buckets of their originals.

    Args:
        database: With ``keys``, ``buckets`` and ``copies``.
        apart: As in `NearRule`.
        order: Row of each unit number, shape (units,).
    """
    if not database.fetch(queries.COPIES)[0].size:
        return
    database.execute(queries.CREATE_BUCKET_UNITS)
    (units,) = database.fetch(queries.BUCKET_UNITS)
    database.execute(queries.CREATE_GROUPS)
    database.insert("groups", unit=units, apart=apart[order[units]])
    for query in queries.COMPARE_COPIES_APART:
        database.execute(query)
    database.execute(queries.CREATE_BUCKETS)


def find_candidates(database: Database, compared: Compared, most_mismatches: int) -> None:
    """Pair the units of each bucket, and drop pairs whose estimate is too low; pair copies with their originals.

    Reads ``members`` and ``copies``; creates ``candidates``.

    Args:
        database: The tables.
        compared: The units.
        most_mismatches: Positions in which the signatures of a candidate may differ.
    """
    database.execute(queries.CREATE_CANDIDATES)
    signatures, order = compared.units.signature, compared.order
    mapped = signatures.map()
    for former, latter in database.stream(queries.bucket_pairs(compared.fixed)):
        keep = compared.near.allows(order[former], order[latter])
        for first in range(0, former.size, ESTIMATE_ROWS):
            part = slice(first, first + ESTIMATE_ROWS)
            keep[part] &= may_match(mapped, order[former[part]], order[latter[part]], most_mismatches)
            signatures.release()
        database.insert("candidates", former=former[keep], latter=latter[keep])


def oversized_members(database: Database) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return units and buckets, numbered from 0, of the memberships in oversized buckets, by unit; shape (n,) each."""
    units, buckets = database.fetch(queries.OVERSIZED_MEMBERS, columns=2)
    return units, buckets.astype(np.int32, copy=False)


def load_repeated(
    database: Database, table: str, read: Callable[[], Iterable[KeyChunk]], compared: Compared, expected: int
) -> None:
    """Create a table (key, unit) of the keys that occur more than once.

    A counting filter drops most keys that occur once, so that they need no sorting.

    Args:
        database: The tables.
        table: Name of the table.
        read: Reads the keys from the start; called twice.
        compared: The units.
        expected: Number of keys.
    """
    slots = min(max(64, 8 * expected), 4 * compared.memory // FILTER_SHARE)
    counts = np.zeros(1 << max(0, (slots // 4).bit_length() - 1), np.uint8)
    for first, chunk in _salted(read(), compared.scope):
        count_keys(chunk, compared.wanted[first : first + len(chunk)], counts)
    database.execute(queries.create_keys(table))
    for first, chunk in _salted(read(), compared.scope):
        keys, rows = repeated(chunk, compared.wanted[first : first + len(chunk)], counts)
        database.insert(table, key=keys.view(np.int64), unit=compared.numbers[first + rows])


def _salted(chunks: Iterable[KeyChunk], scope: NDArray[np.int64] | None) -> Iterator[KeyChunk]:
    """Make keys of units that are not compared differ."""
    for first, chunk in chunks:
        if scope is None:
            yield first, chunk
        else:
            salted = chunk.copy()
            salt(salted, scope[first : first + len(chunk)])
            yield first, salted
