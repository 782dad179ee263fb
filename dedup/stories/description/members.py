"""The documents of a story: their sentences in it, and the facts, words and credits in these."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dedup.alignment.align import is_content_word
from dedup.text.analysis import Analysis
from dedup.text.facts.names.spelling import distinct
from dedup.text.sources.continuation import continues_credit
from dedup.text.spans import Credit, Fact, Span

# Maximum number of sentences before a sentence whose credits it continues.
MAX_CONTINUED = 3
# Code points of the beginning of a document that names it if it has no title.
OPENING_LENGTH = 120


@dataclass(frozen=True, slots=True)
class StoryMember:
    """A document of a story: what its sentences of the story have, without the rest of a long document."""

    doc: int
    """Rank of the document."""
    language: str
    """ISO 639 code; "und" if undetermined."""
    opening: str
    """Beginning of the document."""
    sentences: tuple[int, ...]
    """Ranks of the sentences that belong to the story, ascending."""
    spans: tuple[Span, ...]
    """Their spans in the document."""
    texts: tuple[str, ...]
    """Their texts."""
    letters: tuple[int, ...]
    """Their numbers of letters and digits."""
    words: tuple[tuple[tuple[int, int, str], ...], ...]
    """Start, end and stem of the content words of each sentence; offsets in the document."""
    facts: tuple[Fact, ...]
    """The facts in these sentences."""
    cites: tuple[str, ...]
    """The sources credited in these sentences and in those that they continue, without repetition.

    "It said …" continues the sentence before, so that a source credited there counts.
    """
    credits: tuple[str, ...]
    """The sources credited anywhere in the document, each spelling once."""

    def stretches(self) -> list[tuple[int, int]]:
        """Return these sentences as spans in code points, adjacent sentences joined."""
        found: list[tuple[int, int]] = []
        for previous, sentence, (start, end) in zip((-2, *self.sentences), self.sentences, self.spans, strict=False):
            first = found.pop()[0] if sentence == previous + 1 else start
            found.append((first, end))
        return found


def read_member(doc: int, analysis: Analysis, credits_: Sequence[Credit], sentences: Iterable[int]) -> StoryMember:
    """Return the document of a story.

    Args:
        doc: Rank of the document.
        analysis: Its analysis.
        credits_: Its credits, sorted by start.
        sentences: Ranks of its sentences that belong to the story.
    """
    ranks = sorted(sentences)
    spans = tuple(analysis.sentences[rank] for rank in ranks)
    cited = sorted({*ranks, *_continued(analysis, ranks)})
    return StoryMember(
        doc=doc,
        language=analysis.language,
        opening=analysis.text[:OPENING_LENGTH],
        sentences=tuple(ranks),
        spans=spans,
        texts=tuple(analysis.text[slice(*span)] for span in spans),
        letters=tuple(sum(len(token.form) for token in analysis.words[rank]) for rank in ranks),
        words=tuple(tuple(_content_words(analysis, rank)) for rank in ranks),
        facts=tuple(analysis.facts[fact] for rank in ranks for fact in analysis.facts_in(range(rank, rank + 1))),
        cites=tuple(
            distinct(credit.source for rank in cited for credit in _credits_in(analysis.sentences, credits_, rank))
        ),
        credits=tuple(dict.fromkeys(credit.source for credit in credits_)),
    )


def _content_words(analysis: Analysis, sentence: int) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and stem of the content words of a sentence."""
    for token, stem in zip(analysis.words[sentence], analysis.stems[sentence], strict=True):
        if is_content_word(token, analysis.language):
            yield token.start, token.end, stem


def _credits_in(sentences: Sequence[Span], credits_: Sequence[Credit], sentence: int) -> Sequence[Credit]:
    """Return the credits in a sentence: from its start up to that of the next; the first has those before too."""
    first = bisect_left(credits_, sentences[sentence].start, key=_start) if sentence else 0
    if sentence + 1 == len(sentences):
        return credits_[first:]
    return credits_[first : bisect_left(credits_, sentences[sentence + 1].start, key=_start)]


def _start(credit: Credit) -> int:
    return credit.start


def _continued(analysis: Analysis, sentences: Sequence[int]) -> Iterator[int]:
    """Yield the sentences whose credits some sentences continue."""
    for sentence in sentences:
        before = sentence
        while before > max(0, sentence - MAX_CONTINUED) and continues_credit(
            analysis.text, analysis.sentences[before], analysis.language
        ):
            before -= 1
            yield before
