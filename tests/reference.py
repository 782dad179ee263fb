"""The reference implementation: slow, plain Python, written from the design with strings, sets and double loops."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from reference_paragraphs import Span as Span
from reference_paragraphs import paragraphs as paragraphs
from reference_paragraphs import trim as trim
from reference_tokens import AA as AA
from reference_tokens import AM as AM
from reference_tokens import document_tokens as document_tokens
from reference_tokens import fold as fold
from reference_tokens import is_letter as is_letter
from reference_tokens import is_mark as is_mark
from reference_tokens import is_sign as is_sign
from reference_tokens import stands_alone as stands_alone
from reference_tokens import tokens as tokens

Shingles = frozenset[tuple[str, ...]]


def shingles(words: Sequence[str], n: int) -> Shingles:
    """Return all runs of n tokens; of fewer than n tokens, the only run."""
    if not words:
        return frozenset()
    if len(words) < n:
        return frozenset([tuple(words)])
    return frozenset(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


def jaccard(a: Shingles, b: Shingles) -> float:
    return len(a & b) / len(a | b)


class Unit(NamedTuple):
    kind: str
    doc: int
    span: Span
    words: list[str]
    shingles: Shingles

    @property
    def size(self) -> int:
        return len(self.words)


def make_unit(kind: str, doc: int, text: str, span: Span, n: int, by_signs: bool = False) -> Unit:
    content = text[span.start : span.end]
    words = document_tokens(content, by_signs) if kind == "document" else tokens(content, by_signs)
    if kind == "paragraph" and not tokens(content):
        words = []  # without letters and digits
    return Unit(kind, doc, span, words, shingles(words, n))


def document_units(texts: Sequence[str], n: int, by_signs: bool = False) -> list[Unit]:
    return [make_unit("document", doc, text, trim(text), n, by_signs) for doc, text in enumerate(texts)]


def paragraph_units(
    texts: Sequence[str], docs: Iterable[int], n: int, by: str, min_tokens: int, by_signs: bool = False
) -> list[Unit]:
    """Return the paragraphs that are compared."""
    units = [
        make_unit("paragraph", doc, texts[doc], span, n, by_signs)
        for doc in docs
        for span in paragraphs(texts[doc], by)
    ]
    return [unit for unit in units if unit.size >= max(1, min_tokens)]


def block_units(
    texts: Sequence[str], docs: Iterable[int], n: int, by: str, min_tokens: int, nested: int, by_signs: bool = False
) -> list[Unit]:
    """Return the blocks of several paragraphs that are compared: those of which no single paragraph has all tokens."""
    found = []
    for doc in docs:
        single = {*paragraphs(texts[doc], by)}
        units = [
            make_unit("paragraph", doc, texts[doc], span, n, by_signs) for span in paragraphs(texts[doc], by, nested)
        ]
        for block in units:
            inside = [
                one for one in units if one.span in single and block.span.start <= one.span.start < block.span.end
            ]
            if block.span not in single and all(one.size < block.size for one in inside):
                found.append(block)
    return [unit for unit in found if unit.size >= max(1, min_tokens)]


def may_pair(former: Unit, latter: Unit, near_within: bool, min_tokens: int) -> bool:
    """Return whether the latter of two similar units may be removed for the former."""
    if former.words == latter.words:
        return True
    if former.kind == "paragraph":
        return near_within or former.doc != latter.doc
    return latter.size >= min_tokens


Pairs = dict[tuple[int, int], float]


def all_pairs(units: Sequence[Unit], threshold: float, within: bool) -> Pairs:
    """Return every pair at the threshold, by the numbers of the units, by brute force."""
    found = {}
    for a, b in combinations(range(len(units)), 2):
        left, right = units[a].shingles, units[b].shingles
        if left and right and (not within or units[a].doc == units[b].doc):
            similarity = jaccard(left, right)
            if similarity >= threshold:
                found[a, b] = similarity
    return found


def greedy(order: Sequence[int], pairs: Iterable[tuple[int, int]]) -> set[int]:
    """Keep each unit that has no pair with an earlier kept unit."""
    partners: dict[int, set[int]] = {unit: set() for unit in order}
    for a, b in pairs:
        partners[a].add(b)
        partners[b].add(a)
    kept: set[int] = set()
    for unit in order:
        if not partners[unit] & kept:
            kept.add(unit)
    return kept


def keepers(units: Sequence[Unit], kept: set[int], pairs: Pairs) -> dict[int, int]:
    """Return the most similar kept unit of each removed unit; ties: same document, then lowest rank.

    The first unit of each pair comes first in keep order.
    """
    found: dict[int, tuple[tuple[float, bool, int], int]] = {}
    for (keeper, removed), similarity in pairs.items():
        if removed not in kept and keeper in kept:
            merit = (similarity, units[removed].doc == units[keeper].doc, -keeper)
            found[removed] = max(found.get(removed, (merit, keeper)), (merit, keeper))
    return {removed: keeper for removed, (_, keeper) in found.items()}


def keep_order(keep: str, texts: Sequence[str], values: Sequence[Any]) -> list[int]:
    """Return the documents in keep order; `values` are those of the column that `keep` names."""
    ranks = range(len(texts))
    if keep == "first":
        return list(ranks)
    if keep == "longest":
        return sorted(ranks, key=lambda doc: -len(texts[doc]))
    known = sorted((doc for doc in ranks if values[doc] is not None), key=lambda doc: doc)
    known.sort(key=lambda doc: values[doc], reverse=keep.startswith("-"))  # stable, also in reverse
    return known + [doc for doc in ranks if values[doc] is None]


def rebuild(clean: Iterable[dict[str, Any]], removed: Sequence[dict[str, Any]]) -> dict[int, str]:
    """Rebuild the original of each document from the output of `clean`."""
    originals = {row["doc"]: row["text"] or "" for row in clean}
    for row in sorted(removed, key=lambda row: row["cut_start"]):
        if row["unit"] == "paragraph" and row["doc"] in originals:
            text = originals[row["doc"]]
            originals[row["doc"]] = text[: row["cut_start"]] + row["text"] + text[row["cut_start"] :]
    return originals | {row["doc"]: row["text"] for row in removed if row["unit"] == "document"}


def cosines(left: list[list[str]], right: list[list[str]], part: float) -> list[list[float]]:
    """Return the similarity of each pair of sentences: the product of weighted terms over a weighted mean of norms."""
    sentences = left + right
    frequency = Counter(term for sentence in sentences for term in set(sentence))

    def vector(sentence: list[str]) -> dict[str, float]:
        return {
            term: math.sqrt(count) * math.log(1 + len(sentences) / frequency[term])
            for term, count in Counter(sentence).items()
        }

    def alike(one: dict[str, float], other: dict[str, float]) -> float:
        norms = sorted(math.sqrt(sum(weight**2 for weight in side.values())) for side in (one, other))
        product = sum(weight * other.get(term, 0) for term, weight in one.items())
        return product / max(norms[0] ** part * norms[1] ** (2 - part), 1e-12)

    return [[alike(vector(one), vector(other)) for other in right] for one in left]


def around(values: list[list[float]], reach: int) -> list[list[float]]:
    """Return the mean of the greatest values at each distance before and after a cell, weighted by proximity."""

    def at(row: int, column: int) -> float:
        return values[row][column] if 0 <= row < len(values) and 0 <= column < len(values[0]) else 0.0

    def mean(row: int, column: int) -> float:
        total = 0.0
        for distance in range(1, reach + 1):
            close = (distance - 1, distance, distance + 1)
            steps = [(distance, other) for other in close] + [(other, distance) for other in close]
            for sign in (-1, 1):
                total += max(at(row + sign * down, column + sign * along) for down, along in steps) / distance
        return total / (2 * sum(1 / distance for distance in range(1, reach + 1)))

    return [[mean(row, column) for column in range(len(values[0]))] for row in range(len(values))]


def link_groups(
    docs: list[int], edges: dict[tuple[int, int], float], compared: set[tuple[int, int]], least: float, doubt: int
) -> list[set[int]]:
    """Group by average linkage, computing every mean at every step; ties: the pair of the earliest groups."""
    groups = [{node} for node in range(len(docs))]

    def mean(one: set[int], other: set[int]) -> float:
        weight = sum(edges.get((min(a, b), max(a, b)), 0.0) for a in one for b in other)
        tried = sum((min(docs[a], docs[b]), max(docs[a], docs[b])) in compared for a in one for b in other)
        return weight / max(tried, min(len(one) * len(other), doubt))

    while True:
        pairs = [(-mean(one, other), min(one), min(other)) for one, other in combinations(groups, 2)]
        best = min(((m, min(a, b), max(a, b)) for m, a, b in pairs), default=(0.0, 0, 0))
        if -best[0] < least or best[0] == 0:
            return sorted(groups, key=min)
        one, other = (next(group for group in groups if min(group) == first) for first in best[1:])
        groups = [group for group in groups if group not in (one, other)] + [one | other]


def duplicate_groups(removed: Iterable[dict[str, Any]]) -> dict[tuple[str, int, int, int], list[dict[str, Any]]]:
    """Group rows of removed.parquet by the kept unit that they name."""
    groups: dict[tuple[str, int, int, int], list[dict[str, Any]]] = {}
    for row in removed:
        if row["kept_doc"] is not None:
            groups.setdefault((row["unit"], row["kept_doc"], row["kept_start"], row["kept_end"]), []).append(row)
    return groups


def pairs(left: Sequence[Any], right: Sequence[Any], same: Callable[[Any, Any], bool]) -> list[tuple[int, int]]:
    """Return all pairs of equal items, comparing each with each."""
    return [(at, there) for at, one in enumerate(left) for there, other in enumerate(right) if same(one, other)]


def match_wordings(left: Sequence[int], right: Sequence[int]) -> set[tuple[int, int]]:
    """Pair sentences of the same words: the first with the first, and so on; the remaining ones with the last."""
    pairs = set()
    for wording in {*left} & {*right} - {-1}:
        rows = [at for at, one in enumerate(left) if one == wording]
        columns = [at for at, one in enumerate(right) if one == wording]
        for turn in range(max(len(rows), len(columns))):
            pairs.add((rows[min(turn, len(rows) - 1)], columns[min(turn, len(columns) - 1)]))
    return pairs


def letter_share(text: str, spans: Iterable[tuple[int, int]]) -> float:
    """Return the share of the letters and digits of a text that are in any of some spans."""
    letters = [offset for offset, char in enumerate(text) if char.isalnum()]
    ranges = list(spans)
    inside = [offset for offset in letters if any(start <= offset < end for start, end in ranges)]
    return len(inside) / len(letters) if letters else 0.0


def local_minima(places: Sequence[tuple[float, Any]], window: float) -> list[int]:
    """Return the ranks of the places, (position, key), with the smallest key in a window; of equal ones the first."""
    return [
        rank
        for rank, (at, key) in enumerate(places)
        if all(
            (key, rank) <= (other_key, other)
            for other, (other_at, other_key) in enumerate(places)
            if abs(other_at - at) <= window
        )
    ]
