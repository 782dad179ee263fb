"""Drivers of Spark as processes: start them on a cluster, see their stages, kill them or executors, read events."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spark_cluster import (
    LONGEST_WAIT,
    LOOPBACK,
    Cluster,
    Executor,
    clean_environment,
    executors,
    fetch_json,
    free_port,
    group_members,
    is_running,
    kill_executor,
    kill_group,
    wait_until,
    write_settings,
)

KILLED = 137  # the exit status of a process that signal 9 ended
Event = dict[str, Any]


@dataclass(frozen=True)
class Driver:
    """A driver process.

    Attributes:
        process: The Python process, which leads the process group of its JVM.
        cluster: Where its executors run.
        folder: Its current folder, with `stdout`, `stderr` and the event log.
        api: Address of its status.
    """

    process: subprocess.Popen[bytes]
    cluster: Cluster
    folder: Path
    api: str

    @property
    def stdout(self) -> str:
        """What it wrote to standard output until now."""
        return (self.folder / "stdout").read_text("utf-8")

    @property
    def stderr(self) -> str:
        """What it wrote to standard error until now, with messages of its JVM."""
        return (self.folder / "stderr").read_text("utf-8")

    def finish(self, seconds: float = LONGEST_WAIT) -> int:
        """Wait until it ends by itself; return its exit status."""
        return self.process.wait(seconds)

    def interrupt(self) -> None:
        """Send the signal of Ctrl-C to the Python process."""
        self.process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """Kill the Python process alone, and wait until its JVM has noticed and ended."""
        others = group_members(self.process.pid)
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        wait_until(lambda: not any(map(is_running, others)), "end of the JVM of a killed driver")

    def kill_with_jvm(self) -> None:
        """Kill the Python process and its JVM at once, as a lost machine would."""
        kill_group(self.process)


# What the fixture `start` gives: `start("-m", "dedup", …)`, settings of Spark as keywords.
Start = Callable[..., Driver]


def start_driver(
    cluster: Cluster, arguments: Sequence[str | Path], folder: Path, settings: Mapping[str, str] | None = None
) -> Driver:
    """Start the Python of a cluster as a driver.

    Args:
        cluster: Where its executors run: `spark.master` is set to it.
        arguments: The arguments of Python, such as `["-m", "dedup", "clean", …]`.
        folder: An existing folder, which becomes the current one.
        settings: Further settings of Spark.
    """
    page = free_port()
    shown = {"spark.ui.enabled": "true", "spark.ui.port": str(page)}
    variables = write_settings(folder, cluster.settings(folder) | shown | dict(settings or {}))
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        process = subprocess.Popen(  # noqa: S603
            [cluster.python, *arguments],
            env=clean_environment() | variables,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
    return Driver(process, cluster, folder, f"http://{LOOPBACK}:{page}/api/v1/applications")


def query_status(driver: Driver, path: str) -> list[dict[str, Any]]:
    """Return a list from the status of a driver, such as "jobs"; empty before it has begun and after its end."""
    applications = fetch_json(driver.api) or []
    return [row for item in applications for row in fetch_json(f"{driver.api}/{item['id']}/{path}") or []]


def wait_for_stage(driver: Driver, name: str, seconds: float = LONGEST_WAIT) -> dict[str, Any]:
    """Wait until tasks of a stage run; return the stage as the status describes it.

    Args:
        driver: A driver that runs.
        name: A part of the description of its jobs.
        seconds: How long at most.

    Raises:
        AssertionError: The driver ended before.
    """

    def running() -> dict[str, Any] | None:
        assert driver.process.poll() is None, f"the driver ended before stage {name!r}:\n{driver.stderr}"
        stages = query_status(driver, "stages?status=active")
        return next((item for item in stages if name in _name(item) and item["numActiveTasks"]), None)

    return wait_until(running, f"stage {name!r}", seconds)


def _name(stage: Mapping[str, Any]) -> str:
    return f"{stage.get('description', '')}\n{stage['name']}"


def kill_executor_in(driver: Driver, name: str, seconds: float = LONGEST_WAIT) -> Executor:
    """Wait until tasks of a stage run, then kill an executor that has a task; return that executor.

    Whether it died within a task of that stage is known afterwards: see `lost_tasks`.
    """

    def busy() -> Executor | None:
        wait_for_stage(driver, name, seconds)
        working = {item["id"] for item in query_status(driver, "executors") if item["activeTasks"]}
        applications = {item["id"] for item in fetch_json(driver.api) or []}
        running = executors(driver.cluster)
        return next((item for item in running if item.application in applications and item.id in working), None)

    executor = wait_until(busy, f"executor with a task of stage {name!r}", seconds)
    kill_executor(executor)
    return executor


def read_events(folder: Path) -> list[Event]:
    """Return the events that a driver has logged in its folder until now, the earliest first."""
    logs = sorted((folder / "events").iterdir())
    lines = [line for log in logs for line in log.read_text("utf-8").splitlines(keepends=True)]
    return [json.loads(line) for line in lines if line.endswith("\n")]  # a killed driver leaves a part of a line


def killed_executors(events: Sequence[Event]) -> set[str]:
    """Return the ids of the executors that signal 9 ended."""
    removed = [event for event in events if event["Event"] == "SparkListenerExecutorRemoved"]
    return {item["Executor ID"] for item in removed if f"exited with code {KILLED}" in item["Removed Reason"]}


def named_stages(events: Sequence[Event], name: str) -> set[int]:
    """Return the numbers of the stages whose job has a description or a tag that contains a name."""
    found = set()
    for event in events:
        if event["Event"] == "SparkListenerStageSubmitted":
            labels = [event["Properties"].get(f"spark.job.{kind}", "") for kind in ("description", "tags")]
            if any(name in label for label in labels):
                found.add(int(event["Stage Info"]["Stage ID"]))
    return found


def lost_tasks(events: Sequence[Event], name: str) -> set[str]:
    """Return the ids of the executors that were lost while they ran a task of a named stage."""
    stages = named_stages(events, name)
    ends = [event for event in events if event["Event"] == "SparkListenerTaskEnd" and event["Stage ID"] in stages]
    reasons = [event["Task End Reason"] for event in ends]
    return {reason["Executor ID"] for reason in reasons if reason["Reason"] == "ExecutorLostFailure"}
