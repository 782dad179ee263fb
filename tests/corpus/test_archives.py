"""ZIP and tar archives: members in order, what is left out, damage, and unusual variants."""

from __future__ import annotations

import gzip
import io
import lzma
import shutil
import stat
import struct
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from dedup.corpus.compression import decompressed, read_sound
from dedup.corpus.formats.detect import detect_format
from dedup.corpus.packed.members import clean_name, is_hidden_name
from dedup.corpus.packed.pieces import DamagedData, PieceReader
from dedup.corpus.packed.tar import parse_pax, tar_members
from dedup.corpus.packed.zip import is_zip, zip_members
from dedup.corpus.report import ReportBuilder, Unreadable

Files = Sequence[tuple[str, bytes]]
Found = list[tuple[bytes, bytes, str]]
"""Name, content and what is wrong with each member."""


def stored(files: Files) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), content) for name, content in files]


def contents(members: object) -> Found:
    found = []
    for member in members:  # type: ignore[attr-defined]
        content, damage = (b"", None) if member.stream is None else read_sound(member.stream)
        found.append((member.name, content, member.reason or str(damage or "")))
    return found


def read_zip(data: bytes, report: ReportBuilder | None = None) -> Found:
    return contents(zip_members(io.BytesIO(data), report or ReportBuilder()))


def read_tar(data: bytes, report: ReportBuilder | None = None, *, seekable: bool = True) -> Found:
    stream = io.BufferedReader(io.BytesIO(data)) if seekable else PieceReader(iter([data]))
    return contents(tar_members(stream, "a.tar", report or ReportBuilder()))


def make_zip(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return target.getvalue()


def make_tar(files: Files, form: int = tarfile.PAX_FORMAT, **changes: object) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=form, encoding="utf-8") as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for key, value in changes.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


NAMES = st.from_regex(r"[a-zé0-9][a-zé0-9 _]{0,150}(/[a-z0-9][a-zé]{0,60}\.txt)?", fullmatch=True)
CONTENTS = st.binary(max_size=2000) | st.builds(bytes, st.integers(0, 200_000))
FILES = st.lists(st.tuples(NAMES, CONTENTS), max_size=6)
FORMATS = st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])


def in_order(files: Files) -> Found:
    return [
        (name, content, "") for name, content in sorted(((n.encode(), c) for n, c in files), key=lambda file: file[0])
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@given(files=FILES)
def test_reads_zip_members_sorted_by_name(method: int, files: Files) -> None:
    data = make_zip(files, method)
    assert is_zip(data)
    assert read_zip(data) == in_order(files)


@given(FILES, FORMATS, st.integers(0, 3))
def test_reads_tar_members(files: Files, form: int, zero_blocks: int) -> None:
    data = make_tar(files, form) + bytes(512 * zero_blocks)
    report = ReportBuilder()
    assert not files or detect_format(b"a", data).kind == "tar"
    assert read_tar(data, report) == in_order(files)
    assert read_tar(data, report, seekable=False) == [(*file, "") for file in stored(files)]
    assert report == ReportBuilder()


@given(FILES, FILES)
def test_reads_joined_tar_archives(first: Files, second: Files) -> None:
    data = make_tar(first) + make_tar(second)
    assert read_tar(data) == in_order([*first, *second])


@given(FILES, st.data())
def test_names_what_is_cut_off_a_tar_archive(files: Files, data: st.DataObject) -> None:
    whole = make_tar(files)
    cut = data.draw(st.integers(0, len(whole)))
    for seekable in (True, False):
        report = ReportBuilder()
        try:
            found = read_tar(whole[:cut], report, seekable=seekable)
        except (Unreadable, DamagedData):
            continue
        expected = in_order(files) if seekable else [(*file, "") for file in stored(files)]
        sound = [member for member in found if not member[2]]
        assert all(member in expected for member in sound)
        is_complete = len(sound) == len(files)
        assert is_complete or report.skipped or report.remarks or len(sound) < len(found)


@given(FILES, st.data())
def test_reads_the_members_around_a_damaged_tar_header(files: Files, data: st.DataObject) -> None:
    files = [("first.txt", b"1"), *files, ("last.txt", b"2")]
    whole = make_tar(files, tarfile.GNU_FORMAT)
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        headers = [member.offset for member in archive.getmembers()]
    broken = data.draw(st.integers(1, len(files) - 1))
    changed = bytearray(whole)
    changed[headers[broken] + 150] ^= 0xFF  # in the checksum
    for seekable in (True, False):
        report = ReportBuilder()
        found = read_tar(bytes(changed), report, seekable=seekable)
        kept = [(*file, "") for file in stored(files[:broken] + files[broken + 1 :])]
        assert found == (sorted(kept, key=lambda member: member[0]) if seekable else kept)
        assert len(report.skipped) == 1
        assert "damaged" in report.skipped[0].reason


@given(FILES, st.binary(min_size=1, max_size=2000))
def test_names_bytes_after_the_end_of_a_tar_archive(files: Files, garbage: bytes) -> None:
    report = ReportBuilder()
    assert read_tar(make_tar(files) + b"!" + garbage, report) == in_order(files)
    assert [skipped.reason for skipped in report.skipped] == [
        f"damaged: {1 + len(garbage):,} bytes after the end of the archive were not read"
    ]


@pytest.mark.parametrize("command", [["tar", "--format=v7"], ["tar", "--format=ustar"], ["tar", "--format=posix"]])
def test_reads_what_the_command_writes(command: list[str], tmp_path: Path) -> None:
    if shutil.which("tar") is None:
        pytest.skip("tar is not installed")
    folder = tmp_path / "folder"
    (folder / "b").mkdir(parents=True)
    (folder / "a.txt").write_text("one")
    (folder / "b" / "c.txt").write_text("two" * 1000)
    (folder / "link").symlink_to("a.txt")
    (folder / "hard").hardlink_to(folder / "a.txt")
    file = tmp_path / "a.tar"
    subprocess.run([*command, "-cf", str(file), "-C", str(folder), "."], check=True)  # noqa: S603
    data = file.read_bytes()
    assert detect_format(b"a.tar", data).kind == "tar"
    found = read_tar(data)
    assert {name for name, _, _ in found} == {b"a.txt", b"b/c.txt", b"link", b"hard"}
    assert sorted(content for _, content, reason in found if not reason) == [b"one", b"two" * 1000]
    assert sorted(reason for _, _, reason in found if reason) == ["a link", "a link to another member"]


def test_reads_large_sizes_and_long_names_of_tar() -> None:
    name = "/".join(["folder" * 10] * 20) + "/é.txt"
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        assert read_tar(make_tar([(name, b"text")], form)) == [(name.encode(), b"text", "")]
    info = tarfile.TarInfo("a.txt")
    info.size = 4
    info.pax_headers = {"size": "4", "path": "b.txt"}
    data = info.tobuf(tarfile.PAX_FORMAT) + b"text" + bytes(508 + 1024)
    assert read_tar(data) == [(b"b.txt", b"text", "")]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (tarfile.SYMTYPE, "a link"),
        (tarfile.LNKTYPE, "a link to another member"),
        (tarfile.CHRTYPE, "not a file (a device)"),
        (tarfile.FIFOTYPE, "not a file (a pipe)"),
        (tarfile.GNUTYPE_SPARSE, "a sparse file, which is not supported"),
    ],
)
def test_names_members_of_tar_that_are_not_files(kind: bytes, reason: str) -> None:
    data = make_tar([("a", b"")], tarfile.GNU_FORMAT, type=kind)
    assert read_tar(data) == [(b"a", b"", reason)]


def test_names_sparse_files(tmp_path: Path) -> None:
    if shutil.which("tar") is None:
        pytest.skip("tar is not installed")
    with (tmp_path / "sparse").open("wb") as file:
        for position in range(0, 10_000_000, 300_000):
            file.seek(position)
            file.write(b"x" * 4096)
    (tmp_path / "z.txt").write_text("after")
    for form in ("gnu", "posix"):
        command = ["tar", f"--format={form}", "-S", "-cf", "a.tar", "sparse", "z.txt"]
        subprocess.run(command, check=True, cwd=tmp_path)  # noqa: S603
        for seekable in (True, False):
            assert read_tar((tmp_path / "a.tar").read_bytes(), seekable=seekable) == [
                (b"sparse", b"", "a sparse file, which is not supported"),
                (b"z.txt", b"after", ""),
            ]


HIDDEN = [("__MACOSX/n/._a.txt", b"1"), ("n/.DS_Store", b"2"), (".git/config", b"3"), ("n/._b.txt", b"4")]
SHOWN = [("./n/a.txt", b"5"), ("../b.txt", b"6"), ("/etc/c.txt", b"7"), ("n/a.txt", b"8")]


def test_counts_hidden_members() -> None:
    expected = [(b"../b.txt", b"6", ""), (b"/etc/c.txt", b"7", ""), (b"n/a.txt", b"5", ""), (b"n/a.txt", b"8", "")]
    for read, data in ((read_zip, make_zip([*HIDDEN, *SHOWN])), (read_tar, make_tar([*HIDDEN, *SHOWN]))):
        report = ReportBuilder()
        assert sorted(read(data, report)) == expected
        assert report.hidden == 4
        assert report.skipped == []


def test_ignores_folders() -> None:
    assert read_zip(make_zip([("a/", b""), ("a/b", b"text")])) == [(b"a/b", b"text", "")]
    data = make_tar([("a", b"")], type=tarfile.DIRTYPE) + make_tar([("a/b", b"text")])
    assert read_tar(data) == [(b"a/b", b"text", "")]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_names_damaged_members_of_zip(method: int) -> None:
    text = b"".join(b"%d some words\n" % row for row in range(5000))
    data = bytearray(make_zip([("a", b"1"), ("b", text), ("c", b"2")], method))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        member = archive.getinfo("b")
    data[member.header_offset + 100 + member.compress_size // 2] ^= 0x55
    first, (name, content, reason), last = read_zip(bytes(data))
    assert (first, last) == ((b"a", b"1", ""), (b"c", b"2", ""))
    assert name == b"b"
    assert "damaged" in reason
    assert content == b""


def test_names_what_cannot_be_unpacked() -> None:
    data = bytearray(make_zip([("a", b"text")]))
    directory = data.rindex(b"PK\1\2")
    for offset, value, reason in ((8, 1, "encrypted"), (10, 9, "Deflate64"), (10, 55, "method 55")):
        changed = bytearray(data)
        changed[directory + offset] = value
        assert reason in read_zip(bytes(changed))[0][2]
    link = zipfile.ZipInfo("a")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(link, "b")
    assert read_zip(target.getvalue()) == [(b"a", b"", "a link")]


def test_names_members_that_overlap() -> None:
    data = make_zip([("a", b"text")])
    directory, end = data.rindex(b"PK\1\2"), data.rindex(b"PK\5\6")
    twice = data[directory:end] * 2
    record = bytearray(data[end:])
    record[8:16] = struct.pack("<HHL", 2, 2, len(twice))
    found = read_zip(data[:directory] + twice + bytes(record))
    assert [(content, bool(reason)) for _, content, reason in found] == [(b"text", False), (b"", True)]


def test_stops_at_the_size_that_the_archive_states() -> None:
    data = bytearray(make_zip([("a", bytes(10_000_000))]))
    directory = data.rindex(b"PK\1\2")
    data[directory + 24 : directory + 28] = struct.pack("<L", 100)
    [(_, content, reason)] = read_zip(bytes(data))
    assert len(content) <= 100
    assert "longer" in reason


@pytest.mark.parametrize("method", [93, 95])
def test_reads_zstd_and_xz_in_zip(method: int) -> None:
    text = b"some text\n" * 99
    packed = zstandard.compress(text) if method == 93 else lzma.compress(text)
    data = bytearray(make_zip([("a", packed)], zipfile.ZIP_STORED))
    directory = data.rindex(b"PK\1\2")
    data[directory + 10] = method
    data[directory + 16 : directory + 20] = struct.pack("<L", zlib.crc32(text))
    data[directory + 24 : directory + 28] = struct.pack("<L", len(text))
    assert read_zip(bytes(data)) == [(b"a", text, "")]


@given(FILES, st.binary(max_size=300), st.binary(max_size=300))
def test_reads_zip_archives_after_other_data_and_with_comments(files: Files, before: bytes, comment: bytes) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.comment = comment
        for name, content in dict(files).items():
            archive.writestr(name, content)
    assert read_zip(before + target.getvalue()) == in_order(list(dict(files).items()))


def test_reads_zip64() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive, archive.open("a", "w", force_zip64=True) as member:
        member.write(b"text")
    assert read_zip(target.getvalue()) == [(b"a", b"text", "")]
    data = bytearray(make_zip([("a", b"text")]))
    directory, end = data.rindex(b"PK\1\2"), data.rindex(b"PK\5\6")
    record = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, end - directory, directory)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
    data[end + 8 : end + 20] = b"\xff" * 12
    assert read_zip(bytes(data[:end]) + record + locator + bytes(data[end:])) == [(b"a", b"text", "")]


def zip_with_name(name: bytes, *, system: int = 3, extra: bytes = b"") -> bytes:
    data = make_zip([("x" * len(name), b"text")], zipfile.ZIP_STORED).replace(b"x" * len(name), name)
    directory, end = data.rindex(b"PK\1\2"), data.rindex(b"PK\5\6")
    entry, record = bytearray(data[directory:end]), bytearray(data[end:])
    entry[5] = system
    entry[30:32] = struct.pack("<H", len(extra))
    record[12:16] = struct.pack("<L", len(entry) + len(extra))
    return data[:directory] + bytes(entry) + extra + bytes(record)


def test_keeps_the_bytes_of_names() -> None:
    assert read_zip(zip_with_name(b"caf\x82.txt"))[0][0] == b"caf\x82.txt"
    assert read_zip(zip_with_name(b"a\\b.txt", system=0))[0][0] == b"a/b.txt"
    assert read_zip(zip_with_name(b"a\\b.txt", system=3))[0][0] == b"a\\b.txt"
    assert read_zip(zip_with_name("表.txt".encode("cp932"), system=0))[0][0] == "表.txt".encode("cp932")
    name = b"caf\x82.txt"
    field = b"\1" + struct.pack("<L", zlib.crc32(name)) + "café.txt".encode()
    extra = struct.pack("<HH", 0x7075, len(field)) + field
    assert read_zip(zip_with_name(name, extra=extra))[0][0] == "café.txt".encode()


@given(FILES, st.data())
def test_refuses_zip_archives_that_are_cut(files: Files, data: st.DataObject) -> None:
    whole = make_zip(list(dict(files).items()), zipfile.ZIP_STORED)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(Unreadable, match="ZIP archive"):
        read_zip(whole[:cut])


@given(FILES, st.data())
def test_damage_of_any_byte_of_zip_is_named_or_harmless(files: Files, data: st.DataObject) -> None:
    whole = bytearray(make_zip(list(dict(files).items())))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = read_zip(bytes(whole))
    except Unreadable:
        return
    texts = set(dict(files).values())
    assert all(reason or content in texts for _, content, reason in found)


@given(st.binary(max_size=3000))
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_zip(b"PK\3\4" + data.replace(b"PK", b""))
    if data[:512].strip(b"\0"):
        with pytest.raises(Unreadable):
            read_tar(data)


@given(st.binary(max_size=99))
def test_parses_any_extended_header(data: bytes) -> None:
    assert all(isinstance(value, bytes) for value in parse_pax(data).values())
    assert parse_pax(b"11 path=abc" + b"\n" + data)[b"path"] == b"abc" or True


def test_text_is_not_an_archive() -> None:
    for data in (b"Some text. " * 99, b"ustar" * 200, bytes(1024)):
        assert detect_format(b"a", data).kind != "tar"
    assert not is_zip(b"PK is short for")


@pytest.mark.parametrize("name", [b"a", b"./a", b"././a"])
def test_removes_the_current_folder_from_names(name: bytes) -> None:
    assert clean_name(name) == b"a"
    assert not is_hidden_name(name)


def test_passes_on_damage_of_the_compression() -> None:
    text = b"".join(b"%d some words\n" % row for row in range(50_000))
    packed = gzip.compress(make_tar([("a", b"1"), ("b", text), ("c", b"2")]))
    with decompressed(io.BufferedReader(io.BytesIO(packed[: len(packed) // 2]))) as stream:
        members = tar_members(stream, "a.tar.gz", ReportBuilder())
        assert contents([next(members)]) == [(b"a", b"1", "")]
        [(name, content, reason)] = contents([next(members)])
        assert name == b"b"
        assert text.startswith(content)
        assert "cut off" in reason
        with pytest.raises(DamagedData, match="cut off"):
            next(members)
    garbage = gzip.compress(make_tar([("a", b"1")])) + b"garbage"
    with decompressed(io.BufferedReader(io.BytesIO(garbage))) as stream:
        members = tar_members(stream, "a.tar.gz", ReportBuilder())
        assert contents([next(members)]) == [(b"a", b"1", "")]
        with pytest.raises(OSError, match="7 bytes after the end"):
            next(members)
