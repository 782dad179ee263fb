"""The queries of detection, in SQL that DuckDB and Spark understand.

Units are numbered in keep order, from 0. The tables:

``sequences (key, unit)``
    Hashes of token sequences that occur more than once.
``copies (unit, original, oversized)``
    Units with the token sequence of an earlier unit, the original, which is the earliest.
``keys (key, unit)``
    Band keys that occur more than once.
``members (key, unit, oversized)``
    Units of buckets of two or more; ``oversized`` if any bucket of the unit is oversized.
``candidates (former, latter)``
    Pairs to verify.
``pairs (former, latter, shared, former_size, latter_size)``
    Verified pairs: the two units, the shingles they share, and the shingles of each.
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
    """Create ``copies`` from ``sequences``; fixed units, which are always kept, are no copies.

    Args:
        largest: Units with the same token sequence before they count as oversized.
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

    Two units of oversized buckets are not paired: each is compared only with kept units, when its turn comes. Two
    fixed units are not compared.

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

# The copies that were compared and share all shingles with their original.
CREATE_TWINS = """
    CREATE OR REPLACE TABLE twins AS
    SELECT unit, original, shared AS size FROM copies JOIN pairs ON former = original AND latter = unit
    WHERE NOT oversized AND shared = former_size AND shared = latter_size
"""
REMOVED_COPIES = "SELECT unit FROM twins UNION ALL SELECT unit FROM copies WHERE oversized"
ANY_TWIN = "SELECT unit FROM twins LIMIT 1"

# Copies form pairs with each other, and with every unit that their original forms a pair with.
ADD_PAIRS_OF_TWINS = (
    """
    CREATE OR REPLACE TABLE others AS
    SELECT pairs.* FROM pairs LEFT JOIN twins ON latter = unit WHERE unit IS NULL
    """,
    """
    INSERT INTO pairs
    SELECT l.unit, r.unit, l.size, l.size, l.size FROM twins AS l JOIN twins AS r ON l.original = r.original
    WHERE l.unit < r.unit
    """,
    """
    CREATE OR REPLACE TABLE families AS
    SELECT paired.unit AS original, twins.unit
    FROM twins JOIN (SELECT former AS unit FROM others UNION SELECT latter FROM others) AS paired
    ON twins.original = paired.unit
    """,
    "INSERT INTO families SELECT DISTINCT original, original FROM families",
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
    """,
    "DROP TABLE others",
    "DROP TABLE families",
    "DROP TABLE twins",
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
