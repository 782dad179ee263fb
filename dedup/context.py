"""The context of a run: its corpus, settings, workspace and progress."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus import Corpus, Skipped, open_corpus
from dedup.corpus.files import is_index
from dedup.engine.base import Database
from dedup.engine.duckdb import open_database
from dedup.errors import OutputError
from dedup.outputs.remote import remote_output
from dedup.outputs.writer import output_folder
from dedup.runtime.progress import Progress, closing
from dedup.runtime.storage.paths import AnyPath, RemotePath
from dedup.runtime.workspace import Workspace, temporary_folder
from dedup.settings import METADATA_ROLES, Reading, Request, Resources, Settings

# Kernels that take longer to load are being compiled.
COMPILING_SECONDS = 1.5
COMPILING = "compiling the kernels, which takes 10 to 20 seconds; later runs use them again"


@dataclass
class RunContext:
    """An open corpus, and the settings, resources and progress of a run."""

    corpus: Corpus
    """The documents."""
    settings: Settings
    """Options that decide the verdicts."""
    reading: Reading
    """How the input is read."""
    resources: Resources
    """Threads and memory."""
    temp: Path
    """Temporary directory of the run."""
    folder: Path
    """Folder to write to: it becomes the output folder at the end. The temporary directory if there is no output."""
    progress: Progress
    """Receives the progress of the run."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Duration of each step so far."""

    @contextmanager
    def step(self, name: str, total: int | None = None, unit: str = "") -> Iterator[None]:
        """Report a step as it starts, and measure how long it takes.

        Args:
            name: Name of the step.
            total: Amount of work in units, if known.
            unit: Plural noun of what is counted, such as "documents".
        """
        self.progress.step(name, total, unit)
        begun = time.perf_counter()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0) + time.perf_counter() - begun, 3)

    @contextmanager
    def note_compilation(self) -> Iterator[None]:
        """Show a note if the kernels have to be compiled; they are cached afterwards."""
        timer = threading.Timer(COMPILING_SECONDS, self.progress.note, (COMPILING,))
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def texts(self, wanted: NDArray[np.int64] | None = None) -> Iterator[tuple[int, pa.LargeStringArray]]:
        """Read the texts in batches.

        Args:
            wanted: Ascending ranks, shape (documents,); batches without any of these documents are left out. None: all.

        Yields:
            Rank of the first document of each batch, and the texts.
        """
        for first, batch in self.corpus.batches(["text"], wanted):
            yield first, batch.column(0)
            self.progress.advance(batch.num_rows)

    def workspace(self, label: str) -> Workspace:
        """Return the workspace of a part of the run.

        Args:
            label: Appended to the names of its steps, such as "documents".
        """

        def step(name: str, *amount: Any) -> AbstractContextManager[None]:
            return self.step(f"{name}, {label}", *amount)

        return Workspace(self.temp, self.resources.memory, self.resources.workers, step)

    def without_steps(self) -> "RunContext":
        """Return the context for steps that are too short to be shown: they are neither reported nor measured."""
        return replace(self, progress=Progress(), seconds={})

    def database(self) -> Database:
        """Open an empty database that spills to the temporary directory."""
        return open_database(self.temp, self.resources.memory, self.resources.workers)


@contextmanager
def open_run(
    inputs: Sequence[Any], out: AnyPath | None, request: Request, exclude: Sequence[AnyPath] = ()
) -> Iterator[RunContext]:
    """Open the output folder of a run, and its corpus in a temporary directory that is removed afterwards.

    Args:
        inputs: Paths and tables to read; the output folder is not read.
        out: The output folder, written completely or not at all; None writes nothing.
        request: The checked options of the run.
        exclude: Other folders that are not read.

    Yields:
        The context of the run.
    """
    resources, progress = request.resources, request.progress
    with ExitStack() as stack:
        folder = stack.enter_context(_open_output(out, request)) if out else None
        excluded = [*exclude, *([out, folder] if out and folder else [])]
        temp = stack.enter_context(temporary_folder(resources.temp_dir))
        stack.enter_context(closing(progress))
        begun = time.perf_counter()
        corpus = open_corpus(
            inputs, temp, request.reading, resources, exclude=excluded, progress=report_bytes(progress)
        )
        read_seconds = round(time.perf_counter() - begun, 3)
        seconds = {"read": read_seconds}
        yield RunContext(corpus, request.settings, request.reading, resources, temp, folder or temp, progress, seconds)


def _open_output(out: AnyPath, request: Request) -> AbstractContextManager[Path]:
    """Return the context in which the files of an output folder are written to the folder that it yields.

    Raises:
        OutputError: The output folder is in an index.
    """
    if isinstance(out, RemotePath):
        return remote_output(out, request.overwrite, request.resources.temp_dir, request.progress)
    real = Path(os.path.realpath(out))
    for folder in (real, *real.parents):
        if is_index(os.fsencode(folder)):
            raise OutputError(f"{out} is in the index {folder}, where only dedup index writes. Name another folder.")
    return output_folder(out, request.overwrite)


def report_bytes(progress: Progress, step: str = "read") -> Callable[[int, int | None], None]:
    """Return a function that takes the bytes read so far and the total, and reports them as progress.

    Args:
        progress: Receives the progress.
        step: Name of the step.
    """
    reported = -1

    def report(done: int, total: int | None) -> None:
        nonlocal reported
        if reported < 0:
            progress.step(step, total, "bytes")
            reported = 0
        progress.advance(done - reported)
        reported = done

    return report


def count_inputs(corpus: Corpus) -> dict[str, int]:
    """Return the counts of ``run.json`` that are known from reading."""
    report = corpus.report
    return {
        "files": report.files,
        "hidden": report.hidden,
        "replaced": report.replaced,
        "null_ids": report.null_ids,
        "repeated_ids": report.repeated_ids,
        "null_texts": report.null_texts,
    }


def describe_inputs(corpus: Corpus) -> dict[str, Any]:
    """Return the fields of ``run.json`` that are known from reading: columns, encodings, notes, skipped inputs."""
    report, columns = corpus.report, corpus.columns
    return {
        "columns": {role: getattr(columns, role) for role in ("text", "id", *METADATA_ROLES)},
        "encodings": dict(report.encodings),
        "notes": tuple(report.notes),
        "skipped": tuple(asdict(item) for item in sorted(report.skipped, key=_position)),
    }


def _position(item: Skipped) -> tuple[str, int, int]:
    return item.path, item.line or 0, item.row or 0
