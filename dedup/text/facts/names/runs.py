"""Group consecutive capitalised words of a sentence into candidate names."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dedup.text.facts.names.capitals import (
    ARABIC_PARTICLE,
    ROMAN_DIGITS,
    CapitalizedSentence,
    CapitalizedWord,
    NameRules,
    normalize_name,
)
from dedup.text.facts.names.nouns import CommonNouns

MAX_NAME_WORDS = 8
"""Maximum number of words of a name; longer runs of capitalised words are not names."""
# Text that separates the words of a name: a space, a line break in hard-wrapped text, or "&".
_SEPARATOR = re.compile(r"\s{1,8}|\s?&\s?")
_ABBREVIATIONS = frozenset(["St", "Ste", "Mt", "Ft", "Jr"])
_ARTICLES = frozenset(["le", "la", "les", "el", "los", "las", "the", "al", "de", "da", "di", "du", "van", "von"])


class CapitalizedRun(NamedTuple):
    """Consecutive capitalised words: a candidate name."""

    words: tuple[CapitalizedWord, ...]
    end: int
    """Offset after the last code point, including lower-case words that continue it."""
    particle: str = ""
    """The particle, or the space, that is all that separates it from the run before; empty if there is none."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Its words, folded."""
        return tuple(word.key for word in self.words)


def capitalized_runs(
    text: str, sentence: CapitalizedSentence, rules: NameRules, common: CommonNouns
) -> Iterator[CapitalizedRun]:
    """Group the consecutive capitalised words of a sentence, without titles, days, peoples and common nouns.

    Args:
        text: The text.
        sentence: A sentence that is not a headline.
        rules: The name rules of the language.
        common: The common nouns of the text.

    >>> from dedup.text.facts.names.capitals import capitalized_sentences, name_rules
    >>> from dedup.text.spans import Span
    >>> text, rules = "Das sagte Präsident Kim Jong Un in Pjöngjang.", name_rules("de")
    >>> sentence, = capitalized_sentences(text, [Span(0, 45)], rules)
    >>> [run.keys for run in capitalized_runs(text, sentence, rules, CommonNouns(rules))]
    [('kim', 'jong', 'un'), ('pjongjang',)]
    """
    end, has_tail = -1, False
    for words in _word_groups(text, sentence.words, rules, common):
        while words and common.contains(words[0]):
            del words[0]
        while words and (common.contains(words[-1]) or words[-1].value.lower() in _ARTICLES):
            del words[-1]
        if not words or len(words) > MAX_NAME_WORDS or _are_people(words, rules):
            continue
        if len(words) == 1 and (common.probably_contains(words[0]) or ROMAN_DIGITS.issuperset(words[0].value)):
            continue
        gap = text[end : words[0].start] if end >= 0 else ""
        particle = normalize_name(gap).lower() if gap[:1].isspace() else ""
        if particle not in rules.particles and not ARABIC_PARTICLE.fullmatch(particle):
            particle = gap if has_tail and gap == " " and words[0].value in rules.separate_names else ""
        end = words[-1].end
        has_tail = False
        if rules.tail and words[-1].value in rules.head_words:
            tail = rules.tail.match(text, end, sentence.span.end)
            if tail:
                end, has_tail = tail.end(), True
        yield CapitalizedRun(tuple(words), end, particle)


def _word_groups(
    text: str, words: Sequence[CapitalizedWord], rules: NameRules, common: CommonNouns
) -> Iterator[list[CapitalizedWord]]:
    """Split the words of a sentence between names, at titles and at words that are not names; groups may be empty."""
    group: list[CapitalizedWord] = []
    after_title = False
    for word in words:
        if group and _are_separate(text, group[-1], word, rules, common):
            yield group
            group = []
        is_title = word.key in rules.titles
        if is_title or (after_title and word.key in rules.title_modifiers):
            while group and group[-1].key in rules.title_modifiers:
                group.pop()
            yield group
            group = []
        elif word.key in rules.non_names or _is_function_word(word, rules):
            yield group
            group = []
        else:
            group.append(word)
        after_title = is_title
    yield group


def _are_separate(
    text: str, left: CapitalizedWord, right: CapitalizedWord, rules: NameRules, common: CommonNouns
) -> bool:
    """Return whether two consecutive capitalised words belong to two names."""
    if left.value in rules.separate_names or not _is_inside_name(text[left.end : right.start], left):
        return True
    if common.is_genitive(left):
        return True
    return bool(rules.tail and right.value in rules.head_words and rules.tail.match(text, right.end))


def _is_function_word(word: CapitalizedWord, rules: NameRules) -> bool:
    """Return whether a word is a function word; not "Le" of Le Pen, except at the beginning of a sentence."""
    if word.key not in rules.function_words or word.value in rules.acronyms:
        return False
    return word.opening or word.value.lower() not in _ARTICLES


def _is_inside_name(gap: str, left: CapitalizedWord) -> bool:
    """Return whether the text between two capitalised words can be inside a name."""
    if gap[:1] == ".":
        return gap[1:].isspace() and (len(left.value) == 1 or left.value in _ABBREVIATIONS)
    return bool(_SEPARATOR.fullmatch(gap))


def _are_people(words: Sequence[CapitalizedWord], rules: NameRules) -> bool:
    """Return whether words name a people or a language: "North Korean", "les Ukrainiennes"."""
    return all(_is_people(word.key, rules) or word.key in rules.people_modifiers for word in words) and any(
        _is_people(word.key, rules) for word in words
    )


def _is_people(key: str, rules: NameRules) -> bool:
    """Return whether a folded word, or its last part after a hyphen, names a people or a language."""
    for part in {key, key.rpartition("-")[2]}:
        base = part.removesuffix("s")
        if not rules.peoples.isdisjoint((part, base, base.removesuffix("e"), base.removesuffix("ne"))):
            return True
    return False
