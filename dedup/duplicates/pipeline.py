"""Run `scan` and `clean`: read, sketch, detect duplicates, write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.context import RunContext, open_run
from dedup.corpus import Corpus
from dedup.duplicates.columns.keep_order import column_precedence
from dedup.duplicates.columns.scope import column_values
from dedup.duplicates.detect import Matching, detect
from dedup.duplicates.pool import Pool, Pools, make_pools, scope_of
from dedup.duplicates.references.base import OpenReferences, References
from dedup.duplicates.references.named import write_reference_units
from dedup.duplicates.removals import CorpusVerdicts, inside_removed_blocks
from dedup.duplicates.select import Verdicts, join_verdicts, nothing_removed
from dedup.duplicates.sketches.masking import check_patterns
from dedup.duplicates.sketches.signatures import Sketches, sketch_batch, sketch_corpus, sketch_settings
from dedup.duplicates.summary import count_removals, find_groups, summarise
from dedup.duplicates.tables import PairsFile, write_corpus
from dedup.outputs.files import PAIRS_FILE, REFERENCE_FILE, RUN_FILE
from dedup.outputs.writer import write_json
from dedup.results import IndexVersion, Run, Scan
from dedup.runtime.memory import check_memory
from dedup.runtime.storage.paths import AnyPath
from dedup.settings import METADATA_ROLES, Reading, Request, Settings, option_name


def clean(inputs: Sequence[Any], out: AnyPath, request: Request, open_references: OpenReferences) -> Run:
    """Write the cleaned corpus and the evidence to a folder; see `dedup.clean`."""
    with open_run(inputs, out, request) as run, open_references(run) as references:
        return write_cleaned(run, detect_duplicates(prepare(run, references, "clean")))


def write_cleaned(run: RunContext, verdicts: CorpusVerdicts, index: IndexVersion | None = None) -> Run:
    """Write the cleaned corpus, the evidence and the record of the run to the folder of the run.

    Args:
        run: The context of the run.
        verdicts: The verdicts.
        index: The index that the documents are added to.
    """
    with run.step("write", run.corpus.rows, "documents"):
        write_corpus(
            run.corpus, verdicts.removals, verdicts.references, run.folder, run.resources.workers, run.progress.advance
        )
        if verdicts.references.parts:
            write_reference_units(verdicts.references, verdicts.removals, run.folder / REFERENCE_FILE)
    record = summarise("clean", run, verdicts, index)
    write_json(run.folder / RUN_FILE, record.to_dict())
    return record


def detect_duplicates(comparison: "Comparison") -> CorpusVerdicts:
    """Return the verdicts on the documents and paragraphs of a corpus, and write ``pairs.parquet``."""
    run, references = comparison.run, comparison.references
    with PairsFile(run.folder / PAIRS_FILE, references) as pairs:
        documents = comparison.detect_documents(pairs)
        paragraphs = comparison.detect_paragraphs(documents, _matching_paragraphs(run.settings), pairs)
    return CorpusVerdicts(references, comparison.sketches, comparison.pools, documents, paragraphs, pairs.rows)


def scan(
    inputs: Sequence[Any], out: AnyPath | None, request: Request, groups: int, open_references: OpenReferences
) -> Scan:
    """Report duplicates, and write the pairs to a folder if one is named; see `dedup.scan`."""
    with open_run(inputs, out, request) as run, open_references(run) as references:
        comparison = prepare(run, references, "scan", near_within=True)
        verdicts = default = detect_duplicates(comparison)
        matching = _matching_paragraphs(run.settings)
        if not matching.within:
            within = comparison.detect_paragraphs(verdicts.documents, replace(matching, within=True))
            default = replace(verdicts, paragraphs=within)
        near_within = 0
        if not matching.near_within and not matching.exact:
            near = comparison.detect_paragraphs(verdicts.documents, replace(matching, near_within=True))
            near_within = _count_near_within(comparison.pools.paragraphs, near)
        record = summarise("scan", run, verdicts)
        largest, count = find_groups(run.corpus, references, verdicts.removals, groups)
        if out:
            write_json(run.folder / RUN_FILE, record.to_dict())
    return Scan(
        record, count_removals(default.removals), count_removals(verdicts.removals), largest, count, near_within
    )


def _count_near_within(paragraphs: Pool, verdicts: Verdicts) -> int:
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


def _sketch(run: RunContext, near_within: bool | None) -> Sketches:
    """Compute the sketches of all documents and paragraphs."""
    settings = sketch_settings(run.settings, near_within)
    check_memory(run.corpus.rows, "documents")
    with run.step("sketch", run.corpus.rows, "documents"):
        with run.note_compilation():
            sketch_batch(0, pa.array(["Load the kernels."], pa.large_string()), settings)
        return sketch_corpus(run.texts(), settings, run.temp, run.resources.workers, run.settings.ignore)


@dataclass(frozen=True)
class _ColumnOrder:
    """What columns decide on the comparison of documents."""

    precedence: NDArray[np.int64] | None
    """Positions in keep order, shape (documents,); None if no column decides it."""
    scope: pa.ChunkedArray | None
    """Only documents of an equal value are compared, shape (documents,); None: all."""


def _column_order(run: RunContext) -> _ColumnOrder:
    """Return what columns decide, and add notes on their values; raise an error for options that cannot be used."""
    settings, corpus = run.settings, run.corpus
    check_patterns(settings.ignore)
    precedence = column_precedence(settings.keep, corpus) if settings.compares_documents else None
    return _ColumnOrder(precedence, column_values(settings.per, corpus))


def prepare(run: RunContext, references: References, command: str, near_within: bool | None = None) -> "Comparison":
    """Sketch the corpus, and find the units of the references that may resemble its units.

    Args:
        run: The context of the run.
        references: What its documents are compared with, besides each other.
        command: The command of the run, for notes.
        near_within: Whether near-duplicates within a document are wanted; None: as in the settings.
    """
    order = _column_order(run)  # before the long steps: its values may be refused
    _note_unused_columns(run.corpus, run.reading, command)
    sketches = _sketch(run, near_within)
    return Comparison(run, references, order, sketches, make_pools(run, sketches, references))


@dataclass(frozen=True)
class Comparison:
    """The units of a run, ready to be compared."""

    run: RunContext
    """The context of the run."""
    references: References
    """The references."""
    order: _ColumnOrder
    """What columns decide."""
    sketches: Sketches
    """The units of the corpus."""
    pools: Pools
    """The units of the references and of the corpus."""

    def detect_documents(self, pairs: PairsFile) -> Verdicts:
        """Return the verdicts on documents, and write their pairs."""
        run, settings, pool = self.run, self.run.settings, self.pools.documents
        if not settings.compares_documents:
            return nothing_removed(len(pool.units))
        matching = _matching(settings, settings.shingle_documents, min_tokens=settings.min_tokens)
        order = -self.sketches.documents.column("cut_end") if settings.keep == "longest" else self.order.precedence
        with detect(
            pool.units,
            pool.texts,
            matching,
            run.workspace("documents"),
            precedence=None if order is None else pool.extend(order, 0),
            scope=scope_of(pool, self.order.scope, settings.per, self.references),
            fixed=pool.fixed,
        ) as detection:
            pairs.write(detection, pool, "document")
            return detection.verdicts

    def detect_paragraphs(self, documents: Verdicts, matching: Matching, pairs: PairsFile | None = None) -> Verdicts:
        """Return the verdicts on the paragraphs of kept documents, and write their pairs.

        Args:
            documents: The verdicts on documents.
            matching: When two paragraphs are duplicates.
            pairs: Receives the pairs.
        """
        run, pool = self.run, self.pools.paragraphs
        units = pool.units
        if not run.settings.compares_paragraphs:
            return nothing_removed(len(units))
        check_memory(len(units), "paragraphs")
        kept = documents.kept[self.pools.documents.references :]
        compared, is_block = pool.extend(kept[pool.docs()], True), units.column("block")
        scope = scope_of(pool, self.order.scope, run.settings.per, self.references)

        def select(chosen: NDArray[np.bool_]) -> Verdicts:
            """Return the verdicts on some of the units."""
            workspace, rows = run.workspace("paragraphs"), compared & chosen
            with detect(
                units, pool.texts, matching, workspace, compared=rows, scope=scope, fixed=pool.fixed
            ) as detection:
                if pairs is not None:
                    pairs.write(detection, pool, "paragraph")
                return detection.verdicts

        if not is_block.any():
            return select(np.ones(len(units), np.bool_))
        blocks = select(is_block)  # before their paragraphs, which are not compared if the block is removed
        paragraphs = select(~is_block & ~inside_removed_blocks(units, blocks.kept))
        return join_verdicts(blocks, paragraphs)


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
