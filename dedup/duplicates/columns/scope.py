"""Group documents by a column, so that only documents with the same value are compared."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus import Corpus
from dedup.corpus.batches import as_large_string
from dedup.duplicates.columns.values import read_values

_ENCODED = pa.dictionary(pa.int32(), pa.large_string())


def column_values(per: str | None, corpus: Corpus) -> pa.ChunkedArray | None:
    """Return the values of a column as strings, dictionary-encoded; note documents without a value.

    Args:
        per: Name of the column; None compares all documents.
        corpus: The documents.

    Returns:
        The values, shape (documents,); None if all documents are compared.

    Raises:
        ColumnNotFound: There is no such column.
        SettingsError: Its values cannot be compared.
    """
    if per is None:
        return None
    values = read_values(corpus, per, f"--per {per}", unfit="cannot be compared")
    if values.null_count:
        corpus.add_note(
            f"--per {per}: {values.null_count:,} of {len(values):,} documents have no value; they are compared with "
            "each other only"
        )
    return encode_values(as_large_string(chunk) for chunk in values.chunks)


def encode_values(strings: Iterable[pa.Array]) -> pa.ChunkedArray:
    """Encode columns of strings with a dictionary each."""
    return pa.chunked_array([chunk.dictionary_encode() for chunk in strings], _ENCODED)


def scope_numbers(values: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return a number for each value, equal for equal values; null is a value too.

    Args:
        values: From `encode_values`, shape (n,).

    >>> scope_numbers(encode_values([pa.array(["a", None], pa.large_string())] * 2)).tolist()
    [0, -1, 0, -1]
    """
    numbers = [np.asarray(chunk.indices.fill_null(-1), np.int64) for chunk in values.unify_dictionaries().chunks]
    return np.concatenate([np.empty(0, np.int64), *numbers])
