"""Map a function over a stream on several processes."""

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from queue import SimpleQueue
from typing import Any, TypeVar

from dedup.errors import WorkerError
from dedup.runtime.threads import map_in_order

T = TypeVar("T")
R = TypeVar("R")

# A process is a new interpreter, not a copy of this one, which has threads. Unlike those of `multiprocessing`, it does
# not run the main module again, so scripts need no guard for it.
_COMMAND = "import sys; sys.path[:] = sys.argv[1:]; from dedup.runtime.processes import serve; serve()"
# Number of items that wait for each process.
_AHEAD = 4
# The work is divided among processes, so none of them starts threads of its own.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class ProcessPool:
    """Processes that call functions; without processes, the functions are called in this one.

    >>> with ProcessPool(2) as pool:
    ...     list(pool.map_in_order(abs, [-1, 2, -3]))
    [1, 2, 3]
    """

    def __init__(self, workers: int) -> None:
        """Prepare to start processes.

        Args:
            workers: Number of processes; none are started for one worker.
        """
        self.workers = workers
        """Number of processes, and of threads that this process may use beside them."""
        self._count = workers if workers > 1 else 0
        self._processes: list[_Process] = []
        self._idle: SimpleQueue[_Process] = SimpleQueue()

    def _start(self) -> None:
        self._processes = [_Process() for _ in range(self._count)]
        self._idle = SimpleQueue()
        for process in self._processes:
            self._idle.put(process)

    def restart(self) -> None:
        """Replace the processes by new ones with empty caches; no call may be running."""
        if self._processes:
            self._end()
            self._start()

    def __enter__(self) -> "ProcessPool":
        """Return the pool."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self._end()

    def _end(self) -> None:
        self._kill()
        for process in self._processes:
            process.close()

    def _kill(self) -> None:
        for process in self._processes:
            process.kill()

    def map_in_order(self, function: Callable[[T], R], items: Iterable[T], least: int = 2) -> Iterator[R]:
        """Map a function over items and yield the results in the order of the items.

        Args:
            function: A function of a module, or a partial call of such a function; with its argument and result it is
                pickled.
            items: Read lazily, on the calling thread.
            least: Number of items for which processes are started; if they have not been, fewer are mapped in this
                process, which takes less time.

        Yields:
            The result for each item. After an error, or if they are not read to the end, the processes have ended.

        Raises:
            WorkerError: A process ended early.
        """
        remaining = iter(items)
        first: list[T] = []
        if not self._processes:
            first += islice(remaining, least if self._count else 0)
            if len(first) < least:
                yield from map(function, chain(first, remaining))
                return
            if not self._processes:  # reading the items may have started them
                self._start()
        yield from map_in_order(
            partial(self._call, function),
            chain(first, remaining),
            self._count,
            ahead=_AHEAD * self._count,
            stop=self._kill,
        )

    def _call(self, function: Callable[[T], R], item: T) -> R:
        process = self._idle.get()
        try:
            result: R = process.call(function, item)
            return result
        finally:
            self._idle.put(process)


class _Process:
    """A process that calls functions."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with a fixed command
            [sys.executable, "-c", _COMMAND, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | _ONE_THREAD,
        )

    def call(self, function: Callable[[Any], Any], item: object) -> Any:
        """Call a function in the process; return its result or raise its error, or WorkerError if the process ended."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None  # noqa: S101 - both are pipes
        assert answers is not None  # noqa: S101
        try:
            pickle.dump((function, item), requests, pickle.HIGHEST_PROTOCOL)
            requests.flush()
            succeeded, result = pickle.load(answers)  # noqa: S301 - written by the process
        except (EOFError, BrokenPipeError) as error:
            raise WorkerError(
                f"A worker process ended early (status {self._process.wait()}); the machine may be out of memory. "
                "Try again with fewer --workers."
            ) from error
        if not succeeded:
            raise result
        return result

    def kill(self) -> None:
        """End the process at once; calls that wait for it fail."""
        self._process.kill()

    def close(self) -> None:
        """Close the pipes of the process, after it has ended and no call waits for it."""
        self._process.communicate()


def serve() -> None:
    """Answer the calls that arrive on standard input, until it is closed; results go to standard output."""
    # The terminal sends this signal to all processes; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(100_000, 50, 50)  # few objects are in cycles; see `dedup.__main__`
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed must not mix with the answers
    while True:
        try:
            function, item = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by the process that started this one
        except EOFError:
            return
        try:
            answer = True, function(item)
        except Exception as error:
            answer = False, error
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
