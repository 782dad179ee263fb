"""Align the words of two corresponding sentences."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from dedup.alignment.words.block import MatchedBlock
from dedup.alignment.words.matching import match_groups
from dedup.alignment.words.places import drop_replaced_numbers
from dedup.alignment.words.word_groups import SIMILAR_SPELLING, SentenceWord, WordRange, group_words, parse_words
from dedup.text.spans import Span

WordLinkKind = Literal["same", "equivalent", "replaced"]
SpanPairs = Sequence[tuple[Span, Span]]


class WordLink(NamedTuple):
    """Corresponding words of two sentences."""

    left_start: int
    """Offset of the first code point in the left text."""
    left_end: int
    """Offset after the last code point in the left text."""
    right_start: int
    """Offset of the first code point in the right text."""
    right_end: int
    """Offset after the last code point in the right text."""
    kind: WordLinkKind
    """"same": equal except for case, composition and the form of apostrophes; "equivalent": the same word, number or
    name in another form; "replaced": a different word in its place."""

    def shifted(self, left: int, right: int) -> "WordLink":
        """Return the link with offsets that are greater by `left` in the left text and by `right` in the right text."""
        return WordLink(
            self.left_start + left, self.left_end + left, self.right_start + right, self.right_end + right, self.kind
        )

    def span(self, side: int) -> Span:
        """Return the span in the left text (side 0) or in the right text (side 1)."""
        return Span(self.left_start, self.left_end) if side == 0 else Span(self.right_start, self.right_end)


def align_words(left: str, right: str, language: str, anchors: SpanPairs = ()) -> list[WordLink]:
    """Find the corresponding words of two sentences; words in no link occur in one sentence only.

    Content words may change their order; function words and symbols only together with their neighbours. A link has
    several words if they correspond to a single word, are a phrase, or an anchor without figures. A definite article
    without counterpart is linked together with its noun. Different words are linked only in corresponding places, and
    numbers of both sentences only if they are equal. In sentences of more than 2,000 words only equal words in the same
    order are linked.

    Args:
        left: A sentence.
        right: A corresponding sentence in the same language.
        language: ISO 639-1 code.
        anchors: Spans known to correspond, such as two spellings of a name. Anchors are ignored if they are empty, do
            not begin and end with a word, or overlap an earlier anchor.

    Returns:
        Links in order of the left sentence; no word is in two links.

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
        return [WordLink(word.start, word.end, word.start, word.end, "same") for word in parse_words(left, language)]
    mirrored = [(right_span, left_span) for left_span, right_span in anchors]
    if (right, mirrored) < (left, list(anchors)):  # so that the alignment of right with left mirrors this one
        links = align_words(right, left, language, mirrored)
        return sorted(WordLink(*link[2:4], *link[0:2], link.kind) for link in links)
    left_words, right_words = parse_words(left, language), parse_words(right, language)
    ranges = _anchor_ranges(left_words, right_words, anchors)
    left_groups = group_words(left_words, right_words, [pair[0] for pair in ranges], left, language)
    right_groups = group_words(right_words, left_words, [pair[1] for pair in ranges], right, language)
    found: list[WordLink] = []
    blocks = match_groups(left_groups, right_groups)
    for block in drop_replaced_numbers(blocks, (left_groups, right_groups), (left_words, right_words)):
        lefts, rights = left_groups[block.start : block.end], right_groups[block.right_start : block.right_end]
        sides = left_words[lefts[0].first : lefts[-1].last], right_words[rights[0].first : rights[-1].last]
        found += _anchor_links(*sides, (left, right), language) if lefts[0].is_anchor else _links(*sides, block)
    return sorted(found)


def _anchor_ranges(
    left: Sequence[SentenceWord], right: Sequence[SentenceWord], anchors: SpanPairs
) -> list[tuple[WordRange, WordRange]]:
    """Return the valid anchors that do not overlap an earlier one, as ranges of words."""
    valid: list[tuple[WordRange, WordRange]] = []
    sides = (left, right)
    ranks_by_start = [{word.start: rank for rank, word in enumerate(side)} for side in sides]
    ranks_by_end = [{word.end: rank + 1 for rank, word in enumerate(side)} for side in sides]
    taken = [bytearray(len(side)) for side in sides]
    for pair in anchors:
        ranges = [
            (starts.get(start, len(side)), ends.get(end, 0))
            for side, starts, ends, (start, end) in zip(sides, ranks_by_start, ranks_by_end, pair, strict=True)
        ]
        if all(first < last and not any(used[first:last]) for used, (first, last) in zip(taken, ranges, strict=True)):
            valid.append((ranges[0], ranges[1]))
            for used, (first, last) in zip(taken, ranges, strict=True):
                used[first:last] = b"\1" * (last - first)
    return valid


def _links(left: Sequence[SentenceWord], right: Sequence[SentenceWord], block: MatchedBlock) -> Iterator[WordLink]:
    """Yield the link of a block that is not an anchor, or a link for each word if the words are equal."""
    if [word.form for word in left] == [word.form for word in right]:
        yield from _word_by_word(left, right)
    else:
        kind: WordLinkKind = "equivalent" if block.similarity >= SIMILAR_SPELLING else "replaced"
        yield WordLink(left[0].start, left[-1].end, right[0].start, right[-1].end, kind)


def _word_by_word(left: Sequence[SentenceWord], right: Sequence[SentenceWord]) -> Iterator[WordLink]:
    for left_word, right_word in zip(left, right, strict=True):
        yield WordLink(left_word.start, left_word.end, right_word.start, right_word.end, "same")


def _anchor_links(
    left: Sequence[SentenceWord], right: Sequence[SentenceWord], texts: tuple[str, str], language: str
) -> list[WordLink]:
    """Return the links of an anchor: one, or those of its parts if it is a figure with its unit, or a date.

    It is divided if all words of a side have a counterpart. Words of the other side without counterpart are linked
    together with the next word that has one, or the last.

    Args:
        left: Left words of the anchor.
        right: Right words of the anchor.
        texts: The sentences.
        language: ISO 639-1 code.
    """
    are_equal = [word.form for word in left] == [word.form for word in right]
    whole = WordLink(left[0].start, left[-1].end, right[0].start, right[-1].end, "same" if are_equal else "equivalent")
    if not any(word.form[0].isdigit() for word in (*left, *right)):
        return [whole]
    if are_equal:
        return list(_word_by_word(left, right))
    texts = texts[0][whole.left_start : whole.left_end], texts[1][whole.right_start : whole.right_end]
    parts = [
        part.shifted(whole.left_start, whole.right_start)
        for part in align_words(*texts, language)
        if part.kind != "replaced"
    ]
    linked = [
        sum(any(part.span(side).start <= word.start < part.span(side).end for part in parts) for word in words)
        for side, words in enumerate((left, right))
    ]
    if not parts or (linked[0] < len(left) and linked[1] < len(right)):
        return [whole]
    for side, words in enumerate((left, right)):
        if linked[side] < len(words):
            parts = _with_unlinked(parts, side, words)
    return parts


def _with_unlinked(parts: Sequence[WordLink], side: int, words: Sequence[SentenceWord]) -> list[WordLink]:
    """Extend the parts of an anchor by the words of a side (0 for left, 1 for right) that are in no part."""
    ordered = sorted(parts, key=lambda part: part.span(side))
    extended = []
    start = words[0].start
    for rank, part in enumerate(ordered):
        span = part.span(side)
        whole = Span(start, words[-1].end if rank == len(ordered) - 1 else span.end)
        if whole == span:
            extended.append(part)
        elif side == 0:
            extended.append(WordLink(*whole, part.right_start, part.right_end, "equivalent"))
        else:
            extended.append(WordLink(part.left_start, part.left_end, *whole, "equivalent"))
        start = next((word.start for word in words if word.start >= whole.end), whole.end)
    return extended
