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
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st
from object_store import keys, outputs

import dedup
from dedup.cli.commands import cli
from dedup.corpus.files import InputFile, list_files
from dedup.corpus.remote import list_remote
from dedup.corpus.report import ReportBuilder
from dedup.errors import InputChanged, InputError, NotAnOutput, OutputError, OutputExists, SettingsError
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


# S3


def parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


CORPUS = {
    "a.txt": SENTENCE.encode(),
    "b c/d?é#%20.txt": SENTENCE.upper().encode(),
    "b c/e.txt.gz": gzip.compress(b"Something else."),
    "latin.txt": "Un café près de la forêt, à côté de l'hôtel de ville où l'été a été très gai.".encode("latin-1"),
    "n.jsonl.gz": gzip.compress(b'{"id": "x", "text": "one"}\n{"id": "y", "text": "two"}\nbroken\n'),
    "p.parquet": parquet(pa.table({"id": ["p", "q"], "text": [SENTENCE, "in a table"]})),
    "t.csv": b"id,text\nr,from a table\ns,and more\n",
    "empty.txt": b"",
    ".hidden/x.txt": b"hidden",
}


def write_local(folder: Path) -> Path:
    for name, content in CORPUS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_a_bucket_gives_the_same_result_as_a_local_folder(put: Any, tmp_path: Path) -> None:
    put({f"in/{name}": content for name, content in CORPUS.items()})
    local, remote = dedup.clean(write_local(tmp_path / "in")), dedup.clean("s3://bucket/in/")
    assert remote.clean.equals(local.clean)
    assert remote.removed.equals(local.removed)
    assert remote.clean.num_rows
    for name in ("counts", "skipped", "encodings", "notes"):
        assert getattr(remote.run, name) == getattr(local.run, name)


def test_several_inputs_keep_their_addresses(put: Any, tmp_path: Path) -> None:
    put({"in/a.txt": b"one", "in/z/b.txt": b"two", "other/c.txt": b"three"})
    (tmp_path / "d.txt").write_text("four")
    inputs = ["s3://bucket/other/c.txt", str(tmp_path / "d.txt"), "s3://bucket/in"]
    paths = dedup.clean(inputs).clean["path"].to_pylist()
    assert paths == [
        "s3://bucket/other/c.txt",
        str(tmp_path / "d.txt"),
        "s3://bucket/in/a.txt",
        "s3://bucket/in/z/b.txt",
    ]
    for overlapping in ("s3a://bucket", "s3://bucket/in/z/b.txt", "s3://bucket/in/"):
        with pytest.raises(InputError, match="would be read twice"):
            dedup.scan([*inputs, overlapping])


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("s3://bucket/none", "it does not exist. Check the spelling"),
        ("s3://bucket/none/", "it does not exist"),
        ("s3://bucket/*.txt", "Patterns with . are not expanded"),
        ("s3://no-bucket/a", "the bucket does not exist"),
        ("s3://no-bucket", "the bucket does not exist"),
        ("s3://bucket/a?endpoint_override=http%3A%2F%2F127.0.0.1%3A9", "the store does not answer"),
    ],
)
def test_names_an_input_that_does_not_exist(
    put: Any, monkeypatch: pytest.MonkeyPatch, address: str, message: str
) -> None:
    monkeypatch.setattr(stores, "_ATTEMPTS", 1)
    put({"a.txt": b"one"})
    result = CliRunner().invoke(cli, ["scan", "-q", address])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"dedup: {address.partition('?')[0].rstrip('/')} cannot be read: ")
    assert message.replace(".", "*") in result.stderr.replace(".", "*")
    assert "Traceback" not in result.stderr


def test_an_endpoint_in_the_address_is_used(put: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from urllib.parse import quote

    put({"a.txt": b"one", "a.txt/b.txt": b"two"})
    endpoint = os.environ["AWS_ENDPOINT_URL"]
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    options = f"?endpoint_override={quote(endpoint, safe='')}"
    assert dedup.clean(f"s3://bucket/a.txt{options}").clean.select(["path", "text"]).to_pylist() == [
        {"path": "a.txt", "text": "one"}
    ]
    assert dedup.clean(f"s3://bucket/a.txt/{options}").clean["text"].to_pylist() == ["two"]


def test_an_object_that_is_replaced_while_it_is_read_is_noticed(
    put: Any, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_files, "_BLOCK_BYTES", 4)
    put({"a.txt": b"abcdefgh"})
    file = RemoteFile(open_store(address("s3://bucket/a.txt")), "bucket/a.txt", 8)
    with file.open() as reader:
        assert reader.read() == b"abcdefgh"
    reader = file.open()
    assert reader.read(4) == b"abcd"
    put({"a.txt": b"12345678"})
    assert reader.read(4) == b"5678"
    with pytest.raises(InputChanged, match=r"s3://bucket/a.txt was changed"):
        reader.read(4)
    reader.close()
    reader = file.open()
    reader.read(4)
    bucket.delete_object(Bucket="bucket", Key="a.txt")
    with pytest.raises(StorageError):
        reader.read(4)


OUT = ["clean.parquet", "pairs.parquet", "removed.parquet", "run.json"]


def test_an_output_in_a_bucket_is_as_a_local_one(put: Any, bucket: Any, tmp_path: Path) -> None:
    put({f"in/{name}": content for name, content in CORPUS.items()})
    local = dedup.clean("s3://bucket/in", tmp_path / "out")
    remote = dedup.clean("s3://bucket/in", "s3://bucket/out")
    assert outputs(bucket) == OUT
    assert remote.clean.equals(local.clean)
    assert list(dedup.restore(remote.out)) == list(dedup.restore(local.out))  # type: ignore[arg-type]
    assert dedup.explain("s3://bucket/out", "a.txt") == dedup.explain(tmp_path / "out", "a.txt")
    page = dedup.report("s3://bucket/out", tmp_path / "report.html").read_text("utf-8")
    assert "s3://bucket/out" in page
    dedup.restore_to("s3://bucket/out", tmp_path / "back")
    assert (tmp_path / "back" / "a.txt").read_bytes() == CORPUS["a.txt"]
    run = CliRunner().invoke(cli, ["diff", "--in", "s3://bucket/out", "a.txt", "b c/d"])
    assert "verbatim" in run.stdout
    assert dedup.scan("s3://bucket").run.counts["documents"] == local.run.counts["documents"]


def test_writes_stories_and_pairs(put: Any, bucket: Any) -> None:
    put({"in/a.txt": SENTENCE.encode(), "in/b.txt": SENTENCE.encode()})
    dedup.scan("s3://bucket/in", "s3://bucket/out/scan")
    aligned = dedup.align("s3://bucket/in", "s3://bucket/out/align")
    assert aligned.links.num_rows == len(aligned.links)
    found = [
        f"align/{name}" for name in ("links.parquet", "outlets.parquet", "run.json", "stories.parquet", "texts.parquet")
    ]
    assert outputs(bucket) == [*found, "scan/pairs.parquet", "scan/run.json"]


def test_an_output_is_replaced_only_if_dedup_wrote_it(put: Any, bucket: Any) -> None:
    put({"in/a.txt": b"one", "in/b.txt": b"one"})
    dedup.align("s3://bucket/in", "s3://bucket/out")
    with pytest.raises(OutputExists, match="s3://bucket/out already exists"):
        dedup.clean("s3://bucket/in", "s3://bucket/out")
    put({"out/mine.txt": b"mine"})
    dedup.clean("s3://bucket/in", "s3://bucket/out", overwrite=True)
    assert sorted(outputs(bucket)) == sorted([*OUT, "mine.txt"])
    for foreign in ("s3://bucket/in", "s3://bucket/in/a.txt"):
        with pytest.raises(OutputExists, match=r"not written by dedup|is a file"):
            dedup.clean("s3://bucket/out/mine.txt", foreign, overwrite=True)
    assert "in/a.txt" in keys(bucket)


def test_the_rest_of_a_killed_upload_is_replaced_and_not_read(put: Any, bucket: Any) -> None:
    put({"a.txt": b"one", "out/clean.parquet": b"PAR1"})
    with pytest.raises(NotAnOutput, match="s3://bucket/out is not a folder that dedup clean wrote"):
        list(dedup.restore("s3://bucket/out"))
    with pytest.raises(OutputExists):
        dedup.clean("s3://bucket", "s3://bucket/out")
    run = dedup.clean("s3://bucket", "s3://bucket/out", overwrite=True).run
    assert (run.counts["documents"], run.skipped) == (1, ())
    assert outputs(bucket) == OUT


@pytest.mark.usefixtures("bucket")
def test_an_output_that_cannot_be_written_is_noticed_before_the_input_is_read() -> None:
    with pytest.raises(OutputError, match="s3://no-bucket/out cannot be written: the bucket does not exist"):
        dedup.clean("s3://bucket/none", "s3://no-bucket/out")
    with pytest.raises(OutputError, match="s3://no-bucket/out cannot be read: the bucket does not exist"):
        dedup.explain("s3://no-bucket/out", "a")


@pytest.mark.parametrize("error", [StorageError("the store is away", "Wait.", fatal=True), KeyboardInterrupt()])
def test_an_upload_that_fails_leaves_no_output(
    put: Any, bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    put({"in/a.txt": b"one", "in/b.txt": b"two"})
    dedup.clean("s3://bucket/in/a.txt", "s3://bucket/out")
    upload = Store.upload

    def fail(store: Store, source: Path, path: RemotePath, *arguments: Any) -> None:
        upload(store, source, path, *arguments)
        if path.name == "removed.parquet":
            raise error

    monkeypatch.setattr(Store, "upload", fail)
    with pytest.raises((OutputError, KeyboardInterrupt)) as raised:
        dedup.clean("s3://bucket/in", "s3://bucket/out", overwrite=True, temp_dir=tmp_path)
    assert outputs(bucket) == []
    kept = list(tmp_path.glob("dedup-not-uploaded-*/out"))
    if isinstance(error, StorageError):
        assert f"the store is away. The complete output was kept in {kept[0]}" in str(raised.value)
        assert [text for batch in dedup.restore(kept[0]) for text in batch["text"].to_pylist()] == ["one", "two"]
    else:
        assert kept == []


@pytest.mark.parametrize(
    "arguments",
    [["restore", "s3://bucket/out", "-o", "s3://bucket/back"], ["scan", "a.txt", "--temp-dir", "s3://bucket/temp"]],
)
def test_local_paths_must_be_local(arguments: list[str]) -> None:
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 2
    assert "this path must be local" in result.stderr
