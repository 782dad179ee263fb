"""Group documents by a column, so that only documents with the same value are compared."""

import json
from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus import Corpus
from dedup.corpus.batches import as_large_string
from dedup.corpus.types import is_binary, is_string, plain_type
from dedup.duplicates.columns.values import read_values

UNFIT = "cannot be compared"
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
    values = read_values(corpus, per, f"--per {per}", unfit=UNFIT)
    note_missing_values(per, corpus, values.null_count)
    return encode_values(value_texts(chunk, per in corpus.json_columns) for chunk in values.chunks)


def note_missing_values(per: str, corpus: Corpus, count: int) -> None:
    """Add a note on the documents that have no value in the column of ``--per``."""
    if count:
        corpus.add_note(
            f"--per {per}: {count:,} of {corpus.rows:,} documents have no value; they are compared only with each other"
        )


def value_texts(values: pa.Array, is_json: bool) -> pa.Array:
    """Return values as texts that do not depend on the type of the column: 2020, "2020" and 2020.0 are "2020".

    The same documents are thus compared whether inputs with different types are read together, when the values become
    JSON, or one after the other.

    Args:
        values: Values of any type except lists and structs.
        is_json: Whether they are JSON texts, since their types differ.

    Returns:
        Large strings, null for null.

    >>> value_texts(pa.array(["2020", '"2020"', "2020.0", "true"]), True).to_pylist()
    ['2020', '2020', '2020', 'true']
    """
    values = values.cast(plain_type(values.type))
    if is_binary(values.type) or (is_string(values.type) and not is_json):
        return as_large_string(values)
    encoded = values.dictionary_encode()
    try:
        texts = [_text_of(json.loads(value) if is_json else value) for value in encoded.dictionary.to_pylist()]
    except ValueError:  # times in nanoseconds, which Python does not support
        return values.cast(pa.large_string())
    return pa.array(texts, pa.large_string()).take(encoded.indices)


def _text_of(value: object) -> str:
    """Return a value as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal) and value == value // 1:
        return str(int(value))
    return str(value)


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
