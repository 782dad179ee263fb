"""Outputs whose tables are folders of parts, in object stores: against a server of S3 on this machine."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from object_store import outputs
from output_parts import split_output

import dedup
from dedup.errors import NotAnOutput, OutputExists
from dedup.outputs.loaded import load_cleaned
from dedup.outputs.remote import remote_output
from dedup.runtime.progress import Progress
from dedup.runtime.storage.paths import RemotePath, parse_remote
from dedup.runtime.storage.stores import Store

SENTENCE = "The council of the city voted on Tuesday to build a bridge over the river near the old mill."
OUT = ["clean.parquet", "pairs.parquet", "removed.parquet", "run.json"]


def parsed(text: str) -> RemotePath:
    path = parse_remote(text)
    assert path is not None
    return path


def write_corpus(folder: Path) -> Path:
    folder.mkdir()
    (folder / "a.txt").write_text(SENTENCE, "utf-8")
    (folder / "b.html").write_text(f"<html><body><p>{SENTENCE}</p><p>More.</p></body></html>", "utf-8")
    rows = [
        {"id": "x", "text": "one", "n": 1},
        {"id": "y", "text": SENTENCE, "n": "2"},
        {"id": "z", "text": "and more"},
    ]
    (folder / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (folder / "d.csv").write_text("id,text\nr,from a table\ns,and more\n", "utf-8")
    return folder


def test_an_output_of_parts_in_a_bucket_is_as_a_local_one(put: Any, bucket: Any, tmp_path: Path) -> None:
    dedup.clean(write_corpus(tmp_path / "in"), tmp_path / "whole", against=pa.table({"text": ["and more"]}))
    local = split_output(tmp_path / "whole", tmp_path / "out", [2, 5, 5])
    put({f"out/{path.relative_to(local)}": path.read_bytes() for path in local.rglob("*.*") if path.is_file()})
    name = "s3://bucket/out"
    assert list(dedup.restore(name)) == list(dedup.restore(local))
    assert dedup.explain(name, "a.txt") == dedup.explain(local, "a.txt")
    expected_page = dedup.report(local, tmp_path / "local.html").read_text("utf-8")
    page = dedup.report(name, tmp_path / "report.html").read_text("utf-8")
    assert page.replace("s3://bucket/out", str(local)) == expected_page
    new = pa.table({"text": [SENTENCE, "new"]})
    assert dedup.clean(new, against=name).removed.num_rows == dedup.clean(new, against=local).removed.num_rows == 1
    again, expected = dedup.clean(name), dedup.clean(local)
    assert again.clean.equals(expected.clean)
    assert again.run.notes == expected.run.notes
    loaded = load_cleaned(expected.run, parsed(name), name)
    assert loaded.clean.equals(pq.read_table(tmp_path / "whole" / "clean.parquet"))
    bucket.delete_object(Bucket="bucket", Key="out/clean.parquet/part-00001.parquet")
    with pytest.raises(NotAnOutput, match=r"s3://bucket/out is not complete: clean\.parquet/part-00001\.parquet"):
        dedup.explain(name, "a.txt")
    with pytest.raises(dedup.NothingToRead, match=r"part-00001\.parquet is missing"):
        dedup.scan(name)
    with pytest.raises(OutputExists):
        dedup.clean(new, name)


def test_an_output_of_parts_is_replaced(put: Any, bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dedup.clean(pa.table({"text": [SENTENCE] * 3}), tmp_path / "whole")
    local = split_output(tmp_path / "whole", tmp_path / "out", [1, 2])
    objects = {f"out/{path.relative_to(local)}": path.read_bytes() for path in local.rglob("*") if path.is_file()}
    put(objects)
    deleted: list[str] = []
    for name in ("delete", "delete_folder"):
        method = getattr(Store, name)
        monkeypatch.setattr(
            Store, name, lambda store, path, method=method: deleted.append(path.name) or method(store, path)
        )
    dedup.clean(pa.table({"text": ["new"]}), "s3://bucket/out", overwrite=True)
    assert outputs(bucket) == OUT
    assert next(name for name in deleted if name in OUT) == "run.json"
    put({name: content for name, content in objects.items() if "run.json" not in name and "part-" in name})
    bucket.delete_object(Bucket="bucket", Key="out/run.json")  # the rest of a run that was killed
    dedup.clean(pa.table({"text": ["newer"]}), "s3://bucket/out", overwrite=True)
    assert outputs(bucket) == OUT


@pytest.mark.usefixtures("put")
def test_an_upload_may_have_parts(bucket: Any, tmp_path: Path) -> None:
    dedup.clean(pa.table({"text": [SENTENCE] * 3}), tmp_path / "whole")
    with remote_output(parsed("s3://bucket/out"), False, tmp_path, Progress()) as folder:
        folder.rmdir()
        split_output(tmp_path / "whole", folder, [1])
    assert outputs(bucket)[0] == "clean.parquet/part-00000.parquet"
    assert list(dedup.restore("s3://bucket/out")) == list(dedup.restore(tmp_path / "whole"))
