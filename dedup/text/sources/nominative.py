"""Find the nominative of a name, in languages that inflect names: "Росстат" of "по данным Росстата"."""
# ruff: noqa: RUF002 - letters and marks that look alike

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from dedup.text.language import language_data
from dedup.text.sources.cues import cue_table

MAX_PERSON_WORDS = 4
"""Maximum number of words of a person's name."""
_CONSONANTS = frozenset("бвгґджзйклмнпрстфхцчшщ")


class _Rule(NamedTuple):
    """An ending of a case, and the ending of the nominative."""

    ending: str
    nominative: str
    """"?" if the nominative is unknown."""
    gender: str
    """"m", "f", "n", "p" for the plural; empty for any."""


@dataclass(frozen=True)
class _Case:
    """Rules of a grammatical case, the longest endings first."""

    adjective: tuple[_Rule, ...]
    noun: tuple[_Rule, ...]
    given: tuple[_Rule, ...]
    surname: tuple[_Rule, ...]


@dataclass(frozen=True)
class _Cases:
    """How a language inflects names: the table [attribution.nominative] of its data file."""

    rules: dict[str, _Case]
    """Rules by name of the case."""
    known: frozenset[str]
    """Nominatives in lower case, which decide where an ending does not."""
    neuter: str
    """Ending of an adjective of the neuter; that of the masculine has two letters."""
    is_latin: bool
    """Whether names in Latin letters have case forms."""
    unchanged: tuple[str, ...]
    """Endings of words without case forms."""


class _Word(NamedTuple):
    """The nominative of a word."""

    form: str
    """As written if no rule applies."""
    gender: str
    """Empty if no rule applies."""


class _UnknownError(Exception):
    """The nominative does not follow from the ending."""


def nominative(words: Sequence[str], case: str, language: str, *, is_person: bool) -> str | None:
    """Return the nominative of a name in another case; None if the endings do not decide.

    Args:
        words: The words of the name, as written.
        case: The grammatical case that the words around the name give it: "genitive", "dative".
        language: ISO 639-1 code.
        is_person: Whether a name of several words may be that of a person, not of a body or a medium.

    Returns:
        The words of the nominative, separated by spaces. A name in Latin letters or capitals has no case forms.

    >>> nominative(["Следственного", "комитета"], "genitive", "ru", is_person=False)
    'Следственный комитет'
    >>> nominative(["Ольги", "Стефанішиної"], "genitive", "uk", is_person=True)
    'Ольга Стефанішина'
    """
    cases = _read_cases(language)
    if case not in cases.rules:
        return None
    rules = cases.rules[case]
    try:
        if len(words) == 1:
            return _single(words[0], rules, cases).form
        is_adjective = _apply(words[0], rules.adjective, "", cases) != _Word(words[0], "")
        has_given = not _is_fixed(words[0], cases) and _apply(words[0], rules.given, "", cases).gender
        if is_person and len(words) <= MAX_PERSON_WORDS and (has_given or not is_adjective):
            return " ".join(_person(words, rules, cases))
        return " ".join(_body(words, rules, cases))
    except _UnknownError:
        return None


def _single(word: str, rules: _Case, cases: _Cases) -> _Word:
    """Return the nominative of a name of one word: a known name, else by the longest ending of any kind of word."""
    tables = [table for table in (rules.noun, rules.surname, rules.adjective) if _matching(word, table, "", cases)]
    if not tables or _is_fixed(word, cases):
        return _Word(word, "")
    for table in tables:
        for rule in _matching(word, table, "", cases):
            form = _replace_ending(word, rule)
            if form.lower() in cases.known:
                return _Word(form, rule.gender)
    return _apply(word, max(tables, key=lambda table: len(_matching(word, table, "", cases)[0].ending)), "", cases)


def _person(words: Sequence[str], rules: _Case, cases: _Cases) -> Iterator[str]:
    """Yield the words of a person's name in the nominative; the given name decides the gender."""
    gender = ""
    for at, word in enumerate(words):
        is_surname = at == len(words) - 1
        found = _apply(word, rules.surname if is_surname else rules.given, gender if is_surname else "", cases)
        if is_surname and not found.gender and gender == "m":
            found = _apply(word, rules.surname, "", cases)
        gender = gender or found.gender
        yield found.form


def _body(words: Sequence[str], rules: _Case, cases: _Cases) -> Iterator[str]:
    """Yield the words of a body's name in the nominative: adjectives, a noun, and what depends on the noun."""
    at = next(
        (at for at, word in enumerate(words) if not _apply(word, rules.adjective, "", cases).gender), len(words) - 1
    )
    gender = _apply(words[0], rules.adjective, "", cases).gender if at else ""
    noun = _apply(words[at], rules.noun, gender, cases)
    if gender and not noun.gender and rules.noun and not cases.is_latin:
        raise _UnknownError
    for word in words[:at]:
        adjective = _apply(word, rules.adjective, gender, cases).form
        yield adjective[:-2] + cases.neuter if noun.gender == "n" else adjective
    yield noun.form
    yield from words[at + 1 :]


def _apply(word: str, rules: Sequence[_Rule], gender: str, cases: _Cases) -> _Word:
    """Return the nominative of a word by the longest ending that agrees with a gender; the word if there is none."""
    if _is_fixed(word, cases):
        return _Word(word, gender)
    matching = _matching(word, rules, gender, cases)
    found = {_Word(_replace_ending(word, rule), rule.gender or "m") for rule in matching}
    if any(one.form.endswith("?") for one in found):
        raise _UnknownError
    if len(found) > 1:
        found = {one for one in found if one.form.lower() in cases.known}
        if len(found) != 1:
            raise _UnknownError
    return found.pop() if found else _Word(word, "")


def _replace_ending(word: str, rule: _Rule) -> str:
    form = word[: len(word) - len(rule.ending)] + rule.nominative
    return form[:1].upper() + form[1:] if word[0].isupper() else form


def _matching(word: str, rules: Sequence[_Rule], gender: str, cases: _Cases) -> list[_Rule]:
    """Return the rules with the longest ending of a word that agree with a gender."""
    if _is_fixed(word, cases):
        return []
    lower = word.lower()
    matching = [rule for rule in rules if lower.endswith(rule.ending) and _agrees(lower, rule, gender)]
    return [rule for rule in matching if len(rule.ending) == len(matching[0].ending)]


def _agrees(word: str, rule: _Rule, gender: str) -> bool:
    """Return whether a rule applies to a word: a nominative without an ending ends in a consonant."""
    stem = word[: len(word) - len(rule.ending)]
    if len(stem) == 1 or (gender and rule.gender and rule.gender not in (gender, "n" if gender == "m" else gender)):
        return False
    return bool(rule.nominative) or stem[-1:] in _CONSONANTS


def _is_fixed(word: str, cases: _Cases) -> bool:
    """Return whether a word has no case forms: acronyms, foreign letters, "Минобороны"."""
    is_acronym = len(word) > 1 and word.isupper()
    is_foreign = not cases.is_latin and word[:1].lower() not in _CYRILLIC
    return is_acronym or is_foreign or word.lower().endswith(cases.unchanged)


_CYRILLIC = frozenset("абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя")


@cache
def _read_cases(language: str) -> _Cases:
    """Read the table [attribution.nominative] of a language; without one, no case has rules."""
    table: dict[str, Any] = language_data(language).get("attribution", {}).get("nominative", {})
    cues = cue_table(language)
    return _Cases(
        rules={
            name: _Case(
                **{part: _read_rules(rules.get(part, ())) for part in ("adjective", "noun", "given", "surname")}
            )
            for name, rules in table.items()
            if isinstance(rules, dict)
        },
        known=frozenset(table.get("known", ())) | (cues.outlets if cues else frozenset()),
        neuter=table.get("neuter", ""),
        is_latin=table.get("latin", False),
        unchanged=tuple(table.get("unchanged", ())) or ("\0",),
    )


def _read_rules(written: Sequence[str]) -> tuple[_Rule, ...]:
    """Read the rules of a kind of word, the longest endings first."""
    return tuple(sorted(map(_read_rule, written), key=lambda rule: -len(rule.ending)))


def _read_rule(written: str) -> _Rule:
    """Read a rule: "ого ый m" is an ending, the ending of the nominative ("-" for none), and the gender, if any."""
    ending, replacement, *gender = written.split()
    return _Rule(ending, replacement.replace("-", ""), *(gender or [""]))
