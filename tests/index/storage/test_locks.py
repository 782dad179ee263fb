"""One writer at a time, and readers that keep what they opened."""
# ruff: noqa: S603
# the only program that is run is our own

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from index_samples import SETTINGS, Stored, add, add_to, content_of, make_addition, workspace

from dedup.errors import IndexDamaged, IndexFolderError, IndexLocked, NotAnIndex
from dedup.index.storage.commit import commit, compact
from dedup.index.storage.layout import LOCK_FILE, MANIFEST_FILE, READERS_FILE, SEGMENTS
from dedup.index.storage.locks import writer_lock
from dedup.index.storage.manifest import new_manifest, read_manifest
from dedup.index.storage.segments import write_segment
from dedup.index.storage.snapshot import open_snapshot

HOLD = """
import sys, time
from pathlib import Path
from dedup.index.storage.locks import writer_lock
with writer_lock(Path(sys.argv[1]), "index add"):
    print("locked", flush=True)
    time.sleep(600)
"""


def names(index: Path) -> list[str]:
    return sorted(path.name for path in (index / SEGMENTS).iterdir())


def test_a_second_writer_is_refused_with_the_name_of_the_first(tmp_path: Path) -> None:
    index = tmp_path / "index"
    add(index, make_addition(1, 5), tmp_path / "temp")
    refused: list[Callable[[], object]] = [
        lambda: add(index, make_addition(2, 5), tmp_path / "temp"),
        lambda: compact(index, workspace(tmp_path / "temp")),
    ]
    with subprocess.Popen([sys.executable, "-c", HOLD, str(index)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        for write in refused:
            with pytest.raises(IndexLocked, match=rf"dedup index add \(process {holder.pid} on .*Try again when"):
                write()
        with open_snapshot(index) as opened:  # reading is possible meanwhile
            assert opened.manifest.documents == 5
        holder.kill()
    assert add(index, make_addition(2, 5), tmp_path / "temp").version == 2  # the system released the lock


def test_a_writer_without_a_name_is_reported(tmp_path: Path) -> None:
    add(tmp_path / "index", make_addition(1, 5), tmp_path / "temp")
    with writer_lock(tmp_path / "index", "index add"):
        (tmp_path / "index" / LOCK_FILE).write_text("", "utf-8")
        with pytest.raises(IndexLocked, match="another process is writing to it"), writer_lock(tmp_path / "index", "x"):
            pytest.fail("two writers")


def test_a_reader_keeps_its_version_until_it_ends(tmp_path: Path) -> None:
    index, temp, stored = tmp_path / "index", tmp_path / "temp", Stored()
    for seed in (1, 2):
        add_to(stored, addition := make_addition(seed, 20))
        add(index, addition, temp)
    with open_snapshot(index) as opened:
        assert compact(index, workspace(temp / "compact")).segments == 2
        add(index, make_addition(3, 20), temp)
        assert names(index) == ["000001", "000002", "000003", "000004"]
        rows = [row for batch in opened.read_documents(np.arange(60)) for row in batch.to_pylist()]
        assert rows == stored.texts
        assert opened.manifest.version == 2
        assert opened.find("documents", np.array([0], np.uint64))[1].size > 0
        with open_snapshot(index) as later:
            assert (later.manifest.version, later.manifest.documents) == (4, 60)
    add(index, make_addition(4, 20), temp)
    assert names(index) == ["000003", "000004", "000005"]


def fail(index: Path, temp: Path) -> None:
    """Write a segment, and end before the commit."""
    with writer_lock(index, "index add") as before:
        manifest = before or new_manifest(SETTINGS)
        content = content_of(make_addition(1, 9), manifest.documents, temp / "run")
        segment = write_segment(index, manifest, content, workspace(temp / "work"))
        assert names(index)[-1] == f"{segment.name}.part"
        raise KeyboardInterrupt


def test_what_a_failed_writer_wrote_is_removed(tmp_path: Path) -> None:
    index, temp = tmp_path / "index", tmp_path / "temp"
    with pytest.raises(KeyboardInterrupt):
        fail(index, temp)
    assert not index.exists()
    add(index, make_addition(1, 9), temp)
    with pytest.raises(KeyboardInterrupt):
        fail(index, temp)
    assert names(index) == ["000001"]


def test_a_segment_that_was_never_named_is_replaced_although_a_reader_is_there(tmp_path: Path) -> None:
    index, temp = tmp_path / "index", tmp_path / "temp"
    add(index, make_addition(1, 9), temp)
    (index / SEGMENTS / "000002").mkdir()  # as a writer leaves it that is killed before it replaces the manifest
    (index / SEGMENTS / "000002.part").mkdir()
    with open_snapshot(index):
        assert add(index, make_addition(2, 9), temp).version == 2
    assert names(index) == ["000001", "000002"]


def test_a_new_index_starts_in_an_empty_folder_or_where_a_writer_was_killed(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "killed" / SEGMENTS / "000001.part").mkdir(parents=True)
    (tmp_path / "killed" / LOCK_FILE).write_text("{}", "utf-8")
    for name in ("empty", "killed", "deep/new"):
        with writer_lock(tmp_path / name, "index add") as before:
            assert before is None
            manifest = new_manifest(SETTINGS)
            content = content_of(make_addition(1, 3), 0, tmp_path / "run")
            segment = write_segment(tmp_path / name, manifest, content, workspace(tmp_path / "work"))
            assert commit(tmp_path / name, manifest, segment) == read_manifest(tmp_path / name)
        assert names(tmp_path / name) == ["000001"]


def test_foreign_folders_are_refused_and_not_changed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "letter.txt").write_text("mine", "utf-8")
    (tmp_path / "file").write_text("mine", "utf-8")
    for name, reason in (("folder", "contains letter.txt"), ("file", "is a file, not an index")):
        with pytest.raises(NotAnIndex, match=reason), writer_lock(tmp_path / name, "index add"):
            pytest.fail("locked")
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["letter.txt"]
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / MANIFEST_FILE).write_text('{"name": "app"}', "utf-8")
    with pytest.raises(NotAnIndex, match="dedup did not write"), writer_lock(tmp_path / "app", "index add"):
        pytest.fail("locked")
    assert [path.name for path in (tmp_path / "app").iterdir()] == [MANIFEST_FILE]
    with pytest.raises(IndexFolderError, match="object store"), writer_lock(Path("s3://bucket/index"), "index add"):
        pytest.fail("locked")
    with pytest.raises(NotAnIndex, match="there is no such folder"):
        compact(tmp_path / "nothing", workspace(tmp_path / "work"))
    assert not (tmp_path / "nothing").exists()


def test_the_segments_of_an_index_that_lost_its_manifest_stay(tmp_path: Path) -> None:
    index = tmp_path / "index"
    add(index, make_addition(1, 3), tmp_path / "temp")
    (index / MANIFEST_FILE).unlink()
    with pytest.raises(IndexDamaged, match=r"no manifest\.json, but segments such as 000001\. Restore"):
        add(index, make_addition(1, 3), tmp_path / "temp")
    assert names(index) == ["000001"]


def test_a_missing_lock_file_of_readers_is_named(tmp_path: Path) -> None:
    add(tmp_path / "index", make_addition(1, 3), tmp_path / "temp")
    (tmp_path / "index" / READERS_FILE).unlink()
    with pytest.raises(IndexDamaged, match=r"readers cannot be opened.*Create it"), open_snapshot(tmp_path / "index"):
        pytest.fail("opened")
    add(tmp_path / "index", make_addition(1, 3), tmp_path / "temp")  # a writer creates it
    with open_snapshot(tmp_path / "index") as opened:
        assert opened.manifest.version == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(IndexFolderError, match="cannot be written"), writer_lock(tmp_path / "index", "index add"):
        pytest.fail("locked")
