"""Commands on a collection of odd files: each file is read or reported as skipped, and no command fails.

The collection `odd_inputs.tar.gz` has many encodings, unusual strings, broken JSON, NUL characters and huge lines. The
tests add compressed files whose content is larger than the limit of a text. Each command runs on some of the files
alone; on every file with `DEDUP_HYPOTHESIS=thorough`.
"""

import codecs
import contextlib
import gzip
import json
import os
import tarfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from case_files import extract
from click.testing import CliRunner, Result

import dedup
from dedup.cli.commands import cli
from dedup.corpus import streams
from dedup.corpus.encodings.decode import Decoded, decode
from dedup.corpus.markup.html import decode_html
from dedup.corpus.report import Unreadable

ARCHIVE = "odd_inputs.tar.gz"
# Every command on every file takes minutes.
THOROUGH = os.environ.get("DEDUP_HYPOTHESIS") == "thorough"
ROW_FORMATS = (".json", ".jsonl", ".csv")  # files that may have no row
# Python codecs of folders that are named differently; Python has no codec for EUC-TW.
CODECS = {"MacCyrillic": "mac_cyrillic", "MacRoman": "mac_roman"}
WITHOUT_CODEC = {"EUC-TW"}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Extract the collection."""
    data = os.environ.get("DEDUP_DATA")
    if not data or not Path(data, ARCHIVE).exists():
        pytest.skip(f"DEDUP_DATA is not a folder that contains {ARCHIVE}")
    folder = tmp_path_factory.mktemp("odd")
    with tarfile.open(Path(data, ARCHIVE)) as archive:
        extract(archive, folder)
    return folder / "odd_inputs"


@pytest.fixture(scope="module")
def cleaned(odd: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run `clean` on the collection."""
    out = tmp_path_factory.mktemp("cleaned") / "out"
    assert run("clean", odd, "-o", out, "-q").exit_code == 0
    return out


def run(*arguments: str | Path) -> Result:
    """Run a command in this process; check that it does not fail with a bug."""
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    assert done.exit_code in (0, 1, 2), (arguments, done.stderr)
    assert "bug in dedup" not in done.stderr
    assert "Traceback" not in done.stderr
    return done


def skipped_paths(out: Path) -> set[str]:
    """Return the paths of skipped inputs of a run."""
    return {item["path"] for item in json.loads((out / "run.json").read_text("utf-8"))["skipped"]}


def list_files(folder: Path) -> list[Path]:
    """Return the files of a folder that are not hidden."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


# The whole collection.


def test_every_file_is_read_or_skipped(odd: Path, cleaned: Path) -> None:
    seen = skipped_paths(cleaned)
    for name in ("clean", "removed"):
        seen |= set(pq.read_table(cleaned / f"{name}.parquet", columns=["path"])["path"].to_pylist())
    unreported = {str(path.relative_to(odd)) for path in list_files(odd)} - seen
    assert all(Path(path).suffix in ROW_FORMATS for path in unreported)


def test_restore_returns_what_was_read(odd: Path, cleaned: Path, tmp_path: Path) -> None:
    read = {(batch["path"], batch["row"]): batch["text"] for batch in documents(odd, tmp_path)}
    batches = [batch.to_pylist() for batch in dedup.restore(cleaned)]
    assert {(row["path"], row["row"]): row["text"] for rows in batches for row in rows} == read
    assert len(run("restore", cleaned).stdout_bytes.splitlines()) == len(read)
    assert run("restore", cleaned, "-o", tmp_path / "back").exit_code == 0
    for (path, row), text in read.items():
        file = tmp_path / "back" / str(path)
        if row is not None:
            continue
        if file.exists():  # a text file comes back with its bytes, unless some were replaced
            assert file.read_bytes() in ((odd / str(path)).read_bytes(), (text or "").encode())
        else:  # the text of a page
            assert file.with_name(f"{file.name}.txt").read_bytes() == (text or "").encode()


def documents(folder: Path, temp: Path) -> list[dict[str, object]]:
    """Read all documents without a command."""
    from dedup.corpus import open_corpus

    (temp / "temp").mkdir()
    corpus = open_corpus([folder], temp=temp / "temp")
    return [row for _, batch in corpus.batches(["path", "row", "text"]) for row in batch.to_pylist()]


@pytest.mark.parametrize("paragraphs", ["none", "all"])
def test_scan_and_align(odd: Path, tmp_path: Path, paragraphs: str) -> None:
    done = run("scan", odd, "--json", "-q", "--paragraphs", paragraphs)
    assert done.exit_code == 0
    assert json.loads(done.stdout)["run"]["counts"]["documents"] > 200
    if paragraphs == "all":
        small = [path for path in list_files(odd) if path.stat().st_size < 4_000 and path.suffix != ".json"]
        (tmp_path / "in").mkdir()
        for at, path in enumerate(small):
            (tmp_path / "in" / f"{at}{path.suffix}").symlink_to(path)
        assert run("align", tmp_path / "in", "-o", tmp_path / "aligned", "-q").exit_code == 0
        assert run("report", tmp_path / "aligned", "-o", tmp_path / "page.html", "-q").exit_code == 0


def test_report(cleaned: Path, tmp_path: Path) -> None:
    assert run("report", cleaned, "-o", tmp_path / "page.html", "-q").exit_code == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "\0" not in page


def test_explain_removed_documents(cleaned: Path) -> None:
    removed = pq.read_table(cleaned / "removed.parquet", columns=["doc"])["doc"].unique().to_pylist()
    assert len(removed) > 10
    for doc in removed[:: max(1, len(removed) // 12)]:
        assert run("explain", cleaned, f"#{doc}").exit_code == 0
        assert json.loads(run("explain", cleaned, f"#{doc}", "--json").stdout)


# Single files.


def test_scan_single_files(odd: Path) -> None:
    for path in list_files(odd)[:: 1 if THOROUGH else 9]:
        done = run("scan", path, "-q", "--json")
        assert (done.exit_code == 0) == bool(done.stdout), path
        if done.exit_code == 2:
            assert "Nothing to read" in done.stderr or "No column can be told to be the text" in done.stderr


def test_every_command_on_single_files(odd: Path, tmp_path: Path) -> None:
    for at, path in enumerate(list_files(odd)[:: 1 if THOROUGH else 72]):
        out = tmp_path / f"out-{at}"
        if run("clean", path, "-o", out, "-q").exit_code == 2:
            assert not out.exists()
            assert run("align", path, "-q").exit_code == 2
            assert run("diff", path, path).exit_code == 2
            continue
        assert run("restore", out).exit_code == 0
        assert run("explain", out, "#0").exit_code == 0
        assert run("report", out, "-o", tmp_path / f"{at}.html", "-q").exit_code == 0
        assert run("align", path, "-q").exit_code == 0
        compared = run("diff", path, path, "--html", tmp_path / f"diff-{at}.html")
        assert compared.exit_code == 0 or "documents. Name two of them" in compared.stderr


# Encodings; the folder of a file is named after its encoding.


def test_encodings_are_detected_or_reported_as_guesses(odd: Path) -> None:
    correct: dict[str, list[bool]] = {}
    for path in list_files(odd / "chardet_tests"):
        folder = path.parent.name
        if folder in WITHOUT_CODEC:
            continue
        codec = codecs.lookup(CODECS.get(folder) or _without_language(folder)).name
        data = path.read_bytes()
        expected = data.decode(codec).removeprefix("\ufeff")
        found = _decoded(data)
        equal = found is not None and found.text.removeprefix("\ufeff") == expected
        correct.setdefault(codec, []).append(equal)
        assert equal or found is None or found.guessed, f"{path}: wrong, but not reported as a guess"
    all_files = [equal for files_of_codec in correct.values() for equal in files_of_codec]
    assert sum(all_files) >= 0.97 * len(all_files)
    assert sum(map(all, correct.values())) >= 0.9 * len(correct)


def _without_language(folder: str) -> str:
    head, _, language = folder.rpartition("-")
    return head if head and len(language) > 3 and language.isalpha() else folder


def _decoded(data: bytes) -> Decoded | None:
    try:
        return decode(data)
    except Unreadable:
        return None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_utf16_and_utf32_without_bom(encoding: str) -> None:
    for text in ("A short one.", "Žluťoučký kůň\r\n" * 9000, "日本語 and more\n" * 30_000, "1,2\n3,4\n", "a😀b😀c"):
        assert decode(text.encode(encoding)) == Decoded(text, encoding, encoding=encoding)
        assert decode_html(f"<p>{text}".encode(encoding)).guessed == encoding


@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        bytes(1000),
        "a\0b".encode("utf-16-le"),
        b"\x7fELF\x02\x01\x01" + bytes(9),
        pa.array(range(5000), pa.int32()).buffers()[1].to_pybytes(),
        pa.array(range(5000), pa.int16()).buffers()[1].to_pybytes(),
        pa.array([at / 7 for at in range(5000)]).buffers()[1].to_pybytes(),
        ("plain\n" * 50_000).encode("utf-16-le") + b"\0\xd8\0\0",  # invalid only at the end
    ],
    ids=["nul", "nuls", "nul inside", "program", "int32", "int16", "doubles", "broken late"],
)
def test_binary_data_is_not_read_as_utf16_or_utf32(data: bytes) -> None:
    with pytest.raises(Unreadable, match="binary"):
        decode(data)


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "json"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_utf16_and_utf32_rows_without_bom_are_read_and_reported(tmp_path: Path, form: str, encoding: str) -> None:
    content = "text\nSome words\nmore\n" if "sv" in form else json.dumps({"text": "Some words"})
    (tmp_path / f"a.{form}").write_bytes(content.encode(encoding))
    cleaned = dedup.clean(tmp_path)
    assert cleaned.clean["text"].to_pylist() == ["Some words", "more"][: cleaned.run.counts["documents"]]
    assert cleaned.run.counts["documents"] == (2 if "sv" in form else 1)
    assert cleaned.run.skipped == ()
    assert cleaned.run.encodings == {encoding: 1}


# Decompression bombs: a few kilobytes that decompress to 40 times the limit of a text.

LIMIT = 1 << 20
BOMBS = {
    "spaces.txt": b" " * (40 * LIMIT),
    "lines.txt": b"The same line again.\n" * (2 * LIMIT),
    "row.jsonl": b'{"text": "' + b"x " * (20 * LIMIT) + b'"}\n',
    "row.json": b'[{"text": "' + b"x " * (20 * LIMIT) + b'"}]',
    "page.html": b"<p>" + b"x " * (20 * LIMIT),
    "row.csv": b"id,text\n1," + b"x " * (20 * LIMIT) + b"\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_decompression_bomb_is_skipped(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_TEXT_BYTES", LIMIT)
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(BOMBS[name]))
    (tmp_path / f"{name}.zst").write_bytes(zstd(BOMBS[name]))
    (tmp_path / "short.txt").write_text("A short text.", "utf-8")
    scanned = dedup.scan(tmp_path).run
    assert scanned.counts["documents"] == 1
    assert [(item["path"], "the limit for one text" in str(item["reason"])) for item in scanned.skipped] == [
        (f"{name}.gz", True),
        (f"{name}.zst", True),
    ]


def zstd(data: bytes) -> bytes:
    """Compress with zstd."""
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return bytes(sink.getvalue().to_pybytes())


# Damaged tables, and tables with columns of all types.

TYPES = {
    "string": pa.string(),
    "large": pa.large_string(),
    "view": pa.string_view(),
    "binary": pa.binary(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
}
WORDS = ["A text of some words, as it is.", "Another of other words, as well.", "A text of some words, as it is."]


@pytest.mark.parametrize("kind", TYPES)
def test_tables_with_columns_of_every_type(tmp_path: Path, kind: str) -> None:
    nested = pa.array([{"a": [1, 2]}, None, {"a": []}], pa.struct({"a": pa.list_(pa.int64())}))
    texts = pa.array(WORDS).dictionary_encode() if kind == "dictionary" else pa.array(WORDS).cast(TYPES[kind])
    columns = {
        "text": texts,
        "nested": nested,
        "none": pa.nulls(3),
        "bytes": pa.array([b"\xff", None, b"a"]),
        "words": pa.array(["p", "p", None]).dictionary_encode(),
    }
    table = pa.table(columns)
    inputs: list[pa.Table | Path] = [table]
    with contextlib.suppress(pa.ArrowNotImplementedError):  # older releases of pyarrow cannot write views
        pq.write_table(table, tmp_path / "table.parquet")
        inputs.append(tmp_path / "table.parquet")
    for given in inputs:
        assert dedup.clean(given, tmp_path / "out", overwrite=True).run.removed["documents"].exact == 1
        back = pa.Table.from_batches(dedup.restore(tmp_path / "out")).to_pydict()
        assert back["text"] == WORDS
        assert back["nested"] == nested.to_pylist()
        assert back["bytes"] == [b"\xff", None, b"a"]
        assert back["words"] == ["p", "p", None]


def test_truncated_table_is_skipped(tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"text": [f"Text {at} of some more." for at in range(2000)]}), whole)
    data = whole.read_bytes()
    for size in [*range(16), len(data) // 2, *range(len(data) - 16, len(data))]:
        (tmp_path / "cut.parquet").write_bytes(data[:size])
        with pytest.raises(dedup.NothingToRead, match=r"cut\.parquet"):
            dedup.scan(tmp_path / "cut.parquet")


def test_table_with_a_changed_byte_is_read_or_skipped(tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    table = pa.table({"text": [f"Text {at} of some more." for at in range(300)]})
    pq.write_table(table, whole, compression="none")
    data = whole.read_bytes()
    for place in range(4, len(data), max(1, len(data) // 40)):
        changed = bytearray(data)
        changed[place] ^= 0xFF
        (tmp_path / "changed.parquet").write_bytes(changed)
        run("scan", tmp_path / "changed.parquet", "-q")
