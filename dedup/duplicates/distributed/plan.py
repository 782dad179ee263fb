"""The plan of a run, which every task receives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.context import RunContext
from dedup.corpus import Corpus
from dedup.duplicates.columns.keep_key import KeepKey
from dedup.duplicates.distributed.storage.pieces import Piece, StoredPieces
from dedup.runtime.progress import Progress
from dedup.runtime.shared_folder import SharedFolder
from dedup.runtime.table_files import GroupedTable
from dedup.runtime.workspace import Workspace, task_folder
from dedup.settings import Reading, Resources, Settings

UnitKind = Literal["documents", "paragraphs"]


@runtime_checkable
class Source(Protocol):
    """A reference. It can be sent to other processes."""

    @property
    def name(self) -> str:
        """The reference as the user named it."""

    @property
    def pieces(self) -> int:
        """Number of its pieces."""

    @property
    def documents(self) -> int:
        """Number of its documents, kept or not; they are numbered from 0."""

    @property
    def kept_documents(self) -> int:
        """Number of documents that are kept."""

    def prepare(self, plan: Plan, number: int, piece: int, /) -> None:
        """Sketch a piece and store its kept units, if that is needed to find their keys.

        Args:
            plan: The run.
            number: Number of the piece in the reference.
            piece: Its number among those of the references and the corpus.
        """

    def keys(self, plan: Plan, kind: UnitKind, number: int, piece: int, /) -> Iterator[UnitKeys]:
        """Yield the keys of the kept units of a piece, if they are stored; see `prepare`."""

    def shared_keys(self, kind: UnitKind, new: NDArray[np.uint64], /) -> Iterator[UnitKeys]:
        """Yield the keys that units of the corpus share with kept units, if those are not stored.

        Args:
            kind: Documents or paragraphs.
            new: Keys of units of the corpus, ascending and distinct.
        """

    def records(self, plan: Plan, kind: UnitKind, number: int, piece: int, rows: NDArray[np.int64], /) -> NDArray[Any]:
        """Return units of a piece, of dtype `UNIT`, with the number of their document in the reference.

        Args:
            plan: The run.
            kind: Documents or paragraphs.
            number: Number of the piece in the reference.
            piece: Its number among those of the references and the corpus.
            rows: Rows of the units in the piece, ascending, shape (n,).
        """

    def read_kept(self, plan: Plan, /) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
        """Read all documents that are kept; see `dedup.duplicates.references.base.Reference.contents`."""

    def documents_of(self, number: int, /) -> range:
        """Return the numbers of the documents of a piece."""

    def read(
        self, plan: Plan, columns: list[str], docs: NDArray[np.int64], /
    ) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
        """Read documents; the column of ``--per`` is given as text.

        Args:
            plan: The run.
            columns: Names of columns: those of every document, and that of ``--per``.
            docs: Documents, ascending and distinct.

        Yields:
            Numbers of documents, ascending, and a batch with these rows, which may have others besides the wanted ones.
        """


class UnitKeys(NamedTuple):
    """Keys of units of a reference."""

    units: NDArray[np.int64]
    """Number of each unit among those of the references and the corpus, counted from the first piece of the reference,
    shape (n,)."""
    keys: NDArray[np.uint64]
    """Its keys, shape (n, keys)."""
    docs: NDArray[np.int64]
    """Number of its document, shape (n,)."""


@dataclass(frozen=True)
class Plan:
    """What every task of a run knows. It can be sent to other processes."""

    command: Literal["clean", "scan"]
    """What is run."""
    settings: Settings
    """Options that decide the verdicts."""
    reading: Reading
    """How the input is read."""
    memory: int
    """Bytes that a task may use."""
    work: SharedFolder
    """Where tasks leave what other tasks need."""
    tables: SharedFolder
    """Receives the parts of the tables of the output."""
    corpus: StoredPieces
    """The documents."""
    references: tuple[Source, ...] = ()
    """What the documents are compared with, besides each other."""
    keep: KeepKey | None = None
    """How a column becomes the keep order; None if no column decides it."""
    items: str | None = None
    """Name of the file with the documents of the references that are searched for in the corpus; None if they are not;
    see `dedup.duplicates.distributed.storage.contained`."""

    @property
    def pieces(self) -> int:
        """Number of pieces of the corpus."""
        return len(self.corpus.firsts)

    @property
    def first_piece(self) -> int:
        """Number of the first piece of the corpus; those of the references come before."""
        return sum(source.pieces for source in self.references)

    @property
    def all_pieces(self) -> int:
        """Number of pieces of the references and the corpus."""
        return self.first_piece + self.pieces

    def reference(self, number: int) -> tuple[Source, int, int]:
        """Find the reference that has a piece.

        Args:
            number: Number of the piece.

        Returns:
            The reference; the number of the piece in it; and the document number that its first document has, which is
            negative, as in `dedup.duplicates.removals.Removals.kept_doc`.
        """
        first, doc = 0, -sum(source.documents for source in self.references)
        for source in self.references:
            if number < first + source.pieces:
                return source, number - first, doc
            first, doc = first + source.pieces, doc + source.documents
        raise IndexError(number)

    @property
    def other_columns(self) -> list[str]:
        """Columns of the input besides those of every document."""
        return [name for name in self.corpus.schema.names if name not in ("id", "path", "row", "text")]

    @property
    def deciding_columns(self) -> list[str]:
        """Columns that decide verdicts."""
        keep = [self.keep.column] if self.keep else []
        return [*keep, *([self.settings.per] if self.settings.per else [])]

    @property
    def counts_near_within(self) -> bool:
        """Whether near-duplicates within documents are counted besides, since they are not removed."""
        return self.command == "scan" and not self.settings.near_within and not self.settings.exact

    def grouped(self, name: str) -> GroupedTable:
        """Return a table whose rows are grouped by pieces."""
        return GroupedTable(self.work, name, max(1, min(self.all_pieces, 1000)))

    @contextmanager
    def task(self, number: int) -> Iterator[tuple[Piece, RunContext]]:
        """Open a piece of the corpus for a task.

        Args:
            number: Number of the piece in the corpus.

        Yields:
            The piece, and a context in which its documents are a corpus of its own.
        """
        piece = self.corpus.read(number)
        with self.temporary_folder() as temp:
            try:
                yield piece, self.context(self.corpus.open(piece), temp)
            except Exception as error:
                error.add_note(f"in {piece.described}")
                raise

    def temporary_folder(self) -> AbstractContextManager[Path]:
        """Return a context that creates a temporary directory for a task."""
        return task_folder(self.resources.temp_dir)

    def context(self, corpus: Corpus, temp: Path) -> RunContext:
        """Return a context for the documents of a task."""
        resources = replace(self.resources, temp_dir=temp)
        return RunContext(corpus, self.settings, self.reading, resources, temp, temp, Progress())

    @property
    def resources(self) -> Resources:
        """The resources of a task."""
        return self.corpus.resources

    def workspace(self, temp: Path) -> Workspace:
        """Return the workspace of a task.

        Args:
            temp: Its temporary directory.
        """
        return Workspace(temp, self.memory, 1, _no_step)


def _no_step(*_: Any) -> AbstractContextManager[None]:
    return nullcontext()
