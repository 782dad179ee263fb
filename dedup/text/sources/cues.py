"""The words of a sentence, with what the language's data file says each can be."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from dedup.text.language import SUPPORTED_LANGUAGES, language_data
from dedup.text.spans import Span
from dedup.text.tokens import PUNCTUATION

# Lists of the data file whose entries may be phrases of several words.
PHRASES = ("before", "citing", "named", "view", "aside", "source_itself", "after", "interview", "clause")
SPEECH = ("report", "remark", "say", "quoted")
PASSIVES = ("passed_on", "published")

_WORD = re.compile(rf"[^\s{PUNCTUATION}]+")
# What joins two words without a border between them.
_JOINT = re.compile(r"\s*|[-‐‑]|['’ʼ]|\s?&\s?|\.")  # noqa: RUF001
OPENING, CLOSING = tuple('«“„‹"‘”'), tuple('»”“›"')  # noqa: RUF001
HYPHENS = ("-", "‐", "‑")  # noqa: RUF001
_SHORT_FORMS = frozenset(("adjective", "body", "media", "people", "information", "title", "spokesman"))
# Articles that names of media begin with, and go without after a preposition: "au Figaro".
_THE = ("le", "la", "les", "l", "the", "el", "der", "die", "das")
_AFTER_HYPHEN = frozenset(("pronoun",))
# Letters that an entry such as "minist*" has at most, and words that a name in quotation marks has.
LONGEST_PATTERN = 20
QUOTED = 4


class Word(NamedTuple):
    """A word of a sentence."""

    start: int
    """First code point."""
    end: int
    """One past the last."""
    form: str
    """In lower case."""
    kinds: frozenset[str]
    """The lists of the data file that have it; "finite", "participle" and "passive" for forms of verbs."""
    capital: bool
    """Whether it begins with a capital or a digit."""
    upper: bool
    """Whether it is two capitals or more, as short forms are."""
    joined: bool
    """Whether nothing but space, a hyphen or an apostrophe stands between it and the word before."""
    gap: str
    """What stands between it and the word before."""


@dataclass(frozen=True)
class Cues:
    """The table [attribution] of a language."""

    words: dict[str, frozenset[str]]
    """Words to the lists that have them."""
    beginnings: dict[str, frozenset[str]]
    """How words of some lists begin."""
    ends: dict[str, frozenset[str]]
    """How words of some lists end."""
    phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    """First words to phrases with their list, the longest first."""
    outlets: frozenset[str]
    """Media known by name, of all languages."""
    traits: frozenset[str]
    """What is true of the language."""


@cache
def cues(language: str) -> Cues | None:
    """Read the table [attribution] of a language.

    Args:
        language: ISO 639-1 code.

    Returns:
        None where there is no such table.

    >>> "relayée" in cues("fr").words, cues("xx")
    (True, None)
    """
    table = language_data(language).get("attribution")
    if not table:
        return None
    words: dict[str, set[str]] = {}
    beginnings: dict[str, set[str]] = {}
    ends: dict[str, set[str]] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, entries in table.items():
        if name == "outlet" or not isinstance(entries, list):
            continue
        for entry in entries:
            if name in PHRASES:
                forms = tuple(_form(word) for word in _WORD.findall(entry))
                phrases.setdefault(forms[0], []).append((forms, name))
            elif entry.endswith("*"):
                beginnings.setdefault(_form(entry[:-1]), set()).update([name] + ["passive"] * (name in PASSIVES))
            elif entry.startswith("*"):
                ends.setdefault(_form(entry[1:]), set()).add(name)
            else:
                for form, kind in _expanded(entry, name, table.get("endings", {})):
                    words.setdefault(form, set()).add(kind)
    return Cues(
        words={form: frozenset(names) for form, names in words.items()},
        beginnings={letters: frozenset(names) for letters, names in beginnings.items()},
        ends={letters: frozenset(names) for letters, names in ends.items()},
        phrases={first: tuple(sorted(found, key=lambda it: -len(it[0]))) for first, found in phrases.items()},
        outlets=_outlets(),
        traits=frozenset(name for name, value in table.items() if value is True),
    )


def _expanded(entry: str, name: str, endings: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Give the forms of an entry, each with the list it is in and with what form of a verb it is."""
    stem, plus, ending = entry.partition("+")
    if not plus:
        yield _form(entry), name
        yield _form(entry), "passive" if name in PASSIVES else "finite"
        return
    for kind, listed in endings[ending].items():
        wanted = kind == "passive" if name in PASSIVES else kind != "passive"
        for letters in listed.split() if wanted else ():
            yield _form(stem + letters.replace("-", "")), name
            if kind != "plain":
                yield _form(stem + letters.replace("-", "")), kind


@cache
def _outlets() -> frozenset[str]:
    listed = (name for code in SUPPORTED_LANGUAGES for name in language_data(code).get("attribution", {}).get("outlet", ()))
    full = {tuple(_form(word) for word in _WORD.findall(name)) for name in listed}
    return frozenset(" ".join(name) for name in full) | {" ".join(name[1:]) for name in full if name[0] in _THE}


def words_of(text: str, sentence: Span, language: str) -> list[Word]:
    """Find the words of a sentence.

    Args:
        text: Any text.
        sentence: Where the sentence stands in it.
        language: ISO 639-1 code of a language with cues.

    >>> [word.form for word in words_of("D'après l'AFP", Span(0, 13), "fr")]
    ['d', 'après', 'l', 'afp']
    """
    found: list[Word] = []
    before = sentence.start
    joins = False
    for match in _WORD.finditer(text, *sentence):
        form = _form(match[0])
        start, end = match.span()
        gap = text[before:start]
        joined = joins and (_JOINT.fullmatch(gap) is not None or _abbreviated(found[-1], gap))
        listed = kinds(language, form)
        upper = len(form) > 1 and match[0].isupper()
        if upper:
            listed &= _SHORT_FORMS  # "US" is no pronoun
        capital = match[0][0].isupper() or match[0][0].isdigit() or "uncapitalised" in listed
        if found and found[-1].capital and gap in HYPHENS:
            listed = listed & (_SHORT_FORMS if capital else _AFTER_HYPHEN)  # "un" of "Jong-un" is no article
        found.append(Word(start, end, form, listed, capital, upper, joined, gap))
        before, joins = end, True
    return _with_quoted_names(found, text)


def has_cue(sentence: str, language: str) -> bool:
    """Tell whether a sentence has a word that may credit a source.

    >>> has_cue("Selon NHK, oui.", "fr"), has_cue("Il pleut.", "fr")
    (True, False)
    """
    return any(_is_cue(language, word) for word in _WORD.findall(sentence))


@lru_cache(1 << 17)
def _is_cue(language: str, word: str) -> bool:
    return not kinds(language, _form(word)).isdisjoint(("phrase", "adding", *SPEECH, *PASSIVES))


@lru_cache(1 << 17)
def kinds(language: str, form: str) -> frozenset[str]:
    """Give the lists of a language's data file that have a word.

    >>> "media" in kinds("fr", "quotidien")
    True
    """
    known = cues(language)
    if known is None:
        return frozenset()
    none: frozenset[str] = frozenset()
    found = set(known.words.get(form, none))
    for at in range(1, min(len(form), LONGEST_PATTERN) + 1):
        found |= known.beginnings.get(form[:at], none) | known.ends.get(form[-at:], none)
    if form in known.phrases:
        found.add("phrase")
    return frozenset(found)


def _abbreviated(word: Word, gap: str) -> bool:
    """Tell whether a point belongs to an initial or a title before it: "M. Lavrov", "J. K. Rowling"."""
    short = word.end - word.start == 1 or bool(word.kinds & {"title", "abbreviation"})
    return short and gap[:1] == "." and not gap[1:].strip()


def _with_quoted_names(words: list[Word], text: str) -> list[Word]:
    """Join names in quotation marks to the words around them: the newspaper "Izvestia"."""
    for at in range(1, len(words)):
        if not words[at].capital or words[at].gap.strip() not in OPENING:
            continue
        for last in range(at + 1, min(at + QUOTED + 1, len(words) + 1)):
            inside = last < len(words)
            gap = (words[last].gap if inside else text[words[-1].end : words[-1].end + 2]).strip()
            if gap[:1] in CLOSING:
                words[at] = words[at]._replace(joined=True)
                if inside and gap[1:] in ("", *HYPHENS):
                    words[last] = words[last]._replace(joined=True)
                break
            if inside and not words[last].joined:
                break
    return words


@lru_cache(1 << 16)
def _form(word: str) -> str:
    """Put a word in lower case, composed, without format characters; accents stay: they tell "a" from "à"."""
    if word.isascii():
        return word.lower()
    plain = "".join(sign for sign in word if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", plain).casefold().replace("ё", "е")  # noqa: RUF001
