"""Labels and summary lines of a run, for the terminal and for pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dedup.outputs.files import CLEAN_FILE, PAIRS_FILE, REFERENCE_FILE, REMOVED_FILE, RUN_FILE
from dedup.render.format import count, flowing, join_words, lower_bound, plain
from dedup.results import Run

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


def describe_differences(run: Run) -> Iterator[tuple[str, str]]:
    """Yield labels and values: how many removed documents differ from the kept one in another column."""
    counts = run.removed["documents"]
    total = counts.exact + counts.near
    for number, (name, differing) in enumerate(sorted(run.differing.items(), key=lambda item: item[1])):
        label = "" if number else "differing"
        yield label, f"`{plain(name)}` in {differing:,} of {count(total, 'removed document')}"


def describe_matches(run: Run) -> Iterator[tuple[str, str]]:
    """Yield a label and how many of the removed units have their kept unit in a reference, if there is one."""
    if run.references:
        parts = [count(run.counts["documents_in_reference"], "document")]
        if "paragraphs across" in compared_kinds(run):
            parts.append(count(run.counts["paragraphs_in_reference"], "paragraph"))
        yield "in the reference", join_words(parts)


def written_files(run: Run) -> tuple[str, ...]:
    """Return the names of the files that `clean` wrote."""
    reference = (REFERENCE_FILE,) if run.references else ()
    return (CLEAN_FILE, REMOVED_FILE, PAIRS_FILE, *reference, RUN_FILE)


def describe_method(run: Run) -> Iterator[str]:
    """Yield sentences about the settings of the comparison and its expected recall."""
    settings: dict[str, Any] = run.settings
    shingles = {"documents": settings["shingle_documents"], "paragraphs": settings["shingle_paragraphs"]}
    sizes = [
        f"{count(size, 'token')} for {unit}" for unit, size in shingles.items() if settings["unit"] in (unit, "both")
    ]
    yield f"Duplicates have a Jaccard of at least {settings['threshold']:g} on shingles of {join_words(sizes)}."
    if short := run.counts["short_paragraphs"]:
        has, are = ("has", "is") if short == 1 else ("have", "are")
        minimum = settings["min_tokens"]
        yield f"{count(short, 'paragraph')} {has} fewer than {minimum} tokens and {are} never removed."
    if documents := run.counts.get("only_short_paragraphs"):
        has = "has" if documents == 1 else "have"
        yield f"{count(documents, 'document')} of {settings['min_tokens']} tokens or more {has} only such paragraphs."
    assert run.expected_recall is not None  # noqa: S101  # None only for align, which has no method; for mypy
    yield (
        f"Expected recall is at least {lower_bound(run.expected_recall)} for pairs at the threshold, and higher for "
        "more similar pairs. Every pair found is verified."
    )
