"""Test that `restore` rebuilds the originals exactly, and that `restore_to` writes only to its folder."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paths import SEEDS

import dedup
from dedup.outputs.input_rows import convert_batch
from dedup.outputs.restore import restore, splice

LONG = (
    "A paragraph needs at least twenty words to be removed on its own, so number {} has more of them than that, "
    "which is enough here."
)


def texts_of(out: Path) -> list[str | None]:
    """Return all restored texts."""
    return [text for batch in dedup.restore(out) for text in batch["text"].to_pylist()]


@pytest.fixture(scope="module")
def seeds_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("seeds") / "out"
    dedup.clean(SEEDS, out)
    return out


def test_restores_seeds_byte_by_byte(seeds_out: Path, tmp_path: Path) -> None:
    restored = dedup.restore_to(seeds_out, tmp_path / "back")
    assert (restored.files, restored.rows, restored.tables) == (5, 0, ())
    for seed in SEEDS.iterdir():
        assert (tmp_path / "back" / seed.name).read_bytes() == seed.read_bytes()
    assert len(list((tmp_path / "back").iterdir())) == len(list(SEEDS.iterdir()))


PIECES = st.one_of(
    st.integers(0, 3).map(LONG.format),
    st.integers(0, 3).map(lambda n: LONG.format(n).replace("enough", "plenty")),
    st.text(max_size=30),
    st.sampled_from(["", "\n", "\r\n", "  ", "名前と住所" * 10, "e\u0301\u00ad", "!!!"]),
)
TEXTS = st.lists(st.lists(PIECES, max_size=6).map("\n".join), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(TEXTS, st.sampled_from(["none", "within", "all"]), st.sampled_from(["documents", "paragraphs", "both"]))
def test_restores_any_corpus(
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[str],
    paragraphs: dedup.settings.Paragraphs,
    unit: dedup.settings.Unit,
) -> None:
    if (paragraphs, unit) == ("none", "paragraphs"):
        return
    out = tmp_path_factory.mktemp("any") / "out"
    table = pa.table({"text": texts, "score": list(range(len(texts)))})
    dedup.clean(table, out, paragraphs=paragraphs, unit=unit, min_tokens=5)
    batches = list(dedup.restore(out))
    assert [text for batch in batches for text in batch["text"].to_pylist()] == texts
    assert [score for batch in batches for score in batch["score"].to_pylist()] == list(range(len(texts)))
    assert [doc for batch in batches for doc in batch["doc"].to_pylist()] == list(range(len(texts)))


def test_result_does_not_depend_on_row_groups(tmp_path: Path) -> None:
    texts = ["\n".join(LONG.format((row * 7 + line) % 40) for line in range(row % 5)) for row in range(200)]
    dedup.clean(pa.table({"text": texts}), tmp_path / "out", paragraphs="all")
    for name, size in (("clean", 3), ("removed", 2)):
        path = tmp_path / "out" / f"{name}.parquet"
        pq.write_table(pq.read_table(path), path, row_group_size=size)
    assert texts_of(tmp_path / "out") == texts


def test_restores_selected_documents(seeds_out: Path) -> None:
    assert [doc for batch in restore(seeds_out, [1, 4]) for doc in batch["doc"].to_pylist()] == [1, 4]
    [last] = [text for batch in restore(seeds_out, [4]) for text in batch["text"].to_pylist()]
    assert last.encode() == sorted(SEEDS.iterdir())[4].read_bytes()


def test_restores_null_texts(tmp_path: Path) -> None:
    dedup.clean(pa.table({"text": ["a", None, ""]}), tmp_path / "out")
    assert texts_of(tmp_path / "out") == ["a", None, ""]


def test_rows_are_written_to_jsonl(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    rows = [{"id": "x", "text": "one", "n": 1}, {"id": "y", "text": "two\u2028\x9b", "n": None}]
    (tmp_path / "in" / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "in" / "b.csv").write_text("id,text\nz,three\n")
    dedup.clean(tmp_path / "in", tmp_path / "out")
    restored = dedup.restore_to(tmp_path / "out", tmp_path / "back")
    assert restored.tables == ("a.jsonl", "b.csv.jsonl")
    found = [json.loads(line) for line in (tmp_path / "back" / "a.jsonl").read_text("utf-8").split("\n")[:-1]]
    assert [{name: row[name] for name in ("id", "text", "n")} for row in found] == rows


def test_json_of_values_that_json_lacks() -> None:
    stamps = pa.array([1_700_000_000_123_456_789], pa.timestamp("ns"))
    batch = pa.RecordBatch.from_pydict(
        {
            "doc": [0],
            "path": ["a"],
            "row": [0],
            "text": ["x"],
            "when": stamps,
            "day": [datetime(2024, 5, 1, tzinfo=UTC)],
            "raw": [b"\xff"],
            "nested": [{"x": float("inf"), "y": [None, 1.5]}],
            "mixed": ['[1, "a"]'],
        }
    )
    [row] = convert_batch(batch, None, frozenset({"mixed"}))
    found = json.loads(row.to_json())
    assert found["when"].endswith("123456789")
    assert found["raw"] == "\\xff"
    assert found["nested"] == {"x": float("inf"), "y": [None, 1.5]}
    assert found["mixed"] == [1, "a"]


ROWS = [
    {"row": 7, "url": "u/1", "body": "one", "path": None, "n": 2**70, "f": float("inf")},
    {"url": "u/2", "body": "two", "n": "x", "nested": {"b": 1}, "list": [1, "a"]},
    {"url": None, "body": None, "nested": {"a": [{}]}, "e": {}, "list": []},
]


@pytest.mark.parametrize("form", ["jsonl", "array"])
def test_rows_come_back_with_names_and_values(form: str, tmp_path: Path) -> None:
    lines = [json.dumps(row) for row in ROWS]
    (tmp_path / "in").mkdir()
    content = "\n".join(lines) if form == "jsonl" else f"[{','.join(lines)}]"
    (tmp_path / "in" / "a.jsonl").write_text(content)
    dedup.clean(tmp_path / "in", tmp_path / "out")
    dedup.restore_to(tmp_path / "out", tmp_path / "back")
    found = [json.loads(line) for line in (tmp_path / "back" / "a.jsonl").read_text("utf-8").splitlines()]
    assert found == ROWS


def test_joined_columns_and_lists_come_back(tmp_path: Path) -> None:
    joined = [
        {"title": "A", "n": 1, "body": "x\n\ny"},
        {"title": None, "n": 2, "body": ""},
        {"title": "", "n": 3, "body": None},
    ]
    (tmp_path / "joined.jsonl").write_text("\n".join(map(json.dumps, joined)))
    dedup.clean(tmp_path / "joined.jsonl", tmp_path / "out", text_column="title,body")
    assert texts_of(tmp_path / "out") == ["A\n\nx\n\ny", "", ""]
    dedup.restore_to(tmp_path / "out", tmp_path / "back")
    lines = (tmp_path / "back" / "joined.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == joined

    listed = [{"text": ["a", "b\nc", None]}, {"text": []}, {"text": None}]
    (tmp_path / "listed.jsonl").write_text("\n".join(map(json.dumps, listed)))
    dedup.clean(tmp_path / "listed.jsonl", tmp_path / "out2")
    assert texts_of(tmp_path / "out2") == ["a\nb\nc", "", None]
    dedup.restore_to(tmp_path / "out2", tmp_path / "back")
    lines = (tmp_path / "back" / "listed.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == listed


@pytest.mark.parametrize("content", ["\ufeffcafé\r\n".encode(), "\ufeffcafé".encode("utf-16-le"), b"", "é".encode()])
def test_bytes_of_text_files_come_back(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(content)
    (tmp_path / "in" / "b.txt.gz").write_bytes(gzip.compress(content))
    dedup.clean(tmp_path / "in", tmp_path / "out", unit="paragraphs")
    dedup.restore_to(tmp_path / "out", tmp_path / "back")
    assert {path.name: path.read_bytes() for path in (tmp_path / "back").iterdir()} == {
        "a.txt": content,
        "b.txt": content,
    }


def forge_output(tmp_path: Path, path: str, row: int | None = None) -> Path:
    """Write an output whose only document has the given path and row."""
    out = tmp_path / "out"
    dedup.clean(pa.table({"text": ["some text"]}), out)
    table = pq.read_table(out / "clean.parquet")
    for name, value in (("path", pa.array([path])), ("row", pa.array([row], pa.int64()))):
        table = table.set_column(table.schema.get_field_index(name), name, value)
    pq.write_table(table, out / "clean.parquet")
    return out


@pytest.mark.parametrize("row", [None, 0])
@pytest.mark.parametrize("path", ["../../evil", "/tmp/evil", "a/../../evil", "nul\0"])  # noqa: S108  # hostile paths
def test_path_outside_folder_raises(tmp_path: Path, path: str, row: int | None) -> None:
    out = forge_output(tmp_path, path, row)
    with pytest.raises(dedup.OutputError, match="points outside"):
        dedup.restore_to(out, tmp_path / "deep" / "back")
    assert not list(tmp_path.rglob("evil*"))
    assert not list(tmp_path.glob("deep/*"))


def test_link_outside_folder_raises(tmp_path: Path) -> None:
    out = forge_output(tmp_path, "link/evil")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "link").symlink_to(tmp_path / "elsewhere")
    for overwrite in (False, True):
        with pytest.raises(dedup.OutputError, match="a folder outside"):
            dedup.restore_to(out, tmp_path / "back", overwrite=overwrite)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_existing_files_need_overwrite(seeds_out: Path, tmp_path: Path) -> None:
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "other.txt").write_text("kept")
    existing = tmp_path / "back" / sorted(SEEDS.iterdir())[2].name
    existing.write_text("old")
    with pytest.raises(dedup.OutputExists, match="--overwrite"):
        dedup.restore_to(seeds_out, tmp_path / "back")
    assert existing.read_text() == "old"
    assert len(list((tmp_path / "back").iterdir())) == 2
    dedup.restore_to(seeds_out, tmp_path / "back", overwrite=True)
    assert existing.read_text("utf-8") != "old"
    assert (tmp_path / "back" / "other.txt").read_text() == "kept"


def test_other_folders_raise(tmp_path: Path) -> None:
    with pytest.raises(dedup.NotAnOutput):
        next(dedup.restore(tmp_path / "nowhere"))
    (tmp_path / "run.json").write_text("[]")
    with pytest.raises(dedup.NotAnOutput):
        next(dedup.restore(tmp_path))
    dedup.scan(SEEDS, tmp_path / "scanned")
    with pytest.raises(dedup.NotAnOutput, match="dedup scan"):
        next(dedup.restore(tmp_path / "scanned"))


@pytest.mark.parametrize("name", ["clean.parquet", "removed.parquet"])
def test_damaged_file_raises_with_its_name(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    dedup.clean(SEEDS, out)
    whole = (out / name).read_bytes()
    (out / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(dedup.OutputError, match=name):
        list(dedup.restore(out))
    middle = len(whole) // 4
    (out / name).write_bytes(whole[:middle] + bytes(80) + whole[middle + 80 :])
    with pytest.raises(dedup.OutputError):
        list(dedup.restore(out))
    (out / name).unlink()
    with pytest.raises(dedup.NotAnOutput, match=name):
        list(dedup.restore(out))


def test_files_of_different_runs_raise(tmp_path: Path) -> None:
    dedup.clean(SEEDS, tmp_path / "one")
    dedup.clean(SEEDS, tmp_path / "two", paragraphs="none")
    for left, right in (("one", "two"), ("two", "one")):
        mixed = tmp_path / f"{left}-{right}"
        mixed.mkdir()
        for source, name in ((left, "run.json"), (left, "clean.parquet"), (right, "removed.parquet")):
            (mixed / name).write_bytes((tmp_path / source / name).read_bytes())
        with pytest.raises(dedup.OutputError, match="belong together"):
            list(dedup.restore(mixed))


@pytest.mark.parametrize("cuts", [[(5, 6, "x")], [(1, 3, "x")], [(2, 3, "x"), (1, 2, "y")]])
def test_splice_of_mismatched_cuts_raises(cuts: list[tuple[int, int, str]]) -> None:
    with pytest.raises(dedup.OutputError):
        splice("ab", cuts)


def test_submodules_do_not_hide_functions() -> None:
    assert callable(dedup.restore)
    assert callable(dedup.explain)
