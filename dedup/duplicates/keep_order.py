"""Sort documents into keep order: of two duplicates, the earlier one is kept."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.corpus import Corpus
from dedup.duplicates.units import Units
from dedup.errors import ColumnNotFound, SettingsError


def keep_precedence(keep: str, documents: Units, corpus: Corpus) -> NDArray[np.int64] | None:
    """Return the position of each document in keep order.

    Args:
        keep: "first", "longest" (in code points), COLUMN (smallest first) or -COLUMN (greatest first, nulls last).
        documents: The documents as units.
        corpus: The documents.

    Returns:
        Positions, shape (documents,); equal values keep their rank order. None for "first".

    Raises:
        ColumnNotFound: There is no such column.
        SettingsError: Its values have no order.
    """
    if keep == "first":
        return None
    if keep == "longest":
        return -documents.column("cut_end")
    name = keep.removeprefix("-")
    if name not in corpus.schema.names:
        raise ColumnNotFound(
            f"--keep {keep}: there is no column {name!r}. Use first, longest, or one of: "
            f"{', '.join(corpus.schema.names)}."
        )
    values = pa.chunked_array([batch.column(0) for _, batch in corpus.batches([name])], corpus.schema.field(name).type)
    table = pa.table({"value": values, "rank": np.arange(len(values))})
    direction: Literal["ascending", "descending"] = "descending" if keep.startswith("-") else "ascending"
    try:
        order = pc.sort_indices(table, sort_keys=[("value", direction), ("rank", "ascending")])  # nulls last
    except pa.ArrowNotImplementedError:
        raise SettingsError(
            f"--keep {keep}: values of type {values.type} have no order. Name another column."
        ) from None
    positions = np.empty(len(values), np.int64)
    positions[np.asarray(order)] = np.arange(len(values))
    return positions
