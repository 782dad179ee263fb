"""The costs of runs on Spark: processes, event logs, tables of results; and the worst cases, on small inputs."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spark_components
import spark_scale
from spark_costs import read_steps, run_measured

ENGINE = {
    "seconds": 20.0,
    "cpu_seconds": 10.0,
    "peaks": {"memory": 5 << 20, "jvm": 2 << 20, "workers": 3 << 20, "worker": 1 << 20, "disk": {"work folder": 400}},
    "run_seconds": {"read": 1.0, "sketch": 7.0},
    "output_bytes": 2000,
}


def task(stage: int, seconds: float, written: int) -> dict[str, Any]:
    """Return the event of the end of a task."""
    shuffle = {"Shuffle Bytes Written": written, "Shuffle Records Written": 2}
    return {
        "Event": "SparkListenerTaskEnd",
        "Stage ID": stage,
        "Task Info": {"Launch Time": 1000, "Finish Time": 1000 + 1000 * seconds},
        "Task Metrics": {"Shuffle Write Metrics": shuffle, "Disk Bytes Spilled": 3},
    }


def results(megabytes: int) -> dict[str, Any]:
    """Return results of a size, in proportion to it."""
    step = {"tasks": 2, "task_seconds": 0.5 * megabytes, "shuffle_bytes": 10**5 * megabytes}
    return {
        "command": f"scale.py --size {megabytes}",
        "machine": "a machine",
        "commit": "",
        "megabytes": megabytes,
        "texts": 200 * megabytes,
        "text_bytes": 10**6 * megabytes,
        "same_rows": {"clean": True, "pairs": False},
        "local": ENGINE,
        "spark": ENGINE | {"steps": {"sketch": step}},
    }


def test_steps_are_read_from_an_event_log(tmp_path: Path) -> None:
    begun = [
        {"Event": "SparkListenerJobStart", "Stage IDs": stages, "Properties": {"spark.job.description": name}}
        for name, stages in (("dedup: sketch", [0]), ("dedup: find candidates", [1, 2]))
    ]
    failed = {"Event": "SparkListenerTaskEnd", "Stage ID": 1}
    events = [begun[0], task(0, 2, 0), begun[1], task(1, 1, 100), task(2, 3, 50), failed, {"Event": "Other"}]
    log = tmp_path / "log"
    log.write_text("".join(f"{json.dumps(event)}\n" for event in events), "utf-8")
    steps = read_steps(log)
    assert list(steps) == ["sketch", "find candidates"]
    found = steps["find candidates"]
    assert (found.tasks, found.task_seconds, found.shuffle_bytes, found.shuffle_rows) == (2, 4, 150, 4)
    assert found.spilled_bytes == 6
    assert steps["sketch"].task_seconds == 2


def test_processes_and_folders_are_measured(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1)'])"
    )
    script += f"; open({str(tmp_path / 'file')!r}, 'wb').write(bytes(50_000)); time.sleep(1); child.wait()"
    costs = run_measured([sys.executable, "-c", script], {"files": tmp_path})
    assert costs.seconds >= 1
    assert costs.peaks.driver > 10**6
    assert costs.peaks.worker > 10**6
    assert costs.peaks.jvm == 0
    assert costs.peaks.disk["files"] >= 50_000
    assert costs.to_dict()["cpu_seconds"] > 0


def test_a_command_that_fails_ends_the_benchmark() -> None:
    with pytest.raises(SystemExit, match="failed with status 3"):
        run_measured([sys.executable, "-c", "raise SystemExit(3)"], {})


def test_results_of_each_size_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "results.json"
    assert spark_scale.read_results(path) == []
    for megabytes in (1000, 300, 1000):
        spark_scale.add_results(path, results(megabytes))
    assert [item["megabytes"] for item in spark_scale.read_results(path)] == [300, 1000]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["spark_scale.py", str(path)])
        spark_scale.main()
    shown = capsys.readouterr().out
    assert "task seconds 1.00" in shown
    assert "The engines wrote the same rows to: clean." in shown
    # 1 TB at half a second a megabyte: 500,000 s, on 10 cores 13.9 hours
    [row] = [line for line in shown.splitlines() if line.startswith("| 1 TB")]
    assert "13.9 h" in row
    assert "100 GB" in row


def test_a_chain_is_one_component_of_which_the_expected_share_is_kept(tmp_path: Path) -> None:
    found = spark_components.compare_chain(4000, 64 << 20, 1, tmp_path)
    assert found["pairs"] >= 3990
    assert found["kept"] == pytest.approx(spark_components.EXPECTED_KEPT, abs=0.02)


def test_random_edges_join_an_earlier_unit_with_a_later_one_nearby() -> None:
    former, latter = spark_components.random_edges(1000, 1)
    assert (former < latter).all()
    assert np.unique(former >> 32).size == spark_components.PIECES
