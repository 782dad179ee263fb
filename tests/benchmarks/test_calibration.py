"""Tests of the calibration of scores."""

import calibration
import pytest
from calibration import Scored


def test_score_line_by_hand() -> None:
    """Scores at an edge belong to the higher bin; 0.995 and more is 1.00."""
    found = [
        Scored(0.5, True),
        Scored(0.55, False),
        Scored(0.9, True),
        Scored(0.994, True),
        Scored(0.995, False),
        Scored(1.0, True, same_words=True),
    ]
    name, *bins, same, error, goal = calibration.score_line("set", found)
    assert name == "set"
    assert bins == ["", ".50 (2)", "", "", "", "1.00 (2)", ".50 (2)"]
    assert (same, goal) == (".50", "≥ .9 from .9")
    # |1.05 - 1| + |1.894 - 2| + |1.995 - 1| = 1.151, over 6 links.
    assert error == ".19"
    assert calibration.score_line("none", []) == ["none", *[""] * 10]


def test_calibration_error_by_hand() -> None:
    bins = [[Scored(0.8, True), Scored(0.6, False)], [], [Scored(1.0, False)]]
    assert calibration.calibration_error(bins) == pytest.approx((0.4 + 1.0) / 3)
    assert calibration.calibration_error([]) == 0


def test_deplain_links() -> None:
    """A link between the sentences that are aligned is right, another is wrong."""
    sentence = "Der Rat der Stadt Springfield hat am Montag 45 Millionen Euro für eine neue Brücke bewilligt."
    row = {"original": [sentence, "Es regnet."], "simplification": [sentence, "Nein."], "links": [[0, 0]]}
    assert calibration.deplain_links([row]) == [Scored(1.0, True, False, True)]
    assert calibration.deplain_links([{**row, "links": [[1, 1]]}]) == [Scored(1.0, False, False, True)]


def test_mtref_links_are_wrong_in_unrelated_sentences() -> None:
    texts = ["the council of springfield approved 45 million dollars", "the museum of norway counted 1,200 puffins"]
    rows = [{"left": text.split(), "right": text.split()} for text in texts]
    assert {(one.score, one.right) for one in calibration.mtref_links(rows)} == {(1.0, True)}
    same = [rows[0], rows[0]]
    assert sorted(one.right for one in calibration.mtref_links(same)) == [False, False, True, True]


def test_cases_count_links_and_pairs() -> None:
    """Links of a story between documents that share no true story are wrong; a pair counts once."""
    text = (
        "The bridge over the Tarn at Millau was closed on 3 May after 14 cracks were found in its northern pillar. "
        "Engineer Paul Durand told Le Monde that the repair would take 9 weeks and cost 2.5 million euros."
    )
    rows = [
        {"id": str(n), "text": text, "outlet": None, "date": None, "story": s} for n, s in enumerate(("a", "a", None))
    ]
    links = calibration.case_links({"case": rows})
    pairs = calibration.case_pairs({"case": rows})
    assert {one.right for one in links} == {True, False}
    assert sorted(one.right for one in pairs) in ([False, True], [False, False, True])
    assert len(links) >= len(pairs)
