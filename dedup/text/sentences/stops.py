"""Decide whether a full stop ends a sentence or marks an abbreviation or an ordinal."""
# ruff: noqa: RUF001 - quote marks that look alike are intended

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from dedup.text.language import language_data

# Abbreviations that many languages share, for a language without a table.
_DEFAULT_TABLE = {
    "leading": ["dr", "prof", "mr", "mrs", "ms", "st", "sr", "sra", "sig", "dott", "ing", "gen", "cf", "vs"],
    "numbered": ["nr", "no", "art"],
}
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.-?)+[^\W\d_]{1,4}")
# Capitalised words without a vowel are titles: Sgt, Mgr.
_TITLE = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ][bcdfghjklmnpqrstvwxz]{1,3}")
_ROMAN = re.compile(r"[IVX]{2,5}")
_QUOTES = frozenset("\"'”’“»›」』》")
# Words of at least this length are not abbreviations unless a table lists them.
_MIN_WORD_LENGTH = 5


@dataclass(frozen=True, slots=True)
class StopRules:
    """Words of a language that decide about a full stop next to them: the table [sentences] of its data file."""

    leading: frozenset[str]
    """Abbreviations before a name or a noun; they never end a sentence."""
    numbered: frozenset[str]
    """Abbreviations before a number."""
    inside: frozenset[str]
    """Abbreviations in any position; they end a sentence before one of `starters`."""
    ending: frozenset[str]
    """Abbreviations at the end of a list or after a number; they end a sentence before a capital."""
    continuing: frozenset[str]
    """Capitalised words that continue the sentence after one of `ending`."""
    starters: frozenset[str]
    """Words that begin many sentences and few names."""
    particles: frozenset[str]
    """Members of `starters` that also occur in names."""
    ordinals: frozenset[str]
    """Nouns after an ordinal such as "3.", in languages that write ordinals with a full stop."""
    ordinal_cues: frozenset[str]
    """Words before such an ordinal."""
    shouts: frozenset[str]
    """Names that end in an exclamation mark."""
    letters: frozenset[str]
    """Words of one letter that may end a sentence."""
    suffixes: frozenset[str]
    """Ends of compounds that are abbreviations; such a compound is like one of `inside`."""
    lowered: bool
    """Whether the rules are for text without capitals."""

    def is_abbreviation(self, word: str) -> bool:
        """Return whether a word is an abbreviation; a single letter is one unless it is in `letters`."""
        if len(word) == 1:
            return word not in self.letters if word.isalpha() else word in self.numbered
        return (
            word in self.leading
            or word in self.numbered
            or word in self.inside
            or word in self.ending
            or self.is_compound(word)
        )

    def is_compound(self, word: str) -> bool:
        """Return whether a word is a compound that ends in one of `suffixes`, such as "Goethestr"."""
        return bool(self.suffixes) and word.endswith(tuple(self.suffixes))

    def precedes_sign(self, word: str, sign: str) -> bool:
        """Return whether a word is an abbreviation before a sign such as "§" or "€"."""
        return word in self.leading or (sign == "§" and self.is_abbreviation(word))


class Stop(NamedTuple):
    """A full stop followed by a space, with its context."""

    word: str
    """Word before the full stop; empty if a space is between."""
    before: str
    """Word before `word`."""
    following: str
    """Word after the full stop, possibly with an apostrophe; not empty."""
    is_initial: bool
    """Whether `following` is one letter with a full stop."""
    closers: str
    """Quote marks and brackets directly after the full stop."""
    is_early: bool
    """Whether only a few code points of the sentence precede the full stop."""


@cache
def stop_rules(language: str, lowered: bool) -> StopRules:
    """Return the rules of a language.

    Args:
        language: ISO 639-1 code.
        lowered: Whether the rules are for text without capitals.

    >>> "Mme" in stop_rules("fr", False).leading, "mme" in stop_rules("fr", True).leading
    (True, True)
    """
    table = language_data(language).get("sentences") or _DEFAULT_TABLE
    keys = [key for key in StopRules.__slots__ if key != "lowered"]
    return StopRules(**{key: _case_forms(table.get(key, []), lowered) for key in keys}, lowered=lowered)


def _case_forms(entries: list[str], lowered: bool) -> frozenset[str]:
    """Add the capitalised and upper-case forms of words; not of single letters, whose capitals are initials."""
    if lowered:
        return frozenset(entry.lower() for entry in entries)
    longer = [entry for entry in entries if len(entry) > 1]
    return frozenset([*entries, *(entry[0].upper() + entry[1:] for entry in longer), *(map(str.upper, longer))])


def ends_sentence(stop: Stop, rules: StopRules) -> bool:
    """Return whether a full stop ends a sentence.

    Args:
        stop: The full stop with its context.
        rules: Rules of the language.

    >>> ends_sentence(Stop("Dr", "says", "Smith", False, "", False), stop_rules("en", False))
    False
    """
    word, following = stop.word, stop.following
    is_short = rules.is_abbreviation(word) or _DOTTED.fullmatch(word) is not None
    if is_lower_case(following):
        return not is_short if rules.lowered else _is_long(stop) and not is_short
    if word.isdecimal() and len(word) < 3 and stop.before[-1:] == ":":
        return False  # the number of the first item of a list
    if following[0].isdecimal():
        return not is_short and not (rules.ordinals and word.isdecimal() and len(word) < 3)
    if not is_short:
        return not _is_ordinal(stop, rules) and (_TITLE.fullmatch(word) is None or _starter_follows(stop, rules))
    return not _QUOTES.isdisjoint(stop.closers) or _abbreviation_ends_sentence(stop, rules)


def is_lower_case(word: str) -> bool:
    """Return whether a word begins with a lower-case letter and is not a name such as eBay.

    >>> is_lower_case("soldats"), is_lower_case("eBay"), is_lower_case("170")
    (True, False, False)
    """
    return word[0].islower() and not any(map(str.isupper, word[1:3]))


def _is_long(stop: Stop) -> bool:
    """Return whether the word before is too long for an abbreviation, so that a sentence may end before lower case."""
    return len(stop.word) >= _MIN_WORD_LENGTH and stop.word.isalpha() and stop.word[1:].islower() and not stop.closers


def _starter_follows(stop: Stop, rules: StopRules) -> bool:
    """Return whether the following word often begins sentences."""
    return stop.following.capitalize() in rules.starters and not stop.is_initial


def _is_ordinal(stop: Stop, rules: StopRules) -> bool:
    """Return whether a number with a full stop is an ordinal, as in "am 3. Oktober"."""
    if not rules.ordinals or not (_ROMAN.fullmatch(stop.word) or (stop.word.isdecimal() and len(stop.word) < 4)):
        return False
    if stop.following in rules.ordinals:
        return True
    return not _starter_follows(stop, rules) and (stop.before in rules.ordinal_cues or not stop.word.isdecimal())


def _abbreviation_ends_sentence(stop: Stop, rules: StopRules) -> bool:
    """Return whether a sentence ends with an abbreviation before a capital."""
    word, starts = stop.word, _starter_follows(stop, rules)
    if word in rules.ending and (word not in rules.leading or stop.before[-1:].isdecimal() or "." in stop.before):
        return starts or not (stop.is_early or stop.following in rules.continuing)
    # The parts of an abbreviation that is written with spaces, such as "u. v. m." or "d. C.".
    joined = stop.before + word if stop.before[-1:] == "." else ""
    if joined in rules.ending:
        return starts or not (stop.is_early or stop.following in rules.continuing)
    if word in rules.leading or joined in rules.leading:
        return False
    if word in rules.inside or joined in rules.inside or rules.is_compound(word):
        return starts
    if word in rules.numbered and len(word) > 1:
        return not stop.is_initial  # "art. L. 121"
    if len(word) == 1 and word.islower() and stop.before[-1:].isdecimal():
        return not stop.is_initial  # "5 h. Macron", but not "5 d. C."
    if re.fullmatch(r"[^\W\d_]\.", stop.before):
        return False  # "z. B." and "J. F." continue the sentence
    # The word before the letter distinguishes "vitamine C. Le chat" from "J. Le Pen".
    is_given_name = "-" in word or (len(word) == 1 and word.isupper() and stop.before[:1].isupper())
    return starts and not (is_given_name and stop.following in rules.particles)
