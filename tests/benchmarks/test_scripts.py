"""Each benchmark script starts and prints its tables on a tiny input; the commands in the README are valid."""

import argparse
import doctest
import gzip
import importlib
import json
import re
import shlex
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import contained_speed
import correctness
import data
import numpy as np
import outputs
import peer_comparison
import peers
import pytest
import quality
import reuse_quality
import scale
import speed
from click.testing import CliRunner
from cost import Cost
from evaluation_sets import EVALUATION_SETS
from paths import BENCHMARKS, SEEDS

import dedup
from dedup.cli.commands import cli

COMMANDS = re.findall(r"python benchmarks/[^`\n]+", (BENCHMARKS / "README.md").read_text("utf-8"))


def table_rows(output: str) -> list[list[str]]:
    """Return the cells of all rows of Markdown tables, and check that each table is rectangular."""
    tables = re.findall(r"(?:^\|.*\n)+", output, re.MULTILINE)
    assert all(len({line.count("|") for line in table.splitlines()}) == 1 for table in tables)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in "".join(tables).splitlines()]


def start(script: str, *arguments: object) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [script, *map(str, arguments)])
        importlib.import_module(script).main()


def run_in_process(command: list[str]) -> tuple[float, float, float]:
    """Replace `speed.run`: run commands of this project in this process."""
    if command[1:3] == ["-m", "dedup"]:
        assert CliRunner().invoke(cli, command[3:]).exit_code == 0
    elif command[1] != "-c":
        assert Path(command[1]) == BENCHMARKS / "copying.py"
        start("copying", *command[2:])
    return 2.0, 1.0, 100.0


@pytest.fixture(autouse=True)
def _in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (speed, scale):
        monkeypatch.setattr(module, "run", run_in_process)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Write a Parquet file of ten texts of a kilobyte each; two are equal except for case."""
    path = tmp_path / "some.parquet"
    bodies = [" ".join(f"w{number}x{at % 97}" for at in range(200))[:1000] for number in (0, 0, *range(2, 10))]
    bodies[1] = bodies[1].upper()
    data.write([(str(number), body) for number, body in enumerate(bodies)], path, 10**6)
    return path


def test_doctests() -> None:
    for path in BENCHMARKS.glob("*.py"):
        assert doctest.testmod(importlib.import_module(path.stem)).failed == 0


class Parsed(Exception):  # noqa: N818 - not an error
    """The arguments are valid."""


@pytest.mark.parametrize("command", COMMANDS)
def test_command_in_readme_is_valid(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, script, *arguments = shlex.split(re.sub(r"\[.*?\]|…", "", command))
    parse_args = argparse.ArgumentParser.parse_args

    def parse_only(parser: argparse.ArgumentParser) -> None:
        parse_args(parser)
        raise Parsed

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", parse_only)
    needs_source = arguments[:1] == ["clean"] and len(arguments) == 3
    with pytest.raises(Parsed):
        start(Path(script).stem, *arguments, *["corpus.parquet"] * needs_source)


@pytest.mark.parametrize("kind", ["ordinary", "template", "novels", "reuters", "linux"])
def test_data_writes_the_same_corpus_each_time(kind: str, prose: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        start("data", kind, BENCHMARKS if kind == "linux" else prose, tmp_path / name, "--size", 1)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()
    rows = list(data.read(tmp_path / "first"))
    assert len({name for name, _ in rows}) == len(rows) >= 7
    if kind in ("ordinary", "template"):
        sets = correctness.index_shingles(*correctness.dedup_shingles([text for _, text in rows], correctness.SHINGLE))
        similar = correctness.similar_pairs(sets, 0.3 if kind == "ordinary" else 0.8)
        assert np.unique(similar.later).size in (range(1) if kind == "ordinary" else range(len(rows) // 2, len(rows)))


def test_quality(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(reuse_quality, "LIBRARIES", {"books": (2, 3, 4)})
    sources = [
        "The council of Springfield approved a budget of 45 million dollars for the new bridge on Monday.",
        "Researchers in Norway counted 1,200 puffins on the island, twice as many as in the year before.",
    ]
    others = ["The museum opens at nine and closes at five.", "Heavy rain delayed the trains in the north."]
    copies = [(category, text) for category in ("heavy", "light", "cut") for text in sources]
    answers = [*copies, *(("non", text) for text in others)]
    rows: dict[str, list[dict[str, object]]] = {
        "clough": [
            {"id": number, "text": text, "source": sources[number % 2], "category": category}
            for number, (category, text) in enumerate(answers)
        ],
        "deplain": [
            {"original": [text, other], "simplification": [other, text.upper()], "links": [[0, 1], [1, 0]]}
            for text, other in zip([*sources, *others], [*others, *sources], strict=True)
        ],
        "mtref": [{"left": ["a", "big", "dog"], "right": ["a", "big", "cat"], "links": [[0, 0], [1, 1]]}],
        "semeval": [
            {"pair_id": f"{language}{score}_{score}{language}", "overall": score, "text1": sources[0], "text2": text}
            | {"lang1": language, "lang2": language, "original": True}
            for language in ("en", "de", "es")
            for score, text in ((1.0, sources[0]), (4.0, sources[1]))
        ],
    }
    for name, lines in rows.items():
        path = tmp_path / EVALUATION_SETS[name].file
        path.parent.mkdir(exist_ok=True)
        with (gzip.open if path.suffix == ".gz" else open)(path, "wt", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(row)}\n" for row in lines)
    start("quality", "--data", tmp_path, "--part", "all")
    output = capsys.readouterr().out
    assert re.findall(r"^## ([\w-]+)", output, re.MULTILINE) == list(quality.TABLES)
    assert "Omitted: reuters21578" in output
    found = table_rows(output)
    assert ["dedup", "", "1.00 [1.00, 1.00]", "1.00", "1.00", "≥ .53"] in found  # links of deplain
    (stories,) = (row for row in found if row[0] == "answers (heavy, light, cut) and sources")
    assert stories[2:6] == ["dedup", "1.00 [1.00, 1.00]", "1.00", "1.00"]
    assert any(row[0] == "books: 2, 4 psalms, 0.0 million characters" for row in found)
    assert ["en, 2 pairs", "1.00 [.00, 1.00]"] in [row[:2] for row in found]  # the more similar, the lower the rating


def test_scale(
    prose: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scale, "ProcessPoolExecutor", ThreadPoolExecutor)
    start("scale", prose, "--size", 1, "--workers", 1, "--out", tmp_path / "results.json")
    results = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert results["counts"]["texts lost"] == results["counts"]["documents removed without justification"] == 0
    rows = table_rows(capsys.readouterr().out)
    assert ["peak memory, MB", "100.00"] in rows
    assert {row[0] for row in rows} > {"kind of edit", "Jaccard, from", "OCR noise"}


@pytest.mark.parametrize("source", ["file", "folder"])
def test_speed_clean(source: str, corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start("speed", "clean", "--rounds", 1, SEEDS if source == "folder" else corpus, "--unit", "documents")
    output = capsys.readouterr().out
    assert "\n  copy  2.00 (2.00 to 2.00) s" in output
    assert output.endswith("  ratio  1.00 (1.00 to 1.00)\n")


def test_speed_kernel_and_start(prose: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start("speed", "kernel", "--rounds", 1, prose)
    start("speed", "start", "--rounds", 1)
    output = capsys.readouterr().out
    assert "216 permutations, 5-token shingles, 1 rounds\n  one thread" in output
    assert "dedup clean seeds: " in output


def fake_measure(command: list[str], _limit: float, log: Path, _scratch: Path) -> Cost:
    """Run a tool in this process; datasketch exceeds the limit, rensa and text-dedup keep all texts.

    In rensa's own shingles no two texts are similar, in those of text-dedup nearly all are.
    """
    log.touch()
    if command[1].endswith("datasketch_minhash.py"):
        return Cost(9, 9, 9, "stopped after 9 s")
    own_shingles = {"rensa_minhash.py": str.split, "text_dedup_minhash.py": lambda text: text[:1]}
    if (runner := Path(command[1]).name) not in own_shingles:
        return Cost(*run_in_process(command), "")
    common = importlib.import_module("common")
    task, source, out = command[2], Path(command[3]), Path(command[4])
    if task == "clean":
        common.filter_texts(source, out, lambda ids, _: [True] * len(ids))
    else:
        common.write_shingles(source, out, lambda text: set(own_shingles[runner](text)))
    return Cost(4, 2, 100, "")


def test_speed_peers(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(peers, "environment", lambda *_: Path(sys.executable))
    monkeypatch.setattr(peers, "versions", lambda _: {"numpy": "2.4"})
    monkeypatch.setattr(peer_comparison, "measure", fake_measure)
    files = ["--out", tmp_path / "results.json", "--plot", tmp_path / "plot.svg"]
    options = [
        "--sizes",
        "0.005,0.01",
        "--workers",
        "1",
        "--rounds",
        "1",
        "--tools",
        "dedup,rensa,text-dedup,datasketch,copy",
    ]
    start("speed", "peers", corpus, *options, *files)
    rows = table_rows(capsys.readouterr().out)
    times = {row[1]: row[3:] for row in rows if len(row) == 10}
    assert times["dedup"][3:] == ["9", "1.00", "1.00", "1.00"]
    assert times["rensa"][3:] == ["10", "2.00", "2.00", "2.00"]
    assert "datasketch" in times
    scores = {row[2]: row[3:9] for row in rows if len(row) == 11}
    assert scores["dedup"] == ["dedup's", "1", "0", "0", "0", "1.0000"]
    assert scores["rensa"] == ["lower-cased words", "0", "0", "0", "0", "1.0000"]  # the tokens that favour the tool
    assert scores["text-dedup"] == ["dedup's", "0", "0", "0", "1", "0.0000"]
    unusual = {row[0]: row[1:] for row in rows if len(row) == 1 + len(data.UNUSUAL_TEXTS)}
    assert unusual["dedup"] == [*["0 of 6; 0 of 3"] * 4, "0 of 4; 0 of 0"]
    results = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert results["runs"][0]["costs"] == [{"seconds": 2.0, "cpu": 1.0, "peak": 100.0, "error": ""}]
    assert {run["megabytes"] for run in results["runs"] if run["tool"] == "datasketch"} == {0.005}
    assert "polyline" in (tmp_path / "plot.svg").read_text("utf-8")


def test_rounds_alternate_and_errors_and_warm_up_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def run_once(self: peer_comparison.Comparison, entry: peer_comparison.Entry, _: peer_comparison.Corpus) -> Cost:
        calls.append(entry.tool.name)
        self.kept[entry.tool.name] = set()
        number = calls.count(entry.tool.name)
        return Cost(number**2, 0, 0, "failed" if entry.tool is peers.TOOLS["rensa"] and number == 2 else "")

    monkeypatch.setattr(peer_comparison.Comparison, "run_once", run_once)
    tools = dict.fromkeys((peers.TOOLS["copy"], peers.TOOLS["rensa"]), Path())
    copied, failed = peer_comparison.Comparison(tools, [1], 60, tmp_path).startup(3)
    assert calls == ["copy", "rensa", "copy", "rensa", "copy", "copy"]
    assert [cost.seconds for cost in copied.costs] == [4, 9, 16]
    assert copied.median("seconds") == 9
    assert (failed.costs, failed.error) == ([], "failed")


def test_tools_have_the_same_threshold_and_shingles() -> None:
    common = importlib.import_module("common")
    options = dict(zip(peers.CLEAN_OPTIONS[::2], peers.CLEAN_OPTIONS[1::2], strict=True))
    assert (float(options["--threshold"]), int(options["--shingle"])) == (common.THRESHOLD, common.SHINGLE) == (0.8, 5)
    assert (correctness.THRESHOLD, correctness.SHINGLE) == (0.8, 5)
    assert common.word_shingles("One, two THREE four five six") == {
        "one two three four five",
        "two three four five six",
    }
    assert common.word_shingles("One, two") == {"one two"}


def test_growth_is_the_slope_of_logarithms() -> None:
    costs = [[Cost(seconds, 0, 0, "")] for seconds in (0.4, 1.5, 10.5)]  # the first is faster than startup
    runs = [peer_comparison.Run("c", 10.0**at, "t", 1, cost, "", 0) for at, cost in enumerate(costs)]
    assert peer_comparison.growth(runs, 0.5) == pytest.approx(1)
    assert peer_comparison.growth(runs[:2], 0.5) is None


def test_outputs_compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, threshold in (("first", 0.8), ("second", 0.8), ("third", 0.99)):
        dedup.clean(SEEDS, tmp_path / name / "seeds.clean", threshold=threshold)
    assert outputs.compare(tmp_path / "first", tmp_path / "second") == 0
    assert outputs.compare(tmp_path / "first", tmp_path / "third") > 0
    assert "run.json: settings: " in capsys.readouterr().out


def test_contained_speed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def checked(command: list[str], folder: Path) -> Cost:
        (folder / "log").write_text(CliRunner().invoke(cli, command[3:]).stdout, "utf-8")
        return Cost(1.0, 2.0, 100.0, "")

    monkeypatch.setattr(contained_speed, "checked", checked)
    train = contained_speed.write_items(tmp_path / "train.jsonl", 4, 30)
    start("contained_speed", train, "--items", 3, "--words", 30, "--rounds", 1)
    output = capsys.readouterr().out
    assert [row[0] for row in table_rows(output)][2:] == ["scan", "scan --contained 13"]
    assert "3 of 3 items found; 54 runs" in output
