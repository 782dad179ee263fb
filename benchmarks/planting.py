"""Texts with planted, known duplicates, made of real text, as many as are wanted.

An ordinary text is a stretch of the sources, of any length and from anywhere, with every fourth word replaced. Two of
one and the same stretch have a Jaccard of about .03; that the shortest come to .8 has a chance under 10^-9. Of every
ten texts the first repeats a paragraph of its own, the second one of an earlier text, and the last three are planted:
made of an earlier ordinary text. What a text is follows from the seed and its number alone, so nothing has to be held:
an earlier one is made again.
"""

import unicodedata
from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

import numpy as np
from data import Page

from dedup.kernels.folding import fold_table
from dedup.kernels.shingle_sets import make_space, shingle_sets

BLOCK, ORDINARY = 10, 7  # texts, and how many of them are not planted
WITHIN, ACROSS = 0, 1  # which of them repeat a paragraph
REPLACED = 0.25
FEWEST_WORDS, MOST_WORDS = 60, 3000
FEWEST_IN_NOTE, MOST_IN_NOTE, MOST_NOTE_EDITS = 25, 80, 3
LONGEST_SENTENCE = 30  # words; where there is no full stop, it ends there
DOCUMENT_SHINGLE, PARAGRAPH_SHINGLE = 5, 3

# What a scanner takes for what, and how often it is the space after a word that it does not see.
CONFUSIONS = [
    ("rn", "m"),
    ("m", "rn"),
    ("cl", "d"),
    ("d", "cl"),
    ("li", "h"),
    ("h", "b"),
    ("e", "c"),
    ("c", "e"),
    ("u", "n"),
    ("n", "u"),
    ("l", "1"),
    ("o", "0"),
    ("i", "j"),
    ("a", "o"),
    ("t", "f"),
    ("s", "5"),
    ("g", "q"),
    ("E", "F"),
    ("O", "0"),
    ("I", "l"),
    ("B", "8"),
    ("S", "5"),
    ("T", "7"),
    ("0", "O"),
    ("1", "l"),
    ("5", "S"),
    ("8", "B"),
]
LOST_SPACE = 0.2
MARKS = str.maketrans({",": ";", ".": "…", ";": " –", ":": ".", "!": "?!", "'": "’", "«": "“", "»": "”", "-": "‐"})  # noqa: RUF001


class Stock(NamedTuple):
    """What texts are made of."""

    pieces: Page
    """Words, and the white space after each."""
    seed: int

    def random(self, doc: int) -> np.random.Generator:
        """Begin the random numbers of a text."""
        return np.random.default_rng([self.seed, doc])

    def stretch(self, words: int, random: np.random.Generator) -> Page:
        """Take so many words from anywhere."""
        first = 2 * int(random.integers(len(self.pieces) // 2 - words))
        return self.pieces[first : first + 2 * words]


class Truth(NamedTuple):
    """What is known of a planted text."""

    doc: int
    source: int
    """The text it was made of; of two, the one it resembles more."""
    kind: str
    share: float
    """Of the text that was changed, about; 0 where all of it was changed in one way."""
    jaccard: float
    """With its source."""


class Place(NamedTuple):
    """Where a paragraph stands."""

    doc: int
    start: int
    end: int


class Repeat(NamedTuple):
    """What is known of a paragraph that occurs a second time."""

    place: Place
    source: Place
    edits: int
    """Words that differ."""
    jaccard: float


class Ordinary(NamedTuple):
    """A text that is not planted, and the paragraph of its own or of an earlier one that it repeats, if it does."""

    pieces: Page
    repeats: list[Repeat]


def jaccard(one: str, other: str, n: int) -> float:
    """Compare two texts as `dedup` does: the part of all their runs of n tokens that both have.

    >>> jaccard("One two three four.", "ONE, two, three: five", 3)
    0.3333333333333333
    """
    data = [one.encode(), other.encode()]
    lengths, sizes = np.array([len(side) for side in data]), np.empty(2, np.int64)
    stops = np.cumsum(lengths)
    space = make_space(int(lengths.max()), int((lengths // 2 + 1).sum()))
    both = np.frombuffer(b"".join(data), np.uint8)
    total = shingle_sets(both, stops - lengths, stops, n, fold_table(), space, sizes)
    union = np.unique(space.out[:total]).size
    return float((total - union) / max(1, union))


def sentences(pieces: Page) -> list[Page]:
    r"""Cut a text after words that end with a full stop or the like, and where there is none for long.

    >>> sentences(["So", " ", "be", " ", "it.", "\n", "Good!", ""])
    [['So', ' ', 'be', ' ', 'it.', '\n'], ['Good!', '']]
    """
    found: list[Page] = [[]]
    for at in range(0, len(pieces), 2):
        found[-1] += pieces[at : at + 2]
        if pieces[at].endswith((".", "!", "?", "…")) or len(found[-1]) == 2 * LONGEST_SENTENCE:
            found.append([])
    return [sentence for sentence in found if sentence]


def joined(parts: list[Page]) -> Page:
    """Put sentences together again."""
    return list(chain.from_iterable(parts))


def places(pieces: Page, share: float, random: np.random.Generator) -> list[int]:
    """Choose a share of the words, one at least."""
    words = len(pieces) // 2
    return [2 * at for at in random.choice(words, max(1, round(share * words)), replace=False).tolist()]


def edit_words(pieces: Page, share: float, stock: Stock, random: np.random.Generator) -> Page:
    """Replace a share of the words by others of the sources, the frequent ones more often."""
    edited, chosen = list(pieces), places(pieces, share, random)
    drawn = random.integers(len(stock.pieces) // 2, size=len(chosen)).tolist()
    for at, word in zip(chosen, drawn, strict=True):
        edited[at] = stock.pieces[2 * word]
    return edited


def insert_sentences(pieces: Page, share: float, stock: Stock, random: np.random.Generator) -> Page:
    """Put sentences of the sources between its own, together as long as a share of it."""
    parts = sentences(pieces)
    for sentence in sentences(stock.stretch(max(1, round(share * len(pieces) / 2)), random)):
        parts.insert(int(random.integers(len(parts) + 1)), sentence)
    return joined(parts)


def delete_sentences(pieces: Page, share: float, _: Stock, random: np.random.Generator) -> Page:
    """Take sentences out until a share of the words is gone; one stays."""
    parts, left = sentences(pieces), len(pieces)
    for at in random.permutation(len(parts))[1:].tolist():
        left -= len(parts[at])
        parts[at] = []
        if left <= (1 - share) * len(pieces):
            break
    return joined(parts)


def shuffle_sentences(pieces: Page, share: float, _: Stock, random: np.random.Generator) -> Page:
    """Let a share of the sentences change places, each with another; two at least."""
    parts = sentences(pieces)
    number = min(len(parts), max(2, round(share * len(parts))))
    chosen = random.choice(len(parts), number, replace=False).tolist()
    moved = list(parts)
    for at, other in zip(chosen, [*chosen[1:], chosen[0]], strict=True):
        moved[at] = parts[other]
    return joined(moved)


def fill_template(pieces: Page, share: float, stock: Stock, random: np.random.Generator) -> Page:
    """Keep the frame of a text, and put other content in the place of a share of its words."""
    words = max(1, round(share * len(pieces) / 2))
    first = 2 * int(random.integers(len(pieces) // 2 - words + 1))
    return [*pieces[:first], *stock.stretch(words, random), *pieces[first + 2 * words :]]


def scan_badly(pieces: Page, share: float, _: Stock, random: np.random.Generator) -> Page:
    """Read a share of the words as a scanner does that takes letters for others."""
    scanned = list(pieces)
    for at in places(pieces, share, random):
        known = [pair for pair in CONFUSIONS if pair[0] in scanned[at]]
        if known and random.random() >= LOST_SPACE:
            scanned[at] = scanned[at].replace(*known[random.integers(len(known))], 1)
        else:
            scanned[at + 1] = ""
    return scanned


def drop_accents(text: str) -> str:
    """Write a text without accents.

    >>> drop_accents("Noël, l'été")
    "Noel, l'ete"
    """
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


# What changes a share of a text, and how large that share may be.
EDITS: dict[str, tuple[Callable[[Page, float, Stock, np.random.Generator], Page], tuple[float, ...]]] = {
    "words edited": (edit_words, (0.01, 0.015, 0.02, 0.025, 0.03, 0.05, 0.1, 0.2, 0.3)),
    "sentences inserted": (insert_sentences, (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)),
    "sentences deleted": (delete_sentences, (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)),
    "sentences shuffled": (shuffle_sentences, (0.05, 0.1, 0.2, 0.5, 1.0)),
    "template": (fill_template, (0.01, 0.02, 0.05, 0.08, 0.1, 0.12, 0.2, 0.4)),
    "OCR noise": (scan_badly, (0.005, 0.01, 0.015, 0.02, 0.025, 0.05)),
}
# What changes all of a text in a way that `dedup` does not see.
CHANGES: dict[str, Callable[[str], str]] = {
    "copy": str,
    "case": str.upper,
    "accents": drop_accents,
    "punctuation": lambda text: text.translate(MARKS),
}
TWO = "two texts in one"
KINDS = (*CHANGES, *EDITS, TWO)


def is_planted(doc: int) -> bool:
    """Say whether the text of a number is made of an earlier one."""
    return doc % BLOCK >= ORDINARY


def ordinary(stock: Stock, doc: int) -> Ordinary:
    """Make an ordinary text."""
    random = stock.random(doc)
    words = int(np.exp(random.uniform(np.log(FEWEST_WORDS), np.log(MOST_WORDS))))
    pieces = edit_words(stock.stretch(words, random), REPLACED, stock, random)
    return with_repeat(stock, doc, pieces, random) if doc % BLOCK in (WITHIN, ACROSS) else Ordinary(pieces, [])


def with_repeat(stock: Stock, doc: int, pieces: Page, random: np.random.Generator) -> Ordinary:
    """Put a paragraph into a text twice, or that of an earlier text once; the second time a few words may differ."""
    within = doc % BLOCK == WITHIN
    source = doc if within else int(random.integers(doc // BLOCK + 1)) * BLOCK + WITHIN
    note, edits = make_note(stock, source), int(random.integers(MOST_NOTE_EDITS + 1))
    again = list(note)
    for at in random.choice(len(note) // 2, edits, replace=False).tolist():
        again[2 * at] = f"x{note[2 * at]}"
    pieces, spans = put_in(pieces, [note, again] if within else [again], random)
    first = Place(doc, *spans[0]) if within else ordinary(stock, source).repeats[0].source
    similarity = jaccard("".join(note), "".join(again), PARAGRAPH_SHINGLE)
    return Ordinary(pieces, [Repeat(Place(doc, *spans[-1]), first, edits, similarity)])


def make_note(stock: Stock, doc: int) -> Page:
    """Make the paragraph that a text repeats: words of one stretch, most of them left out, so that no other is like it.

    Each begins with a letter or digit, so that there is no doubt where the paragraph begins.
    """
    random = np.random.default_rng([stock.seed, doc, 1])
    size = int(random.integers(FEWEST_IN_NOTE, MOST_IN_NOTE + 1))
    words = [word for word in stock.stretch(4 * size, random)[::2] if word[:1].isalnum()]
    chosen = sorted(random.choice(len(words), min(size, len(words)), replace=False).tolist())
    return [*joined([[words[at], " "] for at in chosen])[:-1], "\n\n"]


def put_in(pieces: Page, notes: list[Page], random: np.random.Generator) -> tuple[Page, list[tuple[int, int]]]:
    """Put paragraphs between words of a text, blank lines around each, and say where they come to stand."""
    text: Page = []
    spans, done = [], 0
    chosen = sorted(random.choice(len(pieces) // 2 - 1, len(notes), replace=False).tolist())
    for at, note in zip(chosen, notes, strict=True):
        text += [*pieces[done : 2 * at + 1], "\n\n"]
        start = sum(map(len, text))
        text += note
        spans.append((start, start + sum(map(len, note[:-1]))))
        done = 2 * at + 2
    return text + pieces[done:], spans


def earlier(doc: int, kind: str, random: np.random.Generator) -> int:
    """Choose an ordinary text before a planted one: any, but as a template the first ones far more often."""
    number = (doc // BLOCK + 1) * ORDINARY
    rank = int(number ** random.random()) - 1 if kind == "template" else int(random.integers(number))
    return rank // ORDINARY * BLOCK + rank % ORDINARY


def planted(stock: Stock, doc: int) -> tuple[str, Truth]:
    """Make a text of an earlier one, and say what is known of it."""
    random = stock.random(doc)
    kind, share = KINDS[random.integers(len(KINDS))], 0.0
    sources = [earlier(doc, kind, random) for _ in range(2 if kind == TWO else 1)]
    pieces = [ordinary(stock, source).pieces for source in sources]
    originals = ["".join(side) for side in pieces]
    if kind == TWO:
        text = "\n\n".join(originals)
    elif kind in CHANGES:
        text = CHANGES[kind](originals[0])
    else:
        edit, shares = EDITS[kind]
        share = shares[random.integers(len(shares))]
        text = "".join(edit(pieces[0], share, stock, random))
    similarity, source = max(
        (jaccard(text, original, DOCUMENT_SHINGLE), source) for original, source in zip(originals, sources, strict=True)
    )
    return text, Truth(doc, source, kind, share, similarity)
