"""A word to the sounds its letters may stand for, and how far two such words are apart.

A name changes its letters when it changes its language, but in a few known ways: "ch" is one sound in French, another
in English and a third in German, and each has its own letters for the Russian "щ". So each letter, or group of
letters, becomes the set of the sounds that it may stand for in any language: a string of signs, listed in
sounds.toml. Sets that share a sound agree, so no language needs to be known.
"""

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files
from itertools import islice, product
from typing import Any

Sounds = tuple[str, ...]

_FILE = files("dedup.text.facts.names").joinpath("sounds.toml")
_DATA: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
# Letters whose diacritic tells the sound, each to the capital that stands for it in the table.
_MARKED = {
    "šśşșŝ": "S",
    "čćĉ": "C",
    "ç": "X",
    "žżźĵ": "Z",
    "ğ": "G",
    "éèêëęě": "E",
    "öøœő": "O",
    "äæ": "A",
    "üű": "U",
    "ñńň": "N",
    "ß": "ss",
    "ț": "ts",
    "ıï": "i",
    "ł": "l",
    "đ": "D",
}
_CAPITALS = str.maketrans({letter: capital for letters, capital in _MARKED.items() for letter in letters})
_NEAR: dict[str, int] = {two: cost for pair, cost in _DATA["near"] for two in (pair, pair[::-1])}
_DROP: dict[str, int] = dict(_DATA["droppable"])
# Consonants that may be written for each other are of one class.
_CLASS = {sound: group[0] for group in ("bvf", "kgcCsSzZXxqJ123", "td", "p", "l", "m", "n", "r") for sound in group}
NEVER = 1000
"""A distance beyond any limit."""
WORDS: dict[str, Any] = _DATA["words"]
"""Words of names that count for little, or that are read in a way of their own."""
ENDINGS: dict[str, list[str]] = dict(_DATA["endings"])
"""Endings of cases in Cyrillic, and what the first case may have in their place."""
# Most ways to read a word for its keys.
_WAYS = 16
# Longest word that is compared: names are shorter.
_LONGEST = 40


@lru_cache(1 << 16)
def sounds(word: str) -> Sounds:
    """Give the sounds that the letters of a word may stand for.

    Args:
        word: Letters of any script; those of others than Latin, Cyrillic and Arabic are transliterated.

    >>> sounds("Poutine"), sounds("Путин")
    (('p', 'u', 't', 'i', 'n', 'ə'), ('p', 'u', 't', 'i', 'n'))
    >>> sounds("Чехов")[0], sounds("Tchekhov")[0], sounds("Chekhov")[0]
    ('C', 'C', 'SCX')
    """
    letters = unicodedata.normalize("NFC", word[:_LONGEST]).lower()
    if script(letters) == "latin":
        letters = "".join(map(_plain, letters.translate(_CAPITALS)))
    expression, found = _TABLES[script(word)]
    return tuple(
        sound for match in expression.finditer(letters) if match.lastindex for sound in found[match.lastindex - 1]
    )


def script(word: str) -> str:
    """Tell by which table a word is read: "cyrillic", "arabic" or, for all others, "latin".

    >>> script("Київ"), script("Αθήνα")
    ('cyrillic', 'latin')
    """
    for letter in word:
        if "\u0400" <= letter <= "\u052f":
            return "cyrillic"
        if "\u0600" <= letter <= "\u06ff":
            return "arabic"
    return "latin"


@lru_cache(1 << 12)
def _plain(letter: str) -> str:
    """Leave out what a letter carries, and transliterate those of other scripts."""
    if letter.isascii():
        return letter
    from anyascii import anyascii

    base = unicodedata.normalize("NFKD", letter)[0]
    return base if base.isascii() else anyascii(base).lower()


def _table(rows: list[list[str]]) -> tuple[re.Pattern[str], list[Sounds]]:
    expression = "|".join(f"({letters})" for letters, _ in rows)
    return re.compile(expression), [tuple(found.split()) for _, found in rows]


_TABLES = {name: _table(_DATA[name]) for name in ("latin", "cyrillic", "arabic")}


def distance(left: Sounds, right: Sounds, limit: int) -> int:
    """Give what it costs to turn the sounds of one word into those of another.

    This is the edit distance of Wagner and Fischer (1974), with a cost for each pair of sounds.

    Args:
        left: Sounds of one word.
        right: Sounds of the other.
        limit: What is beyond need not be exact.

    Returns:
        Hundredths of a letter.

    >>> distance(sounds("Alabuga"), sounds("Elabouga"), 100), distance(sounds("Alabuga"), sounds("Alabama"), 100) > 100
    (30, True)
    """
    if left == right:
        return 0
    row = [0]
    for sound in right:
        row.append(row[-1] + drop(sound))
    for sound in left:
        dropped = drop(sound)
        diagonal, row[0] = row[0], row[0] + dropped
        least = row[0]
        for at, other in enumerate(right, 1):
            best = min(diagonal + differ(sound, other), row[at] + dropped, row[at - 1] + drop(other))
            diagonal, row[at] = row[at], best
            least = min(least, best)
        if least > limit:
            return NEVER
    return row[-1]


@lru_cache(1 << 14)
def differ(left: str, right: str) -> int:
    """Give what it costs to write one sound for another, in hundredths."""
    return min(0 if one == two else _NEAR.get(one + two, NEVER) for one in left for two in right)


@lru_cache(1 << 10)
def drop(sound: str) -> int:
    """Give what it costs to leave a sound out, in hundredths."""
    return min(_DROP.get(one, NEVER) for one in sound)


@lru_cache(1 << 16)
def keys(word: Sounds) -> tuple[str, ...]:
    """Give the keys of a word: its consonants by class, in each way that they may be read.

    Words within any limit of each other share a key, so a dictionary finds them.

    >>> keys(sounds("Lavrov")), keys(sounds("Lawrow"))
    (('lbrb',), ('lbrb', 'lbr', 'lrb', 'lr'))
    """
    # Few letters of a word may be read in two ways; of many, the first count.
    ways = islice(product(*map(_choices, word)), _WAYS)
    return tuple(dict.fromkeys(squeeze("".join(way)) for way in ways))


def squeeze(key: str) -> str:
    """Write signs that repeat once.

    >>> squeeze("kkrb")
    'krb'
    """
    return "".join(sign for at, sign in enumerate(key) if not at or key[at - 1] != sign)


@lru_cache(1 << 10)
def is_consonant(sound: str) -> bool:
    """Tell whether a sound is written even where vowels are not."""
    return any(one in _CLASS or one in "hH" for one in sound) and not any(one in "aeiou" for one in sound)


@lru_cache(1 << 10)
def _choices(sound: str) -> tuple[str, ...]:
    classes = dict.fromkeys(_CLASS[one] for one in sound if one in _CLASS)
    return (*classes, "") if not classes or drop(sound) < NEVER else tuple(classes)
