"""Find the capitalised words of sentences, and the sentences that are headlines, where capitals do not mark names."""
# ruff: noqa: RUF001, RUF002, RUF003 - look-alike punctuation is intended

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from dedup.text.function_words import function_words
from dedup.text.language import language_data
from dedup.text.spans import Span
from dedup.text.tokens import PUNCTUATION, UNSPACED, fold

_UPPER = "".join(
    re.escape(letter) for letter in map(chr, range(0x41, 0x2000)) if unicodedata.category(letter) in ("Lu", "Lt")
)
_WORD_CHAR = rf"[^\s{PUNCTUATION}{UNSPACED}]"
NAME_HYPHENS = "-\u2010\u2011\u2012\u2013"
"""Hyphens inside names."""
NAME_APOSTROPHES = "'\u2019\u02bc"
"""Apostrophes inside names."""
ARABIC_ARTICLE = "(?:al|el|ad|an|ar|as|at|ul)"
"""Regular expression for the Arabic article in its transliterations."""
ARABIC_PARTICLE = re.compile(f"{ARABIC_ARTICLE}-")
"""An Arabic article with a hyphen, as a particle between the words of a name."""
ROMAN_DIGITS = frozenset("IVX")
# Spanish abbreviations of plurals, with a space between, after the first letter: the United States, the Armed Forces,
# the Olympic Games.
_PLURALS = r"(?<=E)E\.\sUU\.|(?<=F)F\.\sAA\.|(?<=J)J\.\sOO\."
# "EE. UU.", "U.S.", or letters that begin with a capital, with single hyphens and apostrophes between letters.
# A pattern that begins with a set of characters, not with a condition, is searched for three times as fast.
_CAPITALIZED = re.compile(
    rf"[{_UPPER}](?<!{_WORD_CHAR}.)(?:{_PLURALS}|[{_UPPER}]?\.(?:[{_UPPER}]{{1,2}}\.)+"
    rf"|{_WORD_CHAR}*(?:[{NAME_HYPHENS}{NAME_APOSTROPHES}]{_WORD_CHAR}+)*)",
    re.DOTALL,
)
_WORD = re.compile(rf"{_WORD_CHAR}+")
_ELIDED = re.compile(rf"([^\W\d_]+)[{NAME_APOSTROPHES}](.+)", re.DOTALL)
_POSSESSIVE = re.compile(rf"[{NAME_APOSTROPHES}][sS]$")
# Marks after which a capital can be that of a first word.
_OPENING_MARKS = frozenset(':;«»“”„‟"‘‚‹›|•*>!?…·¿¡=')
# Maximum number of code points of a word that is read.
_MAX_WORD_LENGTH = 60
# A word with more digits is a code, not a name.
_MAX_NAME_DIGITS = 6
# Function words in capitals that show that the capitals around them are emphasis, not acronyms.
_MIN_EMPHASIZED_WORDS = 2
# Minimum number of words of a headline, and minimum share of its content words with a capital.
_MIN_HEADLINE_WORDS, _MIN_CAPITAL_SHARE = 4, 0.85
# Maximum number of words of a line of navigation.
_MAX_NAVIGATION_WORDS = 6
# Punctuation at the end of a sentence, which a headline does not have.
_SENTENCE_ENDS = frozenset(".;,")


class CapitalizedWord(NamedTuple):
    """A word with a capital."""

    start: int
    """Offset of the first code point, after an elided article."""
    end: int
    """Offset after the last code point, before a possessive s."""
    value: str
    """The word as written, with normalised hyphens and apostrophes."""
    key: str
    """The word, folded."""
    opening: bool
    """Whether it begins a sentence or a quotation, so that its capital does not mark a name."""
    acronym: bool
    """Whether it has several capitals, which mark a name in any position."""


class CapitalizedSentence(NamedTuple):
    """The capitalised words of a sentence."""

    span: Span
    """The sentence."""
    words: list[CapitalizedWord]
    """By start."""
    headline: bool
    """Whether nearly all words of the sentence have a capital."""
    uppercase: bool
    """Whether nearly all words of the sentence are in capitals throughout."""


@dataclass(frozen=True, eq=False)
class NameRules:
    """The words and patterns by which a language marks names; words are folded unless stated otherwise."""

    function_words: frozenset[str]
    """Function words, and other words that often begin sentences; they are not names."""
    non_names: frozenset[str]
    """Other capitalised words that are not names: days, months."""
    titles: frozenset[str]
    """Titles before a name, which are not part of it."""
    title_modifiers: frozenset[str]
    """Words that belong to a title beside them: "prime" in "Prime Minister"."""
    peoples: frozenset[str]
    """Names of peoples and languages, which are not facts."""
    people_modifiers: frozenset[str]
    """Words before the name of a people that belong to it: "North Korean"."""
    elided_words: frozenset[str]
    """Articles and pronouns that an apostrophe joins to a name."""
    particles: frozenset[str]
    """Words between the capitalised words of a name, in lower case: "Corée du Nord"."""
    acronyms: frozenset[str]
    """Acronyms that are function words in lower case, as written."""
    head_words: frozenset[str]
    """First words of names that continue in lower case, as written: "Nations unies"."""
    organization_endings: frozenset[str]
    """Last words of the names of organisations, as written: "National Data Corp"."""
    articles: frozenset[str]
    """Articles, where all nouns have a capital; empty for other languages."""
    names_with_article: frozenset[str]
    """Names that usually have an article."""
    names_like_nouns: frozenset[str]
    """Names with the ending of a common noun."""
    noun_endings: tuple[str, ...]
    """Endings of common nouns, where all nouns have a capital."""
    verb_endings: tuple[str, ...]
    """Endings of verbs that begin a sentence before a name."""
    suffix: re.Pattern[str] | None
    """A hyphen and a word after it that is not part of a name: "Pyongyang-backed"."""
    tail: re.Pattern[str] | None
    """The words in lower case that continue a name after a head word."""
    prefix: re.Pattern[str]
    """The words in lower case right before a name that belong to it: "van der"."""
    connectors: frozenset[str]
    """Words that continue the name of a body after a head word: "for" in "Office for National Statistics"."""
    coordinators: frozenset[str]
    """Words that coordinate the parts of such a name: "and"."""
    regional: frozenset[str]
    """Words before the region of such a name: "in Europe"."""
    connected_heads: frozenset[str]
    """Head words of such names, as written: "Office"."""
    subjects: frozenset[str]
    """First words after "and" that continue such a name: "Human" in "Department of Health and Human Services"."""
    inner_words: frozenset[str]
    """Function words with a capital inside names: "Without" in "Doctors Without Borders"."""
    acronyms_apart: bool
    """Whether an acronym is separate from the person's name after it: "l'ONU Antonio Guterres"."""
    furniture: frozenset[str]
    """Words of page navigation, folded: "Home", "Anmelden"."""
    separate_names: frozenset[str]
    """Names that are not part of the name after them, as written: "министр России Сергей Лавров"."""


# Fields of `NameRules` that are folded words, each with its key in the table [names] of a data file.
_FOLDED_LISTS = {
    "non_names": "never",
    "titles": "titles",
    "title_modifiers": "beside",
    "peoples": "peoples",
    "people_modifiers": "sides",
    "elided_words": "elided",
    "articles": "articles",
    "furniture": "furniture",
    "names_with_article": "articled",
    "names_like_nouns": "kept",
}


@cache
def name_rules(language: str) -> NameRules:
    """Read the name rules of a language from the table [names] of its data file.

    Args:
        language: ISO 639-1 code.

    >>> name_rules("fr").elided_words >= {"l", "d", "qu"}, name_rules("xx").titles
    (True, frozenset())
    """
    data = language_data(language)
    table: dict[str, Any] = data.get("names", {})
    starters = frozenset(map(fold, data.get("sentences", {}).get("starters", ())))
    prefixes = "|".join(map(re.escape, sorted(table.get("prefixes", ()), key=len, reverse=True)))
    return NameRules(
        function_words=function_words(language) | starters,
        **{field: frozenset(map(fold, table.get(key, ()))) for field, key in _FOLDED_LISTS.items()},
        particles=frozenset(table.get("particles", ())),
        acronyms=frozenset(table.get("acronyms", ())),
        head_words=frozenset(table.get("heads", ())),
        organization_endings=frozenset(table.get("bodies", ())),
        noun_endings=tuple(map(fold, table.get("endings", ()))),
        verb_endings=tuple(map(fold, table.get("verbs", ()))),
        suffix=re.compile(rf"[{NAME_HYPHENS}](?:{'|'.join(table['suffixes'])})$") if "suffixes" in table else None,
        tail=_tail_pattern(table["tails"]) if "tails" in table else None,
        prefix=re.compile(rf"(?<!\w)(?:{f'(?:{prefixes})' if prefixes else '(?!)'}\s|{ARABIC_ARTICLE}-)$"),
        connectors=frozenset(table.get("connectors", ())),
        coordinators=frozenset(table.get("coordinators", ())),
        subjects=frozenset(table.get("subjects", ())),
        regional=frozenset(table.get("regional", ())),
        connected_heads=frozenset(table.get("connected", ())),
        acronyms_apart=table.get("acronyms_apart", False),
        inner_words=frozenset(table.get("inner", ())),
        separate_names=frozenset(table.get("apart", ())),
    )


def _tail_pattern(tails: Sequence[str]) -> re.Pattern[str]:
    """Build a pattern for the words in lower case that continue a name, in any order."""
    phrases = (re.escape(tail).replace("'", f"[{NAME_APOSTROPHES}]").replace(r"\ ", r"\s") for tail in tails)
    return re.compile(rf"(?:\s(?:{'|'.join(sorted(phrases, key=len, reverse=True))})(?!\w))+")


def capitalized_sentences(text: str, sentences: Sequence[Span], rules: NameRules) -> Iterator[CapitalizedSentence]:
    """Find the capitalised words of each sentence; sentences without any are left out.

    Args:
        text: Any text.
        sentences: Its sentences, in order.
        rules: The name rules of its language.

    >>> found, = capitalized_sentences("Hier, l’Ukraine a cité NHK.", [Span(0, 27)], name_rules("fr"))
    >>> [(word.value, word.opening, word.acronym) for word in found.words]
    [('Hier', True, False), ('Ukraine', False, False), ('NHK', False, True)]
    """
    for span in sentences:
        words: list[CapitalizedWord] = []
        previous_end = span.start
        for match in _CAPITALIZED.finditer(text, span.start, span.end):
            name = _extract_name(match[0], rules) if match.end() - match.start() <= _MAX_WORD_LENGTH else None
            if name:
                opening = _is_opening(text, span.start, previous_end, match.start())
                start, end = match.start() + name.start, match.start() + name.end
                words.append(CapitalizedWord(start, end, name.value, name.key, opening, name.acronym))
            previous_end = match.end()
        if words:
            headline, uppercase = _headline_style(text[span.start : span.end], len(words), rules)
            if not headline and sum(_is_emphasized(word, rules) for word in words) >= _MIN_EMPHASIZED_WORDS:
                words = [word for word in words if not word.value.isupper()]
            yield CapitalizedSentence(span, words, headline, uppercase)


def _is_emphasized(word: CapitalizedWord, rules: NameRules) -> bool:
    return word.acronym and word.key in rules.function_words and word.value not in rules.acronyms


class _WordName(NamedTuple):
    """The name inside a capitalised word."""

    start: int
    """Offset of the first code point, relative to the word."""
    end: int
    """Offset after the last code point, relative to the word."""
    value: str
    key: str
    acronym: bool


@lru_cache(1 << 16)
def _extract_name(written: str, rules: NameRules) -> _WordName | None:
    """Extract the name from a word: without an elided article, a possessive s and a suffix after a hyphen."""
    first, last = 0, len(written)
    if match := _POSSESSIVE.search(written):
        last = match.start()
    if rules.suffix and (match := rules.suffix.search(written, 0, last)):
        last = match.start()
    if match := _ELIDED.fullmatch(written, 0, last):
        if fold(match[1]) in rules.elided_words:
            first = match.start(2)
        elif match[2].islower() and len(match[2]) <= 2:  # "It’ll"
            return None
    name = written[first:last]
    if not name[:1].isupper() and not name[:1].istitle():
        return None
    value = normalize_name(name)
    if sum(map(str.isdigit, value)) > _MAX_NAME_DIGITS:
        return None
    letters = [char for char in value if char.isalpha()]
    capitals = sum(map(str.isupper, letters))
    acronym = capitals > 1 and (capitals == len(letters) or value[1:2].isupper() or _is_camel_case(value))
    if acronym and ROMAN_DIGITS.issuperset(letters):
        acronym = False
    return _WordName(first, last, value, fold(value), acronym)


def _is_camel_case(value: str) -> bool:
    """Return whether a capital follows a lower-case letter, as in BankAmerica."""
    return any(left.islower() and right.isupper() for left, right in pairwise(value))


@lru_cache(1 << 16)
def normalize_name(name: str) -> str:
    """Normalise the hyphens, apostrophes and spaces of a name.

    >>> normalize_name("Côte  d’Ivoire"), normalize_name("RBC\u2011Ukraine"), normalize_name("EE. UU.")
    ("Côte d'Ivoire", 'RBC-Ukraine', 'EE.UU.')
    """
    return _DOUBLED_LETTERS.sub(r"\1.\2.", " ".join(name.translate(_NORMAL_CHARS).split()))


# Abbreviations of plurals, with a space between: "EE. UU."
_DOUBLED_LETTERS = re.compile(r"\b([EFJ]{2})\. (UU|AA|OO)\.")
_NORMAL_CHARS = str.maketrans(
    {**dict.fromkeys(NAME_HYPHENS, "-"), **dict.fromkeys(NAME_APOSTROPHES, "'"), "\u00ad": "", "\u200b": ""}
)


def _is_opening(text: str, start: int, previous_end: int, position: int) -> bool:
    """Return whether only punctuation separates a word from the beginning of its sentence, or follows an opening mark.

    Args:
        text: The text.
        start: Offset of the first code point of the sentence.
        previous_end: Offset after the previous capitalised word, or `start`.
        position: Offset of the first code point of the word.
    """
    gap = text[max(previous_end, position - 8) : position].rstrip()
    if previous_end == start and position - start <= 8 and not any(map(str.isalnum, gap)):
        return True
    return gap[-1:] in _OPENING_MARKS or (gap[-1:] in ("'", "-", "–", "—") and gap[-2:-1].isspace())


def _headline_style(sentence: str, capitalized: int, rules: NameRules) -> tuple[bool, bool]:
    """Return whether a sentence is a headline, and whether it is in capitals throughout.

    Args:
        sentence: The text of the sentence.
        capitalized: Number of its capitalised words.
        rules: The name rules of its language.
    """
    if _is_navigation(sentence, rules):
        return True, False
    if capitalized < _MIN_HEADLINE_WORDS - 1:
        return False, False
    words = [word for word in _WORD.findall(sentence) if word[0].isalpha()]
    is_ended = sentence[-1] in _SENTENCE_ENDS
    if is_ended and not any(word.isupper() and fold(word) not in rules.function_words for word in words):
        return False, False  # as most sentences
    content = [word for word in words if fold(word) not in rules.function_words]
    if len(words) < _MIN_HEADLINE_WORDS or not content:
        return False, False
    if sum(map(str.isupper, content)) >= _MIN_CAPITAL_SHARE * len(content):
        return True, True
    if is_ended:
        return False, False
    if any(word[0].isupper() and fold(word) in rules.function_words for word in words) and _are_capitalized(words):
        return True, False
    # Where function words are in lower case, only content words count, and acronyms do not.
    return _are_capitalized([word for word in content if not word.isupper()]), False


def _is_navigation(sentence: str, rules: NameRules) -> bool:
    """Return whether a sentence is a short line of a page's navigation: "Home News Sport", "Anmelden Österreich"."""
    if not rules.furniture or sentence[-1] in _SENTENCE_ENDS or len(sentence) > _MAX_WORD_LENGTH:
        return False
    words = [word for word in _WORD.findall(sentence) if word[0].isalpha()]
    is_short = len(words) <= _MAX_NAVIGATION_WORDS and all(word[0].isupper() for word in words)
    return is_short and any(fold(word) in rules.furniture for word in words)


def _are_capitalized(words: Sequence[str]) -> bool:
    if len(words) < _MIN_HEADLINE_WORDS:
        return False
    return sum(word[0].isupper() for word in words) >= _MIN_CAPITAL_SHARE * len(words)
