"""Store the documents of a reference that may share a unit with the corpus, so that they are not read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.ipc
from numpy.typing import NDArray

# Bytes of text in a batch: looking up one document reads one batch.
BATCH_BYTES = 1 << 20


class SharedDocuments:
    """Documents in a temporary file, to be looked up by their numbers.

    >>> import tempfile
    >>> documents = SharedDocuments(Path(tempfile.mkdtemp()) / "documents")
    >>> documents.add(np.array([3, 7]), pa.record_batch({"text": pa.array(["a", "b"], pa.large_string())}))
    >>> [(docs.tolist(), batch["text"].to_pylist()) for docs, batch in documents.read(["text"], np.array([7]))]
    [([7], ['b'])]
    """

    def __init__(self, path: Path) -> None:
        """Name the file, which is created when the first document is added.

        Args:
            path: The file.
        """
        self._path = path
        self._writer: pyarrow.ipc.RecordBatchFileWriter | None = None
        self._waiting: list[pa.RecordBatch] = []
        self._numbers: list[NDArray[np.int64]] = []
        self._docs: list[NDArray[np.int64]] = []
        self._names: list[str] = []

    def add(self, docs: NDArray[np.int64], batch: pa.RecordBatch) -> None:
        """Append documents.

        Args:
            docs: Their numbers, ascending over all calls, shape (rows,).
            batch: Their columns, among them ``text``.
        """
        if not docs.size:
            return
        self._numbers.append(docs)
        self._waiting.append(batch)
        if sum(waiting.column("text").nbytes for waiting in self._waiting) >= BATCH_BYTES:
            self._flush()

    def read(
        self, columns: Sequence[str], docs: NDArray[np.int64]
    ) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
        """Look up documents; after that, none can be added.

        Args:
            columns: Names of columns.
            docs: Their numbers, ascending, shape (n,); all of them were added.

        Yields:
            Numbers, shape (rows,), and a batch with these rows.
        """
        self._close()
        # Other columns are not decompressed.
        options = pyarrow.ipc.IpcReadOptions(included_fields=[self._names.index(name) for name in columns])
        # The file is not mapped: mapped pages would count as memory of the process.
        with pa.OSFile(str(self._path)) as source, pyarrow.ipc.open_file(source, options=options) as reader:
            for index, stored in enumerate(self._docs):
                low, high = np.searchsorted(docs, stored[0]), np.searchsorted(docs, stored[-1], "right")
                if low < high:
                    rows = pa.array(np.searchsorted(stored, docs[low:high]))
                    yield docs[low:high], reader.get_batch(index).select(list(columns)).take(rows)

    def _flush(self) -> None:
        """Write the waiting documents as one batch."""
        batch = pa.Table.from_batches(self._waiting).combine_chunks().to_batches()[0]
        if self._writer is None:
            options = pyarrow.ipc.IpcWriteOptions(compression="lz4")
            self._writer = pyarrow.ipc.new_file(str(self._path), batch.schema, options=options)
            self._names = batch.schema.names
        self._writer.write_batch(batch)
        self._docs.append(np.concatenate(self._numbers))
        self._waiting, self._numbers = [], []

    def _close(self) -> None:
        if self._waiting:
            self._flush()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
