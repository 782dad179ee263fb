"""Comparison: counts are exact, and a pair is accepted exactly where its Jaccard in double precision is."""

import naive
import numpy as np
import strategies
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels.compare import least_shared, may_match, shingle_sets, verify
from dedup.kernels.fold import fold_table

thresholds = st.one_of(st.sampled_from([0.5, 0.6, 0.75, 0.8, 0.9, 1.0, 1 / 3, 2 / 3, 0.7, 5e-324]), st.floats(1e-6, 1.0))
# Few values, so that sets meet; and hashes of any size, since a hash may fall anywhere.
hashes = st.one_of(st.integers(1, 40), st.integers(2**64 - 20, 2**64 - 1), st.integers(1, 2**64 - 1))
sets = st.lists(st.one_of(st.sets(hashes, min_size=1, max_size=60), st.sets(st.integers(1, 300), min_size=60)), min_size=1, max_size=6)


def similar(values: set[int], random: np.random.Generator) -> set[int]:
    """A set that shares most of its values with another."""
    return {value for value in values if random.random() < 0.9} | {int(value) for value in random.integers(1, 2**60, 3)}


def laid(groups: list[set[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Sets end to end: offsets and hashes."""
    sizes = [len(group) for group in groups]
    flat = [value for group in groups for value in sorted(group)]
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64), np.array(flat, np.uint64)


@given(sets, thresholds, st.integers(0, 99))
def test_verified_pairs_have_the_exact_count_and_others_are_refused(groups: list[set[int]], threshold: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    groups = [*groups, *(similar(group, random) for group in groups)]
    left, right = (axis.ravel() for axis in np.indices((len(groups), len(groups))))
    offsets, flat = laid(groups)
    for order in (np.arange(left.size), random.permutation(left.size)):
        counts = verify(left[order], right[order], offsets, flat, threshold)
        for a, b, count in zip(left[order], right[order], counts, strict=True):
            both, either = len(groups[a] & groups[b]), len(groups[a] | groups[b])
            assert count == (both if both / either >= threshold else -1)


@given(st.integers(1, 400), st.integers(1, 400), thresholds)
def test_least_shared_is_the_least_count_that_reaches_the_threshold(left: int, right: int, threshold: float) -> None:
    enough = [both for both in range(min(left, right) + 1) if both / (left + right - both) >= threshold]
    least = least_shared(left, right, threshold)
    assert least == enough[0] if enough else least > min(left, right)


@given(st.integers(1, 10**9), st.integers(1, 10**9), thresholds)
def test_least_shared_is_least_for_sets_of_any_size(left: int, right: int, threshold: float) -> None:
    least = least_shared(left, right, threshold)
    assert least > min(left, right) or least / (left + right - least) >= threshold
    assert least == 0 or (least - 1) / (left + right - least + 1) < threshold


@given(st.lists(st.one_of(strategies.texts, st.lists(strategies.words, max_size=80).map(" ".join)), max_size=6), st.integers(1, 6))
def test_shingle_sets_of_many_stretches_are_those_of_each_alone(texts: list[str], n: int) -> None:
    table = fold_table()
    data = [text.encode() for text in texts]
    stops = np.cumsum([len(one) for one in data], dtype=np.int64)
    starts = stops - [len(one) for one in data] if data else stops
    found, sizes = shingle_sets(np.frombuffer(b"".join(data), np.uint8), starts.astype(np.int64), stops, n, table)
    alone = [shingle_sets(np.frombuffer(one, np.uint8), np.array([0]), np.array([len(one)]), n, table)[0] for one in data]
    assert [set(part.tolist()) for part in np.split(found, np.cumsum(sizes)[:-1])] == [set(one.tolist()) for one in alone] or not data
    assert sizes.tolist() == [len(naive.shingles(naive.tokens(text), n)) for text in texts]
    assert found.size == sizes.sum()


@given(st.integers(0, 2**32 - 1), st.integers(1, 300), st.integers(-1, 300))
def test_a_candidate_may_match_where_signatures_agree_often_enough(seed: int, width: int, least: int) -> None:
    random = np.random.default_rng(seed)
    signatures = random.integers(0, random.integers(1, 4), (5, width), dtype=np.uint8, endpoint=True)
    left, right = (axis.ravel() for axis in np.indices((5, 5)))
    expected = [sum(map(int, signatures[a] == signatures[b])) >= least for a, b in zip(left, right, strict=True)]
    assert may_match(signatures, left, right, least).tolist() == expected
