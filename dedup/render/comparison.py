"""An alignment in words, for the terminal and the page alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import floor
from typing import TYPE_CHECKING

from dedup.render.format import excerpt, joined

if TYPE_CHECKING:
    from dedup.alignment.diff import Diff

KINDS = {
    "verbatim": "the same words",
    "light": "mostly the same",
    "heavy": "said anew",
    "related": "on the same topic only",
}
# Facts or sources named in a line, and code points shown of each.
NAMED, LONGEST = 12, 60


def comparison(diff: Diff) -> Iterator[tuple[str, str]]:
    """Say how much two texts have in common, and whom they credit."""
    yield "similarity", f"{score(diff.similarity)} (0: nothing alike, 1: the same)"
    left, right = map(percent, diff.coverage)
    yield "in common", f"{left} of A stands in B, {right} of B in A"
    kinds = Counter[str](pair.kind for pair in diff.pairs)
    if kinds:
        moved = sum(pair.moved for pair in diff.pairs)
        found = [f"{kinds[kind]:,} {kind} ({meaning})" for kind, meaning in KINDS.items() if kinds[kind]]
        yield "pairs", joined(found) + (f"; {moved:,} moved ↕" if moved else "")
    shared = [fact.value for fact in diff.facts if fact.left and fact.right]
    if shared:
        yield "both give", several(shared)
    conflicting = [said for pair in diff.pairs for said in pair.conflicting]
    if conflicting:
        yield "conflicting", several(conflicting)
    sources = [several(found) or "no one" for found in diff.sources()]
    yield "sources", f"A credits {sources[0]}; B credits {sources[1]}"


def several(names: Iterable[str], most: int = NAMED) -> str:
    """Name the first of several things, each once.

    >>> several(["NHK", "AFP", "NHK", "TASS"], 2)
    'NHK, AFP, and 1 more'
    """
    once = list(dict.fromkeys(excerpt(name, LONGEST) for name in names))
    more = [f"and {len(once) - most:,} more"] if len(once) > most else []
    return ", ".join(once[:most] + more)


def score(value: float) -> str:
    """Write a score from 0 to 1, rounded down.

    >>> score(0.999), score(0.3)
    ('0.99', '0.30')
    """
    return f"{floor(value * 100 + 1e-9) / 100:.2f}"


def percent(part: float) -> str:
    """Write a part as per cent, never rounded to none or to all.

    >>> percent(0.004), percent(0.999), percent(1.0)
    ('less than 1%', '99%', '100%')
    """
    return "less than 1%" if 0 < part < 0.01 else f"{floor(part * 100 + 1e-9)}%"
