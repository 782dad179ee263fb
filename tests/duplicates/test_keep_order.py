"""The keep order of a column: fast paths equal reading each value, and documents without a value come last."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import dedup
from dedup.corpus import Corpus, open_corpus
from dedup.corpus.values import is_no_value
from dedup.corpus.values.missing import NO_VALUE_MARKS
from dedup.corpus.values.order import rank_strings
from dedup.duplicates import pipeline
from dedup.duplicates.columns import keep_order
from dedup.duplicates.columns.keep_order import cast_strings, column_precedence
from dedup.errors import ColumnNotFound, SettingsError

days = st.dates(date(1000, 1, 1)).map(str)
times = st.datetimes(datetime(1000, 1, 1), datetime(9999, 1, 1))
offsets = st.sampled_from(["Z", "+00:00", "+0900", "-03:30"])
formats: list[st.SearchStrategy[str]] = [
    st.integers(-(10**18), 10**18).map(str),
    st.integers(-12, 12).map(str),
    st.integers(-12, 12).map("{:03}".format),
    st.decimals(-(10**6), 10**6, places=8).map(str),
    st.one_of(st.integers(0, 3000).map(str), st.decimals(0, 9, places=2).map(str)),
    st.sampled_from(["2024", "20240501", "20231231", "1999", "20240501100000"]),
    days,
    times.map(str),
    times.map(lambda moment: f"{moment:%Y-%m-%dT%H:%M}"),
    st.tuples(times, offsets).map(lambda pair: f"{pair[0]:%Y-%m-%d %H:%M:%S}{pair[1]}"),
    st.tuples(times, offsets).map(lambda pair: pair[0].isoformat() + pair[1]),
    st.sampled_from(["2024-02-30", "2024-01-01", "0000-01-01", "2024-05-01T24:00", "2024-05-01T10:60:00Z"]),
    st.sampled_from(["0x1F", "10\n", " 9", "+5", "1e3", "nan", "a", "true"]),
]
marks = st.sampled_from([*sorted(NO_VALUE_MARKS), "N/A", "NaN", " "])
columns = st.sampled_from(formats).flatmap(
    lambda values: st.lists(st.one_of(values, values, values, st.none(), marks), max_size=30)
)


def corpus_of(temp: Path, values: pa.Array | list[Any]) -> Corpus:
    texts = pa.array([str(number) for number in range(len(values))])
    return open_corpus([pa.table({"text": texts, "value": values})], temp)


def order_of(values: pa.Array | list[Any], temp: Path, keep: str = "value") -> list[int]:
    """The documents in keep order."""
    precedence = column_precedence(keep, corpus_of(temp, values))
    assert precedence is not None
    return list(np.argsort(precedence, kind="stable").tolist())


def sorted_by(keys: list[Any], descending: bool) -> list[int]:
    """The reference: documents sorted by keys of Python, None last, equal keys by rank."""
    known = [doc for doc, key in enumerate(keys) if key is not None]
    known.sort(key=lambda doc: keys[doc], reverse=descending)
    return known + [doc for doc, key in enumerate(keys) if key is None]


@given(columns)
@example(["2024", "20240501"])
@example(["9007199254740993", "9007199254740992", ""])
def test_cast_strings_have_the_order_of_values_that_are_read_by_one(values: list[str | None]) -> None:
    typed = cast_strings(pa.chunked_array([pa.array(values, pa.large_string())]))
    if typed is None:
        return
    distinct = sorted({value for value in values if value is not None})
    ranking = rank_strings(pa.array(distinct, pa.large_string()))
    assert ranking.notes == ()
    ranks = dict(zip(distinct, ranking.ranks.tolist(), strict=True))
    known = sorted(set(typed.drop_null().to_pylist()))
    assert [-1 if value is None else ranks[value] for value in values] == [
        -1 if value is None else known.index(value) for value in typed.to_pylist()
    ]


@pytest.mark.parametrize(
    ("values", "data_type"),
    [
        (["1", "", "-2"], pa.int64()),
        (["1", "NA", "-2.50"], pa.float64()),
        ([None, "2024-05-01"], pa.date32()),
        (["2024-05-01 10:00", "2024-05-01T10:00:00.5"], pa.timestamp("us")),
        (["2024-05-01 10:00Z", "2024-05-01T10:00:00+0900"], pa.timestamp("us", "UTC")),
        (["2024", "20240501"], None),
        (["10\n", "9"], None),
        (["1234567890123456789", "1"], None),
        (["a", "1"], None),
    ],
)
def test_plain_formats_are_cast(values: list[str], data_type: pa.DataType | None) -> None:
    typed = cast_strings(pa.chunked_array([pa.array(values, pa.large_string())]))
    assert (None if typed is None else typed.type) == data_type


@given(columns, st.booleans())
def test_a_column_without_casts_has_the_same_order(
    tmp_path_factory: pytest.TempPathFactory, values: list[str | None], descending: bool
) -> None:
    if not values:
        return
    temp, keep = tmp_path_factory.mktemp("corpus"), "-value" if descending else "value"

    def outcome() -> list[int] | str:
        try:
            return order_of(pa.array(values, pa.string()), temp, keep)
        except SettingsError as error:
            return str(error)

    found = outcome()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keep_order, "cast_strings", lambda _: None)
        assert outcome() == found


@given(
    st.one_of(
        st.lists(st.one_of(st.none(), st.integers(-3, 3)), min_size=1),
        st.lists(st.one_of(st.none(), st.booleans()), min_size=1),
        st.lists(st.one_of(st.none(), st.dates()), min_size=1),
        st.lists(st.one_of(st.none(), st.floats()), min_size=1),
        st.lists(st.one_of(st.none(), st.sampled_from(["b", "a", "C", "é", "\U0001f600", "\ufffd", " "])), min_size=1),
        st.lists(st.one_of(st.none(), st.timedeltas(timedelta(-9), timedelta(9))), min_size=1),
    ),
    st.booleans(),
)
def test_columns_are_sorted_as_by_python(
    tmp_path_factory: pytest.TempPathFactory, values: list[Any], descending: bool
) -> None:
    keys = [
        None if value != value or (isinstance(value, str) and is_no_value(value)) else value  # NaN is not a value
        for value in values
    ]
    temp = tmp_path_factory.mktemp("corpus")
    assert order_of(values, temp, "-value" if descending else "value") == sorted_by(keys, descending)


def test_documents_without_a_value_are_counted(tmp_path: Path) -> None:
    for values, count in (
        (["7", "n/a", None, ""], 3),
        ([7.0, float("nan"), None], 2),
        ([1, 2, None], 1),
        (["a", "?"], 1),
        ([None, None], 2),
    ):
        for keep in ("value", "-value"):
            corpus = corpus_of(tmp_path, values)
            column_precedence(keep, corpus)
            note = f"--keep {keep}: {count} of {len(values)} documents have no value and come last"
            assert corpus.report.notes[-1] == note
    corpus = corpus_of(tmp_path, ["1", "2"])
    column_precedence("value", corpus)
    assert corpus.report.notes == ()


def test_notes_are_written_to_the_record_of_the_run(tmp_path: Path) -> None:
    table = pa.table({"text": ["One two three four five six"] * 3, "when": ["n/a", "13/01/2024", "02/01/2024"]})
    run = dedup.clean(table, out=tmp_path / "out", keep="when")
    notes = (
        "--keep when: dates such as '13/01/2024' are read as day/month/year",
        "--keep when: 1 of 3 documents have no value and come last",
    )
    assert run.run.notes[-2:] == notes
    assert tuple(json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["notes"][-2:]) == notes
    assert run.clean["doc"].to_pylist() == [2]
    assert dedup.scan(table, keep="when").run.notes[-2:] == notes


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        (pa.array([b"10", b"9", b"-"]), [1, 0, 2]),
        (pa.array([b"\xff", b"\xfe"]), [1, 0]),
        (pa.array([10**20, 9, None], pa.decimal128(25, 0)), [1, 0, 2]),
        (pa.array([1.5, float("nan"), -1.0], pa.float16()), [2, 0, 1]),
        (pa.array(["10", "9", "10"]).dictionary_encode(), [1, 0, 2]),
        (pa.array([3, 1, 2], pa.timestamp("ns", "Asia/Tokyo")), [1, 2, 0]),
        (pa.array([3, 1, 2], pa.time64("us")), [1, 2, 0]),
    ],
)
def test_types_of_columns(values: pa.Array, kept: list[int], tmp_path: Path) -> None:
    assert order_of(values, tmp_path) == kept


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            ["9", "high", "10", "low", "high"],
            "--keep -value: the values have no common order (numbers: 2, such as '9' (document '0'); text: 3, such as "
            "'high' (document '1')). Correct them or leave them empty, or use another column, first or longest.",
        ),
        (
            [None, "02/01/2024", "01/02/2024"],
            "--keep -value: it is unclear whether dates are day/month/year or month/day/year (unclear dates: 2, such "
            "as '02/01/2024' (document '1')). Write the dates as YYYY-MM-DD, or use another column, first or longest.",
        ),
        ([[1], [2]], "--keep -value: values of type list<item: int64> have no order. Name another column."),
        ([{"a": 1}], "--keep -value: values of type struct<a: int64> have no order. Name another column."),
    ],
)
def test_refusals_name_the_values(values: list[Any], message: str, tmp_path: Path) -> None:
    table = pa.table({"text": ["a"] * len(values), "id": [str(n) for n in range(len(values))], "value": values})
    with pytest.raises(SettingsError) as caught:
        column_precedence("-value", open_corpus([table], tmp_path))
    assert str(caught.value) == message


def test_a_column_of_several_types_is_compared_by_value(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "a", "v": 100}\n{"text": "b", "v": 9.5}\n', "utf-8")
    (tmp_path / "b.csv").write_text("text,v\nc,10\nd,unknown\n", "utf-8")
    (tmp_path / "c.jsonl").write_text('{"text": "e", "v": "-1e1"}\n{"text": "f", "v": null}\n', "utf-8")
    names = [tmp_path / name for name in ("a.jsonl", "b.csv", "c.jsonl")]
    precedence = column_precedence("v", open_corpus(names, tmp_path))
    assert np.argsort(precedence, kind="stable").tolist() == [4, 1, 2, 0, 3, 5]  # type: ignore[arg-type]
    (tmp_path / "d.jsonl").write_text('{"text": "g", "v": [1]}\n', "utf-8")
    with pytest.raises(SettingsError, match=r"lists or objects: 1, such as '\[1\]'"):
        column_precedence("v", open_corpus([*names, tmp_path / "d.jsonl"], tmp_path))


def test_columns_of_several_files_are_one_column(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,v,w\na,100,1\nb,20,2\n", "utf-8")
    (tmp_path / "b.csv").write_text("text,v,w\nc,9,1\nd,n/a,1e0\n", "utf-8")
    (tmp_path / "c.csv").write_text("text,w\ne,0\n", "utf-8")
    corpus = open_corpus([tmp_path], tmp_path)
    for keep, expected in (("v", [2, 1, 0, 3, 4]), ("-v", [0, 1, 2, 3, 4]), ("-w", [1, 0, 2, 3, 4])):
        precedence = column_precedence(keep, corpus)
        assert np.argsort(precedence, kind="stable").tolist() == expected  # type: ignore[arg-type]


def test_values_are_refused_before_the_long_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    def sketch(*_arguments: object) -> None:
        raise AssertionError("the corpus is sketched")

    monkeypatch.setattr(pipeline, "sketch_corpus", sketch)
    table = pa.table({"text": ["a", "b"], "value": ["1", "high"]})
    for run in (dedup.scan, dedup.clean, dedup.tune):
        with pytest.raises(SettingsError, match="no common order"):
            run(table, keep="value")
        with pytest.raises(ColumnNotFound):
            run(table, keep="-values")
        with pytest.raises(AssertionError):  # documents are not compared, so that their order does not matter
            run(table, keep="value", unit="paragraphs")
