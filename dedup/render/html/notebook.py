"""Render results as parts of an HTML page, as notebooks show them: tables without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatch

from dedup.alignment.diff import Diff
from dedup.duplicates.explain import Explanation
from dedup.duplicates.tuning.results import Interval, Tuning
from dedup.index.results import QueryResult
from dedup.outputs.loaded import Aligned, Cleaned
from dedup.render.comparison import score
from dedup.render.format import count, excerpt, flowing, share
from dedup.render.html.diff import draw_fragment
from dedup.render.html.page import render_fragment
from dedup.render.run import REMOVAL_KIND_LABELS, compared_kinds
from dedup.render.tuning import amount, describe_numbers
from dedup.results import Run, Scan, Stories, Story
from dedup.text.found import TextAnalysis

# Rows of a table, and code points of a cell.
MAX_ROWS, MAX_CELL_LENGTH = 20, 160


@dataclass(frozen=True)
class _Table:
    """A table of a result."""

    caption: str
    """What it shows."""
    columns: Sequence[tuple[str, bool]]
    """Title of each column, and whether it has numbers."""
    rows: Sequence[Sequence[object]]
    """Values by column: text, whole numbers, or None."""
    total: int
    """Number of rows that the result has; more than `rows` if some are left out."""


def draw_result(result: object) -> str | None:
    """Render a result as a part of an HTML page.

    Args:
        result: Any result.

    Returns:
        HTML with its own style sheet, in which all text of the result is escaped; None if the result has no tables.

    >>> from dedup.text.found import FoundFact
    >>> html = draw_result(TextAnalysis("en", (), (FoundFact("name", "<b>", 0, 3),), ())) or ""
    >>> "&lt;b&gt;" in html, "<b>" in html
    (True, False)
    """
    if isinstance(result, Diff):
        return draw_fragment(result, ("left", "right"))
    tables = list(_tables(result))
    return render_fragment("notebook.html", tables=tables) if tables else None


def _table(caption: str, columns: str, rows: Iterable[Sequence[object]], total: int | None = None) -> _Table:
    """Return a table of the first rows, without the columns that are empty in them.

    Args:
        caption: What it shows.
        columns: Titles of the columns, separated by commas.
        rows: Values by column.
        total: Number of rows of the result; None if `rows` has all of them.
    """
    cells = [[excerpt(cell, MAX_CELL_LENGTH) if isinstance(cell, str) else cell for cell in row] for row in rows]
    shown = cells[:MAX_ROWS]
    titles = columns.split(", ")
    filled = [rank for rank in range(len(titles)) if not shown or any(row[rank] not in (None, "") for row in shown)]
    return _Table(
        caption,
        [(titles[rank], any(isinstance(row[rank], int) for row in shown)) for rank in filled],
        [[row[rank] for rank in filled] for row in shown],
        len(cells) if total is None else total,
    )


@singledispatch
def _tables(_result: object) -> Iterator[_Table]:
    """Yield the tables that show a result; none for other objects."""
    yield from ()


@_tables.register
def _(result: Cleaned) -> Iterator[_Table]:
    run = result.run
    documents = run.counts["documents"]
    kept = f"{documents - run.removed_documents:,} of {count(documents, 'document')} kept"
    yield _removed(run, kept if result.out is None else f"{kept}, in {flowing(str(result.out))}")


@_tables.register
def _(result: Scan) -> Iterator[_Table]:
    yield _removed(result.run, count(result.run.counts["documents"], "document"))
    rows = [(group.unit, group.kept.id, group.size, group.excerpt) for group in result.groups]
    yield _table("Groups of duplicates", "Unit, Kept in, Removed, Text", rows, result.group_count)


def _removed(run: Run, caption: str) -> _Table:
    """Return the table of the numbers of removed units by kind."""
    rows = []
    for kind in compared_kinds(run):
        counts = run.removed[kind]
        part = share(counts.characters, run.counts["characters"])
        label = REMOVAL_KIND_LABELS[kind]
        rows.append((label, counts.exact, counts.near, counts.units, counts.characters, part))
    return _table(caption, "Removed, Exact, Near, All, Characters, Share of text", rows)


@_tables.register
def _(result: Aligned) -> Iterator[_Table]:
    yield from _tables(result.result)


@_tables.register
def _(result: Stories) -> Iterator[_Table]:
    rows = [
        (story.number, story.headline, len(story.documents), ", ".join(story.outlets), story.started, story.link_count)
        for story in result.stories[:MAX_ROWS]
    ]
    documents = count(result.run.counts["documents"], "document")
    caption = f"{count(result.count, 'story', 'stories')} in {documents}"
    yield _table(caption, "Story, Headline, Documents, Outlets, Since, Links", rows, result.count)


@_tables.register
def _(result: Story) -> Iterator[_Table]:
    rows = [
        (item.title or item.opening, item.outlet, item.time or item.date, item.id, item.role, cited)
        for item in result.documents
        for cited in ["unknown" if item.cites is None else ", ".join(item.cites)]
    ]
    yield _table(f"Story {result.number}: {flowing(result.headline)}", "Document, Outlet, Date, Id, Role, Cites", rows)
    if result.conflicting:
        yield _table("Conflicting numbers", "Number, Other number, Of", _conflicts(result))


def _conflicts(story: Story) -> Iterator[tuple[str, str, str]]:
    for conflict in story.conflicting:
        yield conflict.left, conflict.right, conflict.noun


@_tables.register
def _(result: TextAnalysis) -> Iterator[_Table]:
    facts = [
        (fact.kind, f"{fact.value} to {fact.high}" if fact.high else fact.value, fact.unit, fact.noun, fact.start)
        for fact in result.facts
    ]
    language = "unknown" if result.language == "und" else result.language
    caption = f"{count(len(result.sentences), 'sentence')}, language: {flowing(language)}"
    yield _table(f"Facts in {caption}", "Kind, Value, Unit, Of, Offset", facts)
    yield _table("Credited sources", "Source, Offset", [(credit.source, credit.start) for credit in result.credits])


@_tables.register
def _(result: Explanation) -> Iterator[_Table]:
    rows = [
        (item.unit, item.reason, _similarity(item.jaccard), item.kept.id if item.kept else None, item.text)
        for item in result.passages
    ]
    verdict = "kept" if result.kept else "removed"
    name = result.path if result.id is None else result.id
    yield _table(f"{flowing(name)} is {verdict}; removed units", "Unit, Reason, Jaccard, Kept in, Text", rows)
    if result.replaced:
        replaced = [(item.unit, item.count) for item in result.replaced]
        yield _table("Removed elsewhere in favour of this document", "Unit, Number", replaced)


@_tables.register
def _(result: QueryResult) -> Iterator[_Table]:
    units = [*([result.document] if result.document else []), *result.paragraphs]
    rows = [(unit.unit, unit.reason, _similarity(unit.jaccard), unit.kept.id, unit.kept_text) for unit in units]
    caption = "The index has this text" if result.known else "The index does not have this text as a document"
    yield _table(caption, "Unit, Reason, Jaccard, Kept in, Text kept", rows)


@_tables.register
def _(result: Tuning) -> Iterator[_Table]:
    kinds = ("documents", "paragraphs", "characters")
    rows = [
        (
            f"{item.threshold:.2f}",
            *(_amount(getattr(item.removed, kind), getattr(item.removed, f"{kind}_interval")) for kind in kinds),
        )
        for item in result.thresholds
    ]
    caption = f"Removed at each threshold. {describe_numbers(result)}".rstrip()
    yield _table(caption, "Threshold, Documents, Paragraphs, Characters", rows)


def _amount(number: int, interval: Interval | None) -> int | str:
    return number if interval is None else amount(number, interval)


def _similarity(jaccard: float | None) -> str | None:
    return None if jaccard is None else score(jaccard)
