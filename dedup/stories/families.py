"""Group the documents that are fillings of one template: earnings, weather, results."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from dedup.results import TemplateFamily
from dedup.runtime.disk_list import DiskList
from dedup.stories.description.metadata import DocumentMetadata
from dedup.stories.passages import Comparison

# Minimum number of documents of a family, and maximum number of their ids that are shown.
MIN_FAMILY, MAX_IDS = 3, 5


def find_families(
    comparisons: DiskList[Comparison], metadata: Sequence[DocumentMetadata], texts: Sequence[str]
) -> tuple[TemplateFamily, ...]:
    """Return the families of at least MIN_FAMILY documents that share a template, largest first.

    Args:
        comparisons: All comparisons.
        metadata: Metadata of all documents, by rank.
        texts: Texts of all documents, by rank.
    """
    pairs: list[tuple[int, int]] = []
    sentences: dict[int, Counter[tuple[int, int]]] = defaultdict(Counter)
    for index in range(len(comparisons)):
        comparison = comparisons[index]
        if comparison.is_template:
            pairs.append((comparison.left, comparison.right))
            sentences[comparison.left].update((link.left.start, link.left.end) for link in comparison.links)
            sentences[comparison.right].update((link.right.start, link.right.end) for link in comparison.links)
    families = [family for family in connected_components(pairs) if len(family) >= MIN_FAMILY]
    found = []
    for family in sorted(families, key=lambda docs: (-len(docs), docs)):
        doc = max(family, key=lambda doc: (max(sentences[doc].values(), default=0), -doc))
        span = max(sentences[doc], key=lambda span: (sentences[doc][span], -span[0]))
        ids = tuple(metadata[doc].id or metadata[doc].path for doc in family[:MAX_IDS])
        found.append(TemplateFamily(len(family), ids, texts[doc][slice(*span)]))
    return tuple(found)


def connected_components(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the connected components of a graph, each ascending, in order of their first nodes.

    Args:
        pairs: Pairs of nodes that are joined.

    >>> connected_components([(4, 1), (2, 3), (1, 2), (5, 6)])
    [[1, 2, 3, 4], [5, 6]]
    """
    parents: dict[int, int] = {}

    def root(node: int) -> int:
        parents.setdefault(node, node)
        while parents[node] != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    for left, right in pairs:
        parents[max(root(left), root(right))] = min(root(left), root(right))
    members: dict[int, list[int]] = defaultdict(list)
    for node in sorted(parents):
        members[root(node)].append(node)
    return list(members.values())
