"""Units with one and the same token sequence: compared as one, and paired as many.

All but the earliest are copies of it, the original, and go into no bucket: what resembles the original resembles
them. Up to CROWD copies of one original are compared with it; more than that, and those of an original in the crowd,
are known by their sequence.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates import candidates
from dedup.duplicates.shingle_sets import ShingleSets
from dedup.engine.duckdb import fetch, insert

if TYPE_CHECKING:
    import duckdb


def find_copies(
    database: "duckdb.DuckDBPyConnection",
    sequences: NDArray[np.int64],
    wanted: NDArray[np.bool_],
    docs: NDArray[np.int64] | None,
    units: NDArray[np.int64],
    memory: int,
) -> NDArray[np.int64]:
    """Find the units whose token sequence others share, all but the earliest.

    Leaves a table ``copies (unit, original, crowded)``.

    Args:
        database: Where to group.
        sequences: Hash of the token sequence of each row, shape (rows,).
        wanted: Rows that are compared, likewise.
        docs: Document of each row, if only units of one document are alike; else None.
        units: Number of each row's unit in keep order, likewise.
        memory: Bytes the filter may take a share of.

    Returns:
        The units of the copies, ascending.
    """
    keys = np.ascontiguousarray(sequences).view(np.uint64).reshape(-1, 1)
    candidates.load_repeated(database, "sequences", [(0, keys)], wanted, docs, units, int(wanted.sum()), memory)
    database.execute(
        f"""
        CREATE OR REPLACE TABLE copies AS
        SELECT unit, original, size > {candidates.CROWD} AS crowded FROM sequences JOIN (
            SELECT key, min(unit) AS original, count(*) AS size FROM sequences GROUP BY key HAVING count(*) > 1
        ) AS groups ON sequences.key = groups.key
        WHERE unit <> original
        """  # noqa: S608 - a number of ours
    )
    database.execute("DROP TABLE sequences")
    return fetch(database, "SELECT unit FROM copies ORDER BY unit")[0]


def mark_crowded(database: "duckdb.DuckDBPyConnection") -> None:
    """Let the copies of the crowd be known by their sequence too.

    Args:
        database: With ``copies`` and ``crowd``.
    """
    database.execute(
        """
        CREATE OR REPLACE TABLE copies AS
        SELECT copies.unit, original, crowded OR crowd.unit IS NOT NULL AS crowded
        FROM copies LEFT JOIN crowd ON original = crowd.unit
        """
    )


def find_known(database: "duckdb.DuckDBPyConnection") -> NDArray[np.int64]:
    """List the copies: each goes, if not for its original, then for what that goes for.

    Leaves a table ``twins (unit, original, size)`` of those that were compared and found alike.

    Args:
        database: With ``copies`` and ``pairs``.
    """
    database.execute(
        """
        CREATE OR REPLACE TABLE twins AS
        SELECT unit, original, shared AS size FROM copies JOIN pairs ON former = original AND latter = unit
        WHERE NOT crowded AND shared = former_size AND shared = latter_size
        """
    )
    return fetch(database, "SELECT unit FROM twins UNION ALL SELECT unit FROM copies WHERE crowded")[0]


def add_twins(database: "duckdb.DuckDBPyConnection") -> None:
    """Pair the copies of an original with each other, and with all that it is paired with."""
    if not fetch(database, "SELECT unit FROM twins LIMIT 1")[0].size:
        return
    database.execute(
        """
        CREATE OR REPLACE TABLE others AS
        SELECT pairs.* FROM pairs LEFT JOIN twins ON latter = unit WHERE unit IS NULL
        """
    )
    database.execute(
        """
        INSERT INTO pairs
        SELECT l.unit, r.unit, l.size, l.size, l.size FROM twins AS l JOIN twins AS r ON l.original = r.original
        WHERE l.unit < r.unit
        """
    )
    database.execute(
        """
        CREATE OR REPLACE TABLE families AS
        SELECT paired.unit AS original, twins.unit
        FROM twins JOIN (SELECT former AS unit FROM others UNION SELECT latter FROM others) AS paired
        ON twins.original = paired.unit
        """
    )
    database.execute("INSERT INTO families SELECT DISTINCT original, original FROM families")
    database.execute(
        """
        INSERT INTO pairs
        SELECT least(l, r), greatest(l, r), shared, CASE WHEN l < r THEN former_size ELSE latter_size END,
               CASE WHEN l < r THEN latter_size ELSE former_size END
        FROM (
            SELECT others.*, coalesce(lefts.unit, former) AS l, coalesce(rights.unit, latter) AS r FROM others
            LEFT JOIN families AS lefts ON lefts.original = former
            LEFT JOIN families AS rights ON rights.original = latter
        ) AS spread
        WHERE l <> former OR r <> latter
        """
    )
    for table in ("others", "families", "twins"):
        database.execute(f"DROP TABLE {table}")


def add_crowded_copies(
    database: "duckdb.DuckDBPyConnection",
    kept: NDArray[np.bool_],
    rows: NDArray[np.int64],
    sets: ShingleSets,
) -> None:
    """Pair each of many copies with its original where that is kept, and else with the original's kept partners."""
    units, originals = fetch(database, "SELECT unit, original FROM copies WHERE crowded", columns=2)
    if not units.size:
        return
    star = kept[originals]
    sizes = sets.sizes[sets.slots(rows[originals[star]])]
    insert(
        database,
        "pairs",
        former=originals[star],
        latter=units[star],
        shared=sizes,
        former_size=sizes,
        latter_size=sizes,
    )
    database.execute(
        """
        CREATE OR REPLACE VIEW partners AS
        SELECT latter AS original, former AS partner, shared, latter_size AS size, former_size AS partner_size
        FROM pairs WHERE latter IN (SELECT original FROM copies WHERE crowded)
        UNION ALL
        SELECT former, latter, shared, former_size, latter_size
        FROM pairs WHERE former IN (SELECT original FROM copies WHERE crowded)
        """
    )
    (partners,) = fetch(database, "SELECT DISTINCT partner FROM partners")
    database.execute("CREATE OR REPLACE TABLE keepers (unit BIGINT)")
    insert(database, "keepers", unit=partners[kept[partners]])
    database.execute(
        """
        INSERT INTO pairs
        SELECT least(partner, copies.unit), greatest(partner, copies.unit), shared,
               CASE WHEN partner < copies.unit THEN partner_size ELSE size END,
               CASE WHEN partner < copies.unit THEN size ELSE partner_size END
        FROM copies JOIN partners ON copies.original = partners.original JOIN keepers ON partner = keepers.unit
        WHERE crowded
        """
    )
