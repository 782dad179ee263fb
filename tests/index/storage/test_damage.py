"""Damaged, foreign and mismatching indexes are refused, and the message names what is wrong."""

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from index_samples import SETTINGS, Stored, add, add_to, make_addition, workspace

from dedup.duplicates.columns.values import hash_strings
from dedup.duplicates.sketches.signatures import sketch_batch, sketch_settings
from dedup.errors import IndexDamaged, IndexFolderError, IndexMismatch, NotAnIndex
from dedup.index.storage.commit import compact
from dedup.index.storage.info import describe
from dedup.index.storage.layout import MANIFEST_FILE, SEGMENTS
from dedup.index.storage.manifest import HASH_RULES, differing_settings, read_manifest
from dedup.index.storage.snapshot import open_snapshot
from dedup.settings import Settings

FILES = ("documents", "document_keys", "paragraphs", "paragraph_keys", "texts", "ids", "inputs")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    add(tmp_path / "index", make_addition(1, 40), tmp_path / "temp")
    return tmp_path / "index"


def read_all(index: Path) -> list[Any]:
    with open_snapshot(index) as opened:
        found: list[Any] = []
        for kind in ("documents", "paragraphs"):
            records, signatures = opened.read_units(kind, np.arange(opened.manifest.units(kind)))
            found += [records.tolist(), signatures.tolist()]
        for keys in ("documents", "paragraphs", "ids", "inputs"):
            wanted = np.unique(np.concatenate([opened.find(keys, part)[0] for part in all_keys()]))
            found += [column.tolist() for column in opened.find(keys, wanted)]
        return found + [batch.to_pylist() for batch in opened.read_documents(np.arange(opened.manifest.documents))]


def all_keys() -> list[Any]:
    stored = Stored()
    add_to(stored, make_addition(1, 40))
    return [np.unique(np.array([key for key, _ in pairs], np.uint64)) for pairs in stored.pairs.values()]


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_are_named(index: Path, name: str) -> None:
    path = index / SEGMENTS / "000001" / f"{name}.parquet"
    whole, content = read_all(index), path.read_bytes()
    chance = random.Random(name)  # noqa: S311  # which bits are flipped, not a secret
    errors = []
    for turn in range(40):
        flipped = bytearray(content)
        flipped[chance.randrange(len(content))] ^= 1 << turn % 8
        path.write_bytes(flipped)
        try:
            assert read_all(index) == whole  # the byte was none of the data
        except IndexDamaged as error:
            errors.append(str(error))
    assert len(errors) > 20
    assert all(str(path) in error for error in errors)
    for size in (len(content) - 1, len(content) // 2, 0):
        path.write_bytes(content[:size])
        with pytest.raises(IndexDamaged, match=r"parquet cannot be read; .* bytes instead of .* Restore the folder"):
            read_all(index)
    path.unlink()
    with pytest.raises(IndexDamaged, match=rf"{name}.parquet is missing"):
        read_all(index)


def test_a_damaged_segment_is_not_merged(index: Path, tmp_path: Path) -> None:
    add(index, make_addition(2, 40), tmp_path / "temp")
    path = index / SEGMENTS / "000002" / "texts.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=r"000002/texts\.parquet"):
        compact(index, workspace(tmp_path / "work"))
    assert read_manifest(index).version == 2
    assert sorted(folder.name for folder in (index / SEGMENTS).iterdir()) == ["000001", "000002"]


def change(index: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    path = index / MANIFEST_FILE
    content = json.loads(path.read_bytes())
    edit(content)
    path.write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda content: content.update(format=2), r"version 2 of the format of index files, not 1\. Use that version"),
        (lambda content: content["versions"].update(token_rules=1), "version 1 of the token rules"),
        (lambda content: content["versions"].update(hash_rules=0, token_rules=9), "token rules, .* of the hash rules"),
        (lambda content: content["settings"].pop("seed"), r"other settings \(seed\)"),
        (lambda content: content["settings"].update(colour="red"), r"other settings \(colour\)"),
    ],
)
def test_indexes_of_other_versions_are_refused(
    index: Path, edit: Callable[[dict[str, Any]], object], message: str
) -> None:
    change(index, edit)
    with pytest.raises(IndexMismatch, match=message):
        read_manifest(index)


@pytest.mark.parametrize(
    "edit",
    [
        lambda content: content.pop("segments"),
        lambda content: content["settings"].update(threshold=7),
        lambda content: content["settings"].update(threshold=0.9),  # does not fit the fingerprint
        lambda content: content["segments"][0].update(documents=39),  # does not fit the total
        lambda content: content["segments"][0]["files"].pop("texts.parquet"),
        lambda content: content.update(version="1"),
        lambda content: content.update(settings=[]),
    ],
)
def test_damaged_manifests_are_refused(index: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    change(index, edit)
    for opening in (lambda: read_manifest(index), lambda: read_all(index)):
        with pytest.raises(IndexDamaged, match=rf"{MANIFEST_FILE} is damaged.* Restore it from a copy"):
            opening()


def test_any_truncated_manifest_is_refused(index: Path) -> None:
    content = (index / MANIFEST_FILE).read_bytes()
    for size in range(len(content) - 2):
        (index / MANIFEST_FILE).write_bytes(content[:size])
        with pytest.raises(IndexFolderError):
            read_manifest(index)


def test_other_folders_are_not_an_index(index: Path, tmp_path: Path) -> None:
    with pytest.raises(NotAnIndex, match=r"no such folder\. Name an index, or create it"):
        read_manifest(tmp_path / "nothing")
    with pytest.raises(NotAnIndex, match=rf"has no {MANIFEST_FILE}"), open_snapshot(tmp_path):
        pytest.fail("opened")
    with pytest.raises(IndexFolderError, match="object store"):
        describe(Path("s3://bucket/index"))
    for content in ("[]", "{}", '{"name": "app"}'):
        (index / MANIFEST_FILE).write_text(content, "utf-8")
        with pytest.raises(NotAnIndex, match="dedup did not write its"):
            read_manifest(index)


def test_a_copied_index_is_read(index: Path, tmp_path: Path) -> None:
    shutil.copytree(index, tmp_path / "copy \udce9")  # a name that is not UTF-8
    assert read_all(tmp_path / "copy \udce9") == read_all(index)


def test_each_differing_setting_is_named() -> None:
    names = list(SETTINGS.__dataclass_fields__)
    wanted = replace(SETTINGS, near_within=True, per="lang", ignore=("a+", "b"), permutations=24, paragraphs="within")
    assert differing_settings(SETTINGS, SETTINGS, names) == ""
    assert differing_settings(SETTINGS, wanted, ["threshold", "seed"]) == ""
    assert differing_settings(SETTINGS, wanted, names) == (
        "--paragraphs is within, but all in the index; --near-within is on, but not given in the index; "
        "--ignore is 'a+', 'b', but not given in the index; --per is lang, but not given in the index; "
        "permutations is 24, but 20 in the index"
    )


def test_hashes_are_those_of_hash_rules_1() -> None:
    """An index stores hashes. If this fails since they are computed in another way, raise HASH_RULES."""
    text = pa.array(["The quick brown fox jumps over the lazy dog."], pa.large_string())
    rows = sketch_batch(0, text, sketch_settings(Settings())).documents
    found = [rows.sequence[0], rows.content[0], rows.keys[0, 0], rows.keys[0, -1], rows.signature[0].view(np.uint64)[0]]
    assert HASH_RULES == 1
    assert [*map(int, found), int(hash_strings(pa.array(["a"]))[0])] == [
        0xD0410907BEC2496B,
        0x3E0E86F07861D7FB,
        0xC6AD30C9A08FAB83,
        0x09D1747F4AA47232,
        0xDE5A290892716B79,
        0x2930BC7C67721DA1,
    ]
