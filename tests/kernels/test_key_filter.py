"""Filters of keys: every key that was added passes, and few others."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels.key_filter import add_keys, fill_unique, make_filter, may_contain, may_share

U64 = st.integers(0, 2**64 - 1)


@given(st.lists(U64, max_size=200), st.integers(8, 1 << 12))
def test_added_keys_pass(keys: list[int], most_bytes: int) -> None:
    filled = make_filter(len(keys), most_bytes)
    assert filled.size <= most_bytes
    assert filled.size & (filled.size - 1) == 0
    add_keys(np.array(keys, np.uint64), filled)
    assert all(may_contain(np.uint64(key), filled) for key in keys)


def test_few_other_keys_pass() -> None:
    random = np.random.default_rng(1)
    keys, others = (random.integers(0, 2**64, count, np.uint64) for count in (5_000, 20_000))
    filled = make_filter(keys.size, 1 << 20)
    add_keys(keys, filled)
    assert sum(may_contain(key, filled) for key in others) < 40


@given(st.lists(st.tuples(U64, U64, U64, st.integers(0, 1)), min_size=1, max_size=20), st.data())
def test_units_that_share_a_key_pass(units: list[tuple[int, int, int, int]], data: st.DataObject) -> None:
    sequences, first, second, tokens = (np.array(column, np.uint64) for column in zip(*units, strict=True))
    keys = np.column_stack((first, second))
    added = data.draw(st.lists(st.sampled_from([key for unit in units for key in unit[:3]])))
    filled = make_filter(len(added), 1 << 12)
    add_keys(np.array(added, np.uint64), filled)
    for by_keys in (False, True):
        passed = may_share(sequences, keys, tokens.astype(np.int64), by_keys, filled)
        for unit, has_passed in zip(units, passed, strict=True):
            assert has_passed or not unit[3] or not set(added) & set(unit[: 3 if by_keys else 1])
            assert not has_passed or unit[3]


def test_fillers_differ() -> None:
    parts = [np.empty((7, 3), np.uint64) for _ in range(3)]
    for number, part in enumerate(parts):
        fill_unique(21 * number, part)
    assert np.unique(np.concatenate(parts)).size == 63
