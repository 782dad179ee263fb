"""Group documents by a column, so that only documents with the same value are compared."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus import Corpus
from dedup.duplicates.columns.values import read_values


def column_scope(per: str | None, corpus: Corpus) -> NDArray[np.int64] | None:
    """Return a number for each document, equal for equal values of a column; note documents without a value.

    Args:
        per: Name of the column; None compares all documents.
        corpus: The documents.

    Returns:
        Numbers, shape (documents,); the documents without a value have one too. None if all documents are compared.

    Raises:
        ColumnNotFound: There is no such column.
        SettingsError: Its values cannot be compared.
    """
    if per is None:
        return None
    values = read_values(corpus, per, f"--per {per}", unfit="cannot be compared")
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    encoded = pa.chunked_array(values.dictionary_encode(null_encoding="encode")).unify_dictionaries()
    if values.null_count:
        corpus.add_note(
            f"--per {per}: {values.null_count:,} of {len(values):,} documents have no value; they are compared with "
            "each other only"
        )
    numbers = [np.asarray(chunk.indices, np.int64) for chunk in encoded.chunks]
    return np.concatenate([np.empty(0, np.int64), *numbers])
