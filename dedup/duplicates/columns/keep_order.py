"""Sort documents by a column: of two duplicates, the earlier one is kept."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.corpus import Corpus
from dedup.corpus.corpus import ids_of
from dedup.corpus.types import is_binary, is_string
from dedup.corpus.values.missing import NO_VALUE_MARKS
from dedup.corpus.values.order import COMPACT_DATE_LENGTHS, NoOrder, rank_strings
from dedup.duplicates.columns.values import read_values
from dedup.errors import SettingsError

_ELSE = "or use another column, first or longest"
_LONGEST_EXAMPLE = 40

_MARK_SPELLINGS = sorted({spelled for mark in NO_VALUE_MARKS for spelled in (mark, mark.upper(), mark.title())})
# Strings that Arrow reads as `parse_number` and `parse_instant` do, and whose order as 64-bit numbers is exact: a float
# distinguishes decimals of 15 digits.
_INTEGER = r"^-?[0-9]{1,18}$"
_DECIMAL = r"^-?(?:[0-9]{1,15}|[0-9]{1,7}\.[0-9]{1,8})$"
_DAY = r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
_ARROW_FORMATS = (
    (_INTEGER, pa.int64()),
    (_DECIMAL, pa.float64()),
    (rf"^{_DAY}$", pa.date32()),
    (rf"^{_DAY}[ T]{_TIME}$", pa.timestamp("us")),
    (rf"^{_DAY}[ T]{_TIME}(?:Z|[+-][01][0-9]:?[0-5][0-9])$", pa.timestamp("us", "UTC")),
)


def column_precedence(keep: str, corpus: Corpus) -> NDArray[np.int64] | None:
    """Return the position of each document in the order of a column, and add notes on its values to the report.

    Values are compared as numbers, dates, booleans or text; see `rank_strings`. Documents without a value come last in
    both directions.

    Args:
        keep: COLUMN (smallest first), -COLUMN (greatest first), "first" or "longest".
        corpus: The documents.

    Returns:
        Positions, shape (documents,); equal values keep their rank order. None for "first" and "longest".

    Raises:
        ColumnNotFound: There is no such column.
        SettingsError: Its values have no order.
    """
    if keep in ("first", "longest"):
        return None
    name = keep.removeprefix("-")
    values = read_values(corpus, name, f"--keep {keep}", unfit="have no order", others="first, longest, or ")
    if is_binary(values.type):
        with suppress(pa.ArrowInvalid):  # not UTF-8: compared by bytes
            values = values.cast(pa.large_binary()).cast(pa.large_string())
    if is_string(values.type):
        values = _ordered_strings(keep, values.cast(pa.large_string()), corpus, name in corpus.json_columns)
    elif pa.types.is_floating(values.type):
        values = values.cast(pa.float64())
        values = pc.if_else(pc.is_nan(values), pa.scalar(None, pa.float64()), values)
    if values.null_count:
        corpus.add_note(
            f"--keep {keep}: {values.null_count:,} of {len(values):,} documents have no value and come last"
        )
    return _positions(keep, values)


def _positions(keep: str, values: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return the position of each value in the order of a typed column, nulls last."""
    direction: Literal["ascending", "descending"] = "descending" if keep.startswith("-") else "ascending"
    table = pa.table({"value": values, "rank": np.arange(len(values))})
    try:
        order = pc.sort_indices(table, sort_keys=[("value", direction), ("rank", "ascending")])  # nulls last
    except (pa.ArrowNotImplementedError, pa.ArrowTypeError):
        raise SettingsError(
            f"--keep {keep}: values of type {values.type} have no order. Name another column."
        ) from None
    positions = np.empty(len(values), np.int64)
    positions[np.asarray(order)] = np.arange(len(values))
    return positions


def _ordered_strings(keep: str, strings: pa.ChunkedArray, corpus: Corpus, is_json: bool) -> pa.ChunkedArray:
    """Return numbers or times that have the order of strings; null for a missing value."""
    typed = None if is_json else cast_strings(strings)
    if typed is not None:
        return typed
    encoded = pa.chunked_array(strings.dictionary_encode()).combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):  # no chunk
        encoded = pa.array([], pa.dictionary(pa.int32(), pa.large_string()))
    codes = encoded.indices
    try:
        ranking = rank_strings(encoded.dictionary, is_json)
    except NoOrder as error:
        raise SettingsError(_describe(keep, error, codes, encoded.dictionary, corpus)) from None
    for note in ranking.notes:
        corpus.add_note(f"--keep {keep}: {note}")
    ranks = pa.array(ranking.ranks, mask=ranking.ranks < 0).take(codes)
    return pa.chunked_array([ranks])


def cast_strings(strings: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Cast strings of the same plain format to numbers or times of the same order, and marks of no value to null.

    Args:
        strings: A column of large strings.

    Returns:
        The column; None if the strings have to be read by `rank_strings`.

    >>> cast_strings(pa.chunked_array([pa.array(["10", "", "9"], pa.large_string())])).to_pylist()
    [10, None, 9]
    """
    missing = pc.is_in(strings, value_set=pa.array(_MARK_SPELLINGS, strings.type))
    if pc.any(missing).as_py():
        strings = pc.if_else(missing, pa.scalar(None, strings.type), strings)
    sample = strings.drop_null().slice(0, 1)
    for pattern, data_type in _ARROW_FORMATS if len(sample) else ():
        if all(pc.all(pc.match_substring_regex(part, pattern)).as_py() for part in (sample, strings)):
            if pa.types.is_integer(data_type) and _may_be_compact_dates(strings):
                return None
            try:
                return strings.cast(data_type)
            except pa.ArrowInvalid:  # a day or time that does not exist
                return None
    return None


def _may_be_compact_dates(integers: pa.ChunkedArray) -> bool:
    """Return whether integers have several lengths, all of them lengths of years or compact dates."""
    lengths = set(pc.unique(pc.binary_length(integers)).to_pylist()) - {None}
    return len(lengths) > 1 and lengths <= COMPACT_DATE_LENGTHS


def _describe(keep: str, error: NoOrder, codes: pa.Array, values: pa.Array, corpus: Corpus) -> str:
    """Return the message of values without a common order, with the number of each group and an example."""
    groups = "; ".join(_describe_group(noun, found, codes, values, corpus) for noun, found in error.groups)
    return f"--keep {keep}: {error.problem} ({groups}). {error.advice}, {_ELSE}."


def _describe_group(
    noun: str, found: NDArray[np.int64] | Sequence[int], codes: pa.Array, values: pa.Array, corpus: Corpus
) -> str:
    is_found = np.zeros(len(values) + 1, np.bool_)  # the last is for null
    is_found[np.asarray(found)] = True
    ranks = np.flatnonzero(is_found[np.asarray(codes.fill_null(len(values)))])
    example = values[codes[int(ranks[0])].as_py()].as_py()
    short = example if len(example) <= _LONGEST_EXAMPLE else example[:_LONGEST_EXAMPLE] + "…"
    identity = ids_of(corpus, ranks[:1])[0].as_py()
    return f"{noun}: {ranks.size:,}, such as {short!r} (document {identity!r})"
