"""Clustering of edges into stories: against the reference implementation, and examples; grouping of links."""

import random
from itertools import combinations
from unittest.mock import patch

import numpy as np
import reference
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dedup.stories import clustering as module
from dedup.stories.clustering import find_stories
from dedup.stories.edges import Edge
from dedup.stories.passages import group_links
from dedup.text.spans import Span


def groups(clusters: list[int]) -> list[set[int]]:
    return sorted(
        ({node for node, name in enumerate(clusters) if name == cluster} for cluster in set(clusters)), key=min
    )


@given(st.randoms(use_true_random=False), st.integers(1, 9), st.integers(2, 8))
def test_clusters_match_reference(rng: random.Random, nodes: int, documents: int) -> None:
    docs = [rng.randrange(documents) for _ in range(nodes)]
    compared = {pair for pair in combinations(range(documents), 2) if rng.random() < 0.8}
    edges = {
        (one, other): rng.choice([0.5, 1.0])
        for one, other in combinations(range(nodes), 2)
        if (min(docs[one], docs[other]), max(docs[one], docs[other])) in compared and rng.random() < 0.5
    }
    found = groups(module._cluster(docs, edges, np.array(sorted(compared), np.int64).reshape(-1, 2)))
    assert found == reference.link_groups(docs, edges, compared, module.MIN_MEAN_WEIGHT, module.MIN_MEAN_PAIRS)


def make_edge(left: int, right: int, start: int = 0, keys: str = "", weight: float = 1.0) -> Edge:
    span = Span(start, start + 2)
    return Edge(left, span, right, span, frozenset(map(ord, keys)), weight)


def all_pairs(count: int) -> NDArray[np.int64]:
    return np.array(list(combinations(range(count), 2)), np.int64)


@given(st.randoms(use_true_random=False), st.integers(2, 14), st.integers(0, 12))
def test_pairs_without_connection_do_not_matter(rng: random.Random, documents: int, count: int) -> None:
    compared = np.array([pair for pair in combinations(range(documents), 2) if rng.random() < 0.8], np.int64)
    compared = compared.reshape(-1, 2)
    pairs = [rng.choice(compared.tolist()) for _ in range(count if len(compared) else 0)]
    weights = (0.3, 0.5, 1.0)
    edges = [
        make_edge(left, right, rng.choice((0, 5)), rng.choice(("", "ab")), rng.choice(weights)) for left, right in pairs
    ]
    with patch.object(module, "_connected_pairs", lambda _edges, compared: compared):
        wanted = find_stories(edges, compared)
    assert find_stories(edges, compared) == wanted


def test_documents_with_all_edges_are_one_story() -> None:
    edges = [make_edge(left, right, keys="abc") for left, right in all_pairs(5).tolist()]
    assert find_stories(edges, all_pairs(5)) == [list(range(10))]


def test_chain_of_documents_is_not_one_story() -> None:
    edges = [make_edge(at, at + 1, keys="ab") for at in range(7)]
    found = find_stories(edges, all_pairs(8))
    assert (
        max(len({doc for row in story for doc in (edges[row].left_doc, edges[row].right_doc)}) for story in found) <= 3
    )


def test_document_can_be_in_several_stories() -> None:
    edges = [make_edge(0, 1, 0, "ab"), make_edge(0, 2, 10, "xy")]
    assert find_stories(edges, all_pairs(3)) == [[0], [1]]


def test_stretches_on_the_same_subject_are_one_node() -> None:
    edges = [make_edge(0, 1, 0, "ab"), make_edge(0, 2, 10, "ab"), make_edge(1, 2, 5, "ab")]
    assert find_stories(edges, all_pairs(3)) == [[0, 1, 2]]


def test_no_edges_give_no_stories() -> None:
    assert find_stories([], all_pairs(3)) == []


@given(st.sets(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=25), st.integers(0, 5))
def test_passages_partition_the_links(links: set[tuple[int, int]], gap: int) -> None:
    pairs = np.array(sorted(links), np.int64).reshape(-1, 2)
    found = group_links(pairs, gap)
    assert sorted(row for rows in found for row in rows.tolist()) == list(range(len(pairs)))
    for rows in found:
        for side in (0, 1):
            places = np.unique(pairs[rows, side])
            assert (np.diff(places) <= gap + 1).all()
            assert rows.size == 1 or len(places) >= 0.4 * (places[-1] - places[0] + 1) or gap == 0


def test_moved_passages_are_separate() -> None:
    pairs = np.array([(0, 20), (1, 21), (2, 22), (10, 3), (11, 4)])
    assert [rows.tolist() for rows in group_links(pairs)] == [[0, 1, 2], [3, 4]]
