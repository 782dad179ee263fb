"""Two analysed texts to the links between them, each with its kind and the facts it shares and changes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.blocks import link_long
from dedup.alignment.document_frequency import Background
from dedup.alignment.shared_facts import Agreement, agree, conflicts
from dedup.text.analysis import Analysis
from dedup.text.facts.extract import same_label
from dedup.text.function_words import function_words
from dedup.text.spans import LinkKind, Span
from dedup.text.tokens import Token

# A link is light if at least this part of the words of both sides is the same and in the same order (by stem);
# chosen on half of the answers of Clough and Stevenson.
LIGHT = 0.6
# Words named as shared, beside facts, and the letters they have at least.
WORDS, LETTERS = 3, 4
NONE = Background()


@dataclass(frozen=True)
class Link:
    """Sentences of one text that say what sentences of another say."""

    left: Span
    """In code points of the left text."""
    right: Span
    """In code points of the right text."""
    score: float
    """From 0 to 1."""
    kind: LinkKind
    """"verbatim": the same words; "light": mostly; "heavy": said anew; "related": the same topic only."""
    shared: tuple[str, ...]
    """Facts of both, and words that both have and few other sentences."""
    conflicting: tuple[str, ...]
    """Numbers that differ in the same role: "3000 ≠ 12000 soldats"."""
    left_sentences: range
    right_sentences: range


@dataclass(frozen=True)
class Compared:
    """What two texts have in common."""

    links: tuple[Link, ...]
    """By left sentence, then right."""
    agreement: Agreement
    """The facts that both give."""
    nearest: float
    """The best score of any two sentences, linked or not."""


def compare(left: Analysis, right: Analysis, background: Background = NONE) -> Compared:
    """Link two texts.

    Args:
        left: One text.
        right: The other.
        background: What many documents of their folder say.

    >>> from dedup.text.analysis import analyse
    >>> one = analyse("Selon NHK, la Russie attend 25 000 ouvriers de Corée du Nord dans son usine de drones.")
    >>> other = analyse("Il neige. Environ 25.000 ouvriers de Corée du Nord travaillent à l'usine de drones.")
    >>> [(link.right_sentences, link.kind, link.shared) for link in compare(one, other).links]
    [(range(1, 2), 'light', ('25000', 'Corée du Nord', 'ouvriers', 'usine', 'drones'))]
    """
    agreement = agree(left, right, background)
    found = link_long(left.terms, right.terms, agreement.shared, background)
    frequency = Counter(stem for side in (left, right) for sentence in side.stems for stem in set(sentence))
    links = [
        _describe(left, right, rows, columns, float(found.scores[chosen].max()), bool(related), agreement, frequency)
        for related in (False, True)
        for rows, columns, chosen in _joined(found.pairs, np.flatnonzero(found.related == related))
    ]
    return Compared(tuple(sorted(links, key=lambda link: (link.left, link.right))), agreement, found.nearest)


def worth_naming(token: Token, language: str) -> bool:
    """Tell whether a word says something when it is named as shared: it carries content and is not too short.

    >>> worth_naming(Token(0, 5, "usine"), "fr"), worth_naming(Token(0, 4, "dans"), "fr")
    (True, False)
    """
    return len(token.form) >= LETTERS and token.form.isalpha() and token.form not in function_words(language)


def _joined(pairs: NDArray[np.int64], chosen: NDArray[np.int64]) -> Iterator[tuple[range, range, NDArray[np.int64]]]:
    """Join the links of one sentence with several that stand side by side and have no other."""
    rows = [(int(left), int(right), int(row)) for row, (left, right) in zip(chosen, pairs[chosen], strict=True)]
    degrees = Counter((0, left) for left, _, _ in rows) + Counter((1, right) for _, right, _ in rows)
    found = []
    for side in (0, 1):
        mine = [row for row in rows if degrees[side, row[side]] > 1 and degrees[1 - side, row[1 - side]] == 1]
        found += list(_runs(sorted(mine, key=lambda row: (row[side], row[1 - side])), side))
    single = [row for row in rows if (degrees[0, row[0]] > 1) == (degrees[1, row[1]] > 1)]
    found += [(range(left, left + 1), range(right, right + 1), np.array([row])) for left, right, row in single]
    yield from sorted(found, key=lambda joined: (joined[0].start, joined[1].start))


def _runs(rows: Sequence[tuple[int, int, int]], side: int) -> Iterator[tuple[range, range, NDArray[np.int64]]]:
    """Part the links of each sentence of a side where their other ends do not stand side by side."""
    places = enumerate(rows)
    for _, run in groupby(places, key=lambda item: (item[1][side], item[1][1 - side] - item[0])):
        members = [row for _, row in run]
        ends = [range(members[0][one], members[-1][one] + 1) for one in (0, 1)]
        yield ends[0], ends[1], np.array([row for _, _, row in members])


def _describe(
    left: Analysis,
    right: Analysis,
    rows: range,
    columns: range,
    score: float,
    related: bool,
    agreement: Agreement,
    frequency: Counter[str],
) -> Link:
    return Link(
        left=_extent(left, rows),
        right=_extent(right, columns),
        score=score,
        kind="related" if related else _kind(_words(left, rows), _words(right, columns)),
        shared=tuple(_shared(left, right, rows, columns, agreement, frequency)),
        conflicting=tuple(conflicts(left, right, rows, columns, agreement)),
        left_sentences=rows,
        right_sentences=columns,
    )


def _extent(side: Analysis, sentences: range) -> Span:
    return Span(side.sentences[sentences[0]].start, side.sentences[sentences[-1]].end)


def _words(side: Analysis, sentences: range) -> list[tuple[Token, str]]:
    """List the words of some sentences and their stems."""
    return [
        (token, stem)
        for sentence in sentences
        for token, stem in zip(side.words[sentence], side.stems[sentence], strict=True)
    ]


def _kind(left: Sequence[tuple[Token, str]], right: Sequence[tuple[Token, str]]) -> LinkKind:
    from rapidfuzz.distance import Indel

    if [token.form for token, _ in left] == [token.form for token, _ in right]:
        return "verbatim"
    stems = [[stem for _, stem in side] for side in (left, right)]
    return "light" if Indel.normalized_similarity(*stems) >= LIGHT else "heavy"


def _shared(
    left: Analysis, right: Analysis, rows: range, columns: range, agreement: Agreement, frequency: Counter[str]
) -> Iterator[str]:
    """Name what both sides give: facts, then the words that fewest sentences have; each as the left text writes it."""
    told: dict[str, None] = {}
    covered: set[str] = set()
    words = [_words(left, rows), _words(right, columns)]
    for one, other in agreement.between(left, rows, right, columns):
        facts = left.facts[one], right.facts[other]
        told[same_label(*facts)] = None
        for side, fact in zip(words, facts, strict=True):
            covered |= {stem for token, stem in side if fact.start <= token.start and token.end <= fact.end}
    yield from told
    others = {stem for _, stem in words[1]} - covered
    common: dict[str, Token] = {}
    for token, stem in words[0]:
        if stem in others and worth_naming(token, left.language):
            common.setdefault(stem, token)
    rarest = sorted(common, key=lambda stem: (frequency[stem], common[stem].start))[:WORDS]
    yield from (left.text[common[stem].start : common[stem].end].lower() for stem in rarest)
