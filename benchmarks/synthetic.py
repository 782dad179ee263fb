"""Generate corpora with planted duplicates from real text.

An ordinary text is a random stretch of the base text with every fourth word replaced. Two ordinary texts of the same
stretch have a Jaccard similarity of about .03; the chance that the shortest reach .8 is below 10^-9. Of every ten texts
the first repeats a paragraph of its own, the second repeats a paragraph of an earlier text, and the last three are
planted: each is derived from an earlier ordinary text. A text depends only on the seed and its number, so that nothing
has to be stored: earlier texts are generated again.
"""

import unicodedata
from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

import numpy as np
from correctness import dedup_shingles
from data import Page

BLOCK_TEXTS, ORDINARY_IN_BLOCK = 10, 7
REPEAT_WITHIN, REPEAT_ACROSS = 0, 1  # positions in a block of the texts that repeat a paragraph
REPLACED_WORDS = 0.25
MIN_WORDS, MAX_WORDS = 60, 3000
MIN_PARAGRAPH_WORDS, MAX_PARAGRAPH_WORDS, MAX_PARAGRAPH_EDITS = 25, 80, 3
MAX_SENTENCE_WORDS = 30  # a sentence without a full stop ends there
DOCUMENT_SHINGLE, PARAGRAPH_SHINGLE = 5, 3

# Strings that OCR confuses, and how often it loses the space after a word instead.
OCR_CONFUSIONS = [
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
PUNCTUATION = str.maketrans(
    {",": ";", ".": "…", ";": " –", ":": ".", "!": "?!", "'": "’", "«": "“", "»": "”", "-": "‐"}  # noqa: RUF001 - typographic
)


class BaseText(NamedTuple):
    """The words that generated texts are made of."""

    pieces: Page
    """Words, each followed by the white space after it."""
    seed: int
    lengths: tuple[int, int] = (MIN_WORDS, MAX_WORDS)
    """Least and greatest number of words of an ordinary text, before paragraphs are inserted."""

    def random(self, doc: int) -> np.random.Generator:
        """Return the random numbers of a text."""
        return np.random.default_rng([self.seed, doc])

    def stretch(self, words: int, random: np.random.Generator) -> Page:
        """Return a number of consecutive words from a random position."""
        first = 2 * int(random.integers(len(self.pieces) // 2 - words))
        return self.pieces[first : first + 2 * words]


class PlantedText(NamedTuple):
    """How a planted text was made."""

    doc: int
    source: int
    """Number of the text it was derived from; of two texts, the more similar."""
    kind: str
    share: float
    """Approximate share of the text that was edited; 0 for kinds that change the whole text."""
    jaccard: float
    """Jaccard similarity to the source."""


class Location(NamedTuple):
    """The location of a paragraph."""

    doc: int
    start: int
    """Offset of the first code point."""
    end: int
    """Offset after the last code point."""


class RepeatedParagraph(NamedTuple):
    """A paragraph and its repetition."""

    location: Location
    """Location of the repetition."""
    source: Location
    """Location of the first occurrence."""
    edits: int
    """Number of words that differ."""
    jaccard: float


class OrdinaryText(NamedTuple):
    """A text that is not planted, with the paragraphs that it repeats."""

    pieces: Page
    repeats: list[RepeatedParagraph]


def jaccard(left: str, right: str, n: int) -> float:
    """Compute the Jaccard similarity of two texts over the shingles that `dedup` compares.

    Args:
        left: A text.
        right: Another text.
        n: Tokens in a shingle.

    >>> jaccard("One two three four.", "ONE, two, three: five", 3)
    0.3333333333333333
    """
    _, shingles = dedup_shingles([left, right], n)
    union = np.unique(shingles).size
    return float((shingles.size - union) / max(1, union))


def split_sentences(pieces: Page) -> list[Page]:
    r"""Split a text after words that end with a full stop or the like, and after `MAX_SENTENCE_WORDS`.

    >>> split_sentences(["So", " ", "be", " ", "it.", "\n", "Good!", ""])
    [['So', ' ', 'be', ' ', 'it.', '\n'], ['Good!', '']]
    """
    found: list[Page] = [[]]
    for at in range(0, len(pieces), 2):
        found[-1] += pieces[at : at + 2]
        if pieces[at].endswith((".", "!", "?", "…")) or len(found[-1]) == 2 * MAX_SENTENCE_WORDS:
            found.append([])
    return [sentence for sentence in found if sentence]


def joined(parts: list[Page]) -> Page:
    """Join sentences."""
    return list(chain.from_iterable(parts))


def choose_words(pieces: Page, share: float, random: np.random.Generator) -> list[int]:
    """Choose a share of the words, at least one; returns their indices in the pieces."""
    words = len(pieces) // 2
    return [2 * at for at in random.choice(words, max(1, round(share * words)), replace=False).tolist()]


def edit_words(pieces: Page, share: float, base: BaseText, random: np.random.Generator) -> Page:
    """Replace a share of the words by words of the base text, drawn by frequency."""
    edited, chosen = list(pieces), choose_words(pieces, share, random)
    drawn = random.integers(len(base.pieces) // 2, size=len(chosen)).tolist()
    for at, word in zip(chosen, drawn, strict=True):
        edited[at] = base.pieces[2 * word]
    return edited


def insert_sentences(pieces: Page, share: float, base: BaseText, random: np.random.Generator) -> Page:
    """Insert sentences of the base text with a share of the words of the text."""
    parts = split_sentences(pieces)
    for sentence in split_sentences(base.stretch(max(1, round(share * len(pieces) / 2)), random)):
        parts.insert(int(random.integers(len(parts) + 1)), sentence)
    return joined(parts)


def delete_sentences(pieces: Page, share: float, _: BaseText, random: np.random.Generator) -> Page:
    """Delete sentences, all but one at most, until a share of the words is deleted."""
    parts, left = split_sentences(pieces), len(pieces)
    for at in random.permutation(len(parts))[1:].tolist():
        left -= len(parts[at])
        parts[at] = []
        if left <= (1 - share) * len(pieces):
            break
    return joined(parts)


def shuffle_sentences(pieces: Page, share: float, _: BaseText, random: np.random.Generator) -> Page:
    """Rotate the positions of a share of the sentences, at least two."""
    parts = split_sentences(pieces)
    number = min(len(parts), max(2, round(share * len(parts))))
    chosen = random.choice(len(parts), number, replace=False).tolist()
    moved = list(parts)
    for at, other in zip(chosen, [*chosen[1:], chosen[0]], strict=True):
        moved[at] = parts[other]
    return joined(moved)


def fill_template(pieces: Page, share: float, base: BaseText, random: np.random.Generator) -> Page:
    """Replace a contiguous share of the words by other text, as if the rest were a template."""
    words = max(1, round(share * len(pieces) / 2))
    first = 2 * int(random.integers(len(pieces) // 2 - words + 1))
    return [*pieces[:first], *base.stretch(words, random), *pieces[first + 2 * words :]]


def add_ocr_errors(pieces: Page, share: float, _: BaseText, random: np.random.Generator) -> Page:
    """Put an OCR error into a share of the words: a confused string, or a lost space after the word."""
    scanned = list(pieces)
    for at in choose_words(pieces, share, random):
        possible = [pair for pair in OCR_CONFUSIONS if pair[0] in scanned[at]]
        if possible and random.random() >= LOST_SPACE:
            scanned[at] = scanned[at].replace(*possible[random.integers(len(possible))], 1)
        else:
            scanned[at + 1] = ""
    return scanned


def drop_accents(text: str) -> str:
    """Remove the accents of a text.

    >>> drop_accents("Noël, l'été")
    "Noel, l'ete"
    """
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


# Edits of a share of a text, with the shares to choose from.
EDITS: dict[str, tuple[Callable[[Page, float, BaseText, np.random.Generator], Page], tuple[float, ...]]] = {
    "words edited": (edit_words, (0.01, 0.015, 0.02, 0.025, 0.03, 0.05, 0.1, 0.2, 0.3)),
    "sentences inserted": (insert_sentences, (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)),
    "sentences deleted": (delete_sentences, (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)),
    "sentences shuffled": (shuffle_sentences, (0.05, 0.1, 0.2, 0.5, 1.0)),
    "template": (fill_template, (0.01, 0.02, 0.05, 0.08, 0.1, 0.12, 0.2, 0.4)),
    "OCR noise": (add_ocr_errors, (0.005, 0.01, 0.015, 0.02, 0.025, 0.05)),
}
# Changes of the whole text that leave its tokens the same.
SAME_TOKENS: dict[str, Callable[[str], str]] = {
    "copy": str,
    "case": str.upper,
    "accents": drop_accents,
    "punctuation": lambda text: text.translate(PUNCTUATION),
}
CONCATENATION = "two texts in one"
KINDS = (*SAME_TOKENS, *EDITS, CONCATENATION)


def is_planted(doc: int) -> bool:
    """Return whether the text with this number is derived from an earlier text."""
    return doc % BLOCK_TEXTS >= ORDINARY_IN_BLOCK


def ordinary(base: BaseText, doc: int) -> OrdinaryText:
    """Generate an ordinary text."""
    random = base.random(doc)
    words = int(np.exp(random.uniform(*np.log(base.lengths))))
    pieces = edit_words(base.stretch(words, random), REPLACED_WORDS, base, random)
    if doc % BLOCK_TEXTS in (REPEAT_WITHIN, REPEAT_ACROSS):
        return with_repeat(base, doc, pieces, random)
    return OrdinaryText(pieces, [])


def with_repeat(base: BaseText, doc: int, pieces: Page, random: np.random.Generator) -> OrdinaryText:
    """Insert a repeated paragraph into a text, with a few words changed.

    Depending on the number of the text, the first occurrence is inserted too, or is in an earlier text.
    """
    within = doc % BLOCK_TEXTS == REPEAT_WITHIN
    first_doc = doc if within else int(random.integers(doc // BLOCK_TEXTS + 1)) * BLOCK_TEXTS + REPEAT_WITHIN
    paragraph, edits = make_paragraph(base, first_doc), int(random.integers(MAX_PARAGRAPH_EDITS + 1))
    repetition = list(paragraph)
    for at in random.choice(len(paragraph) // 2, edits, replace=False).tolist():
        repetition[2 * at] = f"x{paragraph[2 * at]}"
    pieces, spans = insert_paragraphs(pieces, [paragraph, repetition] if within else [repetition], random)
    first = Location(doc, *spans[0]) if within else ordinary(base, first_doc).repeats[0].source
    similarity = jaccard("".join(paragraph), "".join(repetition), PARAGRAPH_SHINGLE)
    return OrdinaryText(pieces, [RepeatedParagraph(Location(doc, *spans[-1]), first, edits, similarity)])


def make_paragraph(base: BaseText, doc: int) -> Page:
    """Make the paragraph that is repeated from a text: a quarter of the words of a stretch, unlike any other paragraph.

    Each word begins with a letter or digit, so that the start of the paragraph is unambiguous.
    """
    random = np.random.default_rng([base.seed, doc, 1])
    size = int(random.integers(MIN_PARAGRAPH_WORDS, MAX_PARAGRAPH_WORDS + 1))
    words = [word for word in base.stretch(4 * size, random)[::2] if word[:1].isalnum()]
    chosen = sorted(random.choice(len(words), min(size, len(words)), replace=False).tolist())
    return [*joined([[words[at], " "] for at in chosen])[:-1], "\n\n"]


def insert_paragraphs(
    pieces: Page, paragraphs: list[Page], random: np.random.Generator
) -> tuple[Page, list[tuple[int, int]]]:
    """Insert paragraphs at random positions, surrounded by blank lines.

    Returns:
        The text and the span of each paragraph.
    """
    text: Page = []
    spans, done = [], 0
    chosen = sorted(random.choice(len(pieces) // 2 - 1, len(paragraphs), replace=False).tolist())
    for at, paragraph in zip(chosen, paragraphs, strict=True):
        text += [*pieces[done : 2 * at + 1], "\n\n"]
        start = sum(map(len, text))
        text += paragraph
        spans.append((start, start + sum(map(len, paragraph[:-1]))))
        done = 2 * at + 2
    return text + pieces[done:], spans


def choose_source(doc: int, kind: str, random: np.random.Generator) -> int:
    """Choose an ordinary text before a planted text: uniformly, but for templates mostly among the first texts."""
    count = (doc // BLOCK_TEXTS + 1) * ORDINARY_IN_BLOCK
    rank = int(count ** random.random()) - 1 if kind == "template" else int(random.integers(count))
    return rank // ORDINARY_IN_BLOCK * BLOCK_TEXTS + rank % ORDINARY_IN_BLOCK


def planted(base: BaseText, doc: int) -> tuple[str, PlantedText]:
    """Generate a planted text and describe how it was made."""
    random = base.random(doc)
    kind, share = KINDS[random.integers(len(KINDS))], 0.0
    docs = [choose_source(doc, kind, random) for _ in range(2 if kind == CONCATENATION else 1)]
    pieces = [ordinary(base, earlier).pieces for earlier in docs]
    originals = ["".join(side) for side in pieces]
    if kind == CONCATENATION:
        text = "\n\n".join(originals)
    elif kind in SAME_TOKENS:
        text = SAME_TOKENS[kind](originals[0])
    else:
        edit, shares = EDITS[kind]
        share = shares[random.integers(len(shares))]
        text = "".join(edit(pieces[0], share, base, random))
    similarity, most_similar = max(
        (jaccard(text, original, DOCUMENT_SHINGLE), earlier) for original, earlier in zip(originals, docs, strict=True)
    )
    return text, PlantedText(doc, most_similar, kind, share, similarity)
