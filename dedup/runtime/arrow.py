"""Convert between Arrow columns and NumPy arrays without copying.

Unlike `pyarrow.Array.to_numpy` and `pyarrow.array`, these functions do not import pandas where it is installed, which
takes longer than a query of an index.
"""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def text_array(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> pa.LargeStringArray:
    """Wrap bytes and offsets as a column of texts, without copying."""
    return pa.LargeStringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))


def buffers(texts: pa.LargeStringArray) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the bytes and offsets of a column of texts, without copying; null texts count as empty.

    Args:
        texts: UTF-8 texts.

    Returns:
        The bytes, and the offset of each text and the end of the last, shape (texts + 1,).
    """
    if texts.null_count:
        texts = texts.fill_null("")
    _, offsets, data = texts.buffers()
    first = texts.offset
    return (
        np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8),
        np.frombuffer(offsets, np.int64)[first : first + len(texts) + 1] if len(texts) else np.zeros(1, np.int64),
    )


def numbers(column: pa.ChunkedArray) -> NDArray[Any]:
    """Return a column of integers without nulls, shape (rows,).

    >>> numbers(pa.chunked_array([[1, 2], [3]]))
    array([1, 2, 3])
    """
    array = column.combine_chunks()
    dtype = np.dtype(array.type.to_pandas_dtype())
    data = array.buffers()[1]
    return np.frombuffer(data, dtype)[array.offset : array.offset + len(array)] if len(array) else np.empty(0, dtype)


def number_array(values: NDArray[np.int64]) -> pa.Int64Array:
    """Wrap integers as a column, shape (rows,)."""
    return pa.Int64Array.from_buffers(pa.int64(), values.size, [None, pa.py_buffer(np.ascontiguousarray(values))])
