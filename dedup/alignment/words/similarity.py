"""Find the similar word groups of two sentences, and measure the similarity of their neighbours."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import takewhile
from operator import eq

from dedup.alignment.words.word_groups import COMMON_PREFIX, SAME_WORD, SIMILAR_SPELLING, WordGroup
from dedup.text.facts.names.spelling import match_names

# Weight of a group of each kind (content word, function word, symbol), and of an end of both sentences.
KIND_WEIGHTS, END_WEIGHT = (1.0, 0.4, 0.25), 0.5
# Weight of similar neighbours at each distance, and factor for each word by which their distances differ.
DISTANCE_WEIGHTS, DISTANCE_DIFFERENCE_FACTOR = (1.0, 0.6, 0.3, 0.15), 0.7
# Maximum number of groups of a sentence that are compared with a group of the other sentence because of the same key.
MAX_GROUPS_PER_KEY = 12
# Number of letters by which words with a common prefix are found, and minimum share of the prefix in the longer word.
COMPARED_PREFIX_LETTERS, MIN_PREFIX_SHARE = 4, 0.65

# Similarity of pairs of word groups, by left and right rank; other pairs are not similar.
Similarities = dict[tuple[int, int], float]


def find_similar(left: Sequence[WordGroup], right: Sequence[WordGroup]) -> Similarities:
    """Find the pairs of similar word groups.

    Args:
        left: Groups of the left sentence.
        right: Groups of the right sentence.

    Returns:
        Similarities from `SIMILAR_MEANING` to `EQUAL` (see `dedup.alignment.words.word_groups`).
    """
    ranks_by_key: dict[str, list[int]] = {}
    for rank, group in enumerate(right):
        for _, key in group.keys:
            ranks_by_key.setdefault(key, []).append(rank)
    found: Similarities = {}
    for left_rank, group in enumerate(left):
        for similarity, key in group.keys:
            for right_rank in _nearest(ranks_by_key.get(key, []), left_rank * len(right) // len(left)):
                _raise_to(found, (left_rank, right_rank), similarity)
    _add_similar_spellings(found, left, right)
    return found


def neighbour_similarity(
    found: Similarities, left: Sequence[WordGroup], right: Sequence[WordGroup], left_rank: int, right_rank: int
) -> float:
    """Return the weighted sum of the similarities around a pair of groups; the ends of the sentences are similar.

    Args:
        found: Similar pairs.
        left: Groups of the left sentence.
        right: Groups of the right sentence.
        left_rank: Rank of a left group.
        right_rank: Rank of a right group.
    """
    pair = left_rank, right_rank
    return support_beside(found, left, right, pair, -1) + support_beside(found, left, right, pair, 1)


def support_beside(
    found: Similarities, left: Sequence[WordGroup], right: Sequence[WordGroup], start: tuple[int, int], sign: int
) -> float:
    """Return the weighted sum of the similarities before (sign -1) or after (1) a pair of groups.

    Args:
        found: Similar pairs.
        left: Groups of the left sentence.
        right: Groups of the right sentence.
        start: Ranks of the left and of the right group.
        sign: Direction.
    """
    total = 0.0
    ends = ((-1, -1), (len(left), len(right)))
    for left_distance, right_distance, weight in _STEPS:
        pair = start[0] + sign * left_distance, start[1] + sign * right_distance
        similarity = found.get(pair)
        if similarity:
            total += similarity * weight * KIND_WEIGHTS[max(left[pair[0]].kind, right[pair[1]].kind)]
        elif pair in ends:
            total += END_WEIGHT * weight
    return round(total, 9)  # so that the order of the sentences makes no difference


_STEPS = [
    (
        left_distance,
        right_distance,
        DISTANCE_WEIGHTS[left_distance - 1]
        * DISTANCE_WEIGHTS[right_distance - 1]
        * DISTANCE_DIFFERENCE_FACTOR ** abs(left_distance - right_distance),
    )
    for left_distance in range(1, len(DISTANCE_WEIGHTS) + 1)
    for right_distance in range(1, len(DISTANCE_WEIGHTS) + 1)
]


def _raise_to(found: Similarities, pair: tuple[int, int], similarity: float) -> None:
    """Set the similarity of a pair, unless it is higher already."""
    found[pair] = max(similarity, found.get(pair, 0.0))


def _nearest(ranks: list[int], center: int) -> list[int]:
    """Return at most `MAX_GROUPS_PER_KEY` ranks around `center`, so that frequent words do not take quadratic time."""
    if len(ranks) <= MAX_GROUPS_PER_KEY:
        return ranks
    first = min(max(0, bisect_left(ranks, center) - MAX_GROUPS_PER_KEY // 2), len(ranks) - MAX_GROUPS_PER_KEY)
    return ranks[first : first + MAX_GROUPS_PER_KEY]


def _add_similar_spellings(found: Similarities, left: Sequence[WordGroup], right: Sequence[WordGroup]) -> None:
    """Add the pairs of similarly spelled words; words with the same word on the other side are left out.

    Capitalised words with the same beginning are less similar: they may be different names.
    """
    same_word = [{pair[side] for pair, similarity in found.items() if similarity >= SAME_WORD} for side in (0, 1)]
    lefts, rights = (
        [rank for rank, group in enumerate(groups) if group.compare_spelling and rank not in excluded]
        for groups, excluded in zip((left, right), same_word, strict=True)
    )
    for left_at, right_at in match_names([left[rank].form for rank in lefts], [right[rank].form for rank in rights]):
        _raise_to(found, (lefts[left_at], rights[right_at]), SIMILAR_SPELLING)
    ranks_by_prefix: dict[str, list[int]] = {}
    for right_rank in rights:
        ranks_by_prefix.setdefault(right[right_rank].form[:COMPARED_PREFIX_LETTERS], []).append(right_rank)
    for left_rank in lefts:
        left_group = left[left_rank]
        for right_rank in _nearest(ranks_by_prefix.get(left_group.form[:COMPARED_PREFIX_LETTERS], []), left_rank):
            right_group = right[right_rank]
            common = sum(takewhile(bool, map(eq, left_group.form, right_group.form)))
            if common >= MIN_PREFIX_SHARE * max(len(left_group.form), len(right_group.form)):
                are_names = left_group.is_capitalised and right_group.is_capitalised
                _raise_to(found, (left_rank, right_rank), COMMON_PREFIX if are_names else SIMILAR_SPELLING)
