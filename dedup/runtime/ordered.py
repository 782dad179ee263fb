"""Find equal neighbours in ordered arrays."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Integer = TypeVar("Integer", bound=np.integer[Any])


def first_of_runs(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    """Return whether each row differs from the row before in any of the columns, shape (rows,).

    Args:
        columns: Arrays of shape (rows,).

    >>> first_of_runs(np.array([1, 1, 2, 2]), np.array([5, 5, 5, 6])).tolist()
    [True, False, True, True]
    """
    rows = columns[0].size
    differs = np.ones(rows, np.bool_)
    if rows:
        differs[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return differs


def bounds_of_runs(*columns: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Yield the first row of each run of equal rows, and one past its last row.

    Args:
        columns: Arrays of shape (rows,).

    >>> list(bounds_of_runs(np.array([1, 1, 2, 2, 2])))
    [(0, 2), (2, 5)]
    """
    starts = [*np.flatnonzero(first_of_runs(*columns)).tolist(), columns[0].size]
    yield from pairwise(starts)


def distinct(values: NDArray[Integer]) -> NDArray[Integer]:
    """Return the distinct values, ascending, shape (distinct,).

    `np.unique` of NumPy 2 hashes integers, which takes longer than sorting them.

    >>> distinct(np.array([3, 1, 3], np.uint64))
    array([1, 3], dtype=uint64)
    """
    ordered = np.sort(values)
    return ordered[first_of_runs(ordered)]
