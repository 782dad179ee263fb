"""Decide which words of two sentences are in corresponding places, so that one replaces the other."""

from collections.abc import Iterable, Sequence

from dedup.alignment.words.block import MatchedBlock
from dedup.alignment.words.similarity import KIND_WEIGHTS, Similarities, support_beside
from dedup.alignment.words.word_groups import CONTENT_WORD, SIMILAR_SPELLING, SYMBOL, SentenceWord, WordGroup

# Minimum support, by similar words nearby in the same order, on both sides of dissimilar words in the same place.
MIN_SUPPORT = 0.45
# Minimum share of the mean weight of their words that parallel sentences share, and minimum support of both sides
# together in them.
MIN_PARALLEL_SHARE, MIN_PARALLEL_SUPPORT = 0.4, 0.3


def drop_misplaced(
    blocks: Sequence[MatchedBlock], left: Sequence[WordGroup], right: Sequence[WordGroup]
) -> list[MatchedBlock]:
    """Return the blocks without those of dissimilar groups that are not in corresponding places.

    Two places correspond if similar words are near them in the same order, before and after; in sentences that share
    many of their words, before or after.

    Args:
        blocks: Blocks; dissimilar groups have similarity 0.
        left: Groups of the left sentence.
        right: Groups of the right sentence.
    """
    similar: Similarities = {(block.start, block.right_start): block.similarity for block in blocks if block.similarity}
    shared = sum(KIND_WEIGHTS[left[block.start].kind] for block in blocks if block.similarity)
    weight = sum(KIND_WEIGHTS[group.kind] for group in (*left, *right)) / 2
    is_parallel = shared >= MIN_PARALLEL_SHARE * weight
    kept = []
    for block in blocks:
        if not block.similarity and left[block.start].kind != SYMBOL:
            before = support_beside(similar, left, right, (block.start, block.right_start), -1)
            after = support_beside(similar, left, right, (block.end - 1, block.right_end - 1), 1)
            if min(before, after) < MIN_SUPPORT and not (is_parallel and before + after >= MIN_PARALLEL_SUPPORT):
                continue
        kept.append(block)
    return kept


def drop_replaced_numbers(
    blocks: Iterable[MatchedBlock],
    sides: tuple[Sequence[WordGroup], Sequence[WordGroup]],
    words: tuple[Sequence[SentenceWord], Sequence[SentenceWord]],
) -> list[MatchedBlock]:
    """Return the blocks without those in which a number would be replaced by words, or is in both sentences.

    Args:
        blocks: Blocks.
        sides: Groups of the left and of the right sentence.
        words: Words of the left and of the right sentence.
    """
    numbers = [[_numbers(group, side_words) for group in side] for side, side_words in zip(sides, words, strict=True)]
    in_both = set[str]().union(*numbers[0]) & set[str]().union(*numbers[1])
    kept = []
    for block in blocks:
        found = [
            set[str]().union(*side[start:end])
            for side, (start, end) in zip(numbers, (block[0:2], block[2:4]), strict=True)
        ]
        is_replaced = block.similarity < SIMILAR_SPELLING and not sides[0][block.start].is_anchor
        if not is_replaced or (bool(found[0]) == bool(found[1]) and not in_both & (found[0] | found[1])):
            kept.append(block)
    return kept


def _numbers(group: WordGroup, words: Sequence[SentenceWord]) -> set[str]:
    """Return the values and the figures of a group; articles such as "un" are not numbers."""
    figures = {word.stem for word in words[group.first : group.last] if any(map(str.isdigit, word.form))}
    values = {key for _, key in group.keys if key.startswith("n")} if group.kind == CONTENT_WORD else set()
    return figures | values
