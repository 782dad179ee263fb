"""Stored units are found again, as in an index in memory; the bytes do not depend on how they are written."""

import hashlib
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_samples import Stored, add, add_to, check_content, make_addition, workspace

from dedup.index.storage import layout, segments, snapshot
from dedup.index.storage.commit import compact
from dedup.index.storage.info import describe
from dedup.index.storage.snapshot import open_snapshot


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
    @settings(max_examples=settings().max_examples // 5)  # each writes up to 40 files
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


@pytest.mark.usefixtures("small_groups")
def test_compaction_gives_the_bytes_of_one_addition(tmp_path: Path) -> None:
    whole, docs = make_addition(5, 90, few_keys=False), [0, 1, 40, 40, 90]
    add(tmp_path / "whole", whole, tmp_path / "temp")
    for first, last in pairwise(docs):
        add(tmp_path / "split", whole.part(first, last), tmp_path / "temp")
    compact(tmp_path / "split", workspace(tmp_path / "compact"))
    one, split = (sorted(digests(tmp_path / name).items()) for name in ("whole", "split"))
    assert [digest for _, digest in one] == [digest for _, digest in split]
    assert describe(tmp_path / "whole").bytes == describe(tmp_path / "split").bytes


def test_compaction_of_one_segment_changes_nothing(tmp_path: Path) -> None:
    add(tmp_path / "index", make_addition(5, 9), tmp_path / "temp")
    before, files = describe(tmp_path / "index"), digests(tmp_path / "index")
    done = compact(tmp_path / "index", workspace(tmp_path / "compact"))
    assert (done.segments, done.version, done.bytes_after) == (1, 1, done.bytes_before)
    assert (describe(tmp_path / "index"), digests(tmp_path / "index")) == (before, files)


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
