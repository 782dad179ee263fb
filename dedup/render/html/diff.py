"""Render an alignment of two texts as an HTML page."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.alignment.highlight import SCHEMES, MarkedSpan, marked_spans
from dedup.render.comparison import LINK_KIND_LABELS, coverage_labels, grouped_digits, is_exact, score, summarize_diff
from dedup.render.format import count, flowing
from dedup.render.html.page import render, render_fragment
from dedup.text.analysis import sentence_at, sentences_in
from dedup.text.spans import Span

if TYPE_CHECKING:
    from dedup.alignment.conflicts import Conflict
    from dedup.alignment.diff import Diff, Pair, SharedFact
    from dedup.text.spans import LinkKind

# Scripts that define `Comparison`, in loading order.
COMPARISON_SCRIPTS = ("dom.js", "sentences.js", "pair_rows.js", "ribbons.js", "tables.js", "compare.js")
# States of facts, in the order of the table.
_FACT_STATES = ("changed", "A", "B", "both")
# Value of `_Mark.kind` for a source.
_SOURCE = "source"
# Pairs in a fragment, and code points of each of their sides.
MAX_FRAGMENT_PAIRS, MAX_FRAGMENT_LENGTH = 20, 600
# Kinds of words that differ from the other side; words of all other kinds correspond to it.
_DIFFERENT = ("replaced", "unique")


class _Mark(NamedTuple):
    """The span of a fact or of a credited source in a text."""

    start: int
    """First code point."""
    end: int
    """One past the last code point."""
    kind: str
    """State of the fact as in `view`, "changed" or "plain"; `_SOURCE` for a source."""


def draw_comparison(diff: Diff, names: tuple[str, str]) -> str:
    """Render an alignment as an HTML page.

    Args:
        diff: The alignment.
        names: Titles of the left and the right text.

    Returns:
        The page as HTML.
    """
    scripts, styles = (*COMPARISON_SCRIPTS, "diff.js"), ("page.css", "compare.css")
    return render("diff.html", scripts, styles, view=view(diff, names))


def draw_fragment(diff: Diff, names: tuple[str, str]) -> str:
    """Render the pairs of an alignment as a part of an HTML page, without scripts.

    Args:
        diff: The alignment.
        names: Titles of the left and the right text.

    Returns:
        HTML with its own style sheet: a table of up to `MAX_FRAGMENT_PAIRS` pairs of sentences, and what it leaves out.

    >>> import dedup
    >>> html = draw_fragment(dedup.diff("It rained in Rome today.", "It rained in Rome on Friday.", "en"), ("a", "b"))
    >>> "<del>today</del>" in html, "<ins>on Friday</ins>" in html
    (True, True)
    """
    return render_fragment(
        "fragment.html",
        columns=[
            {"letter": letter, "name": flowing(name), "coverage": label}
            for letter, name, label in zip("AB", names, coverage_labels(diff), strict=True)
        ],
        is_same=diff.left == diff.right,
        languages=_languages(diff),
        rows=[_fragment_row(diff, rank) for rank in range(min(len(diff.pairs), MAX_FRAGMENT_PAIRS))],
        more=list(_left_out(diff)),
    )


def _fragment_row(diff: Diff, rank: int) -> dict[str, Any]:
    """Return the label and both sides of a pair; a side is a list of tags (empty without a mark) and texts."""
    pair = diff.pairs[rank]
    sides = []
    for side, extent in enumerate((pair.left, pair.right)):
        text = (diff.left, diff.right)[side]
        shown = Span(extent.start, min(extent.end, extent.start + MAX_FRAGMENT_LENGTH))
        words = [word for word in _marked_words(diff, rank, side) if word.start < shown.end]
        pieces = [_fragment_piece(piece, pair.kind, side) for piece in _pieces(text, shown, words, ())]
        sides.append({"pieces": pieces, "cut": extent.end - shown.end})
    label = LINK_KIND_LABELS[pair.kind] + (", moved" if pair.moved else "")
    return {"label": label, "sides": sides}


def _languages(diff: Diff) -> list[str | None]:
    """Return the language of each text; None if it is unknown."""
    return [None if language == "und" else language for language in (diff.language, diff.right_language)]


def _fragment_piece(piece: str | dict[str, Any], kind: LinkKind, side: int) -> tuple[str, str]:
    """Return the tag and the text of a piece: words that differ, or, where most words do, words in both texts."""
    if isinstance(piece, str):
        return "", piece
    is_different = piece["kind"] in _DIFFERENT
    if SCHEMES[kind] == "agreement":
        return ("" if is_different or piece["kind"] == "small" else "u"), piece["text"]
    return (("del", "ins")[side] if is_different else ""), piece["text"]


def _left_out(diff: Diff) -> Iterator[str]:
    """Yield what a fragment does not show: the other pairs, and the sentences of one text only."""
    if len(diff.pairs) > MAX_FRAGMENT_PAIRS:
        yield count(len(diff.pairs) - MAX_FRAGMENT_PAIRS, "more pair")
    for side, letter in enumerate("AB"):
        spans = diff.sentences[side]
        paired = {index for pair in diff.pairs for index in sentences_in(spans, (pair.left, pair.right)[side])}
        if len(spans) > len(paired):
            yield f"{count(len(spans) - len(paired), 'sentence')} only in {letter}"


def view(diff: Diff, names: tuple[str, str]) -> dict[str, Any]:
    """Convert an alignment to the JSON values that the script `compare.js` reads.

    Ranges of sentences are ``[first, stop]``, half-open; ranks count from 0.

    Args:
        diff: The alignment.
        names: Titles of the left and the right text.

    Returns:
        A dictionary with the keys

        * ``names``: titles of both texts.
        * ``same``: whether both texts are identical.
        * ``languages``: code of the language of each text, None if unknown.
        * ``coverage``: for each text, which share of it is also in the other, in words.
        * ``summary``: the other lines of the summary, with ``label`` and ``text``.
        * ``sides``: for each text its sentences, with ``gap`` (a line break precedes) and ``wordings``: for each pair
          of the sentence its rank (``pair``, None if the sentence is in no pair) and the ``pieces`` of the sentence.
          A piece is a string, or a dictionary with ``text`` and, where they apply, ``kind`` (of the words), ``link``
          (rank of the word link), ``fact`` ("changed" if the other text has another number, else "plain") and
          ``source`` ("inside" or "end").
        * ``pairs``: aligned sentences, with ``sides`` (a range for each text), ``kind``, ``meaning``, ``score``,
          ``moved``, ``exact`` (see `is_exact`) and ``conflicting``.
        * ``rows``: lines of `Diff.rows`, with ``sides`` (a range or None for each text) and ``pair``.
        * ``facts``: with ``kind``, ``value``, ``sides`` (sentences that state it), ``state`` ("changed", "A", "B" or
          "both") and ``conflict`` (both values, None unless changed).
        * ``sources``: for each text the credits, with ``name`` and ``sentence``.
    """
    return {
        "names": [flowing(name) for name in names],
        "same": diff.left == diff.right,
        "languages": _languages(diff),
        "coverage": list(coverage_labels(diff)),
        "summary": [
            {"label": label, "text": flowing(text)} for label, text in summarize_diff(diff) if label != "coverage"
        ],
        "sides": [list(_sentences(diff, side)) for side in range(2)],
        "pairs": [_pair(diff, pair) for pair in diff.pairs],
        "rows": [
            {
                "sides": [
                    _range(diff.sentences[side], span) if span else None
                    for side, span in enumerate((row.left, row.right))
                ],
                "pair": row.pair,
            }
            for row in diff.rows()
        ],
        "facts": list(_facts(diff)),
        "sources": [
            [
                {"name": flowing(credit.source), "sentence": sentence_at(diff.sentences[side], credit.start)}
                for credit in diff.cites[side]
            ]
            for side in range(2)
        ],
    }


def _pair(diff: Diff, pair: Pair) -> dict[str, Any]:
    """Convert a pair of aligned sentences."""
    return {
        "sides": [_range(diff.sentences[side], span) for side, span in enumerate((pair.left, pair.right))],
        "kind": pair.kind,
        "meaning": LINK_KIND_LABELS[pair.kind],
        "score": score(pair.score),
        "moved": pair.moved,
        "exact": is_exact(diff, pair),
        "conflicting": [grouped_digits(flowing(str(conflict))) for conflict in pair.conflicting],
    }


def _range(sentences: Sequence[Span], extent: Span) -> list[int]:
    """Return the half-open range of the sentences in an extent."""
    inside = sentences_in(sentences, extent)
    return [inside.start, inside.stop]


def _sentences(diff: Diff, side: int) -> Iterator[dict[str, Any]]:
    """Convert the sentences of one text, each with its pieces in every pair that contains it."""
    text, spans = (diff.left, diff.right)[side], diff.sentences[side]
    pairs: list[list[int]] = [[] for _ in spans]
    for rank, pair in enumerate(diff.pairs):
        for index in sentences_in(spans, (pair.left, pair.right)[side]):
            pairs[index].append(rank)
    marks = _marks(diff, side)
    words: dict[int, list[MarkedSpan]] = {}
    previous_end = 0
    for index, span in enumerate(spans):
        sentence_marks = marks[bisect_left(marks, (span.start,)) : bisect_left(marks, (span.end,))]
        wordings: list[dict[str, Any]] = []
        # The page shows the first wording until the reader chooses another, so the best pair comes first.
        for rank in sorted(pairs[index], key=lambda rank: (-diff.pairs[rank].score, rank)):
            if rank not in words:
                words[rank] = list(_marked_words(diff, rank, side))
            inside = [word for word in words[rank] if word.end > span.start and word.start < span.end]
            wordings.append({"pair": rank, "pieces": list(_pieces(text, span, inside, sentence_marks))})
        if not wordings:
            wordings.append({"pair": None, "pieces": list(_pieces(text, span, (), sentence_marks))})
        # The full stop makes a line break at the end of the space between both sentences count.
        has_gap = index > 0 and len(f"{text[previous_end : span.start]}.".splitlines()) > 1
        yield {"gap": has_gap, "wordings": wordings}
        previous_end = span.end


def _marked_words(diff: Diff, rank: int, side: int) -> Iterator[MarkedSpan]:
    """Yield the marked words of a pair; verbatim pairs have none."""
    pair = diff.pairs[rank]
    if pair.kind != "verbatim":
        yield from marked_spans((diff.left, diff.right)[side], pair, side, diff.language)


def _marks(diff: Diff, side: int) -> list[_Mark]:
    """Return the spans of facts and credited sources in one text, sorted."""
    changed = _changed_numbers(diff)
    marks = [
        _Mark(span.start, span.end, "changed" if _fact_state(fact, changed)[0] == "changed" else "plain")
        for fact in diff.facts
        if fact.kind != "quotation"
        for span in (fact.left, fact.right)[side]
    ]
    marks += [_Mark(credit.start, credit.end, _SOURCE) for credit in diff.cites[side]]
    return sorted(marks)


def _pieces(
    text: str, span: Span, words: Sequence[MarkedSpan], marks: Sequence[_Mark]
) -> Iterator[str | dict[str, Any]]:
    """Split a sentence at every start and end of marked words, facts and sources."""
    cuts = {span.start, span.end}
    for start, end in [(word.start, word.end) for word in words] + [(mark.start, mark.end) for mark in marks]:
        cuts |= {min(max(start, span.start), span.end), min(max(end, span.start), span.end)}
    open_marks: list[_Mark] = []
    pending_marks, pending_words = deque(marks), deque(words)
    for start, end in pairwise(sorted(cuts)):
        while pending_words and pending_words[0].end <= start:
            pending_words.popleft()
        word = pending_words[0] if pending_words and pending_words[0].start <= start else None
        while pending_marks and pending_marks[0].start <= start:
            open_marks.append(pending_marks.popleft())
        open_marks = [mark for mark in open_marks if start < mark.end]
        piece = flowing(text[start:end])
        if word is None and not open_marks:
            yield piece
        else:
            yield {"text": piece, **_piece_marks(word, open_marks, end)}


def _piece_marks(word: MarkedSpan | None, marks: Sequence[_Mark], end: int) -> dict[str, Any]:
    """Return the keys of a piece that describe its marked word, fact and source."""
    keys: dict[str, Any] = {}
    if word is not None:
        keys["kind"] = word.kind
        if word.link is not None:
            keys["link"] = word.link
    facts = [mark.kind for mark in marks if mark.kind != _SOURCE]
    if facts:
        keys["fact"] = "changed" if "changed" in facts else "plain"
    source = next((mark for mark in marks if mark.kind == _SOURCE), None)
    if source is not None:
        # The page puts the label "source" after the last piece of a source.
        keys["source"] = "end" if source.end == end else "inside"
    return keys


def _facts(diff: Diff) -> Iterator[dict[str, Any]]:
    """Convert the facts: changed ones first, then those in one text, then those in both texts."""
    changed = _changed_numbers(diff)
    states = [(*_fact_state(fact, changed), fact) for fact in diff.facts]
    for state, difference, fact in sorted(states, key=lambda item: _FACT_STATES.index(item[0])):
        yield {
            "kind": fact.kind,
            "value": grouped_digits(flowing(fact.value)),
            "sides": [
                sorted({sentence_at(diff.sentences[side], span.start) for span in spans})
                for side, spans in enumerate((fact.left, fact.right))
            ],
            "state": state,
            "conflict": grouped_digits(flowing(str(difference))) if difference else None,
        }


def _changed_numbers(diff: Diff) -> dict[str, Conflict]:
    """Return for each number that conflicts with one of the other text, as displayed, the conflict."""
    changed: dict[str, Conflict] = {}
    for pair in diff.pairs:
        for conflict in pair.conflicting:
            values = conflict.left, conflict.right
            changed |= dict.fromkeys((*values, *(f"{value} {conflict.noun}" for value in values)), conflict)
    return changed


def _fact_state(fact: SharedFact, changed: Mapping[str, Conflict]) -> tuple[str, Conflict | None]:
    """Return the state of a fact (see `view`) and, if it is changed, its conflict.

    Args:
        fact: The fact.
        changed: For each conflicting value the conflict.
    """
    if fact.left and fact.right:
        return "both", None
    if fact.kind == "number" and fact.value in changed:
        return "changed", changed[fact.value]
    return ("A" if fact.left else "B"), None
