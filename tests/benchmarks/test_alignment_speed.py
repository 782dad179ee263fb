"""Tests of the corpora on which `align` is timed, of the comparison of its rows, and of the table of times."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import alignment_corpora
import alignment_rows
import alignment_speed
import fillers
import grown
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cost import Cost
from grown import Planted, Recall
from paths import ROOT, SEEDS

DATA = os.environ.get("DEDUP_DATA")
needs_data = pytest.mark.skipif(not DATA, reason="DEDUP_DATA is not set")
SENTENCES = [f"The Minister of Ardoria said on day {at} that w{at}a and w{at}b cost {at}00 euros." for at in range(40)]


def test_table_differences() -> None:
    before = pa.table({"a": [1, 2, 3], "s": [[{"x": 0.1}], [], None], "gone": [0, 0, 0]})
    near = pa.table({"a": [1, 2, 3], "s": [[{"x": 0.1 + 1e-12}], [], None], "gone": [0, 0, 0]})
    assert not list(alignment_rows.table_differences(before, near))
    after = pa.table({"a": [1, 5], "s": [[{"x": 0.2}], []], "new": ["", ""]})
    assert list(alignment_rows.table_differences(before, after)) == [
        "gone: int64 before, no column after",
        "new: no column before, string after",
        "3 rows before, 2 after",
        "a: 1 of 2 rows differ; row 1: 2 before, 5 after",
        "s: 1 of 2 rows differ; row 0: [{'x': 0.1}] before, [{'x': 0.2}] after",
    ]


def test_nan_is_equal_to_nan_and_null_is_not_zero() -> None:
    nan = float("nan")
    assert alignment_rows.same([nan, None], [nan, None])
    assert not alignment_rows.same([nan], [0.0])
    assert not alignment_rows.same(None, 0)
    assert not alignment_rows.same({"a": 1}, {"b": 1})


def test_rows_of_a_checkout_are_equal_to_its_own_and_a_changed_table_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--base", ROOT, "--cache", tmp_path, "--data", tmp_path, "--workers", 1, "seeds"]
    monkeypatch.setattr(sys, "argv", ["alignment_rows", *map(str, arguments)])
    monkeypatch.setattr(alignment_rows, "version", lambda _: ("abc", True))
    assert alignment_rows.main() == 0
    assert "seeds: 5 documents, 10 pairs, 1 stories, " in (output := capsys.readouterr().out)
    assert "links, equal, " in output
    links = tmp_path / "abc" / "seeds" / "out" / "links.parquet"
    pq.write_table(pq.read_table(links).slice(1), links)
    assert alignment_rows.main() == 1
    assert "  links: 52 rows before, 53 after" in (output := capsys.readouterr().out)
    assert "1 corpora, 1 differ" in output


def test_version_knows_changed_files(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b"]
    (tmp_path / "dedup").mkdir()
    (tmp_path / "dedup" / "a.py").write_text("", "utf-8")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "a"]):
        subprocess.run([*git, *arguments], check=True)  # noqa: S603 - a fixed command
    commit, is_clean = alignment_rows.version(tmp_path)
    assert (len(commit), is_clean) == (12, True)
    (tmp_path / "dedup" / "a.py").write_text("1", "utf-8")
    assert alignment_rows.version(tmp_path) == (commit, False)


def test_article_keeps_frequent_words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fillers, "FREQUENT", 11)
    monkeypatch.setattr(fillers, "NAMES", 1)
    monkeypatch.setattr(fillers, "REPLACED", 1)
    language = fillers.make_language("en", [SENTENCES[at : at + 8] for at in range(0, 40, 8)])
    text = fillers.write_article(language, ["Zork"], np.random.default_rng(1))
    assert text == fillers.write_article(language, ["Zork"], np.random.default_rng(1))
    assert "said on day" in text
    assert "Ardoria" not in text
    assert not set(SENTENCES) & set(text.split("\n\n"))


def test_recall_counts_stories_and_links(tmp_path: Path) -> None:
    pq.write_table(pa.table({"doc": [0, 1, 2, 1], "story": [1, 1, 2, 3]}), tmp_path / "stories.parquet")
    links = pa.table({"left_doc": [0, 2], "right_doc": [1, 3], "kind": ["heavy", "related"]})
    pq.write_table(links, tmp_path / "links.parquet")
    pairs = [Planted(1, 0, "light"), Planted(2, 3, "light"), Planted(0, 2, "heavy")]
    counts = grown.found_pairs(pairs, tmp_path)
    assert counts == {"all": Recall(3, 1, 1), "heavy": Recall(1, 0, 0), "light": Recall(2, 1, 1)}


@needs_data
def test_grown_corpus_is_the_same_each_time_and_names_its_rewrites(tmp_path: Path) -> None:
    for name in ("a", "b"):
        grown.write(Path(DATA or ""), tmp_path / name, 200)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    rows = [json.loads(line) for line in gzip.decompress((tmp_path / "a").read_bytes()).splitlines()]
    pairs = grown.read_truth(grown.truth_path(tmp_path / "a"))
    assert len(rows) == len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == 200
    assert len(pairs) == 8
    for pair in pairs:
        assert rows[pair.right]["kind"] == pair.kind
        assert rows[pair.left]["kind"] in ("reuters", "filler")


@needs_data
def test_long_text_has_the_planted_passages(tmp_path: Path) -> None:
    corpus = alignment_corpora.CORPORA["long"]
    rows = [json.loads(line) for line in corpus.path(Path(DATA or ""), tmp_path).read_text("utf-8").splitlines()]
    truth = corpus.truth(Path(DATA or ""), tmp_path)
    assert (len(rows), len(truth)) == (151, 75)
    for pair in truth:
        passage = rows[pair.right]["text"].rsplit("\n\n", 1)[1].split()
        shared = [" ".join(passage[at : at + 3]) in rows[0]["text"] for at in range(len(passage) - 2)]
        assert sum(shared) >= 0.1 * len(shared)


def fake_measure(command: list[str], _limit: float, log: Path, _scratch: Path) -> Cost:
    """Write what `align` or tf-idf writes; tf-idf takes twice as long."""
    log.touch()
    if command[1].endswith("tfidf_neighbours.py"):
        rows = [{"left": 0, "right": 1, "cosine": 0.9}, {"left": 0, "right": 2, "cosine": 0.1}]
        Path(command[3]).write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
        return Cost(4, 3, 50, "")
    out = Path(command[command.index("-o") + 1])
    out.mkdir(exist_ok=True)
    (out / "run.json").write_text(json.dumps({"counts": {"documents": 3, "pairs": 3, "stories": 1}}), "utf-8")
    pq.write_table(pa.table({"doc": [0, 1], "story": [1, 1]}), out / "stories.parquet")
    pq.write_table(pa.table({"left_doc": [0], "right_doc": [1], "kind": ["heavy"]}), out / "links.parquet")
    is_base = command[2] != str(ROOT)
    return Cost(20.0 if is_base else 2.0, 1, 100, "failed with status 1" if "broken" in command[2] else "")


def test_table_of_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def write(_data: Path, path: Path) -> None:
        path.touch()
        grown.write_truth([Planted(0, 1, "light")], grown.truth_path(path))

    some = alignment_corpora.Corpus("some", write, is_grown=True)
    monkeypatch.setattr(alignment_corpora, "CORPORA", {"some": some})
    monkeypatch.setattr(alignment_speed, "measure", fake_measure)
    monkeypatch.setattr(alignment_speed, "environment", lambda *_: Path(sys.executable))
    bases = [word for name in ("before", "broken") for word in ("--base", str(tmp_path / name))]
    arguments = ["align", *bases, "--data", str(tmp_path), "--inputs", str(tmp_path / "in"), "--rounds", "2", "some"]
    monkeypatch.setattr(sys, "argv", ["speed", *arguments])
    __import__("speed").main()
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in capsys.readouterr().out.splitlines()]
    rows = {line[1]: line[2:] for line in lines if len(line) == 10}
    recall = "1.000, linked 1.000"
    assert rows["this checkout"] == ["2.0", "", "1.0", "100", "3", "3", "1", recall]
    assert rows["before"] == ["20.0", "0.100", "1.0", "100", "3", "3", "1", recall]
    assert rows["broken"][:2] == ["failed with status 1", ""]
    assert rows["tf-idf"] == ["4.0", "0.500", "3.0", "50", "1", "2 neighbours", "", "1.000; 1.000 at 0.50"]


def test_growth() -> None:
    program = alignment_speed.Program("", lambda *_: [], lambda *_: alignment_speed.NO_COUNTS)
    times = {
        f"news-{size}": alignment_speed.Timed(
            program, [Cost(seconds, 0, 0, "")], alignment_speed.Counts(f"{size:,}", "", "", "")
        )
        for size, seconds in ((1000, 1.0), (10_000, 100.0))
    }
    assert alignment_speed.growth_lines(times) == ["news, from 1,000 to 10,000 articles: exponent 2.00"]


def test_seeds_are_an_input(tmp_path: Path) -> None:
    path = alignment_corpora.CORPORA["seeds"].path(tmp_path, tmp_path / "inputs")
    assert sorted(file.name for file in path.iterdir()) == sorted(file.name for file in SEEDS.iterdir())
    with pytest.raises(SystemExit, match="unknown corpus: nothing"):
        alignment_corpora.chosen(["nothing"], [])
