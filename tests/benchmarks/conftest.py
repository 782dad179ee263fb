"""Make the benchmark modules importable: scripts import each other by plain module names."""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from paths import BENCHMARKS

sys.path += [str(BENCHMARKS), str(BENCHMARKS / "runners")]


@pytest.fixture(scope="session")
def prose(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a gzipped JSONL file of 7 texts with 1,000 words each, in sentences."""
    random = np.random.default_rng(1)
    path = tmp_path_factory.mktemp("prose") / "prose.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as rows:
        for number in range(7):
            words = [f"é{rank}{'.' * (rank % 15 == 0)}" for rank in random.integers(2000, size=1000).tolist()]
            rows.write(json.dumps({"id": number, "text": " ".join(words)}) + "\n")
    return path
