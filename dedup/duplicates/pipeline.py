"""Run `scan` and `clean`: read, sketch, detect duplicates, write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.context import RunContext, open_run
from dedup.corpus import Corpus
from dedup.duplicates.columns.keep_order import column_precedence
from dedup.duplicates.columns.scope import column_scope
from dedup.duplicates.detect import Matching, detect
from dedup.duplicates.removals import find_removals, inside_removed_blocks
from dedup.duplicates.select import Verdicts, join_verdicts, nothing_removed
from dedup.duplicates.sketches.masking import check_patterns
from dedup.duplicates.sketches.signatures import Sketches, sketch_batch, sketch_corpus, sketch_settings
from dedup.duplicates.sketches.units import Units
from dedup.duplicates.summary import count_removals, find_groups, summarise
from dedup.duplicates.tables import PairsFile, write_corpus
from dedup.outputs.files import PAIRS_FILE, RUN_FILE
from dedup.outputs.writer import write_json
from dedup.results import Run, Scan
from dedup.runtime.memory import check_memory
from dedup.runtime.storage.paths import AnyPath
from dedup.settings import METADATA_ROLES, Reading, Request, Settings, option_name


def clean(inputs: Sequence[Any], out: AnyPath, request: Request) -> Run:
    """Write the cleaned corpus and the evidence to a folder; see `dedup.clean`."""
    with open_run(inputs, out, request) as run:
        order = _column_order(run)  # before the long steps: its values may be refused
        _note_unused_columns(run.corpus, request.reading, "clean")
        sketches = _sketch(run, run.settings.near_within)
        with PairsFile(run.folder / PAIRS_FILE) as pairs:
            documents = _detect_documents(run, sketches, order, pairs)
            matching = _matching_paragraphs(run.settings)
            paragraphs = _detect_paragraphs(run, sketches, documents, matching, order.scope, pairs)
        removals = find_removals(sketches, documents, paragraphs)
        with run.step("write", run.corpus.rows, "documents"):
            write_corpus(run.corpus, removals, run.folder, run.resources.workers, run.progress.advance)
        record = summarise("clean", run.corpus, run.settings, sketches, removals, pairs.rows, run.seconds)
        write_json(run.folder / RUN_FILE, record.to_dict())
    return record


def scan(inputs: Sequence[Any], out: AnyPath | None, request: Request, groups: int) -> Scan:
    """Report duplicates, and write the pairs to a folder if one is named; see `dedup.scan`."""
    with open_run(inputs, out, request) as run:
        order = _column_order(run)  # before the long steps: its values may be refused
        _note_unused_columns(run.corpus, request.reading, "scan")
        sketches = _sketch(run, near_within=True)
        matching = _matching_paragraphs(run.settings)
        detect_paragraphs = partial(_detect_paragraphs, run, sketches, scope=order.scope)
        with PairsFile(run.folder / PAIRS_FILE) as pairs:
            documents = _detect_documents(run, sketches, order, pairs)
            paragraphs = detect_paragraphs(documents, matching, pairs=pairs)
        removals = default = find_removals(sketches, documents, paragraphs)
        if not matching.within:
            within = detect_paragraphs(documents, replace(matching, within=True))
            default = find_removals(sketches, documents, within)
        near_within = 0
        if not matching.near_within and not matching.exact:
            near = detect_paragraphs(documents, replace(matching, near_within=True))
            near_within = _count_near_within(sketches.paragraphs, near)
        record = summarise("scan", run.corpus, run.settings, sketches, removals, pairs.rows, run.seconds)
        largest, count = find_groups(run.corpus, removals, groups)
        if out:
            write_json(run.folder / RUN_FILE, record.to_dict())
    return Scan(record, count_removals(default), count_removals(removals), largest, count, near_within)


def _count_near_within(paragraphs: Units, verdicts: Verdicts) -> int:
    """Return the number of paragraphs that are removed for one of their document with other tokens."""
    removed, keeper = (paragraphs.look_up(rows, ["doc", "sequence"]) for rows in (verdicts.removed, verdicts.keeper))
    is_near = (removed["doc"] == keeper["doc"]) & (removed["sequence"] != keeper["sequence"])
    return int(is_near.sum())


def _note_unused_columns(corpus: Corpus, reading: Reading, command: str) -> None:
    """Add a note on the options for columns that only `align` reads."""
    given = [name for role in METADATA_ROLES if getattr(reading, name := f"{role}_column") is not None]
    if reading.outlet_level is not None:
        given.append("outlet_level")
    for name in given:
        corpus.add_note(f"{option_name(name)} does not change what {command} does: only align reads that column")


def _sketch(run: RunContext, near_within: bool) -> Sketches:
    """Compute the sketches of all documents and paragraphs."""
    settings = sketch_settings(run.settings, near_within)
    check_memory(run.corpus.rows, "documents")
    with run.step("sketch", run.corpus.rows, "documents"):
        with run.note_compilation():
            sketch_batch(0, pa.array(["Load the kernels."], pa.large_string()), settings)
        return sketch_corpus(run.texts(), settings, run.temp, run.resources.workers, run.settings.ignore)


@dataclass(frozen=True)
class _ColumnOrder:
    """What columns decide on the comparison of documents; each of shape (documents,)."""

    precedence: NDArray[np.int64] | None
    """Positions in keep order; None if no column decides it."""
    scope: NDArray[np.int64] | None
    """Only documents of an equal value are compared; None: all."""


def _column_order(run: RunContext) -> _ColumnOrder:
    """Return what columns decide, and add notes on their values; raise an error for options that cannot be used."""
    settings, corpus = run.settings, run.corpus
    check_patterns(settings.ignore)
    precedence = column_precedence(settings.keep, corpus) if settings.compares_documents else None
    return _ColumnOrder(precedence, column_scope(settings.per, corpus))


def _detect_documents(run: RunContext, sketches: Sketches, order: _ColumnOrder, pairs: PairsFile) -> Verdicts:
    """Return the verdicts on documents, and write their pairs."""
    settings, units = run.settings, sketches.documents
    if not settings.compares_documents:
        return nothing_removed(len(units))
    matching = _matching(settings, settings.shingle_documents, min_tokens=settings.min_tokens)
    precedence = -units.column("cut_end") if settings.keep == "longest" else order.precedence
    workspace = run.workspace("documents")
    with detect(units, run.texts, matching, workspace, precedence=precedence, scope=order.scope) as detection:
        pairs.write(detection, units, "document")
        return detection.verdicts


def _matching(settings: Settings, shingle: int, **rules: Any) -> Matching:
    """Return when two units are duplicates.

    Args:
        settings: The settings of the run.
        shingle: Tokens in a shingle.
        rules: Other attributes of `Matching`, for one kind of units.
    """
    return Matching(
        shingle,
        settings.threshold,
        settings.permutations,
        by_signs=settings.by_signs,
        exact=settings.exact,
        ignore=settings.ignore,
        **rules,
    )


def _matching_paragraphs(settings: Settings) -> Matching:
    """Return when two paragraphs are duplicates."""
    within = settings.paragraphs == "within"
    return _matching(settings, settings.shingle_paragraphs, within=within, near_within=settings.near_within)


def _detect_paragraphs(
    run: RunContext,
    sketches: Sketches,
    documents: Verdicts,
    matching: Matching,
    scope: NDArray[np.int64] | None,
    pairs: PairsFile | None = None,
) -> Verdicts:
    """Return the verdicts on the paragraphs of kept documents, and write their pairs.

    Args:
        run: The context of the run.
        sketches: The units of the corpus.
        documents: The verdicts on documents.
        matching: When two paragraphs are duplicates.
        scope: Only documents of an equal value are compared, shape (documents,); None: all.
        pairs: Receives the pairs.
    """
    settings, units = run.settings, sketches.paragraphs
    if not settings.compares_paragraphs:
        return nothing_removed(len(units))
    check_memory(len(units), "paragraphs")
    docs, is_block = units.column("doc"), units.column("block")
    compared, scope = documents.kept[docs], None if scope is None else scope[docs]

    def select(chosen: NDArray[np.bool_]) -> Verdicts:
        """Return the verdicts on some of the units."""
        workspace = run.workspace("paragraphs")
        with detect(units, run.texts, matching, workspace, compared=compared & chosen, scope=scope) as detection:
            if pairs is not None:
                pairs.write(detection, units, "paragraph")
            return detection.verdicts

    if not is_block.any():
        return select(np.ones(len(units), np.bool_))
    blocks = select(is_block)  # before their paragraphs, which are not compared if the block is removed
    paragraphs = select(~is_block & ~inside_removed_blocks(units, blocks.kept))
    return join_verdicts(blocks, paragraphs)
