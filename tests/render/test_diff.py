"""Terminal output of `diff`: summary, pairs and marked words, readable without colour."""
# ruff: noqa: RUF001
# French apostrophes in the texts

import re
from dataclasses import replace
from typing import get_args

import paths
import pytest
from diff_samples import LEFT, make_diff, make_pair, sample_diff
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from screens import HOSTILE, UNPRINTABLE, compare_golden, screen

import dedup
from dedup.alignment.conflicts import Conflict
from dedup.alignment.diff import Diff, Pair, SharedFact
from dedup.alignment.words.align import WordLink, WordLinkKind
from dedup.render.comparison import score, short_list, summarize_diff
from dedup.render.format import flowing
from dedup.render.html.diff import MAX_FRAGMENT_PAIRS, draw_fragment, view
from dedup.render.terminal.diff import show_diff
from dedup.render.terminal.word_marks import mark_words
from dedup.text.spans import LinkKind, Span

SEEDS = [path.read_text("utf-8") for path in sorted(paths.SEEDS.iterdir())]
A, B = "le-journal.txt", "la-gazette.txt"


def render(diff: Diff, width: int = 80) -> str:
    """Return the terminal output of an alignment."""
    console, output = screen(width)
    show_diff(diff, (A, B), console)
    return output.getvalue()


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("width", [80, 100, 140])
def test_output_matches_golden_file(width: int) -> None:
    compare_golden(f"show-diff-{width}", render(sample_diff(), width))


def test_shows_summary() -> None:
    top = one_line(render(sample_diff()).partition("\n\n")[0])
    assert f"A {A} 7 sentences B {B} 8 sentences" in top
    assert "similarity" not in top  # a score that unrelated texts also have
    assert "coverage 41% of A is also in B, less than 1% of B is also in A" in top
    assert "1 light (mostly the same words), 1 heavy (reworded) and 1 related (same topic only); 1 moved" in top
    assert "shared 25,000 ouvriers, Lelabouga conflicting 2 ≠ 3 usines" in top
    assert "credits A: NHK; B: NHK, RBC-Ukraine" in top


def test_marks_differences_in_light_pairs() -> None:
    text = one_line(render(sample_diff(), 300))
    assert "La Russie va [accueillir] ~25 000~ ouvriers nord-coréens dans une usine ~de Lelabouga~." in text
    assert "La Russie va {+bientôt+} {recevoir} ~25.000~ ouvriers nord-coréens dans une usine ~d’Alabuga~." in text


def test_marks_agreement_in_heavy_pairs() -> None:
    text = one_line(render(sample_diff(), 300))
    assert "Les *drones* sont, selon *NHK*, au cœur de la [stratégie] de *Moscou*." in text
    assert "Selon la chaîne *NHK, Moscou* {mise} sur les *drones*." in text


@pytest.mark.parametrize("no_color", [False, True])
def test_marks_with_colours_or_with_signs(monkeypatch: pytest.MonkeyPatch, no_color: bool) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    shown = render(sample_diff(), 300)
    assert ("\x1b[35maccueillir\x1b[0m" in shown) is not no_color
    assert ("\x1b[32mbientôt\x1b[0m" in shown) is not no_color
    assert bool(re.search(r"\[accueillir|\{\+bientôt|~25 000|\*NHK", shown)) is no_color


def test_marks_words_of_one_side() -> None:
    texts = ("Il a, dit-on, (enfin) plu.", "Il a plu (un peu), dit-il.")
    found = make_pair(*texts, "light", "Il a = Il a | plu = plu", texts)
    assert mark_words(texts[0], found, 0, "fr", signs=True).plain == "Il a, [-dit-on, (enfin-]) plu."
    assert mark_words(texts[1], found, 1, "fr", signs=True).plain == "Il a plu ({+un peu), dit-il+}."


def test_function_words_are_unmarked_in_heavy_pairs_only() -> None:
    texts = ("La fin de la guerre", "Une fin à cette guerre")
    words = "La > Une | fin = fin | de > à | la > cette | guerre = guerre"
    heavy, light = make_pair(*texts, "heavy", words, texts), make_pair(*texts, "light", words, texts)
    assert mark_words(texts[0], heavy, 0, "fr", signs=True).plain == "La *fin* de la *guerre*"
    assert mark_words(texts[1], light, 1, "fr", signs=True).plain == "{Une} fin {à cette} guerre"
    same = "La > Une | fin = fin | de = à | la = cette | guerre = guerre"
    assert (
        mark_words(texts[0], make_pair(*texts, "heavy", same, texts), 0, "fr", signs=True).plain
        == "La *fin de la guerre*"
    )
    assert mark_words(texts[0], heavy, 0, "xx", signs=True).plain == "[La] *fin* [de la] *guerre*"


def test_marks_swapped_words_on_both_sides() -> None:
    texts = ("Hier Paul a vu Anne", "Anne a vu Paul")
    found = make_pair(*texts, "light", "Paul > Anne | a vu = a vu | Anne ~ Paul", texts)
    assert mark_words(texts[0], found, 0, "fr", signs=True).plain == "[-Hier-] [Paul] a vu ~Anne~"
    assert mark_words(texts[1], found, 1, "fr", signs=True).plain == "{Anne} a vu ~Paul~"


def test_legend_lists_occurring_signs() -> None:
    assert "light: ~different form~ [in A] replaced by {in B} [-only in A-]" in one_line(render(sample_diff()))
    assert "heavy, related: *in both* ~different form~" in one_line(render(sample_diff()))
    alone = render(make_diff(make_pair("Il neige à Kazan.", "On ignore leur salaire.", "heavy")))
    assert "heavy: *in both*" in one_line(alone)
    assert "light:" not in alone
    same = "Les syndicats n’ont rien dit."
    assert "legend" not in render(make_diff(make_pair(same, same, "verbatim")))


def test_verbatim_pair_is_shown_once() -> None:
    text = one_line(render(sample_diff()))
    assert text.count("Les syndicats n’ont rien dit.") == 1
    assert "2 verbatim, except case, accents or punctuation Le président a dit" in text
    assert "verbatim, moved ↕ (sentence 6 of A, 1 of B)" in text


def test_line_ends_alone_are_not_an_exception() -> None:
    texts = ("Ils ont\nsigné.", "Ils  ont signé.")
    assert "verbatim\n" in render(make_diff(make_pair(*texts, "verbatim", texts=texts), texts=texts))
    texts = ("Ils ont\nsigné.", "Ils ont, signé.")
    assert "except case" in render(make_diff(make_pair(*texts, "verbatim", texts=texts), texts=texts))


def test_unpaired_sentences_without_space_between_them_are_joined() -> None:
    texts = ("这是一本旧书抄写的人", "好")
    diff = replace(
        make_diff(make_pair("旧", "好", "related", texts=texts), texts=texts),
        sentences=((Span(0, 4), Span(4, 5), Span(5, 6), Span(6, 8), Span(8, 10)), (Span(0, 1),)),
    )
    assert "\n   书抄写的人" in render(diff)


def test_long_verbatim_pair_is_shortened() -> None:
    long = "mot " * 400 + "fin."
    texts = (long, f"{long} Et.")
    text = render(make_diff(make_pair(long, long, "verbatim", texts=texts), texts=texts))
    assert "[… " in text
    assert len(text) < 1600


def test_shows_unpaired_sentences() -> None:
    text = render(sample_diff())
    assert "   only in A, 1 sentence\n   Moscou attend des ouvriers" in text
    assert "   only in B, 2 sentences\n   L’accord date de l’an dernier. On ignore leur salaire." in text
    assert "   only in A, 1 sentence\n   Il neige à Kazan." in text


@pytest.mark.parametrize(("number", "left_out"), [(49, 0), (50, 20), (120, 90)])
def test_long_unpaired_stretches_are_shortened(number: int, left_out: int) -> None:
    texts = ("".join(f"Il dort {rank}. " for rank in range(number)) + "Oui.", "Oui.")
    text = one_line(render(make_diff(make_pair("Oui.", "Oui.", "verbatim", texts=texts), texts=texts)))
    assert f"only in A, {number} sentences Il dort 0. Il dort 1." in text
    assert text.count("Il dort") == number - left_out
    assert (f"Il dort 19. [… {left_out} sentences …] Il dort {number - 10}." in text) is bool(left_out)


def test_keeps_line_breaks_between_unpaired_sentences() -> None:
    texts = ("Titre\nUn. Deux.", "Zéro. Deux.")
    text = render(make_diff(make_pair("Deux.", "Deux.", "verbatim", texts=texts), texts=texts))
    assert [line.strip() for line in text.splitlines()][-10:-4] == [
        "only in A, 2 sentences",
        "Titre",
        "Un.",
        "",
        "only in B, 1 sentence",
        "Zéro.",
    ]


@pytest.mark.parametrize(("width", "beside"), [(99, False), (100, True)])
def test_uses_two_columns_from_100_columns_on(width: int, beside: bool) -> None:
    lines = render(sample_diff(), width).splitlines()
    assert any("[accueillir]" in line and "{recevoir}" in line for line in lines) is beside
    texts = ("Un. Oui.", "Deux. Oui.")
    lines = render(make_diff(make_pair("Oui.", "Oui.", "verbatim", texts=texts), texts=texts), width).splitlines()
    [titles] = [number for number, line in enumerate(lines) if "only in A" in line]
    assert ("only in B" in lines[titles]) is beside
    assert bool(re.search(r"Un\. +Deux\.", lines[titles + 1])) is beside
    if beside:
        assert lines[titles].index("only in B") == lines[titles + 1].index("Deux.")


def test_repeated_sentence_refers_to_first_pair() -> None:
    first = make_pair("Il neige à Kazan.", "Un traité existe.", "heavy")
    second = make_pair("Il neige à Kazan.", "On ignore leur salaire.", "heavy", moved=True)
    text = render(make_diff(first, second))
    assert "A as in pair 1" in text
    assert "B as in" not in text


def test_identical_texts() -> None:
    lines = render(make_diff(texts=(LEFT, LEFT))).splitlines()
    assert len(lines) == 3
    assert lines[2].strip() == f"Both texts are identical: {len(LEFT)} characters."
    assert render(make_diff(texts=("", ""))).splitlines()[2].strip() == "Both texts are empty."


def test_texts_without_pairs() -> None:
    text = one_line(render(make_diff(cites=(("NHK",), ()))))
    assert "No pairs: no sentence of A is similar enough to a sentence of B." in text
    assert "credits A: NHK; B: no source" in text
    assert "only in" not in text
    assert "B la-gazette.txt 0 sentences" in one_line(render(make_diff(texts=("Un.", ""))))


@pytest.mark.parametrize("width", [40, 80, 120])
def test_escapes_control_characters(width: int) -> None:
    texts = (f"one {HOSTILE} two", f"one {HOSTILE[::-1]} two")
    ends = [Span(0, len(text)) for text in texts]
    kinds: list[LinkKind] = ["verbatim", "light", "heavy", "related"]
    links = (WordLink(0, 8, 0, 6, "same"),)
    found = [
        Pair(ends[0], ends[1], 0.9, kind, True, (), (Conflict(HOSTILE, HOSTILE, HOSTILE),), links) for kind in kinds
    ]
    diff = make_diff(texts=texts, facts=(SharedFact("name", HOSTILE, (ends[0],), (ends[1],)),), cites=((HOSTILE,), ()))
    console, output = screen(width)
    hostile = Diff(**{**vars(diff), "pairs": tuple(found), "sentences": ((ends[0],), (ends[1],))})
    show_diff(hostile, (HOSTILE, "b"), console)
    text = output.getvalue()
    assert not (UNPRINTABLE - {"\n"}) & set(text)
    text.encode()
    assert "[bold]x[/bold]" in text.replace("\n", "") or width == 40
    assert max(map(cell_len, text.splitlines())) <= width


SCRIPTS = {
    "Han": ("汉字测试文本" * 30, "甲", "乙"),
    "Arabic": ("هذا نص طويل للاختبار " * 12, "قديم", "جديد"),
    "marks": ("e\u0301t\u0323\u0308a " * 40, "n\u0303", "o\u0302\u0323"),
    "emoji": ("👩‍👩‍👧 👍🏽 🇫🇷 mot " * 20, "🙂", "🤷🏽‍♀️"),
    "Thai": ("ภาษาไทยไม่มีช่องว่าง" * 12, "ก่า", "ข้า"),
}


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("kind", ["light", "heavy"])
def test_lines_fit_the_width_in_any_script(script: str, width: int, kind: LinkKind) -> None:
    same, old, new = SCRIPTS[script]
    texts = (f"{same}{old}.", f"{same}{new}.")
    found = make_pair(*texts, kind, f"{same} = {same} | {old} > {new}", texts)
    text = render(make_diff(found, texts=texts, language="xx"), width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert f"[{old}]" in text
    assert f"{{{new}}}" in text


@given(st.data())
def test_marks_do_not_change_the_text(data: st.DataObject) -> None:
    text = data.draw(st.text(st.sampled_from("ab é, .%-🙂汉\u0301"), min_size=1, max_size=30))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    kinds = st.sampled_from(get_args(WordLinkKind))
    links = [WordLink(a, b, a, b, data.draw(kinds)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    side = data.draw(st.integers(0, 1))
    kind: LinkKind = data.draw(st.sampled_from(["light", "heavy"]))
    whole = Span(0, len(text))
    shown = mark_words(text, Pair(whole, whole, 0.5, kind, False, (), (), tuple(links)), side, "fr", signs=True).plain
    bare = re.sub(r"\[-|-\]|\{\+|\+\}|[\[\]{}~*]", "", shown)
    assert bare.replace("-", "").replace(" ", "") == text.replace("-", "").replace(" ", "")


def test_scores_are_rounded_down() -> None:
    assert [score(value) for value in (0, 0.539, 0.54, 0.9999, 1)] == ["0.00", "0.53", "0.54", "0.99", "1.00"]


def test_long_lists_are_shortened() -> None:
    assert short_list(map(str, range(20))).endswith("10, 11, and 8 more")
    assert len(short_list(["mot " * 100])) <= 60


@pytest.mark.parametrize("unit", ["a", "1 ", "« ", ".", "A ", "汉", "\u0301"])
def test_huge_sentences_are_shortened(unit: str) -> None:
    texts = (unit * 100_000 + "x", unit * 100_000 + "y")
    whole = Span(0, len(texts[0]))
    link = WordLink(0, whole.end - 1, 0, whole.end - 1, "same")
    kinds: list[LinkKind] = ["light", "heavy"]
    for kind in kinds:
        found = Pair(whole, whole, 0.9, kind, False, (), (), (link,))
        assert len(mark_words(texts[0], found, 0, "en", signs=True)) < 1000
    alone = Diff(**{**vars(make_diff(texts=texts)), "pairs": (found,), "sentences": ((whole,), (whole,))})
    assert len(render(alone)) < 5000


def words_of(text: str) -> list[str]:
    """Return the words of a text, without signs and punctuation."""
    return re.findall(r"\w+", text)


def words_marked_on_page(diff: Diff, rank: int, side: int, kind: str) -> list[str]:
    """Return the words of a pair that the page marks as a kind."""
    page = view(diff, (A, B))
    first, stop = page["pairs"][rank]["sides"][side]
    pieces = [
        piece
        for sentence in page["sides"][side][first:stop]
        for wording in sentence["wordings"]
        if wording["pair"] == rank
        for piece in wording["pieces"]
    ]
    marked = [piece["text"] for piece in pieces if isinstance(piece, dict) and piece.get("kind") == kind]
    return words_of(" ".join(marked))


SEED_DIFFS = [dedup.diff(SEEDS[left], SEEDS[right]) for left, right in ((0, 1), (0, 3), (2, 4))]


@pytest.mark.parametrize("diff", [*SEED_DIFFS, sample_diff()])
def test_page_and_terminal_mark_the_same_words(diff: Diff) -> None:
    for rank, pair in enumerate(diff.pairs):
        for side, text in enumerate((diff.left, diff.right)):

            def on_page(kind: str, rank: int = rank, side: int = side) -> list[str]:
                return words_marked_on_page(diff, rank, side, kind)

            if pair.kind == "verbatim":
                assert all(not on_page(kind) for kind in ("same", "equivalent", "replaced", "unique"))
                continue
            marked = mark_words(text, pair, side, diff.language, signs=True).plain

            def in_terminal(pattern: str, marked: str = marked) -> list[str]:
                return words_of(" ".join(re.findall(pattern, marked)))

            assert set(on_page("equivalent")) <= set(in_terminal(r"~(.*?)~"))
            assert set(on_page("replaced")) <= set(in_terminal((r"\[([^-].*?)\]", r"\{([^+].*?)\}")[side]))
            if pair.kind == "light":
                assert on_page("unique") == in_terminal((r"\[-(.*?)-\]", r"\{\+(.*?)\+\}")[side])
            else:
                assert set(on_page("same")) <= set(in_terminal(r"\*(.*?)\*"))


def test_fragment_marks_differences_and_states_what_it_leaves_out() -> None:
    fragment = draw_fragment(sample_diff(), (A, B))
    assert "41% of A is also in B" in fragment
    assert "bientôt</ins>" in fragment
    assert "d’Alabuga</ins>" not in fragment  # an equivalent form of "de Lelabouga"
    assert "<u>NHK</u>" in fragment
    assert "Not shown: 2 sentences only in A, 2 sentences only in B." in fragment
    assert fragment.count('lang="fr"') == 10


def test_fragment_is_short_and_escaped() -> None:
    left, right = "<b>x</b> & " + "mot " * 400 + "fin.", "<b>y</b> & " + "mot " * 400 + "fin."
    pair = make_pair(left, right, "light", "x > y", (left, right))
    diff = make_diff(*[pair] * (MAX_FRAGMENT_PAIRS + 2), texts=(left, right), language="und")
    fragment = draw_fragment(diff, ("<i>", "b"))
    assert fragment.count("<tr>") == MAX_FRAGMENT_PAIRS + 1
    assert "2 more pairs" in fragment
    assert "more characters)" in fragment
    assert "<b>" not in fragment
    assert "<i>" not in fragment
    assert 'lang="und"' not in fragment


@pytest.mark.parametrize(("texts", "note"), [(("Oui.", "Oui."), "are identical"), (("Oui.", "Non."), "No sentence")])
def test_fragment_without_pairs(texts: tuple[str, str], note: str) -> None:
    assert note in draw_fragment(make_diff(texts=texts), (A, B))


LEFTS = ["The cat sat on 12 mats.", "A dog, said AFP, barked.", "On 12 mats the cat sat!", "Rain\u202e fell.\n", ""]
RIGHTS = ["The cat sat on 14 mats.", "A dog barked at AFP.", "The cat sat on 12 mats.", "Snow \x1b fell."]


@given(st.lists(st.sampled_from(LEFTS)), st.lists(st.sampled_from(RIGHTS)))
@settings(max_examples=30)
def test_page_has_every_sentence(left: list[str], right: list[str]) -> None:
    diff = dedup.diff(" ".join(left), " ".join(right), "en")
    page = view(diff, (A, B))
    for side, text in enumerate((diff.left, diff.right)):
        assert len(page["sides"][side]) == len(diff.sentences[side])
        for sentence, span in zip(page["sides"][side], diff.sentences[side], strict=True):
            for wording in sentence["wordings"]:
                pieces = wording["pieces"]
                sentence_text = "".join(piece if isinstance(piece, str) else piece["text"] for piece in pieces)
                assert sentence_text.split() == flowing(text[slice(*span)]).split()
                assert not UNPRINTABLE & set(sentence_text)


@pytest.mark.parametrize(
    ("right_language", "is_guessed", "expected"),
    [
        ("fr", False, [("language", "fr")]),
        ("fr", True, [("language", "fr (guessed)")]),
        (
            "en",
            True,
            [
                ("languages", "A fr, B en (guessed)"),
                ("not compared", "texts of different languages; only sentences with the same words are linked"),
            ],
        ),
    ],
)
def test_summary_names_the_languages(right_language: str, is_guessed: bool, expected: list[tuple[str, str]]) -> None:
    diff = make_diff(right_language=right_language, is_language_guessed=is_guessed)
    labels = {"language", "languages", "not compared"}
    assert [entry for entry in summarize_diff(diff) if entry[0] in labels] == expected
    assert ("not compared" in dict(summarize_diff(diff))) != diff.is_compared
