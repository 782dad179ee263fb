"""References of a run on Spark: any input, and outputs of `clean`. Tasks sketch their pieces."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.duplicates.columns.scope import value_texts
from dedup.duplicates.distributed.plan import Plan, Source, UnitKeys, UnitKind
from dedup.duplicates.distributed.storage.pieces import StoredPieces
from dedup.duplicates.distributed.storage.units import all_keys, load_records, read_keys, store_units, unit_file
from dedup.duplicates.references.base import NAMES, NewCorpus, References, SharedUnits
from dedup.duplicates.references.inputs import AllDocuments, KeptDocuments
from dedup.duplicates.references.texts import Documents, kept_contents
from dedup.duplicates.sketches.shingle_sets import DocumentTexts
from dedup.duplicates.sketches.signatures import sketch_corpus, sketch_settings
from dedup.engine.spark.grouping import ROW_BITS
from dedup.errors import ColumnNotFound
from dedup.outputs.files import CLEAN_FILE, REMOVED_FILE
from dedup.outputs.parts import table_files
from dedup.outputs.reader import load_run

# Bytes of clean.parquet and removed.parquet for each piece of an output.
_PIECE_BYTES = 32 << 20


@dataclass(frozen=True)
class TextSource:
    """A reference whose documents are sketched for the run: an input, or an output of `clean`."""

    name: str
    """The reference as the user named it."""
    documents: int
    """Number of its documents, kept or not."""
    kept_documents: int
    """Number of documents that are kept."""
    contents: InputContents | OutputContents
    """Reads the documents."""

    @property
    def pieces(self) -> int:
        """Number of its pieces."""
        return len(self.contents.firsts)

    def prepare(self, plan: Plan, number: int, piece: int) -> None:
        """Sketch a piece and store its kept units; see `Source.prepare`."""
        settings, (documents, _) = plan.settings, self.contents.open(plan, number)
        how = sketch_settings(settings)
        if not settings.compares_across:
            how = how._replace(shingle_paragraphs=0)
        with plan.temporary_folder() as temp:
            texts = ((first, batch.column(0)) for first, batch in documents.batches(["text"]))
            sketches = sketch_corpus(texts, how, temp, 1, settings.ignore)
            kept = documents.kept(np.arange(documents.rows))
            store_units(plan.work, unit_file("documents", piece), sketches.documents, np.flatnonzero(kept))
            if settings.compares_across:
                docs, starts, ends = (sketches.paragraphs.column(name) for name in ("doc", "start", "end"))
                kept = kept[docs] & documents.kept_paragraphs(docs, starts, ends)
                store_units(plan.work, unit_file("paragraphs", piece), sketches.paragraphs, np.flatnonzero(kept))

    def keys(self, plan: Plan, kind: UnitKind, number: int, piece: int) -> Iterator[UnitKeys]:
        """Yield the keys of the kept units of a piece; see `Source.keys`."""
        row = number << ROW_BITS
        for records, bands in read_keys(plan.work, unit_file(kind, piece)):
            wanted = np.flatnonzero(records["tokens"] > 0)
            keys = all_keys(records, bands, wanted, exact=plan.settings.exact)
            yield UnitKeys(row + wanted, keys, records["doc"][wanted] + self.contents.firsts[number])
            row += records.size

    def shared_keys(self, _kind: UnitKind, _new: NDArray[np.uint64]) -> Iterator[UnitKeys]:
        """Yield nothing: all keys are stored; see `Source.shared_keys`."""
        yield from ()

    def records(self, plan: Plan, kind: UnitKind, number: int, piece: int, rows: NDArray[np.int64]) -> NDArray[Any]:
        """Return units of a piece; see `Source.records`."""
        records = load_records(plan.work, unit_file(kind, piece))[rows]
        records["doc"] += self.contents.firsts[number]
        return records

    def read_kept(self, plan: Plan) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
        """Read all documents that are kept; see `Source.read_kept`."""
        for number in range(self.pieces):
            documents, first = self.contents.open(plan, number)
            for docs, batch in kept_contents(documents):
                yield docs + first, batch

    def documents_of(self, number: int) -> range:
        """Return the numbers of the documents of a piece."""
        firsts = (*self.contents.firsts, self.documents)
        return range(firsts[number], firsts[number + 1])

    def read(
        self, plan: Plan, columns: list[str], docs: NDArray[np.int64]
    ) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
        """Read documents; see `Source.read`."""
        firsts = np.array(self.contents.firsts)
        for number in np.unique(np.searchsorted(firsts, docs, "right") - 1).tolist():
            documents, first = self.contents.open(plan, number)
            try:
                for start, batch in documents.batches(columns):
                    low, high = np.searchsorted(docs, (first + start, first + start + batch.num_rows))
                    if low < high:
                        found = first + start + np.arange(batch.num_rows)
                        yield found, _with_texts(plan, batch, documents.json_columns)
            except ColumnNotFound as error:
                raise ColumnNotFound(f"--against {self.name}: {error}") from None


def _with_texts(plan: Plan, batch: pa.RecordBatch, json_columns: Collection[str]) -> pa.RecordBatch:
    """Return a batch in which the column of ``--per`` is text."""
    per = plan.settings.per
    if per is None or per not in batch.schema.names:
        return batch
    index = batch.schema.get_field_index(per)
    return batch.set_column(index, per, value_texts(batch.column(index), per in json_columns))


@dataclass(frozen=True)
class InputContents:
    """The documents of an input."""

    stored: StoredPieces
    """Their pieces."""

    @property
    def firsts(self) -> tuple[int, ...]:
        """Number of the first document of each piece."""
        return self.stored.firsts

    def open(self, _: Plan, number: int) -> tuple[Documents, int]:
        """Return the documents of a piece, numbered from 0, and the number of the first of them."""
        piece = self.stored.read(number)
        return AllDocuments(self.stored.open(piece)), piece.first


@dataclass(frozen=True)
class OutputContents:
    """The originals of an output of `clean`."""

    folder: Path
    """The output, which all machines can read."""
    first_rank: int
    """Rank of its first document."""
    documents: int
    """Number of its documents."""
    firsts: tuple[int, ...]
    """Number of the first document of each piece."""

    @classmethod
    def of(cls, folder: Path) -> OutputContents:
        """Divide an output into pieces of about equal numbers of documents."""
        documents = load_run(folder).counts["documents"]
        files = [file for name in (CLEAN_FILE, REMOVED_FILE) for file in table_files(folder / name)]
        pieces = max(1, min(documents, sum(file.stat().st_size for file in files) // _PIECE_BYTES))
        firsts = np.linspace(0, documents, pieces, endpoint=False, dtype=np.int64).tolist()
        return cls(folder, min(map(_first_rank, files), default=0), documents, tuple(firsts))

    def open(self, plan: Plan, number: int) -> tuple[Documents, int]:
        """Return the documents of a piece, numbered from 0, and the number of the first of them."""
        first = self.firsts[number]
        stop = self.firsts[number + 1] if number + 1 < len(self.firsts) else self.documents
        docs = range(self.first_rank + first, self.first_rank + stop)
        return KeptDocuments(self.folder, plan.resources.batch_bytes, docs), first


def _first_rank(file: Path) -> int:
    """Return the least rank of a document in a file of an output; a great number if it has no row."""
    import pyarrow.parquet as pq

    column = pq.read_table(file, columns=["doc"])["doc"]
    return int(pc.min(column).as_py()) if len(column) else np.iinfo(np.int64).max


def output_source(name: str, folder: Path) -> TextSource:
    """Return an output of `clean` as a reference.

    Args:
        name: The reference as the user named it.
        folder: The output, as an absolute path.
    """
    contents, removed = OutputContents.of(folder), load_run(folder).removed["documents"]
    kept = contents.documents - removed.units + removed.emptied  # an emptied document counts as kept
    return TextSource(name, contents.documents, kept, contents)


@dataclass(frozen=True)
class SourceReference:
    """A reference of a run on Spark of which only documents are read; see `Reference`."""

    plan: Plan
    """The run."""
    source: Source
    """The reference."""

    @property
    def name(self) -> str:
        """The reference as the user named it."""
        return self.source.name

    @property
    def documents(self) -> int:
        """Number of documents, kept or not."""
        return self.source.documents

    @property
    def kept_documents(self) -> int:
        """Number of documents that are kept."""
        return self.source.kept_documents

    def share(self, _: NewCorpus) -> SharedUnits:
        """Raise an error: tasks find what is shared."""
        raise NotImplementedError

    def contents(self) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
        """Read all documents that are kept; see `Reference.contents`."""
        return self.source.read_kept(self.plan)

    def texts(self, docs: NDArray[np.int64]) -> Iterator[DocumentTexts]:
        """Read texts; see `Reference.texts`."""
        for found, batch in self._read(["text"], docs):
            yield DocumentTexts(found, batch.column(0))

    def names(self, docs: NDArray[np.int64]) -> pa.Table:
        """Return the ids, paths and rows of documents; see `Reference.names`."""
        return pa.Table.from_batches([batch.cast(NAMES) for _, batch in self._read(NAMES.names, docs)], NAMES)

    def values(self, column: str, docs: NDArray[np.int64]) -> pa.ChunkedArray:
        """Return the values of the column of ``--per`` as strings; see `Reference.values`."""
        return pa.chunked_array([batch.column(0) for _, batch in self._read([column], docs)], pa.large_string())

    def _read(self, columns: list[str], docs: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
        """Read documents, without others."""
        for found, batch in self.source.read(self.plan, columns, docs):
            low, high = np.searchsorted(docs, (found[0], found[-1] + 1))
            yield docs[low:high], batch.take(pa.array(np.searchsorted(found, docs[low:high])))


def prepare_piece(plan: Plan, piece: int) -> None:
    """Sketch a piece of a reference and store its kept units, if that is needed to find their keys."""
    source, number, _ = plan.reference(piece)
    source.prepare(plan, number, piece)


def references_of(plan: Plan) -> References:
    """Return the references of a run as one, to read their documents."""
    return References(tuple(SourceReference(plan, source) for source in plan.references))
