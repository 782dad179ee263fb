"""The same output in all cases: threads, batches, memory and spilling do not change any byte."""

import hashlib
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import strategies

import dedup
from dedup.duplicates import select, verify
from dedup.outputs import writer as write
from dedup.runtime import matrix_file

NAMES = ("clean.parquet", "removed.parquet", "pairs.parquet")
RESOURCES: list[dict[str, Any]] = [
    {"workers": 2},
    {"workers": 1, "batch_bytes": 1000, "memory": "64MiB"},
    {"workers": 2, "batch_bytes": 1},
    {"workers": 2, "batch_bytes": 1000, "memory": "1GB"},
    {"workers": 1, "batch_bytes": 64 << 20, "memory": "64MiB"},
]


def digests(table: pa.Table, out: Path, **options: Any) -> dict[str, str]:
    dedup.clean(table, out, **options)
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in NAMES}


@pytest.fixture(scope="module")
def large() -> pa.Table:
    return strategies.varied_corpus(7, 2000)


@pytest.mark.parametrize("options", [{"paragraphs": "all", "min_tokens": 5}, {"keep": "-size"}], ids=["all", "within"])
def test_files_are_identical_for_all_resources(large: pa.Table, tmp_path: Path, options: dict[str, Any]) -> None:
    expected = digests(large, tmp_path / "first", workers=1, **options)
    for number, resources in enumerate(RESOURCES):
        assert digests(large, tmp_path / str(number), **resources, **options) == expected, resources
    first = dedup.clean(large, workers=1, **options)
    assert sum(map(len, first.clean["text"].drop_null().to_pylist())) > 1 << 20  # more than one page of Parquet
    assert first.removed.num_rows > 400
    assert first.pairs.num_rows > first.removed.num_rows


def test_files_are_identical_for_small_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = strategies.varied_corpus(8, 300)
    options = {"paragraphs": "all", "min_tokens": 3}
    expected = digests(table, tmp_path / "whole", **options)
    monkeypatch.setattr(matrix_file, "CHUNK_BYTES", 999)
    monkeypatch.setattr(verify, "BATCH_PAIRS", 7)
    monkeypatch.setattr(select, "BATCH_UNITS", 5)
    monkeypatch.setattr(select, "BUDGET_SHARE", 1 << 28)
    assert digests(table, tmp_path / "pieces", workers=2, batch_bytes=50, **options) == expected


def test_files_are_identical_with_oversized_buckets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = strategies.varied_corpus(9, 300)
    plain = digests(table, tmp_path / "plain", paragraphs="all", min_tokens=3)
    monkeypatch.setattr("dedup.duplicates.candidates.LARGEST_BUCKET", 2)
    oversized = [
        digests(table, tmp_path / f"{number}", paragraphs="all", min_tokens=3, **resources)
        for number, resources in enumerate(RESOURCES)
    ]
    assert all(found == oversized[0] for found in oversized)
    assert {name: oversized[0][name] for name in NAMES[:2]} == {name: plain[name] for name in NAMES[:2]}


def test_output_does_not_depend_on_chunks_and_types(tmp_path: Path) -> None:
    table = strategies.varied_corpus(10, 200)
    expected = digests(table, tmp_path / "whole")
    pieces = pa.concat_tables([table.slice(first, 7) for first in range(0, table.num_rows, 7)])
    assert digests(pieces, tmp_path / "pieces") == expected


def test_pairs_do_not_depend_on_the_order_of_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "dedup.duplicates.candidates.LARGEST_BUCKET", 10**6
    )  # of a largest_bucket, only the pairs with kept ones are looked for
    table = strategies.varied_corpus(11, 150)
    names = list(range(table.num_rows))
    random.Random(1).shuffle(names)  # noqa: S311 - no secret
    plain, turned = (
        dedup.clean(each, paragraphs="none").pairs.to_pylist() for each in (table, table.take(pa.array(names)))
    )
    expected = {frozenset((row["left_doc"], row["right_doc"])) for row in plain}
    assert {frozenset((names[row["left_doc"]], names[row["right_doc"]])) for row in turned} == expected
    assert len(expected) > 1000


def test_row_groups_do_not_depend_on_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = strategies.varied_corpus(12, 200)
    monkeypatch.setattr(write, "GROUP_ROWS", 90)
    monkeypatch.setattr(write, "GROUP_BYTES", 20_000)
    expected = digests(table, tmp_path / "whole")
    assert digests(table, tmp_path / "pieces", batch_bytes=100, workers=2) == expected
    assert pq.ParquetFile(tmp_path / "whole" / "clean.parquet").num_row_groups > 3
