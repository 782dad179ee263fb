"""Evaluate the facts, sentences and credits that are read in the case files of DEDUP_DATA.

    DEDUP_DATA=… python tests/peer_cases.py [KIND …]

prints the cases that are wrong, and the share that is right, for each kind.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

import dedup

DATA = Path(os.environ.get("DEDUP_DATA") or "/nonexistent")
PEERS, CREDITS = DATA / "peer_cases.jsonl", DATA / "credit_cases.jsonl"


def rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def number(value: str) -> Decimal | str:
    """Return a decimal number in a form in which equal ones are equal."""
    try:
        return Decimal(value).normalize()
    except InvalidOperation:
        return value


def amounts(found: dedup.TextAnalysis) -> list[tuple[Decimal | str, Decimal | str | None, str]]:
    """Return value, upper end and unit of each number."""
    return [
        (number(fact.value), None if fact.high is None else number(fact.high), fact.unit)
        for fact in found.facts
        if fact.kind == "number"
    ]


def is_number_right(text: str, lang: str, expect: str) -> bool:
    return (number(expect), None) in [(value, high) for value, high, _ in amounts(dedup.analyze(text, lang))]


def is_money_right(text: str, lang: str, expect: dict[str, str]) -> bool:
    high = number(expect["to"]) if "to" in expect else None
    return (number(expect["value"]), high, expect["currency"]) in amounts(dedup.analyze(text, lang))


def are_quantities_right(text: str, lang: str, expect: list[dict[str, str]]) -> bool:
    wanted = [(number(one["value"]), number(one["to"]) if "to" in one else None, one["unit"]) for one in expect]
    found = amounts(dedup.analyze(text, lang))
    return all(one in found for one in wanted)


def are_dates_right(text: str, lang: str, expect: list[str]) -> bool:
    found = [fact.value for fact in dedup.analyze(text, lang).facts if fact.kind == "date"]
    days = [day.split("T")[0] for value in found for day in value.split("/")]
    return all(day in [*found, *days] for day in expect)


def are_sentences_right(text: str, lang: str, expect: list[str]) -> bool:
    found = [text[start:end] for start, end in dedup.analyze(text, lang).sentences]
    return [" ".join(sentence.split()) for sentence in found] == expect


JUDGES: dict[str, Callable[[str, str, Any], bool]] = {
    "number": is_number_right,
    "money": is_money_right,
    "quantity": are_quantities_right,
    "date": are_dates_right,
    "sentences": are_sentences_right,
}


class Score(NamedTuple):
    """The share that is right, and a line for each case that is not."""

    share: float
    wrong: list[str]


def score(kind: str) -> Score:
    """Judge the cases of a kind; without the files the share is NaN."""
    if kind == "credits":
        return score_credits()
    chosen = [row for row in rows(PEERS) if row["kind"] == kind]
    wrong = [row for row in chosen if not JUDGES[kind](row["text"], row["lang"], row["expect"])]
    lines = [f"{row['lang']}: {row['text']!r} {row['expect']}" for row in wrong]
    return Score(1 - len(wrong) / len(chosen) if chosen else math.nan, lines)


class CreditCounts(NamedTuple):
    """Sources that are right, wrong and missing."""

    right: int
    wrong: int
    missing: int

    @property
    def f1(self) -> float:
        return 2 * self.right / max(2 * self.right + self.wrong + self.missing, 1)


def count_credits(row: dict[str, Any], found: Iterable[str]) -> CreditCounts:
    """Compare the credited sources of a sentence with those wanted; articles before a name do not matter."""
    names = {bare(name) for name in found}
    accepted = {source: {bare(source), *map(bare, row.get("accept", {}).get(source, ()))} for source in row["sources"]}
    right = [source for source, forms in accepted.items() if forms & names]
    allowed = {bare(name) for name in row.get("optional", ())}.union(*accepted.values())
    return CreditCounts(len(right), len(names - allowed), len(accepted) - len(right))


def bare(name: str) -> str:
    words = name.casefold().replace("\u2019", "'").split()
    while words and words[0] in ("the", "a", "an", "la", "le", "les", "el", "los", "las", "der", "die", "das"):
        words = words[1:]
    return " ".join(words)


def score_credits() -> Score:
    """Judge the credited sources by F1."""
    counts, wrong = [], []
    for row in rows(CREDITS):
        found = [credit.source for credit in dedup.analyze(row["text"], row["lang"]).credits]
        counts.append(count_credits(row, found))
        if counts[-1].wrong or counts[-1].missing:
            wrong.append(f"{row['lang']}: {row['text']!r} wanted {row['sources']}, found {found}")
    return Score(CreditCounts(*map(sum, zip(*counts, strict=True))).f1 if counts else math.nan, wrong)


if __name__ == "__main__":
    for kind in sys.argv[1:] or [*JUDGES, "credits"]:
        found = score(kind)
        print("\n".join([*found.wrong, f"{kind}: {found.share:.3f}"]))  # noqa: T201
