"""Group the documents that are fillings of one template: earnings, weather, results."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.results import TemplateFamily
from dedup.stories.description.metadata import DocumentMetadata
from dedup.stories.links import LinkFile

# Minimum number of documents of a family, and maximum number of their ids that are shown.
MIN_FAMILY, MAX_IDS = 3, 5


def find_families(
    links: LinkFile, metadata: Sequence[DocumentMetadata], texts: Sequence[str]
) -> tuple[TemplateFamily, ...]:
    """Return the families of at least MIN_FAMILY documents that share a template, largest first.

    Args:
        links: The links of all pairs of documents.
        metadata: Metadata of all documents, by rank.
        texts: Texts of all documents, by rank.
    """
    spans = _template_spans(links)
    pairs = np.unique(spans[:, :, 0], axis=0).tolist()
    families = [family for family in connected_components(pairs) if len(family) >= MIN_FAMILY]
    best = _most_linked(spans.reshape(-1, 3))
    found = []
    for family in sorted(families, key=lambda docs: (-len(docs), docs)):
        doc = max(family, key=lambda doc: (best[doc][0], -doc))
        ids = tuple(metadata[doc].id or metadata[doc].path for doc in family[:MAX_IDS])
        found.append(TemplateFamily(len(family), ids, texts[doc][slice(*best[doc][1:])]))
    return tuple(found)


def _template_spans(links: LinkFile) -> NDArray[np.int64]:
    """Return both sides of the links of documents that share a template.

    Returns:
        Document, start and end of each side, shape (links, 2, 3).
    """
    names = [f"{side}_{name}" for side in ("left", "right") for name in ("doc", "start", "end")]
    found = [np.empty((0, 2, 3), np.int64)]
    for batch in links.batches(["is_template", *names]):
        rows = batch["is_template"].to_numpy(zero_copy_only=False)
        if rows.any():
            found.append(np.column_stack([batch[name].to_numpy()[rows] for name in names]).reshape(-1, 2, 3))
    return np.concatenate(found)


def _most_linked(spans: NDArray[np.int64]) -> dict[int, tuple[int, int, int]]:
    """Return the span of each document with the most links; of several, the one that starts first, then the first row.

    Args:
        spans: Document, start and end, shape (links, 3).

    Returns:
        Number of links, start and end by document.

    >>> _most_linked(np.array([[4, 0, 9], [4, 10, 19], [7, 0, 5], [4, 10, 19]]))
    {4: (2, 10, 19), 7: (1, 0, 5)}
    """
    distinct, first, counts = np.unique(spans, axis=0, return_index=True, return_counts=True)
    order = np.lexsort((first, distinct[:, 1], -counts, distinct[:, 0]))
    _, best = np.unique(distinct[order, 0], return_index=True)
    chosen = order[best]
    rows = np.column_stack((counts, distinct[:, 1:]))[chosen].tolist()
    return dict(zip(distinct[chosen, 0].tolist(), map(tuple, rows), strict=True))


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
