"""Order and copy rows, by less code than the functions of NumPy, which Numba compiles for all that they can do."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel


@kernel
def stable_order(keys: NDArray[Any]) -> NDArray[np.int64]:
    """Return the indexes of numbers in ascending order, equal ones in order, by a merge sort.

    >>> stable_order(np.array([5, 1, 5, 1, 0])).tolist()
    [4, 1, 3, 0, 2]
    """
    count = keys.size
    order, merged = np.empty(count, np.int64), np.empty(count, np.int64)
    for index in range(count):
        order[index] = index
    width = 1
    while width < count:
        for start in range(0, count, 2 * width):
            middle, end = min(start + width, count), min(start + 2 * width, count)
            left, right = start, middle
            for at in range(start, end):
                if left < middle and (right == end or keys[order[left]] <= keys[order[right]]):
                    merged[at] = order[left]
                    left += 1
                else:
                    merged[at] = order[right]
                    right += 1
        order, merged = merged, order
        width *= 2
    return order


@kernel
def copy_bytes(source: NDArray[np.uint8], start: int, stop: int, target: NDArray[np.uint8], at: int) -> int:
    """Copy ``source[start:stop]`` to ``target[at:]``; return the index after the copy."""
    for index in range(stop - start):
        target[at + index] = source[start + index]
    return at + stop - start


@kernel
def grown(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a matrix of twice the length with the same rows at its beginning.

    >>> grown(np.array([[1, 2], [3, 4]])).shape
    (4, 2)
    """
    longer = np.empty((2 * rows.shape[0], rows.shape[1]), np.int64)
    for row in range(rows.shape[0]):
        for column in range(rows.shape[1]):
            longer[row, column] = rows[row, column]
    return longer


@kernel
def sort_pairs(rows: NDArray[np.int64], start: int, end: int, column: int) -> None:
    """Sort the values of two columns in place, as pairs.

    Args:
        rows: A matrix.
        start: First row.
        end: End of the rows.
        column: The first of two columns of numbers that are not negative and below 2**31: both make one number.
    """
    keys = np.empty(end - start, np.int64)
    for index in range(keys.size):
        keys[index] = rows[start + index, column] << 32 | rows[start + index, column + 1]
    order = stable_order(keys)
    for index in range(keys.size):
        key = keys[order[index]]
        rows[start + index, column], rows[start + index, column + 1] = key >> 32, key & 0xFFFFFFFF
