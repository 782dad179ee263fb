"""Words and phrases of a language that are equivalent or often used for each other."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from dedup.alignment.words.splitting import split_words
from dedup.text.language import language_data, stem

# The stems of the words of a phrase.
StemmedPhrase = tuple[str, ...]


class Vocabulary(NamedTuple):
    """Groups of equivalent and of similar phrases of a language; each group has a number."""

    equivalent: dict[StemmedPhrase, frozenset[int]]
    """Groups of forms of a word ("say said"), and of spellings of a number or name ("two 2", "united states us")."""
    similar: dict[StemmedPhrase, frozenset[int]]
    """Groups of words that are often used for each other ("begin start launch")."""
    longest: dict[str, int]
    """Number of words of the longest phrase of several words that begins with a stem."""

    def groups(self, phrase: StemmedPhrase) -> list[int]:
        """Return the numbers of the groups of a phrase; a group of similar phrases is returned as ``~number``."""
        return [*self.equivalent.get(phrase, ()), *(~group for group in self.similar.get(phrase, ()))]


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the vocabulary of a language.

    Args:
        language: ISO 639-1 code; a language without a data file has an empty vocabulary.

    >>> english = vocabulary("en")
    >>> english.equivalent[("say",)] == english.equivalent[("said",)], english.longest["unit"]
    (True, 4)
    """
    words = language_data(language).get("words", {})
    equivalent = _number_groups(words.get("forms", ()), language)
    similar = _number_groups(words.get("similar", ()), language)
    longest: dict[str, int] = {}
    for phrase in (*equivalent, *similar):
        if len(phrase) > 1:
            longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
    return Vocabulary(equivalent, similar, longest)


def _number_groups(rows: Iterable[Sequence[str]], language: str) -> dict[StemmedPhrase, frozenset[int]]:
    """Number the groups of phrases, and return the numbers of the groups of each phrase."""
    groups: dict[StemmedPhrase, set[int]] = {}
    for number, row in enumerate(rows):
        for member in row:
            # `split_words` splits off an elided word ("l'") only if another word follows.
            spans = [(0, len(member))] if member.endswith("'") else split_words(member)
            phrase = tuple(stem(member[start:end], language) for start, end in spans)
            groups.setdefault(phrase, set()).add(number)
    return {phrase: frozenset(numbers) for phrase, numbers in groups.items()}
