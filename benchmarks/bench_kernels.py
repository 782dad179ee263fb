"""How long the kernels take, so that a slow-down shows; those that have no case are parts of some that have.

    pip install pytest-benchmark
    pytest benchmarks/bench_kernels.py --benchmark-autosave
    pytest benchmarks/bench_kernels.py --benchmark-compare --benchmark-compare-fail=median:10%

Texts are made up by seed, of words as unequally frequent as real ones. Each case also asks whether the answer is right.
"""
# ruff: noqa: S101 - cases assert, as tests do

import textwrap
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from dedup.kernels import attribute, minhash, sketch
from dedup.kernels import cuts as slices
from dedup.kernels import jaccard as compare
from dedup.kernels import paragraphs as segment
from dedup.kernels import select as kernel
from dedup.kernels.counting_filter import count_keys, repeated, salt
from dedup.kernels.folding import fold_table
from dedup.kernels.tokens import tokenise
from dedup.runtime.arrow import buffers

SCRIPTS = {
    "english": "etaoinshrdlucmfwypvbgkjqxz",
    "french": "esaitnrulodcmpévqfbghjàxèêzùçîôœ",
    "decomposed": unicodedata.normalize("NFD", "esaitnrulodcmpévqfbghjàxèêzùçîôœ"),
    "russian": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "hindi": "कानेरसतीमहिपलयोदुजगवबंशटचधखथभफ",
    "chinese": "".join(map(chr, range(0x4E00, 0x5200))),
}
VOCABULARY, WORDS, LONGEST = 20_000, 60_000, 16
A_SENTENCE, A_LINE, A_PAGE = 15, 75, 750  # words
PERMUTATIONS, BANDS, ROWS, SHINGLE = 216, 27, 8, 5
THRESHOLD, STANDARD_ERRORS = 0.8, 4.0
FAMILIES, MEMBERS = 20, 60
RATES = (0.0, 0.002, 0.01, 0.03)  # of the words of a member, those that differ
MANY = 500_000
NO_LIMIT = 1 << 60

Array = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Pages = tuple[NDArray[np.uint8], Array]  # bytes, and where each text begins and the last ends
Timed = Callable[..., Any]
TABLE = fold_table()
DRAWN = np.random.default_rng(1).integers(1 << 32, size=(2, PERMUTATIONS), dtype=np.uint32)
MADE_WITH = sketch.Permutations(DRAWN[0] | np.uint32(1), DRAWN[1])


@cache
def words(script: str) -> list[str]:
    """Make up the words of a text; the chance of letters and words falls with their rank."""
    random, letters = np.random.default_rng(1), list(SCRIPTS[script])
    sizes = np.full(VOCABULARY, 1) if script == "chinese" else 1 + random.poisson(4.5, VOCABULARY)
    letter, word = 1 / np.arange(1, len(letters) + 1), 1 / np.arange(1, VOCABULARY + 1)
    drawn = random.choice(letters, (VOCABULARY, LONGEST), p=letter / letter.sum())
    vocabulary = ["".join(row[:size]) for row, size in zip(drawn, sizes, strict=True)]
    return [vocabulary[rank] for rank in random.choice(VOCABULARY, WORDS, p=word / word.sum())]


def written(page: list[str], gap: str = " ") -> str:
    """Write words as sentences, a few to a line, and blank lines between."""
    text = [word + (f".{gap}" if at % A_SENTENCE == 0 else gap) for at, word in enumerate(page, 1)]
    return "\n\n".join("".join(text[first : first + A_LINE]) for first in range(0, len(text), A_LINE))


def laid(texts: list[str]) -> Pages:
    """Lay texts end to end as a run has them: in arrays that are read only, for which kernels are compiled apart."""
    return buffers(pa.array(texts, pa.large_string()))


@cache
def pages(script: str = "french") -> Pages:
    """Lay out the pages of a made-up text."""
    made, gap = words(script), "" if script == "chinese" else " "
    return laid([written(made[first : first + A_PAGE], gap) for first in range(0, WORDS, A_PAGE)])


def tokens_of(data: NDArray[np.uint8]) -> Hashes:
    """Hash the tokens of a text."""
    out = np.empty(data.size // 2 + 1, np.uint64)
    return out[: tokenise(data, 0, data.size, TABLE, out, 0)]


def sketched(
    data: NDArray[np.uint8], offsets: Array, n_paragraph: int, repeats_at: float
) -> tuple[sketch.Rows, tuple[int, int, int]]:
    """Sketch pages as a run does: the documents, and how many paragraphs are kept, seen, and too short."""
    lines, most = sketch.count_units(data, offsets)
    documents, units = (sketch.make_rows(count, PERMUTATIONS, BANDS) for count in (offsets.size - 1, lines))
    space = sketch.make_space(int(np.diff(offsets).max()), most, PERMUTATIONS, repeats_at >= 0)
    given = (ROWS, SHINGLE, n_paragraph, segment.AUTO, 20, repeats_at)
    return documents, sketch.sketch(data, offsets, TABLE, MADE_WITH, *given, documents, units, space)


def shingled(data: NDArray[np.uint8], offsets: Array) -> tuple[Array, Hashes]:
    """Make the shingle sets of pages: how large each is, and the sets end to end."""
    lengths, sizes = np.diff(offsets), np.zeros(offsets.size - 1, np.int64)
    space = compare.make_space(int(lengths.max()), int((lengths // 2 + 1).sum()))
    total = compare.shingle_sets(data, offsets[:-1].copy(), offsets[1:].copy(), SHINGLE, TABLE, space, sizes)
    return sizes, space.out[:total]


class Families(NamedTuple):
    """Near-copies, and what plain Python says of them."""

    pages: Pages
    pairs: Array  # of a family, by the later one, shape (2, n)
    shared: list[int]  # shingles of each pair; -1 under the threshold
    stays: NDArray[np.bool_]  # who resembles none before it that stays
    crowd: kernel.OversizedBuckets  # each family as one crowded bucket, and every other member in a second one


@cache
def families() -> Families:
    """Make families of near-copies of some pages, one after another."""
    random, made, texts = np.random.default_rng(1), words("french"), []
    for member in range(FAMILIES * MEMBERS):
        first = member // MEMBERS * A_PAGE
        page = np.array(made[first : first + A_PAGE], object)
        differs = random.random(A_PAGE) < random.choice(RATES)
        page[differs] = random.choice(made, int(differs.sum()))
        texts.append(written(page.tolist()))
    sizes, hashes = shingled(*laid(texts))
    signatures = sketched(*laid(texts), 0, -1.0)[0].signature.view(np.uint64)
    hashes.flags.writeable = signatures.flags.writeable = False  # a run maps them from files
    starts, units = np.cumsum(sizes) - sizes, np.arange(sizes.size)
    sets = [set(part.tolist()) for part in np.split(hashes, starts[1:])]
    inside = [(a, b) for b in range(MEMBERS) for a in range(b)]
    pairs = np.array([(first + a, first + b) for first in units[::MEMBERS] for a, b in inside], np.int64).T
    shared, stays = [], np.ones(units.size, np.bool_)
    for left, right in pairs.T:
        both = len(sets[left] & sets[right])
        alike = both / len(sets[left] | sets[right]) >= THRESHOLD
        shared.append(both if alike else -1)
        stays[right] &= not (alike and stays[left])
    members = np.sort(np.concatenate([units, units[::2]]))
    buckets = (members // MEMBERS + FAMILIES * (np.diff(members, prepend=-1) == 0)).astype(np.int32)
    crowd = kernel.OversizedBuckets(
        units,
        np.searchsorted(members, np.arange(units.size + 1)),
        buckets,
        units,
        units,
        starts,
        sizes,
        hashes,
        signatures,
        PERMUTATIONS,
        THRESHOLD,
        STANDARD_ERRORS,
        compare.most_mismatches(THRESHOLD, PERMUTATIONS, STANDARD_ERRORS),
    )
    return Families(laid(texts), pairs, shared, stays, crowd)


@pytest.fixture
def timed(benchmark: Any) -> Timed:
    """Time a task, after once that does not count: kernels are compiled, or loaded, at first use."""
    return lambda task, *given: (task(*given), benchmark(task, *given))[1]


def test_fold_table(timed: Timed) -> None:
    assert all(map(np.array_equal, timed(fold_table.__wrapped__), TABLE._asdict().values()))


def test_tokenise(timed: Timed) -> None:
    assert timed(tokens_of, pages()[0]).size == WORDS


def test_shingle(timed: Timed) -> None:
    tokens = tokens_of(pages()[0])
    out = np.empty(tokens.size, np.uint64)
    assert timed(minhash.shingle, tokens, 0, tokens.size, SHINGLE, out) == tokens.size - SHINGLE + 1
    assert np.unique(out[: 1 - SHINGLE]).size > 0.9 * tokens.size


def test_sign(timed: Timed) -> None:
    hashes, out, (a, b) = tokens_of(pages()[0])[:A_PAGE], np.empty(PERMUTATIONS, np.uint32), MADE_WITH
    values = np.empty(A_PAGE + minhash.WIDTH, np.uint32)
    timed(lambda: minhash.sign(values, minhash.premix(hashes, A_PAGE, values), a, b, out))
    assert np.array_equal(out, (a[:, None] * values[:A_PAGE] + b[:, None]).min(axis=1))


@pytest.mark.parametrize("wrapped", [False, True])
def test_paragraphs(timed: Timed, wrapped: bool) -> None:
    blocks = [" ".join(words("french")[first : first + A_LINE]) for first in range(0, WORDS, A_LINE)]
    text = "\n\n".join(textwrap.fill(block, 70) if wrapped else block for block in blocks)
    data = np.frombuffer(text.encode(), np.uint8)
    lines = segment.count_lines(data, 0, data.size)
    spans, spare = np.empty((lines, segment.COLUMNS), np.int64), np.empty((2, lines), np.int64)
    assert timed(segment.paragraphs, data, 0, data.size, segment.AUTO, TABLE, spans, *spare) == len(blocks)


@pytest.mark.parametrize("script", SCRIPTS)
def test_sketch(timed: Timed, script: str) -> None:
    documents, _ = timed(sketched, *pages(script), 0, -1.0)
    assert documents.tokens.sum() == sum(any(map(str.isalpha, word)) for word in words(script))
    assert np.unique(documents.sequence).size == WORDS // A_PAGE


@pytest.mark.parametrize(("repeats_at", "left"), [(THRESHOLD, 0), (-1.0, WORDS // A_LINE)])
def test_sketch_paragraphs(timed: Timed, repeats_at: float, left: int) -> None:
    assert timed(sketched, *pages(), 3, repeats_at)[1] == (left, WORDS // A_LINE, 0)


def keys_and_wanted() -> tuple[Hashes, NDArray[np.bool_]]:
    """Draw band keys; those of the first hundred rows occur again in the next hundred."""
    keys = np.random.default_rng(1).integers(1 << 64, size=(MANY // BANDS, BANDS), dtype=np.uint64)
    keys[100:200] = keys[:100]
    return keys, np.ones(len(keys), np.bool_)


def test_salt(timed: Timed) -> None:
    keys = keys_and_wanted()[0]
    timed(salt, keys, np.arange(len(keys)))
    assert np.unique(keys).size == keys.size


def test_count_keys(benchmark: Any) -> None:
    (keys, wanted), table = keys_and_wanted(), np.zeros(1 << 21, np.uint8)
    benchmark.pedantic(count_keys, (keys, wanted, table), setup=lambda: table.fill(0), rounds=20, warmup_rounds=1)
    assert 0.99 * keys.size < sum(int((table >> shift & 3).sum()) for shift in (0, 2, 4, 6)) <= keys.size


def test_repeated(timed: Timed) -> None:
    (keys, wanted), table = keys_and_wanted(), np.zeros(1 << 21, np.uint8)
    count_keys(keys, wanted, table)
    found, rows = timed(repeated, keys, wanted, table)
    assert set(range(200)) <= set(rows.tolist())
    assert found.size < 0.1 * keys.size


def test_may_match(timed: Timed) -> None:
    crowd = families().crowd
    found = timed(compare.may_match, crowd.signatures, *families().pairs, crowd.most)
    assert found[np.array(families().shared) >= 0].mean() > 0.999
    assert not found.all()


def test_shingle_sets(timed: Timed) -> None:
    sizes, hashes = timed(shingled, *families().pages)
    assert np.array_equal(sizes, [np.unique(part).size for part in np.split(hashes, np.cumsum(sizes)[:-1])])


def test_verify(timed: Timed) -> None:
    crowd = families().crowd
    counts = timed(compare.verify, *families().pairs, crowd.starts, crowd.sizes, crowd.hashes, THRESHOLD)
    assert counts.tolist() == families().shared


def decided(left: Array, right: Array, crowd: kernel.OversizedBuckets, units: int) -> NDArray[np.bool_]:
    """Decide from nothing, as a run does."""
    kept, chains = np.ones(units, np.bool_), kernel.make_chains(crowd)
    table = compare.make_table(int(crowd.sizes.max(initial=0)))
    assert kernel.decide(kept, left, right, crowd, chains, 0, units, table, NO_LIMIT) == (left.size, crowd.units.size)
    return kept


def test_decide_pairs(timed: Timed) -> None:
    crowd, left = families().crowd, np.arange(MANY)
    nobody = crowd._replace(units=crowd.units[:0], first=crowd.first[:1], buckets=crowd.buckets[:0])
    kept = timed(decided, left, left + 1, nobody, MANY + 1)
    assert np.array_equal(kept, np.arange(MANY + 1) % 2 == 0)  # a chain: every other one goes


def test_decide_crowd(timed: Timed) -> None:
    nothing, crowd = np.empty(0, np.int64), families().crowd
    assert np.array_equal(timed(decided, nothing, nothing, crowd, crowd.units.size), families().stays)


def test_attribute(timed: Timed) -> None:
    _, (left, right), shared, stays, crowd = families()
    stayed, gone = attribute.find_stayed(crowd, kernel.make_chains(crowd), stays), np.flatnonzero(~stays)
    found, done = timed(attribute.attribute, crowd, stayed, gone, int(crowd.sizes.max()), NO_LIMIT)
    assert done == gone.size
    assert np.array_equal(np.unique(found[:, 1]), gone)
    known = {frozenset(pair): both for *pair, both in zip(left, right, shared, strict=True)}
    assert all(stays[keeper] and known[frozenset((keeper, lost))] == both for keeper, lost, both in found)


def test_choose(benchmark: Any) -> None:
    units = np.arange(MANY)
    kept, gone = units % 2 == 0, units[1:-1:2]  # each shares 98 of 100 shingles with the next, 99 with the one before
    shared, size = np.repeat([98, 99], gone.size), np.full(2 * gone.size, 100)
    pairs = np.column_stack([np.concatenate([gone + 1, gone - 1]), np.tile(gone, 2), shared, size, size])
    choice = attribute.Choice(np.full(MANY, -1), *np.zeros((3, MANY), np.int64))
    given = (kept, units, pairs, units, units, choice)
    benchmark.pedantic(attribute.choose, given, setup=lambda: choice.keeper.fill(-1), rounds=20, warmup_rounds=1)
    assert np.array_equal(choice.keeper[gone], gone - 1)


def test_gather(timed: Timed) -> None:
    data, offsets = pages()
    found, ends = timed(slices.gather, data, offsets[:-1:2].copy(), offsets[1::2].copy())
    assert found.size == ends[-1]
    assert found.tobytes().startswith(data[: offsets[1]].tobytes() + data[offsets[2] : offsets[3]].tobytes())


def test_cut_out(timed: Timed) -> None:
    data, offsets = pages()
    texts = np.arange(0, offsets.size - 1, 2)
    found, ends = timed(slices.cut_out, data, offsets, texts, np.full(texts.size, 10), np.full(texts.size, 110))
    assert found.size == ends[-1] == data.size - 100 * texts.size
    assert found[:20].tobytes() == data[:10].tobytes() + data[110:120].tobytes()
