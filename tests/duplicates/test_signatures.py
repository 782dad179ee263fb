"""Signatures and units: equal to datasketch bit for bit, and to the reference implementation."""

import tempfile
from itertools import combinations
from pathlib import Path

import datasketch
import numpy as np
import pyarrow as pa
import pytest
import reference
import strategies
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.duplicates.sketches import signatures
from dedup.kernels.minhash import shingle
from dedup.kernels.sketch import SAME_TOKENS, SketchSettings
from dedup.kernels.text.folding import token_tables
from dedup.kernels.text.paragraphs import ALL_BLOCKS, AUTO
from dedup.kernels.text.tokens import tokenise_document
from dedup.settings import Tokens

MANY = st.lists(strategies.words, max_size=120).map(" ".join)
TEXT = " ".join(word for group in strategies.WORDS.values() for word in group)


def shingle_hashes(text: str, n: int, by_signs: bool = False) -> np.ndarray:
    """Return the distinct shingle hashes of a text, from the kernels."""
    data = np.frombuffer(text.encode(), np.uint8)
    tokens, found = np.empty((2, data.size + 1), np.uint64)
    count = tokenise_document(data, 0, data.size, token_tables(by_signs), tokens)
    return np.unique(found[: shingle(tokens, 0, count, n, found)])


def identity(value: int) -> int:
    return value


def datasketch_signature(hashes: np.ndarray, permutations: int, seed: int) -> datasketch.MinHash:
    """Return the signature that datasketch computes from the low 32 bits of the shingle hashes."""
    made = datasketch.MinHash(num_perm=permutations, seed=seed, scheme="affine32", hashfunc=identity)
    for value in hashes.tolist():
        made.update(value & 0xFFFFFFFF)
    return made


@given(
    MANY,
    st.integers(1, 9),
    st.sampled_from([8, 9, 64, 128, 216, 300]),
    st.sampled_from([1, 2, 42, 2**32 - 1]),
    st.booleans(),
)
def test_signatures_equal_datasketch(text: str, n: int, permutations: int, seed: int, by_signs: bool) -> None:
    tokens: Tokens = "signs" if by_signs else "words"
    ours = dedup.minhash(text, shingle=n, permutations=permutations, seed=seed, tokens=tokens)
    expected = datasketch_signature(shingle_hashes(text, n, by_signs), permutations, seed)
    assert ours.hashvalues.tolist() == expected.hashvalues.tolist()
    assert (ours.seed, ours.scheme, len(ours)) == (expected.seed, expected.scheme, permutations)
    assert ours.is_empty() is (reference.document_tokens(text) == [])


def test_permutations_equal_datasketch() -> None:
    hashes = shingle_hashes(TEXT, 5)
    for permutations in (8, 15, 16, 17, 128, 216, 1000):
        for seed in (0, 1, 7, 123456, 2**32 - 1):
            ours = dedup.minhash(TEXT, permutations=permutations, seed=seed).hashvalues
            assert ours.tolist() == datasketch_signature(hashes, permutations, seed).hashvalues.tolist()


def test_signatures_work_in_a_datasketch_index() -> None:
    index = datasketch.MinHashLSH(threshold=0.8, num_perm=128)
    texts = {"a": TEXT, "b": TEXT[: len(TEXT) // 2], "c": "something else entirely, and nothing of the above"}
    for name, text in texts.items():
        index.insert(name, dedup.minhash(text, permutations=128))
    assert index.query(dedup.minhash(TEXT.lower() + " und", permutations=128)) == ["a"]
    assert index.query(dedup.minhash(texts["c"], permutations=128)) == ["c"]
    copy = datasketch.MinHash(
        num_perm=128, seed=1, scheme="affine32", hashvalues=dedup.minhash(TEXT, permutations=128).hashvalues
    )
    assert copy.jaccard(datasketch_signature(shingle_hashes(TEXT, 5), 128, 1)) == 1.0


@given(st.lists(st.one_of(MANY, strategies.texts), min_size=2, max_size=6), st.integers(1, 7), st.booleans())
def test_shingle_sets_overlap_as_in_the_reference(texts: list[str], n: int, by_signs: bool) -> None:
    ours = [shingle_hashes(text, n, by_signs) for text in texts]
    expected = [reference.shingles(reference.document_tokens(text, by_signs), n) for text in texts]
    assert [found.size for found in ours] == [len(one) for one in expected]
    for a, b in combinations(range(len(texts)), 2):
        assert np.intersect1d(ours[a], ours[b]).size == len(expected[a] & expected[b])


def sketched(
    texts: list[str | None],
    by: int = AUTO,
    *,
    n: int = 3,
    min_tokens: int = 1,
    repeats_at: float = -1.0,
    by_signs: bool = False,
    nested: int = 0,
) -> signatures.Sketches:
    settings = SketchSettings(
        signatures.make_permutations(64, 1), 8, 8, 5, n, by, min_tokens, nested, by_signs, False, repeats_at
    )
    folder = Path(tempfile.mkdtemp())
    batches = [(first, pa.array(texts[first : first + 3], pa.large_string())) for first in range(0, len(texts), 3)]
    return signatures.sketch_corpus(batches, settings, folder, 2)


@given(strategies.corpora(most=6), st.sampled_from([0, 1, 5, 20]), st.booleans())
def test_units_equal_the_reference(corpus: strategies.Corpus, min_tokens: int, by_signs: bool) -> None:
    texts = [text or "" for text in corpus.texts]
    found = sketched(corpus.texts, min_tokens=min_tokens, by_signs=by_signs, nested=ALL_BLOCKS)
    documents = reference.document_units(texts, 5, by_signs)
    every = range(len(texts))
    paragraphs = reference.paragraph_units(texts, every, 3, "auto", min_tokens, by_signs)
    paragraphs += reference.block_units(texts, every, 3, "auto", min_tokens, ALL_BLOCKS, by_signs)
    paragraphs.sort(key=lambda unit: (unit.doc, unit.span.start, -unit.span.end))
    for ours, expected in ((found.documents, documents), (found.paragraphs, paragraphs)):
        info = ours.info.map()
        places = info[["doc", "start", "end", "cut_start", "cut_end"]].tolist()
        assert places == [(unit.doc, *unit.span) for unit in expected]
        assert info["tokens"].tolist() == [unit.size for unit in expected]
    assert found.paragraph_count == sum(len(reference.paragraphs(text, "auto")) for text in texts)
    compared = reference.paragraph_units(texts, every, 3, "auto", 1, by_signs)
    sums = [sum(unit.size for unit in compared if unit.doc == doc) for doc in every]
    assert found.documents.column("paragraph_tokens").tolist() == sums


@given(strategies.corpora(most=6))
def test_equal_hashes_mean_equal_tokens_and_texts(corpus: strategies.Corpus) -> None:
    texts = [text or "" for text in corpus.texts]
    found = sketched(corpus.texts).documents
    info, lows = found.info.map(), found.signature.map()
    for a, b in combinations(range(len(texts)), 2):
        same_tokens = reference.document_tokens(texts[a]) == reference.document_tokens(texts[b])
        assert (info["sequence"][a] == info["sequence"][b]) is np.bool_(same_tokens)
        assert (info["content"][a] == info["content"][b]) is np.bool_(texts[a].strip() == texts[b].strip())
        if same_tokens:
            assert (lows[a] == lows[b]).all()
            assert (found.keys.map()[a] == found.keys.map()[b]).all()


def test_stored_signature_is_the_low_byte() -> None:
    low = sketched([TEXT]).documents.signature.map().view(np.uint8)[0]
    assert low.tolist() == (dedup.minhash(TEXT, permutations=64).hashvalues & 0xFF).tolist()


@given(strategies.corpora(most=8), st.sampled_from([0.3, 0.5, 0.8, 1.0]))
def test_left_out_paragraphs_have_no_pair_within_their_document(corpus: strategies.Corpus, threshold: float) -> None:
    texts = [text or "" for text in corpus.texts]
    units = reference.paragraph_units(texts, range(len(texts)), 3, "auto", 1)
    info = sketched(corpus.texts, repeats_at=threshold).paragraphs.info.map()
    left = set(info[["doc", "start"]].tolist())
    paired = {index for pair in reference.all_pairs(units, threshold, within=True) for index in pair}
    assert {(units[index].doc, units[index].span.start) for index in paired} <= left


@given(strategies.corpora(most=8))
def test_paragraphs_with_the_tokens_of_another_are_marked(corpus: strategies.Corpus) -> None:
    texts = [text or "" for text in corpus.texts]
    units = reference.paragraph_units(texts, range(len(texts)), 3, "auto", 1)
    info = sketched(corpus.texts, repeats_at=SAME_TOKENS).paragraphs.info.map()
    same = [
        (unit.doc, unit.span.start)
        for unit in units
        if sum(unit.words == other.words for other in units if other.doc == unit.doc) > 1
    ]
    assert info[["doc", "start"]].tolist() == same


@pytest.mark.parametrize("nothing", ["", " \n\u3000", "\u0301", "\u200b\ufeff", "\0"])
def test_text_without_tokens_has_the_empty_signature(nothing: str) -> None:
    assert dedup.minhash(nothing).is_empty()
    assert dedup.minhash(nothing).jaccard(dedup.minhash("word")) == 0.0
