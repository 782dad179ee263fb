"""Two texts to what a reader wants to see: rows of sentences, and inside them words; knows no colour and no page."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any
from zlib import crc32

import numpy as np

from dedup.alignment.align import Link, compare
from dedup.alignment.shared_facts import Agreement
from dedup.alignment.similarity import similarity
from dedup.alignment.words.align import WordLink, align_words
from dedup.text.analysis import Analysis, analyse, sentences_in
from dedup.text.facts.extract import label
from dedup.text.facts.names.spelling import distinct
from dedup.text.language import check_language_code, detect
from dedup.text.spans import Credit, Fact, FactKind, LinkKind, Span

# What a word counts in coverage that is the same in both texts while its neighbours are not.
ALONE = 0.5


@dataclass(frozen=True)
class Pair:
    """Sentences of one text beside what says the same in the other."""

    left: Span
    """In code points of the left text, as all that follows on the left."""
    right: Span
    score: float
    """From 0 to 1."""
    kind: LinkKind
    """"verbatim", "light", "heavy", or "related": the same topic only."""
    moved: bool
    """Whether it stands in another place among the other pairs."""
    shared: tuple[str, ...]
    """Facts of both sides, and words that both have and few other sentences."""
    conflicting: tuple[str, ...]
    """Numbers that differ in the same role."""
    words: tuple[WordLink, ...]
    """Words that stand for each other; those in none are unique to their side."""


@dataclass(frozen=True)
class SharedFact:
    """A fact, and where the texts give it."""

    kind: FactKind
    value: str
    left: tuple[Span, ...]
    right: tuple[Span, ...]


@dataclass(frozen=True)
class Row:
    """A line for reading: sentences side by side, or on one side only."""

    left: Span | None
    right: Span | None
    pair: int | None
    """Number of the pair, if it is one."""


@dataclass(frozen=True)
class Diff:
    """The alignment of two texts."""

    left: str
    right: str
    similarity: float
    """From 0 to 1: how likely both report the same, mostly by how they begin."""
    coverage: tuple[float, float]
    """How much of the left text is in the right one, by letters, and the other way round."""
    pairs: tuple[Pair, ...]
    """By their place in the left text."""
    facts: tuple[SharedFact, ...]
    """By their first place, left facts first."""
    cites: tuple[tuple[Credit, ...], tuple[Credit, ...]]
    """The sources that each text credits."""
    sentences: tuple[tuple[Span, ...], tuple[Span, ...]]
    language: str

    def sources(self) -> tuple[list[str], list[str]]:
        """Name the sources that each text credits, each once."""
        left, right = (distinct(credit.source for credit in found) for found in self.cites)
        return left, right

    def rows(self) -> list[Row]:
        """Lay out both texts for reading, in the order of the left one."""
        return list(_rows(self))

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values for JSON."""
        return {
            "similarity": self.similarity,
            "coverage": dict(zip(("left", "right"), self.coverage, strict=True)),
            "links": [{item.name: getattr(pair, item.name) for item in fields(Pair)} for pair in self.pairs],
            "facts": [asdict(fact) for fact in self.facts],
            "cites": {
                side: [asdict(credit) for credit in found]
                for side, found in zip(("left", "right"), self.cites, strict=True)
            },
        }


def diff(left: str, right: str, language: str | None = None) -> Diff:
    """Align two texts; see `dedup.diff`."""
    check_language_code(language)
    language = language or common_language(left, right)
    one = analyse(left, language)
    return diff_of(one, one if left == right else analyse(right, language))


def common_language(left: str, right: str) -> str:
    """Detect the language of two texts: that of the longer one."""
    return detect(max(left, right, key=lambda text: (len(text), text)))


def diff_of(one: Analysis, other: Analysis) -> Diff:
    """Align two analysed texts of one language."""
    left, right, found = one.text, other.text, compare(one, other)
    moved = _moved(left, right, found.links)
    pairs = tuple(_pair(one, other, link, found.agreement, at in moved) for at, link in enumerate(found.links))
    return Diff(
        left=left,
        right=right,
        similarity=1.0 if left == right else similarity(left, right, one.language),
        coverage=(_coverage(one, pairs, 0), _coverage(other, pairs, 1)),
        pairs=pairs,
        facts=tuple(_facts(one, other, found.agreement.pairs)),
        cites=(one.credits, other.credits),
        sentences=(one.sentences, other.sentences),
        language=one.language,
    )


def _pair(left: Analysis, right: Analysis, link: Link, agreement: Agreement, moved: bool) -> Pair:
    texts = left.text[slice(*link.left)], right.text[slice(*link.right)]
    anchors = [
        (_inside(left.facts[one], link.left), _inside(right.facts[other], link.right))
        for one, other in agreement.between(left, link.left_sentences, right, link.right_sentences)
        if left.facts[one].kind != "quotation"
    ]
    found = align_words(*texts, left.language, anchors if texts[0] != texts[1] else ())
    return Pair(
        left=link.left,
        right=link.right,
        score=round(link.score, 4),
        kind=link.kind,
        moved=moved,
        shared=link.shared,
        conflicting=link.conflicting,
        words=tuple(
            WordLink(
                word.left_start + link.left.start,
                word.left_end + link.left.start,
                word.right_start + link.right.start,
                word.right_end + link.right.start,
                word.kind,
            )
            for word in found
        ),
    )


def _inside(fact: Fact, extent: Span) -> Span:
    return Span(fact.start - extent.start, fact.end - extent.start)


def _moved(left: str, right: str, links: Sequence[Link]) -> frozenset[int]:
    """Find the links that stand out of order: those outside the heaviest run of links that ascend on both sides.

    A run weighs what its links hold; of equal ones the wording decides, which is the same from both sides.
    """
    ranks = {end: rank for rank, end in enumerate(sorted({link.right for link in links}), 1)}
    heaviest = [(0, -1)] * (len(ranks) + 1)  # a Fenwick tree: weight and last link of the best run up to a rank
    before: list[int] = []
    best = (0, -1)
    for at, link in enumerate(links):
        rank, run = ranks[link.right], (0, -1)
        while rank:
            run = max(run, heaviest[rank])
            rank &= rank - 1
        before.append(run[1])
        run = (run[0] + _weight(left, right, link), at)
        best = max(best, run)
        rank = ranks[link.right]
        while rank < len(heaviest):
            heaviest[rank] = max(heaviest[rank], run)
            rank += rank & -rank
    staying: set[int] = set()
    at = best[1]
    while at >= 0:
        staying.add(at)
        at = before[at]
    return frozenset(range(len(links))) - staying


def _weight(left: str, right: str, link: Link) -> int:
    texts = sorted((left[slice(*link.left)], right[slice(*link.right)]))
    letters = sum(map(len, texts)) if link.kind != "related" else 1
    return (letters << 20) + crc32("\0".join(texts).encode("utf-8", "surrogatepass")) % (1 << 12)


def _coverage(side: Analysis, pairs: Sequence[Pair], which: int) -> float:
    """Measure how much of a text stands in the other too: letters of words that are the same or equivalent there.

    A word outside verbatim sentences counts by half if neither neighbour is the same on both sides: single words recur
    where a text was said anew.
    """
    counted = np.zeros(len(side.text))
    for pair in pairs:
        if pair.kind == "verbatim":
            counted[slice(*(pair.left, pair.right)[which])] = 1.0
        elif pair.kind != "related":
            for word, weight in _weighed(pair):
                start, end = (word.left_start, word.left_end) if which == 0 else (word.right_start, word.right_end)
                counted[start:end] = np.maximum(counted[start:end], weight)
    starts, ends = np.array([token[:2] for found in side.words for token in found], np.int64).reshape(-1, 2).T
    whole = int((ends - starts).sum())
    part = float(((ends - starts) * np.minimum(counted[starts], counted[ends - 1])).sum())
    return part / whole if whole else 0.0


def _weighed(pair: Pair) -> Iterator[tuple[WordLink, float]]:
    """Weigh the words that are the same or equivalent: by whether a neighbour is, too, on both sides."""
    places = [{start: rank for rank, start in enumerate(sorted(word[side] for word in pair.words))} for side in (0, 2)]
    alike = [word for word in pair.words if word.kind != "replaced"]
    known = {(places[0][word.left_start], places[1][word.right_start]) for word in alike}
    for word in alike:
        left, right = places[0][word.left_start], places[1][word.right_start]
        in_a_row = (left - 1, right - 1) in known or (left + 1, right + 1) in known
        yield word, 1.0 if in_a_row else ALONE


def _facts(left: Analysis, right: Analysis, same: Sequence[tuple[int, int]]) -> Iterator[SharedFact]:
    """Gather the facts of both texts, each once."""
    partner: dict[int, int] = {}
    for one, at in same:
        partner.setdefault(at, one)
    places: dict[tuple[FactKind, str], tuple[list[Span], list[Span]]] = {}
    for fact in left.facts:
        places.setdefault((fact.kind, label(fact)), ([], []))[0].append(Span(fact.start, fact.end))
    for at, fact in enumerate(right.facts):
        shown = left.facts[partner[at]] if at in partner else fact
        places.setdefault((shown.kind, label(shown)), ([], []))[1].append(Span(fact.start, fact.end))
    for (kind, value), (lefts, rights) in places.items():
        yield SharedFact(kind, value, tuple(lefts), tuple(rights))


def _rows(diff: Diff) -> Iterator[Row]:
    """Go through the left text; what is only in the right one comes after what it follows there."""
    begins: dict[int, list[int]] = {}
    paired: tuple[set[Span], set[Span]] = (set(), set())
    for at, pair in enumerate(diff.pairs):
        begins.setdefault(pair.left.start, []).append(at)
        for side, extent in enumerate((pair.left, pair.right)):
            spans = diff.sentences[side]
            paired[side].update(spans[at] for at in sentences_in(spans, extent))
    waiting = [span for span in diff.sentences[1] if span not in paired[1]]
    for span in diff.sentences[0]:
        if span not in paired[0]:
            yield Row(span, None, None)
        for at in begins.get(span.start, ()):
            pair = diff.pairs[at]
            while not pair.moved and waiting and waiting[0].start < pair.right.start:
                yield Row(None, waiting.pop(0), None)
            yield Row(pair.left, pair.right, at)
    yield from (Row(None, span, None) for span in waiting)
