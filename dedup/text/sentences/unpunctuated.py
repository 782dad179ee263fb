"""Cut text without the ends of sentences: at its line ends or, if it has none, about every dozen words.

The cuts between words are content-defined: they depend only on the words around them, so that a passage is cut at the
same places in every text that has it. This is the method of local minima of Bjørner, Blass and Gurevich
("Content-dependent chunking for differential compression, the local maximum approach", 2010).
"""
# ruff: noqa: RUF001 - dashes and quote marks that look alike are intended

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from dedup.text.sentences.lines import FULL_LINE_SHARE
from dedup.text.spans import Span
from dedup.text.tokens import UNSPACED, tokens

MAX_PLAIN_WORDS, MAX_UNENDED_WORDS = 100, 60
"""Maximum number of words in a row without punctuation in a sentence, and in one that does not end with a mark. The
longest such runs have 91 and 60 words in 17,700 articles of French law, Reuters-21578 and 26 novels."""
MAX_SPARSE_WORDS, MAX_UNENDED_SPARSE_WORDS, WORDS_PER_MARK = 150, 100, 20
"""Maximum number of words of a sentence, and of one that does not end with a mark, with less than one punctuation mark
in this number of words. Sentences of the same texts have up to 220 words, but then a mark at least every 14 words."""
WINDOW_WORDS = 5
"""A cut has the smallest hash of all places within this many words on both sides: on average every 11 words."""
MAX_PIECE_WORDS = 30
"""Maximum number of words between two cuts, where there are places for a cut."""
# Minimum number of words before the first and after the last cut.
_MIN_EDGE_WORDS = 3
# Words that a character of a script without spaces counts as: Thai, Lao, Burmese and Khmer; Chinese and Japanese.
_LETTER_WORDS, _IDEOGRAPH_WORDS = 0.25, 0.5
_FIRST_UNSPACED, _FIRST_IDEOGRAPH = "\u0e00", "\u2e80"
# A block of lines is wrapped if this share of its lines is full. Lines of verse are shorter.
_WRAPPED_SHARE = 0.75
_MARKS = r",;:.!?…()\[\]«»“”„\"—–|•/،؛؟।，、；：。！？（）「」『』《》"
_MARK = re.compile(f"[{_MARKS}]")
_PLAIN_RUN = re.compile(f"[^{_MARKS}]{{{2 * MAX_UNENDED_WORDS},}}")
_END = re.compile(rf"[{_MARKS}][\s\d*_'’\"”»)\]]*\Z")
_OPENING = frozenset("«“„‘\"'([{¿¡「『《（")
_UNSPACED_CHARACTER = re.compile(f"[{UNSPACED}]")
# Vowels that are written before the consonant they follow in speech.
_LEADING_VOWELS = frozenset("เแโใไເແໂໃໄ")
_ZERO_WIDTH_JOINER = "\u200d"
_LINE_END = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]\s*+")


# Kinds of places: at punctuation, or a space of a script without spaces between words; at a space; between letters.
_AT_MARK, _AT_SPACE, _IN_RUN = range(3)


class _Place(NamedTuple):
    """A place between two words where a sentence may be cut."""

    at: float
    """Words before it."""
    key: tuple[int, int]
    """Kind, `_AT_MARK`, `_AT_SPACE` or `_IN_RUN`, and a hash of the words on both sides; the smallest is the best."""
    end: int
    """Offset after the last code point before it."""
    start: int
    """Offset of the first code point after it."""


def cut_unpunctuated(text: str, start: int, end: int, max_length: int) -> list[Span]:
    """Cut a sentence that is text without the ends of sentences.

    Args:
        text: Any text.
        start: Offset of the first code point of the sentence.
        end: Offset after its last code point.
        max_length: Longer sentences, in code points, are cut regardless of their punctuation.

    Returns:
        Trimmed spans in order, which cover everything but white space; the whole sentence if it has the punctuation of
        one.

    >>> text = " ".join("w" + str(number) for number in range(70))
    >>> [len(text[piece.start : piece.end].split()) for piece in cut_unpunctuated(text, 0, len(text), 2000)]
    [4, 8, 9, 22, 17, 10]
    """
    whole = Span(start, end)
    if end - start < 2 * MAX_UNENDED_WORDS:
        return [whole]
    if end - start <= max_length and _is_punctuated(text, start, end):
        return [whole]
    pieces: list[Span] = []
    for line in _ragged_lines(text, start, end) or [whole]:
        if line == whole or not _is_punctuated(text, *line):
            pieces += _cut_between_words(text, *line)
        else:
            pieces.append(line)
    return pieces


def _is_punctuated(text: str, start: int, end: int) -> bool:
    """Return whether a long sentence has the punctuation of one."""
    is_ended = _END.search(text, max(start, end - 4), end) is not None
    most = MAX_PLAIN_WORDS if is_ended else MAX_UNENDED_WORDS
    if any(_words(run[0]) > most for run in _PLAIN_RUN.finditer(text, start, end)):
        return False
    most = MAX_SPARSE_WORDS if is_ended else MAX_UNENDED_SPARSE_WORDS
    if end - start < 2 * most:
        return True
    words = _words(text[start:end])
    marks = sum(1 for _ in _MARK.finditer(text, start, end))
    return words <= most or words < WORDS_PER_MARK * (marks + 1)


def _words(text: str) -> float:
    """Return the number of words of a text; the characters of scripts without spaces count as parts of words."""
    unspaced = _UNSPACED_CHARACTER.findall(text)
    if not unspaced:
        return len(text.split())
    return len(_UNSPACED_CHARACTER.sub(" ", text).split()) + sum(map(_weight, unspaced))


def _weight(char: str) -> float:
    """Return the words that a character of a script without spaces counts as."""
    return _IDEOGRAPH_WORDS if char >= _FIRST_IDEOGRAPH else _LETTER_WORDS


def _ragged_lines(text: str, start: int, end: int) -> list[Span]:
    """Return the lines of a sentence; none if it has no line ends or they are those of wrapped text."""
    gaps = list(_LINE_END.finditer(text, start, end))
    starts, ends = [start, *(gap.end() for gap in gaps)], [*(gap.start() for gap in gaps), end]
    lines = [Span(first, first + len(text[first:last].rstrip())) for first, last in zip(starts, ends, strict=True)]
    # As in `lines`, the longest tenth of the lines is ignored.
    full = FULL_LINE_SHARE * sorted(line.end - line.start for line in lines)[-1 - len(lines) // 10]
    is_full = [
        line.end - line.start + 1 + len(text[following.start : following.end].split(None, 1)[0]) > full
        for line, following in pairwise(lines)
    ]
    return lines if is_full and sum(is_full) < _WRAPPED_SHARE * len(is_full) else []


def _cut_between_words(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the pieces of a text between its content-defined cuts."""
    places, words = _places(text, start, end)
    for place in _fill(places, _local_minima(places), words):
        yield Span(start, place.end)
        start = place.start
    yield Span(start, end)


def _places(text: str, start: int, end: int) -> tuple[list[_Place], float]:
    """Return the places where a text may be cut, not too near its ends, and its number of words."""
    found = tokens(text[start:end])
    places = []
    words = 0.0
    for token, following in pairwise(found):
        last, first = start + token.end, start + following.start
        gap = text[last:first]
        is_after, is_before = _is_unspaced(text[last - 1]), _is_unspaced(text[first])
        cut, has_space = (0, True) if gap == " " else _gap_end(gap)
        if is_after:
            words += _weight(text[last - 1])
        elif has_space or is_before:
            words += 1
        if not has_space and not ((is_after or is_before) and _may_cut(text, last, first)):
            continue
        is_marked = (has_space and (is_after or is_before)) or (gap != " " and _MARK.search(gap) is not None)
        kind = _AT_MARK if is_marked else _AT_SPACE if has_space else _IN_RUN
        key = kind, crc32(f"{token.form} {following.form}".encode("utf-8", "surrogatepass"))
        after = len(gap) - len(gap[cut:].lstrip())
        places.append(_Place(words, key, last + len(gap[:cut].rstrip()), last + after))
    words += 1
    marks = [place.at for place in places if place.key[0] == _AT_MARK]
    chosen = [
        place
        for place in places
        if _MIN_EDGE_WORDS <= place.at <= words - _MIN_EDGE_WORDS
        and (place.key[0] != _IN_RUN or _is_far(marks, place.at))
    ]
    return chosen, words


def _is_unspaced(char: str) -> bool:
    """Return whether a character is of a script without spaces."""
    return char >= _FIRST_UNSPACED and _UNSPACED_CHARACTER.match(char) is not None


def _is_far(marks: Sequence[float], at: float) -> bool:
    """Return whether no mark is near a position: near marks, scripts without spaces are cut at them only."""
    rank = bisect_left(marks, at - MAX_PIECE_WORDS / 2)
    return rank == len(marks) or marks[rank] > at + MAX_PIECE_WORDS / 2


def _gap_end(gap: str) -> tuple[int, bool]:
    """Return where in the text between two words a piece ends, and whether white space is there.

    That is before the last white space and opening marks.

    >>> _gap_end(", "), _gap_end(" («"), _gap_end("「"), _gap_end("-")
    ((1, True), (0, True), (0, False), (1, False))
    """
    first = len(gap)
    while first and (gap[first - 1].isspace() or gap[first - 1] in _OPENING):
        first -= 1
    space = next((at for at in range(first, len(gap)) if gap[at].isspace()), None)
    return (first, False) if space is None else (space, True)


def _may_cut(text: str, last: int, first: int) -> bool:
    """Return whether a word without a space before it may begin a piece: no mark belongs to the letter before."""
    is_joined = text[first - 1] == _ZERO_WIDTH_JOINER or text[last - 1] in _LEADING_VOWELS
    return not is_joined and unicodedata.category(text[first])[0] != "M"


def _local_minima(places: Sequence[_Place]) -> list[_Place]:
    """Return the places with the smallest key within `WINDOW_WORDS` on both sides; of equal keys the first."""
    minima = []
    window: deque[int] = deque()  # ascending keys of the places in the window: a sliding minimum
    ahead = 0
    for index, place in enumerate(places):
        while ahead < len(places) and places[ahead].at <= place.at + WINDOW_WORDS:
            while window and places[window[-1]].key > places[ahead].key:
                window.pop()
            window.append(ahead)
            ahead += 1
        while places[window[0]].at < place.at - WINDOW_WORDS:
            window.popleft()
        if window[0] == index:
            minima.append(place)
    return minima


def _fill(places: Sequence[_Place], cuts: Sequence[_Place], words: float) -> Iterator[_Place]:
    """Yield cuts, with more of them where a piece would have more than `MAX_PIECE_WORDS`.

    Args:
        places: All places.
        cuts: Some of them, in order.
        words: Number of words of the text.
    """
    at = 0.0
    for cut, stop in [*((cut, cut.at) for cut in cuts), (None, words)]:
        while stop - at > MAX_PIECE_WORDS:
            first = bisect_left(places, at + WINDOW_WORDS, key=lambda place: place.at)
            last = bisect_right(places, min(at + MAX_PIECE_WORDS, stop - _MIN_EDGE_WORDS), key=lambda place: place.at)
            if first >= last:
                break
            added = min(places[first:last], key=lambda place: place.key)
            yield added
            at = added.at
        if cut:
            yield cut
            at = stop
