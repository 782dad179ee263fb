"""Alignments of two short texts, with pairs of every kind."""
# ruff: noqa: RUF001
# French apostrophes in the texts

import re

from dedup.alignment.conflicts import Conflict
from dedup.alignment.diff import Diff, Pair, SharedFact
from dedup.alignment.words.align import WordLink
from dedup.text.spans import Credit, LinkKind, Span

LEFT = """Moscou attend des ouvriers
La Russie va accueillir 25 000 ouvriers nord-coréens dans une usine de Lelabouga.
Le président a dit : « Rien ne presse. »
Les drones sont, selon NHK, au cœur de la stratégie de Moscou. Il neige à Kazan. Les syndicats n’ont rien dit.
Le traité de juin 2024 prévoit une assistance mutuelle."""
RIGHT = """Les syndicats n’ont rien dit.
La Russie va bientôt recevoir 25.000 ouvriers nord-coréens dans une usine d’Alabuga.
Le Président a dit : « rien ne presse ! » L’accord date de l’an dernier. On ignore leur salaire.
Selon la chaîne NHK, Moscou mise sur les drones. Un traité existe."""


def find_span(text: str, words: str, after: int = 0) -> Span:
    """Return the span of words in a text."""
    start = text.index(words, after)
    return Span(start, start + len(words))


def make_pair(
    left: str,
    right: str,
    kind: LinkKind,
    words: str = "",
    texts: tuple[str, str] = (LEFT, RIGHT),
    score: float = 0.7,
    moved: bool = False,
    conflicting: tuple[Conflict, ...] = (),
) -> Pair:
    """Make a pair; words are written as "same = same | equivalent ~ other | replaced > other"."""
    sides = find_span(texts[0], left), find_span(texts[1], right)
    links = []
    for link in filter(None, words.split(" | ")):
        left_words, sign, right_words = re.split(r" ([=~>]) ", link)
        ends = (*find_span(texts[0], left_words, sides[0].start), *find_span(texts[1], right_words, sides[1].start))
        links.append(WordLink(*ends, {"=": "same", "~": "equivalent", ">": "replaced"}[sign]))  # type: ignore[arg-type]
    return Pair(*sides, score, kind, moved, (), conflicting, tuple(links))


def split_sentences(text: str) -> tuple[Span, ...]:
    """Split a text at full stops and line ends."""
    return tuple(Span(*found.span()) for found in re.finditer(r"\S.*?(?:\.(?: »)?|! »|$)", text, re.MULTILINE))


def make_diff(
    *pairs: Pair,
    texts: tuple[str, str] = (LEFT, RIGHT),
    facts: tuple[SharedFact, ...] = (),
    cites: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
    language: str = "fr",
    right_language: str = "",
    is_language_guessed: bool = False,
) -> Diff:
    """Make an alignment of two texts."""
    return Diff(
        left=texts[0],
        right=texts[1],
        similarity=0.7189,
        coverage=(0.415, 0.004),
        facts=facts,
        pairs=tuple(sorted(pairs, key=lambda pair: (pair.left, pair.right))),
        cites=tuple(tuple(Credit(name, 0, 1, Span(0, 1)) for name in side) for side in cites),  # type: ignore[arg-type]
        sentences=(split_sentences(texts[0]), split_sentences(texts[1])),
        language=language,
        right_language=right_language or language,
        is_language_guessed=is_language_guessed,
    )


def sample_diff() -> Diff:
    """Make an alignment with pairs of every kind."""
    return make_diff(
        make_pair(
            "La Russie va accueillir 25 000 ouvriers nord-coréens dans une usine de Lelabouga.",
            "La Russie va bientôt recevoir 25.000 ouvriers nord-coréens dans une usine d’Alabuga.",
            "light",
            "La Russie va = La Russie va | accueillir > recevoir | 25 000 ~ 25.000 | ouvriers = ouvriers | "
            "nord-coréens dans une usine = nord-coréens dans une usine | de ~ d’ | Lelabouga ~ Alabuga",
            score=0.838,
        ),
        make_pair("Le président a dit : « Rien ne presse. »", "Le Président a dit : « rien ne presse ! »", "verbatim"),
        make_pair(
            "Les drones sont, selon NHK, au cœur de la stratégie de Moscou.",
            "Selon la chaîne NHK, Moscou mise sur les drones.",
            "heavy",
            "Les = les | drones = drones | selon = Selon | NHK = NHK | Moscou = Moscou | stratégie > mise",
            score=0.61,
            conflicting=(Conflict("2", "3", "usines"),),
        ),
        make_pair("Les syndicats n’ont rien dit.", "Les syndicats n’ont rien dit.", "verbatim", moved=True),
        make_pair(
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
