"""Test inputs and outputs in object stores: against a server of S3 on this machine, and local folders in its place."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.fs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import dedup
from dedup.corpus.files import InputFile, list_files
from dedup.corpus.remote import list_remote
from dedup.corpus.report import ReportBuilder
from dedup.errors import InputError, OutputError, SettingsError
from dedup.runtime.storage import files as storage_files
from dedup.runtime.storage import stores
from dedup.runtime.storage.errors import StorageError, describe
from dedup.runtime.storage.files import RemoteFile
from dedup.runtime.storage.paths import RemotePath, parse_remote
from dedup.runtime.storage.stores import Store, open_store

SENTENCE = "The council of the city voted on Tuesday to build a bridge over the river near the old mill."


# Addresses


@pytest.mark.parametrize(
    ("address", "scheme", "store_path"),
    [
        ("s3://bucket", "s3", "bucket"),
        ("S3A://bucket/", "s3", "bucket"),
        ("s3://bucket/a b/c%20d?x#y.txt", "s3", "bucket/a b/c%20d?x#y.txt"),
        ("s3://bucket/a?region=eu-west-1&anonymous=true", "s3", "bucket/a"),
        ("s3://bucket/a?id=3", "s3", "bucket/a?id=3"),
        ("gcs://bucket/é/", "gs", "bucket/é"),
        ("abfss://box@account.dfs.core.windows.net/a/b", "abfs", "box/a/b"),
        ("abfs://box/a?account_name=account", "abfs", "box/a"),
        ("hf://datasets/owner/name/data", "hf", "datasets/owner/name/data"),
    ],
)
def test_parses_addresses(address: str, scheme: str, store_path: str) -> None:
    path = parse_remote(address)
    assert path is not None
    assert (path.scheme, path.store_path) == (scheme, store_path)
    assert path.names_folder == (address.endswith("/") and path.key != "")


@pytest.mark.parametrize("path", ["articles", "/a/s3:/b", "C:\\a", "./s3://bucket/a", "a:b"])
def test_other_paths_are_local(path: str) -> None:
    assert parse_remote(path) is None


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("https://example.org/a.txt", "Copy the files to a local folder"),
        ("s3://", "Name one: s3://bucket/folder"),
        ("s3://key:secret@bucket/a", "Give credentials in environment variables"),
        ("s3://bucket/a//b", "Write the path without it"),
        ("s3://bucket/../b", "Write the path without it"),
        ("hf://models/owner/name", "Name hf://datasets/OWNER/NAME"),
    ],
)
def test_refuses_invalid_addresses(address: str, advice: str) -> None:
    with pytest.raises(SettingsError, match=advice) as raised:
        parse_remote(address)
    assert "secret" not in str(raised.value)


def test_a_path_object_may_be_an_address() -> None:
    assert parse_remote(Path("s3://bucket/a")) == parse_remote("s3://bucket/a")


KEYS = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1).filter(
    lambda name: name not in (".", "..")
)


@given(st.lists(KEYS), st.dictionaries(st.sampled_from(["region", "endpoint_override", "scheme"]), st.text(min_size=1)))
def test_an_address_is_read_back(parts: list[str], options: dict[str, str]) -> None:
    path = RemotePath("s3", "bucket", "/".join(parts), tuple(sorted(options.items())))
    if options or "?" not in path.key:
        assert parse_remote(os.fspath(path)) == path
        assert parse_remote(path) == path


# Stores in local folders


@pytest.fixture
def local_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in place of S3: s3://bucket is its subfolder "bucket"."""
    folder = tmp_path / "store"
    (folder / "bucket").mkdir(parents=True)
    filesystem = pyarrow.fs.SubTreeFileSystem(str(folder), pyarrow.fs.LocalFileSystem())
    monkeypatch.setattr(stores, "_open_s3", lambda *_: filesystem)
    stores._open_store.cache_clear()
    yield folder / "bucket"
    stores._open_store.cache_clear()


def address(text: str) -> RemotePath:
    path = parse_remote(text)
    assert path is not None
    return path


NAMES = st.sampled_from(
    [
        *["a.txt", "b", "é", ".hidden", "run.json", "pairs.parquet", "z.txt", "a b", "-", "README.md", "t.csv"],
        *["_SUCCESS", "clean.parquet", "part-00000.parquet", "part-00002.parquet"],
    ]
)
TREES = st.recursive(
    st.sampled_from(["", "{}", '{"dedup": "1"}']), lambda tree: st.dictionaries(NAMES, tree, max_size=4), max_leaves=8
)


def write_tree(folder: Path, tree: Any) -> None:
    if isinstance(tree, str):
        folder.write_text(tree)
        return
    folder.mkdir()
    (folder / "last").touch()  # a store has no empty folders
    for name, item in tree.items():
        write_tree(folder / name, item)


RUN = {"run.json": '{"dedup": "1"}', "pairs.parquet": ""}


@given(st.dictionaries(NAMES, TREES, max_size=5), st.booleans())
@example(RUN | {"clean.parquet": {"part-00000.parquet": "", "part-00001.parquet": "", "_SUCCESS": ""}}, True)
@example(RUN | {"clean.parquet": {"part-00000.parquet": "", "part-00002.parquet": ""}}, False)
@example(RUN | {"clean.parquet": {}}, False)
@example(RUN | {"clean.parquet": "", "run.json": '{"dedup": "1", "parts": []}'}, False)
@example(RUN | {"clean.parquet": ""}, True)
@example({"out": RUN | {"clean.parquet": {"part-00000.parquet": ""}}}, True)
def test_lists_the_same_files_as_in_a_local_folder(tree: dict[str, Any], several: bool) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as temp:
        write_tree(Path(temp, "bucket"), tree)
        store = Store("s3", pyarrow.fs.SubTreeFileSystem(temp, pyarrow.fs.LocalFileSystem()))
        prefix = "s3://bucket/" if several else ""
        local, remote = ReportBuilder(), ReportBuilder()
        expected = list_files(f"{temp}/bucket/".encode(), prefix, frozenset(), local)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("dedup.corpus.remote.open_store", lambda _: store)
            found = list_remote(address("s3://bucket"), None, several, (), remote)
        assert [file.relative for file in found] == expected
        assert {file.prefix for file in found} <= {prefix}
        assert [file.size() for file in found] == [
            Path(temp, "bucket", os.fsdecode(n)).stat().st_size for n in expected
        ]
        assert (remote.hidden, remote.skipped, sorted(remote.notes)) == (
            local.hidden,
            local.skipped,
            sorted(local.notes),
        )


class Listed:
    """A file system of which only the listing is used."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def get_file_info(self, _: Any) -> list[pyarrow.fs.FileInfo]:
        return [pyarrow.fs.FileInfo(name, pyarrow.fs.FileType.File, size=0) for name in self.names]


def test_names_what_only_a_store_can_have(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store("s3", Listed("bucket/a//b.txt", "bucket/c_$folder$", "bucket/a", "bucket/a/d.txt"))
    monkeypatch.setattr("dedup.corpus.remote.open_store", lambda _: store)
    report = ReportBuilder()
    assert [file.path for file in list_remote(address("s3://bucket"), None, False, (), report)] == ["a", "a/d.txt"]
    [skipped] = report.skipped
    assert skipped.path == "a//b.txt"
    assert "empty folder name" in skipped.reason
    assert report.notes == ["1 empty file ending in _$folder$ was left out, since they mark folders"]


def test_an_excluded_folder_is_not_read(local_store: Path) -> None:
    for name in ("in/a.txt", "in/out/clean.parquet"):
        (local_store / name).parent.mkdir(exist_ok=True)
        (local_store / name).write_text(SENTENCE)
    report = ReportBuilder()
    exclude = {stores.identity(address("s3://bucket/in/out"))}
    assert [file.path for file in list_remote(address("s3://bucket/in/"), None, False, exclude, report)] == ["a.txt"]
    assert not report.notes


# Reading


def open_local(path: Path) -> io.RawIOBase:
    return RemoteFile(Store("s3", pyarrow.fs.LocalFileSystem()), str(path), None).open()


ACTIONS = st.one_of(
    st.tuples(st.just("read"), st.integers(-1, 40)),
    st.tuples(st.just("seek"), st.integers(0, 120)),
    st.tuples(st.just("end"), st.integers(-20, 0)),
    st.tuples(st.just("skip"), st.integers(0, 20)),
)


@given(st.binary(min_size=20, max_size=100), st.integers(1, 30), st.lists(ACTIONS))
def test_reads_as_from_a_local_file(content: bytes, block: int, actions: list[tuple[str, int]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as temp, pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage_files, "_BLOCK_BYTES", block)
        Path(temp, "a").write_bytes(content)
        expected = io.BytesIO(content)
        with open_local(Path(temp, "a")) as raw, io.BufferedReader(raw, 8) as reader:
            for action, number in actions:
                for file in (expected, reader):
                    if action != "read":
                        file.seek(number, {"seek": os.SEEK_SET, "skip": os.SEEK_CUR, "end": os.SEEK_END}[action])
                assert reader.tell() == expected.tell()
                if action == "read":
                    assert reader.read(number) == expected.read(number)


class FailingStore:
    """A file system that raises an error for every file."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def open_input_file(self, _: str) -> Any:
        raise self.error


def test_a_file_that_cannot_be_read_is_skipped() -> None:
    error = OSError("When reading: AWS Error ACCESS_DENIED during HeadObject operation: No response body.")
    file = RemoteFile(Store("s3", FailingStore(error)), "bucket/a.txt", 3)
    with pytest.raises(StorageError, match="access is denied"):
        InputFile(b"s3://bucket/", b"a.txt", "", file).read()


@pytest.mark.parametrize(
    "error",
    [
        OSError("When reading: AWS Error NETWORK_CONNECTION during HeadObject operation: curlCode: 28, Timeout"),
        OSError("google::cloud::Status(UNAVAILABLE: Retry policy exhausted error_info={reason=})"),
        TimeoutError("timed out"),
        type("ConnectError", (Exception,), {})("[Errno -2] Name or service not known"),
    ],
)
def test_a_store_that_does_not_answer_ends_the_run(error: Exception) -> None:
    file = RemoteFile(Store("s3", FailingStore(error)), "bucket/a.txt", 3)
    with pytest.raises(InputError, match=r"s3://bucket/a.txt cannot be read: the store does not answer"):
        InputFile(b"s3://bucket/", b"a.txt", "", file).read()


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("AWS Error UNKNOWN (HTTP status 301) during HeadObject operation: No response body.", "another region"),
        ("AWS Error INVALID_ACCESS_KEY_ID during ListObjectsV2 operation: it does not exist", "credentials"),
        ("google::cloud::Status(UNAVAILABLE: Could not create a OAuth2 access token)", "credentials"),
        ("Failed to get token from DefaultAzureCredential.", "credentials"),
        ("When reading key '403 404.txt': AWS Error SLOW_DOWN during GetObject operation: no", "more requests"),
        ("something else", "something else"),
    ],
)
def test_describes_errors(message: str, reason: str) -> None:
    error = describe(OSError(message), "s3")
    assert reason in error.reason
    assert error.advice.endswith(".")


def test_files_that_the_store_would_decode_are_refused() -> None:
    class Transcoding:
        def open_input_file(self, _: str) -> Any:
            file = pa.BufferReader(b"abc")
            return type("File", (), {"metadata": lambda _: {"Content-Encoding": b"gzip"}, "close": file.close})()

    with pytest.raises(StorageError, match="content encoding gzip"):
        RemoteFile(Store("gs", Transcoding()), "bucket/a.txt", 3).open()


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(pyarrow.fs, "S3FileSystem")
    with pytest.raises(InputError, match=r"pyarrow has no support for s3://. Install pyarrow from PyPI"):
        dedup.scan("s3://bucket/a?region=none-such")
    monkeypatch.setitem(__import__("sys").modules, "huggingface_hub", None)
    with pytest.raises(InputError, match=r"pip install 'dedup-text\[hf\]'"):
        dedup.scan("hf://datasets/owner/name")


def test_azure_takes_account_and_key_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(pyarrow.fs, "AzureFileSystem", lambda *names, **options: calls.append((names, options)))
    with pytest.raises(StorageError, match="the storage account is not named"):
        open_store(address("abfs://box/a"))
    monkeypatch.setenv("AZURE_STORAGE_KEY", "key")
    open_store(address("abfss://box@account.dfs.core.windows.net/a?blob_storage_scheme=http"))
    assert calls == [(("account",), {"account_key": "key", "blob_storage_scheme": "http"})]


def test_reads_hugging_face_through_fsspec(monkeypatch: pytest.MonkeyPatch) -> None:
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")
    memory = fsspec.filesystem("memory")
    for name, content in {
        "a.txt": SENTENCE.encode(),
        "data/b.jsonl.gz": gzip.compress(b'{"text": "b"}'),
        ".git": b"",
    }.items():
        memory.pipe(f"/datasets/owner/name/{name}", content)
    monkeypatch.setattr(stores, "_hugging_face_filesystem", lambda: memory)
    stores._open_store.cache_clear()
    cleaned = dedup.clean("hf://datasets/owner/name")
    assert cleaned.clean["text"].to_pylist() == [SENTENCE, "b"]
    assert cleaned.clean["path"].to_pylist() == ["a.txt", "data/b.jsonl.gz"]
    assert cleaned.run.counts["hidden"] == 1
    assert dedup.clean("hf://datasets/owner/name/a.txt").clean["id"].to_pylist() == ["a.txt"]
    with pytest.raises(InputError, match="hf://datasets/owner/other cannot be read: it does not exist"):
        dedup.scan("hf://datasets/owner/other")
    with pytest.raises(OutputError, match="hf:// can only be read"):
        dedup.scan("hf://datasets/owner/name", "hf://datasets/owner/name/out")
    stores._open_store.cache_clear()
