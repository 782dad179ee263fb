"""Estimate how likely characters outside ASCII are in texts of a language."""
# ruff: noqa: RUF001
# letters of many scripts look alike

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from dedup.corpus.encodings.languages import CJK_PUNCTUATION, FREQUENT, LETTERS, REPERTOIRES

# Shares of a text's characters that are not ASCII.
_SIGN_SHARE, _ENGLISH_SIGN_SHARE = 0.2, 0.6
_CAPITAL_SHARE = 0.05
COMMON_SIGNS = "’ “”– «»—„…‘\xa0 •°©§£€"
_SIGNS = "·®¿¡ºª№™´±µ ½²×¼\xad ¾³¢‚ ¨¹‹›¶"
BOX_DRAWING = re.compile("[\u2500-\u259f]")
# Logarithms of the probabilities of characters that the language does not use.
OTHER_LETTER, _OTHER_SIGN, _BOX, _CONTROL, _UNDEFINED = -9.0, -10.0, -8.0, -15.0, -14.0
_PUNCTUATION_SHARE, _FULL_WIDTH_SHARE = 0.1, 0.005
_OTHER_CJK, _RARE_CJK = -12.5, -15.0
_HANGUL = re.compile("[\uac00-\ud7a3]")


def _group_shares(groups: str) -> dict[str, float]:
    """Return the share of each letter of the groups of a language."""
    weights = {letter: 3.0**-level for level, group in enumerate(groups.split(" ")) for letter in group}
    total = sum(weights.values())
    return {letter: weight / total for letter, weight in weights.items()}


@cache
def log_probabilities(language: str) -> dict[str, float]:
    """Return the logarithms of the probabilities of the characters of a language that are not ASCII."""
    signs = _ENGLISH_SIGN_SHARE if language == "en" else _SIGN_SHARE
    shares = {sign: 0.9 * signs * share for sign, share in _group_shares(COMMON_SIGNS).items()}
    shares |= {sign: 0.1 * signs * share for sign, share in _group_shares(_SIGNS).items()}
    for letter, share in _group_shares(LETTERS[language]).items():
        share *= 1 - signs
        capital = letter.upper()
        if len(capital) == 1 and capital != letter:
            shares[capital] = shares.get(capital, 0) + _CAPITAL_SHARE * share
            share *= 1 - _CAPITAL_SHARE
        shares[letter] = shares.get(letter, 0) + share
    return {character: math.log(share) for character, share in shares.items()}


def log_of_unknown(character: str) -> float:
    """Return the logarithm of the probability of a character that the language does not use."""
    category = unicodedata.category(character)
    if character == "\ufffd":
        return _UNDEFINED
    if category in ("Cc", "Co", "Cn"):
        return _CONTROL
    if BOX_DRAWING.match(character):
        return _BOX
    return OTHER_LETTER if category[0] in "LM" else _OTHER_SIGN


@cache
def log_cjk(language: str) -> dict[str, float]:
    """Return the logarithms of the probabilities of the characters of a language."""
    shares: dict[str, float] = {}
    frequent, share = FREQUENT[language]
    _add_shares(shares, frequent, share, is_ranked=True)
    for codec, rows, share in REPERTOIRES[language]:
        _add_shares(shares, _characters_of(codec, rows), share)
    _add_shares(shares, CJK_PUNCTUATION, _PUNCTUATION_SHARE)
    _add_shares(shares, map(chr, range(0xFF01, 0xFF5F)), _FULL_WIDTH_SHARE)
    return {character: math.log(share) for character, share in shares.items()}


def _add_shares(shares: dict[str, float], characters: Iterable[str], total: float, *, is_ranked: bool = False) -> None:
    """Add a total share to characters, evenly, or in proportion to 1 / (rank + 10)."""
    listed = list(dict.fromkeys(characters))
    weights = [1 / (rank + 10) if is_ranked else 1.0 for rank in range(len(listed))]
    factor = total / sum(weights)
    for character, weight in zip(listed, weights, strict=True):
        shares[character] = shares.get(character, 0) + factor * weight


def _characters_of(codec: str, rows: range) -> list[str]:
    """Return the characters of two bytes with given first bytes."""
    decoder = codecs.getdecoder(codec)
    found = []
    for row in rows:
        for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            text, _ = decoder(bytes((row, cell)), "ignore")
            found += [text] if len(text) == 1 and not text.isascii() else []
    return found


def log_of_unknown_cjk(character: str, language: str) -> float:
    """Return the logarithm of the probability of a character that is not among those of the language."""
    if character == "\ufffd":
        return _UNDEFINED
    if language == "ko" and _HANGUL.match(character):
        return _OTHER_CJK
    return _OTHER_CJK if character < "\uffff" and unicodedata.category(character)[0] in "LPNS" else _RARE_CJK
