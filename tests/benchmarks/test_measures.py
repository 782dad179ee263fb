"""Measures, baselines and evaluation sets of quality.py, against values computed by hand and plain implementations."""

import json
import math
from difflib import SequenceMatcher
from pathlib import Path
from types import SimpleNamespace

import baselines
import document_quality
import evaluation_sets
import measures
import numpy as np
import pytest
import sentence_quality
from hypothesis import given
from hypothesis import strategies as st

COUNTS = np.array([[2.0, 1.0, 1.0], [1.0, 0.0, 2.0]])
SCORED = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=12).filter(
    lambda cases: any(right for _, right in cases)
)
SENTENCES = st.lists(st.text(alphabet="ab cd", max_size=20), min_size=1, max_size=5)


def test_precision_recall_and_f1_sum_over_documents() -> None:
    assert measures.counts({(0, 0), (1, 1)}, {(1, 1), (1, 0)}) == (1, 1, 1)
    assert measures.precision(COUNTS) == 3 / 4
    assert measures.recall(COUNTS) == 3 / 6
    assert measures.f1(COUNTS) == pytest.approx(2 * 0.75 * 0.5 / 1.25)
    assert measures.rate(np.array([[1.0, 4.0], [0.0, 1.0]])) == 1 / 5
    for rows in (np.array([[0.0, 0.0, 5.0]]), np.array([[0.0, 3.0, 0.0]]), np.array([[0.0, 0.0, 0.0]])):
        assert measures.precision(rows) == measures.recall(rows) == measures.f1(rows) == 0


@pytest.mark.parametrize(
    ("gold", "found", "precision", "recall"),
    [
        ("aaabb", "11222", [1, 1, 1 / 3, 2 / 3, 2 / 3], [2 / 3, 2 / 3, 1 / 3, 1, 1]),
        ("aabb", "1234", [1, 1, 1, 1], [1 / 2] * 4),
        ("aabb", "1111", [1 / 2] * 4, [1, 1, 1, 1]),
    ],
)
def test_bcubed(gold: str, found: str, precision: list[float], recall: list[float]) -> None:
    rows = measures.bcubed(gold, found)
    assert rows[:, 0] == pytest.approx(precision)
    assert rows[:, 1] == pytest.approx(recall)
    mean_precision, mean_recall = sum(precision) / len(gold), sum(recall) / len(gold)
    expected = 2 * mean_precision * mean_recall / (mean_precision + mean_recall)
    assert measures.bcubed_f1(rows) == pytest.approx(expected)


def test_correlations() -> None:
    rows = np.array([[1, 1], [2, 2], [2, 3], [3, 4]], float)
    assert measures.pearson(rows) == pytest.approx(3 / math.sqrt(2 * 5))
    assert measures.spearman(rows) == pytest.approx(4.5 / math.sqrt(4.5 * 5))
    assert measures.pearson(np.array([[1.0, 5.0], [2.0, 5.0]])) == 0


def test_bootstrap_interval() -> None:
    rows = np.array([[0.0], [1.0]] * 200)
    found = measures.interval(rows, measures.mean)
    assert found == measures.interval(rows, measures.mean)
    # The mean of 400 coin flips has a standard error of .025; 95% are within 1.96 of these.
    assert found == (0.5, pytest.approx(0.451, abs=0.006), pytest.approx(0.549, abs=0.006))
    assert measures.interval(COUNTS[:1], measures.f1) == (2 / 3, 2 / 3, 2 / 3)
    assert str(measures.Estimate(0.534, -0.25, 0.995)) == ".53 [-.25, .99]"


@given(SCORED, st.integers(0, 3))
def test_best_thresholds_equal_exhaustive_search(cases: list[tuple[int, bool]], missed: int) -> None:
    scores, gold = np.array([score for score, _ in cases], float), np.array([right for _, right in cases])

    def f1_at(threshold: float) -> float:
        found = scores >= threshold
        counts = (gold & found).sum(), (found & ~gold).sum(), (gold & ~found).sum() + missed
        return float(measures.f1(np.array([counts], float)))

    def accuracy_at(threshold: float) -> int:
        return int(((scores >= threshold) == gold).sum())

    threshold, value = measures.best_f1_threshold(scores, gold, missed)
    assert f1_at(threshold) == pytest.approx(value) == pytest.approx(max(map(f1_at, scores)))
    assert accuracy_at(measures.best_accuracy_threshold(scores, gold)) == max(map(accuracy_at, scores))


def test_leave_one_out_excludes_the_evaluated_case() -> None:
    gold = np.array([False, True, True])
    # The best threshold of all three is .15; without the second it is .5, which classifies the second wrongly.
    assert measures.leave_one_out(np.array([0.1, 0.2, 0.9]), gold).tolist() == [True, False, True]


def test_spans_covered_by_a_link() -> None:
    spans = measures.joined_spans(["x" * 10, "y" * 9, "z" * 9], "\n")
    # Half of the first span but inside it; half of it and part of the next; most of two; the line break.
    for extent, found in (((0, 5), [0]), ((5, 16), [1]), ((4, 16), [0, 1]), ((10, 11), [])):
        assert measures.covered_spans(extent, spans) == found


@given(SENTENCES, SENTENCES, st.sampled_from([0, 0.3]))
def test_difflib_with_bound_equals_plain_difflib(lefts: list[str], rights: list[str], min_ratio: float) -> None:
    for row, left in zip(baselines.difflib(lefts, rights, min_ratio), lefts, strict=True):
        for ratio, right in zip(row, rights, strict=True):
            plain = SequenceMatcher(None, left.split(), right.split(), autojunk=False).ratio()
            if left.split() or right.split():
                assert ratio == pytest.approx(plain if plain >= min_ratio else 0)


def test_baselines() -> None:
    # "a" is in both texts, so its weight is ln 2; "b" and "c" are in one, so theirs is ln 3.
    common, rare = math.log(2) ** 2, math.log(3) ** 2
    assert baselines.cosine(baselines.words, ["A b"], ["a c"])[0, 0] == pytest.approx(common / (common + rare))
    found = baselines.document_cosine(baselines.words, ["a b c", "a b d", "e"])
    assert found[0, 1] == pytest.approx(2 * math.log(1.5) ** 2 / (2 * math.log(1.5) ** 2 + math.log(3) ** 2))
    assert baselines.words("Die Straße, 25 000!") == ["die", "strasse", "25", "000"]
    assert baselines.stems("Verhandlungen an") == ["verha", "an"]
    assert baselines.grams("Häuser an") == ["häus", "äuse", "user", "an"]
    assert baselines.shingles("a b c d a b c") == ["a b c", "b c d", "c d a", "d a b"]
    assert baselines.containment("a b c d", "x a b c") == 1 / 2
    # All words of the first are in the second; its signature has 128 positions, so the standard error is below .05.
    assert baselines.rapidfuzz(["B a a"], ["a b c", "d"]).tolist() == [[1, 0]]
    texts = [" ".join(f"w{at}" for at in range(*ends)) for ends in ((0, 102), (20, 122), (200, 302))]
    assert baselines.minhash(texts[:1], texts)[0] == pytest.approx([1, 80 / 120, 0], abs=0.15)
    similarity = np.array([[1, 0.9, 0.1], [0.9, 1, 0.1], [0.1, 0.1, 1]])
    clusterings = [[labels.index(label) for label in labels] for labels in baselines.clusterings(similarity)]
    assert clusterings == [[0, 1, 2], [0, 0, 2], [0, 0, 0]]
    left, right = ["a", "b", "c", "a"], ["a", "x", "c"]
    assert baselines.equal_words(left, right) == {(0, 0), (2, 2), (3, 0)}
    assert baselines.difflib_words(left, right) == {(0, 0), (2, 2)}
    assert baselines.rapidfuzz_words(left, right) == {(0, 0), (1, 1), (2, 2)}


def test_thresholds_are_chosen_on_the_tune_half(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"original": ["a b c d", "e f g"], "simplification": ["e f h", "a b c x", "i"], "links": [[0, 1], [1, 0]]}]
    monkeypatch.setattr(sentence_quality, "load", lambda *request: {("", "deplain", "tune"): rows}[request])
    for name, rule in sentence_quality.link_rules("").items():
        found = sentence_quality._apply(rule, baselines.SENTENCES[name](rows[0]["original"], rows[0]["simplification"]))
        assert found == {(0, 1), (1, 0)} or name.startswith("MinHash")
    scores = np.array([[0.9, 0.6, 0.1], [0.8, 0.5, 0.55]])
    best = sentence_quality.LinkRule(0.5, best_only=True)
    assert sentence_quality._apply(best, scores) == {(0, 0), (0, 1), (1, 0), (1, 2)}
    scores, gold = np.array([0.1, 0.3, 0.2, 0.9]), np.array([False, True, True, True])
    tuned, evaluated = np.array([True, True, False, False]), np.array([False, False, True, True])
    assert document_quality._correct(scores, gold, evaluated, tuned, held_out=True).tolist() == [True, True]
    scores[2] = 0.15  # below the threshold .2 of the first two
    assert document_quality._correct(scores, gold, evaluated, tuned, held_out=True).tolist() == [False, True]


def test_links_of_deplain_exclude_related_and_identical_sentences() -> None:
    row = {"original": ["same", "left"], "simplification": ["same", "right"], "links": [[0, 0], [1, 1]]}
    pairs = [
        SimpleNamespace(kind=kind, left=span, right=span) for kind, span in (("light", (0, 4)), ("related", (5, 9)))
    ]
    linked = [sentence_quality._linked(row, SimpleNamespace(pairs=pairs), related) for related in (False, True)]
    assert linked == [{(0, 0)}, {(0, 0), (1, 1)}]
    assert [sentence_quality._counts(row, found) for found in linked] == [(0, 0, 1), (1, 0, 0)]


def test_halves_are_disjoint_and_complete(tmp_path: Path) -> None:
    rows = [{"id": at, "text": str(at), "source": "s", "category": "cut"} for at in range(5)]
    (tmp_path / "clough_stevenson").mkdir()
    path = tmp_path / evaluation_sets.EVALUATION_SETS["clough"].file
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert evaluation_sets.load(tmp_path, "clough", "all") == rows
    assert [row["id"] for row in evaluation_sets.load(tmp_path, "clough", "tune")] == [0, 2, 4]
    assert [row["id"] for row in evaluation_sets.load(tmp_path, "clough", "report")] == [1, 3]
    with pytest.raises(evaluation_sets.MissingSetError, match="mtref_word_alignments"):
        evaluation_sets.load(tmp_path, "mtref", "all")


def news(pair_id: str, overall: float, left: str, right: str) -> dict[str, object]:
    languages = {"lang1": "en", "lang2": "en", "original": True}
    return {"pair_id": pair_id, "overall": overall, "text1": left, "text2": right, **languages}


def test_unrelated_pairs_share_no_article_task_or_original() -> None:
    pairs = [news("1_2", 1, "a", "b"), news("2_3", 4, "b2", "c"), news("4_5", 4, "d", "e")]
    found = evaluation_sets.unrelated_pairs("semeval", pairs)
    assert [pair.left for pair in found] == ["a", "b2", "d"]
    assert found[0].rights == found[1].rights == ["e"]
    answers = [{"text": str(at), "source": "st"[at % 2]} for at in range(4)]
    found = evaluation_sets.unrelated_pairs("clough", answers)
    assert [pair.rights for pair in found] == [["t"], ["s"], ["t"], ["s"]]
    plain = [{"original": [str(at // 2)], "simplification": [str(at)]} for at in range(8)]
    for at, pair in enumerate(evaluation_sets.unrelated_pairs("deplain", plain)):
        assert not {str(at), str(at ^ 1)} & set(pair.rights)


def test_mixtures_label_texts_by_source() -> None:
    rows = [{"text": text, "source": source, "category": "cut"} for text, source in ("as", "bt", "ct")]
    copied = evaluation_sets.mix_clough(rows, evaluation_sets.COPIED)
    assert (copied.texts, copied.stories) == (["a", "b", "c", "s", "t"], [0, 1, 1, 0, 1])
    plain = [{"original": [left], "simplification": [right]} for left, right in ("op", "oq", "rs")]
    versions = evaluation_sets.mix_deplain(plain)
    assert (versions.texts, versions.stories) == (["o", "r", "p", "q", "s"], [0, 1, 0, 0, 1])


def test_news_mixture_merges_by_rating_article_and_text() -> None:
    pairs = [
        news("1_2", 1.0, "one", "two"),
        news("2_3", 1.5, "two again", "three"),
        news("4_5", 4.0, "four", "three"),
        news("6_7", 2.0, "left", "out"),
        news("8_9", 3.5, "a b c d e f", "nine"),
        news("10_11", 4.0, "a b c d e g", "eleven"),
    ]
    mixture = evaluation_sets.mix_semeval(pairs, "en")
    story = dict(zip(mixture.texts, mixture.stories, strict=True))
    assert set(story) == {"one", "two", "two again", "three", "four", "a b c d e f", "nine", "a b c d e g", "eleven"}
    assert len({story[text] for text in ("one", "two", "two again", "three")}) == 1
    assert story["a b c d e f"] == story["a b c d e g"]
    assert len(set(mixture.stories)) == 5
