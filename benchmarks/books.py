"""Generate books of hours: books that contain psalms of a pool, each in the spelling and the lines of its scribe.

Psalms and the texts between them are made of pseudo-Latin words: syllables from a seeded distribution, with Zipf's
frequencies, and endings; the formulas that follow each psalm are the same in all books. The same seed gives the same
books.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from baselines import shingles
from measures import best_f1_threshold
from planted import add_noise
from reuse_measures import Match

BOOKS, PSALMS, POOL = 40, 43, 150
VOCABULARY = 4000
PSALM_VERSES = (6, 24)
VERSE_WORDS = (5, 14)
OWN_SENTENCES = (1, 6)  # rubrics and prayers of the book between two psalms
ABBREVIATED, LOST_PUNCTUATION, CHANGED_WORDS, LOST_VERSES = 0.15, 0.7, 0.04, 0.1
MAX_NOISE = 0.12  # share of the characters that are misread
INCIPITS = 0.15  # share of the occurrences that have only the first verses
INCIPIT_VERSES = 3
GRAM_LETTERS = 20
LINE = (40, 80)  # code points of a line of a book

_ONSETS = ["b", "c", "d", "f", "g", "l", "m", "n", "p", "qu", "r", "s", "t", "v", "st", "pr", "tr", "cl", "gr", "sp"]
_VOWELS = ["a", "e", "i", "o", "u", "ae"]
_CODAS = ["", "", "", "", "", "", "", "n", "r", "s", "t", "m", "l", "x"]
_ENDINGS = [
    "a",
    "ae",
    "am",
    "um",
    "us",
    "is",
    "em",
    "es",
    "os",
    "as",
    "o",
    "i",
    "it",
    "at",
    "unt",
    "et",
    "ibus",
    "orum",
    "tur",
    "bit",
]
# Patterns and what scribes write instead.
_SPELLINGS = (
    (r"ae", "e"),
    (r"\bu(?=[^aeiou])", "v"),
    (r"(?<=\w)v", "u"),
    (r"\bi(?=[aeou])", "j"),
    (r"ti(?=[aeou])", "ci"),
    (r"(?<=[aeiou])([lnst])(?=[aeiou])", r"\1\1"),
    (r"i\b", "y"),
    (r"x(?=[aeiou])", "cs"),
)
_ABBREVIATIONS = (("um", "ũ"), ("am", "ã"), ("em", "ẽ"), ("us", "9"), ("que", "q;"), ("per", "p"), ("orum", "oꝝ"))


class Occurrence(NamedTuple):
    """Where a book contains a psalm."""

    book: int
    psalm: int
    """Number of the psalm in the pool."""
    start: int
    """Offset of its first code point."""
    end: int
    """Offset after its last code point."""


class Library(NamedTuple):
    """Psalms and books that contain them."""

    psalms: list[str]
    books: list[str]
    occurrences: list[Occurrence]

    @property
    def pairs(self) -> set[tuple[int, int]]:
        """Return the pairs of a book and a psalm that it contains."""
        return {(occurrence.book, occurrence.psalm) for occurrence in self.occurrences}


@dataclass(frozen=True)
class Scribe:
    """Habits of the scribe of a book."""

    spellings: tuple[tuple[str, str], ...]
    """Patterns and what is written instead."""
    consistency: float
    """Share of the words in which the spellings are used."""
    abbreviated: float
    """Share of the words that are abbreviated."""
    lost_punctuation: float
    """Share of the punctuation marks that are not written."""
    line: int
    """Code points of a line."""
    noise: float
    """Share of the characters of the book that are misread."""


class Latin:
    """A source of pseudo-Latin sentences."""

    def __init__(self, random: np.random.Generator) -> None:
        """Make the vocabulary."""
        stems = dict.fromkeys(_stem(random) for _ in range(VOCABULARY))
        self.words = ["et", "in", "est", "non", "ad", "deus", "dominus", "qui", "tuum", "meus", *stems]
        self.weights = 1 / np.arange(3, len(self.words) + 3)
        self.weights /= self.weights.sum()
        self.random = random

    def verse(self) -> str:
        """Write a verse: words, with a colon in the middle and a full stop at the end."""
        count = int(self.random.integers(*VERSE_WORDS))
        drawn = self.random.choice(len(self.words), count, p=self.weights).tolist()
        words = [self.words[at] + (_pick(_ENDINGS, self.random) if at >= 10 else "") for at in drawn]
        words[count // 2 - 1] += ":"
        return f"{' '.join(words).capitalize()}."

    def verses(self, limits: tuple[int, int]) -> list[str]:
        """Write a number of verses between two limits."""
        return [self.verse() for _ in range(int(self.random.integers(*limits)))]


def _stem(random: np.random.Generator) -> str:
    """Make the stem of a word."""
    syllables = int(random.integers(1, 4))
    parts = [_pick(_ONSETS, random) + _pick(_VOWELS, random) + _pick(_CODAS, random) for _ in range(syllables)]
    return "".join(parts) + _pick(_ONSETS, random)


def _pick(choices: Sequence[str], random: np.random.Generator) -> str:
    return choices[int(random.integers(len(choices)))]


def library(books: int = BOOKS, psalms: int = PSALMS, pool: int = POOL, seed: int = 1) -> Library:
    """Generate psalms and books.

    Args:
        books: Number of books.
        psalms: Number of psalms in a book, at most `pool`.
        pool: Number of psalms in the pool.
        seed: Seed of all choices.
    """
    random = np.random.default_rng(seed)
    latin = Latin(random)
    texts = [latin.verses(PSALM_VERSES) for _ in range(pool)]
    formulas = latin.verses((2, 3))
    # Some psalms are in nearly all books, most in a few.
    weights = 1 / np.arange(4, pool + 4)
    weights /= weights.sum()
    written, occurrences = [], []
    for book in range(books):
        scribe = make_scribe(random)
        parts: list[tuple[int | None, list[str]]] = [(None, latin.verses(OWN_SENTENCES))]
        for psalm in random.choice(pool, min(psalms, pool), replace=False, p=weights).tolist():
            verses = texts[psalm][: INCIPIT_VERSES if random.random() < INCIPITS else None]
            kept = [verse for verse in verses if random.random() >= LOST_VERSES]
            parts += [(psalm, kept or verses), (None, formulas), (None, latin.verses(OWN_SENTENCES))]
        text = ""
        for psalm, verses in parts:
            copied = break_lines(copy(" ".join(verses), scribe, latin, random), scribe.line, random)
            if psalm is not None:
                occurrences.append(Occurrence(book, psalm, len(text), len(text) + len(copied)))
            text += copied + "\n"
        written.append(text)
    return Library([" ".join(verses) for verses in texts], written, occurrences)


def make_scribe(random: np.random.Generator) -> Scribe:
    """Choose the habits of a scribe."""
    return Scribe(
        tuple(spelling for spelling in _SPELLINGS if random.random() < 0.5),
        float(random.uniform(0.5, 1)),
        float(random.uniform(0, 2 * ABBREVIATED)),
        float(random.uniform(2 * LOST_PUNCTUATION - 1, 1)),
        int(random.integers(*LINE)),
        float(random.uniform(0, MAX_NOISE)),
    )


def copy(text: str, scribe: Scribe, latin: Latin, random: np.random.Generator) -> str:
    """Copy a text as a scribe does: own spelling, abbreviations, lost punctuation, other words, misread letters."""
    words = []
    for word in text.split():
        if random.random() < CHANGED_WORDS:
            word = latin.words[int(random.integers(len(latin.words)))]
        if random.random() < scribe.consistency:
            word = respell(word, scribe.spellings)
        if random.random() < scribe.abbreviated:
            old, new = _ABBREVIATIONS[int(random.integers(len(_ABBREVIATIONS)))]
            word = word.replace(old, new, 1)
        if random.random() < scribe.lost_punctuation:
            word = word.rstrip(".:")
        words.append(word)
    return add_noise(" ".join(words), scribe.noise, random)


def respell(word: str, spellings: Sequence[tuple[str, str]]) -> str:
    r"""Replace patterns in a word, one after the other.

    >>> respell("caelivus", [("ae", "e"), (r"(?<=\w)v", "u")])
    'celiuus'
    """
    for pattern, written in spellings:
        word = re.sub(pattern, written, word)
    return word


def break_lines(text: str, length: int, random: np.random.Generator) -> str:
    """Break a text into lines of about a length, now and then within a word, as prints do."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) <= length:
            lines[-1] += f"{' ' * bool(lines[-1])}{word}"
        elif random.random() < 0.1 and len(word) > 6:
            lines[-1] += f" {word[:3]}-"
            lines.append(word[3:])
        else:
            lines.append(word)
    return "\n".join(lines)


def book_matches(made: Library) -> list[Match]:
    """Return the matches of each psalm of the pool with the books, for corpora of all psalms followed by all books."""
    first_book = len(made.psalms)
    return [
        Match(found.psalm, 0, len(made.psalms[found.psalm]), first_book + found.book, found.start, found.end)
        for found in made.occurrences
    ]


def shared_grams(made: Library) -> dict[str, set[tuple[int, int]]]:
    """Pair books and psalms by shared word 3-grams and by shared strings of letters, with the cut that is best.

    Returns:
        The pairs of a book and a psalm, by method.
    """
    found = {}
    for name, grams in (("word 3-grams", _word_grams), ("20-letter strings", _letter_grams)):
        psalms, books = ([grams(text) for text in texts] for texts in (made.psalms, made.books))
        pairs = [(book, psalm) for book in range(len(books)) for psalm in range(len(psalms))]
        shares = np.array([len(psalms[psalm] & books[book]) / max(1, len(psalms[psalm])) for book, psalm in pairs])
        gold = np.array([pair in made.pairs for pair in pairs])
        cut, _ = best_f1_threshold(shares, gold)
        found[f"shared {name}, best cut"] = {pair for pair, share in zip(pairs, shares, strict=True) if share >= cut}
    return found


def _word_grams(text: str) -> set[str]:
    """Return the word 3-grams of a text whose words are joined where a line broke them."""
    return set(shingles(text.replace("-\n", "")))


def _letter_grams(text: str) -> set[str]:
    """Return the strings of 20 letters of a text, without what is between the letters."""
    letters = "".join(filter(str.isalnum, text.casefold()))
    return {letters[at : at + GRAM_LETTERS] for at in range(len(letters) - GRAM_LETTERS + 1)}
