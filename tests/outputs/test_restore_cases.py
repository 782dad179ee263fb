"""Restore the inputs of the case folders, and clean each day with what was kept before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from case_files import CaseRun, case_names, expectation, unpack_new

import dedup

ARCHIVE = "verdict_cases.tar.gz"


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack_new(ARCHIVE, tmp_path_factory)


@pytest.mark.parametrize("name", case_names(ARCHIVE, "restore-") or ["(no data)"])
def test_rows_are_restored(name: str, cases: Path, tmp_path: Path) -> None:
    run = CaseRun([cases / name / "in"], tmp_path / "out")
    dedup.restore_to(run.out, tmp_path / "back")
    found = [
        json.loads(line)
        for path in sorted((tmp_path / "back").iterdir())
        for line in path.read_text("utf-8").splitlines()
    ]
    assert found == expectation(cases / name)["restore"]


@pytest.mark.parametrize("name", case_names(ARCHIVE, "front-") or ["(no data)"])
def test_front_matter_is_not_text(name: str, cases: Path, tmp_path: Path) -> None:
    run = CaseRun([cases / name / "in"], tmp_path / "out")
    assert run.documents() == expectation(cases / name)["documents"]
    dedup.restore_to(run.out, tmp_path / "back")
    for path in (cases / name / "in").iterdir():
        assert (tmp_path / "back" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("name", case_names(ARCHIVE, "again-") or ["(no data)"])
def test_earlier_output_is_cleaned_with_new_documents(name: str, cases: Path, tmp_path: Path) -> None:
    expect = expectation(cases / name)
    inputs: list[Path] = []
    for number, day in enumerate(expect["rounds"]):
        run = CaseRun([*inputs, cases / name / "in" / day], tmp_path / f"out{number}", expect.get("args", ()))
        inputs = [run.out / "clean.parquet"]
    assert run.documents() == expect["documents"]
    if "kept" in expect:
        assert sorted(run.kept()) == sorted(expect["kept"])
    assert not [column for column in run.rows()[0] if column.startswith("input_")]
