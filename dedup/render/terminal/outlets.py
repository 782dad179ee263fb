"""What outlets take over from each other, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from dedup.render.format import count, document_label, document_name, duration, excerpt, flowing
from dedup.render.terminal.layout import list_table, print_indented
from dedup.results import OutletPair, Stories, StoryDocument

# Pairs that are listed, and code points of a name.
MAX_PAIRS, MAX_NAME_LENGTH = 12, 48
# Least width of a terminal for a table with a column for each number, if the names are not as long as titles.
MIN_TABLE_WIDTH = 116


def show_outlets(result: Stories, console: Console) -> None:
    """Print what outlets take over from each other, or documents if there are no outlets.

    Args:
        result: The stories of a run.
        console: Console to print to.
    """
    title = "Which outlets take over from which" if result.by_outlet else "Which documents take over from which"
    console.print(Text(title, style="bold"))
    documents = {document.doc: document for story in result.stories for document in story.documents}
    shown = [pair for pair in result.outlets if pair.taken or pair.undecided or pair.source_first][:MAX_PAIRS]
    named = [
        (
            pair,
            _pair_name(pair.outlet, pair.outlet_doc, documents),
            _pair_name(pair.source, pair.source_doc, documents),
        )
        for pair in shown
    ]
    if shown and result.by_outlet and console.width >= MIN_TABLE_WIDTH:
        print_indented(console, _table(named), 2)
    else:
        for pair, name, source in named:
            print_indented(console, Text.assemble((name, "bold"), " from ", (source, "bold"), overflow="fold"), 2)
            print_indented(console, list_table(outlet_entries(pair, by_outlet=result.by_outlet)), 4)
    if not shown:
        print_indented(console, Text("nothing: no story has text of two of them"), 2)
    notes = []
    if more := result.outlet_pair_count - len(shown):
        notes.append(f"and {count(more, 'more pair')}; -o OUT writes all of them to outlets.parquet")
    if result.without_outlet:
        notes.append(f"{count(result.without_outlet, 'document')} of stories without an outlet not counted")
    for note in notes:
        print_indented(console, Text(note), 2)
    console.print()


def _table(named: Sequence[tuple[OutletPair, str, str]]) -> Table:
    """Return the pairs as a table: each with the names of the outlet and of the one that it takes over from."""
    names = [Column(heading, ratio=1, overflow="fold") for heading in ("takes over", "from")]
    headings = ("stories", "later", "delay", "letters", "verbatim", "light", "heavy", "credit", "common", "none")
    numbers = [Column(heading, justify="right", no_wrap=True) for heading in (*headings, "undecided")]
    table = Table(*names, *numbers, box=None, padding=(0, 1, 0, 0), header_style="dim", expand=True)
    for pair, name, source in named:
        decided = pair.source_first + pair.outlet_first
        letters = (pair.taken, pair.verbatim, pair.light, pair.heavy)
        credits_ = (pair.credited, pair.common_source, pair.uncredited)
        table.add_row(
            Text(name),
            Text(source),
            f"{pair.stories:,}",
            f"{pair.source_first:,}/{decided:,}",
            "" if pair.median_delay is None else duration(pair.median_delay),
            *(f"{number:,}" for number in (*letters, *credits_, pair.undecided)),
        )
    return table


def _pair_name(name: str, doc: int | None, documents: dict[int, StoryDocument]) -> str:
    """Return the name of an outlet, or what leads the display of a document."""
    document = documents.get(doc) if doc is not None else None
    if document is None:
        return excerpt(name, MAX_NAME_LENGTH)
    identity = document_name(document.id, document.path, document.row)
    known, heading = document_label(None, document.time, document.date, document.title, document.opening, identity)
    return excerpt(", ".join(filter(None, (known, heading))), MAX_NAME_LENGTH)


def outlet_entries(pair: OutletPair, *, by_outlet: bool = True) -> Iterator[tuple[str, str]]:
    """Yield labels and values of a pair: stories, who came first, letters taken over and their credits.

    Args:
        pair: What an outlet takes over from another.
        by_outlet: Whether the pair is of outlets, not of documents.
    """
    decided = pair.source_first + pair.outlet_first
    if by_outlet:
        when = f"; later in {pair.source_first:,} of {decided:,} with decided dates" if decided else "; dates undecided"
        delay = "" if pair.median_delay is None else f", by {duration(pair.median_delay)} (median)"
        yield "stories", f"{pair.stories:,}{when}{delay}"
    elif pair.source_first:
        yield "later", "yes" if pair.median_delay is None else f"by {duration(pair.median_delay)}"
    if pair.taken:
        kinds = ((pair.verbatim, "verbatim"), (pair.light, "light"), (pair.heavy, "heavy"))
        yield "letters", f"{pair.taken:,}: " + ", ".join(f"{part:,} {kind}" for part, kind in kinds if part)
        parts = (
            (pair.credited, "credit to the source" if not by_outlet else f"credit to {flowing(pair.source)}"),
            (pair.common_source, "credit to a common source"),
            (pair.uncredited, "no credit"),
        )
        yield "of these", ", ".join(f"{part:,} with {name}" for part, name in parts if part)
    if pair.undecided:
        rest = pair.undecided - pair.undecided_credited
        credit = f"{pair.undecided_credited:,} with credit, {rest:,} without"
        if not rest or not pair.undecided_credited:
            credit = "without credit" if rest else "with credit"
        yield "undecided", f"{count(pair.undecided, 'shared letter')}, {credit}"
