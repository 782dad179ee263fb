"""Stories of the development cases: formula news and hard scenarios."""

import importlib
import os
from pathlib import Path

import numpy as np
import pytest
from case_files import DATA
from paths import BENCHMARKS

# The goals on the development and on the held-out cases.
MIN_BCUBED_F1, MIN_PAIRS_F1 = 0.96, 0.75


@pytest.mark.skipif(
    not (DATA / "story_cases.jsonl").is_file(), reason="DEDUP_DATA does not name a folder with story_cases.jsonl"
)
def test_stories_of_the_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (BENCHMARKS / "runners", BENCHMARKS):
        monkeypatch.syspath_prepend(os.fspath(folder))
    measures, quality = (importlib.import_module(name) for name in ("measures", "story_quality"))
    results = quality.evaluate(Path(DATA))
    assert quality.mean_f1(results) >= MIN_BCUBED_F1
    assert measures.f1(np.array([np.sum([result.counts for result in results], axis=0)], np.float64)) >= MIN_PAIRS_F1
