"""Read Parquet files, once in each pass, row group by row group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from dedup.corpus.batches import MAX_BATCH_ROWS, BatchRequest, Block, as_large_string, contains_any
from dedup.corpus.columns import SAMPLE_ROWS
from dedup.corpus.files import FileVersion, changed
from dedup.corpus.formats.arrow import TableLayout, Texts, repair
from dedup.corpus.streams import short_reason
from dedup.errors import InputError
from dedup.runtime.storage.files import RemoteFile

# Maximum number of rows in a batch if the texts may be dictionary-encoded: a repeated text is stored once, so the texts
# may be much longer than the metadata indicate.
_MAX_DICTIONARY_ROWS = MAX_BATCH_ROWS // 16
# Average encoded bytes of a row above which texts are assumed to be stored whole, not as indexes into a dictionary.
_PLAIN_ROW_BYTES = 256


class ParquetSource(Protocol):
    """Where a Parquet file is read from, in every pass again."""

    def opened(self) -> AbstractContextManager[Any]:
        """Return a context that yields what pyarrow opens: a path, or a file that is seekable."""

    def check(self, name: str) -> None:
        """Raise InputChanged if the file has changed since it was described.

        Args:
            name: Path for the message.
        """


@dataclass(frozen=True)
class LocalParquet:
    """A Parquet file of the local file system."""

    path: str
    """Path to open."""
    version: FileVersion
    """Version of the file; another version is refused."""
    is_copy: bool = False
    """Whether it is a temporary copy."""

    @classmethod
    def of(cls, path: str, *, is_copy: bool = False) -> LocalParquet:
        """Describe the current version of a file; raises OSError."""
        return cls(path, FileVersion.of(path), is_copy)

    @contextmanager
    def opened(self) -> Iterator[str]:
        """Yield the path."""
        yield self.path

    def check(self, name: str) -> None:
        """Raise InputChanged if the file has another version now; see `ParquetSource.check`."""
        self.version.check(self.path, name)


@dataclass(frozen=True)
class RemoteParquet:
    """A Parquet file in an object store."""

    file: RemoteFile
    """The file."""
    version: tuple[tuple[str, bytes], ...]
    """Metadata from which a change is detected."""

    @classmethod
    def of(cls, file: RemoteFile) -> RemoteParquet:
        """Describe the current version of a file; raises StorageError."""
        return cls(file, file.version())

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """Yield the open file."""
        with self.file.open_seekable() as opened:
            yield opened

    def check(self, name: str) -> None:
        """Raise InputChanged if the file was replaced; see `ParquetSource.check`."""
        if self.file.version() != self.version:
            raise changed(name)


class ParquetPart:
    """A Parquet file as a part of the corpus; it is read again in every pass."""

    def __init__(self, source: ParquetSource, layout: TableLayout, blocks: Sequence[Block]) -> None:
        """Describe a file.

        Args:
            source: The file.
            layout: How its columns become columns of the corpus.
            blocks: The row groups.
        """
        self.schema, self.blocks = layout.schema, blocks
        self.rows = sum(block.rows for block in blocks)
        self.replaced: dict[int, int] = {}  # characters that became U+FFFD, by row; known for rows that were read
        self.source, self._layout = source, layout

    @property
    def path(self) -> str:
        """Path in the corpus."""
        return self._layout.path

    def with_source(self, source: ParquetSource) -> ParquetPart:
        """Return the part with the same file in another place."""
        return ParquetPart(source, self._layout, self.blocks)

    def batches(self, request: BatchRequest) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Read the file; see `CorpusPart`.

        Raises:
            InputChanged: The file has changed.
            InputError: The file is damaged.
        """
        import pyarrow.parquet as pq

        path, wanted = self._layout.path, request.wanted
        self.source.check(path)
        try:
            with self.source.opened() as opened, pq.ParquetFile(opened) as file:
                first = 0
                for group, (count, _) in enumerate(self.blocks):
                    if wanted is None or contains_any(wanted, first, count):
                        last = None if wanted is None else int(wanted[np.searchsorted(wanted, first + count) - 1])
                        for start, batch in self._read_row_group(file, group, request):
                            yield first + start, self._convert(batch, first + start, request)
                            if last is not None and first + start + batch.num_rows > last:
                                break
                    first += count
        except (OSError, pa.ArrowException) as error:
            self.source.check(path)
            raise InputError(
                f"{path} is damaged: its metadata can be read, but not all of its rows ({short_reason(error)}). "
                "Create the file again, or exclude it."
            ) from None
        self.source.check(path)

    def _read_row_group(self, file: Any, group: int, request: BatchRequest) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield batches of a row group with the index of their first row in the row group."""
        sources = self._layout.source_columns(request.columns)
        if not sources:
            yield 0, pa.RecordBatch.from_arrays([pa.nulls(self.blocks[group].rows)], names=[""])
            return
        first = 0
        batch_rows = _batch_rows(file.metadata.row_group(group), sources, request)
        for batch in file.iter_batches(batch_rows, [group], sources, use_threads=request.threads):
            yield first, batch
            first += batch.num_rows

    def _convert(self, batch: pa.RecordBatch, first: int, request: BatchRequest) -> pa.RecordBatch:
        """Convert a batch whose first row has the given index in the file, and count its replaced characters."""
        texts = None
        if "text" in request.columns:
            values, replaced_counts = repair(as_large_string(batch.column(self._layout.chosen.text.names[0])))
            texts = Texts(values)
            self.replaced.update((first + index, count) for index, count in replaced_counts.items())
        return self._layout.apply(batch, first, request.columns, texts)


def _batch_rows(row_group: Any, sources: Sequence[str], request: BatchRequest) -> int:
    """Choose the number of rows of a batch from the metadata of a row group.

    Args:
        row_group: The metadata.
        sources: Columns of the file that are read.
        request: The columns of the corpus, and the limit of a batch.
    """
    chunks = (row_group.column(index) for index in range(row_group.num_columns))
    size = sum(chunk.total_uncompressed_size for chunk in chunks if chunk.path_in_schema.split(".")[0] in sources)
    average_bytes = size / max(1, row_group.num_rows)
    is_plain = average_bytes > _PLAIN_ROW_BYTES or "text" not in request.columns
    limit = MAX_BATCH_ROWS if is_plain else _MAX_DICTIONARY_ROWS
    return max(1, min(limit, int(request.max_bytes / max(1.0, average_bytes))))


def first_values(file: Any, column: str) -> pa.Array | None:
    """Return the first values of a column of a Parquet file; None if there are none, or if they cannot be read.

    Args:
        file: The open file (pyarrow.parquet.ParquetFile).
        column: Name of the column.
    """
    try:
        batch = next(file.iter_batches(SAMPLE_ROWS, columns=[column], use_threads=False), None)
    except (OSError, pa.ArrowException):
        return None  # reported when the rows are read
    return None if batch is None or not batch.num_columns else batch.column(0)


def count_nulls(file: Any, column: str) -> int:
    """Count the nulls in a column of a Parquet file; row groups with statistics are not read.

    Args:
        file: The open file (pyarrow.parquet.ParquetFile).
        column: Name of the column.

    Returns:
        The number of nulls.
    """
    leaf_index = next((index for index, name in enumerate(file.schema) if name.path == column), None)
    total = 0
    for group in range(file.metadata.num_row_groups):
        statistics = None if leaf_index is None else file.metadata.row_group(group).column(leaf_index).statistics
        if statistics is not None and statistics.has_null_count:
            total += statistics.null_count
        else:
            batches = file.iter_batches(_MAX_DICTIONARY_ROWS, [group], [column])
            total += sum(batch.column(0).null_count for batch in batches)
    return total
