"""Guess the encoding of text that is not UTF-8, by the letters of languages.

Each encoding is scored by the characters that the bytes above 127 become in it: how likely they are in the languages
that are written in it (`languages.LETTERS`), and whether they fit their neighbours (no capital after a small letter, no
sign inside a word, no Cyrillic next to Latin letters). The scores are sums of logarithms of probabilities, so that
scores of different encodings for the same bytes can be compared.
"""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dedup.corpus.encodings.characters import (
    OTHER_LETTER,
    log_cjk,
    log_of_unknown_cjk,
    log_probabilities,
)
from dedup.corpus.encodings.languages import FREQUENT, LETTERS, WORDS
from dedup.corpus.encodings.single_byte import SINGLE_BYTE, ByteCounts, score_single_byte

UTF8 = "utf-8"
"""Python's name of UTF-8."""

_HIGH_BYTES = bytes(range(128, 256))
_LEAST_MEAN_SCORE, _LESS_FOR_FEW_BYTES = (-5.7, -5.5), (8.0, 4.0)
"""Minimum mean score of a byte above 127 at which an encoding of one or several bytes is accepted.

In texts, it is about -3; in noise, under -8 and -6. For n bytes, it may be lower by 8 / sqrt(n) or 4 / sqrt(n), since
the means of few bytes vary.
"""
MULTI_BYTE = {
    "gb18030": ("zh", 0.0),
    "big5hkscs": ("zh-Hant", -0.5),
    "cp950": ("zh-Hant", -0.6),
    "cp932": ("ja", 0.0),
    "shift_jis_2004": ("ja", -4.0),
    "euc_jp": ("ja", -0.5),
    "euc_jis_2004": ("ja", -4.0),
    "cp949": ("ko", 0.0),
    "johab": ("ko", -4.0),
}
"""Encodings of several bytes: the language of their texts, and the prior as for those of a single byte."""
_WORD = re.compile(rb"(?<![a-z\x80-\xff])[a-z]{1,7}(?![a-z\x80-\xff])")
# For an invalid sequence in UTF-8, and for UTF-8 compared to the other encodings.
_DAMAGE, _UTF8_PRIOR, _UTF8_PRIOR_WITHOUT_EVIDENCE = -7.0, 2.0, -2.0
# How much less likely than the best encoding, apart from one for each byte, a declared encoding may be.
_DECLARED_BONUS = 10.0
_LEAST_LANGUAGE_PRIOR = -4.0
"""For a language of which the text has no frequent word, though it has those of another."""
# For an ASCII character: encodings of several bytes use ASCII bytes in other characters.
_ASCII = -3.0
_SINGLE_INSIDE = re.compile("[a-z][^\x00-\x7f](?=[a-z])")


class Guess(NamedTuple):
    """An encoding that a text may have."""

    encoding: str
    """Python's name."""
    score: float
    """Logarithm of the probability of the bytes above 127 in it; only differences have a meaning."""
    mean: float
    """Mean of the score of a byte above 127."""


def guess_encoding(sample: bytes, declared: str | None = None) -> str | None:
    """Return the encoding of text that is not valid UTF-8; None if it is unknown.

    Args:
        sample: The text, or a part of it.
        declared: Python's name of the encoding that the text declares; it is returned unless it makes
            the text unreadable.

    >>> guess_encoding("Voilà les célèbres élèves.".encode("cp1252"))
    'cp1252'
    >>> guess_encoding("Später fiel Schnee in Görlitz.".encode()[:-1] + b"\\xff")
    'utf-8'
    """
    ranked = rank_encodings(sample, may_be_utf8=declared == UTF8)
    if not ranked:
        return None
    best = ranked[0]
    if declared is not None:
        name = codecs.lookup(declared).name
        found = [guess for guess in ranked if codecs.lookup(guess.encoding).name == name]
        if found and best.score - found[0].score <= _DECLARED_BONUS + best.score / best.mean:
            return declared
        if not found and _is_readable(sample, declared):
            return declared
    has_several = best.encoding in MULTI_BYTE
    least = _LEAST_MEAN_SCORE[has_several] - _LESS_FOR_FEW_BYTES[has_several] / math.sqrt(best.score / best.mean)
    return best.encoding if best.mean >= least else None


def compare_utf8(text: bytes, encoding: str) -> float:
    """Return how much more likely a text is in UTF-8, with U+FFFD for invalid bytes, than in another encoding.

    Args:
        text: The text.
        encoding: Python's name; for an encoding that is never guessed, UTF-8 is likelier.

    >>> compare_utf8("né".encode(), "cp1252") > 0, compare_utf8("né à".encode("cp1252"), "cp1252") < 0
    (True, True)
    """
    priors = _language_priors(text)
    if encoding in MULTI_BYTE:
        score = _score_multi_byte(text, priors, encoding)
    elif encoding in SINGLE_BYTE:
        score = score_single_byte(ByteCounts(text), priors, encoding)
    else:
        return math.inf if text.decode(UTF8, "ignore").encode() == text else -math.inf
    return _score_utf8(text, priors, is_likely=True) - score


def likely_languages(sample: bytes) -> set[str]:
    """Return the languages that have the most frequent words in a text; all if it has no frequent word.

    >>> likely_languages(b"the mayor of the town")
    {'en'}
    """
    return {language for language, prior in _language_priors(sample).items() if prior == 0}


def _is_readable(sample: bytes, encoding: str) -> bool:
    """Return whether text can be decoded in an encoding, without control characters."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(character) == "Cc" and character >= "\x80" for character in set(text))


def rank_encodings(sample: bytes, *, may_be_utf8: bool = False) -> list[Guess]:
    """Return the encodings that text which is not valid UTF-8 may have, most likely first.

    Args:
        sample: The text, or a part of it.
        may_be_utf8: Whether it may be UTF-8 with an invalid sequence for every other valid character, or more.

    >>> rank_encodings("Goście zjedli gorącą zupę.".encode("cp1250"))[0].encoding
    'cp1250'
    """
    high = len(sample) - len(sample.translate(None, _HIGH_BYTES))
    if not high:
        return []
    counts, priors = ByteCounts(sample), _language_priors(sample)
    scores = [(UTF8, _score_utf8(sample, priors, may_be_utf8))]
    scores += [(name, score_single_byte(counts, priors, name)) for name in SINGLE_BYTE]
    scores += [(name, _score_multi_byte(sample, priors, name)) for name in MULTI_BYTE]
    scores.sort(key=lambda item: -item[1])
    return [Guess(name, score, score / high) for name, score in scores]


# UTF-8.


def _score_utf8(sample: bytes, language_priors: dict[str, float], is_likely: bool) -> float:
    """Return the score as UTF-8 with damage, in the language that fits best; a last character may be cut."""
    counts = Counter(codecs.getincrementaldecoder(UTF8)("replace").decode(sample))
    damage = counts.pop("\ufffd", 0)
    others = [(character, count) for character, count in counts.items() if character >= "\x80"]
    if not is_likely and damage > 1 and 2 * damage > sum(count for _, count in others):
        return -math.inf
    best = _score_characters(others, language_priors)
    return best + damage * _DAMAGE + (_UTF8_PRIOR if others else _UTF8_PRIOR_WITHOUT_EVIDENCE)


def _score_characters(characters: Iterable[tuple[str, int]], language_priors: Mapping[str, float]) -> float:
    """Return the score of characters that are not ASCII, with their counts, in the language that fits best."""
    best = -math.inf
    for language in (*LETTERS, *FREQUENT):
        known = log_probabilities(language) if language in LETTERS else log_cjk(language)
        score = sum(count * known.get(character, OTHER_LETTER) for character, count in characters)
        best = max(best, score + language_priors.get(language, 0.0))
    return best


def mean_in_utf8(text: bytes) -> float:
    """Return the mean score of a byte above 127 of text that is valid UTF-8, in the language that fits best.

    >>> mean_in_utf8("Voilà les élèves".encode()) > -1.5, mean_in_utf8("Ƥ֦ݨ".encode()) < -4
    (True, True)
    """
    counts = [(character, count) for character, count in Counter(text.decode()).items() if character >= "\x80"]
    size = sum(len(character.encode()) * count for character, count in counts)
    return _score_characters(counts, {}) / size if size else 0.0


def _language_priors(sample: bytes) -> dict[str, float]:
    """Return the logarithm of the probability of each language by its frequent words, compared to the likeliest."""
    words = Counter(_WORD.findall(sample.lower()))
    hits = {language: sum(words[word.encode()] for word in listed.split()) for language, listed in WORDS.items()}
    most = max(hits.values())
    return {
        language: max(_LEAST_LANGUAGE_PRIOR, 2 * math.log((hits.get(language, 0) + 1) / (most + 1)))
        for language in (*LETTERS, *FREQUENT)
    }


# Encodings of several bytes.


def _score_multi_byte(sample: bytes, language_priors: dict[str, float], encoding: str) -> float:
    """Return the score; characters that cannot be decoded count as undefined ones."""
    text = sample.decode(encoding, "replace")
    language, prior = MULTI_BYTE[encoding]
    known = log_cjk(language)
    score, ascii_count = 0.0, 0
    for character, count in Counter(text).items():
        if character < "\x80":
            ascii_count += count
        else:
            found = known[character] if character in known else log_of_unknown_cjk(character, language)
            score += count * found
    score -= 2 * len(_SINGLE_INSIDE.findall(text))
    ascii_bytes = len(sample.translate(None, _HIGH_BYTES))
    return score - _ASCII * (ascii_bytes - ascii_count) + prior + language_priors[language]
