"""Inputs and outputs in a bucket of S3, and what can go wrong there."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from object_store import keys, outputs

import dedup
from dedup.cli.commands import cli
from dedup.errors import InputChanged, InputError, NotAnOutput, OutputError, OutputExists
from dedup.runtime.storage import files as storage_files
from dedup.runtime.storage import stores
from dedup.runtime.storage.errors import StorageError
from dedup.runtime.storage.files import RemoteFile
from dedup.runtime.storage.paths import RemotePath, parse_remote
from dedup.runtime.storage.stores import Store, open_store

SENTENCE = "The council of the city voted on Tuesday to build a bridge over the river near the old mill."


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
    path = parse_remote("s3://bucket/a.txt")
    assert path is not None
    file = RemoteFile(open_store(path), "bucket/a.txt", 8)
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
