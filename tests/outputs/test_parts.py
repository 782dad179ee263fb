"""Outputs whose tables are folders of parts are read as those whose tables are files."""

import json
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import strategies
from clean_runs import options, table
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st
from output_parts import split_output

import dedup
from dedup.cli.commands import cli
from dedup.outputs.input_rows import input_rows
from dedup.outputs.loaded import load_cleaned
from dedup.outputs.origins import decode_origins
from dedup.outputs.parts import list_table, part_name
from dedup.outputs.reader import load_run, read_tables

WORDS = (
    "The council of the city voted on Tuesday to build a bridge over the river near the old mill and the new station."
)
OTHER = "A second paragraph that several of these documents share, long enough to be removed on its own as a duplicate."
PAGE = f"<html><head><title>News</title></head><body><p>{WORDS} It costs a lot.</p><p>{OTHER}</p></body></html>"
ROWS = [
    {"id": "x", "text": f"{WORDS}\n\n{OTHER}", "value": 1},
    {"id": "y", "text": f"Something else.\n\n{OTHER}", "value": "one"},
    {"id": None, "text": None, "value": [1, "a"]},
    {
        "id": "z",
        "text": "Known from before: the mill was sold to the city for one crown in the year 1901, says the mayor.",
    },
]
DOCUMENTS = 9
ALSO_KNOWN = "Also known from before: the station will be closed for a year, and trains will stop at the next one."
KNOWN = pa.table({"id": ["k", "l"], "text": [ALSO_KNOWN, ROWS[3]["text"]]})

CUTS = st.lists(st.integers(0, DOCUMENTS + 1), max_size=6)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output with files, rows, pages, values of several types and a reference."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "in").mkdir()
    (folder / "in" / "a.txt").write_text(f"\ufeff{WORDS}\n\n{OTHER}\n", "utf-8")
    (folder / "in" / "b.html").write_text(PAGE, "utf-8")
    (folder / "in" / "c.txt").write_text(f"{WORDS}\n\n{OTHER}\n", "utf-8")
    (folder / "in" / "d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    (folder / "in" / "e.csv").write_text(f'key,text\np,{WORDS}\nq,"{ALSO_KNOWN}"\n', "utf-8")
    dedup.clean(folder / "in", folder / "out", paragraphs="all", min_tokens=5, against=KNOWN)
    return folder / "out"


@pytest.fixture(scope="module")
def expected(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return views(whole, tmp_path_factory.mktemp("expected"))


def by_key(rows: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def loaded_views(out: Path) -> dict[str, Any]:
    """What `Cleaned` gives of an output."""
    cleaned = load_cleaned(load_run(out), out, out)
    origins = decode_origins(cleaned.clean.schema.metadata)
    assert origins is not None
    assert cleaned.reference is not None
    docs = range(cleaned.run.counts["documents"])
    return {
        "clean": cleaned.clean.to_pylist(),
        "removed": cleaned.removed.to_pylist(),
        "pairs": by_key(cleaned.pairs.to_pylist()),
        "reference": by_key(cleaned.reference.to_pylist()),
        "origins": ([origins[0].of(doc) for doc in docs], origins[1]),
    }


def read_again(cleaned: dedup.Cleaned) -> dict[str, Any]:
    """The result of a run on an output, without what names its files."""
    left_out = {"path", "row", "kept_path"}
    return {
        "clean": [without(row, left_out) for row in cleaned.clean.to_pylist()],
        "removed": [without(row, left_out) for row in cleaned.removed.to_pylist()],
        "counts": without(cleaned.run.counts, {"files"}),
        "columns": cleaned.run.columns,
    }


def without(row: dict[str, Any], names: set[str]) -> dict[str, Any]:
    # An id that is made from path and row names the file too.
    return {name: re.sub(r"^.*parquet.*#\d+$", "#", str(value)) for name, value in row.items() if name not in names}


def page_of(out: Path, folder: Path) -> str:
    """The page of an output, without its place."""
    page = dedup.report(out, folder / "page.html", overwrite=True).read_text("utf-8")
    return page.replace(str(out), "OUT").replace(str(out.parent), "PARENT")


def views(out: Path, folder: Path) -> dict[str, Any]:
    """Everything that is read of an output."""
    dedup.restore_to(out, folder / "back")
    new = pa.table({"id": ["n", "m"], "text": [f"{WORDS}\n\nNew.", f"New too.\n\n{OTHER}"]})
    compared = dedup.clean(new, against=out, paragraphs="all", min_tokens=5)
    assert compared.reference is not None
    run = CliRunner().invoke(cli, ["restore", str(out)])
    return {
        "rows": [row.to_json() for row in input_rows(out)],
        "restored": [row for batch in dedup.restore(out) for row in batch.to_pylist()],
        "files": files_in(folder / "back"),
        "printed": run.stdout,
        "explained": [
            explanation.to_dict() for doc in range(DOCUMENTS) for explanation in dedup.explain(out, f"#{doc}")
        ],
        "page": page_of(out, folder),
        "loaded": loaded_views(out),
        "against": [compared.clean.to_pylist(), compared.removed.to_pylist(), compared.reference.to_pylist()],
        "again": read_again(dedup.clean(out, paragraphs="all", min_tokens=5)),
    }


@strategies.FEW
@given(CUTS, st.integers(1, 4))
@example([], 1)
@example([0, 2, 2, 5, DOCUMENTS], 2)
@example(list(range(1, DOCUMENTS)), 1)
def test_parts_are_read_as_one_file(
    tmp_path_factory: pytest.TempPathFactory, whole: Path, expected: dict[str, Any], cuts: list[int], group_rows: int
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    found = views(split_output(whole, folder / "out", cuts, group_rows, counted=len(cuts) % 2 == 0), folder)
    for name, value in expected.items():
        assert found[name] == value, name


def test_the_example_has_all_that_a_reader_must_join(whole: Path, expected: dict[str, Any]) -> None:
    assert load_run(whole).counts["documents"] == DOCUMENTS
    removed = expected["loaded"]["removed"]
    assert {row["scope"] for row in removed} >= {"across", "reference"}
    assert {row["unit"] for row in removed} == {"document", "paragraph"}
    assert len(expected["loaded"]["reference"]) > 1
    origins, json_columns = expected["loaded"]["origins"]
    assert {origin.kind for origin in origins} == {"text", "extracted", "rows"}
    assert json_columns == {"value"}


@strategies.FEW
@given(strategies.corpora(), options, st.lists(st.integers(0, 12), max_size=5), st.integers(1, 3))
def test_random_outputs_are_restored_from_parts(
    tmp_path_factory: pytest.TempPathFactory,
    corpus: strategies.Corpus,
    chosen: dict[str, Any],
    cuts: list[int],
    group_rows: int,
) -> None:
    folder = tmp_path_factory.mktemp("random")
    given_options = {key: value for key, value in chosen.items() if value is not None} | {"workers": 1}
    dedup.clean(table(corpus), folder / "out", **given_options)
    parts = split_output(folder / "out", folder / "parts" / "out", cuts, group_rows)
    assert [text for batch in dedup.restore(parts) for text in batch["text"].to_pylist()] == corpus.texts
    for doc in range(len(corpus.texts)):
        assert dedup.explain(parts, f"#{doc}") == dedup.explain(folder / "out", f"#{doc}")
    assert page_of(parts, folder) == page_of(folder / "out", folder)


def test_pairs_of_scan_may_be_parts(tmp_path: Path) -> None:
    dedup.scan(pa.table({"text": [WORDS, f"{WORDS} x", f"{WORDS} y"]}), tmp_path / "out")
    parts = split_output(tmp_path / "out", tmp_path / "parts" / "out", [1, 1])
    assert page_of(parts, tmp_path) == page_of(tmp_path / "out", tmp_path)


@pytest.fixture
def parts(whole: Path, tmp_path: Path) -> Path:
    return split_output(whole, tmp_path / "out", [2, 3, 6], 2)


def test_other_tools_read_parts(whole: Path, parts: Path) -> None:
    for name in ("clean", "removed"):
        expected = pq.read_table(whole / f"{name}.parquet")["doc"].to_pylist()
        pattern = f"{parts}/{name}.parquet/*.parquet"
        found = duckdb.execute("SELECT doc FROM read_parquet(?) ORDER BY doc", [pattern]).fetchall()
        assert [doc for (doc,) in found] == sorted(expected)
        assert pl.read_parquet(pattern)["doc"].to_list() == expected
        assert pq.read_table(parts / f"{name}.parquet")["doc"].to_pylist() == expected


def test_parts_without_the_documents_that_are_wanted_are_not_read(parts: Path) -> None:
    docs = [row["doc"] for table in read_tables(parts / "clean.parquet", ["doc"], [5, 7]) for row in table.to_pylist()]
    assert set(docs) <= {5, 7}
    assert len(list(read_tables(parts / "clean.parquet", ["doc"], [8]))) < len(
        list(read_tables(parts / "clean.parquet"))
    )


def test_the_parts_of_an_output_are_inputs(parts: Path) -> None:
    cleaned = dedup.clean(parts, paragraphs="none")
    assert set(cleaned.clean["path"].to_pylist()) <= {f"clean.parquet/{part_name(number)}" for number in range(4)}
    assert "copies_1" not in cleaned.clean.column_names
    assert "input_doc" not in cleaned.clean.column_names
    assert any("an earlier output of dedup; only its clean.parquet is read" in note for note in cleaned.run.notes)
    assert dedup.scan(parts / "clean.parquet").run.counts["documents"] == cleaned.run.counts["documents"]


def test_the_folder_of_parts_is_not_an_outlet(whole: Path, parts: Path) -> None:
    outlets = [
        dedup.clean(out, outlet_level=1, paragraphs="none").clean["outlet"].to_pylist() for out in (whole, parts)
    ]
    assert outlets[0] == outlets[1]
    assert set(outlets[0]) == {None}


def test_an_output_inside_an_input_is_not_read(parts: Path) -> None:
    (parts.parent / "a.txt").write_text(WORDS, "utf-8")
    run = dedup.scan(parts.parent).run
    assert run.counts["documents"] == 1
    assert any("which is not read" in note for note in run.notes)


def test_parts_are_replaced(parts: Path) -> None:
    with pytest.raises(dedup.OutputExists):
        dedup.clean(pa.table({"text": [WORDS]}), parts)
    dedup.clean(pa.table({"text": [WORDS]}), parts, overwrite=True)
    assert (parts / "clean.parquet").is_file()


def test_an_addition_to_an_index_reads_parts(parts: Path, whole: Path, tmp_path: Path) -> None:
    added = [dedup.Index(tmp_path / f"index-{out.parent.name}").add(out) for out in (whole, parts)]
    assert read_again(added[0]) == read_again(added[1])


def remove(name: str) -> Callable[[Path], None]:
    return lambda out: (out / name).unlink()


def empty(out: Path) -> None:
    shutil.rmtree(out / "clean.parquet")
    (out / "clean.parquet").mkdir()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (remove("clean.parquet/part-00001.parquet"), "clean.parquet/part-00001.parquet is missing"),
        (remove("clean.parquet/part-00003.parquet"), "clean.parquet/part-00003.parquet is missing"),
        (remove("removed.parquet/part-00000.parquet"), "removed.parquet/part-00000.parquet is missing"),
        (remove("pairs.parquet/part-00003.parquet"), "pairs.parquet/part-00003.parquet is missing"),
        (empty, "clean.parquet/part-00000.parquet is missing"),
    ],
)
def test_a_missing_part_is_named(parts: Path, tmp_path: Path, change: Callable[[Path], None], named: str) -> None:
    change(parts)
    for read in (
        lambda: list(dedup.restore(parts)),
        lambda: dedup.explain(parts, "x"),
        lambda: dedup.report(parts, tmp_path / "page.html"),
        lambda: dedup.clean(KNOWN, against=parts),
    ):
        with pytest.raises(dedup.NotAnOutput, match=f"is not complete: {named}"):
            read()
    if "clean" in named:
        with pytest.raises(dedup.NothingToRead, match=f"that is not complete: {named}"):
            dedup.scan(parts)


def test_a_missing_part_is_noticed_without_recorded_numbers(whole: Path, tmp_path: Path) -> None:
    out = split_output(whole, tmp_path / "out", [2, 4], counted=False)
    (out / "clean.parquet" / part_name(1)).unlink()
    with pytest.raises(dedup.NotAnOutput, match=r"part-00001\.parquet is missing"):
        list(dedup.restore(out))
    with pytest.raises(dedup.NotAnOutput, match=r"part-00001\.parquet is missing"):
        _ = load_cleaned(load_run(whole), out, out).clean


def test_a_damaged_part_is_named(parts: Path) -> None:
    part = parts / "clean.parquet" / part_name(2)
    whole = part.read_bytes()
    part.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(dedup.OutputError, match=r"clean\.parquet/part-00002\.parquet cannot be read"):
        list(dedup.restore(parts))
    pq.write_table(pa.table({"doc": [1]}), part)
    with pytest.raises(dedup.NotAnOutput, match=r"part-00002\.parquet was not written by this version"):
        list(dedup.restore(parts))
    part.write_bytes(whole)
    changed = pq.read_table(part).append_column("more", pa.nulls(pq.read_table(part).num_rows, pa.int8()))
    pq.write_table(changed, part)
    with pytest.raises(dedup.OutputError, match=r"part-00002\.parquet and the parts before it have different columns"):
        list(dedup.restore(parts))


@pytest.mark.parametrize("recorded", [[], {"clean.parquet": "2"}, None])
def test_damaged_numbers_of_parts_are_refused(parts: Path, recorded: Any) -> None:
    record = json.loads((parts / "run.json").read_text("utf-8"))
    (parts / "run.json").write_text(json.dumps(record | {"parts": recorded}), "utf-8")
    with pytest.raises(dedup.NotAnOutput, match="does not describe a run"):
        list(dedup.restore(parts))
    with pytest.raises(dedup.NothingToRead, match=r"its run\.json is damaged"):
        dedup.scan(parts)


@given(st.lists(st.integers(0, 200_000), unique=True, max_size=30), st.integers(0, 40))
def test_parts_are_listed_by_number(numbers: list[int], count: int) -> None:
    entries = [*map(part_name, numbers), "_SUCCESS", ".part-00000.parquet.crc", "part-0.parquet", "part-000000.parquet"]
    found = list_table("t", entries, count)
    assert found.names == tuple(f"t/{part_name(number)}" for number in sorted(numbers))
    missing = [number for number in range(max(count, 1, *(n + 1 for n in numbers), 1)) if number not in set(numbers)]
    assert found.missing == (f"t/{part_name(missing[0])}" if missing else None)
