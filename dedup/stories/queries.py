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

COUNT_SCORED_PAIRS = """
    SELECT count(*) FROM (
        SELECT former, latter FROM scored_pairs UNION SELECT former, latter FROM phrase_pairs
    ) AS pairs
"""
"""Selects one row: the number of pairs in ``scored_pairs`` or ``phrase_pairs``."""


def _weight(documents: int) -> str:
    """Return the logarithm of the inverse document frequency as an expression.

    It is decimal: the sum of floating-point numbers would depend on the order in which threads add them, and so would
    the selection among equal scores.

    Args:
        documents: Number of documents.
    """
    return f"CAST(ln(1 + {documents} / frequency) AS DECIMAL(9, 6))"


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
            SELECT doc, term, {_weight(documents)} AS weight,
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


def create_rare_phrases(documents: int) -> str:
    """Return the query that creates ``rare_phrases``: the phrases of the parts of documents that other documents have.

    The columns of the table are ``doc``, ``part``, ``phrase``, ``weight`` (the logarithm of the inverse document
    frequency) and ``place`` (rank of the document, from 1, among those with the phrase).

    Args:
        documents: Number of documents.
    """
    return f"""
        CREATE OR REPLACE TABLE rare_phrases AS
        SELECT doc, part, phrase, {_weight(documents)} AS weight,
            dense_rank() OVER (PARTITION BY phrase ORDER BY doc) AS place
        FROM phrases
        JOIN (SELECT phrase, count(DISTINCT doc) AS frequency FROM phrases GROUP BY phrase) AS counts USING (phrase)
        WHERE frequency > 1
    """


def create_phrase_pairs(window: int, min_weight: float) -> str:
    """Return the query that creates ``phrase_pairs``: parts of documents and documents that share phrases with them.

    The columns of the table are ``doc``, ``part``, ``former``, ``latter`` and ``score``: ``former`` and ``latter`` are
    the pair of documents, the lower rank first, ``doc`` is the one that has the part, and ``score`` is the sum of the
    weights of the shared phrases.

    Args:
        window: Maximum distance of two documents in the list of a phrase.
        min_weight: Minimum score.
    """
    steps = ", ".join(f"({step})" for step in range(1, window + 1))
    return f"""
        CREATE OR REPLACE TABLE phrase_pairs AS
        WITH shared AS (
            SELECT earlier.doc AS former, earlier.part AS former_part, later.doc AS latter, later.part AS latter_part,
                earlier.phrase, earlier.weight
            FROM (SELECT * FROM rare_phrases CROSS JOIN (VALUES {steps}) AS steps (step)) AS earlier
            JOIN rare_phrases AS later ON earlier.phrase = later.phrase AND earlier.place + earlier.step = later.place
        ), sides AS (
            SELECT DISTINCT former AS doc, former_part AS part, former, latter, phrase, weight FROM shared
            UNION ALL
            SELECT DISTINCT latter AS doc, latter_part AS part, former, latter, phrase, weight FROM shared
        )
        SELECT doc, part, former, latter, sum(weight) AS score FROM sides
        GROUP BY doc, part, former, latter HAVING sum(weight) >= {min_weight}
    """


def best_pairs(partners: int, phrase_partners: int) -> str:
    """Return the query that selects the pairs that are among the best pairs of a document or of a part of one.

    It selects rows (former, latter): each pair once, ascending.

    Args:
        partners: Number of best pairs of a document by its rare terms.
        phrase_partners: Number of best pairs of a part of a document by its phrases.
    """
    return f"""
        SELECT former, latter FROM (
            SELECT former, latter, row_number() OVER (PARTITION BY doc ORDER BY score DESC, former, latter) AS rank
            FROM (
                SELECT *, former AS doc FROM scored_pairs UNION ALL SELECT *, latter AS doc FROM scored_pairs
            ) AS sides
        ) AS ranked WHERE rank <= {partners}
        UNION
        SELECT former, latter FROM (
            SELECT former, latter,
                row_number() OVER (PARTITION BY doc, part ORDER BY score DESC, former, latter) AS rank
            FROM phrase_pairs
        ) AS ranked WHERE rank <= {phrase_partners}
        ORDER BY former, latter
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
    """Return the query that selects the lines at the beginning or end of many documents that are no copies.

    It selects rows (line,), unordered.

    Args:
        frequency: Number of documents, and of different longest sentences in these, that a line must exceed.
    """
    return f"""
        SELECT line FROM lines GROUP BY line
        HAVING count(DISTINCT anchor) > {frequency} AND 2 * count(DISTINCT anchor) >= count(*)
    """
