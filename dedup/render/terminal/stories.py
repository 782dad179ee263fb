"""Stories for a terminal: who tells what, crediting whom, and the sentences that say so beside each other."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dedup.render.comparison import score, several
from dedup.render.format import count, document_name, flowing, plain, shortened
from dedup.render.run import what_was_read
from dedup.render.terminal.diff import INDENT, beside
from dedup.render.terminal.duplicates import what_was_skipped
from dedup.render.terminal.layout import listing, section
from dedup.results import Stories, Story, StoryDocument, StoryLink

# Stretches given of a document, and sentences of a story shown beside each other.
STRETCHES, PARALLELS = 3, 12
# Code points shown at either end of a long sentence.
ENDS = 120
# How the documents of a story are called in it; no more are named.
LETTERS = "ABCDEFGHIJKL"


def show_stories(found: Stories, to: Console) -> None:
    """Show who reports the same, passage by passage.

    Args:
        found: The stories, and what was read.
        to: Where to show them.
    """
    read = (*what_was_read(found.run), *what_was_skipped(found.run), *_compared(found.run.counts))
    section(to, "Read", listing(read))
    if not found.count:
        to.print(Text.assemble(("No stories", "bold"), f": {_why_none(found)}"))
    for story in found.stories:
        _show_story(story, to)
    more = found.count - len(found.stories)
    if more:
        to.print(Text(f"and {count(more, 'more story', 'more stories')}; with -o OUT all are in stories.parquet\n"))
    if found.stories:
        to.print(listing([("next", _next(found.stories[0]))]))


def _compared(counts: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Say how many documents were compared, and what was left out."""
    if "pairs" in counts:
        yield "compared", f"{count(counts['pairs'], 'pair')} of documents, sentence by sentence"
    if counts.get("not_compared"):
        more = count(counts["not_compared"], "more pair")
        yield "not compared", f"{more} that share rare words or facts, since others share more of them"


def _why_none(found: Stories) -> str:
    """Say why no two documents report the same."""
    documents = found.run.counts["documents"]
    if documents < 2:
        return f"it takes two documents to tell the same, and there {'is one' if documents else 'are none'}."
    if found.nearest is None:
        return "no two documents share words or facts that few others have, so there was nothing to compare."
    best = f"the best sentence pair scores {score(found.nearest)}, and a link needs {found.threshold:g}"
    if found.nearest < found.threshold:
        return f"{best}."
    return f"{best}; but what linked sentences share is too little, or too common, to tell a story by."


def _show_story(story: Story, to: Console) -> None:
    """Show the documents of a story, then what they say beside each other."""
    names = {document.doc: letter for letter, document in zip(LETTERS, story.documents, strict=False)}
    title = f"Story {story.number}: {count(len(story.documents), 'document')}, {count(story.link_count, 'link')}"
    to.print(Text(title, style="bold"))
    shared = [("they share", several(story.facts))] if story.facts else []
    changed = [("conflicting", Text(several(story.conflicting), style="red"))] if story.conflicting else []
    if shared or changed:
        _put(listing([*shared, *changed]), 2, to)
        to.print()
    for document in story.documents[: len(LETTERS)]:
        _show_document(document, names[document.doc], first=document.doc == story.first, to=to)
    if len(story.documents) > len(names):
        _put(Text(f"and {count(len(story.documents) - len(names), 'more document')}"), 2 + INDENT, to)
    to.print()
    links = [found for found in story.links if found.left_doc in names and found.right_doc in names][:PARALLELS]
    for link in links:
        _show_parallel(link, names[link.left_doc] + names[link.right_doc], to)
    more = story.link_count - len(links)
    if more:
        _put(Text(f"and {count(more, 'more link')}; with -o OUT all are in links.parquet"), 2, to)
        to.print()


def _put(content: Text | Table, indent: int, to: Console) -> None:
    to.print(Padding(content, (0, 0, 0, indent), expand=False))


def _show_document(document: StoryDocument, letter: str, *, first: bool, to: Console) -> None:
    """Show a document: what it is called, whom it credits, what it gives, and where."""
    known = [plain(said) for said in (document.date, document.outlet) if said] + ["first"] * first
    title = Text(f"{letter:<{INDENT - 1}} {_name(document)}", style="bold", overflow="fold")
    if known:
        title = Text.assemble(title, f"  {', '.join(known)}", overflow="fold")
    _put(title, 2, to)
    length = sum(end - start for start, end in document.stretches)
    places = " ".join(f"[{start}:{end}]" for start, end in document.stretches[:STRETCHES])
    more = f" and {len(document.stretches) - STRETCHES:,} more" if len(document.stretches) > STRETCHES else ""
    told = [("credits", several(document.cites) or "no one")]
    told += [("gives", several(document.facts))] if document.facts else []
    _put(listing([*told, ("in", f"{count(length, 'character')}: {places}{more}")]), 2 + INDENT, to)


def _name(document: StoryDocument) -> str:
    return document_name(document.id, document.path, document.row)


def _show_parallel(link: StoryLink, names: str, to: Console) -> None:
    """Show two sentences that say the same."""
    texts = (link.left_text, link.right_text)
    left, right = (Text(shortened(flowing(text), ENDS), overflow="fold") for text in texts)
    how = link.kind if link.kind == "verbatim" else f"{link.kind} {score(link.score)}"
    title = Text.assemble((" and ".join(names), "bold"), f"  {how}")
    if link.shared:
        title.append(f", both give {several(link.shared)}")
    if link.conflicting:
        title.append(f", conflicting {several(link.conflicting)}", style="red")
    _put(title, 2, to)
    _put(left if link.kind == "verbatim" else beside(left, right, to.width, names, 2), 2 + INDENT, to)
    to.print()


def _next(story: Story) -> str:
    """Name the command that shows two documents of a story whole."""
    docs = [story.links[0].left_doc, story.links[0].right_doc] if story.links else []
    two = [document for document in story.documents if document.doc in docs] or story.documents
    names = " ".join(shlex.quote(_name(document)) for document in two[:2])
    return f"dedup diff {names} --in PATH    these two, sentence by sentence"
