"""Hash ids and the contents of inputs."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.kernels.text.hashing import hash_texts
from dedup.kernels.text.tokens import SEED
from dedup.runtime.arrow import buffers


def hash_strings(values: pa.Array) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each text; null counts as the empty text.

    Args:
        values: UTF-8 texts.

    Returns:
        Hashes, shape (texts,).

    >>> first, second, third = hash_strings(pa.array(["a", "b", "a"]))
    >>> bool(first == third), bool(first == second)
    (True, False)
    """
    data, offsets = buffers(values.cast(pa.large_string()))
    hashes = np.empty(len(values), np.uint64)
    hash_texts(data, offsets[:-1], offsets[1:], SEED, hashes)
    return hashes


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
