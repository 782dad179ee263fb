"""Find what the numbers of a text count: deaths, injured, arrests, ages, or the noun after them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

from dedup.text.analysis import Analysis
from dedup.text.function_words import function_words
from dedup.text.language import language_data, stem
from dedup.text.spans import Fact
from dedup.text.tokens import fold

# Maximum number of words between a number and a word of its role: before the number ("killing at least 12"), and after
# it ("12 people in two villages were killed").
_MAX_BEFORE, _MAX_AFTER = 2, 6
# Characters on either side of a number in which a phrase marks it as an age.
_AGE_REACH = 24
# Words on either side of a number with a unit; the number of the other text must share one of them.
_CONTEXT_WORDS = 4


@dataclass(frozen=True)
class Role:
    """What a number counts."""

    key: str
    """Equal for the same thing."""
    noun: str
    """The thing, as displayed."""
    context: frozenset[str] = frozenset()
    """Stems of the words around a number with a unit, of which the same quantity must share one; empty: any."""

    def matches(self, other: Role) -> bool:
        """Return whether two numbers measure the same quantity of the same thing."""
        same_context = bool(self.context & other.context) or not (self.context or other.context)
        return self.key == other.key and same_context


@dataclass(frozen=True)
class _RoleWords:
    """Words of roles in a language."""

    roles: Mapping[str, str]
    """Role of each folded word."""
    labels: Mapping[str, str]
    """Label of each role."""
    people: frozenset[str]
    """Folded nouns of people, which have roles."""
    age_before: tuple[str, ...]
    """Folded phrases before an age."""
    age_after: tuple[str, ...]
    """Folded phrases after an age."""


@cache
def _role_words(language: str) -> _RoleWords:
    data = language_data(language).get("roles", {})
    names = [name for name in data if name not in ("people", "age_before", "age_after")]
    return _RoleWords(
        roles={fold(word): name for name in names for word in data[name]},
        labels={name: data[name][0] for name in names},
        people=frozenset(map(fold, data.get("people", ()))),
        age_before=tuple(map(fold, data.get("age_before", ()))),
        age_after=tuple(map(fold, data.get("age_after", ()))),
    )


def roles_of(analysis: Analysis, sentences: range) -> dict[int, Role]:
    """Return what the numbers in some sentences count.

    Args:
        analysis: A text.
        sentences: Ranks of its sentences.

    Returns:
        Roles by rank of the fact; numbers of unknown role and ordinals are left out.

    >>> from dedup.text.analysis import analyse
    >>> text = "A blast killed 12 and wounded 30 people, among them 2 children aged 8."
    >>> [role.noun for role in roles_of(analyse(text, "en"), range(1)).values()]
    ['deaths', 'injured', 'children', 'age']
    """
    known = _KNOWN_ROLES.setdefault(analysis, {})
    found: dict[int, Role] = {}
    for sentence in sentences:
        if sentence not in known:
            known[sentence] = dict(_roles_in(analysis, sentence))
        found |= known[sentence]
    return found


# Cached by sentence, since a sentence can have links to several texts.
_KNOWN_ROLES: WeakKeyDictionary[Analysis, dict[int, dict[int, Role]]] = WeakKeyDictionary()


def _roles_in(analysis: Analysis, sentence: int) -> Iterator[tuple[int, Role]]:
    """Yield the rank and role of the numbers in a sentence."""
    words = _role_words(analysis.language)
    ranks = [rank for rank in analysis.facts_in(range(sentence, sentence + 1)) if _is_number(analysis.facts[rank])]
    events = _roles_by_words(analysis, sentence, ranks, words)
    for rank in ranks:
        fact = analysis.facts[rank]
        name = events.get(rank)
        if _is_age(analysis.text, fact, words):
            yield rank, Role("age", "age")
        elif name is not None:
            yield rank, Role(name, words.labels[name])
        elif fact.unit:
            context = _context(analysis, sentence, fact)
            if context:
                yield rank, Role(f"unit {fact.unit}", fact.noun, context)
        elif fact.noun:
            yield rank, Role(f"noun {stem(fact.noun, analysis.language)}", fact.noun)


def _is_number(fact: Fact) -> bool:
    return fact.kind == "number" and fact.qualifier != "ordinal"


def _roles_by_words(analysis: Analysis, sentence: int, ranks: Sequence[int], words: _RoleWords) -> dict[int, str]:
    """Return the roles of numbers; a word of a role gives it to the number right after the word, or else before it."""
    found: dict[int, str] = {}
    people = [rank for rank in ranks if _may_be_people(analysis.facts[rank], words)]
    for at, token in enumerate(analysis.words[sentence]):
        if role := words.roles.get(token.form):
            rank = _number_near(analysis, sentence, at, ranks)
            if rank in people:
                found.setdefault(rank, role)
    return found


def _number_near(analysis: Analysis, sentence: int, at: int, ranks: Sequence[int]) -> int | None:
    """Return the number right after a word, or else the nearest one before it; None if there is none."""
    line, text = analysis.words[sentence], analysis.text
    word = line[at]
    for rank in ranks:
        fact = analysis.facts[rank]
        between = sum(word.end <= token.start < fact.start for token in line)
        if fact.start >= word.end and between <= _MAX_BEFORE and not _has_mark(text[word.end : fact.start]):
            return rank
    for rank in reversed(ranks):
        fact = analysis.facts[rank]
        between = sum(fact.end <= token.start < word.start for token in line)
        if fact.end <= word.start and between <= _MAX_AFTER and not _has_mark(text[fact.end : word.start]):
            return rank
        if fact.start <= word.start < fact.end:
            return None
    return None


def _has_mark(text: str) -> bool:
    return any(sign in text for sign in ",;:.()")


def _may_be_people(fact: Fact, words: _RoleWords) -> bool:
    """Return whether a number counts people, or has no noun."""
    noun = fold(fact.noun)
    return not noun or noun in words.people or noun in words.roles


def _is_age(text: str, fact: Fact, words: _RoleWords) -> bool:
    after = fold(text[fact.end : fact.end + _AGE_REACH].lstrip(" \u00a0-\u2011"))
    before = fold(text[max(0, fact.start - _AGE_REACH) : fact.start].rstrip(" \u00a0"))
    inside = fold(text[fact.start : fact.end])
    return (
        any(after.startswith(phrase.lstrip("-")) for phrase in words.age_after)
        or any(phrase in inside for phrase in words.age_after)
        or any(before.endswith(phrase) for phrase in words.age_before)
    )


def _context(analysis: Analysis, sentence: int, fact: Fact) -> frozenset[str]:
    """Return the stems of the content words around a number."""
    line, stems = analysis.words[sentence], analysis.stems[sentence]
    function = function_words(analysis.language)
    content = [
        (token, word)
        for token, word in zip(line, stems, strict=True)
        if token.form not in function and not token.form[0].isdigit()
    ]
    before = [word for token, word in content if token.end <= fact.start][-_CONTEXT_WORDS:]
    after = [word for token, word in content if token.start >= fact.end][:_CONTEXT_WORDS]
    return frozenset((*before, *after))
