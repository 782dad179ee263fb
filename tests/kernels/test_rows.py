"""Order of rows, against NumPy."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels.rows import copy_bytes, grown, sort_pairs, stable_order

PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2**31 - 1) | st.integers(0, 5)), max_size=40)


@given(st.lists(st.integers(-5, 5) | st.integers(-(2**63), 2**63 - 1), max_size=70))
def test_equal_numbers_stay_in_order(values: list[int]) -> None:
    keys = np.array(values, np.int64)
    assert stable_order(keys).tolist() == np.argsort(keys, kind="stable").tolist()


@given(st.lists(st.integers(0, 2**64 - 1), max_size=20))
def test_hashes_are_ordered_without_their_sign(values: list[int]) -> None:
    keys = np.array(values, np.uint64)
    assert keys[stable_order(keys)].tolist() == sorted(values)


@given(PAIRS, st.data())
def test_pairs_are_sorted_between_two_rows(pairs: list[tuple[int, int]], data: st.DataObject) -> None:
    rows = np.array([(7, *pair) for pair in pairs], np.int64).reshape(-1, 3)
    start = data.draw(st.integers(0, len(pairs)))
    end = data.draw(st.integers(start, len(pairs)))
    sort_pairs(rows, start, end, 1)
    expected = pairs[:start] + sorted(pairs[start:end]) + pairs[end:]
    assert rows.tolist() == [[7, *pair] for pair in expected]


def test_copies_equal_the_originals() -> None:
    rows = np.arange(6).reshape(3, 2)
    assert grown(rows)[:3].tolist() == rows.tolist()
    target = np.zeros(5, np.uint8)
    assert copy_bytes(np.arange(9, dtype=np.uint8), 4, 7, target, 1) == 4
    assert target.tolist() == [0, 4, 5, 6, 0]
