"""Find units with the same token sequence, so that only one of them has to be compared with other units.

The earliest of them is the *original*; the others are *copies*. Copies are in no bucket, since their similarity to
other units is that of the original; their pairs are added after the verdicts. Copies are verified against their
original, unless there are more than `LARGEST_BUCKET` units with the same token sequence or the original is in an
oversized bucket: then the equal hash of the token sequence is sufficient.
"""

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates import candidates, queries
from dedup.duplicates.candidates import Compared, load_repeated
from dedup.duplicates.sketches.shingle_sets import ShingleSets
from dedup.engine.base import Database


def find_copies(database: Database, compared: Compared) -> NDArray[np.int64]:
    """Find the units that have the token sequence of an earlier unit.

    Creates ``copies``, which contains those that are not fixed.

    Args:
        database: The tables.
        compared: The units.

    Returns:
        Numbers of these units, including fixed ones, shape (n,). They need no comparison.
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
    """Exempt the copies of units in oversized buckets from verification.

    Args:
        database: With ``copies`` and ``oversized``.
    """
    database.execute(queries.MARK_OVERSIZED_COPIES)


def removed_copies(database: Database) -> NDArray[np.int64]:
    """Return the copies, all of which are removed: in favour of their original, or of the unit that it is removed for.

    Creates ``verified_copies``.

    Args:
        database: With ``copies`` and ``pairs``.

    Returns:
        Numbers of the copies, shape (n,); without those that verification did not confirm.
    """
    database.execute(queries.CREATE_VERIFIED_COPIES)
    return database.fetch(queries.REMOVED_COPIES)[0]


def add_pairs_of_copies(database: Database) -> None:
    """Pair verified copies with each other, and with every unit that their original is paired with.

    Args:
        database: With ``verified_copies`` and ``pairs``.
    """
    if database.fetch(queries.ANY_VERIFIED_COPY)[0].size:
        for query in queries.ADD_PAIRS_OF_VERIFIED_COPIES:
            database.execute(query)


def add_pairs_of_oversized_copies(
    database: Database, kept: NDArray[np.bool_], order: NDArray[np.int64], sets: ShingleSets
) -> None:
    """Pair each copy that was not verified with its original, if kept, and with the kept units of the original's pairs.

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
