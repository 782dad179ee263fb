"""The tools that race: how each is installed, the command that cleans a corpus with it, and what a command costs."""

import ast
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent
RUNNERS = HERE / "runners"
CLEAN = ["--unit", "documents", "--paragraphs", "none", "--threshold", "0.8", "--shingle", "5"]
# Seconds from one look at the memory to the next, and how many times as long as the look took it must at least be.
PAUSE, REST = 0.05, 20
ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER of Linux


@dataclass(frozen=True)
class Tool:
    """One that takes Parquet of ids and texts and gives Parquet of those that stay."""

    name: str
    requirements: tuple[str, ...]
    """What pip installs."""
    runner: str = ""
    """Script of `runners/` that runs it; its first line says with which settings."""
    parallel: bool = False
    """Whether it can be told how many workers to use."""
    takes_folder: bool = False
    """Whether it shares out work by files, so that it takes a folder of them."""
    kept: str = "kept.parquet"
    """The files it leaves, in the folder it writes."""
    tokens: str = ""
    """What it compares texts by, if that is not the tokens of dedup; the same words for the same tokens."""

    @property
    def settings(self) -> str:
        """Say how it is run."""
        if not self.runner:
            return FIXED[self.name]
        return (ast.get_docstring(ast.parse((RUNNERS / self.runner).read_text("utf-8"))) or "").splitlines()[0]

    def command(self, python: Path, corpus: Path, out: Path, workers: int) -> list[str]:
        """Give the command that cleans a corpus.

        Args:
            python: Of its environment.
            corpus: Parquet file, or a folder of them if it takes that.
            out: What to write.
            workers: How many to use, if it can be told.
        """
        if self is FLOOR:
            return [str(python), str(HERE / "speed.py"), "floor", str(corpus), str(out)]
        share = ["--workers", str(workers)]
        if self is DEDUP:
            return [str(python), "-m", "dedup", "clean", str(corpus), "-o", str(out), "--quiet", *CLEAN, *share]
        return [str(python), str(RUNNERS / self.runner), "clean", str(corpus), str(out), *share]


DEDUP = Tool("dedup", (str(ROOT),), parallel=True, kept="clean.parquet")
FLOOR = Tool("floor", (str(ROOT),))
FIXED = {"dedup": f"`dedup clean {' '.join(CLEAN)}`", "floor": "pyarrow reads the corpus and writes it, zstd level 1"}
TOOLS = {
    tool.name: tool
    for tool in (
        DEDUP,
        Tool("text-dedup", ("text-dedup==0.4.*",), "text_dedup_minhash.py", parallel=True, tokens="text-dedup's"),
        Tool(
            "datatrove",
            ("datatrove[io,processing]==0.10.*", "spacy==3.*"),
            "datatrove_minhash.py",
            parallel=True,
            takes_folder=True,
            kept="*.parquet",
            tokens="datatrove's",
        ),
        Tool("rensa", ("rensa==0.5.*", "pyarrow"), "rensa_minhash.py", tokens="lower-cased words"),
        Tool(
            "datasketch",
            ("datasketch==2.*", "pyfarmhash", "pyarrow"),
            "datasketch_minhash.py",
            tokens="lower-cased words",
        ),
        FLOOR,
    )
}


def environment(tool: Tool, folder: Path) -> Path:
    """Make a tool's virtual environment, unless it is there: its Python.

    That of `dedup` gets this checkout anew each time, so that what is measured is what is here.

    Args:
        tool: Which.
        folder: Where environments are.
    """
    home = folder / (DEDUP.name if tool is FLOOR else tool.name)
    python, done = home / "bin" / "python", home / "requirements.txt"
    wanted = "\n".join(tool.requirements)
    if not done.is_file() or done.read_text("utf-8") != wanted:
        print(f"making the environment of {tool.name}", file=sys.stderr)
        venv.create(home, clear=True, with_pip=True)
        _pip(python, "install", *tool.requirements)
        done.write_text(wanted, "utf-8")
    elif tool is DEDUP:
        _pip(python, "install", "--no-deps", "--force-reinstall", *tool.requirements)
        # A kernel compiled before stays valid to numba though one that it calls has changed: compile all anew.
        for compiled in home.glob("lib/*/site-packages/dedup/kernels/__pycache__/*.nb[ci]"):
            compiled.unlink()
    return python


def _pip(python: Path, *words: str) -> str:
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *words]
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - our own
    if done.returncode:
        last = "\n".join(done.stderr.splitlines()[-5:])
        raise SystemExit(f"pip {' '.join(words)} failed:\n{last}\nSee that pip works, or leave the tool out (--tools).")
    return done.stdout


def versions(python: Path) -> dict[str, str]:
    """Say what an environment has: names and versions, as pip freezes them."""
    return dict(line.split("==") for line in _pip(python, "list", "--format=freeze").splitlines() if "==" in line)


class Cost(NamedTuple):
    """What a command took."""

    seconds: float
    cpu: float
    """Seconds of all its processes."""
    peak: float
    """Megabytes that all its processes had at once, a page that several share counted once."""
    ended: str
    """Empty if it came to its end."""


def measure(command: list[str], limit: float, log: Path, scratch: Path) -> Cost:
    """Run a command and all it starts.

    Args:
        command: Words.
        limit: Seconds; then it is killed with all it started.
        log: Where its output goes.
        scratch: Folder for what it would leave in the user's folders.
    """
    # What a command leaves running becomes ours to wait for, with its CPU time.
    ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1, 0, 0, 0)
    surroundings = {**os.environ, "HF_HOME": str(scratch), "HF_HUB_OFFLINE": "1", "TMPDIR": str(scratch)}
    with log.open("wb") as out:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own
            command, stdout=out, stderr=subprocess.STDOUT, env=surroundings, start_new_session=True
        )
        progress = _Watch(process.pid, begun + limit)
        try:
            done, cpu, status = _wait(process.pid)
        finally:
            progress.stop()
            _end(process.pid)
    process.returncode = os.waitstatus_to_exitcode(status)
    if progress.killed:
        return Cost(done - begun, cpu, progress.peak, f"stopped after {limit:g} s")
    return Cost(done - begun, cpu, progress.peak, f"failed with status {process.returncode}" if status else "")


def _wait(group: int) -> tuple[float, float, int]:
    """Wait for all processes of a group: when its first ended, the CPU seconds of all, and how the first ended."""
    ended, cpu, status = 0.0, 0.0, 0
    while True:
        try:
            child, result, usage = os.wait4(-group, 0)
        except ChildProcessError:
            return ended, cpu, status
        cpu += usage.ru_utime + usage.ru_stime
        if child == group:
            ended, status = time.perf_counter(), result


def _end(group: int) -> None:
    """End what is left of a group."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


class _Watch(threading.Thread):
    """Looks at the memory of a process and its children, and ends them when their time is up."""

    def __init__(self, pid: int, until: float) -> None:
        super().__init__(daemon=True)
        self.peak, self.killed = 0.0, False
        self._pid, self._until, self._done = pid, until, threading.Event()
        self.start()

    def run(self) -> None:
        pause = PAUSE
        while not self._done.wait(pause):
            begun = time.perf_counter()
            self.peak = max(self.peak, sum(map(resident, processes(self._pid))) / 1000)
            if time.perf_counter() > self._until and not self.killed:
                self.killed = True
                _end(self._pid)
            pause = max(PAUSE, REST * (time.perf_counter() - begun))

    def stop(self) -> None:
        self._done.set()
        self.join()


def processes(pid: int) -> Iterator[int]:
    """Yield a process and those it started, and so on."""
    yield pid
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:  # it has ended meanwhile
        return
    for thread in threads:
        try:
            children = (thread / "children").read_text("ascii").split()
        except OSError:
            continue
        for child in children:
            yield from processes(int(child))


def resident(pid: int) -> int:
    """Give the memory of a process in kB (1,000 bytes), of shared pages its share; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 // 1000 for line in lines if line.startswith("Pss:")), 0)


def empty(folder: Path) -> Path:
    """Make a folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
