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
from dedup.corpus.corpus import names_of
from dedup.duplicates.detect import Detection
from dedup.duplicates.pool import Pool
from dedup.duplicates.references.base import References
from dedup.duplicates.removals import REASONS, Removals
from dedup.kernels.text.cuts import cut_out, gather
from dedup.outputs import schema
from dedup.outputs.files import CLEAN_FILE, REMOVED_FILE
from dedup.outputs.writer import GroupWriter
from dedup.runtime.arrow import buffers, text_array


def clean_rows(
    first_doc: int,
    batch: pa.RecordBatch,
    removals: Removals,
    copies: NDArray[np.int32],
    target: pa.Schema,
    references: References,
) -> tuple[pa.Table, NDArray[np.int64]]:
    """Return the rows of clean.parquet for a batch of documents.

    Args:
        first_doc: Rank of the first document.
        batch: Columns id, path, row, text and the others.
        removals: The removals of these documents.
        copies: Number of documents removed in favour of each document of the batch, shape (documents,).
        target: Schema of clean.parquet.
        references: The references.

    Returns:
        The rows, and the bytes of text in each, shape (rows,).
    """
    texts = batch.column("text")
    docs = np.arange(first_doc, first_doc + batch.num_rows)
    kept = np.ones(batch.num_rows, np.bool_)
    kept[removals.doc[removals.is_document] - first_doc] = False
    cuts = removals.place[~removals.is_document]
    cut_docs = removals.doc[~removals.is_document] - first_doc
    if cut_docs.size:
        data, offsets = buffers(texts)
        starts, stops = (np.ascontiguousarray(cuts[name]) for name in ("byte_cut_start", "byte_cut_end"))
        rest = text_array(*cut_out(data, offsets, cut_docs, starts, stops))
        texts = pc.if_else(texts.is_valid(), rest, None) if texts.null_count else rest
    counts = np.bincount(cut_docs, minlength=batch.num_rows).astype(np.int32)
    columns = {
        **dict(zip(batch.schema.names, batch.columns, strict=True)),
        "doc": references.numbers(docs),
        "text": texts,
        "removed": pa.array(counts),
        "copies": pa.array(copies),
    }
    table = pa.table([columns[name] for name in target.names], schema=target)
    sizes = np.diff(buffers(texts)[1])
    return (table, sizes) if kept.all() else (table.filter(pa.array(kept)), sizes[kept])


def removed_rows(
    first_doc: int,
    batch: pa.RecordBatch,
    removals: Removals,
    kept: pa.RecordBatch,
    target: pa.Schema,
    references: References,
) -> tuple[pa.Table, NDArray[np.int64]]:
    """Return the rows of removed.parquet for a batch of documents.

    Args:
        first_doc: Rank of the first document.
        batch: Columns id, path, row, text and the others.
        removals: The removals of these documents.
        kept: Id and path of the document of each kept unit, a row for each removal.
        target: Schema of removed.parquet.
        references: The references.

    Returns:
        The rows, and the bytes of text in each, shape (rows,).
    """
    local = removals.doc - first_doc
    data, offsets = buffers(batch.column("text"))
    place = removals.place
    taken, ends = gather(data, offsets[local] + place["byte_cut_start"], offsets[local] + place["byte_cut_end"])
    emptied = ~removals.has_keeper
    scope = np.where(removals.kept_doc == removals.doc, "within", "across")
    if not references.precedes:
        scope = np.where(removals.in_reference, "reference", scope)
    whole = pa.array(local, mask=~removals.is_document)  # the other columns are written for documents only
    columns = {name: batch.column(name).take(whole) for name in batch.schema.names}
    columns |= {name: batch.column(name).take(pa.array(local)) for name in ("id", "path", "row")}
    columns |= {
        "doc": references.numbers(removals.doc),
        "unit": pa.array(np.where(removals.is_document, "document", "paragraph")),
        **{name: pa.array(np.ascontiguousarray(place[name])) for name in ("start", "end", "cut_start", "cut_end")},
        "text": text_array(taken, ends),
        "reason": pa.array(np.array(REASONS)[removals.reason]),
        "scope": pa.array(scope, mask=emptied),
        "kept_doc": references.numbers(removals.kept_doc, emptied),
        "kept_id": kept.column("id"),
        "kept_path": kept.column("path"),
        "kept_start": pa.array(removals.kept_start, mask=emptied),
        "kept_end": pa.array(removals.kept_end, mask=emptied),
        "jaccard": pa.array(removals.jaccard, mask=emptied | removals.is_contained),
        "containment": pa.array(removals.containment, mask=emptied | removals.is_contained),
        **{name: pa.array(getattr(removals, name), mask=~removals.is_contained) for name in schema.CONTAINED.names},
    }
    return pa.table([columns[name] for name in target.names], schema=target), np.diff(ends)


class PairsFile:
    """Writes ``pairs.parquet``."""

    def __init__(self, path: Path, numbers: Callable[[NDArray[np.int64]], pa.Array]) -> None:
        """Create the file.

        Args:
            path: The file.
            numbers: Returns the ranks to write for documents as `Pool.look_up` returns them.
        """
        self._numbers = numbers
        self._schema = schema.with_columns(schema.PAIRS, pa.schema([]))
        self._writer = GroupWriter(path, self._schema)

    def __enter__(self) -> "PairsFile":
        """Return the writer."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._writer.close()

    @property
    def rows(self) -> int:
        """Number of pairs written so far."""
        return self._writer.rows

    def write(self, detection: Detection, pool: Pool, unit: str) -> None:
        """Write the verified pairs of a detection.

        Args:
            detection: The pairs.
            pool: The units they refer to.
            unit: "document" or "paragraph".
        """
        for former, latter, shared, former_size, latter_size in detection.pairs():
            columns = [pa.array(np.full(former.size, unit))]
            for side in (former, latter):
                places = pool.look_up(detection.order[side], ["doc", "start", "end"])
                columns.append(self._numbers(places["doc"]))
                columns += [pa.array(np.ascontiguousarray(places[name])) for name in ("start", "end")]
            columns += [
                pa.array(shared / (former_size + latter_size - shared)),
                pa.array(shared / latter_size),
            ]
            self._writer.write(pa.table(columns, schema=self._schema), np.zeros(former.size, np.int64))


def write_corpus(
    corpus: Corpus,
    removals: Removals,
    references: References,
    folder: Path,
    workers: int,
    advance: Callable[[int], None],
    *,
    contained: bool,
) -> None:
    """Write ``clean.parquet`` and ``removed.parquet``.

    Args:
        corpus: The documents.
        removals: What is removed from them, by document.
        references: The references.
        folder: Where the files are written.
        workers: Threads; with more than one, row groups are compressed while the next ones are read.
        advance: Called with the number of documents written since the last call.
        contained: Whether documents of the references were searched for inside those of the corpus.
    """
    others = pa.schema([item for item in corpus.schema if item.name not in ("id", "path", "row", "text")])
    clean_schema = schema.with_columns(
        schema.CLEAN, others, corpus.origins.encode(corpus.json_columns, references.first_rank)
    )
    removed_schema = schema.with_columns(schema.removed_columns(contained=contained), others)
    keepers = np.unique(removals.kept_doc[removals.has_keeper])
    names = keeper_names(corpus, references, keepers)
    copies = np.bincount(removals.kept_doc[removals.is_document & removals.in_corpus], minlength=corpus.rows).astype(
        np.int32
    )
    with (
        ThreadPoolExecutor(1) as pool,
        closing(GroupWriter(folder / CLEAN_FILE, clean_schema, pool if workers > 1 else None)) as clean,
        closing(GroupWriter(folder / REMOVED_FILE, removed_schema)) as removed,
    ):
        for first, batch in corpus.batches():
            low, high = np.searchsorted(removals.doc, (first, first + batch.num_rows))
            part = removals.take(slice(int(low), int(high)))
            own_copies = copies[first : first + batch.num_rows]
            clean.write(*clean_rows(first, batch, part, own_copies, clean_schema, references))
            if len(part):
                positions = pa.array(np.searchsorted(keepers, part.kept_doc), mask=~part.has_keeper)
                removed.write(*removed_rows(first, batch, part, names.take(positions), removed_schema, references))
            advance(batch.num_rows)


def keeper_names(corpus: Corpus, references: References, docs: NDArray[np.int64]) -> pa.Table:
    """Return the ids and paths of documents of the references and of the corpus.

    Args:
        corpus: The corpus.
        references: The references.
        docs: Documents as in `Removals.kept_doc`, ascending.
    """
    split = np.searchsorted(docs, 0)
    of_corpus = names_of(corpus, docs[split:])
    if not split:
        return of_corpus
    of_references = references.names(docs[:split] + references.documents).select(of_corpus.schema.names)
    return pa.concat_tables([of_references, of_corpus]).combine_chunks()
