"""What one would otherwise use to tell whether texts say the same, each as a matrix of left by right texts."""

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
Terms = Callable[[str], list[str]]
# Of sentences, difflib ratios under this count as 0: no cut is so low, and a quick bound spares most of the work.
DIFFLIB_LEAST = 0.3
SHINGLE = 3
PERMUTATIONS = 128

_WORD = re.compile(r"\w+")


@cache
def words(text: str) -> list[str]:
    """List the words, without case."""
    return _WORD.findall(text.casefold())


def stems(text: str) -> list[str]:
    """List the first five letters of each word."""
    return [word[:5] for word in words(text)]


def grams(text: str) -> list[str]:
    """List the runs of four characters inside words; a shorter word is one."""
    return [word[at : at + 4] for word in words(text) for at in range(max(1, len(word) - 3))]


def cosine(terms: Terms, lefts: Sequence[str], rights: Sequence[str]) -> Matrix:
    """Compare by tf · ln(1 + N/sf), N texts and sf those of them with the term, on both sides together."""
    return _cosine([Counter(terms(text)) for text in lefts], [Counter(terms(text)) for text in rights])


def _cosine(lefts: Sequence[Counter[str]], rights: Sequence[Counter[str]]) -> Matrix:
    number = _number([*lefts, *rights])
    one, other = _sparse(lefts, number), _sparse(rights, number)
    frequency = one.astype(bool).sum(axis=0) + other.astype(bool).sum(axis=0)
    weights = np.log1p((len(lefts) + len(rights)) / np.maximum(frequency, 1))
    return np.asarray((_normal(one, weights) @ _normal(other, weights).T).todense())


def _number(bags: Iterable[Counter[str]]) -> dict[str, int]:
    return {term: at for at, term in enumerate(dict.fromkeys(term for bag in bags for term in bag))}


def _sparse(bags: Sequence[Counter[str]], number: dict[str, int]) -> csr_array:
    ends = np.cumsum([0, *map(len, bags)])
    columns = [number[term] for bag in bags for term in bag]
    values = np.array([count for bag in bags for count in bag.values()], np.float64)
    return csr_array((values, columns, ends), shape=(len(bags), len(number)))


def _normal(matrix: csr_array, weights: Matrix) -> csr_array:
    weighted = csr_array((matrix.data * weights[matrix.indices], matrix.indices, matrix.indptr), shape=matrix.shape)
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1))).repeat(np.diff(matrix.indptr))
    return csr_array((weighted.data / np.maximum(length, 1e-12), matrix.indices, matrix.indptr), shape=matrix.shape)


def difflib(lefts: Sequence[str], rights: Sequence[str], least: float = DIFFLIB_LEAST) -> Matrix:
    """Compare by difflib's ratio over words; ratios under the least are 0."""
    bags = [[Counter(_numbered(words(text))) for text in side] for side in (lefts, rights)]
    number = _number([*bags[0], *bags[1]])
    one, other = (_sparse(side, number) for side in bags)
    lengths = [np.array([len(words(text)) for text in side]) for side in (lefts, rights)]
    bound = 2 * np.asarray((one @ other.T).todense()) / np.maximum(lengths[0][:, None] + lengths[1][None, :], 1)
    ratios = np.zeros_like(bound)
    for column, right in enumerate(rights):
        matcher = SequenceMatcher(None, "", words(right), autojunk=False)
        for row in np.flatnonzero(bound[:, column] >= least):
            matcher.set_seq1(words(lefts[row]))
            ratios[row, column] = matcher.ratio()
    return np.where(ratios >= least, ratios, 0.0)


def _numbered(found: Iterable[str]) -> Iterable[str]:
    """Make words that recur different, so that what two texts share of them counts as often as both have it."""
    seen: Counter[str] = Counter()
    for word in found:
        seen[word] += 1
        yield f"{word} {seen[word]}"


def rapidfuzz(lefts: Sequence[str], rights: Sequence[str]) -> Matrix:
    """Compare by rapidfuzz's token_set_ratio."""
    one, other = ([" ".join(words(text)) for text in side] for side in (lefts, rights))
    return process.cdist(one, other, scorer=fuzz.token_set_ratio, dtype=np.float64) / 100


def minhash(lefts: Sequence[str], rights: Sequence[str]) -> Matrix:
    """Compare by the Jaccard index of runs of three words that datasketch estimates."""
    one, other = (np.stack([_signature(text) for text in side]) for side in (lefts, rights))
    return np.stack([(row == other).mean(axis=1) for row in one])


@cache
def _signature(text: str) -> NDArray[np.uint32]:
    sketch = MinHash(PERMUTATIONS, seed=1, scheme="affine32")
    sketch.update_batch([shingle.encode() for shingle in shingles(text)])
    return sketch.hashvalues


def shingles(text: str) -> list[str]:
    """List the different runs of three words; a shorter text is one."""
    found = words(text)
    return list(dict.fromkeys(" ".join(found[at : at + SHINGLE]) for at in range(max(1, len(found) - SHINGLE + 1))))


def containment(left: str, right: str) -> float:
    """Give the part of the left text's runs of three words that the right one has."""
    mine = shingles(left)
    return len(set(mine) & set(shingles(right))) / len(mine)


def _cosine_of(terms: Terms) -> Callable[[Sequence[str], Sequence[str]], Matrix]:
    return lambda lefts, rights: cosine(terms, lefts, rights)


SENTENCES: dict[str, Callable[[Sequence[str], Sequence[str]], Matrix]] = {
    "tf-idf cosine, words": _cosine_of(words),
    "tf-idf cosine, 5-letter stems": _cosine_of(stems),
    "tf-idf cosine, character 4-grams": _cosine_of(grams),
    "difflib ratio": difflib,
    "rapidfuzz token_set_ratio": rapidfuzz,
    "MinHash Jaccard, 3-grams": minhash,
}
"""Ways to compare sentences; weights are counted over the sentences of the two documents."""


def document_cosine(terms: Terms, texts: Sequence[str]) -> Matrix:
    """Compare all texts by tf · ln(N/df)."""
    bags = [Counter(terms(text)) for text in texts]
    frequency = Counter(term for bag in bags for term in bag)
    weights = np.log(len(texts) / np.array(list(frequency.values())))
    vectors = _normal(_sparse(bags, _number(bags)), weights)
    return np.asarray((vectors @ vectors.T).todense())


DOCUMENTS: dict[str, Callable[[str, str], float]] = {
    "difflib ratio": lambda left, right: float(difflib([left], [right], 0.0)[0, 0]),
    "rapidfuzz token_set_ratio": lambda left, right: float(rapidfuzz([left], [right])[0, 0]),
    "MinHash Jaccard, 3-grams": lambda left, right: float(minhash([left], [right])[0, 0]),
}
"""Ways to compare two documents that need no other."""


def groupings(similarity: Matrix) -> list[list[int]]:
    """Group by average linkage, once for each height at which groups join."""
    distance = np.clip(1 - (similarity + similarity.T) / 2, 0, None)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    return [fcluster(tree, height, "distance").tolist() for height in [-1.0, *np.unique(tree[:, 2])]]


def same_words(left: Sequence[str], right: Sequence[str]) -> set[tuple[int, int]]:
    """Link all equal words."""
    return {(one, other) for one, mine in enumerate(left) for other, theirs in enumerate(right) if mine == theirs}


def difflib_words(left: Sequence[str], right: Sequence[str]) -> set[tuple[int, int]]:
    """Link the words that difflib matches."""
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return {(block.a + at, block.b + at) for block in blocks for at in range(block.size)}


def rapidfuzz_words(left: Sequence[str], right: Sequence[str]) -> set[tuple[int, int]]:
    """Link the words that rapidfuzz's edits leave as they are, or put in the place of one another."""
    from rapidfuzz.distance import Levenshtein

    links: set[tuple[int, int]] = set()
    for step in Levenshtein.opcodes(left, right):
        if step.tag in ("equal", "replace"):
            links |= set(zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True))
    return links


WORDS = {"all equal words": same_words, "difflib": difflib_words, "rapidfuzz opcodes": rapidfuzz_words}
"""Ways to link words."""
