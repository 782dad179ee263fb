"""What stands around a number: the noun it counts after it, and how it is meant before it."""
# ruff: noqa: RUF001, RUF002 - signs that look alike are the point

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import dropwhile
from typing import NamedTuple

from dedup.text.facts.numbers.figures import SPACES, by_form, folded
from dedup.text.language import knowledge
from dedup.text.tokens import UNSPACED, fold

LETTER = rf"[^\W\d_{UNSPACED}]"
"""A pattern for a letter of a script that puts spaces between words."""
LINKED = re.compile(rf"-({LETTER}{{1,40}})")
"""A word tied to a number, as in "25-year"."""
# Words after a number: on its line, or on the next where lines are broken at a width.
_NEXT = re.compile(
    rf"(?:[{SPACES}]{{1,2}}|[{SPACES}]?\r?\n|(?<=['’]))"
    rf"((?:{LETTER}|[\u0300-\u036f]){{1,40}}+(?:[-‐‑](?:{LETTER}|[\u0300-\u036f]){{1,40}}+){{0,4}})(['’](?={LETTER}))?"
)
_POINTS = frozenset(".°º")
_APART = frozenset(f"{SPACES}\r\n")
_ENDINGS = ("before_endings", "before_one", "endings", "not_endings")
# As many words are looked at after a number, and characters before it.
_AHEAD = 6
_BEHIND = 40


class Word(NamedTuple):
    """A word after a number."""

    form: str
    """Folded."""
    start: int
    """First code point."""
    end: int
    """One past the last."""


class Grammar(NamedTuple):
    """What a language puts around numbers."""

    units: dict[str, str]
    """Folded words to units in their normal form."""
    qualifiers: dict[str, str]
    """Folded phrases to how they mean a number."""
    links: frozenset[str]
    """Words between a number and its noun."""
    before: frozenset[str]
    """Adjectives that stand before a noun."""
    before_endings: tuple[str, ...]
    """Endings of such."""
    before_one: tuple[str, ...]
    """Endings of such before a noun in the singular."""
    endings: tuple[str, ...]
    """Endings of what can be counted."""
    not_endings: tuple[str, ...]
    """Endings of what cannot."""
    others: frozenset[str]
    """What can be counted besides."""
    stops: frozenset[str]
    """Words that are no noun, and none comes after them."""
    capital: bool
    """Whether nouns begin with a capital."""
    articles: frozenset[str]
    """Words between a qualifier and a number."""
    known: bool
    """Whether all this is known."""


@cache
def grammar(language: str) -> Grammar:
    """Read what a language puts around numbers; little is known of one without a data file.

    Args:
        language: ISO 639-1 code.
    """
    data = knowledge(language)
    numbers = data.get("numbers", {})
    nouns = numbers.get("nouns", {})
    qualifiers = by_form(numbers.get("qualifiers", {}))
    stops = [*data.get("words", {}).get("function", ()), *nouns.get("stops", ())]

    def forms(words: Iterable[str]) -> frozenset[str]:
        return frozenset(map(folded, words))

    ends = {name: tuple(map(fold, nouns.get(name, ()))) for name in _ENDINGS}
    return Grammar(
        units=by_form(numbers.get("units", {})),
        qualifiers=qualifiers | {key[:-1]: value for key, value in qualifiers.items() if key.endswith((" de", " que"))},
        links=forms(nouns.get("links", ())),
        before=forms(nouns.get("before", ())),
        before_endings=ends["before_endings"],
        before_one=ends["before_one"],
        endings=ends["endings"],
        not_endings=ends["not_endings"],
        others=forms(nouns.get("others", ())),
        stops=forms(stops),
        capital=nouns.get("capital", False),
        articles=forms([*numbers.get("leads", {}).get("1", ()), *nouns.get("links", ())]),
        known=bool(nouns),
    )


def following(text: str, at: int) -> list[Word]:
    """List the next words of the same phrase: at most six, up to a sign.

    >>> [word.form for word in following("3 000 hommes d’État, dit-on", 5)]
    ['hommes', 'd', 'etat']
    """
    words: list[Word] = []
    if text[at : at + 1] not in _APART:
        return words
    while len(words) < _AHEAD and (match := _NEXT.match(text, at)):
        words.append(Word(fold(match[1]), *match.span(1)))
        at = match.end()
    return words


def noun(text: str, at: int, words: Sequence[Word], language: str, many: bool = True) -> str:
    """Find the noun that a number counts: its head, as written; empty if unsure.

    In French and Spanish that is the next plural after some adjectives, in English the next plural within six words,
    in German the next capital after words with the endings of adjectives, in Russian and Ukrainian the next word that
    has no ending of theirs; otherwise the next word, if it is long.

    Args:
        text: Any text.
        at: Where the number ends.
        words: Those that follow it.
        language: ISO 639-1 code.
        many: Whether a plural must follow.

    >>> text = "3,000 North Korean troops were sent"
    >>> noun(text, 5, following(text, 5), "en")
    'troops'
    """
    rules = grammar(language)
    if tied := LINKED.match(text, at):
        able = (tied[1].islower() or rules.capital) and fold(tied[1]) not in rules.stops
        return tied[1] if able else ""
    if not rules.known:
        able = bool(words) and words[0].end - words[0].start > 3 and _goes_on(text, at, words[0])
        return text[words[0].start : words[0].end] if able else ""
    after = list(dropwhile(lambda word: word.form in rules.links, words))
    found = _head(text, at, after, rules, many)
    linked = len(after) < len(words)
    if not found or (linked and (not many or (text[found.start].isupper() and text[at - 1].isdigit()))):
        return ""  # "35 de Podemos" counts something else
    return text[found.start : found.end]


def _head(text: str, at: int, words: Sequence[Word], rules: Grammar, many: bool) -> Word | None:
    """Find the head among the words that follow: the first that can be one, else the last before it that can."""
    last = None
    for word in words:
        if not _goes_on(text, at, word):
            break
        at = word.end
        if word.form in rules.stops and word.form not in rules.before:
            break
        capital = text[word.start].isupper()
        able = _countable(word.form, rules, many) and (capital or not rules.capital)
        if not _leads(word.form, rules, many, capital, able):
            return word if able else last
        last = word if able else last
    return last


def _goes_on(text: str, at: int, word: Word) -> bool:
    """Tell whether a word is in the same phrase: on a new line, capitals begin another."""
    return "\n" not in text[at : word.start] or text[word.start].islower()


def _countable(form: str, rules: Grammar, many: bool) -> bool:
    if form in rules.others or form in rules.before:
        return form in rules.others
    return not many or (form.endswith(rules.endings) and not form.endswith(rules.not_endings) and len(form) > 1)


def _leads(form: str, rules: Grammar, many: bool, capital: bool, able: bool) -> bool:
    """Tell whether a word stands before its noun."""
    if form in rules.before:
        return True
    if rules.capital:
        return not capital and form.endswith(rules.before_endings)
    if form in rules.others:
        return False
    if "" in rules.before_endings:  # any word may, and names do: a plural in small letters ends the search
        return capital or (not able if many else form.endswith(rules.before_one))
    return form.endswith(rules.before_endings if many else rules.before_endings + rules.before_one)


def qualifier(text: str, start: int, language: str) -> str:
    """Tell how a number is meant, from the words right before it.

    Args:
        text: Any text.
        start: Where the number begins.
        language: ISO 639-1 code.

    >>> qualifier("hasta un 10 %", 9, "es"), qualifier("en plus de 25", 11, "fr"), qualifier("bis zu 9", 7, "de")
    ('up to', '', 'up to')
    """
    rules, pieces = grammar(language), behind(text, start)
    for last in (len(pieces), len(pieces) - 1):
        for first in range(last):
            if (found := rules.qualifiers.get(" ".join(pieces[first:last]))) is not None:
                return found
        if not pieces or pieces[-1] not in rules.articles:
            break
    return ""


def behind(text: str, start: int, count: int = 4) -> list[str]:
    """List the last words before a place, folded, if nothing but spaces or one line break comes between.

    >>> behind("(jusqu’en 2024", 10)
    ['jusqu', 'en']
    """
    before = text[max(0, start - _BEHIND) : start]
    words = before.rstrip()
    if before[-1:] in ("'", "’"):
        words = before[:-1]
    elif words == before or before.count("\n", len(words)) > 1 or not (words[-1:].isalpha() or words[-1:] in _POINTS):
        return []
    pieces = words.replace("’", " ").replace("'", " ").split()
    return [fold(piece.lstrip('([«“„"—–-')) for piece in pieces[-count:]]
