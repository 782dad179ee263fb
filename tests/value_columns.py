"""Columns of every type for the keep order, with ties and nulls."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

ROWS = 12


def arrays(data_type: pa.DataType, values: st.SearchStrategy[Any]) -> st.SearchStrategy[pa.Array]:
    """Draw columns of a few values, and nulls."""
    few = st.lists(values, min_size=1, max_size=4)
    mixed = few.flatmap(lambda known: st.lists(st.sampled_from([*known, None]), min_size=ROWS, max_size=ROWS))
    return mixed.map(lambda column: pa.array(column, data_type))


def strings(*values: str) -> st.SearchStrategy[pa.Array]:
    return arrays(pa.string(), st.sampled_from(values))


moments = st.datetimes(datetime(1000, 1, 1), datetime(2200, 1, 1))
string_columns = st.one_of(
    strings("10", "9", "-1", "", "nan", "8.5"),
    strings("10", "9", "-0", "007"),
    strings("2024-05-01", "2023-12-31", "2024-02-30", "n/a"),
    strings("2024-05-01 10:00", "2024-05-01T09:00", "2024-05-01T09:00:00.5"),
    strings("2024-05-01 10:00Z", "2024-05-01T09:00+02:00", "2024-05-01T09:00"),
    strings("2024", "20240501", "20231231", "1999", "12"),
    strings("1 May 2024", "May 3, 2024", "2024", "3/5/2024", "4 June 2024"),
    strings("b", "a", "É", "10", "true", "False"),
    strings("true", "false", "yes"),
)
columns = st.one_of(
    arrays(pa.float64(), st.one_of(st.floats(), st.sampled_from([0.0, -0.0]))),
    arrays(pa.float32(), st.floats(width=32)),
    arrays(pa.uint64(), st.integers(0, 2**64 - 1)),
    arrays(pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    arrays(pa.int8(), st.integers(-128, 127)),
    arrays(pa.bool_(), st.booleans()),
    arrays(pa.timestamp("us"), moments),
    arrays(pa.timestamp("s", "UTC"), moments.map(lambda moment: moment.replace(microsecond=0))),
    arrays(pa.date32(), st.dates()),
    arrays(pa.date64(), st.dates()),
    arrays(pa.time32("s"), st.times().map(lambda time: time.replace(microsecond=0))),
    arrays(pa.time64("us"), st.times()),
    arrays(pa.duration("us"), st.timedeltas(timedelta(-9999), timedelta(9999))),
    arrays(pa.decimal128(20, 3), st.decimals(-9999, 9999, places=3).map(Decimal)),
    arrays(pa.binary(), st.sampled_from([b"10", b"9", b"\xff", b"\xe9", b"b", b""])),
    string_columns,
    string_columns.map(lambda column: column.cast(pa.large_string())),
    string_columns.map(lambda column: column.dictionary_encode()),
    arrays(pa.list_(pa.int64()), st.lists(st.integers(-(2**63), 2**63 - 1), max_size=2)),
)
