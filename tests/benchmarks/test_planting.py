"""Planted duplicates are what is said of them: by brute force, by seed, by kind; and judged as they were planted."""

import doctest
import gzip
import importlib
import json
import sys
import time
import tracemalloc
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import reference
import strategies
from hypothesis import given
from hypothesis import strategies as st
from paths import BENCHMARKS

import dedup

sys.path.append(str(BENCHMARKS))
planting = importlib.import_module("planting")
scale = importlib.import_module("scale")
recall = importlib.import_module("recall")

LETTERS = list("esaitnrulodcmpévqfbghjàxèêzùçîôœSLÉ")
SHORT = {"FEWEST_WORDS": 60, "MOST_WORDS": 200}


VOCABULARY = ["".join(np.random.default_rng(size).choice(LETTERS, 1 + size % 11)) for size in range(2000)]


def make_pieces(words: int, seed: int) -> list[str]:
    """Words of a made-up language with accents, and sentences of some length; a line break after some."""
    random = np.random.default_rng(seed)
    ranks = random.zipf(1.3, words) % len(VOCABULARY)
    marks = random.choice(["", ".", ","], words, p=[0.88, 0.06, 0.06]).tolist()
    gaps = random.choice([" ", "\n"], words, p=[0.98, 0.02]).tolist()
    ended = [VOCABULARY[rank] + mark for rank, mark in zip(ranks, marks, strict=True)]
    return [piece for both in zip(ended, gaps, strict=True) for piece in both]


STOCK = planting.Stock(make_pieces(20_000, 1), 1)
pages = st.builds(make_pieces, st.integers(60, 200), st.integers(0, 1000))
randoms = st.integers(0, 1000).map(np.random.default_rng)
docs = st.integers(0, 60)
planted_docs = st.builds(lambda block, slot: 10 * block + slot, docs, st.integers(7, 9))
seeds = st.integers(0, 20)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SHORT.items():
        monkeypatch.setattr(planting, name, value)


def text_of(stock: Any, doc: int) -> str:
    """The text of any number."""
    if planting.is_planted(doc):
        return str(planting.planted(stock, doc)[0])
    return "".join(planting.ordinary(stock, doc).pieces)


def naive_jaccard(one: str, other: str, n: int) -> float:
    sides = [reference.shingles(reference.tokens(text), n) for text in (one, other)]
    return reference.jaccard(*sides) if any(sides) else 0.0


def changed(before: list[Any], after: list[Any]) -> list[int]:
    assert len(before) == len(after)
    return [at for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]


def test_examples_in_docs_hold() -> None:
    assert doctest.testmod(planting).failed == 0


@given(strategies.texts, strategies.texts, st.integers(1, 6))
def test_jaccard_is_the_naive_one(one: str, other: str, n: int) -> None:
    for left, right in ((one, other), (one, f"{one} {other}"), (one, one.upper())):
        assert planting.jaccard(left, right, n) == naive_jaccard(left, right, n)


@given(planted_docs, seeds)
def test_the_jaccard_that_is_stated_is_the_naive_one_with_an_earlier_ordinary_text(doc: int, seed: int) -> None:
    stock = STOCK._replace(seed=seed)
    text, truth = planting.planted(stock, doc)
    assert truth.doc == doc > truth.source >= 0
    assert not planting.is_planted(truth.source)
    assert truth.jaccard == naive_jaccard(text, text_of(stock, truth.source), 5)


@given(docs, seeds, st.booleans())
def test_repeated_paragraphs_stand_where_and_differ_as_is_said(block: int, seed: int, within: bool) -> None:
    stock, doc = STOCK._replace(seed=seed), 10 * block + (not within)
    (repeat,) = planting.ordinary(stock, doc).repeats
    assert repeat.place.doc == doc
    assert (repeat.source.doc == doc) is within
    assert repeat.source.doc <= doc
    assert repeat.source.doc % planting.BLOCK == planting.WITHIN
    sides = []
    for where in (repeat.place, repeat.source):
        text = text_of(stock, where.doc)
        spans = {(span.start, span.end) for span in reference.paragraphs(text, "auto")}
        assert (where.start, where.end) in spans
        sides.append(text[where.start : where.end])
    assert len(changed(*(side.split(" ") for side in sides))) == repeat.edits <= planting.MOST_NOTE_EDITS
    assert repeat.jaccard == naive_jaccard(*sides, 3)
    assert len(reference.tokens(sides[1])) >= 20


def test_only_the_first_two_of_ten_repeat_a_paragraph() -> None:
    assert [len(planting.ordinary(STOCK, doc).repeats) for doc in range(7)] == [1, 1, 0, 0, 0, 0, 0]
    assert [planting.is_planted(doc) for doc in range(20)] == 2 * ([False] * 7 + [True] * 3)


def test_no_two_ordinary_texts_are_alike_however_little_text_they_are_made_of() -> None:
    stock = planting.Stock(STOCK.pieces[:1000], 1)  # 500 words, for 70 texts of 60 to 200
    texts = [text_of(stock, doc) for doc in range(100) if not planting.is_planted(doc)]
    assert max(planting.jaccard(one, other, 5) for one, other in combinations(texts, 2)) < 0.3


@given(docs, seeds)
def test_a_text_follows_from_its_number_and_the_seed(doc: int, seed: int) -> None:
    stock = STOCK._replace(seed=seed)
    assert text_of(stock, doc) == text_of(planting.Stock(list(STOCK.pieces), seed), doc)
    assert text_of(stock, doc) != text_of(STOCK._replace(seed=seed + 1), doc)


@given(pages, st.sampled_from([0.0, 0.01, 0.1, 0.5]), randoms)
def test_edits_of_words_change_at_most_that_many_words_and_no_white_space(
    page: list[str], share: float, random: np.random.Generator
) -> None:
    count = max(1, round(share * len(page) / 2))
    hit = changed(page, planting.edit_words(page, share, STOCK, random))
    assert all(at % 2 == 0 for at in hit)
    assert count / 2 - 1 <= len(hit) <= count  # a word may be drawn for itself


@given(pages, st.sampled_from([0.01, 0.1, 0.5]), randoms)
def test_insertions_leave_all_sentences_in_order_and_add_that_many_words(
    page: list[str], share: float, random: np.random.Generator
) -> None:
    longer = planting.insert_sentences(page, share, STOCK, random)
    assert len(longer) - len(page) == 2 * max(1, round(share * len(page) / 2))
    left = iter(longer)
    assert all(piece in left for piece in page)  # each after the one before it


@given(pages, st.sampled_from([0.01, 0.1, 0.5, 1.0]), randoms)
def test_deletions_leave_some_sentences_in_order_and_stop_once_enough_is_gone(
    page: list[str], share: float, random: np.random.Generator
) -> None:
    before, shorter = planting.sentences(page), planting.delete_sentences(page, share, STOCK, random)
    left = iter(page)
    assert all(piece in left for piece in shorter)
    assert shorter
    gone = len(page) - len(shorter)
    assert gone < share * len(page) + max(map(len, before))
    assert gone >= share * len(page) or len(shorter) <= 2 * planting.LONGEST_SENTENCE


@given(pages, st.sampled_from([0.05, 0.5, 1.0]), randoms)
def test_shuffles_keep_all_sentences_and_move_a_share_of_them(
    page: list[str], share: float, random: np.random.Generator
) -> None:
    page = [f"{at}{piece}" if at % 2 == 0 else piece for at, piece in enumerate(page)]  # so that no two are equal
    page[-2] += "."
    before = list(map(tuple, planting.sentences(page)))
    after = list(map(tuple, planting.sentences(planting.shuffle_sentences(page, share, STOCK, random))))
    assert Counter(before) == Counter(after)
    assert len(changed(before, after)) == max(2, round(share * len(before)))


@given(pages, st.sampled_from([0.01, 0.1, 0.5, 1.0]), randoms)
def test_templates_keep_their_frame(page: list[str], share: float, random: np.random.Generator) -> None:
    hit = changed(page, planting.fill_template(page, share, STOCK, random))
    words = max(1, round(share * len(page) / 2))
    assert not hit or hit[-1] - hit[0] < 2 * words


@given(pages, st.sampled_from([0.005, 0.1, 1.0]), randoms)
def test_bad_scans_change_that_many_words_or_the_space_after(
    page: list[str], share: float, random: np.random.Generator
) -> None:
    scanned = planting.scan_badly(page, share, STOCK, random)
    hit = changed(page, scanned)
    assert len({at // 2 for at in hit}) == len(hit) == max(1, round(share * len(page) / 2))
    assert all(scanned[at] == "" for at in hit if at % 2)
    for at in hit:
        if at % 2 == 0:
            assert scanned[at] in {page[at].replace(*pair, 1) for pair in planting.CONFUSIONS}


@given(pages)
def test_changes_of_case_accents_and_marks_are_seen_by_people_but_not_by_dedup(page: list[str]) -> None:
    text = "".join([*page, "Été, l'an."])
    for kind, change in planting.CHANGES.items():
        assert (change(text) == text) is (kind == "copy")
        assert reference.tokens(change(text)) == reference.tokens(text)


def test_two_texts_in_one_hold_both_and_name_the_one_they_resemble_more() -> None:
    made = [planting.planted(STOCK, doc) for doc in range(500) if planting.is_planted(doc)]
    doubled = [(text, truth) for text, truth in made if truth.kind == planting.TWO]
    assert doubled
    for text, truth in doubled:
        source = text_of(STOCK, truth.source)
        rest = text.removeprefix(f"{source}\n\n") if text.startswith(source) else text.removesuffix(f"\n\n{source}")
        assert rest in {text_of(STOCK, doc) for doc in range(truth.doc) if not planting.is_planted(doc)}
        assert naive_jaccard(text, rest, 5) <= truth.jaccard
    assert {truth.kind for _, truth in made} == set(planting.KINDS)


def test_templates_are_made_of_few_texts_and_others_of_any() -> None:
    random = np.random.default_rng(1)
    for kind, low, high in (("template", 0.3, 1.0), ("copy", 0.0, 0.1)):
        chosen = [planting.earlier(10_007, kind, random) for _ in range(1000)]
        assert low <= np.mean([doc < 100 for doc in chosen]) <= high
        assert 0 <= min(chosen) <= max(chosen) < 10_007


def source_file(folder: Path, words: int) -> Path:
    path = folder / "source.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as rows:
        for first in range(0, words, 2000):
            rows.write(json.dumps({"text": "".join(make_pieces(min(2000, words - first), first))}) + "\n")
    return path


def test_sources_are_read_as_words_and_white_space_in_turn(tmp_path: Path) -> None:
    pieces = scale.read_stock([source_file(tmp_path, 7001)] * 2, 1).pieces
    assert len(pieces) % 2 == 0
    assert all(piece.isspace() for piece in pieces[1::2])
    assert not any(map(str.isspace, filter(None, pieces[::2])))
    assert sum(map(bool, pieces[::2])) == 2 * 7001


def test_sources_of_too_little_text_are_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"hold 1,\d+ words; name some that hold 6,000 or more"):
        scale.read_stock([source_file(tmp_path, 1000)], 1)


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    source = source_file(tmp_path, 7000)
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        (tmp_path / name).mkdir()
        scale.grow([source], tmp_path / name, 200_000, seed)
    for file in ("corpus.parquet", "truth.parquet", "repeats.parquet"):
        one, same, other = ((tmp_path / name / file).read_bytes() for name in "abc")
        assert one == same
        assert one != other
    rows = pq.read_table(tmp_path / "a" / "corpus.parquet").to_pylist()
    stock = scale.read_stock([source], 1)
    assert [row["text"] for row in rows] == [text_of(stock, doc) for doc in range(len(rows))]
    assert sum(len(row["text"].encode()) for row in rows[:-1]) < 200_000
    truth = pq.read_table(tmp_path / "a" / "truth.parquet").to_pylist()
    assert [row["doc"] for row in truth] == [doc for doc in range(len(rows)) if planting.is_planted(doc)]


def test_growing_holds_no_more_for_more_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "LOG_ROWS", 20)
    peaks = []
    for number in (300, 1200):
        logs = [scale.Log(tmp_path / f"{name}{number}", getattr(scale, name)) for name in ("TRUTH", "REPEATS")]
        tracemalloc.start()
        for _ in zip(range(number), scale.texts(STOCK, *logs), strict=False):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        for log in logs:
            log.close()
        assert pq.read_metadata(tmp_path / f"TRUTH{number}").num_row_groups >= number * 3 / 10 // 20
    assert peaks[1] < 1.5 * peaks[0]


def test_the_greatest_size_of_a_folder_is_seen_also_when_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scale, "SAMPLED_EVERY", 0.01)
    with scale.greatest_size(tmp_path) as greatest:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "file").write_bytes(b"x" * 100_000)
        while greatest() < 100_000:
            pass
        (tmp_path / "in" / "file").unlink()
        time.sleep(0.1)
    assert 100_000 <= greatest() < 200_000
    assert scale.disk_bytes(tmp_path) == 0


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus and what `clean` makes of it."""
    folder = tmp_path_factory.mktemp("judged")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SHORT.items():
            patch.setattr(planting, name, value)
        scale.grow([source_file(folder, 7000)], folder, 1_000_000, 1)
    dedup.clean(folder / "corpus.parquet", folder / "out", paragraphs="all")
    return folder


def truths(folder: Path) -> list[dict[str, Any]]:
    return pq.read_table(folder / "truth.parquet").to_pylist()


def test_a_run_is_judged_by_what_was_planted(judged: Path, tmp_path: Path) -> None:
    results = recall.judge(judged, tmp_path)
    removed = pq.read_table(judged / "out" / "removed.parquet").to_pylist()
    gone = {row["doc"] for row in removed if row["unit"] == "document"}
    for title, key in (("kind of edit", "kind"), ("words edited", "share")):
        for name, planted, reached, found, _, under, under_gone, unjustified in results["tables"][title]:
            rows = [row for row in truths(judged) if row[key] == name and (key == "kind" or row["kind"] == title)]
            to_find = [row["doc"] for row in rows if row["jaccard"] >= 0.8]
            assert (planted, reached, under) == (len(rows), len(to_find), len(rows) - len(to_find))
            assert found == len(gone & set(to_find))  # ordinary texts stay
            assert under_gone == len(gone & {row["doc"] for row in rows}) - found
            assert unjustified == 0
    counts = results["counts"]
    assert counts["texts lost"] == counts["ordinary texts removed"] == 0
    for unit in ("document", "paragraph"):
        assert counts[f"{unit}s removed without reason"] == counts[f"{unit}s with another Jaccard than was said"] == 0
        assert counts[f"{unit}s compared again"] == counts[f"{unit}s removed"] > 20
    names = [row[0] for row in results["tables"]["paragraphs, and words that differ"]]
    assert names == [f"{where}, {edits}" for where in ("across texts", "within a text") for edits in range(4)]
    json.dumps(results)


def judged_again(judged: Path, removed: pa.Table, folder: Path) -> dict[str, Any]:
    """Judge the same run as if it had removed something else."""
    (folder / "out").mkdir()
    pq.write_table(removed, folder / "out" / "removed.parquet")
    for name in ("corpus.parquet", "truth.parquet", "repeats.parquet", "out/clean.parquet", "out/run.json"):
        (folder / name).symlink_to(judged / name)
    found: dict[str, Any] = recall.judge(folder, folder)
    return found


def test_wrong_removals_are_seen(judged: Path, tmp_path: Path) -> None:
    removed = pq.read_table(judged / "out" / "removed.parquet")
    rows = removed.to_pylist()
    near = [at for at, row in enumerate(rows) if row["unit"] == "document" and row["reason"] == "near"][:4]
    rows[near[0]]["jaccard"] = 0.7  # under the threshold, and not what it is
    rows[near[1]]["jaccard"] += 1e-9  # not what it is
    rows[near[2]] |= {f"kept_{name}": rows[near[3]][name] for name in ("doc", "start", "end")}
    rows[near[2]]["jaccard"] = 0.9  # for one that is gone itself
    results = judged_again(judged, pa.Table.from_pylist(rows, removed.schema), tmp_path)
    assert results["counts"]["documents removed without reason"] == 2
    assert results["counts"]["documents with another Jaccard than was said"] == 3
    assert sum(row[-1] for row in results["tables"]["kind of edit"]) == 2


def test_a_pair_of_which_both_stay_is_missed_and_what_is_in_no_table_is_lost(judged: Path, tmp_path: Path) -> None:
    removed = pq.read_table(judged / "out" / "removed.parquet")
    stays = [row["doc"] for row in truths(judged) if row["kind"] == "copy"][:2]
    left = removed.filter(pc.invert(pc.is_in(removed["doc"], pa.array(stays))))
    results = judged_again(judged, left, tmp_path)
    reached, found = next(row[2:4] for row in results["tables"]["kind of edit"] if row[0] == "copy")
    assert found == reached - 2
    assert results["counts"]["texts lost"] == 2


def test_results_are_shown_as_tables(judged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recall.show(recall.judge(judged, tmp_path))
    lines = capsys.readouterr().out.splitlines()
    assert {line.count("|") for line in lines if line.startswith("|")} == {len(recall.HEAD) + 2}
    assert any(line.startswith("| words edited |") for line in lines)
    assert any(line.startswith("| 1.5% |") for line in lines)
    assert "* texts lost: 0" in lines
