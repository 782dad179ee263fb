"""Terms of sentences (stems, character 4-grams, content words) as sparse matrices of hashed ids."""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dedup.text.function_words import function_words
from dedup.text.language import WORD_CACHE_SIZE, stem
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
    return common_ids(left.ids, right.ids)


def common_ids(left: NDArray[np.int64], right: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the indexes of the ids that two arrays share, in each of them, ascending, shape (shared,) each.

    Args:
        left: Ids, distinct, ascending, shape (left ids,).
        right: Ids, distinct, ascending, shape (right ids,).

    >>> [found.tolist() for found in common_ids(np.array([2, 5, 9]), np.array([1, 5, 9]))]
    [[1, 2], [1, 2]]
    """
    if not right.size:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    at = np.minimum(np.searchsorted(right, left), right.size - 1)
    (found,) = np.nonzero(right[at] == left)
    return found, at[found]


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
    found = gram_ids([token.form for sentence in sentences for token in sentence])
    word_rows = np.repeat(np.arange(len(sentences)), [len(sentence) for sentence in sentences])
    return _count(found.ids.astype(np.int64), np.repeat(word_rows, found.counts), len(sentences))


def content_terms(sentences: Sequence[Sequence[Token]], stemmed: Sequence[Sequence[str]], language: str) -> Terms:
    """Count the stems of the content words of each sentence: neither function words nor very short words."""
    is_content = content_test(language)
    chosen = (
        [stem for token, stem in zip(tokens, stems_, strict=True) if is_content(token.form)]
        for tokens, stems_ in zip(sentences, stemmed, strict=True)
    )
    return _terms(chosen, lambda stem: (term_id(stem),))


@cache
def content_test(language: str) -> Callable[[str], bool]:
    """Return a function that returns whether a folded form is a content word.

    >>> [form for form in ("aux", "ia", "usine", "7") if content_test("fr")(form)]
    ['usine', '7']
    """
    function = function_words(language)
    # Without a list of function words, a higher minimum excludes most of them.
    min_length = MIN_CONTENT_LENGTH if function else MIN_CONTENT_LENGTH + 1

    @lru_cache(WORD_CACHE_SIZE)
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
    return _count(np.array(ids, np.int64), np.repeat(np.arange(len(counts)), counts), len(counts))


def _count(ids: NDArray[np.int64], rows: NDArray[np.int64], sentences: int) -> Terms:
    """Count the terms of each sentence.

    Args:
        ids: Term of each occurrence, shape (occurrences,).
        rows: Its sentence, shape (occurrences,).
        sentences: Number of sentences.
    """
    distinct, columns = np.unique(ids, return_inverse=True)
    entries, occurrences = np.unique(rows * max(1, distinct.size) + columns, return_counts=True)
    return Terms(distinct, *np.divmod(entries, max(1, distinct.size)), occurrences, sentences)


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


class GramIds(NamedTuple):
    """Grams of words."""

    ids: NDArray[np.uint32]
    """Hash of each gram, word by word, shape (grams,)."""
    counts: NDArray[np.int64]
    """Number of grams of each word, shape (words,)."""


def gram_ids(forms: Sequence[str]) -> GramIds:
    """Return hashes of the grams of words; equal grams have equal hashes.

    Args:
        forms: The words, not empty.

    >>> found = gram_ids(["drone", "prone"])
    >>> found.counts.tolist(), (found.ids[:4] == found.ids[4:]).tolist()
    ([4, 4], [False, False, True, True])
    """
    lengths = np.fromiter(map(len, forms), np.int64, len(forms)) + 2
    counts = np.maximum(1, lengths - GRAM_LENGTH + 1)
    # A word of one letter has a gram of three characters, which are followed by a NUL character here.
    text = "".join([f"_{form}_" if len(form) > 1 else f"_{form}_\0" for form in forms])
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    widths = np.maximum(lengths, GRAM_LENGTH)
    # In the whole text each word has GRAM_LENGTH - 1 windows that reach into the next one.
    starts = np.arange(int(counts.sum())) + np.repeat(np.cumsum(widths - counts) - (widths - counts), counts)
    hashed = np.zeros(starts.size, np.uint64)
    for offset in range(GRAM_LENGTH):  # a polynomial hash, modulo 2**64
        hashed = (hashed + codes[starts + offset] + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    return GramIds((hashed >> np.uint64(32)).astype(np.uint32), counts)


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
