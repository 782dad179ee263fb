"""The corpora, measurements and evaluations of `index_speed.py`, on small inputs and with commands in this process."""

import contextlib
import gzip
import importlib
import io
import json
import re
import sys
import types
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import index_corpus
import index_costs
import index_peers
import index_speed
import numpy as np
import peers
import pyarrow.parquet as pq
import pytest
import reference_recall
import scale
import synthetic
from click.testing import CliRunner
from correctness import Pairs
from cost import Cost, empty
from hypothesis import given
from hypothesis import strategies as st
from lookups import time_lookups
from reference_recall import Recall, Removal

import dedup
from dedup.cli.commands import cli

SENTENCE = "the council of the town voted on monday to build a new bridge over the river before the end of"


def start(*arguments: object) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["index_speed.py", *map(str, arguments)])
        index_speed.main()


def measure_in_process(command: list[str], _limit: float, log: Path, _scratch: Path) -> Cost:
    """Replace `cost.measure`: run commands of this project in this process."""
    if command[1:3] == ["-m", "dedup"]:
        result = CliRunner().invoke(cli, command[3:])
        log.write_text(result.output, "utf-8")
        return Cost(2.0, 1.0, 100.0, f"failed with status {result.exit_code}" if result.exit_code else "")
    script = Path(command[1])
    module = importlib.import_module(script.stem)
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as output:
        patch.setattr(sys, "argv", [str(script), *command[2:]])
        sys.modules["lookups"].main(module.build, module.query)
    log.write_text(output.getvalue(), "utf-8")
    return Cost(1.0, 1.0, 50.0, "")


@pytest.fixture(autouse=True)
def _in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_costs, "measure", measure_in_process)
    monkeypatch.setattr(index_speed, "ProcessPoolExecutor", ThreadPoolExecutor)
    monkeypatch.setattr(index_costs, "COUNTS", ["--texts", "15", "--warm-up", "5"])
    monkeypatch.setattr(index_peers, "WARM_UP", 5)


@pytest.fixture
def corpora(prose: Path, tmp_path: Path) -> Path:
    """Write 60 earlier and 20 later texts."""
    start("write", prose, tmp_path / "corpora", "--sizes", 60, "--later", 20, "--workers", 1)
    return tmp_path / "corpora"


def cells(output: str) -> list[list[str]]:
    """Return the cells of all rows of Markdown tables."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*$", output, re.M)]


def texts_of(path: Path) -> list[str]:
    texts: list[str] = pq.read_table(path)["text"].to_pylist()
    return texts


@given(st.lists(st.integers(1, 3 * index_corpus.BLOCK), min_size=1, max_size=4), st.integers(1, 20))
def test_blocks_cover_the_sequence_and_lie_inside_or_outside_of_each_file(sizes: list[int], count: int) -> None:
    parts = index_corpus.parts(Path(), sizes, count)
    blocks = index_corpus.blocks(parts)
    assert [doc for first, last in blocks for doc in (first, last)][1:-1:2] == [first for first, _ in blocks[1:]]
    assert (blocks[0][0], blocks[-1][1]) == (0, max(sizes) + count)
    assert all(0 < last - first <= index_corpus.BLOCK for first, last in blocks)
    for part in parts:
        inside = [last - first for first, last in blocks if part.first <= first < part.last]
        assert sum(inside) == part.last - part.first


def test_corpora_are_parts_of_one_sequence_and_do_not_depend_on_workers(prose: Path, tmp_path: Path) -> None:
    for name, workers in (("a", 1), ("b", 3)):
        start("write", prose, tmp_path / name, "--sizes", "30,60", "--later", 20, "--workers", workers)
    base = scale.read_base_text([prose], 1, index_corpus.LENGTHS)
    whole = [
        synthetic.planted(base, doc)[0] if synthetic.is_planted(doc) else "".join(synthetic.ordinary(base, doc).pieces)
        for doc in range(80)
    ]
    for size in (30, 60):
        for path, first, last in (
            (index_corpus.earlier(tmp_path / "a", size), 0, size),
            (index_corpus.later(tmp_path / "a", size), size, size + 20),
        ):
            assert texts_of(path) == whole[first:last]
            assert pq.read_table(path)["id"].to_pylist() == [f"text-{doc}" for doc in range(first, last)]
            assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_addition_to_a_copy_leaves_the_index_unchanged(corpora: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    dedup.Index(index).add(index_corpus.earlier(corpora, 60))
    before = {path: path.read_bytes() for path in index.rglob("*") if path.is_file()}
    copy = index_costs.copy_index(index, tmp_path / "copy")
    dedup.Index(copy).add(index_corpus.later(corpora, 60))
    assert {path: path.read_bytes() for path in index.rglob("*") if path.is_file()} == before
    assert dedup.Index(copy).info().documents == 80
    assert index_costs.file_sizes(copy)["texts.parquet"] > index_costs.file_sizes(index)["texts.parquet"]


@pytest.mark.parametrize("paragraphs", ["none", "within", "all"])
def test_add(paragraphs: str, corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "results.json"
    start("add", corpora, "--sizes", 60, "--rounds", 2, "--paragraphs", paragraphs, "--out", out)
    rows = cells(capsys.readouterr().out)
    addition, size, lookup = (next(row for row in part if row[0] == "60") for part in (rows, rows[3:], rows[6:]))
    assert addition[3:] == ["2.00 (2.00 to 2.00)", "100", "2.00 (2.00 to 2.00)", "100", "1.00", "0.00"]
    info = dedup.Index(corpora / "index-60").info()
    assert size[1] == str(info.kept_documents + info.kept_paragraphs)
    assert (info.kept_paragraphs > 0) is (paragraphs == "all")
    found = dedup.clean([index_corpus.earlier(corpora, 60), index_corpus.later(corpora, 60)], unit="documents").removed
    known = sum(row["doc"] >= 60 and row["kept_doc"] < 60 for row in found.to_pylist() if row["unit"] == "document")
    assert lookup[7].endswith(" of 20")
    assert known <= int(lookup[7].split()[0]) < 20
    (saved,) = json.loads(out.read_text("utf-8"))
    assert len(saved["add"]) == len(saved["clean"]) == len(saved["query"]) == 2


def test_failing_command_ends_the_program_with_its_message(tmp_path: Path) -> None:
    command = index_costs.clean_command(tmp_path / "missing.parquet", tmp_path / "out", [])
    with pytest.raises(SystemExit, match=r"failed with status 2:\n(.*\n)*.*missing\.parquet"):
        index_costs.checked(command, tmp_path)


def test_against(corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, new, old = tmp_path / "results.json", index_corpus.later(corpora, 60), index_corpus.earlier(corpora, 60)
    start("against", new, old, "--rounds", 2, "--out", out)
    saved = json.loads(out.read_text("utf-8"))
    assert {name: len(run["costs"]) for name, run in saved.items()} == {"both": 2, "against": 2}
    assert "sketch, reference" in saved["against"]["steps"][0].keys() - saved["both"]["steps"][0].keys()
    rows = {row[0]: row[1:] for row in cells(capsys.readouterr().out)}
    assert rows["clean REF NEW: read and sketch"][1] == "1.00"
    assert rows["clean NEW --against REF: whole command"][0] == "2.00 (2.00 to 2.00)"
    assert "sketch, reference" in rows


def test_peers(corpora: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def environment(tool: peers.Tool, _folder: Path) -> Path:
        if tool.name == "datatrove":
            raise SystemExit("pip install failed")
        return Path(sys.executable)

    monkeypatch.setattr(peers, "environment", environment)
    monkeypatch.setitem(sys.modules, "farmhash", types.SimpleNamespace(hash32=zlib.crc32))
    start("peers", corpora, "--sizes", 60, "--workers", 2)
    output = capsys.readouterr()
    assert "datatrove is left out, since it cannot be installed: pip install failed" in output.err
    rows = {row[1]: row for row in cells(output.out)[2:]}
    assert list(rows) == ["dedup", "dedup, all texts at once", "datasketch"]
    found = {tool: int(row[-1].split(" of 20")[0]) for tool, row in rows.items()}
    planted = sum(map(synthetic.is_planted, range(60, 80)))
    assert 0 < found["dedup, all texts at once"] <= found["dedup"] <= planted
    assert 0 < found["datasketch"] <= planted


def test_unknown_tool_is_refused() -> None:
    with pytest.raises(SystemExit, match="--tools: minhash is unknown; choose from dedup; "):
        index_peers.installed(["minhash"], Path())


def test_corpus_is_split_into_parts(corpora: Path, tmp_path: Path) -> None:
    source = index_corpus.earlier(corpora, 60)
    parts = sorted(index_peers.split_corpus(source, 3, empty(tmp_path / "parts")).iterdir())
    assert len(parts) == 3
    assert [text for part in parts for text in texts_of(part)] == texts_of(source)


@given(st.lists(st.booleans(), min_size=2, max_size=20), st.data())
def test_lookups_are_counted(known: list[bool], data: st.DataObject) -> None:
    answers = iter(known)
    find: Callable[[str], bool] = lambda _: next(answers)  # noqa: E731 - a typed function of a text
    times = time_lookups(find, ["text"] * len(known), data.draw(st.integers(0, len(known) - 1)))
    assert (times["texts"], times["known"]) == (len(known), sum(known))
    assert 0 <= times["median"] <= times["high"] <= times["max"]


def write_rows(path: Path, texts: list[str], dates: list[str]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as rows:
        for text, date in zip(texts, dates, strict=True):
            rows.write(json.dumps({"text": text, "date": date}) + "\n")
    return path


def different(number: int) -> str:
    return " ".join(f"{word}{number}" for word in SENTENCE.split())


def test_recall_of_halves_and_years(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long, short = different(0), "Nothing new today."
    near = f"{long[:-3]}x"
    texts = [long, short, different(1), near, short + "..", different(2) + " " + different(3)]
    source = write_rows(tmp_path / "some.jsonl.gz", [*texts, near], ["2001", *["2000"] * 5, "2002"])
    start("recall", "--halves", write_rows(tmp_path / "half.jsonl.gz", texts, [""] * 6), "--years", source)
    rows = {row[0]: row[1:] for row in cells(capsys.readouterr().out)}
    assert rows["half.jsonl.gz, second half"] == ["3", "3", "2", "2", "1.0000", "2", "2", "0", "0"]
    # In the order of the years, the near copy comes before the original.
    assert rows["some.jsonl.gz, 2001"] == ["5", "1", "1", "1", "1.0000", "1", "1", "0", "0"]
    assert rows["some.jsonl.gz, 2002"] == ["6", "1", "1", "1", "1.0000", "1", "1", "0", "0"]


def test_recall_counts_each_kind_of_error() -> None:
    long, other = different(0), different(1)
    near = f"{long[:-3]}x"
    # The first two texts are the reference.
    texts = [long, other, long, near, other, "x " + other, long]
    pairs = reference_recall.similar(texts)
    similarity = reference_recall.jaccard(near, long)
    removals = [
        Removal(3, 0, long, True, similarity),
        Removal(4, 2, texts[2], False, 1.0),  # names another text
        Removal(5, 1, other, True, 1.0),  # a wrong similarity
        Removal(6, 3, near, False, similarity),  # names a removed text
    ]
    expected = Recall("some", 2, 5, wanted=5, found=4, removed=4, by_reference=2, unjustified=2, wrong=2)
    assert reference_recall.evaluate("some", texts, pairs, (2, 7), removals) == expected
    changed = Removal(3, 0, near, True, 1.0)  # not the text of the reference
    assert reference_recall.evaluate("some", texts, pairs, (2, 7), [changed]).unjustified == 1


def test_short_documents_are_pairs_only_with_the_same_tokens() -> None:
    short = " ".join(SENTENCE.split()[:12])
    texts = [short, f"{short.upper()}!", f"{short} today"]
    pairs = reference_recall.similar(texts)
    assert list(zip(pairs.earlier.tolist(), pairs.later.tolist(), strict=True)) == [(0, 1)]
    assert isinstance(pairs, Pairs)
    assert np.all(pairs.jaccard == 1)


def test_recall_needs_a_file() -> None:
    with pytest.raises(SystemExit, match="--halves FILE, --years FILE"):
        start("recall")
