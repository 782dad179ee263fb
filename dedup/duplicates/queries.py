"""The queries of detection, in SQL for DuckDB.

Units are numbered in keep order, from 0. The tables:

``sequences (key, unit)``
    Hashes of token sequences that occur more than once.
``copies (unit, original, oversized)``
    Units with the token sequence of an earlier unit; ``original`` is the earliest. An oversized copy is not verified.
``keys (key, unit)``
    Band keys that occur more than once.
``members (key, unit, oversized)``
    Units of buckets of two or more; ``oversized`` if any bucket of the unit is oversized.
``candidates (former, latter)``
    Pairs to verify.
``pairs (former, latter, shared, former_size, latter_size)``
    Verified pairs: the two units, the shingles they share, and the shingles of each.
``verified_copies (unit, original, size)``
    Copies whose pair with the original was verified, and the number of their shingles.
"""

PAIRS_IN_ORDER = "SELECT former, latter, shared, former_size, latter_size FROM pairs ORDER BY former, latter"
ALL_PAIRS = "SELECT former, latter, shared, former_size, latter_size FROM pairs"
PAIRS_BY_LATTER = "SELECT former, latter FROM pairs ORDER BY latter, former"
CANDIDATES_BY_LATTER = "SELECT former, latter FROM candidates ORDER BY latter, former"

CREATE_PAIRS = """
    CREATE OR REPLACE TABLE pairs
    (former BIGINT, latter BIGINT, shared BIGINT, former_size BIGINT, latter_size BIGINT)
"""


def create_keys(table: str) -> str:
    """Create an empty table of keys and units."""
    return f"CREATE OR REPLACE TABLE {table} (key BIGINT, unit BIGINT)"


def create_copies(largest: int, fixed: int) -> str:
    """Create ``copies`` from ``sequences``, without fixed units, which are always kept.

    Args:
        largest: Maximum number of units with the same token sequence that are not oversized.
        fixed: Number of fixed units; they come first in keep order.
    """
    return f"""
        CREATE OR REPLACE TABLE copies AS
        SELECT unit, original, size > {largest} AS oversized FROM sequences JOIN (
            SELECT key, min(unit) AS original, count(*) AS size FROM sequences GROUP BY key HAVING count(*) > 1
        ) AS groups ON sequences.key = groups.key
        WHERE unit <> original AND unit >= {fixed}
    """  # noqa: S608 - numbers


COPIES = "SELECT unit FROM copies ORDER BY unit"


def repeated_fixed(fixed: int) -> str:
    """Select the fixed units with the token sequence of an earlier one, from ``sequences``."""
    return f"""
        SELECT unit FROM sequences JOIN (SELECT key, min(unit) AS original FROM sequences GROUP BY key) AS groups
        ON sequences.key = groups.key WHERE unit <> original AND unit < {fixed} ORDER BY unit
    """  # noqa: S608 - a number


# The size of a bucket counts the copies of its members too.
CREATE_BUCKETS = """
    CREATE OR REPLACE TABLE buckets AS
    SELECT key, count(*) + coalesce(sum(copied), 0) AS size
    FROM keys LEFT JOIN (SELECT original, count(*) AS copied FROM copies GROUP BY original) AS originals
    ON keys.unit = original
    GROUP BY key HAVING count(*) > 1
"""


# The units of each bucket, with the copies of its members. ``apart`` is that of `dedup.duplicates.candidates.NearRule`.
CREATE_BUCKET_UNITS = """
    CREATE OR REPLACE TABLE bucket_units AS
    SELECT keys.key, keys.unit AS original, same.unit
    FROM keys JOIN buckets ON keys.key = buckets.key JOIN (
        SELECT unit, original FROM copies UNION SELECT unit, unit FROM keys
    ) AS same ON keys.unit = same.original
"""
BUCKET_UNITS = "SELECT DISTINCT unit FROM bucket_units ORDER BY unit"
CREATE_GROUPS = "CREATE OR REPLACE TABLE groups (unit BIGINT, apart BIGINT)"
COMPARE_COPIES_APART = (
    """
    CREATE OR REPLACE TABLE mixed AS
    SELECT DISTINCT bucket_units.original
    FROM bucket_units JOIN groups ON bucket_units.unit = groups.unit JOIN (
        SELECT key, apart FROM bucket_units JOIN groups ON bucket_units.unit = groups.unit
        GROUP BY key, apart HAVING count(DISTINCT original) > 1
    ) AS several ON bucket_units.key = several.key AND groups.apart = several.apart
    """,
    """
    INSERT INTO keys
    SELECT key, copies.unit FROM copies JOIN mixed ON copies.original = mixed.original
    JOIN keys ON keys.unit = copies.original
    """,
    """
    CREATE OR REPLACE TABLE copies AS
    SELECT copies.* FROM copies LEFT JOIN mixed ON copies.original = mixed.original WHERE mixed.original IS NULL
    """,
    "DROP TABLE bucket_units",
    "DROP TABLE groups",
    "DROP TABLE mixed",
)


def create_oversized(largest: int) -> str:
    """Create ``oversized (unit)``, the units of buckets of more than ``largest`` units."""
    return f"""
        CREATE OR REPLACE TABLE oversized AS
        SELECT DISTINCT unit FROM keys JOIN buckets ON keys.key = buckets.key WHERE size > {largest}
    """  # noqa: S608 - a number


CREATE_MEMBERS = """
    CREATE OR REPLACE TABLE members AS
    SELECT keys.key, keys.unit, oversized.unit IS NOT NULL AS oversized
    FROM keys JOIN buckets ON keys.key = buckets.key LEFT JOIN oversized ON keys.unit = oversized.unit
"""

# Copies of a unit in an oversized bucket are treated as members of an oversized bucket too.
MARK_OVERSIZED_COPIES = """
    CREATE OR REPLACE TABLE copies AS
    SELECT copies.unit, original, copies.oversized OR oversized.unit IS NOT NULL AS oversized
    FROM copies LEFT JOIN oversized ON original = oversized.unit
"""

OVERSIZED_MEMBERS = """
    SELECT unit, CAST(dense_rank() OVER (ORDER BY key) - 1 AS INTEGER) AS bucket FROM members WHERE oversized
    ORDER BY unit, bucket
"""

CREATE_CANDIDATES = """
    CREATE OR REPLACE TABLE candidates AS
    SELECT original AS former, unit AS latter FROM copies WHERE NOT oversized
"""


def bucket_pairs(fixed: int) -> str:
    """Select the pairs of units that share a bucket.

    Two units of oversized buckets are not paired, since each is compared later, only with kept units. Two fixed units
    are not paired either.

    Args:
        fixed: Number of fixed units; they come first in keep order.
    """
    return f"""
        SELECT DISTINCT least(l.unit, r.unit) AS former, greatest(l.unit, r.unit) AS latter
        FROM members AS l JOIN members AS r ON l.key = r.key
        WHERE NOT l.oversized AND l.unit <> r.unit AND (r.oversized OR l.unit < r.unit)
        AND greatest(l.unit, r.unit) >= {fixed}
    """  # noqa: S608 - a number


UNITS_TO_READ = "SELECT former FROM candidates UNION SELECT latter FROM candidates UNION SELECT original FROM copies"

CREATE_VERIFIED_COPIES = """
    CREATE OR REPLACE TABLE verified_copies AS
    SELECT unit, original, shared AS size FROM copies JOIN pairs ON former = original AND latter = unit
    WHERE NOT oversized AND shared = former_size AND shared = latter_size
"""
REMOVED_COPIES = "SELECT unit FROM verified_copies UNION ALL SELECT unit FROM copies WHERE oversized"
ANY_VERIFIED_COPY = "SELECT unit FROM verified_copies LIMIT 1"

# Verified copies form pairs with each other, and with every unit that their original forms a pair with.
ADD_PAIRS_OF_VERIFIED_COPIES = (
    """
    CREATE OR REPLACE TABLE other_pairs AS
    SELECT pairs.* FROM pairs LEFT JOIN verified_copies ON latter = unit WHERE unit IS NULL
    """,
    """
    INSERT INTO pairs
    SELECT l.unit, r.unit, l.size, l.size, l.size
    FROM verified_copies AS l JOIN verified_copies AS r ON l.original = r.original
    WHERE l.unit < r.unit
    """,
    """
    CREATE OR REPLACE TABLE same_sequences AS
    SELECT paired.unit AS original, verified_copies.unit
    FROM verified_copies JOIN (SELECT former AS unit FROM other_pairs UNION SELECT latter FROM other_pairs) AS paired
    ON verified_copies.original = paired.unit
    """,
    "INSERT INTO same_sequences SELECT DISTINCT original, original FROM same_sequences",
    """
    INSERT INTO pairs
    SELECT least(l, r), greatest(l, r), shared, CASE WHEN l < r THEN former_size ELSE latter_size END,
           CASE WHEN l < r THEN latter_size ELSE former_size END
    FROM (
        SELECT other_pairs.*, coalesce(left_units.unit, former) AS l, coalesce(right_units.unit, latter) AS r
        FROM other_pairs
        LEFT JOIN same_sequences AS left_units ON left_units.original = former
        LEFT JOIN same_sequences AS right_units ON right_units.original = latter
    ) AS expanded
    WHERE l <> former OR r <> latter
    """,
    "DROP TABLE other_pairs",
    "DROP TABLE same_sequences",
    "DROP TABLE verified_copies",
)

OVERSIZED_COPIES = "SELECT unit, original FROM copies WHERE oversized"
CREATE_PARTNERS = """
    CREATE OR REPLACE VIEW partners AS
    SELECT latter AS original, former AS partner, shared, latter_size AS size, former_size AS partner_size
    FROM pairs WHERE latter IN (SELECT original FROM copies WHERE oversized)
    UNION ALL
    SELECT former, latter, shared, former_size, latter_size
    FROM pairs WHERE former IN (SELECT original FROM copies WHERE oversized)
"""
PARTNERS = "SELECT DISTINCT partner FROM partners"
CREATE_KEPT_PARTNERS = "CREATE OR REPLACE TABLE kept_partners (unit BIGINT)"
ADD_PAIRS_OF_OVERSIZED_COPIES = """
    INSERT INTO pairs
    SELECT least(partner, copies.unit), greatest(partner, copies.unit), shared,
           CASE WHEN partner < copies.unit THEN partner_size ELSE size END,
           CASE WHEN partner < copies.unit THEN size ELSE partner_size END
    FROM copies JOIN partners ON copies.original = partners.original JOIN kept_partners ON partner = kept_partners.unit
    WHERE oversized
"""

CREATE_OVERSIZED_PAIRS = "CREATE OR REPLACE TABLE oversized_pairs AS SELECT * FROM pairs LIMIT 0"
# A pair of an oversized bucket may have shared a small bucket too.
ADD_OVERSIZED_PAIRS = """
    INSERT INTO pairs SELECT oversized_pairs.* FROM oversized_pairs LEFT JOIN pairs
    ON oversized_pairs.former = pairs.former AND oversized_pairs.latter = pairs.latter WHERE pairs.former IS NULL
"""
