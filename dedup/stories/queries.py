"""SQL queries of candidate selection and document frequencies, over one row per document and term."""
# ruff: noqa: S608 - the values in the queries are numbers that this package sets

CREATE_TERMS = "CREATE OR REPLACE TABLE terms (doc BIGINT, term BIGINT)"
"""Creates the empty table ``terms``: one row for each document and each of its distinct terms."""

CREATE_LINES = "CREATE OR REPLACE TABLE lines (doc BIGINT, line BIGINT, anchor BIGINT)"
"""Creates the empty table ``lines``: the lines at the beginning and end of documents, with their longest sentence."""

CREATE_PHRASES = "CREATE OR REPLACE TABLE phrases (doc BIGINT, part BIGINT, phrase BIGINT)"
"""Creates the empty table ``phrases``: one row for each part of a document and each of its distinct phrases."""

CREATE_FRAMES = "CREATE OR REPLACE TABLE frames (doc BIGINT, frame BIGINT, facts BIGINT)"
"""Creates the empty table ``frames``: one row for each sentence with facts, with hashes of its frame and its facts."""

WEIGHT_UNIT = 1_000_000
"""Weights are integers: the sum of floating-point numbers would depend on the order in which threads add them."""


def _weight(documents: int) -> str:
    """Return the logarithm of the inverse document frequency, in units of 1 / `WEIGHT_UNIT`, as an expression.

    Args:
        documents: Number of documents.
    """
    return f"CAST({WEIGHT_UNIT} * CAST(ln(1 + {documents} / frequency) AS DECIMAL(9, 6)) AS BIGINT)"


def rare_terms(documents: int, terms: int) -> str:
    """Return the query that selects the rarest terms of each document that other documents also have.

    It selects rows (doc, part, term, weight) in order of term and document: ``part`` is 0, and ``weight`` is the
    logarithm of the inverse document frequency, in units of 1 / `WEIGHT_UNIT`.

    Args:
        documents: Number of documents.
        terms: Maximum number of terms of a document.
    """
    return f"""
        SELECT doc, CAST(0 AS BIGINT) AS part, term, {_weight(documents)} AS weight FROM (
            SELECT doc, term, frequency, row_number() OVER (PARTITION BY doc ORDER BY frequency, term) AS rank
            FROM terms JOIN (SELECT term, count(*) AS frequency FROM terms GROUP BY term) AS counts USING (term)
            WHERE frequency > 1
        ) AS ranked WHERE rank <= {terms}
        ORDER BY term, doc
    """


def shared_phrases(documents: int) -> str:
    """Return the query that selects the phrases of the parts of documents that other documents have.

    It selects rows (doc, part, phrase, weight) in order of phrase, document and part; ``weight`` is as in `rare_terms`.

    Args:
        documents: Number of documents.
    """
    return f"""
        SELECT doc, part, phrase, {_weight(documents)} AS weight
        FROM phrases
        JOIN (SELECT phrase, count(DISTINCT doc) AS frequency FROM phrases GROUP BY phrase) AS counts USING (phrase)
        WHERE frequency > 1
        ORDER BY phrase, doc, part
    """


def template_frames(fillings: int) -> str:
    """Return the query that selects the frames that documents fill with different facts.

    It selects rows (frame,), unordered.

    Args:
        fillings: Minimum number of different facts, and of documents.
    """
    return f"""
        SELECT frame FROM frames GROUP BY frame
        HAVING count(DISTINCT facts) >= {fillings} AND count(DISTINCT doc) >= {fillings}
    """


def frequent_terms(frequency: int) -> str:
    """Return the query that selects the terms with a high document frequency.

    It selects rows (term, documents): the term and its document frequency, ascending by term.

    Args:
        frequency: Document frequency that a term must exceed.
    """
    return f"""
        SELECT term, count(*) AS documents FROM terms GROUP BY term HAVING count(*) > {frequency} ORDER BY term
    """


def boilerplate_lines(frequency: int) -> str:
    """Return the query that selects lines at the beginning or end of many documents that are not copies.

    It selects rows (line,), unordered.

    Args:
        frequency: Number of documents, and of different longest sentences in these, that a line must exceed.
    """
    return f"""
        SELECT line FROM lines GROUP BY line
        HAVING count(DISTINCT anchor) > {frequency} AND 2 * count(DISTINCT anchor) >= count(*)
    """
