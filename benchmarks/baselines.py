"""Baselines for alignment: similarity matrices of texts, clusterings of documents, and word links.

A matrix has one row per left text and one column per right text.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import cache

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_array
from scipy.spatial.distance import squareform

Matrix = NDArray[np.float64]
TermsOf = Callable[[str], list[str]]
# Lower difflib ratios of sentences count as 0: every chosen threshold is above it, and the quick upper bound then saves
# most of the work.
MIN_DIFFLIB_RATIO = 0.3
SHINGLE = 3
PERMUTATIONS = 128

_WORD = re.compile(r"\w+")


@cache
def words(text: str) -> list[str]:
    """List the case-folded words."""
    return _WORD.findall(text.casefold())


def stems(text: str) -> list[str]:
    """List the first five letters of each word."""
    return [word[:5] for word in words(text)]


def grams(text: str) -> list[str]:
    """List the character 4-grams of each word; a shorter word counts whole."""
    return [word[at : at + 4] for word in words(text) for at in range(max(1, len(word) - 3))]


def cosine(terms_of: TermsOf, lefts: Sequence[str], rights: Sequence[str]) -> Matrix:
    """Compute tf-idf cosines with weights ln(1 + N/df), counted over the texts of both sides."""
    left_bags = [Counter(terms_of(text)) for text in lefts]
    right_bags = [Counter(terms_of(text)) for text in rights]
    columns = _columns([*left_bags, *right_bags])
    left, right = _sparse(left_bags, columns), _sparse(right_bags, columns)
    frequency = left.astype(bool).sum(axis=0) + right.astype(bool).sum(axis=0)
    weights = np.log1p((len(lefts) + len(rights)) / np.maximum(frequency, 1))
    return np.asarray((_normalized(left, weights) @ _normalized(right, weights).T).todense())


def _columns(bags: Iterable[Counter[str]]) -> dict[str, int]:
    """Assign a column to each term."""
    return {term: column for column, term in enumerate(dict.fromkeys(term for bag in bags for term in bag))}


def _sparse(bags: Sequence[Counter[str]], columns: dict[str, int]) -> csr_array:
    """Return the term counts, shape (texts, terms)."""
    row_ends = np.cumsum([0, *map(len, bags)])
    indices = [columns[term] for bag in bags for term in bag]
    values = np.array([count for bag in bags for count in bag.values()], np.float64)
    return csr_array((values, indices, row_ends), shape=(len(bags), len(columns)))


def _normalized(matrix: csr_array, weights: Matrix) -> csr_array:
    """Multiply the columns by weights and scale each row to unit length."""
    weighted = csr_array((matrix.data * weights[matrix.indices], matrix.indices, matrix.indptr), shape=matrix.shape)
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1))).repeat(np.diff(matrix.indptr))
    return csr_array((weighted.data / np.maximum(length, 1e-12), matrix.indices, matrix.indptr), shape=matrix.shape)


def difflib(lefts: Sequence[str], rights: Sequence[str], min_ratio: float = MIN_DIFFLIB_RATIO) -> Matrix:
    """Compute difflib's ratio over words; ratios below the minimum are returned as 0."""
    bags = [[Counter(_numbered(words(text))) for text in side] for side in (lefts, rights)]
    columns = _columns([*bags[0], *bags[1]])
    left_counts, right_counts = (_sparse(side, columns) for side in bags)
    lengths = [np.array([len(words(text)) for text in side]) for side in (lefts, rights)]
    shared = np.asarray((left_counts @ right_counts.T).todense())
    bound = 2 * shared / np.maximum(lengths[0][:, None] + lengths[1][None, :], 1)
    ratios = np.zeros_like(bound)
    for column, right in enumerate(rights):
        matcher = SequenceMatcher(None, "", words(right), autojunk=False)
        for row in np.flatnonzero(bound[:, column] >= min_ratio):
            matcher.set_seq1(words(lefts[row]))
            ratios[row, column] = matcher.ratio()
    return np.where(ratios >= min_ratio, ratios, 0.0)


def _numbered(found: Iterable[str]) -> Iterable[str]:
    """Make repeated words distinct, so that a product of counts is the size of the multiset intersection."""
    seen: Counter[str] = Counter()
    for word in found:
        seen[word] += 1
        yield f"{word} {seen[word]}"


def rapidfuzz(lefts: Sequence[str], rights: Sequence[str]) -> Matrix:
    """Compute rapidfuzz's token_set_ratio."""
    sides = ([" ".join(words(text)) for text in side] for side in (lefts, rights))
    return process.cdist(*sides, scorer=fuzz.token_set_ratio, dtype=np.float64) / 100


def minhash(lefts: Sequence[str], rights: Sequence[str]) -> Matrix:
    """Estimate the Jaccard similarity of word 3-grams with datasketch."""
    left, right = (np.stack([_signature(text) for text in side]) for side in (lefts, rights))
    return np.stack([(row == right).mean(axis=1) for row in left])


@cache
def _signature(text: str) -> NDArray[np.uint32]:
    signature = MinHash(PERMUTATIONS, seed=1, scheme="affine32")
    signature.update_batch([shingle.encode() for shingle in shingles(text)])
    return signature.hashvalues


def shingles(text: str) -> list[str]:
    """List the distinct word 3-grams; a shorter text counts as a single shingle."""
    found = words(text)
    return list(dict.fromkeys(" ".join(found[at : at + SHINGLE]) for at in range(max(1, len(found) - SHINGLE + 1))))


def containment(left: str, right: str) -> float:
    """Return the share of the left text's word 3-grams that the right text contains."""
    left_shingles = shingles(left)
    return len(set(left_shingles) & set(shingles(right))) / len(left_shingles)


def _cosine_of(terms_of: TermsOf) -> Callable[[Sequence[str], Sequence[str]], Matrix]:
    return lambda lefts, rights: cosine(terms_of, lefts, rights)


SENTENCES: dict[str, Callable[[Sequence[str], Sequence[str]], Matrix]] = {
    "tf-idf cosine, words": _cosine_of(words),
    "tf-idf cosine, 5-letter stems": _cosine_of(stems),
    "tf-idf cosine, character 4-grams": _cosine_of(grams),
    "difflib ratio": difflib,
    "rapidfuzz token_set_ratio": rapidfuzz,
    "MinHash Jaccard, 3-grams": minhash,
}
"""Similarities of sentences; weights are counted over the sentences of the two documents."""


def document_cosine(terms_of: TermsOf, texts: Sequence[str]) -> Matrix:
    """Compute tf-idf cosines of all pairs of texts, with weights ln(N/df)."""
    bags = [Counter(terms_of(text)) for text in texts]
    frequency = Counter(term for bag in bags for term in bag)
    weights = np.log(len(texts) / np.array(list(frequency.values())))
    vectors = _normalized(_sparse(bags, _columns(bags)), weights)
    return np.asarray((vectors @ vectors.T).todense())


DOCUMENTS: dict[str, Callable[[str, str], float]] = {
    "difflib ratio": lambda left, right: float(difflib([left], [right], 0.0)[0, 0]),
    "rapidfuzz token_set_ratio": lambda left, right: float(rapidfuzz([left], [right])[0, 0]),
    "MinHash Jaccard, 3-grams": lambda left, right: float(minhash([left], [right])[0, 0]),
}
"""Similarities of two documents that need no corpus statistics."""


def clusterings(similarity: Matrix, method: str = "average", cuts: Sequence[float] | None = None) -> list[list[int]]:
    """Cluster by average or single linkage.

    Args:
        similarity: Similarities of documents, shape (documents, documents).
        method: "average" or "single".
        cuts: Similarities below which clusters do not merge; None for a clustering at each merge.

    Returns:
        The cluster of each document, for each cut.
    """
    distance = np.clip(1 - (similarity + similarity.T) / 2, 0, None)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), method)
    heights = [-1.0, *np.unique(tree[:, 2])] if cuts is None else [1 - cut for cut in cuts]
    return [fcluster(tree, height, "distance").tolist() for height in heights]


def equal_words(left: Sequence[str], right: Sequence[str]) -> set[tuple[int, int]]:
    """Link every word to every equal word."""
    return {(i, j) for i, left_word in enumerate(left) for j, right_word in enumerate(right) if left_word == right_word}


def difflib_words(left: Sequence[str], right: Sequence[str]) -> set[tuple[int, int]]:
    """Link the words in the matching blocks of difflib."""
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return {(block.a + at, block.b + at) for block in blocks for at in range(block.size)}


def rapidfuzz_words(left: Sequence[str], right: Sequence[str]) -> set[tuple[int, int]]:
    """Link the words that the Levenshtein opcodes of rapidfuzz leave equal or replace."""
    from rapidfuzz.distance import Levenshtein

    links: set[tuple[int, int]] = set()
    for step in Levenshtein.opcodes(left, right):
        if step.tag in ("equal", "replace"):
            links |= set(zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True))
    return links


WORDS = {"all equal words": equal_words, "difflib": difflib_words, "rapidfuzz opcodes": rapidfuzz_words}
"""Methods that link words."""
