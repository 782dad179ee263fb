"""A story for a terminal: its facts and sources, its documents, and the sentences that they share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from dedup.render.comparison import LINK_KIND_LABELS, MAX_ITEM_LENGTH, credited, score, short_list
from dedup.render.format import (
    count,
    date_label,
    document_label,
    document_letter,
    document_name,
    excerpt,
    flowing,
    join_words,
    shortened,
)
from dedup.render.terminal.layout import (
    MAX_TEXT_WIDTH,
    MIN_WIDTH_FOR_COLUMNS,
    TITLE_INDENT,
    has_colour,
    list_table,
    print_indented,
    two_texts,
)
from dedup.render.terminal.statements import StatedSentence, Statement, group_statements, shared_words
from dedup.render.terminal.word_marks import SHARED_MARK, marked_text
from dedup.results import Story, StoryDocument
from dedup.text.spans import Span

if TYPE_CHECKING:
    from dedup.alignment.conflicts import Conflict

# Documents and statements shown of a story, and sentences of a statement.
MAX_DOCUMENTS, MAX_STATEMENTS, MAX_SENTENCES = 12, 6, 5
# Sources and letters of documents listed, and groups of facts that are listed with the letters of their documents.
MAX_SOURCES, MAX_LETTERS, MAX_FACT_GROUPS = 6, 8, 5
# Columns of the letters before a sentence: those of a document and the place of a sentence in it.
MAX_LETTERS_WIDTH = 20
# Code points shown of a headline.
MAX_HEADLINE_LENGTH = 110
# How the roles of documents are displayed; an unknown role is not.
ROLE_LABELS = {"origin": "origin", "credits": "credits others", "uncredited": "no credit"}
# Code points shown of each end of a long sentence.
MAX_SENTENCE_END_LENGTH = 120


def show_story(story: Story, console: Console, *, offsets: bool) -> None:
    """Print a story: its headline, its facts and sources, its documents, then the sentences that they share.

    Args:
        story: The story.
        console: Console to print to.
        offsets: Show where the passages and sentences are in their documents.
    """
    letters = {document.doc: document_letter(rank) for rank, document in enumerate(story.documents)}
    title = f"Story {story.number}"
    if headline := excerpt(story.headline, MAX_HEADLINE_LENGTH):
        title += f": {headline}"
    console.print(Text(title, style="bold", overflow="fold"))
    print_indented(console, list_table(_entries(story, letters)), 2)
    console.print()
    for document in story.documents[:MAX_DOCUMENTS]:
        is_first = document.doc == story.first
        _show_document(document, letters[document.doc], console, is_first=is_first, offsets=offsets)
    if len(story.documents) > MAX_DOCUMENTS:
        rest = [letters[document.doc] for document in story.documents[MAX_DOCUMENTS:]]
        print_indented(console, Text(f"and {count(len(rest), 'more document')}: {rest[0]} to {rest[-1]}"), 2)
    console.print()
    _show_statements(story, letters, console, offsets=offsets)


def _entries(story: Story, letters: Mapping[int, str]) -> Iterator[tuple[str, str | Text]]:
    """Yield labels and values: size, start, first document, sources, uncredited documents and facts of a story."""
    yield "size", f"{count(len(story.documents), 'document')}, {count(story.link_count, 'link')}"
    if story.started:
        undated = count(story.undated, "document without a date", "documents without a date")
        yield "started", date_label(story.started) + (f" or earlier ({undated})" if story.undated else "")
        first = next((document for document in story.documents if document.doc == story.first), None)
        yield "first", _short_label(first, letters) if first else "unknown: the dates do not decide"
    for index, source in enumerate(story.sources[:MAX_SOURCES]):
        by = listed_letters(source.docs, letters)
        is_outlet = f"; it is the outlet of {listed_letters(source.outlet_docs, letters)}" if source.outlet_docs else ""
        yield "" if index else "credited", f"{excerpt(source.name, MAX_ITEM_LENGTH)} by {by}{is_outlet}"
    if len(story.sources) > MAX_SOURCES:
        yield "", f"and {count(len(story.sources) - MAX_SOURCES, 'more source')}"
    uncredited = [document.doc for document in story.documents if document.role == "uncredited"]
    if uncredited:
        yield "no credit", f"in {listed_letters(uncredited, letters)}, for text that others have too"
    yield from _shared_facts(story, letters)
    if story.conflicting:
        yield "conflicting", Text(short_list(map(str, _distinct(story.conflicting))), style="red")


def _distinct(conflicts: Iterable[Conflict]) -> Iterator[Conflict]:
    """Yield conflicts without those that have the same two values in the other order."""
    seen = set()
    for conflict in conflicts:
        key = (conflict.noun, frozenset((conflict.left, conflict.right)))
        if key not in seen:
            seen.add(key)
            yield conflict


def _shared_facts(story: Story, letters: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Yield labels and the shared facts, those of most documents first, with these documents or their number."""
    docs_of = {
        fact: tuple(document.doc for document in story.documents if fact in document.facts) for fact in story.facts
    }
    groups: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for fact, docs in docs_of.items():
        groups[docs].append(fact)
    if len(groups) > MAX_FACT_GROUPS:
        ordered = sorted(docs_of, key=lambda fact: -len(docs_of[fact]))
        yield "shared", short_list(f"{fact} ({len(docs_of[fact]):,})" if docs_of[fact] else fact for fact in ordered)
        return
    label = "shared"
    for docs, facts in sorted(groups.items(), key=lambda group: -len(group[0])):
        by = "all" if len(docs) == len(story.documents) > 2 else listed_letters(docs, letters)
        yield label, f"{short_list(facts)}{f' ({by})' if docs else ''}"
        label = ""


def _short_label(document: StoryDocument, letters: Mapping[int, str]) -> str:
    """Return the letter and the outlet of a document."""
    return ", ".join(filter(None, (letters[document.doc], flowing(document.outlet or ""))))


def listed_letters(docs: Sequence[int], letters: Mapping[int, str]) -> str:
    """Return the letters of documents, and the number of those that are not listed.

    >>> listed_letters([4, 7], {4: "A", 7: "B"}), listed_letters(range(10), {doc: f"{doc}" for doc in range(10)})
    ('A and B', '0, 1, 2, 3, 4, 5, 6, 7 and 2 more')
    """
    return _first_names([letters[doc] for doc in docs])


def _first_names(names: Sequence[str]) -> str:
    """Join the first names, and the number of the others."""
    more = [f"{len(names) - MAX_LETTERS:,} more"] if len(names) > MAX_LETTERS else []
    return join_words([*names[:MAX_LETTERS], *more])


def _show_document(document: StoryDocument, letter: str, console: Console, *, is_first: bool, offsets: bool) -> None:
    """Print a document of a story: its outlet, date and title, credited sources, facts and passages."""
    name = document_name(document.id, document.path, document.row)
    known, heading = document_label(
        document.outlet, document.time, document.date, document.title, document.opening, name
    )
    title = Text(known, style="bold", overflow="fold")
    if heading:
        title.append(f"{', ' if known else ''}{heading}", style="bold italic" if document.title else "bold")
    notes = [ROLE_LABELS[document.role]] if document.role in ROLE_LABELS else []
    if notes := [*notes, *["first"] * is_first]:
        title.append(f"  {', '.join(notes)}", style="not bold not italic")
    entries: list[tuple[str, str | Text]] = []
    if heading != name:
        entries.append(("id", Text(name, overflow="fold")))
    entries.append(("credits", credited(document.cites)))
    if document.changed:
        entries.append(("changed", Text(short_list(document.changed), style="red")))
    if document.only:
        entries.append(("only here", short_list(document.only)))
    length = sum(end - start for start, end in document.stretches)
    spans = f" {' '.join(f'[{start}:{end}]' for start, end in document.stretches)}" if offsets else ""
    entries.append(("in the story", f"{count(length, 'character')}{spans}"))
    print_indented(console, _lettered([(letter, title)], "bold"), 2)
    print_indented(console, list_table(entries), 2 + TITLE_INDENT)


def _lettered(rows: Sequence[tuple[str, Text]], style: str = "dim") -> Table:
    """Return a table of texts, each after its letter."""
    table = Table.grid(
        Column(style=style, max_width=MAX_LETTERS_WIDTH),
        Column(overflow="fold", max_width=MAX_TEXT_WIDTH),
        padding=(0, 2, 0, 0),
    )
    for letter, text in rows:
        table.add_row(Text(letter), text)
    return table


def _show_statements(story: Story, letters: Mapping[int, str], console: Console, *, offsets: bool) -> None:
    """Print the statements of a story that most documents share, each sentence once."""
    statements = group_statements(story.links, [*letters])[:MAX_STATEMENTS]
    signs = not has_colour(console)
    if any(link.kind != "verbatim" for statement in statements for link in statement.links):
        example = marked_text("marked", SHARED_MARK, signs=signs)
        print_indented(console, Text.assemble(("Shared words are ", "dim"), example, (".", "dim")), 2)
        console.print()
    for statement in statements:
        print_indented(console, _statement_title(statement, letters), 2)
        content = _statement_content(statement, letters, console.width, signs=signs, offsets=offsets)
        print_indented(console, content, 2 + TITLE_INDENT)
        console.print()
    if more := story.link_count - sum(len(statement.links) for statement in statements):
        print_indented(console, Text(f"and {count(more, 'more link')}; links.parquet (-o OUT) has all of them"), 2)
        console.print()


def _statement_title(statement: Statement, letters: Mapping[int, str]) -> Text:
    """Return the documents of a statement, the kinds and scores of its links, and the numbers that differ."""
    docs = listed_letters([sentence.doc for sentence in statement.sentences], letters)
    found = {link.kind for link in statement.links}
    kinds = join_words([kind for kind in LINK_KIND_LABELS if kind in found])
    scores = sorted({score(link.score) for link in statement.links if link.kind != "verbatim"})
    title = Text.assemble(
        (docs, "bold"), f"  {' '.join(filter(None, (kinds, ' to '.join(scores[:1] + scores[1:][-1:]))))}"
    )
    title.overflow = "fold"
    if conflicting := [str(conflict) for link in statement.links for conflict in link.conflicting]:
        title.append(f", conflicting: {short_list(conflicting)}", style="red")
    return title


def _statement_content(
    statement: Statement, letters: Mapping[int, str], width: int, *, signs: bool, offsets: bool
) -> Text | Table:
    """Return the sentences of a statement with marked words; sentences of the same words are shown once."""
    texts: dict[str, tuple[list[str], Text]] = {}
    for sentence, spans in zip(statement.sentences, shared_words(statement), strict=True):
        place = f" [{sentence.span.start}:{sentence.span.end}]" if offsets else ""
        names, _ = texts.setdefault(flowing(sentence.text), ([], _marked_sentence(sentence, spans, signs=signs)))
        names.append(f"{letters[sentence.doc]}{place}")
    rows = [(_first_names(names), text) for names, text in texts.values()]
    if len(statement.sentences) == len(rows) == 2 and not offsets and width >= MIN_WIDTH_FOR_COLUMNS:
        return two_texts(rows[0][1], rows[1][1], width, indent=2)
    if len(rows) == 1 and not offsets:
        return rows[0][1]
    more = [name for names, _ in [*texts.values()][MAX_SENTENCES:] for name in names]
    return _lettered([*rows[:MAX_SENTENCES], *([("", Text(f"other words in {_first_names(more)}"))] if more else [])])


def _marked_sentence(sentence: StatedSentence, spans: Sequence[Span], *, signs: bool) -> Text:
    """Return a sentence with the words in some spans marked."""
    marked, previous_end = Text(overflow="fold"), 0
    for start, end in spans:
        marked.append(shortened(flowing(sentence.text[previous_end:start]), MAX_SENTENCE_END_LENGTH))
        marked.append_text(marked_text(flowing(sentence.text[start:end]), SHARED_MARK, signs=signs))
        previous_end = end
    return marked.append(shortened(flowing(sentence.text[previous_end:]), MAX_SENTENCE_END_LENGTH))
