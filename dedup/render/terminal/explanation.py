"""Results of `explain` for a terminal: the verdict, and removed and kept text with their differences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dedup.alignment.word_diff import DiffSpan, Tag
from dedup.duplicates.explain import Explanation, Passage
from dedup.render.format import count, flowing, join_words, location_label, plain, share, shortened, similarity_label
from dedup.render.terminal.layout import TITLE_INDENT, has_colour, numbered_title, print_indented, two_texts
from dedup.render.terminal.word_marks import KEPT_MARK, NO_MARK, REMOVED_MARK, Mark, marked_text

# Passages shown of a document.
MAX_EXPLAINED_PASSAGES = 20


def show_explanations(explanations: Sequence[Explanation], console: Console) -> None:
    """Print why documents were kept or removed."""
    for explanation in explanations:
        console.print(Text(f"{_title(explanation)}  (#{explanation.doc})", style="bold"))
        for line in _verdict(explanation):
            print_indented(console, Text(line), 2)
        console.print()
        passages = [passage for passage in explanation.passages if passage.kept is not None]
        for number, passage in enumerate(passages[:MAX_EXPLAINED_PASSAGES], 1):
            _show_passage(number, passage, explanation, console)
        if len(passages) > MAX_EXPLAINED_PASSAGES:
            more = len(passages) - MAX_EXPLAINED_PASSAGES
            console.print(Text(f"and {more:,} more; dedup explain --json lists all\n"))


def _title(explanation: Explanation) -> str:
    name = plain(explanation.id) if explanation.id is not None else "document without id"
    source = explanation.path if explanation.row is None else f"{explanation.path}#{explanation.row}"
    return name if explanation.id == source else f"{name}, from {plain(source)}"


def _verdict(explanation: Explanation) -> Iterator[str]:
    """Yield sentences about what was removed from a document, and what was removed as its duplicate."""
    passages = explanation.passages
    paragraphs = [passage for passage in passages if passage.unit == "paragraph"]
    contained = sum(passage.reason == "contained" for passage in paragraphs)
    kinds = [count(len(paragraphs) - contained, "duplicate paragraph")] if len(paragraphs) > contained else []
    kinds += [f"{count(contained, 'paragraph')} with text of the reference"] if contained else []
    removed = sum(passage.cut_end - passage.cut_start for passage in paragraphs)
    characters = explanation.characters
    if explanation.kept and not passages:
        yield f"Kept unchanged: {count(characters, 'character')}."
    elif explanation.kept:
        yield (
            f"Kept. {join_words(kinds)} removed: "
            f"{removed:,} of {count(characters, 'character')} ({share(removed, characters)})."
        )
    elif passages[0].reason == "emptied":
        yield f"Removed: without {join_words(kinds)}, it has no letter or digit left."
        if any(replaced.unit == "document" for replaced in explanation.replaced):
            yield "It still counts as kept for its duplicates, since each of its paragraphs stays in another document."
    elif passages[0].reason == "contained":
        yield "Removed since it contains text of a document of the reference."
    else:
        of_reference = " of the reference" if passages[0].scope == "reference" else ""
        yield f"Removed as a duplicate of another document{of_reference}."
        if passages[0].kept_is_emptied:
            yield "All paragraphs of that document were removed too: each of them is kept in another one."
    for replaced in explanation.replaced:
        first = ", ".join(location_label(where, replaced.unit) for where in replaced.first)
        more = ", …" if replaced.count > len(replaced.first) else ""
        units = "Documents" if replaced.unit == "document" else "Paragraphs of other documents"
        yield f"{units} removed as its duplicates: {replaced.count:,} ({first}{more})"


def _show_passage(number: int, passage: Passage, explanation: Explanation, console: Console) -> None:
    """Print a removed passage and the kept one."""
    kept, kept_text = passage.kept, passage.kept_text or ""
    assert kept is not None  # noqa: S101  # the caller skips passages without one; for mypy
    removed_label = f"paragraph [{passage.start}:{passage.end}]" if passage.unit == "paragraph" else "document"
    is_same_document = kept.doc == explanation.doc
    kept_label = f"[{kept.start}:{kept.end}]" if is_same_document else location_label(kept, passage.unit)
    if passage.scope == "reference":
        path = "" if passage.kept_path in (kept.id, None) else f" ({plain(passage.kept_path or '')})"
        kept_label += f" in the reference{path}"
    title = f"{removed_label} removed"
    if passage.reason == "contained":
        title += f": {similarity_label('contained', passage.similarity, kept_label)}"
        title += f", at [{passage.found_start}:{passage.found_end}]"
    else:
        title += f", {kept_label} kept: {similarity_label(passage.reason, passage.similarity)}"
    console.print(numbered_title(number, Text(title, style="bold")))
    if passage.reason == "exact":
        spans = [(span.tag, span.left_start, span.left_end) for span in passage.words]
        content: Text | Table = _mark(passage.text, spans, NO_MARK, signs=False)
    else:
        content = compare_versions(passage.compared_text, kept_text, passage.words, console)
    print_indented(console, content, TITLE_INDENT)
    console.print()


def compare_versions(removed: str, kept: str, words: Sequence[DiffSpan], console: Console, indent: int = 0) -> Table:
    """Return a table of a removed and a kept text with their differences marked.

    Args:
        removed: The removed text.
        kept: The kept text.
        words: Their differences.
        console: Where the table is printed.
        indent: Columns that are taken in addition to the indent below a title.
    """
    signs = not has_colour(console)
    removed_spans = [(span.tag, span.left_start, span.left_end) for span in words]
    kept_spans = [(span.tag, span.right_start, span.right_end) for span in words]
    return two_texts(
        _mark(removed, removed_spans, REMOVED_MARK, signs=signs),
        _mark(kept, kept_spans, KEPT_MARK, signs=signs),
        console.width,
        ("removed", "kept"),
        indent=indent,
        headed=True,
    )


def _mark(text: str, spans: Iterable[tuple[Tag, int, int]], mark: Mark, *, signs: bool) -> Text:
    """Mark the words that only this side has, and shorten long stretches that both sides have.

    Args:
        text: The text of this side.
        spans: Tag, start and end of each span of the word alignment, in order.
        mark: How these words are marked.
        signs: Mark with signs too, not only with styles.
    """
    marked, previous_end = Text(overflow="fold"), 0
    for is_shared, group in groupby((span for span in spans if span[1] < span[2]), key=lambda span: span[0] == "same"):
        _, starts, ends = zip(*group, strict=True)
        if marked and starts[0] > previous_end:
            marked.append(" ")
        previous_end = ends[-1]
        words = flowing(text[starts[0] : previous_end])
        marked.append_text(Text(shortened(words)) if is_shared else marked_text(words, mark, signs=signs))
    return marked
