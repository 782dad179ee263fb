"""The scores of languages: the same as those of py3langid."""

from pathlib import Path

import numpy as np
import py3langid
from hypothesis import given
from hypothesis import strategies as st
from py3langid import modelio
from strategies import texts

from dedup.text.language_model import MAX_NGRAM, load_model, log_likelihoods

words = st.lists(
    st.sampled_from(["the", "Über", "forêt", "КРАЇНА", "новости", "東京", "المدينة", "x", "…"]), max_size=300
)


@given(st.one_of(texts, st.text(max_size=60), words.map(" ".join)))
def test_scores_are_those_of_py3langid(text: str) -> None:
    reference = dict(py3langid.rank(text))
    has_evidence = len({*reference.values()}) > 1
    assert log_likelihoods(text) == (reference if has_evidence else {})


def test_longest_ngram_of_the_model() -> None:
    model = load_model()
    following = model.transitions.reshape(-1, 256)[model.rows // 256]
    reached, states = {0}, np.zeros(1, np.uint32)
    for _ in range(MAX_NGRAM + 1):
        before = len(reached)
        states = np.array(sorted({*following[states].ravel().tolist()} - reached), np.uint32)
        reached.update(states.tolist())
    assert len(reached) == before == len(model.rows)


def test_model_is_that_of_py3langid() -> None:
    path = Path(py3langid.__file__).with_name("data") / "model.npz.xz"
    weights, prior, labels, transitions, rows, ngrams = modelio.load_model(path)
    model = load_model()
    assert model.labels == tuple(labels)
    for found, expected in (
        (model.stored, weights),
        (model.prior, prior),
        (model.transitions, transitions),
        (model.rows // 256, rows),
        (model.ngrams, ngrams),
    ):
        np.testing.assert_array_equal(found, expected)
