"""Clean the case folders on folding, signs as tokens, documents without words, and documents of one paragraph."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from case_files import CaseRun, case_names, expectation, unpack_new

ARCHIVE = "verdict_cases.tar.gz"


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack_new(ARCHIVE, tmp_path_factory)


@pytest.mark.parametrize("name", case_names(ARCHIVE, "fold-", "signs-", "wordless-", "para-") or ["(no data)"])
def test_documents_kept_and_removed(name: str, cases: Path, tmp_path: Path) -> None:
    expect = expectation(cases / name)
    run = CaseRun([cases / name / "in"], tmp_path / "out", expect.get("args", ()))
    assert run.documents() == expect["documents"], expect["why"]
    if "paragraphs" in expect:
        units = pq.read_table(run.out / "removed.parquet", columns=["unit"])["unit"].to_pylist()
        assert units.count("paragraph") == expect["paragraphs"]["removed"]
