"""Two texts for reading in a terminal: what corresponds side by side, what is on one side only set back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from dedup.alignment.highlight import SCHEMES
from dedup.render.comparison import comparison, score, several
from dedup.render.format import count, flowing, plain, shortened
from dedup.render.terminal.explanation import WIDE
from dedup.render.terminal.layout import listing
from dedup.render.terminal.word_marks import legend, marked

if TYPE_CHECKING:
    from dedup.alignment.diff import Diff, Row
    from dedup.text.spans import Span

# Spaces before what stands under a title, and between two columns.
INDENT, GAP = 3, 3

_NOTHING = (
    "Nothing to set side by side: no sentence of one says what a sentence of the other says, not even in other words."
)


def show_diff(diff: Diff, names: tuple[str, str], to: Console) -> None:
    """Show how two texts correspond: sentences side by side, and how the words in them do.

    Args:
        diff: The alignment.
        names: What the left and the right text are called.
        to: Where to show it.
    """
    for side, name, sentences in zip("AB", names, diff.sentences, strict=True):
        length = (f"  {count(len(sentences), 'sentence')}", "dim")
        to.print(Text.assemble((f"{side}  {plain(name)}", "bold"), length, overflow="fold"))
    if diff.left == diff.right:
        size = count(len(diff.left), "character")
        to.print(_under(Text(f"The same text, character for character: {size}." if diff.left else "Both are empty.")))
        return
    to.print(_under(listing(_summary(diff))))
    to.print()
    if not diff.pairs:
        to.print(_under(Text(_NOTHING)))
        return
    for title, content in _blocks(diff, to.width):
        to.print(title)
        to.print(_under(content))
        to.print()


def _under(content: Text | Table) -> Padding:
    return Padding(content, (0, 0, 0, INDENT), expand=False)


def _summary(diff: Diff) -> Iterator[tuple[str, str | Text]]:
    """Say how much the texts have in common, whom they credit, and what the signs mean."""
    for label, said in comparison(diff):
        yield label, Text(said, style="red" if label == "conflicting" else "")
    label = "signs"
    kinds = {pair.kind for pair in diff.pairs}
    for scheme in dict.fromkeys(SCHEMES.values()):
        signed = [kind for kind in SCHEMES if kind in kinds and SCHEMES[kind] == scheme]
        if signed:
            yield label, Text(f"{', '.join(signed)}:  ").append_text(legend(scheme))
            label = ""


def _blocks(diff: Diff, width: int) -> Iterator[tuple[Text | Table, Text | Table]]:
    """Lay out the rows: pairs one by one, and between them what is on one side only."""
    seen: dict[tuple[int, Span], int] = {}
    for is_pair, rows in groupby(diff.rows(), key=lambda row: row.pair is not None):
        if is_pair:
            for row in rows:
                yield _title(diff, row.pair or 0, seen), _pair(diff, row.pair or 0, width)
        else:
            yield from _alone(diff, list(rows), width)


def _title(diff: Diff, rank: int, seen: dict[tuple[int, Span], int]) -> Text:
    """Say how sentences correspond; those that were shown before are named again."""
    pair, number = diff.pairs[rank], rank + 1
    spans = (pair.left, pair.right)
    notes = [pair.kind if pair.kind == "verbatim" else f"{pair.kind} {score(pair.score)}"]
    if pair.kind == "verbatim" and diff.left[slice(*pair.left)] != diff.right[slice(*pair.right)]:
        notes.append("but for case, accents or signs")
    if pair.moved:
        left, right = (
            bisect_right(sentences, span.start, key=lambda sentence: sentence.start)
            for sentences, span in zip(diff.sentences, spans, strict=True)
        )
        notes.append(f"moved ↕ (sentence {left:,} of A, {right:,} of B)")
    for side, span in enumerate(spans):
        if (first := seen.setdefault((side, span), number)) != number:
            notes.append(f"{'AB'[side]} as in {first}")
    title = Text.assemble((f"{number:<{INDENT - 1}} {notes[0]}", "bold"), *(f", {note}" for note in notes[1:]))
    return title.append(f", conflicting {several(pair.conflicting)}", style="red") if pair.conflicting else title


def _pair(diff: Diff, rank: int, width: int) -> Text | Table:
    """Lay out sentences and their counterparts, those of the same words once."""
    pair = diff.pairs[rank]
    if pair.kind == "verbatim":
        return Text(shortened(flowing(diff.left[slice(*pair.left)])), overflow="fold")
    left, right = (marked(text, pair, side, diff.language) for side, text in enumerate((diff.left, diff.right)))
    return beside(left, right, width)


def beside(left: Text, right: Text, width: int, names: str = "AB", indent: int = 0) -> Table:
    """Lay two texts out side by side where there is room, else one under the other.

    Args:
        left: The one.
        right: The other.
        width: Of the terminal.
        names: What to call them where they are not side by side.
        indent: Columns of the terminal that are taken, beside the indent under a title.
    """
    if width >= WIDE:
        column = (width - indent - INDENT - GAP) // 2
        columns = (Column(width=column, overflow="fold"), Column(width=column, overflow="fold"))
        table = Table.grid(*columns, padding=(0, GAP, 0, 0))
        table.add_row(left, right)
        return table
    table = Table.grid(Column(style="dim", no_wrap=True), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for name, text in zip(names, (left, right), strict=True):
        table.add_row(Text(name), text)
    return table


def _alone(diff: Diff, rows: Sequence[Row], width: int) -> Iterator[tuple[Text | Table, Text | Table]]:
    """Lay out sentences without a counterpart, those of both texts side by side where there is room."""
    found = []
    for side, sign, text in ((0, "-", diff.left), (1, "+", diff.right)):
        spans = [span for row in rows if (span := (row.left, row.right)[side]) is not None]
        if spans:
            title = f"{sign:<{INDENT - 1}} only in {'AB'[side]}, {count(len(spans), 'sentence')}"
            found.append((Text(title, style="dim"), _running(text, spans)))
    if width < WIDE or len(found) == 1:
        yield from found
        return
    (left_title, left), (right_title, right) = found
    titles = Table.grid(Column(width=INDENT + (width - INDENT - GAP) // 2), Column())
    titles.add_row(left_title, right_title)
    yield titles, beside(left, right, width)


def _running(text: str, spans: Sequence[Span]) -> Text:
    """Join sentences into running text, in the paragraphs that they are of."""
    shown = Text(style="dim", overflow="fold")
    for before, span in zip((None, *spans), spans, strict=False):
        if before is not None:
            between = f"{text[before.end : span.start]}."
            shown.append("\n" if len(between.splitlines()) > 1 else " ")
        shown.append(shortened(flowing(text[slice(*span)])))
    return shown
