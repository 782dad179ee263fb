"""Stories: linkage against a plain twin, passages, and that strangers are not chained."""

import random
from itertools import combinations

import numpy as np
import reference
from hypothesis import given
from hypothesis import strategies as st

from dedup.stories import clustering as module
from dedup.stories.clustering import find_stories
from dedup.stories.edges import Tie
from dedup.stories.passages import passages
from dedup.text.spans import Span


def groups(names: list[int]) -> list[set[int]]:
    return sorted(({at for at, name in enumerate(names) if name == one} for one in set(names)), key=min)


@given(st.randoms(use_true_random=False), st.integers(1, 9), st.integers(2, 8))
def test_linkage_equals_that_of_a_plain_twin(rng: random.Random, nodes: int, documents: int) -> None:
    docs = [rng.randrange(documents) for _ in range(nodes)]
    compared = {pair for pair in combinations(range(documents), 2) if rng.random() < 0.8}
    edges = {
        (one, other): rng.choice([0.5, 1.0])
        for one, other in combinations(range(nodes), 2)
        if (min(docs[one], docs[other]), max(docs[one], docs[other])) in compared and rng.random() < 0.5
    }
    found = groups(module._link(docs, edges, compared))
    assert found == reference.link_groups(docs, edges, compared, module.LINKAGE, module.DOUBT)


def tie(left: int, right: int, place: int = 0, keys: str = "", weight: float = 1.0) -> Tie:
    span = Span(place, place + 2)
    return Tie(left, span, right, span, frozenset(map(ord, keys)), weight)


def everyone(count: int) -> list[tuple[int, int]]:
    return list(combinations(range(count), 2))


def test_documents_that_all_tell_the_same_are_one_story() -> None:
    ties = [tie(left, right, keys="abc") for left, right in everyone(5)]
    assert find_stories(ties, everyone(5)) == [list(range(10))]


def test_a_chain_of_documents_is_no_story() -> None:
    ties = [tie(at, at + 1, keys="ab") for at in range(7)]
    found = find_stories(ties, everyone(8))
    assert max(len({doc for row in story for doc in (ties[row].left_doc, ties[row].right_doc)}) for story in found) <= 3


def test_a_document_may_be_in_several_stories() -> None:
    ties = [tie(0, 1, 0, "ab"), tie(0, 2, 10, "xy")]
    assert find_stories(ties, everyone(3)) == [[0], [1]]


def test_stretches_on_the_same_thing_join_wherever_they_stand() -> None:
    ties = [tie(0, 1, 0, "ab"), tie(0, 2, 10, "ab"), tie(1, 2, 5, "ab")]
    assert find_stories(ties, everyone(3)) == [[0, 1, 2]]


def test_no_ties_no_stories() -> None:
    assert find_stories([], everyone(3)) == []


@given(st.sets(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=25), st.integers(0, 5))
def test_passages_part_the_links(links: set[tuple[int, int]], gap: int) -> None:
    pairs = np.array(sorted(links), np.int64).reshape(-1, 2)
    found = passages(pairs, gap)
    assert sorted(row for rows in found for row in rows.tolist()) == list(range(len(pairs)))
    for rows in found:
        for side in (0, 1):
            places = np.unique(pairs[rows, side])
            assert (np.diff(places) <= gap + 1).all()
            assert rows.size == 1 or len(places) >= 0.4 * (places[-1] - places[0] + 1) or gap == 0


def test_passages_in_another_order_are_their_own() -> None:
    pairs = np.array([(0, 20), (1, 21), (2, 22), (10, 3), (11, 4)])
    assert [rows.tolist() for rows in passages(pairs)] == [[0, 1, 2], [3, 4]]
