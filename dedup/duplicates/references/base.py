"""The interface of a reference, and several references as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.context import RunContext
from dedup.duplicates.sketches.shingle_sets import DocumentTexts
from dedup.duplicates.sketches.units import Units
from dedup.kernels.key_filter import add_keys, make_filter
from dedup.runtime.ordered import distinct
from dedup.runtime.workspace import Workspace
from dedup.settings import Settings

NAMES = pa.schema([("id", pa.string()), ("path", pa.string()), ("row", pa.int64())])
"""What identifies a document of a reference."""
# Keys that are looked up at a time take at most 1 / KEYS_SHARE of the memory, and so does a filter.
KEYS_SHARE = 8


@dataclass(frozen=True)
class NewUnits:
    """The units of the corpus, to which those of a reference are compared."""

    units: Units
    """The documents or the paragraphs of the corpus."""
    memory: int
    """Bytes that may be used."""
    exact: bool
    """Whether units have no band keys."""

    def keys(self) -> Iterator[NDArray[np.uint64]]:
        """Yield the sequence hashes and band keys of the units with tokens, in parts of limited size."""
        wanted = self.units.column("tokens") > 0
        yield self.units.column("sequence")[wanted]
        if not self.exact:
            for first, chunk in self.units.keys.chunks():
                yield chunk[wanted[first : first + len(chunk)]].ravel()

    def distinct_keys(self) -> Iterator[NDArray[np.uint64]]:
        """Yield the keys ascending and without repetition, in parts that fit into the memory."""
        most = max(1, self.memory // KEYS_SHARE // 8)
        parts: list[NDArray[np.uint64]] = []
        for keys in self.keys():
            if parts and sum(part.size for part in parts) + keys.size > most:
                yield distinct(np.concatenate(parts))
                parts = []
            parts.append(keys)
        yield distinct(np.concatenate(parts))

    @cached_property
    def filter(self) -> NDArray[np.uint8]:
        """A filter of the keys; see `dedup.kernels.key_filter`."""
        count = len(self.units) * (1 if self.exact else 1 + (self.units.keys.width or 0))
        filled = make_filter(count, max(64, self.memory // KEYS_SHARE))
        for keys in self.keys():
            add_keys(keys, filled)
        return filled


@dataclass(frozen=True)
class NewCorpus:
    """What a reference is compared with."""

    settings: Settings
    """The settings of the run."""
    documents: NewUnits | None
    """The documents of the corpus; None if documents are not compared."""
    paragraphs: NewUnits | None
    """The paragraphs of the corpus; None if they are not compared with those of other documents."""
    named: NDArray[np.int64]
    """Documents of the reference that are read again whether they share a unit or not, ascending."""
    workspace: Workspace
    """Temporary directory, memory, threads and progress."""
    advance: Callable[[int], None]
    """Receives the number of documents done since the last call."""


@dataclass(frozen=True)
class SharedUnits:
    """The units of a reference that may share a key with a unit of the corpus.

    Their ``doc`` is the number of the document in the reference. They are in order of document and start.
    """

    documents: Units | None
    """Documents; None if they are not compared."""
    paragraphs: Units | None
    """Paragraphs; None if they are not compared."""


class Reference(Protocol):
    """Documents that are compared with those of the corpus, and always kept. They are numbered from 0."""

    @property
    def name(self) -> str:
        """The reference as the user named it."""

    @property
    def documents(self) -> int:
        """Number of documents, kept or not."""

    @property
    def kept_documents(self) -> int:
        """Number of documents that are kept."""

    def share(self, corpus: NewCorpus) -> SharedUnits:
        """Return the units that share a key with the corpus, and possibly others."""

    def contents(self) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
        """Read all documents that are kept in batches.

        Yields:
            Numbers of documents, ascending, and the columns `NAMES` and ``text`` of each.
        """

    def texts(self, docs: NDArray[np.int64]) -> Iterable[DocumentTexts]:
        """Read the texts of documents in batches.

        Args:
            docs: Numbers of documents that have a shared unit or are named in `NewCorpus`, ascending.
        """

    def names(self, docs: NDArray[np.int64]) -> pa.Table:
        """Return the ids, paths and rows of documents.

        Args:
            docs: Numbers of documents, ascending.

        Returns:
            A table with the columns `NAMES`.
        """

    def values(self, column: str, docs: NDArray[np.int64]) -> pa.ChunkedArray:
        """Return the values of a column as strings.

        Args:
            column: Name of the column.
            docs: Numbers of documents, ascending.

        Raises:
            ColumnNotFound: There is no such column.
        """


OpenReferences = Callable[[RunContext], AbstractContextManager["References"]]
"""Opens the references of a run."""


@dataclass(frozen=True)
class References:
    """Several references as one: their documents are numbered consecutively, in the order in which they were named."""

    parts: tuple[Reference, ...] = ()
    """The references."""
    precedes: bool = False
    """Whether the documents of the corpus continue the numbering: the reference is what the corpus is added to."""

    @property
    def documents(self) -> int:
        """Number of documents, kept or not."""
        return sum(part.documents for part in self.parts)

    @property
    def kept_documents(self) -> int:
        """Number of documents that are kept."""
        return sum(part.kept_documents for part in self.parts)

    @property
    def first_rank(self) -> int:
        """Rank of the first document of the corpus."""
        return self.documents if self.precedes else 0

    def numbers(self, docs: NDArray[np.int64], missing: NDArray[np.bool_] | None = None) -> pa.Array:
        """Return the ranks of documents; null for documents of references that the corpus does not continue.

        Args:
            docs: Ranks in the corpus; negative for documents of the references, shape (n,).
            missing: Whether each of them is missing, shape (n,); null too. None: all are given.
        """
        mask = np.zeros(docs.size, np.bool_) if missing is None else missing
        return pa.array(docs + self.first_rank, mask=mask if self.precedes else mask | (docs < 0))

    def share(self, corpus: NewCorpus) -> SharedUnits:
        """Return the units that share a key with the corpus, and possibly others."""
        documents = paragraphs = None
        for first, part in self._numbered():
            low, high = np.searchsorted(corpus.named, (first, first + part.documents))
            shared = part.share(replace(corpus, named=corpus.named[low:high] - first))
            documents = _joined(documents, shared.documents, first)
            paragraphs = _joined(paragraphs, shared.paragraphs, first)
        return SharedUnits(documents, paragraphs)

    def contents(self) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
        """Read all documents that are kept; see `Reference.contents`."""
        for first, part in self._numbered():
            for docs, batch in part.contents():
                yield docs + first, batch

    def texts(self, docs: NDArray[np.int64]) -> Iterator[DocumentTexts]:
        """Read texts; see `Reference.texts`."""
        for first, part, own in self._split(docs):
            for batch in part.texts(own):
                yield DocumentTexts(batch.docs + first, batch.texts)

    def names(self, docs: NDArray[np.int64]) -> pa.Table:
        """Return the ids, paths and rows of documents; see `Reference.names`."""
        tables = [part.names(own) for _, part, own in self._split(docs)]
        return pa.concat_tables([NAMES.empty_table(), *tables]).combine_chunks()

    def values(self, column: str, docs: NDArray[np.int64]) -> pa.ChunkedArray:
        """Return the values of a column as strings; see `Reference.values`."""
        chunks = [chunk for _, part, own in self._split(docs) for chunk in part.values(column, own).chunks]
        return pa.chunked_array(chunks, pa.large_string())

    def _numbered(self) -> Iterator[tuple[int, Reference]]:
        """Yield the number of the first document of each reference, and the reference."""
        first = 0
        for part in self.parts:
            yield first, part
            first += part.documents

    def _split(self, docs: NDArray[np.int64]) -> Iterator[tuple[int, Reference, NDArray[np.int64]]]:
        """Yield the number of the first document of each reference that has some of them, the reference, and these."""
        for first, part in self._numbered():
            low, high = np.searchsorted(docs, (first, first + part.documents))
            if low < high:
                yield first, part, docs[low:high] - first


def _joined(former: Units | None, latter: Units | None, first_doc: int) -> Units | None:
    """Append units to those of the references before, whose files grow.

    Args:
        former: The units of the references before; None if there is no such reference, or units are not compared.
        latter: The units to append.
        first_doc: Number of their first document.
    """
    if former is None or latter is None:
        return latter
    former.extend(latter, first_doc)
    return former
