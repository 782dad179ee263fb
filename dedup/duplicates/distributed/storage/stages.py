"""Keep the results of the stages of a run, so that a later run can continue where it ended."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dedup.runtime.shared_folder import SharedFolder

T = TypeVar("T")
_RUN = "run.json"


@dataclass(frozen=True)
class Stages:
    """The stages of a run, with their results in files."""

    folder: SharedFolder
    """Where the results are kept."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Duration of each stage, including those that an earlier run finished."""

    def run(self, name: str, work: Callable[[], T]) -> T:
        """Return the result of a stage, from its file if it is done.

        Args:
            name: Name of the stage.
            work: Does the work; its result can be pickled.
        """
        file = f"stages/{name.replace(' ', '-')}.pickle"
        if self.folder.exists(file):
            with self.folder.reading(file) as path:
                result, seconds = pickle.loads(path.read_bytes())  # noqa: S301 - written by an earlier run of dedup
        else:
            begun = time.perf_counter()
            result = work()
            seconds = round(time.perf_counter() - begun, 3)
            with self.folder.writing(file) as path:
                path.write_bytes(pickle.dumps((result, seconds)))
        self.seconds[name] = seconds
        found: T = result
        return found

    def identity(self) -> dict[str, Any] | None:
        """Return what `identify` wrote; None if the run has not begun."""
        if not self.folder.exists(_RUN):
            return None
        with self.folder.reading(_RUN) as path:
            found: dict[str, Any] = json.loads(path.read_bytes())
            return found

    def identify(self, values: dict[str, Any]) -> None:
        """Write what a run must have in common with the one that continues it."""
        with self.folder.writing(_RUN) as path:
            path.write_text(json.dumps(values), "utf-8")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure the duration of a step whose result is not kept."""
        begun = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - begun, 3)
