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

import data
import outputs
import peer_comparison
import peers
import pytest
import quality
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
        assert Path(command[1]) == BENCHMARKS / "speed.py"
        start("speed", *command[2:])
    return 2.0, 1.0, 100.0


@pytest.fixture(autouse=True)
def _in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (speed, scale):
        monkeypatch.setattr(module, "run", run_in_process)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Write a Parquet file of ten texts of a kilobyte each, of which two are equal."""
    path = tmp_path / "some.parquet"
    bodies = [" ".join(f"w{number}x{at % 97}" for at in range(200))[:1000] for number in (0, 0, *range(2, 10))]
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


def test_quality(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
    for name, found in rows.items():
        path = tmp_path / EVALUATION_SETS[name].file
        path.parent.mkdir(exist_ok=True)
        with (gzip.open if path.suffix == ".gz" else open)(path, "wt", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(row)}\n" for row in found)
    start("quality", "--data", tmp_path, "--part", "all")
    output = capsys.readouterr().out
    assert re.findall(r"^## ([\w-]+)", output, re.MULTILINE) == list(quality.TABLES)
    assert "Omitted: reuters21578" in output
    rows_found = {(row[0], row[2]) for row in table_rows(output)}
    assert ("dedup", "1.00 [1.00, 1.00]") in rows_found  # links of deplain
    assert ("answers (heavy, light, cut) and sources", "dedup") in rows_found


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


def test_speed_kernel_start_and_align(prose: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start("speed", "kernel", "--rounds", 1, prose)
    start("speed", "start", "--rounds", 1)
    speed.align(prose, 1, (2, 4))
    output = capsys.readouterr().out
    assert "216 permutations, 5-token shingles, 1 rounds\n  one thread" in output
    assert "dedup clean seeds: " in output
    assert "from 2 to 4: exponent 0.00" in output


def fake_measure(command: list[str], _limit: float, log: Path, _scratch: Path) -> Cost:
    """Run a tool in this process; datasketch exceeds the limit, rensa keeps all texts."""
    log.touch()
    if command[1].endswith("datasketch_minhash.py"):
        return Cost(9, 9, 9, "stopped after 9 s")
    if not command[1].endswith("rensa_minhash.py"):
        return Cost(*run_in_process(command), "")
    common = importlib.import_module("common")
    task, source, out = command[2], Path(command[3]), Path(command[4])
    if task == "clean":
        common.filter_texts(source, out, lambda ids, _: [True] * len(ids))
    else:
        common.write_shingles(source, out, lambda text: {text[:1]})
    return Cost(4, 2, 100, "")


def test_speed_peers(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(peers, "environment", lambda *_: Path(sys.executable))
    monkeypatch.setattr(peers, "versions", lambda _: {"numpy": "2.4"})
    monkeypatch.setattr(peer_comparison, "measure", fake_measure)
    files = ["--out", tmp_path / "results.json", "--plot", tmp_path / "plot.svg"]
    options = ["--sizes", "0.005,0.01", "--workers", "1", "--rounds", "1", "--tools", "dedup,rensa,datasketch,copy"]
    start("speed", "peers", corpus, *options, *files)
    rows = table_rows(capsys.readouterr().out)
    times = {row[1]: row[3:] for row in rows if len(row) == 10}
    assert times["dedup"][3:] == ["9", "1.00", "1.00", "1.00"]
    assert times["rensa"][3:] == ["10", "2.00", "2.00", "2.00"]
    assert "datasketch" in times
    scores = {row[2]: row[3:9] for row in rows if len(row) == 11}
    assert scores["dedup"] == ["dedup's", "1", "0", "0", "0", "1.0000"]
    assert scores["rensa"] == ["dedup's", "0", "0", "0", "1", "0.0000"]
    unusual = {row[0]: row[1:] for row in rows if len(row) == 1 + len(data.UNUSUAL_TEXTS)}
    assert unusual["dedup"] == [*["0 of 6; 0 of 3"] * 4, "0 of 4; 0 of 0"]
    results = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert results["runs"][0]["costs"] == [{"seconds": 2.0, "cpu": 1.0, "peak": 100.0, "error": ""}]
    assert {run["megabytes"] for run in results["runs"] if run["tool"] == "datasketch"} == {0.005}
    assert "polyline" in (tmp_path / "plot.svg").read_text("utf-8")


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
