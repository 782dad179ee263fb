"""Read the attribution cues of a language, and tag the words of a sentence with them."""
# ruff: noqa: RUF001 - letters and marks that look alike

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from dedup.text.language import language_data, outlet_names, unit_names
from dedup.text.spans import Span
from dedup.text.tokens import PUNCTUATION

# Lists of the data file whose entries may be phrases of several words.
PHRASE_LISTS = (
    *("before", "citing", "named", "view", "aside", "source_itself", "after", "interview", "clause"),
    *("files", "label", "same", "contributed"),
)
# Lists of reporting verbs, and of verbs whose passive credits a source.
SPEECH_LISTS = ("report", "remark", "say", "quoted", "stance")
PASSIVE_LISTS = ("passed_on", "published")
CUE_TAGS = frozenset(("phrase", "adding", "of_medium", *SPEECH_LISTS, *PASSIVE_LISTS))
"""Tags of the words that may credit a source."""

_WORD = re.compile(rf"[^\s{PUNCTUATION}]+")
# Gaps between two words that do not separate them.
_JOINING_GAP = re.compile(r"\s*|[-‐‑]|['’ʼ]|\s?&\s?|\.")
OPENING_QUOTES, CLOSING_QUOTES = tuple('«“„‹"‘”'), tuple('»”“›"')
_APOSTROPHES = ("'", "’")
HYPHEN_GAPS = ("-", "‐", "‑")
# Tags that a word in capitals keeps ("US" is not a pronoun), and tags that a lower-case word after a hyphen keeps.
_UPPER_CASE_TAGS = frozenset(("adjective", "body", "media", "people", "information", "title", "spokesman", "of_medium"))
_HYPHENATED_TAGS = frozenset(("pronoun",))
# Tags of words that are not in a name in quotation marks.
_NOT_QUOTED_TAGS = frozenset(("pronoun", "negation", "say", "report", "link", "auxiliary", "modal", "that"))
# Tags that a word with a capital inside a clause does not have.
_VERB_TAGS = frozenset(("auxiliary", "passive_auxiliary", "modal", "link"))
# Tags of verbs and prepositions that show that a word before them is a name.
_AFTER_NAME_TAGS = frozenset((*SPEECH_LISTS, "auxiliary", "passive_auxiliary", "link", "joiner"))
# Articles at the start of outlet names, which are dropped after a preposition: "au Figaro".
_OUTLET_ARTICLES = ("le", "la", "les", "l", "the", "el", "der", "die", "das")
MAX_PATTERN_LENGTH = 20
"""Maximum number of letters of an entry such as "minist*"."""
MAX_OUTLET_WORDS = 4
"""Maximum number of words of a known outlet."""
MAX_QUOTED_NAME_WORDS = 4
"""Maximum number of words of a name in quotation marks."""


class TaggedWord(NamedTuple):
    """A word of a sentence with its tags."""

    start: int
    """Offset of the first code point."""
    end: int
    """Offset after the last code point."""
    form: str
    """Word in lower case, in NFC."""
    tags: frozenset[str]
    """Lists of the data file that contain the word, and "finite", "participle" and "passive" for verb forms."""
    capital: bool
    """Whether the word begins with a capital or a digit."""
    upper: bool
    """Whether the word is two capitals or more, as acronyms are."""
    joined: bool
    """Whether only white space, a hyphen, an apostrophe or a similar sign separates the word from the word before."""
    gap: str
    """Text between the word and the word before."""


class Phrase(NamedTuple):
    """A phrase of the data file."""

    forms: tuple[str, ...]
    """Its words in lower case."""
    list_name: str
    """Name of the list that contains it."""


@dataclass(frozen=True)
class CueTable:
    """Attribution cues of a language: the table [attribution] of its data file."""

    words: dict[str, frozenset[str]]
    """Tags by word."""
    prefixes: dict[str, frozenset[str]]
    """Tags by prefix of a word."""
    suffixes: dict[str, frozenset[str]]
    """Tags by suffix of a word."""
    phrases: dict[str, tuple[Phrase, ...]]
    """Phrases by first word, the longest first."""
    outlets: frozenset[str]
    """Names of outlets in all languages, in lower case."""
    agencies: frozenset[str]
    """Those of `outlets` that are news agencies."""
    cases: dict[tuple[str, ...], str]
    """Grammatical case after a phrase, where it is not the genitive."""
    traits: frozenset[str]
    """Grammatical traits of the language: the keys of the table that are true."""


def reads_credits(language: str) -> bool:
    """Return whether the sources that texts credit are read in a language.

    Args:
        language: ISO 639-1 code, or "und" for an unknown language.

    >>> reads_credits("fr"), reads_credits("it")
    (True, False)
    """
    return cue_table(language) is not None


@cache
def cue_table(language: str) -> CueTable | None:
    """Return the attribution cues of a language.

    Args:
        language: ISO 639-1 code.

    Returns:
        The cues; None if the language has no table [attribution].

    >>> "relayée" in cue_table("fr").words, cue_table("xx")
    (True, None)
    """
    table: dict[str, Any] | None = language_data(language).get("attribution")
    if not table:
        return None
    words: dict[str, set[str]] = {}
    prefixes: dict[str, set[str]] = {}
    suffixes: dict[str, set[str]] = {}
    phrases: dict[str, list[Phrase]] = {}
    for name, entries in table.items():
        if not isinstance(entries, list):
            continue
        for entry in entries:
            if name in PHRASE_LISTS:
                forms = word_forms(entry)
                phrases.setdefault(forms[0], []).append(Phrase(forms, name))
            elif entry.endswith("*"):
                tags = [name] + ["passive"] * (name in PASSIVE_LISTS)
                prefixes.setdefault(_normalise(entry[:-1]), set()).update(tags)
            elif entry.startswith("*"):
                suffixes.setdefault(_normalise(entry[1:]), set()).add(name)
            else:
                for form, tag in _inflected(entry, name, table.get("endings", {})):
                    words.setdefault(form, set()).add(tag)
    for form in _quantity_words(language):
        words.setdefault(form, set()).add("quantity")
    return CueTable(
        words={form: frozenset(tags) for form, tags in words.items()},
        prefixes={letters: frozenset(tags) for letters, tags in prefixes.items()},
        suffixes={letters: frozenset(tags) for letters, tags in suffixes.items()},
        phrases={
            first: tuple(sorted(listed, key=lambda phrase: -len(phrase.forms))) for first, listed in phrases.items()
        },
        outlets=_names(*outlet_names()),
        agencies=_names("agencies"),
        cases={word_forms(entry): case for case, listed in table.get("cases", {}).items() for entry in listed},
        traits=frozenset(name for name, value in table.items() if value is True),
    )


def word_forms(name: str) -> tuple[str, ...]:
    """Return the words of a name in the form in which they are compared.

    >>> word_forms("dpa-AFX")
    ('dpa', 'afx')
    """
    return tuple(_normalise(word) for word in _WORD.findall(name))


def _inflected(entry: str, name: str, endings: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield pairs of an inflected form of an entry and a tag of that form: the list name or a kind of verb form."""
    stem, plus, ending = entry.partition("+")
    if not plus:
        yield _normalise(entry), name
        yield _normalise(entry), "passive" if name in PASSIVE_LISTS else "finite"
        return
    for verb_form, listed in endings[ending].items():
        is_wanted = verb_form == "passive" if name in PASSIVE_LISTS else verb_form != "passive"
        for letters in listed.split() if is_wanted else ():
            form = _normalise(stem + letters.replace("-", ""))
            yield form, name
            if verb_form != "plain":
                yield form, verb_form


def _quantity_words(language: str) -> Iterator[str]:
    """Yield the words for numbers, units and currencies in the form in which they are compared."""
    numbers, units = language_data(language)["numbers"], unit_names(language)
    tables = (numbers.get("words"), numbers.get("multipliers"), numbers.get("units"), *units.values())
    for table in tables:
        for names in (table or {}).values():
            yield from (forms[0] for forms in map(word_forms, names) if len(forms) == 1)


@cache
def _names(*groups: str) -> frozenset[str]:
    """Return the names of outlets in groups of the data file, with and without a leading article."""
    names = {word_forms(name) for group in groups for name in outlet_names()[group]}
    shortened = {" ".join(name[1:]) for name in names if name[0] in _OUTLET_ARTICLES}
    return frozenset(" ".join(name) for name in names) | shortened


def tagged_words(text: str, sentence: Span, language: str) -> list[TaggedWord]:
    """Return the words of a sentence with their tags.

    Args:
        text: Any text.
        sentence: Span of the sentence.
        language: ISO 639-1 code of a language with cues.

    >>> [word.form for word in tagged_words("D'après l'AFP", Span(0, 13), "fr")]
    ['d', 'après', 'l', 'afp']
    """
    words: list[TaggedWord] = []
    gap_start = sentence.start
    for match in _WORD.finditer(text, *sentence):
        word = match[0]
        form, tags, is_capital, upper = _read_word(language, word)
        start, end = match.span()
        gap = text[gap_start:start]
        joined = bool(words) and (
            gap == " " or _JOINING_GAP.fullmatch(gap) is not None or _is_abbreviated(words[-1], gap)
        )
        if not joined and gap[:1] in _APOSTROPHES and words:
            joined = _is_plural_possessive(words[-1], gap, word)
        if gap == "." and joined and words[-1].capital and not word[0].isupper():
            tags = frozenset()  # "es" of "elDiario.es"
        capital = is_capital or "uncapitalised" in tags
        if capital and joined and not tags.isdisjoint(_VERB_TAGS):
            tags -= _VERB_TAGS  # "la cadena Ser"
        if words and words[-1].capital and gap in HYPHEN_GAPS:
            # "un" of "Jong-un" is not an article.
            tags &= _UPPER_CASE_TAGS if capital else _HYPHENATED_TAGS
        words.append(TaggedWord(start, end, form, tags, capital, upper, joined, gap))
        gap_start = end
    return _join_quoted_names(_separate_imperatives(words, language), text)


@lru_cache(1 << 16)
def _read_word(language: str, word: str) -> tuple[str, frozenset[str], bool, bool]:
    """Return the properties of a word in any sentence: its form, its tags, a capital or digit, and all capitals.

    >>> form, tags, *others = _read_word("en", "US")
    >>> form, "pronoun" in tags, others
    ('us', False, [True, True])
    """
    form = _normalise(word)
    tags = tags_of(language, form)
    upper = len(form) > 1 and word.isupper()
    is_capital = word != word.lower() or word[0].isdigit()
    return form, tags & _UPPER_CASE_TAGS if upper else tags, is_capital, upper


def has_cue(sentence: str, language: str) -> bool:
    """Return whether a sentence contains a word that may credit a source.

    >>> has_cue("Selon NHK, oui.", "fr"), has_cue("Il pleut.", "fr")
    (True, False)
    """
    return any(_is_cue(language, word) for word in _WORD.findall(sentence))


@lru_cache(1 << 17)
def _is_cue(language: str, word: str) -> bool:
    return not tags_of(language, _normalise(word)).isdisjoint(CUE_TAGS)


@lru_cache(1 << 17)
def tags_of(language: str, form: str) -> frozenset[str]:
    """Return the tags of a word; "phrase" if a phrase begins with it.

    >>> "media" in tags_of("fr", "quotidien")
    True
    """
    cues = cue_table(language)
    if cues is None:
        return frozenset()
    no_tags: frozenset[str] = frozenset()
    tags = set(cues.words.get(form, no_tags))
    for length in range(1, min(len(form), MAX_PATTERN_LENGTH) + 1):
        tags |= cues.prefixes.get(form[:length], no_tags) | cues.suffixes.get(form[-length:], no_tags)
    if form in cues.phrases:
        tags.add("phrase")
    return frozenset(tags)


def _is_abbreviated(word: TaggedWord, gap: str) -> bool:
    """Return whether the gap after an initial or a title starts with its full stop: "M. Lavrov", "J. K. Rowling"."""
    is_short = word.end - word.start == 1 or bool(word.tags & {"title", "abbreviation"})
    return is_short and gap[:1] == "." and not gap[1:].strip()


def _is_plural_possessive(word: TaggedWord, gap: str, after: str) -> bool:
    """Return whether an apostrophe after a plural joins two words with capitals: "Tenants' Union"."""
    return gap[1:].isspace() and word.capital and word.form.endswith("s") and after[0].isupper()


def _separate_imperatives(words: list[TaggedWord], language: str) -> list[TaggedWord]:
    """Mark imperatives that begin a sentence after a missing full stop as not joined, and return the words.

    As in "that date Find the full report": the word before is in lower case or a known outlet, or an address follows:
    "Lesen Sie". A verb after the word shows that it is a name: "(the spokesman) Read said".
    """
    for at in range(1, len(words) - 1):
        word, before, after = words[at], words[at - 1], words[at + 1]
        if "imperative" not in word.tags or not word.capital or word.upper or not (word.gap.isspace() and after.joined):
            continue
        is_addressed = after.capital and "pronoun" in after.tags
        is_after_lower = not before.capital and before.end - before.start > 1
        is_listed = "and" in after.tags and at + 2 < len(words) and words[at + 2].capital  # "Lire et Voir"
        is_name = after.capital or is_listed or not after.tags.isdisjoint(_AFTER_NAME_TAGS)
        is_after_outlet = "article" in after.tags and _ends_in_outlet(
            words[max(0, at - MAX_OUTLET_WORDS) : at], language
        )
        if is_addressed or ((is_after_lower or is_after_outlet) and not is_name):
            words[at] = word._replace(joined=False)
    return words


def _ends_in_outlet(words: Sequence[TaggedWord], language: str) -> bool:
    """Return whether words end in the name of a known outlet."""
    cues = cue_table(language)
    names = (" ".join(word.form for word in words[first:]) for first in range(len(words)))
    return cues is not None and words[-1].capital and any(name in cues.outlets for name in names)


def _join_quoted_names(words: list[TaggedWord], text: str) -> list[TaggedWord]:
    """Mark names in quotation marks as joined to the words around them and capitalised, and return the words."""
    for at in range(len(words)):
        if not words[at].capital or words[at].gap.strip() not in OPENING_QUOTES:
            continue
        for last in range(at + 1, min(at + MAX_QUOTED_NAME_WORDS + 1, len(words) + 1)):
            is_inside = last < len(words)
            gap = (words[last].gap if is_inside else text[words[-1].end : words[-1].end + 2]).strip()
            if gap[:1] in CLOSING_QUOTES:
                _join_quoted_name(words, at, last, joins_next=is_inside and gap[1:] in ("", *HYPHEN_GAPS))
                break
            if is_inside and not words[last].joined:
                break
    return words


def _join_quoted_name(words: list[TaggedWord], first: int, last: int, *, joins_next: bool) -> None:
    """Mark the words of a name in quotation marks: «Новая газета» is a name, although "газета" has no capital."""
    if first:
        words[first] = words[first]._replace(joined=True)
    elif not joins_next:
        return
    if joins_next:
        words[last] = words[last]._replace(joined=True)
    inside = words[first:last]
    if any(word.tags & _NOT_QUOTED_TAGS for word in inside[1:]) or inside[0].tags & {"pronoun", "negation", "this"}:
        return
    kept = frozenset(("media", "body"))
    words[first:last] = [word._replace(capital=True, tags=word.tags & kept) for word in inside]


@lru_cache(1 << 16)
def _normalise(word: str) -> str:
    """Return a word in lower case and NFC, without format characters.

    Accents are kept, because they distinguish words such as "a" and "à". Cyrillic io becomes ie, its common spelling.

    >>> _normalise("À"), _normalise("ещё")
    ('à', 'еще')
    """
    if word.isascii():
        return word.lower()
    visible = "".join(char for char in word if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFC", visible).casefold().replace("ё", "е")
