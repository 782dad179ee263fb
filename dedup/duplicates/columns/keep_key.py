"""Keys that have the order of the values of a column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.corpus.types import is_binary
from dedup.duplicates.columns.keep_order import comparable, without_marks, without_nan

_SIGN = np.int64(np.iinfo(np.int64).min)


@dataclass(frozen=True)
class KeepKey:
    """How the values of a column become keys that are sorted as numbers."""

    column: str
    """Name of the column."""
    descending: bool
    """Whether the greatest value comes first."""
    data_type: pa.DataType | None = None
    """Type that strings are cast to; None: the values are numbers or times."""
    values: pa.Array | None = None
    """All values of the column, if their order is not that of numbers or times."""
    ranks: NDArray[np.int64] | None = None
    """Position of each of them, shape (values,); negative for those that count as missing."""

    def keys(self, values: pa.Array) -> pa.Array:
        """Return an int64 for each value, smallest first in keep order; null for a missing value, which comes last.

        >>> KeepKey("score", descending=True).keys(pa.array([0.5, float("nan"), -1.0, 2.0])).is_null().to_pylist()
        [False, True, False, False]
        """
        if self.values is not None and self.ranks is not None:
            known = comparable(values)
            known = known.cast(self.values.type) if is_binary(self.values.type) else known
            places = pc.index_in(known, value_set=self.values)
            missing = np.asarray(places.is_null())
            numbers = self.ranks[np.where(missing, 0, places.fill_null(0).to_numpy(zero_copy_only=False))]
            missing = missing | (numbers < 0)
        else:
            typed = values if self.data_type is None else without_marks(comparable(values)).cast(self.data_type)
            numbers, missing = sortable(typed)
        return pa.array(~numbers if self.descending else numbers, mask=missing)


def has_sortable_type(data_type: pa.DataType) -> bool:
    """Return whether the values of a type can be sorted as numbers of 64 bits."""
    t = pa.types
    return bool(
        t.is_integer(data_type) or t.is_floating(data_type) or t.is_boolean(data_type) or t.is_temporal(data_type)
    )


def sortable(values: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return integers that have the order of numbers or times, and whether each is missing, shape (values,).

    The bits of a float that is not negative have its order as an integer; those of a negative one have the opposite.

    >>> sortable(pa.array([-1.5, -0.0, 0.0, 2.0]))[0].argsort(kind="stable").tolist()
    [0, 1, 2, 3]
    """
    if pa.types.is_floating(values.type):
        values = without_nan(values)
        floats = values.fill_null(0).to_numpy(zero_copy_only=False) + 0.0  # -0.0 becomes 0.0
        bits = floats.view(np.int64)
        return np.where(bits < 0, ~bits ^ _SIGN, bits), np.asarray(values.is_null())
    missing = np.asarray(values.is_null())
    if pa.types.is_uint64(values.type):
        unsigned = values.fill_null(0).to_numpy(zero_copy_only=False)
        return unsigned.view(np.int64) ^ _SIGN, missing
    if pa.types.is_time32(values.type) or pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    return values.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False), missing
