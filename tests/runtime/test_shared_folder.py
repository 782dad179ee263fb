"""Files of a folder that several machines share are complete or absent, on a file system and in an object store."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dedup.errors import OutputError
from dedup.runtime.shared_folder import SharedFolder
from dedup.runtime.storage.paths import parse_path


@pytest.fixture(params=["local", "s3"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> SharedFolder:
    """Return a folder of each kind in turn, which does not exist yet."""
    if request.param == "local":
        return SharedFolder(tmp_path / "shared")
    request.getfixturevalue("put")
    return SharedFolder(parse_path("s3://bucket/shared"))


def read(folder: SharedFolder, name: str) -> str:
    with folder.reading(name) as path:
        return path.read_text("utf-8")


def write(folder: SharedFolder, name: str, text: str) -> None:
    with folder.writing(name) as path:
        path.write_text(text, "utf-8")


def test_files_are_written_replaced_listed_and_removed(folder: SharedFolder) -> None:
    assert not folder.exists("a/numbers")
    assert folder.names("a") == []
    write(folder, "a/numbers", "1 2 3")
    write(folder, "a/others", "4")
    write(folder, "b/c/deep", "5")
    write(folder, "a/numbers", "6")
    assert read(folder, "a/numbers") == "6"
    assert folder.exists("a/numbers")
    assert not folder.exists("a")
    assert folder.names("a") == ["numbers", "others"]
    assert read(folder.child("b"), "c/deep") == read(pickle.loads(pickle.dumps(folder)), "b/c/deep") == "5"
    folder.remove("a")
    assert folder.names("a") == []
    assert folder.exists("b/c/deep")
    folder.remove()
    assert not folder.exists("b/c/deep")
    folder.remove()


def test_a_writer_that_fails_leaves_nothing_and_what_was_there(folder: SharedFolder) -> None:
    write(folder, "a/numbers", "1")
    for name in ("a/numbers", "a/others"):
        with pytest.raises(ZeroDivisionError), folder.writing(name) as path:
            path.write_text("2", "utf-8")
            raise ZeroDivisionError
    assert read(folder, "a/numbers") == "1"
    assert folder.names("a") == ["numbers"]
    if isinstance(folder.path, Path):
        assert [path.name for path in (folder.path / "a").iterdir()] == ["numbers"]


def test_files_are_copied(folder: SharedFolder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("content", "utf-8")
    folder.put(tmp_path / "file", "copies/file")
    assert read(folder, "copies/file") == (tmp_path / "file").read_text("utf-8") == "content"


def test_errors_name_the_file(tmp_path: Path, put: Callable[[dict[str, bytes]], None], bucket: Any) -> None:
    put({})
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(OutputError, match=rf"{tmp_path}/file/a cannot be .* name another folder"):
        write(SharedFolder(tmp_path / "file"), "a", "1")
    with pytest.raises(OutputError, match="s3://missing/shared/a cannot be read or written: "):
        write(SharedFolder(parse_path("s3://missing/shared")), "a", "1")
    with pytest.raises(OutputError, match="s3://bucket/shared/a cannot be read or written: "):
        read(SharedFolder(parse_path("s3://bucket/shared")), "a")
    assert bucket.list_objects_v2(Bucket="bucket").get("Contents", []) == []
