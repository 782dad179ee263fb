"""Measure the coverage of a text by another: the share of its letters in passages that are also in the other text."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.words.align import WordLink
from dedup.text.spans import LinkKind, Span


class LetterCounts:
    """Numbers of letters in spans of a text. A letter is a code point that is a letter or a digit.

    >>> letters = LetterCounts("Le 3, oui !")
    >>> letters.total, letters.within([(0, 5), (3, 9)]), letters.share([(6, 9)])
    (6, 6, 0.5)
    """

    def __init__(self, text: str) -> None:
        """Count the letters of a text."""
        is_letter = np.fromiter(map(str.isalnum, text), np.bool_, len(text))
        # Number of letters before each offset, shape (length + 1,).
        self._before: NDArray[np.int64] = np.concatenate((np.zeros(1, np.int64), np.cumsum(is_letter)))

    @property
    def total(self) -> int:
        """Number of letters of the text."""
        return int(self._before[-1])

    def within(self, spans: Iterable[tuple[int, int]]) -> int:
        """Return the number of letters in spans; letters in several spans count once."""
        count = last = 0
        for start, end in sorted(spans):
            if end > last:
                count += int(self._before[end] - self._before[max(start, last)])
                last = end
        return count

    def share(self, spans: Iterable[tuple[int, int]]) -> float:
        """Return the share of the letters of the text in spans; 0 for a text without letters."""
        return self.within(spans) / self.total if self.total else 0.0


def shared_passages(
    kind: LinkKind, left: Span, right: Span, words: Sequence[WordLink]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the passages of linked sentences that both texts have, as spans of the left and the right text.

    Verbatim sentences are passages as a whole; in reworded ones, the words count that are the same or equivalent.
    Sentences on the same topic only ("related") share no passage.

    Args:
        kind: Kind of the link.
        left: Span of the left sentences.
        right: Span of the right sentences.
        words: Aligned words of the sentences.
    """
    if kind == "verbatim":
        yield left, right
    elif kind != "related":
        for word in words:
            if word.kind != "replaced":
                yield (word.left_start, word.left_end), (word.right_start, word.right_end)


def coverage(
    left: LetterCounts, right: LetterCounts, passages: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> tuple[float, float]:
    """Return the share of the letters of each text in passages that are also in the other.

    This is the only measure of overlap: `Diff.coverage`, and so the terminal, JSON and the pages show it.

    Args:
        left: Letters of the left text.
        right: Letters of the right text.
        passages: Passages of both texts; see `shared_passages`.

    Returns:
        The share of the left text that is also in the right text, and of the right text that is also in the left, each
        in [0, 1].
    """
    return left.share(span for span, _ in passages), right.share(span for _, span in passages)
