"""Compare names in different spellings and scripts: Lelabouga and Alabuga, Zelensky and Зеленский."""
# ruff: noqa: RUF001 - look-alike letters and punctuation are intended

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from dedup.text.facts.names.sounds import (
    CASE_ENDINGS,
    NAME_WORDS,
    NO_MATCH_COST,
    Sounds,
    collapse_repeats,
    consonant_keys,
    deletion_cost,
    distance,
    is_consonant,
    script,
    sounds,
    substitution_cost,
)
from dedup.text.tokens import PUNCTUATION, fold

DISTANCE_LIMITS = (0, 5, 5, 5, 15, 25, 35, 40, 55)
"""Maximum distance of two words, in hundredths of a letter, by the number of sounds of the longer; the last value is
for all longer words."""
# Names with different numbers of parts are compared as one word: maximum distance, and minimum number of sounds.
_JOINED_LIMIT, _MIN_JOINED = 10, 6
# Letters of the longest acronym; longer words in capitals are ordinary words.
_MAX_ACRONYM = 4
# One part of a name can exceed its limit by this much if the names share another part, and both have this many letters.
_EXTRA_LIMIT, _MIN_SHARED_PART = 25, 5
# Letters of an Arabic word from which the article is removed: more than this.
_MIN_ARABIC_WORD = 4
# Sounds that must remain of a name without an article that is written as part of it, and the cost of removing it.
_MIN_WITHOUT_ARTICLE, _ARTICLE_COST = 7, 10
# Letters that must remain of a word without a case ending, and without the genitive s.
_MIN_STEM, _MIN_WITHOUT_GENITIVE = 3, 5
# Consonants of a word that can be compared without its vowels, and the maximum distance of each.
_MIN_CONSONANTS, _CONSONANT_LIMIT = 3, 20
# Combinations of readings of the parts of a name.
_MAX_READINGS = 32

_ARTICLES = frozenset(NAME_WORDS["articles"])
_SMALL_WORDS = _ARTICLES.union(NAME_WORDS["small"])
_PLACE_PREFIXES = frozenset(NAME_WORDS["sides"])
_PREPOSITIONS = frozenset(NAME_WORDS["of"])
_FAMILY_NAMES_FIRST = frozenset(NAME_WORDS["first"])
_FORMS = {form: forms[0] for forms in NAME_WORDS["forms"] for form in forms}
_NAMES_IN_S, _NAMES_IN_E = frozenset(NAME_WORDS["own_s"]), frozenset(NAME_WORDS["own_e"])

# Words at the end of company names, which do not identify a company.
_COMPANY_WORDS = frozenset(
    [
        *["ag", "bank", "co", "company", "corp", "corporation", "gmbh", "group", "holding", "holdings", "inc", "kg"],
        *["limited", "llc", "llp", "ltd", "nv", "plc", "sa", "se", "sons", "spa", "srl"],
    ]
)
_INVISIBLE = re.compile("[\u00ad\u0640\u064b-\u0655\u0670\u200b-\u200f\u2060\ufeff]")
_GENITIVE = re.compile(r"['’]s$", re.IGNORECASE)
_ELIDED = re.compile(r"(?<!\w)(?:[ld]|dell|all)['’ʼ](?=\w)", re.IGNORECASE)
_INNER_MARK = re.compile(r"(?<=\w)[.'’ʼʻʽ‘`´](?=\w)")
_FINAL_ACRONYM = re.compile(r"\s*\(([^()]{2,12})\)\s*$")
_WORD_BREAK = re.compile(r"[\s\-‐‑–]")
# A Korean given name: "Jong-un".
_KOREAN_GIVEN_NAME = re.compile(r"^[^\W\d_]+[-‐‑][^\W\d_A-Z][^\W\d_]*$")
_PART = re.compile(rf"\d+|[^\s\d_{PUNCTUATION}]+")


class NamePart(NamedTuple):
    """A word or a number of a name."""

    text: str
    """As written."""
    fixed: bool
    """Whether it has a single spelling, as numbers and acronyms have."""
    readings: tuple[Sounds, ...]
    """Its sounds: as written, and without possible case endings."""


class ParsedName(NamedTuple):
    """A name, split into its parts."""

    parts: tuple[NamePart, ...]
    keys: dict[str, None]
    """Lookup keys, the simplest reading first; names that are the same share a key."""

    @property
    def joined(self) -> Sounds:
        """The sounds of all its parts as one word."""
        return sounds("".join(part.text for part in self.parts))


@lru_cache(1 << 16)
def same_name(left: str, right: str) -> bool:
    """Return whether two names as written differ in spelling only. The order of the names does not matter.

    Each part must sound alike in some pair of languages; numbers and acronyms must be equal. A last name and a full
    name are not the same: see `refers`.

    Args:
        left: A name.
        right: Another name.

    >>> same_name("Lelabouga", "Alabuga"), same_name("Zelensky", "Зеленского"), same_name("Kim Jong-un", "Kim Jong Un")
    (True, True, True)
    >>> same_name("Alabama", "Alabuga"), same_name("Niger", "Nigeria"), same_name("Geran-2", "Geran-3")
    (False, False, False)
    """
    if left == right:
        return True
    left_name, right_name = _parse(left), _parse(right)
    return not left_name.keys.keys().isdisjoint(right_name.keys) and _same_parts(left_name, right_name)


def match_names(lefts: Sequence[str], rights: Sequence[str]) -> list[tuple[int, int]]:
    """Find the pairs of names from two lists that are the same.

    Returns:
        The index in `lefts` and the index in `rights` of each pair, ascending.

    >>> match_names(["Poutine", "Koursk"], ["Kursk", "Minsk", "Putin"])
    [(0, 2), (1, 0)]
    """
    indexes: dict[str, list[int]] = {}
    for right, name in enumerate(rights):
        for key in _parse(name).keys:
            indexes.setdefault(key, []).append(right)
    found: list[tuple[int, int]] = []
    for left, name in enumerate(lefts):
        candidates = {right for key in _parse(name).keys for right in indexes.get(key, ())}
        found += [(left, right) for right in sorted(candidates) if same_name(name, rights[right])]
    return found


@lru_cache(1 << 16)
def refers(short: str, full: str) -> bool:
    """Return whether a short name can refer to a full name, as its last name or its initials.

    The last name is the last part with the particles before it, or the first part of Korean and Chinese names. The
    names of places have no such part: "Korea" does not refer to "North Korea", nor "Nord" for "Corée du Nord".

    Args:
        short: A name of one word, besides particles.
        full: A name of several words.

    >>> refers("Poutine", "Vladimir Putin"), refers("Kim", "Kim Jong-un"), refers("BOJ", "Bank of Japan")
    (True, True, True)
    >>> refers("Vladimir", "Vladimir Putin"), refers("Japan", "Bank of Japan"), refers("Ltd", "Merck Ltd")
    (False, False, False)
    """
    if match := _FINAL_ACRONYM.search(full):
        return same_name(short, match[1]) or refers(short, full[: match.start()])
    parts = full.split()
    if len(parts) < 2 or short == full or fold(short.strip().rpartition(" ")[2]) in _COMPANY_WORDS:
        return False
    if short.isupper() and short in _initials(full):
        return True
    if _KOREAN_GIVEN_NAME.search(parts[-1]) or fold(parts[0]) in _FAMILY_NAMES_FIRST:
        return same_name(short, parts[0])
    if fold(parts[0]) in _PLACE_PREFIXES or not any(map(str.isupper, parts[-1])):
        return False
    last = _last_name_start(parts)
    if any(fold(part) in _PREPOSITIONS for part in parts[last:-1]) and not short.lower().startswith(parts[last]):
        return False
    return same_name(short, " ".join(parts[last:]))


def _initials(full: str) -> tuple[str, ...]:
    """Return the initials of a name: of all words, of those without articles and prepositions, of those in capitals.

    As in MSF of "Médecins sans frontières", OMS of "Organisation mondiale de la santé", ONS of "Office for National
    Statistics".
    """
    words = [word for word in _WORD_BREAK.split(full) if word]
    content = [word for word in words if fold(word) not in _SMALL_WORDS]
    capitals = [word for word in words if word[0].isupper()]
    return tuple("".join(word[0] for word in group).upper() for group in (words, content, capitals))


def own_keys(name: str) -> tuple[str, ...]:
    """Return the keys by which a name can equal another name, or be short for a longer one.

    Of two names that are the same, or of which one refers to the other, an own key of one is a reference key of the
    other: "John Smith" and "John Major" have reference keys in common, but no such pair.

    >>> set(own_keys("Lavrov")) <= set(reference_keys("Sergei Lavrov"))
    True
    """
    return (*lookup_keys(name), f"{name}.") if name.isupper() else lookup_keys(name)


def reference_keys(name: str) -> tuple[str, ...]:
    """Return the keys of a name as a full name and as a short form; a full name shares one with its short forms.

    >>> set(reference_keys("Lavrov")) <= set(reference_keys("Sergei Lavrov"))
    True
    >>> set(reference_keys("ONS")) & set(reference_keys("Office for National Statistics"))
    {'ONS.'}
    """
    keys = dict.fromkeys(own_keys(name))
    if match := _FINAL_ACRONYM.search(name):
        keys |= dict.fromkeys((*lookup_keys(match[1]), *reference_keys(name[: match.start()])))
    if len(parts := name.split()) > 1:
        keys |= dict.fromkeys(f"{initials}." for initials in _initials(name))
        keys |= dict.fromkeys((*lookup_keys(parts[0]), *lookup_keys(" ".join(parts[_last_name_start(parts) :]))))
    return tuple(keys)


def _last_name_start(parts: Sequence[str]) -> int:
    """Return the index of the last part of a name, or of the particles before it: "von der Leyen"."""
    last = len(parts) - 1
    while last > 1 and parts[last - 1].islower():
        last -= 1
    return last


def distinct(names: Iterable[str]) -> list[str]:
    """Return each name once: in its first spelling, and in full if the full name is among the names.

    >>> distinct(["Lavrov", "NHK", "Sergueï Lavrov", "Sergei Lavrov"])
    ['Sergueï Lavrov', 'NHK']
    """
    found: list[str] = []
    for name in names:
        at = next((at for at, known in enumerate(found) if same_name(name, known) or refers(name, known)), None)
        if at is None:
            at = next((at for at, known in enumerate(found) if refers(known, name)), None)
            if at is None:
                found.append(name)
            else:
                found[at] = name
    return found


def lookup_keys(name: str) -> tuple[str, ...]:
    """Return the lookup keys of a name; names that are the same share a key, but different names can too.

    >>> lookup_keys("Lavrov"), lookup_keys("Lawrow")
    (('lbrb',), ('lbrb', 'lbr', 'lrb', 'lr'))
    """
    return tuple(_parse(name).keys)


def _same_parts(left: ParsedName, right: ParsedName) -> bool:
    """Return whether all parts are the same, or the joined names if the numbers of parts differ."""
    if len(left.parts) == len(right.parts):
        pairs = list(zip(left.parts, right.parts, strict=True))
        different = [pair for pair in pairs if not _same_part(*pair)]
        return bool(pairs) and (not different or (len(different) == 1 and _is_variant(pairs, different[0])))
    left_word, right_word = left.joined, right.joined
    length = max(len(left_word), len(right_word))
    return length >= _MIN_JOINED and distance(left_word, right_word, _JOINED_LIMIT) <= _JOINED_LIMIT


def _is_variant(pairs: Sequence[tuple[NamePart, NamePart]], different: tuple[NamePart, NamePart]) -> bool:
    """Return whether the only parts that differ are spelling variants by a wider limit: Yasser and Jassir Arafat."""
    if len(different[0].text) < _MIN_SHARED_PART:
        return False
    if all(len(pair[0].text) < _MIN_SHARED_PART for pair in pairs if pair is not different):
        return False
    return _same_part(*different, extra=_EXTRA_LIMIT)


def _same_part(left: NamePart, right: NamePart, extra: int = 0) -> bool:
    """Return whether two parts are the same; an acronym can also be written as a word: NATO and Nato.

    Args:
        left: A part of a name.
        right: Another part.
        extra: Increase of the distance limit, in hundredths of a letter.
    """
    if left.text == right.text:
        return True
    if left.fixed or right.fixed:
        if script(left.text) == script(right.text) or left.text.isdigit() or right.text.isdigit():
            return fold(left.text) == fold(right.text)
        return _all_near(left.readings[0], right.readings[0])
    if (script(left.text) == "arabic") != (script(right.text) == "arabic"):
        return _same_consonants(left.readings[0], right.readings[0])
    if any(_same_sounds(*readings, extra) for readings in product(left.readings, right.readings)):
        return True
    return _is_genitive(left.text, right.text) or _is_genitive(right.text, left.text)


def _is_genitive(word: str, base: str) -> bool:
    """Return whether a word is the German genitive of another."""
    length = len(word) - 1
    if length < _MIN_WITHOUT_GENITIVE or length != len(base) or word[-1] != "s":
        return False
    return fold(word[:-1]) == fold(base) and fold(word) not in _NAMES_IN_S


def _same_sounds(left: Sounds, right: Sounds, extra: int) -> bool:
    """Return whether two words are within the distance limit, possibly without an article "l" at the start."""
    limit = DISTANCE_LIMITS[min(max(len(left), len(right)), len(DISTANCE_LIMITS) - 1)] + extra
    if distance(left, right, limit) <= limit:
        return True
    return any(
        word[0] == "l"
        and len(word) > _MIN_WITHOUT_ARTICLE
        and deletion_cost(word[1]) < NO_MATCH_COST
        and distance(word[1:], other, limit) + _ARTICLE_COST <= limit
        for word, other in ((left, right), (right, left))
        if word
    )


def _same_consonants(left: Sounds, right: Sounds) -> bool:
    """Return whether the consonants of two words are the same, where one script omits vowels."""
    left_consonants, right_consonants = ([sound for sound in word if is_consonant(sound)] for word in (left, right))
    return len(left_consonants) >= _MIN_CONSONANTS and _all_near(left_consonants, right_consonants)


def _all_near(left: Sequence[str], right: Sequence[str]) -> bool:
    """Return whether two sequences have the same length and each pair of sounds is within the consonant limit."""
    if len(left) != len(right):
        return False
    return all(substitution_cost(*pair) <= _CONSONANT_LIMIT for pair in zip(left, right, strict=True))


@lru_cache(1 << 15)
def _parse(name: str) -> ParsedName:
    """Split a name into parts without articles, with the lookup keys of all readings."""
    written = name
    if not (name.isascii() and name.replace(" ", "").isalnum()):
        written = _INVISIBLE.sub("", unicodedata.normalize("NFC", name))
        written = _INNER_MARK.sub("", _ELIDED.sub("", _GENITIVE.sub("", written)))
    words = _PART.findall(written)
    words = [word for word in words if word not in _SMALL_WORDS and fold(word) not in _ARTICLES] or words
    parts = tuple(map(_parse_part, words))
    readings = product(*(_part_keys(part) for part in parts))
    keys = dict.fromkeys(collapse_repeats("".join(reading)) for reading in islice(readings, _MAX_READINGS))
    return ParsedName(parts, keys)


def _parse_part(word: str) -> NamePart:
    """Return a word with its readings; a number or an acronym has a single reading."""
    word = _FORMS.get(fold(word), word)
    if word.isdigit() or (word.isupper() and len(word) <= _MAX_ACRONYM):
        return NamePart(word, True, (sounds(word),))
    return NamePart(word, False, tuple(dict.fromkeys(sounds(form) for form in _inflected_forms(word))))


def _part_keys(part: NamePart) -> tuple[str, ...]:
    """Return the keys of a part and of the word that it can be the genitive of; a number is its own key."""
    if part.text.isdigit():
        return (part.text,)
    readings = part.readings
    if part.text[-1] == "s" and len(part.text) > _MIN_WITHOUT_GENITIVE:
        readings = (*readings, sounds(part.text[:-1]))
    return tuple(dict.fromkeys(key for reading in readings for key in consonant_keys(reading)))


def _inflected_forms(word: str) -> Iterator[str]:
    """Yield a word as written, and the nominatives that it can be a case of; an Arabic word also without its article.

    A final e that distinguishes a woman's name is read as "é".
    """
    writing, lower = script(word), word.lower()
    yield f"{word[:-1]}é" if lower in _NAMES_IN_E else word
    if writing == "arabic" and len(word) > _MIN_ARABIC_WORD:
        yield word.removeprefix("ال")
    elif writing == "cyrillic":
        for size in (3, 2, 1):
            base = lower[:-size]
            if len(base) >= _MIN_STEM:
                yield from (base + ending for ending in CASE_ENDINGS.get(lower[-size:], ()))
