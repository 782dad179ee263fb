"""The measures of benchmarks/quality.py against values computed by hand, and against plain twins."""

import doctest
import importlib
import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import BENCHMARKS

sys.path.append(str(BENCHMARKS))
measures = importlib.import_module("measures")

COUNTS = np.array([[2.0, 1.0, 1.0], [1.0, 0.0, 2.0]])
SCORED = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=12).filter(
    lambda cases: any(right for _, right in cases)
)
PROSE = st.text(alphabet="ab cd", max_size=20)


def test_examples_in_docs_hold() -> None:
    for name in ("measures", "baselines", "sets"):
        assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_precision_recall_and_f1_add_up_all_documents() -> None:
    assert measures.precision(COUNTS) == 3 / 4
    assert measures.recall(COUNTS) == 3 / 6
    assert measures.f1(COUNTS) == pytest.approx(2 * 0.75 * 0.5 / 1.25)


def test_nothing_right_is_no_division_by_nothing() -> None:
    for rows in (np.array([[0.0, 0.0, 5.0]]), np.array([[0.0, 3.0, 0.0]]), np.array([[0.0, 0.0, 0.0]])):
        assert measures.precision(rows) == measures.recall(rows) == measures.f1(rows) == 0


def test_counts_of_links() -> None:
    assert measures.counts(set(), set()) == (0, 0, 0)
    assert measures.counts({(0, 0)}, set()) == (0, 0, 1)
    assert measures.counts({(0, 0), (1, 1)}, {(1, 1), (1, 0)}) == (1, 1, 1)


def test_rate_weighs_documents_by_their_pairs() -> None:
    assert measures.rate(np.array([[1.0, 4.0], [0.0, 1.0]])) == 1 / 5


@pytest.mark.parametrize(
    ("gold", "found", "precision", "recall"),
    [
        ("aaabb", "11222", [1, 1, 1 / 3, 2 / 3, 2 / 3], [2 / 3, 2 / 3, 1 / 3, 1, 1]),
        ("aabb", "1234", [1, 1, 1, 1], [1 / 2] * 4),
        ("aabb", "1111", [1 / 2] * 4, [1, 1, 1, 1]),
        ("abcd", "4321", [1] * 4, [1] * 4),
        ("a", "1", [1], [1]),
    ],
)
def test_bcubed_by_hand(gold: str, found: str, precision: list[float], recall: list[float]) -> None:
    rows = measures.bcubed(gold, found)
    assert rows[:, 0] == pytest.approx(precision)
    assert rows[:, 1] == pytest.approx(recall)
    one, other = sum(precision) / len(gold), sum(recall) / len(gold)
    assert measures.bcubed_f1(rows) == pytest.approx(2 * one * other / (one + other))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=10), st.data())
def test_bcubed_asks_who_is_together_not_what_groups_are_called(gold: list[int], data: st.DataObject) -> None:
    found = data.draw(st.lists(st.integers(-2, 2), min_size=len(gold), max_size=len(gold)))
    rows = measures.bcubed(gold, found)
    assert (rows > 0).all()
    assert (rows <= 1).all()
    assert np.array_equal(rows, measures.bcubed([str(group) for group in gold], [10 - group for group in found]))
    assert np.array_equal(rows[:, ::-1], measures.bcubed(found, gold))
    assert measures.bcubed_f1(measures.bcubed(gold, gold)) == 1


@pytest.mark.parametrize(
    ("rows", "pearson", "spearman"),
    [
        ([[1, 2], [2, 4], [3, 6]], 1, 1),
        ([[1, 3], [2, 2], [3, 1]], -1, -1),
        ([[1, 1], [2, 3], [3, 2]], 0.5, 0.5),
        ([[1, 1], [2, 2], [3, 9]], 8 / math.sqrt(2 * 38), 1),
        ([[1, 1], [2, 2], [2, 3], [3, 4]], 3 / math.sqrt(2 * 5), 4.5 / math.sqrt(4.5 * 5)),
        ([[1, 5], [2, 5]], 0, 0),
    ],
)
def test_correlations_by_hand(rows: list[list[float]], pearson: float, spearman: float) -> None:
    assert measures.pearson(np.array(rows, float)) == pytest.approx(pearson)
    assert measures.spearman(np.array(rows, float)) == pytest.approx(spearman)


def test_intervals_are_the_same_each_time_and_hold_the_value() -> None:
    rows = np.array([[0.0], [1.0]] * 200)
    found = measures.interval(rows, measures.mean)
    assert found == measures.interval(rows, measures.mean)
    assert found != measures.interval(rows, measures.mean, seed=2)
    assert found.value == 0.5
    # The mean of 400 tosses has a standard error of .025: the middle 95% are 1.96 of those to each side.
    assert (found.low, found.high) == (pytest.approx(0.451, abs=0.006), pytest.approx(0.549, abs=0.006))


def test_intervals_of_what_does_not_vary_have_no_width() -> None:
    assert measures.interval(np.array([[3.0]] * 5), measures.mean) == (3, 3, 3)
    assert measures.interval(COUNTS[:1], measures.f1) == (2 / 3, 2 / 3, 2 / 3)


def test_figures_are_written_short() -> None:
    assert str(measures.Figure(0.534, 0.49, 1.0)) == ".53 [.49, 1.00]"
    assert measures.short(-0.08) == "-.08"
    assert measures.short(0.996) == "1.00"
    assert measures.short(0.0) == ".00"


def test_best_f1_cut_by_hand() -> None:
    scores, gold = np.array([0.9, 0.1, 0.7, 0.8]), np.array([True, False, True, False])
    assert measures.best_f1_cut(scores, gold) == (pytest.approx(0.4), pytest.approx(4 / 5))
    assert measures.best_f1_cut(scores, gold, missed=3) == (pytest.approx(0.4), pytest.approx(4 / 8))
    assert measures.best_f1_cut(np.array([0.5, 0.5]), np.array([True, False])) == (0.5, pytest.approx(2 / 3))


@given(SCORED, st.integers(0, 3))
def test_best_f1_cut_equals_trying_all(cases: list[tuple[int, bool]], missed: int) -> None:
    scores, gold = np.array([score for score, _ in cases], float), np.array([right for _, right in cases])
    cut, value = measures.best_f1_cut(scores, gold, missed)

    def at(cut: float) -> float:
        found = scores >= cut
        counts = (gold & found).sum(), (found & ~gold).sum(), (gold & ~found).sum() + missed
        return float(measures.f1(np.array([counts], float)))

    assert at(cut) == pytest.approx(value) == pytest.approx(max(at(score) for score in scores))


@given(SCORED)
def test_best_split_equals_trying_all(cases: list[tuple[int, bool]]) -> None:
    scores, gold = np.array([score for score, _ in cases], float), np.array([right for _, right in cases])

    def at(cut: float) -> int:
        return int(((scores >= cut) == gold).sum())

    assert at(measures.best_split(scores, gold)) == max(at(score) for score in scores)


def test_leave_one_out_does_not_look_at_the_case_it_judges() -> None:
    gold = np.array([False, False, False, True, True, True])
    assert measures.leave_one_out(np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9]), gold).all()
    # Of all three the cut at .15 is best; without the second it lies at .5, so that the second is judged wrongly.
    assert measures.leave_one_out(np.array([0.1, 0.2, 0.9]), gold[2:5]).tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("stretch", "found"),
    [
        ((0, 10), [0]),
        ((0, 5), [0]),  # half only, but inside
        ((5, 16), [1]),  # half of the first is not more than half
        ((4, 16), [0, 1]),
        ((12, 14), [1]),
        ((10, 11), []),  # the line break
        ((0, 30), [0, 1, 2]),
        ((9, 12), []),
        ((3, 3), []),
    ],
)
def test_sentences_that_a_link_covers(stretch: tuple[int, int], found: list[int]) -> None:
    assert measures.touched(stretch, [(0, 10), (11, 20), (21, 30)]) == found


@given(st.lists(PROSE), st.sampled_from(["\n", " ", ""]))
def test_spans_of_joined_parts_hold_the_parts(parts: list[str], separator: str) -> None:
    joined = separator.join(parts)
    assert [joined[start:end] for start, end in measures.spans_of(parts, separator)] == parts
