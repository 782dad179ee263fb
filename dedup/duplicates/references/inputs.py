"""The documents of a reference: all documents of an input, or the kept ones of an output of `clean`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.corpus import Corpus
from dedup.corpus.batches import split_texts
from dedup.duplicates.sketches.units import corpus_offsets
from dedup.errors import ColumnNotFound
from dedup.outputs.files import CLEAN_FILE, REMOVED_FILE
from dedup.outputs.reader import read_tables
from dedup.outputs.restore import read_origins, restore


@dataclass(frozen=True)
class AllDocuments:
    """All documents of a corpus, and all their paragraphs."""

    corpus: Corpus
    """The corpus."""

    @property
    def rows(self) -> int:
        """Number of documents."""
        return self.corpus.rows

    @property
    def json_columns(self) -> Collection[str]:
        """Columns whose values are JSON."""
        return self.corpus.json_columns

    def batches(self, columns: list[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Read columns of all documents; see `dedup.corpus.Corpus.batches`."""
        return self.corpus.batches(columns)

    def kept(self, docs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return True for each document, shape (n,)."""
        return np.ones(docs.size, np.bool_)

    def kept_paragraphs(
        self, docs: NDArray[np.int64], _starts: NDArray[np.int64], _ends: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Return True for each paragraph, shape (n,)."""
        return np.ones(docs.size, np.bool_)


class KeptDocuments:
    """The originals of an output of `clean`; those that it kept, and the paragraphs that it kept of them.

    An emptied document counts as kept: its paragraphs count as removed by the verdicts on paragraphs.
    """

    rows: int
    """Number of documents, kept or not."""
    json_columns: Collection[str]
    """Columns whose values are JSON."""

    def __init__(self, out: Path, batch_bytes: int, docs: range | None = None) -> None:
        """Read which units were removed.

        Args:
            out: A folder that `clean` wrote.
            batch_bytes: Bytes of text in a batch.
            docs: Ranks of the documents that are read, numbered from 0 here; None: all.

        Raises:
            NotAnOutput: `clean` did not write it.
        """
        self._out, self._batch_bytes, self._docs = out, batch_bytes, docs
        self.json_columns = read_origins(out)[1]
        removed, parts = [], []
        for table in read_tables(out / REMOVED_FILE, ["doc", "unit", "reason", "start", "end"], docs):
            removed.append(table.filter(pc.not_equal(table["reason"], "emptied")))
            parts.append(table["doc"].filter(pc.equal(table["unit"], "document")))
        parts += [table["doc"] for table in read_tables(out / CLEAN_FILE, ["doc"], docs)]
        all_docs = np.concatenate([part.to_numpy() for part in parts])
        self.rows = all_docs.size
        self._first = int(all_docs.min()) if all_docs.size else 0
        units = pa.concat_tables(removed)
        is_document = pc.equal(units["unit"], "document").to_numpy()
        removed_docs = units["doc"].to_numpy() - self._first
        self._is_removed = np.zeros(self.rows, np.bool_)
        self._is_removed[removed_docs[is_document]] = True
        # Removed paragraphs and blocks in order, none of which is in another.
        self._places = corpus_offsets(removed_docs[~is_document], units["start"].to_numpy()[~is_document])
        self._ends = corpus_offsets(removed_docs[~is_document], units["end"].to_numpy()[~is_document])

    def batches(self, columns: list[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Read columns of all documents; see `dedup.corpus.Corpus.batches`.

        Raises:
            ColumnNotFound: A column does not exist.
        """
        first = 0
        for batch in restore(self._out, self._docs):
            missing = [name for name in columns if name not in batch.schema.names]
            if missing:
                others = ", ".join(batch.schema.names)
                raise ColumnNotFound(f"There is no column {missing[0]!r}. Name one of: {others}.")
            part = batch.select(columns)
            texts = part.column("text") if "text" in columns else None
            for low, high in split_texts(texts, part.num_rows, self._batch_bytes):
                yield first + low, part.slice(low, high - low)
            first += part.num_rows

    def kept(self, docs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether each document is kept, shape (n,)."""
        return ~self._is_removed[docs]

    def kept_paragraphs(
        self, docs: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Return whether each paragraph is kept: not removed, nor inside a removed block; shape (n,)."""
        if not self._places.size:
            return np.ones(docs.size, np.bool_)
        # The last removed unit that starts before each paragraph.
        before = np.searchsorted(self._places, corpus_offsets(docs, starts), "right") - 1
        return np.asarray((before < 0) | (corpus_offsets(docs, ends) > self._ends[before]))
