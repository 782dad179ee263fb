"""What a run works with: its corpus, settings, temporary directory and progress."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus import Corpus, Skipped, open_corpus
from dedup.runtime.progress import Progress
from dedup.runtime.workspace import temporary_folder
from dedup.settings import Request, Resources, Settings


@dataclass
class Work:
    """What a run works with: its corpus, its folder, its clock."""

    corpus: Corpus
    settings: Settings
    resources: Resources
    temp: Path
    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, total: int | None = None, unit: str = "") -> Iterator[None]:
        """Time a step, and tell of it."""
        self.progress.step(name, total, unit)
        begun = time.perf_counter()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0) + time.perf_counter() - begun, 3)

    def texts(self, wanted: NDArray[np.int64] | None = None) -> Iterator[tuple[int, pa.LargeStringArray]]:
        """Read the texts, or those batches of them that hold a wanted document: rank of the first, and texts."""
        for first, batch in self.corpus.batches(["text"], wanted):
            yield first, batch.column(0)
            self.progress.advance(batch.num_rows)


@contextmanager
def open_work(
    inputs: Sequence[Any],
    exclude: list[Path],
    request: Request,
) -> Iterator[Work]:
    """Read what has to be read once, in a temporary folder that goes with the run.

    Args:
        inputs: What to read.
        exclude: Folders not to read.
        request: The checked options of the run.
    """
    resources, progress = request.resources, request.progress
    with ExitStack() as stack:
        temp = stack.enter_context(temporary_folder(resources.temp_dir))
        stack.callback(progress.close)
        begun = time.perf_counter()
        corpus = open_corpus(
            inputs,
            temp=temp,
            workers=resources.workers,
            batch_bytes=resources.batch_bytes,
            exclude=exclude,
            progress=_meter(progress),
            **asdict(request.reading),
        )
        read_seconds = round(time.perf_counter() - begun, 3)
        yield Work(corpus, request.settings, resources, temp, progress, {"read": read_seconds})


def _meter(progress: Progress) -> Callable[[int, int | None], None]:
    """Turn bytes done so far into steps forward."""
    told = -1

    def report(done: int, total: int | None) -> None:
        nonlocal told
        if told < 0:
            progress.step("read", total, "bytes")
            told = 0
        progress.advance(done - told)
        told = done

    return report


def _read(corpus: Corpus) -> dict[str, int]:
    report = corpus.report
    return {
        "files": report.files,
        "hidden": report.hidden,
        "replaced": report.replaced,
        "null_ids": report.null_ids,
        "repeated_ids": report.repeated_ids,
        "null_texts": report.null_texts,
    }


def _known(corpus: Corpus) -> dict[str, Any]:
    report, found = corpus.report, corpus.columns
    return {
        "columns": {"text": found.text, "id": found.id, "date": found.date, "outlet": found.outlet},
        "encodings": dict(report.encodings),
        "notes": tuple(report.notes),
        "skipped": tuple(asdict(item) for item in sorted(report.skipped, key=_where)),
    }


def _where(item: Skipped) -> tuple[str, int, int]:
    return item.path, item.line or 0, item.row or 0
