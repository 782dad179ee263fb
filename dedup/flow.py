"""The story of a run, top-down: read, sketch, judge, write."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup import write
from dedup.decide import Verdicts, nothing_removed
from dedup.held import temporary_folder
from dedup.judge import judge, keep_order
from dedup.model import Run, Scan, Watch
from dedup.read import Corpus, open_corpus
from dedup.removals import find_removals
from dedup.room import check_room
from dedup.settings import STANDARD_ERRORS, Reading, Resources, Settings
from dedup.sketch import BY, DOC, Plan, Sketches, Units, permutations, sketch_batch, sketch_corpus
from dedup.summary import find_groups, summarise, tally

# Kernels that take longer to load than this are being compiled.
COMPILING_SECONDS = 1.5
COMPILING = "compiling the kernels; this happens once, and takes about half a minute"


def clean(
    inputs: Sequence[Any],
    out: Path,
    *,
    settings: Settings,
    reading: Reading,
    resources: Resources,
    overwrite: bool,
    watch: Watch,
) -> Run:
    """Write the cleaned corpus and the evidence to a folder; see `dedup.clean`."""
    with (
        write.whole_folder(out, overwrite) as folder,
        open_work(inputs, [out, folder], settings, reading, resources, watch) as work,
    ):
        sketches = _sketch(work)
        with write.PairsFile(folder / "pairs.parquet") as pairs:
            documents = _judge_documents(work, sketches, pairs)
            paragraphs = _judge_paragraphs(work, sketches, documents, settings.paragraphs == "within", pairs)
        removals = find_removals(sketches, documents, paragraphs)
        with work.step("write", work.corpus.rows, "documents"):
            write.write_corpus(work.corpus, removals, folder, resources.workers, watch.advance)
        run = summarise("clean", work.corpus, settings, sketches, removals, pairs.rows, work.seconds)
        write.write_json(folder / "run.json", run.to_dict())
    return run


def scan(
    inputs: Sequence[Any],
    out: Path | None,
    *,
    settings: Settings,
    reading: Reading,
    resources: Resources,
    overwrite: bool,
    watch: Watch,
    groups: int,
) -> Scan:
    """Find what repeats, and write pairs and run to a folder if one is named; see `dedup.scan`."""
    with ExitStack() as stack:
        folder = stack.enter_context(write.whole_folder(out, overwrite)) if out else None
        excluded = [out, folder] if out and folder else []
        work = stack.enter_context(open_work(inputs, excluded, settings, reading, resources, watch))
        sketches = _sketch(work)
        with write.PairsFile((folder or work.temp) / "pairs.parquet") as pairs:
            documents = _judge_documents(work, sketches, pairs)
            found = _judge_paragraphs(work, sketches, documents, settings.paragraphs == "within", pairs)
        removals = default = find_removals(sketches, documents, found)
        if settings.paragraphs == "all":
            within = _judge_paragraphs(work, sketches, documents, True, None)
            default = find_removals(sketches, documents, within)
        run = summarise("scan", work.corpus, settings, sketches, removals, pairs.rows, work.seconds)
        largest, count = find_groups(work.corpus, removals, groups)
        if folder:
            write.write_json(folder / "run.json", run.to_dict())
    return Scan(run, tally(default), tally(removals), largest, count)


@dataclass
class Work:
    """What a run works with: its corpus, its folder, its clock."""

    corpus: Corpus
    settings: Settings
    resources: Resources
    temp: Path
    watch: Watch
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, total: int | None = None, unit: str = "") -> Iterator[None]:
        """Time a step, and tell of it."""
        self.watch.step(name, total, unit)
        begun = time.perf_counter()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0) + time.perf_counter() - begun, 3)

    def texts(self, wanted: NDArray[np.int64] | None = None) -> Iterator[tuple[int, pa.LargeStringArray]]:
        """Read the texts, or those batches of them that hold a wanted document: rank of the first, and texts."""
        for first, batch in self.corpus.batches(["text"], wanted):
            yield first, batch.column(0)
            self.watch.advance(batch.num_rows)


@contextmanager
def open_work(
    inputs: Sequence[Any],
    exclude: list[Path],
    settings: Settings,
    reading: Reading,
    resources: Resources,
    watch: Watch,
) -> Iterator[Work]:
    """Read what has to be read once, in a temporary folder that goes with the run.

    Args:
        inputs: What to read.
        exclude: Folders not to read.
        settings: What decides the verdicts.
        reading: How to read.
        resources: What the run may use.
        watch: Told how it goes.
    """
    with ExitStack() as stack:
        temp = stack.enter_context(temporary_folder(resources.temp_dir))
        stack.callback(watch.close)
        begun = time.perf_counter()
        corpus = open_corpus(
            inputs,
            temp=temp,
            workers=resources.workers,
            batch_bytes=resources.batch_bytes,
            exclude=exclude,
            progress=_meter(watch),
            **asdict(reading),
        )
        yield Work(corpus, settings, resources, temp, watch, {"read": round(time.perf_counter() - begun, 3)})


def _meter(watch: Watch) -> Callable[[int, int | None], None]:
    """Turn bytes done so far into steps forward."""
    told = -1

    def progress(done: int, total: int | None) -> None:
        nonlocal told
        if told < 0:
            watch.step("read", total, "bytes")
            told = 0
        watch.advance(done - told)
        told = done

    return progress


def _sketch(work: Work) -> Sketches:
    """Sketch the corpus; where only repeats within a document matter, only the paragraphs that may be one."""
    settings = work.settings
    plan = Plan(
        permutations=permutations(settings.permutations, settings.seed),
        bands=settings.bands,
        rows=settings.rows,
        shingle_documents=settings.shingle_documents if settings.judges_documents else 0,
        shingle_paragraphs=settings.shingle_paragraphs if settings.judges_paragraphs else 0,
        by=BY[settings.paragraphs_by],
        min_tokens=settings.min_tokens,
        repeats_at=settings.threshold if settings.paragraphs == "within" else -1.0,
    )
    check_room(work.corpus.rows, "documents")
    with work.step("sketch", work.corpus.rows, "documents"):
        with _patient(work.watch):
            sketch_batch(0, pa.array(["Wake up."], pa.large_string()), plan)
        return sketch_corpus(work.texts(), plan, work.temp, work.resources.workers)


@contextmanager
def _patient(watch: Watch) -> Iterator[None]:
    """Say why it takes long, if it does: kernels are compiled when they are first used, and then kept."""
    timer = threading.Timer(COMPILING_SECONDS, watch.note, (COMPILING,))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _judge_documents(work: Work, sketches: Sketches, pairs: write.PairsFile) -> Verdicts:
    """Judge the documents in keep order."""
    units = sketches.documents
    if not work.settings.judges_documents:
        return nothing_removed(len(units))
    everyone = np.ones(len(units), np.bool_)
    order = keep_order(work.settings.keep, units, work.corpus)
    return _judge(work, "documents", units, everyone, order, False, pairs)


def _judge_paragraphs(
    work: Work, sketches: Sketches, documents: Verdicts, within: bool, pairs: write.PairsFile | None
) -> Verdicts:
    """Judge the paragraphs of the documents that stay, by document and start."""
    units = sketches.paragraphs
    if not work.settings.judges_paragraphs:
        return nothing_removed(len(units))
    check_room(len(units), "paragraphs")
    stays = documents.kept[units.column(DOC)]
    return _judge(work, "paragraphs", units, stays, np.arange(len(units)), within, pairs)


def _judge(
    work: Work,
    name: str,
    units: Units,
    wanted: NDArray[np.bool_],
    order: NDArray[np.int64],
    within: bool,
    pairs: write.PairsFile | None,
) -> Verdicts:
    settings, resources = work.settings, work.resources
    n = settings.shingle_documents if name == "documents" else settings.shingle_paragraphs
    with judge(
        units,
        work.texts,
        wanted=wanted,
        order=order,
        within=within,
        n=n,
        permutations=settings.permutations,
        threshold=settings.threshold,
        standard_errors=STANDARD_ERRORS,
        memory=resources.memory,
        workers=resources.workers,
        temp=work.temp,
        step=lambda step, *much: work.step(f"{step}, {name}", *much),
    ) as found:
        if pairs is not None:
            for batch in found.pairs():
                pairs.write(units, order, batch, name.removesuffix("s"))
        return found.verdicts
