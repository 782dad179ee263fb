"""Exact comparison: counts are exact, and pairs are accepted by their Jaccard in double precision."""

import numpy as np
import reference
import strategies
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels.estimate import may_match
from dedup.kernels.hash_sets import SetArrays
from dedup.kernels.jaccard import least_shared, verify
from dedup.kernels.shingle_sets import make_workspace, shingle_sets
from dedup.kernels.text.folding import token_tables

thresholds = st.one_of(
    st.sampled_from([0.5, 0.6, 0.75, 0.8, 0.9, 1.0, 1 / 3, 2 / 3, 0.7, 5e-324]), st.floats(1e-6, 1.0)
)
# Few values, so that sets meet; and hashes of any size, since a hash may fall anywhere.
hashes = st.one_of(st.integers(1, 40), st.integers(2**64 - 20, 2**64 - 1), st.integers(1, 2**64 - 1))
sets = st.lists(
    st.one_of(st.sets(hashes, min_size=1, max_size=60), st.sets(st.integers(1, 300), min_size=60)),
    min_size=1,
    max_size=6,
)


def similar(values: set[int], random: np.random.Generator) -> set[int]:
    """Return a set that shares most of its values with another."""
    return {value for value in values if random.random() < 0.9} | {int(value) for value in random.integers(1, 2**60, 3)}


def set_arrays(groups: list[set[int]]) -> SetArrays:
    """Store sets one after the other."""
    sizes = np.array([len(group) for group in groups])
    hashes = np.array([value for group in groups for value in group], np.uint64)
    return SetArrays(np.cumsum(sizes) - sizes, sizes, hashes)


def shingled(data: list[bytes], n: int) -> list[np.ndarray]:
    """Return the shingle sets of texts that are stored one after the other."""
    stops = np.cumsum([len(one) for one in data], dtype=np.int64)
    sizes = np.zeros(len(data), np.int64)
    space = make_workspace(max(map(len, data), default=0), sum(len(one) + 1 for one in data))
    starts = stops - [len(one) for one in data] if data else stops
    total = shingle_sets(np.frombuffer(b"".join(data), np.uint8), starts, stops, n, token_tables(), space, sizes)
    assert total == sizes.sum()
    return np.split(space.out[:total].copy(), np.cumsum(sizes)[:-1]) if data else []


@given(sets, thresholds, st.integers(0, 99))
def test_verify_counts_exactly_and_rejects_other_pairs(groups: list[set[int]], threshold: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    groups = [*groups, *(similar(group, random) for group in groups)]
    left, right = (axis.ravel() for axis in np.indices((len(groups), len(groups))))
    arrays = set_arrays(groups)
    for order in (np.arange(left.size), random.permutation(left.size)):
        counts = verify(left[order], right[order], arrays, threshold)
        for a, b, count in zip(left[order], right[order], counts, strict=True):
            both, either = len(groups[a] & groups[b]), len(groups[a] | groups[b])
            assert count == (both if both / either >= threshold else -1)


@given(st.integers(1, 400), st.integers(1, 400), thresholds)
def test_least_shared_reaches_the_threshold(left: int, right: int, threshold: float) -> None:
    enough = [both for both in range(min(left, right) + 1) if both / (left + right - both) >= threshold]
    least = least_shared(left, right, threshold)
    assert least == enough[0] if enough else least > min(left, right)


@given(st.integers(1, 10**9), st.integers(1, 10**9), thresholds)
def test_least_shared_for_large_sets(left: int, right: int, threshold: float) -> None:
    least = least_shared(left, right, threshold)
    assert least > min(left, right) or least / (left + right - least) >= threshold
    assert least == 0 or (least - 1) / (left + right - least + 1) < threshold


@given(
    st.lists(st.one_of(strategies.texts, st.lists(strategies.words, max_size=80).map(" ".join)), max_size=6),
    st.integers(1, 6),
)
def test_shingle_sets_of_a_batch_equal_single_ones(texts: list[str], n: int) -> None:
    data = [text.encode() for text in texts]
    found = shingled(data, n)
    assert [sorted(one.tolist()) for one in found] == [sorted(shingled([one], n)[0].tolist()) for one in data]
    assert [len(set(one.tolist())) for one in found] == [one.size for one in found]  # no hash twice
    words = [reference.document_tokens(text) for text in texts]
    assert [one.size for one in found] == [len(reference.shingles(one, n)) for one in words]


@given(st.integers(0, 2**32 - 1), st.integers(1, 80), st.integers(-1, 640))
def test_may_match_counts_differing_bytes(seed: int, words: int, most: int) -> None:
    random = np.random.default_rng(seed)
    signatures = random.integers(0, random.choice([1, 2, 127, 128, 255]), (5, 8 * words), dtype=np.uint8, endpoint=True)
    signatures[4] = signatures[3] ^ np.uint8(random.choice([1, 128, 255]))  # differ everywhere, by little or by much
    left, right = (axis.ravel() for axis in np.indices((5, 5)))
    expected = [sum(map(int, signatures[a] != signatures[b])) <= most for a, b in zip(left, right, strict=True)]
    assert may_match(signatures.view(np.uint64), left, right, most).tolist() == expected
