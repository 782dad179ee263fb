"""Split a sentence into words, and group the words that the other sentence has as one word, number or phrase."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from dedup.alignment.words.splitting import split_words
from dedup.alignment.words.vocabulary import vocabulary
from dedup.text.facts.numbers.amounts import amounts
from dedup.text.facts.numbers.figures import NumberWord, combine_number_words, format_number, parse_figure
from dedup.text.facts.numbers.numerals import NUMERAL_HYPHENS, number_rules
from dedup.text.function_words import articles, function_words
from dedup.text.language import WORD_CACHE_SIZE, language_data, stem
from dedup.text.tokens import UNSPACED, fold

# Kinds of words. A symbol is a punctuation mark or another character that is not a letter or digit.
CONTENT_WORD, FUNCTION_WORD, SYMBOL = range(3)
# Similarities of word groups: equal; the same word, number or name in another form; similarly spelled; the same
# beginning; often used for each other.
EQUAL, SAME_WORD, SIMILAR_SPELLING, COMMON_PREFIX, SIMILAR_MEANING = 1.0, 0.95, 0.8, 0.7, 0.6
# Maximum number of words of a sentence; in longer sentences only equal words in the same order are linked.
MAX_ALIGNED_WORDS = 2000
# Minimum and maximum number of letters of words that are compared by spelling.
MIN_COMPARED_LETTERS, MAX_COMPARED_LETTERS = 4, 40
# Maximum number of words and hyphens that are one word in the other sentence, of words of a number, and of words of a
# numeral.
MAX_JOINED_WORDS, MAX_NUMBER_WORDS, MAX_NUMERAL_WORDS = 5, 12, 3

# Rank of the first word, and rank after the last word.
WordRange = tuple[int, int]
# A similarity and a string: word groups with the same string have this similarity.
MatchKey = tuple[float, str]

_UNSPACED = re.compile(f"[{UNSPACED}]")
_ABBREVIATION = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,\s])\d{3})(?:\1\d{3})*")
_FIGURES = re.compile(r"\d+(?:[.,:\s]\d+)*")
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u02b9\u02bc\uff07", "'"))
_QUOTES = frozenset('"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a')


class SentenceWord(NamedTuple):
    """A word, figure or symbol of a sentence."""

    start: int
    """Offset of the first code point."""
    end: int
    """Offset after the last code point."""
    form: str
    """In NFC, case-folded, with one kind of apostrophe; equal for equal words."""
    stem: str
    """Stem without accents; figures without digit grouping, abbreviations without points."""


class WordGroup(NamedTuple):
    """One or more adjacent words that are linked together."""

    first: int
    """Rank of the first word."""
    last: int
    """Rank after the last word."""
    form: str
    """Forms of the words, separated by spaces."""
    kind: int
    """CONTENT_WORD, FUNCTION_WORD or SYMBOL."""
    keys: tuple[MatchKey, ...]
    """Keys that similar word groups have in common."""
    compare_spelling: bool = False
    """Whether the group is compared by spelling: a content word of letters that is not a numeral."""
    is_capitalised: bool = False
    """Whether the first letter is a capital."""
    is_article: bool = False
    """Whether the group is an article, which is linked with the next word if the other sentence has none."""
    is_anchor: bool = False
    """Whether the group is an anchor, which is matched before all other groups."""


class _JoinedWords(NamedTuple):
    """Adjacent words that the other sentence may have as one word, number or phrase."""

    first: int
    last: int
    keys: tuple[MatchKey, ...]


def group_words(
    words: Sequence[SentenceWord],
    other_words: Sequence[SentenceWord],
    anchors: Sequence[WordRange],
    text: str,
    language: str,
) -> list[WordGroup]:
    """Group the words of a sentence: several words form a group if the other sentence has a counterpart to them.

    Args:
        words: Words of the sentence.
        other_words: Words of the other sentence.
        anchors: Ranges of words that form a group each, in the order of their counterparts' anchors, without overlap.
        text: The sentence.
        language: ISO 639-1 code.

    Returns:
        Groups in order; each word is in exactly one.

    >>> text, other = "a cease-fire with twenty-five men", "a ceasefire with 25 men"
    >>> words, other_words = parse_words(text, "en"), parse_words(other, "en")
    >>> [group.form for group in group_words(words, other_words, [], text, "en")]
    ['a', 'cease - fire', 'with', 'twenty - five', 'men']
    """
    anchored = {first: (last, number) for number, (first, last) in enumerate(anchors)}
    too_long = max(len(words), len(other_words)) > MAX_ALIGNED_WORDS
    joined = {} if too_long else _join_words(words, other_words, anchors, language)
    groups: list[WordGroup] = []
    first, in_capitals = 0, text.isupper()
    while first < len(words):
        if first in anchored:
            last, number = anchored[first]
            name = f" {number}"  # no word begins with a space
            groups.append(WordGroup(first, last, name, CONTENT_WORD, ((EQUAL, name),), is_anchor=True))
        elif first in joined:
            _, last, keys = joined[first]
            form = " ".join(word.form for word in words[first:last])
            is_function = all(_classify(word.form, language).kind == FUNCTION_WORD for word in words[first:last])
            kind = FUNCTION_WORD if is_function else CONTENT_WORD
            groups.append(WordGroup(first, last, form, kind, ((EQUAL, "=" + form), *keys)))
        else:
            last = first + 1
            written = text[words[first].start : words[first].end]
            groups.append(_single_word(first, words[first], written, language, in_capitals))
        first = last
    return groups


def parse_words(text: str, language: str) -> list[SentenceWord]:
    """Return the words and symbols of a sentence.

    Args:
        text: Any text.
        language: ISO 639-1 code.

    >>> [(word.form, word.stem) for word in parse_words("L\u2019U.S. Navy", "en")]
    [("l'", "l'"), ('u.s.', 'us'), ('navy', 'navi')]
    """
    forms = [(start, end, _form(text[start:end])) for start, end in split_words(text)]
    return [SentenceWord(start, end, form, _classify(form, language).stem) for start, end, form in forms]


@lru_cache(WORD_CACHE_SIZE)
def _form(written: str) -> str:
    return unicodedata.normalize("NFC", written).casefold().replace("\u2019", "'")


class _WordClass(NamedTuple):
    """Properties of a word that follow from its form."""

    stem: str
    kind: int
    keys: tuple[MatchKey, ...]
    """Keys besides that of the form itself."""
    compare_spelling: bool
    is_article: bool


@lru_cache(WORD_CACHE_SIZE)
def _classify(form: str, language: str) -> _WordClass:
    base, bare = _stem(form, language), fold(form).strip("'")
    vocabulary_groups = vocabulary(language).groups((base,))
    value = _value(form, language)
    kind = CONTENT_WORD
    if _UNSPACED.fullmatch(form) or bare in function_words(language):
        kind = FUNCTION_WORD
    elif not any(map(str.isalnum, form)) and not vocabulary_groups:
        kind = SYMBOL
    keys = [*_vocabulary_keys(vocabulary_groups), *([] if value is None else [_value_key(value)])]
    if value is None or not form[0].isdigit():  # "6.125" is not "6,125" in English
        keys.append((SAME_WORD, f"~{_normalize_symbol(form) if kind == SYMBOL else base}"))
    rules = number_rules(language)
    is_numeral = value is not None or bare in rules.values or bare in rules.ordinals
    compare_spelling = (
        kind == CONTENT_WORD
        and not is_numeral
        and MIN_COMPARED_LETTERS <= len(form) <= MAX_COMPARED_LETTERS
        and not any(map(str.isdigit, form))
        and any(map(str.isalpha, form))
    )
    return _WordClass(base, kind, tuple(keys), compare_spelling, bare in articles(language))


def _single_word(rank: int, word: SentenceWord, written: str, language: str, in_capitals: bool) -> WordGroup:
    """Group one word alone; a function word in capitals is an acronym ("US") unless all the text is in capitals."""
    word_class = _classify(word.form, language)
    is_acronym = word_class.kind == FUNCTION_WORD and len(written) > 1 and written.isupper() and not in_capitals
    return WordGroup(
        rank,
        rank + 1,
        word.form,
        CONTENT_WORD if is_acronym else word_class.kind,
        ((EQUAL, "=" + word.form), *word_class.keys),
        compare_spelling=word_class.compare_spelling,
        is_capitalised=written[0].isupper(),
        is_article=word_class.is_article and not is_acronym,
    )


def _stem(form: str, language: str) -> str:
    if _ABBREVIATION.fullmatch(form):
        return stem(form.replace(".", ""), language)
    if _GROUPED.fullmatch(form):
        return re.sub(r"\D", "", form)
    if _FIGURES.fullmatch(form):
        return re.sub("[.,:]", ".", form)
    return stem(form.translate(_APOSTROPHES), language)


def _normalize_symbol(form: str) -> str:
    """Return a hyphen for any dash, a straight quotation mark for any quotation mark, and other symbols unchanged."""
    return '"' if form in _QUOTES else "-" if unicodedata.category(form[0]) == "Pd" else form


def _vocabulary_keys(groups: Sequence[int]) -> Iterator[MatchKey]:
    for group in groups:
        yield (SAME_WORD, f"+{group}") if group >= 0 else (SIMILAR_MEANING, f"-{~group}")


def _value_key(value: Fraction) -> MatchKey:
    return SAME_WORD, f"n{format_number(value)}"


def _value(form: str, language: str) -> Fraction | None:
    """Return the value of figures or a number word; None for other words and for multipliers ("million")."""
    rules = number_rules(language)
    if form[0].isdigit():
        return parse_figure(form, rules.decimal_mark)
    if found := rules.values.get(fold(form)):
        return None if found[1] else found[0]
    if len(form) <= MAX_COMPARED_LETTERS and rules.item.fullmatch(form):  # a compound: "dreiundzwanzig"
        found_amounts = amounts(form, language)
        is_whole = len(found_amounts) == 1 and found_amounts[0].end == len(form)
        return found_amounts[0].value if is_whole else None
    return None


def _join_words(
    words: Sequence[SentenceWord], other_words: Sequence[SentenceWord], anchors: Sequence[WordRange], language: str
) -> dict[int, _JoinedWords]:
    """Return the words that are one word, or an equivalent phrase or number, in the other sentence, by first word."""
    other_keys = {key for word in other_words for _, key in _classify(word.form, language).keys}
    other_keys.update(key for joined in _phrases_and_numbers(other_words, language) for _, key in joined.keys)
    taken = bytearray(len(words) + 1)
    for first, last in anchors:
        taken[first:last] = b"\1" * (last - first)
    candidates = chain(_phrases_and_numbers(words, language), _concatenations(words, other_words, language))
    matching = [joined for joined in candidates if any(key in other_keys for _, key in joined.keys)]
    chosen = {}
    for joined in sorted(matching, key=lambda joined: (joined.first - joined.last, joined)):  # the longest first
        first, last, _ = joined
        if not any(taken[first:last]):
            taken[first:last] = b"\1" * (last - first)
            chosen[first] = joined
    return chosen


def _phrases_and_numbers(words: Sequence[SentenceWord], language: str) -> Iterator[_JoinedWords]:
    """Yield the phrases of the vocabulary, and the numbers of several words."""
    known = vocabulary(language)
    stems = [word.stem for word in words]
    for first, base in enumerate(stems):
        for last in range(first + 2, min(first + known.longest.get(base, 0), len(words)) + 1):
            if groups := known.groups(tuple(stems[first:last])):
                yield _JoinedWords(first, last, tuple(_vocabulary_keys(groups)))
    connectors = {*NUMERAL_HYPHENS, *language_data(language).get("numbers", {}).get("connectors", ())}
    first = 0
    while first < len(words):
        number = combine_number_words(_number_words(words, first, language, connectors))
        if number.end > first + 1:
            yield _JoinedWords(first, number.end, (_value_key(number.value),))
        first = max(number.end, first + 1)


def _number_words(
    words: Sequence[SentenceWord], first: int, language: str, connectors: Collection[str]
) -> Iterator[NumberWord]:
    """Yield the adjacent number words from a word on, or figures and the words that multiply them."""
    stop, begins_with_figures = min(len(words), first + MAX_NUMBER_WORDS), words[first].form[0].isdigit()
    at = first
    while at < stop:
        found = _number_word(words, at, language) if at == first or not words[at].form[0].isdigit() else None
        if found and (at == first or found.multiplies or not begins_with_figures):
            yield found
            at = found.end
        elif at > first and words[at].form in connectors:
            at += 1
        else:
            return


def _number_word(words: Sequence[SentenceWord], first: int, language: str) -> NumberWord | None:
    """Parse the figures or the numeral at a word; some numerals have several words ("quatre-vingts")."""
    value = _value(words[first].form, language)
    found = None if value is None else NumberWord(value, False, first + 1)
    if (beginning := fold(words[first].form)) in _first_words_of_numerals(language):
        parts = [beginning]
        for at in range(first, min(len(words), first + 2 * MAX_NUMERAL_WORDS - 1)):
            if at > first and words[at].form not in NUMERAL_HYPHENS:
                parts.append(fold(words[at].form))
            numeral = number_rules(language).values.get(" ".join(parts))
            if numeral and words[at].form not in NUMERAL_HYPHENS:
                found = NumberWord(*numeral, at + 1)
    return found


@cache
def _first_words_of_numerals(language: str) -> frozenset[str]:
    return frozenset(key.split(" ")[0] for key in number_rules(language).values)


def _concatenations(
    words: Sequence[SentenceWord], other_words: Sequence[SentenceWord], language: str
) -> Iterator[_JoinedWords]:
    """Yield adjacent words that, written as one word, may be a word of the other sentence."""
    forms = [word.form for word in other_words if MIN_COMPARED_LETTERS <= len(word.form) <= MAX_COMPARED_LETTERS]
    prefixes = {form[:size] for form in forms for size in range(1, len(form))}
    for first, word in enumerate(words):
        concatenated = word.form
        for last in range(first + 2, min(first + MAX_JOINED_WORDS, len(words)) + 1):
            if concatenated not in prefixes:
                break
            form = words[last - 1].form
            if form not in NUMERAL_HYPHENS:
                concatenated += form[:MAX_COMPARED_LETTERS]
                yield _JoinedWords(first, last, ((SAME_WORD, f"~{stem(concatenated, language)}"),))
