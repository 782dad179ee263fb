"""Find the facts that are the same in two texts, without comparing all pairs."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from dedup.text.facts.dates.find import MONTH_OR_PART, in_utc
from dedup.text.facts.extract import prefix_words, quotation_words, same_fact
from dedup.text.facts.names.spelling import match_names, reference_keys, refers
from dedup.text.spans import Fact

# Values with more pairs of mentions than this are skipped, which limits the time for long texts.
MAX_MENTION_PAIRS = 10_000

# Returns the keys of a value; only values with a common key are compared.
ValueKeys = Callable[[str], Iterable[str]]
# Ranks of the facts with each value, by kind.
MentionsByValue = dict[str, dict[str, list[int]]]


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
    for kind, left_value, right_value in _candidate_values(left_mentions, right_mentions):
        lefts, rights = left_mentions[kind][left_value], right_mentions[kind][right_value]
        if len(lefts) * len(rights) <= MAX_MENTION_PAIRS:
            pairs += _same_mentions(kind, (left, lefts), (right, rights), language)
    return sorted(pairs)


def _mentions(facts: Sequence[Fact]) -> MentionsByValue:
    """Return the ranks of the facts with each value, by kind."""
    found: MentionsByValue = {"name": {}, "date": {}, "quotation": {}, "number": {}}
    for rank, fact in enumerate(facts):
        found[fact.kind].setdefault(fact.value, []).append(rank)
    return found


def _candidate_values(left: MentionsByValue, right: MentionsByValue) -> Iterable[tuple[str, str, str]]:
    """Yield the values that may be the same, as kind, left value and right value."""
    left_names, right_names = list(left["name"]), list(right["name"])
    names = {(left_names[left_at], right_names[right_at]) for left_at, right_at in match_names(left_names, right_names)}
    references = [
        pair
        for pair in _with_common_key(left_names, right_names, reference_keys)
        if pair not in names and _refers_either_way(*pair)
    ]
    yield from (("name", *pair) for pair in (*names, *references))
    yield from (("date", *pair) for pair in _with_common_key(left["date"], right["date"], _date_keys))
    quotations = left["quotation"], right["quotation"]
    rare_words = _rare_word_keys(chain(*quotations))
    yield from (("quotation", *pair) for pair in _with_common_key(*quotations, rare_words))
    yield from (("number", value, value) for value in left["number"] if value in right["number"])


def _same_mentions(
    kind: str, left: tuple[Sequence[Fact], list[int]], right: tuple[Sequence[Fact], list[int]], language: str
) -> Iterable[tuple[int, int]]:
    """Yield the pairs of mentions of two values that are the same fact.

    Args:
        kind: Kind of the facts.
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
                results[compared] = kind == "name" or same_fact(left_fact, right_fact, language)
            if results[compared]:
                yield left_rank, right_rank


def _with_common_key(left: Iterable[str], right: Iterable[str], keys: ValueKeys) -> Iterable[tuple[str, str]]:
    """Return the pairs of values with a common key, each pair once."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for value in right:
        for key in keys(value):
            by_key[key].append(value)
    return dict.fromkeys((value, match) for value in left for key in keys(value) for match in by_key.get(key, ()))


def _refers_either_way(left: str, right: str) -> bool:
    """Return whether one of two names is a short form of the other."""
    return refers(left, right) or refers(right, left)


def _date_keys(date: str) -> Iterable[str]:
    """Return the date, in UTC too, and its months as keys: dates that are the same have one of them in common."""
    ends = date.split("/")
    months = [found and found[2] for found in map(MONTH_OR_PART.fullmatch, ends)]
    keys = [date, "/".join(map(str, months)) if all(months) else date]
    return [*keys, "/".join(in_utc(end)[5:7] for end in ends)] if all(map(in_utc, ends)) else keys


def _rare_word_keys(quotations: Iterable[str]) -> ValueKeys:
    """Return a function that returns the rarest words of a quotation, as keys.

    Quotations that share enough words have a key in common; see `prefix_words`.
    """
    frequency = Counter(word for quotation in quotations for word in quotation_words(quotation))

    def keys(quotation: str) -> Iterable[str]:
        return prefix_words(sorted(quotation_words(quotation), key=lambda word: (frequency[word], word)))

    return keys
