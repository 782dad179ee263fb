"""Run a command and measure its processes; read what the steps of a run on Spark cost from the event log of Spark."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cost import disk_bytes, processes, resident

SAMPLE_SECONDS = 0.25
# What dedup puts before the names of its steps.
_PREFIX = "dedup: "


@dataclass
class Step:
    """What the tasks of a step cost."""

    tasks: int = 0
    """Number of tasks."""
    task_seconds: float = 0
    """Sum of their durations."""
    shuffle_bytes: int = 0
    """Bytes that they wrote for other tasks, compressed."""
    shuffle_rows: int = 0
    """Rows of that."""
    spilled_bytes: int = 0
    """Bytes that Spark wrote to disk since they did not fit in memory."""


@dataclass
class Peaks:
    """The largest sizes that were seen, in bytes, and CPU times."""

    memory: int = 0
    """Memory of all processes together, as proportional set size."""
    jvm: int = 0
    """Memory of Java."""
    driver: int = 0
    """Memory of the first process."""
    workers: int = 0
    """Memory of the other Python processes together."""
    worker: int = 0
    """Memory of the largest of them."""
    disk: dict[str, int] = field(default_factory=dict)
    """Disk space of folders, by name."""
    cpu: dict[int, float] = field(default_factory=dict)
    """CPU seconds of each process, by its number."""


@dataclass(frozen=True)
class Costs:
    """What a command cost."""

    seconds: float
    """Wall time."""
    peaks: Peaks
    """Memory and disk space."""

    def to_dict(self) -> dict[str, Any]:
        """Return the costs for JSON."""
        peaks = asdict(self.peaks)
        return {"seconds": self.seconds, "cpu_seconds": sum(peaks.pop("cpu").values()), "peaks": peaks}


def run_measured(
    command: Sequence[str], folders: Mapping[str, Path], environment: Mapping[str, str] | None = None
) -> Costs:
    """Run a command and sample its processes and the disk space of folders.

    Args:
        command: The command; its output is discarded but for errors.
        folders: Folders by name; they need not exist.
        environment: Further variables of the environment.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - commands are built by the benchmarks
        command, stdout=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
    )
    with _sampled(process.pid, folders) as peaks:
        status = process.wait()
    if status:
        raise SystemExit(f"{' '.join(command)} failed with status {status}")
    return Costs(time.perf_counter() - begun, peaks)


@contextmanager
def _sampled(pid: int, folders: Mapping[str, Path]) -> Iterator[Peaks]:
    """Sample a process and its children in a thread; the peaks are complete at the end."""
    peaks, stopped = Peaks(disk=dict.fromkeys(folders, 0)), threading.Event()

    def sample() -> None:
        while not stopped.wait(SAMPLE_SECONDS):
            _sample_processes(pid, peaks)
            for name, folder in folders.items():
                peaks.disk[name] = max(peaks.disk[name], disk_bytes(folder))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield peaks
    finally:
        stopped.set()
        thread.join()


def _sample_processes(pid: int, peaks: Peaks) -> None:
    java = driver = 0
    workers = [0]
    for process in processes(pid):
        size = resident(process) * 1000
        peaks.cpu[process] = max(peaks.cpu.get(process, 0), _cpu_seconds(process))
        if process == pid:
            driver = size
        elif _is_java(process):
            java += size
        else:
            workers.append(size)
    peaks.memory = max(peaks.memory, java + driver + sum(workers))
    peaks.jvm, peaks.driver = max(peaks.jvm, java), max(peaks.driver, driver)
    peaks.workers, peaks.worker = max(peaks.workers, sum(workers)), max(peaks.worker, *workers)


def _cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process without its children; 0 if it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _is_java(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/exe").readlink().name == "java"
    except OSError:  # the process has ended
        return False


def event_log(folder: Path) -> dict[str, str]:
    """Return the settings of Spark for an event log that `read_steps` reads.

    Args:
        folder: An existing folder that has no other log.
    """
    return {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": folder.as_uri(),
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.compress": "false",
    }


def read_steps(log: Path) -> dict[str, Step]:
    """Read what the steps of a run cost, in their order.

    Args:
        log: The event log of a Spark application, not compressed.
    """
    steps: dict[str, Step] = {}
    step_of: dict[int, Step] = {}
    handlers: dict[str, Callable[[dict[str, Any]], None]] = {
        "SparkListenerJobStart": lambda event: _begin_job(event, steps, step_of),
        "SparkListenerTaskEnd": lambda event: _add_task(event, step_of),
    }
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if (handle := handlers.get(event["Event"])) is not None:
                handle(event)
    return steps


def _begin_job(event: dict[str, Any], steps: dict[str, Step], step_of: dict[int, Step]) -> None:
    name = event["Properties"].get("spark.job.description", "").removeprefix(_PREFIX)
    step = steps.setdefault(name, Step())
    for stage in event["Stage IDs"]:
        step_of.setdefault(stage, step)


def _add_task(event: dict[str, Any], step_of: dict[int, Step]) -> None:
    metrics, step = event.get("Task Metrics"), step_of.get(event["Stage ID"])
    if metrics is None or step is None:
        return
    info, written = event["Task Info"], metrics["Shuffle Write Metrics"]
    step.tasks += 1
    step.task_seconds += (info["Finish Time"] - info["Launch Time"]) / 1000
    step.shuffle_bytes += written["Shuffle Bytes Written"]
    step.shuffle_rows += written["Shuffle Records Written"]
    step.spilled_bytes += metrics["Disk Bytes Spilled"]
