"""Two texts beside each other on a screen: every sentence and every word is told apart without colour."""
# ruff: noqa: RUF001
# apostrophes are as in the texts

import re
from typing import get_args

import paths
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from screens import HOSTILE, OBEYED, compare, screen

import dedup
from dedup.alignment.diff import Diff, Pair, SharedFact
from dedup.alignment.words.align import Kind, WordLink
from dedup.render.comparison import score, several
from dedup.render.format import flowing
from dedup.render.html.diff import view
from dedup.render.terminal.diff import show_diff
from dedup.render.terminal.word_marks import marked
from dedup.text.spans import Credit, LinkKind, Span

SEEDS = [path.read_text("utf-8") for path in sorted(paths.SEEDS.iterdir())]
A, B = "le-journal.txt", "la-gazette.txt"

LEFT = """Moscou attend des ouvriers
La Russie va accueillir 25 000 ouvriers nord-coréens dans une usine de Lelabouga.
Le président a dit : « Rien ne presse. »
Les drones sont, selon NHK, au cœur de la stratégie de Moscou. Il neige à Kazan. Les syndicats n’ont rien dit.
Le traité de juin 2024 prévoit une assistance mutuelle."""
RIGHT = """Les syndicats n’ont rien dit.
La Russie va bientôt recevoir 25.000 ouvriers nord-coréens dans une usine d’Alabuga.
Le Président a dit : « rien ne presse ! » L’accord date de l’an dernier. On ignore leur salaire.
Selon la chaîne NHK, Moscou mise sur les drones. Un traité existe."""


def at(text: str, words: str, after: int = 0) -> Span:
    """Find words in a text."""
    start = text.index(words, after)
    return Span(start, start + len(words))


def pair(
    left: str,
    right: str,
    kind: LinkKind,
    words: str = "",
    texts: tuple[str, str] = (LEFT, RIGHT),
    score: float = 0.7,
    moved: bool = False,
    conflicting: tuple[str, ...] = (),
) -> Pair:
    """Make a pair; words come as "same = same, equivalent ~ other, replaced > other"."""
    sides = at(texts[0], left), at(texts[1], right)
    links = []
    for link in filter(None, words.split(" | ")):
        one, sign, other = re.split(r" ([=~>]) ", link)
        ends = (*at(texts[0], one, sides[0].start), *at(texts[1], other, sides[1].start))
        links.append(WordLink(*ends, {"=": "same", "~": "equivalent", ">": "replaced"}[sign]))  # type: ignore[arg-type]
    return Pair(*sides, score, kind, moved, (), conflicting, tuple(links))


def sentences(text: str) -> tuple[Span, ...]:
    """Split a text as simply as can be."""
    return tuple(Span(*found.span()) for found in re.finditer(r"\S.*?(?:\.(?: »)?|! »|$)", text, re.MULTILINE))


def make(
    *pairs: Pair,
    texts: tuple[str, str] = (LEFT, RIGHT),
    facts: tuple[SharedFact, ...] = (),
    cites: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
    language: str = "fr",
) -> Diff:
    """Make an alignment."""
    return Diff(
        left=texts[0],
        right=texts[1],
        similarity=0.7189,
        coverage=(0.415, 0.004),
        facts=facts,
        pairs=tuple(sorted(pairs, key=lambda pair: (pair.left, pair.right))),
        cites=tuple(tuple(Credit(name, 0, 1, Span(0, 1)) for name in side) for side in cites),  # type: ignore[arg-type]
        sentences=(sentences(texts[0]), sentences(texts[1])),
        language=language,
    )


def sample() -> Diff:
    """Make an alignment that has some of everything."""
    return make(
        pair(
            "La Russie va accueillir 25 000 ouvriers nord-coréens dans une usine de Lelabouga.",
            "La Russie va bientôt recevoir 25.000 ouvriers nord-coréens dans une usine d’Alabuga.",
            "light",
            "La Russie va = La Russie va | accueillir > recevoir | 25 000 ~ 25.000 | ouvriers = ouvriers | "
            "nord-coréens dans une usine = nord-coréens dans une usine | de ~ d’ | Lelabouga ~ Alabuga",
            score=0.838,
        ),
        pair("Le président a dit : « Rien ne presse. »", "Le Président a dit : « rien ne presse ! »", "verbatim"),
        pair(
            "Les drones sont, selon NHK, au cœur de la stratégie de Moscou.",
            "Selon la chaîne NHK, Moscou mise sur les drones.",
            "heavy",
            "Les = les | drones = drones | selon = Selon | NHK = NHK | Moscou = Moscou | stratégie > mise",
            score=0.61,
            conflicting=("2 ≠ 3 usines",),
        ),
        pair("Les syndicats n’ont rien dit.", "Les syndicats n’ont rien dit.", "verbatim", moved=True),
        pair(
            "Le traité de juin 2024 prévoit une assistance mutuelle.",
            "Un traité existe.",
            "related",
            "traité = traité",
            score=0.429,
        ),
        facts=(
            SharedFact("number", "25000 ouvriers", (Span(0, 1),), (Span(0, 1),)),
            SharedFact("date", "2024-06", (Span(0, 1),), ()),
            SharedFact("name", "Lelabouga", (Span(0, 1),), (Span(0, 1),)),
        ),
        cites=(("NHK",), ("NHK", "RBC-Ukraine", "NHK")),
    )


def shown(diff: Diff, width: int = 80) -> str:
    """Show an alignment on a screen."""
    to, written = screen(width)
    show_diff(diff, (A, B), to)
    return written.getvalue()


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("width", [80, 120])
def test_some_of_everything(width: int) -> None:
    compare(f"show-diff-{width}", shown(sample(), width))


def test_the_top_says_how_much_and_whom_they_credit() -> None:
    top = flat(shown(sample()).partition("\n\n")[0])
    assert f"A {A} 7 sentences B {B} 8 sentences" in top
    assert "similarity 0.71 " in top
    assert "41% of A stands in B, less than 1% of B in A" in top
    assert "1 light (mostly the same), 1 heavy (said anew) and 1 related (on the same topic only); 1 moved" in top
    assert "both give 25000 ouvriers, Lelabouga conflicting 2 ≠ 3 usines" in top
    assert "A credits NHK; B credits NHK, RBC-Ukraine" in top


def test_signs_tell_words_apart_where_most_are_the_same() -> None:
    text = flat(shown(sample(), 300))
    assert "La Russie va [accueillir] ~25 000~ ouvriers nord-coréens dans une usine ~de Lelabouga~." in text
    assert "La Russie va {+bientôt+} {recevoir} ~25.000~ ouvriers nord-coréens dans une usine ~d’Alabuga~." in text


def test_signs_tell_words_apart_where_most_differ() -> None:
    text = flat(shown(sample(), 300))
    assert "Les *drones* sont, selon *NHK*, au cœur de la [stratégie] de *Moscou*." in text
    assert "Selon la chaîne *NHK, Moscou* {mise} sur les *drones*." in text


def test_words_on_one_side_only_are_marked() -> None:
    texts = ("Il a, dit-on, (enfin) plu.", "Il a plu (un peu), dit-il.")
    found = pair(*texts, "light", "Il a = Il a | plu = plu", texts)
    assert marked(texts[0], found, 0, "fr").plain == "Il a, [-dit-on, (enfin-]) plu."
    assert marked(texts[1], found, 1, "fr").plain == "Il a plu ({+un peu), dit-il+}."


def test_small_words_are_quiet_only_where_most_words_differ() -> None:
    texts = ("La fin de la guerre", "Une fin à cette guerre")
    words = "La > Une | fin = fin | de > à | la > cette | guerre = guerre"
    assert marked(texts[0], pair(*texts, "heavy", words, texts), 0, "fr").plain == "La *fin* de la *guerre*"
    assert marked(texts[1], pair(*texts, "light", words, texts), 1, "fr").plain == "{Une} fin {à cette} guerre"
    same = "La > Une | fin = fin | de = à | la = cette | guerre = guerre"
    assert marked(texts[0], pair(*texts, "heavy", same, texts), 0, "fr").plain == "La *fin de la guerre*"
    assert marked(texts[0], pair(*texts, "heavy", words, texts), 0, "xx").plain == "[La] *fin* [de la] *guerre*"


def test_words_that_changed_places_are_marked_on_both_sides() -> None:
    texts = ("Hier Paul a vu Anne", "Anne a vu Paul")
    found = pair(*texts, "light", "Paul > Anne | a vu = a vu | Anne ~ Paul", texts)
    assert marked(texts[0], found, 0, "fr").plain == "[-Hier-] [Paul] a vu ~Anne~"
    assert marked(texts[1], found, 1, "fr").plain == "{Anne} a vu ~Paul~"


def test_the_legend_is_of_the_signs_that_occur() -> None:
    assert "light: ~in another form~ [in A] for {in B} [-only in A-]" in flat(shown(sample()))
    assert "heavy, related: *in both* ~in another form~" in flat(shown(sample()))
    alone = shown(make(pair("Il neige à Kazan.", "On ignore leur salaire.", "heavy")))
    assert "heavy: *in both*" in flat(alone)
    assert "light:" not in alone
    same = "Les syndicats n’ont rien dit."
    assert "signs" not in shown(make(pair(same, same, "verbatim")))


def test_a_verbatim_pair_is_shown_once() -> None:
    text = flat(shown(sample()))
    assert text.count("Les syndicats n’ont rien dit.") == 1
    assert "2 verbatim, but for case, accents or signs Le président a dit" in text
    assert "verbatim, moved ↕ (sentence 6 of A, 1 of B)" in text


def test_a_long_verbatim_pair_is_shortened() -> None:
    long = "mot " * 400 + "fin."
    text = shown(make(pair(long, long, "verbatim", texts=(long, f"{long} Et.")), texts=(long, f"{long} Et.")))
    assert "[… " in text
    assert len(text) < 1600


def test_sentences_on_one_side_only_are_visible_and_say_so() -> None:
    text = shown(sample())
    assert "-  only in A, 1 sentence\n   Moscou attend des ouvriers" in text
    assert "+  only in B, 2 sentences\n   L’accord date de l’an dernier. On ignore leur salaire." in text
    assert "-  only in A, 1 sentence\n   Il neige à Kazan." in text


def test_paragraphs_stay_apart() -> None:
    texts = ("Titre\nUn. Deux.", "Zéro. Deux.")
    text = shown(make(pair("Deux.", "Deux.", "verbatim", texts=texts), texts=texts))
    assert [line.strip() for line in text.splitlines()][-10:-4] == [
        "-  only in A, 2 sentences",
        "Titre",
        "Un.",
        "",
        "+  only in B, 1 sentence",
        "Zéro.",
    ]


@pytest.mark.parametrize(("width", "beside"), [(99, False), (100, True)])
def test_two_columns_where_there_is_room(width: int, beside: bool) -> None:
    lines = shown(sample(), width).splitlines()
    assert any("[accueillir]" in line and "{recevoir}" in line for line in lines) is beside
    texts = ("Un. Oui.", "Deux. Oui.")
    lines = shown(make(pair("Oui.", "Oui.", "verbatim", texts=texts), texts=texts), width).splitlines()
    [titles] = [number for number, line in enumerate(lines) if "only in A" in line]
    assert ("only in B" in lines[titles]) is beside
    assert bool(re.search(r"Un\. +Deux\.", lines[titles + 1])) is beside
    if beside:
        assert lines[titles].index("only in B") == lines[titles + 1].index("Deux.")


def test_a_sentence_shown_again_says_so() -> None:
    first = pair("Il neige à Kazan.", "Un traité existe.", "heavy")
    second = pair("Il neige à Kazan.", "On ignore leur salaire.", "heavy", moved=True)
    text = shown(make(first, second))
    assert "A as in 1" in text
    assert "B as in" not in text


def test_equal_texts_are_told_in_a_line() -> None:
    lines = shown(make(texts=(LEFT, LEFT))).splitlines()
    assert len(lines) == 3
    assert lines[2].strip() == f"The same text, character for character: {len(LEFT)} characters."
    assert shown(make(texts=("", ""))).splitlines()[2].strip() == "Both are empty."


def test_no_pair_is_explained() -> None:
    text = flat(shown(make(cites=(("NHK",), ()))))
    assert "Nothing to set side by side: no sentence of one says what a sentence of the other says" in text
    assert "A credits NHK; B credits no one" in text
    assert "only in" not in text
    assert "B la-gazette.txt 0 sentences" in flat(shown(make(texts=("Un.", ""))))


@pytest.mark.parametrize("width", [40, 80, 120])
def test_hostile_texts_are_inert(width: int) -> None:
    texts = (f"one {HOSTILE} two", f"one {HOSTILE[::-1]} two")
    ends = [Span(0, len(text)) for text in texts]
    kinds: list[LinkKind] = ["verbatim", "light", "heavy", "related"]
    links = (WordLink(0, 8, 0, 6, "same"),)
    found = [Pair(ends[0], ends[1], 0.9, kind, True, (), (HOSTILE,), links) for kind in kinds]
    diff = make(texts=texts, facts=(SharedFact("name", HOSTILE, (ends[0],), (ends[1],)),), cites=((HOSTILE,), ()))
    to, written = screen(width)
    show_diff(Diff(**{**vars(diff), "pairs": tuple(found), "sentences": ((ends[0],), (ends[1],))}), (HOSTILE, "b"), to)
    text = written.getvalue()
    assert not (OBEYED - {"\n"}) & set(text)
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
def test_lines_fit_in_any_script(script: str, width: int, kind: LinkKind) -> None:
    same, old, new = SCRIPTS[script]
    texts = (f"{same}{old}.", f"{same}{new}.")
    found = pair(*texts, kind, f"{same} = {same} | {old} > {new}", texts)
    text = shown(make(found, texts=texts, language="xx"), width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert f"[{old}]" in text
    assert f"{{{new}}}" in text


@given(st.data())
def test_signs_add_nothing_else(data: st.DataObject) -> None:
    text = data.draw(st.text(st.sampled_from("ab é, .%-🙂汉\u0301"), min_size=1, max_size=30))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    kinds = st.sampled_from(get_args(Kind))
    links = [WordLink(a, b, a, b, data.draw(kinds)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    side = data.draw(st.integers(0, 1))
    kind: LinkKind = data.draw(st.sampled_from(["light", "heavy"]))
    whole = Span(0, len(text))
    shown = marked(text, Pair(whole, whole, 0.5, kind, False, (), (), tuple(links)), side, "fr").plain
    bare = re.sub(r"\[-|-\]|\{\+|\+\}|[\[\]{}~*]", "", shown)
    assert bare.replace("-", "").replace(" ", "") == text.replace("-", "").replace(" ", "")


def test_scores_are_rounded_down() -> None:
    assert [score(value) for value in (0, 0.539, 0.54, 0.9999, 1)] == ["0.00", "0.53", "0.54", "0.99", "1.00"]


def test_long_lists_are_cut() -> None:
    assert several(map(str, range(20))).endswith("10, 11, and 8 more")
    assert len(several(["mot " * 100])) <= 60


@pytest.mark.parametrize("unit", ["a", "1 ", "« ", ".", "A ", "汉", "\u0301"])
def test_giant_sentences_are_cut(unit: str) -> None:
    texts = (unit * 100_000 + "x", unit * 100_000 + "y")
    whole = Span(0, len(texts[0]))
    link = WordLink(0, whole.end - 1, 0, whole.end - 1, "same")
    kinds: list[LinkKind] = ["light", "heavy"]
    for kind in kinds:
        found = Pair(whole, whole, 0.9, kind, False, (), (), (link,))
        assert len(marked(texts[0], found, 0, "en")) < 1000
    alone = Diff(**{**vars(make(texts=texts)), "pairs": (found,), "sentences": ((whole,), (whole,))})
    assert len(shown(alone)) < 5000


def words_of(text: str) -> list[str]:
    """The words of a text, without signs and punctuation."""
    return re.findall(r"\w+", text)


def marked_on_the_page(found: Diff, rank: int, side: int, kind: str) -> list[str]:
    """The words of a pair that the page marks in a way."""
    drawn = view(found, (A, B))
    first, stop = drawn["pairs"][rank]["sides"][side]
    pieces = [
        piece
        for sentence in drawn["sides"][side][first:stop]
        for pair, wording in sentence["in"]
        if pair == rank
        for piece in wording
    ]
    return words_of(" ".join(piece[0] for piece in pieces if isinstance(piece, list) and piece[1] == kind))


@pytest.mark.parametrize("found", [*(dedup.diff(SEEDS[a], SEEDS[b]) for a, b in ((0, 1), (0, 3), (2, 4))), sample()])
def test_the_page_marks_what_the_terminal_marks(found: Diff) -> None:
    signs = {"~": r"~(.*?)~", ">": (r"\[([^-].*?)\]", r"\{([^+].*?)\}")}
    for rank, pair in enumerate(found.pairs):
        for side, text in enumerate((found.left, found.right)):
            if pair.kind == "verbatim":
                assert all(not marked_on_the_page(found, rank, side, kind) for kind in "=~>!")
                continue
            shown = marked(text, pair, side, found.language).plain
            for kind, pattern in signs.items():
                chosen = pattern if isinstance(pattern, str) else pattern[side]
                inside = words_of(" ".join(re.findall(chosen, shown)))
                assert set(marked_on_the_page(found, rank, side, kind)) <= set(inside)
            if pair.kind == "light":
                alone = words_of(" ".join(re.findall((r"\[-(.*?)-\]", r"\{\+(.*?)\+\}")[side], shown)))
                assert marked_on_the_page(found, rank, side, "!") == alone
            else:
                same = words_of(" ".join(re.findall(r"\*(.*?)\*", shown)))
                assert set(marked_on_the_page(found, rank, side, "=")) <= set(same)


LEFTS = ["The cat sat on 12 mats.", "A dog, said AFP, barked.", "On 12 mats the cat sat!", "Rain\u202e fell.\n", ""]
RIGHTS = ["The cat sat on 14 mats.", "A dog barked at AFP.", "The cat sat on 12 mats.", "Snow \x1b fell."]


@given(st.lists(st.sampled_from(LEFTS)), st.lists(st.sampled_from(RIGHTS)))
@settings(max_examples=30)
def test_the_page_has_every_sentence_and_every_row(left: list[str], right: list[str]) -> None:
    found = dedup.diff(" ".join(left), " ".join(right), "en")
    drawn = view(found, (A, B))
    for side, text in enumerate((found.left, found.right)):
        assert len(drawn["sides"][side]) == len(found.sentences[side])
        for sentence, span in zip(drawn["sides"][side], found.sentences[side], strict=True):
            for _, pieces in sentence["in"]:
                said = "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces)
                assert said.split() == flowing(text[slice(*span)]).split()
                assert not OBEYED & set(said)
    for row, drawn_row in zip(found.rows(), drawn["rows"], strict=True):
        assert drawn_row[2] == row.pair
        for side, span in enumerate((row.left, row.right)):
            if span is None:
                assert drawn_row[side] is None
            else:
                first, stop = drawn_row[side]
                assert found.sentences[side][first].start == span.start
                assert found.sentences[side][stop - 1].end == span.end
