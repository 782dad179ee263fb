"""Terms of sentences (stems, character 4-grams, content words) as sparse matrices of hashed ids."""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dedup.text.function_words import function_words
from dedup.text.language import stem
from dedup.text.tokens import Token

GRAM_LENGTH = 4
"""Characters of a gram."""
MIN_CONTENT_LENGTH = 3
"""Characters of the shortest ASCII content word; digits may be shorter."""


@dataclass(frozen=True)
class Terms:
    """Counts of terms by sentence: a sparse matrix of sentences by distinct terms, in coordinate form."""

    ids: NDArray[np.int64]
    """Distinct terms as 32-bit hashes, ascending, shape (terms,)."""
    rows: NDArray[np.int64]
    """Index of the sentence of each entry, ascending, shape (entries,)."""
    columns: NDArray[np.int64]
    """Index in `ids` of the term of each entry, shape (entries,)."""
    counts: NDArray[np.int64]
    """Occurrences of the term in the sentence, shape (entries,)."""
    sentences: int
    """Number of sentences."""

    def without(self, excluded: NDArray[np.bool_]) -> "Terms":
        """Return the terms without the entries of some sentences.

        Args:
            excluded: Mask of these sentences, shape (sentences,), bool.
        """
        kept = ~excluded[self.rows]
        return Terms(self.ids, self.rows[kept], self.columns[kept], self.counts[kept], self.sentences)

    def part(self, start: int, stop: int) -> "Terms":
        """Return the terms of the sentences from `start` up to `stop`."""
        first, last = np.searchsorted(self.rows, (start, stop))
        used, columns = np.unique(self.columns[first:last], return_inverse=True)
        sentences = min(stop, self.sentences) - start
        return Terms(self.ids[used], self.rows[first:last] - start, columns, self.counts[first:last], sentences)

    def merged(self, size: int) -> "Terms":
        """Return the terms with each block of `size` consecutive sentences merged into one row."""
        cells = self.rows // size * max(1, self.ids.size) + self.columns
        entries, inverse = np.unique(cells, return_inverse=True)
        counts = np.bincount(inverse, self.counts, entries.size).astype(np.int64)
        rows, columns = np.divmod(entries, max(1, self.ids.size))
        return Terms(self.ids, rows, columns, counts, -(-self.sentences // size))


def common_terms(left: Terms, right: Terms) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the terms that two texts share.

    Returns:
        Indices of the shared terms in `left.ids` and in `right.ids`, each of shape (shared,).
    """
    _, in_left, in_right = np.intersect1d(left.ids, right.ids, assume_unique=True, return_indices=True)
    return in_left, in_right


def stems(tokens: Sequence[Token], text: str, language: str) -> list[str]:
    """Return the stems of the tokens of a sentence.

    >>> from dedup.text.tokens import tokens
    >>> stems(tokens("Les ouvriers travaillent"), "Les ouvriers travaillent", "fr")
    ['le', 'ouvri', 'travaillent']
    """
    return [stem(text[token.start : token.end], language) for token in tokens]


def stem_terms(sentences: Sequence[Sequence[str]]) -> Terms:
    """Count the stems of each sentence."""
    return _terms(sentences, lambda stem: (term_id(stem),))


def gram_terms(sentences: Sequence[Sequence[Token]]) -> Terms:
    """Count the character 4-grams of the words of each sentence, with word boundaries marked."""
    return _terms(([token.form for token in sentence] for sentence in sentences), gram_ids)


def content_terms(sentences: Sequence[Sequence[Token]], stemmed: Sequence[Sequence[str]], language: str) -> Terms:
    """Count the stems of the content words of each sentence: neither function words nor very short words."""
    is_content = content_test(language)
    chosen = (
        [stem for token, stem in zip(tokens, stems_, strict=True) if is_content(token.form)]
        for tokens, stems_ in zip(sentences, stemmed, strict=True)
    )
    return _terms(chosen, lambda stem: (term_id(stem),))


def content_test(language: str) -> Callable[[str], bool]:
    """Return a function that tells whether a folded form is a content word.

    >>> [form for form in ("aux", "ia", "usine", "7") if content_test("fr")(form)]
    ['usine', '7']
    """
    function = function_words(language)
    # Without a list of function words, a higher minimum excludes most of them.
    min_length = MIN_CONTENT_LENGTH if function else MIN_CONTENT_LENGTH + 1

    def is_content(form: str) -> bool:
        return (len(form) >= min_length or not form.isascii() or form.isdigit()) and form not in function

    return is_content


def _terms(sentences: Iterable[Sequence[str]], term_ids: Callable[[str], tuple[int, ...]]) -> Terms:
    """Count the terms of each sentence, where `term_ids` gives the ids of the terms of a word."""
    ids: list[int] = []
    counts: list[int] = []
    for sentence in sentences:
        before = len(ids)
        for word in sentence:
            ids.extend(term_ids(word))
        counts.append(len(ids) - before)
    distinct, columns = np.unique(np.array(ids, np.int64), return_inverse=True)
    cells = np.repeat(np.arange(len(counts)), counts) * max(1, distinct.size) + columns
    entries, occurrences = np.unique(cells, return_counts=True)
    return Terms(distinct, *np.divmod(entries, max(1, distinct.size)), occurrences, len(counts))


@lru_cache(1 << 16)
def term_id(term: str) -> int:
    """Return the 32-bit hash (CRC-32) of a term.

    >>> term_id("usin")
    891798794
    """
    return crc32(term.encode("utf-8", "surrogatepass"))


def grams(form: str) -> list[str]:
    """Return the character 4-grams of a word, with its boundaries marked by underscores.

    >>> grams("drone"), grams("a")
    (['_dro', 'dron', 'rone', 'one_'], ['_a_'])
    """
    word = f"_{form}_"
    return [word[start : start + GRAM_LENGTH] for start in range(max(1, len(word) - GRAM_LENGTH + 1))]


@lru_cache(1 << 16)
def gram_ids(form: str) -> tuple[int, ...]:
    """Return the ids of the grams of a word.

    >>> gram_ids("a") == (term_id("_a_"),)
    True
    """
    return tuple(map(term_id, grams(form)))


@dataclass(frozen=True)
class SentenceTerms:
    """Terms of the sentences of a text, from which links are scored."""

    stems: Terms
    """Stems of the words."""
    grams: Terms
    """Character 4-grams of the words."""
    content: Terms
    """Stems of the content words."""
    sizes: NDArray[np.int64]
    """Characters in the folded words of each sentence, shape (sentences,)."""
    wordings: NDArray[np.int64]
    """Hash of the words of each sentence (see `wording_id`), or -1 for an excluded sentence, shape (sentences,)."""

    def without(self, wordings: Set[int]) -> "SentenceTerms":
        """Return the terms without those of the sentences with some wordings, so that these get no links."""
        excluded = np.array([wording in wordings for wording in self.wordings.tolist()], np.bool_)
        if not excluded.any():
            return self
        return SentenceTerms(
            stems=self.stems.without(excluded),
            grams=self.grams.without(excluded),
            content=self.content.without(excluded),
            sizes=self.sizes,
            wordings=np.where(excluded, -1, self.wordings),
        )

    def part(self, start: int, stop: int) -> "SentenceTerms":
        """Return the terms of the sentences from `start` up to `stop`."""
        return SentenceTerms(
            stems=self.stems.part(start, stop),
            grams=self.grams.part(start, stop),
            content=self.content.part(start, stop),
            sizes=self.sizes[start:stop],
            wordings=self.wordings[start:stop],
        )
