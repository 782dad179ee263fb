"""Find the common nouns among capitalised words, in a language that capitalises all nouns."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dedup.text.facts.names.capitals import CapitalizedSentence, CapitalizedWord, NameRules
from dedup.text.tokens import fold

# The word before a word, if only a space, or a comma and a space, separates them.
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[,]?\s$")
_MAX_WORD_BEFORE = 32
# A particle of a person's name after the given name: "Ursula von der (Leyen)".
_PERSON_PARTICLE = re.compile(r"\b([A-ZÄÖÜ][^\W\d_]+)\s(?:von|van)\s(?:der|den|dem)\s$")
_PARTICLE_ENDS = ("der", "den", "dem")
# Endings of adjectives. Verbs have some of them too, but before a name they mostly end in -te: "sagte Merkel".
_ADJECTIVE = re.compile(r"(?:er|es|em|en|[^t]e|(?:ig|isch|lich|ell|al)\w{1,2})$")
_CASE_ENDINGS = ("en", "er", "es", "n", "s", "e")
# Letters of a word from which a case ending can be removed: more than this.
_MIN_INFLECTED = 4
# Words of this many letters are compounds of common nouns, unless they end as place names do.
_MIN_COMPOUND = 13
_PLACE = re.compile(r"(?:ien|land|stan|burg|berg|stein|sachsen|hausen|heim|ingen|dorf|furt|bruck|brucken|hafen)s?$")
# Endings of most nouns in the plural and of many in the singular, but of few names.
_NOUN_ENDING = re.compile(r"(?<!i)(?:en|er|e|ern|eln|ers)$")
# A word that occurs this often is a name despite this ending.
_MIN_NAME_COUNT = 2


@dataclass(frozen=True)
class CommonNouns:
    """The common nouns of a text."""

    rules: NameRules
    """The name rules of the language."""
    described: frozenset[str] = frozenset()
    """Folded words that follow an article or an adjective."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Number of occurrences of each folded capitalised word."""

    def contains(self, word: CapitalizedWord) -> bool:
        """Return whether a word is a common noun; False in languages that do not capitalise nouns."""
        rules = self.rules
        if not rules.articles or word.key in rules.names_with_article:
            return False
        key = word.key.rpartition("-")[2]
        if "-" in word.key and key in rules.titles:
            return True
        if word.acronym:
            return False
        if key in rules.non_names or key in rules.titles or key.endswith(rules.noun_endings):
            return True
        if len(key) >= _MIN_COMPOUND and not _PLACE.search(key) and "-" not in word.key:
            return True
        return key in self.described or any(
            key.endswith(ending) and (key[: -len(ending)] in self.described or key[: -len(ending)] in rules.titles)
            for ending in _CASE_ENDINGS
            if len(key) > _MIN_INFLECTED
        )

    def probably_contains(self, word: CapitalizedWord) -> bool:
        """Return whether a word without capitalised neighbours is probably a common noun, by its ending and count."""
        rules = self.rules
        if not rules.articles or word.acronym:
            return False
        if word.key in rules.names_with_article or word.key in rules.names_like_nouns:
            return False
        return self.counts.get(word.key, 0) < _MIN_NAME_COUNT and bool(_NOUN_ENDING.search(word.key))

    def is_genitive(self, word: CapitalizedWord) -> bool:
        """Return whether a word is the genitive of another word of the text: "Hamburgs CDU"."""
        return bool(self.rules.articles) and word.key[-1:] == "s" and word.key[:-1] in self.counts


def common_nouns(text: str, sentences: Iterable[CapitalizedSentence], rules: NameRules) -> CommonNouns:
    """Collect the words of a text that show which of its capitalised words are common nouns.

    Args:
        text: The text.
        sentences: Its sentences, without headlines.
        rules: The name rules of its language; without articles in them, no words are collected.
    """
    if not rules.articles:
        return CommonNouns(rules)
    words = [word for sentence in sentences for word in sentence.words]
    described = frozenset(word.key for word in words if _is_described(text, word, rules))
    return CommonNouns(rules, described, Counter(word.key for word in words))


def _is_described(text: str, word: CapitalizedWord, rules: NameRules) -> bool:
    before = max(0, word.start - _MAX_WORD_BEFORE)
    if text[before : word.start].rstrip().endswith(_PARTICLE_ENDS):
        person = _PERSON_PARTICLE.search(text, before, word.start)
        if person and _may_be_given_name(text, person, rules):
            return False
    last = _word_before(text, before, word.start)
    if not last or (last[0].isupper() and fold(last) not in rules.articles):
        return False
    # "die Deutsche Bank": an adjective with a capital is part of the name.
    after = text[word.end : word.end + 2]
    if _ADJECTIVE.search(word.key) and after[:1].isspace() and after[1:].isupper():
        return False
    described = fold(last)
    return described in rules.articles or (described not in rules.function_words and bool(_ADJECTIVE.search(described)))


def _word_before(text: str, start: int, end: int) -> str:
    """Return the word before an offset, as `_WORD_BEFORE` matches it from `start` on; empty if there is none."""
    piece = text[start:end]
    words = piece.rsplit(None, 1)
    if words and words[-1].isalpha() and len(piece) - len(piece.rstrip()) == 1:
        return words[-1]  # most words, without the slow pattern
    match = _WORD_BEFORE.search(text, start, end) if piece[-1:].isspace() else None
    return match[1] if match else ""


def _may_be_given_name(text: str, match: re.Match[str], rules: NameRules) -> bool:
    """Return whether the word before "von der" may be a given name: neither its ending nor an article show a noun."""
    key = fold(match[1])
    if key in rules.titles or key in rules.non_names or key.endswith(rules.noun_endings) or _NOUN_ENDING.search(key):
        return False
    before = _WORD_BEFORE.search(text, max(0, match.start() - _MAX_WORD_BEFORE), match.start())
    described = fold(before[1]) if before else ""
    return described not in rules.articles and not (before and before[1].islower() and _ADJECTIVE.search(described))
