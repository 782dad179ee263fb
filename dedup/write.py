"""Verdicts to Parquet: the cleaned corpus, what was removed and why, and the pairs behind it."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup import schema
from dedup.errors import OutputError, OutputExists
from dedup.held import folder_beside
from dedup.kernels.slices import cut_out, gather
from dedup.read import Corpus
from dedup.removals import REASONS, Removals
from dedup.sketch import DOC, END, START, Units, buffers

# A row group ends after the row that fills it.
GROUP_ROWS = 1 << 16
GROUP_BYTES = 32 << 20


@contextmanager
def whole_folder(out: Path, overwrite: bool) -> Iterator[Path]:
    """Give a folder to write to, which becomes OUT when all went well and else is gone.

    Args:
        out: The folder that is wanted.
        overwrite: Replace one that is there.

    Raises:
        OutputExists: It is there already.
        OutputError: It cannot be made there.
    """
    if out.exists() and not overwrite:
        raise OutputExists(f"{out} exists already. Name another folder, or replace it with --overwrite.")
    if out.exists() and not (out / "run.json").is_file() and any(out.iterdir() if out.is_dir() else [out]):
        raise OutputExists(f"{out} exists and was not written by dedup, so --overwrite leaves it alone. Name another.")
    with ExitStack() as stack:
        try:
            part = stack.enter_context(folder_beside(out))
        except OSError as error:
            raise OutputError(f"{out} cannot be made: {error.strerror}. Name a folder that you may write to.") from None
        yield part
        _swap(part, out)


def _swap(part: Path, out: Path) -> None:
    """Put a finished folder in OUT's place; the old one is moved aside first, since no rename replaces a folder."""
    old = part.with_suffix(".old")
    if out.exists():
        out.rename(old)
    part.rename(out)
    shutil.rmtree(old, ignore_errors=True)


class GroupWriter:
    """Parquet in row groups whose borders depend on the rows alone, whatever pieces they arrive in."""

    def __init__(self, path: Path, schema: pa.Schema, pool: Executor | None = None) -> None:
        """Begin a file; with a pool, row groups are packed there while the next one is made."""
        import pyarrow.parquet as pq

        # A dictionary of texts that hardly repeat would cost time and save nothing.
        plain = [field.name for field in schema if not pa.types.is_large_string(field.type)]
        self._file = path.open("wb")  # Arrow itself takes no path that is not UTF-8
        self._writer = pq.ParquetWriter(
            self._file, schema, compression="zstd", compression_level=1, use_dictionary=plain, write_statistics=plain
        )
        self._pool = pool
        self._packing: Future[None] | None = None
        self._waiting: list[pa.Table] = []
        self._rows = self._bytes = 0
        self.rows = 0

    def write(self, table: pa.Table, sizes: NDArray[np.int64]) -> None:
        """Add rows.

        Args:
            table: The rows.
            sizes: Bytes of text in each, shape (rows,).
        """
        self.rows += table.num_rows
        while table.num_rows:
            filled = np.cumsum(sizes) + self._bytes
            full = int(np.searchsorted(filled, GROUP_BYTES)) + 1
            count = min(full, GROUP_ROWS - self._rows, table.num_rows)
            self._waiting.append(table.slice(0, count))
            self._rows += count
            self._bytes = int(filled[count - 1])
            if self._rows >= GROUP_ROWS or self._bytes >= GROUP_BYTES:
                self._flush()
            table, sizes = table.slice(count), sizes[count:]

    def _flush(self) -> None:
        if self._rows:
            # In one piece, since the borders of Parquet's pages follow those of the pieces.
            table = pa.concat_tables(self._waiting).combine_chunks()
            self._packed()
            if self._pool is None:
                self._writer.write_table(table, row_group_size=self._rows)
            else:
                self._packing = self._pool.submit(self._writer.write_table, table, row_group_size=self._rows)
        self._waiting, self._rows, self._bytes = [], 0, 0

    def _packed(self) -> None:
        """Wait until the row group before is in the file: one at a time is held."""
        packing, self._packing = self._packing, None
        if packing is not None:
            packing.result()

    def close(self) -> None:
        """End the file."""
        with self._file:
            self._flush()
            self._packed()
            self._writer.close()


def text_array(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> pa.LargeStringArray:
    """Wrap bytes and offsets as a column of texts, without copying."""
    return pa.LargeStringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))


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
        "doc": pa.array(docs), "text": texts, "removed": pa.array(counts),
    }  # fmt: skip
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

    def write(
        self, units: Units, rows: NDArray[np.int64], pairs: tuple[NDArray[np.int64], ...], unit: str
    ) -> None:
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


def ids_of(corpus: Corpus, docs: NDArray[np.int64]) -> pa.LargeStringArray:
    """Look up the ids of some documents, given by ascending rank."""
    found = [rows.column(0).cast(pa.large_string()) for _, rows in rows_of(corpus, ["id"], docs)]
    return pa.concat_arrays(found or [pa.array([], pa.large_string())])


def rows_of(
    corpus: Corpus, columns: Sequence[str], docs: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
    """Read some columns of some documents, given by ascending rank: ranks and rows, a batch at a time."""
    for first, batch in corpus.batches(columns, docs) if docs.size else ():
        low, high = np.searchsorted(docs, (first, first + batch.num_rows))
        mine = docs[low:high]
        yield mine, batch.take(pa.array(mine - first))


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a small JSON file."""
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
