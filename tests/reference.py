"""The reference implementation: slow, plain Python, written from the design with strings, sets and double loops."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import combinations, pairwise
from typing import Any, NamedTuple

BREAKS = "\n\v\f\r\x85\u2028\u2029"
LONGEST_WRAP = 120
# Scripts written without spaces, by the Unicode names of their letters; and their signs with other names.
UNSPACED = re.compile(
    r"(CJK (UNIFIED|COMPATIBILITY) IDEOGRAPH|HIRAGANA|KATAKANA|HALFWIDTH KATAKANA|HENTAIGANA|THAI|LAO|KHMER|MYANMAR"
    r"|HANGZHOU NUMERAL|VERTICAL KANA REPEAT)\b"
)
UNSPACED_SIGNS = "々〆〇〻〼\U00016fe3"
HALFWIDTH_VOICING = "\uff9e\uff9f"
STRETCHES = "\u0640\u07fa"  # tatweel, and lajanyalan of N'Ko
MARKS_ON_TATWEEL = "\ufcf2\ufcf3\ufcf4\ufe71\ufe77\ufe79\ufe7b\ufe7d\ufe7f"
SAME_LETTERS = str.maketrans({"\u06cc": "\u064a", "\u06a9": "\u0643", "\u0131": "i", "\u0640": None, "\u07fa": None})
# SARA AM, SARA AA, the ring of SARA AM, and the tone marks, of Thai and Lao.
AM, AA, RING = "\u0e33\u0eb3", "\u0e32\u0eb2", "\u0e4d\u0ecd"
TONES = "\u0e48\u0e49\u0e4a\u0e4b\u0ec8\u0ec9\u0eca\u0ecb"
HYPHENS, SOFT_HYPHEN = "-\u2010", "\u00ad"
LINE_END = re.compile(rf"(?:(?![{BREAKS}])\s)*(?:\r\n|[{BREAKS}])(?:(?![{BREAKS}])[\s>])*")


@cache
def is_letter(char: str) -> bool:
    """Return whether a character is a letter or digit; marks that Unicode classifies as letters are not."""
    return unicodedata.category(char)[0] in "LN" and char not in HALFWIDTH_VOICING + STRETCHES + MARKS_ON_TATWEEL


@cache
def is_mark(char: str, by_signs: bool = False) -> bool:
    joins = char == "\u200d" or "\U000e0020" <= char <= "\U000e007f"
    return unicodedata.category(char)[0] == "M" or char in HALFWIDTH_VOICING + MARKS_ON_TATWEEL or (by_signs and joins)


@cache
def is_ignored(char: str) -> bool:
    return unicodedata.category(char) == "Cf" or char in STRETCHES


@cache
def is_sign(char: str) -> bool:
    """Return whether a character is neither letter, digit, mark, format character, control character nor space."""
    return unicodedata.category(char) not in ("Cc", "Cs") and not (
        is_letter(char) or is_mark(char) or is_ignored(char) or char.isspace()
    )


@cache
def stands_alone(char: str) -> bool:
    """Return whether a character is a letter of a script written without spaces; numbers have other scripts' digits."""
    if unicodedata.category(char) == "Nd":
        return False
    return is_letter(char) and (char in UNSPACED_SIGNS or bool(UNSPACED.match(unicodedata.name(char, ""))))


def is_accent(char: str) -> bool:
    return 10 <= unicodedata.combining(char) <= 35 or unicodedata.combining(char) >= 200


def ascii_digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char


def order_ring(token: str) -> str:
    """Sort the marks of each run; the ring of SARA AM comes after the tone marks."""
    classes = {"\u0e4d": 108, "\u0ecd": 123}
    done, run = "", ""
    for char in [*token, ""]:
        if char and (char in RING or unicodedata.combining(char)):
            run += char
        else:
            done += "".join(sorted(run, key=lambda mark: classes.get(mark, unicodedata.combining(mark)))) + char
            run = ""
    return done


def fold(token: str, by_signs: bool = False) -> str:
    if by_signs:
        return order_ring(unicodedata.normalize("NFD", token))
    decomposed = unicodedata.normalize("NFKD", token)
    plain = "".join(ascii_digit(char) for char in decomposed if not is_accent(char))
    return order_ring(plain.translate(SAME_LETTERS).casefold())


def join_words(text: str, by_signs: bool = False) -> str:
    """Join words that a hyphen breaks at a line end; where signs are tokens, only a soft hyphen breaks a word."""
    found, base, at = "", "", 0
    while at < len(text):
        char = text[at]
        line_end = LINE_END.match(text, at + 1) if char == SOFT_HYPHEN or (char in HYPHENS and not by_signs) else None
        following = text[line_end.end()] if line_end and line_end.end() < len(text) else ""
        small = following and unicodedata.category(following) in (
            ["Ll", "Lu", "Lt", "Lm", "Lo"] if char == SOFT_HYPHEN else ["Ll"]
        )
        if small and all(
            one and is_letter(one) and unicodedata.category(one)[0] == "L" and not stands_alone(one)
            for one in (base, following)
        ):
            assert line_end
            at = line_end.end()
            continue
        if not is_mark(char, by_signs) and not is_ignored(char):
            base = char
        found += char
        at += 1
    return found


def tokens(text: str, by_signs: bool = False) -> list[str]:
    found: list[str] = []
    current = ""
    chars = list(join_words(text, by_signs))
    while chars:
        char = chars.pop(0)
        if char in AM + AA:
            if current:
                current += RING[AM.index(char)] if char in AM else ""
                while chars and chars[0] in TONES:
                    current += chars.pop(0)
            char = AA[AM.index(char)] if char in AM else char
        if is_mark(char, by_signs):
            current += char if current else ""
            continue
        if is_ignored(char):
            continue
        sign = by_signs and is_sign(char)
        if current and (
            not is_letter(char) or stands_alone(char) or not is_letter(current[0]) or stands_alone(current[0])
        ):
            found.append(current)
            current = ""
        if is_letter(char) or sign:
            current += char
    return [fold(token, by_signs) for token in [*found, *([current] if current else [])]]


def document_tokens(text: str, by_signs: bool = False) -> list[str]:
    """Return the tokens of a document: without letters and digits, its signs."""
    return tokens(text, by_signs) or tokens(text, by_signs=True)


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


class Span(NamedTuple):
    start: int
    end: int
    cut_start: int
    cut_end: int


def trim(text: str) -> Span:
    start = len(text) - len(text.lstrip())
    return Span(start, max(start, len(text.rstrip())), 0, len(text))


def lines(text: str) -> list[tuple[int, int]]:
    """Return start and end of each line, without its line break."""
    found, start, at = [], 0, 0
    while at < len(text):
        if text[at] in BREAKS:
            found.append((start, at))
            at += 2 if text[at : at + 2] == "\r\n" else 1
            start = at
        else:
            at += 1
    return [*found, (start, at)]


def first_word(line: str) -> int:
    for at, char in enumerate(line):
        if char.isspace():
            return at
        if stands_alone(char):
            return at + 1
    return len(line)


def is_wrapped(block: list[str]) -> bool:
    """Return whether most lines would be longer than the longest one with the first word of the next line."""
    longest = max(map(len, block))
    passing = sum(len(a) + 1 + first_word(b) > longest for a, b in pairwise(block))
    return longest <= LONGEST_WRAP and passing > (len(block) - 1) / 2


def paragraphs(text: str, by: str) -> list[Span]:
    blocks: list[list[tuple[int, int, int]]] = [[]]  # lines of a block: start, and start and end of the content
    for begin, end in lines(text):
        line = text[begin:end].rstrip()
        content = begin + re.match(r"[\s>]*", line).end()  # type: ignore[union-attr]  # it matches the empty string
        if content < begin + len(line):
            blocks[-1].append((begin, content, begin + len(line)))
        else:
            blocks.append([])
    found: list[tuple[int, int, int]] = []
    for block in filter(None, blocks):
        joined = by == "blank-line" or (by == "auto" and is_wrapped([text[start:end] for _, start, end in block]))
        found += [(block[0][0], block[0][1], block[-1][2])] if joined else block
    cuts = [*(begin for begin, _, _ in found), len(text)]
    return [Span(start, end, begin, cut_end) for (begin, start, end), cut_end in zip(found, cuts[1:], strict=True)]


class Unit(NamedTuple):
    kind: str
    doc: int
    span: Span
    size: int  # in tokens
    shingles: Shingles


def make_unit(kind: str, doc: int, text: str, span: Span, n: int, by_signs: bool = False) -> Unit:
    content = text[span.start : span.end]
    words = document_tokens(content, by_signs) if kind == "document" else tokens(content, by_signs)
    if kind == "paragraph" and not tokens(content):
        words = []  # without letters and digits
    return Unit(kind, doc, span, len(words), shingles(words, n))


def document_units(texts: Sequence[str], n: int, by_signs: bool = False) -> list[Unit]:
    return [make_unit("document", doc, text, trim(text), n, by_signs) for doc, text in enumerate(texts)]


def paragraph_units(
    texts: Sequence[str], docs: Iterable[int], n: int, by: str, min_tokens: int, alone: bool, by_signs: bool = False
) -> list[Unit]:
    """Return the paragraphs that are compared; none of documents of one paragraph, unless `alone`."""
    units = []
    for doc in docs:
        spans = paragraphs(texts[doc], by)
        if len(spans) > 1 or alone:
            units += [make_unit("paragraph", doc, texts[doc], span, n, by_signs) for span in spans]
    return [unit for unit in units if unit.size >= max(1, min_tokens)]


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
    """Return the most similar kept unit of each removed unit; ties: same document, then lowest rank."""
    both = {**pairs, **{(b, a): similarity for (a, b), similarity in pairs.items()}}
    found: dict[int, tuple[tuple[float, bool, int], int]] = {}
    for (removed, keeper), similarity in both.items():
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


def duplicate_groups(removed: Iterable[dict[str, Any]]) -> dict[tuple[str, int, int], list[dict[str, Any]]]:
    """Group rows of removed.parquet by the kept unit that they name."""
    groups: dict[tuple[str, int, int], list[dict[str, Any]]] = {}
    for row in removed:
        if row["kept_doc"] is not None:
            groups.setdefault((row["unit"], row["kept_doc"], row["kept_start"]), []).append(row)
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
