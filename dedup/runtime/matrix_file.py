"""Where growing things go, so that memory does not grow with the corpus: flat files and a spilling database."""

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    pass

CHUNK_BYTES = 16 << 20
# Linux caches a file in blocks as large as the writes were, and maps a whole block when one of its bytes is looked at:
# small writes keep small what a look takes.
PIECE = 1 << 14


class Spool:
    """A matrix that grows by rows in a file, and is read back in chunks or mapped.

    >>> import tempfile
    >>> spool = Spool(Path(tempfile.mkdtemp()) / "squares", np.int64, 2)
    >>> spool.append(np.array([[1, 1], [2, 4]]))
    >>> spool.map()[1].tolist(), len(spool)
    ([2, 4], 2)
    """

    def __init__(self, path: Path, dtype: npt.DTypeLike, width: int) -> None:
        """Begin an empty matrix of so many columns in a new file."""
        self.dtype = np.dtype(dtype)
        self.width = width
        self._path = path
        self._rows = 0
        path.write_bytes(b"")
        self._map: mmap.mmap | None = None

    def __len__(self) -> int:
        """How many rows there are."""
        return self._rows

    def append(self, rows: npt.NDArray[Any]) -> None:
        """Add rows, shape (n, width) or (n,) for a width of 1."""
        view = memoryview(np.ascontiguousarray(rows, self.dtype).data).cast("B") if rows.size else memoryview(b"")
        with self._path.open("ab", buffering=0) as file:
            while view:
                view = view[file.write(view[:PIECE]) :]
        self._rows += len(rows)

    def chunks(self) -> Iterator[tuple[int, npt.NDArray[Any]]]:
        """Read the matrix from the start: (number of the first row, rows), at most 16 MiB at a time."""
        step = max(1, CHUNK_BYTES // max(1, self.dtype.itemsize * self.width))
        with self._path.open("rb", buffering=0) as file:
            for first in range(0, self._rows, step):
                count = min(step, self._rows - first)
                yield first, np.fromfile(file, self.dtype, count * self.width).reshape(count, self.width)

    def map(self) -> npt.NDArray[Any]:
        """Map the matrix, read only, shape (rows, width)."""
        if self._rows == 0 or self.width == 0:
            return np.empty((self._rows, self.width), self.dtype)
        if self._map is None or len(self._map) != self._rows * self.width * self.dtype.itemsize:
            with self._path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return np.frombuffer(self._map, self.dtype).reshape(self._rows, self.width)

    def release(self) -> None:
        """Give the mapped pages back to the system; they are read again when touched."""
        if self._map is not None:
            self._map.madvise(mmap.MADV_DONTNEED)
