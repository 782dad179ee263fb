"""Units of two sentences to links between them, from sure ones to those that follow from their neighbours."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from dedup.alignment.words.likeness import WEIGHT, Alike, alike, context
from dedup.alignment.words.pieces import CONTENT, LIMIT, SAME, SIGN, Unit
from dedup.alignment.words.stretches import equal_stretches

# What alike units need of alike neighbours, by their kind (content, function, sign).
NEEDED = (0.0, 0.1, 0.1)
# What it costs to move from the beginning of one sentence to the end of the other.
MOVED = 0.5
# Part of the shorter sentence that must be alike before unlike words are linked by their places.
ENOUGH = 0.3
# Words that may stand for one word; those of the closed classes, where no other is among them.
RUN, RUN_FUNCTION = 3, 2
# Content words of the longest stretch of which the first and the last are linked.
STRETCH = 4
# Times that the stretches between links are looked at.
ROUNDS = 3


class Block(NamedTuple):
    """Units of the left sentence that are linked with units of the right one."""

    start: int
    """First of the left."""
    end: int
    """One past the last."""
    right_start: int
    """First of the right."""
    right_end: int
    """One past the last."""
    likeness: float = 0.0
    """How alike they are; 0 where only their places say that they correspond."""


def match(left: Sequence[Unit], right: Sequence[Unit]) -> list[Block]:
    """Link the units of two sentences.

    First what is alike, best first: likeness, alike neighbours and a similar place count (after Sultan, Bethard and
    Sumner 2014, "Back to basics for monolingual alignment"). Then, if enough is alike, what stands in the same place
    between links or beside one. Weights and limits were chosen on the first half of MTReference.

    Args:
        left: Units of a sentence.
        right: Those of the other.

    Returns:
        Blocks in the order they were found; no unit is in two.
    """
    forms = [unit.form for unit in left], [unit.form for unit in right]
    if forms[0] == forms[1] or max(len(left), len(right)) > LIMIT:
        return [_pair(at, other, SAME) for at, other in equal_stretches(*forms)]
    links = _Links(left, right)
    found = alike(left, right)
    for block in _seeds(left, right, found):
        links.add(block)
    enough = _weight(left[block.start] for block in links.blocks) >= ENOUGH * min(_weight(left), _weight(right))
    for _ in range(ROUNDS):
        before = len(links.blocks)
        if enough:
            _link_between(links, found)
        _link_beside(links, found, unlike=enough)
        if len(links.blocks) == before:
            break
    return [_with_article(links, block) for block in links.blocks]


class _Links:
    """Blocks, and which block each unit is in."""

    def __init__(self, left: Sequence[Unit], right: Sequence[Unit]) -> None:
        self.left, self.right = left, right
        self.blocks: list[Block] = []
        self.of_left = [-1] * len(left)
        self.of_right = [-1] * len(right)

    def add(self, block: Block) -> None:
        """Link units, unless some of them are linked."""
        start, end, right_start, right_end, _ = block
        if max(self.of_left[start:end]) < 0 and max(self.of_right[right_start:right_end]) < 0:
            self.of_left[start:end] = [len(self.blocks)] * (end - start)
            self.of_right[right_start:right_end] = [len(self.blocks)] * (right_end - right_start)
            self.blocks.append(block)

    def bordered(self) -> list[Block]:
        """Give the blocks by place, with the borders of the sentences around them."""
        end = Block(len(self.left), len(self.left), len(self.right), len(self.right))
        return [Block(0, 0, 0, 0), *sorted(self.blocks), end]


def _pair(at: int, other: int, likeness: float = 0.0) -> Block:
    return Block(at, at + 1, other, other + 1, likeness)


def _weight(units: Iterable[Unit]) -> float:
    return sum(WEIGHT[unit.kind] for unit in units)


def _seeds(left: Sequence[Unit], right: Sequence[Unit], found: Alike) -> list[Block]:
    """Give the alike pairs that have the alike neighbours they need: anchors, then the best first."""
    seeds = []
    for (at, other), likeness in found.items():
        kind = max(left[at].kind, right[other].kind)
        around = context(found, left, right, at, other)
        if left[at].anchor or around >= NEEDED[kind]:
            moved = abs(at / len(left) - other / len(right))
            points = likeness * WEIGHT[kind] + around - MOVED * moved
            seeds.append((not left[at].anchor, -points, at + other, _pair(at, other, likeness)))
    return [block for *_, block in sorted(seeds)]


def _link_between(links: _Links, found: Alike) -> None:
    """Link what stands between the same two links on both sides."""
    gaps = [
        gap for gap in _between(links.bordered()) if max(links.of_right[gap.right_start : gap.right_end], default=0) < 0
    ]
    while gaps:
        gap = gaps.pop()
        filled = list(_counterparts(links, gap))
        for block in filled:
            links.add(block._replace(likeness=found.get((block.start, block.right_start), 0.0)))
        if filled:
            begin = Block(gap.start, gap.start, gap.right_start, gap.right_start)
            end = Block(gap.end, gap.end, gap.right_end, gap.right_end)
            gaps += _between([begin, *filled, end])


def _between(blocks: Iterable[Block]) -> list[Block]:
    """Give what is between blocks on both sides."""
    return [Block(one.end, two.start, one.right_end, two.right_start) for one, two in pairwise(blocks)]


def _counterparts(links: _Links, gap: Block) -> Iterator[Block]:
    """Choose what to link of two stretches in the same place, in order.

    A stretch of one word stands for a short one. Else the only signs, the only content words, one content word and
    two, or the first and the last of a few correspond; what is around them is looked at next.
    """
    gap = _without_signs_at_ends(links, gap)
    sizes = gap.end - gap.start, gap.right_end - gap.right_start
    if min(sizes) < 1:
        return
    kinds = [unit.kind for unit in links.left[gap.start : gap.end]]
    other_kinds = [unit.kind for unit in links.right[gap.right_start : gap.right_end]]
    signs = kinds.count(SIGN), other_kinds.count(SIGN)
    mine = [gap.start + at for at, kind in enumerate(kinds) if kind == CONTENT]
    other = [gap.right_start + at for at, kind in enumerate(other_kinds) if kind == CONTENT]
    fewer, more = sorted((len(mine), len(other)))
    if signs == (1, 1):
        yield _pair(gap.start + kinds.index(SIGN), gap.right_start + other_kinds.index(SIGN))
    elif signs == (0, 0) and _may_be_one(*sizes, content=(fewer, more)):
        yield gap
    elif fewer == more == 1:
        yield _pair(mine[0], other[0])
    elif (fewer, more) == (1, 2) and mine[-1] - mine[0] < 2 and other[-1] - other[0] < 2:
        yield Block(mine[0], mine[-1] + 1, other[0], other[-1] + 1)
    elif fewer >= 2 and more <= STRETCH:
        yield _pair(mine[0], other[0])
        yield _pair(mine[-1], other[-1])


def _may_be_one(size: int, other_size: int, content: tuple[int, int]) -> bool:
    """Tell whether two stretches may stand for each other as they are."""
    longest = RUN if content[0] else RUN_FUNCTION
    return (min(size, other_size) == 1 and max(size, other_size) <= longest) or (
        size == other_size == 2 and not content[1]
    )


def _without_signs_at_ends(links: _Links, gap: Block) -> Block:
    """Leave out signs at the ends of two stretches where the other has none."""
    start, end, right_start, right_end, _ = gap
    left, right = links.left, links.right
    while start < end and right_start < right_end:
        first = left[start].kind == SIGN, right[right_start].kind == SIGN
        last = left[end - 1].kind == SIGN, right[right_end - 1].kind == SIGN
        if first[0] != first[1]:
            start, right_start = start + first[0], right_start + first[1]
        elif last[0] != last[1]:
            end, right_end = end - last[0], right_end - last[1]
        else:
            break
    return Block(start, end, right_start, right_end)


def _link_beside(links: _Links, found: Alike, *, unlike: bool) -> None:
    """Link what stands right before or after the same link, if it is alike; content words beside a word also else."""
    for block in links.bordered():
        word = block.start < block.end and links.left[block.start].kind != SIGN
        for at, other in ((block.end, block.right_end), (block.start - 1, block.right_start - 1)):
            if 0 <= at < len(links.left) and 0 <= other < len(links.right):
                content = links.left[at].kind == CONTENT == links.right[other].kind
                likeness = found.get((at, other), 0.0)
                if likeness or (unlike and word and content):
                    links.add(_pair(at, other, likeness))


def _with_article(links: _Links, block: Block) -> Block:
    """Take in the article before a content word where it has no counterpart."""
    start, right_start = block.start, block.right_start
    mine, other = links.left[start], links.right[right_start]
    if mine.kind == CONTENT == other.kind and not mine.anchor:
        if start and links.of_left[start - 1] < 0 and links.left[start - 1].article:
            start -= 1
        if right_start and links.of_right[right_start - 1] < 0 and links.right[right_start - 1].article:
            right_start -= 1
    return block._replace(start=start, right_start=right_start)
