"""Run `scan` and `clean`: read, sketch, detect duplicates, write."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.context import RunContext, open_run
from dedup.duplicates.detect import Matching, detect
from dedup.duplicates.keep_order import column_precedence
from dedup.duplicates.removals import find_removals
from dedup.duplicates.select import Verdicts, nothing_removed
from dedup.duplicates.signatures import Sketches, sketch_batch, sketch_corpus, sketch_settings
from dedup.duplicates.summary import count_removals, find_groups, summarise
from dedup.duplicates.tables import PairsFile, write_corpus
from dedup.outputs.files import PAIRS_FILE, RUN_FILE
from dedup.outputs.writer import write_json
from dedup.results import Run, Scan
from dedup.runtime.memory import check_memory
from dedup.runtime.progress import Progress
from dedup.runtime.storage.paths import AnyPath
from dedup.settings import Request

# Kernels that take longer to load are being compiled.
COMPILING_SECONDS = 1.5
COMPILING = "compiling the kernels; this happens once and takes about half a minute"


def clean(inputs: Sequence[Any], out: AnyPath, request: Request) -> Run:
    """Write the cleaned corpus and the evidence to a folder; see `dedup.clean`."""
    with open_run(inputs, out, request) as run:
        precedence = _column_precedence(run)  # before the long steps: its values may be refused
        sketches = _sketch(run)
        with PairsFile(run.folder / PAIRS_FILE) as pairs:
            documents = _detect_documents(run, sketches, precedence, pairs)
            paragraphs = _detect_paragraphs(run, sketches, documents, run.settings.paragraphs == "within", pairs)
        removals = find_removals(sketches, documents, paragraphs)
        with run.step("write", run.corpus.rows, "documents"):
            write_corpus(run.corpus, removals, run.folder, run.resources.workers, run.progress.advance)
        record = summarise("clean", run.corpus, run.settings, sketches, removals, pairs.rows, run.seconds)
        write_json(run.folder / RUN_FILE, record.to_dict())
    return record


def scan(inputs: Sequence[Any], out: AnyPath | None, request: Request, groups: int) -> Scan:
    """Report duplicates, and write the pairs to a folder if one is named; see `dedup.scan`."""
    with open_run(inputs, out, request) as run:
        precedence = _column_precedence(run)  # before the long steps: its values may be refused
        sketches = _sketch(run)
        with PairsFile(run.folder / PAIRS_FILE) as pairs:
            documents = _detect_documents(run, sketches, precedence, pairs)
            paragraphs = _detect_paragraphs(run, sketches, documents, run.settings.paragraphs == "within", pairs)
        removals = default = find_removals(sketches, documents, paragraphs)
        if run.settings.paragraphs == "all":
            default = find_removals(sketches, documents, _detect_paragraphs(run, sketches, documents, True, None))
        record = summarise("scan", run.corpus, run.settings, sketches, removals, pairs.rows, run.seconds)
        largest, count = find_groups(run.corpus, removals, groups)
        if out:
            write_json(run.folder / RUN_FILE, record.to_dict())
    return Scan(record, count_removals(default), count_removals(removals), largest, count)


def _sketch(run: RunContext) -> Sketches:
    """Compute the sketches of all documents and paragraphs."""
    settings = sketch_settings(run.settings)
    check_memory(run.corpus.rows, "documents")
    with run.step("sketch", run.corpus.rows, "documents"):
        with _note_compilation(run.progress):
            sketch_batch(0, pa.array(["Load the kernels."], pa.large_string()), settings)
        return sketch_corpus(run.texts(), settings, run.temp, run.resources.workers)


@contextmanager
def _note_compilation(progress: Progress) -> Iterator[None]:
    """Show a note if the kernels have to be compiled; they are cached afterwards."""
    timer = threading.Timer(COMPILING_SECONDS, progress.note, (COMPILING,))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _column_precedence(run: RunContext) -> NDArray[np.int64] | None:
    """Return the position of each document in keep order if a column decides it."""
    return column_precedence(run.settings.keep, run.corpus) if run.settings.compares_documents else None


def _detect_documents(
    run: RunContext, sketches: Sketches, precedence: NDArray[np.int64] | None, pairs: PairsFile
) -> Verdicts:
    """Return the verdicts on documents, and write their pairs.

    Args:
        run: The context of the run.
        sketches: The units of the corpus.
        precedence: Positions in keep order if a column decides it.
        pairs: Receives the pairs.
    """
    settings, units = run.settings, sketches.documents
    if not settings.compares_documents:
        return nothing_removed(len(units))
    matching = Matching(
        settings.shingle_documents, settings.threshold, settings.permutations, by_signs=settings.by_signs
    )
    if settings.keep == "longest":
        precedence = -units.column("cut_end")
    with detect(units, run.texts, matching, run.workspace("documents"), precedence=precedence) as detection:
        pairs.write(detection, units, "document")
        return detection.verdicts


def _detect_paragraphs(
    run: RunContext, sketches: Sketches, documents: Verdicts, within: bool, pairs: PairsFile | None
) -> Verdicts:
    """Return the verdicts on the paragraphs of kept documents, and write their pairs."""
    settings, units = run.settings, sketches.paragraphs
    if not settings.compares_paragraphs:
        return nothing_removed(len(units))
    check_memory(len(units), "paragraphs")
    matching = Matching(
        settings.shingle_paragraphs, settings.threshold, settings.permutations, within, by_signs=settings.by_signs
    )
    compared = documents.kept[units.column("doc")]
    with detect(units, run.texts, matching, run.workspace("paragraphs"), compared=compared) as detection:
        if pairs is not None:
            pairs.write(detection, units, "paragraph")
        return detection.verdicts
