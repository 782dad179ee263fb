"""Match the word groups of two sentences: first by similarity, then by their neighbours."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from dedup.alignment.words.block import MatchedBlock
from dedup.alignment.words.equal_words import pair_equal_words
from dedup.alignment.words.places import drop_misplaced
from dedup.alignment.words.similarity import KIND_WEIGHTS, Similarities, find_similar, neighbour_similarity
from dedup.alignment.words.word_groups import CONTENT_WORD, EQUAL, MAX_ALIGNED_WORDS, SYMBOL, WordGroup

# Minimum similarity of the neighbours of a pair of similar groups, by kind (content word, function word, symbol).
MIN_NEIGHBOUR_SIMILARITY = (0.0, 0.1, 0.1)
# Penalty for a move from the beginning of one sentence to the end of the other sentence.
MOVE_PENALTY = 0.5
# Minimum share of the shorter sentence that must be matched before dissimilar groups are matched by position.
MIN_MATCHED_SHARE = 0.3
# Maximum number of words that one word is matched with, and the same if all are function words.
MAX_REPLACED_WORDS, MAX_REPLACED_FUNCTION_WORDS = 3, 2
# Maximum number of content words of a gap whose first and last content words are matched.
MAX_GAP_WORDS = 4
# Maximum number of passes over the gaps between matches.
MAX_PASSES = 3


def match_groups(left: Sequence[WordGroup], right: Sequence[WordGroup]) -> list[MatchedBlock]:
    """Match the word groups of two sentences.

    Similar groups are matched first, in order of a score of similarity, neighbours and position (after Sultan, Bethard
    and Sumner 2014, "Back to basics for monolingual alignment"). Then, if enough is matched, groups in the same
    position between two matches or next to a match are matched. Weights and limits were chosen on the first half of
    MTReference.

    Args:
        left: Groups of the left sentence.
        right: Groups of the right sentence.

    Returns:
        Blocks in the order in which they are found; no group is in two blocks.
    """
    forms = [group.form for group in left], [group.form for group in right]
    if forms[0] == forms[1] or max(len(left), len(right)) > MAX_ALIGNED_WORDS:
        return [_pair(left_rank, right_rank, EQUAL) for left_rank, right_rank in pair_equal_words(*forms)]
    matches = _GroupMatches(left, right)
    found = find_similar(left, right)
    for block in _rank_similar(left, right, found):
        matches.add(block)
    matched_weight = _weight(left[block.start] for block in matches.blocks)
    match_dissimilar = matched_weight >= MIN_MATCHED_SHARE * min(_weight(left), _weight(right))
    for _ in range(MAX_PASSES):
        before = len(matches.blocks)
        if match_dissimilar:
            _fill_gaps(matches, found)
        _match_neighbours(matches, found, match_dissimilar=match_dissimilar)
        if len(matches.blocks) == before:
            break
    return [_with_articles(matches, block) for block in drop_misplaced(matches.blocks, left, right)]


class _GroupMatches:
    """Matched blocks, and the block of each group."""

    def __init__(self, left: Sequence[WordGroup], right: Sequence[WordGroup]) -> None:
        self.left, self.right = left, right
        self.blocks: list[MatchedBlock] = []
        self.block_of_left = [-1] * len(left)
        self.block_of_right = [-1] * len(right)

    def add(self, block: MatchedBlock) -> None:
        """Add a block, unless one of its groups is matched already."""
        start, end, right_start, right_end, _ = block
        if max(self.block_of_left[start:end]) < 0 and max(self.block_of_right[right_start:right_end]) < 0:
            self.block_of_left[start:end] = [len(self.blocks)] * (end - start)
            self.block_of_right[right_start:right_end] = [len(self.blocks)] * (right_end - right_start)
            self.blocks.append(block)

    def with_ends(self) -> list[MatchedBlock]:
        """Return the blocks in order, between empty blocks at the ends of the sentences."""
        end = MatchedBlock(len(self.left), len(self.left), len(self.right), len(self.right))
        return [MatchedBlock(0, 0, 0, 0), *sorted(self.blocks), end]


def _pair(left_rank: int, right_rank: int, similarity: float = 0.0) -> MatchedBlock:
    return MatchedBlock(left_rank, left_rank + 1, right_rank, right_rank + 1, similarity)


def _weight(groups: Iterable[WordGroup]) -> float:
    return sum(KIND_WEIGHTS[group.kind] for group in groups)


def _rank_similar(left: Sequence[WordGroup], right: Sequence[WordGroup], found: Similarities) -> list[MatchedBlock]:
    """Return the similar pairs with sufficiently similar neighbours: anchors, then by score."""
    ranked = []
    for (left_rank, right_rank), similarity in found.items():
        kind = max(left[left_rank].kind, right[right_rank].kind)
        around = neighbour_similarity(found, left, right, left_rank, right_rank)
        if left[left_rank].is_anchor or around >= MIN_NEIGHBOUR_SIMILARITY[kind]:
            distance = abs(left_rank / len(left) - right_rank / len(right))
            score = similarity * KIND_WEIGHTS[kind] + around - MOVE_PENALTY * distance
            block = _pair(left_rank, right_rank, similarity)
            ranked.append((not left[left_rank].is_anchor, -score, left_rank + right_rank, block))
    return [block for *_, block in sorted(ranked)]


def _fill_gaps(matches: _GroupMatches, found: Similarities) -> None:
    """Match groups that are between the same two blocks on both sides."""
    gaps = [
        gap
        for gap in _gaps(matches.with_ends())
        if max(matches.block_of_right[gap.right_start : gap.right_end], default=0) < 0
    ]
    while gaps:
        gap = gaps.pop()
        filled = list(_match_gap(matches, gap))
        for block in filled:
            matches.add(block._replace(similarity=found.get((block.start, block.right_start), 0.0)))
        if filled:
            begin = MatchedBlock(gap.start, gap.start, gap.right_start, gap.right_start)
            end = MatchedBlock(gap.end, gap.end, gap.right_end, gap.right_end)
            gaps += _gaps([begin, *filled, end])


def _gaps(blocks: Iterable[MatchedBlock]) -> list[MatchedBlock]:
    """Return the gaps between consecutive blocks, as blocks."""
    return [
        MatchedBlock(before.end, after.start, before.right_end, after.right_start) for before, after in pairwise(blocks)
    ]


def _match_gap(matches: _GroupMatches, gap: MatchedBlock) -> Iterator[MatchedBlock]:
    """Yield the matches within a gap, in order.

    A gap of one word is matched as a whole with a short gap. Otherwise the matches are: the only symbols; the only
    content words; one content word with two; the first and the last of a few content words. The caller fills the gaps
    around them.
    """
    gap = _without_outer_symbols(matches, gap)
    sizes = gap.end - gap.start, gap.right_end - gap.right_start
    if min(sizes) < 1:
        return
    left_kinds = [group.kind for group in matches.left[gap.start : gap.end]]
    right_kinds = [group.kind for group in matches.right[gap.right_start : gap.right_end]]
    symbols = left_kinds.count(SYMBOL), right_kinds.count(SYMBOL)
    lefts = [gap.start + rank for rank, kind in enumerate(left_kinds) if kind == CONTENT_WORD]
    rights = [gap.right_start + rank for rank, kind in enumerate(right_kinds) if kind == CONTENT_WORD]
    fewer, more = sorted((len(lefts), len(rights)))
    if symbols == (1, 1):
        yield _pair(gap.start + left_kinds.index(SYMBOL), gap.right_start + right_kinds.index(SYMBOL))
    elif symbols == (0, 0) and _can_match_whole(*sizes, content_words=(fewer, more)):
        yield gap
    elif fewer == more == 1:
        yield _pair(lefts[0], rights[0])
    elif (fewer, more) == (1, 2) and lefts[-1] - lefts[0] < 2 and rights[-1] - rights[0] < 2:
        yield MatchedBlock(lefts[0], lefts[-1] + 1, rights[0], rights[-1] + 1)
    elif fewer >= 2 and more <= MAX_GAP_WORDS:
        yield _pair(lefts[0], rights[0])
        yield _pair(lefts[-1], rights[-1])


def _can_match_whole(left_size: int, right_size: int, content_words: tuple[int, int]) -> bool:
    """Return whether both sides of a gap can be matched as a whole.

    Args:
        left_size: Number of left groups.
        right_size: Number of right groups.
        content_words: The smaller and the larger number of content words of the two sides.
    """
    limit = MAX_REPLACED_WORDS if content_words[0] else MAX_REPLACED_FUNCTION_WORDS
    return (min(left_size, right_size) == 1 and max(left_size, right_size) <= limit) or (
        left_size == right_size == 2 and not content_words[1]
    )


def _without_outer_symbols(matches: _GroupMatches, gap: MatchedBlock) -> MatchedBlock:
    """Exclude symbols at the ends of a gap where the other side has none."""
    start, end, right_start, right_end, _ = gap
    left, right = matches.left, matches.right
    while start < end and right_start < right_end:
        first = left[start].kind == SYMBOL, right[right_start].kind == SYMBOL
        last = left[end - 1].kind == SYMBOL, right[right_end - 1].kind == SYMBOL
        if first[0] != first[1]:
            start, right_start = start + first[0], right_start + first[1]
        elif last[0] != last[1]:
            end, right_end = end - last[0], right_end - last[1]
        else:
            break
    return MatchedBlock(start, end, right_start, right_end)


def _match_neighbours(matches: _GroupMatches, found: Similarities, *, match_dissimilar: bool) -> None:
    """Match groups directly before or after the same block if they are similar.

    Args:
        matches: Receives the blocks.
        found: Similar pairs.
        match_dissimilar: Whether to match also dissimilar content words next to a word.
    """
    for block in matches.with_ends():
        is_word = block.start < block.end and matches.left[block.start].kind != SYMBOL
        for left_rank, right_rank in ((block.end, block.right_end), (block.start - 1, block.right_start - 1)):
            if 0 <= left_rank < len(matches.left) and 0 <= right_rank < len(matches.right):
                are_content = matches.left[left_rank].kind == CONTENT_WORD == matches.right[right_rank].kind
                similarity = found.get((left_rank, right_rank), 0.0)
                if similarity or (match_dissimilar and is_word and are_content):
                    matches.add(_pair(left_rank, right_rank, similarity))


def _with_articles(matches: _GroupMatches, block: MatchedBlock) -> MatchedBlock:
    """Extend a block of content words by the unmatched articles before it."""
    start, right_start = block.start, block.right_start
    left, right = matches.left[start], matches.right[right_start]
    if left.kind == CONTENT_WORD == right.kind and not left.is_anchor:
        if start and matches.block_of_left[start - 1] < 0 and matches.left[start - 1].is_article:
            start -= 1
        if right_start and matches.block_of_right[right_start - 1] < 0 and matches.right[right_start - 1].is_article:
            right_start -= 1
    return block._replace(start=start, right_start=right_start)
