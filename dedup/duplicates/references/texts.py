"""References that are texts: any input, or the kept documents and paragraphs of an output of `clean`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus.batches import as_large_string
from dedup.duplicates.references.base import NAMES, NewCorpus, NewUnits, SharedUnits
from dedup.duplicates.sketches.signatures import SketchedBatch, sketch_batch, sketch_settings
from dedup.duplicates.sketches.units import Units
from dedup.kernels.key_filter import may_share
from dedup.kernels.sketch import SketchSettings, UnitRows
from dedup.runtime.threads import map_in_order


class Documents(Protocol):
    """Documents with their columns, numbered from 0."""

    @property
    def rows(self) -> int:
        """Number of documents."""

    def batches(
        self, columns: list[str], wanted: NDArray[np.int64] | None = None
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Read columns of documents; see `dedup.corpus.Corpus.batches`."""

    def kept(self, docs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether each document is kept, shape (n,); only kept ones are compared."""

    def kept_paragraphs(
        self, docs: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Return whether each paragraph is kept, shape (n,).

        Args:
            docs: Their documents, ascending, shape (n,).
            starts: First code point of each, shape (n,).
            ends: End of each, shape (n,).
        """


class _Filters(NamedTuple):
    """Filters of the keys of the corpus; None for units that are not compared."""

    documents: NDArray[np.uint8] | None
    paragraphs: NDArray[np.uint8] | None


class _Chosen(NamedTuple):
    """A sketched batch, and the rows that may share a key with the corpus."""

    batch: SketchedBatch
    documents: NDArray[np.int64]
    paragraphs: NDArray[np.int64]


@dataclass(frozen=True)
class TextReference:
    """A reference that is sketched for each run. Of its units only those are stored that may share a key."""

    name: str
    """The reference as the user named it."""
    source: Documents
    """The documents."""

    @property
    def documents(self) -> int:
        """Number of documents, kept or not."""
        return self.source.rows

    @property
    def kept_documents(self) -> int:
        """Number of documents that are kept."""
        return int(self.source.kept(np.arange(self.documents)).sum())

    def share(self, corpus: NewCorpus) -> SharedUnits:
        """Sketch the reference, and return the units that share a key with the corpus, and a few others."""
        settings, workspace = corpus.settings, corpus.workspace
        folder = Path(tempfile.mkdtemp(prefix="reference-", dir=workspace.folder))
        filters = _Filters(_filter_of(corpus.documents), _filter_of(corpus.paragraphs))
        sketching = sketch_settings(settings)
        if corpus.paragraphs is None:
            sketching = sketching._replace(shingle_paragraphs=0)
        documents, paragraphs = (
            Units.create(folder, name, settings.permutations, settings.bands) for name in ("documents", "paragraphs")
        )
        job = partial(self._sketch, sketching=sketching, ignore=settings.ignore, filters=filters)
        with workspace.step("sketch", self.documents, "documents"):
            for batch, docs, units in map_in_order(job, self._batches(corpus), workspace.workers):
                documents.append(batch.first_doc, batch.documents, docs)
                paragraphs.append(batch.first_doc, batch.paragraphs, units)
        return SharedUnits(
            documents if corpus.documents is not None else None, paragraphs if corpus.paragraphs is not None else None
        )

    def _batches(self, corpus: NewCorpus) -> Iterator[tuple[int, pa.LargeStringArray]]:
        for first, batch in self.source.batches(["text"]):
            yield first, batch.column(0)
            corpus.advance(batch.num_rows)

    def _sketch(
        self,
        batch: tuple[int, pa.LargeStringArray],
        sketching: SketchSettings,
        ignore: tuple[str, ...],
        filters: _Filters,
    ) -> _Chosen:
        """Sketch a batch, and choose the units that are kept and may share a key with the corpus."""
        sketched = sketch_batch(*batch, sketching, ignore)
        kept = self.source.kept(sketched.first_doc + np.arange(len(batch[1])))
        documents = _choose(sketched.documents, len(batch[1]), filters.documents, sketching.exact)
        paragraphs = _choose(sketched.paragraphs, sketched.written, filters.paragraphs, sketching.exact)
        documents, paragraphs = documents[kept[documents]], paragraphs[kept[sketched.paragraphs.doc[paragraphs]]]
        spans = sketched.paragraphs.spans[paragraphs]
        docs = sketched.paragraphs.doc[paragraphs] + sketched.first_doc
        return _Chosen(sketched, documents, paragraphs[self.source.kept_paragraphs(docs, spans["start"], spans["end"])])

    def texts(self, docs: NDArray[np.int64]) -> Iterable[tuple[int, pa.LargeStringArray]]:
        """Read texts; see `Reference.texts`."""
        for first, batch in self.source.batches(["text"], docs):
            yield first, batch.column(0)

    def names(self, docs: NDArray[np.int64]) -> pa.Table:
        """Return the ids, paths and rows of documents; see `Reference.names`."""
        batches = [batch.cast(NAMES) for batch in self._rows(NAMES.names, docs)]
        return pa.Table.from_batches(batches, NAMES)

    def values(self, column: str, docs: NDArray[np.int64]) -> pa.ChunkedArray:
        """Return the values of a column as strings; see `Reference.values`."""
        chunks = [as_large_string(batch.column(0)) for batch in self._rows([column], docs)]
        return pa.chunked_array(chunks, pa.large_string())

    def _rows(self, columns: list[str], docs: NDArray[np.int64]) -> Iterator[pa.RecordBatch]:
        """Yield exactly the documents that are wanted."""
        for first, batch in self.source.batches(columns, docs):
            low, high = np.searchsorted(docs, (first, first + batch.num_rows))
            yield batch.take(pa.array(docs[low:high] - first))


def _filter_of(units: NewUnits | None) -> NDArray[np.uint8] | None:
    return None if units is None else units.make_filter()


def _choose(rows: UnitRows, count: int, filled: NDArray[np.uint8] | None, exact: bool) -> NDArray[np.int64]:
    """Return the rows of units that may share a key with the corpus, shape (n,)."""
    if filled is None:
        return np.empty(0, np.int64)
    return np.flatnonzero(may_share(rows.sequence[:count], rows.keys[:count], rows.tokens[:count], not exact, filled))
