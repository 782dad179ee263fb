"""Group consecutive capitalised words of a sentence into candidate names."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dedup.text.facts.names.capitals import (
    ARABIC_PARTICLE,
    NAME_APOSTROPHES,
    ROMAN_DIGITS,
    CapitalizedSentence,
    CapitalizedWord,
    NameRules,
    normalize_name,
)
from dedup.text.facts.names.nouns import CommonNouns
from dedup.text.tokens import fold

MAX_NAME_WORDS = 8
"""Maximum number of words of a name; longer runs of capitalised words are not names."""
MAX_ACRONYM_LETTERS = 6
"""Maximum number of letters of a word in capitals beside a word that is not, in one name."""
PERSON_PARTICLES = frozenset(
    ["von", "von der", "van", "van der", "van den", "bin", "ben", "ibn", "фон", "фон дер", "ван", "ван дер", "бен"]
)
"""Particles that occur in the names of persons only."""
MAX_ARTICLE_LENGTH = 8
# The rest of a dateline: ", Calif. (KTLA)".
_DATELINE = re.compile(r"[\w\s,.]{0,25}\([^()]{2,20}\)")
# An apostrophe after a plural: "Tenants' Union".
_PLURAL_POSSESSIVE = re.compile(rf"[{NAME_APOSTROPHES}]\s{{1,8}}")
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
    """The particle or space, if only that separates it from the run before; otherwise empty."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Its words, folded."""
        return tuple(word.key for word in self.words)


class _Chain(NamedTuple):
    """The state of the runs before a run, which may be the beginning of the name of a body."""

    has_head: bool = False
    """Whether they contain a head word: "Office", "Organization"."""
    has_connector: bool = False
    """Whether a connector follows the head word."""
    joined: bool = False
    """Whether the last run belongs to the name."""

    def continued(self, gap: str, words: Sequence[CapitalizedWord], rules: NameRules) -> "_Chain":
        """Return the chain with a run after it.

        "For" continues a name after its head word. "And" continues it after "for", or before a word such as "Human";
        "in" only before a region.

        Args:
            gap: The text before the run, if a space begins it, in lower case.
            words: The words of the run.
            rules: The name rules of the language.
        """
        has_head = not rules.connected_heads.isdisjoint(word.value for word in words)
        if not self.has_head:
            return _Chain(has_head=True) if has_head else _NO_CHAIN
        if gap in rules.connectors:
            return _Chain(has_head=True, has_connector=True, joined=True)
        is_subject = words[0].value in rules.subjects
        is_coordinated = (gap in rules.coordinators and (self.has_connector or is_subject)) or (
            gap in rules.regional and is_subject and self.has_connector
        )
        if is_coordinated and not has_head:
            return _Chain(has_head=True, has_connector=True, joined=True)
        if gap in rules.particles:
            return _Chain(has_head=True, has_connector=self.has_connector)
        return _Chain(has_head=has_head)


_NO_CHAIN = _Chain()


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
    end, has_tail, chain = -1, False, _NO_CHAIN
    for words in _word_groups(text, sentence.words, rules, common):
        while words and common.contains(words[0]):
            del words[0]
        while words and _cannot_end(words[-1], rules, common):
            del words[-1]
        if not words or len(words) > MAX_NAME_WORDS or _are_people(words, rules):
            continue
        gap = text[end : words[0].start] if end >= 0 else ""
        particle = normalize_name(gap).lower() if gap[:1].isspace() else ""
        is_common = common.probably_contains(words[0]) and particle not in PERSON_PARTICLES
        if len(words) == 1 and (is_common or ROMAN_DIGITS.issuperset(words[0].value)):
            continue
        chain = chain.continued(particle, words, rules)
        if not chain.joined and particle not in rules.particles and not ARABIC_PARTICLE.fullmatch(particle):
            particle = gap if has_tail and gap == " " and words[0].value in rules.separate_names else ""
        end = words[-1].end
        has_tail = False
        if rules.tail and words[-1].value in rules.head_words:
            tail = rules.tail.match(text, end, sentence.span.end)
            if tail:
                end, has_tail = tail.end(), True
        yield CapitalizedRun(tuple(words), end, particle)


def _cannot_end(word: CapitalizedWord, rules: NameRules, common: CommonNouns) -> bool:
    """Return whether a word cannot be the last of a name."""
    return common.contains(word) or word.value.lower() in _ARTICLES or word.value in rules.inner_words


def _word_groups(
    text: str, words: Sequence[CapitalizedWord], rules: NameRules, common: CommonNouns
) -> Iterator[list[CapitalizedWord]]:
    """Split the words of a sentence between names, at titles and at words that are not names; groups may be empty."""
    group: list[CapitalizedWord] = []
    after_title = False
    for at, word in enumerate(words):
        if group and (
            _are_separate(text, group[-1], word, rules, common)
            or _is_acronym_before_person(text, group, words, at, rules)
        ):
            yield group
            group = []
        is_title = word.key in rules.titles
        if is_title or (after_title and word.key in rules.title_modifiers):
            while group and group[-1].key in rules.title_modifiers:
                group.pop()
            yield group
            group = []
        elif word.key in rules.non_names or (
            _is_function_word(word, rules) and not (group and word.value in rules.inner_words)
        ):
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
    gap = text[left.end : right.start]
    if gap[:1] in NAME_APOSTROPHES and left.key[-1:] == "s" and _PLURAL_POSSESSIVE.fullmatch(gap):
        return right.value not in rules.organization_endings
    if len(left.value) == 1 and right.acronym and gap[:1].isspace():
        return True  # "A ÖVP"
    if left.value in rules.separate_names or not _is_inside_name(gap, left) or _is_uppercase_line(text, left, right):
        return True
    if common.is_genitive(left):
        return True
    return bool(rules.tail and right.value in rules.head_words and rules.tail.match(text, right.end))


def _is_acronym_before_person(
    text: str, group: Sequence[CapitalizedWord], words: Sequence[CapitalizedWord], at: int, rules: NameRules
) -> bool:
    """Return whether a group is an acronym, and the words at a position a person's name: "l'ONU Antonio Guterres"."""
    acronym = group[0]
    if not rules.acronyms_apart or len(group) > 1 or not (acronym.acronym and acronym.value.isupper()):
        return False
    person = words[at : at + 2]
    if len(person) < 2 or any(word.acronym for word in person):
        return False
    if not _is_inside_name(text[person[0].end : person[1].start], person[0]):
        return False
    before = text[max(0, acronym.start - MAX_ARTICLE_LENGTH) : acronym.start]
    return (
        not acronym.value.isascii()
        or before[-1:] in NAME_APOSTROPHES
        or (before.split()[-1:] != [] and fold(before.split()[-1]) in rules.function_words)
    )


def _is_uppercase_line(text: str, left: CapitalizedWord, right: CapitalizedWord) -> bool:
    """Return whether a line in capitals ends or begins between two words: "ADVERTISING Ian", "Parade PASADENA (AP)".

    A last name can be in capitals, so that a second word in capitals must belong to a dateline.
    """
    if left.acronym == right.acronym or left.value.isupper() == right.value.isupper():
        return False
    if left.value.isupper():
        return left.opening and len(left.value) > MAX_ACRONYM_LETTERS
    return len(right.value) > MAX_ACRONYM_LETTERS and bool(_DATELINE.match(text, right.end))


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
