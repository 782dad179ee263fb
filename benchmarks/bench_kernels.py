"""Measure the kernels, to detect slowdowns. Kernels without a case of their own are called by those that have one.

    pip install pytest-benchmark
    pytest -n0 benchmarks/bench_kernels.py --benchmark-autosave
    pytest -n0 benchmarks/bench_kernels.py --benchmark-compare --benchmark-compare-fail=median:10%

The texts are generated from a fixed seed; word frequencies follow Zipf's law. Each case also checks the result.
With several processes (-n other than 0) nothing is timed.
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

from dedup.kernels import attribute, minhash, select, shingle_sets, sketch
from dedup.kernels.counting_filter import count_keys, repeated, salt
from dedup.kernels.estimate import may_match, most_mismatches
from dedup.kernels.hash_sets import SetArrays, make_table
from dedup.kernels.jaccard import verify
from dedup.kernels.text import cuts, paragraphs
from dedup.kernels.text.folding import fold_table, token_tables
from dedup.kernels.text.lines import LINE
from dedup.kernels.text.tokens import tokenise
from dedup.runtime.arrow import buffers

SCRIPTS = {
    "english": "etaoinshrdlucmfwypvbgkjqxz",
    "french": "esaitnrulodcmpévqfbghjàxèêzùçîôœ",
    "decomposed": unicodedata.normalize("NFD", "esaitnrulodcmpévqfbghjàxèêzùçîôœ"),
    "russian": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "hindi": "कानेरसतीमहिपलयोदुजगवबंशटचधखथभफ",
    "chinese": "".join(map(chr, range(0x4E00, 0x5200))),
}
VOCABULARY_SIZE, WORD_COUNT, MAX_WORD_LENGTH = 20_000, 60_000, 16
WORDS_PER_SENTENCE, WORDS_PER_LINE, WORDS_PER_PAGE = 15, 75, 750
PERMUTATIONS, BANDS, BAND_ROWS, SHINGLE_TOKENS = 216, 27, 8, 5
THRESHOLD, STANDARD_ERRORS = 0.8, 4.0
FAMILIES, MEMBERS = 20, 60
CHANGE_RATES = (0.0, 0.002, 0.01, 0.03)  # share of the words of a member that are replaced
LARGE_COUNT = 500_000
NO_LIMIT = 1 << 60

Array = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Pages = tuple[NDArray[np.uint8], Array]  # UTF-8 bytes; start of each text and end of the last
Timed = Callable[..., Any]
TABLE, TABLES = fold_table(), token_tables()
RANDOM_32_BIT = np.random.default_rng(1).integers(1 << 32, size=(2, PERMUTATIONS), dtype=np.uint32)
RANDOM_PERMUTATIONS = sketch.Permutations(RANDOM_32_BIT[0] | np.uint32(1), RANDOM_32_BIT[1])


@cache
def words(script: str) -> list[str]:
    """Generate the words of a text; the frequency of letters and words is the inverse of their rank."""
    random, letters = np.random.default_rng(1), list(SCRIPTS[script])
    sizes = np.full(VOCABULARY_SIZE, 1) if script == "chinese" else 1 + random.poisson(4.5, VOCABULARY_SIZE)
    letter_weights, word_weights = 1 / np.arange(1, len(letters) + 1), 1 / np.arange(1, VOCABULARY_SIZE + 1)
    chosen = random.choice(letters, (VOCABULARY_SIZE, MAX_WORD_LENGTH), p=letter_weights / letter_weights.sum())
    vocabulary = ["".join(row[:size]) for row, size in zip(chosen, sizes, strict=True)]
    ranks = random.choice(VOCABULARY_SIZE, WORD_COUNT, p=word_weights / word_weights.sum())
    return [vocabulary[rank] for rank in ranks]


def join_words(page: list[str], gap: str = " ") -> str:
    """Join words to sentences, several sentences per line, with blank lines between."""
    text = [word + (f".{gap}" if number % WORDS_PER_SENTENCE == 0 else gap) for number, word in enumerate(page, 1)]
    lines = ["".join(text[first : first + WORDS_PER_LINE]) for first in range(0, len(text), WORDS_PER_LINE)]
    return "\n\n".join(lines)


def text_buffers(texts: list[str]) -> Pages:
    """Store texts one after the other in read-only arrays, for which numba compiles kernels separately."""
    return buffers(pa.array(texts, pa.large_string()))


@cache
def pages(script: str = "french") -> Pages:
    """Return the pages of a generated text."""
    generated, gap = words(script), "" if script == "chinese" else " "
    starts = range(0, WORD_COUNT, WORDS_PER_PAGE)
    return text_buffers([join_words(generated[first : first + WORDS_PER_PAGE], gap) for first in starts])


def token_hashes(data: NDArray[np.uint8]) -> Hashes:
    """Hash the tokens of a text."""
    out = np.empty(data.size // 2 + 1, np.uint64)
    return out[: tokenise(data, 0, data.size, TABLE, out, 0)]


def sketch_pages(
    data: NDArray[np.uint8], offsets: Array, shingle_paragraphs: int, repeats_at: float
) -> tuple[sketch.UnitRows, tuple[int, int, int]]:
    """Sketch pages with allocation, as `dedup.duplicates.sketches.signatures` does.

    Args:
        data: UTF-8 bytes of all pages.
        offsets: Start of each page, and the end of the last, shape (pages + 1,).
        shingle_paragraphs: Tokens in a shingle of a paragraph; 0: no paragraphs.
        repeats_at: Leave out paragraphs without a repeat in their page at this Jaccard; negative: keep all.

    Returns:
        The documents; and the number of paragraphs written, of all paragraphs, and of those with too few tokens.
    """
    lines, most = sketch.count_units(data, offsets)
    documents, units = (sketch.make_rows(count, PERMUTATIONS, BANDS) for count in (offsets.size - 1, lines))
    space = sketch.make_workspace(int(np.diff(offsets).max()), most, PERMUTATIONS, repeats_at >= 0)
    settings = sketch.SketchSettings(
        permutations=RANDOM_PERMUTATIONS,
        bands=BANDS,
        band_rows=BAND_ROWS,
        shingle_documents=SHINGLE_TOKENS,
        shingle_paragraphs=shingle_paragraphs,
        split_by=paragraphs.AUTO,
        min_tokens=20,
        nested=paragraphs.NO_BLOCKS,
        by_signs=False,
        exact=False,
        repeats_at=repeats_at,
    )
    return documents, sketch.sketch(data, data, offsets, TABLES, settings, documents, units, space)


def make_sets(data: NDArray[np.uint8], offsets: Array) -> tuple[Array, Hashes]:
    """Make the shingle sets of pages: the size of each set, and the hashes of all sets one after the other."""
    lengths, sizes = np.diff(offsets), np.zeros(offsets.size - 1, np.int64)
    space = shingle_sets.make_workspace(int(lengths.max()), int((lengths + 1).sum()))
    starts, stops = offsets[:-1].copy(), offsets[1:].copy()
    total = shingle_sets.shingle_sets(data, starts, stops, SHINGLE_TOKENS, TABLES, space, sizes)
    return sizes, space.out[:total]


class Families(NamedTuple):
    """Near-duplicate pages, and the results that plain Python computes for them."""

    pages: Pages
    pairs: Array  # pairs within a family, sorted by the later page, shape (2, n)
    shared: list[int]  # shingles that each pair shares; -1 under the threshold
    kept: NDArray[np.bool_]  # whether a page is kept, shape (pages,)
    oversized: select.OversizedBuckets  # a bucket for each family, and a second with every other of its members


@cache
def families() -> Families:
    """Generate families of near-duplicates of some pages, one family after the other."""
    random, generated, texts = np.random.default_rng(1), words("french"), []
    for member in range(FAMILIES * MEMBERS):
        first = member // MEMBERS * WORDS_PER_PAGE
        page = np.array(generated[first : first + WORDS_PER_PAGE], object)
        replaced = random.random(WORDS_PER_PAGE) < random.choice(CHANGE_RATES)
        page[replaced] = random.choice(generated, int(replaced.sum()))
        texts.append(join_words(page.tolist()))
    sizes, hashes = make_sets(*text_buffers(texts))
    signatures = sketch_pages(*text_buffers(texts), 0, -1.0)[0].signature.view(np.uint64)
    hashes.flags.writeable = signatures.flags.writeable = False  # dedup maps them from files
    starts, units = np.cumsum(sizes) - sizes, np.arange(sizes.size)
    within = [(a, b) for b in range(MEMBERS) for a in range(b)]
    pairs = np.array([(first + a, first + b) for first in units[::MEMBERS] for a, b in within], np.int64).T
    shared, kept = compare_in_python([set(part.tolist()) for part in np.split(hashes, starts[1:])], pairs)
    members = np.sort(np.concatenate([units, units[::2]]))
    buckets = (members // MEMBERS + FAMILIES * (np.diff(members, prepend=-1) == 0)).astype(np.int32)
    oversized = select.OversizedBuckets(
        units=units,
        first=np.searchsorted(members, np.arange(units.size + 1)),
        buckets=buckets,
        rows=units,
        slots=units,
        sets=SetArrays(starts, sizes, hashes),
        signatures=signatures,
        permutations=PERMUTATIONS,
        threshold=THRESHOLD,
        standard_errors=STANDARD_ERRORS,
        most_mismatches=most_mismatches(THRESHOLD, PERMUTATIONS, STANDARD_ERRORS),
        fixed=0,
    )
    return Families(text_buffers(texts), pairs, shared, kept, oversized)


def compare_in_python(sets: list[set[int]], pairs: Array) -> tuple[list[int], NDArray[np.bool_]]:
    """Verify pairs and select the kept sets in plain Python.

    Args:
        sets: Shingle sets.
        pairs: Pairs of sets, sorted by the later, shape (2, n).

    Returns:
        The shingles that each pair shares, -1 under the threshold; and whether each set is kept, shape (sets,).
    """
    shared, kept = [], np.ones(len(sets), np.bool_)
    for left, right in pairs.T:
        both = len(sets[left] & sets[right])
        similar = both / len(sets[left] | sets[right]) >= THRESHOLD
        shared.append(both if similar else -1)
        kept[right] &= not (similar and kept[left])
    return shared, kept


@pytest.fixture
def timed(benchmark: Any) -> Timed:
    """Time a task after an untimed call, since kernels are compiled or loaded at first use."""
    return lambda task, *given: (task(*given), benchmark(task, *given))[1]


def test_fold_table(timed: Timed) -> None:
    assert all(map(np.array_equal, timed(fold_table.__wrapped__), TABLE._asdict().values()))


def test_tokenise(timed: Timed) -> None:
    assert timed(token_hashes, pages()[0]).size == WORD_COUNT


def test_shingle(timed: Timed) -> None:
    tokens = token_hashes(pages()[0])
    out = np.empty(tokens.size, np.uint64)
    count = tokens.size - SHINGLE_TOKENS + 1
    assert timed(minhash.shingle, tokens, 0, tokens.size, SHINGLE_TOKENS, out) == count
    assert np.unique(out[:count]).size > 0.9 * tokens.size


def test_sign(timed: Timed) -> None:
    hashes, out = token_hashes(pages()[0])[:WORDS_PER_PAGE], np.empty(PERMUTATIONS, np.uint32)
    a, b = RANDOM_PERMUTATIONS
    values = np.empty(WORDS_PER_PAGE + minhash.WIDTH, np.uint32)
    timed(lambda: minhash.sign(values, minhash.premix(hashes, WORDS_PER_PAGE, values), a, b, out))
    assert np.array_equal(out, (a[:, None] * values[:WORDS_PER_PAGE] + b[:, None]).min(axis=1))


@pytest.mark.parametrize("wrapped", [False, True])
def test_paragraphs(timed: Timed, wrapped: bool) -> None:
    starts = range(0, WORD_COUNT, WORDS_PER_LINE)
    blocks = [" ".join(words("french")[first : first + WORDS_PER_LINE]) for first in starts]
    text = "\n\n".join(textwrap.fill(block, 70) if wrapped else block for block in blocks)
    data = np.frombuffer(text.encode(), np.uint8)
    lines = paragraphs.count_lines(data, 0, data.size)
    spans, workspace = np.recarray(lines, paragraphs.SPAN), np.recarray(lines, LINE)
    count = timed(
        paragraphs.paragraphs, data, 0, data.size, paragraphs.AUTO, TABLE, spans, workspace, paragraphs.NO_BLOCKS
    )
    assert count == len(blocks)


@pytest.mark.parametrize("script", SCRIPTS)
def test_sketch(timed: Timed, script: str) -> None:
    documents, _ = timed(sketch_pages, *pages(script), 0, -1.0)
    assert documents.tokens.sum() == sum(any(map(str.isalpha, word)) for word in words(script))
    assert np.unique(documents.sequence).size == WORD_COUNT // WORDS_PER_PAGE


@pytest.mark.parametrize(("repeats_at", "written"), [(THRESHOLD, 0), (-1.0, WORD_COUNT // WORDS_PER_LINE)])
def test_sketch_paragraphs(timed: Timed, repeats_at: float, written: int) -> None:
    assert timed(sketch_pages, *pages(), 3, repeats_at)[1] == (written, WORD_COUNT // WORDS_PER_LINE, 0)


def keys_and_wanted() -> tuple[Hashes, NDArray[np.bool_]]:
    """Generate band keys; the keys of the first hundred rows occur again in the next hundred."""
    keys = np.random.default_rng(1).integers(1 << 64, size=(LARGE_COUNT // BANDS, BANDS), dtype=np.uint64)
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
    oversized = families().oversized
    found = timed(may_match, oversized.signatures, *families().pairs, oversized.most_mismatches)
    assert found[np.array(families().shared) >= 0].mean() > 0.999
    assert not found.all()


def test_shingle_sets(timed: Timed) -> None:
    sizes, hashes = timed(make_sets, *families().pages)
    assert np.array_equal(sizes, [np.unique(part).size for part in np.split(hashes, np.cumsum(sizes)[:-1])])


def test_verify(timed: Timed) -> None:
    counts = timed(verify, *families().pairs, families().oversized.sets, THRESHOLD)
    assert counts.tolist() == families().shared


def select_units(left: Array, right: Array, oversized: select.OversizedBuckets, units: int) -> NDArray[np.bool_]:
    """Select the kept units, with allocation, as `dedup.duplicates.select` does."""
    kept, chains = np.ones(units, np.bool_), select.make_chains(oversized)
    table = make_table(int(oversized.sets.sizes.max(initial=0)))
    done = select.select(kept, left, right, oversized, chains, 0, units, table, NO_LIMIT)
    assert done == (left.size, oversized.units.size)
    return kept


def test_select_by_pairs(timed: Timed) -> None:
    oversized, left = families().oversized, np.arange(LARGE_COUNT)
    empty = oversized._replace(units=oversized.units[:0], first=oversized.first[:1], buckets=oversized.buckets[:0])
    kept = timed(select_units, left, left + 1, empty, LARGE_COUNT + 1)
    assert np.array_equal(kept, np.arange(LARGE_COUNT + 1) % 2 == 0)  # the pairs form a chain


def test_select_in_oversized_buckets(timed: Timed) -> None:
    no_pairs, oversized = np.empty(0, np.int64), families().oversized
    assert np.array_equal(timed(select_units, no_pairs, no_pairs, oversized, oversized.units.size), families().kept)


def test_attribute(timed: Timed) -> None:
    _, (left, right), shared, kept, oversized = families()
    kept_members = attribute.find_kept_members(oversized, select.make_chains(oversized), kept)
    removed = np.flatnonzero(~kept)
    largest = int(oversized.sets.sizes.max())
    found, done = timed(attribute.attribute, oversized, kept_members, removed, largest, NO_LIMIT)
    assert done == removed.size
    assert np.array_equal(np.unique(found[:, 1]), removed)
    expected = {frozenset(pair): both for *pair, both in zip(left, right, shared, strict=True)}
    assert all(kept[keeper] and expected[frozenset((keeper, lost))] == both for keeper, lost, both in found)


def test_choose(benchmark: Any) -> None:
    units = np.arange(LARGE_COUNT)
    # Each removed unit shares 98 of 100 shingles with the next unit and 99 with the previous.
    kept, removed = units % 2 == 0, units[1:-1:2]
    shared, size = np.repeat([98, 99], removed.size), np.full(2 * removed.size, 100)
    keepers = np.concatenate([removed + 1, removed - 1])
    pairs = np.column_stack([keepers, np.tile(removed, 2), shared, size, size])
    best = attribute.Best(np.full(LARGE_COUNT, -1), *np.zeros((3, LARGE_COUNT), np.int64))
    given = (kept, units, pairs, units, units, best)
    benchmark.pedantic(attribute.choose, given, setup=lambda: best.keeper.fill(-1), rounds=20, warmup_rounds=1)
    assert np.array_equal(best.keeper[removed], removed - 1)


def test_gather(timed: Timed) -> None:
    data, offsets = pages()
    found, ends = timed(cuts.gather, data, offsets[:-1:2].copy(), offsets[1::2].copy())
    assert found.size == ends[-1]
    assert found.tobytes().startswith(data[: offsets[1]].tobytes() + data[offsets[2] : offsets[3]].tobytes())


def test_cut_out(timed: Timed) -> None:
    data, offsets = pages()
    texts = np.arange(0, offsets.size - 1, 2)
    found, ends = timed(cuts.cut_out, data, offsets, texts, np.full(texts.size, 10), np.full(texts.size, 110))
    assert found.size == ends[-1] == data.size - 100 * texts.size
    assert found[:20].tobytes() == data[:10].tobytes() + data[110:120].tobytes()
