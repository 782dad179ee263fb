"""Sketch a piece of the corpus, and compare the paragraphs of each document with each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dedup.context import RunContext
from dedup.corpus.formats.parquet import ParquetPart
from dedup.duplicates.comparison import Comparison, matching_paragraphs
from dedup.duplicates.containment.search import Collector, Searcher
from dedup.duplicates.detect import Matching
from dedup.duplicates.distributed.plan import Plan
from dedup.duplicates.distributed.storage.contained import load_items, store_contained
from dedup.duplicates.distributed.storage.pieces import Piece
from dedup.duplicates.distributed.storage.removals import store_removals
from dedup.duplicates.distributed.storage.units import store_units, unit_file
from dedup.duplicates.pool import make_pools
from dedup.duplicates.references.base import References
from dedup.duplicates.removals import near_within_document, removals_of
from dedup.duplicates.sketches.signatures import Sketches, sketch_corpus, sketch_settings
from dedup.duplicates.summary import count_units
from dedup.duplicates.tables import PairsFile
from dedup.runtime.arrow import number_array

NEAR_WITHIN, WITHIN = "near-within", "within"
"""Names of the removals of paragraphs for others of their document: near-duplicates too, and with the same tokens."""


@dataclass(frozen=True)
class PieceSketch:
    """What is known of a piece when it has been sketched."""

    counts: dict[str, int]
    """See `count_units`."""
    blocks: int
    """Number of units that are blocks of paragraphs."""
    units: dict[str, int]
    """Number of units that are compared with those of other documents, by kind."""
    text_bytes: dict[str, int]
    """Bytes of their texts, by kind."""
    replaced_texts: int = 0
    """Number of texts of Parquet files with bytes that are not UTF-8."""
    replaced_characters: int = 0
    """Number of characters that replace them."""
    without_scope: int = 0
    """Number of documents without a value in the column of ``--per``."""


def sketch_piece(plan: Plan, number: int) -> PieceSketch:
    """Sketch a piece, and write its units and what its documents repeat within themselves.

    Args:
        plan: The run.
        number: Number of the piece in the corpus.
    """
    with plan.task(number) as (piece, run):
        settings = plan.settings
        how = sketch_settings(settings, near_within=True if plan.command == "scan" else None)
        if plan.items is None:
            sketches = sketch_corpus(run.texts(), how, run.temp, 1, settings.ignore)
        else:
            collector = Collector(Searcher(load_items(plan.work, plan.items), settings))
            sketches = sketch_corpus(run.texts(), how, run.temp, 1, settings.ignore, collector.visit)
            store_contained(plan.work, number, collector.contained().shifted(piece.first))
        store_units(plan.work, unit_file("documents", plan.first_piece + number), sketches.documents)
        if settings.compares_across:
            store_units(plan.work, unit_file("paragraphs", plan.first_piece + number), sketches.paragraphs)
        for name, matching in _matchings_within(plan).items():
            _store_within(plan, number, piece, run, sketches, name, matching)
        compared = {"documents": sketches.documents} if settings.compares_documents else {}
        compared |= {"paragraphs": sketches.paragraphs} if settings.compares_across else {}
        parts = [part.part for part in piece.parts if isinstance(part.part, ParquetPart)]
        return PieceSketch(
            count_units(sketches),
            int(sketches.paragraphs.column("block").sum()),
            {kind: len(units) for kind, units in compared.items()},
            {
                kind: int((units.column("byte_end") - units.column("byte_start")).sum())
                for kind, units in compared.items()
            },
            sum(len(part.replaced) for part in parts),
            sum(sum(part.replaced.values()) for part in parts),
            0 if settings.per is None else _count_nulls(run, settings.per),
        )


def _count_nulls(run: RunContext, name: str) -> int:
    return sum(batch.column(0).null_count for _, batch in run.corpus.batches([name]))


def _matchings_within(plan: Plan) -> dict[str, Matching]:
    """Return how paragraphs of a document are compared with each other, by the name of the result."""
    if not plan.settings.compares_paragraphs:
        return {}
    usual = matching_paragraphs(plan.settings)
    found = {}
    if usual.within or plan.command == "scan":  # scan shows what other options would remove
        found[WITHIN] = replace(usual, within=True)
    if usual.within and plan.counts_near_within:
        found[NEAR_WITHIN] = replace(usual, near_within=True)
    return found


def _store_within(
    plan: Plan, number: int, piece: Piece, run: RunContext, sketches: Sketches, name: str, matching: Matching
) -> None:
    """Compare the paragraphs of each document of a piece with each other, and write the removals and the pairs.

    Whether a document is kept is not known yet.
    """
    pools = make_pools(run, sketches, References(), None)
    comparison = Comparison(plan.settings, run.workspace, pools, None)
    with (
        plan.work.writing(f"{name}-all-pairs/{number:05}.parquet") as path,
        PairsFile(path, lambda docs: number_array(docs + piece.first)) as pairs,
    ):
        verdicts = comparison.detect_paragraphs(None, matching, pairs)
    removals = removals_of(pools.paragraphs, verdicts, is_document=False)
    if name == NEAR_WITHIN:
        removals = removals.take(near_within_document(pools.paragraphs, verdicts))
    shifted = replace(removals, doc=removals.doc + piece.first, kept_doc=removals.kept_doc + piece.first)
    store_removals(plan.work, f"{name}/{number:05}.arrow", shifted)
