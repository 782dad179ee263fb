"""Sort documents into keep order."""

from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.corpus import Corpus
from dedup.duplicates.units import CUT_END, Units
from dedup.errors import ColumnNotFound, SettingsError

if TYPE_CHECKING:
    pass


def keep_order(keep: str, documents: Units, corpus: Corpus) -> NDArray[np.int64]:
    """Order documents so that of two duplicates the earlier one stays; equals keep their rank.

    Args:
        keep: "first", "longest" (in code points), COLUMN (least first) or -COLUMN (greatest first, nulls last).
        documents: Their sketches.
        corpus: The documents.

    Returns:
        Rows in keep order, shape (documents,).

    Raises:
        ColumnNotFound: There is no such column.
        SettingsError: Its values have no order.
    """
    if keep == "first":
        return np.arange(len(documents))
    if keep == "longest":
        return np.argsort(-documents.column(CUT_END), kind="stable")
    name = keep.removeprefix("-")
    if name not in corpus.schema.names:
        raise ColumnNotFound(
            f"--keep {keep}: there is no column {name!r}; use first, longest, or one of: "
            f"{', '.join(corpus.schema.names)}."
        )
    values = pa.chunked_array([batch.column(0) for _, batch in corpus.batches([name])], corpus.schema.field(name).type)
    table = pa.table({"value": values, "rank": np.arange(len(values))})
    direction: Literal["ascending", "descending"] = "descending" if keep.startswith("-") else "ascending"
    try:
        order = pc.sort_indices(table, sort_keys=[("value", direction), ("rank", "ascending")])  # nulls last
    except pa.ArrowNotImplementedError:
        raise SettingsError(f"--keep {keep}: values of type {values.type} have no order; name another.") from None
    return np.asarray(order, np.int64)
