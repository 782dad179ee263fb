"""The setup of the Spark tests: executors run the wheel, clusters end, and disks are small."""

import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from paths import ROOT
from spark_cluster import Cluster, executors, is_running, require_spark, small_disk, standalone_cluster
from spark_drivers import Start, killed_executors, read_events

JOB = ROOT / "tests" / "spark_jobs.py"
SQUARES = [number * number for number in range(20)]


def test_executors_run_the_wheel(cluster: Cluster, start: Start, tmp_path: Path) -> None:
    driver = start(JOB, tmp_path / "out", "0", "2")
    assert driver.finish() == 0, driver.stderr
    for stage in ("sketch", "judge"):
        rows = pq.read_table(tmp_path / "out" / stage)
        assert sorted(rows["squared"].to_pylist()) == SQUARES
        assert set(rows["python"].to_pylist()) == {str(cluster.python)}
        assert set(rows["temp"].to_pylist()) == {str(cluster.disk / "temp")}
        home = cluster.python.parent.parent
        assert all(Path(package).is_relative_to(home) for package in rows["package"].to_pylist())
    assert killed_executors(read_events(driver.folder)) == set()


def test_the_end_of_a_cluster_leaves_no_process(tmp_path: Path) -> None:
    require_spark()
    with standalone_cluster(tmp_path, Path(sys.executable), workers=1) as small:
        masters = [path for path in Path("/proc").glob("[0-9]*/cmdline") if small.master.encode() in path.read_bytes()]
        assert masters
    assert executors(small) == []
    assert not any(is_running(int(path.parent.name)) for path in masters)


def test_a_small_disk_gets_full(tmp_path: Path) -> None:
    with small_disk(tmp_path, 1) as disk:
        (disk / "file").write_bytes(bytes(500_000))
        with pytest.raises(OSError, match="No space left"):
            (disk / "file").write_bytes(bytes(2_000_000))
    assert list(tmp_path.iterdir()) == []
