"""Detect formats by content and name; text stays text."""

from __future__ import annotations

import io
import json
import pickle
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pyarrow.orc
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.corpus.compression import is_compressed, strip_compression
from dedup.corpus.encodings.decode import decode
from dedup.corpus.formats import detect
from dedup.corpus.formats.detect import HEAD_BYTES, Format, detect_format, ending_of, is_plain_text, may_be_text
from dedup.corpus.formats.signatures import SIGNATURES
from dedup.corpus.markup.markdown import may_have_front_matter, split_front_matter
from dedup.corpus.report import Unreadable

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0f" * 32 + b"\nsize 7919\n"
PROSE = b"Dagger island because oyster water barley player. Teacher falcon road, tunnel oyster: concert timber.\n"
LINES = b'{"id": 0, "text": "a"}\n{"id": 1, "text": "b"}\n'
INDENTED = json.dumps({"id": 0, "text": "a", "list": [{"x": 1}]}, indent=2).encode() + b"\n"
ARRAY = b'[{"id": 0, "text": "a"}, {"id": 1}]'
TABLE = pa.table({"text": ["a", "b"]})


def kind(name: str, head: bytes, *, is_stream: bool = False) -> str:
    return detect_format(name.encode(), head, is_stream=is_stream).kind


def reason(name: str, head: bytes) -> str:
    found = detect_format(name.encode(), head)
    assert found.kind == "none", found
    assert ";" in found.reason or "pointer" in found.reason
    return found.reason


# Names.


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *[("a.PARQUET", "parquet"), ("a.ndjson", "jsonl"), ("a.json", "json"), ("a.csv", "csv"), ("a.tab", "tsv")],
        *[("a.md", "markdown"), ("a.htm", "html"), ("a.nxml", "xml"), ("a.warc", "warc"), ("a.csv.1", "csv")],
        *[("a.txt", "text"), ("Makefile", "text"), ("a.1", "text"), ("x.csv/a", "text"), ("a.jsonl?x=1.2", "jsonl")],
    ],
)
def test_names_decide_for_prose(name: str, expected: str) -> None:
    assert detect_format(name.encode(), PROSE) == Format(expected)  # type: ignore[arg-type]


def test_endings() -> None:
    assert ending_of(b"a.b/c") == b""
    assert ending_of(b"a.jsonl.12") == b"jsonl"
    assert ending_of(b"ls.1") == b"1"


# Text.

LOOKALIKES = [
    b"From the beginning, " + PROSE,
    b"From a friend, Tue Jan  2 10:00:00 2024\n\n" + PROSE,
    b"From: the council\nSubject: lamps\n\n" + PROSE,
    b"PK is a wine. " + PROSE,
    b"\\rtf is a command. " + PROSE,
    b"{\\rtfm} " + PROSE,
    b"%PDF- is how a PDF begins. " + PROSE,
    b"PAR1 is a magic number. " + PROSE,
    b"WARC/ is a format. " + PROSE,
    b"A pointer looks so:\n\n" + LFS,
    LFS + PROSE,
    LFS + b"\n" * 2000,
    b"GIF89a, BMW, MZ, RIFF, ORC, ID3: " + PROSE,
    b"GIF89a " + PROSE,
    b"BM is short. " + PROSE,
    b"MZ is short. " + PROSE,
    b"ORC is a creature. " + PROSE,
    b"ID3 is a tag. " + PROSE,
    b"[1] A footnote. " + PROSE,
    b"[{x}] " + PROSE,
    b"{{Infobox}}\n" + PROSE,
    b'{"a": 1}\n\n' + PROSE,
    b'{"a": 1}\n{"b": 2}\n\n' + PROSE,
    LINES + PROSE,
    b"<p>Some text with a tag.</p>\n" + PROSE,
    b'<div align="center">\n\n' + PROSE,
    b"\xef\xbb\xbf" + PROSE,
    b"\n\n  " + PROSE,
    PROSE.decode().encode("utf-16"),
    "Петр ".encode() + PROSE,
    "\u0410\u043f".encode("cp1251") + PROSE,
    "\u20ac 5, \x80".encode("cp1252", "replace") + PROSE,
    b"\xff\xd6 latin " + PROSE,
    b"",
    b"\n",
]


@pytest.mark.parametrize("head", LOOKALIKES)
@pytest.mark.parametrize("name", ["a.txt", "a", "a.log"])
def test_text_stays_text(name: str, head: bytes) -> None:
    assert detect_format(name.encode(), head) == Format("text")


@pytest.mark.parametrize(
    "head", [*LOOKALIKES, LINES, ARRAY, INDENTED, b"<!DOCTYPE html><p>x", b"<?xml version='1.0'?><a/>"]
)
@pytest.mark.parametrize("name", ["a.md", "a.py", "a.js", "a.rst", "a.yaml"])
def test_markdown_and_source_code_stay_what_they_are(name: str, head: bytes) -> None:
    assert kind(name, head) == ("markdown" if name == "a.md" else "text")


# JSON.


@pytest.mark.parametrize("name", ["a.txt", "a", "a.log", "a.jsonl.bak", "part-00000", "a.csv"])
@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (LINES, "jsonl"),
        (b"\xef\xbb\xbf" + LINES.replace(b"\n", b"\r\n\r\n"), "jsonl"),
        (LINES.decode().encode("utf-16"), "jsonl"),
        (LINES + b'{"id": 2, "text": "cut', "jsonl"),
        (LINES * 3 + b'{"text": broken}\n', "jsonl"),
        (b'{"text": broken}\n' + LINES, "jsonl"),
        (LINES.replace(b"\n", b",\n"), "jsonl"),
        (LINES.replace(b"\n", b""), "json"),
        (INDENTED * 2, "json"),
        (INDENTED, "json"),
        (ARRAY, "json"),
        (b"[\n " + INDENTED + b",\n" + INDENTED + b"]", "json"),
        (ARRAY + b"\n" + ARRAY, "json"),
        (b'{"id": 0, "text": "a"}', "json"),
        (b'{"text": "' + b"x" * HEAD_BYTES, "json"),
        (b'[{"text": "' + b"x" * HEAD_BYTES, "json"),
        (b'{"status": "ok", "data": [' + LINES.replace(b"\n", b",") * 4000, "json"),
        ((LINES * 4000)[:HEAD_BYTES], "jsonl"),
        (b'\x1e{"text": "a"}\n\x1e{"text": "b"}\n', "jsonl"),
    ],
)
def test_json_in_any_name(name: str, head: bytes, expected: str) -> None:
    found = detect_format(name.encode(), head)
    assert found.kind == expected
    assert found.note.startswith("read as JSON")
    assert detect_format(b"a.json", head) == Format("json")
    assert detect_format(b"a.jsonl", head) == Format("jsonl")


def test_single_objects() -> None:
    assert kind("a.txt", b'{"text": "a"}') == "text"
    assert kind("", b'{"text": "a"}', is_stream=True) == "json"
    assert kind("a.json", b'{"text": "a"}') == "json"
    assert kind("a.txt", b'["a", "b"]') == "text"
    assert "notebook" in reason("a.ipynb", json.dumps({"cells": [], "nbformat": 4}, indent=1).encode())


@given(
    st.lists(
        st.dictionaries(st.text(max_size=5), st.text(max_size=20), min_size=2, max_size=4), min_size=2, max_size=6
    ),
    st.sampled_from([None, 1, 2, "\t"]),
    st.booleans(),
)
def test_written_objects_are_detected(
    records: list[dict[str, str]], indent: int | str | None, ensure_ascii: bool
) -> None:
    joined = "\n".join(json.dumps(record, indent=indent, ensure_ascii=ensure_ascii) for record in records)
    head = joined.encode("utf-8", "replace")
    assert kind("a.txt", head) == ("jsonl" if indent is None else "json")
    assert kind("a.txt", json.dumps(records, indent=indent).encode()) == "json"


# Pages.


def test_pages_in_any_name() -> None:
    page = b"\n<!DOCTYPE html>\n<html><body><p>x"
    for name in ("a/default.asp", "index.html?id=3", "a", "a.php", "a.html"):
        assert detect_format(name.encode(), page) == Format("html")
    assert detect_format(b"a.txt", page) == Format("html", note="read as HTML, as its content shows")
    assert detect_format(b"a.json", page).note
    assert kind("a.txt", b"<?xml version='1.0'?><a>x</a>") == "xml"
    assert kind("a.xhtml", b"<?xml version='1.0'?><a>x</a>") == "html"
    assert kind("-", page, is_stream=True) == "html"


# Standard input.


def test_standard_input() -> None:
    assert kind("-", b"id,text\n0,A b\n1,B c\n2,C d\n", is_stream=True) == "csv"
    assert kind("-", b"id;text\n0;A b\n1;B c\n2;C d\n", is_stream=True) == "csv"
    assert kind("-", b"id\ttext\n0\tA b\n1\tB c\n2\tC d\n", is_stream=True) == "tsv"
    assert detect_format(b"-", b"id,text\n0,A\n1,B\n2,C\n", is_stream=True).note == "read as CSV, as its content shows"
    assert kind("-", PROSE * 3, is_stream=True) == "text"
    assert kind("-", LINES, is_stream=True) == "jsonl"
    assert kind("-", INDENTED * 2, is_stream=True) == "json"
    assert kind("-", ARRAY, is_stream=True) == "json"
    assert kind("-", b"# Title\n\n```json\n" + LINES, is_stream=True) == "text"


# Files that are not text.


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "application/epub+zip" if name == "mimetype" else "x" * 50)
    return buffer.getvalue()


def test_containers() -> None:
    buffer = io.BytesIO()
    pq.write_table(TABLE, buffer)
    assert detect_format(b"part-00000", buffer.getvalue()) == Format("parquet")
    assert detect_format(b"a.txt", buffer.getvalue()) == Format("parquet", note="read as Parquet, as its content shows")
    assert kind("a.zip", zipped("a.txt", "word/b.txt")) == "zip"
    assert kind("a.zip", zipped("docs/a.docx")) == "zip"
    assert kind("a", zipped()) == "zip"
    assert kind("a.zip", zipped("mimetype.txt")) == "zip"
    assert kind("a", b"WARC/1.0\r\nWARC-Type: warcinfo\r\n") == "warc"
    for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
            archive.addfile(tarfile.TarInfo("a.txt"))
        assert kind("a", packed.getvalue()) == "tar"
        assert kind("a.tar", packed.getvalue()) == "tar"


@pytest.mark.parametrize(
    ("name", "names", "expected"),
    [
        ("a.docx", ["[Content_Types].xml", "_rels/.rels", "word/document.xml"], "Word"),
        ("a", ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"], "Excel"),
        ("a.pptx", ["_rels/.rels", "docProps/app.xml", "ppt/presentation.xml"], "PowerPoint"),
        ("a.odt", ["mimetype", "content.xml"], "EPUB"),  # the content of `mimetype` decides
        ("a.epub", ["META-INF/container.xml"], "EPUB"),
        ("a", ["META-INF/MANIFEST.MF", "A.class"], "JAR"),
        ("a.npz", ["x.npy", "y.npy"], "NumPy"),
        ("a.pt", ["archive/data.pkl"], "PyTorch"),
    ],
)
def test_zip_files_that_are_documents(name: str, names: list[str], expected: str) -> None:
    assert expected in reason(name, zipped(*names))


def test_files_of_other_programs(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "a.db")
    database.execute("create table a (b)")
    database.commit()
    database.close()
    assert "SQLite" in reason("a.db", (tmp_path / "a.db").read_bytes())
    pa.feather.write_feather(TABLE, tmp_path / "a.feather")
    assert "Arrow" in reason("a.feather", (tmp_path / "a.feather").read_bytes())
    pa.orc.write_table(TABLE, tmp_path / "a.orc")
    assert "ORC" in reason("a.orc", (tmp_path / "a.orc").read_bytes())
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, TABLE.schema) as writer:
        writer.write_table(TABLE)
    assert "Arrow" in reason("a.arrow", stream.getvalue())
    array = io.BytesIO()
    np.save(array, np.arange(5))
    assert "NumPy" in reason("a.npy", array.getvalue())
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        for value in ({"a": 1}, [1], ("a", "b"), "text"):
            assert "pickle" in reason("a.pkl", pickle.dumps(value, protocol))


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.pdf", b"%PDF-1.4\n1 0 obj\n", "PDF"),
        ("a.txt", b"%PDF-1.7\r%\xe2\xe3\xcf\xd3\r\n", "PDF"),
        ("letter.doc", b"{\\rtf1\\ansi\\deff0{\\fonttbl", "Rich Text"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "Word 97"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "Excel 97"),
        ("a", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "Office 97"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", "JPEG"),
        ("a.gif", b"GIF89a\1\0\1\0", "GIF"),
        ("a.mp4", b"\0\0\0\x20ftypisom\0\0\2\0", "video"),
        ("a.heic", b"\0\0\0\x20ftypheic\0\0\0\0", "image"),
        ("a.mp3", b"ID3\3\0\0\0\0\0\0", "MP3"),
        ("a.wav", b"RIFF\x24\0\0\0WAVEfmt ", "WAV"),
        ("a.webp", b"RIFF\x24\0\0\0WEBPVP8 ", "WebP"),
        ("a.h5", b"\x89HDF\r\n\x1a\n\0", "HDF5"),
        ("a.avro", b"Obj\1\4\x14avro.codec\0", "Avro"),
        ("a.safetensors", b'\x40\0\0\0\0\0\0\0{"a":{}}', "safetensors"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0\4", "7z"),
        ("a.rar", b"Rar!\x1a\x07\x01\0", "RAR"),
        ("a.mobi", b"Book\0".ljust(60, b"\0") + b"BOOKMOBI", "Kindle"),
        ("a.exe", b"MZ\x90\0\3\0", "program"),
        ("a.txt", LFS, "Git LFS"),
        ("model.bin", LFS.replace(b"\n", b"\r\n"), "Git LFS"),
        ("a.parquet", LFS, "Git LFS"),
        ("weights", LFS.rstrip(), "Git LFS"),
        ("a.csv", b"/annex/objects/SHA256E-s7--ab12.csv\n", "git-annex"),
        ("a.mbox", b"From a@b.org Tue Jan  2 10:00:00 2024\nFrom: A <a@b.org>\nDate: x\n\nHello", "mbox"),
        ("inbox", b"From - Tue, 2 Jan 2024 10:00:00 +0100\r\nX-Status: 1\r\nSubject: x\r\n\r\nHello", "mbox"),
        ("a.eml", b"From: a@b.org\r\nTo: c@d.org\r\nSubject: x\r\n y\r\nDate: z\r\n\r\nHello", "e-mail"),
        ("a.mht", b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n\r\n", "MHTML"),
        ("a.arc", b"filedesc://a.arc 0.0.0.0 2010\n", "ARC"),
    ],
)
def test_files_that_are_not_read_are_named(name: str, head: bytes, expected: str) -> None:
    assert expected in reason(name, head)


def test_e_mail_without_its_ending_is_text() -> None:
    message = b"From: a@b.org\nTo: c@d.org\nSubject: x\nDate: z\n\nHello"
    assert kind("maildir/1.", message) == "text"
    assert kind("a.eml", PROSE) == "text"


# Any bytes.

STARTS = [
    *[signature.start.rjust(signature.offset + len(signature.start), b"\0") for signature in SIGNATURES],
    *[LFS, LINES, INDENTED, ARRAY, b"PK\3\4", b"PAR1", b"{", b"[{", b'{"', b"<", b"<?xml", b"<html>", b"From "],
    *[
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\xff\xfe\0\0",
        b"WARC/1.0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
    ],
]
NAMES = [
    "a.txt",
    "a.md",
    "a.py",
    "a.json",
    "a.csv",
    "a.docx",
    "a.eml",
    "a.mht",
    "a",
    "",
    "a.parquet",
    "a.zip",
    ".",
    "?.1",
]


@given(st.sampled_from(STARTS), st.binary(max_size=80), st.sampled_from(NAMES), st.booleans())
@example(b"[{", b'"a": ' + b"9" * 5000, "a", True)
@example(b"{", b'"a": ' + b"[" * 100_000, "a", True)
def test_any_bytes_have_a_format(start: bytes, rest: bytes, name: str, is_stream: bool) -> None:
    found = detect_format(name.encode(), start + rest, is_stream=is_stream)
    assert (found.kind == "none") == bool(found.reason)


@given(st.sampled_from([*STARTS, *LOOKALIKES]), st.binary(max_size=40), st.sampled_from(NAMES), st.integers(0, 3))
def test_shortcuts_do_not_change_the_format(start: bytes, rest: bytes, name: str, spaces: int) -> None:
    head = b"\n" * spaces + start + rest
    found = detect_format(name.encode(), head)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(detect, "_SUSPICIOUS", (b"",))
        patch.setattr(detect, "_is_plain", lambda *_: False)
        assert detect_format(name.encode(), head) == found


@given(st.binary(max_size=80), st.sampled_from(STARTS), st.integers(0, 60))
def test_bytes_after_a_plain_start_do_not_matter(rest: bytes, start: bytes, count: int) -> None:
    head = PROSE[: count + 1] + start.replace(b"\0", b"") + rest.replace(b"\0", b"")
    assert detect_format(b"a.txt", head) == Format("text")


@given(st.sampled_from(LOOKALIKES), st.lists(st.sampled_from([PROSE, b"\n", b" ", "né\n".encode()]), max_size=5))
def test_text_after_a_text_does_not_change_the_format(head: bytes, parts: list[bytes]) -> None:
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        assert detect_format(b"a.txt", head + b"".join(parts)) == Format("text")


@given(
    st.sampled_from(
        ["a.txt", "b/README", "a.log.1", "x.eml", "x.Eml", "a.eml?x=1", "xeml", "a.py", "x?y=1.html", "a.csv", "a.GZ"]
    ),
    st.binary(max_size=80),
)
def test_fast_test_agrees_with_detection(name: str, content: bytes) -> None:
    path = name.encode()
    assert may_be_text(path) == (detect_format(path, b"").kind == "text" and strip_compression(path) == path)
    if may_be_text(path) and is_plain_text(path, content):
        assert not is_compressed(content)
        assert detect_format(path, content) == Format("text")


@given(
    st.sampled_from(["a.md", "b/a.MDX", "a.markdown.1"]),
    st.one_of(
        st.binary(max_size=80),
        st.sampled_from(["---\ntitle: x\n---\n", "+++\ntitle = 'x'\n+++\n", '{\n"title": "x"\n}\n', "# x\n"]).map(
            str.encode
        ),
    ),
)
def test_fast_test_of_markdown_leaves_front_matter_to_its_reader(name: str, content: bytes) -> None:
    path = name.encode()
    assert may_be_text(path)
    if is_plain_text(path, content):
        assert detect_format(path, content) == Format("markdown")
        assert split_front_matter(content.decode("latin-1"))[0] == ""
    if not may_have_front_matter(content):
        assert split_front_matter(decode_or_empty(content))[0] == ""


def decode_or_empty(content: bytes) -> str:
    try:
        return decode(content).text
    except Unreadable:
        return ""
