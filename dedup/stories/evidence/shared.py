"""The facts that two documents share, by the sentences that state them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.stories.evidence.profile import Profile
from dedup.text.analysis import Analysis
from dedup.text.features import term_id


@dataclass(frozen=True)
class SharedNumbers:
    """Pairs of numbers and days that are the same."""

    rows: NDArray[np.int64]
    """Left and right sentence of each pair, shape (pairs, 2)."""
    values: NDArray[np.int64]
    """Ids of the left and right value of each pair, shape (pairs, 2): a day can be with and without a year."""
    information: NDArray[np.float64]
    """Information of each pair in nats, shape (pairs,)."""

    def inside(self, stretches: tuple[range, range]) -> dict[int, float]:
        """Return the information of each value that a stretch of each document has, by its id.

        The values are those of the document with less information in them, so that the order of both does not matter:
        "8 October 2024" and "8 October" are two values of one document, but only one of another that has "8 October
        2024".

        Args:
            stretches: Ranks of the sentences of each.
        """
        if not self.information.size:
            return {}
        chosen = _are_inside(self.rows, stretches)
        information = self.information[chosen].tolist()
        left, right = (dict(zip(values, information, strict=True)) for values in self.values[chosen].T.tolist())
        return min(left, right, key=lambda found: (sum(found.values()), sorted(found)))


@dataclass(frozen=True)
class OtherSpellings:
    """Names that are the same without a common word: "IAEA", "International Atomic Energy Agency"."""

    rows: NDArray[np.int64]
    """Left and right sentence of each pair of mentions, shape (mentions, 2)."""
    names: NDArray[np.int64]
    """Index of the pair of names of each pair of mentions, shape (mentions,)."""
    words: tuple[tuple[NDArray[np.int64], NDArray[np.int64]], ...]
    """For each pair of names the indexes of the words in the profiles of both documents."""

    def information(self, stretches: tuple[range, range], information: Sequence[NDArray[np.float64]]) -> float:
        """Return the information of the names that a stretch of each document has, in nats.

        Args:
            stretches: Ranks of the sentences of each.
            information: Information of the words of each document, shape (words,) each.
        """
        if not self.words:
            return 0.0
        found = np.unique(self.names[_are_inside(self.rows, stretches)]).tolist()
        return sum(
            min(float(values[columns].max()) for values, columns in zip(information, self.words[name], strict=True))
            for name in found
        )


def shared_numbers(left: Profile, right: Profile, shared_facts: Sequence[tuple[int, int]]) -> SharedNumbers:
    """Return the numbers and days that two documents share.

    Args:
        left: Profile of the left document.
        right: Profile of the right document.
        shared_facts: Ranks of the facts that are the same, left and right.
    """
    indexes = [
        (left.fact_indexes[rank], right.fact_indexes[other])
        for rank, other in shared_facts
        if rank in left.fact_indexes and other in right.fact_indexes
    ]
    in_left, in_right = np.array(indexes, np.int64).reshape(-1, 2).T
    return SharedNumbers(
        rows=np.column_stack((left.fact_rows[in_left], right.fact_rows[in_right])),
        values=np.column_stack((left.fact_values[in_left], right.fact_values[in_right])),
        information=np.minimum(left.fact_information[in_left], right.fact_information[in_right]),
    )


def other_spellings(
    analyses: Sequence[Analysis], profiles: Sequence[Profile], shared_facts: Sequence[tuple[int, int]]
) -> OtherSpellings:
    """Return the names that two documents share in spellings without a common word.

    Args:
        analyses: Both documents.
        profiles: Their profiles.
        shared_facts: Ranks of the facts that are the same, left and right.
    """
    index: dict[tuple[str, str], int | None] = {}
    words: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    rows: list[tuple[int, int]] = []
    names: list[int] = []
    for left, right in shared_facts:
        facts = analyses[0].facts[left], analyses[1].facts[right]
        if facts[0].kind != "name" or facts[0].value == facts[1].value:
            continue
        key = facts[0].value, facts[1].value
        if key not in index:
            columns = _name_words(analyses[0], profiles[0], left), _name_words(analyses[1], profiles[1], right)
            ids = profiles[0].ids[columns[0]], profiles[1].ids[columns[1]]
            is_other = all(part.size for part in columns) and not np.isin(ids[0], ids[1]).any()
            index[key] = len(words) if is_other else None
            if is_other:
                words.append(columns)
        name = index[key]
        if name is not None:
            names.append(name)
            rows.append((analyses[0].fact_sentences[left], analyses[1].fact_sentences[right]))
    return OtherSpellings(np.array(rows, np.int64).reshape(-1, 2), np.array(names, np.int64), tuple(words))


def _are_inside(rows: NDArray[np.int64], stretches: tuple[range, range]) -> NDArray[np.bool_]:
    """Return which pairs of sentences are in stretches of both documents, shape (pairs,)."""
    (left, right), (lefts, rights) = stretches, rows.T
    inside: NDArray[np.bool_] = (
        (lefts >= left.start) & (lefts < left.stop) & (rights >= right.start) & (rights < right.stop)
    )
    return inside


def _name_words(analysis: Analysis, profile: Profile, rank: int) -> NDArray[np.int64]:
    """Return the indexes of the words of a name in the profile of its document."""
    fact, row = analysis.facts[rank], analysis.fact_sentences[rank]
    tokens = zip(analysis.words[row], analysis.stems[row], strict=True)
    ids = [term_id(stem) for token, stem in tokens if fact.start <= token.start < fact.end]
    return np.flatnonzero(np.isin(profile.ids, ids))
