"""`clean` against references: equal to the reference implementation, and to one run of the whole corpus."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import strategies
from clean_runs import ALL, DEFAULT, TEN, a_corpus, expected_output, options, table, without
from hypothesis import example, given
from hypothesis import strategies as st
from local_jobs import local_engine
from same_engines import check_same_clean

import dedup
from dedup.context import RunContext
from dedup.duplicates import pipeline
from dedup.duplicates.references.base import References
from dedup.index.references import open_references
from dedup.options import make_request
from dedup.render.run import describe_differences

TWELVE = f"{TEN} eleven twelve"


def clean_after(corpus: strategies.Corpus, split: int, chosen: dict[str, Any], folder: Path) -> dedup.Cleaned:
    """Clean the documents from a rank on against those before, which are numbered before them."""
    whole = table(corpus)
    given_options = {key: value for key, value in chosen.items() if value is not None}
    request = make_request({**given_options, "against": whole.slice(0, split), "workers": 1})
    opened = open_references([], request, None)

    @contextmanager
    def preceding(run: RunContext) -> Iterator[References]:
        with opened(run) as references:
            yield References(references.parts, precedes=True)

    run = pipeline.clean([whole.slice(split)], folder / "out", request, preceding)
    return dedup.Cleaned(run, folder / "out")


@given(strategies.corpora(), options, st.data())
@example(a_corpus(TEN, TEN, f"{TEN}!", "x"), DEFAULT, 2)
@example(a_corpus(TWELVE, f"{TWELVE} a", f"{TWELVE} b", f"{TWELVE}\n\n{TEN}"), ALL | {"threshold": 0.6}, 2)
@example(a_corpus(f"{TEN}\n\n{TWELVE}", f"{TEN}\n\nx", TEN, f"{TWELVE}\n\n{TEN}"), ALL, 1)
def test_equals_the_reference_implementation(
    tmp_path_factory: pytest.TempPathFactory, corpus: strategies.Corpus, chosen: dict[str, Any], data: Any
) -> None:
    most = len(corpus.texts) - 1
    split = data if isinstance(data, int) else data.draw(st.integers(0, most)) if most > 0 else 0
    if not split:
        return
    cleaned = clean_after(corpus, split, chosen, tmp_path_factory.mktemp("run"))
    expected = expected_output(corpus, chosen, cleaned.pairs.to_pylist(), split)
    assert cleaned.pairs.to_pylist() == expected.pairs
    assert without(cleaned.removed.to_pylist()) == expected.removed
    assert without(cleaned.clean.to_pylist()) == expected.clean


def comparable(rows: list[dict[str, Any]], *differing: str) -> list[dict[str, Any]]:
    left_out = {"path", "row", "kept_path", "copies", *differing}
    return [{key: value for key, value in row.items() if key not in left_out} for row in rows]


@strategies.FEW
@given(strategies.corpora(most=8), options, st.integers(1, 7))
@example(a_corpus(f"{TEN}\n\n{TWELVE}", f"{TEN}\n\nx y z", TEN, f"{TWELVE}\n\n{TEN}"), ALL, 2)
def test_an_output_of_clean_counts_with_its_kept_units(
    tmp_path_factory: pytest.TempPathFactory, corpus: strategies.Corpus, chosen: dict[str, Any], split: int
) -> None:
    if split >= len(corpus.texts):
        return
    chosen = {key: value for key, value in chosen.items() if value is not None} | {"keep": "first", "workers": 1}
    folder, whole = tmp_path_factory.mktemp("run"), with_ids(table(corpus))
    at_once = dedup.clean(whole, **chosen)
    earlier = dedup.clean(whole.slice(0, split), folder / "earlier", **chosen)
    later = dedup.clean(whole.slice(split), folder / "later", against=earlier.out, **chosen)
    expected = [row | {"doc": row["doc"] - split} for row in at_once.removed.to_pylist() if row["doc"] >= split]
    for row in expected:
        if row["kept_doc"] is not None:
            is_earlier = row["kept_doc"] < split
            row |= {"kept_doc": None, "scope": "reference"} if is_earlier else {"kept_doc": row["kept_doc"] - split}
    assert comparable(later.removed.to_pylist()) == comparable(expected)
    kept = [row | {"doc": row["doc"] - split} for row in at_once.clean.to_pylist() if row["doc"] >= split]
    assert comparable(later.clean.to_pylist()) == comparable(kept)
    check_reference_units(folder / "later", whole["text"].to_pylist(), whole["id"].to_pylist())


def with_ids(corpus: pa.Table) -> pa.Table:
    names = pa.array([f"d{rank}" for rank in range(corpus.num_rows)])
    return corpus.set_column(corpus.schema.get_field_index("id"), "id", names)


def check_reference_units(out: Path, texts: list[str | None], ids: list[str]) -> None:
    """Check that reference.parquet has the text of each unit of the reference that is named."""
    removed = pq.read_table(out / "removed.parquet").to_pylist()
    named = {(row["unit"], row["doc"], row["start"], row["end"]): row for row in removed if row["scope"] == "reference"}
    units = pq.read_table(out / "reference.parquet").to_pylist()
    for unit in units:
        text = texts[ids.index(unit["id"])] or ""
        assert unit["doc"] is None
        assert unit["text"] == text[unit["start"] : unit["end"]]
        for place in unit["removed"]:
            row = named.pop((unit["unit"], place["doc"], place["start"], place["end"]))
            assert (row["kept_id"], row["kept_start"], row["kept_end"]) == (unit["id"], unit["start"], unit["end"])
    assert named == {}


def test_nothing_of_a_reference_is_removed(tmp_path: Path) -> None:
    old = pa.table({"id": ["a", "b"], "text": [TWELVE, TWELVE]})
    new = pa.table({"id": ["c", "d"], "text": [f"{TWELVE}!", "something else entirely"]})
    cleaned = dedup.clean(new, tmp_path / "out", against=[old], keep="longest")
    assert cleaned.clean["id"].to_pylist() == ["d"]
    [row] = cleaned.removed.to_pylist()
    assert (row["scope"], row["kept_id"], row["kept_doc"], row["reason"]) == ("reference", "a", None, "near")
    record = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert record["references"] == ["a table"]
    assert record["counts"]["reference_documents"] == 2
    assert record["counts"]["documents_in_reference"] == 1


def test_several_references_come_in_their_order(tmp_path: Path) -> None:
    tables = [pa.table({"id": [name], "text": [TWELVE]}) for name in "abc"]
    for out in (tmp_path / "out", None):
        cleaned = dedup.clean(tables[2], out, against=[tables[1], tables[0]])
        assert cleaned.reference is not None
        assert cleaned.removed["kept_id"].to_pylist() == cleaned.reference["id"].to_pylist() == ["b"]
    assert dedup.clean(tables[2]).reference is None


def test_only_documents_of_the_same_group_are_compared(tmp_path: Path) -> None:
    old = pa.table({"id": ["a", "b", "c"], "text": [TWELVE] * 3, "lang": ["fr", "en", None]})
    new = pa.table({"id": ["d", "e", "f"], "text": [TWELVE] * 3, "lang": ["de", "en", None]})
    cleaned = dedup.clean(new, tmp_path / "out", against=old, per="lang")
    assert dict(zip(cleaned.removed["id"].to_pylist(), cleaned.removed["kept_id"].to_pylist(), strict=True)) == {
        "e": "b",
        "f": "c",
    }


def test_values_of_a_column_are_compared_regardless_of_their_type(tmp_path: Path) -> None:
    columns = [pa.array([2020, 1]), pa.array(["2020", "true"]), pa.array([2020.0, 1.5]), pa.array([True, None])]
    texts = [pa.array([f"{TWELVE} x", f"{TWELVE} y z v w"])] * len(columns)
    tables = [pa.table({"text": text, "key": key}) for text, key in zip(texts, columns, strict=True)]
    at_once = dedup.clean(tables, per="key")
    index = dedup.Index(tmp_path / "index")
    parts = [index.add(part, per="key") for part in tables]
    found = [row["doc"] for part in parts for row in part.removed.to_pylist()]
    assert found == at_once.removed["doc"].to_pylist() == [2, 4]
    against = dedup.clean(tables[2], against=tables[:2], per="key")
    assert against.removed["doc"].to_pylist() == [0]
    with pytest.raises(dedup.ColumnNotFound, match="--against a table: There is no column 'key'"):
        dedup.clean(tables[0], against=pa.table({"text": [TWELVE]}), per="key")


def test_the_text_of_a_reference_can_have_another_name() -> None:
    questions = pa.table({"topic": [f"{TEN} a", f"{TEN} b"], "question": [TWELVE, TEN]})
    texts = [f"{TWELVE} thirteen", TEN]
    advice = "--against a table: .* --against-text-column names the text column of references only"
    with pytest.raises(dedup.ColumnNotFound, match=advice):
        dedup.clean(pa.table({"text": texts}), against=questions)
    with pytest.raises(dedup.ColumnNotFound, match=advice):
        dedup.clean(pa.table({"body": texts}), against=pa.table({"text": [TEN]}), text_column="body")
    for column, named in (("text", None), ("body", "body")):
        corpus = pa.table({column: texts})
        cleaned = dedup.clean(corpus, against=questions, text_column=named, against_text_column="question")
        assert cleaned.removed["kept_start"].to_pylist() == [0]


def test_spark_reads_the_text_column_of_references(tmp_path: Path) -> None:
    questions = pa.table({"topic": [f"{TEN} a", f"{TEN} b"], "question": [TWELVE, TEN]})
    corpus = pa.table({"text": [f"{TWELVE} thirteen", TEN]})
    with local_engine(1, 1000) as session:
        for number, column in enumerate((None, "question")):
            folder = tmp_path / str(number)
            folder.mkdir()
            cleaned = check_same_clean(corpus, folder, session, against=questions, against_text_column=column)
            assert (cleaned is None) == (column is None)


def test_a_text_column_of_references_needs_a_reference() -> None:
    with pytest.raises(dedup.SettingsError, match=r"--against-text-column .* Name the reference with --against\."):
        dedup.clean(pa.table({"text": [TEN]}), against_text_column="question")
    with pytest.raises(dedup.SettingsError, match="against_text_column"):
        dedup.align(pa.table({"text": [TEN]}), against_text_column="question")  # type: ignore[call-arg]


def test_documents_removed_for_a_reference_do_not_count_as_compared_by_columns() -> None:
    found = pa.table({"text": [TWELVE, TEN, TEN], "label": ["a", "a", "b"]})
    run = dedup.clean(found, against=pa.table({"text": [TWELVE]})).run
    assert list(describe_differences(run)) == [("differing", "`label` in 1 of 1 removed document")]


def test_what_cannot_be_compared_is_refused(tmp_path: Path) -> None:
    table = pa.table({"text": [TWELVE]})
    dedup.clean(table, tmp_path / "old")
    with pytest.raises(dedup.InputError, match="is in the output folder, which would be replaced"):
        dedup.clean(pa.table({"text": [TEN]}), tmp_path / "old", against=tmp_path / "old", overwrite=True)
    with pytest.raises(dedup.InputError, match="The same table"):
        dedup.clean(table, against=table)
    with pytest.raises(dedup.InputError, match="can only be read once"):
        dedup.clean("-", against="-")
    run = dedup.clean(table, against=tmp_path / "old", unit="paragraphs").run
    assert any("nothing is compared with the reference" in note for note in run.notes)
    with pytest.raises(dedup.SettingsError, match="--against must be a str or a pathlib path"):
        dedup.clean(table, against=[5])  # type: ignore[list-item]  # what a user may pass


def test_an_input_that_is_in_the_reference_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.txt").write_text(TWELVE, "utf-8")
    with pytest.raises(dedup.InputError, match="one contains the other"):
        dedup.clean(tmp_path / "old" / "a.txt", tmp_path / "out", against=str(tmp_path / "old"))


def test_the_column_that_is_taken_for_the_text_of_a_reference_is_noted(tmp_path: Path) -> None:
    sentences = ["The council voted to build a bridge.", "Prices rose again in May, the office said.", f"{TWELVE}."]
    corpus, questions = pa.table({"text": [TWELVE]}), pa.table({"question": sentences, "answer": [1, 2, 3]})
    note = "reference a table: the column `question` is its text"
    assert note in dedup.clean(corpus, against=questions).run.notes
    assert note not in dedup.clean(corpus, against=questions, against_text_column="question").run.notes
    with local_engine(1, 1000) as session:
        cleaned = check_same_clean(corpus, tmp_path, session, against=questions)
    assert cleaned is not None
    assert note in cleaned.run.notes
    several = pa.table({"question": sentences, "explanation": sentences[::-1]})
    with pytest.raises(dedup.ColumnNotFound, match="Name it with --against-text-column"):
        dedup.clean(corpus, against=several)


def test_what_contains_an_item_is_not_kept_in_the_reference() -> None:
    corpus, items = pa.table({"text": [f"{TWELVE} thirteen fourteen"] * 2}), pa.table({"text": [TWELVE]})
    run = dedup.clean(corpus, against=items, contained=5).run
    assert run.removed["documents"].contained == 2
    assert run.counts["documents_in_reference"] == 0
