"""Read folders of files of usual kinds, and compare with what a user expects."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from case_files import CaseRun, case_names, expectation, simplify, unpack_new

READING, VERDICTS = "reading_cases.tar.gz", "verdict_cases.tar.gz"


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack_new(READING, tmp_path_factory)


def check_texts(found: list[str | None], expect: dict[str, Any]) -> None:
    """Compare texts in any order; `within` is the least number if some may be reported as skipped instead."""
    if "sha256" in expect:
        joined = "\0".join(sorted(text or "" for text in found))
        assert len(found) == expect["rows"]
        assert hashlib.sha256(joined.encode()).hexdigest() == expect["sha256"]
    if "texts" in expect:
        loose = expect.get("loose", False)
        mine = Counter(simplify(text) if loose else text or "" for text in found)
        theirs = Counter(simplify(text) if loose else text for text in expect["texts"])
        assert not mine - theirs
        if "within" in expect:
            assert (mine & theirs).total() >= expect["within"]
        else:
            assert mine == theirs


def check_columns(rows: list[dict[str, Any]], columns: dict[str, dict[str, Any]]) -> None:
    by_id = {row["id"]: row for row in rows}
    for column, values in columns.items():
        for identity, wanted in values.items():
            value = by_id[identity][column]
            accepted = wanted if isinstance(wanted, list) else [wanted]
            assert value in accepted or str(value) in accepted


@pytest.mark.parametrize("name", case_names(READING, "") or ["(no data)"])
def test_reading_case(name: str, cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = cases / name
    expect = expectation(folder)
    monkeypatch.chdir(folder)
    inputs, stdin = ["in"], b""
    if "stdin" in expect:
        inputs, stdin = ["-"], (folder / "in" / expect["stdin"]).read_bytes()
    run = CaseRun(inputs, tmp_path / "out", expect.get("args", ()), stdin)
    if run.code:
        assert run.code == 2, run.errors
        assert "error" in expect, run.errors
        return
    assert expect.get("error") is not True, "a refusal is expected"
    rows = run.rows()
    check_texts([row["text"] for row in rows], expect)
    check_columns(rows, expect.get("columns", {}))
    low, high = expect.get("skipped", (0, 10**9))
    assert low <= len(run.run["skipped"]) <= high, run.run["skipped"]
    for path, pattern in expect.get("reasons", {}).items():
        reasons = [item["reason"] for item in run.run["skipped"] if item["path"].endswith(path)]
        assert any(re.search(pattern, reason, re.IGNORECASE) for reason in reasons), run.run["skipped"]
    if "note" in expect:
        assert re.search(expect["note"], run.remarks(), re.IGNORECASE)
    if "ids" in expect:
        assert sorted(row["id"] for row in rows) == sorted(expect["ids"])
    if "kept" in expect:
        assert sorted(run.kept()) == sorted(expect["kept"])
