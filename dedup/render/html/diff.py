"""An alignment to plain values for a page: sentences with their marks, pairs, rows, a ledger of facts."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.alignment.highlight import Run, word_runs
from dedup.alignment.shared_facts import values_of
from dedup.render.comparison import KINDS, comparison, score
from dedup.render.format import flowing
from dedup.render.html.page import render
from dedup.text.analysis import place, sentences_in

if TYPE_CHECKING:
    from dedup.alignment.diff import Diff, SharedFact
    from dedup.text.spans import Span

# How the page names the kinds of words.
_WORDS = {"same": "=", "equivalent": "~", "replaced": ">", "unique": "!", "small": "."}
# The states of facts, in the order of the ledger.
_STATES = ("changed", "both", "A", "B")
_NONE = -1


class _Mark(NamedTuple):
    """A fact or a source, where a text names it."""

    start: int
    end: int
    fact: int
    """Rank of the fact; -1 for a source."""


def draw_comparison(diff: Diff, names: tuple[str, str]) -> str:
    """Draw an alignment as a page.

    Args:
        diff: The alignment.
        names: What the left and the right text are called.
    """
    scripts, styles = ("dom.js", "compare.js", "diff.js"), ("page.css", "compare.css")
    return render("diff.html", scripts, styles, view=view(diff, names))


def view(diff: Diff, names: tuple[str, str]) -> dict[str, Any]:
    """Give an alignment as the page's script reads it.

    Args:
        diff: The alignment.
        names: What the left and the right text are called.

    Returns:
        ``sides``: of each text its sentences, each with whether a line ends before it (``gap``), and its wordings:
        of each pair it is in (-1: of none) the pieces of its text. A piece is a text, or a list of text, kind of word,
        rank of the word link, rank of the fact, and whether a source is credited. ``pairs``: first and one past the
        last sentence of each side, and what is known of them. ``rows``: as in `Diff.rows`, by sentences. ``facts``:
        kind, value, sentences of each side, state. ``sources``: of each side names and sentences.
    """
    texts = diff.left, diff.right
    return {
        "names": [flowing(name) for name in names],
        "same": diff.left == diff.right,
        "summary": [[label, flowing(said)] for label, said in comparison(diff)],
        "sides": [list(_sentences(diff, side)) for side in range(2)],
        "pairs": [
            {
                "sides": [_range(diff.sentences[side], span) for side, span in enumerate((pair.left, pair.right))],
                "kind": pair.kind,
                "meaning": KINDS[pair.kind],
                "score": score(pair.score),
                "moved": pair.moved,
                "exact": texts[0][slice(*pair.left)] == texts[1][slice(*pair.right)],
                "conflicting": [flowing(said) for said in pair.conflicting],
            }
            for pair in diff.pairs
        ],
        "rows": [
            [
                *(
                    _range(diff.sentences[side], span) if span else None
                    for side, span in enumerate((row.left, row.right))
                ),
                row.pair,
            ]
            for row in diff.rows()
        ],
        "facts": list(_ledger(diff)),
        "sources": [
            [[flowing(credit.source), place(diff.sentences[side], credit.start)] for credit in diff.cites[side]]
            for side in range(2)
        ],
    }


def _range(sentences: Sequence[Span], extent: Span) -> list[int]:
    """Give the sentences of an extent: the first, and one past the last."""
    inside = sentences_in(sentences, extent)
    return [inside.start, inside.stop]


def _sentences(diff: Diff, side: int) -> Iterator[dict[str, Any]]:
    """Give the sentences of a side, each as the pairs it is in word it."""
    text, spans = (diff.left, diff.right)[side], diff.sentences[side]
    pairs: list[list[int]] = [[] for _ in spans]
    for rank, pair in enumerate(diff.pairs):
        for at in sentences_in(spans, (pair.left, pair.right)[side]):
            pairs[at].append(rank)
    marks = _marks(diff, side)
    runs: dict[int, list[Run]] = {}
    last = 0
    for at, span in enumerate(spans):
        mine = marks[bisect_left(marks, (span.start,)) : bisect_left(marks, (span.end,))]
        wordings = []
        # The likeliest partner first: that is the one shown before a reader chooses.
        for rank in sorted(pairs[at], key=lambda rank: (-diff.pairs[rank].score, rank)) or [_NONE]:
            if rank != _NONE and rank not in runs:
                runs[rank] = list(_paired_runs(diff, rank, side))
            inside = [run for run in runs.get(rank, ()) if run.end > span.start and run.start < span.end]
            wordings.append([rank, list(_pieces(text, span, inside, mine))])
        yield {"gap": int(len(f"{text[last : span.start]}.".splitlines()) > 1 and at > 0), "in": wordings}
        last = span.end


def _paired_runs(diff: Diff, rank: int, side: int) -> Iterator[Run]:
    """List the runs of a pair; sentences of the same words have none."""
    pair = diff.pairs[rank]
    if pair.kind != "verbatim":
        yield from word_runs((diff.left, diff.right)[side], pair, side, diff.language)


def _marks(diff: Diff, side: int) -> list[_Mark]:
    """List where facts and credited sources are named, by place."""
    found = [
        _Mark(span.start, span.end, rank)
        for rank, fact in enumerate(diff.facts)
        if fact.kind != "quotation"
        for span in (fact.left, fact.right)[side]
    ]
    found += [_Mark(credit.start, credit.end, _NONE) for credit in diff.cites[side]]
    return sorted(found)


def _pieces(text: str, span: Span, runs: Sequence[Run], marks: Sequence[_Mark]) -> Iterator[Any]:
    """Cut a sentence wherever a run or a mark begins or ends."""
    cuts = {span.start, span.end}
    for start, end in [(run.start, run.end) for run in runs] + [(mark.start, mark.end) for mark in marks]:
        cuts |= {min(max(start, span.start), span.end), min(max(end, span.start), span.end)}
    order = sorted(cuts)
    begun, waiting, coming = [], deque(marks), deque(runs)
    for start, end in pairwise(order):
        while coming and coming[0].end <= start:
            coming.popleft()
        run = coming[0] if coming and coming[0].start <= start else None
        while waiting and waiting[0].start <= start:
            begun.append(waiting.popleft())
        mine = begun = [mark for mark in begun if start < mark.end]
        fact = next((mark.fact for mark in mine if mark.fact != _NONE), _NONE)
        # Where a source ends it is labelled, so the piece says whether it is the last of it.
        source = next((1 + (mark.end == end) for mark in mine if mark.fact == _NONE), 0)
        words = flowing(text[start:end])
        if run is None and not mine:
            yield words
        else:
            kind = _WORDS[run.kind] if run else ""
            yield [words, kind, _NONE if run is None or run.link is None else run.link, fact, source]


def _ledger(diff: Diff) -> Iterator[list[Any]]:
    """List the facts: what changed first, then what both give, then what one of them gives."""
    changed: dict[str, str] = {}
    for pair in diff.pairs:
        for conflict in pair.conflicting:
            left, right, noun = values_of(conflict)
            changed |= dict.fromkeys((left, right, f"{left} {noun}", f"{right} {noun}"), conflict)
    stated = [(_state(fact, changed), fact) for fact in diff.facts]
    for state, fact in sorted(stated, key=lambda item: _STATES.index(item[0].split(" ")[0])):
        places = [
            sorted({place(diff.sentences[side], span.start) for span in spans})
            for side, spans in enumerate((fact.left, fact.right))
        ]
        yield [fact.kind, flowing(fact.value), *places, state]


def _state(fact: SharedFact, changed: Mapping[str, str]) -> str:
    """Say whether both texts give a fact, one of them, or each another number in the same role."""
    if fact.left and fact.right:
        return "both"
    if fact.kind == "number" and fact.value in changed:
        return f"changed {changed[fact.value]}"
    return "A" if fact.left else "B"
