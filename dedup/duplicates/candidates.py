"""Bands to pairs: which units share a bucket (in SQL, so that a cluster can run the same plan).

A bucket of more than CROWD units is crowded, and its members are the crowd. Two units of the crowd are not
paired: each is compared with the kept ones only, when its turn comes (`dedup.duplicates.select`).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.engine.duckdb import fetch, insert, stream
from dedup.kernels.counting_filter import count_keys, repeated, salt
from dedup.kernels.estimate import may_match
from dedup.runtime.matrix_file import Spool

if TYPE_CHECKING:
    import duckdb

# A bucket of more units is crowded.
CROWD = 64
# Most bytes of the counting filter, as a share of the memory.
FILTER_SHARE = 8
# Candidates that are estimated before the pages of signatures they touched are given back.
SHARE = 1 << 11


def find_buckets(
    database: "duckdb.DuckDBPyConnection",
    keys: Spool,
    wanted: NDArray[np.bool_],
    docs: NDArray[np.int64] | None,
    units: NDArray[np.int64],
    memory: int,
) -> None:
    """Group units by band key into buckets of two and more.

    A unit counts for its copies too. Leaves the tables ``members (key, unit, crowded)``, of those buckets, and
    ``crowd (unit)``.

    Args:
        database: Where to group, with ``copies``.
        keys: Band keys of each row, shape (rows, bands).
        wanted: Rows that are compared, shape (rows,).
        docs: Document of each row, if only units of one document are alike; else None.
        units: Number of each row's unit in keep order, shape (rows,).
        memory: Bytes the filter may take a share of.
    """
    load_repeated(database, "keys", keys, wanted, docs, units, int(wanted.sum()) * keys.width, memory)
    database.execute(
        """
        CREATE OR REPLACE TABLE buckets AS
        SELECT key, count(*) + coalesce(sum(copied), 0) AS size
        FROM keys LEFT JOIN (SELECT original, count(*) AS copied FROM copies GROUP BY original) AS originals
        ON keys.unit = original
        GROUP BY key HAVING count(*) > 1
        """
    )
    database.execute(
        f"""
        CREATE OR REPLACE TABLE crowd AS
        SELECT DISTINCT unit FROM keys JOIN buckets ON keys.key = buckets.key WHERE size > {CROWD}
        """  # noqa: S608 - a number of ours
    )
    database.execute(
        """
        CREATE OR REPLACE TABLE members AS
        SELECT keys.key, keys.unit, crowd.unit IS NOT NULL AS crowded
        FROM keys JOIN buckets ON keys.key = buckets.key LEFT JOIN crowd ON keys.unit = crowd.unit
        """
    )
    for table in ("keys", "buckets"):
        database.execute(f"DROP TABLE {table}")


def find_candidates(
    database: "duckdb.DuckDBPyConnection",
    signatures: Spool,
    rows: NDArray[np.int64],
    most: int,
) -> None:
    """Pair the units of each bucket, but for two of the crowd, and drop the pairs whose estimate is too low.

    A copy is paired with its original.

    Leaves a table ``candidates (former, latter)`` of unit numbers.

    Args:
        database: With ``members`` and ``copies``.
        signatures: Low 8 bits of the signatures, by row.
        rows: Row of each unit number, shape (units,).
        most: Places in which signatures may differ.
    """
    database.execute(
        """
        CREATE OR REPLACE TABLE candidates AS
        SELECT original AS former, unit AS latter FROM copies WHERE NOT crowded
        """
    )
    pairs = """
        SELECT DISTINCT least(l.unit, r.unit) AS former, greatest(l.unit, r.unit) AS latter
        FROM members AS l JOIN members AS r ON l.key = r.key
        WHERE NOT l.crowded AND l.unit <> r.unit AND (r.crowded OR l.unit < r.unit)
        """
    mapped = signatures.map()
    for former, latter in stream(database, pairs):
        keep = np.empty(former.size, np.bool_)
        for first in range(0, former.size, SHARE):
            part = slice(first, first + SHARE)
            keep[part] = may_match(mapped, rows[former[part]], rows[latter[part]], most)
            signatures.release()
        insert(database, "candidates", former=former[keep], latter=latter[keep])


def crowded(
    database: "duckdb.DuckDBPyConnection",
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """List the memberships of the crowd by unit: units, and buckets numbered from 0."""
    units, buckets = fetch(
        database,
        """
        SELECT unit, CAST(dense_rank() OVER (ORDER BY key) - 1 AS INTEGER) AS bucket FROM members WHERE crowded
        ORDER BY unit, bucket
        """,
        columns=2,
    )
    return units, buckets.astype(np.int32, copy=False)


def load_repeated(
    database: "duckdb.DuckDBPyConnection",
    table: str,
    keys: Spool | list[tuple[int, NDArray[np.uint64]]],
    wanted: NDArray[np.bool_],
    docs: NDArray[np.int64] | None,
    units: NDArray[np.int64],
    expected: int,
    memory: int,
) -> None:
    """Make a table (key, unit) of the keys that occur more than once."""
    slots = min(max(64, 8 * expected), 4 * memory // FILTER_SHARE)
    counts = np.zeros(1 << max(0, (slots // 4).bit_length() - 1), np.uint8)
    for first, chunk in _salted(keys, docs):
        count_keys(chunk, wanted[first : first + len(chunk)], counts)
    database.execute(f"CREATE OR REPLACE TABLE {table} (key BIGINT, unit BIGINT)")
    for first, chunk in _salted(keys, docs):
        again, rows = repeated(chunk, wanted[first : first + len(chunk)], counts)
        insert(database, table, key=again.view(np.int64), unit=units[first + rows])


def _salted(
    keys: Spool | list[tuple[int, NDArray[np.uint64]]], docs: NDArray[np.int64] | None
) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    for first, chunk in keys.chunks() if isinstance(keys, Spool) else keys:
        if docs is not None:
            chunk = chunk.copy()
            salt(chunk, docs[first : first + len(chunk)])
        yield first, chunk
