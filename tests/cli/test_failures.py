"""Failures and limits: full disks, missing permissions, changing inputs, huge texts, worst-case inputs."""
# ruff: noqa: S603, S607
# the tests run only dedup itself and mount

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
from dedup.corpus import streams

COMMAND = [sys.executable, "-m", "dedup"]
NOBODY_UID = 65534


def run(*arguments: str | Path, **options: object) -> "subprocess.CompletedProcess[str]":
    """Run a command in a new process."""
    given = [*COMMAND, *map(str, arguments)]
    return subprocess.run(given, capture_output=True, check=False, text=True, **options)  # type: ignore[call-overload,no-any-return]  # options of subprocess.run


def run_here(*arguments: str | Path) -> tuple[int, str]:
    """Run a command in this process."""
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    return done.exit_code, done.stderr


def noise(size: int, seed: int = 0) -> str:
    """Make random text, which hardly compresses and has no duplicates."""
    generator = random.Random(seed)  # noqa: S311  # not for cryptography
    return " ".join(f"{generator.getrandbits(40):x}" for _ in range(size // 11))


# Full disks and missing permissions.


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 2 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("only root can mount a file system")
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.fixture
def large_input(tmp_path: Path) -> Path:
    """Write rows, half of them duplicates, that do not fit on the small disk."""
    texts = [noise(50_000, at // 2) for at in range(200)]
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(json.dumps({"id": str(at), "text": text}) + "\n" for at, text in enumerate(texts)), "utf-8")
    return rows


@pytest.mark.parametrize("command", ["clean", "scan"])
def test_full_disk_for_temporary_files(small_disk: Path, large_input: Path, tmp_path: Path, command: str) -> None:
    done = run(command, large_input, "-o", tmp_path / "out", "--temp-dir", small_disk, "-q")
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert "--temp-dir" in done.stderr
    assert "bug in dedup" not in done.stderr
    assert not list(small_disk.iterdir())
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".out*"))


def test_full_disk_for_output(small_disk: Path, large_input: Path, tmp_path: Path) -> None:
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


def test_temp_dir_replaces_full_default(small_disk: Path, large_input: Path, tmp_path: Path) -> None:
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


def run_as_nobody(*arguments: str | Path) -> tuple[int, str]:
    """Run a command in a forked process without root privileges; return its exit code and standard error."""
    CliRunner().invoke(cli, ["--help"])  # import everything now: the user may not be allowed to read it
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Python 3.12 warns about forking with threads; the child uses none.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.setgid(NOBODY_UID)
        os.setuid(NOBODY_UID)
        done = CliRunner().invoke(cli, list(map(str, arguments)))
        os.write(writing, f"{done.exit_code} {done.stderr}".encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        code, _, errors = pipe.read().partition(" ")
    os.waitpid(child, 0)
    return int(code), errors


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change the user")
def test_folder_without_write_permission(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Some words.", "utf-8")
    assert run_here("clean", tmp_path / "in", "-o", tmp_path / "whole", "-q")[0] == 0
    messages = {
        ("clean", tmp_path / "in", "-o", tmp_path / "out"): "cannot be created: Permission denied. Name a folder that",
        ("clean", tmp_path / "in", "-o", tmp_path / "new" / "out"): "cannot be created: Permission denied",
        ("scan", tmp_path / "in", "--temp-dir", tmp_path): "Permission denied",
        ("restore", tmp_path / "whole", "-o", tmp_path / "back"): "cannot be written: Permission denied",
    }
    for folder in (tmp_path, *tmp_path.parents):  # pytest creates folders that only their owner can read
        folder.chmod(folder.stat().st_mode | 0o055)
    for arguments, message in messages.items():
        code, errors = run_as_nobody(*arguments)
        assert code == 2, errors
        assert message in errors
        assert "bug in dedup" not in errors
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "whole"]


# Inputs that change during a run.


class CallbackProgress(dedup.Progress):
    """Calls a function when a step begins."""

    def __init__(self, step: str, callback: Callable[[], object]) -> None:
        self._step, self._callback = step, callback

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:  # noqa: ARG002  # signature of the base class
        if name == self._step:
            self._callback()


@pytest.mark.parametrize("change", ["remove", "replace", "cut"])
@pytest.mark.parametrize("step", ["sketch", "write"])
def test_changed_table_is_an_error(tmp_path: Path, change: str, step: str) -> None:
    table = tmp_path / "table.parquet"
    pq.write_table(pa.table({"text": [noise(2000, at) for at in range(50)]}), table)
    changes: dict[str, Callable[[], object]] = {
        "remove": table.unlink,
        "replace": lambda: pq.write_table(pa.table({"text": ["another"]}), table),
        "cut": lambda: os.truncate(table, 1000),
    }
    with pytest.raises(dedup.InputChanged, match=r"table.parquet was changed or removed"):
        dedup.clean(table, tmp_path / "out", progress=CallbackProgress(step, changes[change]))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["table.parquet"] * (change != "remove")


def test_file_deleted_after_reading(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for at in range(3):
        (tmp_path / "in" / f"{at}.txt").write_text("The same text of seven words each.", "utf-8")
    progress = CallbackProgress("sketch", lambda: [path.unlink() for path in (tmp_path / "in").iterdir()])
    run = dedup.clean(tmp_path / "in", tmp_path / "out", progress=progress).run
    assert run.removed["documents"].exact == 2


def test_file_deleted_before_reading_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for at in range(3):
        (tmp_path / "in" / f"{at}.txt").write_text(f"Text {at}", "utf-8")
    progress = CallbackProgress("read", lambda: (tmp_path / "in" / "2.txt").unlink())
    run = dedup.clean(tmp_path / "in", progress=progress).run
    assert run.counts["documents"] + len(run.skipped) == 3
    assert all(item["path"] == "2.txt" for item in run.skipped)


# Texts above the limit.


@pytest.fixture
def low_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the limit of a text to 1,000 bytes."""
    monkeypatch.setattr(streams, "MAX_TEXT_BYTES", 1000)


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
def test_too_long_text_is_skipped(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(CASES[name])
    (tmp_path / "short.txt").write_text("A short text.", "utf-8")
    run = dedup.scan(tmp_path).run
    assert run.counts["documents"] == 1
    [item] = run.skipped
    assert item["path"] == name
    assert "the limit for one text" in item["reason"]


@pytest.mark.usefixtures("low_limit")
def test_rows_before_a_too_long_row_are_read(tmp_path: Path) -> None:
    rows = [json.dumps({"text": "short"}), json.dumps({"text": LONG}), json.dumps({"text": "short too"})]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows), "utf-8")
    run = dedup.scan(tmp_path).run
    assert run.counts["documents"] == 1
    assert "damaged after this line: longer than" in run.skipped[0]["reason"]


# Worst-case inputs. With quadratic algorithms these tests would not end.


def test_deeply_nested_input(tmp_path: Path) -> None:
    many = 100_000
    (tmp_path / "a.json").write_text("[" * many, "utf-8")
    (tmp_path / "b.json").write_text('[{"text": ' + "[" * many + "]" * many + "}]", "utf-8")
    (tmp_path / "c.jsonl").write_text('{"a":' * many + "1" + "}" * many, "utf-8")
    (tmp_path / "d.html").write_text("<div>" * many + "deep words" + "</div>" * many, "utf-8")
    (tmp_path / "e.html").write_text("<" * many + "&" * many, "utf-8")
    (tmp_path / "f.csv").write_text("id,text\n" + '"' * many, "utf-8")
    done = run("scan", tmp_path, "--json", "-q", timeout=60)
    assert done.returncode == 0
    scanned = json.loads(done.stdout)["run"]
    skipped = {item["path"] for item in scanned["skipped"]}
    assert {"a.json", "b.json", "c.jsonl"} <= skipped
    assert scanned["counts"]["documents"] >= 1


@pytest.mark.parametrize("shape", ["one bucket", "many buckets"])
def test_texts_in_common_buckets_need_few_comparisons(shape: str) -> None:
    # All texts share shingles, but hardly any are duplicates: comparing all would take 50 million comparisons.
    common = [f"common{at}" for at in range(60)]
    generator = random.Random(1)  # noqa: S311  # not for cryptography
    texts = []
    for at in range(10_000):
        words = common if shape == "one bucket" else generator.sample(common, 40)
        texts.append(" ".join([*words, *(f"own{at}x{own}" for own in range(12))]))
    found = dedup.scan(pa.table({"text": texts}), unit="documents", threshold=0.7).run
    kept = found.counts["documents"] - found.removed["documents"].near
    assert kept > 0
    assert found.counts["pairs"] < 50 * len(texts)


def test_similar_groups_of_copies_need_few_comparisons() -> None:
    # 60 similar texts with 60 copies each: six million pairs.
    common = " ".join(f"common{at}" for at in range(200))
    texts = [f"{common} own{family}" for _ in range(60) for family in range(60)]
    found = dedup.scan(pa.table({"text": texts}), unit="documents").run
    assert found.removed["documents"].exact + found.removed["documents"].near == len(texts) - 1
    assert found.counts["pairs"] < 50 * len(texts)


# Many rows.


@pytest.mark.parametrize(("room", "named"), [(799, "5 documents"), (8000, "71 paragraphs")])
def test_more_units_than_fit_in_memory_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int, named: str
) -> None:
    monkeypatch.setattr("dedup.runtime.memory.machine_memory", lambda: room)
    with pytest.raises(dedup.DedupError, match=rf"Comparing {named} needs about 0 GB of memory, but this"):
        dedup.clean(SEEDS, tmp_path / "out", paragraphs="all")
    assert not list(tmp_path.iterdir())


def test_a_million_empty_rows() -> None:
    run = dedup.clean(pa.table({"text": [""] * 1_000_000})).run
    assert run.counts["without_tokens"] == run.counts["documents"] == 1_000_000
    assert sum(tally.exact + tally.near for tally in run.removed.values()) == 0
