"""Rows of tables in groups of different sizes, such as the sentences of documents, in memory and in files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

from dedup.runtime.matrix_file import MatrixFile


class RowGroups(NamedTuple):
    """Rows in groups."""

    rows: NDArray[Any]
    """The rows of all groups, one after the other, shape (rows,)."""
    offsets: NDArray[np.int64]
    """Index of the first row of each group, and the number of rows, shape (groups + 1,)."""


def offsets_of(sizes: NDArray[np.signedinteger[Any]]) -> NDArray[np.int64]:
    """Return the index of the first row of each group, and the number of rows, shape (groups + 1,).

    >>> offsets_of(np.array([2, 1])).tolist()
    [0, 2, 3]
    """
    offsets = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    return offsets


class RowGroupWriter:
    """Writes groups of rows to a file; see `RowGroupReader`."""

    def __init__(self, path: Path, dtype: npt.DTypeLike) -> None:
        """Create the file.

        Args:
            path: The file; the offsets of the groups are written beside it.
            dtype: Type of a row.
        """
        self._rows = MatrixFile(path, dtype)
        self._offsets = MatrixFile(offsets_path(path), np.int64)
        self._offsets.append(np.zeros(1, np.int64))

    def append(self, groups: RowGroups) -> None:
        """Append groups."""
        self._offsets.append(groups.offsets[1:] + len(self._rows))
        self._rows.append(groups.rows)


class RowGroupReader:
    """Groups of rows in a file that is complete.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "numbers"
    >>> RowGroupWriter(path, np.int64).append(RowGroups(np.array([1, 2, 3]), np.array([0, 2, 3])))
    >>> reader = RowGroupReader(path, np.int64)
    >>> reader[0].tolist(), reader.rows.tolist()
    ([1, 2], [1, 2, 3])
    """

    def __init__(self, path: Path, dtype: npt.DTypeLike) -> None:
        """Open the file.

        Args:
            path: The file.
            dtype: Type of a row.
        """
        self.dtype = np.dtype(dtype)
        self.offsets: NDArray[np.int64] = np.fromfile(offsets_path(path), np.int64)
        self._file = MatrixFile.open(path, dtype)
        self.rows = self._file.map()
        """The rows of all groups, read-only, shape (rows,)."""
        self._bounds: list[int] = self.offsets.tolist()

    def __getitem__(self, group: int) -> NDArray[Any]:
        """Return the rows of a group."""
        return self.rows[self._bounds[group] : self._bounds[group + 1]]

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.offsets) - 1

    def chunks(self) -> Iterator[NDArray[Any]]:
        """Read all rows in order, in chunks."""
        for _, rows in self._file.chunks():
            yield rows

    def release(self) -> None:
        """Return the mapped pages to the system; they are read again when accessed."""
        self._file.release()


def offsets_path(path: Path) -> Path:
    """Return the file that is written beside a file of groups of rows, with the offsets of the groups.

    >>> offsets_path(Path("links")).name
    'links.offsets'
    """
    return path.with_name(f"{path.name}.offsets")
