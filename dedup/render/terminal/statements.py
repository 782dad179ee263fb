"""Group the linked sentences of a story by what they state, so that each is shown once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedup.alignment.words.align import WordLink, align_words
from dedup.text.function_words import function_words
from dedup.text.language import likely_language
from dedup.text.spans import Span
from dedup.text.tokens import tokens

if TYPE_CHECKING:
    from dedup.results import StoryLink

# Links of a story that are grouped; further ones have less in common.
MAX_GROUPED_LINKS = 2000


@dataclass(frozen=True)
class StatedSentence:
    """A sentence of a document, or several that follow each other."""

    doc: int
    """Rank of the document."""
    span: Span
    """Its place in the document."""
    text: str

    def overlaps(self, other: StatedSentence) -> bool:
        """Return whether two sentences share text of the same document."""
        return self.doc == other.doc and self.span.start < other.span.end and other.span.start < self.span.end

    def joined(self, other: StatedSentence) -> StatedSentence:
        """Return the text that two overlapping sentences cover."""
        first, second = sorted((self, other), key=lambda sentence: sentence.span)
        text = first.text + second.text[first.span.end - second.span.start :]
        return StatedSentence(self.doc, Span(first.span.start, max(first.span.end, second.span.end)), text)


@dataclass(frozen=True)
class Statement:
    """Linked sentences, at most one of each document."""

    sentences: tuple[StatedSentence, ...]
    """The sentences, in the order of the documents of the story."""
    links: tuple[StoryLink, ...]
    """The links between them, those with most in common first."""


def group_statements(links: Iterable[StoryLink], docs: Sequence[int]) -> list[Statement]:
    """Group the linked sentences of a story; no sentence is in two groups.

    A link begins a statement, or adds a sentence to that of its other sentence. It is left out if its sentences are in
    two statements, or if the statement has another sentence of the document.

    Args:
        links: Links of the story.
        docs: Ranks of the documents of the story, in its order.

    Returns:
        The statements of most documents first, then those with most in common.
    """
    statements: list[dict[int, StatedSentence]] = []
    links_of: list[list[StoryLink]] = []
    ranks_of: dict[int, list[int]] = defaultdict(list)  # ranks of the statements with a sentence of the document
    ranked = sorted(links, key=lambda link: (-len(link.shared) - len(link.conflicting), -link.score))
    for link in ranked[:MAX_GROUPED_LINKS]:
        ends = _ends(link)
        found = {rank for end in ends for rank in ranks_of[end.doc] if statements[rank][end.doc].overlaps(end)}
        if len(found) > 1:
            continue
        if not found:
            statements.append({})
            links_of.append([])
        rank = found.pop() if found else len(statements) - 1
        known = [statements[rank].get(end.doc) for end in ends]
        if any(other and not other.overlaps(end) for other, end in zip(known, ends, strict=True)):
            continue
        for other, end in zip(known, ends, strict=True):
            statements[rank][end.doc] = other.joined(end) if other else end
            ranks_of[end.doc] += [] if other else [rank]
        links_of[rank].append(link)
    grouped = [
        Statement(tuple(statement[doc] for doc in docs if doc in statement), tuple(of_statement))
        for statement, of_statement in zip(statements, links_of, strict=True)
    ]
    return sorted(grouped, key=lambda statement: -len(statement.sentences))


def _ends(link: StoryLink) -> tuple[StatedSentence, StatedSentence]:
    """Return the sentences of a link."""
    left, right = Span(link.left_start, link.left_end), Span(link.right_start, link.right_end)
    return StatedSentence(link.left_doc, left, link.left_text), StatedSentence(link.right_doc, right, link.right_text)


def shared_words(statement: Statement) -> list[list[Span]]:
    """Return for each sentence of a statement the spans of the words that another sentence has too.

    Function words are left out unless they are between other words; words of links of the kind "verbatim" are left out.

    Args:
        statement: The statement.

    Returns:
        Spans in the text of the sentence, ascending and without overlaps.
    """
    language = likely_language(" ".join(sentence.text for sentence in statement.sentences)) or ""
    is_small: dict[int, dict[Span, bool]] = defaultdict(dict)  # spans by document, and whether they are function words
    for link in statement.links:
        if link.kind != "verbatim":
            for word, small in _shared_words(link, language):
                is_small[link.left_doc][word.span(0)] = small
                is_small[link.right_doc][word.span(1)] = small
    return [[*_runs(sentence, is_small[sentence.doc])] for sentence in statement.sentences]


def _shared_words(link: StoryLink, language: str) -> Iterator[tuple[WordLink, bool]]:
    """Yield the links of words that are the same or have another form, and whether they are only function words."""
    small = function_words(language)
    for word in align_words(link.left_text, link.right_text, language):
        if word.kind != "replaced":
            forms = [token.form for token in tokens(link.left_text[slice(*word.span(0))])]
            yield word.shifted(link.left_start, link.right_start), small.issuperset(forms)


def _runs(sentence: StatedSentence, is_small: Mapping[Span, bool]) -> Iterator[Span]:
    """Join the spans between which there are no other words; without function words at the ends.

    Args:
        sentence: A sentence.
        is_small: Spans in its document, and whether they are function words.

    Yields:
        Spans in the sentence.
    """
    start, run, reach = sentence.span.start, None, 0
    for span, small in sorted(is_small.items()):
        if run is not None and not any(map(str.isalnum, sentence.text[reach - start : span.start - start])):
            reach = max(reach, span.end)
            run = run if small else Span(run.start, reach)
            continue
        if run is not None:
            yield Span(run.start - start, run.end - start)
        run, reach = None if small else span, span.end
    if run is not None:
        yield Span(run.start - start, run.end - start)
