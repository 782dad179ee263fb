"""Write documents to temporary Arrow files, if their source can be read only once or only slowly."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa
import pyarrow.ipc

from dedup.corpus.batches import MAX_BATCH_BYTES, MAX_BATCH_ROWS, BatchRequest, Block, contains_any, utf8_size
from dedup.corpus.types import conform, unify
from dedup.errors import OutputError
from dedup.outputs.origins import Origin, OriginRuns

if TYPE_CHECKING:
    from dedup.corpus.streams import Buffered


class CorpusPart(Protocol):
    """Consecutive documents of a corpus that can be read repeatedly."""

    schema: pa.Schema
    """Columns."""
    rows: int
    """Number of documents."""
    blocks: Sequence[Block]
    """The documents that are read together: no batch has documents of two blocks."""

    def batches(self, request: BatchRequest) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield batches with the index of their first row in this part.

        A batch has the requested columns that the part has, or a column of another name if it has none of them. It may
        exceed `max_bytes`.
        """


class SpooledPart:
    """Documents in a temporary Arrow file."""

    def __init__(self, file: Path, schema: pa.Schema, blocks: Sequence[Block]) -> None:
        """Describe a complete file.

        Args:
            file: The file.
            schema: Its columns.
            blocks: The batches in the file.
        """
        self.schema, self.file, self.blocks = schema, file, blocks
        self.rows = sum(block.rows for block in blocks)

    def batches(self, request: BatchRequest) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Read the file; see `CorpusPart`. The batches are those that were written."""
        columns = [index for index, name in enumerate(self.schema.names) if name in request.columns]
        options = pyarrow.ipc.IpcReadOptions(included_fields=columns or [self.schema.get_field_index("row")])
        # The file is not mapped: mapped pages would count as memory of the process.
        with pa.OSFile(str(self.file)) as source, pyarrow.ipc.open_file(source, options=options) as reader:
            first = 0
            for index, (count, _) in enumerate(self.blocks):
                if request.wanted is None or contains_any(request.wanted, first, count):
                    yield first, reader.get_batch(index)
                first += count


class Spool:
    """Collects the parts of a corpus in order, and writes batches to temporary files.

    Small batches are joined. The batches of a file have one schema.
    """

    def __init__(self, folder: Path) -> None:
        """Create a folder for the files, which must exist as long as the parts are used.

        Args:
            folder: An existing folder to create it in.
        """
        with explain_write_errors(folder):
            self._folder = Path(tempfile.mkdtemp(prefix="read-", dir=folder))
        self.parts: list[CorpusPart] = []
        self.origins = OriginRuns()
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_bytes = self._waiting_rows = 0
        self._blocks: list[Block] = []
        self._writer: Any = None
        self._schema: pa.Schema | None = None
        self._file_count = self._copy_count = 0
        # A thread writes, so that the next batch is prepared while the disk is busy.
        self._pool = ThreadPoolExecutor(1, "spool")
        self._writing: Future[None] | None = None

    def add(self, batch: pa.RecordBatch, *origins: tuple[Origin, int]) -> None:
        """Add the next documents; raises OutputError if the disk is full.

        Args:
            batch: The documents.
            origins: How they were read, with the number of consecutive documents of each.
        """
        for origin, count in origins:
            self.origins.add(origin, count)
        size = batch.column("text").nbytes
        total_bytes, total_rows = self._waiting_bytes + size, self._waiting_rows + batch.num_rows
        if self._waiting and (total_bytes > MAX_BATCH_BYTES or total_rows > MAX_BATCH_ROWS):
            self._flush()
        self._waiting.append(batch)
        self._waiting_bytes += size
        self._waiting_rows += batch.num_rows
        if size >= MAX_BATCH_BYTES:
            self._flush()

    def insert(self, part: CorpusPart, origin: Origin) -> None:
        """Add a part that need not be copied."""
        self.finish()
        self.origins.add(origin, part.rows)
        self.parts.append(part)

    def copy(self, stream: Buffered) -> str:
        """Write the rest of a stream to a file, and return its path."""
        self._copy_count += 1
        target = self._folder / f"copy-{self._copy_count:05}.parquet"
        with target.open("xb") as out:
            while piece := stream.read(1 << 20):  # an error here is one of the input, not of the temporary file
                with explain_write_errors(self._folder):
                    out.write(piece)
        return str(target)

    def open_copy(self, stream: Buffered) -> Buffered:
        """Write the rest of a stream to a file, and open it: unlike the stream, the file is seekable."""
        return Path(self.copy(stream)).open("rb")

    def finish(self) -> None:
        """Complete the current file, and add it as a part."""
        self._flush()
        if self._writer is not None and self._schema is not None:
            with explain_write_errors(self._folder):
                self._wait_for_write()
                self._writer.close()
            self.parts.append(SpooledPart(self._file(), self._schema, self._blocks))
            self._file_count += 1
        self._writer, self._schema, self._blocks = None, None, []

    def __enter__(self) -> Spool:
        """Return the spool."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Complete the last file unless an error was raised, and stop the thread."""
        try:
            if kind is None:
                self.finish()
        finally:
            self._pool.shutdown()

    def _file(self) -> Path:
        return self._folder / f"spool-{self._file_count:05}.arrow"

    def _flush(self) -> None:
        """Write the waiting batches as one batch."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        self._waiting_bytes = self._waiting_rows = 0
        schema = unify(batch.schema for batch in waiting)
        if self._schema is not None:
            both = unify([self._schema, schema])
            if not both.equals(self._schema, check_metadata=True):
                self.finish()
            schema = both
        joined = [conform(batch, schema) for batch in waiting]
        batch = joined[0]
        if len(joined) > 1:
            batch = pa.Table.from_batches(joined).combine_chunks().to_batches()[0]
        self._write(batch)

    def _wait_for_write(self) -> None:
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()

    def _write(self, batch: pa.RecordBatch) -> None:
        with explain_write_errors(self._folder):
            self._wait_for_write()
            if self._writer is None:
                self._schema = batch.schema
                # With lz4 the file has a third of the size, and is written as fast.
                options = pyarrow.ipc.IpcWriteOptions(compression="lz4")
                self._writer = pyarrow.ipc.new_file(str(self._file()), batch.schema, options=options)
        self._writing = self._pool.submit(self._writer.write_batch, batch)
        self._blocks.append(Block(batch.num_rows, utf8_size(batch.column("text"))))


@contextlib.contextmanager
def explain_write_errors(folder: Path) -> Iterator[None]:
    """Raise OutputError if a temporary file cannot be written."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{folder}: temporary files cannot be written ({error.strerror or error}). "
            "Free some space, or choose another folder with --temp-dir."
        ) from None
