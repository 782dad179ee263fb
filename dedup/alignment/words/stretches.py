"""Two long lists of words to the stretches that are equal, in a time that grows with their length."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise


def equal_stretches(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Pair equal words in the same order, from those that stand once on each side, both ways as far as they go.

    Args:
        left: Words.
        right: Others.

    Returns:
        Index on the left and on the right, ascending on both sides.

    >>> equal_stretches("a rose is a rose".split(), "that is a red rose".split())
    [(2, 1), (3, 2), (4, 4)]
    """
    counts = Counter(left), Counter(right)
    places = {word: at for at, word in enumerate(right)}
    once = [(at, places[word]) for at, word in enumerate(left) if counts[0][word] == counts[1][word] == 1]
    fixed = [(-1, -1), *(once[at] for at in _longest_rising([other for _, other in once])), (len(left), len(right))]
    pairs = []
    for (at, other), (stop, other_stop) in pairwise(fixed):
        pairs.append((at, other))
        room = min(stop - at, other_stop - other) - 1
        after = next((n for n in range(room) if left[at + 1 + n] != right[other + 1 + n]), room)
        pairs += [(at + 1 + n, other + 1 + n) for n in range(after)]
        room -= after
        before = next((n for n in range(room) if left[stop - 1 - n] != right[other_stop - 1 - n]), room)
        pairs += [(stop - 1 - n, other_stop - 1 - n) for n in reversed(range(before))]
    return pairs[1:]


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """Choose places of rising numbers, as many as can be (Fredman 1975)."""
    places: list[int] = []
    before: list[int] = []
    lowest: list[int] = []
    for at, number in enumerate(numbers):
        length = bisect_left(lowest, number)
        before.append(places[length - 1] if length else -1)
        places[length : length + 1] = [at]
        lowest[length : length + 1] = [number]
    chosen: list[int] = []
    at = places[-1] if places else -1
    while at >= 0:
        chosen.append(at)
        at = before[at]
    return chosen[::-1]
