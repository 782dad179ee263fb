"""The command line as a program for drivers whose tasks take a while, so that a test can act within a step.

Usage: python spark_runs.py SECONDS PIECE_BYTES COMMAND ARGUMENT…
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from dedup.__main__ import main
from dedup.duplicates.distributed.storage import pieces
from dedup.engine.spark.jobs import Jobs


def slowly(seconds: float, function: Callable[[Any], Any], argument: Any) -> Any:
    """Call a function of a task after a while. Spark sends functions of the main program by value."""
    time.sleep(seconds)
    return function(argument)


def slow_down(seconds: float, piece_bytes: int) -> None:
    """Let each task take a while, and divide corpora into small pieces."""
    tasks, read, write = Jobs.tasks, Jobs.read, Jobs.write
    patches: dict[str, Any] = {
        "tasks": lambda self, name, count, function: tasks(self, name, count, partial(slowly, seconds, function)),
        "read": lambda self, count, function, schema: read(self, count, partial(slowly, seconds, function), schema),
        "write": lambda self, name, frame, partitions, function: write(
            self, name, frame, partitions, partial(slowly, seconds, function)
        ),
    }
    for name, function in patches.items():
        setattr(Jobs, name, function)
    pieces.piece_size = lambda *_: piece_bytes


if __name__ == "__main__":
    slow_down(float(sys.argv[1]), int(sys.argv[2]))
    sys.argv[1:3] = []
    main()
