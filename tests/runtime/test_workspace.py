"""Killed and interrupted runs leave a complete output or none, and the next run removes their temporary folders.

`DEDUP_KILLS=200 pytest tests/runtime/test_workspace.py` kills 200 times instead of 6.
"""
# ruff: noqa: S603
# the only program that is run is our own

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from paths import SEEDS

from dedup.runtime.workspace import MARKER, folder_beside, temporary_folder

KILLS = int(os.environ.get("DEDUP_KILLS", "6"))
TABLES = {"clean": ("clean", "removed", "pairs"), "align": ("stories", "links", "texts")}


def start(command: str, folder: Path, *options: str) -> "subprocess.Popen[bytes]":
    arguments = [command, str(SEEDS), "-o", str(folder / "out"), "--temp-dir", str(folder / "temp"), "-q", *options]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen([sys.executable, "-m", "dedup", *arguments], stdout=nowhere, stderr=nowhere)


def digests(out: Path, command: str) -> list[str]:
    return [hashlib.sha256((out / f"{name}.parquet").read_bytes()).hexdigest() for name in TABLES[command]]


@pytest.mark.parametrize("command", ["clean", "align"])
def test_kill_at_any_moment(tmp_path: Path, command: str) -> None:
    (tmp_path / "temp").mkdir()
    begun = time.perf_counter()
    assert start(command, tmp_path).wait() == 0
    took = time.perf_counter() - begun
    whole = digests(tmp_path / "out", command)
    chance = random.Random(command)  # noqa: S311  # when to kill, not a secret
    for turn in range(KILLS):
        options = ["--overwrite"] if turn % 2 or (tmp_path / "out").exists() else []
        running = start(command, tmp_path, *options)
        time.sleep(chance.uniform(0, took))
        running.send_signal(signal.SIGKILL)
        running.wait()
        if (tmp_path / "out").exists():
            assert digests(tmp_path / "out", command) == whole
            assert (tmp_path / "out" / "run.json").is_file()
    assert start(command, tmp_path, "--overwrite").wait() == 0
    assert digests(tmp_path / "out", command) == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "temp"]
    assert not list((tmp_path / "temp").iterdir())


def test_killed_report_leaves_a_complete_page_or_none(tmp_path: Path) -> None:
    (tmp_path / "temp").mkdir()
    assert start("clean", tmp_path).wait() == 0
    page = tmp_path / "page.html"
    drawing = [sys.executable, "-m", "dedup", "report", str(tmp_path / "out"), "-o", str(page), "-q"]
    begun = time.perf_counter()
    subprocess.run(drawing, check=True)
    took, whole = time.perf_counter() - begun, page.read_bytes()
    chance = random.Random("report")  # noqa: S311  # when to kill, not a secret
    for _ in range(KILLS):
        page.unlink(missing_ok=True)
        running = subprocess.Popen(drawing)
        time.sleep(chance.uniform(took / 2, took))
        running.kill()
        running.wait()
        assert not page.exists() or page.read_bytes() == whole
    (tmp_path / ".page.html.99.part").mkdir()  # as a killed run leaves it
    subprocess.run(drawing, check=True)
    assert page.read_bytes() == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "page.html", "temp"]


def wait_for_main(running: "subprocess.Popen[bytes]") -> None:
    """Wait until a run has installed its signal handlers."""
    status = Path(f"/proc/{running.pid}/status")
    while running.poll() is None:
        caught = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("SigCgt:"))
        if int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.005)


@pytest.mark.skipif(sys.platform != "linux", reason="where a run stands is read from /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupt_at_any_moment(tmp_path: Path, sent: signal.Signals) -> None:
    (tmp_path / "temp").mkdir()
    chance = random.Random(int(sent))  # noqa: S311  # when to interrupt, not a secret
    for turn in range(KILLS):
        running = start("align" if turn % 2 else "clean", tmp_path, "--overwrite")
        wait_for_main(running)
        time.sleep(chance.uniform(0, 2))
        running.send_signal(sent)
        assert running.wait(timeout=60) in (0, 130)
        assert {path.name for path in tmp_path.iterdir()} <= {"out", "temp"}
        assert not list((tmp_path / "temp").iterdir())


def test_folders_of_running_processes_are_not_removed(tmp_path: Path) -> None:
    with temporary_folder(tmp_path) as one, folder_beside(tmp_path / "out") as part:
        (one / "work").write_text("mine", "utf-8")
        program = (
            "from pathlib import Path; from dedup.runtime.workspace import *\n"
            f"home = Path({str(tmp_path)!r})\n"
            "with temporary_folder(home) as two, folder_beside(home / 'out') as part:\n"
            "    print(two, part)"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
        two, other = done.stdout.split()
        assert {one, part}.isdisjoint(map(Path, (two, other)))
        assert (one / "work").read_text("utf-8") == "mine"
        assert part.is_dir()
    assert not list(tmp_path.iterdir())


def test_foreign_folders_are_not_removed(tmp_path: Path) -> None:
    (tmp_path / "dedup-mine1234").mkdir()  # has the name of a temporary directory, but not the marker
    (tmp_path / "dedup-mine1234" / "work").write_text("mine", "utf-8")
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / MARKER).touch()
    (tmp_path / "dedup-link1234").symlink_to(tmp_path / "real")
    (tmp_path / ".out.12.part").write_text("a file", "utf-8")
    (tmp_path / ".other.12.part").mkdir()
    with temporary_folder(tmp_path), folder_beside(tmp_path / "out"):
        pass
    names = [".other.12.part", ".out.12.part", "dedup-link1234", "dedup-mine1234", "real"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert (tmp_path / "real" / MARKER).exists()


def test_folders_of_ended_runs_are_removed(tmp_path: Path) -> None:
    for name in ("dedup-dead1234", ".out.99.part", ".out.99.old"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / MARKER).touch()
    with temporary_folder(tmp_path), folder_beside(tmp_path / "out"):
        assert len(list(tmp_path.iterdir())) == 2
    assert not list(tmp_path.iterdir())
