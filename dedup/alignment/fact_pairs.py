"""Find the facts that are the same in two texts, without comparing all pairs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from dedup.text.facts.dates.find import MONTH_OR_PART, in_utc
from dedup.text.facts.extract import prefix_words, quotation_words, same_fact
from dedup.text.facts.names.spelling import own_keys, reference_keys
from dedup.text.language import WORD_CACHE_SIZE
from dedup.text.spans import Fact, FactKind

# Values with more pairs of mentions than this are skipped, which limits the time for long texts.
MAX_MENTION_PAIRS = 10_000


def same_facts(left: Sequence[Fact], right: Sequence[Fact], language: str) -> list[tuple[int, int]]:
    """Return the pairs of facts that are the same.

    Values with more than `MAX_MENTION_PAIRS` pairs of mentions are left out.

    Args:
        left: Facts of the left text.
        right: Facts of the right text.
        language: ISO 639-1 code, used to compare the nouns of numbers.

    Returns:
        Ranks of the facts, left and right, ascending.

    >>> left = [Fact("date", 0, 4, "2024-06"), Fact("name", 9, 16, "Alabuga"), Fact("date", 20, 24, "2023-06")]
    >>> same_facts(left, [Fact("name", 0, 7, "Alabuga"), Fact("date", 8, 14, "--06")], "en")
    [(0, 1), (1, 0), (2, 1)]
    """
    left_mentions, right_mentions = _mentions(left), _mentions(right)
    pairs: list[tuple[int, int]] = []
    for left_value, right_value in _with_common_key(left_mentions, right_mentions):
        lefts, rights = left_mentions[left_value], right_mentions[right_value]
        if len(lefts) * len(rights) <= MAX_MENTION_PAIRS:
            pairs += _same_mentions((left, lefts), (right, rights), language)
    return sorted(pairs)


def _mentions(facts: Sequence[Fact]) -> dict[tuple[FactKind, str], list[int]]:
    """Return the ranks of the facts of each kind and value."""
    found: dict[tuple[FactKind, str], list[int]] = {}
    for rank, fact in enumerate(facts):
        found.setdefault((fact.kind, fact.value), []).append(rank)
    return found


def _same_mentions(
    left: tuple[Sequence[Fact], list[int]], right: tuple[Sequence[Fact], list[int]], language: str
) -> Iterable[tuple[int, int]]:
    """Yield the pairs of mentions of two values that are the same fact.

    Args:
        left: Left facts, and the ranks of those with the left value.
        right: Right facts, and the ranks of those with the right value.
        language: ISO 639-1 code.
    """
    left_facts, left_ranks = left
    right_facts, right_ranks = right
    results: dict[tuple[str, ...], bool] = {}
    for left_rank in left_ranks:
        left_fact = left_facts[left_rank]
        for right_rank in right_ranks:
            right_fact = right_facts[right_rank]
            compared = left_fact.noun, left_fact.qualifier, right_fact.noun, right_fact.qualifier
            if compared not in results:
                results[compared] = same_fact(left_fact, right_fact, language)
            if results[compared]:
                yield left_rank, right_rank


def _with_common_key(
    left: Iterable[tuple[FactKind, str]], right: Iterable[tuple[FactKind, str]]
) -> Iterable[tuple[tuple[FactKind, str], tuple[FactKind, str]]]:
    """Return the pairs of values of a kind with a common key that is an own key of one of them, each pair once."""
    by_key: dict[tuple[FactKind, str], list[tuple[tuple[FactKind, str], bool]]] = defaultdict(list)
    for kind, value in right:
        for key, is_own in _all_keys(kind, value):
            by_key[kind, key].append(((kind, value), is_own))
    return dict.fromkeys(
        ((kind, value), match)
        for kind, value in left
        for key, is_own in _all_keys(kind, value)
        for match, is_matched_own in by_key.get((kind, key), ())
        if is_own or is_matched_own
    )


def _all_keys(kind: FactKind, value: str) -> Iterator[tuple[str, bool]]:
    """Yield the keys of a fact, and whether each is an own key."""
    keys = match_keys(kind, value)
    yield from ((key, True) for key in keys.own)
    yield from ((key, False) for key in keys.others)


class MatchKeys(NamedTuple):
    """Keys of a fact. Of two facts that are the same, an own key of one is an own or another key of the other."""

    own: tuple[str, ...]
    others: tuple[str, ...] = ()


@lru_cache(WORD_CACHE_SIZE)
def match_keys(kind: FactKind, value: str) -> MatchKeys:
    """Return the keys that facts that are the same have in common.

    Args:
        kind: Kind of the fact.
        value: Its value.

    >>> match_keys("number", "25000").own, match_keys("quotation", "plus que jamais").own
    (('25000',), ('jamais',))
    """
    if kind == "name":
        own = own_keys(value)
        return MatchKeys(own, tuple(key for key in reference_keys(value) if key not in own))
    if kind == "date":
        return MatchKeys(_date_keys(value))
    if kind == "quotation":  # long words first, which are rarer
        return MatchKeys(tuple(prefix_words(sorted(quotation_words(value), key=lambda word: (-len(word), word)))))
    return MatchKeys((value,))


def _date_keys(date: str) -> tuple[str, ...]:
    """Return the date, in UTC too, and its months as keys: dates that are the same have one of them in common."""
    ends = date.split("/")
    months = [found and found[2] for found in map(MONTH_OR_PART.fullmatch, ends)]
    keys = [date, "/".join(map(str, months)) if all(months) else date]
    if all(map(in_utc, ends)):
        keys.append("/".join(in_utc(end)[5:7] for end in ends))
    return tuple(dict.fromkeys(keys))
