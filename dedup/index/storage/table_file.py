"""Read Parquet files of a segment by row groups."""

import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.errors import IndexDamaged
from dedup.index.storage.manifest import FileRecord
from dedup.runtime.threads import map_in_order

R = TypeVar("R")
_ADVICE = (
    "Restore the folder of the index from a copy, or build the index again with dedup index add in another folder."
)


def record_file(path: Path) -> FileRecord:
    """Return the number of rows, the size and the checksum of a Parquet file that was just written."""
    import pyarrow.parquet as pq

    footer = _read_footer(path)
    rows = pq.read_metadata(pa.BufferReader(footer)).num_rows
    return FileRecord(rows, path.stat().st_size, zlib.crc32(footer))


def _read_footer(path: Path) -> bytes:
    """Return the metadata at the end of a Parquet file, whose length is in the last bytes but four."""
    with path.open("rb") as file:
        file.seek(-8, os.SEEK_END)
        length = int.from_bytes(file.read(4), "little")
        file.seek(-8 - length, os.SEEK_END)
        return file.read()


@contextmanager
def name_damaged(path: Path) -> Iterator[None]:
    """Convert an error of Arrow or the system to an error that names the file.

    Raises:
        IndexDamaged: The file cannot be read.
    """
    try:
        yield
    except FileNotFoundError:
        raise IndexDamaged(f"{path} is missing. {_ADVICE}") from None
    except (pa.ArrowException, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).rstrip(".")
        raise IndexDamaged(f"{path} cannot be read; it may be damaged: {reason}. {_ADVICE}") from None


class TableFile:
    """A Parquet file of a segment. Its metadata is read at first use; several threads may read rows at once."""

    def __init__(self, path: Path, record: FileRecord) -> None:
        """Name the file, without opening it.

        Args:
            path: The file.
            record: What the manifest states of it.
        """
        self.path = path
        self.record = record

    def check(self) -> None:
        """Check that the file is there and has its size.

        Raises:
            IndexDamaged: It is missing, or has another size.
        """
        with name_damaged(self.path):
            size = self.path.stat().st_size
            if size != self.record.bytes:
                raise pa.ArrowInvalid(f"it has {size:,} bytes instead of {self.record.bytes:,}")

    @cached_property
    def metadata(self) -> Any:
        """The `pyarrow.parquet.FileMetaData`, checked."""
        import pyarrow.parquet as pq

        self.check()
        with name_damaged(self.path):
            footer = _read_footer(self.path)
            if zlib.crc32(footer) != self.record.footer:
                raise pa.ArrowInvalid("its last bytes were changed")
            return pq.read_metadata(pa.BufferReader(footer))

    @cached_property
    def bounds(self) -> NDArray[Any]:
        """Minimum and maximum of the first column in each row group, shape (groups, 2)."""
        statistics = [self.metadata.row_group(group).column(0).statistics for group in range(self.groups)]
        dtype = self.metadata.schema.to_arrow_schema().field(0).type.to_pandas_dtype()
        return np.array([(item.min, item.max) for item in statistics], dtype).reshape(-1, 2)

    @property
    def groups(self) -> int:
        """Number of row groups."""
        return int(self.metadata.num_row_groups)

    @property
    def group_rows(self) -> int:
        """Rows of the first row group."""
        return int(self.metadata.row_group(0).num_rows) if self.groups else 1

    def read(self, groups: Sequence[int], columns: Sequence[str] | None = None) -> pa.Table:
        """Read row groups.

        Args:
            groups: Their numbers.
            columns: Columns to read; None for all.

        Raises:
            IndexDamaged: The file cannot be read.
        """
        import pyarrow.parquet as pq

        metadata = self.metadata
        # The file is opened each time, in less than a millisecond: many segments would need many open files.
        with name_damaged(self.path), pa.OSFile(os.fsencode(self.path)) as file:
            parquet = pq.ParquetFile(file, metadata=metadata, pre_buffer=False, page_checksum_verification=True)
            return parquet.read_row_groups(list(groups), columns, use_threads=False)

    def chunks(self, count: int) -> Iterator[pa.Table]:
        """Read the whole file, some row groups at a time.

        Args:
            count: Number of row groups.
        """
        for first in range(0, self.groups, count):
            yield self.read(range(first, min(first + count, self.groups)))


def read_parts(
    read: Callable[[NDArray[np.int64]], R], groups: NDArray[np.int64], count: int, workers: int
) -> Iterator[R]:
    """Read some row groups at a time, on threads if there are many; yield the results in order.

    Args:
        read: Reads row groups whose numbers it gets.
        groups: Numbers of all row groups to read, ascending, shape (n,).
        count: Number of row groups to read at a time.
        workers: Number of threads.
    """
    parts: Iterable[NDArray[np.int64]] = [groups[first : first + count] for first in range(0, groups.size, count)]
    return map(read, parts) if workers == 1 or groups.size <= count else map_in_order(read, parts, workers)
