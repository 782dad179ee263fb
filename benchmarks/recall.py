"""Evaluate an output of `dedup clean` against planted duplicates: recall, and whether all removals are justified.

A pair at the threshold is found unless both units are kept. A removal is justified if the unit it names is kept and is
similar at the threshold. DuckDB counts and spills to disk, so that memory does not grow with the corpus.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow.parquet as pq
from markdown_tables import markdown_table
from synthetic import DOCUMENT_SHINGLE, PARAGRAPH_SHINGLE, jaccard

from dedup.settings import Settings

CONFIG = {"memory_limit": "1GiB", "threads": 1, "autoinstall_known_extensions": False}
SAMPLE_SIZE = 2000  # removals of documents, and of paragraphs, whose Jaccard similarity is computed again
EDGES = [0.0, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0]
HEADER = [
    "planted",
    "at the threshold",
    "found",
    "recall",
    "expected",
    "below it",
    "of these removed",
    "unjustified removals",
]
# Removed units, and whether the unit that each names is kept and similar.
REMOVED = """
    CREATE TABLE removed AS
    WITH units AS (SELECT unit, doc, start, "end", reason, kept_doc, kept_start, kept_end, jaccard
                   FROM read_parquet($removed)),
         documents AS (SELECT doc FROM units WHERE unit = 'document'),
         paragraphs AS (SELECT doc, start FROM units WHERE unit = 'paragraph')
    SELECT units.*,
           reason = 'emptied'
           OR (jaccard >= $threshold AND documents.doc IS NULL AND paragraphs.doc IS NULL) AS justified
    FROM units LEFT JOIN documents ON units.kept_doc = documents.doc
    LEFT JOIN paragraphs
    ON units.unit = 'paragraph' AND units.kept_doc = paragraphs.doc AND units.kept_start = paragraphs.start
"""
# Planted texts: whether the pair is at the threshold, whether the text is removed, whether both texts are kept.
DOCUMENTS = """
    CREATE TABLE documents AS
    SELECT truth.*, truth.jaccard >= $threshold AS reached, planted.doc IS NOT NULL AS removed,
           planted.doc IS NULL AND origin.doc IS NULL AS missed, coalesce(planted.justified, TRUE) AS justified
    FROM read_parquet($truth) AS truth
    LEFT JOIN removed AS planted ON planted.unit = 'document' AND truth.doc = planted.doc
    LEFT JOIN removed AS origin ON origin.unit = 'document' AND truth.source = origin.doc
"""
# The same for planted paragraphs of kept texts; across texts only if paragraphs were compared across texts.
PARAGRAPHS = """
    CREATE TABLE paragraphs AS
    SELECT truth.*, truth.doc = source_doc AS within,
           truth.jaccard >= $threshold AS reached, planted.doc IS NOT NULL AS removed,
           planted.doc IS NULL AND origin.doc IS NULL AS missed, coalesce(planted.justified, TRUE) AS justified
    FROM read_parquet($truth) AS truth
    LEFT JOIN removed AS planted
    ON planted.unit = 'paragraph' AND truth.doc = planted.doc AND truth.start = planted.start
    LEFT JOIN removed AS origin
    ON origin.unit = 'paragraph' AND source_doc = origin.doc AND source_start = origin.start
    WHERE (truth.doc = source_doc OR $across)
    AND truth.doc NOT IN (SELECT doc FROM removed WHERE unit = 'document')
    AND source_doc NOT IN (SELECT doc FROM removed WHERE unit = 'document')
"""
SUMMARY = """
    SELECT {label}, count(*), count(*) FILTER (reached), count(*) FILTER (reached AND NOT missed),
           avg(1 - pow(1 - pow(jaccard, {rows}), {bands})) FILTER (reached), count(*) FILTER (NOT reached),
           count(*) FILTER (NOT reached AND removed), count(*) FILTER (NOT justified)
    FROM {table} GROUP BY ALL ORDER BY ALL
"""
# Heading, SQL expression that labels the rows, and table to count.
SUMMARIES = [
    ("kind of edit", "kind", "documents"),
    ("words edited", "share", "(FROM documents WHERE kind = 'words edited')"),
    ("Jaccard, from", f"list_max(list_filter({EDGES}::DOUBLE[], lambda edge: edge <= jaccard))", "documents"),
    ("paragraphs, words that differ", "if(within, 'within a text, ', 'across texts, ') || edits", "paragraphs"),
]
SAMPLE = """
    SELECT doc, start, "end", kept_doc, kept_start, kept_end, jaccard FROM removed
    WHERE unit = $unit AND reason <> 'emptied' ORDER BY md5(doc || ':' || start) LIMIT $number
"""


def evaluate(folder: Path, temp: Path) -> dict[str, Any]:
    """Evaluate an output against the planted duplicates.

    Args:
        folder: Folder with `corpus.parquet`, `truth.parquet`, `repeats.parquet`, and the output of `clean` in `out`.
        temp: Folder to spill to.

    Returns:
        Under "tables" the rows of each table by heading, under "counts" numbers by description.
    """
    settings = Settings(**json.loads((folder / "out" / "run.json").read_text("utf-8"))["settings"])
    across = settings.paragraphs == "all"
    threshold = {"threshold": settings.threshold}
    with duckdb.connect(config={**CONFIG, "temp_directory": str(temp / "spill")}) as database:
        database.execute(REMOVED, {"removed": str(folder / "out" / "removed.parquet"), **threshold})
        database.execute(DOCUMENTS, {"truth": str(folder / "truth.parquet"), **threshold})
        database.execute(PARAGRAPHS, {"truth": str(folder / "repeats.parquet"), "across": across, **threshold})
        tables = {}
        for heading, label, table in SUMMARIES:
            query = SUMMARY.format(label=label, table=table, rows=settings.rows, bands=settings.bands)
            tables[heading] = database.execute(query).fetchall()
        return {"tables": tables, "counts": count(database, folder)}


def count(database: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """Count removed units, unjustified removals and lost texts."""
    texts = pq.read_metadata(folder / "corpus.parquet").num_rows
    kept_texts = pq.read_metadata(folder / "out" / "clean.parquet").num_rows
    counts = {"texts": texts, "texts kept": kept_texts}
    query = "SELECT count(*) FROM removed WHERE reason = 'emptied'"
    (counts["texts emptied by the removal of paragraphs"],) = _row(database, query)
    query = "SELECT count(*), count(*) FILTER (NOT justified) FROM removed WHERE unit = $unit AND reason <> 'emptied'"
    for unit, n in (("document", DOCUMENT_SHINGLE), ("paragraph", PARAGRAPH_SHINGLE)):
        counts[f"{unit}s removed"], counts[f"{unit}s removed without justification"] = _row(database, query, unit=unit)
        sample = database.execute(SAMPLE, {"unit": unit, "number": SAMPLE_SIZE}).fetchall()
        counts[f"{unit}s compared again"] = len(sample)
        counts[f"{unit}s with a wrong Jaccard similarity"] = count_wrong(folder / "corpus.parquet", sample, n)
    query = "SELECT count(*) FROM removed ANTI JOIN documents ON removed.doc = documents.doc WHERE unit = 'document'"
    (counts["ordinary texts removed"],) = _row(database, query)
    (removed_texts,) = _row(database, "SELECT count(*) FROM removed WHERE unit = 'document'")
    return {**counts, "texts lost": texts - kept_texts - removed_texts}


def _row(database: duckdb.DuckDBPyConnection, query: str, **values: str) -> tuple[int, ...]:
    """Run a query that returns a single row of counts."""
    found: tuple[int, ...] | None = database.execute(query, values).fetchone()
    assert found is not None  # noqa: S101 - an aggregate always returns a row
    return found


def count_wrong(corpus: Path, removals: Sequence[tuple[Any, ...]], n: int) -> int:
    """Count the removals whose stated Jaccard similarity differs from that of the two units.

    Args:
        corpus: Parquet file of the texts.
        removals: Rows of `SAMPLE`.
        n: Tokens in a shingle.
    """
    originals = read_texts(corpus, {doc for row in removals for doc in (row[0], row[3])})
    wrong = 0
    for doc, start, end, kept_doc, kept_start, kept_end, stated in removals:
        wrong += jaccard(originals[doc][start:end], originals[kept_doc][kept_start:kept_end], n) != stated
    return wrong


def read_texts(corpus: Path, docs: set[int]) -> dict[int, str]:
    """Read the texts with the given numbers."""
    file, wanted, first = pq.ParquetFile(corpus), np.array(sorted(docs), np.int64), 0
    texts: dict[int, str] = {}
    for group in range(file.num_row_groups):
        last = first + file.metadata.row_group(group).num_rows
        in_group = wanted[np.searchsorted(wanted, first) : np.searchsorted(wanted, last)]
        if in_group.size:
            column = file.read_row_group(group, columns=["text"]).column("text").take(in_group - first)
            texts |= dict(zip(in_group.tolist(), column.to_pylist(), strict=True))
        first = last
    return texts


def cells(heading: str, row: Sequence[Any]) -> list[str]:
    """Format a row of a table."""
    label, planted, reached, found, expected, *below = row
    if not isinstance(label, str):
        label = f"{label:.1%}" if heading == "words edited" else f"{label:.2f}"
    rates = [f"{found / reached:.4f}", f"{expected:.4f}"] if reached else ["", ""]
    numbers = [f"{number:,}" for number in (planted, reached, found, *below)]
    return [label, *numbers[:3], *rates, *numbers[3:]]


def show(results: dict[str, Any]) -> None:
    """Print tables and counts as Markdown."""
    for heading, rows in results["tables"].items():
        print(markdown_table([heading, *HEADER], (cells(heading, row) for row in rows)))
    for description, number in results["counts"].items():
        print(f"* {description}: {number:,}")
