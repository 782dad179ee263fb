"""Units with the same token sequence: compared as one unit, reported as many.

All but the earliest of them are *copies* of it, their *original*, and are put into no bucket: what resembles the
original resembles them. Up to `LARGEST_BUCKET` copies are verified against their original; more than that, and copies
of an original in an oversized bucket, are identified by the hash of their token sequence.
"""

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates import candidates, queries
from dedup.duplicates.candidates import Compared, load_repeated
from dedup.duplicates.shingle_sets import ShingleSets
from dedup.engine.base import Database


def find_copies(database: Database, compared: Compared) -> NDArray[np.int64]:
    """Find the units that have the token sequence of an earlier unit.

    Creates ``copies``, of those that are not fixed.

    Args:
        database: Where to group.
        compared: The units.

    Returns:
        The numbers of these units, fixed ones included: they need no comparison. Shape (n,).
    """
    keys = compared.units.column("sequence").reshape(-1, 1)
    load_repeated(database, "sequences", lambda: [(0, keys)], compared, int(compared.wanted.sum()))
    database.execute(queries.create_copies(candidates.LARGEST_BUCKET, compared.fixed))
    (copies,) = database.fetch(queries.COPIES)
    if compared.fixed:
        copies = np.concatenate((database.fetch(queries.repeated_fixed(compared.fixed))[0], copies))
    database.execute("DROP TABLE sequences")
    return copies


def mark_oversized(database: Database) -> None:
    """Identify the copies of units in oversized buckets by their token sequence too.

    Args:
        database: With ``copies`` and ``oversized``.
    """
    database.execute(queries.MARK_OVERSIZED_COPIES)


def removed_copies(database: Database) -> NDArray[np.int64]:
    """Return the copies that are removed: in favour of their original, or of the unit that replaces that.

    Creates ``twins (unit, original, size)`` of those that were verified.

    Args:
        database: With ``copies`` and ``pairs``.
    """
    database.execute(queries.CREATE_TWINS)
    return database.fetch(queries.REMOVED_COPIES)[0]


def add_pairs_of_copies(database: Database) -> None:
    """Pair verified copies with each other, and with every unit that their original is paired with."""
    if database.fetch(queries.ANY_TWIN)[0].size:
        for query in queries.ADD_PAIRS_OF_TWINS:
            database.execute(query)


def add_pairs_of_oversized_copies(
    database: Database, kept: NDArray[np.bool_], order: NDArray[np.int64], sets: ShingleSets
) -> None:
    """Pair each remaining copy with its original if that is kept, and with the kept units paired with the original.

    Args:
        database: With ``copies`` and ``pairs``.
        kept: Whether each unit is kept, shape (units,).
        order: Row of each unit number, shape (units,).
        sets: The shingle sets of the originals.
    """
    units, originals = database.fetch(queries.OVERSIZED_COPIES, columns=2)
    if not units.size:
        return
    has_kept = kept[originals]
    sizes = sets.sizes[sets.slots(order[originals[has_kept]])]
    database.insert(
        "pairs",
        former=originals[has_kept],
        latter=units[has_kept],
        shared=sizes,
        former_size=sizes,
        latter_size=sizes,
    )
    database.execute(queries.CREATE_PARTNERS)
    (partners,) = database.fetch(queries.PARTNERS)
    database.execute(queries.CREATE_KEPT_PARTNERS)
    database.insert("kept_partners", unit=partners[kept[partners]])
    database.execute(queries.ADD_PAIRS_OF_OVERSIZED_COPIES)
