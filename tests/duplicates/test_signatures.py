"""Sketches: signatures are datasketch's bit for bit, and what is kept of a unit is that unit's alone."""

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
from dedup.duplicates import signatures as sketch
from dedup.kernels.folding import fold_table
from dedup.kernels.minhash import shingle
from dedup.kernels.paragraphs import AUTO
from dedup.kernels.tokens import tokenise

MANY = st.lists(strategies.words, max_size=120).map(" ".join)
TEXT = " ".join(word for group in strategies.WORDS.values() for word in group)


def shingle_hashes(text: str, n: int) -> np.ndarray:
    """The distinct shingle hashes of a text, straight from the kernels."""
    data = np.frombuffer(text.encode(), np.uint8)
    tokens, found = np.empty((2, data.size // 2 + 1), np.uint64)
    count = tokenise(data, 0, data.size, fold_table(), tokens, 0)
    return np.unique(found[: shingle(tokens, 0, count, n, found)])


def identity(value: int) -> int:
    return value


def theirs(hashes: np.ndarray, permutations: int, seed: int) -> datasketch.MinHash:
    """What datasketch makes of the low 32 bits of our shingle hashes."""
    made = datasketch.MinHash(num_perm=permutations, seed=seed, scheme="affine32", hashfunc=identity)
    for value in hashes.tolist():
        made.update(value & 0xFFFFFFFF)
    return made


@given(
    MANY,
    st.integers(1, 9),
    st.sampled_from([8, 9, 64, 128, 216, 300]),
    st.sampled_from([1, 2, 42, 2**32 - 1]),
)
def test_signatures_are_those_of_datasketch(text: str, n: int, permutations: int, seed: int) -> None:
    ours = dedup.minhash(text, shingle=n, permutations=permutations, seed=seed)
    expected = theirs(shingle_hashes(text, n), permutations, seed)
    assert ours.hashvalues.tolist() == expected.hashvalues.tolist()
    assert (ours.seed, ours.scheme, len(ours)) == (expected.seed, expected.scheme, permutations)
    assert ours.is_empty() is (reference.tokens(text) == [])


def test_permutations_are_those_of_datasketch_for_any_count_and_seed() -> None:
    hashes = shingle_hashes(TEXT, 5)
    for permutations in (8, 15, 16, 17, 128, 216, 1000):
        for seed in (0, 1, 7, 123456, 2**32 - 1):
            ours = dedup.minhash(TEXT, permutations=permutations, seed=seed).hashvalues
            assert ours.tolist() == theirs(hashes, permutations, seed).hashvalues.tolist()


def test_our_signatures_go_into_a_datasketch_index_and_are_found_there() -> None:
    index = datasketch.MinHashLSH(threshold=0.8, num_perm=128)
    texts = {"a": TEXT, "b": TEXT[: len(TEXT) // 2], "c": "something else entirely, and nothing of the above"}
    for name, text in texts.items():
        index.insert(name, dedup.minhash(text, permutations=128))
    assert index.query(dedup.minhash(TEXT.lower() + " und", permutations=128)) == ["a"]
    assert index.query(dedup.minhash(texts["c"], permutations=128)) == ["c"]
    copy = datasketch.MinHash(
        num_perm=128, seed=1, scheme="affine32", hashvalues=dedup.minhash(TEXT, permutations=128).hashvalues
    )
    assert copy.jaccard(theirs(shingle_hashes(TEXT, 5), 128, 1)) == 1.0


@given(st.lists(st.one_of(MANY, strategies.texts), min_size=2, max_size=6), st.integers(1, 7))
def test_shingle_sets_meet_just_as_the_naive_sets_do(texts: list[str], n: int) -> None:
    ours = [shingle_hashes(text, n) for text in texts]
    expected = [reference.shingles(reference.tokens(text), n) for text in texts]
    assert [found.size for found in ours] == [len(one) for one in expected]
    for a, b in combinations(range(len(texts)), 2):
        assert np.intersect1d(ours[a], ours[b]).size == len(expected[a] & expected[b])


def sketched(
    texts: list[str | None], by: int = AUTO, *, n: int = 3, min_tokens: int = 1, repeats_at: float = -1.0
) -> sketch.Sketches:
    plan = sketch.Plan(sketch.permutations(64, 1), 8, 8, 5, n, by, min_tokens, repeats_at)
    folder = Path(tempfile.mkdtemp())
    batches = [(first, pa.array(texts[first : first + 3], pa.large_string())) for first in range(0, len(texts), 3)]
    return sketch.sketch_corpus(batches, plan, folder, 2)


@given(strategies.corpora(most=6), st.sampled_from([0, 1, 5, 20]))
def test_units_are_the_paragraphs_and_documents_of_the_reference(corpus: strategies.Corpus, min_tokens: int) -> None:
    texts = [text or "" for text in corpus.texts]
    found = sketched(corpus.texts, min_tokens=min_tokens)
    documents = reference.document_units(texts, 5)
    paragraphs = reference.paragraph_units(texts, range(len(texts)), 3, "auto", min_tokens, alone=False)
    for ours, expected in ((found.documents, documents), (found.paragraphs, paragraphs)):
        info = ours.info.map()
        assert info[:, : sketch.BYTE_START].tolist() == [[unit.doc, *unit.span] for unit in expected]
        assert info[:, sketch.TOKENS].tolist() == [unit.size for unit in expected]
    assert found.seen == sum(len(reference.paragraphs(text, "auto")) for text in texts)


@given(strategies.corpora(most=6))
def test_equal_sketches_mean_equal_tokens_and_equal_contents_equal_texts(corpus: strategies.Corpus) -> None:
    texts = [text or "" for text in corpus.texts]
    found = sketched(corpus.texts).documents
    info, signatures = found.info.map(), found.signature.map()
    for a, b in combinations(range(len(texts)), 2):
        same_tokens = reference.tokens(texts[a]) == reference.tokens(texts[b])
        assert (info[a, sketch.SEQUENCE] == info[b, sketch.SEQUENCE]) is np.bool_(same_tokens)
        assert (info[a, sketch.CONTENT] == info[b, sketch.CONTENT]) is np.bool_(texts[a].strip() == texts[b].strip())
        if same_tokens:
            assert (signatures[a] == signatures[b]).all()
            assert (found.keys.map()[a] == found.keys.map()[b]).all()


def test_the_signature_kept_is_the_low_byte_of_the_whole_one() -> None:
    low = sketched([TEXT]).documents.signature.map().view(np.uint8)[0]
    assert low.tolist() == (dedup.minhash(TEXT, permutations=64).hashvalues & 0xFF).tolist()


@given(strategies.corpora(most=8), st.sampled_from([0.3, 0.5, 0.8, 1.0]))
def test_paragraphs_left_out_early_resemble_none_of_their_document(corpus: strategies.Corpus, threshold: float) -> None:
    texts = [text or "" for text in corpus.texts]
    units = reference.paragraph_units(texts, range(len(texts)), 3, "auto", 1, alone=False)
    left = {(row[0], row[1]) for row in sketched(corpus.texts, repeats_at=threshold).paragraphs.info.map().tolist()}
    paired = {index for pair in reference.all_pairs(units, threshold, within=True) for index in pair}
    assert {(units[index].doc, units[index].span.start) for index in paired} <= left


@pytest.mark.parametrize("nothing", ["", "?!", "\u0301"])
def test_a_text_without_tokens_has_the_empty_signature(nothing: str) -> None:
    assert dedup.minhash(nothing).is_empty()
    assert dedup.minhash(nothing).jaccard(dedup.minhash("word")) == 0.0
