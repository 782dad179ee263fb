"""Real Spark for tests: what it needs, its settings, and a standalone cluster on the loopback interface.

The executors of the cluster run in an environment of their own with the wheel of dedup, as on a cluster of a user.
Processes are found in `/proc`, so the cluster needs Linux.
"""

import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest
from paths import ROOT

LOOPBACK = "127.0.0.1"
JAVA = 17
LONGEST_WAIT = 60.0
POLL = 0.02
# The short runs of tests end sooner without the optimising compiler of Java and its parallel collectors.
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
Value = TypeVar("Value")
_BACKEND = "org.apache.spark.executor.CoarseGrainedExecutorBackend"
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never a proxy: all is on the loopback


def missing_requirement() -> str | None:
    """Return why Spark cannot run here and what to do, or None if it can."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    if java is None:
        return f"no Java: install version {JAVA}, on Debian with `apt install openjdk-{JAVA}-jre-headless`"
    version = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr  # noqa: S603
    if int(re.findall(r'version "(\d+)', version)[0]) < JAVA:
        return f"{java} is too old: install Java {JAVA}, on Debian `openjdk-{JAVA}-jre-headless`"
    if importlib.util.find_spec("pyspark") is None:
        return "no pyspark: install it with `pip install '.[spark]'`"
    if not spark_class().exists():
        return "pyspark is only the client of Spark Connect: install pyspark itself with `pip install '.[spark]'`"
    return None


def skip_or_fail(reason: str, variable: str) -> NoReturn:
    """Skip a test, or let it fail if a variable of the environment says that it is required."""
    if os.environ.get(variable) == "required":
        pytest.fail(reason)
    pytest.skip(reason)


def require_spark() -> None:
    """Skip a test, or let it fail, where Spark cannot run."""
    if reason := missing_requirement():
        skip_or_fail(reason, "DEDUP_SPARK")


def spark_class() -> Path:
    """Return the program of the installed pyspark that starts the parts of Spark."""
    found = importlib.util.find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "bin" / "spark-class"


def wait_until(condition: Callable[[], Value | None], what: str, seconds: float = LONGEST_WAIT) -> Value:
    """Return the first true value of a function that is called again and again.

    Args:
        condition: The function.
        what: What it waits for, for the message.
        seconds: How long at most.

    Raises:
        AssertionError: The function gave no true value in that time.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(POLL)
    raise AssertionError(f"{what}: not within {seconds:g} s")


def free_port() -> int:
    """Return a port of the loopback interface that no process listens on."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        return int(listener.getsockname()[1])


def fetch_json(url: str) -> Any:
    """Return the JSON that a server on the loopback interface answers, or None if it does not listen yet."""
    assert url.startswith(f"http://{LOOPBACK}:")
    try:
        with _OPENER.open(url, timeout=5) as answer:
            return json.load(answer)
    except (OSError, json.JSONDecodeError):
        return None


def base_settings(folder: Path) -> dict[str, str]:
    """Return settings of Spark for tests: loopback only, few partitions, an event log that can be read at once.

    Args:
        folder: An existing folder for the event log, the warehouse and temporary files.
    """
    (folder / "events").mkdir()
    return {
        "spark.driver.host": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
        "spark.driver.extraJavaOptions": QUICK_JAVA,
        "spark.driver.memory": "1g",
        "spark.eventLog.compress": "false",
        "spark.eventLog.dir": (folder / "events").as_uri(),
        "spark.eventLog.enabled": "true",
        "spark.eventLog.rolling.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }


def write_settings(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Write a folder of configuration; return the variables of the environment that name it.

    Args:
        folder: An existing folder.
        settings: Names and values for `spark-defaults.conf`.
    """
    configuration = folder / "conf"
    configuration.mkdir()
    lines = [f"{name} {value}\n" for name, value in settings.items()]
    (configuration / "spark-defaults.conf").write_text("".join(lines), "utf-8")
    return {
        "SPARK_CONF_DIR": str(configuration),
        "SPARK_HOME": str(spark_class().parent.parent),
        "SPARK_LAUNCHER_OPTS": QUICK_JAVA,
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_LOCAL_IP": LOOPBACK,
    }


def clean_environment() -> dict[str, str]:
    """Return the variables of this process that Java and Spark need.

    Nothing in them leads to the Python of the tests: what names none runs the Python of the system.
    """
    kept = {name: os.environ[name] for name in ("HOME", "JAVA_HOME") if name in os.environ}
    java = shutil.which("java")
    folders = ([str(Path(java).parent)] if java else []) + os.defpath.split(os.pathsep)
    return kept | {"LANG": "C.UTF-8", "PATH": os.pathsep.join(folders)}


def wheel_environment(folder: Path) -> Path:
    """Install the wheel of dedup into a new environment, which takes the other packages from the running one.

    Args:
        folder: An empty folder.

    Returns:
        The Python of the environment.
    """
    source, home = folder / "source", folder / "environment"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / name, source)
    shutil.copytree(ROOT / "dedup", source / "dedup", ignore=shutil.ignore_patterns("__pycache__"))
    # With PYTHONPATH pip would treat the packages there as installed.
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", folder, source], check=True)  # noqa: S603
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)  # noqa: S603
    python = home / "bin" / "python"
    [wheel] = folder.glob("*.whl")
    subprocess.run([*pip, "--python", python, "install", "--no-deps", "--no-index", wheel], env=alone, check=True)  # noqa: S603
    [packages] = home.glob("lib/python*/site-packages")
    others = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "others.pth").write_text("".join(f"{path}\n" for path in sorted(others)), "utf-8")
    return python


@dataclass(frozen=True)
class Executor:
    """An executor process: `id` is its number within its application."""

    pid: int
    id: str
    application: str


@dataclass(frozen=True)
class Cluster:
    """A running standalone cluster.

    Attributes:
        master: Its address, `spark://…`.
        python: The Python with the wheel of dedup, for drivers and executors.
        disk: Where its executors write: `local` has the files of Spark, `temp` the temporary files of Python.
        workers: Addresses of the workers.
    """

    master: str
    python: Path
    disk: Path
    workers: tuple[str, ...]

    def settings(self, folder: Path) -> dict[str, str]:
        """Return settings for a driver of this cluster that writes to a folder."""
        return base_settings(folder) | {
            "spark.executor.cores": "1",
            "spark.executor.extraJavaOptions": QUICK_JAVA,
            "spark.executor.memory": "512m",
            "spark.master": self.master,
        }


@contextmanager
def standalone_cluster(folder: Path, python: Path, workers: int = 2, disk: Path | None = None) -> Iterator[Cluster]:
    """Start a master and workers of one core and 1 GB each; at the end kill them and what they started.

    Args:
        folder: An existing folder for the logs.
        python: The Python for drivers and executors.
        workers: How many.
        disk: An existing folder for what executors write, if not the same; see `small_disk`.
    """
    disk = disk or folder
    (disk / "temp").mkdir()
    port, page = free_port(), free_port()
    master = f"spark://{LOOPBACK}:{port}"
    environment = clean_environment() | write_settings(folder, {"spark.master.rest.enabled": "false"})
    environment |= {"SPARK_LOCAL_DIRS": str(disk / "local"), "TMPDIR": str(disk / "temp")}
    environment |= {"SPARK_DAEMON_JAVA_OPTS": QUICK_JAVA, "SPARK_DAEMON_MEMORY": "256m"}
    with ExitStack() as stack:

        def start(name: str, what: str, *arguments: str) -> None:
            command = [str(spark_class()), f"org.apache.spark.deploy.{what}", "--host", LOOPBACK, *arguments]
            log = stack.enter_context((folder / f"{name}.log").open("wb"))
            process = subprocess.Popen(  # noqa: S603
                command, env=environment, stdout=log, stderr=log, start_new_session=True
            )
            stack.callback(kill_group, process)

        start("master", "master.Master", "--port", str(port), "--webui-port", str(page))
        ports = [str(free_port()) for _ in range(workers)]
        for number, worker in enumerate(ports):
            own = ("--port", worker, "--webui-port", "0", "--work-dir", str(folder / f"work-{number}"))
            start(f"worker-{number}", "worker.Worker", "--cores", "1", "--memory", "1g", *own, master)
        addresses = tuple(f"spark://Worker@{LOOPBACK}:{worker}" for worker in ports)
        cluster = Cluster(master, python, disk, addresses)

        def all_alive() -> bool:
            status = fetch_json(f"http://{LOOPBACK}:{page}/json/")
            return status is not None and status["aliveworkers"] == workers

        wait_until(all_alive, f"{workers} workers, see {folder}/*.log")
        yield cluster


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a file system of a few megabytes in memory, and remove it at the end; skip the test where that is refused.

    Args:
        folder: An existing, empty folder.
        megabytes: Its size.
    """
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if mount is None or unmount is None:
        pytest.skip("there is no command mount")
    options = ("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs")
    done = subprocess.run([mount, *options, folder], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:  # it needs root, and a container may refuse it to root too
        pytest.skip(f"a small file system cannot be mounted: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run([unmount, "--lazy", folder], check=True)  # noqa: S603  # a process that is killed may use it


def executors(cluster: Cluster) -> list[Executor]:
    """Return the executors that the workers of a cluster run now, by process number."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().decode("utf-8", "replace").split("\0")
        except OSError:  # the process has ended
            continue
        if _BACKEND in command:
            option = dict(pairwise(command))
            if option["--worker-url"] in cluster.workers:
                found.append(Executor(int(path.parent.name), option["--executor-id"], option["--app-id"]))
    return sorted(found, key=lambda executor: executor.pid)


def kill_executor(executor: Executor) -> None:
    """Kill an executor, and wait until its process is gone."""
    os.kill(executor.pid, signal.SIGKILL)
    wait_until(lambda: not is_running(executor.pid), f"end of executor {executor.id}")


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that leads a group, and the others of the group; wait until they are gone."""
    members = group_members(process.pid)
    for member in members:
        try:
            os.kill(member, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()
    wait_until(lambda: not any(map(is_running, members)), f"end of group {process.pid}")


def group_members(group: int) -> list[int]:
    """Return the processes of a process group that have not ended."""
    return [number for number, (state, member) in _process_states().items() if member == group and state not in "XZ"]


def is_running(process: int) -> bool:
    """Return whether a process has not ended; a zombie process has."""
    state, _ = _process_states().get(process, ("X", 0))
    return state not in "XZ"


def _process_states() -> dict[int, tuple[str, int]]:
    """Return the state and the process group of each process, by its number."""
    states = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()  # the name may have spaces
        except OSError:  # the process has ended
            continue
        states[int(path.parent.name)] = fields[0], int(fields[2])
    return states
