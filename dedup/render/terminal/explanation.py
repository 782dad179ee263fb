"""An explanation for a terminal: what went beside what stays, the differences in colour and in signs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from dedup.alignment.word_diff import Tag
from dedup.duplicates.explain import Explanation, Passage
from dedup.render.format import count, flowing, likeness, place, plain, share, shortened

# From this width on the two texts stand side by side.
WIDE = 100
# Passages shown of a document.
PASSAGES = 20


def show_explanations(found: Sequence[Explanation], to: Console) -> None:
    """Show why documents were removed or kept."""
    for explanation in found:
        to.print(Text(f"{_name(explanation)}  (#{explanation.doc})", style="bold"))
        for line in _verdict(explanation):
            to.print(Padding(Text(line), (0, 0, 0, 2), expand=False))
        to.print()
        for number, passage in enumerate(explanation.passages[:PASSAGES], 1):
            if passage.kept is not None:
                _show_passage(number, passage, explanation, to)
        if len(explanation.passages) > PASSAGES:
            to.print(Text(f"{len(explanation.passages) - PASSAGES:,} more: dedup explain --json shows all.\n"))


def _name(explanation: Explanation) -> str:
    name = plain(explanation.id) if explanation.id is not None else "a document without an id"
    source = explanation.path if explanation.row is None else f"{explanation.path}#{explanation.row}"
    return name if explanation.id == source else f"{name}, from {plain(source)}"


def _verdict(explanation: Explanation) -> Iterator[str]:
    """Say what became of the document, and of others on its account."""
    passages = explanation.passages
    paragraphs = [passage for passage in passages if passage.unit == "paragraph"]
    gone = sum(passage.cut_end - passage.cut_start for passage in paragraphs)
    whole = explanation.characters
    if explanation.stays and not passages:
        yield f"Stays whole, {count(whole, 'character')}."
    elif explanation.stays:
        yield (
            f"Stays, without {count(len(paragraphs), 'repeated paragraph')}: "
            f"{gone:,} of its {count(whole, 'character')} ({share(gone, whole)})."
        )
    elif passages[0].reason == "emptied":
        yield f"Removed: all its words went with {count(len(paragraphs), 'repeated paragraph')}."
    else:
        yield "Removed as a whole, since another document says the same."
    for other in explanation.replaced:
        first = ", ".join(place(where, other.unit) for where in other.first)
        more = ", …" if other.count > len(other.first) else ""
        yield f"In its favour {count(other.count, other.unit)} of others went: {first}{more}"


def _show_passage(number: int, passage: Passage, explanation: Explanation, to: Console) -> None:
    """Show what went beside what stays."""
    kept, kept_text = passage.kept, passage.kept_text or ""
    assert kept is not None  # noqa: S101  # the caller shows no others; for the type checker
    what = f"paragraph [{passage.start}:{passage.end}]" if passage.unit == "paragraph" else "the document"
    stays = f"[{kept.start}:{kept.end}]" if kept.doc == explanation.doc else place(kept, passage.unit)
    alike = likeness(passage.reason, passage.jaccard)
    goes = [(span.tag, span.left_start, span.left_end) for span in passage.words]
    to.print(Text(f"{number}  {what} goes, {stays} stays: {alike}", style="bold"))
    if passage.reason == "exact":
        shown: Text | Table = _marked(passage.text, goes, "", "", "")
    else:
        right = [(span.tag, span.right_start, span.right_end) for span in passage.words]
        left = _marked(passage.text, goes, "[-", "-]", "red")
        shown = _beside(left, _marked(kept_text, right, "{+", "+}", "green"), to.width)
    to.print(Padding(shown, (0, 0, 1, 3), expand=False))


def _beside(left: Text, right: Text, width: int) -> Table:
    """Lay two texts out side by side where there is room, else one under the other."""
    if width >= WIDE:
        table = Table.grid(Column(ratio=1), Column(ratio=1), padding=(0, 3, 0, 0), expand=True)
        table.add_row(Text("goes", style="dim"), Text("stays", style="dim"))
        table.add_row(left, right)
        return table
    table = Table.grid(Column(style="dim", no_wrap=True), Column(overflow="fold"), padding=(0, 2, 0, 0))
    table.add_row(Text("goes"), left)
    table.add_row(Text("stays"), right)
    return table


def _marked(text: str, spans: Iterable[tuple[Tag, int, int]], opening: str, closing: str, style: str) -> Text:
    """Mark what is on one side only, and shorten what is on both.

    Args:
        text: The text of that side.
        spans: How it is aligned with the other side: what, from where, to where.
        opening: The sign before what is on this side only.
        closing: The sign after it.
        style: Its colour.
    """
    marked, last = Text(overflow="fold"), 0
    for tag, start, end in spans:
        if start == end:
            continue
        if marked and start > last:
            marked.append(" ")
        last = end
        words = flowing(text[start:end])
        if tag == "same":
            marked.append(shortened(words))
        else:
            marked.append(f"{opening}{words}{closing}", style=style)
    return marked
