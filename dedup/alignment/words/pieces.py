"""A sentence to the units that are linked: words, and several words that the other sentence says as one."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from dedup.alignment.words.splitting import split
from dedup.alignment.words.vocabulary import vocabulary
from dedup.text.facts.numbers.amounts import amounts
from dedup.text.facts.numbers.figures import NumberWord, combine_number_words, format_number, parse_figure
from dedup.text.facts.numbers.numerals import NUMERAL_HYPHENS, number_rules
from dedup.text.function_words import articles, function_words
from dedup.text.language import WORD_CACHE_SIZE, language_data, stem
from dedup.text.tokens import UNSPACED, fold

# What a unit is.
CONTENT, FUNCTION, SIGN = range(3)
# How alike two units are: equal; the same in another form; spelt alike; alike at the beginning; often used alike.
SAME, FORM, SPELT, BEGUN, SIMILAR = 1.0, 0.95, 0.8, 0.7, 0.6
# Words of a sentence; in longer ones only stretches of equal words are linked.
LIMIT = 2000
# Letters of words that may be told by their spelling.
SHORTEST, LONGEST = 4, 40
# Words and hyphens that may be one word on the other side; words of a number; words that are one number word.
JOINED, NUMBER, NUMERAL = 5, 12, 3

Range = tuple[int, int]
Key = tuple[float, str]
# First word, one past the last, and keys.
Join = tuple[int, int, tuple[Key, ...]]

_UNSPACED = re.compile(f"[{UNSPACED}]")
_ABBREVIATION = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,\s])\d{3})(?:\1\d{3})*")
_FIGURES = re.compile(r"\d+(?:[.,:\s]\d+)*")
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u02b9\u02bc\uff07", "'"))
_QUOTES = frozenset('"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a')


class Word(NamedTuple):
    """A word or a sign of a sentence."""

    start: int
    """First code point."""
    end: int
    """One past the last."""
    form: str
    """Composed, in one case, with one kind of apostrophe: equal words have the same."""
    stem: str
    """Its stem without accents; figures without what groups them, abbreviations without points."""


class Unit(NamedTuple):
    """One or more words that are linked as one."""

    first: int
    """First word."""
    last: int
    """One past the last."""
    form: str
    kind: int
    keys: tuple[Key, ...]
    """What it is compared by, and how alike units are that share it."""
    spelt: bool = False
    """Whether it may be told by its spelling."""
    proper: bool = False
    """Whether it is capitalised."""
    article: bool = False
    """Whether it goes with the next word where it has no counterpart."""
    anchor: bool = False
    """Whether it is linked before all others."""


def units(
    words: Sequence[Word], other_words: Sequence[Word], anchors: Sequence[Range], text: str, language: str
) -> list[Unit]:
    """Make units of the words of a sentence: several words are one where the other sentence has a counterpart.

    Args:
        words: Those of the sentence.
        other_words: Those of the other.
        anchors: Ranges of words that are units, in the order of those of the other sentence; none overlap.
        text: The sentence.
        language: ISO 639-1 code.

    Returns:
        Units by place; each word is in one.

    >>> text, other = "a cease-fire with twenty-five men", "a ceasefire with 25 men"
    >>> [unit.form for unit in units(words(text, "en"), words(other, "en"), [], text, "en")]
    ['a', 'cease - fire', 'with', 'twenty - five', 'men']
    """
    held = {first: (last, number) for number, (first, last) in enumerate(anchors)}
    joins = {} if max(len(words), len(other_words)) > LIMIT else _joins(words, other_words, anchors, language)
    found: list[Unit] = []
    at, capitals = 0, text.isupper()
    while at < len(words):
        if at in held:
            last, number = held[at]
            name = f" {number}"  # no word begins with a space
            found.append(Unit(at, last, name, CONTENT, ((SAME, name),), anchor=True))
        elif at in joins:
            _, last, keys = joins[at]
            form = " ".join(word.form for word in words[at:last])
            closed = all(_read(word.form, language).kind == FUNCTION for word in words[at:last])
            found.append(Unit(at, last, form, FUNCTION if closed else CONTENT, ((SAME, "=" + form), *keys)))
        else:
            last = at + 1
            found.append(_unit(at, words[at], text[words[at].start : words[at].end], language, capitals))
        at = last
    return found


def words(text: str, language: str) -> list[Word]:
    """Find the words and signs of a sentence.

    Args:
        text: Any text.
        language: ISO 639-1 code.

    >>> [(word.form, word.stem) for word in words("L\u2019U.S. Navy", "en")]
    [("l'", "l'"), ('u.s.', 'us'), ('navy', 'navi')]
    """
    forms = [(start, end, _form(text[start:end])) for start, end in split(text)]
    return [Word(start, end, form, _read(form, language).stem) for start, end, form in forms]


@lru_cache(WORD_CACHE_SIZE)
def _form(written: str) -> str:
    return unicodedata.normalize("NFC", written).casefold().replace("\u2019", "'")


class _Reading(NamedTuple):
    """What is known of a word."""

    stem: str
    kind: int
    keys: tuple[Key, ...]
    """All but the one of its form."""
    spelt: bool
    article: bool


@lru_cache(WORD_CACHE_SIZE)
def _read(form: str, language: str) -> _Reading:
    base, bare = _stem(form, language), fold(form).strip("'")
    groups = vocabulary(language).groups((base,))
    value = _value(form, language)
    kind = CONTENT
    if _UNSPACED.fullmatch(form) or bare in function_words(language):
        kind = FUNCTION
    elif not any(map(str.isalnum, form)) and not groups:
        kind = SIGN
    keys = [*_group_keys(groups), *([] if value is None else [_value_key(value)])]
    if value is None or not form[0].isdigit():  # "6.125" is not "6,125" in English
        keys.append((FORM, f"~{_sign(form) if kind == SIGN else base}"))
    numeral = value is not None or bare in number_rules(language).values or bare in number_rules(language).ordinals
    spelt = kind == CONTENT and not numeral and SHORTEST <= len(form) <= LONGEST and not any(map(str.isdigit, form))
    return _Reading(base, kind, tuple(keys), spelt and any(map(str.isalpha, form)), bare in articles(language))


def _unit(at: int, word: Word, written: str, language: str, capitals: bool) -> Unit:
    """Make a unit of one word; one of the closed classes in capitals, where not all is, is an acronym: "US"."""
    read = _read(word.form, language)
    acronym = read.kind == FUNCTION and len(written) > 1 and written.isupper() and not capitals
    return Unit(
        at,
        at + 1,
        word.form,
        CONTENT if acronym else read.kind,
        ((SAME, "=" + word.form), *read.keys),
        spelt=read.spelt,
        proper=written[0].isupper(),
        article=read.article and not acronym,
    )


def _stem(form: str, language: str) -> str:
    if _ABBREVIATION.fullmatch(form):
        return stem(form.replace(".", ""), language)
    if _GROUPED.fullmatch(form):
        return re.sub(r"\D", "", form)
    if _FIGURES.fullmatch(form):
        return re.sub("[.,:]", ".", form)
    return stem(form.translate(_APOSTROPHES), language)


def _sign(form: str) -> str:
    """Give one sign for all dashes, and one for all quotes."""
    return '"' if form in _QUOTES else "-" if unicodedata.category(form[0]) == "Pd" else form


def _group_keys(groups: Sequence[int]) -> Iterator[Key]:
    for group in groups:
        yield (FORM, f"+{group}") if group >= 0 else (SIMILAR, f"-{~group}")


def _value_key(value: Fraction) -> Key:
    return FORM, f"n{format_number(value)}"


def _value(form: str, language: str) -> Fraction | None:
    """Give what figures or a number word are worth; those that multiply are worth nothing alone."""
    rules = number_rules(language)
    if form[0].isdigit():
        return parse_figure(form, rules.decimal_mark)
    if found := rules.values.get(fold(form)):
        return None if found[1] else found[0]
    if len(form) <= LONGEST and rules.item.fullmatch(form):  # several in one: "dreiundzwanzig"
        read = amounts(form, language)
        return read[0].value if len(read) == 1 and read[0].end == len(form) else None
    return None


def _joins(
    words: Sequence[Word], other_words: Sequence[Word], anchors: Sequence[Range], language: str
) -> dict[int, Join]:
    """Find, by first word, the words that are one, or say the same in other words, on the other side."""
    there = {key for word in other_words for _, key in _read(word.form, language).keys}
    there.update(key for join in _several(other_words, language) for _, key in join[2])
    taken = bytearray(len(words) + 1)
    for first, last in anchors:
        taken[first:last] = b"\1" * (last - first)
    candidates = chain(_several(words, language), _concatenated(words, other_words, language))
    found = [join for join in candidates if any(key in there for _, key in join[2])]
    joins = {}
    for first, last, keys in sorted(found, key=lambda join: (join[0] - join[1], join)):
        if not any(taken[first:last]):
            taken[first:last] = b"\1" * (last - first)
            joins[first] = first, last, keys
    return joins


def _several(words: Sequence[Word], language: str) -> Iterator[Join]:
    """Find phrases of the vocabulary, and numbers of several words."""
    known = vocabulary(language)
    stems = [word.stem for word in words]
    for at, base in enumerate(stems):
        for last in range(at + 2, min(at + known.longest.get(base, 0), len(words)) + 1):
            if groups := known.groups(tuple(stems[at:last])):
                yield at, last, tuple(_group_keys(groups))
    between = {*NUMERAL_HYPHENS, *language_data(language).get("numbers", {}).get("connectors", ())}
    at = 0
    while at < len(words):
        number = combine_number_words(_numerals(words, at, language, between))
        if number.end > at + 1:
            yield at, number.end, (_value_key(number.value),)
        at = max(number.end, at + 1)


def _numerals(words: Sequence[Word], at: int, language: str, between: Collection[str]) -> Iterator[NumberWord]:
    """Read number words that follow one another, or figures and what multiplies them."""
    stop, first, figures = min(len(words), at + NUMBER), at, words[at].form[0].isdigit()
    while at < stop:
        found = _numeral(words, at, language) if at == first or not words[at].form[0].isdigit() else None
        if found and (at == first or found.multiplies or not figures):
            yield found
            at = found.end
        elif at > first and words[at].form in between:
            at += 1
        else:
            return


def _numeral(words: Sequence[Word], at: int, language: str) -> NumberWord | None:
    """Read a number word or figures; some number words are written as several: "quatre-vingts"."""
    value = _value(words[at].form, language)
    found = None if value is None else NumberWord(value, False, at + 1)
    if (first := fold(words[at].form)) in _beginnings_of_numerals(language):
        parts = [first]
        for place in range(at, min(len(words), at + 2 * NUMERAL - 1)):
            if place > at and words[place].form not in NUMERAL_HYPHENS:
                parts.append(fold(words[place].form))
            read = number_rules(language).values.get(" ".join(parts))
            if read and words[place].form not in NUMERAL_HYPHENS:
                found = NumberWord(*read, place + 1)
    return found


@cache
def _beginnings_of_numerals(language: str) -> frozenset[str]:
    return frozenset(key.split(" ")[0] for key in number_rules(language).values)


def _concatenated(words: Sequence[Word], other_words: Sequence[Word], language: str) -> Iterator[Join]:
    """Find words that, written as one, are a word of the other side."""
    forms = [word.form for word in other_words if SHORTEST <= len(word.form) <= LONGEST]
    beginnings = {form[:size] for form in forms for size in range(1, len(form))}
    for at, word in enumerate(words):
        joined = word.form
        for last in range(at + 2, min(at + JOINED, len(words)) + 1):
            if joined not in beginnings:
                break
            form = words[last - 1].form
            if form not in NUMERAL_HYPHENS:
                joined += form[:LONGEST]
                yield at, last, ((FORM, f"~{stem(joined, language)}"),)
