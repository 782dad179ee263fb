"""The exact check of removed texts against plain loops, and the measurement of costs."""

import sys
from itertools import combinations
from pathlib import Path

import correctness
import cost
import data
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

# Small sets that often overlap, among them empty and equal ones.
FAMILIES = st.lists(st.sets(st.integers(-3, 12), max_size=8), max_size=12)


def indexed(sets: list[set[int]]) -> correctness.ShingleSets:
    sizes = np.array([len(shingles) for shingles in sets], np.int64)
    return correctness.index_shingles(sizes, np.array([shingle for part in sets for shingle in part], np.int64))


def all_pairs(sets: list[set[int]], min_jaccard: float) -> dict[tuple[int, int], float]:
    jaccards = {
        (a, b): len(sets[a] & sets[b]) / len(sets[a] | sets[b])
        for a, b in combinations(range(len(sets)), 2)
        if sets[a] | sets[b]
    }
    return {pair: jaccard for pair, jaccard in jaccards.items() if jaccard >= min_jaccard}


def as_dict(pairs: correctness.Pairs) -> dict[tuple[int, int], float]:
    found = list(zip(pairs.earlier.tolist(), pairs.later.tolist(), pairs.jaccard.tolist(), strict=True))
    assert len({(a, b) for a, b, _ in found}) == len(found)
    return {(a, b): jaccard for a, b, jaccard in found}


@given(FAMILIES, st.sampled_from([0.01, 0.7, 0.8, 1.0]), st.sampled_from([1, 7, 1 << 25]))
@example([], 0.7, 1)
@example([set(), set(), {1}, {1}], 1.0, 1)
def test_similar_pairs_equal_double_loop(sets: list[set[int]], min_jaccard: float, batch: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(correctness, "BATCH_PAIRS", batch)
        assert as_dict(correctness.similar_pairs(indexed(sets), min_jaccard)) == all_pairs(sets, min_jaccard)


@given(FAMILIES, st.data())
def test_scores_equal_plain_loops(sets: list[set[int]], draw: st.DataObject) -> None:
    kept = [draw.draw(st.booleans()) for _ in sets]
    pairs = all_pairs(sets, 0.5)
    similar = {pair for pair, jaccard in pairs.items() if jaccard >= 0.75}

    def unjustified(text: int, among: set[tuple[int, int]]) -> bool:
        return not any(text in pair and kept[sum(pair) - text] for pair in among)

    removed = [text for text in range(len(sets)) if not kept[text]]
    found = correctness.evaluate(correctness.similar_pairs(indexed(sets), 0.5), np.array(kept, bool), 0.75)
    assert found.removed == len(removed)
    assert found.unjustified == sum(unjustified(text, similar) for text in removed)
    assert found.unjustified_lower == sum(unjustified(text, set(pairs)) for text in removed)
    missed = len({b for a, b in similar if kept[a] and kept[b]})
    justified = found.removed - found.unjustified
    assert found.missed == missed
    assert found.text_recall == pytest.approx(justified / (justified + missed) if justified + missed else 1)
    assert found.pairs == len(similar)
    if similar:
        assert found.pair_recall == pytest.approx(sum(not (kept[a] and kept[b]) for a, b in similar) / len(similar))


def test_unusual_texts_are_similar_only_if_identical() -> None:
    rows = list(data.unusual_texts())
    sets = correctness.index_shingles(*correctness.dedup_shingles([text for _, text in rows], 5))
    same = {(a, b) for a, b in combinations(range(len(rows)), 2) if rows[a][1] == rows[b][1]}
    assert set(as_dict(correctness.similar_pairs(sets, 0.05))) == same
    assert len(same) == data.COPIED * 4
    found = correctness.count_unusual(rows, {name for name, _ in rows} - {"Thai-0", "Thai-1-copy", "Thai-5"})
    assert found["Thai"] == correctness.UnusualCounts(texts=6, lost=1, copies=3, kept_copies=1)
    assert found["no words"] == (4, 0, 0, 0)


def measured(folder: Path, program: str, limit: float = 60) -> cost.Cost:
    (folder / "scratch").mkdir(exist_ok=True)
    return cost.measure([sys.executable, "-c", program], limit, folder / "log", folder / "scratch")


def test_cost_includes_children_and_orphans(tmp_path: Path) -> None:
    # The first process starts a second, which starts a third; all use the CPU, and the first ends before the others.
    spin = "end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    found = measured(tmp_path, f"import os, time\nif not os.fork():\n    os.fork()\n{spin}")
    assert found.error == ""
    assert found.cpu >= 0.9


def test_peak_memory_counts_shared_pages_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "PAUSE_RATIO", 1)  # sample often enough on a busy machine
    allocate = "import os, time\ndata = b'x' * 100_000_000\n"
    assert 100 < measured(tmp_path, f"{allocate}os.fork()\ntime.sleep(0.5)").peak < 160
    assert 200 < measured(tmp_path, f"import os\nos.fork()\n{allocate}time.sleep(0.5)").peak < 300


def test_stopped_and_failed_commands_are_not_successes(tmp_path: Path) -> None:
    assert measured(tmp_path, "import os, time\nos.fork()\ntime.sleep(5)", 0.3).error == "stopped after 0.3 s"
    assert measured(tmp_path, "raise SystemExit(3)").error == "failed with status 3"
