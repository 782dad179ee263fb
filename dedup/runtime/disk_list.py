"""Values on disk, the ones used last in memory: what grows with the corpus and is looked at more than once."""

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class DiskList(Generic[T]):
    """A list of values that are written once, in a file of this process, and read back by number.

    >>> import tempfile
    >>> with DiskList(Path(tempfile.mkdtemp()) / "disk_list", held=1) as disk_list:
    ...     disk_list.append("one")
    ...     disk_list.append("two")
    ...     disk_list[0], disk_list[1], len(disk_list)
    ('one', 'two', 2)
    """

    def __init__(self, path: Path, held: int) -> None:
        """Begin an empty list in a new file; so many values are held in memory."""
        self._file = path.open("wb+")
        self._places = [0]
        self._held: OrderedDict[int, T] = OrderedDict()
        self._most = held

    def __enter__(self) -> "DiskList[T]":
        """Begin to use it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._places) - 1

    def append(self, value: T) -> None:
        """Add a value."""
        self._file.seek(0, 2)
        self._file.write(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
        self._places.append(self._file.tell())

    def __getitem__(self, number: int) -> T:
        """Read a value."""
        if number in self._held:
            self._held.move_to_end(number)
            return self._held[number]
        start, end = self._places[number : number + 2]
        self._file.seek(start)
        value: T = pickle.loads(self._file.read(end - start))  # noqa: S301 - written by this very process
        self._held[number] = value
        if len(self._held) > self._most:
            self._held.popitem(last=False)
        return value
