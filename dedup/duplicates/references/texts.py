"""References that are texts: any input, or the kept documents and paragraphs of an output of `clean`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.columns.scope import value_texts
from dedup.duplicates.references.base import NAMES, NewCorpus, NewUnits, SharedUnits
from dedup.duplicates.references.shared_documents import SharedDocuments
from dedup.duplicates.sketches.shingle_sets import DocumentTexts
from dedup.duplicates.sketches.signatures import SketchedBatch, sketch_batch, sketch_settings
from dedup.duplicates.sketches.units import Units
from dedup.errors import ColumnNotFound
from dedup.kernels.key_filter import may_share
from dedup.kernels.sketch import SketchSettings, UnitRows
from dedup.runtime.threads import map_in_order


class Documents(Protocol):
    """Documents with their columns, numbered from 0."""

    @property
    def rows(self) -> int:
        """Number of documents."""

    @property
    def json_columns(self) -> Collection[str]:
        """Columns whose values are JSON, since their types differ."""

    def batches(self, columns: list[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Read columns of all documents, ``text`` among them; see `dedup.corpus.Corpus.batches`."""

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


def kept_contents(source: Documents) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
    """Yield the numbers of the kept documents in batches, and their columns `NAMES` and ``text``."""
    for first, batch in source.batches([*NAMES.names, "text"]):
        docs = first + np.arange(batch.num_rows)
        kept = source.kept(docs)
        yield docs[kept], batch.filter(pa.array(kept))


class _Filters(NamedTuple):
    """Filters of the keys of the corpus; None for units that are not compared."""

    documents: NDArray[np.uint8] | None
    paragraphs: NDArray[np.uint8] | None


class _Chosen(NamedTuple):
    """A sketched batch, and what may share a key with the corpus."""

    batch: SketchedBatch
    documents: NDArray[np.int64]
    """Rows of documents."""
    paragraphs: NDArray[np.int64]
    """Rows of paragraphs."""
    docs: NDArray[np.int64]
    """Numbers of the documents that are, or contain, one of them."""
    contents: pa.RecordBatch
    """These documents."""


class TextReference:
    """A reference that is sketched for each run. Only what may share a key with the corpus is stored."""

    def __init__(self, name: str, source: Documents, per: str | None, temp: Path) -> None:
        """Name a reference.

        Args:
            name: The reference as the user named it.
            source: The documents.
            per: Name of the column of ``--per``, if it is given.
            temp: Directory for temporary files.
        """
        self.name, self.source = name, source
        self._columns = list(dict.fromkeys([*NAMES.names, "text", *([per] if per else [])]))
        self._temp = temp
        self._shared = SharedDocuments(temp / "documents")

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
        filters = _Filters(_filter_of(corpus.documents), _filter_of(corpus.paragraphs))
        sketching = sketch_settings(settings)
        if corpus.paragraphs is None:
            sketching = sketching._replace(shingle_paragraphs=0)
        documents, paragraphs = (
            Units.create(self._temp, name, settings.permutations, settings.bands)
            for name in ("documents", "paragraphs")
        )
        job = partial(self._sketch, sketching=sketching, ignore=settings.ignore, filters=filters, named=corpus.named)
        with workspace.step("sketch", self.documents, "documents"):
            for chosen in map_in_order(job, self._batches(corpus), workspace.workers):
                batch = chosen.batch
                documents.append(batch.first_doc, batch.documents, chosen.documents)
                paragraphs.append(batch.first_doc, batch.paragraphs, chosen.paragraphs)
                self._shared.add(chosen.docs, chosen.contents)
        return SharedUnits(
            documents if corpus.documents is not None else None, paragraphs if corpus.paragraphs is not None else None
        )

    def _batches(self, corpus: NewCorpus) -> Iterator[tuple[int, pa.RecordBatch]]:
        try:
            for first, batch in self.source.batches(self._columns):
                yield first, batch
                corpus.advance(batch.num_rows)
        except ColumnNotFound as error:
            raise ColumnNotFound(f"--against {self.name}: {error}") from None

    def _sketch(
        self,
        batch: tuple[int, pa.RecordBatch],
        sketching: SketchSettings,
        ignore: tuple[str, ...],
        filters: _Filters,
        named: NDArray[np.int64],
    ) -> _Chosen:
        """Sketch a batch, and choose what is kept and may share a key with the corpus."""
        first, contents = batch
        sketched = sketch_batch(first, contents.column("text"), sketching, ignore)
        kept = self.source.kept(first + np.arange(contents.num_rows))
        documents = _choose(sketched.documents, contents.num_rows, filters.documents, sketching.exact)
        paragraphs = _choose(sketched.paragraphs, sketched.written, filters.paragraphs, sketching.exact)
        documents, paragraphs = documents[kept[documents]], paragraphs[kept[sketched.paragraphs.doc[paragraphs]]]
        spans, docs = sketched.paragraphs.spans[paragraphs], sketched.paragraphs.doc[paragraphs]
        is_kept = self.source.kept_paragraphs(docs + first, spans["start"], spans["end"])
        low, high = np.searchsorted(named, (first, first + contents.num_rows))
        rows = np.union1d(np.union1d(documents, docs[is_kept]), named[low:high] - first)
        return _Chosen(sketched, documents, paragraphs[is_kept], rows + first, contents.take(pa.array(rows)))

    def contents(self) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
        """Read all documents that are kept; see `Reference.contents`."""
        yield from kept_contents(self.source)

    def texts(self, docs: NDArray[np.int64]) -> Iterator[DocumentTexts]:
        """Read texts of documents whose units are shared; see `Reference.texts`."""
        for numbers, batch in self._shared.read(["text"], docs):
            yield DocumentTexts(numbers, batch.column(0))

    def names(self, docs: NDArray[np.int64]) -> pa.Table:
        """Return the ids, paths and rows of documents whose units are shared; see `Reference.names`."""
        batches = [batch.cast(NAMES) for _, batch in self._shared.read(NAMES.names, docs)]
        return pa.Table.from_batches(batches, NAMES)

    def values(self, column: str, docs: NDArray[np.int64]) -> pa.ChunkedArray:
        """Return the values of the column of ``--per`` as strings; see `Reference.values`."""
        is_json = column in self.source.json_columns
        chunks = [value_texts(batch.column(0), is_json) for _, batch in self._shared.read([column], docs)]
        return pa.chunked_array(chunks, pa.large_string())


def _filter_of(units: NewUnits | None) -> NDArray[np.uint8] | None:
    return None if units is None else units.filter


def _choose(rows: UnitRows, count: int, filled: NDArray[np.uint8] | None, exact: bool) -> NDArray[np.int64]:
    """Return the rows of units that may share a key with the corpus, shape (n,)."""
    if filled is None:
        return np.empty(0, np.int64)
    return np.flatnonzero(may_share(rows.sequence[:count], rows.keys[:count], rows.tokens[:count], not exact, filled))
