"""Cluster edges between documents into stories."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from dedup.stories.edges import Edge
from dedup.stories.families import connected_components
from dedup.text.spans import Span

NumberT = TypeVar("NumberT", int, float)

# Two stretches of a document are the same node of the graph if they overlap by MIN_OVERLAP of the shorter stretch, or
# if their edges share MIN_SHARED_KEYS keys.
MIN_OVERLAP, MIN_SHARED_KEYS = 0.5, 2
# Minimum mean weight of the edges between two clusters that are merged. A cluster that is similar to only one node of
# another cluster stays separate.
MIN_MEAN_WEIGHT = 0.3
# The mean weight is over the compared pairs of nodes, but over at least this many pairs, or all pairs if there are
# fewer: pairs that were not compared then count with weight 0.
MIN_MEAN_PAIRS = 4


class EdgeEnd(NamedTuple):
    """One end of an edge: a stretch of a document."""

    edge: int
    """Index of the edge."""
    side: int
    """0 for left, 1 for right."""


def find_stories(edges: Sequence[Edge], compared: NDArray[np.int64]) -> list[list[int]]:
    """Cluster edges into stories by average linkage of the stretches that they join.

    Args:
        edges: Passages of pairs of documents.
        compared: Pairs of ranks of the documents that were compared, the lower rank first, without repetition, shape
            (pairs, 2), int64.

    Returns:
        Indexes of the edges of each story, ascending; stories in order of their first edges. An edge is in at most one
        story.
    """
    nodes = _nodes(edges)
    node_of = {end: node for node, ends in enumerate(nodes) for end in ends}
    docs = [_stretch(edges, ends[0])[0] for ends in nodes]
    weights: dict[tuple[int, int], float] = {}
    for index, edge in enumerate(edges):
        pair = _ascending(node_of[EdgeEnd(index, 0)], node_of[EdgeEnd(index, 1)])
        weights[pair] = max(edge.weight, weights.get(pair, 0.0))
    clusters = _cluster(docs, weights, _connected_pairs(edges, compared))
    stories: dict[int, list[int]] = defaultdict(list)
    for index in range(len(edges)):
        left, right = clusters[node_of[EdgeEnd(index, 0)]], clusters[node_of[EdgeEnd(index, 1)]]
        if left == right:
            stories[left].append(index)
    return sorted(stories.values())


def _connected_pairs(edges: Sequence[Edge], compared: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the compared pairs of documents that edges connect, directly or through other documents.

    Only these can be in a story together. They are few of the compared pairs.
    """
    components = connected_components((edge.left_doc, edge.right_doc) for edge in edges)
    labels = np.full(max((docs[-1] for docs in components), default=-1) + 1, -1)
    for label, docs in enumerate(components):
        labels[docs] = label
    known = compared[compared[:, 1] < labels.size]
    left, right = labels[known[:, 0]], labels[known[:, 1]]
    connected: NDArray[np.int64] = known[(left == right) & (left >= 0)]
    return connected


def _stretch(edges: Sequence[Edge], end: EdgeEnd) -> tuple[int, Span]:
    """Return the document and the sentences of an end."""
    edge = edges[end.edge]
    return (edge.left_doc, edge.left) if end.side == 0 else (edge.right_doc, edge.right)


def _ascending(left: int, right: int) -> tuple[int, int]:
    return (left, right) if left <= right else (right, left)


def _nodes(edges: Sequence[Edge]) -> list[list[EdgeEnd]]:
    """Group the ends of edges that are the same stretch of a document, or stretches on the same subject."""
    ends_of: dict[int, list[EdgeEnd]] = defaultdict(list)
    for index, edge in enumerate(edges):
        ends_of[edge.left_doc].append(EdgeEnd(index, 0))
        ends_of[edge.right_doc].append(EdgeEnd(index, 1))
    nodes: list[list[EdgeEnd]] = []
    for doc in sorted(ends_of):
        doc_nodes: list[list[EdgeEnd]] = []
        for end in sorted(ends_of[doc], key=lambda end: (-edges[end.edge].weight, end)):
            matching = next((node for node in doc_nodes if _same_subject(edges, end, node[0])), None)
            if matching is None:
                doc_nodes.append([end])
            else:
                matching.append(end)
        nodes += doc_nodes
    return nodes


def _same_subject(edges: Sequence[Edge], left: EdgeEnd, right: EdgeEnd) -> bool:
    """Return whether two ends in the same document overlap, or whether their edges share enough keys."""
    shared = len(edges[left.edge].keys & edges[right.edge].keys)
    left_span, right_span = _stretch(edges, left)[1], _stretch(edges, right)[1]
    overlap = min(left_span.end, right_span.end) - max(left_span.start, right_span.start)
    shorter = min(left_span.end - left_span.start, right_span.end - right_span.start)
    return shared >= MIN_SHARED_KEYS or overlap >= MIN_OVERLAP * shorter


def _cluster(docs: Sequence[int], weights: dict[tuple[int, int], float], compared: NDArray[np.int64]) -> list[int]:
    """Merge clusters of nodes in descending order of mean weight, while it is at least `MIN_MEAN_WEIGHT`.

    Args:
        docs: Document of each node.
        weights: Weight of the edges between nodes, by pairs in ascending order.
        compared: Pairs of documents that were compared, the lower rank first, shape (pairs, 2).

    Returns:
        Cluster of each node, identified by its first node.
    """
    sums: list[dict[int, float]] = [{} for _ in docs]
    counts: list[dict[int, int]] = [{} for _ in docs]
    for left, right in _compared_nodes(docs, compared):
        counts[left][right] = counts[right][left] = 1
    for (left, right), weight in weights.items():
        sums[left][right] = sums[right][left] = weight
    parents = list(range(len(docs)))
    sizes = [1] * len(docs)

    def mean(left: int, right: int) -> float:
        least = min(sizes[left] * sizes[right], MIN_MEAN_PAIRS)
        return sums[left][right] / max(counts[left].get(right, 0), least)

    heap = [(-mean(*pair), *pair) for pair in weights]
    heapq.heapify(heap)
    while heap:
        negative, left, right = heapq.heappop(heap)
        if right not in sums[left] or -negative != mean(left, right):
            continue  # outdated: a cluster has been merged since
        if -negative < MIN_MEAN_WEIGHT:
            break
        _merge_row(sums, left, right)
        _merge_row(counts, left, right)
        sizes[left] += sizes[right]
        parents[right] = left
        for neighbour in sums[left]:
            heapq.heappush(heap, (-mean(left, neighbour), *_ascending(left, neighbour)))
    return [_root(parents, node) for node in range(len(docs))]


def _root(parents: list[int], node: int) -> int:
    """Return the cluster that a node was merged into, directly or through other clusters."""
    while parents[node] != node:
        node = parents[node]
    return node


def _compared_nodes(docs: Sequence[int], compared: NDArray[np.int64]) -> Iterable[tuple[int, int]]:
    """Yield the pairs of nodes whose documents were compared, each pair in ascending order."""
    nodes_of: dict[int, list[int]] = defaultdict(list)
    for node, doc in enumerate(docs):
        nodes_of[doc].append(node)
    for left, right in compared.tolist():
        for left_node in nodes_of.get(left, ()):
            for right_node in nodes_of.get(right, ()):
                yield _ascending(left_node, right_node)


def _merge_row(table: list[dict[int, NumberT]], target: int, merged: int) -> None:
    """Add the values of a cluster to those of the cluster that it is merged into.

    Args:
        table: For each cluster the values of its neighbours; symmetric.
        target: The cluster that remains.
        merged: The cluster that is merged into it.
    """
    for neighbour, value in table[merged].items():
        del table[neighbour][merged]
        if neighbour != target:
            table[target][neighbour] = table[neighbour][target] = value + table[target].get(neighbour, 0)
    table[merged].clear()
