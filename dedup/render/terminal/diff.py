"""Results of `diff` for a terminal: aligned sentences with marked words, and the sentences of only one text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from dedup.alignment.highlight import SCHEMES
from dedup.render.comparison import is_exact, score, short_list, summarize_diff
from dedup.render.format import count, flowing, plain, shortened
from dedup.render.terminal.layout import (
    COLUMN_GAP,
    MIN_WIDTH_FOR_COLUMNS,
    TITLE_INDENT,
    has_colour,
    list_table,
    numbered_title,
    print_indented,
    two_texts,
)
from dedup.render.terminal.word_marks import legend, mark_words

if TYPE_CHECKING:
    from dedup.alignment.diff import Diff, Row
    from dedup.text.spans import Span

# Sentences shown at the beginning and end of a stretch that only one text has, and minimum number left out between
# them; only books have stretches of this length.
FIRST_UNPAIRED, LAST_UNPAIRED, MIN_LEFT_OUT = 20, 10, 20


def show_diff(diff: Diff, names: tuple[str, str], console: Console) -> None:
    """Print the alignment of two texts.

    Args:
        diff: The alignment.
        names: Titles of the left and the right text.
        console: Console to print to.
    """
    for side, name, sentences in zip("AB", names, diff.sentences, strict=True):
        length = (f"  {count(len(sentences), 'sentence')}", "dim")
        console.print(Text.assemble((f"{side}  {plain(name)}", "bold"), length, overflow="fold"))
    if diff.left == diff.right:
        characters = count(len(diff.left), "character")
        verdict = f"Both texts are identical: {characters}." if diff.left else "Both texts are empty."
        print_indented(console, Text(verdict), TITLE_INDENT)
        return
    signs = not has_colour(console)
    print_indented(console, list_table(_summary(diff, signs=signs)), TITLE_INDENT)
    console.print()
    if not diff.pairs:
        verdict = "No pairs: no sentence of A is similar enough to a sentence of B."
        if not diff.is_compared:
            verdict = "No pairs: no sentence of A has the same words as a sentence of B."
        print_indented(console, Text(verdict), TITLE_INDENT)
        return
    for title, content in _blocks(diff, console.width, signs=signs):
        console.print(title)
        print_indented(console, content, TITLE_INDENT)
        console.print()


def _summary(diff: Diff, *, signs: bool) -> Iterator[tuple[str, str | Text]]:
    """Yield labels and values: the summary of the alignment, and the legend of the marks."""
    for label, text in summarize_diff(diff):
        yield label, Text(text, style="red" if label == "conflicting" else "")
    label = "legend"
    kinds = {pair.kind for pair in diff.pairs}
    for scheme in dict.fromkeys(SCHEMES.values()):
        scheme_kinds = [kind for kind in SCHEMES if kind in kinds and SCHEMES[kind] == scheme]
        if scheme_kinds:
            yield label, Text(f"{', '.join(scheme_kinds)}:  ").append_text(legend(scheme, signs=signs))
            label = ""


def _blocks(diff: Diff, width: int, *, signs: bool) -> Iterator[tuple[Text | Table, Text | Table]]:
    """Yield titles and contents: each pair, and between pairs the sentences of only one text."""
    first_pair_of: dict[tuple[int, Span], int] = {}
    for is_pair, rows in groupby(diff.rows(), key=lambda row: row.pair is not None):
        if is_pair:
            for row in rows:
                rank = row.pair or 0
                yield _pair_title(diff, rank, first_pair_of), _pair_content(diff, rank, width, signs=signs)
        else:
            yield from _unpaired(diff, list(rows), width)


def _pair_title(diff: Diff, rank: int, first_pair_of: dict[tuple[int, Span], int]) -> Table:
    """Return the title of a pair: its number and notes.

    Args:
        diff: The alignment.
        rank: Rank of the pair.
        first_pair_of: Number of the first pair with each side and span; updated.
    """
    pair, number = diff.pairs[rank], rank + 1
    spans = (pair.left, pair.right)
    notes = [pair.kind if pair.kind == "verbatim" else f"{pair.kind} {score(pair.score)}"]
    if pair.kind == "verbatim" and not is_exact(diff, pair):
        notes.append("except case, accents or punctuation")
    if pair.moved:
        left, right = (
            bisect_right(sentences, span.start, key=lambda sentence: sentence.start)
            for sentences, span in zip(diff.sentences, spans, strict=True)
        )
        notes.append(f"moved ↕ (sentence {left:,} of A, {right:,} of B)")
    for side, span in enumerate(spans):
        if (first := first_pair_of.setdefault((side, span), number)) != number:
            notes.append(f"{'AB'[side]} as in pair {first}")
    title = Text.assemble((notes[0], "bold"), *(f", {note}" for note in notes[1:]))
    if pair.conflicting:
        title.append(f", conflicting: {short_list(map(str, pair.conflicting))}", style="red")
    return numbered_title(number, title)


def _pair_content(diff: Diff, rank: int, width: int, *, signs: bool) -> Text | Table:
    """Return both sides of a pair; one side if the pair is verbatim."""
    pair = diff.pairs[rank]
    if pair.kind == "verbatim":
        return Text(shortened(flowing(diff.left[slice(*pair.left)])), overflow="fold")
    left, right = (
        mark_words(text, pair, side, diff.language, signs=signs) for side, text in enumerate((diff.left, diff.right))
    )
    return two_texts(left, right, width)


def _unpaired(diff: Diff, rows: Sequence[Row], width: int) -> Iterator[tuple[Text | Table, Text | Table]]:
    """Yield titles and contents of sentences that only one text has, both texts side by side if there is room."""
    blocks = []
    for side, text in enumerate((diff.left, diff.right)):
        spans = [span for row in rows if (span := (row.left, row.right)[side]) is not None]
        if spans:
            title = f"only in {'AB'[side]}, {count(len(spans), 'sentence')}"
            blocks.append((Text(f"{'':<{TITLE_INDENT}}{title}", style="dim"), _unpaired_text(text, spans)))
    if width < MIN_WIDTH_FOR_COLUMNS or len(blocks) == 1:
        yield from blocks
        return
    (left_title, left), (right_title, right) = blocks
    left_width = TITLE_INDENT + (width - TITLE_INDENT - COLUMN_GAP) // 2
    titles = Table.grid(Column(width=left_width), Column())
    titles.add_row(left_title, right_title)
    yield titles, two_texts(left, right, width)


def _unpaired_text(text: str, spans: Sequence[Span]) -> Text:
    """Return sentences of one text; in place of the middle ones their number, if there are many."""
    left_out = len(spans) - FIRST_UNPAIRED - LAST_UNPAIRED
    if left_out < MIN_LEFT_OUT:
        return _join_sentences(text, spans)
    first, last = _join_sentences(text, spans[:FIRST_UNPAIRED]), _join_sentences(text, spans[-LAST_UNPAIRED:])
    return first.append(f"\n[… {count(left_out, 'sentence')} …]\n").append_text(last)


def _join_sentences(text: str, spans: Sequence[Span]) -> Text:
    """Join sentences with spaces, or line breaks where the text has one, or nothing where it has no white space."""
    joined = Text(style="dim", overflow="fold")
    for previous, span in zip((None, *spans), spans, strict=False):
        if previous is not None:
            # The full stop makes a line break at the end of the gap count.
            gap = f"{text[previous.end : span.start]}."
            joined.append("\n" if len(gap.splitlines()) > 1 else " " if len(gap) > 1 else "")
        joined.append(shortened(flowing(text[slice(*span)])))
    return joined
