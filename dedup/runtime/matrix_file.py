"""Arrays in files, so that memory does not grow with the corpus."""

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

CHUNK_BYTES = 16 << 20
# Linux caches a file in blocks as large as the writes, and maps a whole block when one byte of it is read: small
# writes keep the memory of scattered reads small.
WRITE_BYTES = 1 << 14


class MatrixFile:
    """A matrix in a file that grows by rows and is read in chunks or mapped.

    With a structured dtype and no width it is a table: a one-dimensional array of records.

    >>> import tempfile
    >>> squares = MatrixFile(Path(tempfile.mkdtemp()) / "squares", np.int64, 2)
    >>> squares.append(np.array([[1, 1], [2, 4]]))
    >>> squares.map()[1].tolist(), len(squares)
    ([2, 4], 2)
    """

    def __init__(self, path: Path, dtype: npt.DTypeLike, width: int | None = None) -> None:
        """Create an empty matrix.

        Args:
            path: File to create.
            dtype: Type of an element.
            width: Number of columns; None for a one-dimensional array.
        """
        self._describe(path, dtype, width)
        path.write_bytes(b"")

    @classmethod
    def open(cls, path: Path, dtype: npt.DTypeLike, width: int | None = None) -> "MatrixFile":
        """Open a matrix that another process wrote.

        Args:
            path: The file.
            dtype: Type of an element.
            width: Number of columns; None for a one-dimensional array.
        """
        matrix = cls.__new__(cls)
        matrix._describe(path, dtype, width)
        matrix._rows = path.stat().st_size // matrix._row_bytes if matrix._row_bytes else 0
        return matrix

    def _describe(self, path: Path, dtype: npt.DTypeLike, width: int | None) -> None:
        self.dtype = np.dtype(dtype)
        self.width = width
        self._shape = () if width is None else (width,)
        self._row_bytes = self.dtype.itemsize * (1 if width is None else width)
        self._path = path
        self._rows = 0
        self._map: mmap.mmap | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._rows

    def append(self, rows: npt.NDArray[Any]) -> None:
        """Append rows, shape (n, width), or (n,) for a width of 1 or None."""
        view = memoryview(np.ascontiguousarray(rows, self.dtype).view(np.uint8).data) if rows.size else memoryview(b"")
        view = view.cast("B")
        with self._path.open("ab", buffering=0) as file:
            while view:
                view = view[file.write(view[:WRITE_BYTES]) :]
        self._rows += len(rows)

    def chunks(self) -> Iterator[tuple[int, npt.NDArray[Any]]]:
        """Read the matrix from the start: (number of the first row, rows), at most 16 MiB at a time."""
        step = max(1, CHUNK_BYTES // max(1, self._row_bytes))
        with self._path.open("rb", buffering=0) as file:
            for first in range(0, self._rows, step):
                count = min(step, self._rows - first)
                elements = count if self.width is None else count * self.width
                yield first, np.fromfile(file, self.dtype, elements).reshape(count, *self._shape)

    def map(self) -> npt.NDArray[Any]:
        """Map the matrix into memory, read-only, shape (rows, width) or (rows,)."""
        if self._rows == 0 or self._row_bytes == 0:
            empty = np.empty((self._rows, *self._shape), self.dtype)
            empty.flags.writeable = False
            return empty
        if self._map is None or len(self._map) != self._rows * self._row_bytes:
            with self._path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return np.frombuffer(self._map, self.dtype).reshape(self._rows, *self._shape)

    def release(self) -> None:
        """Return the mapped pages to the system; they are read again when accessed."""
        if self._map is not None:
            self._map.madvise(mmap.MADV_DONTNEED)
