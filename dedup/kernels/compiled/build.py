"""Compile kernels in several processes side by side."""

import json
import os
import subprocess
import sys

from dedup.kernels.compiled import store

MAX_PROCESSES = 4
# Kernels import this package, so it cannot import them.
PROGRAM = """\
import gc, json, sys
gc.disable()  # all that Numba makes lives until the end
sys.path[:] = json.loads(sys.argv[1])
from dedup.kernels.usual import compile_usual
compile_usual(sys.argv[2])
"""


def build_with(name: str) -> None:
    """Compile a kernel and those that are usually needed with it, for the usual types; see `dedup.kernels.usual`.

    What could not be compiled is missing afterwards; nothing is raised.

    Args:
        name: Module and name of the kernel.
    """
    paths = json.dumps([os.path.abspath(path) for path in sys.path])  # noqa: PTH100 - the empty path is this folder
    command = [sys.executable, "-c", PROGRAM, paths, name]
    processes: list[subprocess.Popen[bytes]] = []
    try:
        store.make_folder()
        for _ in range(min(MAX_PROCESSES, os.cpu_count() or 1)):
            processes.append(_start(command))  # noqa: PERF401 - those that were started are ended
        for process in processes:
            process.wait()
    except OSError:
        return  # the kernels are compiled in this process
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a process in a folder without modules that Python could import, and without output."""
    nothing = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=store.folder(), stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603
