"""What every task of a run knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dedup.context import RunContext
from dedup.corpus import Corpus
from dedup.duplicates.columns.keep_key import KeepKey
from dedup.duplicates.distributed.storage.pieces import Piece, StoredPieces
from dedup.runtime.progress import Progress
from dedup.runtime.shared_folder import SharedFolder
from dedup.runtime.table_files import GroupedTable
from dedup.runtime.workspace import Workspace, temporary_folder
from dedup.settings import Reading, Resources, Settings

UnitKind = Literal["documents", "paragraphs"]
ROW_BITS = 32
"""The number of a unit is that of its piece, and its row in the piece in these bits."""
Parts = Literal["read", "sketch"]


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
    out: SharedFolder
    """The output folder."""
    corpus: StoredPieces
    """The documents."""
    keep: KeepKey | None = None
    """How a column becomes the keep order; None if no column decides it."""

    @property
    def pieces(self) -> int:
        """Number of pieces of the corpus."""
        return len(self.corpus.firsts)

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
        return GroupedTable(self.work, name, max(1, min(self.pieces, 1000)))

    def piece_of(self, docs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the piece of each document, shape (n,)."""
        return np.searchsorted(np.array(self.corpus.firsts), docs, "right") - 1

    @contextmanager
    def task(self, number: int) -> Iterator[tuple[Piece, RunContext]]:
        """Open a piece of the corpus for a task.

        Args:
            number: Number of the piece.

        Yields:
            The piece, and a context in which its documents are a corpus of its own.
        """
        piece = self.corpus.read(number)
        with temporary_folder() as temp:
            yield piece, self.context(self.corpus.open(piece), temp)

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
