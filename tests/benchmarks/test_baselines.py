"""The baselines of benchmarks/quality.py against plain twins, and what it makes of the sets."""

import importlib
import json
import math
import sys
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import BENCHMARKS

sys.path.append(str(BENCHMARKS))
baselines = importlib.import_module("baselines")
sets = importlib.import_module("sets")

PROSE = st.text(alphabet="ab cd", max_size=20)


@given(st.lists(PROSE, min_size=1, max_size=5), st.lists(PROSE, min_size=1, max_size=5))
def test_baselines_range_from_0_to_1_and_mirror(lefts: list[str], rights: list[str]) -> None:
    for compare in baselines.SENTENCES.values():
        found = compare(lefts, rights)
        assert found.shape == (len(lefts), len(rights))
        assert (found >= 0).all()
        assert (found <= 1 + 1e-9).all()
        if compare is not baselines.difflib:  # whose matches depend on the order of its arguments
            assert found == pytest.approx(compare(rights, lefts).T)


@given(st.lists(PROSE, min_size=1, max_size=5), st.lists(PROSE, min_size=1, max_size=5), st.sampled_from([0, 0.3]))
def test_difflib_with_a_bound_equals_plain_difflib(lefts: list[str], rights: list[str], least: float) -> None:
    for row, left in zip(baselines.difflib(lefts, rights, least), lefts, strict=True):
        for ratio, right in zip(row, rights, strict=True):
            plain = SequenceMatcher(None, left.split(), right.split(), autojunk=False).ratio()
            if left.split() or right.split():
                assert ratio == pytest.approx(plain if plain >= least else 0)


def test_cosine_by_hand() -> None:
    # Two texts: "a" is in both, so its weight is ln 2; "b" and "c" are in one, so theirs is ln 3.
    common, rare = math.log(2) ** 2, math.log(3) ** 2
    assert baselines.cosine(baselines.words, ["a b"], ["a c"])[0, 0] == pytest.approx(common / (common + rare))
    assert baselines.cosine(baselines.words, ["A b"], ["b a"])[0, 0] == pytest.approx(1)
    assert baselines.cosine(baselines.words, ["a"], ["b"])[0, 0] == 0
    found = baselines.document_cosine(baselines.words, ["a b c", "a b d", "e"])
    assert found[0, 2] == 0
    assert found[0, 1] == pytest.approx(2 * math.log(1.5) ** 2 / (2 * math.log(1.5) ** 2 + math.log(3) ** 2))


def test_terms_and_shingles() -> None:
    assert baselines.words("Die Straße, 25 000!") == ["die", "strasse", "25", "000"]
    assert baselines.stems("Verhandlungen an") == ["verha", "an"]
    assert baselines.grams("Häuser an") == ["häus", "äuse", "user", "an"]
    assert baselines.shingles("a b c d a b c") == ["a b c", "b c d", "c d a", "d a b"]
    assert baselines.shingles("a b") == ["a b"]
    assert baselines.containment("a b c d", "x a b c") == 1 / 2


def test_groupings_go_from_all_alone_to_all_together() -> None:
    similarity = np.array([[1, 0.9, 0.1], [0.9, 1, 0.1], [0.1, 0.1, 1]])
    found = [[groups.index(group) for group in groups] for groups in baselines.groupings(similarity)]
    assert found == [[0, 1, 2], [0, 0, 2], [0, 0, 0]]


def test_word_baselines() -> None:
    left, right = ["a", "b", "c", "a"], ["a", "x", "c"]
    assert baselines.same_words(left, right) == {(0, 0), (2, 2), (3, 0)}
    assert baselines.difflib_words(left, right) == {(0, 0), (2, 2)}
    assert baselines.rapidfuzz_words(left, right) == {(0, 0), (1, 1), (2, 2)}


def write(folder: Path, rows: list[dict[str, object]]) -> None:
    (folder / "clough_stevenson").mkdir()
    (folder / sets.SOURCES["clough"].file).write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def test_halves_are_apart_and_whole_together(tmp_path: Path) -> None:
    rows = [{"id": at, "text": str(at), "source": "s", "category": "cut"} for at in range(5)]
    write(tmp_path, rows)
    assert sets.load(tmp_path, "clough", "all") == rows
    assert [row["id"] for row in sets.load(tmp_path, "clough", "tune")] == [0, 2, 4]
    assert [row["id"] for row in sets.load(tmp_path, "clough", "report")] == [1, 3]


def test_a_set_that_is_not_there_is_named_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(sets.Missing) as error:
        sets.load(tmp_path, "mtref", "all")
    assert "mtref_word_alignments" in str(error.value)
    assert str(tmp_path) not in str(error.value)


def news(ids: str, overall: float, one: str, other: str) -> dict[str, object]:
    return {
        "pair_id": ids,
        "overall": overall,
        "lang1": "en",
        "lang2": "en",
        "original": True,
        "text1": one,
        "text2": other,
    }


def test_pairs_of_strangers_share_no_article_task_or_original() -> None:
    pairs = [news("1_2", 1, "a", "b"), news("2_3", 4, "b2", "c"), news("4_5", 4, "d", "e")]
    found = sets.strangers("semeval", pairs)
    assert [one.left for one in found] == ["a", "b2", "d"]
    assert found[0].rights == found[1].rights == ["e"]
    assert found == sets.strangers("semeval", pairs)
    answers = [{"text": str(at), "source": "st"[at % 2]} for at in range(4)]
    assert [one.rights for one in sets.strangers("clough", answers)] == [["t"], ["s"], ["t"], ["s"]]
    plain = [{"original": [str(at // 2)], "simplification": [f"{at}", "!"]} for at in range(8)]
    for at, one in enumerate(sets.strangers("deplain", plain)):
        assert len(set(one.rights)) == sets.STRANGERS
        assert not {f"{at // 2 * 2}\n!", f"{at // 2 * 2 + 1}\n!"} & set(one.rights)


def test_agency_names_at_the_end_go() -> None:
    pairs = [sets.Strangers("Reuter said so.\n Reuter\n\x03", ["It rains.\n REUTER", "It reuters"])]
    [(left, rights)] = sets.unsigned(pairs)
    assert (left.rstrip(), [right.rstrip() for right in rights]) == ("Reuter said so.", ["It rains.", "It reuters"])


def test_mixed_news_join_by_rating_by_article_and_by_text() -> None:
    found = sets.mix_semeval(
        [
            news("1_2", 1.0, "one", "two"),
            news("2_3", 1.5, "two again", "three"),
            news("4_5", 4.0, "four", "three"),
            news("6_7", 2.0, "left", "out"),
            news("8_9", 3.5, "a b c d e f", "nine"),
            news("10_11", 4.0, "a b c d e g", "eleven"),
        ],
        "en",
    )
    story = dict(zip(found.texts, found.stories, strict=True))
    assert set(story) == {"one", "two", "two again", "three", "four", "a b c d e f", "nine", "a b c d e g", "eleven"}
    assert len({story[text] for text in ("one", "two", "two again", "three")}) == 1
    assert story["a b c d e f"] == story["a b c d e g"]
    assert len(set(found.stories)) == 5
    assert sets.size(found) == "9 documents, 5 stories, 3 of them alone"


def test_mixed_answers_and_plain_versions() -> None:
    rows = [
        {"text": "a", "source": "s", "category": "cut"},
        {"text": "b", "source": "t", "category": "non"},
        {"text": "c", "source": "t", "category": "heavy"},
    ]
    copied = sets.mix_clough(rows, sets.COPIED)
    assert (copied.texts, copied.stories, copied.goal) == (["a", "c", "s", "t"], [0, 1, 0, 1], True)
    assert not sets.mix_clough(rows, ("non", *sets.COPIED)).goal
    plain = [{"original": [one], "simplification": [other]} for one, other in ("op", "oq", "rs")]
    found = sets.mix_deplain(plain)
    assert (found.texts, found.stories) == (["o", "r", "p", "q", "s"], [0, 1, 0, 0, 1])
