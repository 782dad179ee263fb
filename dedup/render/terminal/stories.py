"""Results of `align` for a terminal: a table of the stories, some of them in detail, and what outlets take over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from dedup.render.comparison import MAX_ITEM_LENGTH, score
from dedup.render.format import count, excerpt, period_label
from dedup.render.terminal.duplicates import input_entries
from dedup.render.terminal.layout import (
    MIN_TABLE_WIDTH,
    MIN_WIDTH_FOR_COLUMNS,
    Hints,
    list_table,
    print_hints,
    print_section,
)
from dedup.render.terminal.outlets import show_outlets
from dedup.render.terminal.story import show_story
from dedup.results import Stories, Story, TemplateFamily

# Columns of the time on a narrow terminal.
MAX_TIME_WIDTH = 12
# Families of templates listed.
MAX_TEMPLATES = 5
# Code points shown of a headline in the table, and of the example of a template.
MAX_HEADLINE_LENGTH, MAX_EXAMPLE_LENGTH = 90, 160


def show_stories(
    result: Stories, console: Console, *, details: int = 3, offsets: bool = False, hints: Hints = ()
) -> None:
    """Print the stories in a corpus, and what outlets take over from each other.

    Args:
        result: The stories and the run.
        console: Console to print to.
        details: Number of stories that are shown in detail.
        offsets: Show where the passages and sentences of these are in their documents.
        hints: The next useful commands.
    """
    entries = (*input_entries(result.run), *_compared_entries(result.run.counts))
    print_section(console, "Input", list_table(entries))
    if not result.count:
        console.print(Text.assemble(("No stories", "bold"), f": {_why_no_stories(result)}\n"))
    elif result.stories:
        more = result.count - len(result.stories)
        note = f"and {count(more, 'more story', 'more stories')}; stories.parquet (-o OUT) has all of them"
        table = _story_table(result.stories, console.width)
        print_section(console, _title(result), table, *([Text(note)] if more else []))
    else:
        console.print(Text(f"{_title(result)}\n", style="bold"))
    for story in result.stories[:details]:
        show_story(story, console, offsets=offsets)
    if result.outlets:
        show_outlets(result, console)
    if result.templates:
        print_section(console, "Documents that share a template but not a story", *_templates(result.templates))
    print_hints(console, hints)


def _title(result: Stories) -> str:
    """Return the number of stories, and how many of them are listed."""
    title, shown = count(result.count, "story", "stories"), len(result.stories)
    if shown in (0, result.count):
        return title
    return (
        f"{title}, the {shown:,} with the most evidence listed"
        if shown > 1
        else f"{title}, the one with the most evidence listed"
    )


def _story_table(stories: Sequence[Story], width: int) -> Table:
    """Return a table of stories; columns of which nothing is known are left out."""
    is_wide = width >= MIN_WIDTH_FOR_COLUMNS
    most = 3 if is_wide else 2
    columns = {
        "": [f"{story.number:,}" for story in stories],
        "headline": [excerpt(story.headline, MAX_HEADLINE_LENGTH) for story in stories],
        "documents" if is_wide else "docs": [f"{len(story.documents):,}" for story in stories],
        "outlets": [_names((document.outlet or "" for document in story.documents), most) for story in stories],
        "time": [_period(story) for story in stories],
        "sources": [_names((source.name for source in story.sources), most) for story in stories],
    }
    if width < MIN_TABLE_WIDTH:
        return _story_list(zip(*columns.values(), strict=True))
    known = {heading: values for heading, values in columns.items() if any(values)}
    table = Table(
        *(_column(heading, is_wide=is_wide) for heading in known),
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style="dim",
    )
    for row in zip(*known.values(), strict=True):
        table.add_row(*map(Text, row))
    return table


def _column(heading: str, *, is_wide: bool) -> Column:
    """Return a column of the table of stories."""
    if heading in ("", "documents", "docs"):
        return Column(heading, justify="right", no_wrap=True)
    return Column(heading, max_width=None if is_wide or heading != "time" else MAX_TIME_WIDTH, overflow="fold")


def _story_list(rows: Iterable[tuple[str, ...]]) -> Table:
    """Return a table with the number of each story, and its headline above the rest, for a narrow terminal."""
    entries = []
    for number, headline, documents, outlets, time, sources in rows:
        rest = "; ".join(filter(None, (f"{documents} documents", outlets, time, sources and f"sources: {sources}")))
        entries.append((number, Text.assemble(f"{headline}\n" if headline else "", (rest, "dim"), overflow="fold")))
    return list_table(entries)


def _names(names: Iterable[str], most: int) -> str:
    """Return the distinct names; if they are more than `most`, the first, and the number of the others."""
    known = [excerpt(name, MAX_ITEM_LENGTH) for name in dict.fromkeys(filter(None, names))]
    more = [f"{len(known) - most + 1:,} more"] if len(known) > most else []
    return ", ".join([*known[: most - len(more)], *more])


def _period(story: Story) -> str:
    """Return the time from the first to the last dated document of a story."""
    last = max((document.time for document in story.documents if document.time), default=None)
    if story.started is None or last is None:
        return ""
    undated = f", {story.undated:,} undated" if story.undated else ""
    return f"{period_label(story.started, last)}{undated}"


def _templates(families: Sequence[TemplateFamily]) -> Iterator[Table | Text]:
    """Yield a table of the largest families of documents that share a template, and how many more there are."""
    table = Table.grid(Column(justify="right"), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for family in families[:MAX_TEMPLATES]:
        table.add_row(f"{family.documents:,}", Text(f"“{excerpt(family.example, MAX_EXAMPLE_LENGTH)}”"))
    yield table
    if more := families[MAX_TEMPLATES:]:
        documents = count(sum(family.documents for family in more), "document")
        yield Text(f"and {count(len(more), 'more template')} with {documents}; --json lists all")


def _compared_entries(counts: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Yield labels and numbers of compared pairs of documents, and of pairs that were not compared."""
    if "pairs" in counts:
        yield "compared", f"{count(counts['pairs'], 'pair')} of documents"
    if counts.get("not_compared"):
        pairs = count(counts["not_compared"], "pair")
        yield "not compared", f"{pairs} that share fewer rare words and facts than the compared pairs"


def _why_no_stories(result: Stories) -> str:
    """Return the reason why no stories were found."""
    documents = result.run.counts["documents"]
    if documents < 2:
        return f"a story needs two documents, and the input has {'one' if documents else 'none'}."
    if result.nearest is None:
        return "no two documents of the same language share rare words or facts, so none were compared."
    best = f"the best sentence pair scores {score(result.nearest)}, and a link requires {score(result.threshold)}"
    if result.nearest < result.threshold:
        return f"{best}."
    return f"{best}; but the linked sentences share too few facts, or only common facts."
