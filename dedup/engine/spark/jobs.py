"""Run jobs of Spark: show their progress, cancel them when the run is interrupted, and explain why they failed."""

from __future__ import annotations

import pickle
import sys
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from dedup.engine.spark.tasks import RESULT, Batches, call_for_each, call_on_partition, read_each, received_error
from dedup.errors import EngineError
from dedup.runtime.progress import Progress

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Seconds between two queries of the progress of a job.
_INTERVAL = 0.2
# Setting with the name of a job, for the pages and the event log of Spark.
_DESCRIPTION = "spark.job.description"
_SHIP = (
    "Give them the environment of this machine: docs/cluster.md says how, and PYSPARK_PYTHON names its Python there."
)
# Seconds after which a note is shown if no task has started.
_PATIENCE = 30.0
_NOT_STARTED = (
    "no task has started yet: the cluster may have no free executor for this run; its web page shows which runs use "
    "them"
)
# Characters of a message of Spark that are shown.
_SHOWN = 600


@dataclass(frozen=True)
class Jobs:
    """Runs jobs in a Spark session."""

    session: SparkSession
    """The session, classic or of Spark Connect."""
    progress: Progress
    """Receives the progress."""

    def tasks(self, name: str, count: int, function: Callable[[int], Any]) -> list[Any]:
        """Call a function for each number from 0, each in a task of its own.

        Args:
            name: Name of the step, for the progress.
            count: Number of tasks.
            function: Takes the number; returns any object that can be pickled. It must be importable on the workers.

        Returns:
            The results, in the order of the numbers.
        """
        if not count:
            return []
        frame = _mapped(self._numbers(count), partial(call_for_each, partial(_with_number, function)), RESULT)
        return [result for _, result in sorted(self._results(name, frame, count))]

    def check_workers(self) -> None:
        """Check that workers have the same version of dedup as this machine.

        Raises:
            EngineError: They have another version, or dedup is not installed on them.
        """
        [found] = self.tasks("start the workers", 1, versions_here)
        here = versions_here(0)
        if found != here:
            different = " and ".join(
                f"{name} {found[name]}, not {here[name]}" for name in here if found[name] != here[name]
            )
            raise EngineError(f"The workers have {different} as on this machine. {_SHIP}")

    def read(self, count: int, function: Callable[[int], Batches], schema: str) -> DataFrame:
        """Return a table of the rows that a function reads for each number from 0, each in a task of its own.

        Args:
            count: Number of tasks.
            function: Takes the number; returns rows.
            schema: Their columns, in the language of Spark.
        """
        return _mapped(self._numbers(count), partial(read_each, function), schema)

    def write(self, name: str, frame: DataFrame, partitions: int, function: Callable[[Batches], Any]) -> list[Any]:
        """Call a function on each partition of a table.

        Args:
            name: Name of the step, for the progress.
            frame: The table.
            partitions: Number of tasks that compute it, for the progress.
            function: Takes the rows of the partition; returns any object that can be pickled.

        Returns:
            The results of the partitions that have rows, in no order.
        """
        return self._results(name, _mapped(frame, partial(call_on_partition, function), RESULT), partitions)

    def rows(self, name: str, frame: DataFrame, partitions: int) -> list[Any]:
        """Return the rows of a small table; see `write`."""
        return list(self._collect(name, frame, partitions))

    @property
    def parallelism(self) -> int:
        """Number of tasks that Spark runs at the same time, as far as it is known."""
        with suppress(Exception):  # a session of Spark Connect has no context
            return int(self.session.sparkContext.defaultParallelism)
        return int(self.session.conf.get("spark.sql.shuffle.partitions", "200") or 200)

    def _numbers(self, count: int) -> DataFrame:
        return self.session.range(0, count, 1, count)

    def _results(self, name: str, frame: DataFrame, total: int) -> list[Any]:
        rows = self._collect(name, frame, total)
        return [pickle.loads(row[0]) for row in rows]  # noqa: S301 - our own tasks wrote it

    def _collect(self, name: str, frame: DataFrame, total: int) -> Sequence[Any]:
        self.progress.step(name, total, "tasks")
        job = _Job(self.session, name, frame)
        shown, waiting = 0, time.monotonic()
        for count in job.run():
            if min(count.done, total) > shown:
                self.progress.advance(min(count.done, total) - shown)
                shown = min(count.done, total)
            if waiting and (count.done or count.active or count.active is None):
                waiting = 0
            if waiting and time.monotonic() - waiting > _PATIENCE:
                waiting = 0
                self.progress.note(_NOT_STARTED)
        return job.rows


def _mapped(frame: DataFrame, function: Callable[[Batches], Batches], schema: str) -> DataFrame:
    """Return what a function returns for the rows of each partition."""
    with warnings.catch_warnings():
        # pyspark warns of new versions of pandas, which it only needs to be installed.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        return frame.mapInArrow(cast("Any", function), schema)


def versions_here(_: int) -> dict[str, str]:
    """Return the versions that the driver and the workers must have in common."""
    return {"dedup": version("dedup-text"), "Python": ".".join(map(str, sys.version_info[:2]))}


def _with_number(function: Callable[[int], Any], number: int) -> tuple[int, Any]:
    return number, function(number)


class _TaskCounts(NamedTuple):
    """Numbers of tasks."""

    done: int
    """Tasks that have ended."""
    active: int | None
    """Tasks that run now; None if that is not known."""


class _Job:
    """A job that runs in a thread, so that the main thread can show its progress and receive signals."""

    def __init__(self, session: SparkSession, name: str, frame: DataFrame) -> None:
        self.rows: Sequence[Any] = ()
        self._session, self._name, self._frame = session, name, frame
        self._tag = f"dedup-{uuid.uuid4().hex}"
        self._error: Exception | None = None

    def run(self) -> Iterator[_TaskCounts]:
        """Run the job, and yield the numbers of its tasks from time to time.

        Raises:
            DedupError: A task raised it.
            EngineError: The job failed for another reason.
        """
        thread = threading.Thread(target=self._collect, name=self._tag, daemon=True)
        with _progress_of(self._session) as count_tasks:
            thread.start()
            try:
                while thread.is_alive():
                    thread.join(_INTERVAL)
                    yield count_tasks()
            except BaseException:
                with suppress(Exception):  # the session may be gone; the interrupt is raised anyway
                    self._session.interruptTag(self._tag)
                thread.join()
                raise
        if self._error is not None:
            raise _explained(self._name, self._error) from None

    def _collect(self) -> None:
        try:
            self._session.addTag(self._tag)
            with _described(self._session, f"dedup: {self._name}"):
                self.rows = self._frame.collect()
        except Exception as error:
            self._error = error
        finally:
            with suppress(Exception):  # the session may be gone
                self._session.removeTag(self._tag)


@contextmanager
def _described(session: SparkSession, text: str) -> Iterator[None]:
    """Set the description of jobs, and set it back."""
    former = session.conf.get(_DESCRIPTION, None)
    session.conf.set(_DESCRIPTION, text)
    try:
        yield
    finally:
        if former is None:
            session.conf.unset(_DESCRIPTION)
        else:
            session.conf.set(_DESCRIPTION, former)


@contextmanager
def _progress_of(session: SparkSession) -> Iterator[Callable[[], _TaskCounts]]:
    """Yield a function that counts the tasks of the stages that run or ran since it was made."""
    known: dict[int, int] = {}
    try:
        tracker = session.sparkContext.statusTracker()
    except Exception:
        with _progress_of_connect(session, known) as count:
            yield count
        return

    def count_tasks() -> _TaskCounts:
        active = 0
        for stage in {*known, *tracker.getActiveStageIds()}:
            info = tracker.getStageInfo(stage)
            if info is not None:
                known[stage] = max(known.get(stage, 0), info.numCompletedTasks)
                active += info.numActiveTasks
        return _TaskCounts(sum(known.values()), active)

    yield count_tasks


@contextmanager
def _progress_of_connect(session: Any, known: dict[int, int]) -> Iterator[Callable[[], _TaskCounts]]:
    """Yield a function that counts tasks, from the reports of a session of Spark Connect."""

    def handle(stages: Any, **_: Any) -> None:
        for stage in stages or ():
            known[stage.stage_id] = stage.num_completed_tasks

    with suppress(Exception):  # other servers of the protocol may have no progress
        session.registerProgressHandler(handle)
    try:
        yield lambda: _TaskCounts(sum(known.values()), None)
    finally:
        with suppress(Exception):
            session.removeProgressHandler(handle)


def _explained(name: str, error: Exception) -> Exception:
    """Return the error of a task, or one that says why the job failed."""
    report = str(error)
    found = received_error(report)
    if found is not None:
        return found
    if "No module named 'dedup'" in report:
        return EngineError(f"The workers have no dedup. {_SHIP}")
    lines = [line.strip() for line in report.splitlines() if line.strip()]
    reasons = [
        line for line in lines if "Lost task" in line or "failed" in line or "Exception" in line or "Error" in line
    ]
    shown = (reasons or lines or [type(error).__name__])[0][:_SHOWN]
    return EngineError(f"Spark failed in the step {name!r}: {shown} See the log of Spark for details.")
