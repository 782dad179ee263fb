"""Links to passages: stretches of two texts that are linked closely enough to be one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Sentences without a link that a passage may hold in a row, and the least part of its sentences that are linked.
# The way of growing is that of Sanchez-Perez et al., PAN 2014, section 3: the gap shrinks until a passage holds.
GAP = 4
LEAST_LINKED = 0.4


def passages(pairs: NDArray[np.int64], gap: int = GAP) -> list[NDArray[np.int64]]:
    """Gather links into passages.

    Args:
        pairs: Left and right sentence of each link, shape (links, 2).
        gap: Most sentences without a link between two links of a passage, on either side.

    Returns:
        Rows of the links of each passage, ascending; passages by their first link.

    >>> [rows.tolist() for rows in passages(np.array([[0, 5], [1, 6], [3, 7], [3, 40]]))]
    [[0, 1, 2], [3]]
    """
    found: list[NDArray[np.int64]] = []
    waiting = [(np.arange(len(pairs)), gap)]
    while waiting:
        rows, widest = waiting.pop()
        for part in _near(pairs[rows], widest):
            group = rows[part]
            if widest == 0 or group.size == 1 or _dense(pairs[group]):
                found.append(group)
            else:
                waiting.append((group, widest - 1))
    return sorted(found, key=lambda rows: int(rows[0]))


def _near(pairs: NDArray[np.int64], gap: int) -> list[NDArray[np.int64]]:
    """Part links where the gap on one side is too wide, on alternating sides until nothing parts."""
    parts = [np.arange(len(pairs))] if len(pairs) else []
    before = 0
    while len(parts) != before:
        before = len(parts)
        for side in (0, 1):
            parts = [piece for part in parts for piece in _cut(pairs, part, side, gap)]
    return [np.sort(part) for part in parts]


def _cut(pairs: NDArray[np.int64], part: NDArray[np.int64], side: int, gap: int) -> Sequence[NDArray[np.int64]]:
    ordered = part[np.argsort(pairs[part, side], kind="stable")]
    return np.split(ordered, np.flatnonzero(np.diff(pairs[ordered, side]) > gap + 1) + 1)


def _dense(pairs: NDArray[np.int64]) -> bool:
    """Tell whether enough of the sentences of both stretches are linked."""
    for side in (0, 1):
        linked = np.unique(pairs[:, side])
        if linked.size < LEAST_LINKED * (linked[-1] - linked[0] + 1):
            return False
    return True
