"""Alignment of two texts: invariants and examples."""
# ruff: noqa: RUF001 - French apostrophes in the texts

import json
import random
import subprocess
import sys
from collections.abc import Iterable
from itertools import pairwise

import paths
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import FEW, texts

import dedup
from dedup.alignment import diff as module
from dedup.alignment.conflicts import Conflict
from dedup.alignment.diff import Diff, Pair, diff_analyses
from dedup.text.analysis import analyse

SEEDS = [path.read_text("utf-8") for path in sorted(paths.SEEDS.iterdir())]
SENTENCES = [
    "Le conseil de Brest a voté mardi la construction d'un pont.",
    "Il coûtera 25 millions d'euros, selon le maire.",
    "Les pêcheurs ont protesté dans le port contre ce projet.",
    "Le vieux bac sera retiré en mars 2026.",
    "Une tempête avait deux fois endommagé son embarcadère.",
    "« Nous n'avons pas été consultés », affirme Jean Le Goff.",
    "Oui.",
    "D'après l'AFP, 12 000 personnes ont manifesté à Kiev.",
]
articles = st.lists(st.sampled_from(SENTENCES), max_size=7).map(" ".join)
either = st.one_of(articles, texts)


def as_tuple(pair: Pair) -> tuple[object, ...]:
    return pair.left, pair.right, pair.score, pair.kind, pair.moved, frozenset((*word,) for word in pair.words)


def mirrored(pair: Pair) -> tuple[object, ...]:
    words = frozenset((*word[2:4], *word[0:2], word[4]) for word in pair.words)
    return pair.right, pair.left, pair.score, pair.kind, pair.moved, words


def overlap(extents: Iterable[tuple[int, int]]) -> bool:
    ordered = sorted(extents)
    return any(before[1] > after[0] for before, after in pairwise(ordered))


@FEW
@given(either, either)
def test_offsets_are_valid_and_words_do_not_overlap(left: str, right: str) -> None:
    found = dedup.diff(left, right, "fr")
    assert all(0 <= coverage <= 1 for coverage in (*found.coverage, found.similarity))
    for pair in found.pairs:
        assert 0 < pair.score <= 1
        for side, extent in ((left, pair.left), (right, pair.right)):
            assert 0 <= extent.start < extent.end <= len(side)
            assert not side[extent.start].isspace()
            assert not side[extent.end - 1].isspace()
        sides = [(word.left_start, word.left_end) for word in pair.words], [word[2:4] for word in pair.words]
        for words, extent in zip(sides, (pair.left, pair.right), strict=True):
            assert all(extent.start <= start < end <= extent.end for start, end in words)
            assert not overlap(words)


@FEW
@given(either)
def test_text_is_verbatim_to_itself(text: str) -> None:
    found = dedup.diff(text, text, "fr")
    assert {pair.kind for pair in found.pairs} <= {"verbatim"}
    assert not any(pair.moved for pair in found.pairs)
    assert {pair.left for pair in found.pairs if pair.left == pair.right} == set(found.sentences[0])
    assert found.similarity == 1
    assert found.coverage == ((1, 1) if any(map(str.isalnum, text)) else found.coverage)


@FEW
@given(either, either)
def test_alignment_is_symmetric(left: str, right: str) -> None:
    one, other = dedup.diff(left, right, "fr"), dedup.diff(right, left, "fr")
    assert {as_tuple(pair) for pair in one.pairs} == {mirrored(pair) for pair in other.pairs}
    assert one.similarity == other.similarity
    assert one.coverage == other.coverage[::-1]


@FEW
@given(st.randoms(use_true_random=False))
def test_shuffled_sentences_are_moved(rng: random.Random) -> None:
    order = list(range(len(SENTENCES)))
    rng.shuffle(order)
    left, right = " ".join(SENTENCES), " ".join(SENTENCES[at] for at in order)
    found = dedup.diff(left, right, "fr")
    verbatim = {(left[slice(*pair.left)], right[slice(*pair.right)]) for pair in found.pairs if pair.kind == "verbatim"}
    assert {(sentence, sentence) for sentence in SENTENCES if len(sentence) > 10} <= verbatim
    assert any(pair.moved for pair in found.pairs) == (order != sorted(order))


@FEW
@given(either, either)
def test_rows_contain_each_sentence(left: str, right: str) -> None:
    found = dedup.diff(left, right, "fr")
    rows = found.rows()
    assert {row.pair for row in rows if row.pair is not None} == set(range(len(found.pairs)))
    for side, which in ((0, "left"), (1, "right")):
        shown = [getattr(row, which) for row in rows if getattr(row, which) is not None]
        for span in found.sentences[side]:
            assert any(extent.start <= span.start and span.end <= extent.end for extent in shown)


def diff_seeds(left: int, right: int) -> Diff:
    return dedup.diff(SEEDS[left], SEEDS[right])


def test_sources_and_names_of_the_seeds() -> None:
    found = diff_seeds(0, 1)
    assert [credit.source for credit in found.cites[0]] == ["NHK", "RBC-Ukraine", "autorités ukrainiennes"]
    assert [credit.source for credit in found.cites[1]] == ["NHK", "RBC-Ukraine"]
    [pair] = [pair for pair in found.pairs if {"Lelabouga", "RBC-Ukraine"} <= set(pair.shared)]
    assert "rapportée par le média japonais NHK" in found.left[slice(*pair.left)]
    assert "selon l’agence de presse ukrainienne RBC-Ukraine" in found.right[slice(*pair.right)]
    words = {(found.left[a:b], found.right[c:d], kind) for a, b, c, d, kind in pair.words}
    assert ("Lelabouga", "Lelabouga", "same") in words
    assert {fact.value: bool(fact.left and fact.right) for fact in found.facts}["25000"]


def test_spellings_of_a_name_are_one_fact() -> None:
    found = diff_seeds(1, 3)
    [fact] = [fact for fact in found.facts if fact.value == "Lelabouga"]
    assert [found.right[slice(*span)] for span in fact.right] == ["Alabuga"]


def test_different_numbers_of_the_same_noun_conflict() -> None:
    one = "La Corée du Nord a envoyé 3 000 soldats à Koursk, affirme le ministère russe."
    other = "Selon le ministère russe, la Corée du Nord a envoyé 12 000 soldats à Koursk."
    [pair] = dedup.diff(one, other).pairs
    assert pair.conflicting == (Conflict("3000", "12000", "soldats"),)
    assert pair.to_dict()["conflicting"] == ({"left": "3000", "right": "12000", "noun": "soldats"},)
    assert "Koursk" in pair.shared


def test_json_keys() -> None:
    content = json.loads(json.dumps(diff_seeds(0, 3).to_dict()))
    assert {"similarity", "coverage", "links", "facts", "cites"} <= content.keys()
    assert content["coverage"].keys() == content["cites"].keys() == {"left", "right"}
    keys = {"left", "right", "score", "kind", "moved", "shared", "conflicting", "words"}
    assert all(link.keys() == keys for link in content["links"])
    assert all(len(link["left"]) == 2 for link in content["links"])
    assert {word[4] for link in content["links"] for word in link["words"]} <= {"same", "equivalent", "replaced"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "…",
        "1234 " * 2000,
        "mot " * 50_000,
        "x" * 100_000,
        "A. " * 20_000,
        "« " * 5000,
        "(" * 100_000,
        "قال الرئيس إن المفاوضات مستمرة منذ يونيو 2024. " * 50,
        "中国政府宣布新的经济措施。" * 300,
        "\u0301" * 5000,
        "\0\x1b[2J \u202e hidden.",
        "a\r\nb\rc\u2028d",
        "-" * 50_000,
        "Oui. Non. " * 2000,
    ],
    ids=range(16),
)
def test_odd_texts_are_aligned(text: str) -> None:
    assert dedup.diff(text, SEEDS[1]).coverage[1] < 0.2
    same = dedup.diff(text, text)
    assert {pair.kind for pair in same.pairs} <= {"verbatim"}


def test_diff_does_not_import_numba_duckdb_or_scipy() -> None:
    code = (
        "import sys, dedup; dedup.diff('Un pont à Brest.', 'Un pont.');"
        "print(sorted({'numba', 'duckdb', 'scipy'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert done.stdout == "[]\n"


IN_TWO_LANGUAGES = (
    "Le conseil de Brest a voté mardi la construction d'un pont de 25 millions d'euros.",
    "On Tuesday the council of Brest voted to build a bridge for 25 million euros.",
)


def test_links_only_the_same_words_in_texts_of_different_languages() -> None:
    left, right = (f"{text} Breaking news on channel five. OK." for text in IN_TWO_LANGUAGES)
    found = dedup.diff(left, right)
    assert [left[slice(*pair.left)] for pair in found.pairs] == ["Breaking news on channel five."]
    content = found.to_dict()
    assert content["languages"] == {"left": "fr", "right": "en"}
    assert (content["languages_guessed"], content["compared"]) == (True, False)


def test_texts_of_a_given_language_are_compared() -> None:
    content = dedup.diff(*IN_TWO_LANGUAGES, "fr").to_dict()
    assert content["languages"] == {"left": "fr", "right": "fr"}
    assert (content["languages_guessed"], content["compared"]) == (False, True)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Breaking news", "BREAKING NEWS!"), ("Breaking news", "Breaking news. Il pleut."), ("Info flash", "info flash.")],
)
def test_short_texts_are_compared_in_any_guessed_language(left: str, right: str) -> None:
    found = dedup.diff(left, right)
    assert found.is_compared
    assert (found.pairs[0].kind, found.pairs[0].left) == ("verbatim", (0, len(left)))


@FEW
@given(articles, st.sampled_from(["en", "de", "ru"]))
def test_equal_texts_link_in_any_guessed_language(text: str, language: str) -> None:
    found = diff_analyses(analyse(text, "fr"), analyse(text, language), is_language_guessed=True)
    assert all(pair.kind == "verbatim" for pair in found.pairs)
    if found.sentences[0] == found.sentences[1]:
        assert found.coverage == ((1.0, 1.0) if text else (0.0, 0.0))


@pytest.mark.parametrize("likely", [None, "fr", "de"])
def test_likely_language_does_not_change_the_result(monkeypatch: pytest.MonkeyPatch, likely: str | None) -> None:
    left, right = "Selon NHK, la Russie attend 25 000 ouvriers.", "La Russie attend vingt-cinq mille ouvriers, dit NHK."
    expected = module.diff(left, right)
    monkeypatch.setattr(module, "is_loading", lambda: True)
    monkeypatch.setattr(module, "likely_language", lambda _: likely)
    assert module.diff(left, right) == expected
    assert expected.language == "fr"
