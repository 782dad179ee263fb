"""Sentences of the same words, and which of them belong together."""

import numpy as np
from numpy.typing import NDArray


def match_wordings(left: NDArray[np.int64], right: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Mark the sentences of the same words: the first with the first, and so on; those left over with the last.

    Args:
        left: Hash of the words of each sentence of the one text; negative for those that link nothing.
        right: Likewise of the other.

    Returns:
        A mark for each sentence, equal for those that belong together; -1 for a sentence that has no partner.

    >>> match_wordings(np.array([7, 7, 7, 8]), np.array([9, 7, 7]))
    (array([ 0,  1,  1, -1]), array([-1,  0,  1]))
    """
    wordings, which = np.unique(np.concatenate((left, right)), return_inverse=True)
    sides = which[: left.size], which[left.size :]
    fewer = np.minimum(*(np.bincount(side, minlength=wordings.size) for side in sides)) * (wordings >= 0)
    first = np.cumsum(fewer) - fewer
    marks = []
    for side in sides:
        order = np.argsort(side, kind="stable")
        turns = np.empty_like(side)
        turns[order] = np.arange(side.size) - np.searchsorted(side[order], side[order])
        marks.append(np.where(fewer[side] > 0, first[side] + np.minimum(turns, fewer[side] - 1), -1))
    return marks[0], marks[1]
