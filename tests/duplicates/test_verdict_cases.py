"""Clean the case folders on folding, signs as tokens, documents without words, and documents of one paragraph."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from case_files import CaseRun, case_names, unpack

ARCHIVE = "verdict_cases.tar.gz"


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    unpack(ARCHIVE, folder)
    return folder


@pytest.mark.parametrize("name", case_names(ARCHIVE, "fold-", "signs-", "wordless-", "para-") or ["(no data)"])
def test_documents_kept_and_removed(name: str, cases: Path, tmp_path: Path) -> None:
    expect: dict[str, Any] = json.loads((cases / name / "expect.json").read_text("utf-8"))
    run = CaseRun([cases / name / "in"], tmp_path / "out", expect.get("args", ()))
    kept = len(run.kept())
    assert {"kept": kept, "removed": len(run.rows()) - kept} == expect["documents"], expect["why"]
    if "paragraphs" in expect:
        units = pq.read_table(run.out / "removed.parquet", columns=["unit"])["unit"].to_pylist()
        assert units.count("paragraph") == expect["paragraphs"]["removed"]
