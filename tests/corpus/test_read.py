"""Test reading of files, folders, standard input and tables into a corpus."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.corpus import Corpus, open_corpus
from dedup.errors import ColumnNotFound, InputChanged, InputError, NothingToRead, OutputError, SettingsError
from dedup.settings import Reading, Resources

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, data: str | bytes) -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return write


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Corpus]:
    def read(*inputs: Any, progress: Any = None, **options: Any) -> Corpus:
        temp = Path(tempfile.mkdtemp(dir=tmp_path))
        return open_corpus(inputs or [tmp_path / "in"], temp, Reading(**options), progress=progress)

    return read


def rows(corpus: Corpus, columns: list[str] | None = None) -> list[dict[str, Any]]:
    """Return all rows, after checking the ranks and the schema of each batch."""
    found, rank = [], 0
    for first, batch in corpus.batches(columns):
        assert first == rank
        assert batch.schema.equals(
            pa.schema([corpus.schema.field(name) for name in columns or corpus.schema.names]),
            check_metadata=True,
        )
        batch.validate(full=True)
        found += batch.to_pylist()
        rank += batch.num_rows
    assert rank == corpus.rows
    return found


def texts(corpus: Corpus) -> list[str | None]:
    return [row["text"] for row in rows(corpus, ["text"])]


def test_reads_all_formats_from_a_folder(write: Write, read: Callable[..., Corpus]) -> None:
    write("a.txt", "one\r\n")
    write("b/c.md", "# two")
    write("b.jsonl", '{"id": 7, "text": "three", "n": 1}\n\n{"id": 8, "text": null, "n": 2}\n')
    write("c.csv", 'title,body\n"x, y","fo\nur"\n')
    write("d.html", "<title>t</title><p>five<br>six")
    write("e.json", '[{"text": "seven", "n": 1.5}]')
    write("f.tsv", "text\trow\neight\t9\n")
    pq.write_table(pa.table({"text": ["nine"], "n": pa.array([3], pa.int32())}), write("g.parquet", ""))
    write("h.txt.gz", gzip.compress(b"ten"))
    write("i.jsonl.zst", bytes(pa.Codec("zstd").compress(b'{"text": "eleven"}\n', asbytes=True)))
    write(".hidden/x.txt", "no")
    write("empty.txt", "")
    corpus = read()
    found = rows(corpus)
    assert [(row["id"], row["text"]) for row in found] == [
        ("a.txt", "one\r\n"),
        ("7", "three"),
        ("8", None),
        ("b/c.md", "# two"),
        ("c.csv#0", "fo\nur"),
        ("d.html", "five\nsix"),
        ("e.json#0", "seven"),
        ("empty.txt", ""),
        ("f.tsv#0", "eight"),
        ("g.parquet#0", "nine"),
        ("h.txt.gz", "ten"),
        ("i.jsonl.zst#0", "eleven"),
    ]
    assert corpus.schema.names == ["id", "path", "row", "text", "input_id", "n", "title", "input_row"]
    assert [row["n"] for row in found if row["n"] is not None] == [1.0, 2.0, 1.5, 3.0]
    assert [row["row"] for row in found][:5] == [None, 0, 1, None, 0]
    assert found[8]["input_row"] == "9"
    report = corpus.report
    assert (report.files, report.hidden, report.skipped, report.null_texts) == (11, 1, (), 1)
    assert rows(corpus) == found
    assert rows(corpus, ["n", "path"]) == [{"n": row["n"], "path": row["path"]} for row in found]


def test_paths_with_several_inputs(write: Write, read: Callable[..., Corpus], monkeypatch: Any, tmp_path: Path) -> None:
    write("a/x.txt", "1")
    write("b.txt", "2")
    monkeypatch.chdir(tmp_path / "in")
    assert [row["path"] for row in rows(read("b.txt", "./a"))] == ["b.txt", "./a/x.txt"]
    assert [row["path"] for row in rows(read("./b.txt"))] == ["b.txt"]
    table = pa.table({"text": ["3"]})
    assert [row["id"] for row in rows(read(table, "b.txt", table))] == ["table-1#0", "b.txt", "table-2#0"]
    assert [row["id"] for row in rows(read(table))] == ["table#0"]


TABLES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pyarrow": pa.table,
    "batch": pa.RecordBatch.from_pydict,
    "polars": pl.DataFrame,
    "pandas": pd.DataFrame,
    "duckdb": lambda data: duckdb.from_arrow(pa.table(data)),
    "categories": lambda data: pa.table({**data, "text": pa.array(data["text"]).dictionary_encode()}),
    "bytes": lambda data: pa.table({**data, "text": [None if t is None else t.encode() for t in data["text"]]}),
    "views": lambda data: pa.table({**data, "text": pa.array(data["text"], pa.string_view())}),
}


@pytest.mark.parametrize("library", TABLES)
def test_reads_tables(library: str, read: Callable[..., Corpus], write: Write, tmp_path: Path) -> None:
    data = {"text": ["é", None, "b"], "url": ["u", "u", None], "k": [1, 2, 3]}
    table = TABLES[library](data)
    corpus = read(table)
    assert rows(corpus, ["id", "text", "url", "k"]) == [
        {"id": "u", "text": "é", "url": "u", "k": 1},
        {"id": "u", "text": None, "url": "u", "k": 2},
        {"id": "table#2", "text": "b", "url": None, "k": 3},
    ]
    report = corpus.report
    assert (report.null_texts, report.null_ids, report.repeated_ids, report.files) == (1, 1, 1, 1)
    assert (corpus.columns.text, corpus.columns.id, corpus.columns.url) == ("text", "url", "url")
    assert corpus.columns.found == ("text", "id", "url")
    if library in ("pyarrow", "categories", "bytes"):
        pq.write_table(table, write("t.parquet", ""), row_group_size=2)
        again = read(tmp_path / "in")
        common = ["text", "url", "k"]
        assert rows(again, common) == rows(corpus, common)
        assert [row["id"] for row in rows(again)] == ["u", "u", "t.parquet#2"]
        assert (again.report.null_texts, again.report.null_ids, again.report.repeated_ids) == (1, 1, 1)


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=40, deadline=None)
@given(st.lists(ANY_TEXT, min_size=1, max_size=30), st.integers(1, 80), st.data())
def test_texts_round_trip_in_order(values: list[str], batch_bytes: int, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sources: dict[str, Path] = {}
        for name in ("jsonl", "json", "parquet", "csv", "txt"):
            sources[name] = Path(folder, name)
            sources[name].mkdir()
        objects = [json.dumps({"text": value, "i": i}, ensure_ascii=i % 2 == 0) for i, value in enumerate(values)]
        (sources["jsonl"] / "a.jsonl").write_bytes("\n".join(objects).encode())
        (sources["json"] / "a.json").write_bytes(f"[{', '.join(objects)}]".encode())
        pq.write_table(pa.table({"text": values}), sources["parquet"] / "a.parquet", row_group_size=7)
        table = io.StringIO(newline="")
        pd.DataFrame({"text": values, "x": "-"}).to_csv(table, index=False, quoting=csv.QUOTE_ALL)
        (sources["csv"] / "a.csv").write_bytes(table.getvalue().encode())
        for i, value in enumerate(values):
            (sources["txt"] / f"{i:03}.txt").write_bytes(("x\ufeff" + value).encode())
        wanted = np.array(sorted(data.draw(st.sets(st.integers(0, len(values) - 1)))), np.int64)
        for name, source in sources.items():
            temp = Path(folder, f"{name}.temp")
            temp.mkdir()
            try:
                corpus = open_corpus([source], temp, resources=Resources(workers=1, batch_bytes=batch_bytes))
            except NothingToRead:
                assert name == "txt"
                continue
            expected = ["x\ufeff" + value for value in values] if name == "txt" else values
            if name == "txt" and corpus.report.skipped:  # texts with NUL, or mostly control characters, are binary
                continue
            check_batches(corpus, expected, wanted, batch_bytes)
            all_rows = rows(corpus)
            corpus.keep_texts(data.draw(st.integers(0, 400)))
            assert texts(corpus) == expected  # read into memory
            check_batches(corpus, expected, wanted, batch_bytes)
            assert rows(corpus) == all_rows
            assert rows(corpus, ["row", "text"]) == [{"row": row["row"], "text": row["text"]} for row in all_rows]


def check_batches(corpus: Corpus, expected: list[str], wanted: np.ndarray, batch_bytes: int) -> None:
    """Check the texts that are read, all and those of some ranks, and the size of the batches."""
    assert texts(corpus) == expected
    seen = {
        first + index: text
        for first, batch in corpus.batches(["text"], wanted)
        for index, text in enumerate(batch.column(0).to_pylist())
    }
    assert set(wanted) <= set(seen)
    assert all(expected[rank] == text for rank, text in seen.items())
    for _, batch in corpus.batches(["text"]):
        assert batch.num_rows == 1 or sum(len(t.encode()) for t in batch.column(0).to_pylist()) <= batch_bytes


def test_wanted_ranks_skip_row_groups(write: Write, read: Callable[..., Corpus]) -> None:
    pq.write_table(pa.table({"text": [str(i) for i in range(100)]}), write("a.parquet", ""), row_group_size=10)
    found = list(read().batches(["row", "text"], np.array([33, 34, 80])))
    assert [(first, batch.num_rows) for first, batch in found] == [(30, 10), (80, 10)]
    assert found[1][1].column("row")[0].as_py() == 80


def test_changed_file_raises(write: Write, read: Callable[..., Corpus]) -> None:
    path = write("a.parquet", "")
    pq.write_table(pa.table({"text": ["a"]}), path)
    corpus = read()
    pq.write_table(pa.table({"text": ["bb"]}), path)
    with pytest.raises(InputChanged, match=r"a\.parquet was changed"):
        list(corpus.batches())
    path.unlink()
    with pytest.raises(InputChanged):
        list(corpus.batches())


def test_reads_standard_input(read: Callable[..., Corpus], monkeypatch: Any) -> None:
    parquet = io.BytesIO()
    pq.write_table(pa.table({"text": ["p"]}), parquet)
    cases = {
        b'{"text": "a"}\n{"text": "b"}': [("-#0", "a"), ("-#1", "b")],
        gzip.compress(b'{"text": "a"}\n'): [("-#0", "a")],
        "plain\nte\u0301xt".encode(): [("-", "plain\nte\u0301xt")],
        parquet.getvalue(): [("-#0", "p")],
    }
    for data, expected in cases.items():
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert [(row["id"], row["text"]) for row in rows(read("-"))] == expected
        assert not sys.stdin.buffer.closed


def test_outlet_from_folder_name(write: Write, read: Callable[..., Corpus], tmp_path: Path) -> None:
    write("NHK/a.txt", "1")
    write("top.txt", "2")
    write("RBC/b.jsonl", '{"text": "3", "outlet": "mine"}')
    corpus = read(outlet_level=1)
    assert [(row["outlet"], row["input_outlet"]) for row in rows(corpus)] == [
        ("NHK", None),
        ("RBC", "mine"),
        (None, None),
    ]
    assert corpus.columns.outlet == "outlet"
    invalid: list[dict[str, Any]] = [
        {"outlet_level": 0},
        {"outlet_level": 1, "outlet_column": "x"},
        {"html_text": "some"},
    ]
    for options in invalid:
        with pytest.raises(SettingsError):
            read(tmp_path, **options)
    with pytest.raises(SettingsError):
        open_corpus([tmp_path], tmp_path, resources=Resources(workers=0))


@pytest.mark.parametrize(
    ("names", "roles"),
    [
        ({"title": "t", "outlet": "o", "date": "d", "url": "u", "author": "a"}, "title outlet date url author"),
        (
            {"Titre": "t", "Média": "o", "date_publication": "d", "lien": "u", "auteur": "a"},
            "title outlet date url author",
        ),
        ({"Titel": "t", "Medium": "o"}, "title outlet"),
        ({"Überschrift": "t", "Zeitung": "o", "Datum": "d", "Autor": "a"}, "title outlet date author"),
        ({"título": "t", "fuente": "o", "fecha": "d", "enlace": "u"}, "title outlet date url"),
        ({"заголовок": "t", "источник": "o", "дата": "d", "автор": "a"}, "title outlet date author"),
        ({"headline": "t", "site_name": "o", "published_at": "d", "byline": "a"}, "title outlet date author"),
        ({"title": 7, "authors": ["a", "b"]}, "author"),
    ],
)
def test_metadata_columns_are_found_by_usual_names(
    names: dict[str, Any], roles: str, read: Callable[..., Corpus]
) -> None:
    table = pa.table(
        {"text": ["A text of some words.", "Another text."], **{name: [value] * 2 for name, value in names.items()}}
    )
    columns = read(table).columns
    found = {role: getattr(columns, role) for role in ("title", "outlet", "date", "url", "author")}
    assert {role for role, name in found.items() if name is not None} == set(roles.split())
    assert set(roles.split()) <= {*columns.found}


def test_a_title_is_not_taken_for_the_text(write: Write, read: Callable[..., Corpus]) -> None:
    lines = [("The council builds a new bridge", "The council voted on Tuesday to build a bridge over the river.")]
    lines += [("Rain stops the final in Leeds", "The final was stopped on Monday after an hour of heavy rain.")]
    write("export.csv", "".join(f"{title};{text}\n" for title, text in [("Titel", "Artikel"), *lines]))
    corpus = read()
    assert (corpus.columns.text, corpus.columns.title) == ("Artikel", "Titel")
    assert texts(corpus) == [text for _, text in lines]


def test_a_column_of_the_text_cannot_be_the_title(write: Write, read: Callable[..., Corpus], tmp_path: Path) -> None:
    write("n.jsonl", '{"title": "x", "body": "y"}')
    with pytest.raises(ColumnNotFound, match=r"'title' is read as the text or a part of it.*--title-column"):
        read(tmp_path / "in", text_column="title,body", title_column="title")
    assert read(tmp_path / "in", text_column="body", title_column="title").columns.title == "title"
    assert read(tmp_path / "in", text_column="title,body").columns.title is None


def test_progress_reaches_total(write: Write, read: Callable[..., Corpus]) -> None:
    write("a.txt", "12345")
    write("b.jsonl", '{"text": "x"}\n')
    seen: list[tuple[int, int | None]] = []
    read(progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (19, 19)


def test_error_messages(write: Write, read: Callable[..., Corpus], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write("n.jsonl", '{"a": "x", "b": "y"}')
    binary = write("b.bin", b"\0\1")
    cases = [
        ((tmp_path / "absent",), {}, InputError, "does not exist"),
        ((tmp_path / "empty",), {}, NothingToRead, "Nothing to read"),
        ((binary,), {}, NothingToRead, "binary"),
        ((tmp_path / "in" / "n.jsonl",), {}, ColumnNotFound, "'a', 'b'.*--text-column"),
        ((tmp_path / "in" / "n.jsonl",), {"text_column": "c"}, ColumnNotFound, "named 'c'"),
        ((tmp_path / "in" / "n.jsonl",), {"text_column": "a", "id_column": "c"}, ColumnNotFound, "'c'"),
        (
            (tmp_path / "in" / "n.jsonl",),
            {"text_column": "a", "date_column": "c"},
            ColumnNotFound,
            "date.*'b'",
        ),
        ((tmp_path / "in", binary), {}, InputError, "twice"),
        ((binary, binary), {}, InputError, "twice"),
        ((os.devnull,), {}, InputError, "neither a file nor a folder"),
        ((pa.table({"a": [1]}),), {}, ColumnNotFound, "--text-column"),
    ]
    for inputs, options, error, message in cases:
        with pytest.raises(error, match=message):
            read(*inputs, **options)
    with pytest.raises(OutputError, match="--temp-dir"):
        open_corpus([pa.table({"text": ["a"]})], tmp_path / "absent")
    with pytest.raises(ColumnNotFound, match="no column 'q'"):
        list(read(tmp_path / "in" / "n.jsonl", text_column="a").batches(["q"]))
