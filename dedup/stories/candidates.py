"""Documents to the pairs worth comparing: those that share rare terms (SQL, so that a cluster can run the plan)."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.alignment.document_frequency import FEW, Background

if TYPE_CHECKING:
    import duckdb

# So few documents are all compared with each other.
ALL = 40
# A document is looked up by so many of its rarest terms; by each it meets the documents that have the term too,
# but in a long list only so many before and after it, so that cost grows with the documents and not their square
# (the sorted neighbourhood of Hernandez and Stolfo, "The Merge/Purge Problem for Large Databases", 1995, section 2).
TERMS, WINDOW = 80, 16
# Least number of terms that a pair shares.
SHARED = 2
# A document is compared with so many others, those with which it shares most.
MOST = 16


def find_partners(
    database: "duckdb.DuckDBPyConnection", terms: Iterable[tuple[int, NDArray[np.int64]]]
) -> tuple[NDArray[np.int64], int]:
    """Find the pairs of documents worth comparing.

    Args:
        database: Where to sort and join; it gets tables of its own.
        terms: Each document and its distinct terms; by document.

    Returns:
        Pairs of documents, shape (pairs, 2), the earlier first, ascending; and how many more shared enough
        terms and yet are not compared.
    """
    docs = _load(database, terms)
    if docs.size <= ALL:
        first, second = np.triu_indices(docs.size, 1)
        return np.column_stack((docs[first], docs[second])), 0
    database.execute(
        f"""
        CREATE OR REPLACE TABLE chosen AS
        SELECT doc, term, weight, row_number() OVER (PARTITION BY term ORDER BY doc) AS place FROM (
            SELECT doc, term, ln(1 + {docs.size} / frequency) AS weight,
                row_number() OVER (PARTITION BY doc ORDER BY frequency, term) AS rank
            FROM terms JOIN (SELECT term, count(*) AS frequency FROM terms GROUP BY term) AS counts USING (term)
            WHERE frequency > 1
        ) AS ranked WHERE rank <= {TERMS}
        """  # noqa: S608 - numbers of ours
    )
    database.execute(
        f"""
        CREATE OR REPLACE TABLE scored AS
        SELECT one.doc AS former, other.doc AS latter, sum(one.weight) AS score
        FROM (SELECT * FROM chosen CROSS JOIN (VALUES {_steps()}) AS steps (step)) AS one
        JOIN chosen AS other ON one.term = other.term AND one.place + one.step = other.place
        GROUP BY former, latter HAVING count(*) >= {SHARED}
        """  # noqa: S608 - numbers of ours
    )
    found = database.sql(
        f"""
        SELECT DISTINCT former, latter FROM (
            SELECT former, latter, row_number() OVER (PARTITION BY doc ORDER BY score DESC, former, latter) AS rank
            FROM (SELECT *, former AS doc FROM scored UNION ALL SELECT *, latter AS doc FROM scored) AS sides
        ) AS ranked WHERE rank <= {MOST} ORDER BY former, latter
        """  # noqa: S608 - numbers of ours
    ).fetchnumpy()
    seen = database.sql("SELECT count(*) FROM scored").fetchall()[0][0]
    pairs = np.column_stack((found["former"], found["latter"])).astype(np.int64)
    return pairs, seen - len(pairs)


def frequencies(database: "duckdb.DuckDBPyConnection", terms: Collection[int]) -> dict[int, int]:
    """Count the documents that have each of some terms, after `find_partners`.

    Args:
        database: Where the terms are.
        terms: Which.
    """
    database.register("incoming", pa.table({"term": pa.array(sorted(terms), pa.int64())}))
    found = database.sql(
        "SELECT term, count(*) AS documents FROM terms JOIN incoming USING (term) GROUP BY term"
    ).fetchnumpy()
    database.unregister("incoming")
    return dict(zip(found["term"].tolist(), found["documents"].tolist(), strict=True))


def background(database: "duckdb.DuckDBPyConnection", documents: int) -> Background:
    """Count how common terms and short lines are in a folder, after `find_partners`.

    Args:
        database: Where the terms are; those below zero are short lines.
        documents: How many there are.
    """
    found = database.sql(
        f"""
        SELECT term, count(*) AS documents FROM terms WHERE term >= 0
        GROUP BY term HAVING count(*) > {FEW} ORDER BY term
        """  # noqa: S608 - a number of ours
    ).fetchnumpy()
    lines = database.sql(
        f"SELECT term FROM terms WHERE term < 0 GROUP BY term HAVING count(*) > {FEW}"  # noqa: S608 - a number of ours
    ).fetchnumpy()
    return Background(found["term"], found["documents"], documents, frozenset((-1 - lines["term"]).tolist()))


def _steps() -> str:
    return ", ".join(f"({step})" for step in range(1, WINDOW + 1))


def _load(database: "duckdb.DuckDBPyConnection", terms: Iterable[tuple[int, NDArray[np.int64]]]) -> NDArray[np.int64]:
    """Make a table (doc, term), and list the documents."""
    database.execute("CREATE OR REPLACE TABLE terms (doc BIGINT, term BIGINT)")
    docs, waiting = [], []
    for doc, found in terms:
        docs.append(doc)
        waiting.append((doc, found))
        if len(waiting) == 1000:
            _insert(database, waiting)
            waiting = []
    _insert(database, waiting)
    return np.array(docs, np.int64)


def _insert(database: "duckdb.DuckDBPyConnection", rows: list[tuple[int, NDArray[np.int64]]]) -> None:
    if rows:
        docs = np.repeat([doc for doc, _ in rows], [found.size for _, found in rows])
        incoming = pa.table({"doc": docs, "term": np.concatenate([found for _, found in rows])})
        database.register("incoming", incoming)
        database.execute("INSERT INTO terms SELECT * FROM incoming")
        database.unregister("incoming")
