"""Write the documents of a piece that are kept, and what is removed from it."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.context import RunContext
from dedup.duplicates.containment.found import Contained
from dedup.duplicates.containment.items import Items
from dedup.duplicates.containment.tables import write_found
from dedup.duplicates.distributed.plan import Plan
from dedup.duplicates.distributed.storage.contained import load_contained, load_items
from dedup.duplicates.distributed.storage.pieces import Piece
from dedup.duplicates.distributed.storage.removals import DECIDED, load_removals, store_removals, to_removals
from dedup.duplicates.distributed.storage.units import load_records, unit_file
from dedup.duplicates.distributed.tasks.keys import not_removed, without_items
from dedup.duplicates.distributed.tasks.sketching import NEAR_WITHIN, WITHIN
from dedup.duplicates.references.base import References
from dedup.duplicates.removals import Removals, combine_removals
from dedup.duplicates.sketches.units import UNIT, Units
from dedup.duplicates.summary import count_in_references, count_kinds, count_removals
from dedup.duplicates.tables import clean_rows, removed_rows
from dedup.duplicates.verdicts import merge_contained
from dedup.outputs import schema
from dedup.outputs.files import CLEAN_FILE, FOUND_FILE, REMOVED_FILE
from dedup.outputs.parts import part_name
from dedup.outputs.writer import GroupWriter
from dedup.results import RemovalCounts
from dedup.runtime.matrix_file import MatrixFile

_SENT = ["kept_doc", "kept_id", "kept_path"]


@dataclass(frozen=True)
class PieceCounts:
    """What was removed from a piece."""

    removed: dict[str, RemovalCounts]
    """By kind of unit."""
    in_references: dict[str, int]
    """Units removed for one of a reference."""
    pairs: int = 0
    """Number of verified pairs within documents."""
    default: RemovalCounts | None = None
    """For `scan`: what the default options would remove."""
    near_within: int = 0
    """For `scan`: number of paragraphs that ``--near-within`` would remove."""


def write_piece(plan: Plan, number: int) -> PieceCounts:
    """Write the parts of the tables of the output for a piece; for `scan`, only its pairs.

    Args:
        plan: The run.
        number: Number of the piece in the corpus.
    """
    settings = plan.settings
    with plan.task(number) as (piece, run):
        decided = {kind: _decided(plan, kind, number) for kind in ("documents", "paragraphs")}
        units = _documents(plan, number, run)
        of_documents, of_paragraphs = map(to_removals, decided.values())
        contained = None if plan.items is None else load_contained(plan.work, [number])
        is_kept = not_removed(piece, of_documents.doc) & without_items(plan, number)
        within = of_paragraphs
        if settings.compares_paragraphs and (plan.command == "scan" or not settings.compares_across):
            within = _within(plan, number, piece, is_kept, WITHIN)
        if not settings.compares_across:
            of_paragraphs = within
        if contained is not None:
            of_documents, of_paragraphs = merge_contained(contained.removals, of_documents, of_paragraphs)
        removals = combine_removals([of_documents, of_paragraphs], units, piece.first)
        counts = PieceCounts(count_kinds(removals), count_in_references(removals))
        pairs = 0
        if settings.compares_paragraphs and not settings.compares_across:
            pairs = _write_pairs(plan, number, piece, is_kept)
        if plan.command == "clean":
            _write_tables(plan, number, piece, run, removals, pa.concat_tables(decided.values()), contained)
            return PieceCounts(counts.removed, counts.in_references, pairs)
        store_removals(plan.work, f"removals/{number:05}.arrow", removals)
        usual = removals if contained else combine_removals([of_documents, within], units, piece.first)
        default = count_removals(usual)
        near = 0
        if plan.counts_near_within and settings.compares_paragraphs and not settings.compares_across:
            near = len(_within(plan, number, piece, is_kept, NEAR_WITHIN))
        return PieceCounts(counts.removed, counts.in_references, pairs, default, near)


def _documents(plan: Plan, number: int, run: RunContext) -> Units:
    """Return the documents of a piece as units, without band keys."""
    none = MatrixFile(run.temp / "none", np.uint64, 0)
    info = MatrixFile(run.temp / "documents.info", UNIT)
    info.append(load_records(plan.work, unit_file("documents", plan.first_piece + number)))
    return Units(info, none, none)


def _decided(plan: Plan, kind: str, number: int) -> pa.Table:
    """Return what was decided to be removed from a piece, by document and start, with the columns of `DECIDED`."""
    table = plan.grouped(f"removed-{kind}").read(plan.first_piece + number)
    if table is None:
        return DECIDED.empty_table()
    return table.sort_by("unit").cast(DECIDED)


def _within(plan: Plan, number: int, piece: Piece, is_kept: NDArray[np.bool_], name: str) -> Removals:
    """Return the removals of paragraphs for others of the same document, if the document is kept."""
    removals = load_removals(plan.work, f"{name}/{number:05}.arrow")
    return removals.take(is_kept[removals.doc - piece.first])


def _write_pairs(plan: Plan, number: int, piece: Piece, is_kept: NDArray[np.bool_]) -> int:
    """Write the pairs of paragraphs within kept documents, for the output; return their number."""
    import pyarrow.parquet as pq

    with plan.work.reading(f"{WITHIN}-all-pairs/{number:05}.parquet") as path:
        pairs = pq.read_table(path)
    chosen = pairs.filter(pa.array(is_kept[pairs["left_doc"].to_numpy() - piece.first]))
    if chosen.num_rows:
        with (
            plan.work.writing(f"within-pairs/{number:05}.parquet") as target,
            closing(GroupWriter(target, schema.with_columns(schema.PAIRS, pa.schema([])))) as writer,
        ):
            writer.write(chosen, np.zeros(chosen.num_rows, np.int64))
    return int(chosen.num_rows)


def _write_tables(
    plan: Plan,
    number: int,
    piece: Piece,
    run: RunContext,
    removals: Removals,
    decided: pa.Table,
    contained: Contained | None,
) -> None:
    """Write the parts of clean.parquet and removed.parquet, and of contained.parquet."""
    corpus, references = run.corpus, References()
    others = pa.schema([corpus.schema.field(name) for name in plan.other_columns])
    origins = piece.origins.encode(corpus.json_columns, piece.first)
    clean_schema = schema.with_columns(schema.CLEAN, others, origins)
    removed_schema = schema.with_columns(schema.removed_columns(contained=contained is not None), others)
    copies, sent = _copies(plan, number, piece), decided.select(_SENT)
    if contained is not None and plan.items is not None:
        items = load_items(plan.work, plan.items)
        with plan.tables.writing(f"{FOUND_FILE}/{part_name(number)}") as path:
            write_found(items, contained.found, corpus, path, piece.first)
        sent = pa.concat_tables([sent, _item_names(items, contained.removals)])
    names = _SentNames.of(sent)
    with ExitStack() as stack:
        paths = [
            stack.enter_context(plan.tables.writing(f"{name}/{part_name(number)}"))
            for name in (CLEAN_FILE, REMOVED_FILE)
        ]
        clean, removed = (
            stack.enter_context(closing(GroupWriter(path, columns)))
            for path, columns in zip(paths, (clean_schema, removed_schema), strict=True)
        )
        for first, batch in corpus.batches():
            rank = piece.first + first
            low, high = np.searchsorted(removals.doc, (rank, rank + batch.num_rows))
            part = removals.take(slice(int(low), int(high)))
            own_copies = copies[first : first + batch.num_rows]
            clean.write(*clean_rows(rank, batch, part, own_copies, clean_schema, references))
            if len(part):
                kept = names.of_kept(batch, rank, part)
                removed.write(*removed_rows(rank, batch, part, kept, removed_schema, references))


def _copies(plan: Plan, number: int, piece: Piece) -> NDArray[np.int32]:
    """Return the number of documents removed in favour of each document of a piece, shape (documents,)."""
    copies = np.zeros(piece.rows, np.int32)
    table = plan.grouped("copies").read(plan.first_piece + number)
    if table is not None:
        copies[table["doc"].to_numpy() - piece.first] = table["copies"].to_numpy()
    return copies


def _item_names(items: Items, removals: Removals) -> pa.Table:
    """Return the items that removals name, with the columns `_SENT`."""
    docs = np.unique(removals.kept_doc)
    rows = pa.array(np.searchsorted(items.docs, docs + items.documents))
    names = items.names.take(rows)
    return pa.table([pa.array(docs), names["id"], names["path"]], _SENT)


@dataclass(frozen=True)
class _SentNames:
    """Ids and paths of documents of kept units that were sent from other pieces."""

    docs: NDArray[np.int64]
    """Documents as in `Removals.kept_doc`, ascending, shape (documents,)."""
    names: pa.Table
    """Their columns ``kept_id`` and ``kept_path``."""

    @classmethod
    def of(cls, decided: pa.Table) -> _SentNames:
        """Return the names in a table with the columns `_SENT`."""
        docs, rows = np.unique(decided["kept_doc"].to_numpy(), return_index=True)
        return cls(docs, decided.select(["kept_id", "kept_path"]).take(pa.array(rows)).combine_chunks())

    def of_kept(self, batch: pa.RecordBatch, rank: int, removals: Removals) -> pa.RecordBatch:
        """Return id and path of the document of each kept unit: those of the removed unit itself, or sent ones.

        Args:
            batch: Documents.
            rank: Rank of the first of them.
            removals: The removals of these documents.
        """
        within = removals.kept_doc == removals.doc
        sent = self.names.take(
            pa.array(np.searchsorted(self.docs, removals.kept_doc), mask=within | ~removals.has_keeper)
        )
        own = pa.array(removals.doc - rank)
        columns = {
            name: pc.if_else(
                pa.array(within),
                batch.column(name).take(own).cast(pa.string()),
                sent[f"kept_{name}"].combine_chunks(),
            )
            for name in ("id", "path")
        }
        return pa.record_batch(columns)
