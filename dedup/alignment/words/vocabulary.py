"""What is known of the words of a language: which carry no content, and which stand for one another."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from dedup.alignment.words.splitting import split
from dedup.text.function_words import _table
from dedup.text.language import stem

Phrase = tuple[str, ...]


class Vocabulary(NamedTuple):
    """The words and phrases of a language that stand for one another, by the stems of their folded words."""

    forms: dict[Phrase, frozenset[int]]
    """Groups of the same word in other forms ("say said"), or the same number or name ("two 2", "united states us")."""
    similar: dict[Phrase, frozenset[int]]
    """Groups of words that often stand for one another ("begin start launch")."""
    longest: dict[str, int]
    """Number of words of the longest phrase of several words that begins with a word."""

    def groups(self, phrase: Phrase) -> list[int]:
        """Give the groups a phrase is of; those of similar words as negative numbers."""
        return [*self.forms.get(phrase, ()), *(~group for group in self.similar.get(phrase, ()))]


@cache
def vocabulary(language: str) -> Vocabulary:
    """Give the words and phrases of a language that stand for one another.

    Args:
        language: ISO 639-1 code; a language without a data file has none.

    >>> known = vocabulary("en")
    >>> known.forms[("say",)] == known.forms[("said",)], known.longest["unit"]
    (True, 4)
    """
    forms = _groups(_table(language).get("forms", ()), language)
    similar = _groups(_table(language).get("similar", ()), language)
    longest: dict[str, int] = {}
    for phrase in (*forms, *similar):
        if len(phrase) > 1:
            longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
    return Vocabulary(forms, similar, longest)


def _groups(rows: Iterable[Sequence[str]], language: str) -> dict[Phrase, frozenset[int]]:
    groups: dict[Phrase, set[int]] = {}
    for number, row in enumerate(rows):
        for member in row:
            parts = [(0, len(member))] if member.endswith("'") else split(member)  # "l'" is a word before another
            phrase = tuple(stem(member[start:end], language) for start, end in parts)
            groups.setdefault(phrase, set()).add(number)
    return {phrase: frozenset(numbers) for phrase, numbers in groups.items()}
