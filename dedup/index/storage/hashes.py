"""Hash ids."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.columns.values import hash_strings


def hash_ids(values: pa.Array, first_doc: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the hashes of the ids that are not null, and the ranks of their documents, shape (ids,) each.

    Args:
        values: The ids of consecutive documents.
        first_doc: Rank of the first document.

    >>> hash_ids(pa.array(["a", None, "b"]), 10)[1].tolist()
    [10, 12]
    """
    given = values.is_valid().to_numpy(zero_copy_only=False)
    return hash_strings(values)[given], first_doc + np.flatnonzero(given)
