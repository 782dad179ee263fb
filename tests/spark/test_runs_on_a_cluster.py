"""Runs on a cluster end with the right output, even if processes are killed, or with a clear error and no output."""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import strategies
from paths import ROOT
from same_engines import check_same_output
from spark_cluster import Cluster, group_members, small_disk, standalone_cluster
from spark_drivers import (
    Driver,
    Start,
    kill_executor_in,
    killed_executors,
    lost_tasks,
    named_stages,
    read_events,
    start_driver,
    wait_for_stage,
)

import dedup

PROGRAM = ROOT / "tests" / "spark_runs.py"
STEPS = ("sketch", "find candidates, documents", "compare, paragraphs", "write")
Run = Callable[..., Driver]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a corpus of which many documents and paragraphs repeat; return its folder."""
    folder = tmp_path_factory.mktemp("corpus")
    pq.write_table(strategies.varied_corpus(5, 150).drop_columns(["tags"]), folder / "a.parquet", row_group_size=90)
    return folder


@pytest.fixture(scope="module")
def expected(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the output of the local engine."""
    out = tmp_path_factory.mktemp("expected") / "out"
    dedup.clean(corpus, out, paragraphs="all")
    return out


@pytest.fixture
def run(start: Start, corpus: Path) -> Run:
    """Start runs of `clean` whose tasks take a while."""

    def started(out: Path, *options: str, seconds: float = 0.3) -> Driver:
        arguments = ("clean", str(corpus), "-o", str(out), "--engine", "spark", "--paragraphs", "all", *options)
        return start(PROGRAM, str(seconds), "40000", *arguments)

    return started


def test_executors_are_killed_in_each_step(run: Run, expected: Path, tmp_path: Path) -> None:
    driver = run(tmp_path / "out", seconds=0.4)
    killed = {step: kill_executor_in(driver, f"dedup: {step}") for step in STEPS}
    assert driver.finish() == 0, driver.stderr
    events = read_events(driver.folder)
    assert killed_executors(events) == {executor.id for executor in killed.values()}
    for step, executor in killed.items():
        assert executor.id in lost_tasks(events, f"dedup: {step}")
    check_same_output(tmp_path / "out", expected)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_run_continues_after_its_driver_was_killed_and_after_an_interrupt(
    run: Run, expected: Path, tmp_path: Path
) -> None:
    out, stages = tmp_path / "out", tmp_path / ".out.spark" / "work" / "stages"
    first = run(out)
    wait_for_stage(first, "dedup: find candidates, documents")
    second = run(out)
    assert second.finish() == 2
    assert f"Another run is writing to {out}. Wait for it" in second.stderr
    first.kill()
    assert group_members(first.process.pid) == []
    assert not out.exists()
    done = {path.name: path.stat().st_mtime_ns for path in stages.iterdir()}
    assert {"read.pickle", "sketch.pickle"} <= done.keys()
    refused = run(out)
    assert refused.finish() == 2
    assert (
        f"An earlier run to {out} did not finish. Continue it with --resume, or start again with --overwrite."
        in refused.stderr
    )
    interrupted = run(out, "--resume")
    wait_for_stage(interrupted, "dedup: compare, documents")
    interrupted.interrupt()
    assert interrupted.finish() == 130
    assert "continue with --resume" in interrupted.stderr
    assert not out.exists()
    assert {path.name: path.stat().st_mtime_ns for path in stages.iterdir() if path.name in done} == done
    ends = [event["Job Result"] for event in read_events(interrupted.folder) if event["Event"] == "SparkListenerJobEnd"]
    assert ends[-1]["Result"] == "JobFailed"
    assert "cancelled" in str(ends[-1])
    resumed = run(out, "--resume", seconds=0)
    assert resumed.finish() == 0, resumed.stderr
    check_same_output(out, expected)
    for driver, steps in (
        (interrupted, ("read", "sketch")),
        (resumed, ("read", "sketch", "find candidates, documents")),
    ):
        assert not any(named_stages(read_events(driver.folder), f"dedup: {step}") for step in steps)
    assert named_stages(read_events(resumed.folder), "dedup: compare, documents")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_of_a_worker_is_named(
    wheel_python: Path, corpus: Path, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    folder = tmp_path_factory.mktemp("full")
    disk, logs = folder / "disk", folder / "cluster"
    disk.mkdir()
    logs.mkdir()
    (tmp_path / "driver").mkdir()
    out = tmp_path / "out"
    with (
        small_disk(disk, 1),
        (disk / "other").open("wb") as other,
        standalone_cluster(logs, wheel_python, workers=1, disk=disk) as cluster,
    ):
        other.write(bytes(800_000))
        other.flush()
        driver = start_full(cluster, corpus, out, tmp_path / "driver")
        assert driver.finish() == 2
    assert "No space left on device" in driver.stderr or "No space is left on the machine" in driver.stderr
    assert "Traceback" not in driver.stderr
    assert not out.exists()


def start_full(cluster: Cluster, corpus: Path, out: Path, folder: Path) -> Driver:
    arguments = ("clean", str(corpus), "-o", str(out), "--engine", "spark", "--paragraphs", "all")
    return start_driver(cluster, ("-m", "dedup", *arguments), folder)
