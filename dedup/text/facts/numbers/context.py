"""Read the words around a number: the noun it counts, after it, and its qualifier, before it."""
# ruff: noqa: RUF001, RUF002 - look-alike punctuation is intended

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import dropwhile
from typing import NamedTuple

from dedup.text.facts.numbers.figures import NUMBER_SPACES, fold_phrase, key_by_form
from dedup.text.facts.numbers.symbols import CURRENCIES
from dedup.text.language import language_data, unit_names
from dedup.text.tokens import UNSPACED, fold

SPACED_LETTER = rf"[^\W\d_ʼ{UNSPACED}]"
"""Regular expression for a letter of a script that puts spaces between words; an apostrophe separates words."""
HYPHENATED_WORD = re.compile(rf"-({SPACED_LETTER}{{1,40}})")
"""A word that a hyphen joins to a number, as in "25-year"."""
# A word on the line of the number, or on the next line where lines are hard-wrapped.
_NEXT_WORD = re.compile(
    rf"(?:[{NUMBER_SPACES}]{{1,2}}|[{NUMBER_SPACES}]?\r?\n|(?<=['’ʼ]))"
    rf"((?:{SPACED_LETTER}|[\u0300-\u036f]){{1,40}}+"
    rf"(?:[-‐‑](?:{SPACED_LETTER}|[\u0300-\u036f]){{1,40}}+){{0,4}})(['’ʼ](?={SPACED_LETTER}))?"
)
_ABBREVIATION_ENDS = frozenset(".°º")
_WHITESPACE = frozenset(f"{NUMBER_SPACES}\r\n")
_ENDING_LISTS = ("before_endings", "before_one", "endings", "not_endings")
# Maximum number of words that are read after a number, and of code points before it.
_MAX_WORDS_AFTER = 6
_MAX_LENGTH_BEFORE = 40


class FollowingWord(NamedTuple):
    """A word after a number."""

    form: str
    """Folded."""
    start: int
    """Offset of the first code point."""
    end: int
    """Offset after the last code point."""


class NumberGrammar(NamedTuple):
    """The words and endings that a language uses around numbers."""

    units: dict[str, str]
    """Folded names of units and currencies, each with the unit in its normal form."""
    unit_beginnings: frozenset[str]
    """The first words of the names of units."""
    unit_words: int
    """Number of words of the longest name of a unit."""
    currency_ends: frozenset[str]
    """The last words of the names of currencies."""
    durations: dict[str, str]
    """Folded names of durations, each with the unit: "jours" is "day"."""
    before_hours: frozenset[str]
    """Words before hours that are a time of day: "à 16 heures"."""
    pounds: frozenset[str]
    """Words for pounds, of money or of weight."""
    weighs_pounds: bool
    """Whether pounds of weight are 453.6 g, not 500 g as in German and French."""
    money_cues: tuple[str, ...]
    """Beginnings of words near a sum of money."""
    weight_cues: tuple[str, ...]
    """Beginnings of words near a weight."""
    qualifiers: dict[str, str]
    """Folded phrases before a number, each with the qualifier it expresses."""
    links: frozenset[str]
    """Words between a number and its noun."""
    adjectives: frozenset[str]
    """Adjectives that precede a noun."""
    adjective_endings: tuple[str, ...]
    """Endings of adjectives that precede a noun."""
    singular_adjective_endings: tuple[str, ...]
    """Endings of adjectives that precede a noun in the singular."""
    noun_endings: tuple[str, ...]
    """Endings of nouns that can be counted."""
    other_endings: tuple[str, ...]
    """Endings of words that cannot be counted."""
    nouns: frozenset[str]
    """Nouns that can be counted despite their ending."""
    stops: frozenset[str]
    """Words that are not nouns and end the search for a noun."""
    noun_capitals: bool
    """Whether nouns begin with a capital."""
    articles: frozenset[str]
    """Words between a qualifier and a number."""
    known: bool
    """Whether the data file of the language describes nouns."""


@cache
def grammar(language: str) -> NumberGrammar:
    """Read the grammar of numbers in a language from its data file; without one, all lists are empty.

    Args:
        language: ISO 639-1 code.

    >>> grammar("fr").units["euros"], grammar("xx").known
    ('EUR', False)
    """
    data = language_data(language)
    numbers = data.get("numbers", {})
    nouns = numbers.get("nouns", {})
    qualifiers = key_by_form(numbers.get("qualifiers", {}))
    stops = [*data.get("words", {}).get("function", ()), *nouns.get("stops", ())]

    def forms(words: Iterable[str]) -> frozenset[str]:
        return frozenset(map(fold_phrase, words))

    endings = {name: tuple(map(fold, nouns.get(name, ()))) for name in _ENDING_LISTS}
    names, pounds = unit_names(language), numbers.get("pounds", {})
    units = {
        form: symbol
        for table in (names.get("currencies", {}), names.get("units", {}), numbers.get("units", {}))
        for form, symbol in key_by_form(table).items()
    }
    return NumberGrammar(
        units=units,
        unit_beginnings=frozenset(form.split()[0] for form in units),
        unit_words=max((len(form.split()) for form in units), default=0),
        currency_ends=frozenset(form.split()[-1] for form, unit in units.items() if unit in CURRENCIES),
        durations=key_by_form(names.get("durations", {})) | key_by_form(numbers.get("durations", {})),
        before_hours=forms(numbers.get("hours", {}).get("before", ())),
        pounds=forms(pounds.get("words", ())),
        weighs_pounds=pounds.get("weighs", False),
        money_cues=tuple(map(fold, pounds.get("money", ()))),
        weight_cues=tuple(map(fold, pounds.get("weight", ()))),
        qualifiers=qualifiers | {key[:-1]: value for key, value in qualifiers.items() if key.endswith((" de", " que"))},
        links=forms(nouns.get("links", ())),
        adjectives=forms(nouns.get("before", ())),
        adjective_endings=endings["before_endings"],
        singular_adjective_endings=endings["before_one"],
        noun_endings=endings["endings"],
        other_endings=endings["not_endings"],
        nouns=forms(nouns.get("others", ())),
        stops=forms(stops),
        noun_capitals=nouns.get("capital", False),
        articles=forms([*numbers.get("leads", {}).get("1", ()), *nouns.get("links", ())]),
        known=bool(nouns),
    )


def words_after(text: str, start: int) -> list[FollowingWord]:
    """Return the words of the same phrase after a position: at most six, up to a punctuation mark.

    >>> [word.form for word in words_after("3 000 hommes d’État, dit-on", 5)]
    ['hommes', 'd', 'etat']
    """
    words: list[FollowingWord] = []
    if text[start : start + 1] not in _WHITESPACE:
        return words
    while len(words) < _MAX_WORDS_AFTER and (match := _NEXT_WORD.match(text, start)):
        words.append(FollowingWord(fold(match[1]), *match.span(1)))
        start = match.end()
    return words


def counted_noun(text: str, end: int, words: Sequence[FollowingWord], language: str, plural: bool = True) -> str:
    """Find the head noun of the phrase that a number counts.

    French and Spanish: the next plural, after adjectives that precede a noun. English: the next plural within six
    words. German: the next capitalised word, after words with adjective endings. Russian and Ukrainian: the next word
    without an adjective ending. Other languages: the next word, if it has more than three letters.

    Args:
        text: Any text.
        end: Offset after the number.
        words: The words after the number.
        language: ISO 639-1 code.
        plural: Whether the noun must be a plural.

    Returns:
        The noun as written; empty if none is certain.

    >>> text = "3,000 North Korean troops were sent"
    >>> counted_noun(text, 5, words_after(text, 5), "en")
    'troops'
    """
    rules = grammar(language)
    if hyphenated := HYPHENATED_WORD.match(text, end):
        word = hyphenated[1]
        return word if (word.islower() or rules.noun_capitals) and fold(word) not in rules.stops else ""
    if not rules.known:
        usable = bool(words) and words[0].end - words[0].start > 3 and _is_same_phrase(text, end, words[0])
        return text[words[0].start : words[0].end] if usable else ""
    candidates = list(dropwhile(lambda word: word.form in rules.links, words))
    head = _head_noun(text, end, candidates, rules, plural)
    linked = len(candidates) < len(words)
    if not head or (linked and (not plural or (text[head.start].isupper() and text[end - 1].isdigit()))):
        return ""  # the number in "35 de Podemos" does not count the words after it
    return text[head.start : head.end]


def _head_noun(
    text: str, end: int, words: Sequence[FollowingWord], rules: NumberGrammar, plural: bool
) -> FollowingWord | None:
    """Return the head noun: the first word that cannot precede a noun, or else the last countable word before it."""
    last = None
    for word in words:
        if not _is_same_phrase(text, end, word):
            break
        end = word.end
        if word.form in rules.stops and word.form not in rules.adjectives:
            break
        capital = text[word.start].isupper()
        countable = _is_countable(word.form, rules, plural) and (capital or not rules.noun_capitals)
        if not _precedes_noun(word.form, rules, plural, capital, countable):
            return word if countable else last
        last = word if countable else last
    return last


def _is_same_phrase(text: str, end: int, word: FollowingWord) -> bool:
    """Return whether a word continues a phrase; a capital on a new line begins another."""
    return "\n" not in text[end : word.start] or text[word.start].islower()


def _is_countable(form: str, rules: NumberGrammar, plural: bool) -> bool:
    if form in rules.nouns or form in rules.adjectives:
        return form in rules.nouns
    if not plural:
        return True
    return len(form) > 1 and form.endswith(rules.noun_endings) and not form.endswith(rules.other_endings)


def _precedes_noun(form: str, rules: NumberGrammar, plural: bool, capital: bool, countable: bool) -> bool:
    """Return whether a word can precede the noun it belongs to."""
    if form in rules.adjectives:
        return True
    if rules.noun_capitals:
        return not capital and form.endswith(rules.adjective_endings)
    if form in rules.nouns:
        return False
    if "" in rules.adjective_endings:  # any word or name can precede a noun: a lower-case plural ends the search
        return capital or (not countable if plural else form.endswith(rules.singular_adjective_endings))
    endings = rules.adjective_endings if plural else rules.adjective_endings + rules.singular_adjective_endings
    return form.endswith(endings)


def qualifier(text: str, start: int, language: str) -> str:
    """Return the qualifier that the words right before a number express, or an empty string.

    Args:
        text: Any text.
        start: Offset of the first code point of the number.
        language: ISO 639-1 code.

    >>> qualifier("hasta un 10 %", 9, "es"), qualifier("en plus de 25", 11, "fr"), qualifier("bis zu 9", 7, "de")
    ('up to', '', 'up to')
    """
    rules, words = grammar(language), words_before(text, start)
    for last in (len(words), len(words) - 1):
        for first in range(last):
            if (found := rules.qualifiers.get(" ".join(words[first:last]))) is not None:
                return found
        if not words or words[-1] not in rules.articles:
            break
    return ""


def words_before(text: str, start: int, count: int = 4) -> list[str]:
    """Return the last words before a position, folded, if only spaces or one line break separate them from it.

    Args:
        text: Any text.
        start: The position.
        count: Maximum number of words.

    >>> words_before("(jusqu’en 2024", 10)
    ['jusqu', 'en']
    """
    before = text[max(0, start - _MAX_LENGTH_BEFORE) : start]
    words = before.rstrip()
    if before[-1:] in ("'", "’"):
        words = before[:-1]
    elif (
        words == before
        or before.count("\n", len(words)) > 1
        or not (words[-1:].isalpha() or words[-1:] in _ABBREVIATION_ENDS)
    ):
        return []
    pieces = words.replace("’", " ").replace("'", " ").split()
    return [fold(piece.lstrip('([«“„"—–-')) for piece in pieces[-count:]]
