"""Which units of two sentences are alike, and how alike their neighbours are."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import takewhile
from operator import eq

from dedup.alignment.words.pieces import BEGUN, FORM, SPELT, Unit
from dedup.text.facts.names.spelling import matches

# What a unit of each kind weighs (content, function, sign), and what a border of the sentences does.
WEIGHT, BORDER = (1.0, 0.4, 0.25), 0.5
# How much alike neighbours count at each distance, and how much less for each word that their distances differ.
NEARNESS, SKEW = (1.0, 0.6, 0.3, 0.15), 0.7
# Units of one sentence that are compared with one of the other, where many share a key.
CROWD = 12
# Letters by which words with the same beginning are found, and the part of the longer one that must be the same.
LETTERS, PART = 4, 0.65

Alike = dict[tuple[int, int], float]


def alike(left: Sequence[Unit], right: Sequence[Unit]) -> Alike:
    """Find the pairs of units that are alike.

    Args:
        left: Units of a sentence.
        right: Those of the other.

    Returns:
        How alike they are, from `SIMILAR` to `SAME` of `dedup.alignment.words.pieces`, by left and right unit.
    """
    places: dict[str, list[int]] = {}
    for at, unit in enumerate(right):
        for _, key in unit.keys:
            places.setdefault(key, []).append(at)
    found: Alike = {}
    for at, unit in enumerate(left):
        for likeness, key in unit.keys:
            for other in _nearest(places.get(key, []), at * len(right) // len(left)):
                _raise(found, (at, other), likeness)
    _add_spelt(found, left, right)
    return found


def context(found: Alike, left: Sequence[Unit], right: Sequence[Unit], at: int, other: int) -> float:
    """Sum up how alike the neighbours of two units are; the borders of the sentences are alike.

    Args:
        found: The pairs that are alike.
        left: Units of a sentence.
        right: Those of the other.
        at: A unit of the left sentence.
        other: One of the right.
    """
    total = 0.0
    borders = ((-1, -1), (len(left), len(right)))
    for step, other_step, weight in _STEPS:
        pair = at + step, other + other_step
        likeness = found.get(pair)
        if likeness:
            total += likeness * weight * WEIGHT[max(left[pair[0]].kind, right[pair[1]].kind)]
        elif pair in borders:
            total += BORDER * weight
    return total


_STEPS = [
    (one * way, two * way, NEARNESS[one - 1] * NEARNESS[two - 1] * SKEW ** abs(one - two))
    for way in (-1, 1)
    for one in range(1, len(NEARNESS) + 1)
    for two in range(1, len(NEARNESS) + 1)
]


def _raise(found: Alike, pair: tuple[int, int], likeness: float) -> None:
    found[pair] = max(likeness, found.get(pair, 0.0))


def _nearest(places: list[int], to: int) -> list[int]:
    """Choose the places around one, so that the pairs of a frequent word are not the square of its number."""
    if len(places) <= CROWD:
        return places
    first = min(max(0, bisect_left(places, to) - CROWD // 2), len(places) - CROWD)
    return places[first : first + CROWD]


def _add_spelt(found: Alike, left: Sequence[Unit], right: Sequence[Unit]) -> None:
    """Compare the spelling of words that are not found on the other side; names may begin alike and be others."""
    known = [{pair[side] for pair, likeness in found.items() if likeness >= FORM} for side in (0, 1)]
    lefts, rights = (
        [at for at, unit in enumerate(side) if unit.spelt and at not in there]
        for side, there in zip((left, right), known, strict=True)
    )
    for one, two in matches([left[at].form for at in lefts], [right[at].form for at in rights]):
        _raise(found, (lefts[one], rights[two]), SPELT)
    beginnings: dict[str, list[int]] = {}
    for other in rights:
        beginnings.setdefault(right[other].form[:LETTERS], []).append(other)
    for at in lefts:
        mine = left[at]
        for other in _nearest(beginnings.get(mine.form[:LETTERS], []), at):
            theirs = right[other]
            same = sum(takewhile(bool, map(eq, mine.form, theirs.form)))
            if same >= PART * max(len(mine.form), len(theirs.form)):
                _raise(found, (at, other), BEGUN if mine.proper and theirs.proper else SPELT)
