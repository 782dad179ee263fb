"""Tests of the measures of story cases."""

import json
from pathlib import Path

import measures
import numpy as np
import pytest
import story_quality
from hypothesis import given
from hypothesis import strategies as st

LABELS = st.frozensets(st.integers(0, 3), min_size=1, max_size=3)


def test_bcubed_overlapping_by_hand() -> None:
    """Document 0 is in two true stories and in a single found one."""
    gold = [{"a", "b"}, {"a"}, {"b"}]
    found = [{1}, {1}, {1}]
    # Precision: of 0 all partners share a story; 1 and 2 share none, so that 2 of 3 partners are right for each.
    # Recall: 0 shares two stories with itself but one found: (1/2 + 1 + 1) / 3; of 1 and 2 all partners are found.
    expected = [[1, 5 / 6], [2 / 3, 1], [2 / 3, 1]]
    assert np.allclose(measures.bcubed_overlapping(gold, found), expected)


def test_bcubed_overlapping_counts_repeated_clusters() -> None:
    """Two found stories of the same pair with a single true one are half right."""
    rows = measures.bcubed_overlapping([{"a"}, {"a"}], [{1, 2}, {1, 2}])
    assert np.allclose(rows, [[0.5, 1], [0.5, 1]])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8))
def test_bcubed_overlapping_is_bcubed_of_single_clusters(pairs: list[tuple[int, int]]) -> None:
    gold, found = zip(*pairs, strict=True)
    extended = measures.bcubed_overlapping([{label} for label in gold], [{label} for label in found])
    assert np.allclose(extended, measures.bcubed(gold, found))


@given(st.lists(LABELS, min_size=1, max_size=8))
def test_bcubed_overlapping_of_equal_clusterings_is_1(clusters: list[frozenset[int]]) -> None:
    assert np.allclose(measures.bcubed_overlapping(clusters, clusters), 1)


def test_compare_by_hand() -> None:
    """Of the pairs, (0, 1) is found, (0, 3) false and (1, 2) missed."""
    rows = [{"story": label} for label in ("a", ["a", "b"], "b", None)]
    result = story_quality.compare("case", rows, [{1, 2}, {1}, set(), {2}])
    assert (result.right, result.false, result.missed) == ([(0, 1)], [(0, 3)], [(1, 2)])
    # Precision of 0: itself shares 2 found, 1 true: 1/2; with 1: 1; with 3: 0. Of 3: with 0: 0; itself: 1.
    assert np.allclose(result.bcubed[:, 0], [0.5, 1, 1, 0.5])
    # Recall of 1: with 0: 1; itself: 1/2; with 2: 0. Of 2: with 1: 0; itself: 1.
    assert np.allclose(result.bcubed[:, 1], [1, 0.5, 0.5, 1])


def test_document_without_story_is_a_cluster() -> None:
    """Finding nothing has precision 1, and recall 1 for the documents without a story."""
    result = story_quality.compare("case", [{"story": None}, {"story": "a"}, {"story": "a"}], [set(), set(), set()])
    assert np.allclose(result.bcubed, [[1, 1], [1, 0.5], [1, 0.5]])


def test_evaluate_and_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two copies are a story and a third text is none; the table gives the mean of the cases."""
    copy = "The bridge over the Tarn at Millau was closed on 3 May after 14 cracks were found in its northern pillar."
    other = "Bananas are rich in potassium."
    texts = [("x", copy, "s"), ("x", copy, "s"), ("x", other, None), ("y", copy, "s"), ("y", other, "s")]
    rows = [
        {"case": case, "lang": "en", "id": str(number), "outlet": None, "date": None, "text": text, "story": story}
        for number, (case, text, story) in enumerate(texts)
    ]
    (tmp_path / "story_cases.jsonl").write_text("\n".join(map(json.dumps, rows)))
    results = story_quality.evaluate(tmp_path)
    assert [result.counts for result in results] == [(1, 0, 0), (0, 0, 1)]
    assert story_quality.mean_f1(results) == pytest.approx((1 + 2 / 3) / 2)
    table = story_quality.story_cases(tmp_path, "report")
    assert table.lines[-1][:2] == ["all, mean of cases", "0.833"]
    assert table.lines[-2][4:9] == ["0.667", "1.000", "0.500", "0", "1 of 2"]
    story_quality.print_pairs(results)
    assert "missed pair in y\n  3 (s): The bridge over" in capsys.readouterr().out
    with pytest.raises(ValueError, match="unknown case: z; choose from x, y"):
        story_quality.evaluate(tmp_path, ["z"])
