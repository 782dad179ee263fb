"""What the tests of Spark rely on: executors run the wheel, and executors and drivers are killed where a test says."""

import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from paths import ROOT
from spark_cluster import Cluster, executors, group_members, is_running, require_spark, small_disk, standalone_cluster
from spark_drivers import (
    Start,
    kill_executor_in,
    killed_executors,
    lost_tasks,
    named_stages,
    read_events,
    wait_for_stage,
)

JOB = ROOT / "tests" / "spark_jobs.py"
SQUARES = [number * number for number in range(40)]


def test_a_job_on_the_wheel_survives_the_kill_of_an_executor_in_each_stage(
    cluster: Cluster, start: Start, tmp_path: Path
) -> None:
    driver = start(JOB, tmp_path / "out", "0.3", "4")
    killed = [kill_executor_in(driver, stage) for stage in ("dedup: sketch", "dedup: judge")]
    assert driver.finish() == 0, driver.stderr
    events = read_events(driver.folder)
    assert killed_executors(events) == {executor.id for executor in killed}
    assert killed[0].id in lost_tasks(events, "dedup: sketch")
    assert killed[1].id in lost_tasks(events, "dedup: judge")
    for stage in ("sketch", "judge"):
        rows = pq.read_table(tmp_path / "out" / stage)
        assert sorted(rows["squared"].to_pylist()) == SQUARES
        assert set(rows["python"].to_pylist()) == {str(cluster.python)}
        assert set(rows["temp"].to_pylist()) == {str(cluster.disk / "temp")}
        home = cluster.python.parent.parent
        assert all(Path(package).is_relative_to(home) for package in rows["package"].to_pylist())


def test_a_killed_driver_leaves_no_process_and_a_readable_log(start: Start, tmp_path: Path) -> None:
    driver = start(JOB, tmp_path / "out", "0.5", "4")
    wait_for_stage(driver, "dedup: sketch")
    driver.kill()
    assert driver.finish() == -9
    assert group_members(driver.process.pid) == []
    events = read_events(driver.folder)
    assert named_stages(events, "dedup: sketch")
    assert killed_executors(events) == set()
    assert not (tmp_path / "out" / "sketch" / "_SUCCESS").exists()


def test_an_interrupted_driver_ends(start: Start, tmp_path: Path) -> None:
    driver = start(JOB, tmp_path / "out", "0.5", "4", **{"spark.master": "local[1]"})
    wait_for_stage(driver, "dedup: sketch")
    driver.interrupt()
    assert driver.finish() != 0
    assert "KeyboardInterrupt" in driver.stderr


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
