"""Write clean.parquet, removed.parquet and pairs.parquet."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.corpus import Corpus
from dedup.corpus.corpus import ids_of
from dedup.duplicates.removals import REASONS, Removals
from dedup.duplicates.units import DOC, END, START, Units
from dedup.kernels.cuts import cut_out, gather
from dedup.outputs import schema
from dedup.outputs.writer import GroupWriter
from dedup.runtime.arrow import buffers, text_array


def clean_rows(
    first_doc: int, batch: pa.RecordBatch, removals: Removals, target: pa.Schema
) -> tuple[pa.Table, NDArray[np.int64]]:
    """Make the rows of clean.parquet for a batch of documents.

    Args:
        first_doc: Rank of the first document.
        batch: Columns id, path, row, text and the others.
        removals: Those of these documents.
        target: Schema of clean.parquet.

    Returns:
        The rows, and the bytes of text in each.
    """
    texts = batch.column("text")
    docs = np.arange(first_doc, first_doc + batch.num_rows)
    stays = np.ones(batch.num_rows, np.bool_)
    stays[removals.doc[removals.is_document] - first_doc] = False
    cuts = ~removals.is_document
    cut_docs = removals.doc[cuts] - first_doc
    if cut_docs.size:
        data, offsets = buffers(texts)
        left = text_array(*cut_out(data, offsets, cut_docs, removals.span[cuts, 4], removals.span[cuts, 5]))
        texts = pc.if_else(texts.is_valid(), left, None) if texts.null_count else left
    counts = np.bincount(cut_docs, minlength=batch.num_rows).astype(np.int32)
    columns = {
        **dict(zip(batch.schema.names, batch.columns, strict=True)),
        "doc": pa.array(docs),
        "text": texts,
        "removed": pa.array(counts),
    }
    table = pa.table([columns[name] for name in target.names], schema=target)
    sizes = np.diff(buffers(texts)[1])
    return (table, sizes) if stays.all() else (table.filter(pa.array(stays)), sizes[stays])


def removed_rows(
    first_doc: int, batch: pa.RecordBatch, removals: Removals, kept_ids: pa.Array, target: pa.Schema
) -> tuple[pa.Table, NDArray[np.int64]]:
    """Make the rows of removed.parquet for a batch of documents.

    Args:
        first_doc: Rank of the first document.
        batch: Columns id, path, row, text and the others.
        removals: Those of these documents.
        kept_ids: Id of the document that each was removed for.
        target: Schema of removed.parquet.

    Returns:
        The rows, and the bytes of text in each.
    """
    local = removals.doc - first_doc
    data, offsets = buffers(batch.column("text"))
    taken, ends = gather(data, offsets[local] + removals.span[:, 4], offsets[local] + removals.span[:, 5])
    alone = removals.kept_doc < 0
    where = removals.is_document
    whole = pa.array(local, mask=~where)  # other columns are given with documents only
    columns = {name: batch.column(name).take(whole) for name in batch.schema.names}
    columns |= {name: batch.column(name).take(pa.array(local)) for name in ("id", "path", "row")}
    columns |= {
        "doc": pa.array(removals.doc),
        "unit": pa.array(np.where(where, "document", "paragraph")),
        "start": pa.array(removals.span[:, 0]),
        "end": pa.array(removals.span[:, 1]),
        "cut_start": pa.array(removals.span[:, 2]),
        "cut_end": pa.array(removals.span[:, 3]),
        "text": text_array(taken, ends),
        "reason": pa.array(np.array(REASONS)[removals.reason]),
        "scope": pa.array(np.where(removals.kept_doc == removals.doc, "within", "across"), mask=alone),
        "kept_doc": pa.array(removals.kept_doc, mask=alone),
        "kept_id": kept_ids,
        "kept_start": pa.array(removals.kept_start, mask=alone),
        "kept_end": pa.array(removals.kept_end, mask=alone),
        "jaccard": pa.array(removals.jaccard, mask=alone),
        "containment": pa.array(removals.containment, mask=alone),
    }
    return pa.table([columns[name] for name in target.names], schema=target), np.diff(ends)


class PairsFile:
    """``pairs.parquet`` in the making."""

    def __init__(self, path: Path) -> None:
        """Begin the file."""
        self._schema = schema.with_columns(schema.PAIRS, pa.schema([]))
        self._writer = GroupWriter(path, self._schema)

    def __enter__(self) -> "PairsFile":
        """Begin to write."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the file."""
        self._writer.close()

    @property
    def rows(self) -> int:
        """Pairs written so far."""
        return self._writer.rows

    def write(self, units: Units, rows: NDArray[np.int64], pairs: tuple[NDArray[np.int64], ...], unit: str) -> None:
        """Add verified pairs.

        Args:
            units: The sketches.
            rows: Row of each unit number, shape (units,).
            pairs: Two unit numbers, shingles shared, shingles of the one and of the other; shape (pairs,) each.
            unit: "document" or "paragraph".
        """
        former, latter, shared, former_size, latter_size = pairs
        places = [units.look_up(rows[side], [DOC, START, END]) for side in (former, latter)]
        columns = [
            pa.array(np.full(former.size, unit)),
            *(pa.array(column) for place in places for column in place.T),
            pa.array(shared / (former_size + latter_size - shared)),
            pa.array(shared / latter_size),
        ]
        table = pa.table(columns, schema=self._schema)
        self._writer.write(table, np.zeros(former.size, np.int64))


def write_corpus(
    corpus: Corpus, removals: Removals, folder: Path, workers: int, advance: Callable[[int], None]
) -> None:
    """Write ``clean.parquet`` and ``removed.parquet``.

    Args:
        corpus: The documents.
        removals: What is taken out of them, by document.
        folder: Where.
        workers: Threads; with more than one, row groups are packed while the next are read.
        advance: Told how many documents more are done.
    """
    others = pa.schema([item for item in corpus.schema if item.name not in ("id", "path", "row", "text")])
    clean_schema = schema.with_columns(schema.CLEAN, others)
    removed_schema = schema.with_columns(schema.REMOVED, others)
    keepers = np.unique(removals.kept_doc[removals.kept_doc >= 0])
    names = ids_of(corpus, keepers)
    with (
        ThreadPoolExecutor(1) as pool,
        closing(GroupWriter(folder / "clean.parquet", clean_schema, pool if workers > 1 else None)) as clean,
        closing(GroupWriter(folder / "removed.parquet", removed_schema)) as removed,
    ):
        for first, batch in corpus.batches():
            low, high = np.searchsorted(removals.doc, (first, first + batch.num_rows))
            mine = removals.part(int(low), int(high))
            clean.write(*clean_rows(first, batch, mine, clean_schema))
            if mine.doc.size:
                places = pa.array(np.searchsorted(keepers, mine.kept_doc), mask=mine.kept_doc < 0)
                kept_ids = names.take(places).cast(pa.string())
                removed.write(*removed_rows(first, batch, mine, kept_ids, removed_schema))
            advance(batch.num_rows)
