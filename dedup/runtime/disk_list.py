"""Store a list of values on disk, with a cache in memory."""

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class DiskList(Generic[T]):
    """A list that is stored in a file; the values read last are cached in memory.

    >>> import tempfile
    >>> with DiskList(Path(tempfile.mkdtemp()) / "disk_list", cache_size=1) as disk_list:
    ...     disk_list.append("one")
    ...     disk_list.append("two")
    ...     disk_list[0], disk_list[1], len(disk_list)
    ('one', 'two', 2)
    """

    def __init__(self, path: Path, cache_size: int) -> None:
        """Create an empty list.

        Args:
            path: The file to create.
            cache_size: Number of values in memory.
        """
        self._file = path.open("wb+")
        self._offsets = [0]
        self._cache: OrderedDict[int, T] = OrderedDict()
        self._cache_size = cache_size

    def __enter__(self) -> "DiskList[T]":
        """Return the list."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self._offsets) - 1

    def append(self, value: T) -> None:
        """Append a value, which must be picklable."""
        self._file.seek(0, 2)
        self._file.write(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
        self._offsets.append(self._file.tell())

    def __getitem__(self, index: int) -> T:
        """Return a value, from memory or from the file."""
        if index in self._cache:
            self._cache.move_to_end(index)
            return self._cache[index]
        start, end = self._offsets[index : index + 2]
        self._file.seek(start)
        value: T = pickle.loads(self._file.read(end - start))  # noqa: S301 - written by this process
        self._cache[index] = value
        if len(self._cache) > self._cache_size:
            self._cache.popitem(last=False)
        return value
