"""`dedup index` as users run it: refusals, messages, and what a killed run leaves."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import strategies

import dedup
from dedup.index.matches import read_matches

SUBJECTS = ("The council", "A large and noisy crowd of people", "Nobody who lives here has ever", "She and her friends")
TEXTS = [
    f"{subject} voted on Monday to build a new bridge over the river before the end of next year, after long talks"
    for subject in SUBJECTS
]
OTHER = (
    "Something else entirely happened in the town that night, and it took three days until people heard of it at all."
)


def write(folder: Path, **texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


def index_of(folder: Path, **texts: str) -> dedup.Index:
    index = dedup.Index(folder / "index")
    index.add(write(folder / "old", **texts))
    return index


def test_what_a_later_addition_names_is_in_its_output(tmp_path: Path) -> None:
    index = index_of(tmp_path, a=f"{TEXTS[0]}\n\n{OTHER}", b=TEXTS[1])
    later = index.add(write(tmp_path / "new", a=f"{TEXTS[0]}!\n\n{OTHER}", c=TEXTS[2]), tmp_path / "out")
    [row] = later.removed.to_pylist()
    assert (row["doc"], row["kept_doc"], row["kept_id"], row["scope"]) == (2, 0, "a.txt", "across")
    [unit] = pq.read_table(tmp_path / "out" / "reference.parquet").to_pylist()
    assert (unit["doc"], unit["id"], unit["text"]) == (0, "a.txt", f"{TEXTS[0]}\n\n{OTHER}")
    shutil.rmtree(tmp_path / "index")  # the output explains itself
    [explained] = dedup.explain(tmp_path / "out", "#2")
    assert explained.passages[0].kept_text == f"{TEXTS[0]}\n\n{OTHER}"
    restored = [row["text"] for batch in dedup.restore(tmp_path / "out") for row in batch.to_pylist()]
    assert restored == [f"{TEXTS[0]}!\n\n{OTHER}", TEXTS[2]]
    dedup.restore_to(tmp_path / "out", tmp_path / "back")
    assert (tmp_path / "back" / "c.txt").read_text("utf-8") == TEXTS[2]
    assert TEXTS[0] in dedup.report(tmp_path / "out", tmp_path / "report.html").read_text("utf-8")


def test_files_that_were_added_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = index_of(tmp_path, a=TEXTS[0], b=TEXTS[1])
    with pytest.raises(dedup.InputError, match=r"2 of 2 inputs are already in the index .*--again"):
        index.add(tmp_path / "old", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(dedup.InputError, match="The only input is already in the index"):
        index.add("old/a.txt")
    with pytest.raises(dedup.InputError, match="1 of 2 inputs"):
        index.add(["old/a.txt", write(tmp_path / "new", a=TEXTS[0]) / "a.txt"])
    assert index.info().version == 1
    again = index.add(tmp_path / "old", again=True)
    assert again.removed["kept_id"].to_pylist() == ["a.txt", "b.txt"]
    write(tmp_path / "old", a=OTHER)  # another content
    assert index.add(tmp_path / "old" / "a.txt").removed.num_rows == 0


def test_a_paragraph_that_its_document_repeats_is_not_known(tmp_path: Path) -> None:
    index = dedup.Index(tmp_path / "index")
    index.add(texts=[TEXTS[0]])
    index.compare(texts=[f"{OTHER}\n\n{OTHER}", TEXTS[0]], out=tmp_path / "out")
    assert pq.read_table(tmp_path / "out" / "removed.parquet")["scope"].to_pylist() == ["within", "across"]
    assert [row["doc"] for row in read_matches(tmp_path / "out").known] == [2]


def test_known_ids_are_counted(tmp_path: Path) -> None:
    index = dedup.Index(tmp_path / "index")
    index.add(pa.table({"id": ["a", "b", None], "text": TEXTS[:3]}))
    later = index.add(pa.table({"id": ["c", "b", None], "text": [OTHER, TEXTS[3], ""]}))
    assert "1 document has an id that the index already has, such as 'b'" in later.run.notes


def test_the_first_addition_fixes_the_settings(tmp_path: Path) -> None:
    index = dedup.Index(tmp_path / "index")
    index.add(pa.table({"text": TEXTS[:1]}), threshold=0.9, paragraphs="all", shingle=(4, 2))
    assert index.add(pa.table({"text": TEXTS[1:2]})).run.settings["shingle_documents"] == 4
    with pytest.raises(dedup.IndexMismatch, match=r"--threshold is 0\.8, but 0\.9 in the index"):
        index.add(pa.table({"text": TEXTS[2:3]}), threshold=0.8)
    with pytest.raises(dedup.SettingsError, match="--keep longest cannot be used with an index"):
        index.add(pa.table({"text": TEXTS[2:3]}), keep="longest")
    with pytest.raises(dedup.SettingsError, match="--contained cannot be used with an index"):
        index.add(pa.table({"text": TEXTS[2:3]}), contained=13)
    with pytest.raises(dedup.SettingsError, match="--against cannot be used with an index"):
        index.add(pa.table({"text": TEXTS[2:3]}), against="x")
    assert index.info().documents == 2


def test_a_reference_needs_the_same_settings(tmp_path: Path) -> None:
    index = index_of(tmp_path, a=TEXTS[0])
    new = pa.table({"text": [TEXTS[0]]})
    with pytest.raises(dedup.IndexMismatch, match=r"--threshold is 0\.9, but 0\.8 in the index.*Use those"):
        dedup.clean(new, against=index.path, threshold=0.9)
    with pytest.raises(dedup.IndexMismatch, match="has no paragraphs, since it was not made with --paragraphs all"):
        dedup.clean(new, against=index.path, paragraphs="all")
    with pytest.raises(dedup.IndexMismatch, match="per"):
        dedup.clean(new, against=index.path, per="text")
    cleaned = dedup.clean(new, against=index.path, keep="longest", min_tokens=3)
    assert cleaned.removed["scope"].to_pylist() == ["reference"]
    with pytest.raises(dedup.IndexMismatch, match="--contained searches for texts"):
        dedup.clean(pa.table({"text": TEXTS[2:3]}), against=tmp_path / "index", contained=13)


@pytest.mark.parametrize(
    "settings",
    [{}, {"paragraphs": "all", "min_tokens": 4}, {"exact": True}, {"per": "outlet"}, {"tokens": "signs"}],
    ids=["default", "all", "exact", "per", "signs"],
)
def test_an_index_and_an_output_are_the_same_reference(tmp_path: Path, settings: dict[str, Any]) -> None:
    whole = strategies.varied_corpus(5, 300)
    old, new = whole.slice(0, 250), whole.slice(250)
    index = dedup.Index(tmp_path / "index")
    index.add(old.slice(0, 100), **settings)
    index.add(old.slice(100), **settings)
    dedup.clean(old, tmp_path / "old", **settings)
    by_index = dedup.clean(new, tmp_path / "one", against=index.path, **settings)
    by_output = dedup.clean(new, tmp_path / "two", against=tmp_path / "old", **settings)
    assert rows(by_index.removed) == rows(by_output.removed)
    assert by_index.clean.to_pylist() == by_output.clean.to_pylist()
    assert "reference" in by_index.removed["scope"].to_pylist()
    units = [rows(pq.read_table(tmp_path / name / "reference.parquet")) for name in ("one", "two")]
    assert units[0] == units[1]


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """Rows without what depends on how the reference was read."""
    left_out = {"kept_path", "path", "row", "kept_id", "id"}
    return [{key: value for key, value in row.items() if key not in left_out} for row in table.to_pylist()]


def test_a_query_needs_the_column_of_the_index(tmp_path: Path) -> None:
    index = dedup.Index(tmp_path / "index")
    index.add(pa.table({"text": TEXTS[:2], "lang": ["fr", None]}), per="lang")
    assert [found.known for found in index.query([TEXTS[0]] * 3, per=["fr", "en", None])] == [True, False, False]
    assert index.query(TEXTS[1], per=[None])[0].known
    with pytest.raises(dedup.SettingsError, match="same value in 'lang'"):
        index.query(TEXTS[0])
    other = index_of(tmp_path / "other", a=TEXTS[0])
    with pytest.raises(dedup.SettingsError, match="without per"):
        other.query(TEXTS[0], per="fr")


def test_a_query_sees_the_latest_version(tmp_path: Path) -> None:
    with index_of(tmp_path, a=TEXTS[0]) as index:
        assert [found.known for found in index.query(TEXTS[:2])] == [True, False]
        dedup.Index(index.path).add(write(tmp_path / "new", b=TEXTS[1]))
        assert [found.known for found in index.query(TEXTS[:2])] == [True, True]
        assert dedup.Index(index.path).compact().segments == 2
        [found, _] = index.query(TEXTS[:2])
        assert found.document is not None
        assert (found.document.kept.id, found.document.kept_text) == ("a.txt", TEXTS[0])


def test_an_index_is_not_read_as_documents(tmp_path: Path) -> None:
    index = index_of(tmp_path / "corpus", a=TEXTS[0])
    cleaned = dedup.clean(tmp_path / "corpus")
    assert cleaned.clean["path"].to_pylist() == ["old/a.txt"]
    assert any("index" in note for note in cleaned.run.notes)
    with pytest.raises(dedup.NothingToRead, match="index"):
        dedup.clean(index.path)


def test_outputs_in_an_index_are_refused(tmp_path: Path) -> None:
    index = index_of(tmp_path, a=TEXTS[0])
    new = write(tmp_path / "new", b=TEXTS[1])
    for out in (index.path, index.path / "out", index.path / "segments" / "day2"):
        with pytest.raises(dedup.OutputError, match="is in the index"):
            index.add(new, out)
        with pytest.raises(dedup.OutputError, match="is in the index"):
            dedup.clean(new, out)
    with pytest.raises(dedup.InputError, match="is in the index"):
        index.add(index.path)
    with pytest.raises(dedup.OutputError, match="is in the index"):
        dedup.Index(tmp_path / "other").add(new, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_other_files_in_an_index_are_left_alone(tmp_path: Path) -> None:
    index = index_of(tmp_path, a=TEXTS[0])
    (index.path / "segments" / ".DS_Store").write_text("x", "utf-8")
    (index.path / "segments" / "notes").mkdir()
    index.add(write(tmp_path / "new", b=TEXTS[1]))
    assert index.compact().segments == 2
    assert {path.name for path in (index.path / "segments").iterdir()} == {"000003", ".DS_Store", "notes"}


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS accepts only names in UTF-8")
def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"i\xff")
    index = dedup.Index(odd)
    index.add(write(tmp_path / "old", a=TEXTS[0]), tmp_path / "out")
    later = index.add(write(tmp_path / "new", b=TEXTS[0]), tmp_path / "out2")
    assert later.run.references == (f"{tmp_path}/i\\xff",)
    assert dedup.clean(tmp_path / "new", tmp_path / "out3", against=odd).removed.num_rows == 1


def test_a_query_of_text_that_no_file_can_have(tmp_path: Path) -> None:
    index = index_of(tmp_path, a=f"{TEXTS[0]} \ufffd")
    assert index.query(f"{TEXTS[0]} \ud800")[0].known


def test_info_notices_missing_files(tmp_path: Path) -> None:
    index = index_of(tmp_path, a=TEXTS[0])
    (index.path / "segments" / "000001" / "ids.parquet").unlink()
    with pytest.raises(dedup.IndexDamaged, match=r"ids\.parquet is missing"):
        index.info()


def test_segments_do_not_depend_on_threads_and_batches(tmp_path: Path) -> None:
    whole = strategies.varied_corpus(9, 300)
    files = []
    for number, resources in enumerate([{"workers": 1}, {"workers": 2, "batch_bytes": 999, "memory": "64MiB"}]):
        index = dedup.Index(tmp_path / str(number))
        for part in (whole.slice(0, 150), whole.slice(150)):
            index.add(part, paragraphs="all", min_tokens=4, **resources)
        files.append({path.relative_to(index.path): path.read_bytes() for path in index.path.rglob("*.parquet")})
    assert files[0] == files[1]
    assert len(files[0]) == 14


def test_lookups_in_small_parts_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = strategies.varied_corpus(11, 250)
    expected = dedup.clean(whole, paragraphs="all", min_tokens=4)
    monkeypatch.setattr("dedup.duplicates.references.base.KEYS_SHARE", 1 << 40)  # a part for each chunk of keys
    monkeypatch.setattr("dedup.runtime.matrix_file.CHUNK_BYTES", 5000)
    monkeypatch.setattr("dedup.index.reference.READ_KEYS", 20)
    monkeypatch.setattr("dedup.duplicates.references.named.WRITTEN_UNITS", 3)
    index, firsts = dedup.Index(tmp_path / "index"), range(0, whole.num_rows, 150)
    parts = [index.add(whole.slice(first, 150), paragraphs="all", min_tokens=4) for first in firsts]
    found = [row for part in parts for row in part.removed.to_pylist()]
    same = ("doc", "unit", "start", "kept_doc", "kept_start", "reason", "scope", "jaccard")
    assert [[row[name] for name in same] for row in found] == [
        [row[name] for name in same] for row in expected.removed.to_pylist()
    ]
    for first, part in zip(firsts[1:], parts[1:], strict=True):
        assert part.reference is not None
        named = [(unit["unit"], *place.values()) for unit in part.reference.to_pylist() for place in unit["removed"]]
        rows = [row for row in part.removed.to_pylist() if row["kept_doc"] is not None and row["kept_doc"] < first]
        assert sorted(named) == sorted((row["unit"], row["doc"], row["start"], row["end"]) for row in rows)
        assert rows


def run_add(index: Path, new: Path, out: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "dedup", "index", "add", str(index), str(new), "-o", str(out), "-q"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - fixed


def test_killed_at_any_moment(tmp_path: Path) -> None:
    whole = strategies.varied_corpus(3, 120)
    first, second = tmp_path / "first.parquet", tmp_path / "second.parquet"
    pq.write_table(whole.slice(0, 100), first)
    pq.write_table(whole.slice(100), second)
    made = dedup.Index(tmp_path / "made")
    made.add(first)
    begun = time.perf_counter()
    assert run_add(shutil.copytree(made.path, tmp_path / "timed"), second, tmp_path / "timed-out").wait() == 0
    seconds = time.perf_counter() - begun
    expected = dedup.Index(tmp_path / "timed").info().documents
    outcomes = set()
    generator = random.Random(4)  # noqa: S311 - no secret
    for trial in range(12):
        index = dedup.Index(shutil.copytree(made.path, tmp_path / f"index-{trial}"))
        out = tmp_path / f"out-{trial}"
        # Most of the writing is in the last third.
        delay = seconds * (generator.random() if trial % 3 == 0 else 0.7 + 0.35 * generator.random())
        process = run_add(index.path, second, out)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        info = index.info()
        assert (info.version, info.documents) in [(1, 100), (2, expected)]
        if info.version == 2:
            assert json.loads((out / "run.json").read_text("utf-8"))["index"]["version"] == 2
        if out.exists():
            assert sum(batch.num_rows for batch in dedup.restore(out)) == expected - 100
        again = index.add(second, again=True)
        assert index.info().version == info.version + 1
        assert {path.name for path in (index.path / "segments").iterdir()} == {
            f"{number:06d}" for number in range(1, info.version + 2)
        }
        assert again.removed.num_rows >= 0
        outcomes.add(info.version)
    assert 1 in outcomes
