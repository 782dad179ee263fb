"""Which words with a capital are common nouns, in a language that gives all nouns one."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dedup.text.facts.names.capitals import Rules, Sentence, Word
from dedup.text.tokens import fold

# The word before, if only a space parts it.
_BEFORE = re.compile(r"([^\W\d_]+)[,]?\s$")
# How adjectives end. Verbs do so too, but mostly in -te before a name: "sagte Merkel".
_ADJECTIVE = re.compile(r"(?:er|es|em|en|[^t]e|(?:ig|isch|lich|ell|al)\w{1,2})$")
# What is added to a noun in other cases and numbers.
_ENDINGS = ("en", "er", "es", "n", "s", "e")
# Nouns of more letters are compounds, unless they end as places do.
_LONG = 13
_PLACE = re.compile(r"(?:ien|land|stan|burg|berg|stein|sachsen|hausen|heim|ingen|dorf|furt|bruck|brucken|hafen)s?$")
_REACH = 32
# Words with endings have more letters; a word seen so often is a name.
_SHORT, _OFTEN = 4, 2


# How most nouns end in the plural, and many in the singular; so do few names.
_WEAK = re.compile(r"(?<!i)(?:en|er|e|ern|eln|ers)$")


@dataclass(frozen=True)
class Nouns:
    """The common nouns of a text, and what else is known of them."""

    known: Rules
    seen: frozenset[str] = frozenset()
    """Folded; those that stand behind an article or an adjective."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How often each word with a capital is there."""

    def has(self, word: Word) -> bool:
        """Tell whether a word is a common noun; in a language that does not give them a capital, none is."""
        known = self.known
        if not known.articles or word.key in known.articled:
            return False
        key = word.key.rpartition("-")[2]
        if "-" in word.key and key in known.titles:
            return True
        if word.acronym:
            return False
        if key in known.never or key in known.titles or key.endswith(known.endings):
            return True
        if len(key) >= _LONG and not _PLACE.search(key) and "-" not in word.key:
            return True
        return key in self.seen or any(
            key.endswith(ending) and (key[: -len(ending)] in self.seen or key[: -len(ending)] in known.titles)
            for ending in _ENDINGS
            if len(key) > _SHORT
        )

    def may_have(self, word: Word) -> bool:
        """Tell whether a word that stands alone is likely one: seen once, and with the ending of one."""
        known = self.known
        if not known.articles or word.acronym or word.key in known.articled or word.key in known.kept:
            return False
        return self.counts.get(word.key, 0) < _OFTEN and bool(_WEAK.search(word.key))

    def is_genitive(self, word: Word) -> bool:
        """Tell whether a word is the genitive of another of the text: Hamburgs CDU."""
        return bool(self.known.articles) and word.key[-1:] == "s" and word.key[:-1] in self.counts


def nouns(text: str, sentences: Iterable[Sentence], known: Rules) -> Nouns:
    """Learn from a text which of its words with a capital have an article or an adjective.

    Args:
        text: The text.
        sentences: Its sentences, without headlines.
        known: What is known of the language; without a list of articles, nothing is learnt.
    """
    if not known.articles:
        return Nouns(known)
    words = [word for sentence in sentences for word in sentence.words]
    seen = frozenset(word.key for word in words if _is_described(text, word, known))
    return Nouns(known, seen, Counter(word.key for word in words))


def _is_described(text: str, word: Word, known: Rules) -> bool:
    match = _BEFORE.search(text, max(0, word.start - _REACH), word.start)
    if not match or (match[1][0].isupper() and fold(match[1]) not in known.articles):
        return False
    # "die Deutsche Bank": an adjective with a capital is part of the name.
    after = text[word.end : word.end + 2]
    if _ADJECTIVE.search(word.key) and after[:1].isspace() and after[1:].isupper():
        return False
    before = fold(match[1])
    return before in known.articles or (before not in known.function and bool(_ADJECTIVE.search(before)))
