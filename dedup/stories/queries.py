"""SQL queries of candidate selection and document frequencies, over one row per document and term."""
# ruff: noqa: S608 - the values in the queries are numbers that this package sets

CREATE_TERMS = "CREATE OR REPLACE TABLE terms (doc BIGINT, term BIGINT)"
"""Creates the empty table ``terms``: one row for each document and each of its distinct terms."""

CREATE_REQUESTED_TERMS = "CREATE OR REPLACE TABLE requested_terms (term BIGINT)"
"""Creates the empty table ``requested_terms``: one row for each term whose document frequency is requested."""

REQUESTED_FREQUENCIES = """
    SELECT term, count(*) AS documents FROM terms JOIN requested_terms USING (term) GROUP BY term
"""
"""Selects rows (term, documents): the document frequency of each requested term that occurs; unordered."""

COUNT_SCORED_PAIRS = "SELECT count(*) FROM scored_pairs"
"""Selects one row: the number of pairs in ``scored_pairs``."""


def create_rare_terms(documents: int, terms: int) -> str:
    """Return the query that creates ``rare_terms``: the rarest terms of each document that other documents also have.

    The columns of the table are ``doc``, ``term``, ``weight`` and ``place``: ``weight`` is the logarithm of the inverse
    document frequency, and ``place`` is the rank of the document, from 1, among those with the term of the row.

    Args:
        documents: Number of documents.
        terms: Maximum number of terms of a document.
    """
    return f"""
        CREATE OR REPLACE TABLE rare_terms AS
        SELECT doc, term, weight, row_number() OVER (PARTITION BY term ORDER BY doc) AS place FROM (
            SELECT doc, term, ln(1 + {documents} / frequency) AS weight,
                row_number() OVER (PARTITION BY doc ORDER BY frequency, term) AS rank
            FROM terms JOIN (SELECT term, count(*) AS frequency FROM terms GROUP BY term) AS counts USING (term)
            WHERE frequency > 1
        ) AS ranked WHERE rank <= {terms}
    """


def create_scored_pairs(window: int, min_shared: int) -> str:
    """Return the query that creates ``scored_pairs``: documents that are close to each other in enough lists of terms.

    The list of a rare term has the documents with this term. The columns of the table are ``former``, ``latter`` and
    ``score``: each pair of documents once, the lower rank first; ``score`` is the sum of the weights of the terms.

    Args:
        window: Maximum distance of two documents in the list of a term.
        min_shared: Minimum number of terms.
    """
    steps = ", ".join(f"({step})" for step in range(1, window + 1))
    return f"""
        CREATE OR REPLACE TABLE scored_pairs AS
        SELECT earlier.doc AS former, later.doc AS latter, sum(earlier.weight) AS score
        FROM (SELECT * FROM rare_terms CROSS JOIN (VALUES {steps}) AS steps (step)) AS earlier
        JOIN rare_terms AS later ON earlier.term = later.term AND earlier.place + earlier.step = later.place
        GROUP BY former, latter HAVING count(*) >= {min_shared}
    """


def best_pairs(partners: int) -> str:
    """Return the query that selects the pairs that are among the best pairs of at least one of their documents.

    It selects rows (former, latter): each pair once, ascending.

    Args:
        partners: Number of best pairs of a document.
    """
    return f"""
        SELECT DISTINCT former, latter FROM (
            SELECT former, latter, row_number() OVER (PARTITION BY doc ORDER BY score DESC, former, latter) AS rank
            FROM (
                SELECT *, former AS doc FROM scored_pairs UNION ALL SELECT *, latter AS doc FROM scored_pairs
            ) AS sides
        ) AS ranked WHERE rank <= {partners} ORDER BY former, latter
    """


def frequent_terms(frequency: int) -> str:
    """Return the query that selects the terms with a high document frequency, without those of short lines.

    It selects rows (term, documents): the term and its document frequency, ascending by term.

    Args:
        frequency: Document frequency that a term must exceed.
    """
    return f"""
        SELECT term, count(*) AS documents FROM terms WHERE term >= 0
        GROUP BY term HAVING count(*) > {frequency} ORDER BY term
    """


def frequent_lines(frequency: int) -> str:
    """Return the query that selects the negative terms, which stand for short lines, with a high document frequency.

    It selects rows (term,), unordered.

    Args:
        frequency: Document frequency that a term must exceed.
    """
    return f"SELECT term FROM terms WHERE term < 0 GROUP BY term HAVING count(*) > {frequency}"
