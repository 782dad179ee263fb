"""Passages to stories: which stretches of which documents report the same."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from dedup.stories.edges import Tie
from dedup.text.spans import Span

Number = TypeVar("Number", int, float)

# Two passages of a document are on the same thing if they overlap by this part of the shorter one, or share so many
# keys.
OVERLAP, KEYS = 0.5, 2
# Least mean weight of the passages between the stretches of two groups that become one story: a group that only
# one member of another resembles stays apart.
LINKAGE = 0.3
# Of stretches that were never compared, so many count as compared without result.
DOUBT = 4


def find_stories(ties: Sequence[Tie], compared: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Gather ties into stories by average linkage of the stretches they join.

    Args:
        ties: Passages between documents.
        compared: Pairs of documents that were compared, each once.

    Returns:
        Rows of the ties of each story, ascending; stories by their first tie. A tie is in one story at most.
    """
    nodes = _nodes(ties)
    place = {(tie, side): node for node, ends in enumerate(nodes) for tie, side in ends}
    docs = [_end(ties[ends[0][0]], ends[0][1])[0] for ends in nodes]
    edges: dict[tuple[int, int], float] = {}
    for row, tie in enumerate(ties):
        pair = _sorted(place[row, 0], place[row, 1])
        edges[pair] = max(tie.weight, edges.get(pair, 0.0))
    groups = _link(docs, edges, {_sorted(*pair) for pair in compared})
    found: dict[int, list[int]] = defaultdict(list)
    for row in range(len(ties)):
        left, right = groups[place[row, 0]], groups[place[row, 1]]
        if left == right:
            found[left].append(row)
    return sorted(found.values())


def _end(tie: Tie, side: int) -> tuple[int, Span]:
    return (tie.left_doc, tie.left) if side == 0 else (tie.right_doc, tie.right)


def _sorted(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one <= other else (other, one)


def _nodes(ties: Sequence[Tie]) -> list[list[tuple[int, int]]]:
    """Gather the ends of ties that are the same stretch of a document, or stretches on the same thing."""
    ends: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row, tie in enumerate(ties):
        ends[tie.left_doc].append((row, 0))
        ends[tie.right_doc].append((row, 1))
    nodes: list[list[tuple[int, int]]] = []
    for doc in sorted(ends):
        mine: list[list[tuple[int, int]]] = []
        for end in sorted(ends[doc], key=lambda end: (-ties[end[0]].weight, end)):
            fitting = next((node for node in mine if _same_thing(ties, end, node[0])), None)
            if fitting is None:
                mine.append([end])
            else:
                fitting.append(end)
        nodes += mine
    return nodes


def _same_thing(ties: Sequence[Tie], one: tuple[int, int], other: tuple[int, int]) -> bool:
    shared = len(ties[one[0]].keys & ties[other[0]].keys)
    left, right = _end(ties[one[0]], one[1])[1], _end(ties[other[0]], other[1])[1]
    common = min(left.end, right.end) - max(left.start, right.start)
    shorter = min(left.end - left.start, right.end - right.start)
    return shared >= KEYS or common >= OVERLAP * shorter


def _link(docs: Sequence[int], edges: dict[tuple[int, int], float], compared: set[tuple[int, int]]) -> list[int]:
    """Join groups of stretches while their mean weight is high enough, the highest first.

    Args:
        docs: Document of each stretch.
        edges: Weight of the tie between two stretches.
        compared: Documents that were compared.

    Returns:
        The group of each stretch, named by its first.
    """
    weights: list[dict[int, float]] = [{} for _ in docs]
    tried: list[dict[int, int]] = [{} for _ in docs]
    for one, other in _compared_stretches(docs, compared):
        tried[one][other] = tried[other][one] = 1
    for (one, other), weight in edges.items():
        weights[one][other] = weights[other][one] = weight
    group = list(range(len(docs)))
    sizes = [1] * len(docs)

    def mean(one: int, other: int) -> float:
        doubtful = min(sizes[one] * sizes[other], DOUBT)
        return weights[one][other] / max(tried[one].get(other, 0), doubtful)

    heap = [(-mean(*pair), *pair) for pair in edges]
    heapq.heapify(heap)
    while heap:
        negative, one, other = heapq.heappop(heap)
        if other not in weights[one] or -negative != mean(one, other):
            continue  # one of them has grown since
        if -negative < LINKAGE:
            break
        _absorb(weights, one, other)
        _absorb(tried, one, other)
        sizes[one] += sizes[other]
        group[other] = one
        for neighbour in weights[one]:
            heapq.heappush(heap, (-mean(one, neighbour), *_sorted(one, neighbour)))
    return [_root(group, node) for node in range(len(docs))]


def _root(group: list[int], node: int) -> int:
    while group[node] != node:
        node = group[node]
    return node


def _compared_stretches(docs: Sequence[int], compared: set[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """List the pairs of stretches whose documents were compared."""
    of_doc: dict[int, list[int]] = defaultdict(list)
    for node, doc in enumerate(docs):
        of_doc[doc].append(node)
    for left, right in sorted(compared):
        for one in of_doc.get(left, ()):
            for other in of_doc.get(right, ()):
                yield _sorted(one, other)


def _absorb(table: list[dict[int, Number]], one: int, other: int) -> None:
    """Add the neighbours of a group to those of the group it joins."""
    for neighbour, value in table[other].items():
        del table[neighbour][other]
        if neighbour != one:
            table[one][neighbour] = table[neighbour][one] = value + table[one].get(neighbour, 0)
    table[other].clear()
