"""Errors in tasks on Spark are reported as on one machine, and no output that looks complete is left."""

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from same_engines import run_or_error

import dedup
from dedup.duplicates.distributed.storage import pieces

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TEXTS = [f"number {at} of the texts, each of which has some words of its own: w{at}" for at in range(40)]


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "piece_size", lambda *_: 500)


def write_damaged(path: Path) -> None:
    """Write a Parquet file, and damage the texts of its third row group."""
    pq.write_table(pa.table({"text": TEXTS}), path, row_group_size=10, compression="zstd", use_dictionary=False)
    place = pq.ParquetFile(path).metadata.row_group(2).column(0)
    content = bytearray(path.read_bytes())
    first = place.data_page_offset + 30
    content[first : first + 100] = bytes(byte ^ 0x5A for byte in content[first : first + 100])
    path.write_bytes(content)


def test_a_damaged_row_group_is_named(spark: "SparkSession", tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_damaged(tmp_path / "in" / "b.parquet")
    pq.write_table(pa.table({"text": TEXTS}), tmp_path / "in" / "a.parquet")
    _, local = run_or_error(lambda: dedup.clean(tmp_path / "in", tmp_path / "local"))
    _, error = run_or_error(lambda: dedup.clean(tmp_path / "in", tmp_path / "out", engine=spark))
    assert isinstance(error, dedup.InputError)
    assert "b.parquet" in str(error)
    assert str(error) == str(local)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


def test_a_file_that_changes_between_two_tasks_is_named(
    spark: "SparkSession", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": TEXTS}), path, row_group_size=10)
    monkeypatch.setattr(pieces, "piece_size", lambda *_: pq.write_table(pa.table({"text": TEXTS[:30]}), path) or 500)
    with pytest.raises(dedup.errors.InputChanged, match=r"a\.parquet"):
        dedup.clean(path, tmp_path / "out", engine=spark)
    assert not (tmp_path / "out").exists()


def test_workers_with_another_version_are_refused(
    spark: "SparkSession", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dedup.engine.spark.jobs.version", lambda _: "9.9")
    with pytest.raises(dedup.errors.EngineError, match=r"The workers have dedup .*, not 9\.9 as on this machine"):
        dedup.clean(pa.table({"text": TEXTS}), tmp_path / "out", engine=spark)
    assert list(tmp_path.iterdir()) == []


def test_user_errors_are_reported(spark: "SparkSession", tmp_path: Path) -> None:
    table = pa.table({"text": TEXTS, "tags": [["x"]] * len(TEXTS), "mixed": ["10", "1 May 2024"] * 20})
    for options in ({"per": "tags"}, {"per": "missing"}, {"keep": "missing"}, {"ignore": "("}, {"keep": "mixed"}):
        with pytest.raises(dedup.DedupError) as local:
            dedup.clean(table, tmp_path / "local", **options)
        with pytest.raises(type(local.value)) as raised:
            dedup.clean(table, tmp_path / "out", engine=spark, **options)
        assert str(raised.value).partition("(")[0] == str(local.value).partition("(")[0]
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(dedup.OutputError, match=r"no run to .*out that can be continued"):
        dedup.clean(table, tmp_path / "out", engine=spark, resume=True)
    dedup.clean(table, tmp_path / "out", engine=spark)
    with pytest.raises(dedup.errors.OutputExists):
        dedup.clean(table, tmp_path / "out", engine=spark)
    written = dedup.clean(table.slice(0, 9), tmp_path / "out", engine=spark, overwrite=True, single_file=True)
    assert (tmp_path / "out" / "clean.parquet").is_file()
    assert written.run.counts["documents"] == 9
