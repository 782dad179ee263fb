"""What outlets take over from each other, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from dedup.render.format import (
    count,
    document_label,
    document_letter,
    document_name,
    duration,
    excerpt,
    flowing,
    join_words,
)
from dedup.render.terminal.layout import MIN_TABLE_WIDTH, list_table, print_indented
from dedup.results import OutletPair, Stories, Story

# Pairs that are listed, and code points of a name.
MAX_PAIRS, MAX_NAME_LENGTH = 10, 48
# Minimum width of a terminal for a table with all numbers.
MIN_WIDE_TABLE_WIDTH = 116
LETTER_LEGEND = "1A: document A of story 1."


def show_outlets(result: Stories, console: Console) -> None:
    """Print what outlets take over from each other, or documents if there are no outlets.

    Args:
        result: The stories of a run.
        console: Console to print to.
    """
    title = "Which outlets take over from which" if result.by_outlet else "Which documents take over from which"
    console.print(Text(title, style="bold"))
    labels = _document_labels(result.stories)
    decided, undecided = _divide(result.outlets)
    shown, listed = decided[:MAX_PAIRS], undecided[:MAX_PAIRS]
    named = [(pair, *_pair_names(pair, labels)) for pair in shown]
    if shown and console.width >= MIN_TABLE_WIDTH:
        is_wide = console.width >= MIN_WIDE_TABLE_WIDTH
        print_indented(console, _table(named, by_outlet=result.by_outlet, is_wide=is_wide), 2)
    else:
        for pair, name, source in named:
            print_indented(console, Text.assemble((name, "bold"), " from ", (source, "bold"), overflow="fold"), 2)
            print_indented(console, list_table(outlet_entries(pair, by_outlet=result.by_outlet)), 4)
    _print_notes(console, _legend(result, shown, has_undecided=bool(undecided)))
    _print_notes(console, _first_of(len(shown), len(decided)))
    if listed:
        console.print()
        console.print(
            Text("Undecided: shared text; neither dates nor credits show which side took it over", style="bold")
        )
        _show_undecided(listed, labels, console)
        letters = "letters in linked sentences: left / right."
        _print_notes(console, [letters if shown or result.by_outlet else f"{LETTER_LEGEND} {letters}"])
        _print_notes(console, _first_of(len(listed), len(undecided)))
    _print_notes(console, _left_out(result, len(shown) + sum(map(len, listed))))
    console.print()


def _divide(pairs: Iterable[OutletPair]) -> tuple[list[OutletPair], list[list[OutletPair]]]:
    """Divide the notable pairs into those in which dates or credits decide something, and the others.

    Returns:
        The first, in their order; and the others, each with the pair in the opposite direction if there is one.
    """
    notable = [pair for pair in pairs if pair.is_notable]
    decided = [pair for pair in notable if pair.taken or pair.source_first]
    known = {_sides(pair) for pair in decided}
    undecided: dict[frozenset[object], list[OutletPair]] = {}
    for pair in notable:
        if _sides(pair) not in known:
            undecided.setdefault(_sides(pair), []).append(pair)
    return decided, list(undecided.values())


def _sides(pair: OutletPair) -> frozenset[object]:
    return frozenset(((pair.outlet, pair.outlet_doc), (pair.source, pair.source_doc)))


def _show_undecided(listed: Sequence[Sequence[OutletPair]], labels: Mapping[int, str], console: Console) -> None:
    """Print pairs of which no direction is decided, each once."""
    rows = [
        (
            *_pair_names(pairs[0], labels),
            _numbers_of_sides([pair.undecided for pair in pairs]),
            _numbers_of_sides([pair.undecided_credited for pair in pairs]),
        )
        for pairs in listed
    ]
    columns = [Column("left", overflow="fold"), Column("right", overflow="fold")]
    columns += [Column(heading, justify="right", no_wrap=True) for heading in ("letters", "with credit")]
    used = 4 if any(with_credit for *_, with_credit in rows) else 3
    table = Table(*columns[:used], box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for row in rows:
        table.add_row(*map(Text, row[:used]))
    print_indented(console, table, 2)


def _numbers_of_sides(numbers: Sequence[int]) -> str:
    """Return the numbers of the left and the right side, or an empty text if all are 0."""
    return " / ".join(f"{number:,}" for number in numbers) if any(numbers) else ""


def _pair_names(pair: OutletPair, labels: Mapping[int, str]) -> tuple[str, str]:
    """Return the names of the outlets of a pair, or the labels of its documents."""
    return _name(pair.outlet, pair.outlet_doc, labels), _name(pair.source, pair.source_doc, labels)


def _print_notes(console: Console, notes: Iterable[str]) -> None:
    for note in notes:
        print_indented(console, Text(note, style="dim"), 2)


def _legend(result: Stories, shown: Sequence[OutletPair], *, has_undecided: bool) -> Iterator[str]:
    """Yield what the numbers mean, or why there are none."""
    if not shown:
        yield "nothing is decided" if has_undecided else "none: no two of them share text in a story"
    legend = [LETTER_LEGEND] if shown and not result.by_outlet else []
    if result.by_outlet and any(pair.source_first or pair.outlet_first for pair in shown):
        legend.append("later: stories in which it was later, of those whose dates decide the order.")
    credits_ = [
        label
        for label, letters in (
            ("with a credit to the source (credit)", [pair.credited for pair in shown]),
            ("with a credit to a source that both credit (common)", [pair.common_source for pair in shown]),
            ("with a credit to neither (neither)", [pair.uncredited for pair in shown]),
            ("in languages in which credits are not read (unknown)", [pair.credit_unknown for pair in shown]),
        )
        if any(letters)
    ]
    if credits_:
        legend.append(f"letters: taken over, as dates or a credit show; of these, {join_words(credits_)}.")
    if any(pair.undecided for pair in shown):
        legend.append("undecided: letters shared, where it is not known who took them over.")
    yield from [" ".join(legend)] if legend else []


def _first_of(shown: int, pairs: int) -> Iterator[str]:
    """Yield how many pairs are shown, if there are more."""
    if pairs > shown:
        yield f"{shown:,} of {count(pairs, 'pair')} are shown"


def _left_out(result: Stories, shown: int) -> Iterator[str]:
    """Yield what is not listed; `shown` is the number of ordered pairs that are listed."""
    if result.outlet_pair_count > shown:
        pairs = count(result.outlet_pair_count, "ordered pair")
        yield f"outlets.parquet (-o OUT) has all {pairs}, also those that share no text"
    if result.without_outlet:
        yield f"not counted: {count(result.without_outlet, 'document')} in stories that have no outlet"


def _table(named: Sequence[tuple[OutletPair, str, str]], *, by_outlet: bool, is_wide: bool) -> Table:
    """Return the pairs as a table, each with the names of both outlets."""
    rows = [_numbers(pair, by_outlet=by_outlet, is_wide=is_wide) for pair, _, _ in named]
    headings = ["takes over", "from", *(heading for heading in rows[0] if any(row[heading] for row in rows))]
    columns = [
        Column(heading, justify="right", no_wrap=True) if rank > 1 else Column(heading, overflow="fold")
        for rank, heading in enumerate(headings)
    ]
    padding = (0, 1 if by_outlet and not is_wide else 2, 0, 0)
    table = Table(*columns, box=None, pad_edge=False, padding=padding, header_style="dim")
    for (_, name, source), row in zip(named, rows, strict=True):
        table.add_row(Text(name), Text(source), *(row[heading] for heading in headings[2:]))
    return table


def _numbers(pair: OutletPair, *, by_outlet: bool, is_wide: bool) -> dict[str, str]:
    """Return the numbers of a pair by their headings; empty where there are none."""
    decided = pair.source_first + pair.outlet_first
    numbers: dict[str, int | str] = {}
    if by_outlet:
        numbers |= {"stories": pair.stories, "later": f"{pair.source_first:,}/{decided:,}" if decided else ""}
    if is_wide or not by_outlet:
        numbers["delay"] = "" if pair.median_delay is None else duration(pair.median_delay)
    numbers["letters"] = pair.taken
    if is_wide:
        numbers |= {"verbatim": pair.verbatim, "light": pair.light, "heavy": pair.heavy}
    numbers |= {"credit": pair.credited, "common": pair.common_source, "neither": pair.uncredited}
    numbers["unknown"] = pair.credit_unknown
    numbers["undecided"] = pair.undecided
    if not by_outlet:
        numbers["with credit"] = pair.undecided_credited
    return {
        heading: f"{number:,}" if isinstance(number, int) and number else number or ""
        for heading, number in numbers.items()
    }


def _document_labels(stories: Sequence[Story]) -> dict[int, str]:
    """Return the label of each document: the number of its story, its letter, and what leads its display."""
    labels: dict[int, str] = {}
    for story in stories:
        for rank, document in enumerate(story.documents):
            name = document_name(document.id, document.path, document.row)
            _, heading = document_label(None, document.time, document.date, document.title, document.opening, name)
            labels.setdefault(document.doc, f"{story.number}{document_letter(rank)} {heading}")
    return labels


def _name(name: str, doc: int | None, labels: Mapping[int, str]) -> str:
    """Return the name of an outlet, or the label of a document."""
    return excerpt(name if doc is None else labels.get(doc, name), MAX_NAME_LENGTH)


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
            (pair.credited, "with credit to the source" if not by_outlet else f"with credit to {flowing(pair.source)}"),
            (pair.common_source, "with credit to a common source"),
            (pair.uncredited, "with credit to neither"),
            (pair.credit_unknown, "in a language in which credits are not read"),
        )
        yield "of these", ", ".join(f"{part:,} {name}" for part, name in parts if part)
    if pair.undecided:
        credit = f", {pair.undecided_credited:,} with credit" if pair.undecided_credited else ""
        yield "undecided", f"{count(pair.undecided, 'shared letter')}{credit}"
