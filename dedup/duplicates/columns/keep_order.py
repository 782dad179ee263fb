"""Sort documents by a column: of two duplicates, the earlier one is kept."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
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

# Errors of pyarrow for values that cannot be sorted.
UNORDERED = (pa.ArrowNotImplementedError, pa.ArrowTypeError)
UNFIT, OTHERS = "have no order", "first, longest, or "
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


def column_precedence(keep: str, corpus: Corpus) -> NDArray[np.int64]:
    """Return the position of each document in the order of a column, and add notes on its values to the report.

    Values are compared as numbers, dates, booleans or text; see `rank_strings`. Documents without a value come last in
    both directions.

    Args:
        keep: COLUMN (smallest first) or -COLUMN (greatest first).
        corpus: The documents.

    Returns:
        Positions, shape (documents,); equal values keep their rank order.

    Raises:
        ColumnNotFound: There is no such column.
        SettingsError: Its values have no order.
    """
    name = keep.removeprefix("-")
    values = read_values(corpus, name, f"--keep {keep}", unfit=UNFIT, others=OTHERS)
    values = comparable(values)
    if is_string(values.type):
        values = _ordered_strings(keep, values, corpus, name in corpus.json_columns)
    elif pa.types.is_floating(values.type):
        values = without_nan(values)
    note_missing_values(keep, corpus, values.null_count)
    return _positions(keep, values)


def comparable(values: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Return bytes that are UTF-8 as strings, and strings with 64-bit offsets."""
    if is_binary(values.type):
        with suppress(pa.ArrowInvalid):  # not UTF-8: compared by bytes
            return values.cast(pa.large_binary()).cast(pa.large_string())
        return values.cast(pa.large_binary())
    return values.cast(pa.large_string()) if is_string(values.type) else values


def without_nan(values: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Return floats of 64 bits with null for NaN."""
    values = values.cast(pa.float64())
    return pc.if_else(pc.is_nan(values), pa.scalar(None, pa.float64()), values)


def no_order(keep: str, data_type: pa.DataType) -> SettingsError:
    """Return the error that values of a type cannot be sorted."""
    return SettingsError(f"--keep {keep}: values of type {data_type} have no order. Name another column.")


def note_missing_values(keep: str, corpus: Corpus, count: int) -> None:
    """Add a note on the documents that have no value in the column of the keep order."""
    if count:
        corpus.add_note(f"--keep {keep}: {count:,} of {corpus.rows:,} documents have no value and come last")


def _positions(keep: str, values: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return the position of each value in the order of a typed column, nulls last."""
    direction: Literal["ascending", "descending"] = "descending" if keep.startswith("-") else "ascending"
    table = pa.table({"value": values, "rank": np.arange(len(values))})
    try:
        order = pc.sort_indices(table, sort_keys=[("value", direction), ("rank", "ascending")])  # nulls last
    except UNORDERED:
        raise no_order(keep, values.type) from None
    positions = np.empty(len(values), np.int64)
    positions[np.asarray(order)] = np.arange(len(values))
    return positions


def _ordered_strings(keep: str, strings: pa.ChunkedArray, corpus: Corpus, is_json: bool) -> pa.ChunkedArray:
    """Return numbers or times that have the order of strings; null for a missing value."""
    typed = None if is_json else cast_strings(strings)
    return ranked_strings(keep, strings, corpus, is_json) if typed is None else typed


def ranked_strings(
    keep: str, strings: pa.ChunkedArray, corpus: Corpus, is_json: bool, *, distinct: bool = False
) -> pa.ChunkedArray:
    """Return numbers that have the order of strings of any format; null for a missing value.

    Args:
        keep: Value of the option.
        strings: The values of the documents.
        corpus: The documents.
        is_json: Whether the values are JSON.
        distinct: Whether these are the distinct values instead, not one for each document.

    Raises:
        SettingsError: The values have no common order.
    """
    encoded = pa.chunked_array(strings.dictionary_encode()).combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):  # no chunk
        encoded = pa.array([], pa.dictionary(pa.int32(), pa.large_string()))
    codes = encoded.indices
    try:
        ranking = rank_strings(encoded.dictionary, is_json)
    except NoOrder as error:
        raise SettingsError(_describe(keep, error, codes, encoded.dictionary, None if distinct else corpus)) from None
    for note in ranking.notes:
        corpus.add_note(f"--keep {keep}: {note}")
    ranks = pa.array(ranking.ranks, mask=ranking.ranks < 0).take(codes)
    return pa.chunked_array([ranks])


def cast_strings(strings: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Cast strings of the same plain format to numbers or times of the same order, and marks of missing values to null.

    Args:
        strings: A column of large strings.

    Returns:
        The column; None if the strings have to be read by `rank_strings`.

    >>> cast_strings(pa.chunked_array([pa.array(["10", "", "9"], pa.large_string())])).to_pylist()
    [10, None, 9]
    """
    strings = without_marks(strings)
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


def without_marks(strings: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Return strings with null for marks of missing values."""
    missing = pc.is_in(strings, value_set=pa.array(_MARK_SPELLINGS, strings.type))
    return pc.if_else(missing, pa.scalar(None, strings.type), strings) if pc.any(missing).as_py() else strings


def _may_be_compact_dates(integers: pa.ChunkedArray) -> bool:
    """Return whether integers have several lengths, all of them lengths of years or compact dates."""
    return _are_compact_dates(_lengths(integers))


def _lengths(strings: pa.ChunkedArray) -> frozenset[int]:
    return frozenset(pc.unique(pc.binary_length(strings)).to_pylist()) - {None}


def _are_compact_dates(lengths: frozenset[int]) -> bool:
    return len(lengths) > 1 and lengths <= COMPACT_DATE_LENGTHS


@dataclass(frozen=True)
class StringFormats:
    """The plain formats that some strings have in common; those of several parts can be joined."""

    matching: frozenset[int]
    """Formats of all strings: indices into `_ARROW_FORMATS`."""
    readable: frozenset[int]
    """Those in which all strings can be read; a day may not exist."""
    lengths: frozenset[int]
    """Lengths of the strings."""

    @classmethod
    def of(cls, strings: pa.ChunkedArray) -> "StringFormats":
        """Return the formats of a column of large strings, apart from marks of missing values."""
        strings = without_marks(strings)
        numbers = range(len(_ARROW_FORMATS))
        matching = [
            number
            for number in numbers
            if pc.all(pc.match_substring_regex(strings, _ARROW_FORMATS[number][0])).as_py() is not False
        ]
        readable = []
        for number in matching:
            with suppress(pa.ArrowInvalid):
                strings.cast(_ARROW_FORMATS[number][1])
                readable.append(number)
        return cls(frozenset(matching), frozenset(readable), _lengths(strings))

    def joined(self, others: "StringFormats") -> "StringFormats":
        """Return the formats of these strings and others."""
        return StringFormats(
            self.matching & others.matching, self.readable & others.readable, self.lengths | others.lengths
        )

    @property
    def data_type(self) -> pa.DataType | None:
        """The type to which `cast_strings` casts the strings; None if they have to be read by `rank_strings`."""
        if not self.lengths or not self.matching:
            return None
        number = min(self.matching)
        data_type = _ARROW_FORMATS[number][1]
        is_date = pa.types.is_integer(data_type) and _are_compact_dates(self.lengths)
        return data_type if number in self.readable and not is_date else None


def _describe(keep: str, error: NoOrder, codes: pa.Array, values: pa.Array, corpus: Corpus | None) -> str:
    """Return the message of values without a common order, with the number of each group and an example."""
    groups = "; ".join(_describe_group(noun, found, codes, values, corpus) for noun, found in error.groups)
    return f"--keep {keep}: {error.problem} ({groups}). {error.advice}, {_ELSE}."


def _describe_group(
    noun: str, found: NDArray[np.int64] | Sequence[int], codes: pa.Array, values: pa.Array, corpus: Corpus | None
) -> str:
    is_found = np.zeros(len(values) + 1, np.bool_)  # the last is for null
    is_found[np.asarray(found)] = True
    ranks = np.flatnonzero(is_found[np.asarray(codes.fill_null(len(values)))])
    example = values[codes[int(ranks[0])].as_py()].as_py()
    short = example if len(example) <= _LONGEST_EXAMPLE else example[:_LONGEST_EXAMPLE] + "…"
    if corpus is None:
        return f"{noun}: {ranks.size:,} different values, such as {short!r}"
    identity = ids_of(corpus, ranks[:1])[0].as_py()
    return f"{noun}: {ranks.size:,}, such as {short!r} (document {identity!r})"
