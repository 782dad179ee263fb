"""Test that delimited tables are read without change, row by row, and that damage never merges rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.corpus.formats.csv import read_csv
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.settings import Reading

# NUL is binary, and a carriage return alone ends lines in old files.
VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff"), max_size=12)
HEADER = ["id", "text", "n"]
TABLES = st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=6)


def read(content: bytes, **options: Any) -> tuple[list[list[str]], ReportBuilder]:
    report = ReportBuilder()
    records = read_csv(io.BufferedReader(io.BytesIO(content)), "a.csv", report, Reading(**options))
    return [list(record.values.values()) for record in records], report


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@given(rows=TABLES, line_end=st.sampled_from(["\n", "\r\n"]))
def test_tables_of_python_come_back(
    delimiter: str, quoting: Literal[0, 1], rows: list[list[str]], line_end: str
) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=line_end)
    writer.writerows([HEADER, *rows])
    found, report = read(file.getvalue().encode(), delimiter=delimiter, quoting="quotes", header=True)
    assert found == rows
    assert report.skipped == []


SENTENCES = st.sampled_from(
    ["The council voted for a bridge.", "Prices rose; again, in May.", 'He said "no" to it.', "A line\nand one more."]
)


@given(rows=st.lists(SENTENCES, min_size=2, max_size=8), delimiter=st.sampled_from(",;\t|"))
def test_detected_dialect_gives_the_rows(rows: list[str], delimiter: str) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([["id", "text"], *([str(number), row] for number, row in enumerate(rows))])
    found, report = read(file.getvalue().encode())
    assert [row[1] for row in found] == rows
    assert report.skipped == []


@given(
    rows=st.lists(SENTENCES, min_size=3, max_size=12),
    at=st.floats(0, 1),
    damage=st.sampled_from([b'"', b",", b"\n", b""]),
)
def test_damage_is_named_and_merges_no_rows(rows: list[str], at: float, damage: bytes) -> None:
    rows = [f"{row} <{number}>" for number, row in enumerate(rows)]
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([["id", "text"], *([str(n), row] for n, row in enumerate(rows))])
    content = file.getvalue().encode()
    start = len("id,text\n")
    position = start + int(at * (len(content) - start - 1))
    found, report = read(
        content[:position] + damage + content[position + (not damage) :], delimiter=",", quoting="quotes", header=True
    )
    texts = [row[1] for row in found]
    assert len(set(rows) - set(texts)) <= 1 or report.skipped
    for text in texts:  # no text has the ends of two rows
        assert sum(row in text for row in rows) <= 1


def write_with_pandas(table: pa.Table, path: Path, delimiter: str) -> None:
    table.to_pandas().to_csv(path, sep=delimiter, index=False)


def write_with_polars(table: pa.Table, path: Path, delimiter: str) -> None:
    pl.DataFrame(table).write_csv(path, separator=delimiter)


def write_with_duckdb(table: pa.Table, path: Path, delimiter: str) -> None:
    connection = duckdb.connect()
    connection.register("source", table)
    options = f"HEADER, DELIMITER '{delimiter}', FORMAT csv"
    connection.execute(f"COPY (SELECT * FROM source) TO '{path}' ({options})")  # noqa: S608 - options of this test
    connection.close()


@pytest.mark.parametrize("write", [write_with_pandas, write_with_polars, write_with_duckdb])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@settings(max_examples=15, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(0, 99), VALUES, VALUES.filter(bool)), min_size=1, max_size=6))
def test_tables_of_other_libraries_come_back(
    write: Callable[[pa.Table, Path, str], None],
    delimiter: str,
    rows: list[tuple[int, str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("table") / "table.csv"
    write(pa.table([list(column) for column in zip(*rows, strict=True)], names=["n", "title", "text"]), path, delimiter)
    found, report = read(path.read_bytes(), delimiter=delimiter, quoting="quotes", header=True)
    assert found == [[str(n), title, text] for n, title, text in rows]
    assert report.skipped == []


SENTENCE = "The council voted for a bridge over the river."


def skipped_lines(report: ReportBuilder) -> list[int | None]:
    return [skipped.line for skipped in report.skipped]


@pytest.mark.parametrize(
    "above",
    ["Report;;\r\n;;\r\n", "Report of 2024;;\r\n", "# exported; on 3 May\r\n# by: north; south; east\r\n"],
    ids=["padded title and blank row", "padded title", "comments with delimiters"],
)
def test_titles_above_the_header_are_named(above: str) -> None:
    table = f"id;date;text\r\n0;2024-05-01;{SENTENCE}\r\n1;2024-05-02;{SENTENCE}\r\n"
    found, report = read((above + table).encode())
    assert found == [["0", "2024-05-01", SENTENCE], ["1", "2024-05-02", SENTENCE]]
    assert skipped_lines(report) == list(range(1, above.count("\n") + 1))


def test_a_first_column_without_a_name_is_not_a_title() -> None:
    found, report = read(f",text,\n0,{SENTENCE},a\n1,{SENTENCE},b\n".encode())
    assert found == [["0", SENTENCE, "a"], ["1", SENTENCE, "b"]]
    assert skipped_lines(report) == []


def test_a_header_that_recurs_is_not_a_row() -> None:
    found, report = read(f"id,text\n0,{SENTENCE}\nid,text\n1,{SENTENCE}\n".encode())
    assert found == [["0", SENTENCE], ["1", SENTENCE]]
    assert [(skipped.line, skipped.row, skipped.reason) for skipped in report.skipped] == [(3, 1, "the header again")]


def test_a_first_row_that_may_be_data_may_recur() -> None:
    found, report = read(b"Go.,Va\nRun,Cours\nGo.,Va\n")
    assert (found, report.skipped) == ([["Run", "Cours"], ["Go.", "Va"]], [])


def test_names_that_are_made_are_reported() -> None:
    _, report = read(f",text,text\n0,{SENTENCE},a\n1,{SENTENCE},b\n".encode())
    assert [*report.build().notes] == [
        "a.csv: columns whose name is empty or used before are named 'column_1', 'text_2'"
    ]


@pytest.mark.parametrize("sign", ["\x01", "^"])
def test_a_sign_that_seems_to_separate_fields_is_asked_for(sign: str) -> None:
    content = "\n".join(f"{row}{sign}en{sign}{SENTENCE}" for row in range(5)).encode()
    with pytest.raises(Unreadable, match="set --delimiter to it"):
        read(content)
    found, _ = read(content, delimiter=sign)
    assert found == [[str(row), "en", SENTENCE] for row in range(5)]
