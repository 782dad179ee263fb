"""Test reading of damaged, unusual and hostile inputs: they are reported, and the rest is read."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from case_files import extract

from dedup.corpus import Corpus, Skipped, open_corpus
from dedup.corpus.markup.html import extract_text
from dedup.errors import ColumnNotFound, InputError, NothingToRead, SettingsError
from dedup.settings import Reading


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Corpus]:
    def read(files: dict[str, bytes | str], exclude: Sequence[Path] = (), **options: Any) -> Corpus:
        for name, data in files.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)
        (tmp_path / "temp").mkdir(exist_ok=True)
        return open_corpus([tmp_path / "in"], tmp_path / "temp", Reading(**options), exclude=exclude)

    return read


def rows(corpus: Corpus, *columns: str) -> list[tuple[Any, ...]]:
    names = list(columns) or ["text"]
    return [tuple(row.values()) for _, batch in corpus.batches(names) for row in batch.to_pylist()]


def texts(corpus: Corpus) -> list[str | None]:
    return [text for (text,) in rows(corpus)]


def skipped(corpus: Corpus) -> list[tuple[int | None, int | None, str]]:
    return [(item.row, item.line, item.reason) for item in corpus.report.skipped]


ENCODED = {
    "utf-8-sig": ("café\r\n", None),
    "utf-16": ("café", None),
    "utf-32": ("café", None),
    "cp1252": ("Le garçon a mangé des œufs à la crème brûlée près de l'hôtel où il était né. " * 5, "cp1252"),
    "cp1251": ("Съешь же ещё этих мягких французских булок, да выпей чаю. " * 9, "cp1251"),
    "euc_jp": ("これは日本語の文章です。文字コードを推測します。" * 9, "euc_jp"),
    "iso2022_jp": ("これは日本語の文章です。", "iso2022_jp"),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_text_encodings(encoding: str, read: Callable[..., Corpus]) -> None:
    text, guessed = ENCODED[encoding]
    corpus = read({"a.txt": text.encode(encoding), "b.txt": "plain"})
    assert texts(corpus) == [text, "plain"]
    found = corpus.report.guessed
    assert len(found) == (guessed is not None)
    assert corpus.report.encodings == ({found[0][1]: 1} if found else {})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_row_encodings(encoding: str, form: str, read: Callable[..., Corpus]) -> None:
    values = ["plain", "Le garçon a mangé des œufs à la crème brûlée près de l'hôtel où il était né."] * 3
    objects = [json.dumps({"text": value}, ensure_ascii=False) for value in values]
    data = {
        "jsonl": "\n".join(objects),
        "json": f"[\n{', '.join(objects)}\n]",
        "csv": "text,x\n" + "".join(f"{value},1\n" for value in values),
    }[form]
    corpus = read({f"a.{form}": data.encode(encoding)})
    assert texts(corpus) == values
    assert corpus.report.skipped == ()
    assert len(corpus.report.guessed) == (encoding == "cp1252")


def test_replaces_surrogates(read: Callable[..., Corpus]) -> None:
    corpus = read(
        {
            "a.jsonl": r'{"text": "a\ud800b", "k\udfff": ["\uD83D"]}' + "\n" + r'{"text": "\ud83d\ude00"}',
            "b.txt": "\ufeffx\ud800y".encode("utf-16-le", "surrogatepass"),
        }
    )
    assert texts(corpus) == ["a\ufffdb", "\U0001f600", "x\ufffdy"]
    assert corpus.report.replaced == 4
    assert corpus.report.notes[0] == "a.jsonl: 3 invalid characters, the first in line 1, were replaced by U+FFFD"
    assert "k\ufffd" in corpus.schema.names


def test_reports_invalid_json_lines(read: Callable[..., Corpus]) -> None:
    lines = [
        b'{"text": "a"}',
        b"",
        b'{"text": "b"',
        b"[1]",
        b'{"text": 3}',
        b'{"other": 3}',
        b'{"text": "\xff"}',
        b'{"text": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"text": "x", "deep": ' + b"[" * 300 + b"]" * 300 + b"}",
        b'{"text": "x", "n": ' + b"9" * 5000 + b"}",
        '{"text": "é", "n": NaN, "text": "last"}'.encode(),
    ]
    corpus = read({"a.jsonl": b"\n".join(lines)})
    assert rows(corpus, "row", "text") == [(0, "a"), (5, "\ufffd"), (9, "last")]
    assert [(item.row, item.line) for item in corpus.report.skipped] == [
        (None, 3),
        (None, 4),
        (None, 8),
        (None, 9),
        (None, 10),
        (3, 5),
        (4, 6),
    ]
    reasons = [item.reason for item in corpus.report.skipped]
    assert "column 13" in reasons[0]
    assert "a list" in reasons[1]
    assert "deeper" in reasons[2]
    assert reasons[5:] == ["`text` is a number, not text", "`text` is missing"]


JSON: dict[str, tuple[str, list[str], list[tuple[int | None, int | None]]]] = {
    "array": ('[{"text": "a"},\n{"text": "b"}]\n', ["a", "b"], []),
    "object": ('{\n"text": "a"\n}', ["a"], []),
    "lines": ('{"text": "a"}\n{"text": "b"}\n', ["a", "b"], []),
    "pretty objects": ('{\n"text": "a"}\n{\n"text": "b"}', ["a", "b"], []),
    "truncated array": ('[{"text": "a"},\n{"text": "b"}', ["a", "b"], [(None, 2)]),
    "truncated object": ('[{"text": "a"},\n{"text": ', ["a"], [(None, 2)]),
    "invalid element": ('[{"text": "a"},\n\n{"text": b}, {"text": "c"}]' + " " * 99, ["a"], [(None, 3)]),
    "trailing value": ('[{"text": "a"}]\n[1]', ["a"], [(None, None)]),
    "mixed": ('[{"text": "a"}, 1, {"text": "b"}]', ["a", "b"], [(1, 1)]),
    "invalid line": ('{"text": "a"}\n{"text"\n{"text": "b"}', ["a", "b"], [(None, 2)]),
}


@pytest.mark.parametrize("name", JSON)
def test_json(name: str, read: Callable[..., Corpus]) -> None:
    data, expected, skipped_rows = JSON[name]
    corpus = read({"a.json": data})
    assert texts(corpus) == expected
    reported = [(item.row, item.line) for item in corpus.report.skipped]
    assert reported == skipped_rows or (name == "trailing value" and len(reported) == 1)


def test_json_array_longer_than_a_block(read: Callable[..., Corpus]) -> None:
    values = ["é" * 700_000, "b" * 3_000_000, *map(str, range(50_000))]
    corpus = read({"a.json": json.dumps([{"text": value} for value in values], ensure_ascii=False)})
    assert texts(corpus) == values


CSV: dict[str, tuple[bytes, list[str], list[tuple[int | None, int | None]]]] = {
    "quotes": (b'text,n\n"a ""b""\nc",1\nd,2\n', ['a "b"\nc', "d"], []),
    "crlf": (b"text,n\r\na,1\r\n", ["a"], []),
    "carriage returns": (b"text,n\ra,1\rb,2", ["a", "b"], []),
    "semicolons": (b"text;n\na,b;1\n", ["a,b"], []),
    "wrong field count": (b"text,n\na\nb,1,2\n\nc,1\n", ["c"], [(0, 2), (1, 3)]),
    "unclosed quote": (b'text,n\na,1\n"b,1\nc,2\n', ["a"], [(1, 3)]),  # the last line may belong to the quote
    "not UTF-8": ("text,n\né,1\n".encode() + b"\xff,2\nc,3\n", ["é", "\ufffd", "c"], []),
    "unquoted carriage return": (b"text,n\na\rb,1\nc,2\n", ["c"], [(0, 2)]),
    "long field": (b"text,n\n" + b"x" * 200_000 + b",1\n", ["x" * 200_000], []),
    "repeated names": (b"text,n,n,\na,1,2,3\n", ["a"], []),
}


@pytest.mark.parametrize("name", CSV)
def test_csv(name: str, read: Callable[..., Corpus]) -> None:
    data, expected, skipped_rows = CSV[name]
    corpus = read({"a.csv": data})
    assert texts(corpus) == expected
    assert [(item.row, item.line) for item in corpus.report.skipped] == skipped_rows
    if name == "repeated names":
        assert corpus.schema.names[4:] == ["n", "n_2", "column_4"]


def test_reads_rows_before_truncation(read: Callable[..., Corpus]) -> None:
    lines = b"".join(b'{"text": "%d"}\n' % i for i in range(200_000))
    members = gzip.compress(lines[:14]) + gzip.compress(lines[14:])
    zstd = bytes(pa.Codec("zstd").compress(lines, asbytes=True))
    corpus = read(
        {
            "a.jsonl.gz": members[:-50_000],
            "b.jsonl.zst": zstd[:-50_000],
            "c.txt.gz": members[:900],
            "d.gz": "plain",
        }
    )
    found = rows(corpus, "path", "text")
    assert found[0] == ("a.jsonl.gz", "0")
    assert ("b.jsonl.zst", "1000") in found
    assert found[-1] == ("d.gz", "plain")
    assert [(item.path, item.line is None) for item in corpus.report.skipped] == [
        ("a.jsonl.gz", False),
        ("b.jsonl.zst", False),
        ("c.txt.gz", False),
    ]


def test_parquet(read: Callable[..., Corpus], tmp_path: Path) -> None:
    good = tmp_path / "good.parquet"
    nested = pa.table(
        {"text": ["a", "b"], "deep": [[{"x": 1}], None], "text2": pa.array(["p", "q"]).dictionary_encode()}
    )
    pq.write_table(nested, good)
    invalid = pa.array([b"ok", b"\xff\xfe"]).view(pa.string()) if hasattr(pa.Array, "view") else None
    bad = tmp_path / "bad.parquet"
    pq.write_table(pa.table({"text": invalid}), bad)
    raw = tmp_path / "raw.parquet"
    pq.write_table(pa.table({"text": pa.array([b"ok", b"\xff", b"also"])}), raw)
    data = good.read_bytes()
    corpus = read(
        {
            "1.parquet": data,
            "2.parquet": data[:-10],
            "3.parquet.gz": gzip.compress(data),
            "4.parquet": bad.read_bytes(),
            "5.parquet": raw.read_bytes(),
            os.fsdecode(b"6\xff.parquet"): data,
        }
    )
    assert texts(corpus) == ["a", "b", "a", "b", "ok", "\ufffd\ufffd", "ok", "also", "a", "b"]
    assert rows(corpus, "deep", "text2")[:2] == [([{"x": 1}], "p"), (None, "q")]
    assert rows(corpus, "row", "path")[-3:] == [
        (2, "5.parquet"),
        (0, "6\\xff.parquet"),
        (1, "6\\xff.parquet"),
    ]
    assert [(item.path, item.row) for item in corpus.report.skipped] == [
        ("2.parquet", None),
        ("5.parquet", 1),
    ]
    assert corpus.report.replaced == 2
    assert "not UTF-8" in corpus.report.notes[-1]


def test_damaged_parquet_page_raises(read: Callable[..., Corpus], tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"text": [str(i) * 50 for i in range(5000)]}), path, compression="zstd", use_dictionary=False
    )
    data = bytearray(path.read_bytes())
    data[100:3000] = b"\x55" * 2900
    corpus = read({"a.parquet": bytes(data)})
    with pytest.raises(InputError, match=r"a\.parquet is damaged"):
        texts(corpus)


def test_differing_columns(read: Callable[..., Corpus]) -> None:
    big = 2**60 + 1
    corpus = read(
        {
            "a.jsonl": json.dumps({"text": "a", "m": 1, "s": {"x": 1}, "w": big, "e": {}, "none": None}),
            "b.jsonl": json.dumps({"content": "b", "m": "1", "s": {"y": [2]}, "w": 0.5, "ID": 5, "path": "p"}),
            "c.json": json.dumps([{"text": "c", "m": [1]}, {"text": "d", "m": 2}, {"text": "e", "m": 2**70}]),
        }
    )
    assert rows(corpus, "m", "w") == [
        ("1", str(big)),
        ('"1"', "0.5"),
        ("[1]", None),
        ("2", None),
        (str(2**70), None),
    ]
    assert rows(corpus, "s", "e")[:2] == [('{"x": 1}', "{}"), ('{"y": [2]}', None)]
    assert rows(corpus, "id", "ID", "input_path", "none")[1] == ("5", 5, "p", None)
    assert corpus.schema.field("none").type == pa.string()
    notes = "\n".join(corpus.report.notes)
    assert "`m`" in notes
    assert "`w`" in notes
    assert "`text` in 2, `content` in 1" in notes
    assert "inputs without an id column: 2" in notes


def test_reports_file_without_text_column(read: Callable[..., Corpus]) -> None:
    corpus = read({"a.jsonl": '{"x": "1", "y": "2"}', "b.jsonl": '{"text": "b", "x": 1}'})
    assert texts(corpus) == ["b"]
    assert corpus.report.skipped == (Skipped("a.jsonl", None, None, "no text column found (columns: 'x', 'y')"),)
    assert texts(read({}, text_column="x", exclude=[])) == ["1"]


def test_links_pipes_outputs_and_excluded_folders(read: Callable[..., Corpus], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "loop").symlink_to(folder)
    (folder / "dangling").symlink_to("nowhere")
    (folder / "linked.txt").symlink_to("sub/a.txt")
    os.mkfifo(folder / "pipe")
    corpus = read(
        {
            "sub/a.txt": "a",
            os.fsdecode(b"sub/\xff.txt"): "b",
            "out/run.json": '{"dedup": "0.1"}',
            "out/removed.parquet": "",
            "out/more.txt": "no",
            "other/run.json": '{"text": "c"}',
            "skip/me.txt": "no",
        },
        exclude=[folder / "skip", tmp_path / "absent"],
    )
    assert rows(corpus, "path", "text") == [
        ("linked.txt", "a"),
        ("other/run.json", "c"),
        ("sub/a.txt", "a"),
        ("sub/\\xff.txt", "b"),
    ]
    assert sorted(item.path for item in corpus.report.skipped) == ["dangling", "loop", "pipe"]
    assert [note for note in corpus.report.notes if note.startswith("out/: an earlier output of dedup")]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root can read all files")
def test_reports_permission_errors(read: Callable[..., Corpus], tmp_path: Path) -> None:
    read({"a.txt": "a", "b.txt": "b", "c/d.txt": "d"})
    (tmp_path / "in" / "b.txt").chmod(0)
    (tmp_path / "in" / "c").chmod(0)
    assert skipped(read({})) == [(None, None, "permission denied")] * 2


def test_reports_binary_files(read: Callable[..., Corpus]) -> None:
    corpus = read({"a.bin": b"a\0b", "b.bin": b"\x01\x02\x03" * 9, "c.txt": "\x1b[1mbold\x1b[0m and \x01 one control"})
    assert [item.path for item in corpus.report.skipped] == ["a.bin", "b.bin"]
    assert all("binary" in item.reason for item in corpus.report.skipped)


HTML = {
    "<p>One\n  two<p>Three &amp; four": "One two\nThree & four",
    "<head><title>x</title><style>y</style></head><body>a<script>z</script>b": "ab",
    "<head><meta charset=utf-8>\n<p>no end of head": "no end of head",
    "a <b> b</b> c<br>d": "a b c\nd",
    "<pre>\n  two\n   three\n</pre>x": "  two\n   three\nx",
    "<table><tr><td>1</td> <td>2</td></tr><tr><td>3": "1\t2\n3",
    "<ul><li>a<li>b</ul>": "a\nb",
    "<!-- no -->a&nbsp;b&#x1F600;&#xD800;": "a\xa0b\U0001f600\ufffd",
}


@pytest.mark.parametrize("page", HTML)
def test_html_to_text(page: str) -> None:
    assert extract_text(page, "all") == HTML[page]


def test_html_encodings(read: Callable[..., Corpus]) -> None:
    corpus = read(
        {
            "a.html": '<meta charset="iso-8859-1"><p>“café”'.encode("cp1252"),
            "b.htm": '<meta charset="iso-8859-1"><p>“café”'.encode(),
            "c.xhtml": '<?xml version="1.0" encoding="Shift_JIS"?><p>日本語'.encode("cp932"),
        }
    )
    assert texts(corpus) == ["“café”", "“café”", "日本語"]


def test_main_text_needs_optional_package(read: Callable[..., Corpus]) -> None:
    try:
        import trafilatura  # noqa: F401 - checks that it is installed
    except ImportError:
        with pytest.raises(SettingsError, match=r"pip install 'dedup-text\[html\]'"):
            read({"a.html": "<p>x"}, html_text="main")
    else:
        article = "<article><p>" + "The council met on Monday to settle the budget. " * 9 + "</p></article>"
        assert "council met" in (texts(read({"a.html": f"<nav>Menu</nav>{article}"}, html_text="main"))[0] or "")


def test_sample_of_odd_files(tmp_path: Path) -> None:
    data = os.environ.get("DEDUP_DATA")
    if not data or not Path(data, "odd_inputs.tar.gz").exists():
        pytest.skip("DEDUP_DATA does not name a folder with odd_inputs.tar.gz")
    with tarfile.open(Path(data, "odd_inputs.tar.gz")) as archive:
        extract(archive, tmp_path / "in")
    files = [path for path in (tmp_path / "in").rglob("*") if path.is_file() and not path.name.startswith(".")]
    (tmp_path / "temp").mkdir()
    corpus = open_corpus([tmp_path / "in"], tmp_path / "temp")
    reported = {path for (path,) in rows(corpus, "path")} | {item.path for item in corpus.report.skipped}
    without_rows = {str(path.relative_to(tmp_path / "in")) for path in files} - reported
    assert all(Path(path).suffix in (".json", ".jsonl", ".csv") for path in without_rows)
    assert rows(corpus) == rows(corpus)
    for path in files:  # each file as the only input
        with contextlib.suppress(NothingToRead, ColumnNotFound):
            rows(open_corpus([path], tmp_path / "temp"))
