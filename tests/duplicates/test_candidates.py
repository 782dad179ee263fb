"""Candidates: almost no similar pair is missed, and no equal pair."""

import random

import numpy as np
import pyarrow as pa
import pytest
import reference
import strategies
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.kernels.counting_filter import count_keys, repeated, salt


def relatives(random_: random.Random, threshold: float, count: int) -> list[str]:
    """Texts in twos, of a Jaccard from somewhat under the threshold up to 1."""
    made = []
    for at in range(count):
        words = [f"w{at}x{random_.randrange(10**6)}" for _ in range(random_.randint(40, 150))]
        most = len(words) * (1 - threshold) / (1 + threshold) / 5  # each changed word changes up to 5 shingles
        changed = dict.fromkeys(random_.sample(range(len(words)), random_.randint(0, int(most) + 2)), "changed")
        made += [" ".join(words), " ".join(changed.get(place, word) for place, word in enumerate(words))]
    return made


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.8, 0.9])
def test_recall_of_documents(threshold: float) -> None:
    # The same texts every time, each two of their own words, so that finds are independent.
    wanted = found = 0
    for seed in range(3):
        texts = relatives(random.Random(seed), threshold, 500)  # noqa: S311 - no secret
        units = reference.document_units(texts, 5)
        similar = {
            (at, at + 1)
            for at in range(0, len(texts), 2)
            if reference.jaccard(units[at].shingles, units[at + 1].shingles) >= threshold
        }
        pairs = dedup.clean(
            pa.table({"text": texts}), threshold=threshold, paragraphs="none", seed=seed
        ).pairs.to_pylist()
        assert {(pair["left_doc"], pair["right_doc"]) for pair in pairs} <= similar
        wanted, found = wanted + len(similar), found + len(pairs)
    assert wanted > 600
    assert found / wanted >= 0.99


def test_recall_of_paragraphs_within_documents() -> None:
    wanted = found = 0
    for seed in range(2):
        lines = relatives(random.Random(seed), 0.8, 400)  # noqa: S311 - no secret
        texts = ["\n\n".join(lines[first : first + 8]) for first in range(0, len(lines), 8)]
        units = reference.paragraph_units(texts, range(len(texts)), 3, "auto", 20)
        wanted += len(reference.all_pairs(units, 0.8, within=True))
        found += dedup.clean(pa.table({"text": texts}), near_within=True, seed=seed).pairs.num_rows
    assert wanted > 300
    assert found / wanted >= 0.99


@strategies.FEW
@given(strategies.corpora(most=8), st.sampled_from([0.8, 0.95, 1.0]))
def test_equal_shingle_sets_are_always_found(corpus: strategies.Corpus, threshold: float) -> None:
    texts = [text or "" for text in corpus.texts]
    units = reference.document_units(texts, 5)
    same = set(reference.all_pairs(units, 1.0, within=False))
    pairs = dedup.clean(pa.table({"text": texts}), threshold=threshold, paragraphs="none").pairs.to_pylist()
    assert {(pair["left_doc"], pair["right_doc"]) for pair in pairs} >= same


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=40),
    st.integers(1, 64),
    st.randoms(use_true_random=False),
)
def test_filter_keeps_repeated_keys(rows: list[tuple[int, int]], size: int, random_: random.Random) -> None:
    keys = np.array(rows, np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    wanted = np.array([random_.random() < 0.8 for _ in rows])
    table = np.zeros(1 << (size - 1).bit_length(), np.uint8)
    count_keys(keys, wanted, table)
    found, where = repeated(keys, wanted, table)
    flat = keys[wanted].ravel()
    expected = [(int(key), int(row)) for row in np.flatnonzero(wanted) for key in keys[row] if (flat == key).sum() > 1]
    ours = list(zip(found.tolist(), where.tolist(), strict=True))
    assert set(expected) <= set(ours)
    assert all(wanted[row] and key in keys[row] for key, row in ours)
    assert len(ours) <= flat.size


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
def test_salted_keys_differ_between_documents(rows: list[tuple[int, int]]) -> None:
    keys = np.array([[key] for key, _ in rows], np.uint64)
    docs = np.array([doc for _, doc in rows], np.int64)
    salt(keys, docs)
    assert [[bool(a == b) for b in keys[:, 0]] for a in keys[:, 0]] == [[a == b for b in rows] for a in rows]
