"""Word alignment inside a pair of sentences that say the same: which words are the same, which stand for which."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from dedup.alignment.words.matching import Block, match
from dedup.alignment.words.pieces import SPELT, Range, Word, units, words
from dedup.text.spans import Span

Kind = Literal["same", "equivalent", "replaced"]
Pairs = Sequence[tuple[Span, Span]]


class WordLink(NamedTuple):
    """Words of one sentence and those of the other that they correspond to."""

    left_start: int
    """First code point in the left sentence."""
    left_end: int
    """One past the last."""
    right_start: int
    """First code point in the right sentence."""
    right_end: int
    """One past the last."""
    kind: Kind
    """"same": equal but for case, composition and the shape of apostrophes; "equivalent": the same word, number or name
    in another form; "replaced": another word that stands for it."""


def align_words(left: str, right: str, language: str, anchors: Pairs = ()) -> list[WordLink]:
    """Find which words of two sentences correspond; those in no link are unique to their side.

    Words may change places, but articles, prepositions and signs only where their neighbours do. Several words are in
    one link if they are in an anchor, are one word on the other side, are a phrase or stand for one word; a definite
    article without counterpart goes with its noun. In sentences of more than 2,000 words only equal words in the same
    order are linked.

    Args:
        left: A sentence.
        right: One that says the same, in the same language.
        language: ISO 639-1 code.
        anchors: Stretches known to correspond, such as two spellings of a name; those that are empty, do not begin
            and end with a word, or lie over an earlier one are ignored.

    Returns:
        Links by place in the left sentence; no word is in two.

    >>> left, right = "Moscou accueillera 25 000 ouvriers.", "La Russie accueillera 25.000 travailleurs."
    >>> for link in align_words(left, right, "fr"):
    ...     print(left[link.left_start : link.left_end], "|", right[link.right_start : link.right_end], "|", link.kind)
    Moscou | La Russie | replaced
    accueillera | accueillera | same
    25 000 | 25.000 | equivalent
    ouvriers | travailleurs | replaced
    . | . | same
    """
    if left == right and not anchors:
        return [WordLink(word.start, word.end, word.start, word.end, "same") for word in words(left, language)]
    mirrored = [(there, here) for here, there in anchors]
    if (right, mirrored) < (left, list(anchors)):  # so that the alignment of right with left mirrors this one
        found = align_words(right, left, language, mirrored)
        return sorted(WordLink(*link[2:4], *link[0:2], link.kind) for link in found)
    mine, other = words(left, language), words(right, language)
    held = _held(mine, other, anchors)
    mine_units = units(mine, other, [pair[0] for pair in held], left, language)
    other_units = units(other, mine, [pair[1] for pair in held], right, language)
    links: list[WordLink] = []
    for block in match(mine_units, other_units):
        ours, theirs = mine_units[block.start : block.end], other_units[block.right_start : block.right_end]
        links += _links(
            mine[ours[0].first : ours[-1].last], other[theirs[0].first : theirs[-1].last], block, anchor=ours[0].anchor
        )
    return sorted(links)


def _held(left: Sequence[Word], right: Sequence[Word], anchors: Pairs) -> list[tuple[Range, Range]]:
    """Give anchors as ranges of words: those that are sound, and not over an earlier one."""
    held: list[tuple[Range, Range]] = []
    sides = (left, right)
    begins = [{word.start: at for at, word in enumerate(side)} for side in sides]
    ends = [{word.end: at + 1 for at, word in enumerate(side)} for side in sides]
    taken = [bytearray(len(side)) for side in sides]
    for pair in anchors:
        ranges = [
            (begin.get(start, len(side)), end_of.get(end, 0))
            for side, begin, end_of, (start, end) in zip(sides, begins, ends, pair, strict=True)
        ]
        if all(first < last and not any(over[first:last]) for over, (first, last) in zip(taken, ranges, strict=True)):
            held.append((ranges[0], ranges[1]))
            for over, (first, last) in zip(taken, ranges, strict=True):
                over[first:last] = b"\1" * (last - first)
    return held


def _links(left: Sequence[Word], right: Sequence[Word], block: Block, *, anchor: bool) -> Iterator[WordLink]:
    """Give the links of a block: one, or one a word where the words are equal."""
    equal = [word.form for word in left] == [word.form for word in right]
    if equal and not anchor:
        for one, two in zip(left, right, strict=True):
            yield WordLink(one.start, one.end, two.start, two.end, "same")
    else:
        alike: Kind = "same" if equal else "equivalent"
        kind: Kind = alike if anchor or block.likeness >= SPELT else "replaced"
        yield WordLink(left[0].start, left[-1].end, right[0].start, right[-1].end, kind)
