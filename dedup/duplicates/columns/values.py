"""Read the values of a column that an option names, and hash values."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus import Corpus
from dedup.errors import ColumnNotFound, SettingsError
from dedup.kernels.text.hashing import hash_texts
from dedup.kernels.text.token_hash import SEED
from dedup.runtime.arrow import buffers


def read_values(corpus: Corpus, name: str, option: str, *, unfit: str, others: str = "") -> pa.ChunkedArray:
    """Return the values of a column.

    Args:
        corpus: The documents.
        name: Name of the column.
        option: The option with its value, for messages.
        unfit: Why lists and structs cannot be used, for the message.
        others: Other values of the option, for the message, before the names of columns.

    Raises:
        ColumnNotFound: There is no such column.
        SettingsError: It contains lists or structs.
    """
    data_type = check_column(corpus, name, option, unfit=unfit, others=others)
    return pa.chunked_array([batch.column(0) for _, batch in corpus.batches([name])], data_type)


def check_column(corpus: Corpus, name: str, option: str, *, unfit: str, others: str = "") -> pa.DataType:
    """Return the type of a column whose values can be used; see `read_values`."""
    names = corpus.schema.names
    if name not in names:
        raise ColumnNotFound(f"{option}: there is no column {name!r}. Use {others}one of: {', '.join(names)}.")
    data_type = corpus.schema.field(name).type
    if pa.types.is_nested(data_type):
        raise SettingsError(f"{option}: values of type {data_type} {unfit}. Name another column.")
    return data_type


def hash_strings(values: pa.Array) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each text; null counts as the empty text.

    Args:
        values: UTF-8 texts, or bytes.

    Returns:
        Hashes, shape (texts,).

    >>> first, second, third = hash_strings(pa.array(["a", "b", "a"]))
    >>> bool(first == third), bool(first == second)
    (True, False)
    """
    data, offsets = buffers(values.cast(pa.large_binary()).fill_null(b""))
    hashes = np.empty(len(values), np.uint64)
    hash_texts(data, offsets[:-1], offsets[1:], SEED, hashes)
    return hashes
