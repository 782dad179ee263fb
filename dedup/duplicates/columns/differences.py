"""Count the removed documents that differ from their kept document in columns other than the text, such as labels."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus import Corpus
from dedup.corpus.corpus import rows_of
from dedup.duplicates.columns.values import hash_strings
from dedup.duplicates.removals import Removals

_NULL = np.uint64(1)


def count_differences(corpus: Corpus, removals: Removals) -> dict[str, int]:
    """Return for each other column the number of removed documents whose value is not that of their kept document.

    Documents removed in favour of a reference are not counted, since its other columns are not read.

    Args:
        corpus: The documents.
        removals: The removals.

    Returns:
        Numbers by name of the column, in the order of the columns; without columns in which none differs.
    """
    names = [name for name in corpus.schema.names if name not in ("id", "path", "row", "text")]
    chosen = removals.is_document & removals.in_corpus
    removed, kept = removals.doc[chosen], removals.kept_doc[chosen]
    if not names or not removed.size:
        return {}
    docs = np.union1d(removed, kept)
    hashes = np.empty((len(names), docs.size), np.uint64)
    for ranks, batch in rows_of(corpus, names, docs):
        places = np.searchsorted(docs, ranks)
        for number, name in enumerate(names):
            hashes[number, places] = hash_values(batch.column(name))
    left, right = np.searchsorted(docs, removed), np.searchsorted(docs, kept)
    counts = (hashes[:, left] != hashes[:, right]).sum(axis=1).tolist()
    return {name: count for name, count in zip(names, counts, strict=True) if count}


def hash_values(values: pa.Array) -> NDArray[np.uint64]:
    """Hash the values of a column by their text, shape (values,)."""
    try:
        texts = values.cast(pa.large_binary() if pa.types.is_binary(values.type) else pa.large_string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # lists and structs
        texts = pa.array([None if value is None else repr(value) for value in values.to_pylist()], pa.large_string())
    hashes = hash_strings(texts)
    hashes[np.asarray(values.is_null())] = _NULL
    return hashes
