"""Results of `analyze` for a terminal: the sentences, facts and credits of a text."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from dedup.render.format import count, flowing, plain, shortened
from dedup.render.terminal.layout import list_table, print_section
from dedup.text.found import FoundFact, TextAnalysis
from dedup.text.sources.cues import reads_credits

# Sentences and facts shown.
MAX_SHOWN = 200


def show_analysis(text: str, analysis: TextAnalysis, console: Console) -> None:
    """Print what was read in a text.

    Args:
        text: The text.
        analysis: What was read.
        console: Console to print to.
    """
    summary = [("language", analysis.language), ("length", count(len(text), "character"))]
    print_section(console, "Text", list_table(summary))
    sentences = [(f"{number}", flowing(text[start:end])) for number, (start, end) in enumerate(analysis.sentences, 1)]
    _show(console, count(len(sentences), "sentence"), sentences)
    facts = [(fact.kind, _label(fact), shortened(flowing(text[fact.start : fact.end]))) for fact in analysis.facts]
    _show(console, count(len(facts), "fact"), facts)
    sources = [("credits", plain(found.source)) for found in analysis.credits]
    title = count(len(sources), "credited source")
    if not reads_credits(analysis.language):
        title = f"credited sources: not read in {analysis.language}"
    _show(console, title, sources)


def _show(console: Console, title: str, rows: Sequence[tuple[str, ...]]) -> None:
    """Print a section with a table of rows, and how many more there are."""
    if not rows:
        console.print(Text(f"{title}\n", style="bold"))
        return
    columns = [Column(style="dim", no_wrap=True), *(Column(overflow="fold") for _ in rows[0][1:])]
    table = Table.grid(*columns, padding=(0, 2, 0, 0))
    for row in rows[:MAX_SHOWN]:
        table.add_row(*map(Text, row))
    if len(rows) > MAX_SHOWN:
        table.add_row(Text(""), Text(f"and {len(rows) - MAX_SHOWN:,} more; --json lists all"))
    print_section(console, title, table)


def _label(fact: FoundFact) -> str:
    """Return the normalized value of a fact; an empty string for a quotation, which has no other form than its text."""
    if fact.kind == "quotation":
        return ""
    value = fact.value if fact.high is None else f"{fact.value} to {fact.high}"
    return " ".join(filter(None, (fact.qualifier, plain(value), fact.unit, plain(fact.noun))))
