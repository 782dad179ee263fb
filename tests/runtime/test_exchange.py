"""Outputs that replace others: a reader of the folder finds the old or the new output at any time, complete."""
# ruff: noqa: S603
# the only program that is run is our own

import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dedup.errors import OutputError, OutputExists
from dedup.outputs.writer import output_folder
from dedup.runtime import exchange as exchanging
from dedup.runtime.exchange import exchange

NAMES = [f"{number}.parquet" for number in range(20)] + ["run.json"]
TURNS = 500
WRITE_REPEATEDLY = (
    "import sys\nfrom pathlib import Path\nfrom dedup.outputs.writer import output_folder\nprint(flush=True)\n"
    "while True:\n    with output_folder(Path(sys.argv[1]), overwrite=True) as part:\n"
    "        [(part / name).touch() for name in sys.argv[2:]]"
)

# The old folder is removed after the exchange; it is incomplete only when it has lost its name.
LOOK_REPEATEDLY = """
import os, select, sys
out, *names = sys.argv[1:]
wrong, looks = [], 0
print(flush=True)
while not (looks % 100 == 0 and select.select([0], [], [], 0)[0]):
    looks += 1
    try:
        handle = os.open(out, os.O_RDONLY)
    except OSError as error:
        wrong.append(f"missing: {error}")
        continue
    found = sorted(os.listdir(handle))
    if found != names and os.path.exists(out) and os.path.samestat(os.stat(out), os.fstat(handle)):
        wrong.append(f"incomplete: {found}")
    os.close(handle)
print(looks, *wrong[:3], sep="\\n")
"""


def write(out: Path, content: str = "") -> None:
    with output_folder(out, overwrite=True) as part:
        for name in NAMES:
            (part / name).write_text(content, "utf-8")


def can_exchange(folder: Path) -> bool:
    for name in "ab":
        (folder / name).mkdir()
    able = exchange(folder / "a", folder / "b")
    for name in "ab":
        (folder / name).rmdir()
    return able


@pytest.fixture
def exchangeable(tmp_path: Path) -> Path:
    if not can_exchange(tmp_path):
        pytest.skip("this system or file system cannot exchange folders")
    return tmp_path


@contextmanager
def polled(out: Path) -> Iterator[list[str]]:
    """Look at a folder again and again in another process, which does not wait for this one; collect what is wrong."""
    wrong: list[str] = []
    program = [sys.executable, "-c", LOOK_REPEATEDLY, str(out), *sorted(NAMES)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        running.stdout.readline()
        yield wrong
        looks, *found = running.communicate()[0].splitlines()
    assert int(looks) > TURNS
    wrong.extend(found)


def test_folder_is_never_missing_nor_mixed(exchangeable: Path) -> None:
    out = exchangeable / "out"
    write(out)
    with polled(out) as wrong:
        for turn in range(TURNS):
            write(out, str(turn))
            assert {(out / name).read_text("utf-8") for name in NAMES} == {str(turn)}
    assert wrong == []
    assert [path.name for path in exchangeable.iterdir()] == ["out"]


def test_killed_at_any_moment_the_folder_is_complete(exchangeable: Path) -> None:
    out, chance = exchangeable / "out", random.Random(1)  # noqa: S311  # when to kill, not a secret
    write(out)
    for _ in range(int(os.environ.get("DEDUP_KILLS", "6"))):
        program = [sys.executable, "-c", WRITE_REPEATEDLY, str(out), *NAMES]
        with subprocess.Popen(program, stdout=subprocess.PIPE) as running:
            assert running.stdout is not None
            running.stdout.readline()
            time.sleep(chance.uniform(0, 0.2))
            running.send_signal(signal.SIGKILL)
        assert sorted(path.name for path in out.iterdir()) == sorted(NAMES)
    write(out)
    assert [path.name for path in exchangeable.iterdir()] == ["out"]


@pytest.mark.parametrize("code", ["ENOSYS", "EINVAL", "ENOTSUP", "EPERM"])
def test_without_exchange_the_folder_is_replaced_in_two_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    called = []

    def refuse(one: bytes, other: bytes) -> int:
        called.append((one, other))
        return int(getattr(errno, code))

    monkeypatch.setattr(exchanging, "_call", refuse)
    for content in ("old", "new"):
        write(tmp_path / "out", content)
        assert {(tmp_path / "out" / name).read_text("utf-8") for name in NAMES} == {content}
    assert len(called) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_old_folder_returns_if_the_second_step_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanging, "_call", lambda _one, _other: errno.EINVAL)
    rename = Path.rename

    def fail(path: Path, target: Path) -> Path:
        if path.suffix == ".part":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, target)

    write(tmp_path / "out", "old")
    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OutputError, match="out cannot be written: Input/output error"):
        write(tmp_path / "out", "new")
    assert (tmp_path / "out" / "run.json").read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_other_errors_of_an_exchange_are_raised(exchangeable: Path) -> None:
    (exchangeable / "a").mkdir()
    with pytest.raises(FileNotFoundError):
        exchange(exchangeable / "a", exchangeable / "nowhere")


def test_link_stays_and_its_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real/out")  # names nothing yet
    for content in ("old", "new"):
        write(tmp_path / "link", content)
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "real" / "out" / "run.json").read_text("utf-8") == content
    assert sorted(path.name for path in tmp_path.rglob("*") if path.name not in NAMES) == ["link", "out", "real"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_folder_that_appears_during_a_run_is_not_replaced(tmp_path: Path, overwrite: bool) -> None:
    def write_meanwhile() -> None:
        with output_folder(tmp_path / "out", overwrite):
            (tmp_path / "out").mkdir()
            (tmp_path / "out" / "mine.txt").touch()

    with pytest.raises(OutputExists):
        write_meanwhile()
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "mine.txt"]
