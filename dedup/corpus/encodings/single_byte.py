"""Score single-byte encodings of a text by the characters that they make of its bytes."""
# ruff: noqa: RUF001
# letters of many scripts look alike

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np

from dedup.corpus.encodings.characters import BOX_DRAWING, COMMON_SIGNS, log_of_unknown, log_probabilities

_Floats: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.float64]]"

WESTERN = "en fr de es pt it nl sv da fi is ca sq ga"
"""Languages that are written in cp1252."""
_CENTRAL = "pl cs sk hu hr ro de"
_BALTIC = "lt lv et"
_CYRILLIC = "ru uk be bg sr mk"


class _Charset(NamedTuple):
    """A single-byte encoding."""

    languages: str
    prior: float
    """Logarithm of how common files in it are, compared to the most common encodings."""


# Python's names; ISO 8859-1 and 8859-9 are read as their supersets cp1252 and cp1254.
SINGLE_BYTE = {
    "cp1252": _Charset(WESTERN, 0.0),
    "cp1250": _Charset(_CENTRAL, -0.5),
    "cp1251": _Charset(_CYRILLIC, -0.5),
    "cp1253": _Charset("el", -0.6),
    "cp1254": _Charset("tr", -0.6),
    "cp1255": _Charset("he", -0.6),
    "cp1256": _Charset("ar fa", -0.6),
    "cp1257": _Charset(_BALTIC, -1.0),
    "cp1258": _Charset("vi", -2.0),
    "cp874": _Charset("th", -0.6),
    "iso8859_2": _Charset(_CENTRAL, -0.6),
    "iso8859_4": _Charset(_BALTIC, -4.0),
    "iso8859_5": _Charset(_CYRILLIC, -1.5),
    "iso8859_6": _Charset("ar", -1.5),
    "iso8859_7": _Charset("el", -0.7),
    "iso8859_8": _Charset("he", -0.7),
    "iso8859_13": _Charset(_BALTIC, -1.5),
    "iso8859_15": _Charset(WESTERN, -0.7),
    "iso8859_16": _Charset("ro", -4.0),
    "koi8_r": _Charset("ru bg", -0.8),
    "koi8_u": _Charset("uk ru be", -0.9),
    "cp866": _Charset("ru be bg", -2.0),
    "cp855": _Charset(_CYRILLIC, -4.0),
    "mac_cyrillic": _Charset(_CYRILLIC, -3.0),
    "mac_roman": _Charset(WESTERN, -3.0),
    "mac_latin2": _Charset(_CENTRAL, -4.5),
    "mac_greek": _Charset("el", -4.0),
    "mac_turkish": _Charset("tr", -4.5),
    "cp850": _Charset(WESTERN, -3.0),
    "cp437": _Charset(WESTERN, -3.2),
    "cp852": _Charset(_CENTRAL, -3.0),
    "cp775": _Charset(_BALTIC, -4.0),
    "cp857": _Charset("tr", -4.0),
    "cp862": _Charset("he", -4.0),
    "cp737": _Charset("el", -4.0),
    "cp869": _Charset("el", -5.0),
    "cp864": _Charset("ar", -5.0),
}


class ByteCounts:
    """Counts of bytes by which single-byte encodings are scored."""

    def __init__(self, sample: bytes) -> None:
        """Count the bytes over 127 and their neighbours, and the frequent words of languages."""
        codes = np.frombuffer(b" " + sample + b" ", np.uint8).astype(np.int64)
        self.bytes = np.bincount(codes, minlength=256)[128:]
        left, middle, right = codes[:-2], codes[1:-1], codes[2:]
        is_letter = np.zeros(256, bool)
        is_letter[list(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")] = True
        is_high = middle >= 128
        is_inside = is_high & is_letter[left] & is_letter[right]
        self.inside = np.bincount(middle[is_inside], minlength=256)[128:]
        is_alone = is_high & ((left | right) < 128) & ~is_letter[left] & ~is_letter[right]
        self.alone = np.bincount(middle[is_alone], minlength=256)[128:]
        is_initial = is_high & (left < 128) & ~is_letter[left] & (is_letter[right] | (right >= 128))
        self.initial = np.bincount(middle[is_initial], minlength=256)[128:]
        pairs = (codes[:-1] * 256 + codes[1:])[(codes[:-1] | codes[1:]) >= 128]
        values, self.pairs = np.unique(pairs, return_counts=True)
        self.first, self.second = values // 256, values % 256


def score_single_byte(counts: ByteCounts, language_priors: dict[str, float], encoding: str) -> float:
    """Return the score in the language that fits best."""
    charset, tables = SINGLE_BYTE[encoding], _tables(encoding)
    misfits = _misfits()[tables.classes[counts.first], tables.classes[counts.second]] @ counts.pairs
    misfits += tables.misfits_inside @ counts.inside + tables.misfits_alone @ counts.alone
    misfits += tables.misfits_initial @ counts.initial
    priors = np.array([language_priors[language] for language in charset.languages.split()])
    return float((tables.log_probabilities @ counts.bytes + priors).max() - misfits) + charset.prior


class _Tables(NamedTuple):
    """What the bytes of a single-byte encoding mean."""

    log_probabilities: _Floats
    """By language and byte over 127; shape (languages, 128)."""
    misfits_inside: _Floats
    """Cost of a byte over 127 between two ASCII letters; shape (128,)."""
    misfits_alone: _Floats
    """Cost of a byte over 127 that is a word on its own; shape (128,)."""
    misfits_initial: _Floats
    """Cost of a byte over 127 at the start of a word; shape (128,)."""
    classes: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    """Class of each byte; shape (256,)."""


@cache
def _tables(encoding: str) -> _Tables:
    characters = bytes(range(256)).decode(encoding, "replace")
    if len(characters) != 256:  # an error of the codec swallowed a byte
        characters = "".join(bytes([byte]).decode(encoding, "replace") for byte in range(256))
    rows = []
    for language in SINGLE_BYTE[encoding].languages.split():
        known = log_probabilities(language)
        rows.append(
            [known[character] if character in known else log_of_unknown(character) for character in characters[128:]]
        )
    classes = np.array([_class_of(character) for character in characters])
    high = characters[128:]
    inside = [4.0 if character in _QUOTES else 1.0 if character == "–" else 0.0 for character in high]
    is_letter = np.isin(classes[128:], (_LATIN_SMALL, _LATIN_CAPITAL, _SMALL, _CAPITAL, _CASELESS))
    is_word = np.array([character.lower() in WORDS_OF_A_LETTER for character in high])
    alone = np.where(is_letter & ~is_word, 2.5, 0.0)
    initial = [2.0 if character == "’" else 0.0 for character in high]
    return _Tables(np.array(rows), np.array(inside), alone, np.array(initial), classes)


# Signs that do not occur between two letters.
_QUOTES = "“”«»„‘‹›‚"
WORDS_OF_A_LETTER = "àáéèêíìóòöøåæúùаивскоуяйіжбзеєоηοήώω"
"""Letters that are words in some language."""

# Classes of characters.
_SPACE, _DIGIT, _LATIN_SMALL, _LATIN_CAPITAL, _SMALL, _CAPITAL, _CASELESS, _COMMON_SIGN, _SIGN, _BOX_SIGN = range(10)


def _class_of(character: str) -> int:
    if character.isdigit() and character.isascii():
        return _DIGIT
    if character.isalpha() or unicodedata.category(character)[0] == "M":
        is_latin = unicodedata.name(character, "").startswith("LATIN") or character in "ªº"
        if is_latin:
            return _LATIN_CAPITAL if character.isupper() else _LATIN_SMALL
        return _CAPITAL if character.isupper() else _SMALL if character.islower() else _CASELESS
    if character.isascii():
        return _SPACE
    if BOX_DRAWING.match(character):
        return _BOX_SIGN
    return _COMMON_SIGN if character in COMMON_SIGNS or character in "·\xad" else _SIGN


@cache
def _misfits() -> _Floats:
    """Return what two neighbouring classes cost, of which at least one is not ASCII; shape (classes, classes)."""
    misfits = np.zeros((10, 10))
    latin, other = (_LATIN_SMALL, _LATIN_CAPITAL), (_SMALL, _CAPITAL, _CASELESS)
    letters = (*latin, *other)
    misfits[np.ix_(latin, other)] = misfits[np.ix_(other, latin)] = 4
    misfits[_LATIN_SMALL, _LATIN_CAPITAL] = misfits[_SMALL, _CAPITAL] = 4
    # Capitals are frequent next to capitals; Latin ones often have two neighbours that are ASCII.
    misfits[_LATIN_CAPITAL, _LATIN_CAPITAL], misfits[_CAPITAL, _CAPITAL] = -1.5, -2.3
    misfits[np.ix_(letters, (_SIGN,))] = misfits[np.ix_((_SIGN,), letters)] = 1.5
    misfits[np.ix_(letters, (_BOX_SIGN,))] = misfits[np.ix_((_BOX_SIGN,), letters)] = 3
    misfits[np.ix_(letters, (_DIGIT,))] = misfits[np.ix_((_DIGIT,), letters)] = 1
    misfits[_SIGN, _SIGN] = 0.5
    return misfits
