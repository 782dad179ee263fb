"""Measure the time and memory of a command with all the processes it starts."""

import ctypes
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

# Least seconds between two samples of memory, and the least ratio of this pause to the time a sample takes.
MIN_PAUSE, PAUSE_RATIO = 0.05, 20
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


class Cost(NamedTuple):
    """Time and memory of a command."""

    seconds: float
    """Wall time."""
    cpu: float
    """CPU seconds of all its processes."""
    peak: float
    """Peak memory of all its processes together, in megabytes; shared pages count once."""
    error: str
    """Empty if the command succeeded."""


def measure(command: list[str], limit: float, log: Path, scratch: Path) -> Cost:
    """Run a command and measure all processes it starts.

    Args:
        command: Program and arguments.
        limit: Seconds after which all its processes are killed.
        log: File for its output.
        scratch: Folder for its caches and temporary files.
    """
    # Processes that the command leaves running become children of this process, so that their CPU time counts.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    environment = {**os.environ, "HF_HOME": str(scratch), "HF_HUB_OFFLINE": "1", "TMPDIR": str(scratch)}
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - commands are built by the benchmarks
            command, stdout=output, stderr=subprocess.STDOUT, env=environment, start_new_session=True
        )
        sampler = _MemorySampler(process.pid, start + limit)
        try:
            end, cpu, status = _wait(process.pid)
        finally:
            sampler.stop()
            _kill(process.pid)
    process.returncode = os.waitstatus_to_exitcode(status)
    if sampler.killed:
        return Cost(end - start, cpu, sampler.peak, f"stopped after {limit:g} s")
    return Cost(end - start, cpu, sampler.peak, f"failed with status {process.returncode}" if status else "")


def _wait(group: int) -> tuple[float, float, int]:
    """Wait for all processes of a group.

    Returns:
        Time at which the first process ended, CPU seconds of all processes, wait status of the first process.
    """
    end, cpu, status = 0.0, 0.0, 0
    while True:
        try:
            child, child_status, usage = os.wait4(-group, 0)
        except ChildProcessError:
            return end, cpu, status
        cpu += usage.ru_utime + usage.ru_stime
        if child == group:
            end, status = time.perf_counter(), child_status


def _kill(group: int) -> None:
    """Kill the remaining processes of a group."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


class _MemorySampler(threading.Thread):
    """Samples the memory of a process and its descendants; kills them at a deadline."""

    def __init__(self, pid: int, deadline: float) -> None:
        super().__init__(daemon=True)
        self.peak, self.killed = 0.0, False
        self._pid, self._deadline, self._stopped = pid, deadline, threading.Event()
        self.start()

    def run(self) -> None:
        pause = MIN_PAUSE
        while not self._stopped.wait(pause):
            start = time.perf_counter()
            self.peak = max(self.peak, sum(map(resident, processes(self._pid))) / 1000)
            if time.perf_counter() > self._deadline and not self.killed:
                self.killed = True
                _kill(self._pid)
            pause = max(MIN_PAUSE, PAUSE_RATIO * (time.perf_counter() - start))

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def processes(pid: int) -> Iterator[int]:
    """Yield the ids of a process and all its descendants."""
    yield pid
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:  # the process has ended
        return
    for thread in threads:
        try:
            children = (thread / "children").read_text("ascii").split()
        except OSError:
            continue
        for child in children:
            yield from processes(int(child))


def resident(pid: int) -> int:
    """Return the proportional set size of a process in kB (1,000 bytes), or 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 // 1000 for line in lines if line.startswith("Pss:")), 0)


def disk_bytes(folder: Path) -> int:
    """Return the disk space used by a folder; files may disappear in the meantime."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += Path(parent, name).stat().st_blocks * 512
    return total


def empty(folder: Path) -> Path:
    """Create an empty folder, replacing an existing one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
