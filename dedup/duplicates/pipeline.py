"""Run `scan` and `clean`: read, sketch, detect duplicates, write."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.context import RunContext, open_run
from dedup.corpus import Corpus
from dedup.duplicates.columns.scope import column_values
from dedup.duplicates.comparison import Comparison, matching_paragraphs
from dedup.duplicates.containment.found import Searched
from dedup.duplicates.containment.items import ItemBatch, Items, index_items
from dedup.duplicates.containment.search import Collector, Searcher
from dedup.duplicates.containment.tables import write_found, write_items
from dedup.duplicates.pool import NONE_NAMED, make_pools
from dedup.duplicates.references.base import OpenReferences, References
from dedup.duplicates.references.named import write_reference_units
from dedup.duplicates.removals import near_within_document
from dedup.duplicates.sketches.masking import check_patterns
from dedup.duplicates.sketches.signatures import Sketches, sketch_batch, sketch_corpus, sketch_settings
from dedup.duplicates.summary import count_removals, find_groups, summarise
from dedup.duplicates.tables import PairsFile, write_corpus
from dedup.duplicates.verdicts import CorpusVerdicts
from dedup.kernels.sketch import SketchSettings
from dedup.outputs.files import FOUND_FILE, ITEMS_FILE, PAIRS_FILE, REFERENCE_FILE, RUN_FILE
from dedup.outputs.writer import write_json
from dedup.results import IndexVersion, Run, Scan
from dedup.runtime.memory import check_memory
from dedup.runtime.storage.paths import AnyPath
from dedup.settings import METADATA_ROLES, Reading, Request, option_name

# Texts that are kept in memory take at most this many eighths of it; the tables of DuckDB take at most half.
TEXT_EIGHTHS = 3


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
            run.corpus,
            verdicts.removals,
            verdicts.references,
            run.folder,
            run.resources.workers,
            run.progress.advance,
            contained=verdicts.searched is not None,
        )
        if verdicts.searched is not None:
            write_found(verdicts.searched.items, verdicts.searched.found, run.corpus, run.folder / FOUND_FILE)
            write_items(verdicts.searched, verdicts.references, run.folder / ITEMS_FILE)
        if verdicts.references.parts:
            write_reference_units(verdicts.references, verdicts.removals, run.folder / REFERENCE_FILE)
    record = summarise("clean", run, verdicts, index)
    write_json(run.folder / RUN_FILE, record.to_dict())
    return record


@dataclass(frozen=True)
class Prepared:
    """A sketched corpus, ready to be compared."""

    run: RunContext
    """The context of the run."""
    references: References
    """What the documents are compared with, besides each other."""
    sketches: Sketches
    """The units of the corpus."""
    comparison: Comparison
    """The units of the references and of the corpus."""
    searched: Searched | None = None
    """What was found of the documents of the references inside those of the corpus; None: they were not searched
    for."""


def detect_duplicates(prepared: Prepared) -> CorpusVerdicts:
    """Return the verdicts on the documents and paragraphs of a corpus, and write ``pairs.parquet``."""
    with PairsFile(prepared.run.folder / PAIRS_FILE, prepared.references.numbers) as pairs:
        return find_verdicts(prepared, pairs)


def find_verdicts(prepared: Prepared, pairs: PairsFile | None = None) -> CorpusVerdicts:
    """Return the verdicts on the documents and paragraphs of a corpus.

    Args:
        prepared: The corpus, ready to be compared.
        pairs: Receives the pairs.
    """
    comparison = prepared.comparison
    documents = comparison.detect_documents(pairs)
    kept = comparison.kept_documents(documents)
    paragraphs = comparison.detect_paragraphs(kept, matching_paragraphs(comparison.settings), pairs)
    return CorpusVerdicts(
        prepared.references,
        prepared.sketches,
        comparison.pools,
        documents,
        paragraphs,
        pairs.rows if pairs else 0,
        prepared.searched,
    )


def scan(
    inputs: Sequence[Any], out: AnyPath | None, request: Request, groups: int, open_references: OpenReferences
) -> Scan:
    """Report duplicates, and write the pairs to a folder if one is named; see `dedup.scan`."""
    with open_run(inputs, out, request) as run, open_references(run) as references:
        prepared = prepare(run, references, "scan", near_within=True)
        verdicts = default = detect_duplicates(prepared)
        comparison, matching = prepared.comparison, matching_paragraphs(run.settings)
        kept = comparison.kept_documents(verdicts.documents)
        near_within = 0
        with run.step("compare with other options"):
            comparison = replace(comparison, workspace=run.without_steps().workspace)
            if not matching.within and prepared.searched is None:
                within = comparison.detect_paragraphs(kept, replace(matching, within=True))
                default = replace(verdicts, paragraphs=within)
            if not matching.near_within and not matching.exact:
                near = comparison.detect_paragraphs(kept, replace(matching, near_within=True))
                near_within = int(near_within_document(comparison.pools.paragraphs, near).sum())
        record = summarise("scan", run, verdicts)
        largest, count = find_groups(run.corpus, references, verdicts.removals, groups)
        if out:
            write_json(run.folder / RUN_FILE, record.to_dict())
    return Scan(
        record, count_removals(default.removals), count_removals(verdicts.removals), largest, count, near_within
    )


def note_columns(corpus: Corpus, reading: Reading, command: str) -> None:
    """Add notes on the options for columns that only `align` reads, and on a column that has the text too.

    The turns of a conversation, and an object with the text in it, are carried unchanged beside the text.
    """
    text = corpus.columns.text or ""
    whole = next((name for name in (text, text.partition(".")[0]) if name in corpus.schema.names), "text")
    if whole != "text" and command != "scan":
        corpus.add_note(
            f"column `{whole}` is carried unchanged, with all of its text; what is removed is cut from `text` alone"
        )
    given = [name for role in METADATA_ROLES if getattr(reading, name := f"{role}_column") is not None]
    if reading.outlet_level is not None:
        given.append("outlet_level")
    for name in given:
        corpus.add_note(f"{option_name(name)} does not change what {command} does: only align reads that column")


@dataclass(frozen=True)
class SketchedRun:
    """A sketched corpus, and what decides which of its documents are compared and kept."""

    sketches: Sketches
    """The units of the corpus."""
    scope: pa.ChunkedArray | None
    """The values of the column of ``--per``, from `column_values`; None compares all documents."""
    precedence: NDArray[np.int64] | None
    """Sort key of the keep order; see `Comparison.precedence`."""
    searched: Searched | None = None
    """See `Prepared.searched`."""

    def compare(self, run: RunContext, references: References) -> Prepared:
        """Find the units of the references that may resemble the units of the corpus.

        Args:
            run: The context of the run.
            references: What the documents are compared with, besides each other.
        """
        searched = self.searched
        named = NONE_NAMED if searched is None else searched.found_docs
        pools = make_pools(run, self.sketches, references, self.scope, named)
        removed = None if searched is None else searched.contained.documents(run.corpus.rows)
        comparison = Comparison(run.settings, run.workspace, pools, self.precedence, removed)
        return Prepared(run, references, self.sketches, comparison, searched)


def prepare(run: RunContext, references: References, command: str, near_within: bool | None = None) -> Prepared:
    """Sketch the corpus, and find the units of the references that may resemble its units.

    Args:
        run: The context of the run.
        references: What its documents are compared with, besides each other.
        command: The command of the run, for notes.
        near_within: Whether near-duplicates within a document are wanted; None: as in the settings.
    """
    items = None
    if run.settings.contained is not None:
        with run.step("index the reference", references.kept_documents, "documents"), run.note_compilation():
            items = index_items(_counted(run, references.contents()), references.documents, run.settings)
    how = sketch_settings(run.settings, near_within)
    return sketch_run(run, command, how, run.texts(), items).compare(run, references)


def _counted(run: RunContext, batches: Iterable[ItemBatch]) -> Iterator[ItemBatch]:
    """Yield batches, and report their documents as progress."""
    for docs, batch in batches:
        yield docs, batch
        run.progress.advance(docs.size)


def sketch_run(
    run: RunContext,
    command: str,
    how: SketchSettings,
    texts: Iterable[tuple[int, pa.LargeStringArray]],
    items: Items | None = None,
) -> SketchedRun:
    """Sketch all documents and paragraphs of a run.

    Args:
        run: The context of the run.
        command: The command of the run, for notes.
        how: How to sketch.
        texts: Rank of the first text and texts of each batch, in rank order.
        items: What is searched for in the texts; None: nothing.
    """
    settings, corpus = run.settings, run.corpus
    check_patterns(settings.ignore)
    precedence = None
    if settings.compares_documents and settings.keeps_by_column:
        # Patterns of dates take long to compile.
        from dedup.duplicates.columns.keep_order import column_precedence

        precedence = column_precedence(settings.keep, corpus)  # before the long steps, since the values may be refused
    scope = column_values(settings.per, corpus)
    note_columns(corpus, run.reading, command)
    check_memory(corpus.rows, "documents")
    corpus.keep_texts(run.resources.memory * TEXT_EIGHTHS // 8)
    with run.step("sketch", corpus.rows, "documents"):
        with run.note_compilation():
            sketch_batch(0, pa.array(["Load the kernels."], pa.large_string()), how)
        collector = None if items is None else Collector(Searcher(items, settings))
        visit = None if collector is None else collector.visit
        sketches = sketch_corpus(texts, how, run.temp, run.resources.workers, settings.ignore, visit)
    if settings.keep == "longest":
        precedence = -sketches.documents.column("cut_end")
    searched = None if collector is None else Searched(collector.searcher.items, collector.contained())
    return SketchedRun(sketches, scope, precedence, searched)
