"""Find the numbers in which two texts conflict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from dedup.alignment.roles import Role, roles_of
from dedup.text.analysis import Analysis


@dataclass(frozen=True)
class Conflict:
    """Two numbers that measure the same quantity of the same thing and differ.

    >>> str(Conflict("3000", "12000", "soldats"))
    '3000 ≠ 12000 soldats'
    """

    left: str
    """Value in the left text, in normal form."""
    right: str
    """Value in the right text, in normal form."""
    noun: str
    """What both numbers count, as in the left text; or their unit."""

    def __str__(self) -> str:
        """Return the conflict as it is displayed."""
        return f"{self.left} ≠ {self.right} {self.noun}"


def find_conflicts(
    left: Analysis, right: Analysis, left_sentences: range, right_sentences: range
) -> Iterator[Conflict]:
    """Yield the numbers in linked sentences that count the same thing and differ.

    Numbers whose value the other text states anywhere do not conflict, nor do several numbers with the same role.

    Args:
        left: Analysis of the left text.
        right: Analysis of the right text.
        left_sentences: Ranks of left sentences.
        right_sentences: Ranks of the right sentences that are linked to them.
    """
    if not (_has_other_numbers(left, left_sentences, right) and _has_other_numbers(right, right_sentences, left)):
        return
    values = _values(left, left_sentences, right)
    others = _values(right, right_sentences, left) if values else {}
    for role, value in values.items():
        matching = [found for other, found in others.items() if role.matches(other)]
        if len(matching) == 1:
            yield Conflict(value, matching[0], role.noun)


def _has_other_numbers(side: Analysis, sentences: range, other: Analysis) -> bool:
    """Return whether some sentences have a number that the other text lacks."""
    facts = (side.facts[rank] for rank in side.facts_in(sentences))
    return any(fact.kind == "number" and fact.value not in other.numbers for fact in facts)


def _values(side: Analysis, sentences: range, other: Analysis) -> dict[Role, str]:
    """Return the values in some sentences that the other text lacks, by role; without roles of several values."""
    values: dict[Role, set[str]] = defaultdict(set)
    for rank, role in roles_of(side, sentences).items():
        value = side.facts[rank].value
        if value not in other.numbers:
            values[role].add(value)
    found = {}
    for role in values:
        same = {value for rival, numbers in values.items() if rival.matches(role) for value in numbers}
        if len(same) == 1:
            found[role] = next(iter(same))
    return found
