"""Test that tables written by other libraries are read without change: every row, with its names and values."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.corpus import Corpus, open_corpus
from dedup.outputs.input_rows import convert_batch
from dedup.settings import Reading

Rows: TypeAlias = "list[dict[str, Any]]"

# Surrogates are not text, and DuckDB ends strings at NUL.
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
STRINGS = st.one_of(
    st.text(CHARACTERS, max_size=12),
    st.sampled_from(
        ['say "no"', "a,b;c\td|e", "two\nlines", "cr\r\nlf", " padded ", "\u2028", "é" * 40, "'", "\\", "\\n"]
    ),
)
INTEGERS = st.integers(-(2**63), 2**63 - 1)
FLOATS = st.floats(-1e300, 1e300)  # pandas rounds the greatest numbers to infinity


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    """Draw rows with a text and columns of one type each, in any order."""
    kinds = {"text": STRINGS, "n": INTEGERS, "x": FLOATS, "ok": st.booleans(), "title": STRINGS}
    names = draw(st.permutations(["text", *draw(st.sets(st.sampled_from(["n", "x", "ok", "title"])))]))
    nullable = draw(st.sets(st.sampled_from(["n", "x", "ok", "title"])))
    count = draw(st.integers(1, 6))
    columns = {
        name: draw(
            st.lists(kinds[name] if name not in nullable else st.none() | kinds[name], min_size=count, max_size=count)
        )
        for name in names
    }
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def arrow_table(rows: Rows) -> pa.Table:
    types = {"text": pa.string(), "n": pa.int64(), "x": pa.float64(), "ok": pa.bool_(), "title": pa.string()}
    return pa.table({name: pa.array([row[name] for row in rows], types[name]) for name in rows[0]})


def write_with_duckdb(rows: Rows, path: Path, options: str) -> None:
    connection = duckdb.connect()
    connection.register("source", arrow_table(rows))
    connection.execute(f"COPY (SELECT * FROM source) TO '{path}' ({options})")  # noqa: S608 - options of this test
    connection.close()


def pandas_frame(rows: Rows) -> pd.DataFrame:
    """Return rows as a table that has integers beside null, which pandas would turn into floats."""
    return pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=object) for name in rows[0]})


def write_with_pandas(rows: Rows, path: Path, **options: Any) -> None:
    pandas_frame(rows).to_json(path, orient="records", double_precision=15, **options)


WRITERS: dict[str, Callable[[Rows, Path], object]] = {
    "python.jsonl": lambda rows, path: path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8"),
    "python.json": lambda rows, path: path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8"),
    "polars.jsonl": lambda rows, path: pl.DataFrame(arrow_table(rows)).write_ndjson(path),
    "polars.json": lambda rows, path: pl.DataFrame(arrow_table(rows)).write_json(path),
    "polars.parquet": lambda rows, path: pl.DataFrame(arrow_table(rows)).write_parquet(path),
    "pyarrow.parquet": lambda rows, path: pq.write_table(arrow_table(rows), path, row_group_size=2),
    "duckdb.jsonl": lambda rows, path: write_with_duckdb(rows, path, "FORMAT json"),
    "duckdb.json": lambda rows, path: write_with_duckdb(rows, path, "FORMAT json, ARRAY true"),
    "duckdb.parquet": lambda rows, path: write_with_duckdb(rows, path, "FORMAT parquet"),
    "pandas.jsonl": lambda rows, path: write_with_pandas(rows, path, lines=True),
    "pandas.json": lambda rows, path: write_with_pandas(rows, path),
    "pandas.parquet": lambda rows, path: pandas_frame(rows).to_parquet(path),
}


def restored(corpus: Corpus) -> Rows:
    """Return the rows of a corpus as the input had them."""
    json_columns = frozenset(corpus.json_columns)
    found: Rows = []
    for first, batch in corpus.batches():
        docs = pa.array(range(first, first + batch.num_rows))
        with_docs = pa.RecordBatch.from_arrays([docs, *batch.columns], ["doc", *batch.schema.names])
        found += [dict(row.values) for row in convert_batch(with_docs, corpus.origins, json_columns)]
    return found


def same(left: Any, right: Any) -> bool:
    """Return whether two values are equal; numbers up to the digits that a writer prints."""
    if isinstance(left, float) and isinstance(right, float | int) and not isinstance(right, bool):
        return math.isclose(left, right, rel_tol=1e-13, abs_tol=1e-14)
    return bool(left == right)


@pytest.mark.parametrize("writer", WRITERS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=tables())
def test_tables_come_back(writer: str, rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("table")
    path = folder / f"table.{writer.rpartition('.')[2]}"
    WRITERS[writer](rows, path)
    corpus = open_corpus([path], folder, Reading(text_column="text"))
    assert corpus.report.skipped == ()
    found = restored(corpus)
    assert len(found) == len(rows)
    for mine, theirs in zip(found, rows, strict=True):
        assert [*mine] == [*theirs]
        assert all(same(theirs[name], mine[name]) for name in theirs)
