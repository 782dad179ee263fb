"""A text to its words with a capital, and which sentences are headlines, where capitals tell nothing."""
# ruff: noqa: RUF001, RUF002, RUF003 - signs that look alike are the point

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
_LETTER = rf"[^\s{PUNCTUATION}{UNSPACED}]"
HYPHENS = "-\u2010\u2011\u2012\u2013"
APOSTROPHES = "'\u2019\u02bc"
ARABIC = "(?:al|el|ad|an|ar|as|at|ul)"
# "U.S.", else letters that begin with a capital, with hyphens and apostrophes between letters.
_CAPITAL = re.compile(
    rf"(?<!{_LETTER})(?:(?:[{_UPPER}]{{1,2}}\.){{2,}}|[{_UPPER}]{_LETTER}*(?:[{HYPHENS}{APOSTROPHES}]{_LETTER}+)*)"
)
_WORD = re.compile(rf"{_LETTER}+")
_ELIDED = re.compile(rf"([^\W\d_]+)[{APOSTROPHES}](.+)", re.DOTALL)
_POSSESSIVE = re.compile(rf"[{APOSTROPHES}][sS]$")
# After these a word with a capital may be the first of something.
_OPENERS = frozenset(':;«»“”„‟"‘‚‹›|•*>!?…·¿¡=')
ROMAN = frozenset("IVX")
# Longest word that is read, in code points.
_LONGEST = 60
# A code of more digits is no name.
_DIGITS = 6
# So many small words in capitals tell that those around them are no acronyms.
_LOUD = 2
# A headline has so many words, and such a part of those that carry content has capitals.
_WORDS, _PART = 4, 0.85
# So does what ends none.
_STOPS = frozenset(".;,")


class Word(NamedTuple):
    """A word with a capital."""

    start: int
    """First code point, after an elided article."""
    end: int
    """One past its last, before a possessive s."""
    value: str
    """As written, signs in one form."""
    key: str
    """Folded."""
    opening: bool
    """Whether a sentence or a quotation begins with it, so that its capital tells nothing."""
    acronym: bool
    """Whether it has several capitals, which tell anywhere."""


class Sentence(NamedTuple):
    """The capitals of a sentence."""

    span: Span
    words: list[Word]
    heading: bool
    """Whether nearly all its words have a capital."""
    shouting: bool
    """Whether they are in capitals throughout."""


@dataclass(frozen=True, eq=False)
class Rules:
    """What is known of names in a language; words are folded, phrases as written."""

    function: frozenset[str]
    """Words that are no names, and those that begin many sentences."""
    never: frozenset[str]
    titles: frozenset[str]
    beside: frozenset[str]
    peoples: frozenset[str]
    sides: frozenset[str]
    elided: frozenset[str]
    particles: frozenset[str]
    acronyms: frozenset[str]
    """As written."""
    heads: frozenset[str]
    """As written."""
    bodies: frozenset[str]
    """As written."""
    articles: frozenset[str]
    articled: frozenset[str]
    kept: frozenset[str]
    endings: tuple[str, ...]
    verbs: tuple[str, ...]
    suffix: re.Pattern[str] | None
    tail: re.Pattern[str] | None
    prefix: re.Pattern[str]
    apart: frozenset[str]
    """As written."""


_FOLDED = ("never", "titles", "beside", "peoples", "sides", "elided", "articles", "articled", "kept")


@cache
def rules(language: str) -> Rules:
    """Read what is known of names in a language from the table [names] of its data file.

    >>> rules("fr").elided >= {"l", "d", "qu"}, rules("xx").titles
    (True, frozenset())
    """
    known = language_data(language)
    table: dict[str, Any] = known.get("names", {})

    def words(name: str) -> frozenset[str]:
        return frozenset(map(fold, table.get(name, ())))

    starters = frozenset(map(fold, known.get("sentences", {}).get("starters", ())))
    prefixes = "|".join(map(re.escape, sorted(table.get("prefixes", ()), key=len, reverse=True)))
    return Rules(
        function=function_words(language) | starters,
        **{name: words(name) for name in _FOLDED},
        particles=frozenset(table.get("particles", ())),
        acronyms=frozenset(table.get("acronyms", ())),
        heads=frozenset(table.get("heads", ())),
        bodies=frozenset(table.get("bodies", ())),
        endings=tuple(map(fold, table.get("endings", ()))),
        verbs=tuple(map(fold, table.get("verbs", ()))),
        suffix=re.compile(rf"[{HYPHENS}](?:{'|'.join(table['suffixes'])})$") if "suffixes" in table else None,
        tail=_tail(table["tails"]) if "tails" in table else None,
        prefix=re.compile(rf"(?<!\w)(?:{f'(?:{prefixes})' if prefixes else '$'}\s|{ARABIC}-)$"),
        apart=frozenset(table.get("apart", ())),
    )


def _tail(tails: Sequence[str]) -> re.Pattern[str]:
    """Match the words in small letters that go on with a name, in any order."""
    phrases = (re.escape(tail).replace("'", f"[{APOSTROPHES}]").replace(r"\ ", r"\s") for tail in tails)
    return re.compile(rf"(?:\s(?:{'|'.join(sorted(phrases, key=len, reverse=True))})(?!\w))+")


def capitals(text: str, sentences: Sequence[Span], known: Rules) -> Iterator[Sentence]:
    """Find the words with a capital, sentence by sentence; sentences without are left out.

    >>> found, = capitals("Hier, l’Ukraine a cité NHK.", [Span(0, 27)], rules("fr"))
    >>> [(word.value, word.opening, word.acronym) for word in found.words]
    [('Hier', True, False), ('Ukraine', False, False), ('NHK', False, True)]
    """
    for span in sentences:
        words: list[Word] = []
        before = span.start
        for match in _CAPITAL.finditer(text, span.start, span.end):
            taken = _take(match[0], known) if match.end() - match.start() <= _LONGEST else None
            if taken:
                first, last, value, key, acronym = taken
                opening = _opens(text, span.start, before, match.start())
                words.append(Word(match.start() + first, match.start() + last, value, key, opening, acronym))
            before = match.end()
        if words:
            heading, shouting = _kind(text[span.start : span.end], len(words), known)
            if not heading and sum(_is_loud(word, known) for word in words) >= _LOUD:
                words = [word for word in words if not word.value.isupper()]
            yield Sentence(span, words, heading, shouting)


def _is_loud(word: Word, known: Rules) -> bool:
    return word.acronym and word.key in known.function and word.value not in known.acronyms


@lru_cache(1 << 16)
def _take(written: str, known: Rules) -> tuple[int, int, str, str, bool] | None:
    """Take the name out of a word: without an elided article, a possessive s and what a hyphen adds to it."""
    first, last = 0, len(written)
    if match := _POSSESSIVE.search(written):
        last = match.start()
    if known.suffix and (match := known.suffix.search(written, 0, last)):
        last = match.start()
    if match := _ELIDED.fullmatch(written, 0, last):
        if fold(match[1]) in known.elided:
            first = match.start(2)
        elif match[2].islower() and len(match[2]) <= 2:  # "It’ll"
            return None
    name = written[first:last]
    if not name[:1].isupper() and not name[:1].istitle():
        return None
    value = plain(name)
    if sum(map(str.isdigit, value)) > _DIGITS:
        return None
    letters = [sign for sign in value if sign.isalpha()]
    capital = sum(map(str.isupper, letters))
    acronym = capital > 1 and (capital == len(letters) or value[1:2].isupper() or _is_camel(value))
    if acronym and ROMAN.issuperset(letters):
        acronym = False
    return first, last, value, fold(value), acronym


def _is_camel(value: str) -> bool:
    """Tell whether a capital follows a small letter, as in BankAmerica."""
    return any(one.islower() and other.isupper() for one, other in pairwise(value))


@lru_cache(1 << 16)
def plain(name: str) -> str:
    """Write a name with its signs in one form and single spaces.

    >>> plain("Côte  d’Ivoire"), plain("RBC\u2011Ukraine")
    ("Côte d'Ivoire", 'RBC-Ukraine')
    """
    return " ".join(name.translate(_PLAIN).split())


_PLAIN = str.maketrans({**dict.fromkeys(HYPHENS, "-"), **dict.fromkeys(APOSTROPHES, "'"), "\u00ad": "", "\u200b": ""})


def _opens(text: str, start: int, before: int, at: int) -> bool:
    """Tell whether nothing but signs stands between the beginning of a sentence, or of a part of it, and a word."""
    gap = text[max(before, at - 8) : at].rstrip()
    if before == start and at - start <= 8 and not any(map(str.isalnum, gap)):
        return True
    return gap[-1:] in _OPENERS or (gap[-1:] in ("'", "-", "–", "—") and gap[-2:-1].isspace())


def _kind(sentence: str, capital: int, known: Rules) -> tuple[bool, bool]:
    """Tell whether a sentence is a headline, and whether it is in capitals throughout."""
    if capital < _WORDS - 1:
        return False, False
    words = [word for word in _WORD.findall(sentence) if word[0].isalpha()]
    content = [word for word in words if fold(word) not in known.function]
    if len(words) < _WORDS or not content:
        return False, False
    if sum(map(str.isupper, content)) >= _PART * len(content):
        return True, True
    if sentence[-1] in _STOPS:
        return False, False
    # Some leave small words as they are: then it takes more of the others to tell.
    if any(word[0].isupper() and fold(word) in known.function for word in words) and _are_capital(words):
        return True, False
    return _are_capital([word for word in content if not word.isupper()]), False


def _are_capital(words: Sequence[str]) -> bool:
    return len(words) >= _WORDS and sum(word[0].isupper() for word in words) >= _PART * len(words)
