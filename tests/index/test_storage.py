"""What is stored is found again: against an index in memory, and in the same bytes however it is written."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_samples import KEYS, Stored, add, add_to, make_addition, workspace

from dedup.duplicates.sketches.units import UNIT
from dedup.index import layout, segments, snapshot
from dedup.index.commit import compact
from dedup.index.info import describe
from dedup.index.layout import KeyKind, UnitKind
from dedup.index.snapshot import IndexSnapshot, open_snapshot

KEY_KINDS: tuple[KeyKind, ...] = ("documents", "paragraphs", "ids", "inputs")
UNIT_KINDS: tuple[UnitKind, ...] = ("documents", "paragraphs")


def check_content(opened: IndexSnapshot, stored: Stored, seed: int) -> None:
    """Compare all that is found with the reference, for all and for some keys, units and documents."""
    chance = np.random.default_rng(seed)
    assert opened.manifest.documents == stored.documents
    assert opened.manifest.kept_documents == len(stored.texts)
    for kind in KEY_KINDS:
        known = np.array([key for key, _ in stored.pairs[kind]], np.uint64)
        for keys in (KEYS, known, chance.permutation(known)[:3], chance.integers(0, 2**64, 5, np.uint64)):
            wanted = np.unique(keys)
            found = zip(*(column.tolist() for column in opened.find(kind, wanted)), strict=True)
            assert list(found) == sorted(pair for pair in stored.pairs[kind] if pair[0] in set(wanted.tolist()))
    for unit_kind in UNIT_KINDS:
        expected = stored.units[unit_kind]
        for units in (np.arange(len(expected)), np.flatnonzero(chance.random(len(expected)) < 0.2)):
            records, signatures = opened.read_units(unit_kind, units)
            assert records.dtype == UNIT
            assert records.tolist() == [expected[unit][0].item() for unit in units]
            assert signatures.tolist() == [expected[unit][1] for unit in units]
    for docs in (np.arange(stored.documents), np.flatnonzero(chance.random(stored.documents) < 0.2)):
        rows = [row for batch in opened.read_documents(docs) for row in batch.to_pylist()]
        assert rows == [row for row in stored.texts if row["doc"] in set(docs.tolist())]
        texts = [row for batch in opened.read_documents(docs, ["text"]) for row in batch.to_pylist()]
        assert texts == [{"text": row["text"]} for row in rows]


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make row groups and parts so small that a few documents need several."""
    for name, value in (("KEY_GROUP_ROWS", 11), ("UNIT_GROUP_ROWS", 5), ("TEXT_GROUP_BYTES", 300)):
        monkeypatch.setattr(layout, name, value)
    for name in ("KEY_GROUPS", "UNIT_GROUPS", "TEXT_GROUPS"):
        monkeypatch.setattr(snapshot, name, 2)
    monkeypatch.setattr(segments, "READ_ROWS", 4)


@pytest.mark.usefixtures("small_groups")
@pytest.mark.parametrize("workers", [1, 2])
def test_small_groups_hold_what_was_added(workers: int) -> None:
    @given(st.lists(st.integers(0, 25), min_size=1, max_size=4), st.integers(0, 2**32), st.booleans())
    def check(sizes: list[int], seed: int, few_keys: bool) -> None:
        with tempfile.TemporaryDirectory() as name:
            index, temp, stored = Path(name) / "index", Path(name) / "temp", Stored()
            for turn, docs in enumerate(sizes):
                addition = make_addition(seed + turn, docs, few_keys)
                add_to(stored, addition)
                assert add(index, addition, temp).version == turn + 1
            with open_snapshot(index, workers) as opened:
                check_content(opened, stored, seed)
            done = compact(index, workspace(temp / "compact", workers))
            assert (done.segments, done.version) == (len(sizes), len(sizes) + (len(sizes) > 1))
            with open_snapshot(index, workers) as opened:
                assert len(opened.manifest.segments) == 1
                check_content(opened, stored, seed)
            addition = make_addition(seed + 9, 3, few_keys)
            add_to(stored, addition)
            add(index, addition, temp)
            with open_snapshot(index, workers) as opened:
                check_content(opened, stored, seed)

    check()


def digests(index: Path) -> dict[str, str]:
    files = sorted((index / layout.SEGMENTS).rglob("*.parquet"))
    return {str(path.relative_to(index)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_bytes_for_any_workers_and_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Any] = []
    for turn, (workers, step, read_rows) in enumerate([(1, 7, 1 << 14), (2, 1000, 100), (4, 1, 1)]):
        monkeypatch.setattr(segments, "READ_ROWS", read_rows)
        index, temp = tmp_path / f"index {turn}", tmp_path / f"temp {turn}"
        for seed in (1, 2):
            add(index, make_addition(seed, 700, few_keys=False), temp, workers, step)
        added = digests(index)
        compact(index, workspace(temp / "compact", workers))
        found.append((added, digests(index)))
    assert len(found[0][0]) == 14
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("workers", [1, 2])
def test_compaction_gives_the_bytes_of_one_addition(tmp_path: Path, workers: int) -> None:
    """Where nothing depends on the split: no paragraph, id or input."""
    whole = make_addition(5, 90)
    index = tmp_path / "index"
    add(index, whole, tmp_path / "temp", workers)
    before = describe(index)
    nothing = compact(index, workspace(tmp_path / "compact"))
    assert (nothing.segments, nothing.version, nothing.bytes_after) == (1, 1, nothing.bytes_before)
    assert describe(index) == before


def test_info_counts_what_was_added(tmp_path: Path) -> None:
    additions = [make_addition(seed, 30) for seed in range(3)]
    for addition in additions:
        add(tmp_path / "index", addition, tmp_path / "temp")
    info = describe(tmp_path / "index")
    assert (info.version, info.segments, info.documents) == (3, 3, 90)
    assert info.kept_documents == sum(addition.kept["documents"].size for addition in additions)
    assert info.kept_paragraphs == sum(addition.kept["paragraphs"].size for addition in additions)
    assert info.inputs == sum(len(addition.inputs) for addition in additions)
    size = sum(path.stat().st_size for path in (tmp_path / "index" / layout.SEGMENTS).rglob("*.parquet"))
    assert info.bytes == info.text_bytes + info.unit_bytes + info.key_bytes == size
    assert info.created <= info.updated
