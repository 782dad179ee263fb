"""The spool: what can be read only once, or only slowly, kept as Arrow files for the later passes."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from dedup.corpus.types import conform, unify
from dedup.errors import OutputError

if TYPE_CHECKING:
    import pyarrow as pa

    from dedup.corpus.files import Buffered
    from dedup.corpus.formats.arrow import Ranks

CHUNK_BYTES = 8 << 20
CHUNK_ROWS = 65_536


class Part(Protocol):
    """A run of documents, in order, that can be read again and again."""

    schema: pa.Schema
    rows: int

    def batches(
        self, names: Sequence[str], wanted: Ranks | None, size: int, threads: bool
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield (place of the first row, batch) with those of the columns `names` that there are, if any."""


class SpoolPart:
    """An Arrow file of the spool."""

    def __init__(self, file: Path, schema: pa.Schema, counts: Sequence[int]) -> None:
        """`counts` are the rows of each batch in the file."""
        self.schema = schema
        self.rows = sum(counts)
        self._file = file
        self._counts = counts

    def batches(
        self, names: Sequence[str], wanted: Ranks | None, size: int, threads: bool
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield as Part says; batches without a row in `wanted` are not read."""
        import pyarrow as pa
        import pyarrow.ipc

        from dedup.corpus.formats.arrow import hits

        del size, threads  # batches are small already, and reading them is copying
        columns = [place for place, name in enumerate(self.schema.names) if name in names]
        options = pyarrow.ipc.IpcReadOptions(included_fields=columns or [self.schema.get_field_index("row")])
        # not mapped into memory: mapped pages count as the process's own
        with pa.OSFile(str(self._file)) as source, pyarrow.ipc.open_file(source, options=options) as reader:
            first = 0
            for place, count in enumerate(self._counts):
                if wanted is None or hits(wanted, first, count):
                    yield first, reader.get_batch(place)
                first += count


class Spool:
    """Gathers parts in order: batches in files of its own, and parts that are files already.

    Small batches are joined; one schema makes one file.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` must exist; the files stay in a new folder there for as long as the parts are used."""
        with writable(folder):
            self._folder = Path(tempfile.mkdtemp(prefix="read-", dir=folder))
        self.parts: list[Part] = []
        self.text_bytes = 0
        self._waiting: list[pa.RecordBatch] = []
        self._size = 0
        self._counts: list[int] = []
        self._writer: Any = None
        self._schema: pa.Schema | None = None
        self._files = self._copies = 0
        # writing waits for the disk; meanwhile the next batch is made
        self._pool = ThreadPoolExecutor(1, "spool")
        self._writing: Future[None] | None = None

    def add(self, batch: pa.RecordBatch) -> None:
        """Take the next rows; raises OutputError if the disk is full."""
        size = batch.column("text").nbytes
        if self._waiting and (self._size + size > CHUNK_BYTES or self._rows() + batch.num_rows > CHUNK_ROWS):
            self._flush()
        self._waiting.append(batch)
        self._size += size
        if size >= CHUNK_BYTES:
            self._flush()

    def insert(self, part: Part) -> None:
        """Take a part that needs no copy."""
        self.finish()
        self.parts.append(part)

    def copy(self, stream: Buffered) -> str:
        """Write all of a stream to a file and return its path."""
        self._copies += 1
        target = self._folder / f"copy-{self._copies:05}.parquet"
        with target.open("xb") as out:
            while piece := stream.read(1 << 20):  # what goes wrong here is the stream's fault
                with writable(self._folder):
                    out.write(piece)
        return str(target)

    def finish(self) -> None:
        """End the file that is being written; its rows are the next part."""
        self._flush()
        if self._writer is not None and self._schema is not None:
            with writable(self._folder):
                self._settle()
                self._writer.close()
            self.parts.append(SpoolPart(self._file(), self._schema, self._counts))
            self._files += 1
        self._writer, self._schema, self._counts = None, None, []

    def __enter__(self) -> Spool:
        """Start gathering."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the last file, and in any case the thread that writes."""
        try:
            if kind is None:
                self.finish()
        finally:
            self._pool.shutdown()

    def _rows(self) -> int:
        return sum(batch.num_rows for batch in self._waiting)

    def _file(self) -> Path:
        return self._folder / f"spool-{self._files:05}.arrow"

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._waiting:
            return
        waiting, self._waiting, self._size = self._waiting, [], 0
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

    def _settle(self) -> None:
        """Wait for what is being written."""
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()

    def _write(self, batch: pa.RecordBatch) -> None:
        import pyarrow.ipc

        with writable(self._folder):
            self._settle()
            if self._writer is None:
                self._schema = batch.schema
                # a third of the bytes, and as fast to write
                options = pyarrow.ipc.IpcWriteOptions(compression="lz4")
                self._writer = pyarrow.ipc.new_file(str(self._file()), batch.schema, options=options)
        self._writing = self._pool.submit(self._writer.write_batch, batch)
        self._counts.append(batch.num_rows)
        self.text_bytes += text_bytes(batch.column("text"))


@contextlib.contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Raise OutputError, with what to do, if a temporary file cannot be written."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{folder}: temporary files cannot be written ({error.strerror or error}). "
            "Free some space, or choose another folder with --temp-dir."
        ) from None


def text_bytes(texts: pa.Array) -> int:
    """Return the UTF-8 bytes of a column of large_string.

    >>> import pyarrow as pa
    >>> text_bytes(pa.array(["é", None, "a"], pa.large_string()))
    3
    """
    import numpy as np

    if not len(texts):
        return 0
    ends = np.frombuffer(texts.buffers()[1], np.int64)
    return int(ends[texts.offset + len(texts)] - ends[texts.offset])
