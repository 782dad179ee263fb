"""Convert words to the sounds that their letters can represent, and measure the distance between such words.

The spelling of a name changes between languages, but in a limited number of ways: "ch" is one sound in French, another
in English and a third in German, and each language has its own letters for the Russian "щ". Each letter, or group
of letters, is converted to the set of the sounds that it can represent in any language. A set is a string of
characters, one per sound, as listed in sounds.toml. Two sets match if they share a sound, so the language of a name
need not be known.
"""

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files
from itertools import islice, product
from typing import Any

Sounds = tuple[str, ...]
"""The sounds of a word: for each, the set of the sounds it can be."""

_FILE = files("dedup.text.facts.names").joinpath("sounds.toml")
_DATA: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
# Letters whose diacritic determines the sound, each with the capital that stands for it in sounds.toml.
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
_SUBSTITUTIONS: dict[str, int] = {ordered: cost for pair, cost in _DATA["near"] for ordered in (pair, pair[::-1])}
_DELETIONS: dict[str, int] = dict(_DATA["droppable"])
# Consonants that can be written for each other, each with the first of its group.
_CONSONANT_CLASS = {
    sound: group[0] for group in ("bvf", "kgcCsSzZXxqJ123", "td", "p", "l", "m", "n", "r") for sound in group
}
NO_MATCH_COST = 1000
"""Cost of a substitution or deletion that is not allowed; above any limit."""
NAME_WORDS: dict[str, Any] = _DATA["words"]
"""Words with a special role in names, by role; see sounds.toml."""
CASE_ENDINGS: dict[str, list[str]] = dict(_DATA["endings"])
"""Cyrillic case endings, each with the endings that the nominative can have instead."""
# Maximum number of readings of a word from which keys are made.
_MAX_READINGS = 16
# Number of code points of a word that are read; names are shorter.
_MAX_WORD_LENGTH = 40


@lru_cache(1 << 16)
def sounds(word: str) -> Sounds:
    """Convert the letters of a word to the sounds that they can represent.

    Args:
        word: Letters of any script; scripts other than Latin, Cyrillic and Arabic are transliterated.

    >>> sounds("Poutine"), sounds("Путин")
    (('p', 'u', 't', 'i', 'n', 'ə'), ('p', 'u', 't', 'i', 'n'))
    >>> sounds("Чехов")[0], sounds("Tchekhov")[0], sounds("Chekhov")[0]
    ('C', 'C', 'SCX')
    """
    letters = unicodedata.normalize("NFC", word[:_MAX_WORD_LENGTH]).lower()
    if not letters.isascii() and script(letters) == "latin":
        letters = "".join(map(_to_ascii, letters.translate(_CAPITALS)))
    expression, table = _TABLES[script(word)]
    return tuple(
        sound for match in expression.finditer(letters) if match.lastindex for sound in table[match.lastindex - 1]
    )


def script(word: str) -> str:
    """Return the table by which a word is read: "cyrillic", "arabic", or "latin" for all other scripts.

    >>> script("Київ"), script("Αθήνα")
    ('cyrillic', 'latin')
    """
    for letter in "" if word.isascii() else word:
        if "\u0400" <= letter <= "\u052f":
            return "cyrillic"
        if "\u0600" <= letter <= "\u06ff":
            return "arabic"
    return "latin"


@lru_cache(1 << 12)
def _to_ascii(letter: str) -> str:
    """Remove the diacritics of a letter, and transliterate letters of other scripts."""
    if letter.isascii():
        return letter
    from anyascii import anyascii

    base = unicodedata.normalize("NFKD", letter)[0]
    return base if base.isascii() else anyascii(base).lower()


def _build_table(rows: list[list[str]]) -> tuple[re.Pattern[str], list[Sounds]]:
    """Build a pattern with one group for each row, and the sounds of each row."""
    # The groups are empty and follow the letters: `re` skips an alternative that begins with another letter, but not
    # one that begins with a group.
    expression = "|".join(f"(?:{letters})()" for letters, _ in rows)
    return re.compile(expression), [tuple(row_sounds.split()) for _, row_sounds in rows]


_TABLES = {name: _build_table(_DATA[name]) for name in ("latin", "cyrillic", "arabic")}


def distance(left: Sounds, right: Sounds, limit: int) -> int:
    """Return the cost of changing the sounds of one word into those of another.

    This is the edit distance of Wagner and Fischer (1974), with a cost for each pair of sounds.

    Args:
        left: Sounds of a word.
        right: Sounds of another word.
        limit: Cost above which the exact cost is not needed.

    Returns:
        The cost in hundredths of a letter; `NO_MATCH_COST` or another value above `limit` if the cost exceeds it.

    >>> distance(sounds("Alabuga"), sounds("Elabouga"), 100), distance(sounds("Alabuga"), sounds("Alabama"), 100) > 100
    (30, True)
    """
    if left == right:
        return 0
    row = [0]
    for sound in right:
        row.append(row[-1] + deletion_cost(sound))
    for sound in left:
        deletion = deletion_cost(sound)
        diagonal, row[0] = row[0], row[0] + deletion
        least = row[0]
        for at, other in enumerate(right, 1):
            best = min(
                diagonal + substitution_cost(sound, other), row[at] + deletion, row[at - 1] + deletion_cost(other)
            )
            diagonal, row[at] = row[at], best
            least = min(least, best)
        if least > limit:
            return NO_MATCH_COST
    return row[-1]


@lru_cache(1 << 14)
def substitution_cost(left: str, right: str) -> int:
    """Return the minimum cost of substituting a sound of one set for a sound of another, in hundredths of a letter."""
    return min(
        0 if left_sound == right_sound else _SUBSTITUTIONS.get(left_sound + right_sound, NO_MATCH_COST)
        for left_sound in left
        for right_sound in right
    )


@lru_cache(1 << 10)
def deletion_cost(sound: str) -> int:
    """Return the minimum cost of leaving out a sound of a set, in hundredths of a letter."""
    return min(_DELETIONS.get(char, NO_MATCH_COST) for char in sound)


@lru_cache(1 << 16)
def consonant_keys(word: Sounds) -> tuple[str, ...]:
    """Return the keys of a word: the classes of its consonants, for each way to read them.

    Words within any limit of each other share a key, so they can be found in a dictionary.

    >>> consonant_keys(sounds("Lavrov")), consonant_keys(sounds("Lawrow"))
    (('lbrb',), ('lbrb', 'lbr', 'lrb', 'lr'))
    """
    # Few words have more readings than the maximum; further readings are ignored.
    readings = islice(product(*map(_classes, word)), _MAX_READINGS)
    return tuple(dict.fromkeys(collapse_repeats("".join(reading)) for reading in readings))


def collapse_repeats(key: str) -> str:
    """Return a key with each run of the same character reduced to one character.

    >>> collapse_repeats("kkrb")
    'krb'
    """
    return "".join(char for at, char in enumerate(key) if not at or key[at - 1] != char)


@lru_cache(1 << 10)
def is_consonant(sound: str) -> bool:
    """Return whether a set of sounds is written even in scripts that omit vowels."""
    return any(char in _CONSONANT_CLASS or char in "hH" for char in sound) and not any(
        char in "aeiou" for char in sound
    )


@lru_cache(1 << 10)
def _classes(sound: str) -> tuple[str, ...]:
    """Return the consonant classes of a set of sounds, and an empty string if the sound can be left out."""
    classes = dict.fromkeys(_CONSONANT_CLASS[char] for char in sound if char in _CONSONANT_CLASS)
    return (*classes, "") if not classes or deletion_cost(sound) < NO_MATCH_COST else tuple(classes)
