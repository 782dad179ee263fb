"""A program that kills writers of an index at every access to its files, and checks what they leave.

Each writer and each check is a fork, so that modules are loaded once.
"""

import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb  # noqa: F401  # loaded before the forks
import pyarrow as pa
import pyarrow.parquet
from index_samples import Stored, add, add_to, check_content, make_addition, workspace

from dedup.duplicates.columns.values import hash_strings
from dedup.errors import NotAnIndex
from dedup.index.storage.commit import compact
from dedup.index.storage.layout import SEGMENTS
from dedup.index.storage.locks import writer_lock
from dedup.index.storage.manifest import read_manifest
from dedup.index.storage.snapshot import open_snapshot

EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}
DOCS = 12


def fork(run: Callable[[], object], wait: float | None = None) -> int:
    """Run a function in a fork, and kill it after some seconds; return the exit status, 0 if it ended on its own."""
    child = os.fork()
    if child == 0:
        try:
            run()
            os._exit(0)
        except BaseException:  # the fork must not return
            traceback.print_exc()
            os._exit(1)
    if wait is not None:
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def kill_at(number: int, index: Path) -> None:
    """Let this process be killed at an access to the files of an index.

    Args:
        number: Which one, from 1.
        index: The index.
    """
    left = [number]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        # Within shutil.rmtree the folder is given as a descriptor, the last argument.
        if event in EVENTS and (str(index) in str(arguments[0]) or (event == "os.remove" and arguments[-1] >= 0)):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def write(operation: str, index: Path, temp: Path) -> None:
    """Do what is killed."""
    if operation == "compact":
        compact(index, workspace(temp))
    else:
        add(index, make_addition(3, DOCS), temp)


def write_until(number: int, operation: str, index: Path, temp: Path) -> None:
    """Do it until the access with a number."""
    kill_at(number, index)
    write(operation, index, temp)


def check(operation: str, index: Path, temp: Path) -> None:
    """Check that an index is in the old or the new version, that nothing else is left, and that it can be added to."""
    before = 0 if operation == "first" else 2
    try:
        version = read_manifest(index).version
    except NotAnIndex:
        version = 0
    assert version in (before, before + 1)
    stored = Stored()
    seeds = [1, 2][:before] + ([3] if operation != "compact" and version > before else [])
    for seed in seeds:
        add_to(stored, make_addition(seed, DOCS))
    if version:
        with open_snapshot(index) as opened:
            check_content(opened, stored, 1)
    with writer_lock(index, "check"):
        named = [segment.name for segment in read_manifest(index).segments] if version else []
        assert sorted(path.name for path in (index / SEGMENTS).iterdir()) == named
    assert index.exists() == (version > 0)
    assert add(index, make_addition(9, 3), temp).version == version + 1
    with open_snapshot(index) as opened:
        assert opened.manifest.documents == stored.documents + 3


def main(operation: str, home: Path, kills: int) -> None:
    """Kill a writer at each access, then at random moments.

    Args:
        operation: "first", "add" or "compact".
        home: An empty folder.
        kills: Number of random moments.
    """
    hash_strings(pa.array(["Load the kernel."]))  # before the forks, each of which would load it, and the libraries
    base, index, temp = home / "base", home / "index", home / "temp"
    for seed in () if operation == "first" else (1, 2):
        assert fork(partial(add, base, make_addition(seed, DOCS), temp)) == 0

    def reset() -> None:
        shutil.rmtree(index, ignore_errors=True)
        if base.exists():
            shutil.copytree(base, index)

    number, status = 0, signal.SIGKILL
    while status == signal.SIGKILL:
        number += 1
        reset()
        status = fork(partial(write_until, number, operation, index, temp))
        assert fork(lambda: check(operation, index, temp)) == 0, f"access {number}"
    assert status == 0
    reset()
    begun = time.perf_counter()
    assert fork(lambda: write(operation, index, temp)) == 0
    took = time.perf_counter() - begun
    chance = random.Random(operation)  # noqa: S311  # when to kill, not a secret
    for _ in range(kills):
        reset()
        fork(lambda: write(operation, index, temp), chance.uniform(0, took))
        assert fork(lambda: check(operation, index, temp)) == 0, "random moment"
    print(number)  # noqa: T201  # read by the test


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
