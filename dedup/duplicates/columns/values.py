"""Read the values of a column that an option names."""

import pyarrow as pa

from dedup.corpus import Corpus
from dedup.errors import ColumnNotFound, SettingsError


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
    names = corpus.schema.names
    if name not in names:
        raise ColumnNotFound(f"{option}: there is no column {name!r}. Use {others}one of: {', '.join(names)}.")
    data_type = corpus.schema.field(name).type
    if pa.types.is_nested(data_type):
        raise SettingsError(f"{option}: values of type {data_type} {unfit}. Name another column.")
    return pa.chunked_array([batch.column(0) for _, batch in corpus.batches([name])], data_type)
