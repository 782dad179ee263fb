"""Divide a corpus into pieces that tasks read, each a range of its documents."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dedup.corpus import Corpus
from dedup.corpus.batches import BatchRequest, Block
from dedup.corpus.formats.parquet import ParquetPart
from dedup.corpus.report import Columns, ReportBuilder
from dedup.corpus.spool import CorpusPart
from dedup.outputs.origins import OriginRuns
from dedup.runtime.shared_folder import SharedFolder
from dedup.runtime.table_files import write_table
from dedup.settings import Resources

# A piece ends where its texts reach a size between these: smaller if some tasks would have no piece, and larger than
# both if there would be too many pieces.
LEAST_BYTES, PIECE_BYTES = 8 << 20, 64 << 20
MOST_PIECES = 20_000
_SCHEMA = pa.schema([("piece", pa.binary())])


class PartRange:
    """Some of the blocks of a part of a corpus."""

    def __init__(self, part: CorpusPart, first: int, blocks: Sequence[Block]) -> None:
        """Choose blocks.

        Args:
            part: The part.
            first: Index in the part of the first document.
            blocks: The blocks, which follow each other.
        """
        self.schema, self.blocks = part.schema, blocks
        self.rows = sum(block.rows for block in blocks)
        self.part = part
        self._first = first

    def batches(self, request: BatchRequest) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield batches with the index of their first row in this range; see `CorpusPart`."""
        wanted = np.arange(self.rows) if request.wanted is None else request.wanted
        there = BatchRequest(request.columns, wanted + self._first, request.max_bytes, request.threads)
        for first, batch in self.part.batches(there):
            yield first - self._first, batch


@dataclass(frozen=True)
class Piece:
    """Consecutive documents of a corpus."""

    first: int
    """Rank of the first document."""
    parts: tuple[PartRange, ...]
    """The documents."""
    origins: OriginRuns
    """How they were read."""

    @property
    def rows(self) -> int:
        """Number of documents."""
        return sum(part.rows for part in self.parts)

    @property
    def described(self) -> str:
        """The piece for messages: the ranks of its documents, and its first file if that is read in place."""
        paths = [part.part.path for part in self.parts if isinstance(part.part, ParquetPart)]
        others = f" and {len(paths) - 1:,} more files" if len(paths) > 1 else ""
        where = f" ({paths[0]}{others})" if paths else ""
        return f"documents {self.first:,} to {self.first + self.rows - 1:,}{where}"


def piece_size(total: int, tasks: int) -> int:
    """Return the size of the texts at which a piece ends.

    Args:
        total: Size of all texts.
        tasks: Number of tasks that run at the same time.

    >>> piece_size(100 << 20, tasks=2) >> 20, piece_size(100 << 40, tasks=1000) >> 20
    (16, 5242)
    """
    return max(min(max(total // (3 * tasks), LEAST_BYTES), PIECE_BYTES), total // MOST_PIECES)


def divide(corpus: Corpus, most: int) -> Iterator[Piece]:
    """Divide a corpus into pieces.

    Args:
        corpus: The corpus.
        most: Size of the texts at which a piece ends.
    """
    first = rows = size = 0
    ranges: list[PartRange] = []
    for part in corpus.parts:
        begin = end = 0  # rows of the part
        blocks: list[Block] = []
        for block in part.blocks:
            blocks.append(block)
            end, size = end + block.rows, size + block.bytes
            if size >= most:
                ranges.append(PartRange(part, begin, blocks))
                rows += end - begin
                yield Piece(first, tuple(ranges), corpus.origins.slice(first, first + rows))
                first, rows, size, begin, blocks, ranges = first + rows, 0, 0, end, [], []
        if end > begin:
            ranges.append(PartRange(part, begin, blocks))
            rows += end - begin
    if rows:
        yield Piece(first, tuple(ranges), corpus.origins.slice(first, first + rows))


@dataclass(frozen=True)
class StoredPieces:
    """The pieces of a corpus in a file, and what they have in common."""

    folder: SharedFolder
    """Where the file is."""
    name: str
    """Name of the file."""
    firsts: tuple[int, ...]
    """Rank of the first document of each piece."""
    rows: int
    """Number of documents."""
    schema: pa.Schema
    """Columns of the corpus, with the marks of JSON."""
    columns: Columns
    """The columns that texts and ids were read from."""
    resources: Resources
    """Bytes of text in a batch, and threads of a task."""

    @classmethod
    def write(cls, corpus: Corpus, folder: SharedFolder, name: str, resources: Resources, tasks: int) -> StoredPieces:
        """Divide a corpus and write the pieces to a file.

        Args:
            corpus: The corpus.
            folder: Where the file is written.
            name: Name of the file.
            resources: Bytes of text in a batch, and threads of a task.
            tasks: Number of tasks that run at the same time.
        """
        size = piece_size(sum(block.bytes for part in corpus.parts for block in part.blocks), tasks)
        firsts: list[int] = []

        def batches() -> Iterator[pa.RecordBatch]:
            for piece in divide(corpus, size):
                firsts.append(piece.first)
                yield pa.RecordBatch.from_arrays([pa.array([pickle.dumps(piece)], pa.binary())], schema=_SCHEMA)

        write_table(folder, name, batches(), _SCHEMA)
        return cls(folder, name, tuple(firsts), corpus.rows, corpus.unified_schema, corpus.columns, resources)

    def read(self, number: int) -> Piece:
        """Read a piece."""
        with self.folder.reading(self.name) as path, pa.OSFile(str(path)) as source:
            batch = pa.ipc.open_file(source).get_batch(number)
        piece: Piece = pickle.loads(batch.column(0)[0].as_py())  # noqa: S301 - `write` wrote it
        return piece

    def open(self, piece: Piece) -> Corpus:
        """Return the documents of a piece as a corpus of its own, whose ranks begin at 0."""
        return Corpus(piece.parts, self.schema, self.columns, ReportBuilder(), self.resources, piece.origins)
