"""How a language writes numbers: its data, made into patterns and tables."""
# ruff: noqa: RUF001 - signs that look alike are the point

import re
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from dedup.text.facts.numbers.figures import DASHES, FIGURE, SPACES, VULGAR, either, folded, initials
from dedup.text.language import knowledge
from dedup.text.tokens import UNSPACED

MOST_WORDS = 12
"""Number words in a number, but one."""
HYPHENS = "-‐‑"
"""For a class of characters."""
_GAP = rf"(?:[{HYPHENS}{SPACES}]|[ ]?\r?\n)"
# What multiplies in some languages without a data file.
_ELSEWHERE = {
    "1000": ["tys", "tysiące", "tysięcy", "bin", "mila", "duizend", "mil", "tisíc", "ezer"],
    "1000000": ["mln", "milion", "miliony", "milionów", "milyon", "milione", "milioni", "miljoen", "milhão", "milhões"],
    "1000000000": ["mld", "miliard", "miliardy", "miliardów", "milyar", "miliardo", "miliardi", "miljard", "mrd"],
}


class Rules(NamedTuple):
    """How a language writes numbers."""

    amount: re.Pattern[str]
    """Where one may begin: figures, a sign such as "½", number words, an ordinal in letters."""
    item: re.Pattern[str]
    """One number word."""
    stem: re.Pattern[str]
    """A part of a number word that is several in one, as in German."""
    values: dict[str, tuple[Fraction, bool]]
    """Folded number words to their value, and whether they multiply."""
    ordinals: dict[str, Fraction]
    """Folded ordinals to their value."""
    half: re.Pattern[str]
    """One more half."""
    clock: re.Pattern[str]
    """What makes figures a time of day."""
    ending: re.Pattern[str]
    """What makes figures an ordinal."""
    words: dict[str, frozenset[str]]
    """Folded words that say "about" themselves ("rough"), whose number is a name ("labels"), or between which and a
    noun a point makes an ordinal ("ordinal_point")."""
    point: str
    """The decimal mark."""
    capital: bool
    """Whether all nouns have a capital, so that one tells nothing."""


@cache
def rules_of(language: str) -> Rules:
    """Read how a language writes numbers; of one without a data file, only figures are known.

    Args:
        language: ISO 639-1 code.
    """
    data: dict[str, Any] = knowledge(language).get("numbers", {"multipliers": _ELSEWHERE})
    words, scales, leads, ordinals = (data.get(name, {}) for name in ("words", "multipliers", "leads", "ordinal_words"))
    several = [word for key, found in words.items() if key != "1" for word in found] + data.get("alone", [])
    lead = rf"{_any(leads)}(?={_GAP}{_any(scales)}(?!\w))"
    joint, ones = either([data["compound"]] if "compound" in data else []), either(words.get("1", ()))
    stem = rf"(?:{either([*several, *words.get('1', ())])}|{joint})"
    compound = rf"(?!{joint}|{ones}(?!\w)){stem}+(?!\w)" if "compound" in data else "(?!)"
    item = rf"(?:{_any(words)}(?!\w)|{_any(scales)}(?!\w)|{compound})"
    begin = rf"(?:{lead}|{either(several)}(?!\w)|{compound})"
    more = rf"(?:{_GAP}(?:{either(data.get('connectors', ()))}{_GAP})?{item}){{0,{MOST_WORDS}}}"
    endings = "|".join(map(re.escape, sorted(data.get("ordinals", ()), key=len, reverse=True)))
    tables = [(leads, False), (words, False), (scales, True)]
    spelled = [word for table in (words, scales, leads, ordinals) for found in table.values() for word in found]
    first = initials([*VULGAR, *spelled])
    return Rules(
        amount=re.compile(
            rf"(?<![^\W{UNSPACED}])(?={first})(?<![^\W_][{HYPHENS}./#])(?<!#)(?:"
            rf"(?P<figures>{FIGURE}(?:[{DASHES}:/]{FIGURE})*)(?P<and>[{VULGAR}]?)|(?P<vulgar>[{VULGAR}])"
            rf"|(?P<ordinal>{_any(ordinals)})(?!\w)|(?P<words>{begin}{more}))"
        ),
        item=re.compile(f"{lead}|{item}"),
        stem=re.compile(stem),
        values={
            key_of(word): (Fraction(value), multiplies)
            for table, multiplies in tables
            for value, found in table.items()
            for word in found
        },
        ordinals={key_of(word): Fraction(value) for value, found in ordinals.items() for word in found},
        half=re.compile(rf"{_GAP}{either(data.get('and_a_half', ()))}(?!\w)"),
        clock=re.compile(rf"[{SPACES}]?(?:h[{SPACES}]?\d\d|{either(data.get('clock', ()))})(?!\w)"),
        ending=re.compile(rf"(?:{endings or '(?!)'})(?!\w)"),
        words={name: frozenset(map(key_of, data.get(name, ()))) for name in ("rough", "labels", "ordinal_point")},
        point=data.get("point", ""),
        capital=data.get("nouns", {}).get("capital", False),
    )


def _any(table: dict[str, list[str]]) -> str:
    return either(word for found in table.values() for word in found)


def key_of(word: str) -> str:
    """Fold a number word, with a space for each hyphen.

    >>> key_of("Quatre-Vingts")
    'quatre vingts'
    """
    return folded(re.sub(rf"[{DASHES}]", " ", word))
