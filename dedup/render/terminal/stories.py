"""Results of `align` for a terminal: the documents of each story, their facts and sources, and linked sentences."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.text import Text

from dedup.render.comparison import MAX_ITEM_LENGTH, credited, score, short_list
from dedup.render.format import (
    count,
    date_label,
    document_label,
    document_name,
    excerpt,
    flowing,
    join_words,
    shortened,
)
from dedup.render.terminal.diff import TITLE_INDENT, two_texts
from dedup.render.terminal.duplicates import input_entries
from dedup.render.terminal.layout import list_table, print_indented, print_section
from dedup.render.terminal.outlets import show_outlets
from dedup.results import Stories, Story, StoryDocument, StoryLink, TemplateFamily

# Passages listed of a document, and links shown of a story.
MAX_DOCUMENT_PASSAGES, MAX_STORY_LINKS = 3, 12
# Sources and families of templates listed.
MAX_SOURCES, MAX_TEMPLATES = 6, 10
# Code points shown of a headline, and of the example of a template.
MAX_HEADLINE_LENGTH, MAX_EXAMPLE_LENGTH = 110, 160
# How the roles of documents are displayed; an unknown role is not.
ROLE_LABELS = {"origin": "origin", "credits": "credits others", "uncredited": "no credit"}
# Code points shown of each end of a long sentence.
MAX_SENTENCE_END_LENGTH = 120
# Letters that name the documents of a story; further documents are only counted.
DOCUMENT_LETTERS = "ABCDEFGHIJKL"


def show_stories(result: Stories, console: Console) -> None:
    """Print the stories in a corpus, and what outlets take over from each other.

    Args:
        result: The stories and the run.
        console: Console to print to.
    """
    entries = (*input_entries(result.run), *_compared_entries(result.run.counts))
    print_section(console, "Input", list_table(entries))
    if not result.count:
        console.print(Text.assemble(("No stories", "bold"), f": {_why_no_stories(result)}"))
    for story in result.stories:
        _show_story(story, console)
    more = result.count - len(result.stories)
    if more:
        stories = count(more, "more story", "more stories")
        console.print(Text(f"and {stories}; -o OUT writes all of them to stories.parquet\n"))
    if result.templates:
        print_section(console, "Not stories", *map(_template_line, result.templates[:MAX_TEMPLATES]))
    if result.outlets:
        show_outlets(result, console)
    if result.stories:
        console.print(list_table([("next", _next_command(result.stories[0]))]))


def _template_line(family: TemplateFamily) -> Text:
    """Return the line about documents that share a template."""
    example = excerpt(family.example, MAX_EXAMPLE_LENGTH)
    return Text(f"{count(family.documents, 'document')} share a template; not a story: “{example}”", overflow="fold")


def _compared_entries(counts: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Yield labels and numbers of compared pairs of documents, and of pairs that were not compared."""
    if "pairs" in counts:
        yield "compared", f"{count(counts['pairs'], 'pair')} of documents"
    if counts.get("not_compared"):
        pairs = count(counts["not_compared"], "pair")
        yield "not compared", f"{pairs} that share fewer rare words and facts than the compared ones"


def _why_no_stories(result: Stories) -> str:
    """Return the reason why no stories were found."""
    documents = result.run.counts["documents"]
    if documents < 2:
        return f"a story needs two documents, and the input has {'one' if documents else 'none'}."
    if result.nearest is None:
        return "no two documents of the same language share rare words or facts, so none were compared."
    best = f"the best sentence pair scores {score(result.nearest)}, and a link requires {result.threshold:g}"
    if result.nearest < result.threshold:
        return f"{best}."
    return f"{best}; but linked sentences share too few facts, or too common ones, for a story."


def _show_story(story: Story, console: Console) -> None:
    """Print a story: its headline, its facts and sources, its documents, then its links."""
    letters = {document.doc: letter for letter, document in zip(DOCUMENT_LETTERS, story.documents, strict=False)}
    size = f"{count(len(story.documents), 'document')}, {count(story.link_count, 'link')}"
    title = Text.assemble((f"Story {story.number}", "bold"), f": {size}", overflow="fold")
    if headline := excerpt(story.headline, MAX_HEADLINE_LENGTH):
        title = Text.assemble((f"Story {story.number}: {headline}", "bold"), f"  {size}", overflow="fold")
    console.print(title)
    if entries := list(_story_entries(story, letters)):
        print_indented(console, list_table(entries), 2)
        console.print()
    for document in story.documents[: len(DOCUMENT_LETTERS)]:
        _show_document(document, letters[document.doc], is_earliest=document.doc == story.first, console=console)
    if len(story.documents) > len(letters):
        more = count(len(story.documents) - len(letters), "more document")
        print_indented(console, Text(f"and {more}"), 2 + TITLE_INDENT)
    console.print()
    links = [link for link in story.links if link.left_doc in letters and link.right_doc in letters][:MAX_STORY_LINKS]
    for link in links:
        _show_link(link, letters[link.left_doc] + letters[link.right_doc], console)
    if story.link_count > len(links):
        more = count(story.link_count - len(links), "more link")
        print_indented(console, Text(f"and {more}; -o OUT writes all of them to links.parquet"), 2)
        console.print()


def _story_entries(story: Story, letters: Mapping[int, str]) -> Iterator[tuple[str, str | Text]]:
    """Yield labels and values: start, first document, sources, uncredited documents and facts of a story."""
    if story.started:
        undated = count(story.undated, "document without a date", "documents without a date")
        yield "started", date_label(story.started) + (f", or before: {undated}" if story.undated else "")
        first = next((document for document in story.documents if document.doc == story.first), None)
        yield "first", _short_label(first, letters) if first else "unknown: the dates do not decide"
    for index, source in enumerate(story.sources[:MAX_SOURCES]):
        by = listed_letters(source.docs, letters)
        is_outlet = f", the outlet of {listed_letters(source.outlet_docs, letters)}" if source.outlet_docs else ""
        yield "" if index else "credited", f"{excerpt(source.name, MAX_ITEM_LENGTH)} by {by}{is_outlet}"
    if len(story.sources) > MAX_SOURCES:
        yield "", f"and {count(len(story.sources) - MAX_SOURCES, 'more source')}"
    uncredited = [document.doc for document in story.documents if document.role == "uncredited"]
    if uncredited:
        yield "no credit", f"in {listed_letters(uncredited, letters)}, though the text repeats others"
    if story.facts:
        yield "shared", short_list(story.facts)
    if story.conflicting:
        yield "conflicting", Text(short_list(map(str, story.conflicting)), style="red")


def _short_label(document: StoryDocument, letters: Mapping[int, str]) -> str:
    """Return the letter and the outlet of a document."""
    parts = [letters.get(document.doc, ""), flowing(document.outlet or "")]
    return ", ".join(filter(None, parts)) or _name(document)


def listed_letters(docs: Sequence[int], letters: Mapping[int, str]) -> str:
    """Return the letters of documents, and the number of those without a letter.

    >>> listed_letters([4, 7, 9], {4: "A", 7: "B"})
    'A, B and 1 more'
    """
    known = [letters[doc] for doc in docs if doc in letters]
    more = [f"{len(docs) - len(known):,} more"] if len(docs) > len(known) else []
    return join_words([", ".join(known), *more] if known and more else known or more)


def _show_document(document: StoryDocument, letter: str, *, is_earliest: bool, console: Console) -> None:
    """Print a document of a story: its outlet, date and title, credited sources, facts and passages."""
    known, heading = document_label(
        document.outlet, document.time, document.date, document.title, document.opening, _name(document)
    )
    title = Text(f"{letter:<{TITLE_INDENT - 1}} ", style="bold", overflow="fold")
    title.append(known, style="bold")
    if heading:
        title.append(f"{', ' if known else ''}{heading}", style="bold italic" if document.title else "bold")
    notes = [ROLE_LABELS[document.role]] if document.role in ROLE_LABELS else []
    notes += ["first"] * is_earliest
    if notes:
        title.append(f"  {', '.join(notes)}", style="not bold not italic")
    print_indented(console, title, 2)
    length = sum(end - start for start, end in document.stretches)
    spans = " ".join(f"[{start}:{end}]" for start, end in document.stretches[:MAX_DOCUMENT_PASSAGES])
    more = len(document.stretches) - MAX_DOCUMENT_PASSAGES
    entries: list[tuple[str, str | Text]] = []
    if heading != _name(document):
        entries.append(("id", Text(_name(document), overflow="fold")))
    entries.append(("credits", credited(document.cites)))
    if document.facts:
        entries.append(("facts", short_list(document.facts)))
    if document.changed:
        entries.append(("changed", Text(short_list(document.changed), style="red")))
    if document.only:
        entries.append(("only here", short_list(document.only)))
    entries.append(("passages", f"{count(length, 'character')}: {spans}{f' and {more:,} more' if more > 0 else ''}"))
    print_indented(console, list_table(entries), 2 + TITLE_INDENT)


def _name(document: StoryDocument) -> str:
    return document_name(document.id, document.path, document.row)


def _show_link(link: StoryLink, letters: str, console: Console) -> None:
    """Print two linked sentences."""
    texts = (link.left_text, link.right_text)
    left, right = (Text(shortened(flowing(text), MAX_SENTENCE_END_LENGTH), overflow="fold") for text in texts)
    kind = link.kind if link.kind == "verbatim" else f"{link.kind} {score(link.score)}"
    title = Text.assemble((" and ".join(letters), "bold"), f"  {kind}")
    if link.shared:
        title.append(f", shared: {short_list(link.shared)}")
    if link.conflicting:
        title.append(f", conflicting: {short_list(map(str, link.conflicting))}", style="red")
    print_indented(console, title, 2)
    content = left if link.kind == "verbatim" else two_texts(left, right, console.width, letters, 2)
    print_indented(console, content, 2 + TITLE_INDENT)
    console.print()


def _next_command(story: Story) -> str:
    """Return the command that compares two documents of a story."""
    docs = [story.links[0].left_doc, story.links[0].right_doc] if story.links else []
    documents = [document for document in story.documents if document.doc in docs] or story.documents
    names = " ".join(shlex.quote(_name(document)) for document in documents[:2])
    return f"dedup diff {names} --in PATH    compare these two sentence by sentence"
