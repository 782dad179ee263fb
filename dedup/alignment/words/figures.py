"""Find the figures of two texts; a figure that both texts have is never marked as replaced."""

from collections.abc import Iterable
from functools import cached_property

from dedup.alignment.words.align import WordLink
from dedup.alignment.words.word_groups import parse_words


class FiguresOfTexts:
    """The figures of two texts, read when they are needed."""

    def __init__(self, left: str, right: str, language: str) -> None:
        """Set the two whole texts and their language."""
        self._texts = left, right
        self._language = language

    @cached_property
    def _in_both(self) -> frozenset[str]:
        left, right = (_figures(text, self._language) for text in self._texts)
        return left & right

    def without_shared(self, links: Iterable[WordLink]) -> list[WordLink]:
        """Return links of words without those in which a figure that both texts have is "replaced".

        Args:
            links: Links by offsets in the whole texts.

        >>> texts = "from 10 to 12", "12, not 11"
        >>> links = [WordLink(5, 7, 0, 2, "replaced"), WordLink(8, 10, 4, 7, "replaced")]
        >>> [tuple(link) for link in FiguresOfTexts(*texts, "en").without_shared(links)]
        [(8, 10, 4, 7, 'replaced')]
        """
        return [link for link in links if link.kind != "replaced" or not self._have_shared(link)]

    def _have_shared(self, link: WordLink) -> bool:
        parts = [text[slice(*link.span(side))] for side, text in enumerate(self._texts)]
        if not any(map(str.isdigit, "".join(parts))):
            return False
        return any(not self._in_both.isdisjoint(_figures(part, self._language)) for part in parts)


def _figures(text: str, language: str) -> frozenset[str]:
    """Return the figures of a text without the grouping of their digits."""
    return frozenset(word.stem for word in parse_words(text, language) if any(map(str.isdigit, word.form)))
