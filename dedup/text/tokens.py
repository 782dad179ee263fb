"""A text to its words: where they stand, and their forms with accents and case folded."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# Thai and Lao, Burmese, Khmer, Kana, Han: no spaces between words, so each character is one.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# Marks stay inside words (Python's \w leaves out those of the Indic scripts), so a word is what is no sign.
SIGNS = (
    r"!-/:-@\[-`{-\xa9\xab\xac\xae-\xb1\xb4\xb6-\xb8\xbb\xbf"
    r"\u2010-\u2027\u2030-\u205e\u3001-\u303f\uff01-\uff0f"
)
_WORD = re.compile(rf"[{UNSPACED}]|[^\s{SIGNS}{UNSPACED}]+")


class Token(NamedTuple):
    """A word."""

    start: int
    """First code point."""
    end: int
    """One past the last."""
    form: str
    """The word without accents and in one case."""


def tokens(text: str) -> list[Token]:
    """Find the words of a text; signs are none.

    Args:
        text: Any text.

    >>> tokens("L'été 2024 !")
    [Token(start=0, end=1, form='l'), Token(start=2, end=5, form='ete'), Token(start=6, end=10, form='2024')]
    """
    return [Token(match.start(), match.end(), fold(match[0])) for match in _WORD.finditer(text)]


@lru_cache(1 << 16)
def fold(word: str) -> str:
    """Fold accents, compatibility forms and case; a word of marks alone stays as it is.

    >>> fold("Éﬁ"), fold("Йод")
    ('efi', 'иод')
    """
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in decomposed if not _accent(sign)).casefold() or word


def _accent(sign: str) -> bool:
    """Tell accents and format characters from letters and from marks that spell (Indic vowels, Kana voicing)."""
    kind = unicodedata.combining(sign)
    return kind >= 200 or 10 <= kind <= 35 or unicodedata.category(sign) == "Cf"
