"""Pair equal words of two long sequences in O(n log n) time."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise


def pair_equal_words(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Pair equal words in the same order: those that are unique on both sides, and equal words next to them.

    Args:
        left: Words of the left sequence.
        right: Words of the right sequence.

    Returns:
        Left and right index of each pair, ascending on both sides.

    >>> pair_equal_words("a rose is a rose".split(), "that is a red rose".split())
    [(2, 1), (3, 2), (4, 4)]
    """
    left_counts, right_counts = Counter(left), Counter(right)
    right_index = {word: index for index, word in enumerate(right)}
    unique = [
        (index, right_index[word])
        for index, word in enumerate(left)
        if left_counts[word] == 1 and right_counts[word] == 1
    ]
    in_order = [unique[index] for index in _longest_increasing([right_at for _, right_at in unique])]
    fixed = [(-1, -1), *in_order, (len(left), len(right))]
    pairs = []
    for (left_at, right_at), (left_stop, right_stop) in pairwise(fixed):
        pairs.append((left_at, right_at))
        room = min(left_stop - left_at, right_stop - right_at) - 1
        after = next((step for step in range(room) if left[left_at + 1 + step] != right[right_at + 1 + step]), room)
        pairs += [(left_at + 1 + step, right_at + 1 + step) for step in range(after)]
        room -= after
        before = next(
            (step for step in range(room) if left[left_stop - 1 - step] != right[right_stop - 1 - step]), room
        )
        pairs += [(left_stop - 1 - step, right_stop - 1 - step) for step in reversed(range(before))]
    return pairs[1:]


def _longest_increasing(numbers: Sequence[int]) -> list[int]:
    """Return the indexes of a longest increasing subsequence (Fredman 1975)."""
    ends: list[int] = []
    previous: list[int] = []
    lowest: list[int] = []
    for index, number in enumerate(numbers):
        length = bisect_left(lowest, number)
        previous.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [index]
        lowest[length : length + 1] = [number]
    chosen: list[int] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chosen.append(index)
        index = previous[index]
    return chosen[::-1]
