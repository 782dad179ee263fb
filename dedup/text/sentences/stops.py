"""Whether a full stop ends a sentence, or only shortens a word."""
# ruff: noqa: RUF001 - quote marks that look alike are the point

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from dedup.text.language import language_data

# The table of a language without one of its own: what many share.
_COMMON = {
    "leading": ["dr", "prof", "mr", "mrs", "ms", "st", "sr", "sra", "sig", "dott", "ing", "gen", "cf", "vs"],
    "numbered": ["nr", "no", "art"],
}
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.-?)+[^\W\d_]{1,4}")
# Sgt, Mgr: no word, so a title.
_TITLE = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ][bcdfghjklmnpqrstvwxz]{1,3}")
_ROMAN = re.compile(r"[IVX]{2,5}")
_QUOTES = frozenset("\"'”’“»›」』》")
# Abbreviations are shorter than this, but for those in a language's table.
_WORD = 5


@dataclass(frozen=True, slots=True)
class Rules:
    """What the words of a language say of the full stop beside them: its table [sentences]."""

    leading: frozenset[str]
    """Abbreviations before a name or a noun: none ends a sentence."""
    numbered: frozenset[str]
    """Before a number."""
    inside: frozenset[str]
    """Anywhere: one ends a sentence if a starter follows."""
    ending: frozenset[str]
    """Last of a list or after a number: one ends a sentence if a capital follows."""
    continuing: frozenset[str]
    """Capital words that go on after one of `ending`."""
    starters: frozenset[str]
    """Words that begin many sentences and few names."""
    particles: frozenset[str]
    """Those of them that names hold."""
    ordinals: frozenset[str]
    """Nouns after "3.", where ordinals are written so."""
    ordinal_cues: frozenset[str]
    """Words before such an ordinal."""
    shouts: frozenset[str]
    """Names that end in an exclamation mark."""
    letters: frozenset[str]
    """Words of one letter that may end a sentence."""
    lowered: bool
    """Whether these are for text without capitals."""

    def shorten(self, word: str) -> bool:
        """Say whether a word is an abbreviation."""
        if len(word) == 1:
            return word.isalpha() and word not in self.letters
        return word in self.leading or word in self.numbered or word in self.inside or word in self.ending


class Stop(NamedTuple):
    """A full stop with a space after it, and what is around it."""

    word: str
    """The word before it; empty if there is a space between."""
    before: str
    """The word before that."""
    following: str
    """The word after it, perhaps with an apostrophe; never empty."""
    is_initial: bool
    """Whether that is a letter with a full stop."""
    closers: str
    """Quote marks and brackets right after it."""
    is_early: bool
    """Whether little of the sentence stands before it."""


@cache
def rules(language: str, lowered: bool) -> Rules:
    """Read the rules of a language.

    Args:
        language: ISO 639-1 code.
        lowered: Whether they are for text without capitals.

    >>> "Mme" in rules("fr", False).leading, "mme" in rules("fr", True).leading
    (True, True)
    """
    table = language_data(language).get("sentences") or _COMMON
    keys = [key for key in Rules.__slots__ if key != "lowered"]
    return Rules(**{key: _forms(table.get(key, []), lowered) for key in keys}, lowered=lowered)


def _forms(entries: list[str], lowered: bool) -> frozenset[str]:
    """Add to words how they look in capitals and at the start of a sentence; a capital letter alone is an initial."""
    if lowered:
        return frozenset(entry.lower() for entry in entries)
    longer = [entry for entry in entries if len(entry) > 1]
    return frozenset([*entries, *(entry[0].upper() + entry[1:] for entry in longer), *(map(str.upper, longer))])


def ends(stop: Stop, rules: Rules) -> bool:
    """Say whether a full stop ends a sentence.

    Args:
        stop: It, and what is around it.
        rules: What to know of the language.

    >>> ends(Stop("Dr", "says", "Smith", False, "", False), rules("en", False))
    False
    """
    word, following = stop.word, stop.following
    is_short = rules.shorten(word) or _DOTTED.fullmatch(word) is not None
    if begins_small(following):
        return not is_short if rules.lowered else _is_long(stop) and not is_short
    if word.isdecimal() and len(word) < 3 and stop.before[-1:] == ":":
        return False  # the number of the first item of a list
    if following[0].isdecimal():
        return not is_short and not (rules.ordinals and word.isdecimal() and len(word) < 3)
    if not is_short:
        return not _is_ordinal(stop, rules) and (_TITLE.fullmatch(word) is None or _starts(stop, rules))
    return not _QUOTES.isdisjoint(stop.closers) or _ends_shortened(stop, rules)


def begins_small(word: str) -> bool:
    """Say whether a word begins with a small letter, and is no name like eBay.

    >>> begins_small("soldats"), begins_small("eBay"), begins_small("170")
    (True, False, False)
    """
    return word[0].islower() and not any(map(str.isupper, word[1:3]))


def _is_long(stop: Stop) -> bool:
    """Say whether the word before is too long for an abbreviation, so that a small letter may follow a sentence."""
    return len(stop.word) >= _WORD and stop.word.isalpha() and stop.word[1:].islower() and not stop.closers


def _starts(stop: Stop, rules: Rules) -> bool:
    """Say whether sentences begin with the word that follows."""
    return stop.following.capitalize() in rules.starters and not stop.is_initial


def _is_ordinal(stop: Stop, rules: Rules) -> bool:
    """Say whether a number with a full stop is an ordinal, as in "am 3. Oktober"."""
    if not rules.ordinals or not (_ROMAN.fullmatch(stop.word) or (stop.word.isdecimal() and len(stop.word) < 4)):
        return False
    if stop.following in rules.ordinals:
        return True
    return not _starts(stop, rules) and (stop.before in rules.ordinal_cues or not stop.word.isdecimal())


def _ends_shortened(stop: Stop, rules: Rules) -> bool:
    """Say whether a sentence ends with an abbreviation, where a capital follows."""
    word, starts = stop.word, _starts(stop, rules)
    if word in rules.ending and (word not in rules.leading or stop.before[-1:].isdecimal() or "." in stop.before):
        return starts or not (stop.is_early or stop.following in rules.continuing)
    if word in rules.leading:
        return False
    if word in rules.inside:
        return starts
    if word in rules.numbered and len(word) > 1:
        return True
    if len(word) == 1 and word.islower() and stop.before[-1:].isdecimal():
        return True
    if re.fullmatch(r"[^\W\d_]\.", stop.before):
        return False  # "z. B." and "J. F." go on
    # "vitamine C. Le chat" and "J. Le Pen" differ in the word before the letter.
    is_given = "-" in word or (len(word) == 1 and word.isupper() and stop.before[:1].isupper())
    return starts and not (is_given and stop.following in rules.particles)
