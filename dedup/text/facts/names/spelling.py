"""Names as written to whether they name the same: Lelabouga and Alabuga, Zelensky and Зеленский."""
# ruff: noqa: RUF001 - signs that look alike are the point

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from dedup.text.facts.names.sounds import (
    ENDINGS,
    NEVER,
    WORDS,
    Sounds,
    differ,
    distance,
    drop,
    is_consonant,
    keys,
    script,
    sounds,
    squeeze,
)
from dedup.text.tokens import PUNCTUATION, fold

# Hundredths of a letter by which two words may differ, by the number of their sounds; the last for longer ones.
LIMITS = (0, 5, 5, 5, 15, 25, 35, 40, 55)
# Names whose parts are joined otherwise may differ by less, and must have so many sounds.
LIMIT_JOINED, SHORTEST_JOINED = 10, 6
# Letters of the longest acronym; longer words in capitals are words.
ACRONYM = 4
# One part of a name may differ by so much more if another, of so many letters as it, does not.
MORE, LONG = 25, 5
# Sounds that are left of a name when the article is taken off that has grown to it, and what that costs.
SHORTEST_REST, GROWN = 7, 10
# Letters that are left of a word when an ending is taken off.
SHORTEST_STEM, SHORTEST_GENITIVE = 3, 5
# Consonants that it takes to tell a name without its vowels; how far each may be from the other's.
TELLING, NEARLY = 3, 20
# Ways in which a name is read, at most.
READINGS = 32

_ARTICLES = frozenset(WORDS["articles"])
_SMALL = _ARTICLES.union(WORDS["small"])
_SIDES, _OF, _FIRST = (frozenset(WORDS[name]) for name in ("sides", "of", "first"))
_FORMS = {form: forms[0] for forms in WORDS["forms"] for form in forms}
_OWN_S, _OWN_E = frozenset(WORDS["own_s"]), frozenset(WORDS["own_e"])

# What firms end in, and so names none of them.
_COMMON = frozenset(
    [
        *["ag", "bank", "co", "company", "corp", "corporation", "gmbh", "group", "holding", "holdings", "inc", "kg"],
        *["limited", "llc", "llp", "ltd", "nv", "plc", "sa", "se", "sons", "spa", "srl"],
    ]
)
_INVISIBLE = re.compile("[\u00ad\u0640\u064b-\u0655\u0670\u200b-\u200f\u2060\ufeff]")
_GENITIVE = re.compile(r"['’]s$", re.IGNORECASE)
_ELIDED = re.compile(r"(?<!\w)(?:[ld]|dell|all)['’ʼ](?=\w)", re.IGNORECASE)
_IN_WORDS = re.compile(r"(?<=\w)[.'’ʼʻʽ‘`´](?=\w)")
_ABBREVIATED = re.compile(r"\s*\(([^()]{2,12})\)\s*$")
_HYPHENS = re.compile(r"[\s\-‐‑–]")
_GIVEN = re.compile(r"^[^\W\d_]+[-‐‑][^\W\d_A-Z][^\W\d_]*$")
_PART = re.compile(rf"\d+|[^\s\d_{PUNCTUATION}]+")


class Part(NamedTuple):
    """A word or number of a name."""

    text: str
    """As written."""
    fixed: bool
    """Whether it has one spelling only, as numbers and acronyms have."""
    readings: tuple[Sounds, ...]
    """What it sounds like: as it stands, and without the ending of a case."""


class Name(NamedTuple):
    """A name, taken apart."""

    parts: tuple[Part, ...]
    joined: Sounds
    """The sounds of all its parts as one word."""
    keys: dict[str, None]
    """Names that are the same share one; the plainest reading is first."""


@lru_cache(1 << 16)
def same_name(left: str, right: str) -> bool:
    """Tell whether two names as written are the same but for spelling.

    Each part must sound alike, as letters do in some language; numbers and acronyms must be equal. A last name and a
    full one are not the same: see `refers`.

    Args:
        left: One name.
        right: The other; their order is the same to it.

    >>> same_name("Lelabouga", "Alabuga"), same_name("Zelensky", "Зеленского"), same_name("Kim Jong-un", "Kim Jong Un")
    (True, True, True)
    >>> same_name("Alabama", "Alabuga"), same_name("Niger", "Nigeria"), same_name("Geran-2", "Geran-3")
    (False, False, False)
    """
    if left == right:
        return True
    one, other = _read(left), _read(right)
    return not one.keys.keys().isdisjoint(other.keys) and _same(one, other)


def matches(lefts: Sequence[str], rights: Sequence[str]) -> list[tuple[int, int]]:
    """Find which names of one list are the same as which of another.

    Returns:
        Index in the one and in the other, ascending.

    >>> matches(["Poutine", "Koursk"], ["Kursk", "Minsk", "Putin"])
    [(0, 2), (1, 0)]
    """
    places: dict[str, list[int]] = {}
    for at, name in enumerate(rights):
        for key in _read(name).keys:
            places.setdefault(key, []).append(at)
    found: list[tuple[int, int]] = []
    for at, name in enumerate(lefts):
        near = {place for key in _read(name).keys for place in places.get(key, ())}
        found += [(at, place) for place in sorted(near) if same_name(name, rights[place])]
    return found


@lru_cache(1 << 16)
def refers(short: str, full: str) -> bool:
    """Tell whether a short name may stand for a full one: its last part, or its initials.

    The last part is a last name with the particles before it; in Korean names, whose given name has a hyphen, the first
    part is. "Corée du Nord" has no such part, nor "North Korea": what is left would be another place.

    Args:
        short: A name of one word, besides particles.
        full: A name of several.

    >>> refers("Poutine", "Vladimir Putin"), refers("Kim", "Kim Jong-un"), refers("BOJ", "Bank of Japan")
    (True, True, True)
    >>> refers("Vladimir", "Vladimir Putin"), refers("Japan", "Bank of Japan"), refers("Ltd", "Merck Ltd")
    (False, False, False)
    """
    if match := _ABBREVIATED.search(full):
        return same_name(short, match[1]) or refers(short, full[: match.start()])
    parts = full.split()
    if len(parts) < 2 or short == full or fold(short.strip().rpartition(" ")[2]) in _COMMON:
        return False
    if short.isupper() and short in _initials(full):
        return True
    if _GIVEN.search(parts[-1]) or fold(parts[0]) in _FIRST:
        return same_name(short, parts[0])
    if fold(parts[0]) in _SIDES or not any(map(str.isupper, parts[-1])):
        return False
    last = len(parts) - 1
    while last > 1 and parts[last - 1].islower():
        last -= 1
    if any(fold(part) in _OF for part in parts[last:-1]) and not short.lower().startswith(parts[last]):
        return False
    return same_name(short, " ".join(parts[last:]))


def _initials(full: str) -> tuple[str, ...]:
    """Give the initials of a name, of all its words and of those that are not small: BOJ, OMS."""
    words = [word for word in _HYPHENS.split(full) if word]
    large = [word for word in words if fold(word) not in _SMALL]
    return tuple("".join(word[0] for word in some).upper() for some in (words, large))


def distinct(names: Iterable[str]) -> list[str]:
    """Name everyone once: in the first spelling, and in full where the full name is among them.

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


def skeletons(name: str) -> tuple[str, ...]:
    """Give keys by which to look a name up: names that are the same share one; others may, too.

    >>> skeletons("Lavrov"), skeletons("Lawrow")
    (('lbrb',), ('lbrb', 'lbr', 'lrb', 'lr'))
    """
    return tuple(_read(name).keys)


def skeleton(name: str) -> str:
    """Give the first of the keys of a name.

    >>> skeleton("Chostakovitch"), skeleton("Shostakovich")
    ('ktkbk', 'ktkbk')
    """
    return skeletons(name)[0]


def _same(one: Name, other: Name) -> bool:
    if len(one.parts) == len(other.parts):
        pairs = list(zip(one.parts, other.parts, strict=True))
        odd = [pair for pair in pairs if not _same_part(*pair)]
        return bool(pairs) and (not odd or (len(odd) == 1 and _is_odd(pairs, odd[0])))
    size = max(len(one.joined), len(other.joined))
    return size >= SHORTEST_JOINED and distance(one.joined, other.joined, LIMIT_JOINED) <= LIMIT_JOINED


def _is_odd(pairs: Sequence[tuple[Part, Part]], odd: tuple[Part, Part]) -> bool:
    """Tell whether the one part that differs is another spelling; beside Arafat, Yasser and Jassir are."""
    if len(odd[0].text) < LONG or all(len(pair[0].text) < LONG for pair in pairs if pair is not odd):
        return False
    return _same_part(*odd, more=MORE)


def _same_part(left: Part, right: Part, more: int = 0) -> bool:
    """Tell whether two parts are the same; an acronym may also be written as a word: NATO and Nato."""
    if left.text == right.text:
        return True
    if left.fixed or right.fixed:
        if script(left.text) == script(right.text) or left.text.isdigit() or right.text.isdigit():
            return fold(left.text) == fold(right.text)
        return _agree(left.readings[0], right.readings[0])
    if (script(left.text) == "arabic") != (script(right.text) == "arabic"):
        return _same_consonants(left.readings[0], right.readings[0])
    if any(_same_sounds(one, other, more) for one in left.readings for other in right.readings):
        return True
    return _is_genitive(left.text, right.text) or _is_genitive(right.text, left.text)


def _is_genitive(word: str, base: str) -> bool:
    """Tell whether a word is another in the genitive, as in German."""
    size = len(word) - 1
    if size < SHORTEST_GENITIVE or size != len(base) or word[-1] != "s":
        return False
    return fold(word[:-1]) == fold(base) and fold(word) not in _OWN_S


def _same_sounds(one: Sounds, other: Sounds, more: int) -> bool:
    limit = LIMITS[min(max(len(one), len(other)), len(LIMITS) - 1)] + more
    if distance(one, other, limit) <= limit:
        return True
    return any(
        left[0] == "l"
        and len(left) > SHORTEST_REST
        and drop(left[1]) < NEVER
        and distance(left[1:], right, limit) + GROWN <= limit
        for left, right in ((one, other), (other, one))
        if left
    )


def _same_consonants(one: Sounds, other: Sounds) -> bool:
    """Compare with a word that is written without its vowels."""
    left, right = ([sound for sound in word if is_consonant(sound)] for word in (one, other))
    return len(left) >= TELLING and _agree(left, right)


def _agree(one: Sequence[str], other: Sequence[str]) -> bool:
    return len(one) == len(other) and all(differ(*two) <= NEARLY for two in zip(one, other, strict=True))


@lru_cache(1 << 16)
def _read(name: str) -> Name:
    written = _INVISIBLE.sub("", unicodedata.normalize("NFC", name))
    written = _IN_WORDS.sub("", _ELIDED.sub("", _GENITIVE.sub("", written)))
    words = _PART.findall(written)
    words = [word for word in words if word not in _SMALL and fold(word) not in _ARTICLES] or words
    parts = tuple(map(_part, words))
    ways = product(*(_part_keys(part) for part in parts))
    found = dict.fromkeys(squeeze("".join(way)) for way in islice(ways, READINGS))
    return Name(parts, sounds("".join(part.text for part in parts)), found)


def _part(word: str) -> Part:
    word = _FORMS.get(fold(word), word)
    if word.isdigit() or (word.isupper() and len(word) <= ACRONYM):
        return Part(word, True, (sounds(word),))
    return Part(word, False, tuple(dict.fromkeys(sounds(form) for form in _forms(word))))


def _part_keys(part: Part) -> tuple[str, ...]:
    """Give the keys of a part, also of what it may be the genitive of; numbers are their own."""
    if part.text.isdigit():
        return (part.text,)
    readings = part.readings
    if part.text[-1] == "s" and len(part.text) > SHORTEST_GENITIVE:
        readings = (*readings, sounds(part.text[:-1]))
    return tuple(dict.fromkeys(key for reading in readings for key in keys(reading)))


def _forms(word: str) -> Iterator[str]:
    """Give a word as it stands, and as it may be once the ending of a case is off."""
    writing, lower = script(word), word.lower()
    yield f"{word[:-1]}é" if lower in _OWN_E else word
    if writing == "arabic" and len(word) > ACRONYM:
        yield word.removeprefix("ال")
    elif writing == "cyrillic":
        for size in (3, 2, 1):
            base = lower[:-size]
            if len(base) >= SHORTEST_STEM:
                yield from (base + ending for ending in ENDINGS.get(lower[-size:], ()))
