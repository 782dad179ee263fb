"""Choose the encoding of a text that is ASCII except for a few bytes."""
# ruff: noqa: RUF001
# quotation marks look alike

from __future__ import annotations

import re
from collections.abc import Callable

from dedup.corpus.encodings.guess import UTF8, likely_languages
from dedup.corpus.encodings.single_byte import WORDS_OF_A_LETTER

# Maximum number of invalid sequences that are too few for a guess by the letters of languages.
_MAX_STRAY = 3
# Minimum number of ASCII letters for each byte that is not ASCII.
_LEAST_LETTERS = 3
# The same in a text without frequent words, which may be in any language.
_LEAST_UNKNOWN_LETTERS = 20
_LETTER = re.compile(rb"[A-Za-z]")
_HIGH = re.compile("[^\x00-\x7f]")
_STRAY = "cp1252"
_RARE_LETTERS = "ÿŸƒªºµ"


def choose_for_stray(sample: bytes) -> str | None:
    r"""Return the encoding of a text with few bytes that are not ASCII; None if it must be guessed.

    It is cp1252 if each byte becomes a character that fits its neighbours, otherwise UTF-8 with damage. It must be
    guessed if the text is in a language other than English, by its frequent words.

    Args:
        sample: Text that is not valid UTF-8.

    >>> choose_for_stray(b"It\x92s in the town"), choose_for_stray(b"in the ro\xffads")
    ('cp1252', 'utf-8')
    """
    high, letters = _HIGH.findall(sample.decode("latin-1")), len(_LETTER.findall(sample))
    if len(high) > 4 * _MAX_STRAY or letters < _LEAST_LETTERS * len(high):
        return None
    languages = likely_languages(sample)
    has_words = "ja" not in languages  # which has no words in ASCII
    if "en" not in languages or (not has_words and letters < _LEAST_UNKNOWN_LETTERS * len(high)):
        return None
    text = sample.decode(UTF8, "replace")
    damage = text.count("\ufffd") - sample.count("\ufffd".encode())
    valid = [character for character in _HIGH.findall(text) if character != "\ufffd"]
    if damage > _MAX_STRAY:
        return None
    if valid:
        return UTF8 if _can_be_western(valid) and 2 * len(valid) >= damage else None
    if len(high) > _MAX_STRAY:
        return None
    text = f" {sample.decode(_STRAY, 'replace')} "
    fits = all(is_plausible(text[at - 1], text[at], text[at + 1]) for at in (m.start() for m in _HIGH.finditer(text)))
    return _STRAY if fits else UTF8


def _can_be_western(characters: list[str]) -> bool:
    try:
        "".join(characters).encode(_STRAY)
    except UnicodeEncodeError:
        return False
    return True


def is_plausible(left: str, character: str, right: str) -> bool:
    """Return whether a character that is not ASCII fits its neighbours in a text in a Western language.

    >>> is_plausible("f", "é", " "), is_plausible("o", "¿", "a"), is_plausible(" ", "£", "5")
    (True, False, True)
    """
    rule = _RULES.get(character)
    if rule is not None:
        return rule(left, right)
    if not character.isalpha() or character in _RARE_LETTERS or left.isdigit() or right.isdigit():
        return False
    if not left.isalpha() and not right.isalpha():
        return character.lower() in WORDS_OF_A_LETTER
    return not (character.isupper() and left.islower()) and not (character.islower() and right.isupper())


def _is_outside_words(left: str, right: str) -> bool:
    return not (left.isalnum() and right.isalnum())


def _opens(left: str, right: str) -> bool:
    return not left.isalnum() and not right.isspace()


def _closes(left: str, right: str) -> bool:
    return not left.isspace() and not right.isalnum()


def _is_apostrophe(left: str, right: str) -> bool:
    return left.isalnum() or right.isalnum() or not (left.isspace() or right.isspace())


def _is_near_number(left: str, right: str) -> bool:
    return left.isdigit() or right.isdigit() or (not left.isalpha() and not right.isalpha())


def _follows_number(left: str, right: str) -> bool:
    return (
        left.isdigit()
        or (not left.isalpha() and right in "CF")
        or (not right.isalnum() and (left in "nNº" or not left.isalnum()))
    )


def _is_fraction(left: str, right: str) -> bool:
    return not left.isalpha() and not right.isalpha()


def _is_exponent(left: str, right: str) -> bool:
    return left in "m)" and not right.isalnum()


def _always(left: str, right: str) -> bool:  # noqa: ARG001 - a rule
    return True


_RULES: dict[str, Callable[[str, str], bool]] = {
    **dict.fromkeys("’´", _is_apostrophe),
    **dict.fromkeys("‘“„‚¿¡", _opens),
    **dict.fromkeys("”", _closes),
    **dict.fromkeys("«»‹›•·©§¶†‡¦", _is_outside_words),
    **dict.fromkeys("®™", _closes),
    **dict.fromkeys("£€¥¢±×÷", _is_near_number),
    **dict.fromkeys("°ªº‰", _follows_number),
    **dict.fromkeys("½¼¾", _is_fraction),
    **dict.fromkeys("²³", _is_exponent),
    **dict.fromkeys("—–…\xa0\xad", _always),
}
