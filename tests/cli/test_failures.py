"""Hard use: full disks, folders one may not write, inputs that vanish, texts too long, input made to be slow."""
# ruff: noqa: S603, S607
# the only programs that are run are our own, and mount

import gzip
import json
import os
import random
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from paths import SEEDS

import dedup
from dedup.cli.commands import cli
from dedup.corpus import files

COMMAND = [sys.executable, "-m", "dedup"]
NOBODY = 65534


def run(*arguments: str | Path, **options: object) -> "subprocess.CompletedProcess[str]":
    """Run a command in a process of its own."""
    given = [*COMMAND, *map(str, arguments)]
    return subprocess.run(given, capture_output=True, check=False, text=True, **options)  # type: ignore[call-overload,no-any-return]  # options are those of run


def run_here(*arguments: str | Path) -> tuple[int, str]:
    """Run a command in this process."""
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    return done.exit_code, done.stderr


def noise(size: int, seed: int = 0) -> str:
    """Make text that packs badly and repeats nothing."""
    chance = random.Random(seed)  # noqa: S311  # not a secret
    return " ".join(f"{chance.getrandbits(40):x}" for _ in range(size // 11))


# A disk that is full, or may not be written.


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 2 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.fixture
def large_input(tmp_path: Path) -> Path:
    """Write rows that do not fit on the small disk, with some that repeat."""
    texts = [noise(50_000, at // 2) for at in range(200)]
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(json.dumps({"id": str(at), "text": text}) + "\n" for at, text in enumerate(texts)), "utf-8")
    return rows


@pytest.mark.parametrize("command", ["clean", "scan"])
def test_a_full_disk_for_what_is_temporary(small_disk: Path, large_input: Path, tmp_path: Path, command: str) -> None:
    done = run(command, large_input, "-o", tmp_path / "out", "--temp-dir", small_disk, "-q")
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert "--temp-dir" in done.stderr
    assert "bug in dedup" not in done.stderr
    assert not list(small_disk.iterdir())
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".out*"))


def test_a_full_disk_for_the_result(small_disk: Path, large_input: Path, tmp_path: Path) -> None:
    cleaned = run("clean", large_input, "-o", tmp_path / "whole", "-q")
    assert cleaned.returncode == 0
    commands = {
        "clean": ["clean", large_input, "-o", small_disk / "out", "-q"],
        "restore": ["restore", tmp_path / "whole", "-o", small_disk / "out"],
        "report": ["report", tmp_path / "whole", "-o", small_disk / "out.html", "-q"],
    }
    for name, arguments in commands.items():
        if name == "report":
            (small_disk / "filler").write_bytes(b"x" * 2_000_000)
        done = run(*arguments)
        assert done.returncode == 2, name
        assert "No space left on device" in done.stderr, name
        assert [path.name for path in small_disk.iterdir() if path.name != "filler"] == [], name


def test_a_small_place_for_what_is_temporary_is_no_obstacle(
    small_disk: Path, large_input: Path, tmp_path: Path
) -> None:
    done = run(
        "clean",
        large_input,
        "-o",
        tmp_path / "out",
        "--temp-dir",
        tmp_path,
        "-q",
        env={**os.environ, "TMPDIR": str(small_disk)},
    )
    assert done.returncode == 0
    assert json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["removed"]["documents"]["exact"] == 100


def as_nobody(*arguments: str | Path) -> tuple[int, str]:
    """Run a command in a copy of this process that has given up being root; gives its exit code and what it said."""
    CliRunner().invoke(cli, ["--help"])  # what it imports it may not read any more
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of threads: the copy uses none
        child = os.fork()
    if child == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        done = CliRunner().invoke(cli, list(map(str, arguments)))
        os.write(writing, f"{done.exit_code} {done.stderr}".encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        code, _, said = told.read().partition(" ")
    os.waitpid(child, 0)
    return int(code), said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
def test_a_folder_that_one_may_not_write(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Some words.", "utf-8")
    assert run_here("clean", tmp_path / "in", "-o", tmp_path / "whole", "-q")[0] == 0
    options = {
        ("clean", tmp_path / "in", "-o", tmp_path / "out"): "cannot be made: Permission denied. Name a folder that",
        ("clean", tmp_path / "in", "-o", tmp_path / "new" / "out"): "cannot be made: Permission denied",
        ("scan", tmp_path / "in", "--temp-dir", tmp_path): "Permission denied",
        ("restore", tmp_path / "whole", "-o", tmp_path / "back"): "cannot be written: Permission denied",
    }
    for folder in (tmp_path, *tmp_path.parents):  # pytest keeps its folders to their owner
        folder.chmod(folder.stat().st_mode | 0o055)
    for arguments, message in options.items():
        code, said = as_nobody(*arguments)
        assert code == 2, said
        assert message in said
        assert "bug in dedup" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "whole"]


# Inputs that change while they are read.


class Meddler(dedup.Progress):
    """Does something when a step begins."""

    def __init__(self, step: str, deed: Callable[[], object]) -> None:
        self._step, self._deed = step, deed

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:  # noqa: ARG002  # as others take it
        if name == self._step:
            self._deed()


@pytest.mark.parametrize("change", ["remove", "replace", "cut"])
@pytest.mark.parametrize("step", ["sketch", "write"])
def test_a_table_that_changes_is_an_error(tmp_path: Path, change: str, step: str) -> None:
    table = tmp_path / "table.parquet"
    pq.write_table(pa.table({"text": [noise(2000, at) for at in range(50)]}), table)
    deeds: dict[str, Callable[[], object]] = {
        "remove": table.unlink,
        "replace": lambda: pq.write_table(pa.table({"text": ["another"]}), table),
        "cut": lambda: os.truncate(table, 1000),
    }
    with pytest.raises(dedup.InputChanged, match=r"table.parquet changed or went away"):
        dedup.clean(table, tmp_path / "out", progress=Meddler(step, deeds[change]))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["table.parquet"] * (change != "remove")


def test_a_file_that_vanishes_after_it_was_read_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for at in range(3):
        (tmp_path / "in" / f"{at}.txt").write_text("The same text of seven words each.", "utf-8")
    vanish = Meddler("sketch", lambda: [path.unlink() for path in (tmp_path / "in").iterdir()])
    run = dedup.clean(tmp_path / "in", tmp_path / "out", progress=vanish).run
    assert run.removed["documents"].exact == 2


def test_a_file_that_vanishes_before_is_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for at in range(3):
        (tmp_path / "in" / f"{at}.txt").write_text(f"Text {at}", "utf-8")
    vanish = Meddler("read", lambda: (tmp_path / "in" / "2.txt").unlink())
    run = dedup.clean(tmp_path / "in", progress=vanish).run
    assert run.counts["documents"] + len(run.skipped) == 3
    assert all(item["path"] == "2.txt" for item in run.skipped)


# Texts that are too long to be held.


@pytest.fixture
def low_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a text have 1,000 bytes."""
    monkeypatch.setattr(files, "LONGEST", 1000)


LONG = "x" * 600 + " " + "y" * 600
CASES = {
    "a.txt": LONG.encode(),
    "a.txt.gz": gzip.compress(LONG.encode()),
    "a.html": f"<p>{LONG}".encode(),
    "a.html.gz": gzip.compress(f"<p>{LONG}".encode()),
    "a.jsonl": json.dumps({"text": LONG}).encode() + b"\n",
    "a.jsonl.gz": gzip.compress(json.dumps({"text": LONG}).encode() + b"\n"),
    "a.json": json.dumps([{"text": LONG}], indent=1).encode(),
    "a.csv": f"id,text\n1,{LONG}\n".encode(),
    "b.csv": f'id,text\n1,"{LONG[:600]}\n{LONG[600:]}"\n'.encode(),
    "utf16.csv": f"id,text\n1,{LONG}\n".encode("utf-16"),
}


@pytest.mark.usefixtures("low_limit")
@pytest.mark.parametrize("name", CASES)
def test_what_is_too_long_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(CASES[name])
    (tmp_path / "short.txt").write_text("A short text.", "utf-8")
    run = dedup.scan(tmp_path).run
    assert run.counts["documents"] == 1
    [item] = run.skipped
    assert item["path"] == name
    assert "the most that one text may have" in item["reason"]


@pytest.mark.usefixtures("low_limit")
def test_rows_before_one_that_is_too_long_are_read(tmp_path: Path) -> None:
    rows = [json.dumps({"text": "short"}), json.dumps({"text": LONG}), json.dumps({"text": "short too"})]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows), "utf-8")
    run = dedup.scan(tmp_path).run
    assert run.counts["documents"] == 1
    assert "broken from here on (longer than" in run.skipped[0]["reason"]


# Input made to be slow: ten times as much takes no hundred times as long, which would not end here.


def test_deeply_nested_input_ends(tmp_path: Path) -> None:
    many = 100_000
    (tmp_path / "a.json").write_text("[" * many, "utf-8")
    (tmp_path / "b.json").write_text('[{"text": ' + "[" * many + "]" * many + "}]", "utf-8")
    (tmp_path / "c.jsonl").write_text('{"a":' * many + "1" + "}" * many, "utf-8")
    (tmp_path / "d.html").write_text("<div>" * many + "deep words" + "</div>" * many, "utf-8")
    (tmp_path / "e.html").write_text("<" * many + "&" * many, "utf-8")
    (tmp_path / "f.csv").write_text("id,text\n" + '"' * many, "utf-8")
    done = run("scan", tmp_path, "--json", "-q", timeout=60)
    assert done.returncode == 0
    told = json.loads(done.stdout)["run"]
    read = {item["path"] for item in told["skipped"]}
    assert {"a.json", "b.json", "c.jsonl"} <= read
    assert told["counts"]["documents"] >= 1


@pytest.mark.parametrize("shape", ["one bucket", "many buckets"])
def test_texts_that_all_meet_stay_affordable(shape: str) -> None:
    # Every two texts share shingles, hardly two are duplicates: a self-join would compare 50 million pairs.
    common = [f"common{at}" for at in range(60)]
    chance = random.Random(1)  # noqa: S311  # not a secret
    texts = []
    for at in range(10_000):
        words = common if shape == "one bucket" else chance.sample(common, 40)
        texts.append(" ".join([*words, *(f"own{at}x{own}" for own in range(12))]))
    found = dedup.scan(pa.table({"text": texts}), unit="documents", threshold=0.7).run
    kept = found.counts["documents"] - found.removed["documents"].near
    assert kept > 0
    assert found.counts["pairs"] < 50 * len(texts)


def test_families_of_copies_that_resemble_each_other_stay_affordable() -> None:
    # 60 texts that resemble each other, each 60 times: six million pairs.
    common = " ".join(f"common{at}" for at in range(200))
    texts = [f"{common} own{family}" for _ in range(60) for family in range(60)]
    found = dedup.scan(pa.table({"text": texts}), unit="documents").run
    assert found.removed["documents"].exact + found.removed["documents"].near == len(texts) - 1
    assert found.counts["pairs"] < 50 * len(texts)


# Many rows, of which each is next to nothing.


@pytest.mark.parametrize(("room", "named"), [(799, "5 documents"), (8000, "61 paragraphs")])
def test_more_units_than_the_machine_can_hold_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int, named: str
) -> None:
    monkeypatch.setattr("dedup.runtime.memory.machine_memory", lambda: room)
    with pytest.raises(dedup.DedupError, match=rf"{named} take about 0 GB of memory to compare, and there are 0 GB"):
        dedup.clean(SEEDS, tmp_path / "out", paragraphs="all")
    assert not list(tmp_path.iterdir())


def test_a_million_empty_rows() -> None:
    run = dedup.clean(pa.table({"text": [""] * 1_000_000})).run
    assert run.counts["without_tokens"] == run.counts["documents"] == 1_000_000
    assert sum(tally.exact + tally.near for tally in run.removed.values()) == 0
