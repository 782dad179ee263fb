"""The story of a run, top-down: read, sketch, judge, write."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.context import Work, open_work
from dedup.duplicates.detect import judge
from dedup.duplicates.keep_order import keep_order
from dedup.duplicates.removals import find_removals
from dedup.duplicates.select import Verdicts, nothing_removed
from dedup.duplicates.signatures import BY, Plan, Sketches, permutations, sketch_batch, sketch_corpus
from dedup.duplicates.summary import find_groups, summarise, tally
from dedup.duplicates.tables import PairsFile, write_corpus
from dedup.duplicates.units import DOC, Units
from dedup.outputs import writer as write
from dedup.results import Run, Scan
from dedup.runtime.memory import check_room
from dedup.runtime.progress import Progress
from dedup.settings import STANDARD_ERRORS, Request

# Kernels that take longer to load than this are being compiled.
COMPILING_SECONDS = 1.5
COMPILING = "compiling the kernels; this happens once, and takes about half a minute"


def clean(
    inputs: Sequence[Any],
    out: Path,
    request: Request,
) -> Run:
    """Write the cleaned corpus and the evidence to a folder; see `dedup.clean`."""
    settings, workers, progress = request.settings, request.resources.workers, request.progress
    with (
        write.whole_folder(out, request.overwrite) as folder,
        open_work(inputs, [out, folder], request) as work,
    ):
        sketches = _sketch(work)
        with PairsFile(folder / "pairs.parquet") as pairs:
            documents = _judge_documents(work, sketches, pairs)
            paragraphs = _judge_paragraphs(work, sketches, documents, settings.paragraphs == "within", pairs)
        removals = find_removals(sketches, documents, paragraphs)
        with work.step("write", work.corpus.rows, "documents"):
            write_corpus(work.corpus, removals, folder, workers, progress.advance)
        run = summarise("clean", work.corpus, settings, sketches, removals, pairs.rows, work.seconds)
        write.write_json(folder / "run.json", run.to_dict())
    return run


def scan(
    inputs: Sequence[Any],
    out: Path | None,
    request: Request,
    groups: int,
) -> Scan:
    """Find what repeats, and write pairs and run to a folder if one is named; see `dedup.scan`."""
    settings = request.settings
    with ExitStack() as stack:
        folder = stack.enter_context(write.whole_folder(out, request.overwrite)) if out else None
        excluded = [out, folder] if out and folder else []
        work = stack.enter_context(open_work(inputs, excluded, request))
        sketches = _sketch(work)
        with PairsFile((folder or work.temp) / "pairs.parquet") as pairs:
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
        with _patient(work.progress):
            sketch_batch(0, pa.array(["Wake up."], pa.large_string()), plan)
        return sketch_corpus(work.texts(), plan, work.temp, work.resources.workers)


@contextmanager
def _patient(progress: Progress) -> Iterator[None]:
    """Say why it takes long, if it does: kernels are compiled when they are first used, and then kept."""
    timer = threading.Timer(COMPILING_SECONDS, progress.note, (COMPILING,))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _judge_documents(work: Work, sketches: Sketches, pairs: PairsFile) -> Verdicts:
    """Judge the documents in keep order."""
    units = sketches.documents
    if not work.settings.judges_documents:
        return nothing_removed(len(units))
    everyone = np.ones(len(units), np.bool_)
    order = keep_order(work.settings.keep, units, work.corpus)
    return _judge(work, "documents", units, everyone, order, False, pairs)


def _judge_paragraphs(
    work: Work, sketches: Sketches, documents: Verdicts, within: bool, pairs: PairsFile | None
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
    pairs: PairsFile | None,
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
