"""Labels and summary lines of a run, for the terminal and for pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dedup.contained import FoundItem, ItemSet
from dedup.outputs.files import CLEAN_FILE, FOUND_FILE, ITEMS_FILE, PAIRS_FILE, REFERENCE_FILE, REMOVED_FILE, RUN_FILE
from dedup.render.format import count, excerpt, flowing, join_words, lower_bound, plain
from dedup.results import Run

# Items that are listed for a reference, and code points of their texts.
MAX_LISTED_ITEMS, ITEM_EXCERPT_LENGTH = 5, 80
REMOVAL_KIND_LABELS = {
    "documents": "documents",
    "paragraphs within": "paragraphs within a document",
    "paragraphs across": "paragraphs across documents",
}


def describe_input(run: Run) -> Iterator[tuple[str, str]]:
    """Yield labels and values: size, columns, encodings and problems of the input."""
    counts = run.counts
    sizes = [count(counts["documents"], "document")]
    if counts.get("paragraphs"):  # align does not count paragraphs
        sizes.append(count(counts["paragraphs"], "paragraph"))
    sizes.append(count(counts["characters"], "character"))
    yield "size", f"{', '.join(sizes)} in {count(counts['files'], 'input')}"
    if run.references:
        documents = count(counts["reference_documents"], "document")
        yield "against", f"{join_words([plain(name) for name in run.references])}: {documents}"
    columns = [f"{role} `{plain(name)}`" for role, name in run.columns.items() if name is not None]
    if columns:
        yield "columns", join_words(columns)
    if run.encodings:
        guesses = [f"{plain(name)} for {count(number, 'input')}" for name, number in run.encodings.items()]
        yield "encodings", f"guessed: {join_words(guesses)}"
    problems = [
        f"{count(counts[name], noun)} {problem}"
        for name, noun, problem in (
            ("null_texts", "document", "without text"),
            ("without_tokens", "document", "without tokens"),
            ("null_ids", "document", "without id"),
            ("repeated_ids", "document", "with the id of an earlier document"),
        )
        if counts.get(name)
    ]
    yield from (("note", text) for text in (*problems, *map(flowing, run.notes)))
    if counts["hidden"]:
        yield "ignored", count(counts["hidden"], "hidden file or folder", "hidden files and folders")
    if run.skipped:
        yield "skipped", count(len(run.skipped), "input or row", "inputs or rows")


def describe_skipped(item: Mapping[str, Any]) -> tuple[str, str]:
    """Return the location of a skipped input or row, and the reason.

    >>> describe_skipped({"path": "a.jsonl", "line": 7, "row": 6, "reason": "not JSON"})
    ('a.jsonl, line 7', 'not JSON')
    """
    line = "" if item["line"] is None else f", line {item['line']}"
    row = "" if item["row"] is None or line else f", row {item['row']}"
    return f"{plain(item['path'])}{line}{row}", flowing(item["reason"])


def compared_kinds(run: Run) -> list[str]:
    """Return the kinds of duplicates that the settings select, as keys of `Run.removed`."""
    unit, paragraphs = run.settings["unit"], run.settings["paragraphs"]
    if unit == "documents" or paragraphs == "none":
        return ["documents"]
    kinds = ["documents"] if unit == "both" else []
    return [*kinds, "paragraphs within", *(["paragraphs across"] if paragraphs == "all" else [])]


def describe_emptied(run: Run) -> Iterator[tuple[str, str]]:
    """Yield a label and how many documents were removed since their paragraphs were, if there are any."""
    if emptied := run.removed["documents"].emptied:
        their = "its" if emptied == 1 else "their"
        yield "emptied", f"{count(emptied, 'more document')}, since all {their} paragraphs with words were removed"


def describe_differences(run: Run) -> Iterator[tuple[str, str]]:
    """Yield labels and values: how many removed documents differ from the kept one in another column.

    Documents removed in favour of a reference do not count.
    """
    counts = run.removed["documents"]
    # The other columns of a reference are not read.
    total = counts.exact + counts.near - run.counts.get("documents_in_reference", 0)
    for number, (name, differing) in enumerate(sorted(run.differing.items(), key=lambda item: item[1])):
        label = "" if number else "differing"
        yield label, f"`{plain(name)}` in {differing:,} of {count(total, 'removed document')}"


def removal_reasons(run: Run) -> list[str]:
    """Return the reasons that a table of removed units counts, as attributes of `RemovalCounts`."""
    return ["exact", "near", *(["contained"] if run.contained is not None else [])]


def describe_contained(run: Run) -> Iterator[tuple[str, str]]:
    """Yield labels and values: how many items of each reference were found inside documents, and the most copied."""
    for item_set in run.contained.sets if run.contained is not None else ():
        found = f"{plain(item_set.against)}: {item_set.found:,} of {count(item_set.items, 'item')} found"
        if item_set.found:
            whole = item_set.by_share.get("1.0", 0)
            found += f" ({whole:,} whole) in {count(item_set.documents, 'document')}"
        yield "contained", "; ".join((found, *not_searchable(item_set)))
        for number, item in enumerate(item_set.most_copied[:MAX_LISTED_ITEMS]):
            yield "most copied" if number == 0 else "", f"{item_label(item)}, in {count(item.documents, 'document')}"


def share_label(tenth: str) -> str:
    """Return a share of `ItemSet.by_share` in words.

    >>> share_label("1.0"), share_label("0.8")
    ('whole', 'by 80 to 90%')
    """
    percent = round(100 * float(tenth))
    return "whole" if percent == 100 else f"by {percent} to {percent + 10}%"


def not_searchable(item_set: ItemSet) -> Iterator[str]:
    """Yield how many items of a reference were not searched for, and why."""
    if item_set.too_short:
        yield f"{item_set.too_short:,} too short to be searched for"
    if item_set.only_templates:
        yield f"{item_set.only_templates:,} not searched for, since all of their runs occur in many items"


def item_label(item: FoundItem) -> str:
    """Return the name of an item and the beginning of its text."""
    place = item.path if item.row is None else f"{item.path}#{item.row}"
    return f"{plain(place if item.id is None else item.id)} “{excerpt(item.excerpt, ITEM_EXCERPT_LENGTH)}”"


def describe_matches(run: Run) -> Iterator[tuple[str, str]]:
    """Yield a label and how many of the removed units have their kept unit in a reference, if there are any."""
    documents, paragraphs = (run.counts.get(f"{unit}_in_reference", 0) for unit in ("documents", "paragraphs"))
    if documents or paragraphs:
        parts = [count(documents, "document")]
        if "paragraphs across" in compared_kinds(run):
            parts.append(count(paragraphs, "paragraph"))
        yield "kept in the reference", f"the text of {join_words(parts)}"


def written_files(run: Run) -> tuple[str, ...]:
    """Return the names of the files that `clean` wrote."""
    reference = (REFERENCE_FILE,) if run.references else ()
    contained = (FOUND_FILE, ITEMS_FILE) if run.contained is not None else ()
    return (CLEAN_FILE, REMOVED_FILE, PAIRS_FILE, *reference, *contained, RUN_FILE)


def describe_method(run: Run) -> Iterator[str]:
    """Yield sentences about the settings of the comparison and its expected recall."""
    settings: dict[str, Any] = run.settings
    shingles = {"documents": settings["shingle_documents"], "paragraphs": settings["shingle_paragraphs"]}
    sizes = [
        f"{count(size, 'token')} for {unit}" for unit, size in shingles.items() if settings["unit"] in (unit, "both")
    ]
    if settings.get("exact"):
        yield "Duplicates have the same characters, apart from white space around them."
    else:
        yield f"Duplicates have a Jaccard of at least {settings['threshold']:g} on shingles of {join_words(sizes)}."
    if run.contained is not None:
        runs, templates = run.contained.runs, run.contained.templates
        without = f", without {count(templates, 'run')} that many items have" if templates else ""
        yield (
            f"An item, a document of the reference, is found where at least {settings['contained_share']:g} of its "
            f"runs of {count(settings['contained'], 'token')} occur close together in a document. Searched for: "
            f"{count(runs, 'run')}{without}."
        )
    if short := run.counts["short_paragraphs"]:
        has, are = ("has", "is") if short == 1 else ("have", "are")
        minimum, as_what = settings["min_tokens"], " as duplicates" if run.contained is not None else ""
        yield f"{count(short, 'paragraph')} {has} fewer than {minimum} tokens and {are} never removed{as_what}."
    if documents := run.counts.get("only_short_paragraphs"):
        has = "has" if documents == 1 else "have"
        yield f"{count(documents, 'document')} of {settings['min_tokens']} tokens or more {has} only such paragraphs."
    if settings.get("exact"):
        yield "All duplicates are found."
        return
    assert run.expected_recall is not None  # noqa: S101  # None only for align, which has no method; for mypy
    yield (
        f"Expected recall is at least {lower_bound(run.expected_recall)} for pairs at the threshold, and higher for "
        "more similar pairs. Every pair found is verified."
    )
