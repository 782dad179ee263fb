"""Compare two texts: aligned sentences and words, facts, sources, similarity and coverage, without formatting."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any
from zlib import crc32

from dedup.alignment.align import Link, align_texts
from dedup.alignment.conflicts import Conflict
from dedup.alignment.coverage import LetterCounts, coverage, shared_passages
from dedup.alignment.shared_facts import facts_between
from dedup.alignment.similarity import similarity
from dedup.alignment.words.align import WordLink, align_words
from dedup.alignment.words.figures import FiguresOfTexts
from dedup.runtime.views.display import Displayed
from dedup.runtime.views.frames import Tabular
from dedup.text.analysis import Analysis, analyse, sentences_in
from dedup.text.facts.extract import label
from dedup.text.facts.names.spelling import distinct
from dedup.text.language import check_language_code, detect_pair, is_loading, likely_language
from dedup.text.spans import Credit, Fact, FactKind, LinkKind, Span

if TYPE_CHECKING:
    import pyarrow as pa

# Code points of two texts that take about as long to compare as the language model takes to load.
_MAX_SHORT_LENGTH = 20_000


@dataclass(frozen=True)
class Pair:
    """Aligned sentences of two texts."""

    left: Span
    """Span in the left text."""
    right: Span
    """Span in the right text."""
    score: float
    """Similarity, in (0, 1], rounded to four decimals."""
    kind: LinkKind
    """"verbatim": the same words; "light": mostly the same words; "heavy": rewritten; "related": the same topic."""
    moved: bool
    """Whether the order of the pairs differs between the texts at this pair."""
    shared: tuple[str, ...]
    """Facts of both sides, and the rarest words of both sides."""
    conflicting: tuple[Conflict, ...]
    """Numbers that count the same thing and differ."""
    words: tuple[WordLink, ...]
    """Aligned words, by offsets in the whole texts; words in no link occur on one side only."""

    def to_dict(self) -> dict[str, Any]:
        """Return the pair as plain values for JSON."""
        content = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**content, "conflicting": tuple(map(asdict, self.conflicting))}


@dataclass(frozen=True)
class SharedFact:
    """A fact, and its mentions in both texts."""

    kind: FactKind
    """"number", "date", "name" or "quotation"."""
    value: str
    """The fact as displayed."""
    left: tuple[Span, ...]
    """Spans of the mentions in the left text; empty if only the right text states the fact."""
    right: tuple[Span, ...]
    """Spans of the mentions in the right text; empty if only the left text states the fact."""


@dataclass(frozen=True)
class Row:
    """Sentences to display side by side, or a sentence of one text only."""

    left: Span | None
    """Span in the left text."""
    right: Span | None
    """Span in the right text."""
    pair: int | None
    """Index of the pair of sentences; None for a sentence of one text only."""


@dataclass(frozen=True, repr=False)
class Diff(Displayed, Tabular):
    """The alignment of two texts."""

    left: str
    """The left text."""
    right: str
    """The right text."""
    similarity: float
    """Score in [0, 1] for how likely both texts report the same; words at the beginning have more weight."""
    coverage: tuple[float, float]
    """Share of the letters of the left text in passages that are also in the right text, and of the letters of the
    right text in passages that are also in the left text."""
    pairs: tuple[Pair, ...]
    """The aligned sentences, in order of left span, then right span."""
    facts: tuple[SharedFact, ...]
    """Facts of the left text, then those of the right text only, each in order of the first mention."""
    cites: tuple[tuple[Credit, ...], tuple[Credit, ...]]
    """Credits of sources in each text."""
    sentences: tuple[tuple[Span, ...], tuple[Span, ...]]
    """Spans of the sentences of each text."""
    language: str
    """ISO 639-1 code of the left text."""
    right_language: str
    """ISO 639-1 code of the right text; if it differs, only sentences with the same words are linked."""
    is_language_guessed: bool
    """Whether the languages were detected, not given."""

    @property
    def is_compared(self) -> bool:
        """Whether sentences with different words were compared: only in texts of one language."""
        return self.language == self.right_language

    def sources(self) -> tuple[list[str], list[str]]:
        """Return the names of the sources that each text credits, without repetition."""
        left, right = (distinct(credit.source for credit in cited) for cited in self.cites)
        return left, right

    def rows(self) -> list[Row]:
        """Return the sentences of both texts as rows for display, in the order of the left text."""
        return list(_rows(self))

    def to_arrow(self) -> "pa.Table":
        """Return the aligned pairs as an Arrow table."""
        import pyarrow as pa

        text, number = pa.string(), pa.int64()
        kinds = {"kind": text, "score": pa.float64(), "moved": pa.bool_()}
        for side in ("left", "right"):
            kinds |= {f"{side}_start": number, f"{side}_end": number, f"{side}_text": text}
        kinds |= dict.fromkeys(("shared", "conflicting"), pa.list_(text))
        rows = [
            {
                **{name: getattr(pair, name) for name in ("kind", "score", "moved", "shared")},
                **{f"left_{name}": value for name, value in _extent(self.left, pair.left).items()},
                **{f"right_{name}": value for name, value in _extent(self.right, pair.right).items()},
                "conflicting": list(map(str, pair.conflicting)),
            }
            for pair in self.pairs
        ]
        return pa.Table.from_pylist(rows, pa.schema(kinds))

    def _summary(self) -> dict[str, object]:
        left, right = self.coverage
        shares = {"similarity": round(self.similarity, 3), "coverage": (round(left, 3), round(right, 3))}
        return {"pairs": len(self.pairs), **shares}

    def to_dict(self) -> dict[str, Any]:
        """Return the alignment as plain values for JSON."""
        return {
            "similarity": self.similarity,
            "coverage": dict(zip(("left", "right"), self.coverage, strict=True)),
            "links": [pair.to_dict() for pair in self.pairs],
            "facts": [asdict(fact) for fact in self.facts],
            "cites": {
                side: [asdict(credit) for credit in cited]
                for side, cited in zip(("left", "right"), self.cites, strict=True)
            },
            "languages": {"left": self.language, "right": self.right_language},
            "languages_guessed": self.is_language_guessed,
            "compared": self.is_compared,
        }


def _extent(text: str, span: Span) -> dict[str, int | str]:
    """Return the offsets and the text of a span, by name."""
    return {"start": span.start, "end": span.end, "text": text[span.start : span.end]}


def diff(left: str, right: str, language: str | None = None) -> Diff:
    """Align two texts; see `dedup.diff`."""
    check_language_code(language)
    if language:
        return _compare(left, right, (language, language), is_guessed=False)
    # While the model is loading, short texts are compared in their likely language.
    is_short = len(left) + len(right) <= _MAX_SHORT_LENGTH
    likely = likely_language(f"{left}\n{right}") if is_short and is_loading() else None
    found = _compare(left, right, (likely, likely), is_guessed=True) if likely else None
    languages = detect_pair(left, right)
    return found if found and languages == (likely, likely) else _compare(left, right, languages, is_guessed=True)


def _compare(left: str, right: str, languages: tuple[str, str], *, is_guessed: bool) -> Diff:
    """Align two texts in given languages; `is_guessed` says whether these were detected."""
    left_analysis = analyse(left, languages[0])
    right_analysis = left_analysis if left == right else analyse(right, languages[1])
    return diff_analyses(left_analysis, right_analysis, is_language_guessed=is_guessed)


def diff_analyses(left: Analysis, right: Analysis, *, is_language_guessed: bool) -> Diff:
    """Align two analysed texts.

    Args:
        left: Analysis of the left text.
        right: Analysis of the right text.
        is_language_guessed: Whether their languages were detected.
    """
    alignment = align_texts(left, right, compare_single_sentences=True)
    moved = _moved_links(left.text, right.text, alignment.links)
    figures = FiguresOfTexts(left.text, right.text, left.language)
    pairs = tuple(
        _pair(left, right, link, alignment.shared_facts, figures, moved=rank in moved)
        for rank, link in enumerate(alignment.links)
    )
    identical = left.text == right.text
    letters = LetterCounts(left.text)
    passages = [passage for pair in pairs for passage in shared_passages(pair.kind, pair.left, pair.right, pair.words)]
    return Diff(
        left=left.text,
        right=right.text,
        similarity=1.0 if identical else similarity(left.text, right.text, left.language),
        coverage=coverage(letters, letters if identical else LetterCounts(right.text), passages),
        pairs=pairs,
        facts=tuple(_merge_facts(left, right, alignment.shared_facts)),
        cites=(left.credits, right.credits),
        sentences=(left.sentences, right.sentences),
        language=left.language,
        right_language=right.language,
        is_language_guessed=is_language_guessed,
    )


def _pair(
    left: Analysis,
    right: Analysis,
    link: Link,
    facts: Sequence[tuple[int, int]],
    figures: FiguresOfTexts,
    *,
    moved: bool,
) -> Pair:
    """Align the words of linked sentences, with their shared facts as anchors."""
    texts = left.text[slice(*link.left)], right.text[slice(*link.right)]
    anchors = [
        (_relative(left.facts[left_rank], link.left), _relative(right.facts[right_rank], link.right))
        for left_rank, right_rank in facts_between(facts, (left, right), (link.left_sentences, link.right_sentences))
        if left.facts[left_rank].kind != "quotation"
    ]
    words = [
        word.shifted(link.left.start, link.right.start)
        for word in align_words(*texts, left.language, anchors if texts[0] != texts[1] else ())
    ]
    return Pair(
        left=link.left,
        right=link.right,
        score=round(link.score, 4),
        kind=link.kind,
        moved=moved,
        shared=link.shared,
        conflicting=link.conflicting,
        words=tuple(figures.without_shared(words)),
    )


def _relative(fact: Fact, extent: Span) -> Span:
    """Return the span of a fact relative to the start of an extent."""
    return Span(fact.start - extent.start, fact.end - extent.start)


def _moved_links(left: str, right: str, links: Sequence[Link]) -> frozenset[int]:
    """Return the ranks of the links outside the heaviest sequence of links that ascends on both sides.

    The weight of a sequence is the length of its sentences. A hash of the wording breaks ties, so that the result is
    the same with the sides exchanged.
    """
    ranks = {end: rank for rank, end in enumerate(sorted({link.right for link in links}), 1)}
    # A Fenwick tree of maxima: weight and last link of the heaviest sequence up to a rank.
    tree = [(0, -1)] * (len(ranks) + 1)
    previous: list[int] = []
    heaviest = (0, -1)
    for index, link in enumerate(links):
        rank, sequence = ranks[link.right], (0, -1)
        while rank:
            sequence = max(sequence, tree[rank])
            rank &= rank - 1
        previous.append(sequence[1])
        sequence = (sequence[0] + _link_weight(left, right, link), index)
        heaviest = max(heaviest, sequence)
        rank = ranks[link.right]
        while rank < len(tree):
            tree[rank] = max(tree[rank], sequence)
            rank += rank & -rank
    in_order: set[int] = set()
    index = heaviest[1]
    while index >= 0:
        in_order.add(index)
        index = previous[index]
    return frozenset(range(len(links))) - in_order


def _link_weight(left: str, right: str, link: Link) -> int:
    """Return the length of the linked sentences in the high bits, and a hash of their wording in the low bits."""
    texts = sorted((left[slice(*link.left)], right[slice(*link.right)]))
    length = sum(map(len, texts)) if link.kind != "related" else 1
    return (length << 20) + crc32("\0".join(texts).encode("utf-8", "surrogatepass")) % (1 << 12)


def _merge_facts(left: Analysis, right: Analysis, pairs: Sequence[tuple[int, int]]) -> Iterator[SharedFact]:
    """Yield the facts of both texts; facts that are the same are merged, with the value of the left text."""
    left_of: dict[int, int] = {}
    for left_rank, right_rank in pairs:
        left_of.setdefault(right_rank, left_rank)
    mentions: dict[tuple[FactKind, str], tuple[list[Span], list[Span]]] = {}
    for fact in left.facts:
        mentions.setdefault((fact.kind, label(fact)), ([], []))[0].append(Span(fact.start, fact.end))
    for rank, fact in enumerate(right.facts):
        shown = left.facts[left_of[rank]] if rank in left_of else fact
        mentions.setdefault((shown.kind, label(shown)), ([], []))[1].append(Span(fact.start, fact.end))
    for (kind, value), (lefts, rights) in mentions.items():
        yield SharedFact(kind, value, tuple(lefts), tuple(rights))


def _rows(diff: Diff) -> Iterator[Row]:
    """Yield rows in the order of the left text; sentences of the right text only come in their order there."""
    pairs_by_start: dict[int, list[int]] = {}
    paired: tuple[set[Span], set[Span]] = (set(), set())
    for rank, pair in enumerate(diff.pairs):
        pairs_by_start.setdefault(pair.left.start, []).append(rank)
        for side, extent in enumerate((pair.left, pair.right)):
            spans = diff.sentences[side]
            paired[side].update(spans[sentence] for sentence in sentences_in(spans, extent))
    right_only = deque(span for span in diff.sentences[1] if span not in paired[1])
    for span in diff.sentences[0]:
        if span not in paired[0]:
            yield Row(span, None, None)
        for rank in pairs_by_start.get(span.start, ()):
            pair = diff.pairs[rank]
            while not pair.moved and right_only and right_only[0].start < pair.right.start:
                yield Row(None, right_only.popleft(), None)
            yield Row(pair.left, pair.right, rank)
    yield from (Row(None, span, None) for span in right_only)
