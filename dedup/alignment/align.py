"""Align two analysed texts: links between their sentences, with the kind, shared facts and conflicts of each."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.blocks import link_texts
from dedup.alignment.conflicts import Conflict, find_conflicts
from dedup.alignment.document_frequency import EMPTY_CORPUS, CorpusStatistics
from dedup.alignment.links import SentenceLinks, link_equal_sentences
from dedup.alignment.shared_facts import facts_between, find_shared_facts
from dedup.alignment.single_sentences import matched_share
from dedup.text.analysis import Analysis
from dedup.text.facts.extract import same_label
from dedup.text.function_words import function_words
from dedup.text.spans import LinkKind, Span
from dedup.text.tokens import Token

# Minimum share of the stems of both sides that are the same and in the same order in a "light" link; chosen on half of
# the answers of Clough and Stevenson ("Developing a corpus of plagiarised short answers", 2011).
MIN_LIGHT_SIMILARITY = 0.6
# Maximum score of sentences with other words.
MAX_REWRITTEN_SCORE = 0.99
# Maximum number of shared words that are listed after the shared facts, and minimum number of letters of these words.
MAX_NAMED_WORDS, MIN_NAMED_LETTERS = 3, 4


@dataclass(frozen=True)
class Link:
    """Sentences of a text aligned with sentences of another text."""

    left: Span
    """Span in the left text."""
    right: Span
    """Span in the right text."""
    score: float
    """Share of links of this similarity that are right, in (0, 1]; 1 only for the same words."""
    kind: LinkKind
    """"verbatim": the same words; "light": mostly the same words; "heavy": rewritten; "related": the same topic."""
    shared: tuple[str, ...]
    """Facts of both sides, and the rarest words of both sides."""
    conflicting: tuple[Conflict, ...]
    """Numbers that count the same thing and differ."""
    left_sentences: range
    """Ranks of the left sentences."""
    right_sentences: range
    """Ranks of the right sentences."""


@dataclass(frozen=True)
class Alignment:
    """The links and shared facts of two texts."""

    links: tuple[Link, ...]
    """In order of left span, then right span."""
    shared_facts: tuple[tuple[int, int], ...]
    """Ranks of the facts of both texts that are the same, left and right, ascending."""
    nearest: float
    """Best score of any two sentences with enough evidence to be linked; 0 if there is none."""


class _SentenceRanges(NamedTuple):
    """Sentences that one link joins."""

    left: range
    right: range
    rows: list[int]
    """Indexes of the joined pairs of sentences."""


@dataclass(frozen=True)
class _AnalysedPair:
    """Two analysed texts, and the ranks of the facts that are the same, left and right, ascending."""

    left: Analysis
    right: Analysis
    facts: tuple[tuple[int, int], ...]

    def frequency(self, stem: str) -> int:
        """Return the number of sentences of both texts with a stem."""
        return self.left.sentences_with(stem) + self.right.sentences_with(stem)

    def link(self, sentences: _SentenceRanges, score: float, related: bool) -> Link:
        """Return the link of some sentences.

        Args:
            sentences: The sentences that the link joins.
            score: Similarity of the sentences.
            related: Whether the sentences share only a topic.
        """
        left_words, right_words = _words(self.left, sentences.left), _words(self.right, sentences.right)
        kind = _kind(left_words, right_words)
        return Link(
            left=_extent(self.left, sentences.left),
            right=_extent(self.right, sentences.right),
            score=score if kind == "verbatim" else min(score, MAX_REWRITTEN_SCORE),
            kind="related" if related else kind,
            shared=tuple(self._shared(sentences, left_words, right_words)),
            conflicting=tuple(find_conflicts(self.left, self.right, sentences.left, sentences.right)),
            left_sentences=sentences.left,
            right_sentences=sentences.right,
        )

    def _shared(
        self,
        sentences: _SentenceRanges,
        left_words: Sequence[tuple[Token, str]],
        right_words: Sequence[tuple[Token, str]],
    ) -> Iterator[str]:
        """Yield the facts of both sides, then the rarest words of both sides, as written in the left text."""
        labels: dict[str, None] = {}
        in_facts: set[str] = set()
        for left_rank, right_rank in facts_between(
            self.facts, (self.left, self.right), (sentences.left, sentences.right)
        ):
            facts = self.left.facts[left_rank], self.right.facts[right_rank]
            labels[same_label(*facts)] = None
            for side, fact in zip((left_words, right_words), facts, strict=True):
                in_facts |= {stem for token, stem in side if fact.start <= token.start and token.end <= fact.end}
        yield from labels
        right_stems = {stem for _, stem in right_words} - in_facts
        common: dict[str, Token] = {}
        for token, stem in left_words:
            if stem in right_stems and is_content_word(token, self.left.language):
                common.setdefault(stem, token)
        rarest = sorted(common, key=lambda stem: (self.frequency(stem), common[stem].start))[:MAX_NAMED_WORDS]
        yield from (self.left.text[common[stem].start : common[stem].end].lower() for stem in rarest)


def align_texts(
    left: Analysis,
    right: Analysis,
    statistics: CorpusStatistics = EMPTY_CORPUS,
    *,
    compare_single_sentences: bool = False,
) -> Alignment:
    """Link the sentences of two texts and find their shared facts.

    Of texts of different languages, only the sentences with the same words are linked.

    Args:
        left: Analysis of the left text.
        right: Analysis of the right text.
        statistics: Document frequencies and boilerplate of the corpus.
        compare_single_sentences: Whether two texts of one sentence each are linked also by their aligned words alone.

    Returns:
        The links in order of left span, then right span, and the shared facts.

    >>> from dedup.text.analysis import analyse
    >>> left = analyse("Selon NHK, la Russie attend 25 000 ouvriers de Corée du Nord dans son usine de drones.")
    >>> right = analyse("Il neige. Environ 25.000 ouvriers de Corée du Nord travaillent à l'usine de drones.")
    >>> [(link.right_sentences, link.kind, link.shared) for link in align_texts(left, right).links]
    [(range(1, 2), 'light', ('25000', 'Corée du Nord', 'ouvriers', 'usine', 'drones'))]
    """
    facts = find_shared_facts(left, right, statistics)
    if left.language == right.language:
        found = link_texts(left.terms, right.terms, facts.weights, statistics)
        if compare_single_sentences and len(left.sentences) == len(right.sentences) == 1:
            found = _link_single_sentences(left, right, found)
    else:
        found = link_equal_sentences(left.terms, right.terms, statistics)
    return make_alignment(left, right, found, facts.pairs)


def make_alignment(
    left: Analysis, right: Analysis, found: SentenceLinks, facts: tuple[tuple[int, int], ...]
) -> Alignment:
    """Describe the links between the sentences of two texts.

    Args:
        left: Analysis of the left text.
        right: Analysis of the right text.
        found: Pairs of linked sentences.
        facts: Ranks of the facts of both texts that are the same, left and right, ascending.
    """
    pair = _AnalysedPair(left, right, facts)
    links = [
        pair.link(sentences, float(found.scores[sentences.rows].max()), related)
        for related in (False, True)
        for sentences in _join_adjacent(found.pairs, np.flatnonzero(found.related == related))
    ]
    return Alignment(tuple(sorted(links, key=lambda link: (link.left, link.right))), facts, found.nearest)


def _link_single_sentences(left: Analysis, right: Analysis, found: SentenceLinks) -> SentenceLinks:
    """Link two texts of one sentence each by their aligned words, unless they are linked already."""
    if len(found.pairs) and not found.related.any():
        return found
    share = matched_share(left.text, right.text, left.language)
    if not share:
        return found
    score = max([share, *found.scores.tolist()])
    return SentenceLinks(
        np.zeros((1, 2), np.int64), np.array([score]), np.zeros(1, np.bool_), max(score, found.nearest)
    )


def is_content_word(token: Token, language: str) -> bool:
    """Return whether a word can be listed as shared: long enough, of letters only, and not a function word.

    >>> is_content_word(Token(0, 5, "usine"), "fr"), is_content_word(Token(0, 4, "dans"), "fr")
    (True, False)
    """
    return len(token.form) >= MIN_NAMED_LETTERS and token.form.isalpha() and token.form not in function_words(language)


def _join_adjacent(pairs: NDArray[np.int64], rows: NDArray[np.int64]) -> Iterator[_SentenceRanges]:
    """Join the pairs of a sentence with adjacent sentences that have no other pair.

    Args:
        pairs: Left and right sentence of each pair, shape (pairs, 2), int64.
        rows: Indexes of the pairs to join, shape (chosen,), int64.

    Yields:
        Joined and single pairs, in order of the left, then the right sentences.
    """
    chosen = [(left, right, row) for row, (left, right) in zip(rows.tolist(), pairs[rows].tolist(), strict=True)]
    degrees = Counter(left for left, _, _ in chosen), Counter(right for _, right, _ in chosen)
    joined: list[_SentenceRanges] = []
    for side in (0, 1):
        multiple = [pair for pair in chosen if degrees[side][pair[side]] > 1 and degrees[1 - side][pair[1 - side]] == 1]
        joined += _adjacent_runs(sorted(multiple, key=lambda pair: (pair[side], pair[1 - side])), side)
    joined += [
        _SentenceRanges(range(left, left + 1), range(right, right + 1), [row])
        for left, right, row in chosen
        if (degrees[0][left] > 1) == (degrees[1][right] > 1)
    ]
    yield from sorted(joined, key=lambda item: (item.left.start, item.right.start))


def _adjacent_runs(pairs: Sequence[tuple[int, int, int]], side: int) -> Iterator[_SentenceRanges]:
    """Split the pairs of each sentence of a side into runs of adjacent sentences of the other side.

    Args:
        pairs: Left sentence, right sentence and index of each pair, in order of the side, then of the other side.
        side: 0 for left, 1 for right.
    """
    for _, group in groupby(enumerate(pairs), key=lambda item: (item[1][side], item[1][1 - side] - item[0])):
        run = [pair for _, pair in group]
        left, right = (range(run[0][end], run[-1][end] + 1) for end in (0, 1))
        yield _SentenceRanges(left, right, [row for _, _, row in run])


def _extent(side: Analysis, sentences: range) -> Span:
    """Return the span from the first to the last of some sentences."""
    return Span(side.sentences[sentences[0]].start, side.sentences[sentences[-1]].end)


def _words(side: Analysis, sentences: range) -> list[tuple[Token, str]]:
    """Return the words of some sentences, with their stems."""
    return [
        (token, stem)
        for sentence in sentences
        for token, stem in zip(side.words[sentence], side.stems[sentence], strict=True)
    ]


def _kind(left: Sequence[tuple[Token, str]], right: Sequence[tuple[Token, str]]) -> LinkKind:
    """Classify a link by its words, given with their stems."""
    from rapidfuzz.distance import Indel

    if [token.form for token, _ in left] == [token.form for token, _ in right]:
        return "verbatim"
    stems = [[stem for _, stem in side] for side in (left, right)]
    return "light" if Indel.normalized_similarity(*stems) >= MIN_LIGHT_SIMILARITY else "heavy"
