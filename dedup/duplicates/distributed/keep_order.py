"""Sort documents by a column without collecting its values: by keys that have the same order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial, reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.corpus import Corpus
from dedup.corpus.types import is_binary, is_string
from dedup.duplicates.columns.keep_key import KeepKey, has_sortable_type, sortable
from dedup.duplicates.columns.keep_order import (
    OTHERS,
    UNFIT,
    UNORDERED,
    StringFormats,
    comparable,
    no_order,
    note_missing_values,
    ranked_strings,
    without_marks,
)
from dedup.duplicates.columns.values import check_column
from dedup.duplicates.distributed.plan import Plan
from dedup.duplicates.distributed.storage.stages import Stages
from dedup.engine.spark.jobs import Jobs
from dedup.errors import SettingsError

MOST_VALUES = 10_000_000
"""Maximum number of different values of the keep-order column, unless they are numbers or times of one format."""


@dataclass(frozen=True)
class Profile:
    """What decides how the values of a piece become keys."""

    missing: int
    """Number of documents without a value."""
    formats: StringFormats | None
    """Formats that the values have in common, if they are strings."""


def find_keep_key(jobs: Jobs, stages: Stages, plan: Plan, corpus: Corpus) -> KeepKey | None:
    """Return how the column of the keep order becomes keys; None if no column decides it.

    Args:
        jobs: Runs the tasks that read the values.
        stages: Receives the stages.
        plan: The run.
        corpus: The documents; receives notes.

    Raises:
        ColumnNotFound: There is no such column.
        SettingsError: Its values have no order.
    """
    if not plan.settings.keeps_by_column:
        return None
    keep, step = plan.settings.keep, "read the keep order"
    column, descending = keep.removeprefix("-"), keep.startswith("-")
    data_type = check_column(corpus, column, f"--keep {keep}", unfit=UNFIT, others=OTHERS)
    is_text = is_string(data_type) or is_binary(data_type)
    if is_text or has_sortable_type(data_type):
        profiles: list[Profile] = stages.run(
            step, lambda: jobs.tasks(step, plan.pieces, partial(profile_piece, plan, column))
        )
        cast_type = None
        if is_text and column not in corpus.json_columns:
            cast_type = reduce(StringFormats.joined, (item.formats for item in profiles if item.formats)).data_type
        if cast_type is not None or not is_text:
            note_missing_values(keep, corpus, sum(item.missing for item in profiles))
            return KeepKey(column, descending, cast_type)
    counts = stages.run("count the keep order", lambda: _count_values(jobs, plan, column))
    ranks = _ranks(keep, counts["values"], corpus, column in corpus.json_columns)
    note_missing_values(keep, corpus, int(counts["counts"].to_numpy()[ranks < 0].sum()))
    return KeepKey(column, descending, None, counts["values"].combine_chunks(), ranks)


def profile_piece(plan: Plan, column: str, number: int) -> Profile:
    """Return what decides how the values of a piece become keys.

    Args:
        plan: The run.
        column: Name of the column.
        number: Number of the piece.
    """
    values = _values(plan, column, number)
    if is_string(values.type):
        return Profile(without_marks(values).null_count, StringFormats.of(pa.chunked_array([values])))
    if is_binary(values.type):
        return Profile(values.null_count, StringFormats(frozenset(), frozenset(), frozenset((0,))))
    return Profile(int(sortable(values)[1].sum()), None)


def count_piece_values(plan: Plan, column: str, number: int) -> pa.Table:
    """Return the distinct values of a piece, and the number of documents with each."""
    counted = pc.value_counts(_values(plan, column, number))
    return pa.table({"values": counted.field(0), "counts": counted.field(1)})


def _values(plan: Plan, column: str, number: int) -> pa.Array:
    with plan.task(number) as (_, run):
        chunks = [batch.column(0) for _, batch in run.corpus.batches([column])]
    return comparable(pa.concat_arrays(chunks))


def _count_values(jobs: Jobs, plan: Plan, column: str) -> pa.Table:
    """Return the distinct values of all pieces, and the number of documents with each."""
    step = "count the keep order"
    parts = jobs.tasks(step, plan.pieces, partial(count_piece_values, plan, column))
    if sum(part.num_rows for part in parts) > MOST_VALUES:
        raise SettingsError(
            f"--keep {plan.settings.keep}: the column has more than {MOST_VALUES:,} different values that are neither "
            "numbers nor times of the same format. Use another column, first or longest."
        )
    if any(is_binary(part.schema.field("values").type) for part in parts):  # some values are not UTF-8
        as_bytes = pa.schema([("values", pa.large_binary()), ("counts", pa.int64())])
        parts = [part.cast(as_bytes) for part in parts]
    counted = pa.concat_tables(parts).group_by("values").aggregate([("counts", "sum")])
    return pa.table({"values": counted["values"], "counts": counted["counts_sum"]})


def _ranks(keep: str, values: pa.ChunkedArray, corpus: Corpus, is_json: bool) -> NDArray[np.int64]:
    """Return the position of each distinct value in ascending order, shape (values,); -1 for a missing value."""
    ordered = ranked_strings(keep, values, corpus, is_json, distinct=True) if is_string(values.type) else values
    flat = ordered.combine_chunks()
    try:
        order = pc.sort_indices(flat)  # nulls last
    except UNORDERED:
        raise no_order(keep, values.type) from None
    ascending = flat.take(order)
    is_new = pc.fill_null(pc.not_equal(ascending[1:], ascending[:-1]), fill_value=True)
    ranks = np.empty(len(flat), np.int64)
    ranks[order.to_numpy()] = np.concatenate(([0], np.cumsum(is_new.to_numpy(zero_copy_only=False))))[: len(flat)]
    ranks[np.asarray(flat.is_null())] = -1
    return ranks
