"""What `dedup clean` found of known duplicates, by kind and by similarity, and whether all that it removed was right.

A pair at the threshold is found unless both of it stay. A removal has its reason if what it names stays and reaches
the threshold. A database that spills does the counting, so memory does not grow with the corpus.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq
from exact import table
from planting import DOCUMENT_SHINGLE, PARAGRAPH_SHINGLE, jaccard

from dedup.engine.duckdb import connect
from dedup.settings import Settings

if TYPE_CHECKING:
    import duckdb

MEMORY = 1 << 30
CHECKED = 2000  # removals of documents, and of paragraphs, that are compared again
EDGES = [0.0, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0]
HEAD = ["planted", "at the threshold", "found", "recall", "expected", "under it", "of these removed", "without reason"]
# What was taken out, and whether for something that stays and is similar.
REMOVED = """
    CREATE TABLE removed AS
    WITH units AS (SELECT unit, doc, start, "end", reason, kept_doc, kept_start, kept_end, jaccard
                   FROM read_parquet($removed)),
         gone AS (SELECT doc FROM units WHERE unit = 'document'),
         cut AS (SELECT doc, start FROM units WHERE unit = 'paragraph')
    SELECT units.*, reason = 'emptied' OR (jaccard >= $threshold AND gone.doc IS NULL AND cut.doc IS NULL) AS justified
    FROM units LEFT JOIN gone ON units.kept_doc = gone.doc
    LEFT JOIN cut ON units.unit = 'paragraph' AND units.kept_doc = cut.doc AND units.kept_start = cut.start
"""
# The planted texts: whether the pair is to be found, whether the text is gone, whether both stay.
DOCUMENTS = """
    CREATE TABLE documents AS
    SELECT truth.*, truth.jaccard >= $threshold AS reached, mine.doc IS NOT NULL AS gone,
           mine.doc IS NULL AND theirs.doc IS NULL AS missed, coalesce(mine.justified, TRUE) AS justified
    FROM read_parquet($truth) AS truth
    LEFT JOIN removed AS mine ON mine.unit = 'document' AND truth.doc = mine.doc
    LEFT JOIN removed AS theirs ON theirs.unit = 'document' AND truth.source = theirs.doc
"""
# The planted paragraphs likewise, those of texts that stay; across texts only where those were compared.
PARAGRAPHS = """
    CREATE TABLE paragraphs AS
    SELECT truth.*, truth.doc = source_doc AS within,
           truth.jaccard >= $threshold AS reached, mine.doc IS NOT NULL AS gone,
           mine.doc IS NULL AND theirs.doc IS NULL AS missed, coalesce(mine.justified, TRUE) AS justified
    FROM read_parquet($truth) AS truth
    LEFT JOIN removed AS mine ON mine.unit = 'paragraph' AND truth.doc = mine.doc AND truth.start = mine.start
    LEFT JOIN removed AS theirs
    ON theirs.unit = 'paragraph' AND source_doc = theirs.doc AND source_start = theirs.start
    WHERE (truth.doc = source_doc OR $across)
    AND truth.doc NOT IN (SELECT doc FROM removed WHERE unit = 'document')
    AND source_doc NOT IN (SELECT doc FROM removed WHERE unit = 'document')
"""
SUMMARY = """
    SELECT {name}, count(*), count(*) FILTER (reached), count(*) FILTER (reached AND NOT missed),
           avg(1 - pow(1 - pow(jaccard, {rows}), {bands})) FILTER (reached), count(*) FILTER (NOT reached),
           count(*) FILTER (NOT reached AND gone), count(*) FILTER (NOT justified)
    FROM {table} GROUP BY ALL ORDER BY ALL
"""
# What rows are named by, and the pairs that are counted.
SUMMARIES = [
    ("kind of edit", "kind", "documents"),
    ("words edited", "share", "(FROM documents WHERE kind = 'words edited')"),
    ("Jaccard, from", f"list_max(list_filter({EDGES}::DOUBLE[], lambda edge: edge <= jaccard))", "documents"),
    ("paragraphs, and words that differ", "if(within, 'within a text, ', 'across texts, ') || edits", "paragraphs"),
]
SAMPLE = """
    SELECT doc, start, "end", kept_doc, kept_start, kept_end, jaccard FROM removed
    WHERE unit = $unit AND reason <> 'emptied' ORDER BY md5(doc || ':' || start) LIMIT $number
"""


def judge(folder: Path, temp: Path) -> dict[str, Any]:
    """Judge a run by what was planted.

    Args:
        folder: With `corpus.parquet`, `truth.parquet` and `repeats.parquet`, and in `out` what `dedup clean` left.
        temp: Folder to spill to.

    Returns:
        Tables by what their rows are named by, each a list of rows; and counts by name.
    """
    settings = Settings(**json.loads((folder / "out" / "run.json").read_text("utf-8"))["settings"])
    database = connect(temp, MEMORY, 1)
    least = {"threshold": settings.threshold}
    database.execute(REMOVED, {"removed": str(folder / "out" / "removed.parquet"), **least})
    database.execute(DOCUMENTS, {"truth": str(folder / "truth.parquet"), **least})
    across = settings.paragraphs == "all"
    database.execute(PARAGRAPHS, {"truth": str(folder / "repeats.parquet"), "across": across, **least})
    tables = {
        title: database.execute(
            SUMMARY.format(name=name, table=table, rows=settings.rows, bands=settings.bands)
        ).fetchall()
        for title, name, table in SUMMARIES
    }
    return {"tables": tables, "counts": count(database, folder)}


def count(database: "duckdb.DuckDBPyConnection", folder: Path) -> dict[str, int]:
    """Count what went, with what reason, and what was lost."""
    texts = pq.read_metadata(folder / "corpus.parquet").num_rows
    counts = {"texts": texts, "texts that stay": pq.read_metadata(folder / "out" / "clean.parquet").num_rows}
    query = "SELECT count(*) FROM removed WHERE reason = 'emptied'"
    (counts["texts of which nothing but repeated paragraphs was there"],) = _row(database, query)
    query = "SELECT count(*), count(*) FILTER (NOT justified) FROM removed WHERE unit = $unit AND reason <> 'emptied'"
    for unit, n in (("document", DOCUMENT_SHINGLE), ("paragraph", PARAGRAPH_SHINGLE)):
        counts[f"{unit}s removed"], counts[f"{unit}s removed without reason"] = _row(database, query, unit=unit)
        sample = database.execute(SAMPLE, {"unit": unit, "number": CHECKED}).fetchall()
        counts[f"{unit}s compared again"] = len(sample)
        counts[f"{unit}s with another Jaccard than was said"] = count_wrong(folder / "corpus.parquet", sample, n)
    query = "SELECT count(*) FROM removed ANTI JOIN documents ON removed.doc = documents.doc WHERE unit = 'document'"
    (counts["ordinary texts removed"],) = _row(database, query)
    (gone,) = _row(database, "SELECT count(*) FROM removed WHERE unit = 'document'")
    return {**counts, "texts lost": texts - counts["texts that stay"] - gone}


def _row(database: "duckdb.DuckDBPyConnection", query: str, **values: str) -> tuple[int, ...]:
    found: tuple[int, ...] | None = database.execute(query, values).fetchone()
    assert found is not None  # noqa: S101 - a count is one row
    return found


def count_wrong(corpus: Path, removals: Sequence[tuple[Any, ...]], n: int) -> int:
    """Compare removed units with those that stay for them, and count where the Jaccard is not the one that was said."""
    originals = read_texts(corpus, {doc for row in removals for doc in (row[0], row[3])})
    wrong = 0
    for doc, start, end, kept_doc, kept_start, kept_end, said in removals:
        found = jaccard(originals[doc][start:end], originals[kept_doc][kept_start:kept_end], n)
        wrong += found != said
    return wrong


def read_texts(corpus: Path, docs: set[int]) -> dict[int, str]:
    """Read some texts of a corpus, by number."""
    file, wanted, first = pq.ParquetFile(corpus), np.array(sorted(docs), np.int64), 0
    texts: dict[int, str] = {}
    for group in range(file.num_row_groups):
        last = first + file.metadata.row_group(group).num_rows
        here = wanted[np.searchsorted(wanted, first) : np.searchsorted(wanted, last)]
        if here.size:
            column = file.read_row_group(group, columns=["text"]).column("text").take(here - first)
            texts |= dict(zip(here.tolist(), column.to_pylist(), strict=True))
        first = last
    return texts


def cells(title: str, row: Sequence[Any]) -> list[str]:
    """Write a row of a table."""
    name, planted, reached, found, expected, *under = row
    shown = name if isinstance(name, str) else f"{name:.1%}" if title == "words edited" else f"{name:.2f}"
    rates = [f"{found / reached:.4f}", f"{expected:.4f}"] if reached else ["", ""]
    numbers = [f"{number:,}" for number in (planted, reached, found, *under)]
    return [shown, *numbers[:3], *rates, *numbers[3:]]


def show(results: dict[str, Any]) -> None:
    """Print tables and counts as Markdown."""
    for title, rows in results["tables"].items():
        print(table([title, *HEAD], (cells(title, row) for row in rows)))
    for name, number in results["counts"].items():
        print(f"* {name}: {number:,}")
