"""Sentences to terms: which stems, character 4-grams and content words each has, as arrays of ids."""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dedup.text.function_words import function_words
from dedup.text.language import stem
from dedup.text.tokens import Token

# Letters in a gram, and in the shortest word that may carry content.
GRAM = 4
SHORTEST = 3


@dataclass(frozen=True)
class Terms:
    """Which terms each sentence has: a sparse matrix of sentences by distinct terms."""

    ids: NDArray[np.int64]
    """The distinct terms, as 32-bit hashes, shape (terms,), ascending."""
    rows: NDArray[np.int64]
    """Sentence of each entry, shape (entries,), ascending."""
    columns: NDArray[np.int64]
    """Rank of its term among `ids`, likewise."""
    counts: NDArray[np.int64]
    """How often the sentence has it, likewise."""
    sentences: int
    """How many there are."""

    def without(self, silent: NDArray[np.bool_]) -> "Terms":
        """Leave out the entries of some sentences, shape (sentences,)."""
        kept = ~silent[self.rows]
        return Terms(self.ids, self.rows[kept], self.columns[kept], self.counts[kept], self.sentences)

    def part(self, start: int, stop: int) -> "Terms":
        """Take some sentences in a row."""
        first, last = np.searchsorted(self.rows, (start, stop))
        used, columns = np.unique(self.columns[first:last], return_inverse=True)
        sentences = min(stop, self.sentences) - start
        return Terms(self.ids[used], self.rows[first:last] - start, columns, self.counts[first:last], sentences)

    def merged(self, size: int) -> "Terms":
        """Make one sentence of so many."""
        cells = self.rows // size * max(1, self.ids.size) + self.columns
        entries, inverse = np.unique(cells, return_inverse=True)
        counts = np.bincount(inverse, self.counts, entries.size).astype(np.int64)
        rows, columns = np.divmod(entries, max(1, self.ids.size))
        return Terms(self.ids, rows, columns, counts, -(-self.sentences // size))


def common(left: Terms, right: Terms) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the terms that both texts have; gives their ranks among those of each."""
    _, one, other = np.intersect1d(left.ids, right.ids, assume_unique=True, return_indices=True)
    return one, other


def stems(tokens: Sequence[Token], text: str, language: str) -> list[str]:
    """Stem the words of a sentence.

    >>> from dedup.text.tokens import tokens
    >>> stems(tokens("Les ouvriers travaillent"), "Les ouvriers travaillent", "fr")
    ['le', 'ouvri', 'travaillent']
    """
    return [stem(text[token.start : token.end], language) for token in tokens]


def stem_terms(sentences: Sequence[Sequence[str]]) -> Terms:
    """Gather the stems of sentences."""
    return _terms(sentences, lambda stem: (term_id(stem),))


def gram_terms(sentences: Sequence[Sequence[Token]]) -> Terms:
    """Gather the character 4-grams inside the words of sentences, borders of words marked."""
    return _terms(([token.form for token in sentence] for sentence in sentences), _gram_ids)


def content_terms(sentences: Sequence[Sequence[Token]], stemmed: Sequence[Sequence[str]], language: str) -> Terms:
    """Gather the stems of the words that carry content: neither function words nor very short ones."""
    function = function_words(language)
    shortest = SHORTEST if function else SHORTEST + 1  # where no function words are known, most are short
    chosen = (
        [
            stem
            for token, stem in zip(tokens, found, strict=True)
            if (len(token.form) >= shortest or not token.form.isascii() or token.form.isdigit())
            and token.form not in function
        ]
        for tokens, found in zip(sentences, stemmed, strict=True)
    )
    return _terms(chosen, lambda stem: (term_id(stem),))


def _terms(sentences: Iterable[Sequence[str]], split: Callable[[str], tuple[int, ...]]) -> Terms:
    ids: list[int] = []
    counts: list[int] = []
    for sentence in sentences:
        before = len(ids)
        for word in sentence:
            ids.extend(split(word))
        counts.append(len(ids) - before)
    distinct, columns = np.unique(np.array(ids, np.int64), return_inverse=True)
    cells = np.repeat(np.arange(len(counts)), counts) * max(1, distinct.size) + columns
    entries, times = np.unique(cells, return_counts=True)
    return Terms(distinct, *np.divmod(entries, max(1, distinct.size)), times, len(counts))


@lru_cache(1 << 16)
def term_id(term: str) -> int:
    """Name a term by 32 bits.

    >>> term_id("usin")
    891798794
    """
    return crc32(term.encode("utf-8", "surrogatepass"))


def grams(form: str) -> list[str]:
    """Cut a word into character 4-grams, its borders marked.

    >>> grams("drone"), grams("a")
    (['_dro', 'dron', 'rone', 'one_'], ['_a_'])
    """
    word = f"_{form}_"
    return [word[first : first + GRAM] for first in range(max(1, len(word) - GRAM + 1))]


@lru_cache(1 << 16)
def _gram_ids(form: str) -> tuple[int, ...]:
    return tuple(map(term_id, grams(form)))


@dataclass(frozen=True)
class Sentences:
    """What links are found by."""

    stems: Terms
    grams: Terms
    content: Terms
    sizes: NDArray[np.int64]
    """Letters in the words of each sentence, shape (sentences,)."""
    wordings: NDArray[np.int64]
    """Hash of the words of each, or of its signs if it has none; -1 for one that links nothing; shape (sentences,)."""

    def without(self, wordings: Set[int]) -> "Sentences":
        """Take the words from sentences that are to link nothing."""
        silent = np.array([wording in wordings for wording in self.wordings.tolist()], np.bool_)
        if not silent.any():
            return self
        return Sentences(
            stems=self.stems.without(silent),
            grams=self.grams.without(silent),
            content=self.content.without(silent),
            sizes=self.sizes,
            wordings=np.where(silent, -1, self.wordings),
        )

    def part(self, start: int, stop: int) -> "Sentences":
        """Take some sentences in a row."""
        return Sentences(
            stems=self.stems.part(start, stop),
            grams=self.grams.part(start, stop),
            content=self.content.part(start, stop),
            sizes=self.sizes[start:stop],
            wordings=self.wordings[start:stop],
        )
