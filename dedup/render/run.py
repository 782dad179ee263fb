"""A run in words, for the terminal and the page alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dedup.render.format import at_least, count, flowing, joined, plain
from dedup.results import RemovalCounts, Run

KINDS = {
    "documents": "documents",
    "paragraphs within": "paragraphs, within a document",
    "paragraphs across": "paragraphs, across documents",
}


def what_was_read(run: Run) -> Iterator[tuple[str, str]]:
    """Say what was read, and whatever about it a person should know."""
    counts = run.counts
    whole = [count(counts["documents"], "document")]
    if counts.get("paragraphs"):  # "align" counts none
        whole.append(count(counts["paragraphs"], "paragraph"))
    whole.append(count(counts["characters"], "character"))
    yield "texts", f"{', '.join(whole)} in {count(counts['files'], 'input')}"
    named = [f"{role} `{plain(name)}`" for role, name in run.columns.items() if name is not None]
    if named:
        yield "columns", joined(named)
    if run.encodings:
        guessed = [f"{plain(name)} for {count(number, 'input')}" for name, number in run.encodings.items()]
        yield "encodings", f"guessed: {joined(guessed)}"
    odd = [
        f"{count(counts[name], one, many)} {what}"
        for name, one, many, what in (
            ("null_texts", "document", "", "without a text"),
            ("without_tokens", "document", "", "without a word"),
            ("null_ids", "document", "", "without an id"),
            ("repeated_ids", "document", "", "with the id of an earlier one"),
            ("replaced", "character", "", "not decodable, replaced by U+FFFD"),
        )
        if counts.get(name)
    ]
    yield from (("note", text) for text in (*odd, *map(flowing, run.notes)))
    if counts["hidden"]:
        yield "left out", count(counts["hidden"], "hidden file or folder", "hidden files and folders")
    if run.skipped:
        yield "skipped", count(len(run.skipped), "input or row", "inputs or rows")


def skipped(item: Mapping[str, Any]) -> tuple[str, str]:
    """Say where an input or row stands that could not be read, and why.

    >>> skipped({"path": "a.jsonl", "line": 7, "row": 6, "reason": "no JSON"})
    ('a.jsonl, line 7', 'no JSON')
    """
    line = "" if item["line"] is None else f", line {item['line']}"
    row = "" if item["row"] is None or line else f", row {item['row']}"
    return f"{plain(item['path'])}{line}{row}", flowing(item["reason"])


def judged(run: Run) -> list[str]:
    """Tell which kinds of repetition were looked for."""
    unit, paragraphs = run.settings["unit"], run.settings["paragraphs"]
    if unit == "documents" or paragraphs == "none":
        return ["documents"]
    kinds = ["documents"] if unit == "both" else []
    return [*kinds, "paragraphs within", *(["paragraphs across"] if paragraphs == "all" else [])]


def units(tally: RemovalCounts) -> int:
    """Count the units that go."""
    return tally.exact + tally.near + tally.emptied


def how_compared(run: Run) -> Iterator[str]:
    """Say by which settings, and what may have been missed."""
    settings: dict[str, Any] = run.settings
    shingles = {"documents": settings["shingle_documents"], "paragraphs": settings["shingle_paragraphs"]}
    compared = [f"{size} tokens in {kind}" for kind, size in shingles.items() if settings["unit"] in (kind, "both")]
    yield f"Jaccard at least {settings['threshold']:g} over shingles of {joined(compared)}."
    if short := run.counts["short_paragraphs"]:
        never = "never goes" if short == 1 else "never go"
        yield f"{count(short, 'paragraph')} of fewer than {settings['min_tokens']} tokens {never}."
    assert run.expected_recall is not None  # noqa: S101  # only "align" has none; for the type checker
    yield (
        f"Expected to find at least {at_least(run.expected_recall)} of the pairs at that threshold, "
        "more similar ones more often; every pair found was verified."
    )
