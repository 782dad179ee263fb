"""Killed at any point, a writer leaves the old or the new version, and the next writer removes the rest.

`DEDUP_KILLS=200 pytest tests/index/storage/test_kills.py` also kills at 200 random moments instead of 6.
"""
# ruff: noqa: S603
# the only program that is run is our own

import os
import subprocess
import sys
from pathlib import Path

import pytest
from paths import ROOT

KILLS = os.environ.get("DEDUP_KILLS", "6")


@pytest.mark.parametrize("operation", ["first", "add", "compact"])
def test_kill_at_any_moment(tmp_path: Path, operation: str) -> None:
    program = ROOT / "tests" / "index_kills.py"
    run = subprocess.run(
        [sys.executable, program, operation, tmp_path, KILLS], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 30  # accesses at which the writer was killed
