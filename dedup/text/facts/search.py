"""Search for patterns that match at the beginnings of words only."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

# Letters of a word by which it is looked for.
_PREFIX_LENGTH = 3
# The end of the Latin, Greek and Cyrillic letters. The scripts without spaces are after them.
_INNER_END = 0x530
_PREFIX = re.compile(rf"[^- ]{{1,{_PREFIX_LENGTH}}}")


class WordSearch(NamedTuple):
    """A pattern, and a faster one that finds the places where it can match.

    A search for a long pattern that begins with a condition on the character before takes about 100 ns for each
    character of a text; for a set of characters it takes 10 ns.
    """

    pattern: re.Pattern[str]
    """The pattern; it does not match the empty string."""
    before: re.Pattern[str]
    """The character before each place where `pattern` can match, except for the beginning of the text."""

    def search(self, text: str, start: int) -> re.Match[str] | None:
        """Return the first match from an offset on, as `pattern.search` does."""
        if match := self.pattern.match(text, start):
            return match
        for place in self.before.finditer(text, start):
            if match := self.pattern.match(text, place.end()):
                return match
        return None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches in a text, as `pattern.finditer` does."""
        match = self.search(text, 0)
        while match:
            yield match
            match = self.search(text, match.end())


def before_words(forms: Iterable[str], figures: str = r"\d", before_figures: str = "") -> re.Pattern[str]:
    r"""Build a pattern for the character before a word or a figure; a word is looked for by its first letters alone.

    Args:
        forms: The words in all spellings. A hyphen or a space in a word can also be another dash or space. Words of
            one or two letters are whole words; all others can be beginnings of words.
        figures: The figures, as the content of a character class.
        before_figures: Letters that can be before a figure, as the content of a character class.

    >>> before_words(["deux", "dix", "un"]).findall("deux dix-huit d'une vingtaine d'un\n4 ports")
    [' ', "'", '\n']
    """
    prefixes = sorted({_prefix(form) for form in forms})
    words = [
        f"{re.escape(first)}(?:{'|'.join(rest for _, rest in group)})"
        for first, group in groupby(prefixes, key=lambda prefix: prefix[0])
    ]
    after_letter = f"(?<![{before_figures}])" if before_figures else ""
    word = f"{after_letter}(?:{'|'.join(words) or '(?!)'})"
    return re.compile(rf"[^{_inner_characters(before_figures)}](?=[{figures}]|{word})")


def _inner_characters(excluded: str) -> str:
    """Return frequent word characters, as the content of a character class: no word begins after them.

    To search for any other character is faster than to search for a category such as ``\\W``.

    Args:
        excluded: Letters to leave out, as the content of a character class.
    """
    inner = re.compile(rf"(?![{excluded}])\w" if excluded else r"\w")
    return "".join(filter(inner.match, map(chr, range(_INNER_END))))


def _prefix(form: str) -> tuple[str, str]:
    """Return the first letter of a word, and a pattern for the next two or the end of the word."""
    letters = _PREFIX.match(form)
    prefix = letters[0] if letters else form[:1]
    return prefix[0], re.escape(prefix[1:]) + (r"(?!\w)" if len(prefix) < _PREFIX_LENGTH and prefix.isalpha() else "")
